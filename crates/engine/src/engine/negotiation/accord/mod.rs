//! Accords (model, section 7): who joins, votes and leaves, what every coalition would get, and how gains are shared.

mod accession;
pub mod all_coalitions;
pub mod causes;
pub mod coalitions;
pub mod formation;
mod leaving;
mod polls;
pub mod sharing;
pub mod side_payments;
pub mod voting;
