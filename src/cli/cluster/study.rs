//! The studies that can be cut: what a piece of each is, how a shard plays its pieces, how all pieces become results.

use crate::cli::args::common::Common;
use crate::cli::args::out::OutArgs;
use crate::cli::args::plan::{Study, UNUSED};
use crate::cli::cluster::plan::{Pieces, Plan, Probe};
use crate::cli::cluster::{of_run, of_sensitivity, of_stability};
use crate::cli::commands::sweep;
use crate::cli::exit::Status;
use crate::cli::store::found::Merged;
use crate::error::Error;
use crate::study::results::run::Manifest;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

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
