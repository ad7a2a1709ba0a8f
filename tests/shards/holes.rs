//! What no file holds: exactly that is played, and no shard is empty.

use super::{Place, SCENARIO, files, play};
use crate::support::program::check;
use mufakat::cli::args::shard::Shard;
use mufakat::cli::cluster::plan::Plan;
use mufakat::cli::store::found::{Found, Look, Seen};
use std::fs;
use std::path::Path;

/// Shards 0, 1, 2 and 4 of 5 are there: resuming plays the worlds of shard 3, and no other.
#[test]
fn only_what_is_missing_is_played() {
    let study = ["run", SCENARIO, "-n", "1920"];
    let place = Place::new();
    let plan = place.planned(&study);
    for shard in ["0/5", "1/5", "2/5", "4/5"] {
        play(&plan, shard);
    }
    let said = check(&["resume", &plan], 0).1;
    assert_eq!(said.matches(" are in ").count(), 1, "{said}");
    assert!(said.contains("worlds 1152 to 1535 are in"), "{said}");
    check(&["status", &plan], 0);
}

/// Holes of cuts that do not fit together: what is played fills them without a world twice.
#[test]
fn holes_of_any_shape_are_filled_exactly() {
    let place = Place::new();
    let path = place.planned(&["run", "two-states", "-n", "6400"]);
    let plan = Plan::load(Path::new(&path)).expect("a plan");
    let blocks = plan.store.pieces.blocks();
    assert_eq!(blocks, 100);
    for (start, end) in [(0, 100), (1, 2), (17, 92), (99, 100), (3, 50), (33, 34)] {
        for least in [1, 4, 100] {
            let hole = plan.store.pieces.of_blocks(start..end);
            let shards = plan.shards_in(std::slice::from_ref(&hole), least);
            let mut next = hole.start;
            for shard in &shards {
                let range = plan.store.range(*shard);
                assert_eq!(range.start, next, "{shard}");
                assert!(range.start < range.end && shard.of >= least, "{shard}");
                next = range.end;
            }
            assert_eq!(next, hole.end);
        }
    }
    let third = plan.store.range(Shard { index: 1, of: 3 });
    assert_eq!(plan.shards_in(&[third], 1), [Shard { index: 1, of: 3 }]);
}

#[test]
fn a_cut_finer_than_the_blocks() {
    let study = ["run", SCENARIO, "-n", "400"];
    let place = Place::new();
    let (plan, whole) = (place.planned(&study), place.at("whole"));
    check(&[&study[..], &["-q", "-o", &whole]].concat(), 0);
    // 400 worlds are seven blocks.
    let (out, _) = check(&["status", &plan, "--missing", "--shards", "40"], 1);
    assert_eq!(out, "0/7\n1/7\n2/7\n3/7\n4/7\n5/7\n6/7\n");
    for shard in out.lines() {
        play(&plan, shard);
    }
    let (out, _) = check(&["status", &plan, "--missing", "--shards", "40"], 0);
    assert_eq!(out, "");
    // A task of a fixed number of shards may have none, and ends well.
    let said = play(&plan, "0/40");
    assert!(said.contains("it has none: nothing to play"), "{said}");
    let merged = place.at("merged");
    check(&["merge", &plan, "-q", "-o", &merged], 0);
    assert_eq!(files(Path::new(&merged)), files(Path::new(&whole)));
}

/// A shard that was seen is not opened again while it has its length; one that was damaged is read whole.
#[test]
fn looks_that_follow_open_only_what_is_new() {
    let place = Place::new();
    let plan = place.played("300", "0/1");
    let file = plan
        .store
        .file(&plan.store.shard(Shard { index: 0, of: 1 }));
    let whole = fs::read(&file).expect("readable");
    let mut seen = Seen::default();
    let mut look = |look| {
        let found = Found::again(&plan.store, look, &mut seen).expect("readable");
        found.shards.len()
    };
    assert_eq!(look(Look::Brief), 1);
    // Only who opens the file sees that its start is gone.
    let altered = [&[0; 100], &whole[100..]].concat();
    fs::write(&file, &altered).expect("writable");
    assert_eq!(look(Look::Brief), 1, "it is not opened");
    assert_eq!(look(Look::Whole), 0, "every byte is read");
    let mut flipped = whole.clone();
    flipped[5000] ^= 1;
    fs::write(&file, &flipped).expect("writable");
    assert_eq!(look(Look::Brief), 0, "what takes its place is read whole");
    fs::write(&file, &whole).expect("writable");
    assert_eq!(look(Look::Brief), 1);
    fs::write(&file, &whole[..400]).expect("writable");
    assert_eq!(look(Look::Brief), 0, "its length is another");
}
