//! What a run found: the answer first, readings for three kinds of reader, then the proof.

mod adviser;
mod break_even;
mod concentration;
mod drivers;
pub mod facts;
mod inputs;
mod investor;
mod members;
pub mod page;
mod parts;
mod spread;
mod stable;
mod terms;
mod vendor;
mod windows;
pub(super) mod winners;
