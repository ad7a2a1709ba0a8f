//! Which uncertain factors matter, and how: estimators on plain columns of numbers.
//!
//! Nothing here knows scenarios, runs a model or reads a file. Methods that need runs of their own give a plan: it says at which points of the
//! unit cube the model must be evaluated, and takes the outputs in that order. Others take the columns of any finished run. Chance comes from a
//! closure of the caller or from a keyed [`Stream`](crate::theory::draws::rng::Stream); the same one gives the same bits.
//!
//! | file | holds | needs runs |
//! | --- | --- | --- |
//! | [`sobol`] | Sobol' indices of factors or groups: first, total, second order | yes |
//! | [`shapley_effects`] | Shapley effects: the variance shared out, adding up to 1 | yes |
//! | [`morris`] | screening by elementary effects, trajectories well spread or random | yes |
//! | [`tornado`] | bars between each factor's low and high point, interactions flagged | yes |
//! | [`given_data`] | first-order indices by classes; the value of information for a choice between arms | no |
//! | [`group_value`] | the value of information of a group, by regression | no |
//! | [`moment_free`] | PAWN and Borgonovo's δ | no |
//! | [`independence`] | whether a factor and an output go together by more than chance, and in how many rows that shows | no |
//! | [`classes`] | columns cut into classes; a dummy factor, for the noise floor of what is never negative | |
//! | [`estimate`](mod@estimate) | intervals from replicates and from the bootstrap | |
//!
//! An output that does not vary has no answer: `None`, never NaN. Indices of variance are exact in expectation for independent factors only; PAWN, δ and
//! the value of information mean what they say for dependent ones too.
//!
//! # Why not a library
//!
//! The crate `salib` 0.3 has some of these estimators. Measured on Ishigami with the same scrambled points (2^14 rows, medians of the largest error): its Saltelli
//! and Jansen formulas on centred outputs are as accurate as those here (2.7e-4 and 1.1e-4), for they are the same few lines; its δ is 0.215, 0.366, 0.167 for
//! 0.26, 0.425, 0.21, its PAWN median 0.22, 0.36, 0.084 at 20 slices for 0.221, 0.409, 0.082; its first order from given data is cut off at 0, so noise cannot be told; it has no
//! Shapley effects, trajectories that are spread, or value of information; it answers 0 where nothing varies; and it calls the platform's `exp` and `tanh`, whose last bits
//! differ between machines. For the two formulas that would remain it brings 80 crates, with rand 0.8 and 0.9, nalgebra, ndarray, statrs 0.18 and rustfft. So
//! they are written here.
//!
//! # Which points
//!
//! On Ishigami at 2^14 rows, points of a Sobol' sequence under a random linear matrix scramble and a digital shift (Matoušek 1998) give median errors of 3e-4 (first order) and
//! 1.1e-4 (total); under nested uniform (Owen) scrambling 7.5e-4 and 2.6e-4. The former has rare bad scrambles, ten times its median, so that both have
//! the same mean square error, and replicates show it; designs of pairs of matrices are of the former
//! ([`LinearSequence`](crate::theory::draws::linear::LinearSequence)).
//!
//! # References
//! Saltelli et al., Global Sensitivity Analysis: The Primer (2008), <https://doi.org/10.1002/9780470725184>; Da Veiga, Gamboa, Iooss and Prieur, Basics and
//! Trends in Sensitivity Analysis (2021), <https://doi.org/10.1137/1.9781611976694>.

pub mod classes;
pub mod error;
pub mod estimate;
pub mod given_data;
pub mod group_value;
pub mod independence;
pub mod moment_free;
pub mod morris;
pub mod shapley_effects;
pub mod sobol;
pub mod tornado;

pub use error::PlanError;
pub use estimate::{Bootstrap, Estimate};
