"""How time and memory grow with states, hyperscalers, members of a bloc and worlds: tables with fitted exponents for benches/README.md.

    cargo build --release && python benches/growth.py

States and hyperscalers are those of the baseline, again and again under new ids; nothing is drawn here, so every call measures the same
scenarios. Time is that of processors on one thread, less that of a run of one world, per world; memory is the peak of the whole
program. `--runs 1 --largest 5` takes some minutes; 10^7 worlds take some more and, while they run, 10 GB of disk below --work.
"""

import shutil
import statistics
import tempfile
from pathlib import Path

import common

STATES = (5, 10, 20, 40)
HYPERSCALERS = (2, 4, 8, 16, 32)
MEMBERS = (4, 8, 12, 14, 16, 18, 20)
"""Members of a bloc that shares by Shapley value; beyond 16, permutations are sampled."""
TRIVIAL = """
[market]
region_efficiency = { dist = "uniform", min = 0.5, max = 0.9 }
outside_efficiency = { dist = "uniform", min = 0.1, max = 0.4 }
[[state]]
id = "L"
digital_gmv = { dist = "uniform", min = 80, max = 120 }
[[hyperscaler]]
id = "H"
operating_margin = { dist = "uniform", min = 0.3, max = 0.5 }
"""
WORLDS = 512
"""Worlds of a run where time per world is asked for."""
MEMBER_WORLDS = 17
"""The same for a bloc whose coalitions are all played; in some worlds there is no gain to divide and nothing to play."""
NOTES = {"source", "grade", "unit", "note"}


