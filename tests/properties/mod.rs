//! Properties that hold for every bargain, every network and every scenario.

mod assured;
mod outsider;
mod service;

use crate::reference::{self, network::Economy};
use crate::support::program::check_in;
use crate::support::{Scenarios, Shape, follow, model, play, property_cases};
use mufakat::engine::model::arm::{full_set, members};
use mufakat::engine::trial::Player;
use mufakat::theory::bargaining::offer::Coefficients;
use mufakat::theory::bargaining::{Frontier, Gains, Protocol, solve, solve_with_cash};
use proptest::prelude::*;
use std::fs;

/// λ is found to 1e-12, gains are of order 1.
const TOLERANCE: f64 = 1e-9;

fn terms() -> impl Strategy<Value = Coefficients> {
    // Curvatures are sometimes zero on one side: then levels jump from bound to bound and the arc has kinks and flat stretches.
    let curvature = prop_oneof![Just(0.0), 0.01..0.8f64];
    let term = (
        -0.5..1.0f64,
        curvature,
        -0.3..1.0f64,
        0.01..0.8f64,
        0.0..0.3f64,
        0.0..1.0f64,
    );
    prop::collection::vec(term, 1..5).prop_map(|terms| Coefficients {
        a: terms.iter().map(|t| t.0).collect(),
        b: terms.iter().map(|t| t.1).collect(),
        c: terms.iter().map(|t| t.2).collect(),
        d: terms.iter().map(|t| t.3).collect(),
        min: terms.iter().map(|t| t.4).collect(),
        max: terms.iter().map(|t| t.4 + t.5).collect(),
        scale: 1.0,
        foreseen: None,
    })
}

fn gains() -> impl Strategy<Value = Gains> {
    (-0.6..0.8f64, -0.3..1.2f64).prop_map(|(state, hyperscaler)| Gains { state, hyperscaler })
}

fn protocols() -> [Protocol; 6] {
    [
        Protocol::Nash {
            bargaining_power: 0.5,
        },
        Protocol::Nash {
            bargaining_power: 0.15,
        },
        Protocol::Nash {
            bargaining_power: 1.0,
        },
        Protocol::KalaiSmorodinsky,
        Protocol::Egalitarian,
        Protocol::Rubinstein {
            state_impatience: 0.07,
            hyperscaler_impatience: 0.1,
        },
    ]
}

/// Gains along the frontier, so close together that neither side's gain moves by more than 1e-3 between two of them: the slow way to see it.
/// Levels can run from bound to bound over a narrow range of λ, so the steps in λ halve until the gains follow.
fn grid(frontier: &Frontier, gains: Gains) -> Vec<(f64, f64)> {
    let at = |lambda: f64| {
        let point = frontier.at(lambda);
        (gains.state + point.value, gains.hyperscaler - point.cost)
    };
    let mut points = vec![at(0.0)];
    for step in 0..1000 {
        let mut ends = vec![f64::from(step + 1) / 1000.0];
        let mut low = f64::from(step) / 1000.0;
        while let Some(&high) = ends.last() {
            let (before, after) = (points[points.len() - 1], at(high));
            let far = (after.0 - before.0).abs().max((after.1 - before.1).abs()) > 1e-3;
            if far && high - low > 1e-10 {
                ends.push(f64::midpoint(low, high));
            } else {
                points.push(after);
                low = high;
                ends.pop();
            }
        }
    }
    points
}

