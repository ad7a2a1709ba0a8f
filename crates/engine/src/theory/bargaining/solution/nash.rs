//! The asymmetric Nash bargaining solution (25).

use crate::theory::bargaining::frontier::{Arc, Frontier, FrontierPoint, Gains};
use crate::theory::bargaining::root::Bracket;

/// Power, not patience, divides.
pub const IS_IMPATIENT: bool = false;

/// The λ of an outcome in which one side has all power, β = 0 or 1: the end of the arc that is best for it. Between them [`nash_from_middle`]
/// needs no arc.
pub fn lambda(_: &Frontier, _: Gains, arc: Arc, bargaining_power: f64) -> f64 {
    if bargaining_power > 0.5 {
        arc.high
    } else {
        arc.low
    }
}

/// β of the total (29).
pub fn cash_share(bargaining_power: f64) -> f64 {
    bargaining_power
}

/// The λ that maximises u_S^β·u_H^(1−β) for β in (0, 1), or none where no λ leaves both sides a positive gain.
///
/// # References
/// Nash, The Bargaining Problem, Econometrica 18 (1950); Binmore, Rubinstein and Wolinsky, RAND Journal 17 (1986).
pub fn nash(frontier: &Frontier, gains: Gains, bargaining_power: f64) -> Option<f64> {
    if gains.hyperscaler - frontier.at(0.0).cost <= 0.0
        || gains.state + frontier.at(1.0).value <= 0.0
    {
        return None;
    }
    let middle = frontier.at(0.5);
    nash_from_middle(frontier, gains, bargaining_power, middle).map(|(lambda, _)| lambda)
}

/// As [`nash`], with the point of the frontier at the outcome, from the known point at λ = ½; the ends need not be looked at before.
///
/// The optimum is the root of F(λ) = λ(1−β)u_S − (1−λ)βu_H. On the arc F is increasing; left of it u_S <= 0 < u_H and F < 0, right of it
/// F > 0, so the root found in \[0, 1\] lies on the arc whenever there is one. In the inside of \[0, 1\] both gains have the same sign
/// at a root, so that the sign says whether a deal exists. Where F jumps over zero, as it does where terms of no size are all that moves, a deal
/// exists where one side of the jump leaves both a gain; if both sides do, it is the state's.
pub fn nash_from_middle(
    frontier: &Frontier,
    gains: Gains,
    bargaining_power: f64,
    middle: FrontierPoint,
) -> Option<(f64, FrontierPoint)> {
    let beta = bargaining_power;
    let mut bracket = Bracket::new(0.0, 1.0, 0.5);
    let mut point = middle;
    let both_gain = |point: FrontierPoint| {
        gains.state + point.value > 0.0 && gains.hyperscaler - point.cost > 0.0
    };
    loop {
        let lambda = bracket.at();
        let state = gains.state + point.value;
        let hyperscaler = gains.hyperscaler - point.cost;
        let value = lambda * (1.0 - beta) * state - (1.0 - lambda) * beta * hyperscaler;
        let slope = (1.0 - beta) * (state + lambda * point.value_slope)
            + beta * (hyperscaler + (1.0 - lambda) * point.cost_slope);
        let step = value / slope;
        let mut slope = slope;
        if step.abs() <= SHORT_STEP && slope.is_finite() {
            let steepest = point.value_slope.max(point.cost_slope);
            if steepest * step.abs() <= STEEP * (state.abs() + hyperscaler.abs()) {
                // Where nothing moves there may be a jump within the step.
                let step = if steepest > 0.0 { step } else { 0.0 };
                let (lambda, point) = moved(lambda, point, -step);
                return both_gain(point).then_some((lambda, point));
            }
            slope = f64::INFINITY;
        }
        if bracket.advance(value, slope) {
            return [bracket.above(), bracket.below()]
                .into_iter()
                .map(|end| match end == lambda {
                    true => (end, point),
                    false => (end, frontier.at(end)),
                })
                .find(|&(_, point)| both_gain(point));
        }
        point = frontier.at(bracket.at());
    }
}