def cloned(items: list[dict], count: int) -> list[dict]:
    """The first `count` of the items repeated, copies with a number behind their id; suppliers' copies share one market share."""
    copies = -(-count // len(items))
    out = []
    for k in range(count):
        turn, item = k // len(items), dict(items[k % len(items)])
        if turn:
            item["id"], item["name"] = f"{item['id']}{turn}", f"{item['name']} {turn}"
        if "market_share" in item:
            item["market_share"] = scaled(item["market_share"], 1 / copies)
        out.append(item)
    return out


def scaled(quantity, factor: float):
    """A number or a PERT with its ends multiplied."""
    if isinstance(quantity, dict):
        return quantity | {key: quantity[key] * factor for key in ("min", "mode", "max")}
    return quantity * factor


def scenario(states: int, hyperscalers: int, arms: list[dict], windows: int = 4) -> dict:
    """The baseline with so many states and hyperscalers and with these arms."""
    base = common.read(common.BASELINE)
    base["state"], base["hyperscaler"] = cloned(base["state"], states), cloned(base["hyperscaler"], hyperscalers)
    ids = {item["id"] for item in base["state"]}
    homes = {item["id"] for item in base["hyperscaler"]}
    base["pair"] = [pair for pair in base["pair"] if pair["state"] in ids and pair["hyperscaler"] in homes]
    base["link"] = [link for link in base["link"] if ids.issuperset(link["between"])]
    # What is asked of arms that are not here, and marks on numbers of states that are not.
    del base["question"], base["pedigree"]
    base["arm"] = arms
    base["horizon"]["windows"] = windows
    return base


def inline(value) -> str:
    """A TOML value on one line, without what only says where a number comes from."""
    if isinstance(value, dict):
        pairs = (f"{key} = {inline(inner)}" for key, inner in value.items() if key not in NOTES)
        return "{ " + ", ".join(pairs) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else repr(value)


def write(path: Path, tables: dict) -> Path:
    """Writes a scenario: keys, then sections, then lists of entries."""
    lines = [f"{key} = {inline(value)}" for key, value in tables.items() if not isinstance(value, (dict, list))]
    for name, value in tables.items():
        entries = value if isinstance(value, list) else [value] if isinstance(value, dict) else []
        for entry in entries:
            lines.append(f"[[{name}]]" if isinstance(value, list) else f"[{name}]")
            lines.extend(f"{key} = {inline(inner)}" for key, inner in entry.items() if key not in NOTES)
    path.write_text("\n".join(lines) + "\n")
    return path


def arm(name: str) -> dict:
    """An arm of the baseline."""
    return next(arm for arm in common.read(common.BASELINE)["arm"] if arm["name"] == name)


def measure(options, path: Path, worlds: int) -> tuple[float, float]:
    """Median seconds of processors per world on one thread, and the peak of memory in MiB."""
    command = [options.program, "run", path, "-j", 1, "-q", "--json", "-n"]
    per_world, peaks = [], []
    for _ in range(options.runs):
        one, all_worlds = common.run([*command, 1]), common.run([*command, worlds])
        per_world.append((all_worlds.processor - one.processor) / (worlds - 1))
        peaks.append(all_worlds.mib)
    return statistics.median(per_world), max(peaks)


def table(title: str, what: str, sizes, measured: list[tuple[float, float]], unit: str = "a world") -> None:
    """A table of sizes with time and memory and the exponents between neighbours and over all."""
    times = [seconds for seconds, _ in measured]
    rows = []
    for k, (size, (seconds, mib)) in enumerate(zip(sizes, measured)):
        between = common.fit_exponent(sizes[k - 1 : k + 1], times[k - 1 : k + 1]) if k else None
        rows.append([f"{size:,}", common.duration(seconds), "" if between is None else f"{between:.2f}", f"{mib:,.0f} MiB"])
    print(f"### {title}\n")
    common.print_table([what, f"time {unit}", "exponent from the row above", "peak memory"], rows)
    print(f"Fitted over all rows: time ~ {what}^{common.fit_exponent(list(sizes), times):.2f}.\n", flush=True)


def by_size(options, folder: Path) -> None:
    """The bilateral arm, the framework and the bloc by states; the bilateral arm by hyperscalers."""
    bilateral = arm("bilateral")
    measured = []
    for n in STATES:
        path = write(folder / f"states-{n}.toml", scenario(n, 8, [bilateral]))
        measured.append(measure(options, path, WORLDS))
    table("Bilateral talks by states, eight hyperscalers", "states", STATES, measured)
    for name in ("framework", "bloc"):
        measured = []
        for n in STATES:
            path = write(folder / f"{name}-{n}.toml", scenario(n, 8, [arm(name)]))
            measured.append(measure(options, path, WORLDS))
        table(f"The arm `{name}` by states, eight hyperscalers", "states", STATES, measured)
    measured = []
    for m in HYPERSCALERS:
        path = write(folder / f"hyperscalers-{m}.toml", scenario(10, m, [bilateral]))
        measured.append(measure(options, path, WORLDS))
    table("Bilateral talks by hyperscalers, ten states", "hyperscalers", HYPERSCALERS, measured)


def by_members(options, folder: Path) -> None:
    """One window of a bloc of all states that shares by Shapley value, so that every coalition is played."""
    held = {"rule": "qualified-majority", "quota": 1e-12, "penalty": 100, "binding": 1, "political_noise": 0}
    sharing = {"sharing": "shapley", "side_payments": 0.5, "max_rounds": 1}
    measured = []
    for n in MEMBERS:
        tables = scenario(n, 4, [arm("bloc") | held | sharing], windows=1)
        for state in tables["state"]:
            state["will"] = 1
        path = write(folder / f"members-{n}.toml", tables)
        measured.append(measure(options, path, MEMBER_WORLDS))
    rows = []
    for k, (n, (seconds, mib)) in enumerate(zip(MEMBERS, measured)):
        growth = (seconds / measured[k - 1][0]) ** (1 / (n - MEMBERS[k - 1])) if k else None
        rows.append([f"{n}", common.duration(seconds), "" if growth is None else f"{growth:.2f}", f"{mib:,.0f} MiB"])
    print("### A bloc that shares by Shapley value, by members: one window, four hyperscalers\n")
    common.print_table(["members", "time a world", "factor for one more member", "peak memory"], rows)


def by_worlds(options, folder: Path) -> None:
    """The smallest scenario with 10^3 worlds and up, in memory and to disk, the whole program by the clock on all threads."""
    overlay = folder / "trivial.toml"
    base = common.SCENARIOS / "two-states.toml"
    alone = common.write_overlay(folder / "alone.toml", common.read(base), ["bilateral"])
    overlay.write_text(TRIVIAL)
    sizes = [10**k for k in range(3, options.largest + 1)]
    ways = {"in memory": [], "--out, CSV": ["csv"], "--out, Parquet": ["parquet"]}
    cells = {way: [] for way in ways}
    for worlds in sizes:
        for way, files in ways.items():
            out = folder / "out"
            more = [f for name in files for f in ("--out", out, "--format", name)] or ["--json"]
            finished = common.run([options.program, "run", base, "-f", overlay, "-f", alone, "-q", "-n", worlds, *more])
            size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file()) if files else 0
            shutil.rmtree(out, ignore_errors=True)
            cells[way].append((finished.seconds, finished.mib, size / 2**20))
    print("### Worlds: two states, one hyperscaler, bilateral talks, two threads\n")
    header = ["worlds"]
    for way in ways:
        header += [f"{way}: time", "peak memory"] + (["files"] if ways[way] else [])
    rows = []
    for k, worlds in enumerate(sizes):
        row = [f"10^{len(str(worlds)) - 1}"]
        for way, files in ways.items():
            seconds, mib, size = cells[way][k]
            row += [common.duration(seconds), f"{mib:,.0f} MiB"] + ([f"{size:,.0f} MiB"] if files else [])
        rows.append(row)
    common.print_table(header, rows)
    for way, measured in cells.items():
        time = common.fit_exponent(sizes[1:], [cell[0] for cell in measured[1:]])
        peak = max(cell[1] for cell in measured)
        print(f"Fitted from 10^4 worlds on, {way}: time ~ worlds^{time:.2f}; memory at most {peak:,.0f} MiB.")
    print(flush=True)


PARTS = {part.__name__: part for part in (by_size, by_members, by_worlds)}


def main() -> None:
    parser = common.options(__doc__, runs=5)
    parser.add_argument("--largest", type=int, choices=range(5, 8), default=7, help="most worlds, as a power of ten (default 7)")
    parser.add_argument("--work", help="where scenarios and directories of runs are written (default: a temporary folder)")
    parser.add_argument("--only", choices=PARTS, action="append", help="this part alone (repeatable)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.work) as folder:
        for part in options.only or PARTS:
            PARTS[part](options, Path(folder))


if __name__ == "__main__":
    main()
