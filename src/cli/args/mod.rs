//! The command line as data: commands, flags, help. Nothing here knows how a command is done.
#![allow(
    rustdoc::broken_intra_doc_links,
    reason = "docs of arguments are their help, in which brackets stand for themselves"
)]

pub mod accords;
pub mod advise;
pub mod brief;
pub mod cluster;
pub mod common;
pub mod compare;
pub mod discover;
pub mod explain;
pub mod forecasts;
pub mod generate;
pub mod history;
pub mod out;
#[cfg(feature = "html")]
pub mod page;
pub mod pedigree;
pub mod plan;
pub mod replay;
#[cfg(feature = "html")]
pub mod report;
pub mod run;
pub mod scenario;
pub mod sensitivity;
pub mod serve;
pub mod shard;
pub mod stability;
pub mod submit;
pub mod sweep;
pub mod tabletop;
pub mod theories;
pub mod threshold;
pub mod turn;

use crate::cli::args::cluster::{MergeArgs, PlanArgs, ResumeArgs, StatusArgs};
use crate::cli::args::common::{Common, HELP};
use crate::cli::args::forecasts::ForecastsArgs;
use crate::cli::args::generate::{CompletionsArgs, ManArgs, SchemaArgs};
#[cfg(feature = "html")]
use crate::cli::args::page::PageArgs;
use crate::cli::args::plan::StudyArgs;
use crate::cli::args::replay::ReplayArgs;
#[cfg(feature = "html")]
use crate::cli::args::report::ReportArgs;
use crate::cli::args::scenario::{CheckArgs, DiffArgs, ListArgs, NewArgs, ShowArgs};
use crate::cli::args::serve::ServeArgs;
use crate::cli::args::submit::SubmitArgs;
use clap::{Parser, Subcommand};

/// States and hyperscalers bargain over AI infrastructure: alone, under common rules, and as a bloc.
#[derive(Debug, Parser)]
#[command(
    name = "mufakat",
    version,
    help_template = HELP,
    disable_help_subcommand = true,
    max_term_width = 80,
    before_help = "\
Examples:
  mufakat run asean-2027                       every arm of a scenario, compared
  mufakat run asean-2027 -S market.diversion=0.5 --out runs/diversion
  mufakat new mine && mufakat check mine.toml  start a scenario of your own",
    after_help = "\
Exit codes: 0 done; 1 done, but a condition asked for failed; 2 bad usage;
3 scenario not valid; 4 a file could not be read or written; 5 numeric failure;
130 interrupted."
)]
pub struct Cli {
    /// Flags of every command.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// A study.
    #[command(flatten)]
    Study(StudyArgs),
    /// Write a finished run as one HTML page, the answer first
    #[cfg(feature = "html")]
    Report(ReportArgs),
    /// Open a scenario in the browser: move a slider and see who gains
    Serve(ServeArgs),
    /// Write that page as one file that plays anywhere, the engine inside
    #[cfg(feature = "html")]
    Page(PageArgs),
    /// Cut a study into blocks that any number of machines play
    Plan(PlanArgs),
    /// Play what of a plan is missing
    Resume(ResumeArgs),
    /// Say which blocks of a plan are there, missing or damaged
    Status(StatusArgs),
    /// Play a plan on a cluster and merge it
    Submit(SubmitArgs),
    /// Make of the blocks of a plan what one machine writes
    Merge(MergeArgs),
    /// Run again from the manifest of a run and compare
    Replay(ReplayArgs),
    /// Say whether a scenario is valid, and everything that is wrong with it
    Check(CheckArgs),
    /// Print a scenario after all its layers
    Show(ShowArgs),
    /// Print what differs between two scenarios, the second after -S, -f, -n and --seed
    Diff(DiffArgs),
    /// Start a scenario from a commented template or from a shipped one
    New(NewArgs),
    /// List the shipped scenarios with their questions
    List(ListArgs),
    /// Print forecasts on record, and score those whose outcome is known
    Forecasts(ForecastsArgs),
    /// Print the JSON Schema of a document
    Schema(SchemaArgs),
    /// Print completions for a shell
    Completions(CompletionsArgs),
    /// Print a manual page
    Man(ManArgs),
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_fits_eighty_columns() {
        let mut program = Cli::command();
        program.build();
        let of_plan = program.find_subcommand("plan").expect("there is one");
        let mut of_plan: Vec<_> = of_plan.get_subcommands().cloned().collect();
        for command in [program.clone()]
            .iter_mut()
            .chain(program.get_subcommands_mut())
            .chain(&mut of_plan)
        {
            for line in command.render_long_help().to_string().lines() {
                assert!(line.chars().count() <= 80, "{}: {line}", command.get_name());
            }
        }
    }

    #[test]
    fn every_command_begins_its_help_with_examples() {
        let program = Cli::command();
        let of_plan = program.find_subcommand("plan").expect("there is one");
        let commands = program.get_subcommands().chain(of_plan.get_subcommands());
        for mut command in commands.cloned() {
            let help = command.render_help().to_string();
            let examples = help.find("Examples:");
            let usage = help.find("Usage:");
            assert!(
                examples.is_some() && examples < usage,
                "{}",
                command.get_name()
            );
        }
    }
}
