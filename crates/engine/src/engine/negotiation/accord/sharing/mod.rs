//! Rules of sharing, a file each (model, section 7, step 5). What is divided by them is in `side_payments`.

mod equal;
mod gdp;
mod nothing;
mod nucleolus;
mod population;
mod rule;
mod shapley;

use crate::engine::model::arm::Sharing;
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::accord::sharing::rule::SharingRule;
use crate::theory::coalition::CoalitionError;

/// `$body` with `$Rule` as the type that holds a rule: a row for each.
macro_rules! by_rule {
    ($rule:expr, $Rule:ident => $body:expr) => {
        by_rule!($rule, $Rule => $body,
            None = nothing::Nothing;
            Equal = equal::Equal;
            Gdp = gdp::Gdp;
            Population = population::Population;
            Shapley = shapley::Shapley;
            Nucleolus = nucleolus::Nucleolus;
        )
    };
    ($rule:expr, $Rule:ident => $body:expr, $($Variant:ident = $type:ty;)+) => {
        match $rule {
            $(Sharing::$Variant => {
                type $Rule = $type;
                $body
            })+
        }
    };
}

/// Whether anything is pooled.
pub fn pools(rule: Sharing) -> bool {
    by_rule!(rule, Rule => Rule::POOLS)
}

/// Whether the game of the members decides.
pub fn is_by_value(rule: Sharing) -> bool {
    by_rule!(rule, Rule => Rule::BY_VALUE)
}

/// What i's share is proportional to where no game decides.
pub fn weight(rule: Sharing, economy: &Economy, i: usize) -> f64 {
    by_rule!(rule, Rule => Rule::weight(economy, i))
}

/// Each player's value in a game.
///
/// # Errors
/// Values that cannot be found.
pub fn values(rule: Sharing, game: &[f64], values: &mut [f64]) -> Result<(), CoalitionError> {
    by_rule!(rule, Rule => Rule::values(game, values))
}

/// What the values of all parts of a game follow from.
pub fn prepare(rule: Sharing, game: &[f64], prepared: &mut Vec<f64>) {
    by_rule!(rule, Rule => Rule::prepare(game, prepared));
}

/// Adds to `values` each player's value in the part of a game that the players of `mask` play alone.
///
/// # Errors
/// Values that cannot be found.
pub fn values_of_part(
    rule: Sharing,
    game: &[f64],
    prepared: &[f64],
    mask: usize,
    values: &mut Vec<f64>,
) -> Result<(), CoalitionError> {
    by_rule!(rule, Rule => Rule::values_of_part(game, prepared, mask, values))
}
