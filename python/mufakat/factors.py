"""The uncertain quantities and events of a scenario as the inputs of a function of arrays: what `mufakat.ema`, `mufakat.salib` and
`mufakat.openturns` share.

A factor is an uncertain quantity, named by its path, or whether an event comes, named `event.NAME.came` and 1 or 0. A row of a design holds a number
for each factor, in one of two forms:

- `values`: the numbers themselves, in their units.
- `quantiles`: numbers u in [0, 1], of which each stands for the value below which the share u of the draws of its quantity lies; an event comes
  where u is below its probability. Rows that are uniform on the unit cube are then draws of our distributions. The ends of a grid are no draws: 0
  and 1 stand for the ends of the distribution or, where it has none, for the points below which 1 and 999 of 1,000 draws lie.

In both forms rows are worlds that are given. Neither `[[correlation]]` nor the rows of a file that quantities share are applied to them: factors
that the scenario ties are independent of each other unless the design ties them. An event comes as its column says, whatever other events make of
its probability. What is no factor is drawn as in any run.

Chance that is no world (orders of talks, votes, joining) hangs on the number of the trial, and row k is trial k. So a function of rows gives the same
whenever the same array is given, but two equal rows of one array may differ: see `chance` and `replications` of `WorldFunction`.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from mufakat.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from mufakat.scenario import Scenario

Form = Literal["values", "quantiles"]
"""What the numbers of a design are."""

FORMS = ("values", "quantiles")

Chance = Literal["trial"] | int
"""Which trial the chance of a row is that of: that of its own place, or one for all."""

# The 95% point of the standard normal.
_Z95 = 1.6448536269514727

TAIL = 0.001
"""Share of the draws beyond the end that a distribution without one has as a factor."""


@dataclass(frozen=True)
class Factor:
    """An uncertain quantity, or whether an event comes.

    `kind` is the name of the distribution, or `event`. `low` and `high` are the ends of the distribution or, where it has none, the points below
    which 1 and 999 of 1,000 draws lie, in `unit`. `parameters` are those of the distribution under the names of a scenario file; `probability` is
    that of an event, `None` for a quantity.
    """

    path: str
    kind: str
    low: float
    high: float
    unit: str | None = None
    parameters: dict[str, Any] = field(default_factory=dict, hash=False)
    probability: float | None = None

    @property
    def is_event(self) -> bool:
        """Whether it is an event, 1 where it comes and 0 where it does not."""
        return self.probability is not None


def factors_of(scenario: Scenario, wanted: str | Iterable[str] | None = None) -> list[Factor]:
    """The uncertain quantities and events of a scenario, in its order.

    `wanted` names paths, in which `*` stands for anything; without it all are taken. Raises `UsageError` if one of `wanted` matches nothing, or if
    nothing is uncertain.
    """
    rows = {row["path"]: row for row in scenario._native.uncertain()}
    if not rows:
        raise UsageError(f"nothing is uncertain in {scenario.name}: there is no factor to vary")
    patterns = ["*"] if wanted is None else [wanted] if isinstance(wanted, str) else list(wanted)
    for pattern in patterns:
        if not any(fnmatchcase(path, pattern) for path in rows):
            raise UsageError(f"{pattern} names nothing that is uncertain in {scenario.name}; its attribute uncertain lists what is")
    chosen = [path for path in rows if any(fnmatchcase(path, pattern) for pattern in patterns)]
    return [_factor(scenario, rows[path]) for path in chosen]


def _factor(scenario: Scenario, row: dict[str, Any]) -> Factor:
    if row["event"]:
        return Factor(row["path"], "event", 0.0, 1.0, unit=row["unit"], probability=row["probability"])
    bottom, low, high, top = scenario._native.quantiles(row["path"], [0.0, TAIL, 1.0 - TAIL, 1.0])
    # A lognormal comes near 0 and never takes it.
    kind = row["kind"] or "lognormal"  # What 5% and 95% points are of, where nothing is said.
    has_bottom, has_top = np.isfinite(bottom) and kind != "lognormal", np.isfinite(top)
    parameters = tomllib.loads(f"x = {row['distribution']}")["x"]
    return Factor(row["path"], kind, bottom if has_bottom else low, top if has_top else high, row["unit"], parameters)


def quantiles(scenario: Scenario, factor: Factor, uniforms: ArrayLike) -> NDArray[np.float64]:
    """The value of a factor at each u in [0, 1], by the inverse distribution function of the engine; at 0 and 1 its `low` and `high`.

    Raises `UsageError` for a u outside [0, 1].
    """
    given = np.asarray(uniforms, dtype=np.float64)
    if not bool(np.all((given >= 0.0) & (given <= 1.0))):
        raise UsageError(f"{factor.path}: quantiles lie in [0, 1]")
    if factor.probability is not None:
        return np.where(given < factor.probability, 1.0, 0.0)
    inside = (given > 0.0) & (given < 1.0)
    found = np.where(given == 0.0, factor.low, factor.high)
    found[inside] = scenario._native.quantiles(factor.path, given[inside].tolist())
    return found


def normal(parameters: dict[str, Any]) -> tuple[float, float]:
    """Mean and standard deviation of a normal, before it is truncated."""
    if "p05" not in parameters:
        return parameters["mean"], parameters["sd"]
    low, high = parameters["p05"], parameters["p95"]
    return 0.5 * (low + high), (high - low) / (2.0 * _Z95)


def lognormal(parameters: dict[str, Any]) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm of a lognormal."""
    if "p05" not in parameters:
        return math.log(parameters["median"]), parameters["sigma"]
    return normal({key: math.log(parameters[key]) for key in ("p05", "p95")})


