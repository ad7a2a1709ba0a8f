//! The axioms that single the solutions out, as properties of random games.

use mufakat::theory::coalition::*;

use super::{ROUNDING, TOLERANCE, Uniforms, assert_near, banzhaf, random_games, shapley};

type Solution = fn(&Game) -> Option<Vec<f64>>;

/// Name, solution, whether it adds up to v(N), tolerance.
const SOLUTIONS: [(&str, Solution, bool, f64); 4] = [
    ("Shapley", |game| Some(shapley(game)), true, ROUNDING),
    ("Banzhaf", |game| Some(banzhaf(game)), false, ROUNDING),
    (
        "nucleolus",
        |game| imputations(nucleolus(game)),
        true,
        TOLERANCE,
    ),
    (
        "prenucleolus",
        |game| imputations(prenucleolus(game)),
        true,
        TOLERANCE,
    ),
];

/// The only refusal that random games may meet.
fn imputations(answer: Result<Vec<f64>, CoalitionError>) -> Option<Vec<f64>> {
    match answer {
        Err(CoalitionError::NoImputation { .. }) => None,
        other => Some(other.unwrap()),
    }
}

/// Each solution with each game that has it.
fn for_all(seed: u64, mut check: impl FnMut(&str, Solution, &Game, &[f64], f64)) {
    let mut checked = 0;
    for game in random_games(seed, 1..=6) {
        for (name, solution, _, tolerance) in SOLUTIONS {
            if let Some(x) = solution(&game) {
                check(name, solution, &game, &x, tolerance);
                checked += 1;
            }
        }
    }
    assert!(checked > 250, "only {checked} games had a solution");
}

#[test]
fn efficiency() {
    for game in random_games(1, 1..=7) {
        for (name, solution, efficient, tolerance) in SOLUTIONS {
            if let Some(x) = solution(&game).filter(|_| efficient) {
                let total: f64 = x.iter().sum();
                let grand = game.value(game.grand_coalition());
                assert!((total - grand).abs() <= tolerance, "{name}: {x:?}");
            }
        }
    }
}

#[test]
fn anonymity_and_symmetry() {
    for_all(2, |name, solution, game, x, tolerance| {
        // Players change places: i takes the name n−1−i.
        let n = game.players();
        let renamed = |mask: u64| players_of(mask).fold(0, |other, i| other | 1 << (n - 1 - i));
        let other = Game::from_fn(n, |mask| game.value(renamed(mask))).unwrap();
        let mut y = solution(&other).unwrap();
        y.reverse();
        assert_near(&y, x, tolerance, name);
        // Two players who count the same everywhere get the same.
        let merged = |mask: u64| {
            if mask & 0b11 == 0b10 {
                mask ^ 0b11
            } else {
                mask
            }
        };
        let twins = Game::from_fn(n, |mask| game.value(merged(mask) & game.grand_coalition()));
        if let Some(y) = solution(&twins.unwrap()).filter(|y| y.len() > 1) {
            assert!((y[0] - y[1]).abs() <= tolerance, "{name}: {y:?}");
        }
    });
}

#[test]
fn covariance() {
    for_all(3, |name, solution, game, x, tolerance| {
        let shift = |i: usize| 3.0 * i as f64 - 4.0;
        let other = Game::from_fn(game.players(), |mask| {
            2.5 * game.value(mask) + players_of(mask).map(shift).sum::<f64>()
        });
        let expected: Vec<f64> = (0..).zip(x).map(|(i, x)| 2.5 * x + shift(i)).collect();
        let y = solution(&other.unwrap()).unwrap();
        assert_near(&y, &expected, 20.0 * tolerance, name);
    });
}

#[test]
fn dummies_get_what_they_have_alone() {
    for game in random_games(4, 1..=5) {
        // The last player adds 0.75 to every coalition.
        let n = game.players();
        let more = Game::from_fn(n + 1, |mask| {
            game.value(mask & game.grand_coalition()) + 0.75 * f64::from(mask >> n == 1)
        });
        let more = more.unwrap();
        for (name, solution, _, tolerance) in SOLUTIONS {
            if name == "prenucleolus" && !game.is_superadditive(ROUNDING) {
                // It may take from a dummy where the grand coalition wastes what others make.
                continue;
            }
            if let Some(x) = solution(&more) {
                assert!((x[n] - 0.75).abs() <= tolerance, "{name}: {x:?}");
                let y = solution(&game).unwrap();
                if !name.ends_with("nucleolus") {
                    assert_near(&x[..n], &y, tolerance, name);
                }
            }
        }
    }
}

