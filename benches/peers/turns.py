"""OpenTURNS' estimators of Sobol' indices: those and seconds. `run.py` calls it."""

import time
from pathlib import Path

import numpy as np
import openturns as ot

ot.TBB.Disable()


def blocks(points: np.ndarray, outputs: np.ndarray, replicates: int) -> list[tuple[ot.Sample, ot.Sample, int]]:
    """Of each replicate the points and outputs of A, B and A with each column of B, below each other, and the rows of one matrix."""
    matrices = points.shape[1] + 2
    rows = len(outputs) // (replicates * matrices)
    parts = zip(np.split(points, replicates), np.split(outputs, replicates))
    return [(ot.Sample(x), ot.Sample(y[:, None]), rows) for x, y in parts]


def of_matrices(parts: list[tuple[ot.Sample, ot.Sample, int]]) -> tuple[np.ndarray, np.ndarray, float]:
    """First and total order of each replicate, and seconds: the estimators that the program has too, of Mauntz and Kucherenko and of Jansen."""
    start = time.perf_counter()
    first, total = [], []
    for design in parts:
        first.append(ot.MauntzKucherenkoSensitivityAlgorithm(*design).getFirstOrderIndices())
        total.append(ot.JansenSensitivityAlgorithm(*design).getTotalOrderIndices())
    return np.array(first), np.array(total), time.perf_counter() - start


def other_estimators(parts: list[tuple[ot.Sample, ot.Sample, int]]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Means over replicates of first and total order by the other estimators that it has."""
    found = {}
    for name in ("Saltelli", "Martinez", "Jansen"):
        algorithms = [getattr(ot, f"{name}SensitivityAlgorithm")(*design) for design in parts]
        orders = ([getattr(one, f"get{order}OrderIndices")() for one in algorithms] for order in ("First", "Total"))
        found[name] = tuple(np.mean(order, axis=0) for order in orders)
    return found


def by_variance_of_all(indices: np.ndarray, outputs: np.ndarray, replicates: int, total: bool) -> np.ndarray:
    """Its indices of each replicate as shares of the variance of A and B, as the program has them, not of A alone."""
    matrices = indices.shape[1] + 2
    out = np.empty_like(indices)
    for at, y in enumerate(np.split(outputs, replicates)):
        a, b = (half for half in np.split(y, matrices)[:2])
        both = 0.5 * (a.var() + b.var()) + 0.25 * (a.mean() - b.mean()) ** 2
        # Sums over N rows are divided by N − 1, those of Jansen's squares over 2N by 2N − 1.
        divisor = (2 * len(a) - 1) / (2 * len(a) - 2) if total else 1.0
        out[at] = indices[at] * a.var() / both * divisor
    return out


def by_ranks(points: np.ndarray, outputs: np.ndarray) -> tuple[np.ndarray, float, float]:
    """First order of any rows by their ranks, seconds of the processor without its intervals and with them."""
    x, y = ot.Sample(points), ot.Sample(outputs[:, None])
    start = time.process_time()
    algorithm = ot.RankSobolSensitivityAlgorithm(x, y)
    first = algorithm.getFirstOrderIndices()
    middle = time.process_time()
    algorithm.getFirstOrderIndicesInterval()
    return np.array(first), middle - start, time.process_time() - start


def analyse(sample: Path, factors: int = 3) -> dict:
    """First and total order with intervals of 100 resamples of a sample that `peer_sobol` wrote row by row: A, A_B of each factor, B."""
    outputs = np.fromfile(sample, "<f8").reshape(-1, factors + 2)
    outputs = outputs[:, [0, factors + 1, *range(1, factors + 1)]].T.ravel()
    # Its estimators read of the points how many columns there are.
    [(points, values, rows)] = blocks(np.zeros((len(outputs), factors)), outputs, 1)
    start = time.perf_counter()
    estimators = (ot.MauntzKucherenkoSensitivityAlgorithm(points, values, rows), ot.JansenSensitivityAlgorithm(points, values, rows))
    for estimator in estimators:
        estimator.setUseAsymptoticDistribution(False)
        estimator.setBootstrapSize(100)
    first, total = estimators[0].getFirstOrderIndices(), estimators[1].getTotalOrderIndices()
    estimators[0].getFirstOrderIndicesInterval(), estimators[1].getTotalOrderIndicesInterval()
    seconds = time.perf_counter() - start
    rescaled = (by_variance_of_all(np.array([found]), outputs, 1, found is total)[0] for found in (first, total))
    return {"seconds": seconds} | dict(zip(("first", "total"), map(list, rescaled)))
