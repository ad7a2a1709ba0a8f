//! What pieces say, in memory.

use crate::cli::store::file::pieces;
use crate::cli::store::parts::frame;
use crate::error::Error;
use std::path::PathBuf;

/// Bytes of a block, about: what grows is copied, and this is little.
const BLOCK: usize = 1 << 22;

/// What the pieces of a study say, in order.
#[derive(Debug, Clone, Default)]
pub struct HeldPieces {
    blocks: Vec<Vec<u8>>,
}

impl HeldPieces {
    /// Takes in the next piece.
    pub fn push(&mut self, piece: &[u8]) {
        match self.blocks.last_mut() {
            Some(block) if block.len() + piece.len() < BLOCK => frame(block, piece),
            _ => {
                let mut block = Vec::new();
                frame(&mut block, piece);
                self.blocks.push(block);
            }
        }
    }

    /// Hands on every piece.
    ///
    /// # Errors
    /// What `take` returns.
    pub fn each(&self, take: &mut dyn FnMut(&[u8]) -> Result<(), Error>) -> Result<(), Error> {
        let mut all = self.blocks.iter().flat_map(|block| pieces(block));
        all.try_for_each(take)
    }

    /// All of it, from which [`HeldPieces::of_bytes`] makes the same.
    pub fn bytes(&self) -> Vec<u8> {
        self.blocks.concat()
    }

    /// What [`HeldPieces::bytes`] gave.
    pub fn of_bytes(bytes: Vec<u8>) -> HeldPieces {
        HeldPieces {
            blocks: vec![bytes],
        }
    }
}

/// Where the rest of a study is, besides its document.
pub enum HeldRest {
    /// Here.
    Pieces(HeldPieces),
    /// In its directory.
    Directory(PathBuf),
    /// Nowhere: it was not kept.
    Nothing,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(held: &HeldPieces) -> Vec<Vec<u8>> {
        let mut said = Vec::new();
        let taken = held.each(&mut |piece| {
            said.push(piece.to_vec());
            Ok(())
        });
        taken.expect("taking does not fail");
        said
    }

    #[test]
    fn pieces_of_any_size_come_back_in_order_and_from_bytes() {
        let pieces: Vec<Vec<u8>> = [0, 3, BLOCK - 1, 5, BLOCK + 1, 0, 1]
            .iter()
            .enumerate()
            .map(|(number, &length)| vec![number as u8; length])
            .collect();
        let mut held = HeldPieces::default();
        pieces.iter().for_each(|piece| held.push(piece));
        assert_eq!(said(&held), pieces);
        assert_eq!(said(&HeldPieces::of_bytes(held.bytes())), pieces);
    }
}
