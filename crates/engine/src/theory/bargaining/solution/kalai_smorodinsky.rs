//! The Kalai-Smorodinsky solution (26).

use crate::theory::bargaining::frontier::{Arc, Frontier, Gains};
use crate::theory::bargaining::root::increasing_root;

/// No side waits.
pub const IS_IMPATIENT: bool = false;

/// Half of the total (29).
pub fn cash_share() -> f64 {
    0.5
}

/// The λ on the arc with u_S/s* = u_H/h*.
///
/// u_S·h* − u_H·s* is non-decreasing, at most 0 at λ0 and at least 0 at λ1, so a root always exists.
///
/// # References
/// Kalai and Smorodinsky, Other Solutions to Nash's Bargaining Problem, Econometrica 43 (1975).
pub fn lambda(frontier: &Frontier, gains: Gains, arc: Arc) -> f64 {
    increasing_root(arc.low, arc.high, |lambda| {
        let point = frontier.at(lambda);
        let value = (gains.state + point.value) * arc.hyperscaler_best
            - (gains.hyperscaler - point.cost) * arc.state_best;
        (
            value,
            point.value_slope * arc.hyperscaler_best + point.cost_slope * arc.state_best,
        )
    })
}
