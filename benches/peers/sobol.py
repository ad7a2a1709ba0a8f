"""SALib's analysis of a sample that `peer_sobol` wrote: indices and seconds. `run.py` calls it."""

import time
from pathlib import Path

import numpy as np
from SALib.analyze import sobol

PROBLEM = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[-np.pi, np.pi]] * 3}


def analyse(sample: Path) -> dict:
    """First and total order with intervals of 100 resamples, as is SALib's default."""
    outputs = np.fromfile(sample, "<f8")
    start = time.perf_counter()
    indices = sobol.analyze(PROBLEM, outputs, calc_second_order=False, num_resamples=100, seed=1)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "first": list(indices["S1"]), "total": list(indices["ST"])}
