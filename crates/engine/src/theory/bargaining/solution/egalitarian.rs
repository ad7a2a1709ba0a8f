//! The egalitarian solution (27).

use crate::theory::bargaining::frontier::{Arc, Frontier, Gains};
use crate::theory::bargaining::root::increasing_root;

/// No side waits.
pub const IS_IMPATIENT: bool = false;

/// Half of the total (29).
pub fn cash_share() -> f64 {
    0.5
}

/// The λ on the arc with u_S = u_H, or the end of the arc nearer to it.
///
/// # References
/// Kalai, Proportional Solutions to Bargaining Situations, Econometrica 45 (1977).
pub fn lambda(frontier: &Frontier, gains: Gains, arc: Arc) -> f64 {
    let difference = |lambda: f64| {
        let point = frontier.at(lambda);
        (
            gains.state + point.value - gains.hyperscaler + point.cost,
            point.value_slope + point.cost_slope,
        )
    };
    if difference(arc.low).0 >= 0.0 {
        arc.low
    } else if difference(arc.high).0 <= 0.0 {
        arc.high
    } else {
        increasing_root(arc.low, arc.high, difference)
    }
}
