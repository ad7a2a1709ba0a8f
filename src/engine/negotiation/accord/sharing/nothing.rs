//! Nothing is pooled.

use crate::engine::negotiation::accord::sharing::rule::SharingRule;

/// The rule.
pub struct Nothing;

impl SharingRule for Nothing {
    const POOLS: bool = false;
}
