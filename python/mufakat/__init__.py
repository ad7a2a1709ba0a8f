"""What do states win or lose when they bargain alone, under common rules, or as one bloc? The engine of mufakat, from Python.

>>> import mufakat
>>> r = mufakat.load("two-states").run()
>>> round(r.arms.bloc.totals.payoff.mean, 3)  # US$ bn
0.405

`load` and `scenario` return a `Scenario`, whose methods are the questions that can be asked (see `Studies`); each returns a `Result`. What goes
wrong is an `Error`. What the engine says besides goes to the logger `mufakat`.

The cluster driver (`Plan`, `Results`, `Different`, `Failed`) comes when it is first asked for: it needs what `pip install 'mufakat[dask]'` installs.
"""

from typing import TYPE_CHECKING, Any

from mufakat._native import __version__
from mufakat.errors import Error, FileError, Finding, Interrupted, NumericError, ScenarioError, UnknownKey, UsageError
from mufakat.result import Result
from mufakat.result import open as open
from mufakat.scenario import Scenario, load, scenario, shipped
from mufakat.studies import Studies, history
from mufakat.table import Records, Table

if TYPE_CHECKING:
    from mufakat.cluster import Different, Failed, Plan, Results

__all__ = [
    "Different",
    "Error",
    "Failed",
    "FileError",
    "Finding",
    "Interrupted",
    "NumericError",
    "Plan",
    "Records",
    "Result",
    "Results",
    "Scenario",
    "ScenarioError",
    "Studies",
    "Table",
    "UnknownKey",
    "UsageError",
    "__version__",
    "history",
    "load",
    "scenario",
    "shipped",
]

# What is imported when it is first asked for, and from where.
_LATER = {"Different": "mufakat.cluster", "Failed": "mufakat.cluster", "Plan": "mufakat.cluster", "Results": "mufakat.cluster"}


def __getattr__(name: str) -> Any:
    """A name of `_LATER`; raises `AttributeError` for others, and `ImportError` where what it needs is not installed."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    try:
        module = importlib.import_module(_LATER[name])
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] == __name__:
            raise
        raise ImportError(f"mufakat.{name} needs {error.name}: pip install 'mufakat[dask]'", name=error.name) from error
    globals()[name] = getattr(module, name)
    return globals()[name]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
