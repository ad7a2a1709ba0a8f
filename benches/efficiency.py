"""What the bloc's total premium costs to know: time to a 90% interval of ±1% by sampler and with control variates.

    cargo build --release && VENV/bin/python benches/efficiency.py      (VENV as for benches/peers/run.py)

The premium is the mean over worlds of all states' payoff as `bloc` less that as `bilateral`, in the baseline with these two arms. Its
true standard error is the spread of the means of independent seeds, to which the one that each run reports is compared. `--runs` is the
number of seeds; 60 take about fifteen minutes, 10 give a rough idea. Runs of 8,192 worlds have a tenth of the seeds.
"""

import math
import statistics
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

import common

SAMPLERS = ("random", "antithetic", "latin-hypercube", "sobol")
SIZES = {256: 1, 1024: 1, 8192: 10}
"""Worlds of a run, and by how much fewer seeds have a run of so many."""
NORMAL_90, STUDENT_90 = 1.6449, 1.7531
"""Half width of a 90% interval in standard errors that are known, or estimated from 16 replicates of a stratified design."""
REPLICATED = ("latin-hypercube", "sobol")
WIDTH = 0.01
"""Half width that is asked for, as a share of the premium."""
PILOT, TEST = 4096, 16384
"""Worlds on which coefficients of control variates are estimated, and others on which their worth is."""
CONTROLS = (1, 3, 10, 30, 100)


def premium(options, overlay: Path, sampler: str, worlds: int, seed: int) -> tuple[float, float, float]:
    """Mean, reported standard error, and seconds of processors of one run."""
    command = [options.program, "run", common.BASELINE, "-f", overlay, "-S", f"simulation.sampler={sampler}"]
    finished = common.run([*command, "-n", worlds, "--seed", seed, "-j", 1, "--json", "-q"])
    comparison = next(c for c in common.parse(finished.output)["comparisons"] if (c["arm"], c["reference"]) == ("bloc", "bilateral"))
    difference = comparison["totals"]["payoff"]["difference"]
    return difference["mean"], difference["se"], finished.processor


def cost(sampler: str, error: float, seconds: float, mean: float) -> float:
    """Seconds to the interval asked for, from the standard error of one run and its time, variance falling with worlds."""
    half = STUDENT_90 if sampler in REPLICATED else NORMAL_90
    return seconds * (half * error / (WIDTH * mean)) ** 2


