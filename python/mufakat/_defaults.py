"""What holds at keys that a scenario does not write, from the schema of its file."""

import functools
import json
from typing import Any

from mufakat import _native

# How many ids stand before the key in paths of these tables.
_IDS = {"state": 1, "hyperscaler": 1, "term": 1, "arm": 1, "event": 1, "pair": 2, "link": 2}
# Tables of multipliers by term, where 1 is one that changes nothing.
_MULTIPLIERS = ("values", "costs")


def of(path: str) -> Any:
    """The default of the key that a path names; `None` where it has none, as a limit that there is not."""
    section, *rest = path.split(".")
    table = _schema()["properties"].get(section, {})
    keys = rest[_IDS.get(section, 0) :]
    if len(keys) > 1:
        return 1 if keys[0] in _MULTIPLIERS else None
    said: dict[str, Any] = table.get("items", table).get("properties", {}).get(keys[0], {}) if keys else table
    default = said.get("default")
    return int(default) if isinstance(default, float) and default.is_integer() else default


@functools.cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(_native.schema())
    return schema
