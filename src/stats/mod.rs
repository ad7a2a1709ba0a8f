//! Pure mathematics of distributions and samples. Uses nothing of ours.

pub mod special;
