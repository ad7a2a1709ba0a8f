//! The command line as data: commands, flags, help.

use crate::cli::brief::BriefArgs;
use crate::cli::compare::CompareArgs;
use crate::cli::discover::DiscoverArgs;
use crate::cli::explain::ExplainArgs;
use crate::cli::replay::ReplayArgs;
#[cfg(feature = "html")]
use crate::cli::report::ReportArgs;
use crate::cli::run::RunArgs;
use crate::cli::sensitivity::SensitivityArgs;
use crate::cli::shards::command::{MergeArgs, PlanArgs, ResumeArgs, StatusArgs};
use crate::cli::shards::submit::SubmitArgs;
use crate::cli::source::Files;
use crate::cli::stability::StabilityArgs;
use crate::cli::sweep::SweepArgs;
use crate::cli::theories::TheoriesArgs;
use crate::cli::threshold::ThresholdArgs;
use crate::scenario;
use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Layout of every help page: what it is for, examples, then the rest.
pub const HELP: &str = "\
{about-with-newline}
{before-help}{usage-heading} {usage}

{all-args}{after-help}";

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

/// Flags of every command. They steer the program, never the model.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Common {
    /// When to use colour: auto, always or never
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN", hide_possible_values = true, global = true)]
    pub color: Color,
    /// Only results and errors: no notes, warnings or progress
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// No progress bar
    #[arg(long, env = "MUFAKAT_NO_PROGRESS", value_parser = FalseyValueParser::new(), global = true)]
    pub no_progress: bool,
    /// Number of threads; results do not depend on it
    #[arg(short = 'j', long, env = "MUFAKAT_THREADS", value_name = "N", value_parser = threads, allow_negative_numbers = true, global = true)]
    pub threads: Option<NonZeroUsize>,
    /// What to say besides on standard error: off, or debug for how long each phase took
    #[arg(long, env = "MUFAKAT_LOG", value_enum, default_value_t = Log::Off, value_name = "LEVEL", hide_possible_values = true, global = true)]
    pub log: Log,
    /// Where the texts of scenarios come from.
    #[arg(skip)]
    pub files: Files,
}

/// What is said about the work itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Log {
    /// Nothing.
    Off,
    /// How long each phase took.
    Debug,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Play every arm of a scenario on the same worlds and compare them
    Run(RunArgs),
    /// Play one world step by step, each number with its equation
    Explain(ExplainArgs),
    /// Play scenarios against each other on the same worlds
    Compare(CompareArgs),
    /// Play a grid of scenarios on the same worlds
    Sweep(SweepArgs),
    /// Say which uncertain quantities decide a result
    Sensitivity(SensitivityArgs),
    /// Say which combinations of uncertain values make a condition true
    Discover(DiscoverArgs),
    /// Find where an outcome crosses a level as one number of the scenario moves
    Threshold(ThresholdArgs),
    /// Play the same worlds under every theory of bargaining and see which conclusions stand
    Theories(TheoriesArgs),
    /// Every coalition of an arm: which hold, who would leave, what keeps them
    Stability(StabilityArgs),
    /// Write a finished run as one HTML page, the answer first
    #[cfg(feature = "html")]
    Report(ReportArgs),
    /// Write the page that a negotiator takes along: walk-away, zone, offers, preparation
    Brief(BriefArgs),
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
    /// Print the JSON Schema of a document
    Schema(SchemaArgs),
    /// Print completions for a shell
    Completions(CompletionsArgs),
    /// Print a manual page
    Man(ManArgs),
}

/// A scenario with what lies over it.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
pub struct ScenarioArgs {
    /// Scenario file, or the name of a shipped scenario (see `mufakat list`)
    #[arg(value_name = "SCENARIO")]
    pub scenario: String,
    /// Layers over it.
    #[command(flatten)]
    pub layers: Layers,
}

/// Layers over a scenario, weakest first: overlays, then assignments, then trials and seed.
#[derive(Debug, Clone, Default, Args, Serialize, Deserialize)]
#[command(next_help_heading = "Scenario")]
pub struct Layers {
    /// Set a key, for example market.diversion=0.5 or 'arm.*.harmonisation=1' (repeatable)
    #[arg(short = 'S', long = "set", value_name = "PATH=VALUE", value_parser = assignment)]
    pub sets: Vec<String>,
    /// Lay a file with some keys of a scenario over it (repeatable)
    #[arg(short = 'f', long = "overlay", value_name = "FILE")]
    pub overlays: Vec<PathBuf>,
    /// Number of sampled worlds
    #[arg(short = 'n', long, value_name = "N", value_parser = trials, allow_negative_numbers = true)]
    pub trials: Option<u64>,
    /// Seed of all draws
    #[arg(long, value_name = "N", value_parser = from_zero, allow_negative_numbers = true)]
    pub seed: Option<u64>,
}

/// A count from 1 on.
fn trials(text: &str) -> Result<u64, String> {
    let count = text.parse().ok().filter(|&count: &u64| count > 0);
    count.ok_or_else(|| "expected a whole number from 1 on, for example -n 1000".to_owned())
}

/// A number of shards, tasks or processors.
pub(crate) fn from_one(text: &str) -> Result<u64, String> {
    let number = text.parse().ok().filter(|&number: &u64| number > 0);
    number.ok_or_else(|| "expected a whole number from 1 on, for example 4".to_owned())
}

/// A number from 0 on.
pub(crate) fn from_zero(text: &str) -> Result<u64, String> {
    let number = text.parse().ok();
    number.ok_or_else(|| "expected a whole number from 0 on, for example 17".to_owned())
}

/// A number of threads.
fn threads(text: &str) -> Result<NonZeroUsize, String> {
    let threads = text.parse().ok();
    threads.ok_or_else(|| "expected a whole number from 1 on, for example -j 2".to_owned())
}

/// `PATH=VALUE`, so far as it can be judged without a scenario.
fn assignment(text: &str) -> Result<String, String> {
    match scenario::check_assignment(text) {
        Ok(()) => Ok(text.to_owned()),
        Err(reason) => Err(format!(
            "{reason}; expected PATH=VALUE, for example -S market.diversion=0.5"
        )),
    }
}

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
  mufakat show asean-2027 --origin | grep state.SG"
)]
pub struct ShowArgs {
    /// One key a line, with the file and line that wrote it
    #[arg(long)]
    pub origin: bool,
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
  mufakat run two-states"
)]
pub struct ListArgs {
    /// Print names and questions as JSON
    #[arg(long)]
    pub json: bool,
}

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
    #[arg(value_enum, ignore_case = true, default_value_t = Document::Scenario)]
    pub document: Document,
}

/// A document that has a JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Document {
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
