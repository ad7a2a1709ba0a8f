"""Python values as TOML, so that they read back exactly."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from mufakat.errors import UsageError

# Deeper than any scenario; what refers to itself ends here too.
_DEEPEST = 40
_BARE = r"[A-Za-z0-9_-]+"
_WORD = r"[A-Za-z][A-Za-z0-9_-]*"
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def document(tables: Mapping[str, Any]) -> str:
    """A file of TOML: the keys of `tables` in their order, each key of a table on a line of its own.

    Tables and lists of tables at the top get headers, what lies in them stands inline. Raises `UsageError` for what TOML or a scenario
    cannot hold: `None`, dates, bytes, keys that are no text.
    """
    plain, headed = [], []
    for name, value in tables.items():
        value = _plain(value)
        if isinstance(value, Mapping):
            headed.append(f"\n[{key(name)}]\n{_lines(value, str(name))}")
        elif isinstance(value, list) and value and all(isinstance(_plain(one), Mapping) for one in value):
            headed.extend(f"\n[[{key(name)}]]\n{_lines(_plain(one), str(name))}" for one in value)
        else:
            plain.append(f"{key(name)} = {_inline(value, str(name), 1)}\n")
    return "".join(plain + headed).lstrip("\n")


def value(given: Any, place: str) -> str:
    """A value on one line; errors name `place`."""
    return _inline(given, place, 0)


def word(given: Any, place: str) -> str:
    """The same, but with plain words as a command line has them, without quotes."""
    if isinstance(given, str) and re.fullmatch(_WORD, given) and given not in ("true", "false", "inf", "nan"):
        return given
    return value(given, place)


def key(name: Any) -> str:
    """A key, in quotes where it needs them."""
    if not isinstance(name, str):
        raise UsageError(f"a key of a scenario is text, not {name!r}")
    return name if re.fullmatch(_BARE, name) else _text(name, name)


def _lines(table: Mapping[str, Any], place: str) -> str:
    return "".join(f"{key(name)} = {_inline(one, f'{place}.{name}', 2)}\n" for name, one in table.items())


def _plain(given: Any) -> Any:
    """A value of Python's own types: arrays and scalars of numpy and pandas become lists and numbers."""
    if isinstance(given, (str, bool, int, float, list, Mapping)):
        return given
    if hasattr(given, "tolist") and not isinstance(given, (bytes, bytearray, memoryview)):
        return given.tolist()
    if isinstance(given, Sequence) and not isinstance(given, (bytes, bytearray, memoryview)):
        return list(given)
    if hasattr(given, "__index__"):
        return int(given)
    if hasattr(given, "__float__"):
        return float(given)
    return given


def _inline(given: Any, place: str, depth: int) -> str:
    given = _plain(given)
    if depth > _DEEPEST:
        raise UsageError(f"{place[:80]}: nested more than {_DEEPEST} deep")
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, int):
        return _integer(int(given), place)
    if isinstance(given, float):
        return _number(float(given))
    if isinstance(given, str):
        return _text(given, place)
    if isinstance(given, list):
        return "[" + ", ".join(_inline(one, f"{place}[{index}]", depth + 1) for index, one in enumerate(given)) + "]"
    if isinstance(given, Mapping):
        inside = ", ".join(f"{key(name)} = {_inline(one, f'{place}.{name}', depth + 1)}" for name, one in given.items())
        return f"{{ {inside} }}" if inside else "{}"
    if given is None:
        raise UsageError(f'{place}: None has no meaning in a scenario; leave the key out, or write "none" to unset an optional key')
    kind = type(given).__name__
    if kind in ("date", "datetime", "time", "Timestamp"):
        raise UsageError(f"{place}: a scenario holds no dates; write a year as a number, such as 2027")
    raise UsageError(f"{place}: expected a number, text, True, False, a list or a dict, not {kind}")


def _integer(given: int, place: str) -> str:
    if not -(2**63) <= given < 2**63:
        raise UsageError(f"{place}: an integer has 64 bits at most; write a larger number as a float")
    return str(given)


def _number(given: float) -> str:
    return repr(given) if math.isfinite(given) else str(given)


def _text(given: str, place: str) -> str:
    if any(0xD800 <= ord(c) <= 0xDFFF for c in given):
        raise UsageError(f"{ascii(place)}: this text is not Unicode: it holds half of a surrogate pair")
    return '"' + "".join(_ESCAPES.get(c) or (f"\\u{ord(c):04X}" if ord(c) < 0x20 or ord(c) == 0x7F else c) for c in given) + '"'
