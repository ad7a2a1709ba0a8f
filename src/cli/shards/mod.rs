//! One study on many machines: a plan cuts it into blocks, shards of blocks are played anywhere in any order, and what is merged has the
//! bytes that one machine writes.
//!
//! - [`plan`]: the document of a plan, which holds the study, the texts of its scenario, its pieces and the hash of all that.
//! - [`file`](mod@file): a shard on disk, block by block with checksums, written beside its place and moved there when it is whole.
//! - [`store`]: which pieces of a plan are there, from files alone.
//! - [`study`]: what a piece of each study is, how it is played and how pieces become results.
//! - [`lock`]: who submits a plan or merges it into a directory, one at a time.
//! - [`submit`], [`slurm`]: a plan on a cluster, until it is complete.
//! - [`command`], [`status`]: what the user sees of it.
//!
//! Nothing here depends on a clock, on the order in which shards end, or on how a program ended that played one.

pub mod command;
pub mod file;
pub mod lock;
pub mod of_run;
pub mod of_sensitivity;
pub mod of_stability;
pub mod plan;
pub mod slurm;
pub mod status;
pub mod store;
pub mod study;
pub mod submit;
pub mod verdict;
