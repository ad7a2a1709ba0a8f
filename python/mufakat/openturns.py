"""A scenario as a function and a distribution of OpenTURNS.

    import mufakat, mufakat.openturns, openturns

    scenario = mufakat.load("asean-2027")
    chosen = ["bargaining.*", "market.*"]
    function = mufakat.openturns.function(scenario, ["bloc.total.payoff.difference"], factors=chosen)
    worlds = mufakat.openturns.distribution(scenario, factors=chosen)
    function(worlds.getSample(1000)).computeMean()

`pip install 'mufakat[openturns]'` installs what it needs. `mufakat.factors` says what the rows of a sample mean.
"""

from __future__ import annotations

import tomllib
import warnings
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from mufakat.factors import Chance, Factor, Form, WorldFunction, factors_of, lognormal, normal, quantiles

try:
    import openturns as ot
except ModuleNotFoundError as error:
    raise ImportError("mufakat.openturns needs openturns: pip install 'mufakat[openturns]'", name=error.name) from error

if TYPE_CHECKING:
    from mufakat.scenario import Scenario

# Its name from version 1.27 on, and before.
_Finite = getattr(ot, "FiniteDiscreteDistribution", None) or ot.UserDefined

STEPS = 1024
"""How many equal steps stand for a distribution that OpenTURNS does not have."""


def function(
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
) -> ot.Function:
    """The scenario as a function from worlds to `outcomes`, paths of results in one world: by default what each way to negotiate brings all states.

    Its inputs are the uncertain quantities and events (those that match `factors`), in their units or, with `form="quantiles"`, as shares of their
    draws; `distribution` has the worlds of a scenario. A sample is one native call, and row k of it has the chance of trial k; a point is a sample
    of one. For algorithms that call point by point and need a deterministic function that is trial 0 throughout; for those that compare rows of a
    sample, `chance` holds them to the same trial, and `replications` gives means over several.

    A result that a world does not have is NaN. Raises `UsageError`.
    """
    worlds = WorldFunction(
        scenario,
        outcomes,
        factors=factors,
        form=form,
        chance=chance,
        replications=replications,
        reference=reference,
        threads=threads,
        progress=progress,
    )
    return ot.Function(_Worlds(worlds))


def distribution(
    scenario: Scenario, *, factors: str | Iterable[str] | None = None, form: Form = "values", correlated: bool = True
) -> ot.JointDistribution:
    """The distribution of the worlds of a scenario, over the inputs of `function` with the same `factors` and `form`.

    Marginals are exact; only data with equal values among them (`empirical`) stand as 1,024 equally probable values, within a share of 1/2,048 of
    the draws. What `[[correlation]]` ties is tied by the same Gaussian copula, unless `correlated` is false. Rows of a file that quantities share
    are no such copula: they are drawn independently here, of which a warning is given. An event comes with its own probability, whatever other
    events make of it.

    With `form="quantiles"` marginals are uniform on [0, 1], under the same copula.
    """
    chosen = factors_of(scenario, factors)
    marginals = [ot.Uniform(0.0, 1.0) if form == "quantiles" else _marginal(scenario, factor) for factor in chosen]
    paths = [factor.path for factor in chosen]
    copula = _copula(scenario, chosen) if correlated else ot.IndependentCopula(len(chosen))
    joint = ot.JointDistribution(marginals, copula)
    joint.setDescription(paths)
    return joint


class _Worlds(ot.OpenTURNSPythonFunction):
    """What OpenTURNS calls."""

    def __init__(self, function: WorldFunction) -> None:
        super().__init__(len(function.names), len(function.outcomes))
        self.setInputDescription(function.names)
        self.setOutputDescription(function.outcomes)
        self.function = function

    def _exec(self, point: Any) -> list[float]:
        return [float(value) for value in self.function(np.array([point]))[0]]

    def _exec_sample(self, sample: Any) -> Any:
        return self.function(np.array(sample))


