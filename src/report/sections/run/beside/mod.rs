//! A run whose settings a reader moved, beside the same arms of the scenario as it was: one sentence, then panels.

mod figure;
pub mod frame;
pub mod reader;
mod states;
