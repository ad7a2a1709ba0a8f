"""What a study found: its document, its tables, what people read of it."""

import builtins
import json
import os
import re
import shutil
import sys
from typing import TYPE_CHECKING, Any

from mufakat import _native
from mufakat.document import Document, names
from mufakat.errors import UnknownKey, UsageError
from mufakat.table import Table

if TYPE_CHECKING:
    from mufakat.scenario import Scenario

# Columns of text where there is no terminal, and the fewest that a table is laid out in.
_WIDTH, _NARROWEST = 80, 60
# Wider than any paragraph, so that each is one line.
_UNBROKEN = 20_000

Question = tuple[list[str], dict[str, tuple[str, str]]]


class Result:
    """What a study found. Attributes that it does not have itself are those of its document: `r.arms.bloc.totals.payoff.mean`.

    `r.document` is that document alone, which also has the keys that are methods here, as `r.document.table` of `brief`. `r["arms"]` is the table
    `arms`, and `print(r)` prints what the program prints. A result can be pickled.
    """

    __slots__ = ("_document", "_held", "_question", "path", "scenario", "warnings")

    _document: Document | None

    def __init__(
        self,
        held: "_native.Held",
        question: Question | None,
        scenario: "Scenario | None" = None,
        warnings: list[str] | None = None,
        path: str | None = None,
    ) -> None:
        """What the engine holds of a study, with its question (command line and texts) where it was asked here."""
        self._held = held
        self._question = question
        self._document = None
        self.scenario = scenario
        self.warnings = list(warnings or [])
        self.path = path

    @property
    def command(self) -> str:
        """The study: `run`, `sweep` and so on."""
        return self._held.command

    @property
    def failed(self) -> bool:
        """Whether a condition failed that was asked for, such as that of `fail_if`."""
        return self._held.status != 0

    @property
    def document(self) -> Document:
        """The document of results, as `--json` of the program prints it; `mufakat schema` describes it."""
        if self._document is None:
            self._document = Document(json.loads(self._held.document()))
        return self._document

    def to_dict(self) -> dict[str, Any]:
        """The document as a dict of one's own."""
        document: dict[str, Any] = json.loads(self._held.document())
        return document

    @property
    def tables(self) -> list[str]:
        """Names of its tables."""
        return self._held.tables()

    def table(self, name: str) -> Table:
        """A table by its name; raises `UnknownKey`, a `KeyError`, where there is none."""
        if not isinstance(name, str) or name not in self.tables:
            known = ", ".join(self.tables)
            raise UnknownKey(f"{self.command}: there is no table {name!r}; {f'there are {known}' if known else 'this result has none'}")
        return Table(self._held.table(name), name)

    def text(self, width: int | None = None) -> str:
        """What the program prints, in so many columns (default: those of the terminal, else 80)."""
        if width is None:
            terminal = sys.stdout is not None and sys.stdout.isatty()
            width = max(shutil.get_terminal_size((_WIDTH, 24)).columns, _NARROWEST) if terminal else _WIDTH
        return self._held.text(width)

    def report(self, path: str | os.PathLike[str]) -> None:
        """Writes it as a page, one HTML file that asks for nothing from anywhere. Raises `FileError` where it cannot be written."""
        self._held.page(os.fspath(path))

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> None:
        """Writes the directory that `out=` writes, which `mufakat.open` opens: document, scenario, manifest and tables.

        Raises `FileError` where something is there; with `force`, what an earlier command wrote is replaced.
        """
        if not os.fspath(path):
            raise UsageError("save: expected the path of a directory, not ''")
        self._held.save(os.fspath(path), force)

    def __getitem__(self, name: str) -> Table:
        return self.table(name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return getattr(self.document, name)
        except AttributeError as error:
            raise AttributeError(f"{self.command}: {error}") from None

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *names(self.to_dict())]

    def _ipython_key_completions_(self) -> list[str]:
        return self.tables

    def __str__(self) -> str:
        return self.text().rstrip("\n")

    def __repr__(self) -> str:
        manifest = self.document.get("manifest") or {}
        said = [self.command, manifest.get("scenario"), f"{manifest['trials']:,} worlds" if "trials" in manifest else None]
        return f"<{', '.join(one for one in said if one)}: {_first_sentence(self._held.text(_UNBROKEN))}>"

    def _repr_html_(self) -> str:
        return self._held.html()

    def __reduce__(self) -> tuple[Any, ...]:
        if self._question is None:
            return open, (self.path,)
        return _restored, (self._question, self._held.document(), self._held.pieces(), self.scenario, self.warnings, self.path)


def open(path: str | os.PathLike[str]) -> Result:  # noqa: A001
    """Opens the directory of a finished command, such as `out=` and `save` write; raises `FileError` where there is none.

    >>> r = mufakat.load("two-states").run()
    >>> r.save(tmp / "two")
    >>> mufakat.open(tmp / "two").arms.bloc.totals.payoff.mean == r.arms.bloc.totals.payoff.mean
    True
    """
    if not isinstance(path, (str, os.PathLike)):
        raise UsageError(f"open: expected the path of a directory, not {path!r}")
    return Result(_native.open(os.fspath(path)), None, path=os.fspath(path))


def _restored(
    question: Question, document: str, pieces: bytes | None, scenario: "Scenario | None", warnings: list[str], path: str | None
) -> Result:
    words, texts = question
    return Result(_native.restore(words, texts, None, document, pieces), question, scenario, warnings, path)


def _first_sentence(text: str) -> str:
    """The first sentence that answers: what a scenario asks ends with a question mark."""
    said = builtins.filter(None, (line.strip() for line in text.splitlines()))
    answer = next((line for line in said if not line.endswith("?")), "")
    return re.split(r"(?<=\.) (?=[A-Z0-9`])", answer, maxsplit=1)[0]
