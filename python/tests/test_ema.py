"""A scenario as a model of the EMA Workbench: parameters, batches, optimisation, and boxes of PRIM against our own."""

import pickle

import numpy as np
import pytest
from small import BLOC, EVENT, FRAMEWORK, QUANTITIES, draws, scenario

ema = pytest.importorskip("mufakat.ema", reason="the EMA Workbench is not installed")
workbench = pytest.importorskip("ema_workbench")

# Version 2.5 has a class for each; from 3 on both are samples.
World = getattr(workbench, "Sample", None) or workbench.Scenario
Policy = getattr(workbench, "Sample", None) or workbench.Policy
IS_OLD = hasattr(workbench, "Scenario")

LEVERS = {"arm.bloc.binding": (0, 1), "bargaining.transfers": None, "market.capex_intensity": [0.3, 0.5]}


def worlds_of(values: dict[str, np.ndarray]) -> list:
    """Scenarios of the workbench, one for each row."""
    count = len(next(iter(values.values())))
    return [World(f"world {row}", **{path: column[row] for path, column in values.items()}) for row in range(count)]


def test_parameters_are_those_of_the_scenario():
    model = ema.model(scenario(), LEVERS, {BLOC: "maximize", FRAMEWORK: "info"}, name="small")
    assert sorted(one.name for one in model.uncertainties) == sorted([*QUANTITIES, EVENT])
    bounds = {one.name: (float(one.lower_bound), float(one.upper_bound)) for one in model.uncertainties}
    assert bounds["market.region_efficiency"] == (0.5, 0.9) and bounds[EVENT] == (0.0, 1.0)
    low, high = bounds["hyperscaler.H.entry_cost"]
    # Of a lognormal with 5% and 95% points 0.01 and 0.06: 1 and 999 of 1,000 draws.
    sigma = np.log(6) / (2 * 1.6448536)
    assert low == pytest.approx(np.sqrt(0.0006) * np.exp(-3.0902323 * sigma)) and high == pytest.approx(np.sqrt(0.0006) * np.exp(3.0902323 * sigma))
    kinds = {one.name: type(one).__name__ for one in model.levers}
    assert kinds == {
        "arm.bloc.binding": "RealParameter",
        "bargaining.transfers": "BooleanParameter",
        "market.capex_intensity": "CategoricalParameter",
    }
    assert {one.name: one.kind for one in model.outcomes} == {BLOC: 1, FRAMEWORK: 0}
    by_default = ema.model(scenario())
    assert {one.name for one in by_default.outcomes} == {BLOC, FRAMEWORK} and not list(by_default.levers)
    chosen = ema.model(scenario(), ["state.L.bargaining_power"], uncertainties=["state.*", "market.*"])
    assert {one.name for one in chosen.uncertainties} == {"state.S.bargaining_power", "market.region_efficiency", "market.outside_efficiency"}
    (power,) = chosen.levers
    assert (power.lower_bound, power.upper_bound) == (0.3, 0.6)


@pytest.mark.parametrize("form", ["values", "quantiles"])
def test_samples_are_spread_as_the_scenario_says(form):
    s = scenario()
    model = ema.model(s, outcomes=[BLOC], form=form)
    np.random.seed(1)
    experiments, _ = workbench.perform_experiments(model, scenarios=2000, evaluator=ema.Evaluator(model))
    sampled, drawn = model.values(experiments), draws(s, 2000)
    for path in [*QUANTITIES, EVENT]:
        points = np.quantile(drawn[path], [0.1, 0.3, 0.5, 0.7, 0.9])
        shares = [np.mean(values[path][:, None] <= points, axis=0) for values in (drawn, sampled)]
        # A share of n draws has a standard error of 1/(2 sqrt(n)) at most; the Latin hypercube has none to speak of.
        assert np.abs(shares[0] - shares[1]).max() < 4 * 0.5 / np.sqrt(2000), path


def test_ranges_are_even():
    model = ema.model(scenario(), outcomes=[BLOC], form="ranges")
    kinds = {one.name: type(one).__name__ for one in model.uncertainties}
    assert kinds[EVENT] == "BooleanParameter" and kinds["state.S.bargaining_power"] == "CategoricalParameter"
    np.random.seed(1)
    experiments, _ = workbench.perform_experiments(model, scenarios=400, evaluator=ema.Evaluator(model))
    assert experiments["market.outside_efficiency"].mean() == pytest.approx(0.3, abs=0.01)
    assert experiments["state.L.bargaining_power"].mean() == pytest.approx(0.45, abs=0.01)
    assert experiments[EVENT].astype(float).mean() == pytest.approx(0.5, abs=0.01)


