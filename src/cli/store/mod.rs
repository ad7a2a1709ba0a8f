//! Finished work on disk: directories of results, blocks and shards that outlive a killed program, and who may write them.

pub mod beside;
pub mod blocks;
pub mod directory;
pub mod found;
pub mod journal;
pub mod kept;
pub mod lock;
pub mod shard;
