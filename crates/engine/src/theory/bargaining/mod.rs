//! One bargain between two sides over a bundle of terms, with or without cash: the pure theory of model, section 5.
//!
//! Nothing here knows states of the world, hyperscalers or windows: a table is a [`Frontier`], two [`Gains`] and a [`Protocol`].

pub mod frontier;
pub mod offer;
pub mod root;
pub mod solution;

pub use frontier::{Arc, Frontier, FrontierPoint, Gains};
pub use solution::{Protocol, Sides, Solution, impatience};

use solution::nash::nash_from_middle;

/// An accepted outcome.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// λ of the bundle.
    pub lambda: f64,
    /// u_S, > 0 except at an end of the arc.
    pub state_gain: f64,
    /// u_H.
    pub hyperscaler_gain: f64,
    /// T, from the hyperscaler to the state; 0 without cash.
    pub transfer: f64,
    /// s of the bundle, what its terms are worth to the state.
    pub value: f64,
    /// g of the bundle, what its terms cost the hyperscaler.
    pub cost: f64,
}

impl Agreement {
    /// The agreement at λ without cash.
    pub fn on_frontier(frontier: &Frontier, gains: Gains, lambda: f64) -> Agreement {
        Agreement::at_point(gains, lambda, frontier.at(lambda))
    }

    /// The agreement at λ without cash, whose point of the frontier is known.
    fn at_point(gains: Gains, lambda: f64, point: FrontierPoint) -> Agreement {
        Agreement {
            lambda,
            state_gain: gains.state + point.value,
            hyperscaler_gain: gains.hyperscaler - point.cost,
            transfer: 0.0,
            value: point.value,
            cost: point.cost,
        }
    }

    /// The agreement on the efficient bundle x(½) with the state's gain set by cash.
    pub fn with_cash(frontier: &Frontier, gains: Gains, total: f64, state_gain: f64) -> Agreement {
        let point = frontier.at(0.5);
        let transfer = state_gain - gains.state - point.value;
        Agreement {
            lambda: 0.5,
            state_gain,
            hyperscaler_gain: total - state_gain,
            transfer,
            value: point.value,
            cost: point.cost,
        }
    }
}

/// The agreement without cash, or none where no individually rational bundle exists.
pub fn solve(frontier: &Frontier, gains: Gains, protocol: Protocol) -> Option<Agreement> {
    if let Protocol::Nash { bargaining_power } = protocol
        && bargaining_power > 0.0
        && bargaining_power < 1.0
    {
        if gains.hyperscaler - frontier.at(0.0).cost <= 0.0
            || gains.state + frontier.at(1.0).value <= 0.0
        {
            return None;
        }
        return solve_from_middle(frontier, gains, protocol, frontier.at(0.5));
    }
    let arc = frontier.arc(gains)?;
    let lambda = protocol.lambda(frontier, gains, arc);
    Some(Agreement::on_frontier(frontier, gains, lambda))
}

/// As [`solve`], for one who knows the point of the frontier at λ = ½ and that both sides could gain: ΔΠ − g at λ = 0 and ΔU + s at
/// λ = 1 are positive.
pub fn solve_from_middle(
    frontier: &Frontier,
    gains: Gains,
    protocol: Protocol,
    middle: FrontierPoint,
) -> Option<Agreement> {
    match protocol {
        Protocol::Nash { bargaining_power } if bargaining_power > 0.0 && bargaining_power < 1.0 => {
            nash_from_middle(frontier, gains, bargaining_power, middle)
                .map(|(lambda, point)| Agreement::at_point(gains, lambda, point))
        }
        _ => solve(frontier, gains, protocol),
    }
}

/// total = ΔU + ΔΠ + s − g at the efficient bundle x(½): what there is to divide with cash.
pub fn cash_total(frontier: &Frontier, gains: Gains) -> f64 {
    let point = frontier.at(0.5);
    gains.state + gains.hyperscaler + point.value - point.cost
}

/// The agreement with unlimited cash (29), or none where the total is not positive.
pub fn solve_with_cash(frontier: &Frontier, gains: Gains, protocol: Protocol) -> Option<Agreement> {
    let total = cash_total(frontier, gains);
    if total <= 0.0 {
        return None;
    }
    Some(Agreement::with_cash(
        frontier,
        gains,
        total,
        protocol.cash_share() * total,
    ))
}
