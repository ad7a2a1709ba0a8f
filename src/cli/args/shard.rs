//! Which part of a plan: I/N.

use std::fmt;
use std::ops::Range;

/// One of the shards that a plan is cut into, whichever number of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard {
    pub index: u64,
    pub of: u64,
}

impl Shard {
    /// Reads I/N with I from 0 to N - 1.
    pub fn parse(text: &str) -> Result<Shard, String> {
        let numbers = text.split_once('/').and_then(|(index, of)| {
            let (index, of) = (index.parse().ok()?, of.parse().ok()?);
            Some(Shard { index, of })
        });
        match numbers {
            Some(shard) if shard.index < shard.of => Ok(shard),
            Some(Shard { of, .. }) if of > 0 => {
                Err(format!("the shards of {of} are 0/{of} to {}/{of}", of - 1))
            }
            _ => Err("expected I/N, for example 0/7 for the first of seven shards".to_owned()),
        }
    }

    /// The shard of so many that begins with a block, if one does.
    pub fn from_block(block: u64, blocks: u64, of: u64) -> Option<Shard> {
        let index = (u128::from(block) * u128::from(of)).div_ceil(u128::from(blocks)) as u64;
        let shard = Shard { index, of };
        (index < of && shard.blocks(blocks).start == block).then_some(shard)
    }

    /// The shard of so many, none of them empty, that has a block.
    pub fn with_block(block: u64, blocks: u64, of: u64) -> Shard {
        // I with I·B/N ≤ block < (I+1)·B/N, rounded down.
        let next = (u128::from(block + 1) * u128::from(of)).div_ceil(u128::from(blocks));
        Shard {
            index: next as u64 - 1,
            of,
        }
    }

    /// Its blocks among so many: shards differ by one block at most, and may have none where there are more shards than blocks.
    pub fn blocks(self, blocks: u64) -> Range<u64> {
        let at = |index: u64| {
            let product = u128::from(index) * u128::from(blocks);
            (product / u128::from(self.of)) as u64
        };
        at(self.index)..at(self.index + 1)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}