proptest! {
    #![proptest_config(property_cases(300))]

    #[test]
    fn agreements_are_individually_rational_and_efficient(terms in terms(), gains in gains()) {
        let frontier = terms.frontier();
        let points = grid(&frontier, gains);
        for protocol in protocols() {
            let Some(agreement) = solve(&frontier, gains, protocol) else { continue };
            prop_assert!(agreement.state_gain >= -TOLERANCE && agreement.hyperscaler_gain >= -TOLERANCE);
            let better = points.iter().any(|&(state, hyperscaler)| {
                state > agreement.state_gain + 1e-6 && hyperscaler > agreement.hyperscaler_gain + 1e-6
            });
            prop_assert!(!better, "{protocol:?} is dominated");
        }
    }

    #[test]
    fn no_deal_exactly_where_no_bundle_pleases_both(terms in terms(), gains in gains()) {
        let frontier = terms.frontier();
        let clear = grid(&frontier, gains).iter().any(|&(state, hyperscaler)| state > 1e-7 && hyperscaler > 1e-7);
        let hopeless = !grid(&frontier, gains).iter().any(|&(state, hyperscaler)| state > -1e-3 && hyperscaler > -1e-3);
        for protocol in protocols() {
            let agreed = solve(&frontier, gains, protocol).is_some();
            prop_assert!(!clear || agreed, "{protocol:?} misses a deal");
            prop_assert!(!hopeless || !agreed, "{protocol:?} finds a deal where there is none");
        }
    }

    #[test]
    fn random_bundles_never_dominate_the_frontier(terms in terms(), gains in gains(), mix in prop::collection::vec(0.0..1.0f64, 5)) {
        let frontier = terms.frontier();
        let levels: Vec<f64> = (0..terms.a.len()).map(|k| terms.min[k] + mix[k] * (terms.max[k] - terms.min[k])).collect();
        let (value, cost) = frontier.evaluate(&levels);
        let (state, hyperscaler) = (gains.state + value, gains.hyperscaler - cost);
        for step in 0..=20 {
            let lambda = f64::from(step) / 20.0;
            let point = frontier.at(lambda);
            let best = lambda * (gains.state + point.value) + (1.0 - lambda) * (gains.hyperscaler - point.cost);
            prop_assert!(lambda * state + (1.0 - lambda) * hyperscaler <= best + TOLERANCE);
        }
    }

    #[test]
    fn nash_maximises_its_product(terms in terms(), gains in gains(), power in 0.05..0.95f64) {
        let frontier = terms.frontier();
        let Some(agreement) = solve(&frontier, gains, Protocol::Nash { bargaining_power: power }) else { return Ok(()) };
        let product = |state: f64, hyperscaler: f64| state.powf(power) * hyperscaler.powf(1.0 - power);
        let best = product(agreement.state_gain, agreement.hyperscaler_gain);
        for (state, hyperscaler) in grid(&frontier, gains) {
            if state > 0.0 && hyperscaler > 0.0 {
                prop_assert!(product(state, hyperscaler) <= best + 1e-7);
            }
        }
    }

    #[test]
    fn more_power_never_lowers_the_state(terms in terms(), gains in gains()) {
        let frontier = terms.frontier();
        let mut previous = f64::NEG_INFINITY;
        for step in 0..=20 {
            let power = f64::from(step) / 20.0;
            if let Some(agreement) = solve(&frontier, gains, Protocol::Nash { bargaining_power: power }) {
                prop_assert!(agreement.state_gain >= previous - TOLERANCE);
                previous = agreement.state_gain;
            }
        }
    }

    #[test]
    fn equal_shares_of_the_ideal_and_equal_gains(terms in terms(), gains in gains()) {
        let frontier = terms.frontier();
        let Some(arc) = frontier.arc(gains) else { return Ok(()) };
        let ks = solve(&frontier, gains, Protocol::KalaiSmorodinsky).expect("the arc exists");
        let gap = ks.state_gain / arc.state_best - ks.hyperscaler_gain / arc.hyperscaler_best;
        prop_assert!(gap.abs() < 1e-6 * (1.0 + 1.0 / arc.state_best.min(arc.hyperscaler_best)), "gap {gap}");
        let equal = solve(&frontier, gains, Protocol::Egalitarian).expect("the arc exists");
        let inside = equal.lambda > arc.low + 1e-9 && equal.lambda < arc.high - 1e-9;
        prop_assert!(!inside || (equal.state_gain - equal.hyperscaler_gain).abs() < 1e-8);
    }

    #[test]
    fn cash_divides_the_total(terms in terms(), gains in gains()) {
        let frontier = terms.frontier();
        let point = frontier.at(0.5);
        let total = gains.state + gains.hyperscaler + point.value - point.cost;
        for protocol in protocols() {
            let agreement = solve_with_cash(&frontier, gains, protocol);
            prop_assert_eq!(agreement.is_some(), total > 0.0);
            let Some(agreement) = agreement else { continue };
            prop_assert!((agreement.state_gain + agreement.hyperscaler_gain - total).abs() < TOLERANCE);
            prop_assert!((gains.state + point.value + agreement.transfer - agreement.state_gain).abs() < TOLERANCE);
        }
    }
}

