"""A researcher: which assumptions decide an answer, by the tools of others, on the same model.

pip install 'mufakat[ema,salib]'
python researcher.py          # designs of 1,024 rows
python researcher.py 64       # quicker, and less exact
"""

import sys

import numpy as np

import mufakat
import mufakat.salib

RESULT = "bloc.total.payoff.difference"
FACTORS = ["bargaining.foresight", "market.*_efficiency", "market.capex_intensity", "dynamics.*"]


def main(rows: int) -> None:
    """Prints Sobol' indices, then the worlds in which the answer turns, each with its error."""
    scenario = mufakat.load("asean-2027")

    # Rows of a Saltelli design that are compared share the chance of the talks, and what is no factor is drawn.
    problem = mufakat.salib.problem(scenario, RESULT, factors=FACTORS, chance="saltelli")
    problem.sample_sobol(rows, calc_second_order=False, seed=1).evaluate().analyze_sobol(calc_second_order=False, seed=1)
    found = problem.analysis
    print(f"Share of the variance of {RESULT} that each assumption explains by itself (S1) and with others (ST), in points, with intervals of 95%;")
    print(f"{len(problem.results):,} worlds in one call of the engine, {np.nanmean(problem.results):.1f} US$ bn on average:")
    for place in np.argsort(-found["ST"]):
        first, total = (f"{100 * found[name][place]:.0f} ± {100 * found[f'{name}_conf'][place]:.0f}" for name in ("S1", "ST"))
        print(f"- {problem['names'][place]}: {first}; {total}")

    # The same question to the engine: in which worlds does one table bring less than rules alone?
    trials = 4 * rows
    boxes = scenario.discover(when="bloc.total.payoff < framework.total.payoff", trials=trials, factors=FACTORS).document
    print(f"\nOne table brings less than rules at separate tables in {100 * boxes['share']:.0f} of 100 worlds ({trials:,} worlds).")
    for box in boxes["boxes"][:1]:
        limits = " and ".join(
            f"{path} in {low if low is not None else '...'} to {high if high is not None else '...'}" for path, (low, high) in box["limits"].items()
        )
        print(f"Mostly where {limits}: {100 * box['coverage']:.0f}% of these worlds, {100 * box['density']:.0f}% of the worlds inside.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1024)