def default_outcomes(scenario: Scenario, reference: str | None = None) -> list[str]:
    """What each way to negotiate brings all states against the reference (the first, if none is named): `ARM.total.payoff.difference`, US$ bn."""
    arms = list(scenario.arms)
    first = reference if reference is not None else arms[0]
    others = [arm for arm in arms if arm != first]
    return [f"{arm}.total.payoff.difference" for arm in others] or [f"{first}.total.payoff"]


class WorldFunction:
    """What a scenario gives for each row of a design: a function from arrays of n rows and a column for each factor to arrays of n rows and a
    column for each outcome. A call is one native call, on as many threads as `threads` says (all, if `None`), with the interpreter lock released.

    `outcomes` are paths of results in one world, such as `bloc.total.payoff.difference`; differences are against the arm `reference`, the first if
    `None`. A result that a world does not have is NaN.

    `chance` says which trial the chance of a row is that of: `"trial"`, that of its own place, row k being trial k; or a number, the same trial for
    all rows, so that equal rows give equal results. `replications` plays each row that often, each time with the chance of another trial, and gives
    the means of what is there. What is no factor is drawn by trial too.
    """

    def __init__(
        self,
        scenario: Scenario,
        outcomes: str | Iterable[str] | None = None,
        *,
        factors: str | Iterable[str] | None = None,
        form: Form = "values",
        chance: Chance = "trial",
        replications: int = 1,
        reference: str | None = None,
        threads: int | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """A function of the factors that match `factors` (all, if `None`), whose rows are in the form `form`; raises `UsageError`."""
        if form not in FORMS:
            raise UsageError(f"form={form!r}: expected one of {', '.join(FORMS)}")
        if replications < 1:
            raise UsageError(f"replications={replications}: each row is played once at least")
        check_chance(chance)
        self.scenario = scenario
        self.factors = factors_of(scenario, factors)
        self.outcomes = default_outcomes(scenario, reference) if outcomes is None else [outcomes] if isinstance(outcomes, str) else list(outcomes)
        self.forms: list[Form] = [form] * len(self.factors)
        self.chance: Chance = chance
        self.replications = replications
        self.reference = reference
        self.threads = threads
        self.progress = progress

    @property
    def names(self) -> list[str]:
        """The paths of the factors, which name the columns of a design."""
        return [factor.path for factor in self.factors]

    def values(self, rows: ArrayLike) -> dict[str, NDArray[np.float64]]:
        """The worlds that rows stand for: the values of each factor by its path, in its unit."""
        given = self._checked(rows)
        columns = zip(self.factors, self.forms, given.T, strict=True)
        return {factor.path: column if form == "values" else quantiles(self.scenario, factor, column) for factor, form, column in columns}

    def __call__(self, rows: ArrayLike, trials: ArrayLike | None = None) -> NDArray[np.float64]:
        """The outcomes of each row. `trials` names the trial whose chance each row has, in place of what `chance` says."""
        values = self.values(rows)
        count = len(next(iter(values.values())))
        if trials is None and self.chance != "trial":
            trials = np.full(count, self.chance)
        found = play(
            self.scenario,
            values,
            self.outcomes,
            trials=trials,
            replications=self.replications,
            reference=self.reference,
            threads=self.threads,
            progress=self.progress,
        )
        return np.column_stack([found[outcome] for outcome in self.outcomes])

    def _checked(self, rows: ArrayLike) -> NDArray[np.float64]:
        given = np.asarray(rows, dtype=np.float64)
        if given.ndim != 2 or given.shape[1] != len(self.factors):
            raise UsageError(f"expected rows of {len(self.factors)} numbers, one for each factor, not an array of shape {given.shape}")
        return given


def check_chance(chance: Any) -> None:
    """Raises `UsageError` unless it is `"trial"` or the number of a trial."""
    if chance != "trial" and (isinstance(chance, bool) or not isinstance(chance, (int, np.integer)) or chance < 0):
        raise UsageError(f'chance={chance!r}: expected "trial", or the number of a trial, from 0')


def play(
    scenario: Scenario,
    worlds: dict[str, NDArray[np.float64]],
    outcomes: Sequence[str],
    *,
    trials: ArrayLike | None = None,
    replications: int = 1,
    reference: str | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, NDArray[np.float64]]:
    """The outcomes of worlds, by outcome and row, in one native call.

    `trials` names the trial whose chance each row has; without it row k has that of trial k. Where there is no column, rows are those trials as a
    run draws them. With `replications` R a row of trial t is played with the chance of trials R t to R t + R - 1, and the mean of what is there is
    given; NaN where nothing is.
    """
    count = len(next(iter(worlds.values()))) if trials is None else len(np.asarray(trials))
    if replications > 1:
        first = np.arange(count) if trials is None else np.asarray(trials)
        each = first[:, None] * replications + np.arange(replications)
        trials = None if trials is None else each.ravel()
        worlds = {path: np.repeat(values, replications) for path, values in worlds.items()}
    held: dict[str, Any] = {} if trials is None else {"trials": np.asarray(trials, dtype=np.int64)}
    found = scenario.evaluate(worlds, list(outcomes), reference=reference, threads=threads, progress=progress, **held)
    if replications == 1:
        return found
    return {outcome: _mean(values.reshape(count, replications)) for outcome, values in found.items()}


def _mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of what each row has; NaN where it has nothing."""
    there = ~np.isnan(values)
    total = np.where(there, values, 0.0).sum(axis=1)
    count = there.sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
