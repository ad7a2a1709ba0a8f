//! Questions to many worlds at once: scenarios beside each other on the same draws; uncertain quantities as factors; which coalitions hold, who
//! must be in, where farsighted states end up.
//!
//! A [`Study`](pieces::Study) is a question that is cut into pieces: worlds, cells, points of a curve. Whoever plays it plays all pieces here, some of them on
//! another machine, or goes on where somebody was killed; what the pieces say is bytes, which can be kept anywhere. Taken in one after the
//! other, they become results and tables, the same bytes however they were played.
//!
//! Pure computation: models and readings come in, numbers go out. Files, clocks and terminals lie elsewhere.

pub mod accord_game;
pub mod accords;
pub mod advise;
pub mod brief;
pub mod cells;
pub mod chain;
pub mod compare;
pub mod digest;
pub mod discover;
pub mod explain;
pub mod factors;
pub mod farsighted;
pub mod forecasts;
pub mod given_worlds;
pub mod history;
pub mod outputs;
mod packed;
pub mod paired;
pub mod pedigree;
pub mod pieces;
pub mod readings;
pub mod results;
pub mod run;
pub mod search;
pub mod sensitivity;
pub mod solve;
pub mod stability;
pub mod sweep;
pub mod theories;
pub mod threshold;
pub mod ties;
pub mod turn;
