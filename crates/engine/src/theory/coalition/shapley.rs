//! What a player adds to coalitions, on average: over orders (Shapley) or over coalitions (Banzhaf).

use crate::theory::coalition::error::CoalitionError;
use crate::theory::coalition::game::MAX_PLAYERS;
use wide::f64x4;

/// Most players of a bit mask, for sampling.
const MASK_PLAYERS: usize = 64;

/// Fewest permutations that have a spread.
const MIN_PERMUTATIONS: usize = 2;

/// The Shapley value, exact by sums over coalitions, without allocation.
///
/// φ_i = Σ_{C∌i} |C|!·(n−1−|C|)!/n! · (v(C∪i) − v(C)): what i adds to those before it, averaged over all orders of the n players. It
/// adds up to v(N), and a player who never adds anything gets exactly 0.
///
/// `values`: v, length 2^n in binary order, `values[0]` = 0; `out`: φ, length n. n is in \[1, 20\]; about n·2^(n−1) steps.
///
/// # Panics
/// If the lengths do not fit n, or n is outside \[1, 20\].
///
/// # References
/// Shapley, A value for n-person games (1953), <https://doi.org/10.1515/9781400881970-018>.
pub fn shapley_value(values: &[f64], n: usize, out: &mut [f64]) {
    check_shape(values, n, out);
    // weights[s] = s!·(n−1−s)!/n! = 1/(n·C(n−1, s)); the binomials are whole numbers below 2^53, so exact.
    let mut weights = [0.0; SIZES];
    let mut binomial = 1.0;
    for (size, weight) in weights[..n].iter_mut().enumerate() {
        *weight = 1.0 / (n as f64 * binomial);
        binomial = binomial * (n - 1 - size) as f64 / (size + 1) as f64;
    }
    for (i, out) in out.iter_mut().enumerate() {
        *out = sum_of_marginals(values, i, &weights);
    }
}

/// The potential of every coalition, from which the Shapley values of all subgames follow, in one sweep without allocation.
///
/// P(C) = (v(C) + Σ_{i∈C} P(C∖i))/|C|, P(∅) = 0. The Shapley value of i in the game of the players of C alone is P(C) − P(C∖i).
///
/// `values`: v, length 2^n in binary order, `values[0]` = 0; `out`: P, of the same length. About n·2^(n−1) steps, where the values of
/// the subgames one by one take n·3^(n−1).
///
/// # Panics
/// If the lengths differ or are no power of two.
///
/// # References
/// Hart and Mas-Colell 1989, <https://doi.org/10.2307/1911054>.
pub fn shapley_potential(values: &[f64], out: &mut [f64]) {
    assert!(
        values.len().is_power_of_two() && out.len() == values.len(),
        "{} values, {} potentials",
        values.len(),
        out.len()
    );
    out[0] = 0.0;
    for mask in 1..values.len() {
        let mut sum = values[mask];
        let mut left = mask;
        while left != 0 {
            let lowest = left & left.wrapping_neg();
            sum += out[mask ^ lowest];
            left ^= lowest;
        }
        out[mask] = sum / f64::from(mask.count_ones());
    }
}

/// The Banzhaf index (not normalised), exact by sums over coalitions, without allocation.
///
/// β_i = 2^−(n−1) · Σ_{C∌i} (v(C∪i) − v(C)): what i adds to the others if each of them is there with probability ½. In general it does not
/// add up to v(N).
///
/// Shapes and range as for [`shapley_value`].
///
/// # Panics
/// If the lengths do not fit n, or n is outside \[1, 20\].
///
/// # References
/// Banzhaf, Weighted voting doesn't work, Rutgers Law Review 19 (1965); Owen, Multilinear extensions and the Banzhaf value (1975),
/// <https://doi.org/10.1002/nav.3800220409>.
pub fn banzhaf_index(values: &[f64], n: usize, out: &mut [f64]) {
    check_shape(values, n, out);
    let coalitions = (1u64 << (n - 1)) as f64;
    for (i, out) in out.iter_mut().enumerate() {
        *out = sum_of_marginals(values, i, &[1.0; SIZES]) / coalitions;
    }
}

fn check_shape(values: &[f64], n: usize, out: &[f64]) {
    assert!(
        (1..=MAX_PLAYERS).contains(&n) && values.len() == 1 << n && out.len() == n,
        "{n} players, {} values, room for {}",
        values.len(),
        out.len()
    );
}

