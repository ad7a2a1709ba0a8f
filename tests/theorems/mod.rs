//! Theorems T1-T8 of the model document.

use crate::support::{Reference, Scenarios, Shape, Symmetric, follow, model, play, with_hosts};
use mufakat::engine::model::arm::{full_set, members};
use mufakat::theory::bargaining::{Agreement, Frontier, Gains, Protocol, impatience, solve};

/// Sums of a few dozen terms of order 1.
const ROUNDING: f64 = 1e-9;

#[track_caller]
fn close(actual: f64, expected: f64, tolerance: f64) {
    assert!(
        (actual - expected).abs() <= tolerance * (1.0 + expected.abs()),
        "{actual} instead of {expected}"
    );
}

const ARMS: &str = "[[arm]]\nname = \"bilateral\"\nmode = \"bilateral\"\n[[arm]]\nname = \"bloc\"\nmode = \"bloc\"\nrule = \"qualified-majority\"\nquota = 0.001\ndefection = false\n";

/// β·ρ·Σ_h {[Π(P) − Π(P∖B)] − Σ_{i∈B} [Π(P) − Π(P∖i)]} from the definitions.
fn premium(setting: &Symmetric, bloc: u64) -> f64 {
    let window = &follow(&model(&setting.text()), 0)[0];
    let reference = Reference {
        economy: &window.economy,
        arm_economy: &window.arm_economy,
        standing: &window.standing,
        accord: 0,
    };
    let all = &window.expected;
    let mut sum = 0.0;
    for h in 0..setting.hyperscalers {
        let profit = |hosts: u64| reference.profit(h, hosts, all);
        let whole = all[h];
        sum += profit(whole) - profit(whole & !bloc);
        sum -= members(bloc)
            .map(|i| profit(whole) - profit(whole & !(1 << i)))
            .sum::<f64>();
    }
    setting.power * setting.foresight * sum
}

#[test]
fn t1_the_premium_is_the_overlap_of_coverage() {
    let mut scenarios = Scenarios::new(11);
    for _ in 0..40 {
        let n = 2 + scenarios.below(5);
        let demands = (0..n).map(|_| scenarios.between(0.5, 2.0)).collect();
        let setting = Symmetric {
            hyperscalers: 1 + scenarios.below(3),
            efficiency: scenarios.between(0.0, 0.95),
            outside: scenarios.between(0.0, 0.5),
            entry_cost: 0.001,
            foresight: scenarios.between(0.0, 1.0),
            power: scenarios.between(0.1, 0.9),
            demands,
            arms: ARMS.to_owned(),
            ..Symmetric::new(n)
        };
        let outcomes = play(&setting.text());
        close(
            outcomes[1].total() - outcomes[0].total(),
            premium(&setting, full_set(n)),
            ROUNDING,
        );
        let blind = play(
            &Symmetric {
                foresight: 0.0,
                ..setting.clone()
            }
            .text(),
        );
        close(blind[1].total(), blind[0].total(), ROUNDING);
        let isolated = play(
            &Symmetric {
                efficiency: 0.0,
                outside: 0.0,
                ..setting
            }
            .text(),
        );
        close(isolated[1].total(), isolated[0].total(), ROUNDING);
    }
}

#[test]
fn t1_a_partial_bloc_gains_only_if_the_pivotal_hubs_are_inside() {
    let partial = |extra: &str| Symmetric {
        arms: format!("{ARMS}members = [\"S0\", \"S1\"]\n{extra}"),
        ..Symmetric::new(4)
    };
    let outcomes = play(&partial("").text());
    for i in 0..2 {
        close(outcomes[1].payoff(i), outcomes[0].payoff(i), ROUNDING);
    }
    let pivotal = partial("")
        .text()
        .replace("id = \"S2\"", "id = \"S2\"\nhub = 0.5")
        .replace("id = \"S3\"", "id = \"S3\"\nhub = 0.5");
    let outcomes = play(&pivotal);
    let members_gain: f64 = (0..2)
        .map(|i| outcomes[1].payoff(i) - outcomes[0].payoff(i))
        .sum();
    assert!(
        members_gain > 0.1,
        "members hold the pivotal hubs and gain {members_gain}"
    );
    // From outside, members are served at 0.4; without the other member, 0.8; without both, 0.4: Π(P) − Π(P∖B) − Σ = ½·2·0.4.
    let all: f64 = outcomes[1].total() - outcomes[0].total();
    close(all, members_gain, ROUNDING);
}

