//! Closed forms: one bargain, and the model in its symmetric setting.

use crate::support::{Symmetric, play};
use mufakat::theory::bargaining::root::increasing_root;
use mufakat::theory::bargaining::{Frontier, Gains, Protocol, solve, solve_with_cash};

/// Closed forms hold to rounding; values given with six decimals hold to half a unit of the last.
const EXACT: f64 = 1e-12;
const SIX_DECIMALS: f64 = 5.1e-7;

#[track_caller]
fn close(actual: f64, expected: f64, tolerance: f64) {
    assert!(
        (actual - expected).abs() <= tolerance,
        "{actual} instead of {expected}"
    );
}

const NO_TERMS: Frontier = Frontier {
    a: &[],
    b: &[],
    c: &[],
    d: &[],
    min: &[],
    max: &[],
    scale: 1.0,
    foreseen: None,
};

#[test]
fn linear_pie_with_disagreement_values() {
    let gains = Gains {
        state: 0.7,
        hyperscaler: 0.0,
    };
    for protocol in [
        Protocol::Nash {
            bargaining_power: 0.5,
        },
        Protocol::KalaiSmorodinsky,
        Protocol::Egalitarian,
    ] {
        let agreement =
            solve_with_cash(&NO_TERMS, gains, protocol).expect("there is a surplus of 0.7");
        close(0.2 + agreement.state_gain, 0.55, EXACT);
        close(0.1 + agreement.hyperscaler_gain, 0.45, EXACT);
    }
}

#[test]
fn rubinstein_shares_of_the_first_mover() {
    for (first, second, share) in [
        (0.9, 0.9, 0.526316),
        (0.9, 0.8, 0.714286),
        (0.95, 0.9, 0.689655),
        (0.5, 0.5, 0.666667),
    ] {
        let protocol = Protocol::Rubinstein {
            state_impatience: 1.0 - first,
            hyperscaler_impatience: 1.0 - second,
        };
        close(protocol.cash_share(), share, SIX_DECIMALS);
    }
}

#[test]
fn concave_pie_by_the_root_finder() {
    // u1 = √x, u2 = 1 − x: the first-order condition of (25) is (1−β)·2x = β·(1−x).
    let nash = |beta: f64| {
        increasing_root(0.0, 1.0, |x| {
            ((1.0 - beta) * 2.0 * x - beta * (1.0 - x), 2.0 - beta)
        })
    };
    close(nash(0.5), 1.0 / 3.0, 1e-11);
    close(nash(0.7), 0.35 / 0.65, 1e-11);
    let equal = increasing_root(0.0, 1.0, |x: f64| {
        (x.sqrt() - 1.0 + x, 0.5 / x.sqrt() + 1.0)
    });
    close(equal, (3.0 - 5.0f64.sqrt()) / 2.0, 1e-11);
}

#[test]
fn wider_frontier_that_lowers_a_side() {
    let gains = Gains {
        state: 0.0,
        hyperscaler: 1.0,
    };
    for (max, state, hyperscaler) in [(0.5, 0.295307, 0.787486), (1.0, 0.356789, 0.713578)] {
        let frontier = Frontier {
            a: &[1.0],
            b: &[1.0],
            c: &[0.5],
            d: &[0.5],
            min: &[0.0],
            max: &[max],
            scale: 1.0,
            foreseen: None,
        };
        let agreement = solve(&frontier, gains, Protocol::KalaiSmorodinsky).expect("a deal exists");
        close(agreement.state_gain, state, SIX_DECIMALS);
        close(agreement.hyperscaler_gain, hyperscaler, SIX_DECIMALS);
    }
}

// All who are invited are bound: the closed forms are about the tables, not about the votes.
const BLOC: &str = "[[arm]]\nname = \"bilateral\"\nmode = \"bilateral\"\n[[arm]]\nname = \"bloc\"\nmode = \"bloc\"\nrule = \"mandate\"\n";

#[test]
fn substitutes_gain_from_one_table() {
    let setting = Symmetric {
        arms: BLOC.to_owned(),
        ..Symmetric::new(4)
    };
    let outcomes = play(&setting.text());
    for i in 0..4 {
        close(outcomes[0].payoff(i), 0.075, EXACT);
        close(outcomes[1].payoff(i), 0.275, EXACT);
    }
    close(outcomes[0].profit(0), 1.9, EXACT);
    close(outcomes[1].profit(0), 1.1, EXACT);
}

#[test]
fn an_outsider_that_serves_as_well_takes_the_gain_away() {
    let arms = BLOC.to_owned() + "members = [\"S0\", \"S1\", \"S2\"]\n";
    let outcomes = play(
        &Symmetric {
            arms,
            ..Symmetric::new(4)
        }
        .text(),
    );
    for i in 0..3 {
        close(outcomes[1].payoff(i), 0.075, EXACT);
    }
}

