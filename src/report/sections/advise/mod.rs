//! A note that a minister can act on: the answer, with whom, why, what to ask for, what would change it, and what it cannot say.

mod answer;
mod ask;
mod cannot;
pub mod document;
mod turns;
mod view;
mod whom;
mod why;
