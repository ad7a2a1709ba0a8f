//! Pieces that hang on each other: those that are known, then those that are played, one after the other.

use crate::engine::simulate::{End, Watch};
use crate::study::pieces::{Part, Push, StudyError};

/// What makes the next piece, none where it was stopped.
pub type MakePiece<'a> = dyn FnMut(Watch<'_>) -> Result<Option<Vec<u8>>, StudyError> + 'a;

/// Why a chain ends before its end.
#[derive(Debug)]
pub enum ChainEnd {
    /// It was stopped, or nobody takes more.
    Stopped,
    /// A piece has no result.
    Failed(StudyError),
}

impl From<StudyError> for ChainEnd {
    fn from(error: StudyError) -> ChainEnd {
        ChainEnd::Failed(error)
    }
}

/// The pieces of a chain, in order.
pub trait Chain {
    /// The next piece: as it is known, else as `play` makes it; it made none where it was stopped. `worlds` is how many it plays.
    ///
    /// # Errors
    /// Why there is none.
    fn next(&mut self, worlds: u64, play: &mut MakePiece<'_>) -> Result<Vec<u8>, ChainEnd>;
}

/// A chain that goes on from where it was left.
pub struct Playing<'a, 'b> {
    part: &'a Part<'a>,
    push: &'a mut Push<'b>,
    next: u64,
}

impl<'a, 'b> Playing<'a, 'b> {
    /// The chain of a part; pieces that are new are pushed.
    pub fn new(part: &'a Part<'a>, push: &'a mut Push<'b>) -> Playing<'a, 'b> {
        Playing {
            part,
            push,
            next: 0,
        }
    }

    /// How a study ends whose chain ended so.
    ///
    /// # Errors
    /// Why a piece has no result.
    pub fn end<T>(&self, came: Result<T, ChainEnd>) -> Result<End, StudyError> {
        match came {
            Ok(_) => Ok(End::Finished),
            Err(ChainEnd::Stopped) => Ok(End::Stopped { next: self.next }),
            Err(ChainEnd::Failed(error)) => Err(error),
        }
    }
}

impl Chain for Playing<'_, '_> {
    fn next(&mut self, worlds: u64, play: &mut MakePiece<'_>) -> Result<Vec<u8>, ChainEnd> {
        if let Some(known) = self.part.before.get(self.next as usize) {
            self.next += 1;
            (0..worlds).for_each(|_| (self.part.watch.on_trial)());
            return Ok(known.clone());
        }
        let piece = play(self.part.watch)?.ok_or(ChainEnd::Stopped)?;
        match (self.push)(&piece) {
            true => {
                self.next += 1;
                Ok(piece)
            }
            false => Err(ChainEnd::Stopped),
        }
    }
}

/// A chain all of whose pieces are known.
pub struct KnownChain {
    pieces: std::vec::IntoIter<Vec<u8>>,
}

impl KnownChain {
    /// From its pieces.
    pub fn new(pieces: Vec<Vec<u8>>) -> KnownChain {
        KnownChain {
            pieces: pieces.into_iter(),
        }
    }

    /// What came of a chain.
    ///
    /// # Errors
    /// Pieces that are none of this study.
    pub fn all<T>(came: Result<T, ChainEnd>) -> Result<T, StudyError> {
        came.map_err(|end| match end {
            ChainEnd::Stopped => StudyError::Foreign,
            ChainEnd::Failed(error) => error,
        })
    }
}

impl Chain for KnownChain {
    fn next(&mut self, _: u64, _: &mut MakePiece<'_>) -> Result<Vec<u8>, ChainEnd> {
        self.pieces
            .next()
            .ok_or(ChainEnd::Failed(StudyError::Foreign))
    }
}
