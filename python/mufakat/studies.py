"""The studies of a scenario: what each way to negotiate brings, to whom, and what to do."""

import os
import pathlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

from mufakat import _asking
from mufakat.assumptions import Assumptions
from mufakat.progress import Progress
from mufakat.result import Result

if TYPE_CHECKING:
    from mufakat.scenario import Given, Scenario

Path = str | os.PathLike[str]


class Studies(Assumptions):
    """Every question that can be asked of a scenario is a method, and each returns a `Result`. These options are those of all of them:

    - trials: Number of sampled worlds (from 1; default: what the scenario says)
    - seed: Seed of all draws (from 0; default: what the scenario says)
    - out: Write results and tables to this directory
    - force: Replace what an earlier command wrote there
    - resume: Continue from what is finished there, or make again what it has lost
    - threads: Number of threads; results do not depend on it (default: as many as there are processors)
    - progress: `False` for no bar of tqdm, `True` for one wherever standard error goes, or what is called with worlds done and worlds in all

    Ctrl-C ends a study with `mufakat.Interrupted`; what `out` has by then is continued with `resume=True`. All money is in US$ bn.
    """

    __slots__ = ()

    def run(
        self,
        *,
        trials: int | None = None,
        seed: int | None = None,
        worlds: Any = None,
        precision: float | str | None = None,
        reference: str | None = None,
        fail_if: str | None = None,
        all: bool = False,  # noqa: A002
        keep: Literal["trials", "summary"] | None = None,
        out: Path | None = None,
        format: Literal["csv", "parquet"] | None = None,  # noqa: A002
        report: bool = False,
        force: bool = False,
        resume: bool = False,
        threads: int | None = None,
        progress: Progress = None,
    ) -> Result:
        """Play every arm of a scenario on the same worlds and compare them: what does each way to negotiate bring, and to whom?

        Options, besides those of every study (see `Studies`):

        - worlds: Play these worlds: whatever knows Arrow, a frame, a dict of columns, a list of dicts, or the name of a file (CSV or Parquet),
          whose columns are paths of quantities and whose row k is trial k, and event.NAME.came, 1 or 0; what is no column is drawn as ever. Without
          trials, as many as there are rows
        - precision: Play until the average of the headline is known this well: 1% or 0.01. Doubles the trials, to 1,048,576 at most
        - reference: Compare with this arm instead of the first
        - fail_if: `Result.failed` is true if a condition on results holds, such as 'bloc.total.payoff.difference < 0'
        - all: Print every table, not the answer alone
        - keep: What out keeps: trials for all tables; summary for the draws alone. Without out, summary keeps no table in memory
        - format: Format of the tables: csv, or parquet with types, units and compression (default: csv, or with resume that of the directory)
        - report: Write the page of the run, report.html, into out too

        The document has `arms` (of each the distribution over worlds of what states and hyperscalers get) and `comparisons` (of each arm with those
        before it, paired by world). The tables `trials`, `arms`, `hyperscalers`, `windows`, `pairs` and `draws` have a row for each world and arm.

        >>> r = mufakat.load("two-states").run()
        >>> round(r.arms.bloc.totals.payoff.mean, 3)
        0.405
        >>> r["trials"].columns[:4]
        ['trial', 'arm', 'state', 'payoff']
        """
        return _asking.ask(Studies.run, locals(), [cast("Scenario", self)])

    def compare(
        self,
        *others: "Scenario | Given",
        trials: int | None = None,
        seed: int | None = None,
        reference: str | None = None,
        fail_if: str | None = None,
        out: Path | None = None,
        force: bool = False,
        resume: bool = False,
        threads: int | None = None,
        progress: Progress = None,
    ) -> Result:
        """Play scenarios against each other on the same worlds: what does another one bring against this, arm by arm and state by state?

        `others` are scenarios, names of shipped ones, paths of files or dicts, one at least; each is compared with this, which also says how many
        worlds are drawn and how. Options, besides those of every study (see `Studies`):

        - reference: Compare arms within a scenario with this one instead of the first
        - fail_if: `Result.failed` is true if a condition holds of what a later scenario is less the first, as for `run`

        The document has `scenarios`, a list, and `comparisons` of each later one with the first: the keys that differ, and what arms bring less.

        >>> s = mufakat.load("two-states")
        >>> r = s.compare(s.with_({"market.region_efficiency": 0.6}))
        >>> r.comparisons[0].scenario, dict(r.comparisons[0].differs)
        ('two-states-2', {'market.region_efficiency': ['0.8', '0.6']})
        """
        return _asking.ask(Studies.compare, locals(), [cast("Scenario", self), *others])

    def sweep(
        self,
        vary: "str | Sequence[str] | Mapping[str, Any] | None" = None,
        *,
        one_at_a_time: bool = False,
        zip: bool = False,  # noqa: A002
        latin: int | None = None,
        output: str | Sequence[str] | None = None,
        reference: str | None = None,
        trials: int | None = None,
        seed: int | None = None,
        keep: Literal["trials", "summary"] | None = None,
        out: Path | None = None,
        format: Literal["csv", "parquet"] | None = None,  # noqa: A002
        force: bool = False,
        resume: bool = False,
        threads: int | None = None,
        progress: Progress = None,
    ) -> Result:
        """Play a grid of scenarios on the same worlds: how does the answer move with some of its numbers or rules?

        Options, besides those of every study (see `Studies`):

        - vary: Vary paths (instead of [sweep]): `{path: values}`, with a list or array of numbers, switches, words or dicts, or a text
          FROM:TO:STEPS, with :log behind it in equal ratios; or texts PATH=FROM:TO:STEPS, PATH=VALUE,VALUE,...
        - one_at_a_time: Vary one path at a time, the others as in the scenario
        - zip: Vary all paths together: the first value of each, then the second of each, and so on
        - latin: A Latin hypercube of so many cells over the ranges PATH=FROM:TO or PATH=FROM:TO:log: each range is cut into as many parts, with one
          cell in each. It hangs on the seed; a cell of another N is another one
        - output: Result of every cell, for example bloc.state.ID.leverage (or several; default: what each arm adds, for all states and for each)
        - reference: Compare with this arm instead of the first
        - keep: What out keeps: summary for the distributions of every cell; trials for every world too, worlds.csv with a row for each cell and
          world: the values of the axes, what was drawn, and each output
        - format: Format of the tables: csv, or parquet with types, units and compression (default: csv, or with resume that of the directory)

        The document has `cells`: of each its `values` and the distribution of each of its `results`; so has the table `cells`, with a row for each.

        >>> r = mufakat.load("two-states").sweep({"market.region_efficiency": [0.6, 0.8], "bargaining.transfers": [True, False]})
        >>> len(r["cells"])
        4
        """
        return _asking.ask(Studies.sweep, locals(), [cast("Scenario", self)])

    def theories(
        self,
        *,
        arm: str | None = None,
        reference: str | None = None,
        trials: int | None = None,
        seed: int | None = None,
        out: Path | None = None,
        force: bool = False,
        resume: bool = False,
        threads: int | None = None,
        progress: Progress = None,
    ) -> Result:
        """Play the same worlds under every theory of bargaining and see which conclusions stand.

        Options, besides those of every study (see `Studies`):

        - arm: Judge this arm alone (default: every arm with an accord, else every arm)
        - reference: Compare with this arm instead of the first

        The document has `theories`, each a change of one thing of the scenario's own, with what arms bring under it and the sign, and `headlines`.

        >>> r = mufakat.load("two-states").theories(arm="bloc")
        >>> [one.name for one in r.document["theories"] if one.arms.bloc.total.sign != "above"]
        ['no foresight', 'joining by goodwill']
        """
        return _asking.ask(Studies.theories, locals(), [cast("Scenario", self)])

    def stability(
        self,
        *,
        arm: str | None = None,
        window: int | None = None,
        farsighted: bool = False,
        secure: float | None = None,
        trials: int | None = None,
        seed: int | None = None,
        out: Path | None = None,
        force: bool = False,
        resume: bool = False,
        threads: int | None = None,
        progress: Progress = None,
    ) -> Result:
        """Every coalition of an arm: which hold, who would leave, what keeps them?

        Options, besides those of every study (see `Studies`):

        - arm: The bloc or framework to look at; the first active bloc if absent, else the first framework
        - window: The window to look at, from 0
        - farsighted: Also where states end up that join and leave one at a time, and farsighted stable sets (12 states at most)
        - secure: Share of all members' gain that the smallest coalition must secure

        The document has `states` (of each its values, how often it decides, leaves and what keeps it), `coalitions` and `binding`. The table
        `coalitions` has a row for each of them.

        >>> mufakat.load("two-states").stability().states.L.leaves
        0.0
        """
        return _asking.ask(Studies.stability, locals(), [cast("Scenario", self)])

    def accords(
        self,
        *,
        for_: str | None = None,
        reference: str | None = None,
        plays: int | None = None,
        theories: bool = False,
        path: bool = False,
        all: bool = False,  # noqa: A002
        trials: int | None = None,
        seed: int | None = None,
        out: Path | None = None,
        force: bool = False,
        resume: bool = False,
        threads: int | None = None,
        progress: Progress = None,
    ) -> Result:
        """Search all rules and members for what all would sign.

        Options, besides those of every study (see `Studies`):

        - for_: Also find the accord that brings this state most and no other state a loss on average
        - reference: Compare with this arm instead of the first
        - plays: How much is searched: plays of one accord in one world; those in fresh worlds (trials each) come on top (1 to 1,000,000,000)
        - theories: Say which accords stand under every rival theory of bargaining
        - path: Say by which steps the best accord comes about, each a gain for those who take it
        - all: Print every table

        The document has `front`: accords that none surely beats in all objectives, each with what it changes, what it brings and its arm as TOML,
        which `Scenario.extend` takes.

        >>> s = mufakat.load("two-states")
        >>> found = s.accords(plays=200).front[0]
        >>> dict(found.changes), s.extend(found.arm).arms
        ({'mode': 'bloc'}, ['bilateral', 'framework', 'bloc', 'accord-1'])
        """
        return _asking.ask(Studies.accords, locals(), [cast("Scenario", self)])

    def brief(
        self,
        state: str | None = None,
        *,
        with_: str,
        accord: str | None = None,
        arm: str | None = None,
        window: int | None = None,
        side: Literal["state", "hyperscaler"] | None = None,
        offer: str | Mapping[str, float] | None = None,
        accept: float | None = None,
        trials: int | None = None,
        seed: int | None = None,
        out: Path | None = None,
        force: bool = False,
        resume: bool = False,
        threads: int | None = None,
        progress: Progress = None,
    ) -> Result:
        """Write the page that a negotiator takes along: walk-away, zone, offers, preparation.

        One of `state` and `accord` says who sits at the table. Options, besides those of every study (see `Studies`):

        - state: The state that sits at the table
        - with_: The hyperscaler on the other side
        - accord: The bloc that sits at the table, by the name of its arm
        - arm: The arm in which the state bargains; the first if absent
        - window: The window of the talks, from 0
        - side: Whose page it is: state or hyperscaler
        - offer: An offer to weigh: `{term: level}` (with `cash` in US$ bn where cash moves), a text TERM=LEVEL,..., or a TOML file
        - accept: Share of the worlds in which the other side must accept a counter-offer

        The document has a key for each part of the page: `walk_away`, `zone`, `predicted` and so on, and `table` for who sits there.

        >>> r = mufakat.load("two-states").brief("L", with_="H", offer={"talent_investment": 0.4, "cash": 0.02})
        >>> r.document.table.state, r.zone.deal
        ('L', 1.0)
        """
        return _asking.ask(Studies.brief, locals(), [cast("Scenario", self)])

    def advise(
        self,
        for_: str | None = None,
        *,
        with_: str | None = None,
        reference: str | None = None,
        all: bool = False,  # noqa: A002
        md: Path | None = None,
        trials: int | None = None,
        seed: int | None = None,
        out: Path | None = None,
        force: bool = False,
        resume: bool = False,
        threads: int | None = None,
        progress: Progress = None,
    ) -> Result:
        """Say what to do: the best option, with whom, why, what to ask for, and what would change that.

        Options, besides those of every study (see `Studies`):

        - for_: Who decides: region, or the id of a state or hyperscaler; whom the scenario names, if absent. Or who reads the region's: investor,
          vendor
        - with_: The hyperscaler at the table; the one with the largest expected market, if absent
        - reference: Compare with this arm instead of the first
        - all: Print what stands behind the note too: tables by state, causes, two worlds told, what others got
        - md: Also write the note as Markdown to this file

        The document has what the note rests on: `ranked` (the options), `run`, `stability`, `knowledge` and so on.

        >>> list(mufakat.load("two-states").advise().ranked)
        ['bloc', 'framework', 'bilateral']
        """
        return _asking.ask(Studies.advise, locals(), [cast("Scenario", self)])

    def explain(
        self,
        trial: int | None = None,
        *,
        arm: str | None = None,
        story: bool = False,
        full: bool = False,
        trials: int | None = None,
        seed: int | None = None,
        out: Path | None = None,
        force: bool = False,
        resume: bool = False,
        threads: int | None = None,
        progress: Progress = None,
    ) -> Result:
        """Play one world step by step, each number with its equation: what happened in it, and why?

        Options, besides those of every study (see `Studies`):

        - trial: The world to show, counted from 0
        - arm: The arm to show instead of all
        - story: Tell it in sentences; where the numbers of all arms are many this holds unless full is given
        - full: Every number with its equation; where they are few, or of one arm, this holds unless story is given

        The document has `draws`, `events` and `arms`: of each the steps with their numbers.

        >>> round(mufakat.load("two-states").explain(arm="bloc").arms.bloc.totals.payoff, 3)
        0.405
        """
        return _asking.ask(Studies.explain, locals(), [cast("Scenario", self)])

    def plan(self, path: Path, study: str, *, force: bool = False, **options: Any) -> pathlib.Path:
        """Cut a study into blocks that any number of machines play, where one machine takes too long; the directory of the plan is returned.

        `study` is the name of another method, and `options` are its keywords (for `compare`, `others` is a list). With `force`, another plan there
        is replaced, and its shards stay without being used. How long it takes, and the commands that play it, go to the logger `mufakat` as
        information; `mufakat.Plan` plays it on a Dask cluster. A plan holds all texts that it needs.

        >>> mufakat.load("two-states").plan(tmp / "plan", "run", trials=1000).name
        'plan'
        """
        return _asking.plan(Studies, cast("Scenario", self), path, study, force, options)


def history(
    *cases: "Scenario | Path",
    with_: Mapping[str, Any] | None = None,
    all: bool = False,  # noqa: A002
    trials: int | None = None,
    seed: int | None = None,
    out: Path | None = None,
    force: bool = False,
    resume: bool = False,
    threads: int | None = None,
    progress: Progress = None,
) -> Result:
    """Hold the engine against bargains that are on record, each played from what stood before it.

    `cases` are names of shipped cases such as `tuna`, paths of files, or scenarios with a table [history]; all that are shipped, if absent.
    Options, besides those of every study (see `Studies`):

    - with_: Set keys of every case: `{path: value}`, as `Scenario.with_` takes them
    - all: Say of every case who is who, what each side had without a deal, and what the model cannot express

    The document has `cases`, of each what is on record and what was played, and the score of all.

    >>> r = mufakat.history("tuna", trials=50)
    >>> len(r.cases)
    1
    """
    return _asking.ask_of_history(history, locals(), cases)
