"""Tables of results: what Parquet holds, whether a directory has it or CSV."""

import pandas
import pyarrow
import pytest
from conftest import SCENARIO

from mufakat import Results


def test_tables_are_the_same_from_csv_and_parquet(alone):
    study = ["run", str(SCENARIO), "-n", "50"]
    csv, parquet = Results(alone(*study)), Results(alone(*study, "--format", "parquet"))
    assert csv.names == parquet.names == ["arms", "draws", "hyperscalers", "pairs", "trials", "windows"]
    for name in csv.names:
        one, other = csv.arrow(name), parquet.arrow(name)
        # Units and what may be absent are said by Parquet alone.
        assert [(field.name, field.type) for field in one.schema] == [(field.name, field.type) for field in other.schema], name
        pandas.testing.assert_frame_equal(one.to_pandas(), other.to_pandas(), check_exact=True)


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
