"""Searches for accords with the same number of plays: `mufakat accords`, plain random search and the EMA Workbench's optimiser.

    VENV/bin/pip install -r benches/peers/requirements.txt
    cargo build --release && VENV/bin/python benches/peers/accords.py

Every method searches the rules of CHOOSE over accords of one scenario. A play is one accord in one world; each method has BUDGETS of them. What a
method ends with, the accords that none of its own dominates by its own estimates in the three objectives, is played again in fresh worlds, the
same for all, and its hypervolume there is a share of that of everything found by anybody. The peers call the program for a batch of accords
at a time; a candidate that comes a second time costs them nothing. `--runs 1` takes three minutes, all of it fifteen on two busy cores; with the
peers of an earlier run (`--keep FILE`, then `--peers FILE`) four.
"""

import itertools
import json
import logging
import random
import statistics
import sys
import tempfile
import tomllib
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from ema_workbench import CategoricalParameter, Model, ScalarOutcome, SequentialEvaluator, ema_logging
from pymoo.indicators.hv import HV

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import common

SCENARIO = ["asean-2027", "-S", "horizon.windows=2"]
STATES, HYPERSCALERS = ("SG", "MY", "ID", "TH", "VN"), ("MSFT", "GOOGL", "BABA")
"""Who is left of the scenario, so that a play is cheap."""
BASE, REFERENCE = "bloc-paid", "bilateral"
CHOOSE = {
    "mode": ["bloc", "framework"],
    "rule": ["minus-x", "consensus", "qualified-majority"],
    "binding": [0.3, 0.5, 0.8, 1.0],
    "harmonisation": [0.2, 0.5, 0.8, 1.0],
    "cross_border_data": [0.2, 0.5, 0.8],
    "recourse": [0.0, 0.2, 0.5, 0.8, 1.0],
    "most_favoured": [0.0, 0.5, 1.0],
    "sharing": ["gdp", "none", "equal"],
    "side_payments": [0.5, 0.25],
    "opt_outs": [3, 1, 2],
    "penalty": [0.03, 0.0, 0.06],
}
BLOC_ONLY = ("pooling", "sharing", "side_payments")
OBJECTIVES = ("region", "worst", "suppliers")
EPSILONS = [0.05, 0.005, 0.05]
"""Boxes of the workbench's archive, US$ bn: a twenty-seventh of the range of what anybody ends with, or less."""
BUDGETS = (6_000, 24_000)
TOGETHER = 6
"""Accords of one call of the program, which compares each with each."""
FRESH_WORLDS, FRESH_SEED = 400, 987_654_321
FEW = 16
"""Most accords of the front that `accords` says."""
WORLDS = (16, 64)
"""Worlds of a candidate of random search and the workbench."""
POPULATIONS = ((16, 100), (16, 48), (64, 48))
"""Worlds and candidates of a generation of the workbench: 100 is its default, 48 what `accords` has."""


class Spent(Exception):
    """The budget of plays is used up."""


