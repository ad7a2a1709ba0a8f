//! One study on many machines: a plan cuts it into blocks, shards of blocks are played anywhere in any order, and what is merged has the
//! bytes that one machine writes.
//!
//! - [`plan`]: the document of a plan, which holds the study, the texts of its scenario, its pieces and the hash of all that.
//! - [`submit`], [`slurm`]: a plan on a cluster, until it is complete.
//! - [`status`]: what of it is there, as the user sees it.
//!
//! Nothing here depends on a clock, on the order in which shards end, or on how a program ended that played one.

pub mod plan;
pub mod slurm;
pub mod status;
pub mod submit;
