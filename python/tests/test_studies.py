"""Every study: the text, the document and the tables are those of the program, which is asked the same."""

import json
import logging
import multiprocessing
import pathlib
import pickle
import re
import subprocess
import sys

import numpy
import pytest

import mufakat
from mufakat import UnknownKey, UsageError

SCENARIO = pathlib.Path(__file__).parents[2] / "tests" / "support" / "uncertain.toml"
FILE = str(SCENARIO)
HALF = ["-n", "60"]


def program(*words: str, codes: tuple[int, ...] = (0,)) -> str:
    ended = subprocess.run([sys.executable, "-m", "mufakat", *words], capture_output=True, text=True)
    assert ended.returncode in codes, ended.stderr
    return ended.stdout


def s() -> mufakat.Scenario:
    return mufakat.load(SCENARIO)


# A study, the question as the program is asked it, and as it is asked here.
SAME = {
    "run": (["run", FILE, *HALF], lambda: s().run(trials=60)),
    "run-all": (["run", FILE, *HALF, "--all", "--reference", "bloc"], lambda: s().run(trials=60, all=True, reference="bloc")),
    "run-set": (["run", FILE, *HALF, "-S", "arm.*.binding=1", "-S", "bargaining.solution=egalitarian", "--seed", "4"],
                lambda: s().with_({"arm.*.binding": 1, "bargaining.solution": "egalitarian"}).run(trials=60, seed=4)),
    "run-precision": (["run", FILE, "-n", "8", "--precision", "20%"], lambda: s().run(trials=8, precision="20%")),
    "compare": (["compare", FILE, "two-states", *HALF], lambda: s().compare("two-states", trials=60)),
    "sweep": (["sweep", FILE, *HALF, "--vary", "market.diversion=0,0.5,1", "--vary", "arm.bloc.binding=1,0"],
              lambda: s().sweep({"market.diversion": [0, 0.5, 1], "arm.bloc.binding": [True, False]}, trials=60)),
    "sweep-range": (["sweep", FILE, *HALF, "--vary", "market.diversion=0:1:3", "--one-at-a-time", "--output", "bloc.total.payoff"],
                    lambda: s().sweep("market.diversion=0:1:3", one_at_a_time=True, output="bloc.total.payoff", trials=60)),
    "sensitivity": (["sensitivity", FILE, "-n", "200"], lambda: s().sensitivity(trials=200)),
    "sensitivity-group": (["sensitivity", FILE, "-n", "8", "--method", "sobol", "--group", "all=*"],
                          lambda: s().sensitivity("sobol", group={"all": "*"}, trials=8)),
    "pedigree": (["pedigree", FILE, "-n", "100"], lambda: s().pedigree(trials=100)),
    "discover": (["discover", FILE, "-n", "200", "--when", "bloc.total.payoff.difference < 0.1", "--robustness"],
                 lambda: s().discover("bloc.total.payoff.difference < 0.1", robustness=True, trials=200)),
    "threshold": (["threshold", FILE, "-n", "20", "--solve", "market.diversion", "--where", "bloc.total.payoff.difference = 0.1", "--from", "0.1",
                   "--to", "0.9", "--points", "3"],
                  lambda: s().threshold("market.diversion", "bloc.total.payoff.difference = 0.1", from_=0.1, to=0.9, points=3, trials=20)),
    "turn": (["turn", FILE, "-n", "50", "--arm", "bloc", "--starts", "20"], lambda: s().turn(arm="bloc", starts=20, trials=50)),
    "theories": (["theories", FILE, "-n", "20"], lambda: s().theories(trials=20)),
    "stability": (["stability", FILE, "-n", "20", "--farsighted", "--secure", "0.5"], lambda: s().stability(farsighted=True, secure=0.5, trials=20)),
    "accords": (["accords", FILE, "-n", "20", "--plays", "200"], lambda: s().accords(plays=200, trials=20)),
    "brief": (["brief", FILE, "-n", "50", "--state", "A", "--with", "G"], lambda: s().brief("A", with_="G", trials=50)),
    "brief-accord": (["brief", FILE, "-n", "50", "--accord", "bloc", "--with", "G", "--side", "hyperscaler"],
                     lambda: s().brief(accord="bloc", with_="G", side="hyperscaler", trials=50)),
    "advise": (["advise", FILE, "-n", "100"], lambda: s().advise(trials=100)),
    "advise-for": (["advise", FILE, "-n", "100", "--for", "A", "--with", "G", "--all"], lambda: s().advise("A", with_="G", all=True, trials=100)),
    "explain": (["explain", FILE, "--trial", "17"], lambda: s().explain(17)),
    "explain-story": (["explain", FILE, "--trial", "3", "--arm", "bloc", "--story"], lambda: s().explain(3, arm="bloc", story=True)),
    "history": (["history", "tuna", "-n", "50"], lambda: mufakat.history("tuna", trials=50)),
}


