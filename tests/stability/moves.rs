//! Single moves and foresight on hand-made games, and against brute force on random ones.

use mufakat::study::accord_game::AccordGame;
use mufakat::study::farsighted::{Paths, StableSet};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A game of three from payoffs of alone, the pairs 01, 02, 12, and all.
fn of_three(alone: [f64; 3], pairs: [[f64; 3]; 3], all: [f64; 3]) -> AccordGame {
    let by_mask = [
        alone, alone, alone, pairs[0], alone, pairs[1], pairs[2], all,
    ];
    AccordGame::new(3, by_mask.concat(), vec![0.0; 3])
}

fn followed(game: &AccordGame) -> Paths {
    let mut paths = Paths::default();
    paths.follow(game);
    paths
}

fn masks(flags: &[bool]) -> Vec<usize> {
    (0..flags.len()).filter(|&mask| flags[mask]).collect()
}

#[test]
fn a_good_in_common_ends_with_all() {
    let pair = |i: usize, j: usize| {
        let mut payoffs = [0.0; 3];
        (payoffs[i], payoffs[j]) = (1.0, 1.0);
        payoffs
    };
    let game = of_three([0.0; 3], [pair(0, 1), pair(0, 2), pair(1, 2)], [2.0; 3]);
    let paths = followed(&game);
    assert_eq!(masks(&paths.absorbing), [0b111]);
    assert_eq!(masks(&paths.from_alone), [0b111]);
    assert_eq!((paths.sets, paths.largest), (1, 1));
    assert_eq!(paths.stable_set, StableSet::Unique);
    assert_eq!(masks(&paths.in_stable_set), [0b111]);
    assert_eq!(masks(&paths.is_stable_alone), [0b111]);
}

#[test]
fn those_who_run_in_a_circle_are_found() {
    // Alone -> 01 found a pair -> 2 joins -> 0 leaves -> 1 leaves and all are alone again.
    let game = of_three(
        [0.0, 0.0, 0.0],
        [[2.0, 2.0, -1.0], [-1.0, 2.0, -1.0], [3.0, -1.0, 0.0]],
        [1.0, 2.5, 1.0],
    );
    let paths = followed(&game);
    assert_eq!(masks(&paths.absorbing), [0b000, 0b011, 0b110, 0b111]);
    assert_eq!((paths.sets, paths.largest), (1, 4));
    assert_eq!(masks(&paths.from_grand), masks(&paths.absorbing));
}

#[test]
fn a_penalty_stops_the_circle() {
    let payoffs = [
        [0.0; 3],
        [0.0; 3],
        [0.0; 3],
        [2.0, 2.0, -1.0],
        [0.0; 3],
        [-1.0, 2.0, -1.0],
        [3.0, -1.0, 0.0],
        [1.0, 2.5, 1.0],
    ];
    let game = AccordGame::new(3, payoffs.concat(), vec![2.5; 3]);
    let paths = followed(&game);
    assert_eq!(masks(&paths.from_alone), [0b111]);
    assert!(
        masks(&paths.absorbing).contains(&0b110),
        "1 no longer leaves"
    );
}

/// Whether `movers` all get more in `end` than in `from`, and the moves of the definition.
fn steps(game: &AccordGame, from: usize) -> Vec<(usize, Vec<usize>, bool)> {
    let n = game.players();
    let mut found = Vec::new();
    for to in (0..1usize << n).filter(|to| to.count_ones() != 1) {
        let changed = from ^ to;
        let players = |mask: usize| (0..n).filter(|p| mask >> p & 1 == 1).collect::<Vec<_>>();
        if from == 0 && to.count_ones() == 2 {
            found.push((to, players(to), false));
        } else if from.count_ones() == 2 && to == 0 {
            players(from)
                .into_iter()
                .for_each(|p| found.push((to, vec![p], true)));
        } else if from != 0 && to != 0 && changed.count_ones() == 1 {
            found.push((to, players(changed), to < from));
        }
    }
    found
}

