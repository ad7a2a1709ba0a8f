"""Shards on a local cluster of processes: the bytes of one machine, also where a worker is killed."""

import errno
import os
import pathlib
import re
import threading
import time

import dask
import psutil
import pytest
from conftest import SCENARIO, files
from distributed import Client, LocalCluster

from mufakat import Different, Failed, Plan

STUDY = ["run", str(SCENARIO), "-n", "400"]


def test_a_cluster_gives_the_bytes_of_one_machine(client, alone, program, tmp_path):
    plan = Plan.make(tmp_path / "plan", *STUDY, program=program)
    told = []
    # Workers have no mufakat: it is sent to them.
    plan.play(client, shards=5, carry=True, tell=lambda came, of: told.append((came, of)))
    assert told == [(came, 5) for came in range(1, 6)]
    results = plan.merge(tmp_path / "merged")
    assert files(results.path) == files(alone(*STUDY))
    # All is there: nothing is played again, whatever workers would call.
    plan.play(client, shards=3, program="/no/such/program")


def test_what_the_readme_shows_runs(client, program, tmp_path, monkeypatch):
    text = (pathlib.Path(__file__).parents[1] / "README.md").read_text()
    [code] = [code for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "distributed" in code]
    for shown, here in [("tcp://scheduler:8786", client.scheduler.address), ("100000", "20"), ("target/release/mufakat", program)]:
        assert shown in code
        code = code.replace(shown, here)
    monkeypatch.chdir(tmp_path)
    exec(code, names := {})
    assert names["results"].names == ["arms", "draws", "hyperscalers", "pairs", "trials", "windows"]


@pytest.mark.parametrize(
    "study",
    [
        ["sweep", str(SCENARIO), "-n", "30", "--vary", "market.diversion=0.2,0.4,0.5"],
        ["sensitivity", str(SCENARIO), "--method", "sobol", "-n", "16", "--output", "bloc.total.payoff.difference"],
        ["stability", "core-three", "-n", "40"],
    ],
    ids=lambda study: study[0],
)
def test_every_study_gives_the_bytes_of_one_machine(client, alone, program, tmp_path, study):
    plan = Plan.make(tmp_path / "plan", *study, program=program)
    plan.play(client, shards=3)
    assert files(plan.merge(tmp_path / "merged").path) == files(alone(*study))


def playing(worker: int) -> list[psutil.Process]:
    """Programs that a worker has play."""
    try:
        children = psutil.Process(worker).children(recursive=True)
        return [child for child in children if "--shard" in child.cmdline()]
    except psutil.Error:
        return []


def test_a_worker_killed_mid_shard(client, alone, program, tmp_path):
    study = ["run", str(SCENARIO), "-n", "20000", "--keep", "summary"]
    plan = Plan.make(tmp_path / "plan", *study, program=program)
    workers = list(client.run(os.getpid).values())
    killed = []

    def kill():
        while not killed and not ended.is_set():
            for worker in workers:
                if (tasks := playing(worker)) and not killed:
                    psutil.Process(worker).kill()
                    killed.append(worker)
                    # The program goes on without its worker; here it need not.
                    for task in tasks:
                        task.kill()
            time.sleep(0.01)

    ended = threading.Event()
    killer = threading.Thread(target=kill)
    killer.start()
    try:
        plan.play(client, shards=4)
    finally:
        ended.set()
        killer.join()
    assert len(killed) == 1
    assert killed[0] not in client.run(os.getpid).values()
    assert files(plan.merge(tmp_path / "merged").path) == files(alone(*study))


@pytest.fixture(scope="module")
def brittle():
    """A client of a cluster that gives a shard up with the first worker that it loses."""
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster,
        Client(cluster) as client,
    ):
        yield client


def deadly(folder: pathlib.Path, program: str, shard: str, times: int) -> str:
    """A program that plays, but kills its worker the first times that it plays a shard."""
    stand_in = folder / "deadly"
    turns = " || ".join(f"mkdir '{folder}/{turn}'" for turn in range(times))
    stand_in.write_text(f"#!/bin/sh\n[ \"$4\" = {shard} ] && {{ {turns}; }} 2>&- && kill -9 $PPID\nexec '{program}' \"$@\"\n")
    stand_in.chmod(0o755)
    return str(stand_in)


def test_a_shard_that_dask_gives_up_is_played_again(brittle, alone, program, tmp_path):
    plan = Plan.make(tmp_path / "plan", *STUDY, program=program)
    plan.play(brittle, shards=3, program=deadly(tmp_path, program, "1/3", 2))
    assert (tmp_path / "1").exists()
    assert files(plan.merge(tmp_path / "merged").path) == files(alone(*STUDY))


def test_a_shard_that_loses_every_worker_is_named_when_others_came(brittle, program, tmp_path, monkeypatch):
    monkeypatch.setattr("mufakat.cluster.plan.ROUNDS", 2)
    # A worker that the test before lost may be on its way: each shard shall have one of its own.
    brittle.wait_for_workers(2, timeout=60)
    plan = Plan.make(tmp_path / "plan", *STUDY, program=program)
    with pytest.raises(Failed, match="shard 1/2 lost every worker, 2 times over"):
        plan.play(brittle, shards=2, program=deadly(tmp_path, program, "1/2", 9))
    assert plan.status(shards=2)["missing_shards"] == ["1/2"]


