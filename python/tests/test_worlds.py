"""Worlds that are given: the same table of CSV from whatever holds them, with numbers that read back exactly."""

import csv
import io

import numpy
import pandas
import polars
import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as some

import mufakat
from mufakat import worlds
from mufakat.errors import UsageError

COLUMNS = {"market.diversion": [0.1, 1 / 3, 1e-300], "event.ban.came": [1, 0, 1]}


@pytest.mark.parametrize(
    "frame",
    [
        COLUMNS,
        {name: numpy.array(values) for name, values in COLUMNS.items()},
        {name: pandas.Series(values) for name, values in COLUMNS.items()},
        {name: tuple(values) for name, values in COLUMNS.items()},
        [dict(zip(COLUMNS, row, strict=True)) for row in zip(*COLUMNS.values(), strict=True)],
        pandas.DataFrame(COLUMNS),
        pandas.DataFrame({"trial": [0, 1, 2], **COLUMNS}),
        polars.DataFrame(COLUMNS),
        pyarrow.table(COLUMNS),
        pyarrow.table(COLUMNS).to_reader(),
    ],
    ids=["dict", "numpy", "series", "tuples", "rows", "pandas", "trial", "polars", "pyarrow", "reader"],
)
def test_all_frames_are_the_same_table(frame):
    assert worlds.table(frame) == ("worlds", "market.diversion,event.ban.came\n0.1,1\n0.3333333333333333,0\n1e-300,1\n")


@given(some.lists(some.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_numbers_read_back_exactly(values):
    _, text = worlds.table({"x": values})
    read = [float(row["x"]) for row in csv.DictReader(io.StringIO(text))]
    assert list(map(repr, read)) == list(map(repr, values))


def test_switches_and_small_types():
    _, text = worlds.table({"a": [True, numpy.bool_(False)], "b": numpy.array([1, 2], dtype="float32"), "c,d": [numpy.int8(1), 2]})
    assert text == 'a,b,"c,d"\n1,1.0,1\n0,2.0,2\n'


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ({}, "there is no column"),
        ({"trial": [1]}, "there is no column"),
        ({"a": [1], "b": [1, 2]}, "these have a 1, b 2"),
        ({"a": [1, None]}, "column a, row 1: expected a number, not None"),
        ({"a": [float("nan")]}, "column a, row 0: expected a number, not nan"),
        ({"a": [float("inf")]}, "column a, row 0: expected a number, not inf"),
        ({"a": ["1"]}, "column a, row 0: expected a number, not '1'"),
        ({"a": 1}, "column a is no sequence of numbers but 1"),
        ({"a": "12"}, "column a is no sequence of numbers but '12'"),
        ({1: [1]}, "the name of a column is a path"),
        (pandas.DataFrame([[1.0, 2.0]]), "the name of a column is a path"),
        (pandas.DataFrame({"a": [1.0, None]}), "column a, row 1: expected a number"),
        ([{"a": 1}, {"b": 1}], "every row has the same keys"),
        (pyarrow.table([[0.5], [0.6]], names=["a", "a"]), "column a is there twice"),
        (pandas.DataFrame([[0.5, 0.6]], columns=["a", "a"]), "column a is there twice"),
        (3, "expected a frame or a dict of columns, a list of dicts, or the name of a file, not int"),
        ([], "not list"),
    ],
    ids=repr,
)
def test_what_is_no_table_of_numbers_is_refused(frame, said):
    with pytest.raises(UsageError, match=said):
        worlds.table(frame)


def test_a_frame_that_is_not_computed_yet_is_computed():
    assert worlds.table(polars.LazyFrame({"a": [0.5]})) == worlds.table({"a": [0.5]})


def test_worlds_lie_over_what_a_scenario_was_changed_to():
    path = "market.region_efficiency"
    changed = mufakat.load("two-states").with_({path: {"dist": "uniform", "min": 0.5, "max": 0.9}})
    rows = {path: [0.5, 0.7, 0.9]}
    run = changed.run(worlds=rows, progress=False)
    assert run["draws"].to_polars()[path].to_list() == rows[path]
    of_bloc = run["arms"].to_polars().filter(polars.col("arm") == "bloc")["payoff"].to_list()
    assert changed.evaluate(rows, "bloc.total.payoff")["bloc.total.payoff"].tolist() == of_bloc
    with pytest.raises(mufakat.Error, match="0.5, 0.9|number"):
        changed.run(worlds={path: [5.0]}, progress=False)
