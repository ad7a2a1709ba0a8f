//! Cooperative games with transferable utility: what coalitions are worth, what each player may claim, which divisions last.
//!
//! A coalition of n players is a bit mask: player i is in `mask` if bit i is set. A game is a slice `values` of length 2^n in binary
//! order: `values[mask]` is what that coalition gets by itself, `values[0]` = 0. Allocations and indices are slices of length n, one
//! entry per player. Nothing here knows states of the world, hyperscalers or bargaining, and nothing draws random numbers: sampling takes
//! the caller's uniforms. Farsighted and other dynamic notions of stability are not here.
//!
//! | file | holds | exact up to |
//! | --- | --- | --- |
//! | [`game`] | [`Game`], covers, dual, excess, properties | 20 players |
//! | [`shapley`] | Shapley value, Banzhaf index; Shapley by sampled permutations (64 players) | 20 |
//! | [`owen`] | Owen value of a partition, of one bloc among outsiders | 20 |
//! | [`core`](mod@core) | membership, least core, whether the core is empty | 16 |
//! | [`nucleolus`](mod@nucleolus) | nucleolus and prenucleolus, each answer checked | 16 |
//! | [`kohlberg`] | the check: Kohlberg's criterion, in whole numbers | 20 |
//! | [`voting`] | weighted voting with a quota: Shapley-Shubik, Banzhaf, who is pivotal | 20; 64 with whole weights |
//!
//! # Examples
//!
//! ```
//! # extern crate mufakat_engine as mufakat;
//! use mufakat::theory::coalition::{Game, nucleolus, shapley_value};
//!
//! // The glove game: player 0 has a left glove, players 1 and 2 a right one; a pair is worth 1.
//! let values = [0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0];
//! let mut shapley = [0.0; 3];
//! shapley_value(&values, 3, &mut shapley);
//! assert!((shapley[0] - 2.0 / 3.0).abs() < 1e-12);
//! let game = Game::new(values.to_vec()).expect("eight values, none for the empty coalition");
//! let nucleolus = nucleolus(&game).expect("three players");
//! assert!((nucleolus[0] - 1.0).abs() < 1e-9);
//! ```
//!
//! # References
//! Peleg and Sudhölter, Introduction to the Theory of Cooperative Games, 2nd ed. (2007), <https://doi.org/10.1007/978-3-540-72945-7>.

pub mod core;
pub mod error;
pub mod game;
mod integer;
pub mod kohlberg;
pub mod nucleolus;
pub mod owen;
mod sequence;
pub mod shapley;
pub mod voting;

pub use core::{LeastCore, has_core, in_core, least_core, strongest_objection};
pub use error::CoalitionError;
pub use game::{Game, MAX_PLAYERS, monotone_cover, players_of};
pub use kohlberg::{is_nucleolus, is_prenucleolus};
pub use nucleolus::{NUCLEOLUS_MAX_PLAYERS, nucleolus, prenucleolus};
pub use owen::{bloc_partition, owen_value};
pub use shapley::{
    ShapleyEstimate, banzhaf_index, shapley_potential, shapley_sampled, shapley_value,
};
pub use voting::{banzhaf_voting, pivotal, shapley_shubik};
