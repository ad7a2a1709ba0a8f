"""The directory of a finished command, as a document and as tables."""

import csv
import json
import os
import pathlib
from typing import Any

import pandas
import pyarrow
import pyarrow.csv
import pyarrow.parquet

# Columns that number rows.
INDICES = ("cell", "trial", "window")
# Columns of text, with the paths that a sweep varies over words; every other column holds numbers, any of which may be absent.
TEXTS = ("arm", "hyperscaler", "members", "reason", "sign", "state", "status")


class Results:
    """What a finished command wrote into a directory."""

    def __init__(self, path: str | os.PathLike[str]):
        """Opens the directory `path`; raises `FileNotFoundError` where there is none."""
        self.path = pathlib.Path(path)
        if not self.path.is_dir():
            raise FileNotFoundError(f"there is no directory {self.path}; plan.merge(out) or a command with --out writes one")

    def __repr__(self) -> str:
        return f"Results({os.fspath(self.path)!r})"

    @property
    def document(self) -> dict[str, Any]:
        """`results.json`; `mufakat schema` describes it."""
        document: dict[str, Any] = json.loads((self.path / "results.json").read_text(encoding="utf-8"))
        return document

    @property
    def names(self) -> list[str]:
        """Names of its tables."""
        files = self.path.iterdir()
        return sorted(file.stem for file in files if file.suffix in (".csv", ".parquet"))

    def arrow(self, name: str) -> pyarrow.Table:
        """A table such as `trials`, with a null where a number is missing."""
        table = self.path / f"{name}.parquet"
        if table.exists():
            return pyarrow.parquet.read_table(table)
        table = table.with_suffix(".csv")
        if not table.exists():
            raise KeyError(f"{self.path} holds no table {name}; it holds {', '.join(self.names)}")
        # An id may be any word, also NA, 1 or a date: types go by names, not by values, and are those of Parquet.
        convert = pyarrow.csv.ConvertOptions(column_types=self._types(table), null_values=[""], strings_can_be_null=False)
        parse = pyarrow.csv.ParseOptions(newlines_in_values=True)
        return pyarrow.csv.read_csv(table, convert_options=convert, parse_options=parse)

    def pandas(self, name: str) -> pandas.DataFrame:
        """The same as a data frame."""
        return self.arrow(name).to_pandas()

    def _types(self, table: pathlib.Path) -> dict[str, pyarrow.DataType]:
        """Types of the columns of a CSV file."""
        texts = {*TEXTS, *self._words()}

        def of(name: str) -> pyarrow.DataType:
            if name in INDICES:
                return pyarrow.uint64()
            return pyarrow.string() if name in texts else pyarrow.float64()

        with open(table, encoding="utf-8", newline="") as file:
            return {name: of(name) for name in next(csv.reader(file))}

    def _words(self) -> list[str]:
        """Paths that a sweep varies over something other than numbers."""
        if not (self.path / "results.json").exists():
            return []

        def is_number(value: Any) -> bool:
            return isinstance(value, (int, float)) and not isinstance(value, bool)

        axes = self.document.get("axes", [])
        return [axis["path"] for axis in axes if not all(map(is_number, axis["values"]))]
