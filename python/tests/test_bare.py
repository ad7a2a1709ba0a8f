"""A cluster on whose machines nothing is installed but Dask: neither the scheduler nor a worker can import this package."""

import os
import pathlib
import re
import subprocess
import sys
import sysconfig

import pytest
from conftest import SCENARIO, files
from distributed import Client

from mufakat import Plan

STUDY = ["run", str(SCENARIO), "-n", "200"]
BLOCK = "import sys\nsys.modules['mufakat'] = None\n"


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A client of a scheduler and two workers that block the package, and the folders of the workers."""
    folder = tmp_path_factory.mktemp("bare")
    (folder / "sitecustomize.py").write_text(BLOCK)
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    told = folder / "scheduler.json"
    started = []

    def start(*words: str) -> None:
        with open(folder / f"{len(started)}.log", "wb") as log:
            command = [sys.executable, "-m", "dask", *words, "--no-dashboard", "--scheduler-file", str(told)]
            started.append(subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT))

    try:
        start("scheduler", "--host", "127.0.0.1", "--port", "0")
        for number in range(2):
            start("worker", "--nthreads", "1", "--no-nanny", "--local-directory", str(folder / f"worker-{number}"))
        with Client(scheduler_file=str(told), timeout=60) as client:
            client.wait_for_workers(2, timeout=60)
            yield client, [folder / f"worker-{number}" for number in range(2)]
    finally:
        for process in started:
            process.kill()
        for process in started:
            process.wait()


def test_nobody_but_the_client_has_the_package(bare, alone, program, tmp_path):
    client, folders = bare
    assert client.run_on_scheduler(lambda: sys.modules["mufakat"]) is None
    assert list(client.run(lambda: sys.modules["mufakat"]).values()) == [None, None]
    # A small program that plays as the built one does.
    small = tmp_path / "small"
    small.write_text(f"#!/bin/sh\nexec '{program}' \"$@\"\n")
    small.chmod(0o755)
    for name, more in [("one", []), ("other", ["--seed", "8"])]:
        plan = Plan.make(tmp_path / name, *STUDY, *more, program=small)
        plan.play(client, shards=4, carry=True)
        assert files(plan.merge(tmp_path / f"merged-{name}").path) == files(alone(*STUDY, *more))
    # Each worker has the program once, whatever was played, and the scheduler none for those that come.
    for folder in folders:
        sent = sorted(file.name for file in folder.glob("**/mufakat-*/*"))
        assert sent == ["plan.json", "plan.json", "program"]
    assert [name for name in client.run_on_scheduler(lambda dask_scheduler: list(dask_scheduler.worker_plugins)) if "mufakat" in name] == []
    assert [name for names in client.run(lambda dask_worker: list(dask_worker.plugins)).values() for name in names if "mufakat" in name] == []


FOREIGN = b"\x7fELF\x02\x01\x01" + bytes(200)
NEWER = "echo \"mufakat: libc.so.6: version 'GLIBC_2.99' not found\" >&2\nexit 1\n"


@pytest.mark.parametrize(
    ("data", "mode", "error", "words"),
    [
        (FOREIGN, 0o755, OSError, "is no program of this worker's system: a program fits workers of the system and the processor"),
        (b"#!/no/such/loader\n", 0o755, FileNotFoundError, "what loads .* is missing on this worker: a program fits workers"),
        (b"#!/bin/sh\n", 0o644, PermissionError, "make it executable there"),
        (b"#!/bin/sh\n", 0o755, RuntimeError, "wrote no shard, so it is not mufakat: pass program="),
        (f"#!/bin/sh\n{NEWER}".encode(), 0o755, RuntimeError, "ended with 1: mufakat: .*GLIBC_2.99(.|\n)*glibc.* no older than"),
    ],
    ids=["foreign", "loader", "mode", "nothing", "glibc"],
)
def test_a_program_that_does_not_fit_says_what_to_do(bare, program, tmp_path, data, mode, error, words):
    client, _ = bare
    stand_in = tmp_path / "program"
    stand_in.write_bytes(data)
    stand_in.chmod(mode)
    plan = Plan.make(tmp_path / "plan", *STUDY, program=program)
    with pytest.raises(error, match=words):
        plan.play(client, shards=1, retries=0, program=str(stand_in))


def test_a_program_is_sent_or_there_but_not_both(bare, program, tmp_path):
    client, _ = bare
    plan = Plan.make(tmp_path / "plan", *STUDY, program=program)
    with pytest.raises(ValueError, match="leave one of them out"):
        plan.play(client, carry=True, program=program)
    with pytest.raises(TypeError, match="play takes a distributed.Client, such as .*, not None"):
        plan.play(None)


def test_the_command_that_pip_installs_is_not_sent(bare, tmp_path):
    client, _ = bare
    command = pathlib.Path(sysconfig.get_path("scripts")) / "mufakat"
    plan = Plan.make(tmp_path / "plan", *STUDY, program=command)
    with pytest.raises(ValueError, match=f"{re.escape(str(command))} starts this Python package.*cargo build --release"):
        plan.play(client, carry=True)
    assert plan.status()["missing_shards"] == ["0/1"]


def test_a_missing_program_is_looked_for_once(bare, program, tmp_path):
    client, _ = bare
    plan = Plan.make(tmp_path / "plan", *STUDY, program=program)
    looked = tmp_path / "looked"
    looked.mkdir()
    # Ends well and writes nothing, each time leaving a trace.
    stand_in = tmp_path / "program"
    stand_in.write_text(f"#!/bin/sh\nmktemp {looked}/XXXXXX >&2\n")
    stand_in.chmod(0o755)
    with pytest.raises(RuntimeError, match="not mufakat"):
        plan.play(client, shards=1, retries=3, program=str(stand_in))
    assert len(list(looked.iterdir())) == 1
