//! One window of talks: which networks both sides look at, who meets whom, what they agree, and how accords form.
//!
//! Everything here is a deterministic function of an economy, a scene and a standing; nothing draws, prints or reads files.

pub mod account;
pub mod bloc;
pub mod board;
pub mod coalitions;
pub mod contest;
pub mod expected;
pub mod fallback;
pub mod formation;
pub mod network;
pub mod order;
pub mod pairs;
pub mod payoff;
mod placing;
pub mod points;
pub mod prospects;
pub mod reach;
pub mod scene;
pub mod seat;
pub mod settled;
pub mod sharing;
pub mod sweep;
pub mod table;
pub mod window;
