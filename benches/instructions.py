#!/usr/bin/env python3
"""Counts the instructions that a world of the baseline takes, arm by arm, and holds them to those that are stored.

The counts hang on no load of the machine, so that a change of two in a hundred is one of the code. `instructions.json` beside this file has the counts and
the compiler that they hold for; with another compiler the ratio is printed and nothing fails. Needs valgrind.
"""

import argparse
import json
import re
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
STORED = HERE / "instructions.json"
WORLDS = 4
MARGIN = 0.02
ARMS = ["bilateral", "guide", "framework", "bloc", "bloc-consensus", "bloc-paid", "bloc-tender", "core-inside"]


def said(command: list[str]) -> str:
    """What a command prints."""
    return subprocess.run(command, cwd=HERE.parent, check=True, capture_output=True, text=True).stdout


def compiler() -> str:
    """Release and host of the compiler."""
    about = dict(line.split(": ", 1) for line in said(["rustc", "-vV"]).splitlines() if ": " in line)
    return f"{about['release']} {about['host']}"


def build() -> str:
    """Builds the program that plays an arm; its path."""
    built = said(
        ["cargo", "build", "--locked", "--release", "--package", "mufakat-engine", "--bench", "world", "--message-format", "json"]
    )
    artifacts = (json.loads(line) for line in built.splitlines())
    return next(one["executable"] for one in artifacts if one.get("executable") and one["target"]["name"] == "world")


def count(program: str, arm: str) -> float:
    """Instructions of a world of an arm, in millions."""
    watched = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=*Player*play_only*"]
    done = subprocess.run([*watched, program, arm, "0", str(WORLDS)], capture_output=True, text=True)
    collected = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not collected:
        raise SystemExit(f"{arm} cannot be counted:\n{done.stderr}")
    return int(collected[1]) / WORLDS / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", action="store_true", help="store the counts")
    store = parser.parse_args().store
    if not shutil.which("valgrind"):
        raise SystemExit("valgrind is not there")
    program, here = build(), compiler()
    counts = {arm: round(count(program, arm), 3) for arm in ARMS}
    if store:
        STORED.write_text(json.dumps({"compiler": here, "worlds": WORLDS, "millions": counts}, indent=2) + "\n")
    stored = json.loads(STORED.read_text())
    slower = []
    print("| arm | million instructions a world | stored | ratio |\n| --- | ---: | ---: | ---: |")
    for arm, now in counts.items():
        before = stored["millions"][arm]
        print(f"| {arm} | {now:.2f} | {before:.2f} | {now / before:.3f} |")
        if now > (1 + MARGIN) * before:
            slower.append(arm)
    if here != stored["compiler"]:
        print(f"stored for {stored['compiler']}, counted with {here}: no arm can fail")
    elif slower:
        raise SystemExit(f"slower by more than {MARGIN:.0%}: {', '.join(slower)}; where that is meant, store it with {Path(__file__).name} --store")


if __name__ == "__main__":
    main()
