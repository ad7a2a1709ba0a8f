//! Kohlberg's criterion: whether an allocation is the nucleolus, without solving for it.
//!
//! Order the proper coalitions by what they miss at x, the excess e(C) = v(C) − x(C), and let D be those with an excess of at least some
//! level. x is the prenucleolus if and only if, for every level, D is *balanced*: positive weights λ_C exist with Σ_{C∈D} λ_C·1_C = 1_N.
//! Then no transfer between players can make one of the worst-off coalitions better off but by making another one worse off. For the
//! nucleolus, singletons at x_i = v({i}) may join with weights >= 0. Which excesses count as equal takes a tolerance; balancedness itself is
//! decided exactly, in whole numbers.
//!
//! A level adds nothing new where its coalitions lie in the span of those before, whose weights can then be moved a little; so only the
//! others are looked at, and the check ends when the span is full.
//!
//! # References
//! Kohlberg, On the nucleolus of a characteristic function game (1971), <https://doi.org/10.1137/0120009>; Sobolev 1975 for the
//! prenucleolus; Benedek, Fliege and Nguyen 2021 for
//! the use of ranks, <https://doi.org/10.1007/s10107-020-01527-9>.

use crate::theory::coalition::error::CoalitionError;
use crate::theory::coalition::game::{Game, check_allocation};
use crate::theory::coalition::integer::{CoalitionSpan, in_cone};

/// Whether `allocation` is the nucleolus: lexicographically least excesses among divisions of v(N) with x_i >= v({i}).
///
/// `allocation`: x, length n. `tolerance` >= 0, in units of the values: sums and bounds may be off by it, and two excesses are of one
/// level if no gap between them is wider.
///
/// # Errors
/// An allocation that is not n finite numbers.
pub fn is_nucleolus(
    game: &Game,
    allocation: &[f64],
    tolerance: f64,
) -> Result<bool, CoalitionError> {
    check_allocation(game.players(), allocation)?;
    let alone = game.alone();
    let pairs = || allocation.iter().zip(&alone);
    if pairs().any(|(x, alone)| *x < alone - tolerance) {
        return Ok(false);
    }
    let at_bound = pairs().map(|(x, alone)| *x <= alone + tolerance);
    let optional: Vec<u64> = (0..)
        .zip(at_bound)
        .filter(|(_, at)| *at)
        .map(|(i, _)| 1 << i)
        .collect();
    Ok(balanced_at_every_level(
        game, allocation, &optional, tolerance,
    ))
}

/// Whether `allocation` is the prenucleolus: lexicographically least excesses among all divisions of v(N).
///
/// Shapes, tolerance and errors as for [`is_nucleolus`].
///
/// # Errors
/// An allocation that is not n finite numbers.
pub fn is_prenucleolus(
    game: &Game,
    allocation: &[f64],
    tolerance: f64,
) -> Result<bool, CoalitionError> {
    check_allocation(game.players(), allocation)?;
    Ok(balanced_at_every_level(game, allocation, &[], tolerance))
}

fn balanced_at_every_level(
    game: &Game,
    allocation: &[f64],
    optional: &[u64],
    tolerance: f64,
) -> bool {
    let n = game.players();
    let excess = excesses(game.values(), allocation);
    let grand = excess.len() - 1;
    if excess[grand].abs() > tolerance {
        return false;
    }
    let mut order: Vec<u32> = (1..grand as u32).collect();
    order.sort_unstable_by(|&a, &b| {
        let (left, right) = (excess[a as usize], excess[b as usize]);
        right.total_cmp(&left).then(a.cmp(&b))
    });
    let same = |a: &u32, b: &u32| excess[*a as usize] - excess[*b as usize] <= tolerance;
    let mut span = CoalitionSpan::new(n);
    let mut columns = optional.to_vec();
    for level in order.chunk_by(same) {
        let masks = level.iter().map(|&mask| u64::from(mask));
        let new: Vec<u64> = masks.filter(|&mask| !span.contains(mask)).collect();
        columns.extend(&new);
        // Weights of at least 1 for the new ones: Σ_{columns} λ·1_C = k·1_N − Σ_{new} 1_C, up to multiples of 1_N.
        let count = |i: usize| new.iter().filter(|&mask| mask >> i & 1 == 1).count() as i128;
        let counts: Vec<i128> = (0..n).map(count).collect();
        let most = counts.iter().copied().max().unwrap_or(0);
        let missing: Vec<i128> = counts.iter().map(|count| most - count).collect();
        if !in_cone(&columns, &missing, true) {
            return false;
        }
        for &mask in &new {
            span.insert(mask);
        }
        if span.is_full() {
            break;
        }
    }
    true
}

/// e(C) = v(C) − Σ_{i∈C} x_i for every coalition, in binary order.
pub(super) fn excesses(values: &[f64], allocation: &[f64]) -> Vec<f64> {
    let mut excess = sums(values.len(), allocation);
    for (excess, value) in excess.iter_mut().zip(values) {
        *excess = value - *excess;
    }
    excess
}

/// Σ_{i∈C} x_i for every coalition, in binary order.
pub(super) fn sums(length: usize, allocation: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; length];
    for mask in 1..length {
        sums[mask] = sums[mask & (mask - 1)] + allocation[mask.trailing_zeros() as usize];
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLERANCE: f64 = 1e-9;

    #[test]
    fn by_hand() {
        // A pair is worth 4, the third player nothing.
        let pair = [0.0, 0.0, 0.0, 4.0, 0.0, 0.0, 0.0, 4.0];
        // Two majority players: all pairs worth 1.
        let majority = [0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0];
        // The pair 01 is worth 10, all only 2: the prenucleolus takes from player 2.
        let spoiled = [0.0, 0.0, 0.0, 10.0, 0.0, 0.0, 0.0, 2.0];
        let third = 1.0 / 3.0;
        let cases = [
            (pair, [2.0, 2.0, 0.0], true, true),
            (pair, [1.0, 3.0, 0.0], false, false),
            (pair, [2.0, 2.0, 1.0], false, false),
            (majority, [third, third, third], true, true),
            (majority, [0.5, 0.5, 0.0], false, false),
            (spoiled, [3.0, 3.0, -4.0], false, true),
            (spoiled, [1.0, 1.0, 0.0], true, false),
        ];
        for (values, allocation, nucleolus, prenucleolus) in cases {
            let game = Game::new(values.to_vec()).expect("valid");
            let is = is_nucleolus(&game, &allocation, TOLERANCE);
            assert_eq!(is, Ok(nucleolus), "{values:?} {allocation:?}");
            let is = is_prenucleolus(&game, &allocation, TOLERANCE);
            assert_eq!(is, Ok(prenucleolus), "{values:?} {allocation:?}");
        }
    }

    #[test]
    fn refused_allocations() {
        let game = Game::new(vec![0.0, 1.0]).expect("valid");
        for (allocation, given) in [(vec![], 0), (vec![1.0, 1.0], 2), (vec![f64::NAN], 0)] {
            let error = CoalitionError::Allocation {
                players: 1,
                length: allocation.len(),
                given,
            };
            assert_eq!(is_nucleolus(&game, &allocation, 0.0), Err(error));
        }
    }
}
