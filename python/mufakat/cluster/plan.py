"""A plan: cut, played on a cluster, merged. The program says what is missing; here its shards are only carried."""

import contextlib
import errno
import json
import os
import pathlib
import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import cloudpickle
from distributed import Client, Future, KilledWorker, as_completed

from mufakat.cluster import worker
from mufakat.cluster.results import Results

# Its functions are sent whole to workers that do not have it.
cloudpickle.register_pickle_by_value(worker)

# Times that all is played that has not come whole; more often, the way is at fault.
ROUNDS = 3


class Failed(RuntimeError):
    """The program ended with an error, which this says in its words."""


class Different(RuntimeError):
    """Two machines gave two results for the same shard; both files are named."""


class Plan:
    """A study cut into blocks, in a directory."""

    def __init__(self, path: str | os.PathLike[str], program: str | os.PathLike[str] = "mufakat"):
        """Opens the plan in the directory `path`; `program` is what this machine calls mufakat.

        Raises `FileNotFoundError` where there is no plan.
        """
        self.path = pathlib.Path(path)
        self.program = os.fspath(program)
        if not (self.path / worker.PLAN).is_file():
            raise FileNotFoundError(f"{self.path} holds no plan; Plan.make(path, \"run\", scenario, ...) makes one")

    def __repr__(self) -> str:
        return f"Plan({os.fspath(self.path)!r}, program={self.program!r})"

    @classmethod
    def make(cls, path: str | os.PathLike[str], *study: str, program: str | os.PathLike[str] = "mufakat", force: bool = False) -> "Plan":
        """Cuts a study, which is a command line such as `"run", "asean-2027", "-n", "100000"`; the same again changes nothing.

        Raises `Failed` where another plan is; with `force`, that one is replaced, and its shards stay without being used.
        """
        instead = f"{path} holds another plan: pass force=True to replace it, but not its shards, or open it with Plan({os.fspath(path)!r})"
        _write(os.fspath(program), "plan", *study, out=path, force=force, instead=instead)
        return cls(path, program)

    def status(self, shards: int | None = None) -> dict[str, Any]:
        """What of the plan is there, cut into so many shards: the document of `mufakat status --json`."""
        cut = [] if shards is None else ["--shards", str(shards)]
        # 1 says that something is missing.
        document: dict[str, Any] = json.loads(self._ask("status", os.fspath(self.path), "--json", *cut, codes=(0, 1)))
        return document

    def play(
        self,
        client: Client,
        *,
        shards: int | None = None,
        threads: int = 1,
        retries: int = 3,
        program: str | None = None,
        carry: bool = False,
        tell: Callable[[int, int], None] | None = None,
    ) -> None:
        """Plays on the workers of `client` what no file of the plan holds yet.

        `shards` is into how many the study is cut (default: about 45 seconds of work each, or as many as the cluster has threads if these
        are more; at most one a block). `program` is what workers call mufakat (default: as here); with `carry`, this machine's is sent to
        them, which must be an executable of its own, as the command that pip installs is not. `threads` are those of a shard. `tell` is
        called with how many shards came and how many there are. Shards that lose more workers than Dask allows
        (`distributed.scheduler.allowed-failures`) are played again, three times in all. Raises what a shard said that failed `retries`
        times more than once or whose program does not fit its worker, `Different` where a shard came that is there with other numbers,
        and `ValueError` where `carry` finds nothing that can be sent.
        """
        if not isinstance(client, Client):
            raise TypeError(f"play takes a distributed.Client, such as Client(\"tcp://scheduler:8786\"), not {client!r}")
        if carry and program is not None:
            raise ValueError("carry=True sends this machine's program, and program=... names one that workers have: leave one of them out")
        plan = worker.Baggage(worker.PLAN, (self.path / worker.PLAN).read_bytes())
        sent = [plan, self._carried()] if carry else [plan]
        called = sent[-1].place if carry else program or self.program

        def play(shard: str) -> "Future[Any]":
            key = f"mufakat-{shard.replace('/', '-of-')}-{secrets.token_hex(8)}"
            return client.submit(_by_value(worker.play), plan.place, called, carry, shard, threads, key=key, retries=retries, pure=False)

        status = self.status(shards)
        if not status["missing_shards"]:
            return
        if shards is None and (tasks := sum(client.nthreads().values())) > status["shards"]:
            # No thread of the cluster shall have nothing to do. The program caps it at the blocks.
            shards, status = tasks, self.status(tasks)
        with _sent(client, sent):
            for _ in range(ROUNDS):
                damaged = {pathlib.Path(one["file"]).name for one in status["damaged"]}
                lost = self._take(client, {play(shard): shard for shard in status["missing_shards"]}, damaged, tell)
                status = self.status(shards)
                if not status["missing_shards"]:
                    return
        if lost:
            why = "the logs of workers may say why, such as memory that is short; what came is kept, and play goes on from there"
            raise Failed(f"{self.path}: {_listed(lost)} lost every worker, {ROUNDS} times over: {why}")
        raise Failed(f"{self.path}: shards came, and are still damaged or missing; `mufakat status` names them")

    def merge(self, out: str | os.PathLike[str], *, force: bool = False) -> Results:
        """Writes what one machine writes to the directory `out`.

        Raises `Failed` where an earlier command wrote something; with `force`, that is replaced.
        """
        instead = f"{out} holds results of an earlier command: pass force=True to replace them, or open them with Results({os.fspath(out)!r})"
        _write(self.program, "merge", os.fspath(self.path), out=out, force=force, instead=instead)
        return Results(out)

    def keep(self, name: str, data: bytes, damaged: Iterable[str] = ()) -> bool:
        """Puts the bytes of a shard into its place, once; whether they were new.

        They are written beside it, synced and moved. The same twice changes nothing; what is there and differs stays, unless its name is
        among the `damaged`, and raises `Different`.
        """
        folder = self.path / "shards"
        folder.mkdir(exist_ok=True)
        place = folder / name
        beside = place.with_suffix(f".{secrets.token_hex(8)}.tmp")
        try:
            with open(beside, "xb") as file:
                file.write(data)
                file.flush()
                _sync(file.fileno())
            if name in damaged:
                os.replace(beside, place)
            elif not _linked(beside, place):
                if place.read_bytes() == data:
                    return False
                other = beside.with_suffix(".other")
                os.replace(beside, other)
                raise Different(f"{place} and {other} hold different numbers for the same pieces: remove both and play them again")
            directory = os.open(folder, os.O_RDONLY)
            try:
                _sync(directory)
            finally:
                os.close(directory)
            return True
        finally:
            beside.unlink(missing_ok=True)

    def _take(self, client: Client, futures: "dict[Future[Any], str]", damaged: set[str], tell: Callable[[int, int], None] | None) -> list[str]:
        """Keeps what comes of shards, and returns those that lost more workers than Dask allows."""
        came, lost = 0, []
        try:
            for future in as_completed(list(futures)):
                try:
                    result = future.result()
                except KilledWorker:
                    lost.append(futures[future])
                    continue
                if isinstance(result, Exception):
                    raise result
                name, data = result
                self.keep(name, data, damaged)
                # The worker need not hold what is here.
                future.release()
                came += 1
                if tell is not None:
                    tell(came, len(futures))
        except BaseException:
            client.cancel(list(futures))
            raise
        return lost

    def _carried(self) -> worker.Baggage:
        found = shutil.which(self.program)
        if found is None:
            raise _no_program(self.program)
        data = pathlib.Path(found).read_bytes()
        if data.startswith(b"#!") and b"mufakat.__main__" in data:
            raise ValueError(
                f"{found} starts this Python package, which workers need not have, so that it cannot be sent: open the plan with "
                "program=... as the path of an executable that `cargo build --release --features parquet` made, then pass carry=True, "
                "or install mufakat on the workers and leave carry=True out"
            )
        return worker.Baggage("program", data)

    def _ask(self, *args: str, codes: tuple[int, ...] = (0,)) -> str:
        return _ask(self.program, *args, codes=codes)


