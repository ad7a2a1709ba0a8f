"""What the measuring scripts share: the program, its time and memory, scenarios without some arms, medians, Markdown.

Not a script by itself. The program is `target/release/mufakat` (or below CARGO_TARGET_DIR), another one with --program.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCENARIOS = ROOT / "scenarios"
BASELINE = SCENARIOS / "asean-2027.toml"


@dataclass
class Finished:
    """One finished run of a program: seconds by the clock and of processors, peak resident memory in MiB, what it printed on either stream."""

    seconds: float
    processor: float
    mib: float
    output: str
    errors: str


def options(description: str, runs: int) -> argparse.ArgumentParser:
    """Options that every script has: which program, how many runs."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(target / "release" / "mufakat"), help="the release binary")
    parser.add_argument("--runs", type=int, default=runs, help=f"interleaved runs of each (default {runs})")
    return parser


def run(command: list) -> Finished:
    """Runs a command to its end; a failure ends the script with what it said."""
    environment = os.environ | {"MUFAKAT_NO_PROGRESS": "1"}
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        start = time.perf_counter()
        child = subprocess.Popen([str(part) for part in command], stdout=out, stderr=err, env=environment)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), err.seek(0)
        if child.returncode != 0:
            raise SystemExit(f"{' '.join(map(str, command))}\nended with {child.returncode}:\n{err.read()}")
        return Finished(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, out.read(), err.read())


def parse(output: str) -> dict:
    """The JSON document that a program printed."""
    return json.loads(output)


def read(scenario: Path) -> dict:
    """A scenario file as it stands."""
    return tomllib.loads(scenario.read_text())


def write_overlay(path: Path, scenario: dict, keep: list[str]) -> Path:
    """Writes an overlay that removes all arms but those named."""
    entry = '[[arm]]\nname = "{}"\nremove = true\n'
    others = [arm["name"] for arm in scenario["arm"] if arm["name"] not in keep]
    path.write_text("".join(entry.format(name) for name in others))
    return path


def quantities(resolved: dict):
    """(path, value) of every quantity of a resolved scenario, a number or a table with `dist` or `value`."""
    for section in ("market", "bargaining", "dynamics"):
        yield from entries(section, resolved.get(section, {}))
    for section in ("state", "hyperscaler", "term"):
        for item in resolved.get(section, []):
            yield from entries(f"{section}.{item['id']}", item)
    for pair in resolved.get("pair", []):
        yield from entries(f"pair.{pair['state']}.{pair['hyperscaler']}", pair)
    for link in resolved.get("link", []):
        yield from entries("link." + ".".join(link["between"]), link)


def entries(prefix: str, table: dict):
    """The quantities of one table and of the multipliers in it."""
    for key, value in table.items():
        if isinstance(value, dict) and not {"dist", "value", "p05"} & value.keys():
            yield from entries(f"{prefix}.{key}", value)
        elif isinstance(value, (dict, int, float)):
            yield f"{prefix}.{key}", value


def beta_of_pert(spec: dict) -> tuple[float, float, float, float]:
    """Low end, width and the two exponents of the beta distribution behind a PERT."""
    low, width, shape = spec["min"], spec["max"] - spec["min"], spec.get("shape", 4)
    rise = shape * (spec["mode"] - low) / width
    return low, width, 1 + rise, 1 + shape - rise


def fit_exponent(sizes: list[float], costs: list[float]) -> float:
    """The slope of log cost against log size, by least squares."""
    x, y = [math.log(size) for size in sizes], [math.log(cost) for cost in costs]
    return statistics.linear_regression(x, y).slope


def duration(seconds: float) -> str:
    """Three digits with a unit that suits."""
    for scale, unit in ((1e6, "µs"), (1e3, "ms")):
        if seconds * scale < 1000:
            return f"{digits(seconds * scale)} {unit}"
    return f"{digits(seconds)} s"


def digits(number: float, count: int = 3) -> str:
    """A number with so many significant digits and commas between thousands."""
    if number == 0:
        return "0"
    places = max(0, count - 1 - math.floor(math.log10(abs(number))))
    return f"{number:,.{places}f}"


def print_table(header: list[str], rows: list[list[str]]) -> None:
    """A Markdown table; all columns but the first are numbers."""
    print("| " + " | ".join(header) + " |")
    print("| --- |" + " ---: |" * (len(header) - 1))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(flush=True)
