//! Equal shares.

use crate::engine::negotiation::accord::sharing::rule::SharingRule;

/// The rule.
pub struct Equal;

impl SharingRule for Equal {}
