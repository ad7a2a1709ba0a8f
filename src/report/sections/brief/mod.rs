//! The page that a negotiator takes along: what each side has, wants, risks and could change, each said once.

mod accord;
mod amounts;
pub mod document;
mod frontier;
mod headline;
mod leverage;
pub(super) mod offers;
mod preparation;
mod red_lines;
mod sources;
pub(super) mod view;
mod walk_away;
mod zone;
