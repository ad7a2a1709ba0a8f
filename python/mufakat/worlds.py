"""Worlds that are given: a frame, a dict of columns or a file, as the table of CSV that the engine reads."""

import csv
import io
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mufakat.errors import UsageError
from mufakat.table import Table

# What a table is called in messages.
NAME = "worlds"


def table(worlds: Any) -> tuple[str, str]:
    """Name and CSV of a table whose columns are paths and whose row k is trial k; numbers read back exactly.

    Takes whatever has `__arrow_c_stream__` (polars, pyarrow, DuckDB, pandas, tables of a `Result`), a frame with columns, a dict of sequences,
    or a list of dicts. A column `trial` is left out: a row is the trial of its place. Raises `UsageError` for what is no number.
    """
    columns = {name: values for name, values in _columns(worlds).items() if name != "trial"}
    if not columns:
        raise UsageError("worlds: there is no column; expected one for each path that is given, such as market.diversion")
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        counts = ", ".join(f"{name} {len(values)}" for name, values in columns.items())
        raise UsageError(f"worlds: all columns have as many rows, a row for each world; these have {counts}")
    written = [[_cell(value, name, row) for row, value in enumerate(values)] for name, values in columns.items()]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*written, strict=True))
    return NAME, text.getvalue()


def is_file(worlds: Any) -> bool:
    """Whether this names a file of worlds."""
    return isinstance(worlds, (str, os.PathLike))


def _columns(worlds: Any) -> dict[str, Sequence[Any]]:
    worlds = collected(worlds)
    if isinstance(worlds, Table):
        rows = worlds.rows()
        return {name: [row[index] for row in rows] for index, name in enumerate(worlds.columns)}
    if isinstance(worlds, Mapping):
        return {_name(name): _list(values, name) for name, values in worlds.items()}
    if isinstance(worlds, (list, tuple)) and worlds and all(isinstance(row, Mapping) for row in worlds):
        names = list(worlds[0])
        if any(list(row) != names for row in worlds):
            raise UsageError("worlds: every row has the same keys in the same order")
        return {_name(name): [row[name] for row in worlds] for name in names}
    if type(worlds).__module__.partition(".")[0] in ("pandas", "polars") and hasattr(worlds, "columns"):
        return {_name(name): _list(worlds[name], name) for name in once(worlds.columns)}
    if hasattr(worlds, "__arrow_c_stream__"):
        return _of_arrow(worlds)
    kind = type(worlds).__name__
    raise UsageError(f"worlds: expected a frame or a dict of columns, a list of dicts, or the name of a file, not {kind}")


def _of_arrow(worlds: Any) -> dict[str, Sequence[Any]]:
    try:
        import pyarrow
    except ModuleNotFoundError:
        try:
            import polars
        except ModuleNotFoundError:
            text = f"worlds: {type(worlds).__name__} is read with pyarrow or polars: pip install pyarrow, or give a dict of columns"
            raise ImportError(text) from None
        frame = polars.DataFrame(worlds)
        return {name: frame[name].to_list() for name in frame.columns}
    read = pyarrow.table(worlds)
    return {name: read.column(index).to_pylist() for index, name in enumerate(once(read.column_names))}


def collected(worlds: Any) -> Any:
    """A frame that is not computed yet as one that is."""
    return worlds.collect() if type(worlds).__name__ == "LazyFrame" else worlds


def once(names: Iterable[Any]) -> list[Any]:
    """The names of columns, each of which is there once."""
    listed = list(names)
    for index, name in enumerate(listed):
        if name in listed[:index]:
            raise UsageError(f"worlds: column {name} is there twice")
    return listed


def _name(name: Any) -> str:
    if not isinstance(name, str) or not name:
        raise UsageError(f"worlds: the name of a column is a path such as market.diversion, not {name!r}")
    return name


def _list(values: Any, name: Any) -> Sequence[Any]:
    if isinstance(values, str) or not (hasattr(values, "__iter__") or hasattr(values, "tolist")):
        raise UsageError(f"worlds: column {name} is no sequence of numbers but {values!r}")
    listed = values.to_list() if hasattr(values, "to_list") else values.tolist() if hasattr(values, "tolist") else list(values)
    if not isinstance(listed, list):
        raise UsageError(f"worlds: column {name} is no sequence of numbers but {values!r}")
    return listed


def _cell(value: Any, name: str, row: int) -> str:
    """A number as text that reads back exactly; what is missing is refused, as no world can have it."""
    if hasattr(value, "item") and not isinstance(value, (bytes, str)):
        value = value.item()
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, float) and value is not None and hasattr(value, "__float__"):
        value = float(value)
    if isinstance(value, float) and math.isfinite(value):
        return repr(value)
    raise UsageError(f"worlds: column {name}, row {row}: expected a number, not {value!r}")
