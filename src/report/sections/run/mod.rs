//! What a run found: the answer first, readings for three kinds of reader, then the proof.

mod adviser;
mod concentration;
pub mod facts;
mod inputs;
mod investor;
mod members;
pub mod page;
mod parts;
mod spread;
mod stable;
mod studies;
mod terms;
mod vendor;
mod windows;
pub(super) mod winners;