/// Sizes of coalitions that have a weight, and some behind them that only fill up lanes.
const SIZES: usize = MAX_PLAYERS + 3;
/// Coalitions that are looked at together: those that differ in the first three players.
const OCTET: usize = 8;
/// How many of the first three players each of them has.
const PLAYERS_OF_OCTET: [usize; OCTET] = [0, 1, 1, 2, 1, 2, 2, 3];

/// Σ_{C∌i} weights\[|C|\]·(v(C∪i) − v(C)), with C eight at a time where there are so many.
#[inline]
fn sum_of_marginals(values: &[f64], i: usize, weights: &[f64; SIZES]) -> f64 {
    let stride = 1 << i;
    if stride < OCTET {
        return sum_within_octets(values, stride, weights);
    }
    let weigh = |size: usize, from: usize| {
        f64x4::from(std::array::from_fn(|k| {
            weights[size + PLAYERS_OF_OCTET[from + k]]
        }))
    };
    let octets: [[f64x4; 2]; MAX_PLAYERS] =
        std::array::from_fn(|size| [weigh(size, 0), weigh(size, 4)]);
    let mut sums = [f64x4::ZERO; 2];
    for (high, block) in values.chunks_exact(2 * stride).enumerate() {
        let outer = high.count_ones();
        let (without, with) = block.split_at(stride);
        let both = without
            .as_chunks::<OCTET>()
            .0
            .iter()
            .zip(with.as_chunks::<OCTET>().0);
        for (low, (without, with)) in both.enumerate() {
            let weights = &octets[(outer + low.count_ones()) as usize];
            for half in 0..2 {
                let four = |values: &[f64; OCTET]| {
                    f64x4::from(std::array::from_fn(|k| values[4 * half + k]))
                };
                sums[half] += weights[half] * (four(with) - four(without));
            }
        }
    }
    let [a, b, c, d] = (sums[0] + sums[1]).to_array();
    (a + b) + (c + d)
}

/// The same for one of the first three players, whose coalitions lie `stride` apart.
fn sum_within_octets(values: &[f64], stride: usize, weights: &[f64; SIZES]) -> f64 {
    let mut sum = 0.0;
    for (high, octet) in values.chunks(OCTET).enumerate() {
        let outer = high.count_ones() as usize;
        for without in (0..octet.len()).filter(|low| low & stride == 0) {
            let weight = weights[outer + PLAYERS_OF_OCTET[without]];
            sum += weight * (octet[without + stride] - octet[without]);
        }
    }
    sum
}

/// A Shapley value from sampled permutations: one entry per player.
#[derive(Debug, Clone, PartialEq)]
pub struct ShapleyEstimate {
    /// Mean of what the player adds; these add up to v(N).
    pub values: Vec<f64>,
    /// Standard error of that mean.
    pub std_errors: Vec<f64>,
}