def as_toml(value) -> str:
    """A value in TOML, tables inline."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {as_toml(inner)}" for key, inner in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def table(header: str, entries: dict) -> str:
    """A table of an array of tables."""
    return f"[[{header}]]\n" + "".join(f"{key} = {as_toml(value)}\n" for key, value in entries.items())


def removed(resolved: dict):
    """Entries that take all out of a scenario but STATES, HYPERSCALERS, the base and the reference."""
    kept = {"state": STATES, "hyperscaler": HYPERSCALERS, "arm": (BASE, REFERENCE)}
    for section, key in (("state", "id"), ("hyperscaler", "id"), ("arm", "name")):
        for item in resolved[section]:
            if item[key] not in kept[section]:
                yield table(section, {key: item[key], "remove": True})
    for pair in resolved.get("pair", []):
        if pair["state"] not in STATES or pair["hyperscaler"] not in HYPERSCALERS:
            yield table("pair", {"state": pair["state"], "hyperscaler": pair["hyperscaler"], "remove": True})
    for link in resolved.get("link", []):
        if not set(link["between"]) <= set(STATES):
            yield table("link", {"between": link["between"], "remove": True})


class Game:
    """The scenario with its base and reference alone, what the program makes of accords in it, and what was played already."""

    def __init__(self, program: str, folder: Path):
        self.program, self.folder, self.known = program, folder, {}
        resolved = tomllib.loads(common.run([program, "show", *SCENARIO]).output)
        self.base = next(arm for arm in resolved["arm"] if arm["name"] == BASE)
        values = {key: self.base.get(key, 0.0) for key in CHOOSE}
        self.own = {key: value["value"] if isinstance(value, dict) else value for key, value in values.items()}
        alone = "".join(removed(resolved))
        self.searched = self.overlay("searched.toml", alone + self.space())
        self.played = alone + table("arm", {"name": BASE, "remove": True})

    @staticmethod
    def space() -> str:
        rules = "".join(f"{key} = {as_toml(values)}\n" for key, values in CHOOSE.items())
        return f'[accords]\nbase = "{BASE}"\n[accords.choose]\n{rules}'

    def overlay(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text)
        return path

    def arm(self, candidate: tuple, name: str) -> str:
        """A candidate as an arm, without keys that its mode does not know."""
        rules = self.base | dict(zip(CHOOSE, candidate)) | {"name": name}
        unknown = ("title", "what", "active") + (BLOC_ONLY if rules["mode"] == "framework" else ())
        return table("arm", {key: value for key, value in rules.items() if key not in unknown})

    def plain(self, candidate: tuple) -> tuple:
        """The same accord with rules that do nothing in it as in the base, as the program's own search has it: nobody pays for it twice."""
        rules = dict(zip(CHOOSE, candidate))
        moot = [*BLOC_ONLY] if rules["mode"] == "framework" else ["side_payments"] if rules["sharing"] == "none" else []
        moot += ["opt_outs"] if rules["rule"] != "minus-x" else []
        return tuple(self.own[key] if key in moot else value for key, value in rules.items())

    def play(self, candidates: list[tuple], worlds: int, seed: int) -> list[tuple]:
        """The objectives of candidates in so many worlds of a seed, played unless they are known."""
        new = [one for one in dict.fromkeys(candidates) if (one, worlds, seed) not in self.known]
        for batch in (new[start : start + TOGETHER] for start in range(0, len(new), TOGETHER)):
            arms = "".join(self.arm(one, f"accord-{at}") for at, one in enumerate(batch))
            overlay = self.overlay("candidates.toml", self.played + arms)
            command = [self.program, "run", *SCENARIO, "-f", overlay, "--reference", REFERENCE, "-n", worlds, "--seed", seed, "--json", "-q"]
            comparisons = common.parse(common.run(command).output)["comparisons"]
            of_arm = {one["arm"]: objectives(one) for one in comparisons if one["reference"] == REFERENCE}
            self.known |= {(one, worlds, seed): of_arm[f"accord-{at}"] for at, one in enumerate(batch)}
        return [self.known[one, worlds, seed] for one in candidates]


def objectives(comparison: dict) -> tuple[float, float, float]:
    """What an accord adds to the region, to the state to which it adds least, and to all suppliers together, US$ bn on average."""
    mean = lambda items, what: [one[what]["difference"]["mean"] for one in items.values()]
    states = mean(comparison["states"], "payoff")
    return comparison["totals"]["payoff"]["difference"]["mean"], min(states), sum(mean(comparison["hyperscalers"], "profit"))


