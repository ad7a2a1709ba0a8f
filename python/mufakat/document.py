"""A document of results: nested tables whose keys are attributes too."""

import keyword
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, overload

# Longer values are cut where a document shows itself.
_WIDTH = 100


class Document(Mapping[str, Any]):
    """A table of a document. `d["arms"]` is `d.arms`; keys that are no names of Python, such as `bloc-paid`, are had by brackets alone.

    A key wins over a method of the same name: where there is a key `values`, `d.values` is what it holds. `mufakat.document.plain(d)` is a dict.
    """

    __slots__ = ("_data",)
    _data: dict[str, Any]

    def __init__(self, data: dict[str, Any]) -> None:
        """A view of what `json.loads` returns, which is not copied."""
        object.__setattr__(self, "_data", data)

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_"):
            data = object.__getattribute__(self, "_data")
            if name in data:
                return seen(data[name])
        return object.__getattribute__(self, name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise AttributeError(f"there is no {name!r} here; there are {_listed(self._data)}")

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("a document of results is not changed; mufakat.document.plain(it) is a dict of its own")

    def __getitem__(self, key: str) -> Any:
        return seen(self._data[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __eq__(self, other: object) -> bool:
        return bool(self._data == plain(other))

    __hash__ = None  # type: ignore[assignment]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *names(self._data)]

    def __repr__(self) -> str:
        return f"Document({_listed(self._data)})" if any(_is_nested(one) for one in self._data.values()) else f"Document({self._data!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Document, (self._data,)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._data)


class Documents(Sequence[Any]):
    """A list of a document."""

    __slots__ = ("_data",)

    def __init__(self, data: list[Any]) -> None:
        """A view of a list that `json.loads` returns."""
        self._data = data

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> "Documents": ...
    def __getitem__(self, index: int | slice) -> Any:
        return Documents(self._data[index]) if isinstance(index, slice) else seen(self._data[index])

    def __len__(self) -> int:
        return len(self._data)

    def __eq__(self, other: object) -> bool:
        return bool(self._data == plain(other))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        text = f"[{', '.join(repr(one) for one in self[:4])}{', ...' if len(self) > 4 else ''}]"
        return text if len(text) <= _WIDTH else f"[{len(self)} entries]"


def seen(data: Any) -> Any:
    """A value of a document as it is looked at."""
    if isinstance(data, dict):
        return Document(data)
    return Documents(data) if isinstance(data, list) else data


def plain(data: Any) -> Any:
    """The same as dicts and lists of Python, which are not copied."""
    return object.__getattribute__(data, "_data") if isinstance(data, (Document, Documents)) else data


def names(data: Mapping[str, Any]) -> list[str]:
    """The keys that can be attributes."""
    return [name for name in data if name.isidentifier() and not keyword.iskeyword(name)]


def _is_nested(data: Any) -> bool:
    return isinstance(data, (dict, list))


def _listed(data: Mapping[str, Any]) -> str:
    text = ", ".join(data)
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH].rpartition(',')[0]}, ... {len(data)} in all"