const ARMS: &str = "[[arm]]\nname = \"bilateral\"\nmode = \"bilateral\"\n\
    [[arm]]\nname = \"framework\"\nmode = \"framework\"\nbinding = 1\nharmonisation = 0.5\ncross_border_data = 0.6\n\
    [[arm]]\nname = \"bloc\"\nmode = \"bloc\"\nbinding = 0.9\nharmonisation = 0.5\ncross_border_data = 0.6\ndefection = false\nrule = \"qualified-majority\"\nquota = 0.01\n\
    [[arm]]\nname = \"tender\"\nmode = \"bloc\"\nshortlist = 2\nturn = \"first\"\n[[arm]]\nname = \"contest\"\nmode = \"contest\"\n";

fn shape(seed: u64) -> Shape {
    Shape {
        transfers: seed.is_multiple_of(2),
        budgets: true,
        windows: 2,
        order: "random",
        foresight: None,
        solution: None,
    }
}

#[test]
fn every_table_is_individually_rational_and_within_its_budget() {
    let mut tables = 0;
    for seed in 100..160 {
        let model = model(&Scenarios::new(seed).text(shape(seed), ARMS));
        for arm in 0..model.arms.len() {
            for window in follow(&model, arm) {
                let economy = &window.economy;
                for agreement in window
                    .records
                    .iter()
                    .filter_map(|record| record.agreement())
                {
                    assert!(
                        agreement.state_gain > -TOLERANCE
                            && agreement.hyperscaler_gain > -TOLERANCE
                    );
                    tables += 1;
                }
                for h in 0..economy.m {
                    let signed: f64 = members(window.play.signed.hosts[h])
                        .map(|i| economy.size[i * economy.m + h])
                        .sum();
                    assert!(
                        signed <= economy.budget[h] * (1.0 + 1e-12),
                        "{signed} of {}",
                        economy.budget[h]
                    );
                    assert_eq!(window.play.signed.hosts[h] & !economy.feasible[h], 0);
                }
            }
        }
    }
    assert!(tables > 500, "only {tables} agreements were seen");
}

/// With diversion ω still grows with the hosts and less with each; what they have room for and what they cost are left out.
#[test]
fn coverage_is_monotone_and_submodular() {
    for seed in 200..230 {
        let model = model(&Scenarios::new(seed).text(shape(seed), ARMS));
        let mut given = reference::drawn::draw(&model, 0);
        let n = given.n();
        let first = &mut given.windows[0];
        first.capital_charge = 0.0;
        first.efficiency = vec![vec![first.region_efficiency; n]; n];
        for state in &mut first.states {
            (state.hub, state.residency) = (1.0, 0.0);
        }
        let standing = reference::dynamics::start(&given);
        let economy = Economy::new(&given, 0, 0, &standing, 0);
        let everyone = full_set(n);
        for h in 0..given.m() {
            let rivals = economy.rivals(h, &vec![1; given.m()]);
            let margin = |hosts| economy.margin(h, hosts, &rivals);
            for set in 0..=everyone {
                for i in members(everyone & !set) {
                    let gain = |hosts: u64| margin(hosts | 1 << i) - margin(hosts);
                    assert!(gain(set) >= -TOLERANCE);
                    for j in members(everyone & !set & !(1 << i)) {
                        assert!(gain(set | 1 << j) <= gain(set) + TOLERANCE);
                    }
                }
            }
        }
    }
}

