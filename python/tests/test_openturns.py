"""A scenario as a function and a distribution of OpenTURNS."""

import numpy as np
import pytest
from small import BLOC, EVENT, FRAMEWORK, QUANTITIES, draws, scenario

openturns = pytest.importorskip("mufakat.openturns", reason="OpenTURNS is not installed")
ot = pytest.importorskip("openturns")

FOUR = 4.0

TIED = """
[[correlation]]
between = ["market.region_efficiency", "market.outside_efficiency"]
rho = 0.7

[[correlation]]
between = ["state.*.bargaining_power", "hyperscaler.H.entry_cost"]
rho = -0.4
"""


def test_a_function_has_the_names_of_a_scenario_and_plays_samples_and_points():
    s = scenario()
    function = openturns.function(s, [BLOC, FRAMEWORK])
    worlds = openturns.distribution(s)
    assert sorted(function.getInputDescription()) == sorted([*QUANTITIES, EVENT])
    assert list(function.getOutputDescription()) == [BLOC, FRAMEWORK]
    assert list(worlds.getDescription()) == list(function.getInputDescription())
    ot.RandomGenerator.SetSeed(1)
    sample = worlds.getSample(30)
    found = np.array(function(sample))
    paths = list(function.getInputDescription())
    table = s.run(worlds=dict(zip(paths, np.array(sample).T, strict=True)))["arms"].to_pandas()
    arms = table.pivot(index="trial", columns="arm", values="payoff")
    assert np.array_equal(found[:, 0], (arms["bloc"] - arms["bilateral"]).to_numpy())
    assert np.array_equal(np.array(function(sample[0])), found[0])
    held = openturns.function(s, [BLOC], chance=5)
    assert np.array(held(sample))[5, 0] == found[5, 0] and np.array(held(sample[5]))[0] == found[5, 0]


def test_marginals_are_those_of_the_scenario():
    s = scenario().with_(
        {
            "state.L.digital_gmv": {"dist": "empirical", "values": [90, 100, 100, 130]},
            "hyperscaler.H.market_share": {"dist": "empirical", "values": [0.4, 0.5, 0.9]},
            "state.S.ai_uplift": {"dist": "bernoulli", "p": 0.3},
            "state.S.digital_gmv": {"dist": "normal", "p05": 40, "p95": 60},
        }
    )
    worlds = openturns.distribution(s)
    probabilities = (np.arange(40) + 0.5) / 40
    for index, path in enumerate(worlds.getDescription()):
        if path == EVENT:
            assert worlds.getMarginal(index).computePDF(1.0) == pytest.approx(0.3)
            continue
        own = np.array(s._native.quantiles(path, probabilities.tolist()))
        theirs = np.array([worlds.getMarginal(index).computeQuantile(float(p))[0] for p in probabilities])
        exact = path != "state.L.digital_gmv"
        assert theirs == pytest.approx(own, rel=1e-7 if exact else 0.01), path


def test_correlation_is_the_copula_of_the_scenario():
    s = scenario(TIED)
    ot.RandomGenerator.SetSeed(2)
    trials = 4000
    joint = openturns.distribution(s)
    sample = np.array(joint.getSample(trials))
    paths = list(joint.getDescription())
    own = draws(s, trials)
    rank = lambda values: np.argsort(np.argsort(values))  # noqa: E731
    # A rank correlation of n draws has a standard error of 1/sqrt(n) at most.
    for one, other, expected in (
        ("market.region_efficiency", "market.outside_efficiency", 0.68),
        ("state.L.bargaining_power", "hyperscaler.H.entry_cost", -0.39),
        ("market.region_efficiency", "hyperscaler.H.entry_cost", 0.0),
    ):
        theirs = np.corrcoef(*(rank(sample[:, paths.index(path)]) for path in (one, other)))[0, 1]
        drawn = np.corrcoef(rank(own[one]), rank(own[other]))[0, 1]
        assert abs(theirs - drawn) < FOUR * np.sqrt(2 / trials) and abs(theirs - expected) < FOUR / np.sqrt(trials), (one, other)
    loose = np.array(openturns.distribution(s, correlated=False).getSample(trials))
    pair = [loose[:, paths.index(path)] for path in ("market.region_efficiency", "market.outside_efficiency")]
    assert abs(np.corrcoef(*pair)[0, 1]) < FOUR / np.sqrt(trials)


def test_its_estimator_gives_what_that_of_salib_gives_on_the_same_rows():
    salib = pytest.importorskip("mufakat.salib")
    s = scenario()
    problem = salib.problem(s, BLOC, factors=QUANTITIES, chance="saltelli").sample_sobol(1024, calc_second_order=False, seed=5).evaluate()
    problem.analyze_sobol(calc_second_order=False, seed=1)
    size, count = 1024, len(QUANTITIES)
    # Rows of SALib go by base row, those of OpenTURNS by matrix: A, B, then A with each column of B.
    order = np.arange(size)[:, None] * (count + 2) + np.array([0, count + 1, *range(1, count + 1)])
    rows, found = problem.samples[order.T.ravel()], problem.results[order.T.ravel()]
    algorithm = ot.SaltelliSensitivityAlgorithm(ot.Sample(rows), ot.Sample(found[:, None]), size)
    theirs, errors = np.asarray(problem.analysis["S1"]), np.asarray(problem.analysis["S1_conf"]) / 1.96
    assert np.abs(np.array(algorithm.getFirstOrderIndices()) - theirs).max() < FOUR * errors.max()
    totals, errors = np.asarray(problem.analysis["ST"]), np.asarray(problem.analysis["ST_conf"]) / 1.96
    assert np.abs(np.array(algorithm.getTotalOrderIndices()) - totals).max() < FOUR * errors.max()
    # The function of OpenTURNS gives the same results of the same rows.
    function = openturns.function(s, BLOC, factors=QUANTITIES, form="quantiles", chance=0)
    assert np.array_equal(np.array(function(rows[:50]))[:, 0], salib.problem(s, BLOC, factors=QUANTITIES, chance=0).function(rows[:50])[:, 0])


def test_an_expectation_by_simulation_is_that_of_a_run():
    s = scenario()
    ot.RandomGenerator.SetSeed(3)
    trials = 2000
    function = openturns.function(s, BLOC)
    theirs = np.array(function(openturns.distribution(s).getSample(trials)))[:, 0]
    own = s.run(trials=trials).document["comparisons"]
    mean = next(one for one in own if one["arm"] == "bloc" and one["reference"] == "bilateral")["totals"]["payoff"]["difference"]
    assert abs(theirs.mean() - mean["mean"]) < FOUR * np.hypot(mean["se"], theirs.std() / np.sqrt(trials))
