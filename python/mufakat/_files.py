"""Texts of scenarios and of what is laid over them: from files, from what is shipped, or written here."""

import os
import pathlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from mufakat import _native, _toml, _words
from mufakat.errors import FileError, UsageError

# What stands before the file of a shipped scenario in messages.
_SHIPPED = "<shipped>/"


class Layer(NamedTuple):
    """A text of TOML: the word that a command line would have for it, the name that messages show."""

    word: str
    name: str
    text: str
    is_shipped: bool = False


def read(name: str | os.PathLike[str]) -> Layer:
    """The scenario of a file or, where there is none, the shipped one of this name. Raises `FileError`."""
    if not isinstance(name, (str, os.PathLike)):
        raise UsageError(f"load: expected the name of a scenario or the path of its file, not {name!r}; mufakat.scenario takes a dict")
    word = _named(os.fspath(name))
    called, text = _native.read(word)
    return Layer(word, called, text, called.startswith(_SHIPPED))


def written(given: str | Mapping[str, Any], name: str) -> Layer:
    """A scenario that is written as a dict or as TOML."""
    if isinstance(given, Mapping):
        given = _toml.document(given)
    if not isinstance(given, str):
        raise UsageError(f"scenario: expected a dict or TOML text, not {type(given).__name__}; mufakat.load takes names and paths")
    word = _named(name)
    # What extends a shipped scenario may have its name.
    own = os.path.join(os.path.dirname(word), f"<{os.path.basename(word)}>")
    return Layer(word, own if (_read(given) or {}).get("extends") == word else word, _words.checked("scenario", given))


def overlay(given: str | os.PathLike[str] | Mapping[str, Any]) -> Layer:
    """What is laid over a scenario: a dict, TOML text, or a file, which a text without `=` and line breaks names."""
    if isinstance(given, Mapping):
        return Layer("overlay", "overlay", _toml.document(given))
    if not isinstance(given, (str, os.PathLike)):
        raise UsageError(f"overlay: expected a dict, TOML text or the path of a file, not {type(given).__name__}")
    if isinstance(given, str) and ("\n" in given or "=" in given and not os.path.exists(given)):
        return Layer("overlay", "overlay", _words.checked("overlay", given))
    word = _named(os.fspath(given))
    try:
        return Layer(word, word, pathlib.Path(word).read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise FileError(f"error: cannot read {word}: it is not text in UTF-8 (byte {error.start} is not)") from None
    except OSError as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else error.strerror
        raise FileError(f"error: cannot read {word}: {reason}") from None


def resolved(first: Layer, text: str) -> Layer:
    """The text of a scenario after all its layers, of which this was the first: lines in messages are those of that text."""
    behind = " (resolved)"
    return Layer(first.word, first.name.removesuffix(behind) + behind, text)


def names_others(layer: Layer) -> bool:
    """Whether a text that is not shipped names files that it stands on: a base, or numbers in a table."""
    if layer.is_shipped:
        return False
    tables = _read(layer.text)
    # The engine reads more than this, such as line breaks in inline tables.
    return tables is None or "extends" in tables or _has_file(tables)


def assigns_file(assignment: str) -> bool:
    """Whether the value of `PATH=VALUE` names a file of numbers."""
    # What cannot be read is a bare word.
    return _has_file(_read(f"value = {assignment.partition('=')[2]}"))


def _read(text: str) -> dict[str, Any] | None:
    """TOML as dicts, if it is that."""
    # Most of what imports this package never needs it.
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _has_file(given: Any) -> bool:
    if isinstance(given, dict):
        return "file" in given or any(_has_file(one) for one in given.values())
    return isinstance(given, list) and any(_has_file(one) for one in given)


def _named(name: Any) -> str:
    if not isinstance(name, str) or not name or not name.isprintable():
        raise UsageError(f"the name of a scenario is a line of text, not {name!r}")
    return _words.checked("name", name)
