//! The table as it stands: gains, outcomes and walk-aways are those of the played window.

use crate::brief::{met, observations, question, text};
use crate::support::{
    Reference, Scenarios, Shape, Symmetric, follow, model, play, profit, with_hosts,
};
use mufakat::engine::model::arm::{Mode, members};
use mufakat::engine::negotiation::tables::problem::{Obstacle, Party};
use mufakat::engine::negotiation::tables::record::{TableOutcome, TableRecord};
use mufakat::engine::trial::{Player, Position};
use mufakat::study::brief::world::{MetTable, positions};
use mufakat::study::brief::{BriefQuestion, Side};
use mufakat::theory::bargaining::Agreement;

/// Sums in another order.
const ROUNDING: f64 = 1e-9;

const ARMS: &str = "[[arm]]\nname = \"alone\"\nmode = \"bilateral\"\n\
    [[arm]]\nname = \"rules\"\nmode = \"framework\"\nbinding = 0.9\nharmonisation = 0.6\ncross_border_data = 0.5\nrecourse = 0.3\n\
    [[arm]]\nname = \"bloc\"\nmode = \"bloc\"\nbinding = 0.9\nharmonisation = 0.6\ncross_border_data = 0.5\nrecourse = 0.3\n\
    [[arm]]\nname = \"tender\"\nmode = \"bloc\"\nbinding = 1\nshortlist = 1\nturn = \"last\"\nharmonisation = 0.5\ncross_border_data = 0\nrecourse = 0\n";

const SHAPE: Shape = Shape {
    transfers: false,
    budgets: true,
    windows: 2,
    order: "random",
    foresight: None,
    solution: None,
};

#[track_caller]
fn assert_same(record: &TableRecord, found: Result<&MetTable, Obstacle>, what: &str) {
    match (record.ended, found) {
        (TableOutcome::Agreed(agreed), Ok(one)) => {
            assert_eq!(one.problem.gains, record.gains, "{what}");
            assert_eq!(one.problem.pressure, record.pressure, "{what}");
            assert_eq!(one.problem.placed, record.placed, "{what}");
            assert_agreed(one.outcome, agreed, what);
        }
        (TableOutcome::NoDeal, Ok(one)) => assert_eq!(
            (one.outcome, one.problem.gains),
            (None, record.gains),
            "{what}"
        ),
        (TableOutcome::NotFeasible, Err(Obstacle::NotFeasible))
        | (TableOutcome::OverBudget, Err(Obstacle::OverBudget))
        | (TableOutcome::Refused, Err(Obstacle::Refused))
        | (TableOutcome::NobodyPlaced, Err(Obstacle::NobodyPlaced)) => {}
        (ended, found) => panic!("{what}: {ended:?} but {found:?}"),
    }
}

/// Equal to rounding: who asks for one table adds the same terms in another order.
fn assert_agreed(found: Option<Agreement>, agreed: Agreement, what: &str) {
    let found = found.unwrap_or_else(|| panic!("{what}: no deal"));
    let numbers = |one: Agreement| {
        let gains = [one.state_gain, one.hyperscaler_gain];
        [
            gains[0],
            gains[1],
            one.lambda,
            one.transfer,
            one.value,
            one.cost,
        ]
    };
    for (one, other) in numbers(found).into_iter().zip(numbers(agreed)) {
        assert!(
            (one - other).abs() <= 1e-12 * other.abs().max(1.0),
            "{what}: {found:?}"
        );
    }
}

#[test]
fn every_table_is_the_one_that_a_run_plays() {
    let mut scenarios = Scenarios::new(5);
    let mut tables = 0;
    for round in 0..12 {
        let shape = Shape {
            transfers: round % 3 == 0,
            ..SHAPE
        };
        let model = model(&scenarios.text(shape, ARMS));
        for (arm, rules) in model.arms.iter().enumerate() {
            for (window, played) in follow(&model, arm).iter().enumerate() {
                for record in &played.records {
                    let party = match record.table.count_ones() {
                        1 => Party::State(record.table.trailing_zeros() as usize),
                        _ => Party::Bloc,
                    };
                    let question = BriefQuestion {
                        party,
                        hyperscaler: record.hyperscaler,
                        arm,
                        window,
                        side: Side::States,
                    };
                    if question.clone().checked(&model).is_err() {
                        // Infeasible pairs, and members of a bloc that did not form or did not join.
                        let state = record.table.trailing_zeros() as usize;
                        let infeasible = record.ended == TableOutcome::NotFeasible;
                        assert!(
                            infeasible
                                || rules.mode == Mode::Bloc && rules.members >> state & 1 == 1
                        );
                        continue;
                    }
                    let found = observations(&model, &question);
                    let what = format!(
                        "round {round}, `{}`, window {window}, {record:?}",
                        rules.name
                    );
                    assert_same(record, found[0].table.as_deref().map_err(|one| *one), &what);
                    tables += 1;
                }
            }
        }
    }
    assert!(tables > 150, "{tables}");
}