/// What arms have in common is taken from the arm before, and much from the window and the trial before: no bit may hang on that.
#[test]
fn an_arm_is_the_same_whatever_was_played_before() {
    const TWINS: &str = "[[arm]]\nname = \"twin\"\nmode = \"framework\"\nbinding = 1\nharmonisation = 0.5\ncross_border_data = 0.6\n\
        [[arm]]\nname = \"guide\"\nmode = \"framework\"\nrule = \"none\"\n\
        [[event]]\nname = \"turn\"\nprobability = 0.6\nyear = 2029.5\n\
        set = { \"market.data_drag\" = 0.1, \"arm.twin.cross_border_data\" = 0.2, \"state.*.residency\" = 0.4, \"market.coverage_rate\" = 2 }\n";
    let solutions = [
        None,
        Some("kalai-smorodinsky"),
        Some("egalitarian"),
        Some("rubinstein"),
    ];
    for seed in 500..524 {
        let shape = Shape {
            windows: 3,
            solution: solutions[seed as usize / 2 % 4],
            ..shape(seed)
        };
        let mut text = Scenarios::new(seed).text(shape, &format!("{ARMS}{TWINS}"));
        if text.contains("[[term]]") {
            text.push_str("[[event]]\nname = \"terms\"\nprobability = 0.6\nyear = 2032\nset = { \"term.*.state_value\" = 0.3 }\n");
        }
        let model = model(&text);
        let len = model.outcome_layout().len();
        let mut rows = vec![0.0; len * model.arms.len()];
        let mut draws = vec![0.0; model.uncertain.len()];
        let mut player = Player::new(&model);
        for trial in [3, 0, 7, 0, 1] {
            let played = player.play(&model, trial, &mut rows, &mut draws);
            played.expect("draws keep their ranges");
            for (arm, row) in rows.chunks_exact(len).enumerate() {
                let mut alone = vec![0.0; len];
                let mut fresh = Player::new(&model);
                let played = fresh.play_only(&model, trial, arm, &mut alone, &mut draws);
                played.expect("draws keep their ranges");
                let bits = |row: &[f64]| row.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
                assert_eq!(
                    bits(row),
                    bits(&alone),
                    "seed {seed}, trial {trial}, arm {arm}"
                );
            }
        }
    }
}

/// Equal states with one hyperscaler and cash; every member of the bloc adds as much as any other.
fn equal_states(count: usize) -> String {
    let mut text = String::from(
        "schema = 1\n[horizon]\nstart_year = 2027\nwindows = 1\nwindow_years = 1\n[market]\nregion_efficiency = 0.8\noutside_efficiency = 0.4\n\
         capex_intensity = 1\ncapital_charge = 0\ncoverage_rate = 1\ncontingent_share = 0\ntalent_elasticity = 0.5\nramp_years = 5\n\
         [bargaining]\ntransfers = true\nforesight = 1\n[[hyperscaler]]\nid = 'H'\nmarket_share = 1\noperating_margin = 1\ndiscount_rate = 0\n\
         entry_cost = 0.05\n[[arm]]\nname = 'bilateral'\nmode = 'bilateral'\n[[arm]]\nname = 'bloc'\nmode = 'bloc'\nbinding = 1\nharmonisation = 0\n\
         cross_border_data = 0\nrecourse = 0\nsharing = 'shapley'\nside_payments = 1\n",
    );
    for i in 0..count {
        text += &format!(
            "[[state]]\nid = 'S{i}'\ngdp = 100\ndigital_gmv = 10\nai_spend_share = 0.1\nai_uplift = 0\ntalent = 0.5\ninfrastructure = 0.5\ncompute = 0\n\
             bargaining_power = 0.5\ndiscount_rate = 0\n"
        );
    }
    text
}

/// The same in two regions, the first five and the others: from one to the other they are served no better than from outside.
fn two_regions(count: usize) -> String {
    let mut text = equal_states(count) + "[simulation]\ntrials = 1\n";
    for (i, j) in (0..5).flat_map(|i| (5..count).map(move |j| (i, j))) {
        text += &format!("[[link]]\nbetween = ['S{i}', 'S{j}']\nefficiency = 0.4\n");
    }
    text
}

