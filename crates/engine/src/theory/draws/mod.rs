//! What is uncertain and how it is sampled: distributions by their inverse functions, keyed uniforms, designs, correlation, rows of data.

pub mod blocks;
pub mod copula;
pub mod design;
pub mod distribution;
pub mod distribution_error;
pub mod linear;
pub mod matrices;
pub mod permutation;
pub mod rng;
pub mod rows;
pub mod sobol;
