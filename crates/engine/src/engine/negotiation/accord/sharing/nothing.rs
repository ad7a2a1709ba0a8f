//! Nothing is pooled.

use crate::engine::negotiation::accord::sharing::rule::SharingRule;

/// There is no pool: every member keeps what its own deals bring.
pub struct Nothing;

impl SharingRule for Nothing {
    const POOLS: bool = false;
}