/// A Newton step of λ this short is taken along the tangents: what it misses is of the order of its square, at a kink within the step
/// of its length.
const SHORT_STEP: f64 = 1e-9;
/// Tangents that move gains by more than this share of them within a short step say nothing: where terms have next to no size, these run from
/// bound to bound in it.
const STEEP: f64 = 1e-3;

/// The point of the frontier a little further on, within \[0, 1\].
fn moved(lambda: f64, point: FrontierPoint, step: f64) -> (f64, FrontierPoint) {
    let to = (lambda + step).clamp(0.0, 1.0);
    let step = to - lambda;
    let value = point.value + point.value_slope * step;
    let cost = point.cost + point.cost_slope * step;
    (
        to,
        FrontierPoint {
            value,
            cost,
            ..point
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Terms that are worth to the state what they cost the hyperscaler, without curvature: they jump at λ = ½.
    fn sizeless<'a>(worth: &'a [f64], cost: &'a [f64]) -> Frontier<'a> {
        Frontier {
            a: worth,
            b: &[0.0],
            c: cost,
            d: &[0.0],
            min: &[0.0],
            max: &[1.0],
            scale: 1.0,
            foreseen: None,
        }
    }

    #[test]
    fn at_a_jump_the_side_is_taken_that_leaves_both_a_gain() {
        let frontier = sizeless(&[0.5], &[0.5 + 1e-15]);
        for (state, hyperscaler, level) in [
            (0.0, 1.0, Some(1.0)),
            (0.4, 1.0, Some(1.0)),
            (0.1, 0.3, Some(0.0)),
            (-0.2, 0.3, None),
        ] {
            let gains = Gains { state, hyperscaler };
            let found = nash(&frontier, gains, 0.5).map(|lambda| frontier.level(0, lambda));
            assert_eq!(found, level, "{gains:?}");
        }
    }

    #[test]
    fn a_term_of_no_size_does_not_hide_the_root_of_another() {
        // The other, x = λ/(1 − λ), alone decides below λ = ½: λ·½·(x + 0.1) = (1 − λ)·½·(1 − ½x²).
        let root = |lambda: f64| {
            let x = lambda / (1.0 - lambda);
            lambda * (x + 0.1) - (1.0 - lambda) * (1.0 - 0.5 * x * x)
        };
        let (mut low, mut high) = (0.0, 0.5);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            *(if root(middle) < 0.0 {
                &mut low
            } else {
                &mut high
            }) = middle;
        }
        let frontier = Frontier {
            a: &[1.0, 0.5],
            b: &[0.0, 0.0],
            c: &[0.0, 0.5 + 1e-15],
            d: &[1.0, 0.0],
            min: &[0.0; 2],
            max: &[2.0; 2],
            scale: 1.0,
            foreseen: None,
        };
        let gains = Gains {
            state: 0.1,
            hyperscaler: 1.0,
        };
        let lambda = nash(&frontier, gains, 0.5).expect("a deal");
        assert!((lambda - low).abs() < 1e-9, "{lambda} instead of {low}");
        assert!(lambda < 0.5, "{lambda}");
    }

    #[test]
    fn a_term_of_next_to_no_size_does_not_go_beyond_its_bound() {
        let curvature = [1e-10];
        let frontier = Frontier {
            b: &curvature,
            d: &curvature,
            ..sizeless(&[0.5], &[0.5])
        };
        let gains = Gains {
            state: 0.0,
            hyperscaler: 3.0,
        };
        // At the bound u_S = ½ and u_H = 2½, and λ·½ = (1 − λ)·2½.
        let middle = frontier.at(0.5);
        let (lambda, point) = nash_from_middle(&frontier, gains, 0.5, middle).expect("a deal");
        assert!((point.value - 0.5).abs() < 1e-9, "{point:?}");
        assert!((lambda - 5.0 / 6.0).abs() < 1e-9, "{lambda}");
    }
}
