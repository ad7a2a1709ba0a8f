"""Tables in other programs: the same numbers, over the same memory."""

import subprocess
import sys

import duckdb
import numpy
import pandas
import polars
import pyarrow
import pytest
from test_studies import s

import mufakat


@pytest.fixture(scope="module")
def r() -> mufakat.Result:
    return s().run(trials=300)


def test_shape_and_words(r):
    table = r["trials"]
    assert len(table) == 300 * len(r.arms) * 2 and table.columns[:4] == ["trial", "arm", "state", "payoff"]
    assert table.units["payoff"] == "US$ bn" and "arm" not in table.units
    assert repr(table).startswith("<Table trials: ") and "payoff" in repr(table)
    head = table.head(3)
    assert len(head) == 3 and head[0]["trial"] == 0 and isinstance(head[0]["arm"], str)
    html = table._repr_html_()
    assert "payoff<br><small>US$ bn</small>" in html and html.count("<tr>") == 11 and f"{len(table):,} rows" in html
    with pytest.raises(AttributeError):
        table.columns = []


def test_every_program_reads_the_same(r):
    for name in r.tables:
        table = r[name]
        arrow = table.to_arrow()
        assert arrow.column_names == table.columns and arrow.num_rows == len(table)
        frame, polar = table.to_pandas(), table.to_polars()
        assert frame.attrs["units"] == table.units
        assert polar.columns == table.columns == frame.columns.tolist()
        assert polar.to_arrow().cast(arrow.schema).equals(arrow.combine_chunks()), name
        assert duckdb.sql("select count(*) from arrow").fetchall() == [(len(table),)]
        for row, mine in zip(table.head(5), arrow.slice(0, 5).to_pylist(), strict=False):
            assert row == mine, name


def test_types_go_by_names(r):
    arrow = r["windows"].to_arrow()
    assert arrow.schema.field("trial").type == arrow.schema.field("window").type == pyarrow.uint64()
    assert arrow.schema.field("state").type == pyarrow.string()
    assert arrow.schema.field("payoff").type == pyarrow.float64()


def test_duckdb_computes_on_it(r):
    arms = r["arms"]
    arms = pyarrow.RecordBatchReader.from_stream(arms)  # noqa: F841
    means = dict(duckdb.sql("select arm, avg(payoff) from arms group by arm").fetchall())
    assert means["bloc"] == pytest.approx(r.arms.bloc.totals.payoff.mean, rel=1e-12)


def addresses(array: pyarrow.ChunkedArray) -> list[int]:
    return [buffer.address for chunk in array.chunks for buffer in chunk.buffers() if buffer is not None]


def test_nothing_is_copied(r):
    table = r["trials"]
    for name in ("payoff", "trial"):
        one, other = addresses(pyarrow.table(table)[name]), addresses(pyarrow.table(table)[name])
        assert one == other, "pyarrow"
        frame = polars.DataFrame(table)
        chunks = [chunk.to_arrow() for chunk in frame[name].get_chunks()]
        mine = [chunk.buffers()[1].address for chunk in pyarrow.table(table)[name].chunks]
        assert [chunk.buffers()[1].address for chunk in chunks] == mine, "polars"
    chunk = pyarrow.table(table)["payoff"].chunks[0]
    if chunk.null_count == 0:
        assert chunk.to_numpy(zero_copy_only=True).ctypes.data == chunk.buffers()[1].address


def test_what_is_read_outlives_its_table(r):
    arrow = s().run(trials=50)["trials"].to_arrow()
    frame = s().run(trials=50)["trials"].to_polars()
    assert numpy.array_equal(arrow["payoff"].to_numpy(), frame["payoff"].to_numpy())
    pandas.testing.assert_frame_equal(arrow.to_pandas(), frame.to_pandas())


@pytest.mark.parametrize(
    ("blocked", "method", "said"),
    [
        ("polars", "to_polars", "to_polars needs polars: pip install polars"),
        ("pyarrow", "to_arrow", "to_arrow needs pyarrow: pip install pyarrow"),
        ("pandas", "to_pandas", "to_pandas needs pandas: pip install pandas pyarrow"),
        ("pyarrow", "to_pandas", "to_pandas needs pyarrow: pip install pandas pyarrow"),
    ],
)
def test_what_is_not_installed_is_said(blocked, method, said):
    code = f"import sys; sys.modules[{blocked!r}] = None\nimport mufakat\nmufakat.load('two-states').run()['arms'].{method}()"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert f"ImportError: {said}" in ended.stderr


def test_a_table_shows_itself_without_any_other_package():
    code = (
        "import sys\nfor name in ('pandas', 'polars', 'pyarrow', 'numpy', 'tqdm'): sys.modules[name] = None\n"
        "import mufakat\nr = mufakat.load('two-states').run()\nprint(r['arms'].head(1)[0]['arm'], '<table>' in r['arms']._repr_html_())\n"
        "r = mufakat.load('two-states').run(worlds=r['draws']) if len(r['draws'].columns) > 1 else r"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (ended.stdout, ended.stderr) == ("bilateral True\n", "")
