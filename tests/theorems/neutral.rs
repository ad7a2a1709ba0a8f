//! T6, T7 and T10: what changes nothing.

use super::{BILATERAL, BLOC, FRAMEWORK, ROUNDING, close, roomy, with_value, with_values};
use crate::support::{
    Outcome, Reference, Scenarios, Shape, Symmetric, follow, model, play, with_hosts,
};
use mufakat::engine::model::arm::members;
use mufakat::engine::outcome::StateMetric;

const SHAPE: Shape = Shape {
    transfers: true,
    budgets: false,
    windows: 1,
    order: "listed",
    foresight: Some(1.0),
    solution: None,
};

#[test]
fn t6_with_foresight_order_and_turn_change_nothing() {
    let arms = |turn: &str| {
        let rules = "binding = 1\nharmonisation = 0.6\nrecourse = 0.5\n";
        format!(
            "{BILATERAL}[[arm]]\nname = \"framework\"\nmode = \"framework\"\n{rules}[[arm]]\nname = \"bloc\"\nmode = \"bloc\"\n{rules}turn = \"{turn}\"\n\
             [[arm]]\nname = \"some\"\nmode = \"bloc\"\n{rules}turn = \"{turn}\"\nannexes = true\nshortlist = 1\ntable = [\"S0\", \"S1\"]\nrule = \"mandate\"\n"
        )
    };
    for seed in 0..25 {
        let text = |order, turn: &str| {
            let shape = Shape {
                transfers: seed % 2 == 0,
                windows: 2,
                order,
                ..SHAPE
            };
            Scenarios::wide(seed).text(shape, &arms(turn))
        };
        let listed = play(&text("listed", "middle"));
        for (order, turn) in [("random", "first"), ("size", "last"), ("random", "middle")] {
            for (a, b) in listed.iter().zip(&play(&text(order, turn))) {
                same(a, b);
            }
        }
    }
}

#[track_caller]
fn same(a: &Outcome, b: &Outcome) {
    for i in 0..a.layout.states {
        close(b.payoff(i), a.payoff(i), ROUNDING);
    }
    for h in 0..a.layout.hyperscalers {
        close(b.profit(h), a.profit(h), ROUNDING);
    }
}

#[test]
fn t6_signed_deals_are_nash_in_nash() {
    let mut checked = 0;
    for seed in 0..60 {
        let shape = Shape {
            solution: Some("nash"),
            ..SHAPE
        };
        let model = model(&Scenarios::wide(seed).text(shape, BILATERAL));
        let window = &follow(&model, 0)[0];
        let play = &window.play;
        let hosts = &play.signed.hosts;
        // A supplier at zero has conceded: its deals are no longer those of section 5.
        if *hosts != window.expected || window.profit.iter().any(|&profit| profit < 1e-6) {
            continue;
        }
        let reference = Reference::of(&model, window);
        let economy = reference.economy();
        for h in 0..economy.m {
            for i in members(hosts[h]) {
                let p = i * economy.m + h;
                let without = hosts[h] & !(1 << i);
                let rivals = economy.rivals(h, hosts);
                let hyperscaler = economy.profit(h, hosts[h], &rivals)
                    - economy.profit(h, without, &rivals)
                    + economy.stranded[i][h];
                let state = economy.access(i, hosts)
                    - economy.access(i, &with_hosts(hosts, h, without))
                    + economy.switching[i][h];
                let total = state + hyperscaler + play.value[p] - play.cost[p];
                assert!(total > -ROUNDING);
                // What is foreseen of the repricing is paid for at the table.
                let foreseen = economy.numbers.repricing_foresight * play.loss[p];
                let gain = state + play.value[p] + play.transfer[p] - foreseen;
                close(gain, economy.power[i] * total, ROUNDING);
                checked += 1;
            }
        }
    }
    assert!(checked > 50, "only {checked} pairs were comparable");
}

#[test]
fn t7_better_service_from_outside_raises_no_state() {
    let mut compared = 0;
    for seed in 0..80 {
        let mut previous: Option<(Vec<u64>, Vec<f64>)> = None;
        for outside in [0.05, 0.1, 0.15, 0.2] {
            let text = with_values(
                &Scenarios::wide(seed).text(SHAPE, BILATERAL),
                &[
                    ("outside_efficiency", outside),
                    ("remote_value", 0.0),
                    ("diversion", 0.0),
                    ("peers", 0.0),
                ],
            );
            let model = model(&text);
            let window = &follow(&model, 0)[0];
            let reference = Reference::of(&model, window);
            let economy = reference.economy();
            let everybody: Vec<u64> = (0..economy.m).map(|h| economy.feasible(h)).collect();
            if window.expected != everybody {
                previous = None;
                continue;
            }
            let payoffs: Vec<f64> = window.parts.iter().map(|parts| parts.gross()).collect();
            if let Some((expected, before)) = &previous
                && *expected == window.expected
            {
                for (now, before) in payoffs.iter().zip(before) {
                    assert!(*now <= before + ROUNDING, "{now} after {before}, {seed}");
                    compared += 1;
                }
            }
            previous = Some((window.expected.clone(), payoffs));
        }
    }
    assert!(compared > 100, "only {compared} payoffs were comparable");
}

