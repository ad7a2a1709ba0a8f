"""Documents and small tables: keys are attributes, what cannot be one is had by brackets, and all of it is seen, not copied."""

import copy
import pickle
import subprocess
import sys

import numpy
import pandas
import polars
import pytest

from mufakat.document import Document, Documents, plain
from mufakat.table import Records

DATA = {"arms": {"bloc-paid": {"payoff": 1.5}, "bloc": {"values": [1, {"x": 2}]}}, "keys": 3, "for": [], "none": None}


def test_attributes_and_brackets():
    document = Document(DATA)
    assert document.arms["bloc-paid"].payoff == document["arms"]["bloc-paid"]["payoff"] == 1.5
    assert document.arms.bloc.values[1].x == 2
    assert document.keys == 3
    assert list(document) == list(DATA)
    assert document.none is None
    assert document == DATA
    assert plain(document) is DATA


def test_what_is_there_can_be_completed():
    listed = dir(Document(DATA))
    assert {"arms", "keys", "none"} <= set(listed) and "for" not in listed
    assert "bloc" in dir(Document(DATA).arms) and "bloc-paid" not in dir(Document(DATA).arms)
    assert Document(DATA).arms._ipython_key_completions_() == ["bloc-paid", "bloc"]


def test_what_is_not_there_is_said_with_what_is():
    with pytest.raises(AttributeError, match="there is no 'arm' here; there are arms, keys, for, none"):
        Document(DATA).arm
    with pytest.raises(KeyError):
        Document(DATA)["arm"]
    with pytest.raises(AttributeError, match="is not changed"):
        Document(DATA).arms = 1


def test_documents_are_pickled_and_copied():
    document = Document(DATA)
    assert pickle.loads(pickle.dumps(document)) == document == copy.deepcopy(document)
    assert pickle.loads(pickle.dumps(document.arms.bloc.values)) == [1, {"x": 2}]


def test_lists():
    listed = Documents([1, [2], {"x": 3}, 4, 5])
    assert listed[1][0] == 2 and listed[2].x == 3 and listed[-1] == 5
    assert listed[1:3] == [[2], {"x": 3}]
    assert [one for one in listed][0] == 1 and len(listed) == 5
    assert repr(listed).startswith("[1, [2], Document(")


ROWS = [{"path": "a", "low": 1, "high": None, "set": [1]}, {"path": "b", "low": 0.5, "high": 2.0, "set": "x"}]


def test_records():
    records = Records(ROWS, ["path", "low", "high", "set"], {"low": "USD bn"})
    assert len(records) == 2 and records[1]["low"] == 0.5 and records.column("path") == ["a", "b"]
    assert records[:1] == Records(ROWS[:1], ["path", "low", "high", "set"])
    assert str(records) == "path  low  high  set\na     1          [1]\nb     0.5  2     x"
    html = records._repr_html_()
    assert "<th>low<br><small>USD bn</small></th>" in html and '<td style="text-align: right">0.5</td>' in html
    with pytest.raises(KeyError, match="there is no column 'x'"):
        records.column("x")


def test_records_as_frames():
    records = Records(ROWS, ["path", "low", "high", "set"], {"low": "USD bn"})
    frame = records.to_pandas()
    assert frame.attrs["units"] == {"low": "USD bn"}
    assert frame.low.tolist() == [1, 0.5] and numpy.isnan(frame.high[0])
    assert frame["set"].tolist() == ["[1]", "x"]
    pandas.testing.assert_frame_equal(records.to_polars().to_pandas(), records.to_arrow().to_pandas())
    assert records.to_polars().schema == {"path": polars.String, "low": polars.Float64, "high": polars.Float64, "set": polars.String}
    assert Records([], ["a"]).to_pandas().columns.tolist() == ["a"]


def test_html_is_escaped():
    assert "<td style=\"text-align: left\">&lt;b&gt;</td>" in Records([{"a": "<b>"}], ["a"])._repr_html_()


def test_what_is_not_installed_is_said():
    code = "import sys; sys.modules['polars'] = None\nfrom mufakat.table import Records\nRecords([], ['a']).to_polars()"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "ImportError: to_polars needs polars: pip install polars" in ended.stderr
