//! Questions to many worlds at once: scenarios beside each other on the same draws.
//!
//! Pure computation: models and readings come in, numbers go out. Files, texts and documents lie elsewhere.

pub mod factors;
pub mod readings;
pub mod sweep;
pub mod threshold;
