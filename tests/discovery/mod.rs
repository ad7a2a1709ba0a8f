//! What `discover` names as a cause: not what chance finds, but what is rare, discrete or has several values.

mod program;

use mufakat::study::search::{SearchResult, Wanted, search};
use mufakat::theory::discovery::Cases;
use mufakat::theory::draws::rng::Stream;
use std::sync::atomic::AtomicBool;

/// Columns of `worlds` worlds: six numbers, a switch, a choice of three, something rare.
fn worlds(seed: u64, worlds: u64) -> Vec<Vec<f64>> {
    let stream = Stream::new(seed, "worlds");
    let column = |factor: u64| {
        let uniforms = (0..worlds).map(|world| stream.uniform(world, factor));
        let of = |u: f64| match factor {
            6 => f64::from(u < 0.4),
            7 => (3.0 * u).floor(),
            8 => f64::from(u < 0.03),
            _ => u,
        };
        uniforms.map(of).collect()
    };
    (0..9).map(column).collect()
}

fn searched(columns: &[Vec<f64>], hits: &[bool], seed: u64) -> SearchResult {
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let cases = Cases::new(&columns, hits).expect("both kinds");
    let wanted = Wanted {
        restrictions: 4,
        density: None,
        seed,
    };
    search(&cases, wanted, &AtomicBool::new(false)).expect("valid options")
}

/// Chance alone: what is not a factor decides, in a share of worlds.
fn hits_of_chance(seed: u64, worlds: u64, share: f64) -> Vec<bool> {
    let stream = Stream::new(seed, "not a factor");
    (0..worlds)
        .map(|world| stream.uniform(world, 0) < share)
        .collect()
}

/// The factors that a search names, in its box or its tree.
fn named(found: &SearchResult) -> Vec<usize> {
    let boxes = found.boxes.iter().chain(&found.cover).chain(&found.tree);
    let rules = boxes.flat_map(|one| &one.candidate.rule.restrictions);
    let mut factors: Vec<usize> = rules.map(|one| one.factor).collect();
    factors.sort_unstable();
    factors.dedup();
    factors
}

/// 5% of 200 and three standard errors.
const MOST_FALSE: usize = 19;

#[test]
fn chance_names_a_cause_in_one_seed_of_twenty_at_most() {
    for (count, share) in [(200, 0.3), (500, 0.5), (1000, 0.1)] {
        let false_alarms = (0..200).filter(|&seed| {
            let found = searched(
                &worlds(seed, count),
                &hits_of_chance(seed, count, share),
                seed,
            );
            let is_named = !named(&found).is_empty();
            // What does not pass is not thrown away.
            assert!(is_named || !found.may_be_chance.is_empty(), "{seed}");
            is_named
        });
        let false_alarms = false_alarms.count();
        assert!(false_alarms <= MOST_FALSE, "{count}: {false_alarms} of 200");
    }
}

#[test]
fn what_decides_is_named_and_innocent_factors_beside_it_are_not() {
    let (mut found, mut innocent) = (0, 0);
    for seed in 0..24 {
        let columns = worlds(seed, 500);
        let chance = Stream::new(seed, "not a factor");
        let hits: Vec<bool> = (0..500)
            .map(|world| {
                let p = if columns[0][world] < 0.3 { 0.5 } else { 0.2 };
                chance.uniform(world as u64, 0) < p
            })
            .collect();
        let named = named(&searched(&columns, &hits, seed));
        found += usize::from(named.contains(&0));
        innocent += usize::from(named.iter().any(|&one| one != 0));
    }
    assert!(found >= 16 && innocent <= 4, "{found} {innocent}");
}

/// Asserts that a search names exactly the worlds of one value, or several, of one factor.
fn check_exact(columns: &[Vec<f64>], factor: usize, values: &[f64], seed: u64) {
    let hits: Vec<bool> = (columns[factor].iter())
        .map(|value| values.contains(value))
        .collect();
    let found = searched(columns, &hits, seed);
    let first = &found.boxes.first().expect("a cause").candidate;
    assert_eq!((first.coverage, first.density), (1.0, 1.0), "{first:?}");
    let [only] = &first.rule.restrictions[..] else {
        panic!("{first:?}");
    };
    assert_eq!((only.factor, &only.only[..]), (factor, values));
    let leaf = &found.tree.first().expect("a leaf").candidate;
    assert_eq!((leaf.coverage, leaf.density), (1.0, 1.0), "{leaf:?}");
    assert_eq!(named(&found), [factor]);
}

#[test]
fn what_is_rare_and_decides_exactly_is_found_exactly() {
    for (seed, count) in [(1, 300), (2, 1000), (3, 3000)] {
        check_exact(&worlds(seed, count), 8, &[1.0], seed);
    }
}

#[test]
fn a_switch_and_the_outer_values_of_three_are_found_exactly() {
    for seed in 0..3 {
        let columns = worlds(seed, 300);
        check_exact(&columns, 6, &[1.0], seed);
        check_exact(&columns, 6, &[0.0], seed);
        check_exact(&columns, 7, &[0.0, 2.0], seed);
        check_exact(&columns, 7, &[1.0], seed);
    }
}

#[test]
fn too_few_worlds_tell_nothing() {
    let columns = worlds(1, 40);
    let hits: Vec<bool> = (0..40).map(|world| world == 7).collect();
    let found = searched(&columns, &hits, 1);
    assert!(found.boxes.is_empty() && found.tree.is_empty());
    assert!(found.held_out.is_empty() && found.shuffled.is_none());
}
