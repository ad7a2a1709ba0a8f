"""The engine, compiled."""

import pathlib
from collections.abc import Callable
from typing import Any, final

__all__ = [
    "Explorer",
    "Held",
    "Scenario",
    "Table",
    "__version__",
    "explorer_module",
    "main",
    "open",
    "plan",
    "play",
    "read",
    "restore",
    "schema",
    "shipped",
]

__version__: str

_Layer = tuple[str, str]

def main(argv: list[str], script: str) -> int:
    """Runs the command line `argv`, the first word of which is the name of the program, and returns the exit code. `script`
    is the file that starts it, for the tasks of a cluster.

    It writes to the standard streams of the process, not to `sys.stdout`, and releases the interpreter lock.
    """

def shipped() -> list[tuple[str, str]]:
    """Names of the shipped scenarios, each with its question."""

def schema() -> str:
    """The JSON Schema of a scenario file."""

def read(name: str) -> tuple[str, str]:
    """The scenario of a file, else a shipped one: its name as messages have it, and its text."""

@final
class Scenario:
    """A scenario after all its layers, checked."""

    def __new__(
        cls, name: str, text: str, overlays: list[_Layer] = ..., sets: list[str] = ..., trials: int | None = None, seed: int | None = None
    ) -> Scenario: ...
    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def question(self) -> str | None: ...
    @property
    def resolved(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def trials(self) -> int: ...
    @property
    def seed(self) -> int: ...
    @property
    def warnings(self) -> list[str]: ...
    @property
    def arms(self) -> list[str]: ...
    @property
    def states(self) -> list[str]: ...
    @property
    def hyperscalers(self) -> list[str]: ...
    @property
    def terms(self) -> list[str]: ...
    def keys(self) -> list[tuple[str, str, str | None, int | None]]: ...
    def get(self, path: str) -> Any: ...
    def diff(self, other: Scenario) -> list[tuple[str, str, str]]: ...
    def uncertain(self) -> list[dict[str, Any]]: ...
    def quantiles(self, path: str, probabilities: list[float]) -> list[float]: ...
    def evaluate(
        self,
        columns: list[str],
        values: list[bytes],
        outcomes: list[str],
        reference: str | None = None,
        threads: int | None = None,
        progress: Callable[[int, int], object] | None = None,
        trials: list[int] | None = None,
    ) -> list[bytes]: ...

@final
class Held:
    """A study that was played."""

    @property
    def command(self) -> str: ...
    @property
    def status(self) -> int: ...
    def document(self) -> str: ...
    def text(self, width: int) -> str: ...
    def html(self) -> str: ...
    def page(self, path: str) -> None: ...
    def tables(self) -> list[str]: ...
    def table(self, name: str) -> Table: ...
    def save(self, path: str, force: bool = False) -> None:
        """Writes what one machine writes into a directory."""
    def scenarios(self) -> list[tuple[str, str]]:
        """Its resolved scenarios, by the names of their files."""
    def pieces(self) -> bytes | None: ...

@final
class Table:
    """A table of a study."""

    @property
    def num_rows(self) -> int: ...
    @property
    def column_names(self) -> list[str]: ...
    @property
    def units(self) -> dict[str, str]: ...
    def rows(self, limit: int) -> list[list[Any]]: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...

def play(
    words: list[str],
    texts: dict[str, tuple[str, str]],
    worlds: tuple[str, str] | None = None,
    keep: bool = True,
    progress: Callable[[int, int], object] | None = None,
    say: Callable[[str, str], object] | None = None,
) -> Held:
    """Plays a study."""

def plan(words: list[str], texts: dict[str, tuple[str, str]], say: Callable[[str, str], object] | None = None) -> pathlib.Path:
    """Cuts a study into blocks that any number of machines play: `words` begin with `plan`."""

def restore(words: list[str], texts: dict[str, tuple[str, str]], worlds: tuple[str, str] | None, document: str, pieces: bytes | None) -> Held:
    """A study that was played before."""

def open(path: str) -> Held:
    """The directory of a finished study."""

@final
class Explorer:
    """A scenario that is explored: questions in, messages out, as JSON; `explorer/README.md` in the sources has them."""

    def __new__(cls, name: str, text: str, threads: int | None = None) -> Explorer: ...
    @property
    def opened(self) -> bytes:
        """The opened scenario."""

    @property
    def busy(self) -> bool:
        """Whether something that was asked is not answered, or an answer not taken."""

    def ask(self, id: str, name: str, request: bytes, page: str | None = None) -> None:
        """Asks and returns at once. `id` names the question in what is said; the newest `answer` and the newest `find` of a page end its older one."""

    def cancel(self, id: str) -> None:
        """Ends a question."""

    def leave(self, page: str | None = None) -> None:
        """Ends all questions of a page, or of every page."""

    def said(self, seconds: float) -> list[tuple[str, bytes, bool]]:
        """What was said and not taken yet: id, message, whether it is the last. Where that is nothing, waits for it up to so many seconds."""

    def wait(self, seconds: float) -> bool:
        """Waits until something was said that is not taken, up to so many seconds; whether it was."""

    def call(self, name: str, request: bytes) -> bytes:
        """Asks and waits for the last message. Raises `ValueError` with the JSON of a refusal."""

def explorer_module() -> str:
    """The module of the widget, as anywidget takes it."""
