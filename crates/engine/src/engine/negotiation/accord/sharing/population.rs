//! Shares by population.

use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::accord::sharing::rule::SharingRule;

/// A member's share of the pool is its share of the members' population.
pub struct Population;

impl SharingRule for Population {
    fn weight(economy: &Economy, i: usize) -> f64 {
        economy.population[i]
    }
}
