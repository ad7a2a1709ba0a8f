//! T5, T12 and T13: everything that is shared out comes from somewhere, causes add up, and no supplier ends below nothing.

use super::{BILATERAL, BLOC, FRAMEWORK, ROUNDING, close, with_values};
use crate::support::{Outcome, Reference, Scenarios, Shape, Window, follow, model, play};
use mufakat::engine::outcome::CauseMetric;

/// Every kind of arm, with talks that take time, joint tables of some, lists, sharing and accords that stand.
const ALL_MODES: &str = "[[arm]]\nname = \"bilateral\"\nmode = \"bilateral\"\n\
    [[arm]]\nname = \"guide\"\nmode = \"framework\"\nrule = \"none\"\njoin = \"goodwill\"\n\
    [[arm]]\nname = \"framework\"\nmode = \"framework\"\nbinding = 0.7\nharmonisation = 0.5\ncross_border_data = 0.6\nrecourse = 0.4\nrule = \"qualified-majority\"\nround_years = 0.4\ninterim = 0.3\nshortlist = 2\n\
    [[arm]]\nname = \"bloc\"\nmode = \"bloc\"\nbinding = 0.9\nharmonisation = 0.5\ncross_border_data = 0.6\nrecourse = 0.4\npooling = 0.5\nrule = \"minus-x\"\nopt_outs = 3\nround_years = 0.4\ninterim = 0.3\nsharing = \"equal\"\nside_payments = 0.6\njoin = 0.6\n\
    [[arm]]\nname = \"inside\"\nmode = \"bloc\"\nbinding = 0.9\nharmonisation = 0.5\nrecourse = 1\ntable = [\"S0\", \"S1\"]\nannexes = true\nrule = \"mandate\"\n\
    [[arm]]\nname = \"tender\"\nmode = \"bloc\"\nbinding = 0.9\nharmonisation = 0.5\nshortlist = 1\nturn = \"first\"\npenalty = 0.2\nstanding = false\njoin = 0.8\n\
    [[arm]]\nname = \"alone-tender\"\nmode = \"bilateral\"\nshortlist = 1\n\
    [[arm]]\nname = \"contest\"\nmode = \"contest\"\n";

fn shape(round: u64) -> Shape {
    Shape {
        transfers: round.is_multiple_of(2),
        budgets: round.is_multiple_of(3),
        windows: 3,
        order: "random",
        foresight: None,
        solution: None,
    }
}

#[test]
fn t5_bookkeeping_on_random_scenarios() {
    let mut scenarios = Scenarios::wide(5);
    let mut lost = 0.0;
    for round in 0..40 {
        let model = model(&scenarios.text(shape(round), ALL_MODES));
        for arm in 0..model.arms.len() {
            for window in follow(&model, arm) {
                lost += in_balance(&Reference::of(&model, &window), &window);
            }
        }
    }
    assert!(lost > 0.1, "what is stranded counts: {lost}");
}

/// Checks T5 in one window; returns what was stranded in it.
fn in_balance(reference: &Reference, window: &Window) -> f64 {
    let economy = reference.economy();
    let (play, formed) = (&window.play, window.formed);
    let hosts = &play.signed.hosts;
    let factor = |i: usize| {
        let talked = formed.talked >> i & 1 == 1;
        if talked { formed.delay } else { 1.0 }
    };
    let nobody = vec![0; economy.m];
    let (mut left, mut right, mut stranded) = (0.0, 0.0, 0.0);
    for i in 0..economy.n {
        let parts = window.parts[i];
        left += factor(i) * parts.gross() + parts.rest() + window.side_payments[i];
        right += factor(i) * (economy.access(i, hosts) - economy.access(i, &nobody)) + parts.own;
        for h in 0..economy.m {
            let p = i * economy.m + h;
            if hosts[h] >> i & 1 == 1 {
                right += factor(i) * (play.value[p] - play.cost[p]);
            } else if economy.standing.had[i][h] {
                right -= economy.switching[i][h] + economy.stranded[i][h];
                stranded += economy.stranded[i][h];
            }
        }
    }
    for h in 0..economy.m {
        left += window.profit[h];
        let rivals = economy.rivals(h, hosts);
        let at = |set| economy.profit(h, set, &rivals);
        let prompt = at(hosts[h] & !formed.talked);
        right += formed.delay * (at(hosts[h]) - prompt) + prompt - at(0);
    }
    close(left, right, ROUNDING);
    let paid: f64 = window.side_payments.iter().sum();
    assert!(
        paid.abs() < ROUNDING,
        "side payments sum to zero, not {paid}"
    );
    stranded
}

fn cause(outcome: &Outcome, i: usize, cause: CauseMetric) -> f64 {
    outcome.row[outcome.layout.cause(i, cause)]
}

/// The difference of an arm to an earlier one by (44).
fn split(later: &Outcome, earlier: &Outcome, i: usize) -> f64 {
    let of_both = |of: CauseMetric| cause(later, i, of) - cause(earlier, i, of);
    let legacy = of_both(CauseMetric::Alone);
    let rules = cause(later, i, CauseMetric::RulesSwapped) - cause(earlier, i, CauseMetric::Rules);
    let table = cause(later, i, CauseMetric::TableSwapped) - cause(earlier, i, CauseMetric::Table);
    let members = cause(later, i, CauseMetric::Members);
    legacy + members + rules + table + of_both(CauseMetric::Sharing) + of_both(CauseMetric::Delay)
}

