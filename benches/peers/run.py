"""mufakat beside its peers on the same work, in turn, medians as the Markdown tables of benches/README.md.

    python -m venv VENV && VENV/bin/pip install -r benches/peers/requirements.txt
    cargo build --release && VENV/bin/python benches/peers/run.py

Peers: the crate coopgame (Shapley value, nucleolus), codes of PyPI for the nucleolus, the bilateral arm in numba (bilateral.py), SALib and
OpenTURNS (Sobol' indices) and the EMA Workbench (runs a second). Values are compared before times. `--runs 1 --only bilateral` takes a
minute, half of it to compile; all of it about six. Parts `coopgame` and `sobol` need `cargo bench`, the others the program alone.
"""

import json
import re
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
GAMES = range(1, 6)
"""Seeds of the worlds whose coalitions are the games of which a nucleolus is asked."""
BLOCS = {6: 400, 8: 200, 10: 40}
"""Members of a bloc, and the worlds of a run that shares by nucleolus in each."""
ROWS = 65_536
"""Rows of A in all replicates, each of which has an output besides in B and in A with each column of B."""
REPLICATES = 8
MORE_OUTPUTS = [f"{arm}.{key}" for arm in ("bilateral", "framework", "bloc") for key in (
    "total.payoff total.investment state.L.payoff state.L.leverage state.L.access state.L.terms state.L.deal_size "
    "state.S.payoff state.S.leverage state.S.access state.S.deal_size hyperscaler.H.profit"
).split()]
"""What one more output takes is the difference of two runs, one of which asks for these besides."""
HEADLINE = "bloc.total.payoff.difference"
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
    """An analysis of 2^14 rows of three factors with 100 resamples by each."""
    import sobol
    import turns

    print("### SALib and OpenTURNS: Sobol' indices of one sample with intervals\n")
    peers = {"SALib": sobol.analyse, "OpenTURNS": turns.analyse}
    with tempfile.TemporaryDirectory() as name:
        sample = Path(name) / "outputs.bin"
        times = []
        for _ in range(options.runs):
            ours = json.loads(bench("peer_sobol", "--out", sample))
            theirs = {peer: analyse(sample) for peer, analyse in peers.items()}
            times.append((ours["seconds"], *(found["seconds"] for found in theirs.values())))
    for peer, found in theirs.items():
        apart = {key: max(abs(x - y) for x, y in zip(ours[key], found[key])) for key in ("first", "total")}
        print(f"{peer}: first orders differ by {apart['first']:.0e} at most, total orders by {apart['total']:.0e}.")
        assert apart["first"] < 1e-3 and apart["total"] < 1e-9, "the two do not estimate the same"
    print()
    rows = [pair_row(peer, [(run[0], run[at]) for run in times]) for at, peer in enumerate(peers, 1)]
    common.print_table(["2^14 rows, 3 factors, 100 resamples, one thread", "mufakat", "peer", "ratio"], rows)


def pair_row(what: str, times: list[tuple[float, float]]) -> list[str]:
    """Medians of pairs of seconds, ours and theirs, and the median of their ratios."""
    ours, theirs = (statistics.median(column) for column in zip(*times))
    ratio = statistics.median(pair[1] / pair[0] for pair in times)
    return [what, common.duration(ours), common.duration(theirs), f"{ratio:,.1f}"]


def summary(command: list) -> float:
    """Seconds by the clock in which the program made its results of what it had played, as it says itself."""
    said = common.run([*command, "--log", "debug"]).errors
    return float(re.search(r"results summarised: ([0-9.]+) s", said)[1])


def openturns(options) -> None:
    """Indices from rows that the program played: its own, OpenTURNS' by the same estimators and by others."""
    import numpy as np
    import pandas as pd
    import turns

    print("### OpenTURNS: Sobol' indices of rows that the program played\n")
    with tempfile.TemporaryDirectory() as name:
        trivial, out = Path(name) / "trivial.toml", Path(name) / "rows"
        trivial.write_text(TRIVIAL)
        study = [options.program, "sensitivity", common.SCENARIOS / "two-states.toml", "-f", trivial, "--method", "sobol", "-n", ROWS, "-j", 1,
                 "-q", "--output", HEADLINE]
        common.run([*study, "-o", out])
        cells, factors = pd.read_csv(out / "cells.csv"), json.loads((out / "results.json").read_text())["outputs"][HEADLINE]["factors"]
        parts = turns.blocks(cells[list(factors)].to_numpy(), cells[HEADLINE].to_numpy(), REPLICATES)
        more = [part for output in MORE_OUTPUTS for part in ("--output", output)]
        times = []
        for _ in range(options.runs):
            one, many = summary([*study, "--json"]), summary([*study, "--json", *more])
            first, total, seconds = turns.of_matrices(parts)
            times.append(((many - one) / len(MORE_OUTPUTS), seconds))
    ours = {key: np.array([factor[key]["value"] for factor in factors.values()]) for key in ("S1", "ST")}
    outputs = cells[HEADLINE].to_numpy()
    rescaled = {key: turns.by_variance_of_all(found, outputs, REPLICATES, key == "ST").mean(axis=0) for key, found in (("S1", first), ("ST", total))}
    apart = {key: np.abs(rescaled[key] - ours[key]).max() for key in ours}
    print(f"As shares of the same variance first orders differ by {apart['S1']:.0e} at most, total orders by {apart['ST']:.0e}.")
    for estimator, (one, all_of_it) in turns.other_estimators(parts).items():
        print(f"Its {estimator}: by {np.abs(one - ours['S1']).max():.0e} and {np.abs(all_of_it - ours['ST']).max():.0e}.")
    print()
    assert apart["S1"] < 1e-5 and apart["ST"] < 1e-12, "the two do not estimate the same"
    what = f"{len(outputs):,} rows, {len(factors)} factors, {REPLICATES} replicates"
    common.print_table(["clock, one thread, for one output", "mufakat", "OpenTURNS", "ratio"], [pair_row(what, times)])
    by_ranks(options, ours["S1"])


