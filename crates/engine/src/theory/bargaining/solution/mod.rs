//! How the two sides settle: a row for each solution, from which everything that differs between them follows.
//!
//! A solution is a file of this folder with `lambda`, the outcome on the arc, `cash_share`, the state's share where cash can move, and
//! `IS_IMPATIENT`, whether it asks what a round of delay costs.

mod egalitarian;
mod kalai_smorodinsky;
pub mod nash;
mod rubinstein;

use crate::theory::bargaining::frontier::{Arc, Frontier, Gains};

/// What the two sides bring to a table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sides {
    /// β of the state, in \[0, 1\].
    pub bargaining_power: f64,
    /// Years of a round of offers.
    pub round_years: f64,
    /// ln(1+r_S) per year, >= 0.
    pub state_log_rate: f64,
    /// ln(1+r_H) per year, >= 0.
    pub hyperscaler_log_rate: f64,
    /// 1 − δ_S per round; read only where the solution [is impatient](Solution::is_impatient).
    pub state_impatience: f64,
}

/// Solutions, a row each: its numbers, its file, and how they follow from the [`Sides`].
macro_rules! solutions {
    ($($(#[$meta:meta])* $Solution:ident $({ $($(#[$field_meta:meta])* $field:ident),+ })? in $file:ident = $of_sides:expr;)+) => {
        /// Solutions of a bargain (model, section 5).
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Solution { $($(#[$meta])* $Solution,)+ }

        impl Solution {
            /// All of them, in the order of their definition.
            pub const ALL: [Solution; [$(stringify!($Solution)),+].len()] = [$(Solution::$Solution),+];

            /// How two sides settle by it.
            pub fn protocol(self, sides: &Sides) -> Protocol {
                match self { $(Solution::$Solution => ($of_sides)(sides),)+ }
            }

            /// Whether it asks what a round of delay costs.
            pub fn is_impatient(self) -> bool {
                match self { $(Solution::$Solution => $file::IS_IMPATIENT,)+ }
            }
        }

        /// How the two sides settle.
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub enum Protocol { $($(#[$meta])* $Solution $({ $($(#[$field_meta])* $field: f64),+ })?,)+ }

        impl Protocol {
            /// The λ of the outcome on an arc that leaves both sides a gain.
            pub(super) fn lambda(self, frontier: &Frontier, gains: Gains, arc: Arc) -> f64 {
                match self {
                    $(Protocol::$Solution $({ $($field),+ })? => $file::lambda(frontier, gains, arc $(, $($field),+)?),)+
                }
            }

            /// The state's share of the total when cash can move (29).
            pub fn cash_share(self) -> f64 {
                match self { $(Protocol::$Solution $({ $($field),+ })? => $file::cash_share($($($field),+)?),)+ }
            }
        }
    };
}

solutions! {
    /// Asymmetric Nash (25); `bargaining_power` is the state's exponent β in \[0, 1\].
    Nash {
        /// β.
        bargaining_power
    } in nash = |sides: &Sides| Protocol::Nash { bargaining_power: sides.bargaining_power };
    /// Kalai-Smorodinsky (26): equal shares of what each could get at most.
    KalaiSmorodinsky in kalai_smorodinsky = |_: &Sides| Protocol::KalaiSmorodinsky;
    /// Egalitarian (27): equal gains.
    Egalitarian in egalitarian = |_: &Sides| Protocol::Egalitarian;
    /// Rubinstein's alternating offers (28), the state first. Impatience is 1 − δ, the share of a gain that a round of delay costs, in
    /// \[0, 1): held instead of the discount factor δ because it keeps its digits where rounds are short.
    Rubinstein {
        /// 1 − δ_S.
        state_impatience,
        /// 1 − δ_H.
        hyperscaler_impatience
    } in rubinstein = |sides: &Sides| Protocol::alternating_offers(
        sides.round_years,
        sides.state_log_rate,
        sides.hyperscaler_log_rate,
        sides.state_impatience,
    );
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
