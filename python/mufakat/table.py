"""Tables: of results, which other programs take over without a copy, and of what a scenario says."""

import html
import importlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from mufakat import _native

# Rows that a notebook shows of a table.
_SHOWN = 10


class Table:
    """A table of results. Whatever knows Arrow takes it as it is: `polars.DataFrame(t)`, `pyarrow.table(t)`, DuckDB after `pyarrow.table(t)`.

    Columns that number rows (`trial`, `window`, `cell`) are unsigned integers of 64 bits, ids are text, all else are floats of 64 bits, with a null
    where a world has no such number.
    """

    __slots__ = ("_native", "name")

    def __init__(self, native: "_native.Table", name: str) -> None:
        """The table `name` of a result."""
        self._native = native
        self.name = name

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The table as a stream of the Arrow C data interface, in a capsule."""
        return self._native.__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        """Its schema as one of the Arrow C data interface, in a capsule."""
        return self._native.__arrow_c_schema__()

    def __len__(self) -> int:
        return self._native.num_rows

    @property
    def columns(self) -> list[str]:
        """Names of its columns."""
        return self._native.column_names

    @property
    def units(self) -> dict[str, str]:
        """Units of the columns that have one, such as `USD bn`."""
        return self._native.units

    def head(self, rows: int = _SHOWN) -> "Records":
        """The first rows, without any other package."""
        return Records([dict(zip(self.columns, row, strict=True)) for row in self.rows(rows)], self.columns, self.units)

    def rows(self, limit: int | None = None) -> list[list[Any]]:
        """Its rows, or the first `limit`, each a list of cells."""
        return self._native.rows(len(self) if limit is None else max(0, min(limit, len(self))))

    def to_arrow(self) -> "pyarrow.Table":
        """A table of pyarrow over the same memory; raises `ImportError` without pyarrow."""
        return _needed("pyarrow", "to_arrow").table(self)

    def to_polars(self) -> "polars.DataFrame":
        """A frame of polars over the same memory; raises `ImportError` without polars."""
        frame: polars.DataFrame = _needed("polars", "to_polars").DataFrame(self)
        return frame

    def to_pandas(self) -> "pandas.DataFrame":
        """A frame of pandas, whose `attrs["units"]` are the units; raises `ImportError` without pandas and pyarrow."""
        _needed("pandas", "to_pandas", "pandas pyarrow")
        frame: Any = _needed("pyarrow", "to_pandas", "pandas pyarrow").table(self).to_pandas()
        frame.attrs["units"] = self.units
        return frame

    def __repr__(self) -> str:
        return f"<Table {self.name}: {len(self):,} rows, columns {', '.join(_few(self.columns))}>"

    def _repr_html_(self) -> str:
        return _as_html(self.head(), len(self))


class Records(Sequence[dict[str, Any]]):
    """A small table: a list of rows, each a dict, with the names and units of its columns."""

    __slots__ = ("_rows", "columns", "units")

    def __init__(self, rows: Sequence[Mapping[str, Any]], columns: Sequence[str], units: Mapping[str, str] | None = None) -> None:
        """Rows with these columns in this order; other keys of a row are left out, and what it lacks is `None`."""
        self.columns = list(columns)
        self.units = dict(units or {})
        self._rows = [{name: row.get(name) for name in self.columns} for row in rows]

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> "Records": ...
    def __getitem__(self, index: int | slice) -> "dict[str, Any] | Records":
        return Records(self._rows[index], self.columns, self.units) if isinstance(index, slice) else self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Records) and (self.columns, self._rows) == (other.columns, other._rows)

    __hash__ = None  # type: ignore[assignment]

    def column(self, name: str) -> list[Any]:
        """One column; raises `KeyError` where there is none of this name."""
        if name not in self.columns:
            raise KeyError(f"there is no column {name!r}; there are {', '.join(self.columns)}")
        return [row[name] for row in self._rows]

    def to_arrow(self) -> "pyarrow.Table":
        """A table of pyarrow; raises `ImportError` without pyarrow."""
        return _needed("pyarrow", "to_arrow").table(self._typed())

    def to_polars(self) -> "polars.DataFrame":
        """A frame of polars; raises `ImportError` without polars."""
        frame: polars.DataFrame = _needed("polars", "to_polars").DataFrame(self._typed())
        return frame

    def to_pandas(self) -> "pandas.DataFrame":
        """A frame of pandas, whose `attrs["units"]` are the units; raises `ImportError` without pandas."""
        frame: Any = _needed("pandas", "to_pandas").DataFrame(self._typed(), columns=self.columns)
        frame.attrs["units"] = self.units
        return frame

    def __repr__(self) -> str:
        return f"<Records: {len(self):,} rows, columns {', '.join(_few(self.columns))}>"

    def __str__(self) -> str:
        rows = [self.columns, *([_cell(row[name]) for name in self.columns] for row in self._rows)]
        widths = [max(len(row[index]) for row in rows) for index in range(len(self.columns))]
        return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)

    def _repr_html_(self) -> str:
        return _as_html(self[:_SHOWN * 3], len(self))

    def _typed(self) -> dict[str, list[Any]]:
        """Columns each of one type: where a column has several, or lists and tables, these are written as JSON."""
        return {name: _of_one_type(self.column(name)) for name in self.columns}


def _of_one_type(values: list[Any]) -> list[Any]:
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int, float}:
        return [None if value is None else float(value) for value in values]
    if len(kinds) <= 1 and kinds <= {str, bool, int, float}:
        return values
    return [value if value is None or isinstance(value, str) else json.dumps(value) for value in values]


def _needed(name: str, method: str, packages: str | None = None) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise ImportError(f"{method} needs {name}: pip install {packages or name}", name=name) from None


def _few(names: Sequence[str]) -> list[str]:
    return list(names) if len(names) <= 8 else [*names[:7], f"... {len(names)} in all"]


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return "" if value is None else str(value)


def _as_html(shown: Records, rows: int) -> str:
    """Rows as a table of HTML, with units below names and how many rows there are."""
    def heading(name: str) -> str:
        unit = shown.units.get(name)
        return f"<th>{html.escape(name)}{f'<br><small>{html.escape(unit)}</small>' if unit else ''}</th>"

    def cell(value: Any) -> str:
        side = "right" if isinstance(value, (int, float)) and not isinstance(value, bool) else "left"
        return f'<td style="text-align: {side}">{html.escape(_cell(value))}</td>'

    head = "".join(heading(name) for name in shown.columns)
    body = "".join(f"<tr>{''.join(cell(value) for value in row.values())}</tr>" for row in shown)
    more = f"<p>{rows:,} rows</p>" if rows > len(shown) else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"
