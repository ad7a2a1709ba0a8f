"""Scenarios: loaded, written as a dict, changed, compared. They do not change; what changes one returns another."""

import fnmatch
import html
import os
import pathlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mufakat import _defaults, _files, _native, _words, arrays
from mufakat._files import Layer
from mufakat.errors import Error, FileError, ScenarioError, UnknownKey, UsageError
from mufakat.progress import Progress
from mufakat.says import LOG
from mufakat.studies import Studies
from mufakat.table import Records

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    from mufakat.explore import Explorer

# What a scenario, or what is laid over one, can be given as.
Given = str | os.PathLike[str] | Mapping[str, Any]

_UNCERTAIN = (
    *("path", "kind", "p05", "p50", "p95", "low", "high", "discrete", "probability"),
    *("unit", "grade", "source", "note", "event", "distribution"),
)


class Scenario(Studies):
    """A scenario: what is known and unknown of states, hyperscalers, terms, and the ways to negotiate that are compared.

    `s["arm.bloc.binding"]` is what a key says, `s.with_({...})` and `s.extend(...)` are other scenarios, `s.run()` and the other methods of
    `Studies` play it. Two scenarios are equal if what they say after all their layers is. Scenarios can be hashed, copied and pickled.
    """

    __slots__ = ("_layers", "_native", "_sets", "_simulation")

    _native: _native.Scenario
    # The scenario and what is laid over it, then assignments, then trials and seed: weakest first.
    _layers: tuple[Layer, ...]
    _sets: tuple[str, ...]
    _simulation: tuple[int | None, int | None]

    def __init__(self, layers: Sequence[Layer], sets: Sequence[str] = (), trials: int | None = None, seed: int | None = None) -> None:
        """Checks and takes a scenario of layers, weakest first; `mufakat.load` and `mufakat.scenario` are the ways to one."""
        first, *overlays = layers
        named = [(one.name, one.text) for one in overlays]
        object.__setattr__(self, "_native", _native.Scenario(first.name, first.text, named, list(sets), trials, seed))
        object.__setattr__(self, "_layers", tuple(layers))
        object.__setattr__(self, "_sets", tuple(sets))
        object.__setattr__(self, "_simulation", (trials, seed))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a scenario does not change; with_({path: value}) returns one that differs")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("a scenario does not change; with_({path: value}) returns one that differs")

    # What it says.

    @property
    def name(self) -> str:
        """The name under which it was loaded, such as `asean-2027`, or the path of its file."""
        return self._layers[0].word

    @property
    def title(self) -> str:
        """What results call it."""
        return self._native.name

    @property
    def description(self) -> str:
        """What it is about; empty where it does not say."""
        return self._native.title

    @property
    def question(self) -> str | None:
        """What it asks, if it says so."""
        return self._native.question

    @property
    def toml(self) -> str:
        """It after all its layers, as a file that stands by itself."""
        return self._native.resolved

    @property
    def sha256(self) -> str:
        """SHA-256 of `toml`, in hexadecimal digits."""
        return self._native.sha256

    @property
    def trials(self) -> int:
        """How many worlds it draws, unless a study says otherwise."""
        return self._native.trials

    @property
    def seed(self) -> int:
        """The seed of all draws."""
        return self._native.seed

    @property
    def arms(self) -> list[str]:
        """The ways to negotiate that are compared; the first is the reference."""
        return self._native.arms

    @property
    def states(self) -> list[str]:
        """Ids of its states."""
        return self._native.states

    @property
    def hyperscalers(self) -> list[str]:
        """Ids of its hyperscalers."""
        return self._native.hyperscalers

    @property
    def terms(self) -> list[str]:
        """Ids of its terms."""
        return self._native.terms

    @property
    def warnings(self) -> list[str]:
        """What is doubtful about it."""
        return self._native.warnings

    def keys(self) -> list[str]:
        """The paths of all its keys."""
        return [path for path, *_ in self._native.keys()]

    @property
    def origins(self) -> Records:
        """Its keys, each with its value as TOML and the file and line that wrote it."""
        columns = ("path", "value", "file", "line")
        return Records([dict(zip(columns, key, strict=True)) for key in self._native.keys()], columns)

    @property
    def uncertain(self) -> Records:
        """What is uncertain: each quantity with its distribution, points of it (5%, 50%, 95%), its range, unit, source and grade, and each event with
        how probable it is (none where another event decides that).
        """
        return Records(self._native.uncertain(), _UNCERTAIN)

    def __getitem__(self, path: str) -> Any:
        """What holds at a key: a number, text, switch or list; a dict for a distribution or a table, and for a path with `*` by path, of those that
        are written. Where the scenario does not write a key, its default holds, `None` where there is none, such as a limit.

        Raises `UnknownKey`, a `KeyError`, where there is none.
        """
        if not isinstance(path, str):
            raise UsageError(f"expected a path such as market.diversion, not {path!r}")
        if "*" in path:
            found = {key: self._native.get(key) for key in self.keys() if _matches(path, key)}
            if not found:
                raise UnknownKey(f"{self.name}: no key matches {path}")
            return found
        try:
            return self._native.get(path)
        except UnknownKey:
            if not self._knows(path):
                raise
            return _defaults.of(path)

    def __contains__(self, path: object) -> bool:
        try:
            self[path]  # type: ignore[index]
        except UsageError:
            return False
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def _knows(self, path: str) -> bool:
        """Whether this names a key that may be absent: one that can be taken away."""
        try:
            self._with([f"{_words.path_of(path, self.name)}=none"])
        except Error:
            return False
        return True

    def _ipython_key_completions_(self) -> list[str]:
        return self.keys()

    # Others made of it.

    def with_(self, changes: Mapping[str, Any]) -> "Scenario":
        """The same with other values: `s.with_({"arm.bloc.binding": True, "market.diversion": {"dist": "uniform", "min": 0, "max": 1}})`.

        `*` in a path stands for every id that has the key. What was uncertain and gets a number is certain then, and all other draws stay as
        they are. Changes lie above all layers so far, the later above the earlier. Raises `ScenarioError` for paths and values that cannot be.

        >>> s = mufakat.load("two-states").with_({"market.region_efficiency": 0.6, "arm.*.harmonisation": 1})
        >>> s["market.region_efficiency"], s["arm.bloc.harmonisation"]
        (0.6, 1)
        """
        sets = _words.assignments(self._settled(changes, "with_"), "with_")
        layers, before, (trials, seed) = self._as_played()
        # What is given last counts, also of what can be given when it is loaded.
        trials = None if "simulation.trials" in changes else trials
        seed = None if "simulation.seed" in changes else seed
        return _said(Scenario(layers, (*before, *sets), trials, seed), self)

    def extend(self, overlay: Given) -> "Scenario":
        """The same with some keys of a dict, of TOML text (with a line break in it) or of a file laid over it.

        Tables merge key by key, states, hyperscalers, terms, arms and events by id or name; `remove = true` removes an entry. The overlay lies
        above what `with_` changed before: where there is such a change, this stands on `toml`, and lines in messages are those of that.
        Raises `ScenarioError` where the result is not valid, `FileError` where there is no such file.

        >>> s = mufakat.load("two-states").extend({"arm": [{"name": "bloc", "binding": 0.5}]})
        >>> s["arm.bloc.binding"]
        0.5
        """
        layer = _files.overlay(overlay)
        layers, sets, simulation = self._as_played()
        layers = (self._whole(),) if sets or simulation != (None, None) else layers
        return _said(Scenario((*layers, layer)), self)

    def diff(self, other: "Scenario | Given") -> Records:
        """What differs: the path of each key, what this says (`mine`) and what the other says (`theirs`), as TOML,
        or `absent`.

        >>> s = mufakat.load("two-states")
        >>> print(s.diff(s.with_({"market.region_efficiency": 0.6})))
        path                      mine  theirs
        market.region_efficiency  0.8   0.6
        """
        columns = ("path", "mine", "theirs")
        return Records([dict(zip(columns, one, strict=True)) for one in self._native.diff(of(other)._native)], columns)

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> None:
        """Writes `toml` to a file. Raises `FileError` where it cannot, and where a file is there unless `force` is given."""
        place = pathlib.Path(path)
        if place.exists() and not force:
            raise FileError(f"{place} is there: pass force=True to replace it")
        try:
            place.write_text(self.toml, encoding="utf-8")
        except OSError as error:
            raise FileError(f"cannot write {place}: {error.strerror}") from error

    def evaluate(
        self,
        worlds: Any,
        outcomes: str | Iterable[str],
        *,
        reference: str | None = None,
        trials: Any = None,
        threads: int | None = None,
        progress: Progress = None,
    ) -> "dict[str, NDArray[numpy.float64]]":
        """Some results of worlds that are given, as arrays of numpy, one value for each row; NaN where a world has no such result.

        `worlds` is a dict of columns or a frame: paths of quantities, uncertain or not, and `event.NAME.came`, 1 or 0. What is no column is drawn as
        ever. `outcomes` are paths of results in one world, such as `bloc.total.payoff.difference`, against the arm `reference` (`None`: the first).

        Row k is trial k, so that orders of talks, votes and joining are those of that trial, and the values are those of `run(worlds=...)`. With
        `trials`, a number for each row, they are those of these trials instead, and so is what is no column; equal rows with the same number
        give equal values. Without columns, rows are these trials as the scenario draws them.

        >>> s = mufakat.load("two-states")
        >>> s.evaluate({"market.region_efficiency": [0.5, 0.8]}, "bloc.total.payoff.difference")["bloc.total.payoff.difference"].round(3)
        array([0.048, 0.264])

        Raises `UsageError` for what is no path or no number, `NumericError` where a value or result leaves its range, `ImportError` without numpy.
        """
        return arrays.evaluate(self, worlds, outcomes, reference=reference, trials=trials, threads=threads, progress=progress)

    # How it is compared and shown.

    def explore(self, link: str = "", *, height: int = 760, threads: int | None = None) -> "Explorer":
        """A widget for Jupyter and marimo: one page on which a reader moves a slider and sees who gains, played by this process.

        `link` is the address of an explorer of this scenario, or what follows its `#`: the setting that it opens with. `height` is in pixels;
        `threads` play worlds; without, one for each core. Needs `pip install 'mufakat[explore]'`, and raises `ImportError` without. `w.setting` is
        what is set there, and `w.scenario()` that as TOML.
        """
        from mufakat.explore import Explorer

        return Explorer(self.name, self.toml, link, height=height, threads=threads)

    def __eq__(self, other: object) -> bool:
        return self.sha256 == other.sha256 if isinstance(other, Scenario) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __copy__(self) -> "Scenario":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "Scenario":
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self._layers, self._sets, self._simulation, self.toml, self.sha256)

    def __repr__(self) -> str:
        counts = f"{len(self.arms)} arms, {len(self.states)} states, {len(self.hyperscalers)} hyperscalers, {self.trials:,} worlds"
        return f"<Scenario {self.name}: {counts}, {self.sha256[:12]}>"

    def _repr_html_(self) -> str:
        rows = {
            "question": self.question or "",
            "arms": ", ".join(self.arms),
            "states": ", ".join(self.states),
            "hyperscalers": ", ".join(self.hyperscalers),
            "terms": ", ".join(self.terms),
            "uncertain": f"{len(self.uncertain):,} quantities",
            "worlds": f"{self.trials:,}, seed {self.seed}",
            "SHA-256": self.sha256[:12],
        }
        body = "".join(f'<tr><th>{name}</th><td style="text-align: left">{html.escape(said)}</td></tr>' for name, said in rows.items() if said)
        return f"<table><caption>{html.escape(self.title)}</caption><tbody>{body}</tbody></table>"

    # How it is played.

    def _settled(self, changes: Mapping[str, Any], place: str) -> dict[str, Any]:
        """Values by path, in which true and false are 1 and 0 where a key is a number."""
        if not isinstance(changes, Mapping):
            raise UsageError(f"{place}: expected a dict of paths and values, such as {{'market.diversion': 0.5}}, not {changes!r}")
        return {path: self._numbered(_words.path_of(path, place), value) for path, value in changes.items()}

    def _numbered(self, path: str, value: Any) -> Any:
        several = value.tolist() if hasattr(value, "tolist") else value
        if isinstance(several, (list, tuple)) and any(_words.is_switch(one) for one in several):
            return [int(one) if _words.is_switch(one) else one for one in several] if self._is_number(path) else value
        return int(value) if _words.is_switch(value) and self._is_number(path) else value

    def _with(self, sets: Sequence[str]) -> "Scenario":
        """The same with more assignments."""
        return Scenario(self._layers, (*self._sets, *sets), *self._simulation)

    def _is_number(self, path: str) -> bool:
        """Whether a key takes no switch."""
        try:
            self._with([f"{path}=true"])
        except ScenarioError as error:
            return any("must be a number" in finding.message for finding in error.findings)
        return False

    def _whole(self) -> Layer:
        """It as one layer."""
        return _files.resolved(self._layers[0], self.toml)

    def _as_played(self) -> "tuple[tuple[Layer, ...], tuple[str, ...], tuple[int | None, int | None]]":
        """Its layers, assignments, and trials and seed; where other files are named, which may change, all of it as one layer."""
        if any(_files.names_others(one) for one in self._layers) or any(_files.assigns_file(one) for one in self._sets):
            return (self._whole(),), (), (None, None)
        return self._layers, self._sets, self._simulation


