"""Results of worlds that are given, as arrays."""

import numpy as np
import pytest
from small import BLOC, EVENT, FRAMEWORK, QUANTITIES, draws, scenario

import mufakat


def test_values_are_those_of_a_run():
    s = scenario()
    worlds = draws(s, 30)
    found = s.evaluate(worlds, [BLOC, "framework.state.L.payoff", FRAMEWORK], reference="framework")
    assert list(found) == [BLOC, "framework.state.L.payoff", FRAMEWORK]
    run = s.run(worlds=worlds)
    arms = run["arms"].to_pandas().pivot(index="trial", columns="arm", values="payoff")
    assert np.array_equal(found[BLOC], arms["bloc"] - arms["framework"]) and not found[FRAMEWORK].any()
    states = run["trials"].to_pandas().query("arm == 'framework' and state == 'L'")["payoff"]
    assert np.array_equal(found["framework.state.L.payoff"], states)
    # The draws of a run, played again, are the run.
    own = s.run(trials=30)["arms"].to_pandas().pivot(index="trial", columns="arm", values="payoff")
    assert np.array_equal(arms, own)


def test_frames_and_dicts_are_the_same_worlds():
    s = scenario()
    worlds = draws(s, 12)
    expected = s.evaluate(worlds, BLOC)[BLOC]
    pandas = pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    lists = {path: values.tolist() for path, values in worlds.items()}
    for given in (lists, pandas.DataFrame(worlds), polars.DataFrame(worlds), s.run(trials=12)["draws"]):
        assert np.array_equal(s.evaluate(given, BLOC)[BLOC], expected)
    single = s.evaluate({path: values.astype(np.float32) for path, values in worlds.items()}, BLOC)[BLOC]
    assert single == pytest.approx(expected, abs=1e-4)


def test_trials_say_whose_chance_a_row_has():
    s = scenario()
    worlds = draws(s, 40)
    own = s.evaluate(worlds, BLOC)[BLOC]
    assert np.array_equal(s.evaluate(worlds, BLOC, trials=np.arange(40))[BLOC], own)
    assert np.array_equal(s.evaluate({}, BLOC, trials=range(40))[BLOC], own)
    back = {path: values[::-1] for path, values in worlds.items()}
    assert np.array_equal(s.evaluate(back, BLOC, trials=np.arange(40)[::-1])[BLOC], own[::-1])
    assert not np.array_equal(s.evaluate(back, BLOC)[BLOC], own[::-1])
    # What is no column is that of the trial too; an event that is one comes as it says.
    part = {path: worlds[path][[7, 7, 9]] for path in QUANTITIES[:3]}
    assert np.array_equal(s.evaluate(part, BLOC, trials=[7, 7, 9])[BLOC], own[[7, 7, 9]])
    comes = [s.evaluate({EVENT: [came, came]}, "bilateral.total.investment", trials=[3, 5])["bilateral.total.investment"] for came in (0, 1)]
    assert (comes[1] > comes[0]).all()


def test_a_column_counts_where_the_scenario_was_changed_before():
    s = scenario()
    worlds = draws(s, 10)
    changed = s.with_({"market.region_efficiency": {"dist": "uniform", "min": 0.8, "max": 0.81}, "arm.bloc.binding": 1, "simulation.trials": 50})
    assert np.array_equal(changed.evaluate(worlds, BLOC)[BLOC], s.evaluate(worlds, BLOC)[BLOC])
    assert np.array_equal(changed.evaluate(worlds, BLOC, trials=range(10))[BLOC], s.evaluate(worlds, BLOC)[BLOC])
    part = {path: worlds[path] for path in QUANTITIES if path != "market.region_efficiency"}
    path = "bilateral.total.payoff"
    assert not np.array_equal(changed.evaluate(part, path)[path], s.evaluate(part, path)[path])


def test_what_cannot_be_is_refused():
    s = scenario()
    path = "market.region_efficiency"
    for worlds, words in (
        ({path: [0.5, "high"]}, "no sequence of numbers"),
        ({path: [0.5, float("nan")]}, "row 1"),
        ({path: [0.5], EVENT: [0, 1]}, "as many rows"),
        ({path: [[0.5]]}, "2 dimensions"),
        ({"market.nothing": [0.5]}, "market.nothing"),
        ({"market.capex_intensity.x": [0.5]}, "market.capex_intensity"),
        ({}, "no column"),
    ):
        with pytest.raises(ValueError, match=words):
            s.evaluate(worlds, BLOC)
    with pytest.raises(mufakat.UsageError, match="nothing"):
        s.evaluate({path: [0.5]}, "nothing.total.payoff")
    for trials in ([-1], [0.5], [[0]], [0, 1]):
        with pytest.raises(mufakat.UsageError, match="trials"):
            s.evaluate({path: [0.5]}, BLOC, trials=trials)
    with pytest.raises(mufakat.Error, match="out of range|outside|must be"):
        s.evaluate({path: [1.5]}, BLOC)


def test_progress_is_told_and_may_end_it():
    s = scenario()
    told = []
    s.evaluate(draws(s, 60), BLOC, progress=lambda done, total: told.append((done, total)))
    assert not told or told[-1][1] == 60

    def stop(done, total):
        raise RuntimeError("enough")

    worlds = {path: np.tile(values, 200) for path, values in draws(s, 100).items()}
    with pytest.raises(RuntimeError, match="enough"):
        s.evaluate(worlds, BLOC, threads=1, progress=stop)
