"""A scenario as a problem of SALib, whose `evaluate` is one native call.

    import mufakat, mufakat.salib

    problem = mufakat.salib.problem(mufakat.load("asean-2027"), outcomes=["bloc.total.payoff.difference"], factors=["bargaining.*", "market.*"])
    problem.sample_sobol(1024, calc_second_order=False).evaluate().analyze_sobol(calc_second_order=False)
    problem.to_df()

`pip install 'mufakat[salib]'` installs what it needs. `mufakat.factors` says what the rows of a design mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from mufakat.errors import UsageError
from mufakat.factors import FORMS, Factor, WorldFunction, lognormal, normal

try:
    from SALib import ProblemSpec
except ModuleNotFoundError as error:
    raise ImportError("mufakat.salib needs SALib: pip install 'mufakat[salib]'", name=error.name) from error

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from mufakat.scenario import Scenario

Chance = Literal["trial", "saltelli"] | int
"""As of `mufakat.factors`, or that of the base row of a Saltelli design."""


def problem(
    scenario: Scenario,
    outcomes: str | Iterable[str] | None = None,
    *,
    factors: str | Iterable[str] | None = None,
    groups: Mapping[str, str | Iterable[str]] | None = None,
    form: Literal["values", "quantiles"] = "quantiles",
    chance: Chance = "trial",
    replications: int = 1,
    reference: str | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Problem:
    """The scenario as a problem whose parameters are its uncertain quantities and events (those that match `factors`), and whose outputs are
    `outcomes`, paths of results in one world: by default what each way to negotiate brings all states.

    `form="quantiles"`: every parameter is uniform on [0, 1], and a world has the value below which that share of the draws of the quantity lies; an
    event comes below its probability. So whatever SALib samples is spread as the scenario says, but for correlation, which is not applied: tie what
    is tied in `groups`, or leave it out.

    `form="values"`: a parameter has the distribution of its quantity, as `dists` of SALib, where SALib has it: uniform, triangular from 0 up,
    normal (also truncated) and lognormal. All others, events too, stay as in the other form; `problem.forms` says which is which.

    `groups` names sets of parameters by patterns of their paths; what no group has is a group of its own.

    `chance`, `replications`: orders of talks, votes and joining hang on the number of the trial. `"trial"`: row k is trial k. Chance then differs
    between the rows that an estimator compares: first-order indices are those of the parameter alone, only less exact, but total indices count what
    chance does by itself in every parameter. `"saltelli"`: the rows of `sample_sobol` that differ by one parameter have the same chance, so that
    total indices count only what the parameter does together with chance, as in `mufakat sensitivity --method sobol`. A number: all rows have the
    chance of that trial, so that the function is deterministic, and the indices are those in that one course of the talks. `replications` plays
    each row so often and gives means.

    A result that a world does not have is NaN, of which SALib makes NaN. Raises `UsageError`.
    """
    if form not in FORMS:
        raise UsageError(f"form={form!r}: expected one of {', '.join(FORMS)}")
    held = "trial" if chance == "saltelli" else chance
    function = WorldFunction(
        scenario,
        outcomes,
        factors=factors,
        form="quantiles",
        chance=held,
        replications=replications,
        reference=reference,
        threads=threads,
        progress=progress,
    )
    return Problem(function, groups or {}, form, chance == "saltelli")


class Problem(ProblemSpec):
    """A `SALib.ProblemSpec` that knows its model; `function` is what a row gives."""

    def __init__(self, function: WorldFunction, groups: Mapping[str, str | Iterable[str]], form: str, saltelli: bool) -> None:
        """See `problem`."""
        laws = [(_law(factor) if form == "values" else None) for factor in function.factors]
        spec: dict[str, Any] = {"names": function.names, "outputs": function.outcomes, "bounds": [law[1] if law else [0.0, 1.0] for law in laws]}
        if form == "values":
            spec["dists"] = [law[0] if law else "unif" for law in laws]
        if groups:
            spec["groups"] = _groups(function.names, groups)
        super().__init__(spec)
        function.forms = ["values" if law else "quantiles" for law in laws]
        self.function = function
        self.is_saltelli = saltelli

    @property
    def forms(self) -> dict[str, str]:
        """What the numbers of each parameter are: `values` in its unit, or `quantiles` in [0, 1]."""
        return dict(zip(self.function.names, self.function.forms, strict=True))

    def values(self, rows: ArrayLike | None = None) -> dict[str, NDArray[np.float64]]:
        """The worlds that rows (the samples, if `None`) stand for: the values of each parameter, in its unit."""
        return self.function.values(self.samples if rows is None else rows)

    def evaluate(self, func: Callable[..., Any] | None = None, *args: Any, **kwargs: Any) -> Problem:
        """Plays the samples in one native call; with `func`, as `ProblemSpec.evaluate`.

        Raises `UsageError` if there are no samples, or if chance is that of a Saltelli design and they are none.
        """
        if func is not None:
            super().evaluate(func, *args, **kwargs)
            return self
        if self.samples is None:
            raise UsageError("there are no samples: call a method such as sample_sobol first")
        trials = saltelli_trials(self.samples, self.get("groups") or self["names"]) if self.is_saltelli else None
        found = self.function(self.samples, trials)
        self.results = found[:, 0] if found.shape[1] == 1 else found
        return self


def saltelli_trials(rows: ArrayLike, groups: list[str]) -> NDArray[np.int64]:
    """The trial whose chance each row of a Saltelli design has. Its blocks are rows A, then A with each group in turn from B, then, for
    second-order indices, B with each group from A, then B: of block i those made of A have the chance of trial 2i, those made of B that of trial 2i
    + 1.

    Raises `UsageError` if the rows are no such design.
    """
    given = np.asarray(rows)
    names = list(dict.fromkeys(groups))
    if len(names) == 1:  # SALib takes one group of all for none.
        names, groups = list(map(str, range(given.shape[1]))), list(map(str, range(given.shape[1])))
    members = np.array([[group == name for group in groups] for name in names])
    for second in (True, False):
        step = 2 * len(names) + 2 if second else len(names) + 2
        if len(given) % step == 0 and _is_saltelli(given.reshape(-1, step, given.shape[1]), members, second):
            of_b = np.arange(step) > len(names)
            return (2 * np.arange(len(given) // step)[:, None] + of_b).ravel()
    raise UsageError('chance="saltelli" needs the rows of sample_sobol or sample_saltelli')


def _is_saltelli(blocks: NDArray[np.float64], members: NDArray[np.bool_], second: bool) -> bool:
    first, last = blocks[:, 0], blocks[:, -1]
    mixed = [np.where(group, last, first) for group in members]
    mixed += [np.where(group, first, last) for group in members] if second else []
    return all(np.array_equal(blocks[:, place], row) for place, row in enumerate(mixed, start=1))


def _groups(names: list[str], groups: Mapping[str, str | Iterable[str]]) -> list[str]:
    """The group of each parameter; raises `UsageError` for a pattern that matches none and a parameter in two groups."""
    found: dict[str, str] = {}
    for group, patterns in groups.items():
        for pattern in [patterns] if isinstance(patterns, str) else patterns:
            matched = [name for name in names if fnmatchcase(name, pattern)]
            if not matched:
                raise UsageError(f"group {group}: {pattern} names no parameter of the problem")
            for name in matched:
                if found.setdefault(name, group) != group:
                    raise UsageError(f"{name} is in two groups, {found[name]} and {group}")
    return [found.get(name, name) for name in names]


def _law(factor: Factor) -> tuple[str, list[float]] | None:
    """The distribution of a quantity under the name and with the bounds of SALib, if it has it."""
    of = factor.parameters
    match factor.kind:
        case "uniform":
            return "unif", [of["min"], of["max"]]
        case "triangular" if of["max"] > 0 and of["mode"] < of["max"]:
            return "triang", [of["min"], of["max"], (of["mode"] - of["min"]) / (of["max"] - of["min"])]
        case "normal" if "min" in of or "max" in of:
            return "truncnorm", [of.get("min", -np.inf), of.get("max", np.inf), *normal(of)]
        case "normal":
            return "norm", list(normal(of))
        case "lognormal":
            return "lognorm", list(lognormal(of))
    return None
