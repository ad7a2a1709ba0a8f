//! Rubinstein's alternating offers on the frontier (28).

use crate::theory::bargaining::frontier::{Arc, Frontier, Gains, just_above};
use crate::theory::bargaining::root::increasing_root_below;

/// What a round costs decides.
pub const IS_IMPATIENT: bool = true;

/// (1−δ_H)/(1−δ_S·δ_H) of the total (29), in impatience.
pub fn cash_share(state_impatience: f64, hyperscaler_impatience: f64) -> f64 {
    let (s, h) = (state_impatience, hyperscaler_impatience);
    h / (s + h - s * h)
}

/// The λ of the offer x that the state makes first and the hyperscaler accepts at once.
///
/// x is the largest λ of the arc with u_H(x) >= δ_H·u_H(y), where y, the hyperscaler's counter-offer, is the smallest λ of the arc with
/// u_S(y) >= δ_S·u_S(x). On a concave frontier u_H(x) − δ_H·u_H(y(x)) falls in x, so one bracketed root holds the other. Impatience per
/// round is 1 − δ, in \[0, 1).
///
/// # References
/// Rubinstein, Perfect Equilibrium in a Bargaining Model, Econometrica 50 (1982).
pub fn lambda(
    frontier: &Frontier,
    gains: Gains,
    arc: Arc,
    state_impatience: f64,
    hyperscaler_impatience: f64,
) -> f64 {
    if hyperscaler_impatience == 0.0 {
        // It waits for free: only the offer that leaves it as much as its own counter-offer, the lowest end of the arc, is accepted.
        return just_above(arc.low);
    }
    let (state_factor, hyperscaler_factor) = (1.0 - state_impatience, 1.0 - hyperscaler_impatience);
    let excess = |lambda: f64| {
        let offer = frontier.at(lambda);
        let target = state_factor * (gains.state + offer.value);
        let counter = frontier.smallest_with_state_gain(gains, target, arc.low, lambda);
        let reply = frontier.at(counter);
        let delayed = hyperscaler_impatience * (gains.hyperscaler - reply.cost);
        let value = frontier.cost_difference(lambda, counter) - delayed;
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
        just_above(increasing_root_below(arc.low, arc.high, excess))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hyperscaler_that_waits_for_free_gives_nothing() {
        let frontier = Frontier {
            a: &[0.6],
            b: &[0.2],
            c: &[-0.1],
            d: &[0.3],
            min: &[0.0],
            max: &[1.0],
            scale: 1e-4,
            foreseen: None,
        };
        let gains = Gains {
            state: 1.0,
            hyperscaler: 1.0,
        };
        let arc = frontier.arc(gains).expect("a deal exists");
        let free = lambda(&frontier, gains, arc, 0.05, 0.0);
        assert!((frontier.level(0, free) - 1.0 / 3.0).abs() < 1e-15);
        // Almost for free: next to it, and not lost in rounding.
        let almost = lambda(&frontier, gains, arc, 0.05, 1e-12);
        assert!((frontier.level(0, almost) - 1.0 / 3.0).abs() < 1e-3);
    }
}
