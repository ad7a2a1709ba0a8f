//! Accords (model, section 7): who joins, votes and leaves, what every coalition would get, and how gains are shared.

pub mod all_coalitions;
pub mod coalitions;
pub mod formation;
pub mod sharing;
pub mod side_payments;
pub mod voting;
