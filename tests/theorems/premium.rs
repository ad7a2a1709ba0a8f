//! T1 and T2: what one table brings is the curvature of what suppliers have from their hosts.

use super::{
    BILATERAL, BLOC, FRAMEWORK, ROUNDING, all_deal, close, first, roomy, sum_of, with_keys,
    with_value,
};
use crate::support::{Outcome, Reference, Scenarios, Symmetric, Window, follow, model, play};
use mufakat::engine::model::arm::{full_set, members};

/// Σ_h {[Π_h(P) − Π_h(P∖B)] − Σ_{i∈B} [Π_h(P) − Π_h(P∖i)]} from the definitions, under the accord of the window.
fn curvature(text: &str, window: &Window, bloc: u64) -> f64 {
    let reference = Reference::of(&model(text), window);
    let economy = reference.economy();
    let all = &window.expected;
    let mut sum = 0.0;
    for h in 0..economy.m {
        let rivals = economy.rivals(h, all);
        let profit = |hosts: u64| economy.profit(h, hosts, &rivals);
        let whole = profit(all[h]);
        sum += whole - profit(all[h] & !bloc);
        sum -= members(bloc)
            .map(|i| whole - profit(all[h] & !(1 << i)))
            .sum::<f64>();
    }
    sum
}

/// A setting of T1: states of several sizes, rooms and data rules, terms, capital, and value that suppliers share.
fn setting(scenarios: &mut Scenarios) -> (Symmetric, String) {
    let n = 2 + scenarios.below(5);
    let demands = (0..n).map(|_| scenarios.between(0.5, 2.0)).collect();
    let setting = Symmetric {
        hyperscalers: 1 + scenarios.below(3),
        efficiency: scenarios.between(0.0, 0.95),
        outside: scenarios.between(0.0, 0.5),
        foresight: scenarios.between(0.0, 1.0),
        power: scenarios.between(0.1, 0.9),
        ..roomy(n, demands)
    };
    let mut text = setting.text();
    for i in 0..n {
        let (hub, residency) = (scenarios.between(0.1, 0.9), scenarios.between(0.0, 0.6));
        let (id, keys) = (
            format!("id = \"S{i}\""),
            format!("hub = {hub}\nresidency = {residency}"),
        );
        text = with_keys(&text, &[(&id, &keys)]);
    }
    let capital = scenarios.between(0.0, 0.2);
    text = with_value(
        &text,
        scenarios.between(0.0, 0.5),
        scenarios.between(0.2, 2.0),
    )
    .replace("capex_intensity = 0\n", "capex_intensity = 0.3\n")
    .replace(
        "capital_charge = 0\n",
        &format!("capital_charge = {capital}\n"),
    );
    text += "[[term]]\nid = \"skills\"\nstate_value = 0.3\nstate_curvature = 0.2\ncost = 0.1\ncost_curvature = 0.3\n";
    (setting, text)
}

fn windows(text: &str) -> Vec<Window> {
    let model = model(text);
    (0..model.arms.len())
        .flat_map(|arm| follow(&model, arm))
        .collect()
}

fn comparable(text: &str, setting: &Symmetric) -> Option<(Vec<Window>, Vec<Outcome>)> {
    let windows = windows(text);
    let everybody = vec![full_set(setting.demands.len()); setting.hyperscalers];
    all_deal(&windows, &everybody).then(|| (windows, play(text)))
}

#[test]
fn t1_the_premium_is_the_overlap_of_coverage() {
    let mut scenarios = Scenarios::new(11);
    let mut compared = 0;
    for _ in 0..80 {
        let (setting, text) = setting(&mut scenarios);
        let text = text + BILATERAL + BLOC;
        let n = setting.demands.len();
        let Some((windows, outcomes)) = comparable(&text, &setting) else {
            continue;
        };
        compared += 1;
        let gain = outcomes[1].total() - outcomes[0].total();
        let curvature = curvature(&text, &windows[1], full_set(n));
        close(
            gain,
            setting.power * setting.foresight * curvature,
            ROUNDING,
        );
        if curvature > 1e-6 {
            assert!(gain > 0.0, "coverage overlaps by {curvature}");
        }
        let blind = text.replace(
            &format!("foresight = {}", setting.foresight),
            "foresight = 0",
        );
        let blind = play(&blind);
        close(blind[1].total(), blind[0].total(), ROUNDING);
        let isolated = text.replace(
            &format!("region_efficiency = {}", setting.efficiency),
            "region_efficiency = 0",
        );
        let isolated = play(&isolated);
        close(isolated[1].total(), isolated[0].total(), ROUNDING);
    }
    assert!(compared > 30, "only {compared} settings were comparable");
}

