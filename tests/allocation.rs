//! Playing a trial takes no memory once a player exists. In a binary of its own, since the counting allocator sees every thread.
#![allow(missing_docs, reason = "tests")]

use mufakat::engine::simulate::Watch;
use mufakat::engine::trial::Player;
use mufakat::scenario::{Request, load};
use mufakat::study::readings::{Keeper, Output, WorldSelection, read_with_draws};
use mufakat::study::results::path::ResultPath;
use mufakat::theory::draws::design::Sampler;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

#[test]
fn trials_allocate_nothing() {
    let tied = "
[[correlation]]
between = ['market.region_efficiency', 'market.diversion']
rho = -0.4
";
    let text = include_str!("../scenarios/asean-2027.toml").to_owned() + tied;
    for sampler in Sampler::ALL {
        let mut request = Request::new("asean-2027.toml", &text);
        request.sets = vec![format!("simulation.sampler={}", sampler.name())];
        let loaded = load(&request, &mut |_| unreachable!("it extends nothing"));
        let model = loaded.expect("a valid scenario").model;
        assert!(!model.correlation.is_empty());
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
        assert_eq!(measured.count_total, 0, "{sampler:?}: {measured:?}");
    }
}

/// Takes the values of some worlds alone, as a shard does.
struct Part(Range<u64>);

impl Keeper for Part {
    fn known(&self) -> &[Vec<f64>] {
        &[]
    }

    fn keep(&self, _: &[f64]) -> bool {
        true
    }

    fn part(&self) -> Option<Range<u64>> {
        Some(self.0.clone())
    }
}

/// Its values are kept by others, so that a larger part needs no more memory; it is stopped before its first world.
#[test]
fn a_part_of_a_study_holds_no_columns() {
    let text = include_str!("../scenarios/asean-2027.toml");
    let request = Request::new("asean-2027.toml", text);
    let loaded = load(&request, &mut |_| unreachable!("it extends nothing"));
    let model = loaded.expect("a valid scenario").model;
    let name = "bloc.total.payoff".to_owned();
    let path = ResultPath::parse(&name, &model).expect("there is one");
    let reading = path.reading(&model, 0);
    let outputs = [Output { name, reading }];
    let most = |count: u64| {
        let worlds = WorldSelection {
            count,
            points: None,
            keeper: Some(&Part(0..count)),
            draws: &[0, 1, 2],
        };
        let watch = Watch {
            stop: &AtomicBool::new(true),
            on_trial: &|| {},
        };
        let measured = allocation_counter::measure(|| {
            let played = read_with_draws(&model, &outputs, worlds, watch);
            assert_eq!(played.expect("nothing fails"), None);
        });
        measured.bytes_max
    };
    let (small, large) = (most(1 << 20), most(1 << 22));
    // Columns of one result and three draws would take 96 MiB more.
    assert!(large < small + (8 << 20), "{small} {large}");
}
