//! Published results in the model's terms: a scenario for each says where it was published, its closed form and its numbers.
//!
//! What the model does not say the way a publication does is said in the scenario: see `raskovich.toml`.

use crate::support::{Outcome, play_trial};
use mufakat::scenario::{Request, Source, load};
use std::path::Path;

const EXACT: f64 = 1e-12;
/// Half a unit of the sixth decimal.
const SIX_DECIMALS: f64 = 5.1e-7;
/// By bisection to the last bit of a share of sums of order 1.
const ROOT: f64 = 1e-10;
const FOUR_DECIMALS: f64 = 5.1e-5;

#[track_caller]
fn close(actual: f64, expected: f64, tolerance: f64) {
    assert!(
        (actual - expected).abs() <= tolerance,
        "{actual} instead of {expected}"
    );
}

/// Plays every arm of a scenario of this folder, changed by an overlay and by assignments.
fn published_with(file: &str, sets: &[String], overlay: &str) -> Vec<Outcome> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/published");
    let mut read =
        |name: &str| std::fs::read_to_string(folder.join(name)).map_err(|error| error.to_string());
    let text = read(file).expect("part of the project");
    let mut request = Request::new(file, text);
    request.overlays = vec![Source {
        name: "overlay.toml".to_owned(),
        text: overlay.to_owned(),
    }];
    request.sets = sets.to_vec();
    let loaded = load(&request, &mut read).expect("a valid scenario");
    play_trial(&loaded.model, 0)
}

fn published(file: &str) -> Vec<Outcome> {
    published_with(file, &[], "")
}

/// What the states from `from` up to `to` get.
fn states(outcome: &Outcome, from: usize, to: usize) -> f64 {
    (from..to).map(|i| outcome.payoff(i)).sum()
}

#[test]
fn horn_and_wolinsky_substitutes_gain_and_complements_lose() {
    let [separate, bloc] = &published("horn-wolinsky-substitutes.toml")[..] else {
        panic!("two arms")
    };
    close(separate.total(), 0.15, EXACT);
    close(bloc.total(), 0.95, EXACT);
    let [framework, bloc] = &published("horn-wolinsky-complements.toml")[..] else {
        panic!("two arms")
    };
    close(framework.total(), 0.95, EXACT);
    close(bloc.total(), 0.7, EXACT);
}

#[test]
fn chipty_and_snyder_curvature_counts_and_not_size() {
    let gain = |sets: &[String]| {
        let outcomes = published_with("chipty-snyder.toml", sets, "");
        states(&outcomes[1], 0, 2) - states(&outcomes[0], 0, 2)
    };
    close(gain(&[]), 0.0, EXACT);
    let little_room = ["state.B.hub=0.3".to_owned(), "state.C.hub=0.3".to_owned()];
    close(gain(&little_room), 0.405, EXACT);
}

#[test]
fn collard_wexler_gowrisankaran_and_lee_two_by_two() {
    let outcome = &published("collard-wexler.toml")[0];
    let power = 0.4;
    for (i, (demand, value, printed)) in [(2.0, 4.0, 2.259920), (1.0, 2.0, 1.099960)]
        .into_iter()
        .enumerate()
    {
        let suppliers: [(f64, f64); 2] = [(1.0, 0.05), (0.5, 0.1)];
        let open = suppliers.map(|(share, _)| (-share).exp());
        let mut payoff = value * (1.0 - open[0] * open[1]);
        for (h, (share, entry)) in suppliers.into_iter().enumerate() {
            let adds = value * (1.0 - open[h]) * open[1 - h];
            payoff += power * (adds + demand * share * 0.4 - entry) - adds;
        }
        close(outcome.payoff(i), payoff, EXACT);
        close(outcome.payoff(i), printed, SIX_DECIMALS);
    }
}

#[test]
fn king_mcafee_and_welling_second_price() {
    let outcome = &published("king-mcafee-welling.toml")[0];
    close(outcome.payoff(0), 0.04, EXACT);
    close(states(outcome, 1, 3), 0.0, EXACT);
    close(outcome.profit(0), 1.35, EXACT);
}