#[test]
fn t2_a_shared_standard_flips_the_sign() {
    let rules = "harmonisation = 1\nbinding = 1\ndefection = false\n";
    let arms = format!(
        "[[arm]]\nname = \"framework\"\nmode = \"framework\"\n{rules}[[arm]]\nname = \"bloc\"\nmode = \"bloc\"\n{rules}"
    );
    for (hyperscalers, foresight, power) in [(1, 1.0, 0.5), (2, 1.0, 0.3), (3, 0.4, 0.7)] {
        let setting = Symmetric {
            hyperscalers,
            foresight,
            power,
            efficiency: 0.0,
            outside: 0.0,
            entry_cost: 0.001,
            compliance_cost: 0.05,
            arms: arms.clone(),
            ..Symmetric::new(5)
        };
        let outcomes = play(&setting.text());
        close(
            outcomes[1].total() - outcomes[0].total(),
            -foresight * power * 0.05 * hyperscalers as f64,
            ROUNDING,
        );
        let everything = |k: usize| {
            outcomes[k].total()
                + (0..hyperscalers)
                    .map(|h| outcomes[k].profit(h))
                    .sum::<f64>()
        };
        close(everything(0), everything(1), ROUNDING);
    }
}

const A: [f64; 2] = [0.6, 0.4];
const B: [f64; 2] = [0.5, 0.2];
const C: [f64; 2] = [0.2, 0.3];
const D: [f64; 2] = [0.3, 0.4];
const MIN: [f64; 2] = [0.0, 0.0];
const MAX: [f64; 2] = [1.0, 0.9];
const FRONTIER: Frontier = Frontier {
    a: &A,
    b: &B,
    c: &C,
    d: &D,
    min: &MIN,
    max: &MAX,
    scale: 1.0,
    foreseen: None,
};
const GAINS: Gains = Gains {
    state: -0.05,
    hyperscaler: 0.5,
};

fn agree(frontier: &Frontier, gains: Gains, protocol: Protocol) -> Agreement {
    solve(frontier, gains, protocol).expect("a deal exists")
}

#[test]
fn t3_alternating_offers_tend_to_nash() {
    let (state_rate, hyperscaler_rate) = (0.08f64, 0.12f64);
    let limit =
        Protocol::alternating_offers(0.0, state_rate.ln_1p(), hyperscaler_rate.ln_1p(), 0.0);
    let offers = |years: f64| {
        let cost = impatience(state_rate.ln_1p(), years);
        Protocol::alternating_offers(years, state_rate.ln_1p(), hyperscaler_rate.ln_1p(), cost)
    };
    let nash = agree(&FRONTIER, GAINS, limit).state_gain;
    let mut previous = f64::INFINITY;
    for years in [1.0, 0.1, 0.01, 0.001] {
        let gap = (agree(&FRONTIER, GAINS, offers(years)).state_gain - nash).abs();
        assert!(
            gap < previous / 5.0,
            "the gap falls in step with the round: {gap} after {previous}"
        );
        previous = gap;
        assert!((offers(years).cash_share() - limit.cash_share()).abs() < 0.1 * years);
    }
    let even = Protocol::alternating_offers(0.5, 0.0, 0.0, 0.0);
    assert_eq!(
        even,
        Protocol::Nash {
            bargaining_power: 0.5
        }
    );
    // Rates whose factors round to 1: the shares are those of the rates, 1 to 3, not of what rounding leaves.
    for tiny in [1e-17, 1e-15, 1e-9] {
        let protocol = Protocol::alternating_offers(0.25, tiny, 3.0 * tiny, impatience(tiny, 0.25));
        close(protocol.cash_share(), 0.75, ROUNDING);
        close(
            agree(&FRONTIER, GAINS, protocol).state_gain,
            agree(
                &FRONTIER,
                GAINS,
                Protocol::Nash {
                    bargaining_power: 0.75,
                },
            )
            .state_gain,
            1e-7,
        );
    }
}

#[test]
fn t3_the_offers_make_both_sides_indifferent() {
    let (state_factor, hyperscaler_factor) = (0.9, 0.85);
    let x = agree(
        &FRONTIER,
        GAINS,
        Protocol::Rubinstein {
            state_impatience: 1.0 - state_factor,
            hyperscaler_impatience: 1.0 - hyperscaler_factor,
        },
    );
    let arc = FRONTIER.arc(GAINS).expect("a deal exists");
    let y =
        FRONTIER.smallest_with_state_gain(GAINS, state_factor * x.state_gain, arc.low, arc.high);
    let counter = GAINS.hyperscaler - FRONTIER.at(y).cost;
    close(x.hyperscaler_gain, hyperscaler_factor * counter, ROUNDING);
}