def by_ranks(options, truth) -> None:
    """First order of the rows of a plain run: ours with all that `delta` says, OpenTURNS' by ranks."""
    import numpy as np
    import pandas as pd
    import turns

    with tempfile.TemporaryDirectory() as name:
        trivial, out = Path(name) / "trivial.toml", Path(name) / "run"
        trivial.write_text(TRIVIAL)
        common.run([options.program, "run", common.SCENARIOS / "two-states.toml", "-f", trivial, "-n", ROWS // 4, "-o", out, "-q"])
        study = [options.program, "sensitivity", out, "--method", "delta", "-j", 1, "-q", "--json", "--output", HEADLINE]
        found = common.parse(common.run(study).output)["outputs"][HEADLINE]["factors"]
        draws, arms = pd.read_csv(out / "draws.csv"), pd.read_csv(out / "arms.csv").pivot(index="trial", columns="arm", values="payoff")
        outputs = (arms["bloc"] - arms["bilateral"]).to_numpy()
        times = []
        for _ in range(options.runs):
            finished = common.run(study)
            first, *seconds = turns.by_ranks(draws[list(found)].to_numpy(), outputs)
            times.append((finished.processor, *seconds))
    ours = np.array([factor["S1"]["value"] for factor in found.values()])
    off, by_rank = (np.abs(one - truth).max() for one in (ours, first))
    print(f"First orders are off by {off:.3f} at most, by ranks by {by_rank:.3f}.\n")
    assert np.abs(ours - first).max() < 0.05, "the two do not estimate the same"
    what = ("indices alone", "with intervals")
    rows = [pair_row(f"{len(outputs):,} rows, {len(found)} factors, {kind}", [(run[0], run[at]) for run in times]) for at, kind in enumerate(what, 1)]
    common.print_table(["processors", "mufakat, `delta`", "OpenTURNS, by ranks", "ratio"], rows)


def nucleolus(options) -> None:
    """Nucleoli of games that the program played: what it takes is the difference of two runs, with one in each world and without."""
    import nucleolus as peers

    print("### Codes of PyPI: the nucleolus\n")
    baseline, rows = common.read(common.BASELINE), []
    with tempfile.TemporaryDirectory() as name:
        for members, worlds in BLOCS.items():
            overlays = [peers.write_overlay(Path(name) / f"{rule}.toml", baseline, members, rule) for rule in ("shapley", "nucleolus")]
            look = [options.program, "stability", common.BASELINE, "-f", overlays[1], "--arm", "bloc", "-n", 1, "--json", "-q"]
            solved = [peers.game(common.parse(common.run([*look, "--seed", seed]).output)) for seed in GAMES]
            apart = {peer: max(distance(solve(values), own, values) for values, own in solved) for peer, solve in peers.PEERS.items()}
            assert apart["coopgame"] < 1e-7, "the two do not solve the same game"
            wrong = sum(peers.is_worse(values, peers.by_tucoopy(values), own) for values, own in solved)
            times = []
            for _ in range(options.runs):
                runs = ([options.program, "run", common.BASELINE, "-f", path, "-n", worlds, "-j", 1, "--json", "-q"] for path in overlays)
                without, with_it = (common.run(command).processor for command in runs)
                taken = (peers.seconds(solve, [values for values, _ in solved]) for solve in peers.PEERS.values())
                times.append(((with_it - without) / worlds, *taken))
            medians = [common.duration(statistics.median(column)) for column in zip(*times)]
            ratios = [f"{statistics.median(run[at] / run[0] for run in times):,.0f}" for at in range(1, len(times[0]))]
            cells = [cell for pair in zip(medians[1:], ratios) for cell in pair]
            rows.append([f"{members} players", medians[0], *cells, f"{apart['coopgame']:.0e}", f"{wrong} of {len(solved)}"])
    header = [cell for peer in peers.PEERS for cell in (peer, "ratio")]
    common.print_table(["one game, processors", "mufakat", *header, "apart", "tucoopy wrong"], rows)


def distance(theirs: list[float], ours: list[float], values: list[float]) -> float:
    """The largest difference of two allocations, as a share of what all have together."""
    return max(abs(x - y) for x, y in zip(theirs, ours)) / values[-1]


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
                rows.append((common.run([*command, *more]).processor / TRIVIAL_WORLDS, theirs))
    print("Per run of five uncertain numbers.\n")
    common.print_table(["processors", "mufakat", "EMA Workbench", "ratio"], [pair_row(f"two states, {arms}", pairs) for arms, pairs in times.items()])


PEERS = {peer.__name__: peer for peer in (coopgame, nucleolus, bilateral, sobol, openturns, ema)}


def main() -> None:
    parser = common.options(__doc__, runs=7)
    parser.add_argument("--only", choices=PEERS, action="append", help="this peer alone (repeatable)")
    options = parser.parse_args()
    for name in options.only or PEERS:
        PEERS[name](options)


if __name__ == "__main__":
    main()
