"""An investor: where capital goes, what accords change about it, and which suppliers may lose money.

python investor.py         # 1,000 worlds
python investor.py 100     # quicker, and less exact
"""

import sys

import mufakat

ARM = "bloc"


def main(trials: int) -> None:
    """Prints what an investor would read."""
    scenario = mufakat.load("asean-2027")
    run = scenario.run(trials=trials)
    alone, joint = (run.document["arms"][arm] for arm in ("bilateral", ARM))
    print(f"{trials:,} worlds of {run.document['manifest']['scenario']}; 90% of worlds in brackets, money in US$ bn over 12 years, prices of 2027.\n")

    print("Capital that suppliers put into each state, each state alone, and with one table for all:")
    for state in sorted(scenario.states, key=lambda state: -alone["states"][state]["investment"]["mean"])[:6]:
        one, other = (arm["states"][state]["investment"] for arm in (alone, joint))
        print(f"- {state}: {one['mean']:.1f} ({one['p05']:.1f} to {one['p95']:.1f}); {other['mean']:.1f} ({other['p05']:.1f} to {other['p95']:.1f})")

    print("\nProfit of each supplier, each state alone, what one table takes, and in how many worlds it ends with a loss:")
    comparison = next(one for one in run.document["comparisons"] if (one["arm"], one["reference"]) == (ARM, "bilateral"))
    for supplier in scenario.hyperscalers:
        profit, change = alone["hyperscalers"][supplier]["profit"], comparison["hyperscalers"][supplier]["profit"]["difference"]
        loss = joint["hyperscalers"][supplier]["loss"]
        print(
            f"- {supplier}: {profit['mean']:.1f} ({profit['p05']:.1f} to {profit['p95']:.1f}); "
            f"{change['mean']:+.2f} ({change['p05']:+.2f} to {change['p95']:+.2f}, standard error {change['se']:.2f}); {100 * loss:.0f} of 100 worlds"
        )

    # A circumstance that matters to capital, played in the same worlds: grids in which more can be hosted for neighbours.
    wider = scenario.compare(scenario.with_({"state.MY.hub": 0.8}), trials=trials).document["comparisons"][0]["results"]
    more = wider["bilateral.state.MY.investment"]["difference"]
    print(
        f"\nRoom in Malaysia for 80% of the region's demand would change capital there by {more['mean']:+.1f} "
        f"({more['p05']:+.1f} to {more['p95']:+.1f}, standard error {more['se']:.2f})."
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
