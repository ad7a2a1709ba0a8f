//! Answers against their definitions by enumeration or search, and against an independent program.

use coopgame::ExplicitGame;
use coopgame::partition::{CoalitionStructure, owen};
use mufakat::theory::coalition::*;

use super::{ROUNDING, TOLERANCE, Uniforms, assert_near, banzhaf, random_games, shapley};

fn permutations(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![vec![]];
    }
    let shorter = permutations(n - 1);
    let insert = |order: &Vec<usize>, at: usize| {
        let mut longer = order.clone();
        longer.insert(at, n - 1);
        longer
    };
    let all = shorter
        .iter()
        .flat_map(|order| (0..n).map(move |at| insert(order, at)));
    all.collect()
}

#[test]
fn shapley_averages_over_all_orders() {
    for game in random_games(11, 1..=6) {
        let orders = permutations(game.players());
        let mut expected = vec![0.0; game.players()];
        for order in &orders {
            let mut before = 0;
            for &i in order {
                let added = game.value(before | 1 << i) - game.value(before);
                expected[i] += added / orders.len() as f64;
                before |= 1 << i;
            }
        }
        assert_near(&shapley(&game), &expected, ROUNDING, "orders");
    }
}

#[test]
fn an_independent_program_agrees() {
    let mut uniforms = Uniforms(12);
    for game in random_games(12, 1..=10) {
        let n = game.players();
        let other = ExplicitGame::from_binary(&game.values()[1..]).unwrap();
        let expected = coopgame::values::shapley(&other);
        assert_near(&shapley(&game), &expected, ROUNDING, "Shapley");
        let expected = coopgame::values::banzhaf(&other);
        assert_near(&banzhaf(&game), &expected, ROUNDING, "Banzhaf");
        let mut blocs = vec![vec![]; 4];
        for i in 0..n {
            blocs[uniforms.below(4)].push(i);
        }
        blocs.retain(|bloc| !bloc.is_empty());
        let masks: Vec<u64> = blocs
            .iter()
            .map(|bloc| bloc.iter().fold(0, |m, i| m | 1 << i))
            .collect();
        let expected = owen(&other, &CoalitionStructure::new(n, &blocs).unwrap()).unwrap();
        let actual = owen_value(game.values(), n, &masks).unwrap();
        assert_near(&actual, &expected, ROUNDING, "Owen");
    }
}

/// Excesses of all coalitions, largest first.
fn excesses(game: &Game, x: &[f64]) -> Vec<f64> {
    let mut all: Vec<f64> = (1..game.grand_coalition())
        .map(|mask| game.excess(mask, x))
        .collect();
    all.sort_by(|a, b| b.total_cmp(a));
    all
}

/// Whether the first vector is lexicographically smaller, by more than rounding.
fn smaller(a: &[f64], b: &[f64]) -> bool {
    let differs = a.iter().zip(b).find(|(a, b)| (*a - *b).abs() > TOLERANCE);
    differs.is_some_and(|(a, b)| a < b)
}

/// Divisions of v(N) near and far: transfers between pairs of players, and random ones.
fn rivals(game: &Game, x: &[f64], uniforms: &mut Uniforms) -> Vec<Vec<f64>> {
    let n = game.players();
    let mut all = Vec::new();
    for step in [1e-5, 1e-3, 0.05, 0.4] {
        for from in 0..n {
            for to in (0..n).filter(|&to| to != from) {
                let mut y = x.to_vec();
                y[from] -= step;
                y[to] += step;
                all.push(y);
            }
            let moves: Vec<f64> = (0..n).map(|_| uniforms.next() - 0.5).collect();
            let mean = moves.iter().sum::<f64>() / n as f64;
            let moved = x.iter().zip(&moves).map(|(x, m)| x + step * (m - mean));
            all.push(moved.collect());
        }
    }
    let (alone, grand) = (game.alone(), game.value(game.grand_coalition()));
    for _ in 0..200 {
        let shares: Vec<f64> = (0..n).map(|_| -uniforms.next().max(1e-12).ln()).collect();
        let surplus = grand - alone.iter().sum::<f64>();
        let scale = surplus / shares.iter().sum::<f64>();
        all.push(
            alone
                .iter()
                .zip(&shares)
                .map(|(a, s)| a + scale * s)
                .collect(),
        );
    }
    all
}

