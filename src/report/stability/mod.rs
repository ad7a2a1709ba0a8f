//! What `stability` found, as tables and sentences.

pub mod text;
