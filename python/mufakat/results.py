"""The directory of a finished command, as a document and as tables."""

import json
import os
import pathlib
from typing import Any

import pandas
import pyarrow
import pyarrow.csv
import pyarrow.parquet


# Columns that number rows; every other number may be absent or have a fraction.
INDICES = ("cell", "trial", "window")


class Results:
    """What a finished command wrote into a directory."""

    def __init__(self, path: str | os.PathLike):
        self.path = pathlib.Path(path)

    def __repr__(self) -> str:
        return f"Results({os.fspath(self.path)!r})"

    @property
    def document(self) -> dict[str, Any]:
        """`results.json`; `mufakat schema` describes it."""
        return json.loads((self.path / "results.json").read_text(encoding="utf-8"))

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
        # An id may be any word, also NA.
        convert = pyarrow.csv.ConvertOptions(null_values=[""], strings_can_be_null=False)
        return _typed(pyarrow.csv.read_csv(table, convert_options=convert))

    def pandas(self, name: str) -> pandas.DataFrame:
        """The same as a data frame."""
        return self.arrow(name).to_pandas()


def _typed(table: pyarrow.Table) -> pyarrow.Table:
    """The types that a Parquet file says, where a CSV file leaves them to its values."""

    def of(field: pyarrow.Field) -> pyarrow.Field:
        if field.name in INDICES:
            return field.with_type(pyarrow.uint64())
        is_number = pyarrow.types.is_integer(field.type) or pyarrow.types.is_null(field.type)
        return field.with_type(pyarrow.float64()) if is_number else field

    return table.cast(pyarrow.schema([of(field) for field in table.schema]))