def test_a_batch_is_its_rows_and_the_tables_of_a_run_under_every_policy():
    s = scenario()
    model = ema.model(s, LEVERS, [BLOC, "bloc.window.0.accord.size"])
    values = draws(s, 24)
    policies = [
        Policy("as it is", **{"arm.bloc.binding": 1.0, "bargaining.transfers": True, "market.capex_intensity": 0.5}),
        Policy("other", **{"arm.bloc.binding": 0.4, "bargaining.transfers": False, "market.capex_intensity": 0.3}),
    ]
    calls = []
    evaluate = type(s).evaluate

    def counted(self, *args, **kwargs):
        calls.append(len(next(iter(args[0].values()))))
        return evaluate(self, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(s), "evaluate", counted)
        experiments, outcomes = workbench.perform_experiments(model, worlds_of(values), policies, evaluator=ema.Evaluator(model))
    assert calls == [24, 24]
    for number, policy in enumerate(policies):
        rows = (experiments["policy"] == policy.name).to_numpy()
        setting = s.with_({path: policy[path] for path in LEVERS})
        arms = setting.run(worlds=values)["arms"].to_pandas().pivot(index="trial", columns="arm", values="payoff")
        expected = (arms["bloc"] - arms["bilateral"]).to_numpy()
        assert np.array_equal(outcomes[BLOC][rows], expected), policy.name
        assert np.array_equal(experiments.loc[rows, "market.region_efficiency"], values["market.region_efficiency"])
        assert number or np.array_equal(
            expected,
            s.run(trials=24)["arms"].to_pandas().pivot(index="trial", columns="arm", values="payoff").pipe(lambda a: a["bloc"] - a["bilateral"]),
        )


def test_evaluators_of_the_workbench_play_the_same_where_chance_is_held():
    s = scenario()
    model = ema.model(s, {"arm.bloc.binding": (0, 1)}, [BLOC], chance=2)
    worlds = worlds_of(draws(s, 6))
    policies = [Policy("low", **{"arm.bloc.binding": 0.2}), Policy("high", **{"arm.bloc.binding": 1.0})]
    _, batch = workbench.perform_experiments(model, worlds, policies, evaluator=ema.Evaluator(model))
    _, single = workbench.perform_experiments(model, worlds, policies)
    assert np.array_equal(batch[BLOC], single[BLOC])
    copied = pickle.loads(pickle.dumps(model))
    _, again = workbench.perform_experiments(copied, worlds, policies, evaluator=ema.Evaluator(copied))
    assert np.array_equal(batch[BLOC], again[BLOC])


def test_what_a_world_has_not_is_nan():
    s = scenario()
    values = draws(s, 6) | {"hyperscaler.H.entry_cost": np.array([0.02, 50, 0.02, 50, 0.02, 50])}
    model = ema.model(s, outcomes=["bilateral.total.gini", "bilateral.total.deals"])
    _, outcomes = workbench.perform_experiments(model, worlds_of(values), evaluator=ema.Evaluator(model))
    # Where no deal is made nobody has anything to be unequal in.
    assert np.array_equal(outcomes["bilateral.total.deals"], [2, 0, 2, 0, 2, 0])
    assert np.array_equal(np.isnan(outcomes["bilateral.total.gini"]), [False, True] * 3)


def test_optimisation_finds_the_best_setting(tmp_path):
    s = scenario()
    # What is no quantity of the workbench is drawn: 64 worlds for each setting, the same for all.
    model = ema.model(s, {"state.L.bargaining_power": (0.3, 0.6)}, {"bilateral.state.L.payoff": "maximize"}, uncertainties=[EVENT], replications=64)
    files = {} if IS_OLD else {"directory": str(tmp_path), "filename": "archive.tar.gz"}
    reference = World("no boom", **{EVENT: 0})
    with ema.Evaluator(model) as evaluator:
        found = evaluator.optimize(nfe=100, epsilons=[1e-4], reference=reference, population_size=20, **files)
    best = (found if IS_OLD else found[0]).iloc[0]
    # More power brings more at every table.
    assert best["state.L.bargaining_power"] > 0.57
    setting = s.with_({"state.L.bargaining_power": best["state.L.bargaining_power"], "event.boom.probability": 0})
    expected = setting.run(trials=64).document["arms"]["bilateral"]["states"]["L"]["payoff"]["mean"]
    assert best["bilateral.state.L.payoff"] == pytest.approx(expected, rel=1e-12)


