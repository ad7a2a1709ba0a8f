//! Weighted voting: a coalition wins if its weights reach the quota. Who is pivotal, and how often?

use crate::theory::coalition::error::CoalitionError;
use crate::theory::coalition::game::{MAX_PLAYERS, players_of};
use crate::theory::coalition::kohlberg::sums;
use crate::theory::coalition::shapley::{banzhaf_index, shapley_value};

/// A quota counts as met if it is missed by less than this share of all weights: 0.1 + 0.2 meets 0.3.
const QUOTA_SLACK: f64 = 1e-12;

/// Most players for whom coalitions are counted by weight.
const COUNTED_PLAYERS: usize = 64;

/// Largest sum of whole weights beyond [`MAX_PLAYERS`]: the table of counts then has at most 64·20 000 entries.
const MAX_SUM: u64 = 20_000;

/// The Shapley-Shubik index: the share of orders in which each player's vote is the one that reaches the quota.
///
/// φ_i = Σ_C |C|!·(n−1−|C|)!/n! over C∌i with w(C) < quota <= w(C) + w_i. The indices add up to 1.
///
/// `weights`: w, one per player, >= 0; `quota` in (0, Σw\], met within 1e-12 of Σw. Exact: by enumeration to 20 players, beyond (to 64)
/// by counting coalitions by size and weight, for whole weights with a sum of at most 20 000.
///
/// # Errors
/// No players or more than 64; a weight that is negative or not finite; a quota outside (0, Σw\]; beyond 20 players, weights that are not
/// whole or too large.
///
/// # References
/// Shapley and Shubik 1954, <https://doi.org/10.2307/1951053>; counting: Mann and Shapley 1962 (RAND RM-3158).
pub fn shapley_shubik(weights: &[f64], quota: f64) -> Result<Vec<f64>, CoalitionError> {
    let quota = checked_quota(weights, quota)?;
    let n = weights.len();
    if n <= MAX_PLAYERS {
        let mut index = vec![0.0; n];
        shapley_value(&simple_game(weights, quota), n, &mut index);
        return Ok(index);
    }
    let counts = Counts::new(weights, quota)?;
    let by_size = |swings: Vec<u128>| {
        let mut binomial = 1.0;
        let mut sum = 0.0;
        for (size, swings) in swings.into_iter().enumerate() {
            sum += swings as f64 / (n as f64 * binomial);
            binomial = binomial * (n - 1 - size) as f64 / (size + 1) as f64;
        }
        sum
    };
    Ok((0..n).map(|i| by_size(counts.swings(i))).collect())
}

/// The Banzhaf index (not normalised): the share of coalitions of the others in which each player turns losing into winning.
///
/// β_i = 2^−(n−1) · #{C∌i: w(C) < quota <= w(C) + w_i}. Shapes, ranges, exactness and errors as for [`shapley_shubik`].
///
/// # Errors
/// As [`shapley_shubik`].
///
/// # References
/// Banzhaf, Weighted voting doesn't work, Rutgers Law Review 19 (1965); Dubey and Shapley 1979, <https://doi.org/10.1287/moor.4.2.99>.
pub fn banzhaf_voting(weights: &[f64], quota: f64) -> Result<Vec<f64>, CoalitionError> {
    let quota = checked_quota(weights, quota)?;
    let n = weights.len();
    if n <= MAX_PLAYERS {
        let mut index = vec![0.0; n];
        banzhaf_index(&simple_game(weights, quota), n, &mut index);
        return Ok(index);
    }
    let counts = Counts::new(weights, quota)?;
    let coalitions = (1u64 << (n - 1)) as f64;
    let share = |i| counts.swings(i).into_iter().sum::<u128>() as f64 / coalitions;
    Ok((0..n).map(share).collect())
}

/// The members without whom a coalition no longer reaches the quota, as a bit mask; nobody if it does not reach it.
///
/// # Errors
/// As [`shapley_shubik`], but any weights will do; a member that does not exist gives [`CoalitionError::Partition`].
pub fn pivotal(weights: &[f64], quota: f64, coalition: u64) -> Result<u64, CoalitionError> {
    let quota = checked_quota(weights, quota)?;
    let players = weights.len();
    if players < COUNTED_PLAYERS && coalition >> players != 0 {
        return Err(CoalitionError::Partition {
            players,
            bloc: coalition,
        });
    }
    let wins = |mask: u64| players_of(mask).map(|i| weights[i]).sum::<f64>() >= quota;
    if !wins(coalition) {
        return Ok(0);
    }
    let needed = players_of(coalition).filter(|&i| !wins(coalition ^ 1 << i));
    Ok(needed.fold(0, |mask, i| mask | 1 << i))
}

