"""What a worker does. Only the standard library and Dask: this module is sent by value to workers that do not have it."""

import errno
import hashlib
import os
import pathlib
import secrets
import shutil
import subprocess
import tempfile
from typing import Any

from distributed import get_worker
from distributed.diagnostics.plugin import WorkerPlugin

PLAN = "plan.json"


class Baggage(WorkerPlugin):
    """A file that every worker has, also those that come later."""

    def __init__(self, name: str, data: bytes):
        digest = hashlib.sha256(data).hexdigest()[:16]
        self.data = data
        # Where it lies in a worker's own directory: the same bytes once, whoever sends them.
        self.place = f"mufakat-{digest}/{name}"
        # A name for each who sends it, so that none takes away what another still needs.
        self.name = f"mufakat-{digest}-{secrets.token_hex(8)}"

    def setup(self, worker: Any) -> None:
        """Writes it into the worker's own directory."""
        place = pathlib.Path(worker.local_directory) / self.place
        if place.exists():
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        descriptor, beside = tempfile.mkstemp(dir=place.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(self.data)
        os.chmod(beside, 0o700)
        os.replace(beside, place)


def play(plan: str, program: str, carried: bool, shard: str, threads: int) -> tuple[str, bytes] | Exception:
    """Plays one shard in a directory of its own and returns the name and the bytes of its file.

    `plan` is the place of its baggage, and so is `program` if it was carried; else it is what this worker calls it. Where the program does
    not fit this worker, so that another try would end the same way, the error is returned; others are raised.
    """
    here = pathlib.Path(get_worker().local_directory)
    program = str(here / program) if carried else program
    with tempfile.TemporaryDirectory(prefix="mufakat-") as folder:
        (pathlib.Path(folder) / PLAN).write_bytes((here / plan).read_bytes())
        command = [program, "run", folder, "--shard", shard, "--quiet", "--no-progress", "--threads", str(threads)]
        try:
            ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)
        except OSError as error:
            words = _does_not_start(program, error)
            if words is None:
                raise
            return type(error)(words)
        said = ended.stderr.decode(errors="replace").strip()
        if ended.returncode != 0:
            needs = f"\n{FITTING}" if "GLIBC" in said else ""
            raise RuntimeError(f"shard {shard} ended with {ended.returncode}: {said or 'it said nothing'}{needs}")
        files = list((pathlib.Path(folder) / "shards").glob("*.shard"))
        if len(files) != 1:
            words = f"shard {shard}: {program} ended well and wrote no shard, so it is not mufakat: pass program=... with its path on the workers"
            return RuntimeError(words)
        return files[0].name, files[0].read_bytes()


# What a worker can start.
FITTING = (
    "a program fits workers of the system and the processor that it was built for, with a C library (glibc) no older than that of the machine "
    "that built it: build it for them, then pass carry=True, or program=... with its path there"
)


def _does_not_start(program: str, error: OSError) -> str | None:
    """What is wrong with a program that does not start and what to do; nothing if this is not the program's fault."""
    if isinstance(error, FileNotFoundError):
        if shutil.which(program) is None:
            return f"there is no program {program} on this worker: pass program=... with its path there, or carry=True"
        return f"what loads {program} is missing on this worker: {FITTING}"
    if isinstance(error, PermissionError):
        return f"this worker may not start {program}: make it executable there, on a file system that is not mounted noexec"
    if error.errno == errno.ENOEXEC:
        return f"{program} is no program of this worker's system: {FITTING}"
    return None