#[test]
fn t4_scale_covariance_of_nash_and_kalai_smorodinsky() {
    let factor = 3.7;
    let (a, b) = (A.map(|a| a * factor), B.map(|b| b * factor));
    let scaled = Frontier {
        a: &a,
        b: &b,
        ..FRONTIER
    };
    let gains = Gains {
        state: GAINS.state * factor,
        ..GAINS
    };
    for protocol in [
        Protocol::Nash {
            bargaining_power: 0.4,
        },
        Protocol::KalaiSmorodinsky,
    ] {
        let (before, after) = (
            agree(&FRONTIER, GAINS, protocol),
            agree(&scaled, gains, protocol),
        );
        for k in 0..2 {
            close(
                scaled.level(k, after.lambda),
                FRONTIER.level(k, before.lambda),
                ROUNDING,
            );
        }
    }
    let egalitarian = agree(&scaled, gains, Protocol::Egalitarian);
    let before = agree(&FRONTIER, GAINS, Protocol::Egalitarian);
    assert!((scaled.level(0, egalitarian.lambda) - FRONTIER.level(0, before.lambda)).abs() > 1e-3);
}

#[test]
fn t4_a_wider_frontier_lowers_nobody_under_the_egalitarian_solution_but_can_under_nash() {
    let mut lowered = 0;
    for step in 1..20 {
        let narrow = [0.05 * f64::from(step), 0.9];
        let small = Frontier {
            max: &narrow,
            ..FRONTIER
        };
        let (Some(_), Some(_)) = (small.arc(GAINS), FRONTIER.arc(GAINS)) else {
            continue;
        };
        let (before, after) = (
            agree(&small, GAINS, Protocol::Egalitarian),
            agree(&FRONTIER, GAINS, Protocol::Egalitarian),
        );
        let has_root = (before.state_gain - before.hyperscaler_gain).abs() < 1e-9;
        if has_root {
            assert!(after.state_gain >= before.state_gain - ROUNDING);
            assert!(after.hyperscaler_gain >= before.hyperscaler_gain - ROUNDING);
        }
        let nash = Protocol::Nash {
            bargaining_power: 0.5,
        };
        let (before, after) = (agree(&small, GAINS, nash), agree(&FRONTIER, GAINS, nash));
        if after.state_gain < before.state_gain - 1e-6
            || after.hyperscaler_gain < before.hyperscaler_gain - 1e-6
        {
            lowered += 1;
        }
    }
    assert!(lowered > 0, "under nash some widening lowers a side");
}

#[test]
fn t4_kalai_smorodinsky_with_the_same_ideal_points() {
    // A second term that is worthless at both ends of the arc (its free level is clamped to 0 at λ0 and bought out at λ1) would move s* and h*;
    // a bend in the middle does not: the frontier with curvature dominates its chord, which has the same ends.
    let gains = Gains {
        state: 0.0,
        hyperscaler: 1.0,
    };
    let bent = Frontier {
        a: &[1.0],
        b: &[1.0],
        c: &[0.0],
        d: &[0.4],
        min: &[0.0],
        max: &[1.0],
        scale: 1.0,
        foreseen: None,
    };
    let arc = bent.arc(gains).expect("a deal exists");
    let agreement = agree(&bent, gains, Protocol::KalaiSmorodinsky);
    let (low, high) = (bent.at(arc.low), bent.at(arc.high));
    // On the chord from (u_S(λ0), h*) to (s*, u_H(λ1)) the solution is the point with equal shares of the ideal.
    let (s0, s1) = (low.value / arc.state_best, high.value / arc.state_best);
    let (h0, h1) = (1.0, (1.0 - high.cost) / arc.hyperscaler_best);
    let t = (h0 - s0) / ((s1 - s0) - (h1 - h0));
    let share = s0 + t * (s1 - s0);
    assert!(agreement.state_gain >= share * arc.state_best - ROUNDING);
    assert!(agreement.hyperscaler_gain >= share * arc.hyperscaler_best - ROUNDING);
}

