//! Playing a trial takes no memory once a player exists. In a binary of its own, since the counting allocator sees every thread.
#![allow(missing_docs, reason = "tests")]

use mufakat::scenario::from_text;
use mufakat::trial::Player;

#[test]
fn trials_allocate_nothing() {
    let model = from_text(
        "asean-2027.toml",
        include_str!("../scenarios/asean-2027.toml"),
    )
    .expect("a valid scenario");
    let mut player = Player::new(&model);
    let mut rows = vec![0.0; model.outcome_layout().len() * model.arms.len()];
    let mut draws = vec![0.0; model.uncertain.len()];
    player
        .play(&model, 0, &mut rows, &mut draws)
        .expect("draws keep their ranges");
    let measured = allocation_counter::measure(|| {
        for trial in 1..20 {
            player
                .play(&model, trial, &mut rows, &mut draws)
                .expect("draws keep their ranges");
        }
    });
    assert_eq!(measured.count_total, 0, "{measured:?}");
}
