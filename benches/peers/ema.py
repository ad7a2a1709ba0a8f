"""Experiments a second of a processor of the EMA Workbench with a model that costs next to nothing. `run.py` calls it."""

import time

from ema_workbench import Model, RealParameter, ScalarOutcome, SequentialEvaluator

UNCERTAIN = ("large", "small", "efficiency", "outside", "margin")


def trivial(large=0.0, small=0.0, efficiency=0.0, outside=0.0, margin=0.0):
    """What two states are worth to one hyperscaler, both together and each alone."""
    both = margin * (large + small) * (1 - outside)
    return {"together": both, "alone": both - margin * small * (efficiency - outside)}


def experiments_a_second(count: int) -> float:
    """`count` experiments of a Latin hypercube, the workbench's default, one after the other in this process."""
    model = Model("trivial", function=trivial)
    model.uncertainties = [RealParameter(name, 0.1, 0.9) for name in UNCERTAIN]
    model.outcomes = [ScalarOutcome("together"), ScalarOutcome("alone")]
    start = time.process_time()
    with SequentialEvaluator(model) as evaluator:
        evaluator.perform_experiments(scenarios=count)
    return count / (time.process_time() - start)