const ALL_MODES: &str = "[[arm]]\nname = \"bilateral\"\nmode = \"bilateral\"\n\
    [[arm]]\nname = \"framework\"\nmode = \"framework\"\nbinding = 0.7\nharmonisation = 0.5\ncross_border_data = 0.6\nrecourse = 0.4\nrule = \"qualified-majority\"\nround_years = 0.4\ninterim = 0.3\n\
    [[arm]]\nname = \"bloc\"\nmode = \"bloc\"\nbinding = 0.9\nharmonisation = 0.5\ncross_border_data = 0.6\nrecourse = 0.4\npooling = 0.5\nrule = \"minus-x\"\nopt_outs = 3\nround_years = 0.4\ninterim = 0.3\nsharing = \"equal\"\nside_payments = 0.6\n\
    [[arm]]\nname = \"tender\"\nmode = \"bloc\"\nbinding = 0.9\nharmonisation = 0.5\nshortlist = 1\nturn = \"first\"\npenalty = 0.2\n\
    [[arm]]\nname = \"contest\"\nmode = \"contest\"\n";

#[test]
fn t5_bookkeeping_on_random_scenarios() {
    let mut scenarios = Scenarios::new(5);
    for round in 0..60 {
        let shape = Shape {
            transfers: round % 2 == 0,
            budgets: round % 3 == 0,
            windows: 3,
            order: "random",
            foresight: None,
            solution: None,
        };
        let model = model(&scenarios.text(shape, ALL_MODES));
        for arm in 0..model.arms.len() {
            for window in follow(&model, arm) {
                let (economy, play, formed) = (&window.economy, &window.play, window.formed);
                let reference = Reference {
                    economy,
                    arm_economy: &window.arm_economy,
                    standing: &window.standing,
                    accord: formed.accord,
                };
                let hosts = &play.signed.hosts;
                let factor = |i: usize| {
                    if formed.talked >> i & 1 == 1 {
                        formed.delay
                    } else {
                        1.0
                    }
                };
                let nobody = vec![0; economy.m];
                let mut left = 0.0;
                let mut right = 0.0;
                for i in 0..economy.n {
                    let parts = window.parts[i];
                    left += factor(i) * parts.gross() + parts.rest() + window.side_payments[i];
                    right +=
                        factor(i) * (reference.access(i, hosts) - reference.access(i, &nobody));
                    right += parts.own + parts.switching;
                    for h in members(full_set(economy.m)).filter(|&h| hosts[h] >> i & 1 == 1) {
                        let p = i * economy.m + h;
                        right += factor(i) * (play.value[p] - play.cost[p]);
                    }
                }
                for h in 0..economy.m {
                    left += window.profit[h];
                    let prompt = hosts[h] & !formed.talked;
                    let at = |set| reference.profit(h, set, hosts);
                    right += formed.delay * (at(hosts[h]) - at(prompt)) + at(prompt) - at(0);
                }
                close(left, right, ROUNDING);
                let paid: f64 = window.side_payments.iter().sum();
                assert!(
                    paid.abs() < ROUNDING,
                    "side payments sum to zero, not {paid}"
                );
            }
        }
    }
}

#[test]
fn t6_with_foresight_order_and_turn_change_nothing() {
    let arms = |turn: &str| {
        format!(
            "[[arm]]\nname = \"bilateral\"\nmode = \"bilateral\"\n[[arm]]\nname = \"framework\"\nmode = \"framework\"\nbinding = 1\nharmonisation = 0.6\n\
             [[arm]]\nname = \"bloc\"\nmode = \"bloc\"\nbinding = 1\nharmonisation = 0.6\nturn = \"{turn}\"\n"
        )
    };
    for seed in 0..25 {
        let shape = |order| Shape {
            transfers: seed % 2 == 0,
            budgets: false,
            windows: 2,
            order,
            foresight: Some(1.0),
            solution: None,
        };
        let text = |order, turn: &str| Scenarios::new(seed).text(shape(order), &arms(turn));
        let listed = play(&text("listed", "middle"));
        for (order, turn) in [("random", "first"), ("size", "last"), ("random", "middle")] {
            let other = play(&text(order, turn));
            for (a, b) in listed.iter().zip(&other) {
                for i in 0..a.layout.states {
                    close(a.payoff(i), b.payoff(i), ROUNDING);
                }
                for h in 0..a.layout.hyperscalers {
                    close(a.profit(h), b.profit(h), ROUNDING);
                }
            }
        }
    }
}

