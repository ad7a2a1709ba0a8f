//! T11: deals struck in random order give each state its Shapley value.

use super::{BILATERAL, BLOC, ROUNDING, all_deal, close, first, sum_of, with_keys, with_values};
use crate::support::{Reference, Scenarios, Symmetric, follow, model, play};
use mufakat::engine::model::arm::full_set;
use mufakat::engine::trial::Player;

/// The Shapley value of player k of a game by weights of coalitions without it; a coalition is a set of players.
fn shapley(players: usize, worth: &dyn Fn(u64) -> f64, k: usize) -> f64 {
    let factorial = |n: u32| (1..=n).map(f64::from).product::<f64>();
    let n = players as u32;
    (0..1u64 << players)
        .filter(|set| set >> k & 1 == 0)
        .map(|set| {
            let before = set.count_ones();
            let weight = factorial(before) * factorial(n - 1 - before) / factorial(n);
            weight * (worth(set | 1 << k) - worth(set))
        })
        .sum()
}

#[test]
fn t11_states_get_their_shapley_value_alone_and_merged() {
    let mut scenarios = Scenarios::new(111);
    let mut compared = 0;
    for _ in 0..60 {
        let n = 2 + scenarios.below(4);
        let merged = 2.max(n - scenarios.below(2));
        let setting = Symmetric {
            efficiency: scenarios.between(0.0, 0.9),
            outside: 0.0,
            entry_cost: 0.02,
            demands: (0..n).map(|_| scenarios.between(0.5, 2.0)).collect(),
            arms: format!("{BILATERAL}{BLOC}{}", first(merged)),
            ..Symmetric::new(n)
        };
        let mut text = with_keys(
            &setting.text(),
            &[("[bargaining]", "others = \"random-order\"")],
        );
        text = with_values(&text, &[("capex_intensity", 0.2), ("capital_charge", 0.1)]);
        for i in 0..n {
            let keys = format!("hub = {}", scenarios.between(0.1, 1.0));
            text = with_keys(&text, &[(&format!("id = \"S{i}\""), &keys)]);
        }
        let model = model(&text);
        let windows = [follow(&model, 0).remove(0), follow(&model, 1).remove(0)];
        if !all_deal(&windows, &[full_set(n)]) {
            continue;
        }
        compared += 1;
        let reference = Reference::of(&model, &windows[0]);
        let economy = reference.economy();
        let profit = |hosts: u64| economy.profit(0, hosts, &vec![0.0; n]);
        let outcomes = play(&text);
        // Player n is the supplier: without it nobody has anything.
        let separate = |set: u64| {
            if set >> n & 1 == 1 {
                profit(set & full_set(n))
            } else {
                0.0
            }
        };
        for i in 0..n {
            close(
                outcomes[0].payoff(i),
                shapley(n + 1, &separate, i),
                ROUNDING,
            );
        }
        close(
            outcomes[0].profit(0),
            shapley(n + 1, &separate, n),
            ROUNDING,
        );
        // Player 0 is the merged states, 1.. the others, the last the supplier.
        let outsiders = n - merged;
        let supplier = outsiders + 1;
        let together = |set: u64| {
            if set >> supplier & 1 == 0 {
                return 0.0;
            }
            let inside = if set & 1 == 1 { full_set(merged) } else { 0 };
            profit(inside | (set >> 1 & full_set(outsiders)) << merged)
        };
        let sum = sum_of(&outcomes[1], merged);
        close(sum, shapley(supplier + 1, &together, 0), ROUNDING);
        for j in 0..outsiders {
            let value = shapley(supplier + 1, &together, 1 + j);
            close(outcomes[1].payoff(merged + j), value, ROUNDING);
        }
    }
    assert!(compared > 30, "only {compared} settings were comparable");
}

#[test]
fn more_than_twelve_other_parties_are_an_error_that_names_its_table() {
    let played = |states: usize, foresight: f64| {
        let setting = Symmetric {
            foresight,
            arms: BILATERAL.to_owned(),
            ..Symmetric::new(states)
        };
        let keys = [("[bargaining]", "others = \"random-order\"")];
        let model = model(&with_keys(&setting.text(), &keys));
        let mut row = vec![0.0; model.outcome_layout().len()];
        Player::new(&model).play(&model, 5, &mut row, &mut [])
    };
    assert_eq!(played(13, 1.0), Ok(()));
    assert_eq!(played(14, 0.0), Ok(()), "nothing is foreseen");
    let said = played(14, 1.0).expect_err("thirteen others").to_string();
    assert_eq!(
        said,
        "world 5 (--trial 5): arm.bilateral: S0 and H0 in window 0 count on the deals of 13 other parties in random order, at most 12 can be; \
         set bargaining.others = \"nash-in-nash\""
    );
}
