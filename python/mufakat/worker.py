"""What a worker does. Only the standard library and Dask: this module is sent by value to workers that do not have it."""

import hashlib
import os
import pathlib
import subprocess
import tempfile

from distributed import get_worker
from distributed.diagnostics.plugin import WorkerPlugin

PLAN = "plan.json"
PROGRAM = "program"


class Baggage(WorkerPlugin):
    """Files that every worker has, also those that come later."""

    idempotent = True

    def __init__(self, files: dict[str, bytes]):
        digest = hashlib.sha256()
        for name, data in sorted(files.items()):
            digest.update(f"{name} {len(data)} ".encode())
            digest.update(data)
        self.files = files
        self.name = f"mufakat-{digest.hexdigest()[:16]}"

    def setup(self, worker) -> None:
        """Writes them into the worker's own directory."""
        folder = pathlib.Path(worker.local_directory) / self.name
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in self.files.items():
            descriptor, beside = tempfile.mkstemp(dir=folder)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            os.chmod(beside, 0o700)
            os.replace(beside, folder / name)


def play(baggage: str, program: str | None, shard: str, threads: int) -> tuple[str, bytes]:
    """Plays one shard in a directory of its own and returns the name and the bytes of its file.

    `program` is what this worker calls it; without one, it is in the baggage.
    """
    here = pathlib.Path(get_worker().local_directory) / baggage
    with tempfile.TemporaryDirectory(prefix="mufakat-") as folder:
        plan = pathlib.Path(folder)
        (plan / PLAN).write_bytes((here / PLAN).read_bytes())
        command = [program or str(here / PROGRAM), "run", folder, "--shard", shard]
        command += ["--quiet", "--no-progress", "--threads", str(threads)]
        try:
            ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)
        except FileNotFoundError:
            words = f"there is no program {command[0]} on this worker: pass program=... with its path there, or carry=True"
            raise FileNotFoundError(words) from None
        if ended.returncode != 0:
            words = ended.stderr.decode(errors="replace").strip() or "it said nothing"
            raise RuntimeError(f"shard {shard} ended with {ended.returncode}: {words}")
        [file] = (plan / "shards").glob("*.shard")
        return file.name, file.read_bytes()
