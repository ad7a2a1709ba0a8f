//! The studies that can be cut: what a piece of each is, how a shard plays its pieces, how all pieces become results.

use crate::cli::Status;
use crate::cli::args::Common;
use crate::cli::run::RunArgs;
use crate::cli::sensitivity::SensitivityArgs;
use crate::cli::shards::plan::{Pieces, Plan, Probe};
use crate::cli::shards::store::Merged;
use crate::cli::shards::{of_run, of_sensitivity, of_stability};
use crate::cli::stability::StabilityArgs;
use crate::cli::study::OutArgs;
use crate::cli::sweep::{self, SweepArgs};
use crate::error::Error;
use crate::study::results::run::Manifest;
use clap::{Arg, Subcommand};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

const OF_RUN: &str = "\
Examples:
  mufakat plan run asean-2027 -n 100000 -o big
  mufakat plan run asean-2027 -S market.diversion=0.5 --format csv -o half";

const OF_SWEEP: &str = "\
Examples:
  mufakat plan sweep asean-2027 --vary market.diversion=0:1:11 -n 2000 -o grid";

const OF_SENSITIVITY: &str = "\
Examples:
  mufakat plan sensitivity asean-2027 --method sobol --factors 'market.*' \\
      -n 4096 -o sobol
  mufakat plan sensitivity asean-2027 --method delta -n 20000 -o delta";

const OF_STABILITY: &str = "\
Examples:
  mufakat plan stability asean-2027 -n 10000 -o bloc
  mufakat plan stability core-three --farsighted -n 10000 -o three";

/// A study with its arguments, but for where it writes.
#[derive(Debug, Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Study {
    /// Every arm of a scenario; its pieces are worlds
    #[command(before_help = OF_RUN, after_help = None::<&str>, mut_args = of_plan)]
    Run(Box<RunArgs>),
    /// A grid of scenarios; its pieces are cells
    #[command(before_help = OF_SWEEP, mut_args = of_plan)]
    Sweep(Box<SweepArgs>),
    /// Which quantities decide a result; its pieces are the worlds of its design
    #[command(
        before_help = OF_SENSITIVITY,
        mut_args = of_plan,
        override_usage = "mufakat plan sensitivity [OPTIONS] --method <METHOD> --out <DIR>\n       <SCENARIO>"
    )]
    Sensitivity(Box<SensitivityArgs>),
    /// Every coalition of an arm; its pieces are worlds
    #[command(before_help = OF_STABILITY, mut_args = of_plan)]
    Stability(Box<StabilityArgs>),
}

/// Options of a study that a plan cannot use, and what does instead.
const UNUSED: [(&str, &str, &str); 7] = [
    (
        "precision",
        "--precision",
        "a plan has a fixed number of worlds, which -n says",
    ),
    (
        "fail_if",
        "--fail-if",
        "what is merged is judged by reading its results.json",
    ),
    (
        "dry_run",
        "--dry-run",
        "a plan says by itself how long it takes",
    ),
    (
        "json",
        "--json",
        "`mufakat merge PLAN -o DIR --json` prints the document",
    ),
    (
        "resume",
        "--resume",
        "`mufakat resume PLAN` plays what is missing, and planning the same again changes nothing",
    ),
    (
        "shard",
        "--shard",
        "`mufakat run PLAN --shard I/N` plays one",
    ),
    (
        "report",
        "--report",
        "`mufakat report DIR` takes what is merged",
    ),
];

/// An option of a study as that of its plan: what is of no use is hidden, and refused by [`Study::unused`].
fn of_plan(arg: Arg) -> Arg {
    match arg.get_id().as_str() {
        "out" => arg.required(true).help("Directory of the plan"),
        "force" => arg.help("Replace another plan there; its shards stay, but are not used"),
        "keep" => arg.help(
            "What merging writes: trials for all tables; summary for the draws alone. results.json, manifest.json and \
             scenario.resolved.toml are always there; shards hold all numbers whatever it writes",
        ),
        id if UNUSED.iter().any(|(unused, ..)| *unused == id) => arg.hide(true),
        _ => arg,
    }
}

/// What a plan needs to know of a study.
#[derive(Debug, Clone)]
pub struct Survey {
    /// Its identity.
    pub identity: Manifest,
    /// What it is cut into.
    pub pieces: Pieces,
    /// How long it takes.
    pub probe: Probe,
}

/// Takes in the bytes of the next piece.
pub type Push<'a> = dyn FnMut(&[u8]) -> Result<(), Error> + Send + 'a;

