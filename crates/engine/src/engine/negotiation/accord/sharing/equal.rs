//! Equal shares.

use crate::engine::negotiation::accord::sharing::rule::SharingRule;

/// Every member gets the same share of the pool.
pub struct Equal;

impl SharingRule for Equal {}
