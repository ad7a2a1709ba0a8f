//! Pure mathematics of distributions and samples. Uses nothing of ours.

pub mod beta;
pub mod crps;
pub mod density;
pub mod forecast_scores;
pub mod groups;
pub mod interval;
pub mod psd;
pub mod quantile;
pub mod rank;
pub mod sketch;
pub mod special;
pub mod summary;