#[test]
fn ho_and_lee_threat_of_replacement() {
    let together = |share: f64| 2.0 * (1.0 - (-share).exp() + 0.01 * share - 0.01);
    for (share, one, both) in [
        (0.3, 0.504364, 0.6616),
        (0.8, 1.097342, 0.9869),
        (1.0, 1.264241, 1.0782),
    ] {
        let sets = [format!("hyperscaler.SMALL.market_share={share}")];
        let outcomes = published_with("ho-lee.toml", &sets, "");
        let closed = (0.3 * together(1.0)).max(together(share).min(together(1.0)));
        close(outcomes[1].total(), closed, EXACT);
        close(outcomes[1].total(), one, SIX_DECIMALS);
        close(outcomes[0].total(), both, FOUR_DECIMALS);
    }
}

#[test]
fn raskovich_mergers_make_pivotal() {
    for (power, cost, merged) in [
        (0.5f64, 0.6, 1.6),
        (0.5, 1.5, 1.15),
        (0.5, 3.0, 0.4),
        (0.9, 0.6, 2.88),
        (0.9, 1.5, 2.07),
        (0.9, 3.0, 0.72),
    ] {
        let sets = [
            format!("hyperscaler.H.compliance_cost={cost}"),
            format!("state.*.bargaining_power={power}"),
        ];
        let [framework, bloc] = &published_with("raskovich.toml", &sets, "")[..] else {
            panic!("two arms")
        };
        close(bloc.total(), merged, 1e-11);
        // Nobody is pivotal until the supplier would lose; then all concede until it is at zero.
        let separate = (power * 3.8).min(3.8 - cost);
        close(framework.total(), separate, ROOT);
        close(framework.profit(0), 3.8 - cost - separate, ROOT);
        assert!(framework.profit(0) > -ROOT);
    }
}

/// f(k) of n states in the setting of Stole and Zwiebel: k hosts serve the others at 0.8, each costs 0.05.
fn surplus(n: usize, hosts: usize) -> f64 {
    match hosts {
        0 => 0.0,
        k => k as f64 + 0.8 * (n - k) as f64 - 0.05 * k as f64,
    }
}

#[test]
fn stole_and_zwiebel_random_order() {
    for (n, printed) in [(2, 0.683333), (3, 0.825), (5, 1.041667), (8, 1.311111)] {
        let removed = (n + 1..=8).map(|i| format!("[[state]]\nid = \"S{i}\"\nremove = true\n"));
        let outcomes = published_with("stole-zwiebel.toml", &[], &removed.collect::<String>());
        let mean = (0..=n).map(|k| surplus(n, k)).sum::<f64>() / (n + 1) as f64;
        close(outcomes[0].total(), surplus(n, n) - mean, EXACT);
        close(outcomes[0].total(), printed, SIX_DECIMALS);
    }
}

#[test]
fn inderst_and_wey_retailers_merge() {
    let [separate, merged] = &published("inderst-wey.toml")[..] else {
        panic!("two arms")
    };
    let (one, two) = (surplus(2, 1), surplus(2, 2));
    close(separate.total(), 2.0 * (two - (one + two) / 3.0), EXACT);
    close(separate.total(), 1.366667, SIX_DECIMALS);
    close(merged.total(), 1.9, EXACT);
}

#[test]
fn owen_five_of_ten() {
    let [alone, bloc] = &published("owen.toml")[..] else {
        panic!("two arms")
    };
    for (outcome, inside, outside, supplier) in [
        (alone, 0.738636, 0.738636, 8.022727),
        (bloc, 0.565476, 1.327381, 7.607143),
    ] {
        close(states(outcome, 0, 5), inside, SIX_DECIMALS);
        close(states(outcome, 5, 10), outside, SIX_DECIMALS);
        close(outcome.profit(0), supplier, SIX_DECIMALS);
    }
}
