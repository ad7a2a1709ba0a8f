"""mufakat beside its peers on the same work, in turn, medians as the Markdown tables of benches/README.md.

    python -m venv VENV && VENV/bin/pip install -r benches/peers/requirements.txt
    cargo build --release && VENV/bin/python benches/peers/run.py

Peers: the crate coopgame (Shapley value, nucleolus), the bilateral arm in numba (bilateral.py), SALib (Sobol' indices) and the EMA
Workbench (runs a second). Values are compared before times. `--runs 1 --only bilateral` takes a minute, half of it to compile; all of it about
four.
"""

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import common

WORLDS = 4096
"""Worlds of the bilateral arm in one run of either program."""
CHECKED = 512
"""Worlds in which payoffs are compared, drawn by the engine."""
HARDER = {
    "where suppliers concede": "state.*.bargaining_power=0.98 bargaining.foresight=0 market.diversion=1 dynamics.stranded=0".split(),
    "where states tie for room": "state.*.residency=0.2 hyperscaler.*.capex_budget=3".split(),
}
"""What is set to compare payoffs where the baseline seldom comes."""
TRIVIAL_WORLDS = 200_000
TRIVIAL_EXPERIMENTS = 5_000
LISTED = ["-S", "bargaining.order=listed"]
TRIVIAL = """
[market]
region_efficiency = { dist = "uniform", min = 0.5, max = 0.9 }
outside_efficiency = { dist = "uniform", min = 0.1, max = 0.4 }
[[state]]
id = "L"
digital_gmv = { dist = "uniform", min = 80, max = 120 }
[[state]]
id = "S"
digital_gmv = { dist = "uniform", min = 40, max = 60 }
[[hyperscaler]]
id = "H"
operating_margin = { dist = "uniform", min = 0.3, max = 0.5 }
"""


def bench(name: str, *arguments) -> str:
    """What a comparison written in Rust prints."""
    command = ["cargo", "bench", "--quiet", "--manifest-path", common.ROOT / "Cargo.toml", "--bench", name, "--", *arguments]
    return common.run(command).output


def coopgame(options) -> None:
    """The crate's own table; it times both in turn by itself."""
    print("### coopgame: Shapley value and nucleolus\n")
    print(bench("peer_coopgame", "--runs", options.runs))


def check_bilateral(options, overlay: Path, folder: Path) -> dict:
    """Payoffs of numba on the engine's draws against the engine's, in the baseline and where it is harder; the resolved scenario."""
    found = [compare_payoffs(options, overlay, folder / f"checked-{at}", *one) for at, one in enumerate((("", []), *HARDER.items()))]
    print()
    return found[0]


def compare_payoffs(options, overlay: Path, out: Path, where: str, settings: list[str]) -> dict:
    """One of these comparisons, with the baseline changed by `settings`; the resolved scenario."""
    import numpy as np
    import pandas as pd
    from bilateral import Worlds

    changes = [part for setting in settings for part in ("-S", setting)]
    common.run([options.program, "run", common.BASELINE, "-f", overlay, *LISTED, *changes, "-n", CHECKED, "-o", out, "-q"])
    resolved = common.read(out / "scenario.resolved.toml")
    draws, trials = pd.read_csv(out / "draws.csv"), pd.read_csv(out / "trials.csv")
    columns = {name: draws[name].to_numpy() for name in draws.columns if name != "trial"}
    ids = [state["id"] for state in resolved["state"]]
    theirs = Worlds(resolved, columns, len(draws)).play()
    ours = trials.pivot(index="trial", columns="state", values="payoff")[ids].to_numpy()
    apart, most = np.abs(theirs - ours).max(), np.abs(ours).max()
    print(f"Payoffs of {len(ids)} states in {len(draws)} worlds{where and ' ' + where}, at most {most:.0f} bn, differ by {apart:.0e} bn at most.")
    assert apart < 1e-9, "the two do not play the same game"
    return resolved


def time_engine(options, overlay: Path, threads: int) -> tuple[float, float]:
    """Seconds by the clock and of processors of the whole program: start, draws, play, all results and their document."""
    command = [options.program, "run", common.BASELINE, "-f", overlay, *LISTED, "-j", threads, "--json", "-q", "-n", WORLDS]
    finished = common.run(command)
    return finished.seconds, finished.processor


def time_numba(quantities: list, resolved: dict, threads: int, seed: int) -> list[tuple[float, float]]:
    """Seconds by the clock and of processors to draw worlds, to draw them by inverse functions, and to play them."""
    import numba
    from bilateral import Worlds, draw

    def now() -> tuple[float, float]:
        return time.perf_counter(), time.process_time()

    numba.set_num_threads(threads)
    marks = [now()]
    for inverse in (True, False):
        worlds = Worlds(resolved, draw(quantities, WORLDS, seed, inverse), WORLDS)
        marks.append(now())
    worlds.play()
    marks.append(now())
    inverse, drawn, played = ((b[0] - a[0], b[1] - a[1]) for a, b in zip(marks, marks[1:]))
    return [drawn, inverse, played]


