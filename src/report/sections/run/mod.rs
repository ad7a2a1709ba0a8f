//! What a run found: the answer first, readings for three kinds of reader, then the proof.

mod adviser;
pub(super) mod answer;
mod bill;
mod causes;
mod concentration;
mod erosion;
pub mod facts;
mod inputs;
pub(super) mod investor;
mod markets;
mod members;
mod obligations;
pub(super) mod options;
pub mod page;
pub(super) mod picture;
mod pledged;
mod rules;
pub mod screen;
mod spread;
mod studies;
mod terms;
pub mod text;
pub(super) mod vendor;
pub mod warnings;
mod windows;
mod winners;
pub mod worlds;
