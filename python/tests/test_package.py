"""What is installed: a package that imports little, its version, and the program as a command."""

import importlib.metadata
import os
import pathlib
import signal
import subprocess
import sys
import sysconfig
import time
import tomllib

import pytest
from conftest import SCENARIO

import mufakat

ROOT = pathlib.Path(__file__).parents[2]
COMMAND = str(pathlib.Path(sysconfig.get_path("scripts")) / "mufakat")
STARTS = pytest.mark.parametrize("start", [[COMMAND], [sys.executable, "-m", "mufakat"]], ids=["script", "module"])


def ran(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True)


def test_the_version_is_that_of_the_workspace():
    version = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"]
    assert mufakat.__version__ == importlib.metadata.version("mufakat") == version
    assert ran(COMMAND, "--version").stdout == f"mufakat {version}\n"


def test_importing_needs_nothing_but_the_standard_library():
    code = "import sys; before = set(sys.modules); import mufakat; print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
    imported = set(ran(sys.executable, "-c", code).stdout.split())
    assert "mufakat" in imported
    assert imported - {"mufakat"} <= sys.stdlib_module_names


@pytest.mark.parametrize("name", ["Plan", "Results", "Different", "Failed"])
def test_what_needs_dask_says_what_to_install(name):
    code = f"import sys; sys.modules['cloudpickle'] = None; import mufakat\ntry: mufakat.{name}\nexcept ImportError as error: print(error)"
    assert ran(sys.executable, "-c", code).stdout == f"mufakat.{name} needs cloudpickle: pip install 'mufakat[dask]'\n"


def test_other_names_are_unknown():
    with pytest.raises(AttributeError, match="module 'mufakat' has no attribute 'plain'"):
        mufakat.plain
    assert {"Plan", "Results"} <= set(dir(mufakat))


@STARTS
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["run", "two-states", "-n", "1"], 0),
        (["run", "two-states", "-n", "1", "--fail-if", "bloc.total.payoff.mean<1e9"], 1),
        (["rum"], 2),
        (["--help"], 0),
        (["check", str(ROOT / "Cargo.toml")], 3),
        (["run", "no-such-scenario"], 4),
    ],
    ids=["done", "condition", "usage", "help", "scenario", "file"],
)
def test_the_command_is_the_program(program, start, words, code):
    here, built = ran(*start, *words), ran(program, *words)
    assert here.returncode == built.returncode == code
    assert (here.stdout, here.stderr) == (built.stdout, built.stderr)


@STARTS
def test_tasks_of_a_cluster_start_the_command(start, tmp_path):
    assert ran(*start, "plan", "run", "two-states", "-n", "64", "-o", str(tmp_path / "plan")).returncode == 0
    script = ran(*start, "submit", str(tmp_path / "plan"), "--engine", "slurm", "--dry-run").stdout
    assert COMMAND in script and sys.executable not in script


@STARTS
def test_a_reader_that_goes_away_is_no_error(start):
    command = subprocess.Popen([*start, "show", "asean-2027"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    command.stdout.read(1)
    command.stdout.close()
    assert command.stderr.read() == b""
    assert command.wait() == 0


@STARTS
def test_an_interrupted_command_ends_with_130(start, tmp_path):
    out = tmp_path / "out"
    words = ["run", str(SCENARIO), "-n", "100000000", "-o", str(out), "--resume"]
    command = subprocess.Popen([*start, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env={**os.environ, "LC_ALL": "C"})
    while command.poll() is None and not out.exists():
        time.sleep(0.01)
    command.send_signal(signal.SIGINT)
    said = command.stderr.read()
    assert command.wait() == 130
    assert "interrupted" in said and "Traceback" not in said
