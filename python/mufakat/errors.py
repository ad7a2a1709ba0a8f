"""What goes wrong, one class for each exit code of the program, with the place in the scenario where there is one."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from mufakat._phrases import in_python


class Finding(NamedTuple):
    """One mistake: what is wrong, the key that has it, and where that was written, counted from 1; `None` where this is not known."""

    message: str
    path: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None


class Error(Exception):
    """Why a question was not answered. `str(error)` is what the program prints, with the lines of the scenario and carets below them.

    `findings` are all mistakes at once; `path`, `file`, `line` and `column` are those of the first, `None` where there is no place.
    `code` is the exit code of the program: 2 usage, 3 scenario not valid, 4 file, 5 a number outside its range.
    """

    code = 1

    def __init__(self, text: str, findings: Iterable[Finding] = ()) -> None:
        """An error that prints as `text`."""
        super().__init__(text)
        self.text = text
        self.findings = list(findings)

    def __str__(self) -> str:
        return self.text

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.text, self.findings)

    @property
    def path(self) -> str | None:
        """The key that has the first mistake, such as `arm.bloc.binding`."""
        return self._first.path

    @property
    def file(self) -> str | None:
        """The file or scenario in which the first mistake was written."""
        return self._first.file

    @property
    def line(self) -> int | None:
        """Its line, from 1."""
        return self._first.line

    @property
    def column(self) -> int | None:
        """Its column, from 1."""
        return self._first.column

    @property
    def _first(self) -> Finding:
        return self.findings[0] if self.findings else Finding("")


class UsageError(Error, ValueError):
    """Something was asked for that does not exist or cannot be: an argument, a name, a condition."""

    code = 2


class UnknownKey(UsageError, KeyError):
    """A scenario has no such key, or a result no such table."""


class ScenarioError(Error, ValueError):
    """A scenario is not valid; all that is wrong with it is in `findings`."""

    code = 3


class FileError(Error, OSError):
    """A file could not be read or written."""

    code = 4


class NumericError(Error, ArithmeticError):
    """A draw or a result left its range; the text names the path and the trial."""

    code = 5


class Interrupted(KeyboardInterrupt):
    """Ctrl-C ended a study. `kept` says what is kept of it and how to go on."""

    code = 130

    def __init__(self, text: str = "", kept: str = "") -> None:
        """An interruption that prints as `text`."""
        super().__init__(text)
        self.text = text
        self.kept = kept

    def __str__(self) -> str:
        return self.text

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.text, self.kept)


_BY_CODE: dict[int, type[Error]] = {one.code: one for one in (UsageError, ScenarioError, FileError, NumericError)}


def of(code: int, text: str, findings: Iterable[Finding | Mapping[str, Any] | tuple[Any, ...]] = ()) -> Error | Interrupted:
    """The exception for an exit code. `findings` are `Finding`s, their fields by name, or their fields in order; of an interruption
    the message of the first says what is kept.
    """
    read = [_finding(one) for one in findings]
    if code == Interrupted.code:
        return Interrupted(in_python(text.rstrip("\n")), in_python(read[0].message) if read else "")
    return _BY_CODE.get(code, Error)(in_python(text.rstrip("\n")), read)


def _finding(one: Finding | Mapping[str, Any] | tuple[Any, ...]) -> Finding:
    if isinstance(one, Finding):
        return one
    found = Finding(**one) if isinstance(one, Mapping) else Finding(*one)
    return found._replace(file="with_") if found.file == "command line" else found
