//! The asymmetric Nash bargaining solution (25).

use crate::theory::bargaining::frontier::{Arc, Frontier, FrontierPoint, Gains};
use crate::theory::bargaining::root::{Bracket, ROOT_WIDTH};

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
/// at a root, so that the sign says whether a deal exists.
pub fn nash_from_middle(
    frontier: &Frontier,
    gains: Gains,
    bargaining_power: f64,
    middle: FrontierPoint,
) -> Option<(f64, FrontierPoint)> {
    let beta = bargaining_power;
    let mut bracket = Bracket::new(0.0, 1.0, 0.5);
    let mut point = middle;
    loop {
        let lambda = bracket.at();
        let state = gains.state + point.value;
        let hyperscaler = gains.hyperscaler - point.cost;
        let value = lambda * (1.0 - beta) * state - (1.0 - lambda) * beta * hyperscaler;
        let slope = (1.0 - beta) * (state + lambda * point.value_slope)
            + beta * (hyperscaler + (1.0 - lambda) * point.cost_slope);
        let step = value / slope;
        if step.abs() <= SHORT_STEP && slope.is_finite() {
            let (lambda, point) = moved(lambda, point, -step);
            let both = gains.state + point.value > 0.0 && gains.hyperscaler - point.cost > 0.0;
            return both.then_some((lambda, point));
        }
        if bracket.advance(value, slope, ROOT_WIDTH) {
            return (state > 0.0 && hyperscaler > 0.0).then_some((lambda, point));
        }
        point = frontier.at(bracket.at());
    }
}

/// A Newton step of λ this short is taken along the tangents: what it misses is of the order of its square, at a kink within the step
/// of its length.
const SHORT_STEP: f64 = 1e-9;

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
