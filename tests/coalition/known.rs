//! Known answers, printed by the R package CoopGame 0.2.2 and the Rust crate coopgame 0.3.1, or by hand.

use mufakat::theory::coalition::*;

use super::{ROUNDING, TOLERANCE, assert_near, banzhaf, lexicographic, shapley};

#[test]
fn three_players() {
    let game = lexicographic(3, &[0.0, 0.0, 0.0, 1.0, 2.0, 1.0, 3.0]);
    let sixth = 1.0 / 6.0;
    let expected = [1.0 + sixth, 4.0 * sixth, 1.0 + sixth];
    assert_near(&shapley(&game), &expected, ROUNDING, "Shapley");
    assert_near(&banzhaf(&game), &[1.25, 0.75, 1.25], ROUNDING, "Banzhaf");
    let answer = nucleolus(&game).unwrap();
    assert_near(&answer, &[1.25, 0.5, 1.25], TOLERANCE, "nucleolus");
    let least = least_core(&game).unwrap();
    assert!((least.epsilon + 0.5).abs() < TOLERANCE);
    assert!(in_core(game.values(), 3, &least.allocation, TOLERANCE));
    let owen = owen_value(game.values(), 3, &[0b011, 0b100]).unwrap();
    assert_near(&owen, &[1.25, 0.75, 1.0], ROUNDING, "Owen");
}

#[test]
fn a_pair_that_all_spoil() {
    let game = lexicographic(3, &[0.0, 0.0, 0.0, 10.0, 0.0, 0.0, 2.0]);
    let third = 1.0 / 3.0;
    let answer = prenucleolus(&game).unwrap();
    assert_near(&answer, &[3.0, 3.0, -4.0], TOLERANCE, "prenucleolus");
    let answer = nucleolus(&game).unwrap();
    assert_near(&answer, &[1.0, 1.0, 0.0], TOLERANCE, "nucleolus");
    let expected = [7.0 * third, 7.0 * third, -8.0 * third];
    assert_near(&shapley(&game), &expected, ROUNDING, "Shapley");
    assert_eq!(has_core(&game, TOLERANCE), Ok(false));
    assert!((least_core(&game).unwrap().epsilon - 4.0).abs() < TOLERANCE);
}

#[test]
fn cities_share_a_cost() {
    let values = [46125.0, 17437.5, 5812.5, 69187.5, 53812.5, 30750.0, 90000.0];
    let game = lexicographic(3, &values);
    let expected = [51750.0, 25875.0, 12375.0];
    assert_near(&shapley(&game), &expected, 1e-6, "Shapley");
    let expected = [52687.5, 24468.75, 12843.75];
    assert_near(&nucleolus(&game).unwrap(), &expected, 1e-3, "nucleolus");
}

#[test]
fn gloves() {
    let game = lexicographic(3, &[0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0]);
    let expected = [2.0 / 3.0, 1.0 / 6.0, 1.0 / 6.0];
    assert_near(&shapley(&game), &expected, ROUNDING, "Shapley");
    let answer = nucleolus(&game).unwrap();
    assert_near(&answer, &[1.0, 0.0, 0.0], TOLERANCE, "nucleolus");
}

/// Aumann and Maschler 1985, <https://doi.org/10.1016/0022-0531(85)90102-4>.
#[test]
fn the_talmud_divides_an_estate() {
    let claims = [100.0, 200.0, 300.0];
    let cases = [
        (100.0, [100.0 / 3.0; 3]),
        (200.0, [50.0, 75.0, 75.0]),
        (300.0, [50.0, 100.0, 150.0]),
    ];
    for (estate, expected) in cases {
        let left = |mask: u64| {
            let others = players_of(0b111 ^ mask).map(|i| claims[i]);
            f64::max(estate - others.sum::<f64>(), 0.0)
        };
        let game = Game::from_fn(3, left).unwrap();
        assert!(game.is_convex(ROUNDING));
        let answer = nucleolus(&game).unwrap();
        assert_near(&answer, &expected, TOLERANCE * estate, "estate");
    }
}

