//! Plays studies, whatever they are: in memory, into a directory, as a shard of a plan, from all shards of a plan, or once more to compare.
//! All of these are the same fold of pieces; what differs is where the pieces come from and where results go.
//!
//! - [`asked`]: what a command adds to its study: the files of its scenarios, its text, its conditions.
//! - [`fold`]: from pieces to results.
//! - [`job`]: all that can be done with a study, without knowing which it is.
//! - [`fits`]: what fits into this machine.
//! - [`held`]: a study that was played, in memory, for programs that hold this one; what its pieces said, and its tables.
//! - [`probe`]: how long it would take.
//! - [`replay`]: the same again, compared byte by byte.
//! - [`told`]: results as people read them.

pub mod asked;
#[cfg(feature = "parquet")]
pub mod batches;
pub mod fits;
pub mod fold;
pub mod held;
pub mod held_pieces;
#[cfg(feature = "parquet")]
mod held_table;
pub mod job;
pub mod probe;
pub mod replay;
#[cfg(feature = "parquet")]
mod table_files;
#[cfg(feature = "parquet")]
mod table_rows;
pub mod told;
