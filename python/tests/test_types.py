"""Types: the package holds to those that it declares, and the stubs of the engine are those of the engine."""

import pathlib
import subprocess
import sys

import mufakat

PACKAGE = pathlib.Path(mufakat.__file__).parent
CONFIG = pathlib.Path(__file__).parents[1] / "pyproject.toml"

USES = """
import mufakat
s: mufakat.Scenario = mufakat.load("two-states", trials=3).with_({"arm.bloc.binding": True})
r: mufakat.Result = s.sweep({"market.diversion": [0.0, 1.0]}, trials=10)
t: mufakat.Table = r["cells"]
n: int = len(t)
s.run(trials="many")
s.sensitivity("magic")
s.runs()
"""


def test_the_package_is_strict():
    ended = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--config-file", str(CONFIG), "-p", "mufakat"], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout


def test_the_stubs_are_those_of_the_engine():
    command = [sys.executable, "-m", "mypy.stubtest", "mufakat._native", "--mypy-config-file", str(CONFIG)]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout


def test_users_are_told_of_wrong_types(tmp_path):
    (tmp_path / "uses.py").write_text(USES)
    ended = subprocess.run([sys.executable, "-m", "mypy", "--strict", "uses.py"], capture_output=True, text=True, cwd=tmp_path)
    lines = [line for line in ended.stdout.splitlines() if ": error:" in line]
    assert [line.split(":")[1] for line in lines] == ["7", "8", "9"], ended.stdout


def test_it_is_marked_as_typed():
    assert (PACKAGE / "py.typed").exists()