@pytest.mark.parametrize("name", SAME)
def test_it_says_what_the_program_says(name):
    words, ask = SAME[name]
    r = ask()
    assert r.command == words[0]
    assert r.text() == program(*words, "-q")
    plain = [word for word in words if word not in ("--all", "--story")]
    assert r.to_dict() == json.loads(program(*plain, "-q", "--json"))
    assert r.document == r.to_dict()
    html = r._repr_html_()
    assert "<" in html and "src=" not in html and "://" not in html.replace("http://www.w3.org/", "")
    assert str(r) == r.text().rstrip("\n") and len(repr(r)) < 600
    assert r.text(120) != r.text(60)


@pytest.mark.parametrize("name", SAME)
def test_it_is_pickled_whole(name):
    r = SAME[name][1]()
    again = pickle.loads(pickle.dumps(r))
    assert (again.to_dict(), again.text(), again.tables, again.scenario) == (r.to_dict(), r.text(), r.tables, r.scenario)
    for table in r.tables:
        assert again[table].to_arrow().equals(r[table].to_arrow()), table


@pytest.mark.parametrize("name", SAME)
def test_its_tables_are_the_files_of_a_directory(name, tmp_path):
    r = SAME[name][1]()
    words = [word for word in SAME[name][0] if word not in ("--all", "--story")]
    program(*words, "-q", "-o", str(tmp_path / "out"))
    files = {file.stem for file in (tmp_path / "out").glob("*.csv")}
    assert files <= set(r.tables)
    opened = mufakat.open(tmp_path / "out")
    assert opened.to_dict() == r.to_dict() and opened.command == r.command and set(opened.tables) == set(r.tables)
    for table in r.tables:
        mine, theirs = r[table].to_arrow(), opened[table].to_arrow()
        assert mine.column_names == theirs.column_names
        assert mine.schema.types == theirs.schema.types, table
        # Bit for bit: nulls are nulls, and equal numbers have one sign.
        assert mine.combine_chunks().equals(theirs.combine_chunks()), table
    r.save(tmp_path / "saved")
    for file in (tmp_path / "out").iterdir():
        if file.is_file() and file.name != "manifest.json":
            assert (tmp_path / "saved" / file.name).read_bytes() == file.read_bytes(), file.name


def test_out_gives_the_same_result(tmp_path):
    r, kept = s().run(trials=60), s().run(trials=60, out=tmp_path / "out")
    assert kept.path == str(tmp_path / "out") and r.path is None
    assert kept.to_dict() == r.to_dict() and kept.tables == r.tables
    for table in r.tables:
        assert kept[table].to_arrow().combine_chunks().equals(r[table].to_arrow().combine_chunks()), table
    with pytest.raises(mufakat.Error, match="force=True"):
        s().run(trials=60, out=tmp_path / "out")
    s().run(trials=50, out=tmp_path / "out", force=True)
    again = pickle.loads(pickle.dumps(kept))
    assert again.to_dict() == r.to_dict()


