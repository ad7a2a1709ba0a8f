"""Plays the shards of a mufakat plan on a Dask cluster and hands over tables of its results.

Nothing is computed here: worlds are played by the program, so that merged results have the bytes that one machine writes.
"""

from mufakat.plan import Different, Failed, Plan
from mufakat.results import Results

__all__ = ["Different", "Failed", "Plan", "Results"]
__version__ = "0.2.0"
