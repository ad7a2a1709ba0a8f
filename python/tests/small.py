"""A small scenario for the tests of what other tools see: seven uncertain numbers, one of each kind of distribution, an event, and chance."""

import numpy as np

import mufakat

TEXT = """
schema = 1
extends = "two-states"
name = "small"

[simulation]
trials = 200
seed = 5

[market]
region_efficiency = { dist = "uniform", min = 0.5, max = 0.9 }
outside_efficiency = { dist = "pert", min = 0.1, mode = 0.3, max = 0.5 }

[bargaining]
order = "random"
foresight = { dist = "beta", alpha = 2, beta = 1 }

[[hyperscaler]]
id = "H"
operating_margin = { dist = "normal", mean = 0.4, sd = 0.05, min = 0.2, max = 0.6 }
entry_cost = { p05 = 0.01, p95 = 0.06 }

[[state]]
id = "L"
bargaining_power = { dist = "triangular", min = 0.3, mode = 0.4, max = 0.6 }

[[state]]
id = "S"
bargaining_power = { dist = "discrete", values = [0.3, 0.4, 0.5], weights = [1, 2, 1] }

[[arm]]
name = "bloc"
join = 0.8

[[event]]
name = "boom"
year = 2027
probability = 0.3
set = { "market.capex_intensity" = 0.7 }
"""

EVENT = "event.boom.came"
QUANTITIES = [
    "bargaining.foresight",
    "hyperscaler.H.entry_cost",
    "hyperscaler.H.operating_margin",
    "market.outside_efficiency",
    "market.region_efficiency",
    "state.L.bargaining_power",
    "state.S.bargaining_power",
]
BLOC = "bloc.total.payoff.difference"
FRAMEWORK = "framework.total.payoff.difference"


def scenario(more: str = "") -> mufakat.Scenario:
    """The scenario, with more text behind it."""
    return mufakat.scenario(TEXT + more)


def draws(s: mufakat.Scenario, trials: int) -> dict[str, np.ndarray]:
    """The worlds of a run, by path."""
    table = s.run(trials=trials)["draws"]
    frame = table.to_pandas()
    return {path: frame[path].to_numpy(dtype=float) for path in [*QUANTITIES, EVENT]}
