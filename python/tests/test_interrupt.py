"""Ctrl-C: a study ends soon, keeps what its directory keeps, and goes on from there."""

import os
import signal
import subprocess
import sys
import time

import pytest
from test_studies import FILE

import mufakat

TOLD = """
import sys, time
import mufakat
s = mufakat.load({file!r})
def tell(done, of):
    print("playing", flush=True)
try:
    s.run(trials=20_000, threads=1, progress=tell{out})
    print("ended")
except KeyboardInterrupt as error:
    print("interrupted", time.time(), type(error).__name__, repr(error.kept), flush=True)
    # What was interrupted can be asked again in the same process.
    print(s.run(trials=10).command, flush=True)
"""


def interrupted(out: str = "") -> tuple[float, str, str, list[str]]:
    """Seconds from the signal to the exception, its type, what it says is kept, and what came after it."""
    process = subprocess.Popen([sys.executable, "-c", TOLD.format(file=FILE, out=out)], stdout=subprocess.PIPE, text=True)
    try:
        for line in process.stdout:
            if line.startswith("playing"):
                break
        time.sleep(0.3)
        sent = time.time()
        process.send_signal(signal.SIGINT)
        rest = [line.strip() for line in process.stdout if not line.startswith("playing")]
        assert process.wait() == 0
    finally:
        process.kill()
    word, at, kind, kept = rest[0].split(" ", 3)
    assert word == "interrupted", rest
    return float(at) - sent, kind, eval(kept), rest[1:]


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_study_ends_and_the_process_goes_on():
    seconds, kind, kept, after = interrupted()
    assert (kind, kept, after) == ("Interrupted", "nothing is kept without out", ["run"])
    print(f"ended after {seconds * 1000:.0f} ms")


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_what_is_kept_is_continued(tmp_path):
    out = tmp_path / "out"
    seconds, kind, kept, _ = interrupted(f", out={str(out)!r}")
    assert kind == "Interrupted" and "resume=True" in kept
    assert not (out / "results.json").exists() and any((out / "blocks").iterdir())
    told: list[int] = []
    s = mufakat.load(FILE)
    r = s.run(trials=20_000, out=out, resume=True, progress=lambda done, of: told.append(done))
    assert told[0] > 0 and r.to_dict()["manifest"]["trials"] == 20_000
    print(f"ended after {seconds * 1000:.0f} ms")
