//! The least change of many uncertain inputs at once that brings a number to zero.
//!
//! Inputs are normal scores, z = Φ⁻¹(u) of the uniform u of each, so that 0 is its median and 1 a standard deviation. The size of a joint change is the
//! Euclidean norm ‖z‖, and the nearest z at which g(z) = 0 is the design point of structural reliability; its size is the index β of Hasofer and Lind.
//! Where g is linear and the inputs are independent, Φ(−β) is the probability of its other side; of anything else it is not.
//!
//! | file | holds |
//! | --- | --- |
//! | [`surrogate`](mod@surrogate) | a sparse polynomial in the scores, from worlds that were drawn |
//! | [`design_point`](mod@design_point) | nearest zeros of a function with its gradient, from one start or from many |
//!
//! # References
//! Hasofer and Lind 1974, Exact and invariant second-moment code format, <https://doi.org/10.1061/JMCEA3.0001848>; Rackwitz and Fiessler 1978,
//! <https://doi.org/10.1016/0045-7949(78)90046-9>.

pub mod design_point;
pub mod surrogate;
