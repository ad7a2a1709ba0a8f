"""A modeller of another field: coastal states that sell fishing access to fleets. Every number of `fishing.toml` is made up.

python fishing.py          # 1,000 worlds
python fishing.py 100      # quicker, and less exact
"""

import pathlib
import sys

import mufakat

SCENARIO = pathlib.Path(__file__).with_name("fishing.toml")


def fees(scenario: mufakat.Scenario) -> dict[str, dict]:
    """What all three states get from fees in a year, USD m: each alone, together, and the difference in the same world."""
    document = scenario.run().document
    arms = {name: arm["totals"]["payoff"] for name, arm in document["arms"].items()}
    return {**arms, "difference": document["comparisons"][0]["totals"]["payoff"]["difference"]}


def main(trials: int) -> None:
    """Prints what a modeller would check first, then what one table and a limit on days bring."""
    scenario = mufakat.load(SCENARIO, trials=trials)
    print(f"{scenario.question}\nThe numbers are illustrations and no data; {trials:,} worlds, 90% of them in brackets, standard errors behind.\n")

    def said(stat: dict, sign: str = "") -> str:
        return f"US$ {stat['mean']:{sign}.1f} m a year ({stat['p05']:{sign}.1f} to {stat['p95']:{sign}.1f}; {stat['se']:.2f})"

    free = fees(scenario)
    print(f"Each state alone, all three get {said(free['alone'])}; one table changes that by {said(free['difference'], '+')}.")

    # A limit on days that binds: no zone has room for what a neighbour refuses. The draws of all else stay as they are.
    limited = fees(scenario.with_({"state.*.hub": 0}))
    print(
        f"Under a limit on days that binds they get {said(limited['alone'])} alone, and one table changes that by {said(limited['difference'], '+')}:"
    )
    print("what gives a table its worth is that fleets can fish next door, so a limit does what the table does.")

    # How well next door must serve a fleet for the table to be worth US$ 5 m a year.
    where = "together.total.payoff.difference = 5"
    solved = scenario.threshold(solve="market.region_efficiency", where=where, trials=min(trials, 200))
    print(f"\n{solved.text(width=100)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
