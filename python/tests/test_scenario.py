"""Scenarios: loaded, written, changed, compared; what is wrong with one is a `mufakat.Error` with its place, and nothing else."""

import copy
import hashlib
import logging
import multiprocessing
import os
import pathlib
import pickle
import tomllib

import numpy
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

import mufakat
from mufakat import Scenario, ScenarioError, UnknownKey, UsageError

UNIFORM = {"dist": "uniform", "min": 0.2, "max": 0.6}


def two() -> Scenario:
    return mufakat.load("two-states")


def test_what_it_says():
    s = two()
    assert (s.name, s.title, s.arms, s.states, s.trials, s.seed) == ("two-states", "two states", ["bilateral", "framework", "bloc"], ["L", "S"], 1, 1)
    assert s.question and s.question.startswith("Two states face one hyperscaler")
    assert s.sha256 == hashlib.sha256(s.toml.encode()).hexdigest()
    assert tomllib.loads(s.toml)["market"]["region_efficiency"] == 0.8
    assert s["market.region_efficiency"] == 0.8 and s["bargaining.transfers"] is True
    assert s["bargaining.solution"] == "nash" and s["question.options"] == ["bilateral", "framework", "bloc"]
    assert set(s["state.*.gdp"]) == {"state.L.gdp", "state.S.gdp"}
    assert "market.region_efficiency" in s and "market.nothing" not in s and 3 not in s
    assert "state.L.gdp" in s.keys() and "state.L.gdp" in list(s)
    with pytest.raises(AttributeError, match="does not change"):
        s.name = "x"
    assert repr(s).startswith("<Scenario two-states: 3 arms, 2 states, 1 hyperscalers, 1 worlds, ")
    assert "Two states face" in s._repr_html_()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("market.diversion", 0),
        ("state.L.gdp_growth", 0),
        ("state.L.values.talent_investment", 1),
        ("pair.S.H.fit", 1),
        ("arm.bloc.opt_outs", 0),
        ("arm.bloc.rule", "consensus"),
        ("simulation.sampler", "random"),
        ("hyperscaler.H.capex_budget", None),
    ],
)
def test_what_is_not_written_has_its_default(path, value):
    s = two()
    assert path not in s.keys() and path in s
    assert s[path] == value and type(s[path]) is type(value)


@pytest.mark.parametrize(
    "path",
    [
        *("market.diverson", "arm.bilateral.binding", "pair.S.X.fit", "market.region_efficiency.x"),
        *("nothing", "state.X.gdp", "state.*.nothing", "", "market.", "x=1"),
    ],
)
def test_a_key_that_is_not_there(path):
    with pytest.raises(UnknownKey) as error:
        two()[path]
    assert isinstance(error.value, KeyError) and str(error.value)


def test_where_keys_were_written():
    origins = {row["path"]: row for row in two().with_({"market.diversion": 0.5}).origins}
    assert origins["market.region_efficiency"]["value"] == "0.8"
    assert origins["market.region_efficiency"]["file"].endswith("two-states.toml")
    assert origins["market.region_efficiency"]["line"] > 50


def test_with():
    s = two()
    t = s.with_({"arm.*.harmonisation": True, "bargaining.transfers": False, "market.diversion": UNIFORM, "bargaining.solution": "kalai-smorodinsky"})
    assert t["market.diversion"] == UNIFORM and t["bargaining.solution"] == "kalai-smorodinsky"
    # A switch is one where a key takes it, and else the number that it is.
    assert t["arm.bloc.harmonisation"] == 1 and t["bargaining.transfers"] is False
    assert s["market.diversion"] == 0 and s != t
    assert [row["path"] for row in t.uncertain] == ["market.diversion"]
    assert t.uncertain[0]["kind"] == "uniform" and t.uncertain[0]["p50"] == pytest.approx(0.4)
    # The later above the earlier, also where a glob comes before or after a path.
    assert s.with_({"state.*.talent": 0.1}).with_({"state.L.talent": 0.2})["state.L.talent"] == 0.2
    assert s.with_({"state.L.talent": 0.2}).with_({"state.*.talent": 0.1})["state.L.talent"] == 0.1
    assert s.with_({"state.L.talent": numpy.float64(0.25), "horizon.windows": numpy.int64(2)})["horizon.windows"] == 2
    assert s.with_({}) == s
    assert mufakat.load("two-states", trials=5, seed=3).with_({"simulation.trials": 7}).trials == 7


def test_what_extends_lies_above_what_was_set_before():
    s = two().with_({"market.diversion": 0.3}).extend({"market": {"diversion": 0.4}})
    assert s["market.diversion"] == 0.4
    assert s.with_({"market.diversion": 0.5}).extend("[market]\ndiversion = 0.6\n")["market.diversion"] == 0.6
    assert mufakat.load("two-states", trials=5).extend({"simulation": {"trials": 7}}).trials == 7
    assert s.name == "two-states" and s.title == "two states"