#[test]
fn weighted_votes() {
    let weights = [8.0, 6.0, 4.0, 2.0];
    let expected = [5.0 / 12.0, 0.25, 0.25, 1.0 / 12.0];
    let index = shapley_shubik(&weights, 12.0).unwrap();
    assert_near(&index, &expected, ROUNDING, "Shapley-Shubik");
    let index = banzhaf_voting(&weights, 12.0).unwrap();
    assert_near(&index, &[0.625, 0.375, 0.375, 0.125], 0.0, "Banzhaf");
    let index = shapley_shubik(&[50.0, 49.0, 1.0], 51.0).unwrap();
    let expected = [2.0 / 3.0, 1.0 / 6.0, 1.0 / 6.0];
    assert_near(&index, &expected, ROUNDING, "51 of 100");
    let equal = |quota| banzhaf_voting(&[1.0; 10], quota).unwrap();
    assert_eq!(equal(7.0), [0.1640625; 10]);
    assert_eq!(equal(10.0), [1.0 / 512.0; 10]);
}

/// v(S) = f(number of states in S) if the host, player 0, is in S.
fn host(states: usize, f: fn(f64) -> f64) -> Game {
    let value = |mask: u64| {
        if mask & 1 == 1 {
            f(f64::from(mask.count_ones() - 1))
        } else {
            0.0
        }
    };
    Game::from_fn(states + 1, value).unwrap()
}

/// A worth of so many states, how many there are, and their sum of Shapley values apart and as a bloc.
type Row = (fn(f64) -> f64, usize, f64, f64);

#[test]
#[expect(
    clippy::approx_constant,
    reason = "the values as printed in the textbook"
)]
fn one_host_and_many_states() {
    let cases: [Row; 7] = [
        (f64::sqrt, 2, 0.609476, 0.707107),
        (f64::sqrt, 5, 0.839013, 1.118034),
        (f64::sqrt, 10, 1.119707, 1.581139),
        (|k| k, 5, 2.5, 2.5),
        (|k| k, 10, 5.0, 5.0),
        (|k| k * k, 5, 15.833333, 12.5),
        (|k| k * k, 10, 65.0, 50.0),
    ];
    // Printed to six digits.
    let near = |a: f64, b: f64| (a - b).abs() < 1e-6;
    for (f, states, separate, bloc) in cases {
        let game = host(states, f);
        let total: f64 = shapley(&game)[1..].iter().sum();
        assert!(near(total, separate), "{states}: {total}");
        let blocs = bloc_partition(states + 1, game.grand_coalition() ^ 1).unwrap();
        let owen = owen_value(game.values(), states + 1, &blocs).unwrap();
        let total: f64 = owen[1..].iter().sum();
        assert!(near(total, bloc), "{states} as a bloc: {total}");
    }
}

#[test]
fn outsiders_gain_more_than_the_bloc() {
    let game = host(10, f64::sqrt);
    let blocs = bloc_partition(11, 0b111110).unwrap();
    let owen = owen_value(game.values(), 11, &blocs).unwrap();
    let mut expected = [0.113202; 11];
    expected[0] = 1.963065;
    expected[6..].fill(0.126640);
    // Printed to six digits.
    assert_near(&owen, &expected, 1e-6, "Owen");
    let alone = shapley(&game)[1];
    assert!((alone - 0.111971).abs() < 1e-6);
}

#[test]
fn votes_are_counted_alike_by_both_methods() {
    let weights: Vec<f64> = (0..20).map(|i| f64::from(i * 7 % 11)).collect();
    let mut more = weights.clone();
    more.push(0.0);
    for quota in [1.0, 50.5, 60.0, 97.0] {
        // A voter without weight changes nobody's index, but 21 players are counted and 20 enumerated.
        let (few, many) = (
            shapley_shubik(&weights, quota),
            shapley_shubik(&more, quota),
        );
        assert_near(
            &many.unwrap()[..20],
            &few.unwrap(),
            ROUNDING,
            "Shapley-Shubik",
        );
        let (few, many) = (
            banzhaf_voting(&weights, quota),
            banzhaf_voting(&more, quota),
        );
        assert_near(&many.unwrap()[..20], &few.unwrap(), 0.0, "Banzhaf");
    }
    let crowd = shapley_shubik(&[1.0; 64], 33.0).unwrap();
    assert_near(&crowd, &[1.0 / 64.0; 64], ROUNDING, "64 equal voters");
}