/// A part of a study that is to be played.
pub struct Part<'a> {
    /// The plan of the study.
    pub plan: &'a Plan,
    /// Its pieces.
    pub range: Range<u64>,
    /// Ends the play soon after it becomes true; then not all pieces are pushed.
    pub stop: Arc<AtomicBool>,
    /// Takes in one piece after the other.
    pub push: &'a mut Push<'a>,
}

/// Pieces that are to be made into results.
pub struct Merging<'a> {
    /// The pieces.
    pub merged: &'a Merged,
    /// Where results go.
    pub out: OutArgs,
    /// Whether the document is printed.
    pub json: bool,
}

impl Study {
    /// Where `-o` says that it goes, and whether `--force` was given.
    pub fn place(&self) -> (Option<PathBuf>, bool) {
        match self {
            Study::Run(args) => (args.out.clone(), args.force),
            Study::Sweep(args) => (args.out.out.clone(), args.out.force),
            Study::Sensitivity(args) => (args.out.out.clone(), args.out.force),
            Study::Stability(args) => (args.out.clone(), args.force),
        }
    }

    /// An option that was given and that a plan cannot use, and what does instead.
    pub fn unused(&self) -> Option<(&'static str, &'static str)> {
        let given = match self {
            Study::Run(args) => vec![
                ("--precision", args.precision.is_some()),
                ("--fail-if", args.fail_if.is_some()),
                ("--dry-run", args.dry_run),
                ("--json", args.json),
                ("--resume", args.resume),
                ("--shard", args.shard.is_some()),
                #[cfg(feature = "html")]
                ("--report", args.report),
            ],
            Study::Sweep(args) => vec![
                ("--dry-run", args.dry_run),
                ("--json", args.json),
                ("--resume", args.out.resume),
            ],
            Study::Sensitivity(args) => {
                vec![("--json", args.json), ("--resume", args.out.resume)]
            }
            Study::Stability(args) => vec![("--dry-run", args.dry_run), ("--json", args.json)],
        };
        let (option, _) = given.into_iter().find(|(_, given)| *given)?;
        let known = UNUSED.iter().find(|(_, known, _)| *known == option);
        known.map(|&(_, option, instead)| (option, instead))
    }

    /// What a plan needs to know of it, which takes a short probe.
    ///
    /// # Errors
    /// Why it cannot be played.
    pub fn survey(&self, common: &Common) -> Result<Survey, Error> {
        match self {
            Study::Run(args) => of_run::survey(args, common),
            Study::Sweep(args) => sweep::survey(args, common),
            Study::Sensitivity(args) => of_sensitivity::survey(args, common),
            Study::Stability(args) => of_stability::survey(args, common),
        }
    }

    /// Plays a part of it.
    ///
    /// # Errors
    /// A piece without a result, or what takes them in.
    pub fn play(&self, part: Part<'_>, common: &Common) -> Result<(), Error> {
        match self {
            Study::Run(args) => of_run::play(args, part, common),
            Study::Sweep(args) => sweep::play_part(args, part, common),
            Study::Sensitivity(args) => of_sensitivity::play(args, part, common),
            Study::Stability(args) => of_stability::play(args, part, common),
        }
    }

    /// Makes of all pieces what one machine writes.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn merge(&self, merging: &Merging<'_>, common: &Common) -> Result<Status, Error> {
        match self {
            Study::Run(args) => of_run::merge(args, merging, common),
            Study::Sweep(args) => sweep::merge(args, merging, common),
            Study::Sensitivity(args) => of_sensitivity::merge(args, merging, common),
            Study::Stability(args) => of_stability::merge(args, merging, common),
        }
    }
}

/// Numbers as the bytes of a piece.
pub fn bytes_of<'a>(numbers: impl IntoIterator<Item = &'a f64>) -> Vec<u8> {
    let numbers = numbers.into_iter();
    numbers.flat_map(|number| number.to_le_bytes()).collect()
}

/// The numbers of a piece that has so many.
///
/// # Errors
/// It has not.
pub fn numbers_of(bytes: &[u8], count: usize) -> Result<Vec<f64>, Error> {
    let (words, rest) = bytes.as_chunks::<8>();
    if words.len() != count || !rest.is_empty() {
        return Err(not_of_this_study());
    }
    Ok(words.iter().map(|&word| f64::from_le_bytes(word)).collect())
}

/// What is wrong with a piece that has the checksum of its plan, but not its shape.
pub fn not_of_this_study() -> Error {
    Error::Unreadable {
        name: "a shard".to_owned(),
        reason: "its pieces are not those of the plan".to_owned(),
    }
}