def test_overlays(tmp_path):
    over = tmp_path / "over.toml"
    over.write_text("[market]\ndiversion = 0.25\n[[state]]\nid = 'S'\ntalent = 0.9\n")
    for overlay in (over, str(over), over.read_text(), {"market": {"diversion": 0.25}, "state": [{"id": "S", "talent": 0.9}]}):
        s = mufakat.load("two-states", overlays=[overlay])
        assert s == two().extend(overlay) == mufakat.load("two-states", overlays=overlay)
        assert (s["market.diversion"], s["state.S.talent"]) == (0.25, 0.9)
    assert mufakat.load("two-states", overlays=[over, {"market": {"diversion": 0.5}}])["market.diversion"] == 0.5
    assert two().extend("market.diversion = 0.25")["market.diversion"] == 0.25
    with pytest.raises(mufakat.FileError, match="cannot read .*no.toml: there is no such file"):
        two().extend(tmp_path / "no.toml")


def test_a_scenario_as_a_dict_or_as_text():
    told = {"schema": 1, "extends": "two-states", "market": {"diversion": UNIFORM}}
    s = mufakat.scenario(told, name="mine")
    text = 'schema = 1\nextends = "two-states"\n[market]\ndiversion = { dist = "uniform", min = 0.2, max = 0.6 }\n'
    assert s == mufakat.scenario(text, name="mine")
    assert s.name == "mine" and s["market.diversion"] == UNIFORM and s.states == ["L", "S"]
    whole = mufakat.scenario(tomllib.loads(two().toml))
    assert whole == two()


def test_a_file_that_extends_another(tmp_path):
    (tmp_path / "base.toml").write_text(two().toml)
    deep = tmp_path / "deep"
    deep.mkdir()
    (deep / "mine.toml").write_text('extends = "../base.toml"\n[market]\ndiversion = 0.5\n')
    s = mufakat.load(deep / "mine.toml")
    assert s.name == str(deep / "mine.toml") and s["market.diversion"] == 0.5
    before = s.run().to_dict()
    (tmp_path / "base.toml").unlink()
    # What was loaded stays what it was.
    assert s.run().to_dict() == before
    assert pickle.loads(pickle.dumps(s)) == s
    assert s.with_({"market.diversion": 0.5}) == s


def test_it_can_be_saved(tmp_path):
    s = two().with_({"market.diversion": 0.5})
    s.save(tmp_path / "mine.toml")
    assert mufakat.load(tmp_path / "mine.toml") == s
    with pytest.raises(mufakat.FileError, match="pass force=True to replace it"):
        s.save(tmp_path / "mine.toml")
    s.save(tmp_path / "mine.toml", force=True)
    with pytest.raises(mufakat.FileError, match="cannot write"):
        s.save(tmp_path / "no" / "mine.toml")


def test_equality_is_that_of_what_is_said():
    s, t = two(), two().with_({"market.diversion": 0.5})
    assert s == two() and s != t and s != "two-states" and hash(s) == hash(two())
    assert t.with_({"market.diversion": 0.4}).with_({"market.diversion": 0.5}) == t
    assert {s: 1}[two()] == 1 and len({s, t, two()}) == 2
    assert copy.copy(s) is s and copy.deepcopy(s) == s


def test_what_differs():
    s = two()
    rows = sorted(s.diff(s.with_({"market.diversion": 0.5, "state.L.talent": 0.1})), key=lambda row: row["path"])
    assert rows == [
        {"path": "market.diversion", "mine": "absent", "theirs": "0.5"},
        {"path": "state.L.talent", "mine": "0.5", "theirs": "0.1"},
    ]
    assert len(s.diff("two-states")) == 0 and len(s.diff("textbook-substitutes")) > 10


def shout(s: Scenario) -> tuple[str, str]:
    return s.sha256, s.run().text()


def test_scenarios_go_to_other_processes():
    s = two().with_({"market.diversion": 0.5}).extend({"market": {"peers": 0.1}})
    assert pickle.loads(pickle.dumps(s)) == s
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(shout, [s]) == shout(s)


def test_shipped():
    known = dict(mufakat.shipped())
    assert known["asean-2027"].endswith("?") and len(known) > 30


# What is wrong.


def test_mistakes_come_all_at_once_with_their_places():
    text = two().toml.replace("region_efficiency = 0.8", "region_efficiency = 1.5").replace("[horizon]", "[horizon]\nwindow = 2")
    with pytest.raises(ScenarioError) as error:
        mufakat.scenario(text, name="mine")
    findings = error.value.findings
    assert len(findings) == 2 and {one.file for one in findings} == {"mine"}
    worst = next(one for one in findings if one.path == "market.region_efficiency")
    lines = text.splitlines()
    assert lines[worst.line - 1] == "region_efficiency = 1.5" and worst.column == 21
    assert "^^^" in str(error.value) and "region_efficiency = 1.5" in str(error.value)
    assert (error.value.file, error.value.line) == (findings[0].file, findings[0].line)
    assert error.value.code == 3 and isinstance(error.value, ValueError)
    again = pickle.loads(pickle.dumps(error.value))
    assert (str(again), again.findings, type(again)) == (str(error.value), findings, ScenarioError)