def bilateral(options) -> None:
    """The bilateral arm alone on one and two threads: the whole program against draws and play in numba, compiled before."""
    print("### numba: the bilateral arm of the baseline alone\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        overlay = common.write_overlay(folder / "alone.toml", common.read(common.BASELINE), ["bilateral"])
        resolved = check_bilateral(options, overlay, folder)
        quantities = list(common.quantities(resolved))
        times = {threads: [] for threads in (1, 2)}
        for seed in range(options.runs):
            for threads, rows in times.items():
                rows.append((time_engine(options, overlay, threads), *time_numba(quantities, resolved, threads, seed)))
    print(f"Per world, {WORLDS:,} worlds a run. Drawing in numpy takes one thread.\n")
    header = ["", "mufakat, whole program", "numba: play", "draws", "draws by inverse", "ratio", "ratio by inverse"]
    rows = []
    for kind, clock in enumerate(("clock", "processors")):
        for threads, measured in times.items():
            ours, drawn, inverse, played = ([run[part][kind] for run in measured] for part in range(4))
            rows.append(bilateral_row(f"{clock}, {'one thread' if threads == 1 else 'two threads'}", ours, played, drawn, inverse))
    common.print_table(header, rows)


def bilateral_row(what: str, ours: list[float], played: list[float], drawn: list[float], inverse: list[float]) -> list[str]:
    """Medians per world, and medians of the ratios of each run."""
    medians = [common.duration(statistics.median(column) / WORLDS) for column in (ours, played, drawn, inverse)]
    ratios = [statistics.median((p + d) / o for p, d, o in zip(played, draws, ours)) for draws in (drawn, inverse)]
    return [what, *medians, *(f"{ratio:.2f}" for ratio in ratios)]


def sobol(options) -> None:
    """An analysis of 2^14 rows of three factors with 100 resamples by either."""
    from sobol import analyse

    print("### SALib: Sobol' indices of one sample\n")
    with tempfile.TemporaryDirectory() as name:
        sample = Path(name) / "outputs.bin"
        times = []
        for _ in range(options.runs):
            ours = json.loads(bench("peer_sobol", "--out", sample))
            theirs = analyse(sample)
            times.append((ours["seconds"], theirs["seconds"]))
    apart = {key: max(abs(x - y) for x, y in zip(ours[key], theirs[key])) for key in ("first", "total")}
    print(f"First orders differ by {apart['first']:.0e} at most, total orders by {apart['total']:.0e}.\n")
    assert apart["first"] < 1e-3 and apart["total"] < 1e-9, "the two do not estimate the same"
    common.print_table(["one thread", "mufakat", "SALib", "ratio"], [pair_row("2^14 rows, 3 factors, 100 resamples", times)])


def pair_row(what: str, times: list[tuple[float, float]]) -> list[str]:
    """Medians of pairs of seconds, ours and theirs, and the median of their ratios."""
    ours, theirs = (statistics.median(column) for column in zip(*times))
    ratio = statistics.median(pair[1] / pair[0] for pair in times)
    return [what, common.duration(ours), common.duration(theirs), f"{ratio:,.1f}"]


def ema(options) -> None:
    """Worlds of two states by the program, with three arms and with one, against experiments with a function of two lines."""
    from ema import experiments_a_second

    print("### EMA Workbench: runs with a trivial model\n")
    scenario = common.SCENARIOS / "two-states.toml"
    times = {"three arms": [], "the bilateral arm alone": []}
    with tempfile.TemporaryDirectory() as name:
        trivial, alone = Path(name) / "trivial.toml", Path(name) / "alone.toml"
        trivial.write_text(TRIVIAL)
        common.write_overlay(alone, common.read(scenario), ["bilateral"])
        command = [options.program, "run", scenario, "-f", trivial, "-j", 1, "--json", "-q", "-n", TRIVIAL_WORLDS]
        for _ in range(options.runs):
            theirs = 1 / experiments_a_second(TRIVIAL_EXPERIMENTS)
            for rows, more in zip(times.values(), ([], ["-f", alone])):
                rows.append((common.run([*command, *more]).seconds / TRIVIAL_WORLDS, theirs))
    print("Per run of five uncertain numbers.\n")
    common.print_table(["one thread", "mufakat", "EMA Workbench", "ratio"], [pair_row(f"two states, {arms}", pairs) for arms, pairs in times.items()])


PEERS = {peer.__name__: peer for peer in (coopgame, bilateral, sobol, ema)}


def main() -> None:
    parser = common.options(__doc__, runs=7)
    parser.add_argument("--only", choices=PEERS, action="append", help="this peer alone (repeatable)")
    options = parser.parse_args()
    for name in options.only or PEERS:
        PEERS[name](options)


if __name__ == "__main__":
    main()