def test_what_cannot_be_is_refused():
    s = scenario()
    with pytest.raises(ValueError, match="which values"):
        ema.model(s, ["arm.bloc.binding"])
    for levers in ({"arm.bloc.binding": (1, 0)}, {"arm.bloc.binding": [1]}, {"arm.bloc.binding": "high"}):
        with pytest.raises(ValueError, match=r"lever arm\.bloc\.binding"):
            ema.model(s, levers)
    for asked in ({"outcomes": {BLOC: "best"}}, {"form": "numbers"}, {"chance": -1}, {"replications": 0}, {"uncertainties": "no.*"}):
        with pytest.raises(ValueError):
            ema.model(s, **asked)
    with pytest.raises(ValueError, match="no model of mufakat"):
        ema.Evaluator(workbench.Model("other", function=lambda: {}))


def test_prim_of_the_workbench_gives_the_box_of_discover():
    """Both name the same paths, cover as much as densely, and draw the limits where worlds that are drawn again would let them lie."""
    prim = pytest.importorskip("ema_workbench.analysis.prim")
    s = scenario().with_({"arm.bloc.join": 1, "event.boom.probability": 0})
    trials, level = 1000, 0.25
    (ours, *_) = s.discover(when=f"bilateral.total.payoff < {level}", trials=trials).document["boxes"]
    model = ema.model(s, outcomes=["bilateral.total.payoff"], uncertainties=QUANTITIES)
    values = draws(s, trials)
    worlds = worlds_of({path: values[path] for path in QUANTITIES})
    experiments, outcomes = workbench.perform_experiments(model, worlds, evaluator=ema.Evaluator(model))
    frame, hits = experiments[QUANTITIES], (outcomes["bilateral.total.payoff"] < level).astype(int)

    def box(rows: np.ndarray) -> tuple[float, float, dict[str, tuple[float, float]]]:
        """Of the peeling trajectory the box that covers as much as ours: coverage, density, limits of what is told from chance (quasi-p under 5%)."""
        found = prim.Prim(frame.iloc[rows].reset_index(drop=True), hits[rows], **({"threshold": 0.1} if IS_OLD else {})).find_box()
        place = int((found.peeling_trajectory.coverage - ours["coverage"]).abs().idxmin())
        one, limits = found.peeling_trajectory.loc[place], found.box_lims[place]
        chances = (found.qp if IS_OLD else found.p_values)[place]
        told = [path for path, ends in chances.items() if any(0 <= end < 0.05 for end in ends)]
        return one.coverage, one.density, {path: tuple(limits[path]) for path in told}

    coverage, density, limits = box(np.arange(trials))
    assert set(limits) == set(ours["limits"])
    # Binomial standard errors: of the share of hits that lie inside, and of the share of worlds inside that are hits.
    of_hits, inside = hits.sum(), ours["mass"] * trials
    assert abs(coverage - ours["coverage"]) < 2 * np.sqrt(coverage * (1 - coverage) / of_hits)
    assert abs(density - ours["density"]) < 2 * np.sqrt(density * (1 - density) / inside)
    # A limit is an estimate; its standard error comes of 16 draws of the same worlds with replacement.
    generator = np.random.default_rng(1)
    again = [box(generator.integers(0, trials, trials))[2] for _ in range(16)]
    for path, bounds in ours["limits"].items():
        for end, limit in enumerate(bounds):
            drawn = [one[path][end] for one in again if path in one]
            if limit is None:
                # Neither restricts that end: theirs is the outermost world.
                assert limits[path][end] in (frame[path].min(), frame[path].max())
            else:
                assert len(drawn) > 12 and abs(limits[path][end] - limit) < 2 * np.std(drawn, ddof=1), (path, limits[path], bounds)
