//! Shares by GDP of the window.

use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::accord::sharing::rule::SharingRule;

/// A member's share of the pool is its share of the members' GDP.
pub struct Gdp;

impl SharingRule for Gdp {
    fn weight(economy: &Economy, i: usize) -> f64 {
        economy.gdp[i]
    }
}