#[test]
fn without_foresight_the_first_to_sign_gets_most() {
    for (foresight, first, bloc_premium) in
        [(0.0, 0.875, 0.0), (0.5, 0.475, 0.4), (1.0, 0.075, 0.8)]
    {
        let setting = Symmetric {
            arms: BLOC.to_owned(),
            foresight,
            ..Symmetric::new(4)
        };
        let outcomes = play(&setting.text());
        close(outcomes[0].payoff(0), first, EXACT);
        for i in 1..4 {
            close(outcomes[0].payoff(i), 0.075, EXACT);
        }
        close(outcomes[1].total(), 1.1, EXACT);
        close(
            outcomes[1].total() - outcomes[0].total(),
            bloc_premium,
            EXACT,
        );
    }
}

#[test]
fn a_shared_standard_favours_separate_tables() {
    let rules = "harmonisation = 1\nbinding = 1\n";
    let arms = format!(
        "[[arm]]\nname = \"bilateral\"\nmode = \"bilateral\"\n[[arm]]\nname = \"framework\"\nmode = \"framework\"\n{rules}\
         [[arm]]\nname = \"bloc\"\nmode = \"bloc\"\n{rules}"
    );
    let setting = Symmetric {
        efficiency: 0.0,
        outside: 0.0,
        compliance_cost: 0.2,
        arms,
        ..Symmetric::new(4)
    };
    let outcomes = play(&setting.text());
    close(outcomes[0].total(), 1.5, EXACT);
    close(outcomes[1].total(), 1.9, EXACT);
    close(outcomes[1].profit(0), 1.7, EXACT);
    close(outcomes[2].total(), 1.8, EXACT);
    close(outcomes[2].profit(0), 1.8, EXACT);
}

#[test]
fn a_contest_ends_at_the_second_price() {
    let arms = "[[arm]]\nname = \"contest\"\nmode = \"contest\"\n".to_owned();
    let setting = Symmetric {
        demands: vec![1.2, 1.0, 0.8],
        arms,
        ..Symmetric::new(3)
    };
    let outcome = &play(&setting.text())[0];
    close(outcome.payoff(0), 0.04, EXACT);
    close(outcome.profit(0), 1.35, EXACT);
}

#[test]
fn leverage_falls_as_neighbours_serve_better() {
    for (efficiency, expected) in [(0.0, 0.35), (0.5, 0.175), (0.95, 0.0175)] {
        let setting = Symmetric {
            efficiency,
            outside: 0.0,
            entry_cost: 0.0,
            power: 0.35,
            arms: BLOC.to_owned(),
            ..Symmetric::new(4)
        };
        close(play(&setting.text())[0].leverage(0), expected, EXACT);
    }
}

#[test]
fn one_of_two_equal_suppliers_is_expected() {
    // V = 1, q = ½ each, D·(1 − σ_0) = 0, F = 0.4: the second supplier adds ¼ < F, so one of the two is expected and signs.
    let text = Symmetric {
        hyperscalers: 2,
        outside: 1.0,
        entry_cost: 0.4,
        ..Symmetric::new(1)
    }
    .text();
    let rate = 2.0 * std::f64::consts::LN_2;
    let text = text
        .replace("coverage_rate = 0", &format!("coverage_rate = {rate}"))
        .replace(
            "contingent_share = 0",
            "contingent_share = 1\nuplift_is = \"level\"",
        )
        .replace("ai_uplift = 0", "ai_uplift = 1")
        .replace(
            "talent = 0.5\ninfrastructure = 0.5",
            "talent = 1\ninfrastructure = 1",
        );
    let text = text + "[[arm]]\nname = \"bilateral\"\nmode = \"bilateral\"\n";
    let outcome = &play(&text)[0];
    close(outcome.payoff(0), 0.05, EXACT);
    close(outcome.profit(0), 0.05, EXACT);
    close(outcome.profit(1), 0.0, EXACT);
}

#[test]
fn a_lone_deal_splits_its_surplus_by_power() {
    let text = Symmetric {
        outside: 0.2,
        entry_cost: 0.1,
        power: 0.3,
        ..Symmetric::new(1)
    }
    .text();
    let text = text
        .replace("coverage_rate = 0", "coverage_rate = 0.5")
        .replace(
            "contingent_share = 0",
            "contingent_share = 1\nuplift_is = \"level\"",
        )
        .replace("ai_uplift = 0", "ai_uplift = 2.5")
        .replace(
            "talent = 0.5\ninfrastructure = 0.5",
            "talent = 1\ninfrastructure = 1",
        );
    let text = text + "[[arm]]\nname = \"bilateral\"\nmode = \"bilateral\"\n";
    let outcome = &play(&text)[0];
    let surplus = 2.5 * (1.0 - (-0.5f64).exp()) + 0.8 - 0.1;
    close(outcome.payoff(0), 0.3 * surplus, EXACT);
    close(outcome.profit(0), 0.7 * surplus, EXACT);
    close(outcome.payoff(0), 0.505102, SIX_DECIMALS);
    close(outcome.profit(0), 1.178571, SIX_DECIMALS);
}
