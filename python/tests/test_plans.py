"""Studies that are cut into blocks: what other machines make of a plan is what one machine finds."""

import logging
import subprocess
import sys

import pytest
from test_studies import s

import mufakat


def program(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "mufakat", *words], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("study", "options", "ask"),
    [
        ("run", {"trials": 130}, lambda t: t.run(trials=130)),
        ("run", {"worlds": {"market.diversion": [0.2, 0.4]}}, lambda t: t.run(worlds={"market.diversion": [0.2, 0.4]})),
        ("sweep", {"vary": {"market.diversion": [0, 1]}, "trials": 20}, lambda t: t.sweep({"market.diversion": [0, 1]}, trials=20)),
        ("compare", {"others": ["two-states"], "trials": 20}, lambda t: t.compare("two-states", trials=20)),
    ],
    ids=["run", "worlds", "sweep", "compare"],
)
def test_what_is_merged_is_the_same(study, options, ask, tmp_path):
    t = s().with_({"bargaining.foresight": 0.5})
    place = t.plan(tmp_path / "plan", study, **options)
    assert place == tmp_path / "plan" and (place / "plan.json").exists()
    program("resume", str(place), "-q")
    program("merge", str(place), "-o", str(tmp_path / "merged"), "-q")
    assert mufakat.open(tmp_path / "merged").to_dict() == ask(t).to_dict()


def test_it_says_how_it_is_played(tmp_path, caplog):
    with caplog.at_level(logging.INFO, "mufakat"):
        s().plan(tmp_path / "plan", "run", trials=130)
    assert any("130 worlds in 3 blocks" in " ".join(one.message.split()) for one in caplog.records)


@pytest.mark.parametrize(
    ("study", "options", "said"),
    [
        ("rum", {}, "there is no study 'rum'; there are accords, advise,"),
        ("plan", {}, "there is no study 'plan'"),
        ("__init__", {}, "there is no study"),
        (3, {}, "there is no study 3"),
        ("run", {"out": "x"}, "run of a plan takes no out"),
        ("run", {"vary": 1}, "run of a plan takes no vary"),
        ("run", {"precision": 0.1}, "a plan has a fixed number of worlds"),
    ],
)
def test_what_cannot_be_planned(study, options, said, tmp_path):
    with pytest.raises(mufakat.UsageError, match=said):
        s().plan(tmp_path / "plan", study, **options)


def test_another_plan_is_replaced_with_force_alone(tmp_path):
    s().plan(tmp_path / "plan", "run", trials=130)
    s().plan(tmp_path / "plan", "run", trials=130)
    with pytest.raises(mufakat.Error, match="force=True"):
        s().plan(tmp_path / "plan", "run", trials=140)
    s().plan(tmp_path / "plan", "run", trials=140, force=True)
