//! Parquet as an independent reader sees it: pyarrow, where `MUFAKAT_PYTHON` names a Python that has it.

use crate::support::program::{UNCERTAIN as SCENARIO, check};
use std::path::Path;
use std::process::Command;

/// Compares every table of one directory as CSV with the same table of another as Parquet: names, types, units, numbers.
const READER: &str = r#"
import csv, pathlib, sys
import pyarrow.parquet as pq
folder, other = map(pathlib.Path, sys.argv[1:3])
for path in sorted(folder.glob("*.csv")):
    if not (other / path.name).with_suffix(".parquet").exists():
        continue
    table = pq.read_table((other / path.name).with_suffix(".parquet"))
    with open(path, newline="") as file:
        rows = list(csv.reader(file))
    assert table.column_names == rows[0], path
    assert table.num_rows == len(rows) - 1, path
    for index, name in enumerate(table.column_names):
        kind = str(table.schema.field(name).type)
        assert kind in ("uint64", "string", "double"), (path, name, kind)
        values = table.column(name).to_pylist()
        for row, value in zip(rows[1:], values):
            cell = row[index]
            if kind == "double":
                same = (cell == "") if value is None else float(cell) == value
            else:
                same = str(value) == cell
            assert same, (path, name, cell, value)
    if path.stem == "trials":
        metadata = table.schema.field("payoff").metadata
        assert metadata[b"unit"] == b"US$ bn", metadata
        assert pq.ParquetFile((other / path.name).with_suffix(".parquet")).metadata.row_group(0).column(0).compression == "ZSTD"
    print(path.stem)
"#;

#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn an_independent_reader_finds_what_csv_holds() {
    let Some(python) = std::env::var_os("MUFAKAT_PYTHON") else {
        eprintln!("skipped: MUFAKAT_PYTHON names no Python with pyarrow (.ci/run makes one)");
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary directory");
    let at = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let vary = [
        "--vary",
        "market.diversion=0,1",
        "--vary",
        "bargaining.solution=nash,egalitarian",
    ];
    let vary = [&vary[..], &["--keep", "trials"]].concat();
    for (command, tables) in [("run", 6), ("sweep", 2)] {
        let (csv, parquet) = (
            at(&format!("{command}-csv")),
            at(&format!("{command}-parquet")),
        );
        let vary: &[&str] = if command == "sweep" { &vary } else { &[] };
        let args = [&[command, SCENARIO, "-n", "50", "-q"], vary].concat();
        check(&[&args[..], &["-o", &csv]].concat(), 0);
        let format = ["-o", &parquet, "--format", "parquet"];
        check(&[&args[..], &format].concat(), 0);
        let output = Command::new(&python)
            .args(["-c", READER])
            .args([Path::new(&csv), Path::new(&parquet)])
            .output()
            .expect("Python starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        assert_eq!(
            String::from_utf8_lossy(&output.stdout).lines().count(),
            tables
        );
    }
}
