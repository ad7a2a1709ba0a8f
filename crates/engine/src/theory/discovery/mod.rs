//! In which worlds a condition holds, as boxes that a sentence can describe; and which arm does well without trusting probabilities.
//!
//! Worlds are rows of plain columns, one per factor, with a yes or no. A box restricts some factors to an interval or to some values; it is judged by its coverage (the share
//! of all hits that lie in it), its density (the share of its worlds that are hits) and the number of factors it restricts. Factors of at most 8
//! values are kinds: a box may keep any of them, not only neighbours. Nothing here knows scenarios, reads files or draws numbers but from the caller's stream.
//!
//! | file | holds |
//! | --- | --- |
//! | [`cases`](mod@cases) | worlds with the condition; restrictions, rules, boxes with their counts |
//! | [`prim`](mod@prim) | PRIM: boxes peeled and pasted |
//! | [`trade_off`](mod@trade_off) | the boxes that no other beats, the balanced one, several boxes by covering |
//! | [`chance`] | what held-out worlds and shuffled ones say of a box: whether it is more than chance |
//! | [`significance`] | quasi-p-values of restrictions; how often halves of the worlds restrict the same factors |
//! | [`cart`](mod@cart) | a pruned classification tree with its leaves as boxes |
//! | [`robustness`](mod@robustness) | regret, worst case, satisficing of arms |
//!
//! # Examples
//!
//! ```
//! # extern crate mufakat_engine as mufakat;
//! use mufakat::theory::discovery::Cases;
//! use mufakat::theory::discovery::prim::PrimOptions;
//! use mufakat::theory::discovery::trade_off::{choose, trade_off};
//!
//! let x: Vec<f64> = (0..400).map(|k| f64::from(k % 20) / 20.0).collect();
//! let y: Vec<f64> = (0..400).map(|k| f64::from(k / 20) / 20.0).collect();
//! let loses: Vec<bool> = x.iter().zip(&y).map(|(x, y)| *x < 0.4 && *y < 0.6).collect();
//! let cases = Cases::new(&[&x, &y], &loses).expect("it loses in some worlds and not in others");
//! let boxes = trade_off(&cases, &PrimOptions::default()).expect("options in range");
//! let found = choose(&boxes, 0.8).expect("a dense box");
//! assert_eq!((found.coverage, found.density, found.restricted()), (1.0, 1.0, 2));
//! ```
//!
//! # References
//! Bryant and Lempert 2010, Thinking inside the box, <https://doi.org/10.1016/j.techfore.2009.08.002>; Friedman and Fisher 1999,
//! <https://doi.org/10.1023/A:1008894516817>; Breiman et al., Classification and Regression Trees (1984).

pub mod cart;
pub mod cases;
pub mod chance;
pub mod prim;
mod refine;
pub mod robustness;
pub mod significance;
pub mod trade_off;

pub use cases::{Candidate, Cases, DiscoveryError, Restriction, Rule};
