//! A question that is cut into pieces, and what becomes of them.

use crate::engine::simulate::{End, Watch};
use crate::engine::trial::TrialError;
use crate::scenario::LoadError;
use crate::study::accords::space::SpaceError;
use crate::study::brief::error::BriefError;
use crate::study::outputs::OutputError;
use crate::study::readings::ReadError;
use crate::study::results::columns::Keep;
use crate::study::results::json::document;
use crate::study::results::magnitude::NumericError;
use crate::study::results::run::Manifest;
use crate::study::results::sheet::Format;
use crate::study::stability::StabilityError;
use crate::theory::discovery::DiscoveryError;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};
use std::ops::Range;
use std::sync::atomic::AtomicBool;

/// A question to many worlds, in pieces.
pub trait Study: Sync {
    /// What it finds: its document.
    type Results: Serialize + DeserializeOwned + Send + Sync;

    /// What makes two studies the same: the same identity gives the same bytes.
    fn identity(&self) -> &Manifest;

    /// What can be played apart.
    fn pieces(&self) -> Pieces;

    /// Numbers of eight bytes, about, that are held at once until there are results; none where sums are enough, however many worlds there are.
    fn held(&self) -> u64;

    /// Plays some pieces and pushes what each says, in order. Ends early, without an error, where it is stopped or the push takes no more.
    ///
    /// # Errors
    /// A piece without a result; those before it are pushed first.
    fn play(&self, part: Part<'_>, push: &mut Push<'_>) -> Result<End, StudyError>;

    /// What makes results of all pieces.
    fn assemble(&self) -> Box<dyn Assemble<Self::Results> + '_>;

    /// The document of its results.
    fn document(&self, results: &Self::Results) -> String {
        document(results)
    }

    /// Names of the files that it writes besides its results.
    fn files(&self, _: TableSet) -> Vec<String> {
        Vec::new()
    }

    /// What writes those files, if there are any, each opened by its name.
    ///
    /// # Errors
    /// What opening or writing returns.
    fn tables<'a>(
        &'a self,
        _: TableSet,
        _: &mut Open<'_>,
    ) -> Result<Box<dyn Tables<Self::Results> + 'a>, StudyError> {
        Ok(Box::new(NoTables))
    }

    /// Plays so many worlds as its pieces would, to tell how long they take; bytes that they come to, where that can be told.
    ///
    /// # Errors
    /// As for [`play`](Self::play).
    fn probe(&self, worlds: u64, watch: Watch<'_>) -> Result<Option<u64>, StudyError> {
        let mut bytes = 0;
        let mut push = |piece: &[u8]| {
            bytes += piece.len() as u64;
            true
        };
        let part = Part {
            pieces: 0..worlds,
            before: &[],
            watch,
        };
        self.play(part, &mut push)?;
        Ok(Some(bytes))
    }
}

/// Takes in what the next piece says; whether it could.
pub type Push<'a> = dyn FnMut(&[u8]) -> bool + Send + 'a;

/// Opens a file by its name.
pub type Open<'a> = dyn FnMut(&str) -> io::Result<Out> + 'a;

/// A file that is open for writing.
pub type Out = Box<dyn Write + Send>;

/// Pieces that are to be played.
#[derive(Clone)]
pub struct Part<'a> {
    /// Which.
    pub pieces: Range<u64>,
    /// What all pieces before them say, if they hang on each other; else nothing.
    pub before: &'a [Vec<u8>],
    /// Who watches.
    pub watch: Watch<'a>,
}

/// Takes in all pieces in order and makes results of them.
pub trait Assemble<R>: Send {
    /// Takes in the next piece.
    ///
    /// # Errors
    /// Bytes that are none of this study, or a number that results cannot hold.
    fn take(&mut self, piece: &[u8]) -> Result<(), StudyError>;

    /// The results; `stop` ends what takes long.
    ///
    /// # Errors
    /// Why there are none.
    fn results(self: Box<Self>, stop: &AtomicBool) -> Result<R, StudyError>;
}

