"""The nucleolus by codes of PyPI of games that the program played: allocations and seconds. `run.py` calls it."""

import time
from pathlib import Path

import coopgame
from tucoopy.base.game import Game
from tucoopy.solutions.nucleolus import nucleolus

LARGEST_FIRST = "SG ID MY TH VN PH KH MM BN LA".split()
"""States of the baseline: a bloc of n has the first n."""
SUPPLIERS = ("MSFT", "GOOGL", "AMZN")

BLOC = """
[horizon]
windows = 1

[[arm]]
name = "bloc"
rule = "mandate"
defection = false
sharing = "{sharing}"
side_payments = 0.5
"""


def write_overlay(path: Path, baseline: dict, members: int, sharing: str) -> Path:
    """The baseline with one bloc of so many states and three suppliers in one window, all coalitions of which are a game."""
    states, suppliers = LARGEST_FIRST[:members], SUPPLIERS
    removed = [("arm", {"name": arm["name"]}) for arm in baseline["arm"] if arm["name"] not in ("bilateral", "bloc")]
    removed += [("state", {"id": state["id"]}) for state in baseline["state"] if state["id"] not in states]
    removed += [("hyperscaler", {"id": h["id"]}) for h in baseline["hyperscaler"] if h["id"] not in suppliers]
    for pair in baseline["pair"]:
        if pair["state"] not in states or pair["hyperscaler"] not in suppliers:
            removed.append(("pair", {key: pair[key] for key in ("state", "hyperscaler")}))
    entries = ("".join([f"\n[[{table}]]\n", *(f'{key} = "{value}"\n' for key, value in name.items()), "remove = true\n"]) for table, name in removed)
    path.write_text(BLOC.format(sharing=sharing) + "".join(entries))
    return path


def game(document: dict) -> tuple[list[float], list[float]]:
    """The monotone cover of what coalitions gain, by bits of their members, and the nucleolus, from what `stability` says of one world."""
    states = list(document["states"])
    values = [0.0] * (1 << len(states))
    for coalition in document["coalitions"]:
        values[sum(1 << states.index(member) for member in coalition["members"])] = coalition["gain"]["mean"]
    for mask in range(1 << len(states)):
        for player in range(len(states)):
            if mask >> player & 1:
                values[mask] = max(values[mask], values[mask ^ 1 << player])
    return values, [document["states"][state]["nucleolus_value"]["mean"] for state in states]


def by_constraints(values: list[float]) -> list[float]:
    """coopgame's, in Rust: linear programs with the constraints that are needed."""
    return coopgame.nucleolus(coopgame.Game(values[1:]), method="cg")["allocation"]


def by_all(values: list[float]) -> list[float]:
    """coopgame's with a constraint for every coalition."""
    return coopgame.nucleolus(coopgame.Game(values[1:]), method="full")["allocation"]


def by_tucoopy(values: list[float]) -> list[float]:
    """tucoopy's: linear programs by HiGHS."""
    players = len(values).bit_length() - 1
    return nucleolus(Game(n_players=players, v=dict(enumerate(values)))).x


PEERS = {"coopgame": by_constraints, "coopgame, all constraints": by_all, "tucoopy": by_tucoopy}


def seconds(solve, games: list[list[float]], least: float = 0.05) -> float:
    """Seconds of the processor for one game, all games repeated until `least` has passed."""
    start, solved = time.process_time(), 0
    while solved == 0 or time.process_time() - start < least:
        for values in games:
            solve(values)
        solved += len(games)
    return (time.process_time() - start) / solved


def excesses(values: list[float], allocation: list[float]) -> list[float]:
    """What each proper coalition lacks, the most first."""
    players = range(len(allocation))
    lacks = (values[mask] - sum(allocation[i] for i in players if mask >> i & 1) for mask in range(1, len(values) - 1))
    return sorted(lacks, reverse=True)


def is_worse(values: list[float], one: list[float], other: list[float]) -> bool:
    """Whether the first excess in which two allocations differ is larger in `one`, which then is not the nucleolus."""
    pairs = zip(excesses(values, one), excesses(values, other))
    return next((x > y for x, y in pairs if abs(x - y) > 1e-7 * values[-1]), False)