#[test]
fn sampled_shares_are_written_to_their_error() {
    let here = tempfile::tempdir().expect("a temporary directory");
    fs::write(here.path().join("two.toml"), two_regions(18)).expect("it is writable");
    let (text, _) = check_in(here.path(), &["run", "two.toml", "-q", "--all"], 0);
    let (results, _) = check_in(here.path(), &["run", "two.toml", "-q", "--json"], 0);
    let results: serde_json::Value = serde_json::from_str(&results).expect("JSON");
    let bloc = &results["arms"]["bloc"];
    let error = bloc["accord"]["share_error"]["mean"]
        .as_f64()
        .expect("sampled");
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let note = format!(
        "Shapley shares of more than 16 members are estimated from sampled orders of joining: a member's is off by {:.1}% of what is \
         pooled as `bloc` (standard error).",
        100.0 * error
    );
    assert!(words.contains(&note), "{text}");
    let (explained, _) = check_in(
        here.path(),
        &["explain", "two.toml", "--trial", "0", "-q", "--full"],
        0,
    );
    let explained = explained.split_whitespace().collect::<Vec<_>>().join(" ");
    let thousandths = (1000.0 * error).floor() / 1000.0;
    let said = format!("a member's is off by {thousandths:.3}");
    assert!(explained.contains(&said), "{said}");
    assert_eq!(
        explained.matches("Shares of the gain are sampled").count(),
        1,
        "in the bloc alone"
    );
    let pooled = &results["comparisons"][0]["totals"]["payoff"]["difference"]["mean"];
    let error = error * pooled.as_f64().expect("a number");
    let mut found = 0;
    for line in text.lines() {
        let cells: Vec<&str> = line.split_whitespace().collect();
        if let [state, _, difference] = cells[..]
            && state.starts_with('S')
            && difference.starts_with('+')
        {
            let decimals = difference
                .split_once('.')
                .map_or(0, |(_, after)| after.len());
            let digit = 10f64.powi(-(decimals as i32));
            assert!(
                digit > 0.1 * error && digit < 10.0 * error,
                "{difference} \u{b1} {error}"
            );
            found += 1;
        }
    }
    assert!(found >= 18, "{text}");
}

#[test]
fn shares_of_many_members_are_sampled_with_their_standard_error() {
    let members = 18;
    let outcomes = play(&equal_states(members));
    let bloc = &outcomes[1];
    let alone = outcomes[0].total() / members as f64;
    let gain = (bloc.total() - outcomes[0].total()).max(0.0);
    assert!(gain > 1.0, "{gain}");
    for i in 0..members {
        let off = ((bloc.payoff(i) - alone) / gain - 1.0 / members as f64).abs();
        assert!(
            off < 1e-12,
            "{i}: equal members have equal shares, off by {off}"
        );
    }
    assert!(bloc.row[bloc.layout.share_error()] < 1e-12);
    // Of members in two regions, those of one are equal but for the error of the sample.
    let outcomes = play(&two_regions(members));
    let bloc = &outcomes[1];
    let gain = bloc.total() - outcomes[0].total();
    let error = bloc.row[bloc.layout.share_error()];
    // Independent orders, as many, would leave √(φ(1 − φ)/270) = 0.014 to those of whom one completes a region.
    assert!(error > 0.001 && error < 0.014, "{error}");
    for region in [0..5, 5..members] {
        let share = |i: usize| (bloc.payoff(i) - outcomes[0].payoff(i)) / gain;
        let shares: Vec<f64> = region.map(share).collect();
        let mean = shares.iter().sum::<f64>() / shares.len() as f64;
        for share in shares {
            assert!(
                (share - mean).abs() < 4.5 * error,
                "{share} of {mean} \u{b1} {error}"
            );
        }
    }
    let few = play(&equal_states(6));
    assert!(few[1].row[few[1].layout.share_error()].is_nan(), "exact");
}
