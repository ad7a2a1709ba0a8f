//! T3 and T4: the solutions of one bargain.

use super::{ROUNDING, close};
use mufakat::theory::bargaining::{Agreement, Frontier, Gains, Protocol, impatience, solve};

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
