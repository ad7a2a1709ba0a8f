//! Plays studies, whatever they are: in memory, into a directory, as a shard of a plan, from all shards of a plan, or once more to compare.
//! All of these are the same fold of pieces; what differs is where the pieces come from and where results go.
//!
//! - [`asked`]: what a command adds to its study: the files of its scenarios, its text, its conditions.
//! - [`fold`]: from pieces to results.
//! - [`job`]: all that can be done with a study, without knowing which it is.
//! - [`probe`]: how long it would take.
//! - [`replay`]: the same again, compared byte by byte.

pub mod asked;
pub mod fold;
pub mod job;
pub mod probe;
pub mod replay;
