//! What each command does: one file each, apart from how its arguments are written.

pub mod ask;
pub mod brief;
pub mod cluster;
pub mod compare;
pub mod discover;
pub mod explain;
pub mod generate;
pub mod inspect;
pub mod new;
pub mod replay;
#[cfg(feature = "html")]
pub mod report;
pub mod run;
pub mod sensitivity;
pub mod stability;
pub mod sweep;
pub mod theories;
pub mod threshold;
