"""Plays the shards of a plan on a Dask cluster and hands over tables of the results; needs what the extra `dask` installs.

Nothing is computed here: worlds are played by the program, so that merged results have the bytes that one machine writes.
"""

from mufakat.cluster.plan import Different, Failed, Plan
from mufakat.cluster.results import Results

__all__ = ["Different", "Failed", "Plan", "Results"]