def test_no_thread_has_nothing_to_do(client, program, tmp_path):
    plan = Plan.make(tmp_path / "plan", *STUDY, program=program)
    # In less than 45 seconds a worker alone could play all.
    assert plan.status()["missing_shards"] == ["0/1"]
    told = []
    plan.play(client, tell=lambda came, of: told.append(of))
    assert told == [2, 2]


def test_a_damaged_shard_is_played_again(client, alone, program, tmp_path):
    plan = Plan.make(tmp_path / "plan", *STUDY, program=program)
    plan.play(client, shards=3)
    shard = sorted((plan.path / "shards").iterdir())[1]
    data = bytearray(shard.read_bytes())
    data[4000] ^= 1
    shard.write_bytes(data)
    plan.play(client, shards=3)
    assert files(plan.merge(tmp_path / "merged").path) == files(alone(*STUDY))


def test_what_fails_says_why(client, program, tmp_path):
    plan = Plan.make(tmp_path / "plan", *STUDY, program=program)
    with pytest.raises(FileNotFoundError, match="/no/such/program on this worker: pass program="):
        plan.play(client, shards=2, retries=0, program="/no/such/program")
    assert not list((plan.path).glob("shards/*"))
    altered = (plan.path / "plan.json").read_text().replace('"count": 400', '"count": 300', 1)
    (plan.path / "plan.json").write_text(altered)
    with pytest.raises(Failed, match="altered since it was made"):
        plan.play(client)
    with pytest.raises(Failed, match="altered since it was made"):
        plan.merge(tmp_path / "merged")


def test_more_shards_than_blocks(client, alone, program, tmp_path):
    plan = Plan.make(tmp_path / "plan", *STUDY, program=program)
    told = []
    # 400 worlds are seven blocks.
    plan.play(client, shards=40, tell=lambda came, of: told.append(of))
    assert told == [7] * 7
    assert plan.status(shards=40)["missing_shards"] == []
    assert files(plan.merge(tmp_path / "merged").path) == files(alone(*STUDY))


def test_what_is_not_there_is_said_at_once(program, tmp_path):
    with pytest.raises(FileNotFoundError, match="holds no plan"):
        Plan(tmp_path / "nothing", program)
    with pytest.raises(FileNotFoundError, match="pass program="):
        Plan.make(tmp_path / "plan", *STUDY, program="/no/such/program")
    plan = Plan.make(tmp_path / "plan", *STUDY, program=program)
    assert repr(plan) == f"Plan({str(tmp_path / 'plan')!r}, program={program!r})"
    with pytest.raises(FileNotFoundError, match="pass program="):
        Plan(plan.path, "/no/such/program").status()


def test_what_a_worker_says_comes_back(client, program, tmp_path):
    plan = Plan.make(tmp_path / "plan", *STUDY, program=program)
    stand_in = pathlib.Path(tmp_path / "program")
    stand_in.write_text("#!/bin/sh\necho 'error: no memory' >&2\nexit 4\n")
    stand_in.chmod(0o755)
    with pytest.raises(RuntimeError, match="shard 0/1 ended with 4: error: no memory"):
        plan.play(client, shards=1, retries=1, program=str(stand_in))


def test_what_is_there_is_said_in_words_of_python(client, program, tmp_path):
    plan = Plan.make(tmp_path / "plan", *STUDY, program=program)
    with pytest.raises(Failed) as error:
        Plan.make(tmp_path / "plan", "run", str(SCENARIO), "-n", "100", program=program)
    assert "pass force=True to replace it" in str(error.value) and "--" not in str(error.value)
    plan = Plan.make(tmp_path / "plan", "run", str(SCENARIO), "-n", "100", program=program, force=True)
    plan.play(client)
    out = tmp_path / "merged"
    plan.merge(out)
    with pytest.raises(Failed) as error:
        plan.merge(out)
    assert f"pass force=True to replace them, or open them with Results({str(out)!r})" in str(error.value)
    assert "--" not in str(error.value)
    assert plan.merge(out, force=True).document["manifest"]


@pytest.mark.parametrize(("number", "is_done"), [(errno.EINVAL, True), (errno.ENOTSUP, True), (errno.EIO, False)])
def test_a_file_system_that_cannot_sync_is_no_failure(program, tmp_path, monkeypatch, number, is_done):
    plan = Plan.make(tmp_path / "plan", *STUDY, program=program)

    def fsync(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fsync)
    if is_done:
        assert plan.keep("one", b"one")
    else:
        with pytest.raises(OSError, match=os.strerror(number)):
            plan.keep("one", b"one")


def test_a_second_completion_is_the_same_or_an_error_that_names_both(program, tmp_path):
    plan = Plan.make(tmp_path / "plan", *STUDY, program=program)
    shard = f"{plan.status()['plan'][:16]}-0-of-3.shard"
    assert plan.keep(shard, b"one")
    assert not plan.keep(shard, b"one")
    with pytest.raises(Different) as error:
        plan.keep(shard, b"two")
    there = sorted((plan.path / "shards").iterdir())
    assert len(there) == 2
    assert all(str(file) in str(error.value) for file in there)
    assert (plan.path / "shards" / shard).read_bytes() == b"one"
    # While both are there, the program believes neither.
    with pytest.raises(Failed, match="hold different numbers"):
        plan.merge(tmp_path / "merged")
