"""The examples run, with few worlds, and say what they say in sentences with units."""

import importlib.util
import pathlib
import subprocess
import sys

import pytest

EXAMPLES = pathlib.Path(__file__).parents[1] / "examples"

# Each with what it needs besides the package, how many worlds, and words of what it prints.
CASES = [
    ("adviser", (), 20, ["against each state alone", "- bloc: US$ ", "of 100 worlds", "Binding fully instead of to 80%"]),
    ("investor", (), 20, ["Capital that suppliers put into each state", "- SG: ", "- MSFT: ", "standard error"]),
    ("researcher", ("SALib", "numpy"), 8, ["- bargaining.foresight: ", "worlds in one call of the engine", "One table brings less than rules"]),
    ("fishing", (), 60, ["The numbers are illustrations and no data", "a year", "what the table does", "market.region_efficiency"]),
]


@pytest.mark.parametrize(("name", "needs", "worlds", "said"), CASES, ids=[case[0] for case in CASES])
def test_an_example_runs(name, needs, worlds, said):
    for package in needs:
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    command = [sys.executable, str(EXAMPLES / f"{name}.py"), str(worlds)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for words in said:
        assert words in done.stdout, done.stdout


def test_every_example_is_tested():
    assert sorted(case[0] for case in CASES) == sorted(file.stem for file in EXAMPLES.glob("*.py"))