def test_what_with_is_given_is_shown_as_that():
    with pytest.raises(ScenarioError) as error:
        two().with_({"market.region_efficiency": 1.5})
    text = str(error.value)
    assert "--" not in text.replace("-->", "") and "with_ market.region_efficiency=1.5" in text
    lines = text.splitlines()
    at = next(number for number, line in enumerate(lines) if "^" in line)
    assert lines[at - 1][lines[at].index("^") :] == "1.5" and lines[at].count("^") == 3
    assert (error.value.path, error.value.file) == ("market.region_efficiency", "with_")


@pytest.mark.parametrize(
    "changes",
    [
        {"market.diverson": 1},
        {"state.X.gdp": 1},
        {"market.diversion": "much"},
        {"market.diversion": [1]},
        {"market.diversion": float("nan")},
        {"market": 1},
    ],
    ids=repr,
)
def test_a_change_that_cannot_be(changes):
    with pytest.raises(mufakat.Error) as error:
        two().with_(changes)
    assert error.value.code in (2, 3)


@pytest.mark.parametrize("given", [3, None, ["two-states"], b"two-states", {}, "no\0name", "", "nothing-of-this-name"], ids=repr)
def test_what_cannot_be_loaded(given):
    with pytest.raises(mufakat.Error):
        mufakat.load(given)


@pytest.mark.parametrize("given", [3, None, ["x"], b"x", {}, "", "x", "x = ", {"schema": 2}, {"schema": None}, {1: 2}], ids=repr)
def test_what_is_no_scenario(given):
    with pytest.raises(mufakat.Error):
        mufakat.scenario(given)


@pytest.mark.parametrize("name", ["", 3, None, "a\nb", "a\0b"], ids=repr)
def test_what_is_no_name(name):
    with pytest.raises(UsageError, match="the name of a scenario"):
        mufakat.scenario({"schema": 1, "extends": "two-states"}, name=name)


@pytest.mark.parametrize("name", ["-x", "--help", "a b", "é", "two-states", "x.toml", "a=b", "/no/such/place/x", "x'y\"z", "scenarios"])
def test_any_other_name_will_do(name, tmp_path, monkeypatch):
    # A directory of this name is no part of it.
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").mkdir()
    s = mufakat.scenario({"schema": 1, "extends": "two-states", "market": {"diversion": 0.5}}, name=name)
    assert s.name == name
    r = s.run()
    assert r.scenario is s and r.arms.bloc.totals.payoff.mean != two().run().arms.bloc.totals.payoff.mean
    assert r.to_dict()["manifest"]["scenario_sha256"] == s.sha256
    compared = two().compare(s)
    assert len(compared.comparisons) == 1


@pytest.mark.parametrize(("trials", "seed"), [(0, None), (-1, None), ("x", None), (float("nan"), None), (None, -1), (None, "x"), (1.5, None)])
def test_counts_are_checked_at_once(trials, seed):
    with pytest.raises(UsageError, match="expected a whole number from"):
        mufakat.load("two-states", trials=trials, seed=seed)


def test_warnings_are_logged_once(caplog):
    unbounded = {"market.region_efficiency": {"dist": "normal", "mean": 0.5, "sd": 0.01}}
    with caplog.at_level(logging.WARNING, "mufakat"):
        s = two().with_(unbounded)
        assert len(s.warnings) == 1 and [one.message for one in caplog.records] == s.warnings
        s.with_({"market.diversion": 0.5})
        s.run(trials=100)
        assert len(caplog.records) == 1


NAMES = ["schema", "extends", "market", "diversion", "state", "arm", "id", "name", "dist", "min", "max", "event", "sweep", "question", "x y", ""]
KEYS = some.sampled_from(NAMES)
WORDS = some.sampled_from(["two-states", "uniform", "L", "bloc"])
SCALARS = some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=5) | WORDS
VALUES = some.recursive(SCALARS, lambda inside: some.lists(inside, max_size=3) | some.dictionaries(KEYS, inside, max_size=4), max_leaves=10)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some.dictionaries(KEYS | some.text(max_size=5), VALUES, max_size=5))
def test_any_dict_is_a_scenario_or_an_error(drawn):
    for told in (drawn, {"schema": 1, "extends": "two-states", **drawn}):
        try:
            assert mufakat.scenario(told).arms
        except mufakat.Error as error:
            assert str(error) and error.code in (2, 3, 4)


@settings(max_examples=200, deadline=None)
@given(some.sampled_from(["market.diversion", "state.*.talent", "arm.bloc.members", "state.L.name", "arm.bloc.rule"]) | some.text(max_size=6), VALUES)
def test_any_change_is_a_scenario_or_an_error(path, value):
    try:
        assert two().with_({path: value}).arms
    except mufakat.Error as error:
        assert str(error)


def test_a_name_is_looked_up_where_it_is_used(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pathlib.Path("two-states").write_text(two().with_({"market.diversion": 0.5}).toml)
    # A file comes before what is shipped, as on the command line.
    assert mufakat.load("two-states")["market.diversion"] == 0.5
    os.remove("two-states")
    assert mufakat.load("two-states") == mufakat.load("two-states.toml") == two()
