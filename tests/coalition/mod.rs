//! Cooperative games: known answers, axioms, and agreement with brute force and with an independent program.

mod axioms;
mod brute_force;
mod known;

use mufakat::theory::coalition::{Game, players_of};

/// Answers of linear programs and of hand calculations agree to this.
const TOLERANCE: f64 = 1e-7;

/// Sums of at most 2^10 terms of size 1 to 10 round to far less than this.
const ROUNDING: f64 = 1e-10;

/// A game from values ordered as the known answers are: by size, then lexicographically.
fn lexicographic(n: usize, values: &[f64]) -> Game {
    let mut masks: Vec<u64> = (1..1 << n).collect();
    masks.sort_by_key(|&mask| (mask.count_ones(), players_of(mask).collect::<Vec<_>>()));
    let place = |mask| masks.iter().position(|&m| m == mask).unwrap();
    Game::from_fn(n, |mask| values[place(mask)]).unwrap()
}

fn assert_near(actual: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    let near = |(a, b): (&f64, &f64)| (a - b).abs() <= tolerance;
    let all = actual.len() == expected.len() && actual.iter().zip(expected).all(near);
    assert!(all, "{what}: {actual:?} is not {expected:?}");
}

fn shapley(game: &Game) -> Vec<f64> {
    let mut out = vec![f64::NAN; game.players()];
    mufakat::theory::coalition::shapley_value(game.values(), game.players(), &mut out);
    out
}

fn banzhaf(game: &Game) -> Vec<f64> {
    let mut out = vec![f64::NAN; game.players()];
    mufakat::theory::coalition::banzhaf_index(game.values(), game.players(), &mut out);
    out
}

/// Uniform numbers in [0, 1) from a seed (SplitMix64).
struct Uniforms(u64);

impl Uniforms {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((bits ^ (bits >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() * bound as f64) as usize
    }
}

/// Random games of several kinds: any values, whole numbers with many ties, shared gains under their monotone cover, convex games.
fn random_games(seed: u64, players: std::ops::RangeInclusive<usize>) -> Vec<Game> {
    let mut uniforms = Uniforms(seed);
    let mut games = Vec::new();
    for n in players {
        for _ in 0..4 {
            games.push(Game::from_fn(n, |_| 4.0 * uniforms.next() - 1.0).unwrap());
            games.push(Game::from_fn(n, |_| uniforms.below(4) as f64).unwrap());
            let gain = |mask: u64| mask.count_ones() >= 2;
            let shared = Game::from_fn(n, |mask| {
                if gain(mask) {
                    uniforms.next() - 0.3
                } else {
                    0.0
                }
            });
            games.push(shared.unwrap().monotone_cover());
            let sizes: Vec<f64> = (0..n).map(|_| uniforms.next()).collect();
            let convex = |mask| players_of(mask).map(|i| sizes[i]).sum::<f64>().powi(2);
            games.push(Game::from_fn(n, convex).unwrap());
        }
    }
    games
}