/// Keeps what each piece says, by `read`, and makes results of all that they say.
pub fn collected<'a, T: Send + 'a, R: 'a>(
    read: fn(&[u8]) -> Result<T, StudyError>,
    made: impl FnOnce(Vec<T>) -> Result<R, StudyError> + Send + 'a,
) -> Box<dyn Assemble<R> + 'a> {
    Box::new(Collected {
        read,
        made,
        said: Vec::new(),
    })
}

struct Collected<T, F> {
    read: fn(&[u8]) -> Result<T, StudyError>,
    made: F,
    said: Vec<T>,
}

impl<T: Send, R, F: FnOnce(Vec<T>) -> Result<R, StudyError> + Send> Assemble<R>
    for Collected<T, F>
{
    fn take(&mut self, piece: &[u8]) -> Result<(), StudyError> {
        self.said.push((self.read)(piece)?);
        Ok(())
    }

    fn results(self: Box<Self>, _: &AtomicBool) -> Result<R, StudyError> {
        (self.made)(self.said)
    }
}

/// Writes tables from all pieces, in order.
pub trait Tables<R>: Send {
    /// Takes in the next piece.
    ///
    /// # Errors
    /// Bytes that are none of this study, or what writing returns.
    fn take(&mut self, piece: &[u8]) -> Result<(), StudyError>;

    /// Completes the files.
    ///
    /// # Errors
    /// What writing returns.
    fn finish(self: Box<Self>, results: &R) -> Result<(), StudyError>;
}

struct NoTables;

impl<R> Tables<R> for NoTables {
    fn take(&mut self, _: &[u8]) -> Result<(), StudyError> {
        Ok(())
    }

    fn finish(self: Box<Self>, _: &R) -> Result<(), StudyError> {
        Ok(())
    }
}

/// Which tables are written, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableSet {
    /// Which.
    pub keep: Keep,
    /// Their format.
    pub format: Format,
    /// The name, without its ending, of the one table that is wanted, where a study can leave out others.
    pub only: Option<&'static str>,
}

impl TableSet {
    /// All tables in a format.
    pub fn all(format: Format) -> TableSet {
        TableSet {
            keep: Keep::Trials,
            format,
            only: None,
        }
    }
}

/// What a study is cut into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pieces {
    /// What a piece is.
    pub of: Unit,
    /// How many pieces there are.
    pub count: u64,
    /// Pieces of a block, the smallest part that another machine may play; the last block may have fewer.
    pub each: u64,
    /// Worlds that a piece plays.
    pub worlds: u64,
    /// Whether pieces hang on those before them, so that nobody knows how many there will be: then `count` is 1, for all of them, and
    /// `worlds` are about those of all.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub chained: bool,
}

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// A world.
    Worlds,
    /// A cell of a grid.
    Cells,
    /// A point of a curve.
    Points,
}

impl Unit {
    /// Its plural.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Worlds => "worlds",
            Unit::Cells => "cells",
            Unit::Points => "points",
        }
    }

    /// Its singular.
    pub fn one(self) -> &'static str {
        self.name().trim_end_matches('s')
    }
}

impl Pieces {
    /// So many worlds, in blocks of `each`.
    pub fn of_worlds(count: u64, each: u64) -> Pieces {
        Pieces {
            of: Unit::Worlds,
            count,
            each,
            worlds: 1,
            chained: false,
        }
    }

    /// Pieces that hang on those before them, which play about so many worlds in all.
    pub fn chained(worlds: u64) -> Pieces {
        Pieces {
            of: Unit::Points,
            count: 1,
            each: 1,
            worlds,
            chained: true,
        }
    }

    /// So many cells of so many worlds, each a block by itself.
    pub fn of_cells(count: u64, worlds: u64) -> Pieces {
        Pieces {
            of: Unit::Cells,
            count,
            each: 1,
            worlds,
            chained: false,
        }
    }

    /// How many blocks there are.
    pub fn blocks(&self) -> u64 {
        self.count.div_ceil(self.each)
    }

    /// The blocks of some pieces, which begin and end with blocks.
    pub fn blocks_of(&self, pieces: &Range<u64>) -> Range<u64> {
        pieces.start / self.each..pieces.end.div_ceil(self.each)
    }

    /// The pieces of some blocks.
    pub fn of_blocks(&self, blocks: Range<u64>) -> Range<u64> {
        let at = |block: u64| (block * self.each).min(self.count);
        at(blocks.start)..at(blocks.end)
    }

