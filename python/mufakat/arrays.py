"""Worlds that are given and results of each, as arrays of numpy: one call of the engine without tables or documents between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mufakat import _native, _words
from mufakat import worlds as given_worlds
from mufakat.errors import UsageError
from mufakat.progress import Progress, shown

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    from mufakat.scenario import Scenario


def evaluate(
    scenario: Scenario,
    worlds: Any,
    outcomes: str | Iterable[str],
    *,
    reference: str | None = None,
    trials: Any = None,
    threads: int | None = None,
    progress: Progress = None,
) -> dict[str, NDArray[numpy.float64]]:
    """See `Scenario.evaluate`."""
    import numpy

    read = [outcomes] if isinstance(outcomes, str) else list(outcomes)
    columns = {path: _doubles(path, values) for path, values in _columns(worlds).items() if path != "trial"}
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        raise UsageError(f"worlds: all columns have as many rows, not {', '.join(str(length) for length in sorted(lengths))}")
    numbers = None if trials is None else _trials(trials)
    if not columns and numbers is None:
        raise UsageError("worlds: there is no column, and trials does not say which worlds of the scenario are meant")
    bytes_ = [values.astype("=f8").tobytes() for values in columns.values()]
    # Assignments lie above worlds that are given, for which they would take the place of a column: here the column is what is asked for.
    engine = _native.Scenario(scenario._native.name, scenario.toml) if scenario._sets else scenario._native
    with shown(progress, f"evaluate {scenario.name}") as move:
        found = engine.evaluate(list(columns), bytes_, read, reference, _words.threads(threads), move, numbers)
    return {outcome: numpy.frombuffer(values, dtype="=f8").copy() for outcome, values in zip(read, found, strict=True)}


def _columns(worlds: Any) -> Mapping[str, Any]:
    worlds = given_worlds.collected(worlds)
    if isinstance(worlds, Mapping):
        return worlds
    if type(worlds).__module__.partition(".")[0] in ("pandas", "polars"):
        return {name: worlds[name] for name in given_worlds.once(worlds.columns)}
    return given_worlds._columns(worlds)


def _doubles(path: Any, values: Any) -> NDArray[numpy.float64]:
    import numpy

    if not isinstance(path, str):
        raise UsageError(f"worlds: the name of a column is a path such as market.diversion, not {path!r}")
    try:
        numbers = numpy.asarray(values, dtype=numpy.float64)
    except (TypeError, ValueError):
        raise UsageError(f"worlds: column {path} is no sequence of numbers") from None
    if numbers.ndim != 1:
        raise UsageError(f"worlds: column {path} has {numbers.ndim} dimensions; a world is a row, and each column one number of it")
    wrong = numpy.flatnonzero(~numpy.isfinite(numbers))
    if len(wrong):
        raise UsageError(f"worlds: column {path}, row {wrong[0]}: expected a number, not {numbers[wrong[0]]}")
    return numbers


def _trials(trials: Any) -> list[int]:
    import numpy

    numbers = numpy.asarray(trials)
    if numbers.ndim != 1 or not numpy.issubdtype(numbers.dtype, numpy.integer) or bool(numpy.any(numbers < 0)):
        raise UsageError("trials: expected a sequence of the numbers of trials, from 0")
    return [int(number) for number in numbers]
