//! `check`, `show`, `diff`, `new`, `list`.

use crate::cli::args::common::{HELP, Layers, ScenarioArgs};
use clap::Args;

/// `check`.
#[derive(Debug, Args)]
#[command(
    help_template = HELP,
    before_help = "\
Examples:
  mufakat check asean-2027 -S state.SG.talent=0.9
  mufakat check mine.toml -f stronger-rules.toml"
)]
pub struct CheckArgs {
    /// Print the findings as JSON
    #[arg(long)]
    pub json: bool,
    /// The scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
}

/// `show`.
#[derive(Debug, Args)]
#[command(
    help_template = HELP,
    before_help = "\
Examples:
  mufakat show asean-2027 -S arm.bloc.binding=1 > resolved.toml
  mufakat show asean-2027 --key 'state.SG.*'      these keys, each with its file and line"
)]
pub struct ShowArgs {
    /// One key a line, with the file and line that wrote it
    #[arg(long)]
    pub origin: bool,
    /// Only keys whose path matches, * for any text (repeatable); one key a line, as with --origin
    #[arg(long = "key", value_name = "GLOB")]
    pub keys: Vec<String>,
    /// Print the keys as JSON, with the file and line that wrote each
    #[arg(long, conflicts_with = "origin")]
    pub json: bool,
    /// The scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
}

/// `diff`.
#[derive(Debug, Args)]
#[command(
    help_template = HELP,
    before_help = "\
Examples:
  mufakat diff asean-2027 two-states
  mufakat diff asean-2027 asean-2027 -S 'arm.*.binding=1'   what -S changes"
)]
pub struct DiffArgs {
    /// Print the differences as JSON
    #[arg(long)]
    pub json: bool,
    /// First scenario, a file or the name of a shipped one
    #[arg(value_name = "A")]
    pub first: String,
    /// Second scenario; the flags -S, -f, -n and --seed change it alone
    #[arg(value_name = "B")]
    pub second: String,
    /// Layers over the second.
    #[command(flatten)]
    pub layers: Layers,
}

/// `new`.
#[derive(Debug, Args)]
#[command(
    help_template = HELP,
    before_help = "\
Examples:
  mufakat new mine                    writes mine.toml, every key explained
  mufakat new mine --from asean-2027  writes mine.toml, a copy of a shipped scenario
  mufakat new                         prints the template"
)]
pub struct NewArgs {
    /// Name of the new scenario; without it, the text goes to standard output
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// Name of the shipped scenario to start from
    #[arg(long, value_name = "SHIPPED")]
    pub from: Option<String>,
}

/// `list`.
#[derive(Debug, Args)]
#[command(
    help_template = HELP,
    before_help = "\
Examples:
  mufakat list
  mufakat list adgmin      what one asks, its options, and what to look at"
)]
pub struct ListArgs {
    /// A shipped scenario, to say what it asks and what to look at
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// Print names and questions as JSON
    #[arg(long)]
    pub json: bool,
}
