//! Questions to many worlds at once: scenarios beside each other on the same draws; uncertain quantities as factors; which coalitions hold, who
//! must be in, where farsighted states end up.
//!
//! Pure computation: models and readings come in, numbers go out. Files, texts and documents lie elsewhere.

pub mod accord_game;
pub mod brief;
pub mod compare;
pub mod factors;
pub mod farsighted;
pub mod learned;
pub mod readings;
pub mod results;
pub mod search;
pub mod stability;
pub mod sweep;
pub mod threshold;
