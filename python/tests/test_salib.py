"""A scenario as a problem of SALib: what it carries, that a batch is its rows, and that indices agree with those of the engine."""

import numpy as np
import pytest
from small import BLOC, EVENT, FRAMEWORK, QUANTITIES, draws, scenario

import mufakat

salib = pytest.importorskip("mufakat.salib", reason="SALib is not installed")
SALib = pytest.importorskip("SALib")

# Most that two estimates may differ, in standard errors of their difference.
FOUR = 4.0


def indices(analysis: dict, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Estimates of SALib and their standard errors: its intervals of 95% are 1.96 of them to either side."""
    return np.asarray(analysis[name]), np.asarray(analysis[f"{name}_conf"]) / 1.96


def test_a_problem_carries_names_bounds_groups_and_outputs():
    problem = salib.problem(scenario(), groups={"power": "state.*"})
    assert sorted(problem["names"]) == sorted([*QUANTITIES, EVENT]) and problem["num_vars"] == 8
    assert problem["bounds"] == [[0.0, 1.0]] * 8 and "dists" not in problem
    assert problem["outputs"] == [FRAMEWORK, BLOC]
    groups = dict(zip(problem["names"], problem["groups"], strict=True))
    assert groups["state.L.bargaining_power"] == groups["state.S.bargaining_power"] == "power" and groups[EVENT] == EVENT
    plain = SALib.ProblemSpec(dict(problem))
    assert plain.sample_latin(8, seed=1).samples.shape == (8, 8)


def test_distributions_that_salib_has_keep_their_values():
    problem = salib.problem(scenario(), form="values")
    laws = dict(zip(problem["names"], zip(problem["dists"], problem["bounds"], strict=True), strict=True))
    assert laws["market.region_efficiency"] == ("unif", [0.5, 0.9])
    name, bounds = laws["state.L.bargaining_power"]
    assert name == "triang" and bounds == pytest.approx([0.3, 0.6, 1 / 3])
    assert laws["hyperscaler.H.operating_margin"] == ("truncnorm", [0.2, 0.6, 0.4, 0.05])
    assert laws["market.outside_efficiency"] == ("unif", [0.0, 1.0])
    assert {path for path, form in problem.forms.items() if form == "quantiles"} == {
        "market.outside_efficiency",
        "bargaining.foresight",
        "state.S.bargaining_power",
        EVENT,
    }


@pytest.mark.parametrize("form", ["values", "quantiles"])
def test_what_salib_samples_is_spread_as_the_scenario_says(form):
    s = scenario()
    sampled = salib.problem(s, form=form).sample_latin(4096, seed=3).values()
    drawn = draws(s, 4096)
    for path in [*QUANTITIES, EVENT]:
        points = np.linspace(0.02, 0.98, 25)
        ours, theirs = (np.quantile(values[path], points) for values in (drawn, sampled))
        counts = [np.mean(drawn[path][:, None] <= theirs, axis=0), np.mean(sampled[path][:, None] <= theirs, axis=0)]
        # A share of n draws has a standard error of 1/(2 sqrt(n)) at most; the Latin hypercube has none to speak of.
        assert np.abs(counts[0] - counts[1]).max() < FOUR * 0.5 / 64, (path, ours, theirs)


def test_a_batch_is_its_rows_one_by_one_and_the_tables_of_a_run():
    s = scenario()
    problem = salib.problem(s, [BLOC, FRAMEWORK, "bloc.state.L.payoff"]).sample_latin(40, seed=1).evaluate()
    assert problem.results.shape == (40, 3)
    arms = s.run(worlds=problem.values())["arms"].to_pandas().pivot(index="trial", columns="arm", values="payoff")
    assert np.array_equal(problem.results[:, 0], (arms["bloc"] - arms["bilateral"]).to_numpy())
    assert np.array_equal(problem.results[:, 1], (arms["framework"] - arms["bilateral"]).to_numpy())
    # Row k is trial k: the last row alone is not what it is as row 0, but is with the chance of its trial.
    rows = problem.samples
    for k in (0, 7, 39):
        assert np.array_equal(problem.function(rows[k : k + 1], trials=[k])[0], problem.results[k])
    alone = np.array([problem.function(rows[k : k + 1])[0, 0] for k in range(40)])
    assert np.any(alone != problem.results[:, 0]), "no talk in this scenario hangs on chance"


def test_chance_that_is_held_makes_equal_rows_equal():
    s = scenario()
    row = np.full((1, 8), 0.6)
    rows = np.repeat(row, 64, axis=0)
    free, held, other = (salib.problem(s, BLOC, chance=chance).function(rows)[:, 0] for chance in ("trial", 3, 4))
    assert len(np.unique(free)) > 1 and len(np.unique(held)) == 1 and held[0] == free[3] and other[0] == free[4]
    mean = salib.problem(s, BLOC, chance=0, replications=64).function(row)[0, 0]
    assert mean == pytest.approx(free.mean(), rel=1e-12)
    twice = salib.problem(s, BLOC, replications=2).function(rows[:32])[:, 0]
    assert twice == pytest.approx(free.reshape(32, 2).mean(axis=1), rel=1e-12)


@pytest.mark.parametrize("second", [False, True])
@pytest.mark.parametrize("groups", [None, {"power": "state.*", "market": "market.*"}])
def test_rows_of_a_saltelli_design_share_chance(second, groups):
    s = scenario()
    problem = salib.problem(s, BLOC, groups=groups, chance="saltelli").sample_sobol(8, calc_second_order=second, seed=2)
    count = len(set(problem["groups"])) if groups else 8
    step = 2 * count + 2 if second else count + 2
    trials = salib.saltelli_trials(problem.samples, problem["groups"])
    assert len(trials) == 8 * step
    first = trials.reshape(8, step)
    assert np.array_equal(first[:, : count + 1], np.repeat(2 * np.arange(8)[:, None], count + 1, axis=1))
    assert np.array_equal(first[:, count + 1 :], np.repeat(2 * np.arange(8)[:, None] + 1, step - count - 1, axis=1))
    found = problem.evaluate().results
    assert np.array_equal(found, problem.function(problem.samples, trials)[:, 0])
    with pytest.raises(ValueError, match="sample_sobol"):
        salib.saltelli_trials(problem.samples[1:], problem["groups"])


def test_first_order_indices_agree_with_those_of_the_engine():
    s = scenario()
    ours = s.sensitivity("sobol", trials=1024, factors=QUANTITIES, output=BLOC).document["outputs"][BLOC]["factors"]
    problem = salib.problem(s, BLOC, factors=QUANTITIES, chance="saltelli").sample_sobol(1024, calc_second_order=False, seed=7).evaluate()
    problem.analyze_sobol(calc_second_order=False, seed=1)
    # Intervals of the engine are those of Student with 7 degrees of freedom: 2.365 standard errors to either side.
    for name in ("S1", "ST"):
        theirs, errors = indices(problem.analysis, name)
        for path, value, error in zip(problem["names"], theirs, errors, strict=True):
            own = ours[path][name]
            own_error = (own["high"] - own["low"]) / 2 / 2.365
            assert abs(own["value"] - value) < FOUR * np.hypot(own_error, error), (path, name, own, value, error)
    # Not in vain: what decides most is told from nothing by both.
    value, error = max(zip(*indices(problem.analysis, "S1"), strict=True))
    assert value > 5 * error


def test_what_cannot_be_is_refused():
    s = scenario()
    for asked in (
        {"factors": "no.such.path"},
        {"form": "numbers"},
        {"chance": -1},
        {"chance": "random"},
        {"replications": 0},
        {"groups": {"a": "no.*"}},
        {"groups": {"a": "state.*", "b": "state.L.*"}},
    ):
        with pytest.raises(ValueError):
            salib.problem(s, **asked)
    with pytest.raises(ValueError, match="nothing is uncertain"):
        salib.problem(mufakat.load("two-states"))
    with pytest.raises(ValueError, match="no samples"):
        salib.problem(s).evaluate()
    with pytest.raises(ValueError, match="8 numbers"):
        salib.problem(s).function(np.zeros((3, 2)))
    with pytest.raises(ValueError, match="quantiles"):
        salib.problem(s).function(np.full((3, 8), 1.5))
