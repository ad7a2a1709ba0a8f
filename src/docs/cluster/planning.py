"""Plans a study of many worlds on many nodes that fail: how long it takes, what is lost, how large shards should be, what merging costs.

Simulates the queue shard by shard: it starts so many tasks a second, each node plays one shard at a time with all its processors, nodes fail as Poisson
processes, each by itself, and lose the shard that they play, which is queued again once the loss is seen. Shards differ in nothing else. Standard library
only; the seed is fixed, so that the same numbers come out anywhere.

    python3 planning.py                  the tables of cluster.md
    python3 planning.py --check          the simulation against closed forms
    python3 planning.py --worlds 1e9 --nodes 4 --mtbf 5000 --rate 300    a study of your own

A row is what `mufakat submit PLAN --engine slurm --cpus P --shards N` does, with P the processors of a node (--processors) and N its number of shards: a task
has a node to itself. With fewer --cpus several tasks share a node: give them here as --processors, and as many more --nodes.
"""

import argparse
import heapq
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

HOUR = 3600.0
DAY = 24 * HOUR


@dataclass(frozen=True)
class Setting:
    """A study on a cluster. Rates marked M were measured (cluster.md says how), the others are assumed."""

    nodes: int
    mtbf: float  # mean time between failures of a node
    worlds: float = 1e12
    processors: int = 64  # of a node
    rate: float = 370.0  # M: worlds a second on one processor
    starts: float = 5.0  # M: tasks that the queue starts in a second
    overhead: float = 0.7  # M: seconds of a task that play nothing
    repair: float = 4 * HOUR  # until a node that failed plays again
    notice: float = 300.0  # until the queue sees that a node failed
    reading: float = 1e9  # bytes a second that a node reads


@dataclass(frozen=True)
class Kind:
    """What merging costs."""

    name: str
    bytes: float  # M: of a world in a shard
    rate: float  # M: worlds a second that one processor merges


KINDS = [Kind("`sensitivity`, one result", 12.6, 15_000.0), Kind("`run`, seven arms", 49_200.0, 3_500.0)]
# What merging a run keeps at most.
SUMMARY = 512 * 2**20


@dataclass(frozen=True)
class Outcome:
    """How a study went."""

    seconds: float
    # Share of the time of busy nodes that went into shards that were lost.
    lost: float
    failures: int


def play(setting: Setting, shards: int, seconds: float, rng: random.Random) -> Outcome:
    """Plays so many shards of so many seconds each."""
    fails = [rng.expovariate(1 / setting.mtbf) for _ in range(setting.nodes)]
    waiting, done, failures = shards, 0, 0
    busy = wasted = now = next_start = 0.0
    idle = list(range(setting.nodes))
    # Events: a time, what happens, the node of it. A shard that comes back has none.
    events: list[tuple[float, int, int]] = []
    free, lost, back = 0, 1, 2
    while done < shards:
        while waiting and idle:
            node = idle.pop()
            if fails[node] <= now:
                # It failed while it had nothing to do.
                until = fails[node] + setting.repair
                fails[node] = max(until, now) + rng.expovariate(1 / setting.mtbf)
                if until > now:
                    heapq.heappush(events, (until, lost, node))
                    continue
            start = max(now, next_start)
            next_start = start + 1 / setting.starts
            end = start + seconds
            waiting -= 1
            if fails[node] < end:
                failures += 1
                took = max(fails[node] - start, 0.0)
                busy, wasted = busy + took, wasted + took
                heapq.heappush(events, (max(fails[node], start) + setting.notice, back, -1))
                repaired = fails[node] + setting.repair
                fails[node] = repaired + rng.expovariate(1 / setting.mtbf)
                heapq.heappush(events, (repaired, lost, node))
            else:
                busy += seconds
                heapq.heappush(events, (end, free, node))
        now, what, node = heapq.heappop(events)
        if what == back:
            waiting += 1
        else:
            idle.append(node)
            done += what == free
    return Outcome(now, wasted / busy if busy else 0.0, failures)


def shards_of(setting: Setting, seconds: float) -> int:
    """Into how many shards a study is cut that take a node so many seconds of play."""
    shards = setting.worlds / (setting.processors * setting.rate * seconds)
    # What is whole but for rounding is whole.
    return math.ceil(shards * (1 - 1e-12))


def cut(setting: Setting, seconds: float) -> float:
    """Seconds of play of a shard where a study is cut so: at most these, as all shards are of one size."""
    return setting.worlds / shards_of(setting, seconds) / (setting.processors * setting.rate)


