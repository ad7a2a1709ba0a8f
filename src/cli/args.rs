//! Stand-in for the arguments.
use std::path::PathBuf;

/// Layers over a scenario.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct LayerArgs {
    /// Set a key.
    #[arg(short = 'S', long = "set", value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Overlay.
    #[arg(short = 'f', long = "overlay", value_name = "FILE")]
    pub overlay: Vec<PathBuf>,
    /// Trials.
    #[arg(short = 'n', long, value_name = "N")]
    pub trials: Option<u64>,
    /// Seed.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}
