//! One bargain between two sides over a bundle of terms, with or without cash: the pure theory of model, section 5.
//!
//! Nothing here knows states of the world, hyperscalers or windows: a table is a [`Frontier`], two [`Gains`] and a [`Protocol`].

pub mod egalitarian;
pub mod frontier;
pub mod kalai_smorodinsky;
pub mod nash;
pub mod offer;
pub mod root;
pub mod rubinstein;

pub use frontier::{Arc, Frontier, FrontierPoint, Gains};

use egalitarian::egalitarian;
use kalai_smorodinsky::kalai_smorodinsky;
use nash::nash_from_middle;
use rubinstein::rubinstein;

/// How the two sides settle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Protocol {
    /// Asymmetric Nash; `bargaining_power` is the state's exponent β in \[0, 1\].
    Nash {
        /// β.
        bargaining_power: f64,
    },
    /// Equal shares of what each could get at most.
    KalaiSmorodinsky,
    /// Equal gains.
    Egalitarian,
    /// Alternating offers, the state first. Impatience is 1 − δ, the share of a gain that a round of delay costs, in \[0, 1): held
    /// instead of the discount factor δ because it keeps its digits where rounds are short.
    Rubinstein {
        /// 1 − δ_S.
        state_impatience: f64,
        /// 1 − δ_H.
        hyperscaler_impatience: f64,
    },
}

impl Protocol {
    /// Rubinstein's protocol for rounds of `round_years`, or its limit where a round takes no time or costs no side a digit: Nash
    /// with β = ln(1+r_H)/(ln(1+r_S) + ln(1+r_H)), ½ if both rates are 0 (model, T3).
    ///
    /// `state_log` and `hyperscaler_log` are ln(1+r) per year, >= 0; `state_impatience` is 1 − δ_S per round.
    pub fn alternating_offers(
        round_years: f64,
        state_log: f64,
        hyperscaler_log: f64,
        state_impatience: f64,
    ) -> Protocol {
        /// Below it the limit, which is off by about as much, is nearer than what rounding leaves of two offers that differ by less.
        const NEGLIGIBLE: f64 = 1e-7;
        let hyperscaler_impatience = impatience(hyperscaler_log, round_years);
        if state_impatience.max(hyperscaler_impatience) > NEGLIGIBLE {
            return Protocol::Rubinstein {
                state_impatience,
                hyperscaler_impatience,
            };
        }
        let sum = state_log + hyperscaler_log;
        Protocol::Nash {
            bargaining_power: if sum > 0.0 {
                hyperscaler_log / sum
            } else {
                0.5
            },
        }
    }
}

/// 1 − δ = 1 − (1+r)^−round_years for ln(1+r) per year: what a round of delay costs, as a share of a gain.
pub fn impatience(log_rate: f64, round_years: f64) -> f64 {
    -libm::expm1(-log_rate * round_years)
}

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
    let lambda = match protocol {
        Protocol::Nash { bargaining_power } => {
            if bargaining_power > 0.5 {
                arc.high
            } else {
                arc.low
            }
        }
        Protocol::KalaiSmorodinsky => kalai_smorodinsky(frontier, gains, arc),
        Protocol::Egalitarian => egalitarian(frontier, gains, arc),
        Protocol::Rubinstein {
            state_impatience,
            hyperscaler_impatience,
        } => rubinstein(
            frontier,
            gains,
            arc,
            state_impatience,
            hyperscaler_impatience,
        ),
    };
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
        cash_share(protocol) * total,
    ))
}

/// The state's share of the total when cash can move: β under Nash, (1−δ_H)/(1−δ_S·δ_H) under alternating offers, ½ else (29).
pub fn cash_share(protocol: Protocol) -> f64 {
    match protocol {
        Protocol::Nash { bargaining_power } => bargaining_power,
        Protocol::KalaiSmorodinsky | Protocol::Egalitarian => 0.5,
        Protocol::Rubinstein {
            state_impatience: s,
            hyperscaler_impatience: h,
        } => h / (s + h - s * h),
    }
}