/// The Shapley value of up to 64 players, estimated from random orders in which they join.
///
/// Each of B random `permutations` is taken n times, every time begun one player further on and closed to a circle, so that each player comes once at each of the n
/// places: how early a player joins, which decides most of what it adds, is left to chance no more. With a_bi the mean over the n orders of permutation b of
/// v(before∪i) − v(before), φ̂_i is the mean of a_bi over b, its standard error s_i/√B with s_i the sample standard deviation of a_bi, since the permutations are
/// independent while orders of one are not. Each order is as likely as any other, so φ̂ has no bias, and in every sample it adds up to v(N). In a game in
/// which what a player adds depends on how many have joined alone, players get what they add on average, bit for bit the same, without error.
///
/// `value` is asked n² times per permutation, coalitions of an order one after the other from one player to all; `uniform` gives n−1 numbers in \[0, 1) per
/// permutation (Fisher-Yates), so the same uniforms give the same estimate, bit for bit.
///
/// # Errors
/// n outside \[1, 64\], fewer than two permutations, a value that is not finite.
///
/// # References
/// Castro, Gómez and Tejada 2009, <https://doi.org/10.1016/j.cor.2008.04.004>, for sampled orders; Castro, Gómez, Molina and Tejada 2017,
/// <https://doi.org/10.1016/j.cor.2017.01.019>, for players in each place as often as in any other.
pub fn shapley_sampled(
    n: usize,
    mut value: impl FnMut(u64) -> f64,
    permutations: usize,
    mut uniform: impl FnMut() -> f64,
) -> Result<ShapleyEstimate, CoalitionError> {
    if n == 0 || n > MASK_PLAYERS {
        return Err(CoalitionError::Players {
            given: n,
            max: MASK_PLAYERS,
        });
    }
    if permutations < MIN_PERMUTATIONS {
        return Err(CoalitionError::Permutations {
            given: permutations,
            min: MIN_PERMUTATIONS,
        });
    }
    let mut order: Vec<usize> = (0..n).collect();
    let mut means = vec![0.0; n];
    // Σ(x − mean)², updated with the mean (Welford).
    let mut squares = vec![0.0; n];
    // What each player adds at each place, by player; summed by place, so that equal players have equal sums.
    let mut added = vec![0.0; n * n];
    for count in 1..=permutations {
        for last in (1..n).rev() {
            let pick = (uniform() * (last + 1) as f64) as usize;
            order.swap(last, pick.min(last));
        }
        for first in 0..n {
            let (mut coalition, mut before) = (0u64, 0.0);
            let around = order[first..].iter().chain(&order[..first]);
            for (place, &i) in around.enumerate() {
                coalition |= 1 << i;
                let with = value(coalition);
                if !with.is_finite() {
                    return Err(CoalitionError::Value {
                        coalition,
                        given: with,
                    });
                }
                added[i * n + place] = with - before;
                before = with;
            }
        }
        for (i, added) in added.chunks_exact(n).enumerate() {
            let mean = added.iter().sum::<f64>() / n as f64;
            let deviation = mean - means[i];
            means[i] += deviation / count as f64;
            squares[i] += deviation * (mean - means[i]);
        }
    }
    let count = permutations as f64;
    let std_errors = squares
        .iter()
        .map(|sum| (sum / (count - 1.0) / count).sqrt());
    Ok(ShapleyEstimate {
        std_errors: std_errors.collect(),
        values: means,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_samples() {
        let sample =
            |n, permutations, value| shapley_sampled(n, |_| value, permutations, || 0.5).err();
        let players = |given| CoalitionError::Players { given, max: 64 };
        let value = CoalitionError::Value {
            coalition: 1,
            given: f64::INFINITY,
        };
        let cases = [
            (sample(0, 10, 1.0), Some(players(0))),
            (sample(65, 10, 1.0), Some(players(65))),
            (
                sample(3, 1, 1.0),
                Some(CoalitionError::Permutations { given: 1, min: 2 }),
            ),
            (sample(1, 2, f64::INFINITY), Some(value)),
            (sample(64, 2, 1.0), None),
        ];
        for (given, expected) in cases {
            assert_eq!(given, expected);
        }
    }

    #[test]
    fn equal_players_get_the_same() {
        let mut state = 1u64;
        let mut uniform = move || {
            state = state
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        // Nothing below 14 of 17 players, then all: who comes 14th gets everything.
        let majority = |mask: u64| f64::from(u8::from(mask.count_ones() >= 14)) * 3.456;
        let estimate = shapley_sampled(17, majority, 2, &mut uniform).expect("valid");
        let equal = estimate.values[0];
        assert!((equal - 3.456 / 17.0).abs() < 1e-15, "{equal}");
        assert_eq!(estimate.values, [equal; 17]);
        assert_eq!(estimate.std_errors, [0.0; 17]);
        // Of 20 players, 5 have a say of 3 and 15 of 1: the value of each kind, by its exact index of power.
        let weights = |i: usize| if i < 5 { 3u32 } else { 1 };
        let wins = |mask: u64| {
            (0..20)
                .filter(|i| mask >> i & 1 == 1)
                .map(weights)
                .sum::<u32>()
                > 15
        };
        let estimate =
            shapley_sampled(20, |mask| f64::from(u8::from(wins(mask))), 16, &mut uniform)
                .expect("valid");
        let mut exact = vec![0.0; 20];
        let values: Vec<f64> = (0..1u64 << 20)
            .map(|mask| f64::from(u8::from(wins(mask))))
            .collect();
        shapley_value(&values, 20, &mut exact);
        let total: f64 = estimate.values.iter().sum();
        assert!((total - 1.0).abs() < 1e-12, "{total}");
        for (i, exact) in exact.iter().enumerate() {
            let (value, error) = (estimate.values[i], estimate.std_errors[i]);
            assert!(
                (value - exact).abs() < 4.5 * error,
                "{value} ± {error}, {exact}"
            );
            // Orders without places would have √(φ(1 − φ)/320), 0.012 to 0.02.
            assert!(error < 0.012, "{error}");
        }
    }
}
