"""The bilateral arm in Python with numba: sections 2 to 5 and 8 of the model for `mode = "bilateral"`, pairs in the listed order.

Written as one would who wants it fast: worlds lie side by side in arrays, a compiled kernel (kernel.py) plays them one by one, in parallel
where asked. `run.py` checks its payoffs against the engine's on the engine's own draws and times both. Nash's solution without cash, deals
that count on what is expected (not the random order), no `peers` and no events: what else a scenario may ask is refused.
"""

import math

import numpy as np
from common import beta_of_pert
from kernel import play_worlds
from scipy.special import betaincinv

SHARED = (
    "market.region_efficiency market.outside_efficiency market.capex_intensity market.capital_charge market.coverage_rate "
    "market.contingent_share market.talent_elasticity market.ramp_years market.remote_value market.data_drag market.diversion "
    "bargaining.foresight dynamics.talent_rate dynamics.compute_rate dynamics.dependency_rate dynamics.lock_in dynamics.sunk "
    "dynamics.power_gain dynamics.repricing dynamics.repricing_foresight dynamics.stranded dynamics.asset_decay"
).split()
STATE = (
    "gdp gdp_growth digital_gmv gmv_growth ai_spend_share ai_uplift talent infrastructure compute residency strictness hub "
    "bargaining_power discount_rate"
).split()
SUPPLIER = "market_share operating_margin discount_rate entry_cost compliance_cost capex_budget".split()
TERM = (
    "state_value state_curvature cost cost_curvature min max talent_effect compute_effect portability_effect price_effect"
).split()
PAIR = "fit feasible hosted dependency asset".split()
DEFAULTS = {"capex_budget": math.inf, "hub": 1.0, "strictness": 1.0, "max": 1.0, "fit": 1.0, "feasible": 1.0, "repricing_foresight": 1.0}


class Worlds:
    """Arrays of all quantities, world by world, from a resolved scenario and `draws`: the values of each uncertain path."""

    def __init__(self, scenario: dict, draws: dict[str, np.ndarray], count: int):
        refuse_others(scenario)
        self.draws, self.count = draws, count
        states, suppliers, terms = (scenario[key] for key in ("state", "hyperscaler", "term"))
        ids, homes, names = ([item["id"] for item in items] for items in (states, suppliers, terms))
        n, m = len(ids), len(homes)
        self.years, self.windows = float(scenario["horizon"]["window_years"]), scenario["horizon"]["windows"]
        self.growth = scenario["market"].get("uplift_is", "growth") == "growth"
        self.shared = self.filled(len(SHARED))
        for at, path in enumerate(SHARED):
            section, key = path.split(".")
            self.put(self.shared[:, at], path, scenario.get(section, {}).get(key, DEFAULTS.get(key, 0.0)))
        self.state = self.table("state", states, STATE)
        self.supplier = self.table("hyperscaler", suppliers, SUPPLIER)
        self.term = self.table("term", terms, TERM)
        self.value = self.multipliers("state", states, "values", names)
        self.cost = self.multipliers("hyperscaler", suppliers, "costs", names)
        self.pair = self.filled(n, m, len(PAIR))
        for at, key in enumerate(PAIR):
            self.pair[:, :, :, at] = DEFAULTS.get(key, 0.0)
        for pair in scenario.get("pair", []):
            i, h = ids.index(pair["state"]), homes.index(pair["hyperscaler"])
            for at, key in enumerate(PAIR):
                self.put(self.pair[:, i, h, at], f"pair.{pair['state']}.{pair['hyperscaler']}.{key}", pair.get(key, DEFAULTS.get(key, 0.0)))
        self.efficiency = np.repeat(self.shared[:, :1], n * n, axis=1).reshape(count, n, n)
        for link in scenario.get("link", []):
            i, j = (ids.index(end) for end in link["between"])
            for path in (f"link.{ids[i]}.{ids[j]}.efficiency", f"link.{ids[j]}.{ids[i]}.efficiency"):
                if path in draws or not isinstance(link["efficiency"], dict):
                    self.put(self.efficiency[:, i, j], path, link["efficiency"])
            self.efficiency[:, j, i] = self.efficiency[:, i, j]

    def filled(self, *shape: int, value: float = 0.0) -> np.ndarray:
        return np.full((self.count, *shape), value)

    def put(self, column: np.ndarray, path: str, value) -> None:
        """The draws of a path, or its constant."""
        if path in self.draws:
            column[:] = self.draws[path]
        else:
            column[:] = value["value"] if isinstance(value, dict) else value

    def table(self, section: str, items: list[dict], keys: list[str]) -> np.ndarray:
        out = self.filled(len(items), len(keys))
        for at, item in enumerate(items):
            for column, key in enumerate(keys):
                self.put(out[:, at, column], f"{section}.{item['id']}.{key}", item.get(key, DEFAULTS.get(key, 0.0)))
        return out

    def multipliers(self, section: str, items: list[dict], key: str, names: list[str]) -> np.ndarray:
        out = self.filled(len(items), len(names), value=1.0)
        for at, item in enumerate(items):
            for column, name in enumerate(names):
                path = f"{section}.{item['id']}.{key}.{name}"
                self.put(out[:, at, column], path, item.get(key, {}).get(name, 1.0))
        return out

    def play(self) -> np.ndarray:
        """Payoff of each state in each world, discounted, USD bn."""
        arrays = (self.shared, self.state, self.supplier, self.term, self.value, self.cost, self.pair, self.efficiency)
        return play_worlds(*arrays, self.years, self.windows, self.growth)


def refuse_others(scenario: dict) -> None:
    """Ends with an error where the kernel would play another game than the scenario says."""
    rules, peers = scenario["bargaining"], scenario["market"].get("peers", 0.0)
    peers = peers.get("value") if isinstance(peers, dict) else peers
    plays = (
        rules.get("solution", "nash") == "nash",
        not rules.get("transfers", False),
        rules.get("order") == "listed",
        rules.get("others", "nash-in-nash") == "nash-in-nash",
        peers == 0.0,
        not scenario.get("event"),
        len(scenario["state"]) <= 62,
    )
    if not all(plays):
        raise ValueError("the kernel plays the rules of the baseline alone")


def draw(quantities, count: int, seed: int, inverse: bool) -> dict[str, np.ndarray]:
    """Worlds drawn by numpy, or with `inverse` by inverse distribution functions of uniforms, which designs and correlations need.

    `quantities`: (path, value) as in a resolved scenario.
    """
    rng = np.random.default_rng(seed)
    draws = {}
    for path, spec in quantities:
        kind = spec.get("dist") if isinstance(spec, dict) else None
        if kind == "pert":
            low, width, alpha, beta = beta_of_pert(spec)
            unit = betaincinv(alpha, beta, rng.random(count)) if inverse else rng.beta(alpha, beta, count)
            draws[path] = low + width * unit
        elif kind == "bernoulli":
            draws[path] = (rng.random(count) < spec["p"]).astype(float)
        elif kind is not None:
            raise ValueError(f"{path}: the baseline has no {kind}")
    return draws
