//! Rubinstein's alternating offers on the frontier (28).

use crate::bargaining::frontier::{Arc, Frontier, Gains};
use crate::bargaining::root::increasing_root;

/// The λ of the offer x that the state makes first and the hyperscaler accepts at once.
///
/// x is the largest λ of the arc with u_H(x) >= δ_H·u_H(y), where y, the hyperscaler's counter-offer, is the smallest λ of the arc with
/// u_S(y) >= δ_S·u_S(x). On a concave frontier u_H(x) − δ_H·u_H(y(x)) falls in x, so one bracketed root holds the other. Impatience per
/// round is 1 − δ, in \[0, 1).
///
/// # References
/// Rubinstein, Perfect Equilibrium in a Bargaining Model, Econometrica 50 (1982).
pub fn rubinstein(
    frontier: &Frontier,
    gains: Gains,
    arc: Arc,
    state_impatience: f64,
    hyperscaler_impatience: f64,
) -> f64 {
    let (state_factor, hyperscaler_factor) = (1.0 - state_impatience, 1.0 - hyperscaler_impatience);
    let excess = |lambda: f64| {
        let offer = frontier.at(lambda);
        let target = state_factor * (gains.state + offer.value);
        let counter = frontier.smallest_with_state_gain(gains, target, arc.low, lambda);
        let reply = frontier.at(counter);
        let value = hyperscaler_factor * (gains.hyperscaler - reply.cost)
            - (gains.hyperscaler - offer.cost);
        let moved = if counter > arc.low {
            state_factor * offer.value_slope / reply.value_slope
        } else {
            0.0
        };
        (
            value,
            offer.cost_slope - hyperscaler_factor * reply.cost_slope * moved,
        )
    };
    if excess(arc.high).0 <= 0.0 {
        arc.high
    } else {
        increasing_root(arc.low, arc.high, excess)
    }
}
