"""Tables of results: what Parquet holds, whether a directory has it or CSV."""

import subprocess

import pandas
import pyarrow
import pytest
from conftest import SCENARIO

from mufakat import Results

# The spread of the second makes some draw of it negative, so that its cell fails.
COSTS = "hyperscaler.H.entry_cost=0.02,{dist = 'normal', mean = 0.02, sd = 0.02}"


@pytest.mark.parametrize(
    ("study", "tables"),
    [
        (["run", str(SCENARIO)], ["arms", "draws", "hyperscalers", "pairs", "trials", "windows"]),
        (["run", "IDS"], ["arms", "draws", "hyperscalers", "pairs", "trials", "windows"]),
        (["sweep", str(SCENARIO), "--vary", "market.diversion=0,1", "--vary", "bargaining.solution=nash,egalitarian"], ["cells", "map"]),
        (["sweep", str(SCENARIO), "--vary", "pair.A.G.feasible=true,false", "--vary", "market.diversion=0,1"], ["cells", "map"]),
        (["sweep", str(SCENARIO), "--vary", COSTS], ["cells"]),
        (["sensitivity", str(SCENARIO), "--method", "sobol", "--output", "bloc.total.payoff.difference"], ["cells"]),
    ],
    ids=["run", "ids", "words", "switches", "failed", "sensitivity"],
)
def test_tables_are_the_same_from_csv_and_parquet(program, tmp_path, study, tables):
    ids = tmp_path / "ids.toml"
    ids.write_text(SCENARIO.read_text().replace('"A"', '"1"').replace('"B"', '"2027-01-01"').replace("pair.B.G", "pair.2027-01-01.G"))
    study = [str(ids) if word == "IDS" else word for word in study]
    read = []
    for format in ["csv", "parquet"]:
        command = [program, *study, "-n", "50", "-q", "-o", str(tmp_path / format), "--format", format]
        # 5 says that a cell failed.
        assert subprocess.run(command, capture_output=True).returncode in (0, 5)
        read.append(Results(tmp_path / format))
    csv, parquet = read
    assert csv.names == parquet.names == tables
    for name in tables:
        one, other = csv.arrow(name), parquet.arrow(name)
        # Units and what may be absent are said by Parquet alone.
        assert [(field.name, field.type) for field in one.schema] == [(field.name, field.type) for field in other.schema], name
        pandas.testing.assert_frame_equal(one.to_pandas(), other.to_pandas(), check_exact=True)


def test_tables_that_are_only_csv(alone, tmp_path):
    coalitions = Results(alone("stability", "core-three", "-n", "20")).arrow("coalitions")
    assert coalitions.schema.types == [pyarrow.string()] + [pyarrow.float64()] * (coalitions.num_columns - 1)
    sweep = ["sweep", str(SCENARIO), "-n", "20", "--vary", "market.diversion=0,1", "--vary", "pair.A.G.feasible=true,false"]
    types = Results(alone(*sweep)).arrow("map").schema.types
    assert types == [pyarrow.float64(), pyarrow.string(), *[pyarrow.float64()] * 3, pyarrow.string()]


def test_a_table_says_what_the_document_says(alone):
    results = Results(alone("run", str(SCENARIO), "-n", "50"))
    arms = results.pandas("arms")
    for name, arm in results.document["arms"].items():
        mean = arms[arms.arm == name].payoff.mean()
        assert mean == pytest.approx(arm["totals"]["payoff"]["mean"], rel=1e-12)
    trials = results.arrow("trials")
    assert trials.schema.field("trial").type == pyarrow.uint64()
    with pytest.raises(KeyError, match="holds no table cells; it holds arms, draws"):
        results.arrow("cells")


def test_an_id_may_be_any_word(tmp_path):
    (tmp_path / "trials.csv").write_text("trial,arm,state,payoff,leverage\n0,null,NA,1,\n1,null,nan,2,0.5\n")
    table = Results(tmp_path).arrow("trials")
    assert table.column("state").to_pylist() == ["NA", "nan"]
    assert table.column("arm").to_pylist() == ["null", "null"]
    assert table.column("payoff").to_pylist() == [1.0, 2.0]
    assert table.column("leverage").to_pylist() == [None, 0.5]


@pytest.mark.parametrize("ids", [["1", "2"], ["true", "false"], ["2027-01-01", "2027-01-02"], ["", ""]], ids=["numbers", "switches", "dates", "empty"])
def test_types_go_by_names(tmp_path, ids):
    rows = [f"{cell},done,{id},1\n" for cell, id in enumerate(ids)]
    (tmp_path / "cells.csv").write_text("cell,status,reason,a.total.payoff.mean\n" + "".join(rows))
    table = Results(tmp_path).arrow("cells")
    assert table.schema.types == [pyarrow.uint64(), pyarrow.string(), pyarrow.string(), pyarrow.float64()]
    assert table.column("reason").to_pylist() == ids


def test_no_directory_is_said_at_once(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no directory .*nosuch"):
        Results(tmp_path / "nosuch")