#[test]
fn t12_causes_add_up() {
    let mut scenarios = Scenarios::wide(12);
    let mut swapped = 0;
    for round in 0..40 {
        let model = model(&scenarios.text(shape(round), ALL_MODES));
        let rows = crate::support::play_trial(&model, 0);
        let earlier = model.members_reference().expect("there is an accord");
        for (arm, outcome) in rows.iter().enumerate() {
            for i in 0..outcome.layout.states {
                let causes = [
                    CauseMetric::Alone,
                    CauseMetric::Rules,
                    CauseMetric::Table,
                    CauseMetric::Sharing,
                    CauseMetric::Delay,
                ];
                let sum: f64 = causes.iter().map(|&of| cause(outcome, i, of)).sum();
                close(sum, outcome.payoff(i), ROUNDING);
                if model.swaps_members(arm) {
                    let difference = outcome.payoff(i) - rows[earlier].payoff(i);
                    close(split(outcome, &rows[earlier], i), difference, ROUNDING);
                    swapped += usize::from(cause(outcome, i, CauseMetric::Members).abs() > 1e-6);
                }
            }
        }
    }
    assert!(swapped > 20, "who is in matters in only {swapped} cases");
}

/// Settings in which suppliers may lose: states that ask for much and a standard that costs much.
fn pressed(scenarios: &mut Scenarios, round: u64, diversion: f64) -> String {
    let arms = format!(
        "{BILATERAL}{FRAMEWORK}harmonisation = 1\nbinding = 1\n{BLOC}harmonisation = 0.7\n"
    );
    let shape = Shape {
        budgets: false,
        windows: 2,
        foresight: Some(scenarios.between(0.5, 1.0)),
        ..shape(round)
    };
    let power = scenarios.between(0.7, 0.95);
    let cost = scenarios.between(0.05, 0.5);
    let text = scenarios.text(shape, &arms);
    with_values(
        &text,
        &[
            ("diversion", diversion),
            ("bargaining_power", power),
            ("compliance_cost", cost),
        ],
    )
}

#[test]
fn t13_no_supplier_ends_below_what_it_leaves_behind() {
    let mut scenarios = Scenarios::wide(13);
    let mut at_zero = 0;
    for round in 0..60 {
        let model = model(&pressed(&mut scenarios, round, 0.0));
        for arm in 0..model.arms.len() {
            for window in follow(&model, arm) {
                let reference = Reference::of(&model, &window);
                let economy = reference.economy();
                for h in 0..economy.m {
                    let built: f64 = (0..economy.n).map(|i| economy.stranded[i][h]).sum();
                    let above = window.profit[h] + built;
                    assert!(above > -1e-8, "{h} ends at {above}");
                    let met = window.play.signed.hosts[h] != 0;
                    at_zero += usize::from(met && above < 1e-8);
                }
            }
        }
    }
    assert!(at_zero > 10, "only {at_zero} concede");
}

/// Of a table: who sits there, with whom, who hosts, and whether they agreed.
type TableOutline = (u64, usize, u64, bool);

/// What must stay the same for v° to be continuous: who is expected, who signs, and how each table ends.
fn skeleton(window: &Window) -> (Vec<u64>, Vec<u64>, Vec<TableOutline>) {
    let tables = window.records.iter().map(|record| {
        let agreed = record.agreement().is_some();
        (record.table, record.hyperscaler, record.placed, agreed)
    });
    let hosts = window.play.signed.hosts.clone();
    (window.expected.clone(), hosts, tables.collect())
}

#[test]
fn t13_what_a_supplier_has_moves_without_jumps() {
    let mut scenarios = Scenarios::wide(131);
    let mut compared = 0;
    for round in 0..30 {
        let diversion = scenarios.between(0.0, 0.9);
        let text = pressed(&mut scenarios, round, diversion);
        let arm = (round % 3) as usize;
        let at = |power: f64| {
            let model = model(&with_values(&text, &[("bargaining_power", power)]));
            follow(&model, arm).remove(0)
        };
        let (start, end) = (scenarios.between(0.3, 0.6), scenarios.between(0.7, 0.95));
        let steps: Vec<f64> = (0..=12)
            .map(|step| start + (end - start) * f64::from(step) / 12.0)
            .collect();
        for pair in steps.windows(2) {
            compared += usize::from(no_jump(&at, pair[0], pair[1]));
        }
    }
    assert!(compared > 100, "only {compared} steps are comparable");
}

/// Halves a step until what suppliers have moves by little; false where the set of deals changes.
fn no_jump(at: &dyn Fn(f64) -> Window, mut low: f64, mut high: f64) -> bool {
    let (mut left, mut right) = (at(low), at(high));
    loop {
        if skeleton(&left) != skeleton(&right) {
            return false;
        }
        let both = left.profit.iter().zip(&right.profit);
        let moved = both.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        if moved < 1e-3 {
            return true;
        }
        assert!(high - low > 1e-9, "a jump of {moved} at {low}");
        let middle = 0.5 * (low + high);
        let centre = at(middle);
        let far = |window: &Window| {
            let both = window.profit.iter().zip(&centre.profit);
            both.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
        };
        // The half in which more happens.
        if far(&left) > far(&right) {
            (high, right) = (middle, centre);
        } else {
            (low, left) = (middle, centre);
        }
    }
}

#[test]
fn t12_without_an_accord_all_is_alone() {
    let mut scenarios = Scenarios::wide(120);
    let outcomes = play(&scenarios.text(shape(1), ALL_MODES));
    for arm in [0, 6, 7] {
        let outcome = &outcomes[arm];
        for i in 0..outcome.layout.states {
            assert_eq!(cause(outcome, i, CauseMetric::Rules), 0.0);
            close(
                cause(outcome, i, CauseMetric::Alone),
                outcome.payoff(i),
                ROUNDING,
            );
        }
    }
}
