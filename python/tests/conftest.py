"""What the tests share: the program, one study and what one machine writes of it. Imports nothing but pytest, as does `test_package`."""

import os
import pathlib
import shutil
import subprocess

import pytest

SCENARIO = pathlib.Path(__file__).parents[2] / "tests" / "support" / "uncertain.toml"


@pytest.fixture(scope="session")
def program() -> str:
    named = os.environ.get("MUFAKAT") or shutil.which("mufakat")
    if named is None:
        pytest.fail("MUFAKAT names no program (.ci/run does)")
    return str(pathlib.Path(named).absolute())


@pytest.fixture(scope="session")
def alone(program, tmp_path_factory):
    """What one machine writes of a study."""

    def run(*study: str) -> pathlib.Path:
        out = tmp_path_factory.mktemp("alone") / "out"
        subprocess.run([program, *study, "-q", "-o", str(out)], check=True, stdout=subprocess.DEVNULL)
        return out

    return run


@pytest.fixture(scope="module")
def client():
    """Two workers, each a process with one thread."""
    from distributed import Client, LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster, Client(cluster) as client:
        yield client


def files(folder: pathlib.Path) -> dict[str, bytes]:
    """Files of a directory but its manifest, which says when and how long."""
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name != "manifest.json"}
