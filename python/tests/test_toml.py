"""Values of Python as TOML and as words of a command line: what is written reads back exactly, what cannot be is refused with its place."""

import datetime
import decimal
import fractions
import tomllib

import numpy
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as some

from mufakat import _toml, _words
from mufakat.errors import UsageError

TEXTS = some.text(some.characters(codec="utf-8"), max_size=12)
SCALARS = some.booleans() | some.integers(-(2**63), 2**63 - 1) | some.floats(allow_nan=False) | TEXTS
VALUES = some.recursive(SCALARS, lambda inside: some.lists(inside, max_size=4) | some.dictionaries(TEXTS, inside, max_size=4), max_leaves=12)


@given(some.dictionaries(TEXTS, VALUES, max_size=6))
def test_a_document_reads_back(tables):
    assert tomllib.loads(_toml.document(tables)) == tables


@given(SCALARS.filter(lambda value: not isinstance(value, str)))
def test_a_value_reads_back_with_its_type(value):
    read = tomllib.loads(f"x = {_toml.word(value, 'x')}")["x"]
    assert (type(read), repr(read)) == (type(value), repr(value))


def test_a_scenario_is_laid_out_as_one_is_written():
    text = _toml.document(
        {
            "market": {"diversion": {"dist": "uniform", "min": 0, "max": 1}},
            "schema": 1,
            "state": [{"id": "A", "values": {"x y": 2}}, {"id": "B"}],
        }
    )
    assert text == (
        'schema = 1\n\n[market]\ndiversion = { dist = "uniform", min = 0, max = 1 }\n\n'
        '[[state]]\nid = "A"\nvalues = { "x y" = 2 }\n\n[[state]]\nid = "B"\n'
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (numpy.float64(0.1), "0.1"),
        (numpy.float32(0.1), "0.10000000149011612"),
        (numpy.int64(3), "3"),
        (numpy.bool_(True), "true"),
        (numpy.array([1, 2]), "[1, 2]"),
        (numpy.array(2.5), "2.5"),
        (pandas.Series([0.5, 1.0]), "[0.5, 1.0]"),
        (fractions.Fraction(1, 4), "0.25"),
        (decimal.Decimal("0.1"), "0.1"),
        ((1, "a"), '[1, "a"]'),
        (range(3), "[0, 1, 2]"),
        ('a"b\\\n\x7f', r'"a\"b\\\n\u007F"'),
        (1e300, "1e+300"),
    ],
    ids=repr,
)
def test_values_of_other_packages(value, written):
    assert _toml.value(value, "x") == written


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "market.x: None has no meaning"),
        (datetime.date(2027, 1, 1), "market.x: a scenario holds no dates"),
        (datetime.datetime(2027, 1, 1), "market.x: a scenario holds no dates"),
        (numpy.datetime64("2027-01-01"), "market.x: a scenario holds no dates"),
        (pandas.Timestamp("2027-01-01"), "market.x: a scenario holds no dates"),
        (b"x", "market.x: expected a number, text"),
        ({1, 2}, "not set"),
        (1j, "not complex"),
        (2**63, "64 bits at most"),
        ("\ud800", "not Unicode"),
        ({1: 2}, "a key of a scenario is text, not 1"),
        ([0, {"y": None}], r"market.x\[1\].y: None has no meaning"),
        (Ellipsis, "not ellipsis"),
    ],
    ids=repr,
)
def test_what_cannot_be_written_is_said_with_its_place(value, said):
    with pytest.raises(UsageError, match=said):
        _toml.document({"market": {"x": value}})


def test_what_holds_itself_is_refused():
    table: dict = {}
    table["table"] = table
    with pytest.raises(UsageError, match="nested more than"):
        _toml.document(table)


def test_options():
    given = {"trials": numpy.int64(5), "reference": None, "from_": -0.5, "factors": ["a.*", "b"], "second_order": True, "force": False}
    given["output"] = "-x"
    words = _words.words(given, ["second_order", "force"])
    assert words == ["--trials=5", "--from=-0.5", "--factors=a.*", "--factors=b", "--second-order", "--output=-x"]


@pytest.mark.parametrize("value", [1, "yes", None, 1.0])
def test_a_flag_is_true_or_false(value):
    with pytest.raises(UsageError, match="force: expected True or False, not"):
        _words.words({"force": value}, ["force"])
    assert _words.words({"force": numpy.bool_(True)}, ["force"]) == ["--force"]


@pytest.mark.parametrize("value", [0, -1, 1.5, "x", "10", float("nan"), float("inf"), True, None.__class__, [], 2**64, numpy.array([1, 2])], ids=repr)
def test_what_is_no_count_is_refused(value):
    with pytest.raises(UsageError, match="trials: expected a whole number from 1 on, for example 1000, not"):
        _words.whole("trials", value, 1)


@pytest.mark.parametrize("value", [7, numpy.int32(7), numpy.uint64(7), 7.0, numpy.float64(7)], ids=repr)
def test_whole_numbers(value):
    assert _words.whole("seed", value, 0) == 7


def test_axes():
    vary = {
        "market.diversion": numpy.linspace(0, 1, 3),
        "arm.bloc.binding": [True, False],
        "bargaining.solution": ["nash", "kalai-smorodinsky"],
        "market.x": "0:1:6",
        "market.y": 0.5,
        "market.z": [{"dist": "uniform", "min": 0, "max": 1}, 2],
        "arm.bloc.members": [["A", "B"]],
    }
    assert _words.axes(vary) == [
        "market.diversion=0.0,0.5,1.0",
        "arm.bloc.binding=true,false",
        "bargaining.solution=nash,kalai-smorodinsky",
        "market.x=0:1:6",
        "market.y=0.5",
        'market.z={ dist = "uniform", min = 0, max = 1 },2',
        'arm.bloc.members=["A", "B"]',
    ]
    assert _words.axes("a.b=0:1:3") == ["a.b=0:1:3"]
    assert _words.axes(["a.b=0:1:3", "c.d=1,2"]) == ["a.b=0:1:3", "c.d=1,2"]
    with pytest.raises(UsageError, match="a.b has no values"):
        _words.axes({"a.b": []})


@pytest.mark.parametrize("path", ["", " a", "a=1 #", "a\nb", 3])
def test_a_path_does_not_hide_a_value(path):
    with pytest.raises(UsageError, match="expected a path such as market.diversion"):
        _words.assignments({path: 1}, "with_")


def test_groups_and_offers():
    assert _words.groups({"SG": ["state.SG.*", "pair.SG.*"], "terms": "term.*"}) == ["SG=state.SG.*,pair.SG.*", "terms=term.*"]
    assert _words.groups("auto") == ["auto"]
    assert _words.offer({"training": numpy.float64(0.4), "cash": 1}) == "training=0.4,cash=1"