def test_numbers_are_attributes():
    r = s().run(trials=60)
    assert r.arms.bloc.totals.payoff.mean == r.document["arms"]["bloc"]["totals"]["payoff"]["mean"]
    assert {"arms", "comparisons", "manifest", "text", "report"} <= set(dir(r))
    assert r["arms"].to_pandas().query("arm == 'bloc'").payoff.mean() == pytest.approx(r.arms.bloc.totals.payoff.mean, rel=1e-12)
    with pytest.raises(AttributeError, match="run: there is no 'armss' here; there are manifest, "):
        r.armss
    with pytest.raises(UnknownKey, match="there is no table 'x'; there are trials, arms,"):
        r["x"]


def test_it_is_short_where_it_shows_itself():
    r = mufakat.load("two-states").run()
    assert repr(r).startswith("<run two states: 1 worlds, ") or "1 worlds: " in repr(r)
    assert "\n" not in repr(r) and "?" not in repr(r)


def test_conditions():
    assert s().run(trials=20, fail_if="bloc.total.payoff > 0").failed
    r = s().run(trials=20, fail_if="bloc.total.payoff < 0")
    assert not r.failed
    assert s().compare("two-states", trials=20, fail_if="bloc.total.payoff < 1e9").failed


def test_a_report(tmp_path):
    s().run(trials=60).report(tmp_path / "x.html")
    text = (tmp_path / "x.html").read_text()
    assert text.startswith("<!doctype html>") or text.lower().startswith("<!doctype html>")
    with pytest.raises(mufakat.FileError, match="cannot write"):
        s().run(trials=60).report(tmp_path / "no" / "x.html")


def test_what_is_kept_of_a_run():
    r = s().run(trials=60, keep="summary")
    assert "trials" not in r.tables and r.to_dict() == s().run(trials=60).to_dict()
    with pytest.raises(UsageError, match="keep: expected 'trials' or 'summary', not 'all'"):
        s().run(keep="all")


def test_worlds_that_are_given():
    drawn = s().run(trials=40)
    again = s().run(worlds=drawn["draws"])
    assert again.arms.bloc == drawn.arms.bloc and again.to_dict()["manifest"]["trials"] == 40
    draws = drawn["draws"].to_pandas()
    for frame in (draws, drawn["draws"].to_polars(), draws.to_dict("list"), draws.drop(columns="trial")):
        assert s().run(worlds=frame).to_dict() == again.to_dict()
    with pytest.raises(mufakat.Error, match="market.nothing"):
        s().run(worlds={"market.nothing": [1]})
    with pytest.raises(mufakat.ScenarioError) as error:
        s().run(worlds={"market.diversion": [0.5, 2]})
    assert error.value.file == "worlds" and error.value.line == 3


