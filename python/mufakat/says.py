"""What the engine says besides results: notes and warnings, to the logger `mufakat`."""

import logging
from collections.abc import Iterable

from mufakat._phrases import in_python

LOG = logging.getLogger("mufakat")

_LEVELS = {"info": logging.INFO, "warning": logging.WARNING}
# What stands before a sentence where it is printed.
_HEADS = ("note: ", "warning: ")


class Heard:
    """Hears what is said while a study is played, and keeps its warnings."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        """Hears all but the warnings that are `known`."""
        self.warnings: list[str] = []
        self._known = set(known)

    def __call__(self, level: str, text: str) -> None:
        """Takes in a note or a warning."""
        text = in_python(text.strip())
        for head in _HEADS:
            text = text.removeprefix(head)
        if text in self._known:
            return
        if level == "warning":
            self.warnings.append(text)
        LOG.log(_LEVELS.get(level, logging.INFO), "%s", text)
