//! Shapley value and nucleolus beside those of the crate `coopgame`, on the same games in turn: values compared, medians as Markdown.
//!
//! `cargo bench --bench peer_coopgame -- --runs 7`
#![allow(
    clippy::print_stdout,
    reason = "a comparison of running times prints its table"
)]

use coopgame::ExplicitGame;
use mufakat::theory::coalition::{Game, nucleolus, players_of, shapley_value};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Games of each size; linear programs take longer in some than in others.
const GAMES: u64 = 5;
/// A timing repeats the games until it has taken this long.
const LEAST: Duration = Duration::from_millis(20);
/// Values of the two may differ by so much, as a share of the value of the grand coalition.
const AGREEMENT: f64 = 1e-7;

/// A gain that neighbours share and that differs from coalition to coalition, under its monotone cover: what a bloc divides.
fn shared_gain(n: usize, seed: u64) -> Game {
    let size = |i: usize| 0.2 + ((i as u64 * 7 + seed * 3) % 11) as f64 / 11.0;
    let noise = |mask: u64| {
        let mixed = (mask ^ seed << 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 40) as f64 / 16_777_216.0
    };
    let game = Game::from_fn(n, |mask| {
        let sum: f64 = players_of(mask).map(size).sum();
        let gain = sum * sum / n as f64 + 0.5 * noise(mask) - 0.3;
        if mask.count_ones() < 2 { 0.0 } else { gain }
    });
    game.expect("its values are finite").monotone_cover()
}

/// A game as each of the two holds it.
struct Pair {
    ours: Game,
    theirs: ExplicitGame,
}

impl Pair {
    fn new(n: usize, seed: u64) -> Pair {
        let ours = shared_gain(n, seed);
        // It leaves the empty coalition out.
        let theirs = ExplicitGame::from_binary(&ours.values()[1..]).expect("the same values");
        Pair { ours, theirs }
    }
}

fn our_shapley(pair: &Pair) -> Vec<f64> {
    let n = pair.ours.players();
    let mut out = vec![0.0; n];
    shapley_value(pair.ours.values(), n, &mut out);
    out
}

fn their_shapley(pair: &Pair) -> Vec<f64> {
    coopgame::values::shapley(&pair.theirs)
}

fn our_nucleolus(pair: &Pair) -> Vec<f64> {
    nucleolus(&pair.ours).expect("an answer that passes its check")
}

fn their_nucleolus(pair: &Pair) -> Vec<f64> {
    let result = coopgame::nucleolus::nucleolus(&pair.theirs).expect("an answer");
    result.into_allocation()
}

/// Computes a solution of one of the pair's games.
type Solve = fn(&Pair) -> Vec<f64>;

/// Seconds for one game, all games repeated until [`LEAST`] has passed.
fn seconds(solve: Solve, pairs: &[Pair]) -> f64 {
    let start = Instant::now();
    let mut solved = 0;
    while solved == 0 || start.elapsed() < LEAST {
        for pair in pairs {
            black_box(solve(black_box(pair)));
        }
        solved += pairs.len();
    }
    start.elapsed().as_secs_f64() / solved as f64
}

/// The largest difference of the two, as a share of the value of the grand coalition.
fn disagreement(solves: [Solve; 2], pairs: &[Pair]) -> f64 {
    let one = |pair: &Pair| {
        let [ours, theirs] = solves.map(|solve| solve(pair));
        let together = pair.ours.value(pair.ours.grand_coalition());
        let apart = ours.iter().zip(&theirs).map(|(x, y)| (x - y).abs());
        apart.fold(0.0, f64::max) / together
    };
    pairs.iter().map(one).fold(0.0, f64::max)
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    let middle = times.len() / 2;
    if times.len() % 2 == 1 {
        times[middle]
    } else {
        0.5 * (times[middle - 1] + times[middle])
    }
}

/// Three digits, with a unit that suits.
fn show(seconds: f64) -> String {
    let (scale, unit) = match seconds {
        s if s < 1e-3 => (1e6, "µs"),
        s if s < 1.0 => (1e3, "ms"),
        _ => (1.0, "s"),
    };
    let number = seconds * scale;
    let digits = (2 - number.log10().floor() as i32).max(0) as usize;
    format!("{number:.digits$} {unit}")
}

/// Times both in turn, `runs` times, and prints a row.
fn compare(what: &str, n: usize, solves: [Solve; 2], runs: usize) {
    let pairs: Vec<Pair> = (0..GAMES).map(|seed| Pair::new(n, seed)).collect();
    let apart = disagreement(solves, &pairs);
    assert!(apart < AGREEMENT, "{what}, {n} players: {apart:e} apart");
    let mut times = [const { Vec::new() }; 2];
    for _ in 0..runs {
        for (times, solve) in times.iter_mut().zip(solves) {
            times.push(seconds(solve, &pairs));
        }
    }
    let [ours, theirs] = times.map(|mut times| median(&mut times));
    println!(
        "| {what}, {n} players | {} | {} | {:.1} | {apart:.0e} |",
        show(ours),
        show(theirs),
        theirs / ours
    );
}

/// The number behind `--runs`, 7 if there is none.
fn runs() -> usize {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--runs");
    let given = arguments.nth(1).and_then(|number| number.parse().ok());
    given.unwrap_or(7)
}

fn main() {
    let runs = runs();
    println!("| one game, one thread | mufakat | coopgame | ratio | apart |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    for n in [10, 14, 20] {
        compare("Shapley", n, [our_shapley, their_shapley], runs);
    }
    for n in [8, 12] {
        compare("nucleolus", n, [our_nucleolus, their_nucleolus], runs);
    }
}