    /// All pieces, also of those that hang on each other.
    pub fn all(&self) -> Range<u64> {
        match self.chained {
            true => 0..u64::MAX,
            false => 0..self.count,
        }
    }

    /// Worlds of all pieces.
    pub fn all_worlds(&self) -> u64 {
        self.count.saturating_mul(self.worlds)
    }
}

/// Why a study has no results.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// A trial has no result.
    #[error(transparent)]
    Trial(#[from] TrialError),
    /// A result is not a finite number.
    #[error(transparent)]
    Numeric(#[from] NumericError),
    /// A number that is read is not finite.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Coalitions that cannot be judged.
    #[error(transparent)]
    Stability(#[from] StabilityError),
    /// A page that cannot be written.
    #[error(transparent)]
    Brief(#[from] BriefError),
    /// Worlds that cannot be searched.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    /// A condition on what is the same in every world, but for rounding.
    #[error(
        "the condition holds in {hits} of {worlds} worlds, in all of which {results} is the same but for rounding: there is nothing to tell apart"
    )]
    Steady {
        /// The results that it reads.
        results: String,
        /// Worlds in which it holds.
        hits: usize,
        /// All of them.
        worlds: usize,
    },
    /// A method cannot do what it is asked.
    #[error("--method {method}: {reason}")]
    Method {
        /// Name of the method.
        method: &'static str,
        /// Why not, and what can.
        reason: String,
    },
    /// A result that some world lacks cannot be a factor.
    #[error("--factors {path}: some world lacks it")]
    NoFactor {
        /// Its path.
        path: String,
    },
    /// A variant of the scenario is not valid.
    #[error("{name} is not valid")]
    Load {
        /// What was assigned.
        name: String,
        /// What is wrong with it.
        error: LoadError,
    },
    /// No accord to start from.
    #[error(transparent)]
    Space(#[from] SpaceError),
    /// No accord that might be is valid.
    #[error("no accord of those to choose from is valid: {reason}")]
    NoValidAccord {
        /// What is wrong with the first.
        reason: String,
    },
    /// A result that cannot be read.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// Bytes that are no piece of this study.
    #[error("these are not pieces of the study")]
    Foreign,
    /// It was stopped after its pieces were played.
    #[error("stopped")]
    Stopped,
    /// A table could not be written.
    #[error(transparent)]
    Write(#[from] io::Error),
}

impl StudyError {
    /// Whether the question is at fault, not a number.
    pub fn is_usage(&self) -> bool {
        match self {
            StudyError::Stability(error) => error.is_usage(),
            StudyError::Brief(error) => error.is_usage(),
            StudyError::Discovery(_)
            | StudyError::Steady { .. }
            | StudyError::Method { .. }
            | StudyError::NoFactor { .. }
            | StudyError::Space(_)
            | StudyError::NoValidAccord { .. }
            | StudyError::Output(_) => true,
            _ => false,
        }
    }
}

/// Anything as the bytes of a piece.
pub fn to_piece<T: Serialize>(said: &T) -> Vec<u8> {
    serde_json::to_vec(said).expect("keys are strings and numbers are finite")
}

/// What [`to_piece`] wrote.
///
/// # Errors
/// It is something else.
pub fn of_piece<T: DeserializeOwned>(piece: &[u8]) -> Result<T, StudyError> {
    serde_json::from_slice(piece).map_err(|_| StudyError::Foreign)
}

/// Numbers as the bytes of a piece, after those that `bytes` holds.
pub fn write_numbers<'a>(bytes: &mut Vec<u8>, numbers: impl IntoIterator<Item = &'a f64>) {
    for number in numbers {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
}

/// The numbers of a piece, in the place of those that `numbers` holds; it has as many as there are.
///
/// # Errors
/// It has not.
pub fn read_numbers(bytes: &[u8], numbers: &mut [f64]) -> Result<(), StudyError> {
    let (words, rest) = bytes.as_chunks::<8>();
    if words.len() != numbers.len() || !rest.is_empty() {
        return Err(StudyError::Foreign);
    }
    for (number, word) in numbers.iter_mut().zip(words) {
        *number = f64::from_le_bytes(*word);
    }
    Ok(())
}