def campaign(setting: Setting, seconds: float, seed: int = 1) -> Outcome:
    """A study cut into shards that take a node so many seconds of play."""
    return play(setting, shards_of(setting, seconds), cut(setting, seconds) + setting.overhead, random.Random(seed))


def least(setting: Setting) -> float:
    """Seconds if nothing failed and nothing but worlds took time."""
    return setting.worlds / (setting.processors * setting.rate * setting.nodes)


# Seconds of play of a shard on a node that are tried; more starts of shards than these take no queue, and take long to simulate.
SIZES = [120.0, 300.0, 900.0, 1800.0, HOUR, 2 * HOUR, 6 * HOUR, 24 * HOUR]
MOST_STARTS = 1_500_000


def starts_of(setting: Setting, seconds: float) -> float:
    """How often shards are started, those again that are lost with a node: exp(f s) times each, for a node that fails at rate f."""
    return shards_of(setting, seconds) * math.exp(min(cut(setting, seconds) / setting.mtbf, 100.0))


def sizes(setting: Setting) -> list[tuple[float, Outcome]]:
    """Every size that gives each node a shard at least, with how the study went.

    Raises `ValueError` where no size ends in a number of starts that can be simulated.
    """
    tried = [one for one in SIZES if setting.nodes <= shards_of(setting, one)] or [least(setting)]
    tried = [one for one in tried if starts_of(setting, one) <= MOST_STARTS]
    if not tried:
        raise ValueError(
            f"{setting.worlds:.3g} worlds on {setting.nodes:,} nodes that fail every {life(setting.mtbf)} take more than {MOST_STARTS:,} starts of "
            "shards: give fewer --worlds, a longer --mtbf or more --processors"
        )
    return [(one, campaign(setting, one)) for one in tried]


def best(tried: list[tuple[float, Outcome]]) -> tuple[float, Outcome]:
    """The size that ends first."""
    return min(tried, key=lambda one: one[1].seconds)


def merge_on_one(setting: Setting, kind: Kind) -> float:
    """Seconds in which one node merges all worlds, one after the other."""
    return max(setting.worlds / kind.rate, setting.worlds * kind.bytes / setting.reading)


def merge_in_a_tree(setting: Setting, kind: Kind, fan: int = 16) -> float:
    """Seconds if every processor summarised its share, and nodes then merged so many summaries at a time, level by level."""
    own = merge_on_one(replace(setting, worlds=setting.worlds / setting.nodes), replace(kind, rate=kind.rate * setting.processors))
    levels = math.ceil(math.log(setting.nodes * setting.processors, fan))
    return own + levels * fan * SUMMARY / setting.reading


def time(seconds: float) -> str:
    """A time as people say it."""
    for unit, name in ((365.25 * DAY, "years"), (DAY, "days"), (HOUR, "h"), (60.0, "min")):
        if seconds >= 2 * unit:
            return f"{seconds / unit:.3g} {name}"
    return f"{seconds:.3g} s"


def life(seconds: float) -> str:
    """A time between failures, in hours where it has many."""
    return f"{seconds / HOUR:,.0f} h" if seconds >= 10 * HOUR else time(seconds)


def size(data: float) -> str:
    """An amount of data."""
    for unit, name in ((1e15, "PB"), (1e12, "TB"), (1e9, "GB")):
        if data >= unit:
            return f"{data / unit:.3g} {name}"
    return f"{data / 1e6:.3g} MB"


def share(part: float) -> str:
    """A share in percent, two digits at least."""
    percent = 100 * part
    return f"{percent:.0f}%" if percent >= 10 else f"{percent:.2g}%"


def row(cells: list[str]) -> str:
    """A row of a Markdown table."""
    return "| " + " | ".join(cells) + " |"