class Tries:
    """What a peer tries: each candidate in as many worlds, until its plays are spent."""

    def __init__(self, game: Game, worlds: int, seed: int):
        self.game, self.worlds, self.seed, self.order = game, worlds, seed, {}

    def play(self, candidates: list[tuple]) -> list[tuple]:
        candidates = [self.game.plain(one) for one in candidates]
        found = self.game.play(candidates, self.worlds, self.seed)
        self.order |= dict(zip(candidates, found))
        if len(self.order) >= max(BUDGETS) // self.worlds:
            raise Spent
        return found

    def front(self, budget: int) -> dict:
        """Of the first that a budget pays for those that none of them dominates."""
        return front(dict(itertools.islice(self.order.items(), budget // self.worlds)))


def front(found: dict) -> dict:
    """Candidates that no other dominates, one of equals."""
    points = np.array(list(found.values()))
    beaten = [((points >= point).all(1) & (points > point).any(1)).any() for point in points]
    first = {point: one for one, point in reversed(found.items())}
    return {one: point for (one, point), is_beaten in zip(found.items(), beaten) if not is_beaten and first[point] == one}


def random_search(tries: Tries) -> None:
    """Candidates at random, each rule uniformly."""
    draw = random.Random(tries.seed)
    while True:
        tries.play([tuple(draw.choice(values) for values in CHOOSE.values()) for _ in range(TOGETHER)])


class Batches(SequentialEvaluator):
    """The workbench's own evaluator, which finds all candidates of a generation played when it asks for one after the other."""

    def __init__(self, model, tries: Tries):
        super().__init__(model)
        self.tries = tries

    def evaluate_experiments(self, scenarios, policies, callback, **more):
        self.tries.play([tuple(policy[key] for key in CHOOSE) for policy in policies])
        super().evaluate_experiments(scenarios, policies, callback, **more)


def workbench(tries: Tries, population: int) -> None:
    """ε-NSGA-II with its default operators over categorical levers."""
    random.seed(tries.seed)
    np.random.seed(tries.seed)

    def play(**rules):
        return dict(zip(OBJECTIVES, tries.play([tuple(rules[key] for key in CHOOSE)])[0]))

    model = Model("accords", function=play)
    model.levers = [CategoricalParameter(key, values) for key, values in CHOOSE.items()]
    model.outcomes = [ScalarOutcome(name, kind=ScalarOutcome.MAXIMIZE) for name in OBJECTIVES]
    with Batches(model, tries) as evaluator:
        evaluator.optimize(nfe=10 * max(BUDGETS) // tries.worlds, epsilons=EPSILONS, population_size=population)


def accords(game: Game, budget: int, seed: int) -> dict:
    """The front of the program's own search as candidates, and what it says of the search."""
    command = [game.program, "accords", *SCENARIO, "-f", game.searched, "--reference", REFERENCE, "--json", "-q"]
    command += ["--plays", budget, "-n", min(WORLDS), "--seed", seed]
    found = common.parse(common.run(command).output)
    candidates = [tuple(one["changes"].get(key, value) for key, value in game.own.items()) for one in found["front"]]
    # What the program says of each in fresh worlds of the seed is what the peers read of it.
    ours = np.array([[one["objectives"][key]["value"] for key in OBJECTIVES] for one in found["front"]])
    apart = np.abs(ours - np.array(game.play(candidates, min(WORLDS), seed))).max()
    assert apart < 1e-9, f"the two do not play the same game: {apart}"
    return {"front": candidates, "search": found["search"]}


def volume(points, worst: np.ndarray, best: np.ndarray) -> float:
    """Hypervolume above the worst values, each objective by its range."""
    points = np.array(list(points))
    return float(HV(ref_point=np.zeros(3))(-(points - worst) / (best - worst)))


def thinned(found: dict) -> list[tuple]:
    """At most FEW of a front, each next the one that adds most hypervolume by the method's own estimates."""
    points = np.array(list(found.values()))
    worst, best = points.min(0) - 1e-9, points.max(0) + 1e-9
    chosen, left = [], list(found)
    while left and len(chosen) < FEW:
        value = lambda one: volume([found[other] for other in [*chosen, one]], worst, best)
        chosen.append(max(left, key=value))
        left.remove(chosen[-1])
    return chosen


def searched(program: str, seed: int, has_peers: bool) -> tuple[dict, dict]:
    """What each method found with a seed: by its name, budget and seed, whole and thinned; and what the program says of its searches."""
    logging.getLogger(ema_logging.LOGGER_NAME).setLevel(logging.ERROR)
    found, said = {}, {}
    peers = {f"random search, {worlds} worlds": (worlds, random_search, ()) for worlds in WORLDS}
    for worlds, population in POPULATIONS:
        peers[f"EMA Workbench, {worlds} worlds, {population} a generation"] = (worlds, workbench, (population,))
    with tempfile.TemporaryDirectory() as name:
        game = Game(program, Path(name))
        for name, (worlds, method, more) in peers.items() if has_peers else ():
            tries = Tries(game, worlds, seed)
            try:
                method(tries, *more)
            except Spent:
                pass
            for budget in BUDGETS:
                own = tries.front(budget)
                found[name, budget, seed] = (list(own), thinned(own))
        for budget in BUDGETS:
            ours = accords(game, budget, seed)
            found["mufakat", budget, seed] = (ours["front"], ours["front"])
            said[budget, seed] = ours["search"]
    return found, said


def spread(values: list[float], form: str) -> str:
    """Median with the range."""
    return f"{statistics.median(values):{form}} ({min(values):{form}} to {max(values):{form}})"


def rows(found: dict, fresh: dict, runs: int):
    """Of each method with each budget the shares of hypervolume and lengths of fronts, whole and thinned."""
    points = np.array(list(fresh.values()))
    worst, best = points.min(0), points.max(0)
    most = volume(points, worst, best)
    for budget, method in itertools.product(BUDGETS, dict.fromkeys(key[0] for key in found)):
        row = [method, f"{budget:,}"]
        for fronts in zip(*(found[method, budget, seed] for seed in range(1, runs + 1))):
            shares = [volume([fresh[one] for one in front], worst, best) / most for front in fronts]
            row += [spread(shares, ".3f"), spread([len(front) for front in fronts], ".0f")]
        yield row


def keep(path: Path, found: dict, said: dict, fresh: dict) -> None:
    """Writes all fronts, what the program says of its searches, and what fresh worlds say of each accord."""
    found = [{"method": key[0], "budget": key[1], "seed": key[2], "whole": whole, "few": few} for key, (whole, few) in found.items()]
    said = [{"budget": key[0], "seed": key[1], **one} for key, one in said.items()]
    fresh = [{"accord": one, "objectives": values} for one, values in fresh.items()]
    path.write_text(json.dumps({"found": found, "said": said, "fresh": fresh}))


def kept(path: Path, runs: int) -> dict:
    """What the peers found in an earlier run, by name, budget and seed."""
    fronts = json.loads(path.read_text())["found"]
    fronts = [one for one in fronts if one["method"] != "mufakat" and one["seed"] <= runs]
    both = lambda one: tuple([tuple(accord) for accord in one[front]] for front in ("whole", "few"))
    return {(one["method"], one["budget"], one["seed"]): both(one) for one in fronts}


def main() -> None:
    parser = common.options(__doc__, runs=5)
    parser.add_argument("--keep", type=Path, help="also write what was found to this file as JSON")
    parser.add_argument("--peers", type=Path, help="take what the peers found from such a file instead of searching again")
    options = parser.parse_args()
    found, said = kept(options.peers, options.runs) if options.peers else {}, {}
    with ProcessPoolExecutor() as pool:
        for each in pool.map(searched, itertools.repeat(options.program), range(1, options.runs + 1), itertools.repeat(not options.peers)):
            found |= each[0]
            said |= each[1]
    every = list(dict.fromkeys(one for whole, _ in found.values() for one in whole))
    with tempfile.TemporaryDirectory() as name:
        fresh = dict(zip(every, Game(options.program, Path(name)).play(every, FRESH_WORLDS, FRESH_SEED)))
    if options.keep:
        keep(options.keep, found, said, fresh)
    print(f"{len(every)} accords on any front.\n")
    header = ["method", "plays", "hypervolume, whole front", "accords", f"at most {FEW}", "accords"]
    common.print_table(header, list(rows(found, fresh, options.runs)))


if __name__ == "__main__":
    main()