#[test]
fn walk_aways_are_the_sums_of_the_model() {
    let mut scenarios = Scenarios::new(11);
    let mut compared = 0;
    for _ in 0..10 {
        // With foresight 1 both look at the expected network alone, which is known after the window.
        let shape = Shape {
            foresight: Some(1.0),
            windows: 1,
            budgets: false,
            ..SHAPE
        };
        let model = model(&scenarios.text(shape, ARMS));
        for arm in 0..3 {
            let played = &follow(&model, arm)[0];
            let reference = Reference::of(&model, played);
            let economy = reference.economy();
            let (n, m) = (model.states.len(), model.hyperscalers.len());
            for h in 0..m {
                let seats = (0..n).map(Party::State).chain([Party::Bloc]);
                for party in seats {
                    let question = BriefQuestion {
                        party,
                        hyperscaler: h,
                        arm,
                        window: 0,
                        side: Side::States,
                    };
                    let Ok(question) = question.checked(&model) else {
                        continue;
                    };
                    let found = observations(&model, &question);
                    let Some(one) = found[0].met() else {
                        continue;
                    };
                    let (table, placed) = (one.problem.table, one.problem.placed);
                    let without = with_hosts(&played.expected, h, played.expected[h] & !table);
                    let with = with_hosts(&played.expected, h, without[h] | placed);
                    let access = |hosts: &[u64]| {
                        members(table)
                            .map(|l| economy.access(l, hosts))
                            .sum::<f64>()
                    };
                    let part = &one.disagreement;
                    let close = |found: f64, expected: f64, what: &str| {
                        let scale = expected.abs().max(1.0);
                        assert!(
                            (found - expected).abs() < ROUNDING * scale,
                            "{what}: {found}, not {expected}"
                        );
                    };
                    close(
                        part.own + part.others + part.elsewhere,
                        access(&without),
                        "states",
                    );
                    close(part.with_deal, access(&with), "with the deal");
                    close(
                        part.hyperscaler(),
                        profit(&economy, h, &without),
                        "hyperscaler",
                    );
                    close(
                        part.states() + one.problem.gains.state,
                        part.with_deal,
                        "the gain is the difference",
                    );
                    let gain = profit(&economy, h, &with) - profit(&economy, h, &without);
                    close(
                        one.problem.gains.hyperscaler,
                        gain,
                        "that of the hyperscaler",
                    );
                    let weight: f64 = part.substitutes.iter().map(|one| one.weight).sum();
                    close(
                        weight,
                        one.problem.stake,
                        "all demand is served from somewhere",
                    );
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 60, "{compared}");
}

#[test]
fn leverage_and_margin_at_risk_are_those_of_the_run() {
    let mut scenarios = Scenarios::new(23);
    for _ in 0..6 {
        let shape = Shape {
            windows: 1,
            budgets: false,
            ..SHAPE
        };
        let text = scenarios.text(shape, ARMS);
        let (model, outcomes) = (model(&text), play(&text));
        for arm in 0..2 {
            let question = BriefQuestion {
                party: Party::State(0),
                hyperscaler: 0,
                arm,
                window: 0,
                side: Side::States,
            };
            let observation = observations(&model, &question).remove(0);
            let drawn = observation.moved[0].expect("it meets");
            let one = observation.met().expect("it meets");
            assert!((drawn.leverage - outcomes[arm].leverage(0)).abs() < ROUNDING);
            assert_eq!(
                (drawn.pressure, drawn.stake),
                (one.problem.pressure, one.problem.stake)
            );
            assert_eq!(drawn.state_gain, one.state_gain());
            let joint = observation.joint;
            let formed = follow(&model, 2)[0].formed.accord;
            if let Some(joint) = joint {
                assert!((joint.table.leverage - outcomes[2].leverage(0)).abs() < ROUNDING);
                let changed = joint.state_with_deal - joint.state_walk_away;
                assert!(changed.is_finite() && formed & 1 == 1);
            }
        }
    }
}

/// A symmetric scenario in which both look at what is signed: the order matters.
fn in_order(states: &[usize]) -> Symmetric {
    let demands = states.iter().map(|&i| 1.0 + i as f64);
    Symmetric {
        foresight: 0.0,
        demands: demands.collect(),
        arms: "[[arm]]\nname = \"alone\"\nmode = \"bilateral\"\n".to_owned(),
        ..Symmetric::new(states.len())
    }
}

#[test]
fn a_table_that_is_moved_is_as_if_it_were_listed_so() {
    // The state of interest is that with demand 2, wherever it is listed.
    let at = |order: &[usize]| {
        let text = in_order(order).text();
        let model = model(&text);
        let own = order.iter().position(|&i| i == 1).expect("listed");
        let question = question(&model, Party::State(own), "alone");
        let positions = positions(&model, &question);
        (observations(&model, &question).remove(0), positions, model)
    };
    let (base, positions, _) = at(&[0, 1, 2, 3]);
    let moved = |position: Position| {
        let index = positions
            .iter()
            .position(|one| *one == position)
            .expect("looked at");
        base.moved[index].expect("it meets")
    };
    let drawn = |order: &[usize]| at(order).0.moved[0].expect("it meets");
    let cases: [(Position, &[usize]); 5] = [
        (Position::Drawn, &[0, 1, 2, 3]),
        (Position::First, &[1, 0, 2, 3]),
        (Position::After(0), &[0, 1, 2, 3]),
        (Position::After(3), &[3, 1, 0, 2]),
        (Position::Last, &[0, 2, 3, 1]),
    ];
    for (position, order) in cases {
        let (found, expected) = (moved(position), drawn(order));
        let pairs = [
            (found.pressure, expected.pressure),
            (found.stake, expected.stake),
            (found.state_gain, expected.state_gain),
            (found.leverage, expected.leverage),
        ];
        for (found, expected) in pairs {
            assert!(
                (found - expected).abs() < ROUNDING,
                "{position:?}: {found}, not {expected}"
            );
        }
    }
    assert!(moved(Position::First).pressure > moved(Position::After(0)).pressure);
    assert!(moved(Position::After(0)).pressure > moved(Position::Last).pressure - ROUNDING);
}

#[test]
fn a_bloc_meets_first_or_last_as_its_turn_says() {
    let mut scenarios = Scenarios::new(31);
    let mut compared = 0;
    for _ in 0..8 {
        let shape = Shape {
            windows: 1,
            ..SHAPE
        };
        let arm = |turn: &str| {
            format!(
                "[[arm]]\nname = \"b\"\nmode = \"bloc\"\nbinding = 1\nharmonisation = 0.5\ncross_border_data = 0\nrecourse = 0\nmembers = [\"S0\", \"S1\"]\nrule = \"lead\"\nlead = \"S0\"\ndefection = false\nturn = \"{turn}\"\n"
            )
        };
        let text = scenarios.text(shape, "");
        let of = |turn: &str| {
            let model = model(&format!("{text}{}", arm(turn)));
            let question = question(&model, Party::Bloc, "b");
            observations(&model, &question).remove(0)
        };
        let [middle, first, last] = ["middle", "first", "last"].map(of);
        for (place, other) in [(1, &first), (2, &last)] {
            // Another order may make the lead refuse.
            if middle.accord != 0 && other.accord == middle.accord {
                assert_eq!(middle.moved[place], other.moved[0], "{place}");
                compared += 1;
            }
        }
    }
    assert!(compared > 4, "{compared}");
}

#[test]
fn what_else_is_signed_is_counted_once() {
    // Other deals of both sides if this table fails: the window played by hand with the pair infeasible has the same ones where
    // nobody looks ahead.
    let listed = text().replace("foresight = 0.8", "foresight = 0\norder = \"listed\"");
    let whole = model(&listed);
    let question = question(&whole, Party::State(1), "bilateral");
    let found = observations(&whole, &question);
    let without = model(&format!(
        "{listed}\n[[pair]]\nstate = \"B\"\nhyperscaler = \"H\"\nfeasible = false\n"
    ));
    let mut row = vec![0.0; without.outcome_layout().len()];
    let mut draws = vec![0.0; without.uncertain.len()];
    let mut player = Player::new(&without);
    for trial in [0, 3, 17] {
        let Some(one) = found[trial].met() else {
            continue;
        };
        let mut expected = (0.0, 0.0);
        player
            .follow(
                &without,
                trial as u64,
                0,
                &mut row,
                &mut draws,
                &mut |played| {
                    if played.window == 0 {
                        let play = &played.scratch.play;
                        // Pairs in the order A-H, A-G, B-H, B-G.
                        expected.0 = play.value[3] + play.transfer[3];
                        expected.1 = -play.cost[0] - play.transfer[0];
                    }
                },
            )
            .expect("draws keep their ranges");
        assert!(
            (one.other_deals.0 - expected.0).abs() < ROUNDING,
            "{:?} {expected:?}",
            one.other_deals
        );
        assert!(
            (one.other_deals.1 - expected.1).abs() < ROUNDING,
            "{:?} {expected:?}",
            one.other_deals
        );
    }
    assert!(met(&found).len() > 150);
}