def table(headings: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    return "\n".join([row(headings), row(["---"] * len(headings)), *map(row, rows)])


def report(settings: list[Setting]) -> str:
    """The tables of some settings."""
    first, shown, merges = [], [], []
    for setting in settings:
        tried = sizes(setting)
        chosen, outcome = best(tried)
        first.append(
            [
                f"{setting.nodes:,}",
                life(setting.mtbf),
                time(least(setting)),
                time(cut(setting, chosen)),
                f"{shards_of(setting, chosen):,}",
                time(outcome.seconds),
                f"{outcome.failures:,}",
                share(outcome.lost),
            ]
        )
        shown.append(
            [f"{setting.nodes:,}", life(setting.mtbf)]
            + [dict((s, share(o.seconds / least(setting) - 1)) for s, o in tried).get(s, "") for s in SIZES]
        )
    for setting in {one.nodes: one for one in settings}.values():
        for kind in KINDS:
            times = [time(merge_on_one(setting, kind)), time(merge_in_a_tree(setting, kind))]
            merges.append([kind.name, f"{setting.nodes:,}", size(setting.worlds * kind.bytes), *times])
    headings = ["nodes", "a node fails every", "without failures", "best shard", "shards", "takes", "failures", "lost"]
    return "\n\n".join(
        [
            table(headings, first),
            table(["nodes", "a node fails every", *(time(one) for one in SIZES)], shown),
            table(["study", "nodes", "shards hold", "merged on one processor", "in a tree on all"], merges),
        ]
    )


def check() -> None:
    """Closed forms that the simulation meets."""
    calm = Setting(nodes=8, mtbf=1e30, starts=1e30, overhead=0.0)
    assert play(calm, 16, 100.0, random.Random(1)) == Outcome(200.0, 0.0, 0)
    # The queue is the bottleneck: the last of 100 tasks starts after 99 intervals.
    slow = replace(calm, nodes=1000, starts=2.0)
    assert play(slow, 100, 10.0, random.Random(1)).seconds == 99 / 2 + 10.0
    # A node that fails at rate f, is repaired in r, and starts a shard of s again: (1/f + r)(exp(f s) - 1) a shard on average
    # (as in Daly 2006, https://doi.org/10.1016/j.future.2004.11.016, equation 8 without checkpoints).
    for part in (0.1, 0.5, 1.0):
        one = replace(calm, nodes=1, mtbf=1000.0, repair=50.0, notice=0.0)
        seconds, shards = part * one.mtbf, 40_000
        expected = (one.mtbf + one.repair) * math.expm1(part)
        mean = play(one, shards, seconds, random.Random(7)).seconds / shards
        # Five standard errors: the time of a shard varies by about its mean.
        assert abs(mean / expected - 1) < 5 * 1.5 / math.sqrt(shards), (part, mean, expected)
    print("the simulation meets its closed forms")


def from_on(lowest: float, kind: type = float) -> Callable[[str], float]:
    """Reads a finite number that is so much at least."""

    def read(text: str) -> float:
        try:
            number = kind(text)
        except ValueError:
            number = math.nan
        if not lowest <= number < math.inf:
            raise argparse.ArgumentTypeError(f"expected a number from {lowest:g} on, not {text!r}")
        return number

    return read


def arguments() -> argparse.ArgumentParser:
    """The flags."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    few = 1e-6

    def add(flag: str, read: Callable[[str], float], default: object, unit: str, what: str) -> None:
        shown = " ".join(f"{one:g}" for one in default) if isinstance(default, list) else f"{default:g}"
        many = {"nargs": "+"} if isinstance(default, list) else {}
        parser.add_argument(flag, type=read, default=default, metavar=unit, help=f"{what} (default: {shown})", **many)

    parser.add_argument("--check", action="store_true", help="compare the simulation with closed forms")
    add("--worlds", from_on(1.0), Setting.worlds, "NUMBER", "worlds of the study")
    add("--nodes", from_on(1, int), [10, 1000, 10_000], "NUMBER", "nodes of the cluster, one row for each number")
    add("--processors", from_on(1, int), Setting.processors, "NUMBER", "processors of a node, all of which play one shard: submit --cpus")
    add("--mtbf", from_on(few), [1000.0, 50_000.0], "HOURS", "mean time between failures of a node, one row for each")
    add("--rate", from_on(few), Setting.rate, "WORLDS", "worlds a second on one processor")
    add("--starts", from_on(few), Setting.starts, "TASKS", "tasks that the queue starts in a second")
    add("--overhead", from_on(0.0), Setting.overhead, "SECONDS", "of a task that play nothing")
    add("--repair", from_on(0.0), Setting.repair / HOUR, "HOURS", "until a node that failed plays again")
    add("--notice", from_on(0.0), Setting.notice, "SECONDS", "until the queue sees that a node failed")
    return parser


def main() -> None:
    parser = arguments()
    given = parser.parse_args()
    if given.check:
        check()
        return
    same = {name: getattr(given, name) for name in ("worlds", "processors", "rate", "starts", "overhead", "notice")}
    settings = [Setting(nodes, mtbf * HOUR, repair=given.repair * HOUR, **same) for nodes in given.nodes for mtbf in given.mtbf]
    try:
        print(report(settings))
    except ValueError as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