def _by_value(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that needs no package where it arrives.

    What has a name in a module may be sent as that name, which neither the scheduler nor its workers know. A local function has none.
    """
    return lambda *given: function(*given)


def _listed(shards: list[str], most: int = 5) -> str:
    """Shards as words."""
    more = f" and {len(shards) - most} more" if len(shards) > most else ""
    return f"shard{'s' if len(shards) > 1 else ''} {', '.join(shards[:most])}{more}"


@contextlib.contextmanager
def _sent(client: Client, sent: list[worker.Baggage]) -> Iterator[None]:
    """While this lasts, all workers have the baggage; afterwards the scheduler keeps none of it, nor do workers that come then."""
    try:
        for one in sent:
            client.register_plugin(one)
        yield
    finally:
        for one in sent:
            # A cluster that is gone keeps nothing.
            with contextlib.suppress(Exception):
                if client.status == "running":
                    client.unregister_worker_plugin(one.name)


def _ask(program: str, *args: str, codes: tuple[int, ...] = (0,)) -> str:
    """What the program prints."""
    try:
        ended = subprocess.run([program, *args], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    except FileNotFoundError:
        raise _no_program(program) from None
    if ended.returncode not in codes:
        raise Failed(f"mufakat {args[0]} ended with {ended.returncode}: {ended.stderr.strip()}")
    return ended.stdout


def _write(program: str, *args: str, out: str | os.PathLike[str], force: bool, instead: str) -> None:
    """Has the program write into a directory; where it refuses as something is there, the error says `instead` of its flags."""
    try:
        _ask(program, *args, "-q", "-o", os.fspath(out), *(["--force"] if force else []))
    except Failed as error:
        if "--force replaces it" in str(error):
            raise Failed(instead) from None
        raise


def _no_program(program: str) -> FileNotFoundError:
    return FileNotFoundError(f"there is no program {program} on this machine: pass program=..., such as target/release/mufakat")


def _linked(beside: pathlib.Path, place: pathlib.Path) -> bool:
    """Moves a file to its place if nothing is there; whether it did."""
    try:
        os.link(beside, place)
    except FileExistsError:
        return False
    except OSError:
        # Not every file system has links.
        if place.exists():
            return False
        os.replace(beside, place)
    return True


def _sync(descriptor: int) -> None:
    """Asks the disk to have a file or directory."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        # A file system that cannot be asked has done what it does.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
