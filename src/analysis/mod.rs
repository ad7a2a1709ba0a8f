//! Questions to many worlds beyond who gains: which coalitions hold, who must be in, where farsighted states end up.
//!
//! Analyses compute and say nothing; reports turn what they find into documents and text.

pub mod accord_game;
pub mod farsighted;
pub mod stability;