def by_sampler(options, overlay: Path) -> None:
    """A table of standard errors, time per world, time to the interval and its ratio to plain Monte Carlo."""
    rows = []
    for worlds, fewer in SIZES.items():
        seeds = max(2, options.runs // fewer)
        runs = {sampler: [] for sampler in SAMPLERS}
        for seed in range(1, seeds + 1):
            for sampler, results in runs.items():
                results.append(premium(options, overlay, sampler, worlds, seed))
        mean = statistics.mean(run[0] for results in runs.values() for run in results)
        plain = None
        for sampler, results in runs.items():
            means, errors, seconds = zip(*results)
            true, reported = statistics.stdev(means), math.sqrt(statistics.mean(e * e for e in errors))
            spent = statistics.median(seconds)
            needed = [cost(sampler, error, spent, mean) for error in (true, reported)]
            plain = plain or needed
            ratios = [p / n for p, n in zip(plain, needed)]
            figures = [f"{true:.4f}", f"{reported:.4f}", common.duration(spent / worlds), *map(common.duration, needed)]
            rows.append([f"{sampler}, {worlds:,} worlds, {seeds} seeds", *figures, *(f"{ratio:.2f}" for ratio in ratios)])
        doubt = 100 / math.sqrt(2 * (seeds - 1))
        print(f"{worlds:,} worlds: premium {mean:.4f} bn; true errors from {seeds} seeds are off by {doubt:.0f}%, ratios by {math.sqrt(8) * doubt:.0f}%.")
    print()
    header = ["design", "true error", "reported", "time a world", "to ±1% (true)", "(reported)", "ratio to plain (true)", "(reported)"]
    common.print_table(header, rows)


def known_mean(spec: dict) -> float | None:
    """The mean of a quantity's distribution, where it is one that the baseline has."""
    if spec.get("dist") == "pert":
        low, width, alpha, beta = common.beta_of_pert(spec)
        return low + width * alpha / (alpha + beta)
    return spec["p"] if spec.get("dist") == "bernoulli" else None


def turned(path: str) -> str:
    """The path of a link with its ends the other way round."""
    _, one, other, key = path.split(".")
    return f"link.{other}.{one}.{key}"


def sample(options, overlay: Path, worlds: int, seed: int, folder: Path) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Draws, payoff of all states alone, and premium of each world; each draw less its known mean."""
    out = folder / f"seed-{seed}"
    common.run([options.program, "run", common.BASELINE, "-f", overlay, "-n", worlds, "--seed", seed, "-o", out, "-q"])
    draws = pd.read_csv(out / "draws.csv").drop(columns="trial")
    totals = pd.read_csv(out / "arms.csv").pivot(index="trial", columns="arm", values="payoff")
    specs = dict(common.quantities(common.read(out / "scenario.resolved.toml")))
    means = {path: known_mean(specs.get(path) or specs[turned(path)]) for path in draws.columns}
    return draws - pd.Series(means), totals["bilateral"].to_numpy(), (totals["bloc"] - totals["bilateral"]).to_numpy()


def with_controls(options, overlay: Path, folder: Path) -> None:
    """How much variance linear controls take away, with coefficients from another sample."""
    x, alone, y = sample(options, overlay, PILOT, 1001, folder)
    x_test, alone_test, y_test = sample(options, overlay, TEST, 1002, folder)
    correlation = np.abs([np.corrcoef(x[path], y)[0, 1] for path in x.columns])
    order = [x.columns[k] for k in np.argsort(-correlation)]
    rows = []
    for count in (*CONTROLS, len(order)):
        rows.append(controlled(f"the {count} draws that correlate most", x[order[:count]], y, x_test[order[:count]], y_test))
    squares = [(part**2 - (part**2).mean()).add_suffix(" squared") for part in (x[order[:10]], x_test[order[:10]])]
    both = [part[order[:30]].join(square) for part, square in zip((x, x_test), squares)]
    rows.append(controlled("30 draws and the squares of 10", both[0], y, both[1], y_test))
    print("### Control variates with plain sampling\n")
    common.print_table([f"controls, coefficients from {PILOT:,} other worlds", "variance left", "ratio to plain"], rows)
    print("Most correlated:", ", ".join(f"`{path}` ({c:.2f})" for path, c in zip(order[:5], -np.sort(-correlation))) + ".\n")
    two_levels(options, overlay, folder, np.corrcoef(alone_test, y_test)[0, 1])


def controlled(what: str, x: pd.DataFrame, y: np.ndarray, x_test: pd.DataFrame, y_test: np.ndarray) -> list[str]:
    """A row: the variance of y less a linear function of controls with mean 0, as a share of that of y."""
    design = np.column_stack([np.ones(len(y)), x.to_numpy()])
    coefficients = np.linalg.lstsq(design, y, rcond=None)[0][1:]
    left = np.var(y_test - x_test.to_numpy() @ coefficients) / np.var(y_test)
    return [what, f"{100 * left:.0f}%", f"{1 / left:.2f}"]


def two_levels(options, overlay: Path, folder: Path, rho: float) -> None:
    """The bilateral total as control: its mean is not known, but more worlds of it alone cost less than worlds of both arms."""
    alone = common.write_overlay(folder / "alone.toml", common.read(common.BASELINE), ["bilateral"])
    times = [premium_time(options, path) for path in (alone, overlay)]
    cheap = times[0] / times[1]
    best = (math.sqrt(1 - rho**2) + math.sqrt(rho**2 * cheap)) ** 2
    ratio = 1 / best if rho**2 > cheap / (1 + cheap) else 1.0
    print(f"The bilateral total correlates with the premium at {rho:.2f} and costs {100 * cheap:.0f}% of a world of both arms:")
    print(f"as a control whose mean comes from further worlds of it alone it is worth a ratio of {ratio:.2f} at best.\n")


def premium_time(options, overlay: Path) -> float:
    """Seconds of processors of 1,024 worlds, a median."""
    command = [options.program, "run", common.BASELINE, "-f", overlay, "-n", 1024, "-j", 1, "--json", "-q"]
    return statistics.median(common.run(command).processor for _ in range(5))


def main() -> None:
    options = common.options(__doc__, runs=60).parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        overlay = common.write_overlay(folder / "two.toml", common.read(common.BASELINE), ["bilateral", "bloc"])
        by_sampler(options, overlay)
        with_controls(options, overlay, folder)


if __name__ == "__main__":
    main()