fn gains(game: &AccordGame, from: usize, end: usize, movers: &[usize], exit: bool) -> bool {
    let penalty = |p: usize| if exit { game.penalty(p) } else { 0.0 };
    movers
        .iter()
        .all(|&p| game.payoff(end, p) - penalty(p) - game.payoff(from, p) > game.slack(p))
}

/// Whether `end` farsightedly dominates `from`, by a search forward.
fn dominated(game: &AccordGame, from: usize, end: usize, visited: &mut Vec<usize>) -> bool {
    steps(game, from).into_iter().any(|(to, movers, exit)| {
        if !gains(game, from, end, &movers, exit) {
            return false;
        }
        if to == end {
            return true;
        }
        if visited.contains(&to) {
            return false;
        }
        visited.push(to);
        dominated(game, to, end, visited)
    })
}

#[test]
fn random_games_agree_with_brute_force() {
    let mut generator = ChaCha8Rng::seed_from_u64(8);
    let mut several = 0;
    for round in 0..400 {
        let n = if round % 8 == 0 { 4 } else { 3 };
        let alone: Vec<f64> = vec![0.0; n];
        let mut payoffs = Vec::new();
        for mask in 0..1usize << n {
            let row: Vec<f64> = match mask.count_ones() {
                0 | 1 => alone.clone(),
                // Few levels, so that ties and circles are common.
                _ => (0..n)
                    .map(|_| (generator.random::<f64>() * 7.0).floor() - 2.0)
                    .collect(),
            };
            payoffs.extend(row);
        }
        let game = AccordGame::new(n, payoffs, vec![0.5; n]);
        let paths = followed(&game);
        let nodes: Vec<usize> = (0..1usize << n)
            .filter(|mask| mask.count_ones() != 1)
            .collect();
        check_absorbing(&game, &nodes, &paths);
        let dominates: Vec<Vec<bool>> = nodes
            .iter()
            .map(|&end| {
                let from = nodes.iter();
                from.map(|&from| from != end && dominated(&game, from, end, &mut vec![from]))
                    .collect()
            })
            .collect();
        let is_stable = |set: usize| {
            (0..nodes.len()).all(|c| {
                let by = (0..nodes.len()).any(|t| set >> t & 1 == 1 && dominates[t][c]);
                by != (set >> c & 1 == 1)
            })
        };
        let stable: Vec<usize> = (1..1 << nodes.len())
            .filter(|&set| is_stable(set))
            .collect();
        let found = (0..nodes.len()).filter(|&t| paths.in_stable_set[nodes[t]]);
        let found = found.fold(0, |set, t| set | 1 << t);
        match paths.stable_set {
            StableSet::None => assert!(stable.is_empty(), "{game:?}"),
            StableSet::Unique => assert_eq!(stable, [found], "{game:?}"),
            StableSet::Found => assert!(stable.contains(&found), "{game:?}"),
            StableSet::Undecided => panic!("twelve nodes are few"),
        }
        for (t, &node) in nodes.iter().enumerate() {
            assert_eq!(paths.is_stable_alone[node], is_stable(1 << t));
        }
        several += usize::from(stable.len() > 1);
    }
    assert!(several > 50, "{several} with several sets");
}

/// Absorbing sets from the transitive closure of better replies.
fn check_absorbing(game: &AccordGame, nodes: &[usize], paths: &Paths) {
    let count = nodes.len();
    let mut reach = vec![vec![false; count]; count];
    for (a, &from) in nodes.iter().enumerate() {
        reach[a][a] = true;
        for (to, movers, exit) in steps(game, from) {
            if gains(game, from, to, &movers, exit) {
                let b = nodes.iter().position(|&node| node == to).expect("a node");
                reach[a][b] = true;
            }
        }
    }
    for via in 0..count {
        for a in 0..count {
            for b in 0..count {
                reach[a][b] |= reach[a][via] && reach[via][b];
            }
        }
    }
    for a in 0..count {
        let closed = (0..count).all(|b| !reach[a][b] || reach[b][a]);
        assert_eq!(paths.absorbing[nodes[a]], closed);
        assert_eq!(paths.from_alone[nodes[a]], closed && reach[0][a]);
        assert_eq!(paths.from_grand[nodes[a]], closed && reach[count - 1][a]);
    }
}
