//! What every command takes: flags, a scenario with its layers, numbers.

use crate::cli::host::Host;
use crate::cli::texts::{GivenWorlds, TextFiles};
use crate::scenario;
use crate::scenario::most::MOST_TRIALS;
use crate::theory::spelling::units::count;
use clap::builder::{
    FalseyValueParser, PathBufValueParser, PossibleValuesParser, TypedValueParser,
};
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize, Serializer};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::available_parallelism;

/// Layout of every help page: what it is for, examples, then the rest.
pub const HELP: &str = "\
{about-with-newline}
{before-help}{usage-heading} {usage}

{all-args}{after-help}";

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
    /// Below the text, say where in the JSON document each number stands
    #[arg(long, global = true)]
    pub paths: bool,
    /// Where the texts of scenarios come from.
    #[arg(skip)]
    pub files: TextFiles,
    /// Who holds the program, if it is not a terminal.
    #[arg(skip)]
    pub host: Option<Host>,
    /// What starts the program, if it is not an executable of its own.
    #[arg(skip)]
    pub program: Option<PathBuf>,
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

/// A scenario with what lies over it.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
pub struct ScenarioArgs {
    /// Scenario file, - for standard input, or the name of a shipped scenario (see
    /// `mufakat list`)
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
    #[serde(serialize_with = "as_shown")]
    pub overlays: Vec<PathBuf>,
    /// Number of sampled worlds
    #[arg(short = 'n', long, value_name = "N", value_parser = trials, allow_negative_numbers = true)]
    pub trials: Option<u64>,
    /// Seed of all draws
    #[arg(long, value_name = "N", value_parser = from_zero, allow_negative_numbers = true)]
    pub seed: Option<u64>,
    /// Worlds that are given, as their file has them.
    #[arg(skip)]
    #[serde(skip)]
    pub worlds: Option<Arc<GivenWorlds>>,
    /// What its manifest says of layers, where they lie over the scenario already.
    #[arg(skip)]
    #[serde(skip)]
    pub said: Option<Vec<String>>,
}

/// Names of files as they are shown: documents tell them, and where they must be found again they are refused unless they are UTF-8.
pub(crate) fn as_shown<'a, S: Serializer>(
    paths: impl IntoIterator<Item = &'a PathBuf>,
    to: S,
) -> Result<S::Ok, S::Error> {
    to.collect_seq(paths.into_iter().map(|path| path.to_string_lossy()))
}

/// A directory that is written.
pub(crate) fn directory() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| match path.as_os_str() == "-" {
        true => Err("results are written to a directory, and not to standard output; --json prints their document"),
        false => Ok(path),
    })
}

/// A count of worlds.
fn trials(text: &str) -> Result<u64, String> {
    let trials = text.parse().ok();
    let trials = trials.filter(|trials| (1..=MOST_TRIALS).contains(trials));
    trials.ok_or_else(|| {
        let most = count(MOST_TRIALS);
        format!("expected a whole number from 1 to {most}, for example -n 1000")
    })
}

/// One of some things by its name, which messages list.
pub(crate) fn named<T: Copy + Send + Sync + 'static>(
    all: &'static [T],
    name: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    let of_name = move |text: String| {
        let found = all.iter().find(|&&one| name(one) == text);
        found.copied().ok_or("there is no such name")
    };
    PossibleValuesParser::new(all.iter().map(|&one| name(one))).try_map(of_name)
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

/// Threads that a processor is given at most: more of them only wait for each other.
const THREADS_EACH: usize = 4;

/// A number of threads.
fn threads(text: &str) -> Result<NonZeroUsize, String> {
    let most = THREADS_EACH * available_parallelism().map_or(1, NonZeroUsize::get);
    let threads = text.parse().ok();
    let threads = threads.filter(|threads: &NonZeroUsize| threads.get() <= most);
    threads.ok_or_else(|| {
        format!(
            "expected a whole number from 1 to {most}, {THREADS_EACH} for each processor, for example -j 2"
        )
    })
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