/// The quota less its slack, if players, weights and quota are as they must be.
fn checked_quota(weights: &[f64], quota: f64) -> Result<f64, CoalitionError> {
    if weights.is_empty() || weights.len() > COUNTED_PLAYERS {
        return Err(CoalitionError::Players {
            given: weights.len(),
            max: COUNTED_PLAYERS,
        });
    }
    let wrong = |weight: &f64| !weight.is_finite() || *weight < 0.0;
    if let Some(player) = weights.iter().position(wrong) {
        return Err(CoalitionError::Weight {
            player,
            given: weights[player],
        });
    }
    let sum: f64 = weights.iter().sum();
    let slack = QUOTA_SLACK * sum;
    // A sum that overflows, and a quota within its slack of 0, which the empty coalition would meet, are out too.
    if !(quota > slack && quota <= sum + slack && sum.is_finite()) {
        return Err(CoalitionError::Quota { given: quota, sum });
    }
    Ok(quota - slack)
}

/// 1 for each coalition that reaches the quota, else 0.
fn simple_game(weights: &[f64], quota: f64) -> Vec<f64> {
    let mut game = sums(1 << weights.len(), weights);
    for value in &mut game {
        *value = f64::from(*value >= quota);
    }
    game
}

/// How many coalitions there are of each size and weight below the quota.
struct Counts {
    weights: Vec<usize>,
    /// The least whole weight that wins.
    quota: usize,
    /// At size·quota + weight.
    table: Vec<u128>,
}

impl Counts {
    fn new(weights: &[f64], quota: f64) -> Result<Counts, CoalitionError> {
        let whole = weights.iter().all(|weight| weight.fract() == 0.0);
        if !whole || weights.iter().sum::<f64>() > MAX_SUM as f64 {
            return Err(CoalitionError::Weights {
                players: weights.len(),
                enumerated: MAX_PLAYERS,
                max_sum: MAX_SUM,
            });
        }
        let weights: Vec<usize> = weights.iter().map(|&weight| weight as usize).collect();
        let quota = quota.ceil() as usize;
        let mut table = vec![0; (weights.len() + 1) * quota];
        table[0] = 1;
        for (joined, &weight) in weights.iter().enumerate() {
            for size in (0..=joined).rev() {
                for before in (0..quota.saturating_sub(weight)).rev() {
                    let count = table[size * quota + before];
                    table[(size + 1) * quota + before + weight] += count;
                }
            }
        }
        Ok(Counts {
            weights,
            quota,
            table,
        })
    }

    /// By size s = 0 to n−1: coalitions of s others that lose, and win with player i.
    fn swings(&self, i: usize) -> Vec<u128> {
        let (n, quota, own) = (self.weights.len(), self.quota, self.weights[i]);
        // Counts without i, from those with everyone: without[s][w] = all[s][w] − without[s−1][w−own].
        let mut without = vec![0; quota];
        let mut swings = Vec::with_capacity(n);
        for size in 0..n {
            let mut next = self.table[size * quota..(size + 1) * quota].to_vec();
            if size > 0 {
                for weight in own..quota {
                    next[weight] -= without[weight - own];
                }
            }
            without = next;
            swings.push(without[quota.saturating_sub(own)..].iter().sum());
        }
        swings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_rules() {
        let quota = |given, sum| CoalitionError::Quota { given, sum };
        let weights = |players| CoalitionError::Weights {
            players,
            enumerated: 20,
            max_sum: 20_000,
        };
        let players = |given| CoalitionError::Players { given, max: 64 };
        let cases = [
            (vec![], 1.0, players(0)),
            (vec![1.0; 65], 1.0, players(65)),
            (
                vec![1.0, -1.0],
                1.0,
                CoalitionError::Weight {
                    player: 1,
                    given: -1.0,
                },
            ),
            (vec![1.0, 2.0], 0.0, quota(0.0, 3.0)),
            (vec![1.0, 2.0], 3.5, quota(3.5, 3.0)),
            (vec![0.0, 0.0], 0.0, quota(0.0, 0.0)),
            (vec![1.5; 21], 3.0, weights(21)),
            (vec![1000.0; 21], 3.0, weights(21)),
        ];
        for (given, quota, error) in cases {
            assert_eq!(shapley_shubik(&given, quota), Err(error.clone()));
            assert_eq!(banzhaf_voting(&given, quota), Err(error));
        }
    }

    #[test]
    fn who_is_pivotal() {
        let weights = [8.0, 6.0, 4.0, 2.0];
        let cases = [
            (0b1111, 0b0000),
            (0b0111, 0b0001),
            (0b0011, 0b0011),
            (0b1110, 0b1110),
            (0b1100, 0b0000),
        ];
        for (coalition, expected) in cases {
            assert_eq!(
                pivotal(&weights, 12.0, coalition),
                Ok(expected),
                "{coalition:b}"
            );
        }
        let outside = CoalitionError::Partition {
            players: 4,
            bloc: 0b10000,
        };
        assert_eq!(pivotal(&weights, 12.0, 0b10000), Err(outside));
    }

    #[test]
    fn rounding_does_not_decide() {
        let index = shapley_shubik(&[0.1, 0.2], 0.3).expect("valid");
        assert_eq!(index, [0.5, 0.5]);
        let thirds = banzhaf_voting(&[0.1; 10], 0.7).expect("valid");
        assert!(thirds.iter().all(|index| *index == 0.1640625));
    }
}
