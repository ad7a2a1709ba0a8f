//! The most that a scenario or a command may ask for, whatever the machine: what a table of results can hold, and numbers whose products
//! stay far below 2^64. What fits into the memory of a machine is told where studies are played.

/// Most cells of a grid: beyond, a table of them could not be read any more.
pub const MOST_CELLS: u64 = 1_000_000;

/// Most sampled worlds, so that their number times what each of them has stays far below 2^64.
pub const MOST_TRIALS: u64 = 1_000_000_000_000_000;
