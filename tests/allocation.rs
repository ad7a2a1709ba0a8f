//! Playing a trial takes no memory once a player exists. In a binary of its own, since the counting allocator sees every thread.
#![allow(missing_docs, reason = "tests")]

use mufakat::draws::design::Sampler;
use mufakat::scenario::{Request, load};
use mufakat::trial::Player;

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
