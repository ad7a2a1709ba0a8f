"""Arguments of Python as words of a command line: `trials=100` as `--trials=100`. Nothing here knows which options there are."""

import operator
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mufakat import _toml
from mufakat.errors import UsageError


def option_name(parameter: str) -> str:
    """The option of a parameter, without its dashes: `from_` is `from`, `one_at_a_time` is `one-at-a-time`."""
    return parameter.rstrip("_").replace("_", "-")


def words(given: Mapping[str, Any], flags: Iterable[str]) -> list[str]:
    """Options with their values, in the order of `given`; what is `None` is left out, a list is an option for each of its items.

    Those among `flags` take no value: they are there or not. Raises `UsageError` where a value cannot be one.
    """
    flags = frozenset(flags)
    said: list[str] = []
    for parameter, value in given.items():
        option = f"--{option_name(parameter)}"
        if parameter in flags:
            said.extend([option] if flag(parameter, value) else [])
        elif value is not None:
            said.extend(f"{option}={one}" for one in texts(parameter, value))
    return said


def flag(parameter: str, value: Any) -> bool:
    """Whether a flag is set."""
    if is_switch(value):
        return bool(value)
    raise UsageError(f"{parameter}: expected True or False, not {value!r}")


def is_switch(value: Any) -> bool:
    """Whether this is true or false, also as numpy has it."""
    return isinstance(value, bool) or type(value).__name__ in ("bool", "bool_") and getattr(value, "ndim", 0) == 0


def texts(parameter: str, value: Any) -> list[str]:
    """A value as it is typed, or several."""
    if isinstance(value, (str, os.PathLike)):
        return [_text(parameter, value)]
    if isinstance(value, (Sequence, set, frozenset)) or hasattr(value, "__array__") and getattr(value, "ndim", 0) == 1:
        return [_text(parameter, one) for one in value]
    return [_text(parameter, value)]


def _text(parameter: str, value: Any) -> str:
    if isinstance(value, str):
        text = value
    elif isinstance(value, os.PathLike):
        text = os.fsdecode(value)
    elif isinstance(value, bool) or not (hasattr(value, "__index__") or hasattr(value, "__float__")):
        raise UsageError(f"{parameter}: expected text or a number, not {value!r}")
    else:
        text = _toml.value(value, parameter)
    return checked(parameter, text)


def checked(parameter: str, text: str) -> str:
    """A text that a command line can hold."""
    if "\0" in text or any(0xD800 <= ord(c) <= 0xDFFF for c in text):
        raise UsageError(f"{parameter}: {ascii(text)} is no text that a command line can hold")
    return text


def whole(parameter: str, value: Any, least: int, most: int = 2**64 - 1) -> int | None:
    """A whole number, or `None`; integers of numpy and floats without a fraction, such as 1e4, are whole numbers too."""
    if value is None:
        return None
    expected = f"{parameter}: expected a whole number from {least} on, for example {1000 if parameter == 'trials' else 17}, not {value!r}"
    if isinstance(value, bool):
        raise UsageError(expected)
    try:
        number = int(value) if isinstance(value, float) and value.is_integer() else operator.index(value)
    except TypeError:
        raise UsageError(expected) from None
    if not least <= number <= most:
        raise UsageError(expected)
    return number


def threads(value: Any) -> int | None:
    """A number of threads, four for each processor at most: more only wait for each other."""
    most = 4 * (os.cpu_count() or 1)
    number = whole("threads", value, 1)
    if number is not None and number > most:
        raise UsageError(f"threads: expected at most {most}, four for each processor here, not {value!r}")
    return number


def assignments(changes: Mapping[str, Any], place: str) -> list[str]:
    """`PATH=VALUE` for each change, its value as TOML."""
    if not isinstance(changes, Mapping):
        raise UsageError(f"{place}: expected a dict of paths and values, such as {{'market.diversion': 0.5}}, not {changes!r}")
    return [f"{path_of(path, place)}={_toml.word(value, path)}" for path, value in changes.items()]


def axes(vary: Any) -> list[str] | None:
    """The axes of a sweep: texts as they are, `{path: values}` as `PATH=VALUE,VALUE`, `{path: text}` as `PATH=text`."""
    if vary is None:
        return None
    if not isinstance(vary, Mapping):
        return texts("vary", vary)
    return [f"{path_of(path, 'vary')}={_values(path, values)}" for path, values in vary.items()]


def groups(given: Any) -> list[str] | None:
    """Groups of factors: texts as they are, `{name: globs}` as `NAME=GLOB,GLOB`."""
    if not isinstance(given, Mapping):
        return None if given is None else texts("group", given)
    return [f"{path_of(name, 'group')}={','.join(texts('group', globs))}" for name, globs in given.items()]


def offer(given: Any) -> str | None:
    """An offer: a text as it is, `{term: level}` as `TERM=LEVEL,TERM=LEVEL`."""
    if not isinstance(given, Mapping):
        return None if given is None else _text("offer", given)
    return ",".join(f"{path_of(term, 'offer')}={_text('offer', level)}" for term, level in given.items())


def _values(path: str, values: Any) -> str:
    if isinstance(values, str):
        return checked("vary", values)
    if isinstance(values, Mapping) or not hasattr(values, "__iter__"):
        values = [values]
    written = [_toml.word(value, path) for value in (values.tolist() if hasattr(values, "tolist") else values)]
    if not written:
        raise UsageError(f"vary: {path} has no values; give some, such as [0, 0.5, 1]")
    return ",".join(written)


def path_of(path: Any, place: str) -> str:
    """A path with nothing behind it."""
    # What follows the first `=` would be read as part of the value.
    if not isinstance(path, str) or not path or path != path.strip() or not path.isprintable() or "=" in path:
        raise UsageError(f"{place}: expected a path such as market.diversion, not {path!r}")
    return path