def load(
    name: str | os.PathLike[str], *, overlays: "Sequence[Given]" = (), trials: int | None = None, seed: int | None = None
) -> Scenario:
    """The scenario of a file, or the shipped one of this name (`mufakat.shipped()` lists them), with `overlays` laid over it in order.

    `trials` is how many worlds it draws (from 1) and `seed` that of all draws (from 0), instead of what it says. Raises `FileError` where there
    is no such file, and `ScenarioError` with all that is wrong with it where it is not valid.

    >>> s = mufakat.load("two-states")
    >>> s.arms
    ['bilateral', 'framework', 'bloc']
    >>> mufakat.load("two-stats")
    Traceback (most recent call last):
    ...
    mufakat.errors.FileError: error: cannot read two-stats: there is no such file; did you mean the shipped scenario `two-states`?
    """
    if isinstance(overlays, (str, os.PathLike, Mapping)):
        overlays = [overlays]
    layers = [_files.read(name), *(_files.overlay(one) for one in overlays)]
    return _said(Scenario(layers, (), _words.whole("trials", trials, 1), _words.whole("seed", seed, 0)))


def scenario(given: str | Mapping[str, Any], *, name: str = "scenario") -> Scenario:
    """A scenario that is written here: a dict, or TOML text. `name` is what messages and results call it.

    `extends = "asean-2027"` takes a shipped scenario or a file as its base. In a dict a table is a dict, a list of tables a list of dicts, and
    an uncertain quantity a dict such as `{"dist": "uniform", "min": 0, "max": 1}`. Numbers, arrays and columns of numpy and pandas may stand in it.
    Raises `ScenarioError` with all that is wrong with it, with the line of the file that the dict would be.

    >>> mine = mufakat.scenario({"schema": 1, "extends": "two-states", "market": {"region_efficiency": {"dist": "uniform", "min": 0.5, "max": 0.9}}})
    >>> mine["market.region_efficiency"]["max"]
    0.9
    """
    return _said(Scenario([_files.written(given, name)]))


