//! What is uncertain and how it is sampled: distributions by their inverse functions, and keyed uniforms.

pub mod distribution;
pub mod rng;
