"""An adviser to Indonesia: which way to negotiate, what one rule adds, and what to ask for.

python adviser.py          # 1,000 worlds
python adviser.py 100      # quicker, and less exact
"""

import sys

import mufakat

STATE = "ID"


def more(stat: dict) -> str:
    """A difference in words: its mean, where 90% of worlds lie, and the error of the mean."""
    mean, low, high = (f"{round(stat[name], 1) + 0.0:+.1f}" for name in ("mean", "p05", "p95"))
    return f"US$ {mean} bn (90% of worlds: {low} to {high}; standard error {stat['se']:.2f})"


def main(trials: int) -> None:
    """Prints what an adviser would say."""
    scenario = mufakat.load("asean-2027", trials=trials)
    run = scenario.run()
    print(f"{scenario.question}\n")
    print(f"Over 12 years, in present value of 2027, {STATE} gets from each way to negotiate, against each state alone:")
    against = [one for one in run.document["comparisons"] if one["reference"] == "bilateral"]
    for one in sorted(against, key=lambda one: -one["states"][STATE]["payoff"]["difference"]["mean"]):
        payoff = one["states"][STATE]["payoff"]
        print(f"- {one['arm']}: {more(payoff['difference'])}, better in {100 * payoff['better']:.0f} of 100 worlds")

    # One rule, played in the same worlds: what would it add to bind fully instead of to four fifths?
    now = f"{scenario['arm.bloc.binding']['value']:.0%}"
    changed = scenario.compare(scenario.with_({"arm.bloc.binding": 1})).document["comparisons"][0]["results"]
    print(
        f"\nBinding fully instead of to {now} changes what {STATE} gets in the bloc by {more(changed[f'bloc.state.{STATE}.payoff']['difference'])}."
    )

    print("\nThe note:\n")
    print(scenario.advise(for_=STATE, trials=min(trials, 250)).text(width=100))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
