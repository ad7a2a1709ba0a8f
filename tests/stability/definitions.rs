//! Every share again, from `CoalitionWorld` by the definitions: no sweep, no tables, no shortcuts.

use super::{judged, question};
use crate::support::{Scenarios, Shape, model};
use mufakat::engine::model::Model;
use mufakat::engine::model::arm::{StateSet, full_set, members};
use mufakat::engine::negotiation::accord::voting::pivotal_shares;
use mufakat::engine::trial::{CoalitionWorld, Player};
use mufakat::study::stability::StabilityQuestion;

/// Sums of a few payoffs of size 1 to 100; decisions nearer than this to a tie are not compared.
const NEAR: f64 = 1e-7;

/// u_i(C) after sharing; alone with fewer than two.
fn payoff(world: &mut CoalitionWorld, coalition: StateSet, i: usize) -> f64 {
    match coalition.count_ones() {
        0 | 1 => world.payoff(0, i),
        _ => world.shared_payoff(coalition, i),
    }
}

/// What the definitions say of one coalition: (internal, without penalty, open, exclusive, by the rule, not dissolved, core, gain); none where a
/// tie is too near.
type Judged = (bool, bool, bool, bool, bool, bool, bool, f64);

fn by_definition(world: &mut CoalitionWorld, n: usize, coalition: StateSet) -> Option<Judged> {
    let rules = world.rules();
    let mut close_call = false;
    let mut above = |difference: f64| {
        close_call |= difference.abs() < NEAR && difference.abs() > 1e-12;
        difference > NEAR
    };
    let (mut internal, mut unbound) = (true, true);
    for i in members(coalition) {
        let gain = payoff(world, coalition & !(1 << i), i) - payoff(world, coalition, i);
        internal &= !above(gain - rules.binding * rules.penalty * world.penalty_base(i));
        unbound &= !above(gain);
    }
    let (mut open, mut exclusive, mut closed) = (true, true, true);
    for j in members(full_set(n) & !coalition) {
        let larger = coalition | 1 << j;
        let joins = above(payoff(world, larger, j) - payoff(world, coalition, j));
        open &= !joins;
        let mut agree = 0;
        for i in members(coalition) {
            let loses = above(payoff(world, coalition, i) - payoff(world, larger, i));
            agree |= StateSet::from(!loses) << i;
        }
        exclusive &= !joins || agree != coalition;
        closed &= !joins || !world.consents(coalition, agree);
    }
    let mut kept = false;
    for i in members(coalition) {
        kept |= !above(payoff(world, 0, i) - payoff(world, coalition, i));
    }
    let mut core = true;
    for part in 1..coalition {
        if part & coalition != part {
            continue;
        }
        let inside: f64 = members(part).map(|i| payoff(world, coalition, i)).sum();
        let apart: f64 = members(part).map(|i| payoff(world, part, i)).sum();
        core &= !above(apart - inside);
    }
    let gain = members(coalition).map(|i| payoff(world, coalition, i) - payoff(world, 0, i));
    let gain = gain.sum();
    (!close_call).then_some((internal, unbound, open, exclusive, closed, kept, core, gain))
}

fn compare(model: &Model, window: usize) -> usize {
    let asked = StabilityQuestion {
        window,
        farsighted: false,
        ..question(model)
    };
    let results = judged(model, asked, 1);
    let n = model.states.len();
    let mut draws = vec![0.0; model.uncertain.len()];
    let mut compared = 0;
    Player::new(model)
        .coalitions(model, 0, asked.arm, window, &mut draws, |world| {
            for one in &results.coalitions {
                let of = |id: &String| model.states.iter().position(|state| &state.id == id);
                let coalition = one.members.iter().filter_map(of).fold(0, |c, i| c | 1 << i);
                let Some(expected) = by_definition(world, n, coalition) else {
                    continue;
                };
                let (internal, unbound, open, exclusive, closed, kept, core, gain) = expected;
                let shares =
                    [internal, unbound, open, exclusive, closed, kept, core].map(f64::from);
                let found = [
                    one.internal,
                    one.internal_without_penalty,
                    one.external_open,
                    one.external_exclusive,
                    one.external_rule,
                    one.not_dissolved,
                    one.core,
                ];
                assert_eq!(found, shares, "{:?} of {}", one.members, results.arm);
                assert!((one.gain.mean - gain).abs() < NEAR);
                let outside = match window > 0 && model.arms[asked.arm].standing {
                    true => closed && kept,
                    false => open,
                };
                assert_eq!(one.stable, f64::from(internal && outside));
                compared += 1;
            }
            for (i, state) in results.states.values().enumerate() {
                let grand = full_set(n);
                let rest = grand & !(1 << i);
                let penalty = world.rules().binding * world.rules().penalty;
                let temptation = payoff(world, rest, i)
                    - payoff(world, grand, i)
                    - penalty * world.penalty_base(i);
                assert!((state.leeway.mean + temptation).abs() < NEAR);
                assert!((state.needs.mean - temptation.max(0.0)).abs() < NEAR);
                let free_ride = payoff(world, rest, i) - payoff(world, 0, i);
                assert!((state.free_ride.mean - free_ride).abs() < NEAR);
            }
        })
        .expect("draws keep their ranges");
    compared
}

#[test]
fn every_rule_of_sharing_agrees_with_the_definitions() {
    let mut scenarios = Scenarios::new(404);
    let mut compared = 0;
    for round in 0..60 {
        let shape = Shape {
            transfers: round % 2 == 0,
            budgets: round % 3 == 0,
            windows: 2,
            order: "random",
            foresight: None,
            solution: Some("nash"),
        };
        let sharing = ["none", "equal", "gdp", "population", "shapley", "nucleolus"][round % 6];
        let rules = format!(
            "binding = 0.7\npenalty = {}\nharmonisation = {}\ncross_border_data = 0.4\nrecourse = 0.3\n",
            scenarios.between(0.0, 0.3),
            scenarios.between(0.0, 1.0)
        );
        let arm = match round % 7 {
            6 => format!("[[arm]]\nname = \"it\"\nmode = \"framework\"\n{rules}"),
            _ => format!(
                "[[arm]]\nname = \"it\"\nmode = \"bloc\"\nsharing = \"{sharing}\"\nside_payments = 0.8\n{rules}"
            ),
        };
        let text = scenarios.text(shape, &arm);
        compared += compare(&model(&text), round % 2);
    }
    assert!(
        compared > 300,
        "only {compared} coalitions were no close calls"
    );
}

#[test]
fn votes_that_decide() {
    let text = |rule: &str| {
        let arms = format!("[[arm]]\nname = \"it\"\nmode = \"bloc\"\n{rule}");
        let setting = crate::support::Symmetric {
            arms,
            ..crate::support::Symmetric::new(4)
        };
        model(&setting.text()).arms[0].clone()
    };
    let shares = |rule: &str| {
        pivotal_shares(&text(rule), &[0, 1, 2, 3], &[8.0, 6.0, 4.0, 2.0], 0.6).expect("a game")
    };
    assert_eq!(shares(""), Some(vec![0.125; 4]), "consensus");
    assert_eq!(
        shares("rule = \"qualified-majority\"\nquota = 0.6\nweights = \"gdp\""),
        Some(vec![0.625, 0.375, 0.375, 0.125])
    );
    assert_eq!(
        shares("rule = \"minus-x\"\nopt_outs = 3"),
        Some(vec![0.375; 4]),
        "two must be left"
    );
    let lead = Some(vec![0.0, 0.0, 1.0, 0.0]);
    assert_eq!(shares("rule = \"lead\"\nlead = \"S2\""), lead);
}