#[test]
fn shapley_and_banzhaf_add_up_over_games() {
    for pair in random_games(5, 4..=6).windows(2) {
        let (a, b) = (&pair[0], &pair[1]);
        if a.players() == b.players() {
            let sum = Game::from_fn(a.players(), |mask| a.value(mask) + b.value(mask)).unwrap();
            for solution in [shapley, banzhaf] {
                let apart = solution(a).into_iter().zip(solution(b));
                let apart: Vec<f64> = apart.map(|(a, b)| a + b).collect();
                assert_near(&solution(&sum), &apart, ROUNDING, "additivity");
            }
        }
    }
}

#[test]
fn the_core_holds_what_it_should() {
    let mut with_core = 0;
    for game in random_games(6, 1..=7) {
        let n = game.players();
        if game.is_convex(ROUNDING) {
            assert!(game.is_superadditive(2.0 * ROUNDING));
            assert!(in_core(game.values(), n, &shapley(&game), ROUNDING));
        }
        let least = least_core(&game).unwrap();
        let worst = strongest_objection(&game, &least.allocation).unwrap();
        if let Some((_, excess)) = worst {
            assert!((excess - least.epsilon).abs() < TOLERANCE);
            let x = prenucleolus(&game).unwrap();
            let (_, excess) = strongest_objection(&game, &x).unwrap().unwrap();
            assert!(
                (excess - least.epsilon).abs() < TOLERANCE,
                "the prenucleolus is in the least core"
            );
        }
        if has_core(&game, -1e-6).unwrap() || game.is_convex(ROUNDING) {
            with_core += 1;
            let x = nucleolus(&game).unwrap();
            assert!(in_core(game.values(), n, &x, TOLERANCE), "{game:?} {x:?}");
            assert_near(
                &prenucleolus(&game).unwrap(),
                &x,
                TOLERANCE,
                "one nucleolus",
            );
        }
    }
    assert!(with_core > 30, "{with_core}");
}

#[test]
fn covers_are_the_least_games_above() {
    for game in random_games(7, 1..=7) {
        let monotone = game.clone().monotone_cover();
        let superadditive = game.superadditive_cover();
        assert!(monotone.is_monotone(0.0) && superadditive.is_superadditive(ROUNDING));
        assert_eq!(monotone.clone().monotone_cover(), monotone);
        for mask in 1..=game.grand_coalition() {
            let parts = (0..=mask).filter(|part| part & !mask == 0);
            let best = parts
                .map(|part| game.value(part))
                .fold(f64::NEG_INFINITY, f64::max);
            assert_eq!(monotone.value(mask), best);
            assert!(superadditive.value(mask) >= game.value(mask));
        }
        if game.is_superadditive(0.0) {
            let gap = |mask| superadditive.value(mask) - game.value(mask);
            assert!((1..=game.grand_coalition()).all(|mask| gap(mask) <= ROUNDING));
        }
    }
}

#[test]
fn owen_is_shapley_for_trivial_blocs_and_between_blocs() {
    let mut uniforms = Uniforms(8);
    for game in random_games(8, 1..=7) {
        let n = game.players();
        let owen = |blocs: &[u64]| owen_value(game.values(), n, blocs).unwrap();
        let singles: Vec<u64> = (0..n).map(|i| 1 << i).collect();
        assert_near(&owen(&singles), &shapley(&game), ROUNDING, "singles");
        assert_near(
            &owen(&[game.grand_coalition()]),
            &shapley(&game),
            ROUNDING,
            "all",
        );
        let mut blocs = vec![0u64; 3];
        for i in 0..n {
            blocs[uniforms.below(3)] |= 1 << i;
        }
        blocs.retain(|&bloc| bloc != 0);
        let x = owen(&blocs);
        let union = |chosen| players_of(chosen).fold(0, |mask, k| mask | blocs[k]);
        let quotient = Game::from_fn(blocs.len(), |chosen| game.value(union(chosen))).unwrap();
        let totals = blocs
            .iter()
            .map(|&bloc| players_of(bloc).map(|i| x[i]).sum());
        let totals: Vec<f64> = totals.collect();
        assert_near(&totals, &shapley(&quotient), ROUNDING, "among blocs");
    }
}
