//! Pure mathematics: numbers and small structs come in, numbers go out. No state of the world, no scenario, no file, no clock.

pub mod bargaining;
pub mod coalition;
pub mod discovery;
pub mod draws;
pub mod reliability;
pub mod sensitivity;
pub mod spelling;
pub mod stats;