#[test]
fn no_division_has_lexicographically_smaller_excesses() {
    let mut uniforms = Uniforms(13);
    let mut found = 0;
    for game in random_games(13, 2..=5) {
        let alone = game.alone();
        let x = prenucleolus(&game).unwrap();
        let own = excesses(&game, &x);
        for y in rivals(&game, &x, &mut uniforms) {
            assert!(!smaller(&excesses(&game, &y), &own), "{y:?} beats {x:?}");
        }
        let Ok(x) = nucleolus(&game) else { continue };
        found += 1;
        assert!(
            x.iter()
                .zip(&alone)
                .all(|(x, alone)| *x >= alone - TOLERANCE)
        );
        let own = excesses(&game, &x);
        for y in rivals(&game, &x, &mut uniforms) {
            let imputation = y.iter().zip(&alone).all(|(y, alone)| y >= alone);
            let beats = imputation && smaller(&excesses(&game, &y), &own);
            assert!(!beats, "{y:?} beats {x:?}");
        }
    }
    assert!(found > 30, "{found}");
}

#[test]
fn the_check_refuses_what_is_not_the_nucleolus() {
    let mut uniforms = Uniforms(14);
    let tolerance = 1e-8;
    for game in random_games(14, 3..=6) {
        let x = prenucleolus(&game).unwrap();
        assert_eq!(is_prenucleolus(&game, &x, tolerance), Ok(true));
        for y in rivals(&game, &x, &mut uniforms) {
            let far = x.iter().zip(&y).any(|(x, y)| (x - y).abs() > 1e-6);
            assert!(!far || is_prenucleolus(&game, &y, tolerance) == Ok(false));
        }
        if let Ok(x) = nucleolus(&game) {
            assert_eq!(is_nucleolus(&game, &x, tolerance), Ok(true));
            for y in rivals(&game, &x, &mut uniforms) {
                let far = x.iter().zip(&y).any(|(x, y)| (x - y).abs() > 1e-6);
                assert!(!far || is_nucleolus(&game, &y, tolerance) == Ok(false));
            }
        }
    }
}

#[test]
fn near_ties_still_have_an_answer() {
    let mut uniforms = Uniforms(15);
    for exponent in 6..=13 {
        let noise = 10f64.powi(-exponent);
        for n in 3..=6 {
            for _ in 0..10 {
                let ties = Game::from_fn(n, |mask| {
                    if mask.count_ones() < 2 {
                        0.0
                    } else {
                        uniforms.below(3) as f64
                    }
                });
                let ties = ties.unwrap().monotone_cover();
                let near = Game::from_fn(n, |mask| ties.value(mask) + noise * uniforms.next());
                let near = near.unwrap();
                let (x, y) = (prenucleolus(&ties).unwrap(), prenucleolus(&near).unwrap());
                // The prenucleolus moves at most in proportion to the values, here by a factor that small games keep below 20.
                assert_near(&y, &x, 20.0 * noise + 1e-6, "near ties");
                if game_has_room(&ties) {
                    assert_near(
                        &nucleolus(&near).unwrap(),
                        &nucleolus(&ties).unwrap(),
                        20.0 * noise + 1e-6,
                        "near ties",
                    );
                }
            }
        }
    }
}

/// Whether there is more to divide together than alone.
fn game_has_room(game: &Game) -> bool {
    game.value(game.grand_coalition()) > 0.0
}

#[test]
fn samples_approach_the_shapley_value() {
    for game in random_games(16, 2..=8) {
        let n = game.players();
        let sample = || {
            let mut uniforms = Uniforms(17);
            shapley_sampled(n, |mask| game.value(mask), 100, || uniforms.next()).unwrap()
        };
        let estimate = sample();
        assert_eq!(estimate, sample(), "the same uniforms, the same estimate");
        let total: f64 = estimate.values.iter().sum();
        assert!((total - game.value(game.grand_coalition())).abs() < ROUNDING);
        let errors = estimate.values.iter().zip(&estimate.std_errors);
        for ((value, error), exact) in errors.zip(shapley(&game)) {
            // Five standard errors, for the hundreds of comparisons made here.
            assert!(
                (value - exact).abs() <= 5.0 * error + ROUNDING,
                "{value} ± {error}, {exact}"
            );
        }
    }
}

#[test]
fn the_same_game_has_the_same_answers_bit_for_bit() {
    for game in random_games(18, 5..=8) {
        let bits = |x: Vec<f64>| x.into_iter().map(f64::to_bits).collect::<Vec<_>>();
        let again = Game::new(game.values().to_vec()).unwrap();
        assert_eq!(bits(shapley(&game)), bits(shapley(&again)));
        let answer = |game: &Game| bits(prenucleolus(game).unwrap());
        assert_eq!(answer(&game), answer(&again));
        let least = |game: &Game| bits(least_core(game).unwrap().allocation);
        assert_eq!(least(&game), least(&again));
    }
}