def test_worlds_of_a_file(tmp_path):
    s().run(trials=40)["draws"].to_pandas().drop(columns="trial").to_csv(tmp_path / "worlds.csv", index=False)
    r = s().run(worlds=tmp_path / "worlds.csv")
    assert r.to_dict()["manifest"]["trials"] == 40


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: s().run(trials=0), "trials: expected a whole number from 1 on, for example 1000, not 0"),
        (lambda: s().run(trials=-1), "trials: expected a whole number from 1 on"),
        (lambda: s().run(trials="x"), "trials: expected a whole number from 1 on, for example 1000, not 'x'"),
        (lambda: s().run(trials=float("nan")), "trials: expected a whole number from 1 on, for example 1000, not nan"),
        (lambda: s().run(seed=-1), "seed: expected a whole number from 0 on"),
        (lambda: s().run(threads=0), "threads: expected a whole number from 1 on"),
        (lambda: s().run(all=1), "all: expected True or False, not 1"),
        (lambda: s().run(precision=2), "'2' for precision: expected a share above 0 and below 1"),
        (lambda: s().run(reference="blok"), "did you mean `bloc`"),
        (lambda: s().run(fail_if="bloc.total.payoff"), "fail_if: "),
        (lambda: s().run(force=True), "out"),
        (lambda: s().run(format="csv"), "out"),
        (lambda: s().run(progress="yes"), "progress: expected True, False or what is called"),
        (lambda: s().explain(-1), "trial: expected a whole number from 0 on"),
        (lambda: s().discover("bloc.total.payoff"), "when: "),
        (lambda: s().discover("bloc.total.payoff < 0", density=2), "density"),
        (lambda: s().threshold("market.nothing", "bloc.total.payoff = 0"), "solve market.nothing: there is no such number"),
        (lambda: s().sweep(), "name what varies, for example vary=\"market.diversion=0:1:11\""),
        (lambda: s().sweep({"market.diversion": [2]}), "market.diversion"),
        (lambda: s().sensitivity("magic"), "magic"),
        (lambda: s().brief(with_="G"), "state"),
        (lambda: s().brief("A", accord="bloc", with_="G"), "accord"),
        (lambda: s().advise("nobody"), "nobody"),
        (lambda: s().compare(), "SCENARIO"),
        (lambda: s().compare(3), "load: expected the name of a scenario"),
        (lambda: mufakat.history("nothing", trials=1), "nothing"),
        (lambda: mufakat.history(3), "history: expected the name of a case"),
        (lambda: mufakat.open("/no/such/place"), "/no/such/place"),
        (lambda: mufakat.open(3), "open: expected the path of a directory"),
    ],
)
def test_what_cannot_be_asked_is_said_in_words_of_python(ask, said):
    with pytest.raises(mufakat.Error) as error:
        ask()
    text = str(error.value)
    assert said in text, text
    assert not re.search(r"(?<!-)--[a-z]|[ `'(]-[a-zA-Z]\b|Usage:", text), text


@pytest.mark.parametrize("trials", [numpy.int64(20), numpy.uint8(20), 20.0, 2e1])
def test_numbers_of_numpy(trials):
    assert s().run(trials=trials).to_dict()["manifest"]["trials"] == 20


def test_arrays_of_numpy():
    r = s().sweep({"market.diversion": numpy.linspace(0, 1, 3)}, trials=numpy.int64(10))
    assert [cell.values["market.diversion"] for cell in r.cells] == [0, 0.5, 1]


def test_scenarios_of_one_name():
    one, other = s(), s().with_({"market.diversion": 0.9})
    r = one.compare(other, one, trials=20)
    assert [one.label for one in r.scenarios] == ["uncertain", "uncertain-2", "uncertain-3"]
    assert list(r.comparisons[0].differs) == ["market.diversion"] and not r.comparisons[1].differs
    assert r.to_dict() == pickle.loads(pickle.dumps(r)).to_dict()


def test_what_is_doubtful_is_logged_and_kept(caplog):
    with caplog.at_level(logging.INFO, "mufakat"):
        r = s().run(trials=5)
    assert len(r.warnings) >= 1 and "5 worlds" in " ".join(r.warnings)
    assert [one.message for one in caplog.records if one.levelno == logging.WARNING] == r.warnings
    assert all(not one.message.startswith(("warning", "note")) and one.name == "mufakat" for one in caplog.records)


def test_progress_is_told():
    told = []
    s().run(trials=20_000, threads=1, progress=lambda done, of: told.append((done, of)))
    assert told and told == sorted(told) and {of for _, of in told} == {20_000} and told[-1][0] <= 20_000


def test_what_progress_raises_ends_the_study():
    class Enough(Exception):
        pass

    def enough(done: int, of: int) -> None:
        raise Enough

    with pytest.raises(Enough):
        s().run(trials=10_000_000, progress=enough)


def text_of(r: mufakat.Result) -> str:
    return r.text() + r["arms"].to_pandas().to_csv()


def test_results_go_to_other_processes():
    r = s().run(trials=20)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(text_of, [r]) == text_of(r)


def test_nothing_is_printed(capfd):
    s().run(trials=5)
    s().sensitivity(trials=100)
    assert capfd.readouterr() == ("", "")
