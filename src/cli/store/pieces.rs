//! Where finished pieces of a study lie: a folder of files, each of whole blocks.
//!
//! The files of a plan are its shards, of any cut, from any machine. Those of a study that is played here are parts, one after the other.

use crate::cli::args::shard::Shard;
use crate::study::digest::hex;
use crate::study::pieces::Pieces;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A hash of 32 bytes: what pieces belong to, or what they are checked by.
pub type PieceKey = [u8; 32];

/// A folder of pieces.
#[derive(Debug, Clone)]
pub struct Store {
    pub folder: PathBuf,
    pub key: PieceKey,
    pub pieces: Pieces,
    pub kind: PieceFiles,
}

/// What its files are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceFiles {
    Shards,
    Parts,
}

/// What a file says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Which shard; none for a part.
    pub shard: Option<Shard>,
    pub pieces: Range<u64>,
}

impl Store {
    /// The start of the key, which names its shards.
    pub fn name(&self) -> String {
        hex(&self.key[..8])
    }

    /// The pieces of a shard.
    pub fn range(&self, shard: Shard) -> Range<u64> {
        let blocks = shard.blocks(self.pieces.blocks());
        self.pieces.of_blocks(blocks)
    }

    /// The label of a shard.
    pub fn shard(&self, shard: Shard) -> Label {
        Label {
            shard: Some(shard),
            pieces: self.range(shard),
        }
    }

    /// The file of some pieces.
    pub fn file(&self, label: &Label) -> PathBuf {
        self.folder.join(match label.shard {
            Some(Shard { index, of }) => format!("{}-{index}-of-{of}.shard", self.name()),
            None => format!("{:012}.part", label.pieces.start),
        })
    }

    /// Whether a label is one of this store.
    pub fn has(&self, label: &Label) -> bool {
        match (self.kind, label.shard) {
            (PieceFiles::Shards, Some(shard)) => {
                shard.index < shard.of && label.pieces == self.range(shard)
            }
            (PieceFiles::Parts, None) => label.pieces.start < label.pieces.end,
            _ => false,
        }
    }

    /// Whether the name of a file is one that this store gives, finished or not.
    pub fn owns(&self, path: &Path) -> bool {
        let name = path.file_name().and_then(|name| name.to_str());
        match self.kind {
            PieceFiles::Parts => name.is_some(),
            PieceFiles::Shards => {
                let rest = name.and_then(|name| name.strip_prefix(&self.name()));
                rest.is_some_and(|rest| rest.starts_with('-'))
            }
        }
    }

    /// The ending of its files.
    pub fn ending(&self) -> &'static str {
        match self.kind {
            PieceFiles::Shards => "shard",
            PieceFiles::Parts => "part",
        }
    }
}