#[test]
fn t1_some_of_the_states_gain_by_their_own_overlap_and_change_nothing_for_others() {
    let mut scenarios = Scenarios::new(12);
    let mut compared = 0;
    for _ in 0..80 {
        let (setting, text) = setting(&mut scenarios);
        let n = setting.demands.len();
        let bloc = 2.max(n - 1 - scenarios.below(2));
        let text = text.replace(
            &format!("foresight = {}", setting.foresight),
            "foresight = 1",
        );
        let text = text + BILATERAL + BLOC + &first(bloc);
        let Some((windows, outcomes)) = comparable(&text, &setting) else {
            continue;
        };
        compared += 1;
        let expected = setting.power * curvature(&text, &windows[1], full_set(bloc));
        let gain = sum_of(&outcomes[1], bloc) - sum_of(&outcomes[0], bloc);
        close(gain, expected, ROUNDING);
        for i in bloc..n {
            close(outcomes[1].payoff(i), outcomes[0].payoff(i), ROUNDING);
        }
    }
    assert!(compared > 30, "only {compared} settings were comparable");
}

#[test]
fn t1_one_outsider_that_serves_as_well_and_has_room_takes_it_all() {
    let arms = format!("{BILATERAL}{BLOC}{}", first(3));
    let outcomes = |room: &str| {
        let setting = Symmetric {
            arms: arms.clone(),
            ..Symmetric::new(4)
        };
        let keys = format!("hub = {room}");
        play(&with_keys(&setting.text(), &[("id = \"S3\"", &keys)]))
    };
    let gain = |outcomes: &[Outcome]| sum_of(&outcomes[1], 3) - sum_of(&outcomes[0], 3);
    close(gain(&outcomes("1")), 0.0, ROUNDING);
    // The outsider's room is for itself alone: Π(P) − Π(P∖B) rises by 3(e − σ_0).
    close(gain(&outcomes("0.25")), 0.5 * 3.0 * 0.4, ROUNDING);
}

#[test]
fn t2_a_shared_standard_flips_the_sign() {
    let mut scenarios = Scenarios::new(13);
    for _ in 0..40 {
        let n = 2 + scenarios.below(5);
        let demands = (0..n).map(|_| scenarios.between(0.5, 2.0)).collect();
        let setting = Symmetric {
            hyperscalers: 1 + scenarios.below(3),
            foresight: scenarios.between(0.0, 1.0),
            power: scenarios.between(0.1, 0.9),
            efficiency: 0.0,
            outside: 0.0,
            compliance_cost: 0.01,
            ..roomy(n, demands)
        };
        let mut text = setting.text();
        let mut costs: Vec<f64> = Vec::new();
        for i in 0..n {
            // Equal costs in half of the settings: then what is lost at one table is C.
            let strictness = if setting.power < 0.5 {
                1.0
            } else {
                scenarios.between(0.5, 2.0)
            };
            costs.push(0.01 * strictness);
            let keys = format!("strictness = {strictness}");
            text = with_keys(&text, &[(&format!("id = \"S{i}\""), &keys)]);
        }
        for arm in [FRAMEWORK, BLOC] {
            text = text + arm + "harmonisation = 1\n";
        }
        let (windows, outcomes) = comparable(&text, &setting).expect("all deal");
        let difference = outcomes[1].total() - outcomes[0].total();
        let power = setting.power * setting.foresight;
        close(
            difference,
            power * curvature(&text, &windows[1], full_set(n)),
            ROUNDING,
        );
        // A member of a separate table adds its cost to the standard only where it is the costliest, and then what it has over the second.
        costs.sort_by(f64::total_cmp);
        let second = costs[n - 2] * setting.hyperscalers as f64;
        close(difference, -power * second, ROUNDING);
        let everything = |outcome: &Outcome| {
            let suppliers = (0..setting.hyperscalers).map(|h| outcome.profit(h));
            outcome.total() + suppliers.sum::<f64>()
        };
        close(everything(&outcomes[0]), everything(&outcomes[1]), ROUNDING);
    }
}
