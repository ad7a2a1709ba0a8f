"""How far a study is: a bar of tqdm where there is one and somebody to see it, or whatever is called."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from mufakat.errors import UsageError

Progress = bool | Callable[[int, int], object] | None

# A bar for what is done sooner than this would only flicker; seconds.
_DELAY = 0.5


@contextmanager
def shown(progress: Progress, title: str) -> Iterator[Callable[[int, int], object] | None]:
    """What is to be called with pieces done and pieces in all.

    `None` shows a bar of tqdm where tqdm is installed and somebody looks: on a terminal or in a notebook. `True` shows it wherever standard
    error goes, `False` nothing. A callable is called itself, about ten times a second, from the thread that asked; what it raises ends the study.
    """
    if callable(progress):
        yield progress
        return
    if progress not in (None, True, False):
        raise UsageError(f"progress: expected True, False or what is called with two numbers, done and all, not {progress!r}")
    bar_type = _bar_type(must=progress is True) if progress is True or progress is None and _somebody_looks() else None
    if bar_type is None:
        yield None
        return
    bar: Any = bar_type(desc=title, delay=_DELAY, leave=False, unit="", unit_scale=True)

    def move(done: int, total: int) -> None:
        if total != bar.total:
            # The bar says what it is told, also where more is found to do.
            bar.total = total
        bar.update(done - bar.n)

    try:
        yield move
    finally:
        bar.close()


def _bar_type(must: bool) -> Any:
    try:
        if _is_notebook():
            from tqdm.notebook import tqdm as bar

            return bar
        from tqdm import tqdm
    except ImportError:
        if must:
            raise ImportError("progress=True shows a bar of tqdm: pip install tqdm, or give what is called with done and all") from None
        return None
    return tqdm


def _somebody_looks() -> bool:
    return _is_notebook() or sys.stderr is not None and sys.stderr.isatty()


def _is_notebook() -> bool:
    """Whether cells show widgets: a kernel of Jupyter with ipywidgets."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if type(shell).__name__ != "ZMQInteractiveShell":
        return False
    try:
        import ipywidgets  # noqa: F401
    except ImportError:
        return False
    return True
