"""The studies of what is assumed: which of it decides the answer, how well it is known, where the answer turns."""

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, cast

from mufakat import _asking
from mufakat.progress import Progress
from mufakat.result import Result

if TYPE_CHECKING:
    from mufakat.scenario import Scenario

Path = str | os.PathLike[str]


class Assumptions:
    """Studies of what is uncertain in a scenario. Options that all studies have are said in `Studies`."""

    __slots__ = ()

    def sensitivity(
        self,
        method: Literal["tornado", "morris", "sobol", "shapley", "pawn", "delta", "evppi"] | None = None,
        *,
        factors: str | Sequence[str] | None = None,
        group: str | Sequence[str] | Mapping[str, str | Sequence[str]] | None = None,
        output: str | Sequence[str] | None = None,
        second_order: bool = False,
        at_medians: bool = False,
        trajectories: int | None = None,
        reference: str | None = None,
        trials: int | None = None,
        seed: int | None = None,
        out: Path | None = None,
        format: Literal["csv", "parquet"] | None = None,  # noqa: A002
        force: bool = False,
        resume: bool = False,
        threads: int | None = None,
        progress: Progress = None,
    ) -> Result:
        """Say which uncertain quantities decide a result.

        Options, besides those of every study (see `Studies`):

        - method: tornado, morris, sobol, shapley: play worlds of their own (for sobol and shapley, trials is rounded up to 8 times a power of two);
          pawn, delta, evppi: learn from any worlds (default: delta, which says besides whether the share of the variance agrees)
        - factors: Only quantities whose path matches, * for any text (or several; default: all that are uncertain); sobol, shapley and morris hold
          the others at their medians. An event is event.NAME.came, all of them 'event.*'; for pawn, delta and evppi also results of each world, as
          'bloc.window.1.member.*', * for ids
        - group: Take all that matches as one factor, however much it is: `{name: globs}`, or texts NAME=GLOB,... (not for pawn, delta, morris);
          without factors no others are factors. For sobol and shapley quantities that correlation or the rows of a file tie must lie in one group.
          auto: the rest of all quantities and events by section and actor
        - output: A result to explain (or several; default: the headline's difference for all states and for each)
        - second_order: Second-order Sobol' indices too: twice the worlds
        - at_medians: For tornado, keep the other quantities at their medians instead of as drawn in each world
        - trajectories: Trajectories of morris (default: 20), 2 to 10,000
        - reference: Compare with this arm instead of the first
        - format: Format of the tables: csv, or parquet with types, units and compression (default: csv, or with resume that of the directory)

        The document has `method` and `outputs`: of each result, of each of its `factors`, the measures with their intervals.

        >>> s = mufakat.load("two-states").with_({"market.region_efficiency": {"dist": "uniform", "min": 0.5, "max": 0.9}})
        >>> r = s.sensitivity(trials=200)
        >>> list(r.outputs["bloc.total.payoff.difference"].factors)
        ['market.region_efficiency']
        """
        return _asking.ask(Assumptions.sensitivity, locals(), [cast("Scenario", self)])

    def pedigree(
        self,
        *,
        output: str | None = None,
        reference: str | None = None,
        trials: int | None = None,
        seed: int | None = None,
        out: Path | None = None,
        force: bool = False,
        resume: bool = False,
        threads: int | None = None,
        progress: Progress = None,
    ) -> Result:
        """Say how well uncertain quantities are known, against what they decide: what does the answer rest on that is weak?

        Options, besides those of every study (see `Studies`):

        - output: The result to set inputs against (default: what the best option brings whom the question asks, less the reference)
        - reference: Compare with this arm instead of the first option

        The document has `inputs`, of each its marks, its share of the variance and what it would be worth to know it.

        >>> s = mufakat.load("two-states").with_({"market.region_efficiency": {"dist": "uniform", "min": 0.5, "max": 0.9}})
        >>> [one.path for one in s.pedigree(trials=200).inputs]
        ['market.region_efficiency']
        """
        return _asking.ask(Assumptions.pedigree, locals(), [cast("Scenario", self)])

    def discover(
        self,
        when: str,
        *,
        factors: str | Sequence[str] | None = None,
        restrictions: int | None = None,
        density: float | None = None,
        robustness: bool = False,
        reference: str | None = None,
        trials: int | None = None,
        seed: int | None = None,
        out: Path | None = None,
        force: bool = False,
        resume: bool = False,
        threads: int | None = None,
        progress: Progress = None,
    ) -> Result:
        """Say which combinations of uncertain values make a condition true: in which worlds does somebody lose?

        Options, besides those of every study (see `Studies`):

        - when: The condition on the results of a world, such as 'bloc.state.ID.payoff.difference < 0', with and, or, not
        - factors: Only quantities whose path matches, * for any text (or several; default: all that are uncertain); 'event.*' for whether events
          came, event.NAME.came; or a result of each world, such as who was a member, bloc.window.1.member.*
        - restrictions: Most restrictions of a box (1 to 20)
        - density: Least share of worlds in a box in which the condition holds, in (0, 1] (default: a quarter more than in all worlds, or where that
          is much, a quarter of the way to all)
        - robustness: Also how arms do without trusting the probabilities: regret, worst case, worlds that are good enough
        - reference: Compare with this arm instead of the first

        The document has `share` (of worlds in which it holds), `boxes` (of each its `limits`, how much it covers and how dense it is) and `tree`.

        >>> s = mufakat.load("two-states").with_({"market.region_efficiency": {"dist": "uniform", "min": 0.1, "max": 0.9}})
        >>> r = s.discover("bloc.total.payoff.difference < 0.1", trials=400)
        >>> list(r.boxes[0].limits)
        ['market.region_efficiency']
        """
        return _asking.ask(Assumptions.discover, locals(), [cast("Scenario", self)])

    def threshold(
        self,
        solve: str,
        where: str,
        *,
        by: Literal["state"] | None = None,
        from_: float | None = None,
        to: float | None = None,
        points: int | None = None,
        reference: str | None = None,
        trials: int | None = None,
        seed: int | None = None,
        out: Path | None = None,
        force: bool = False,
        resume: bool = False,
        threads: int | None = None,
        progress: Progress = None,
    ) -> Result:
        """Find where an outcome crosses a level as one number of the scenario moves: how binding must a bloc be to bring so much?

        Options, besides those of every study (see `Studies`):

        - solve: The number to solve for; with by='state', * stands for the state's id
        - where: The result and the level that it should have; with by='state', * or `total` stands for the state. For example
          'bloc.total.payoff.difference = 6'
        - by: One answer for each state
        - from_: Lowest value searched; needed where the number has no lowest value
        - to: Highest value searched; needed where the number has no highest value
        - points: Points of the curve before crossings are refined (2 to 1001)
        - reference: Compare with this arm instead of the first

        The document has `solutions`, each with its `status` ("one", "none", "several", "non-monotone"), its `values` with intervals and the `curve`.

        >>> r = mufakat.load("two-states").threshold("market.outside_efficiency", "bloc.total.payoff.difference = 0.2")
        >>> r.solutions[0].status, round(r.solutions[0].values[0].value, 3)
        ('one', 0.489)
        """
        return _asking.ask(Assumptions.threshold, locals(), [cast("Scenario", self)])

    def turn(
        self,
        *,
        arm: str | None = None,
        where: str | None = None,
        reference: str | None = None,
        within: float | None = None,
        starts: int | None = None,
        trials: int | None = None,
        seed: int | None = None,
        out: Path | None = None,
        force: bool = False,
        resume: bool = False,
        threads: int | None = None,
        progress: Progress = None,
    ) -> Result:
        """Find the smallest joint change of uncertain inputs that turns a result: what would have to be true together for the answer to turn?

        Options, besides those of every study (see `Studies`):

        - arm: The arm that should stop paying (default: the best option, for whom the question asks)
        - where: Another result that should cross a level: its mean
        - reference: Compare with this arm instead of the first option
        - within: Largest joint change to search, in standard deviations: the Euclidean norm over all inputs (above 0, at most 8)
        - starts: Starts of the search, and directions that are played to find something smaller (1 to 100,000)

        The document has `status` and `change`: the point where the result turns or comes nearest, how far out it lies, and what each input does.

        >>> s = mufakat.load("two-states").with_({"market.region_efficiency": {"dist": "uniform", "min": 0.5, "max": 0.9}})
        >>> r = s.turn(where="bloc.total.payoff.difference = 0.1", trials=100, starts=20)
        >>> r.status, r.change.inputs[0].path
        ('turns', 'market.region_efficiency')
        """
        return _asking.ask(Assumptions.turn, locals(), [cast("Scenario", self)])
