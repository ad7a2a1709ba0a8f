"""What every study has in common: its options as words, and who plays it."""

import functools
import os
import pathlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mufakat import _play, _words
from mufakat import worlds as given_worlds
from mufakat.errors import UsageError
from mufakat.result import Result

if TYPE_CHECKING:
    from mufakat.scenario import Given, Scenario

# Arguments that are not options of the command line: each is taken in its own way.
_NO_OPTIONS = ("self", "cases", "others", "progress")
# The least of what is counted.
_COUNTED = {"trials": 1, "seed": 0, "trial": 0}
# How arguments that are more than text and numbers are typed.
_TYPED: dict[str, Callable[[Any], Any]] = {"group": _words.groups, "offer": _words.offer, "vary": _words.axes}


def ask(method: Callable[..., Result], given: Mapping[str, Any], scenarios: "Sequence[Scenario | Given]") -> Result:
    """Plays the study that a method is named for, with the arguments that it was given."""
    from mufakat.scenario import of

    given = dict(given)
    worlds = _frame(given)
    is_kept = _is_kept(method.__name__, given)
    played = [of(one) for one in scenarios]
    if isinstance(given.get("vary"), Mapping):
        given["vary"] = played[0]._settled(given["vary"], "vary")
    words = options(method, given)
    return _play.ask([method.__name__], words, played, worlds=worlds, keep=is_kept, progress=given["progress"])


def plan(studies: type, scenario: "Scenario", path: str | os.PathLike[str], study: str, force: bool, given: Mapping[str, Any]) -> pathlib.Path:
    """Cuts a study into blocks."""
    import inspect

    from mufakat.scenario import of

    method = getattr(studies, study, None) if isinstance(study, str) and not study.startswith("_") and study != "plan" else None
    if method is None:
        known = [name for name in dir(studies) if not name.startswith("_") and name != "plan"]
        raise UsageError(f"plan: there is no study {study!r}; there are {', '.join(known)}")
    given = dict(given)
    others = given.pop("others", ())
    unknown = sorted(set(given) - set(inspect.signature(method).parameters) | {"out", "progress", "resume"} & set(given))
    if unknown:
        raise UsageError(f"plan: {study} of a plan takes no {', '.join(unknown)}")
    if isinstance(given.get("vary"), Mapping):
        given["vary"] = scenario._settled(given["vary"], "vary")
    worlds = _frame(given)
    words = options(method, {**given, "out": path, "force": force})
    return _play.plan(["plan", study], words, [scenario, *(of(one) for one in others)], worlds)


def options(method: Callable[..., Any], given: Mapping[str, Any]) -> list[str]:
    """The arguments of a method as options."""
    read = {name: _read(name, value) for name, value in given.items() if name not in _NO_OPTIONS}
    return _words.words(read, flags(method))


def _frame(given: dict[str, Any]) -> Any:
    """The worlds that are given as a frame, which are no option; those of a file are one."""
    return None if given_worlds.is_file(given.get("worlds")) else given.pop("worlds", None)


@functools.cache
def flags(method: Callable[..., Any]) -> frozenset[str]:
    """The arguments of a method that are there or not: those that are `False` unless they are given."""
    # It takes long to import.
    import inspect

    parameters = inspect.signature(method).parameters.values()
    return frozenset(parameter.name for parameter in parameters if parameter.default is False)


def _read(name: str, value: Any) -> Any:
    if name in _COUNTED:
        number = _words.whole(name, value, _COUNTED[name])
        # As TOML it would have 63 bits.
        return None if number is None else str(number)
    if name == "threads":
        return _words.threads(value)
    return _TYPED[name](value) if name in _TYPED else value


def _is_kept(command: str, given: dict[str, Any]) -> bool:
    """Whether worlds are kept in memory for tables. Without a directory `keep` of a run says this, and is no option."""
    if command != "run" or given["out"] is not None or given["keep"] is None:
        return True
    keep = given.pop("keep")
    if keep not in ("trials", "summary"):
        raise UsageError(f"keep: expected 'trials' or 'summary', not {keep!r}")
    return bool(keep == "trials")


def ask_of_history(method: Callable[..., Result], given: Mapping[str, Any], cases: "Sequence[Scenario | str | os.PathLike[str]]") -> Result:
    """Plays cases that are on record: scenarios and files as they are now, shipped ones by their names."""
    from mufakat.scenario import Scenario, load

    given = dict(given)
    sets = [f"--set={one}" for one in _words.assignments(given.pop("with_") or {}, "with_")]
    read: list[Scenario | str] = []
    for case in cases:
        if isinstance(case, os.PathLike) or isinstance(case, str) and os.path.isfile(case):
            read.append(load(case))
        elif isinstance(case, (str, Scenario)):
            read.append(_words.checked("history", case) if isinstance(case, str) else case)
        else:
            raise UsageError(f"history: expected the name of a case, the path of its file or a scenario, not {case!r}")
    words = [*options(method, given), *sets]
    return _play.ask([method.__name__], words, read, worlds=None, keep=True, progress=given["progress"])