#[test]
fn t7_two_equal_suppliers_for_one_place_leave_everything_to_the_states() {
    let mut scenarios = Scenarios::new(72);
    for round in 0..30 {
        // Alone with a list of its own, or all of several at one table.
        let n = if round % 3 == 0 {
            1
        } else {
            2 + scenarios.below(4)
        };
        let lone = format!("{BILATERAL}shortlist = 1\n");
        let setting = Symmetric {
            hyperscalers: 2,
            efficiency: scenarios.between(0.0, 0.9),
            outside: scenarios.between(0.0, 0.4),
            power: scenarios.between(0.1, 0.9),
            arms: if n == 1 {
                lone
            } else {
                format!("{BLOC}shortlist = 1\n")
            },
            ..roomy(n, (0..n).map(|_| scenarios.between(0.5, 2.0)).collect())
        };
        let value = scenarios.between(0.0, 2.0);
        let text = with_value(&setting.text(), value, 1.0);
        let window = &follow(&model(&text), 0)[0];
        let agreements = window
            .records
            .iter()
            .filter_map(|record| record.agreement());
        let agreements: Vec<_> = agreements.collect();
        assert_eq!(agreements.len(), 1, "one of the two is met");
        assert!(agreements[0].hyperscaler_gain.abs() < ROUNDING);
        assert!(agreements[0].state_gain > 0.1);
        let outcome = &play(&text)[0];
        for h in 0..2 {
            close(outcome.profit(h), 0.0, ROUNDING);
        }
    }
}

#[test]
fn t10_repricing_that_is_foreseen_changes_nothing_with_cash() {
    let arms = format!(
        "{BILATERAL}[[arm]]\nname = \"framework\"\nmode = \"framework\"\nharmonisation = 0.5\nbinding = 0.8\nrecourse = 0.5\nrule = \"minus-x\"\nopt_outs = 2\n\
         [[arm]]\nname = \"bloc\"\nmode = \"bloc\"\nrecourse = 0.5\nbinding = 1\nshortlist = 2\nannexes = true\nsharing = \"shapley\"\nside_payments = 0.5\n\
         [[arm]]\nname = \"contest\"\nmode = \"contest\"\n"
    );
    for seed in 0..40 {
        let shape = Shape {
            windows: 2,
            foresight: None,
            budgets: seed % 3 == 0,
            ..SHAPE
        };
        let text = Scenarios::wide(seed).text(shape, &arms);
        let with = |repricing: f64| {
            let keys = [("repricing", repricing), ("repricing_foresight", 1.0)];
            play(&with_values(&text, &keys))
        };
        for (a, b) in with(0.0).iter().zip(&with(0.8)) {
            same(a, b);
        }
    }
}

#[test]
fn t10_repricing_that_nobody_foresees_moves_what_is_lost_and_nothing_else() {
    let arms =
        format!("{BILATERAL}{FRAMEWORK}recourse = 0.5\nbinding = 1\n{BLOC}harmonisation = 0.5\n");
    let mut compared = 0;
    for seed in 0..40 {
        let shape = Shape {
            transfers: seed % 2 == 0,
            foresight: None,
            ..SHAPE
        };
        let text = Scenarios::wide(seed).text(shape, &arms);
        let with = |repricing: f64| {
            let keys = [("repricing", repricing), ("repricing_foresight", 0.0)];
            play(&with_values(&text, &keys))
        };
        for (a, b) in with(0.0).iter().zip(&with(0.8)) {
            if (0..a.layout.hyperscalers).any(|h| a.profit(h) < 1e-6) {
                continue;
            }
            let mut lost = 0.0;
            for i in 0..a.layout.states {
                let loss = -b.state(i, StateMetric::Repricing);
                close(b.payoff(i), a.payoff(i) - loss, ROUNDING);
                lost += loss;
            }
            let suppliers = |outcome: &Outcome| {
                let profits = (0..outcome.layout.hyperscalers).map(|h| outcome.profit(h));
                profits.sum::<f64>()
            };
            close(suppliers(b), suppliers(a) + lost, ROUNDING);
            compared += 1;
        }
    }
    assert!(compared > 50, "only {compared} plays were comparable");
}