def _marginal(scenario: Scenario, factor: Factor) -> ot.Distribution:
    """The distribution of one factor."""
    of = factor.parameters
    match factor.kind:
        case "event":
            return ot.Bernoulli(factor.probability)
        case "uniform":
            return ot.Uniform(of["min"], of["max"])
        case "triangular":
            return ot.Triangular(of["min"], of["mode"], of["max"])
        case "normal":
            return _truncated(ot.Normal(*normal(of)), of)
        case "lognormal":
            return ot.LogNormal(*lognormal(of))
        case "pert":
            shape, width = of.get("shape", 4.0), of["max"] - of["min"]
            alpha, beta = 1.0 + shape * (of["mode"] - of["min"]) / width, 1.0 + shape * (of["max"] - of["mode"]) / width
            return ot.Beta(alpha, beta, of["min"], of["max"])
        case "beta":
            return ot.Beta(of["alpha"], of["beta"], of.get("min", 0.0), of.get("max", 1.0))
        case "bernoulli":
            return ot.Bernoulli(of["p"])
        case "discrete":
            values = of["values"]
            return _Finite([[value] for value in values], of.get("weights") or [1.0] * len(values))
        case "empirical" if "values" in of and not {"file", "rows"} & of.keys():
            values = np.sort(np.asarray(of["values"], dtype=np.float64))
            widths = np.diff(values)
            if len(values) > 1 and bool(np.all(widths > 0.0)):
                return ot.Histogram(values[0], widths, 1.0 / widths)
    middles = (np.arange(STEPS) + 0.5) / STEPS
    values, counts = np.unique(quantiles(scenario, factor, middles), return_counts=True)
    return _Finite(values[:, None], counts / STEPS)


def _truncated(whole: ot.Distribution, ends: dict[str, float]) -> ot.Distribution:
    """A distribution between the ends that there are, `min` and `max`."""
    match ends:
        case {"min": low, "max": high}:
            return ot.TruncatedDistribution(whole, low, high)
        case {"min": low}:
            return ot.TruncatedDistribution(whole, low, ot.TruncatedDistribution.LOWER)
        case {"max": high}:
            return ot.TruncatedDistribution(whole, high, ot.TruncatedDistribution.UPPER)
    return whole


def _copula(scenario: Scenario, factors: list[Factor]) -> ot.Distribution:
    """What `[[correlation]]` ties, as a Gaussian copula."""
    place = {factor.path: index for index, factor in enumerate(factors)}
    files = [factor.parameters["file"] for factor in factors if "file" in factor.parameters]
    if len(files) > len(set(files)):
        warnings.warn("quantities that share the rows of a file are drawn independently of each other here", stacklevel=3)
    tied = [(one, other, rho) for one, other, rho in _pairs(scenario, list(place)) if rho != 0.0]
    if not tied:
        return ot.IndependentCopula(len(factors))
    matrix = ot.CorrelationMatrix(len(factors))
    for one, other, rho in tied:
        matrix[place[one], place[other]] = rho
    return ot.NormalCopula(matrix)


def _pairs(scenario: Scenario, paths: list[str]) -> Iterator[tuple[str, str, float]]:
    """What `[[correlation]]` ties among some paths, each pair with its rho."""
    for entry in tomllib.loads(scenario.toml).get("correlation", ()):
        patterns = [pattern.split(".") for pattern in entry["between"]]
        named = [
            (number, path, ids)
            for number, pattern in enumerate(patterns)
            for path in paths
            if (ids := _starred(pattern, path.split("."))) is not None
        ]
        by_ids = all("*" in pattern for pattern in patterns)
        for (number, path, ids), (other_number, other, other_ids) in combinations(named, 2):
            if not by_ids or (number != other_number and ids == other_ids):
                yield path, other, entry["rho"]


def _starred(pattern: list[str], path: list[str]) -> list[str] | None:
    """The ids of a path that the stars of a pattern stand for; `None` if it does not match."""
    swapped = (
        [path[0], path[2], path[1], *path[3:]] if path[0] == "link" and len(path) > 2 else path
    )  # The ends of a link may stand in another order.
    for segments in (path, swapped):
        if len(segments) == len(pattern) and all(one in ("*", segment) for one, segment in zip(pattern, segments, strict=True)):
            return [segment for one, segment in zip(pattern, segments, strict=True) if one == "*"]
    return None