#[test]
fn t6_signed_deals_are_nash_in_nash() {
    let mut checked = 0;
    for seed in 0..40 {
        let shape = Shape {
            transfers: true,
            budgets: false,
            windows: 1,
            order: "listed",
            foresight: Some(1.0),
            solution: Some("nash"),
        };
        let model = model(&Scenarios::new(seed).text(
            shape,
            "[[arm]]\nname = \"bilateral\"\nmode = \"bilateral\"\n",
        ));
        let window = &follow(&model, 0)[0];
        let (economy, play) = (&window.economy, &window.play);
        let hosts = &play.signed.hosts;
        if *hosts != window.expected {
            continue;
        }
        let reference = Reference {
            economy,
            arm_economy: &window.arm_economy,
            standing: &window.standing,
            accord: 0,
        };
        for h in 0..economy.m {
            for i in members(hosts[h]) {
                let p = i * economy.m + h;
                let without = hosts[h] & !(1 << i);
                let hyperscaler =
                    reference.profit(h, hosts[h], hosts) - reference.profit(h, without, hosts);
                let state = reference.access(i, hosts)
                    - reference.access(i, &with_hosts(hosts, h, without));
                let total = state + hyperscaler + play.value[p] - play.cost[p];
                assert!(total > -ROUNDING);
                let gain = state + play.value[p] + play.transfer[p];
                close(
                    gain,
                    window.arm_economy.bargaining_power[i] * total,
                    ROUNDING,
                );
                checked += 1;
            }
        }
    }
    assert!(checked > 50, "only {checked} pairs were comparable");
}

#[test]
fn t7_better_service_from_outside_raises_no_state() {
    let mut compared = 0;
    for seed in 0..60 {
        let shape = Shape {
            transfers: true,
            budgets: false,
            windows: 1,
            order: "listed",
            foresight: Some(1.0),
            solution: None,
        };
        let mut previous: Option<(Vec<u64>, Vec<f64>)> = None;
        for outside in [0.05, 0.1, 0.15, 0.2] {
            let text = Scenarios::new(seed).text(
                shape,
                "[[arm]]\nname = \"bilateral\"\nmode = \"bilateral\"\n",
            );
            let fixed = [
                ("outside_efficiency", outside),
                ("remote_value", 0.0),
                ("diversion", 0.0),
            ];
            let model = model(&replace_keys(&text, &fixed));
            let window = &follow(&model, 0)[0];
            let payoffs: Vec<f64> = window.parts.iter().map(|parts| parts.gross()).collect();
            if let Some((expected, before)) = &previous
                && *expected == window.expected
            {
                for (now, before) in payoffs.iter().zip(before) {
                    assert!(*now <= before + ROUNDING, "{now} after {before}");
                    compared += 1;
                }
            }
            previous = Some((window.expected.clone(), payoffs));
        }
    }
    assert!(compared > 100, "only {compared} payoffs were comparable");
}

fn replace_keys(text: &str, keys: &[(&str, f64)]) -> String {
    let line = |line: &str| {
        let key = keys
            .iter()
            .find(|(key, _)| line.starts_with(&format!("{key} =")));
        key.map_or_else(
            || line.to_owned(),
            |(key, value)| format!("{key} = {value}"),
        )
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn t7_two_equal_suppliers_for_one_place_leave_the_bloc_everything() {
    let arms = format!("{ARMS}shortlist = 1\n");
    let setting = Symmetric {
        hyperscalers: 2,
        arms,
        ..Symmetric::new(3)
    };
    let windows = follow(&model(&setting.text()), 1);
    let agreements: Vec<Agreement> = windows[0]
        .records
        .iter()
        .filter_map(|record| record.agreement())
        .collect();
    assert_eq!(agreements.len(), 1, "one of the two is met");
    let agreement = agreements[0];
    assert!(agreement.hyperscaler_gain.abs() < ROUNDING);
    assert!(agreement.state_gain > 0.1);
}

#[test]
fn t8_splitting_a_state_in_two_is_neutral() {
    let whole = Symmetric {
        entry_cost: 0.0,
        efficiency: 1.0,
        demands: vec![2.0, 0.7],
        arms: ARMS.to_owned() + "members = [\"S0\", \"S1\"]\n",
        ..Symmetric::new(2)
    };
    let halves = Symmetric {
        demands: vec![1.0, 1.0, 0.7],
        ..whole.clone()
    };
    // The third state serves worse, so that the halves are not replaceable from outside.
    let whole_text = whole
        .text()
        .replace("id = \"S1\"", "id = \"S1\"\nhub = 0.5")
        .replace("members = [\"S0\", \"S1\"]\n", "");
    let halves_text = halves
        .text()
        .replace("id = \"S2\"", "id = \"S2\"\nhub = 0.5");
    let (one, two) = (play(&whole_text), play(&halves_text));
    close(
        two[1].payoff(0) + two[1].payoff(1),
        one[0].payoff(0),
        ROUNDING,
    );
    close(two[1].payoff(2), one[0].payoff(1), ROUNDING);
    close(two[1].profit(0), one[0].profit(0), ROUNDING);
}
