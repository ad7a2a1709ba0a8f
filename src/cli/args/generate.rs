//! `schema`, `completions`, `man`.

use crate::cli::args::common::HELP;
use clap::{Args, ValueEnum};

/// `schema`.
#[derive(Debug, Args)]
#[command(
    help_template = HELP,
    before_help = "\
Examples:
  mufakat schema > scenario.schema.json   completion and checks in an editor
  mufakat schema results                  what `run --json` prints"
)]
pub struct SchemaArgs {
    /// The document
    #[arg(value_enum, ignore_case = true, default_value_t = DocumentName::Scenario)]
    pub document: DocumentName,
}

/// A document that has a JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DocumentName {
    /// A scenario file.
    Scenario,
    /// The results document of `run`.
    Results,
    /// The results document of `sweep`.
    Sweep,
    /// The results document of `threshold`.
    Threshold,
    /// The results document of `discover`.
    Discover,
    /// The results document of `sensitivity`.
    Sensitivity,
    /// The results document of `pedigree`.
    Pedigree,
    /// The results document of `turn`.
    Turn,
    /// The results document of `accords`.
    Accords,
    /// The results document of `theories`.
    Theories,
    /// The document of `stability`.
    Stability,
    /// The document of `compare`.
    Compare,
    /// The document of `status`.
    Status,
    /// The document of `explain`.
    Explain,
    /// The document of `replay`.
    Replay,
    /// The document of `check`.
    Check,
    /// The document of `show`.
    Show,
    /// The document of `diff`.
    Diff,
    /// The document of `list`.
    List,
    /// The document of `brief`.
    Brief,
    /// The document of `advise`.
    Advise,
    /// The document of `history`.
    History,
    /// The document of `forecasts`.
    Forecasts,
}

/// `completions`.
#[derive(Debug, Args)]
#[command(
    help_template = HELP,
    before_help = "\
Examples:
  mufakat completions bash > ~/.local/share/bash-completion/completions/mufakat
  mufakat completions zsh > ~/.zfunc/_mufakat"
)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// `man`.
#[derive(Debug, Args)]
#[command(
    help_template = HELP,
    before_help = "\
Examples:
  mufakat man | man -l -
  mufakat man run > mufakat-run.1"
)]
pub struct ManArgs {
    /// A command, for its own page
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
}