def shipped() -> list[tuple[str, str]]:
    """Names of the shipped scenarios, each with what it asks."""
    return _native.shipped()


def of(given: "Scenario | Given") -> Scenario:
    """A scenario, whatever it is given as: itself, a name, a path, or a dict."""
    if isinstance(given, Scenario):
        return given
    return scenario(given) if isinstance(given, Mapping) else load(given)


def _said(made: Scenario, before: Scenario | None = None) -> Scenario:
    """A scenario whose warnings are said, but for those of what it was made of."""
    for warning in made.warnings:
        if before is None or warning not in before.warnings:
            LOG.warning("%s", warning)
    return made


def _restored(
    layers: tuple[Layer, ...], sets: tuple[str, ...], simulation: tuple[int | None, int | None], toml: str, sha256: str
) -> Scenario:
    """What was pickled, also where the files that it names are others or none."""
    try:
        made = Scenario(layers, sets, *simulation)
    except (UsageError, OSError, ValueError):
        made = None
    if made is not None and made.sha256 == sha256:
        return made
    return Scenario([_files.resolved(layers[0], toml)])


def _matches(glob: str, path: str) -> bool:
    """Whether a path is one of those that a path with `*` stands for: `*` is one id."""
    parts, others = glob.split("."), path.split(".")
    return len(parts) == len(others) and all(fnmatch.fnmatchcase(one, part) for one, part in zip(others, parts, strict=True))
