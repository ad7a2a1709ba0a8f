//! The core: divisions that no coalition can better by itself; and how far from it a game is.

use crate::theory::coalition::error::CoalitionError;
use crate::theory::coalition::game::{Game, check_allocation};
use crate::theory::coalition::integer::in_cone;
use crate::theory::coalition::kohlberg::excesses;
use crate::theory::coalition::nucleolus::Normalised;
use crate::theory::coalition::sequence::{TOLERANCES, first_level};

/// How far the bounds on ε from the two sides may lie apart, as a share of the largest value of the zero-normalised game.
const CHECK_TOLERANCE: f64 = 1e-8;

/// The least ε at which a division of v(N) leaves no proper coalition more than ε short.
#[derive(Debug, Clone, PartialEq)]
pub struct LeastCore {
    /// ε: negative if the core has an inside, positive if it is empty; what each coalition would have to be charged for leaving.
    pub epsilon: f64,
    /// One division with no excess above ε, one entry per player.
    pub allocation: Vec<f64>,
}

/// Whether a division is in the core: x(N) = v(N) and x(C) >= v(C) for every coalition C, each within `tolerance`.
///
/// `values`: v, length 2^n in binary order; `allocation`: x, length n. `tolerance` >= 0, in units of the values. Allocates nothing; about
/// n·2^(n−1) steps.
///
/// # Panics
/// If the lengths do not fit n.
///
/// # References
/// Gillies, Solutions to general non-zero-sum games (1959), <https://doi.org/10.1515/9781400882168-005>.
pub fn in_core(values: &[f64], n: usize, allocation: &[f64], tolerance: f64) -> bool {
    assert!(
        n < usize::BITS as usize && values.len() == 1 << n && allocation.len() == n,
        "{n} players, {} values, {} shares",
        values.len(),
        allocation.len()
    );
    let total: f64 = allocation.iter().sum();
    if (total - values[values.len() - 1]).abs() > tolerance {
        return false;
    }
    let paid = |mask: usize| -> f64 {
        let mut left = mask;
        let mut sum = 0.0;
        while left != 0 {
            sum += allocation[left.trailing_zeros() as usize];
            left &= left - 1;
        }
        sum
    };
    (1..values.len()).all(|mask| values[mask] - paid(mask) <= tolerance)
}

/// The least core: ε = min over x with x(N) = v(N) of max over proper coalitions C of v(C) − x(C), and one x that attains it.
///
/// The linear program is the first of those that lead to the prenucleolus; the answer counts only if the coalitions with the largest excess
/// at x hold a balanced collection, which proves that no division does better (Bondareva 1963, Shapley 1967). With one player no coalition is
/// proper: ε is then 0 by convention. n is in \[1, 16\].
///
/// # Errors
/// More than 16 players; no answer that passes the check.
///
/// # References
/// Maschler, Peleg and Shapley 1979, <https://doi.org/10.1287/moor.4.4.303>; Shapley 1967, <https://doi.org/10.1002/nav.3800140404>.
pub fn least_core(game: &Game) -> Result<LeastCore, CoalitionError> {
    let normal = Normalised::new(game)?;
    if game.players() == 1 || normal.is_trivial() {
        return Ok(LeastCore {
            epsilon: 0.0,
            allocation: normal.equal_surplus(),
        });
    }
    let tolerance = CHECK_TOLERANCE * normal.scale;
    let unit = normal.unit(&normal.game);
    TOLERANCES
        .into_iter()
        .filter_map(|small| first_level(&unit, game.players(), small))
        .map(|mut prices| {
            prices.iter_mut().for_each(|price| *price *= normal.scale);
            let (allocation, epsilon) = prices.split_at(game.players());
            LeastCore {
                epsilon: epsilon[0],
                allocation: allocation.to_vec(),
            }
        })
        .find(|least| is_least(&normal.game, least, tolerance))
        .map(|least| LeastCore {
            allocation: normal.restore(least.allocation),
            ..least
        })
        .ok_or(CoalitionError::Unverified {
            players: game.players(),
            tolerance: CHECK_TOLERANCE,
        })
}

/// Whether ε is the largest excess at the allocation and the coalitions that have it hold a balanced collection.
fn is_least(game: &Game, least: &LeastCore, tolerance: f64) -> bool {
    let excess = excesses(game.values(), &least.allocation);
    let grand = excess.len() - 1;
    let largest = excess[1..grand]
        .iter()
        .fold(f64::NEG_INFINITY, |most, e| most.max(*e));
    let tight: Vec<u64> = (1..grand)
        .filter(|&mask| excess[mask] >= largest - tolerance)
        .map(|mask| mask as u64)
        .collect();
    excess[grand].abs() <= tolerance
        && (largest - least.epsilon).abs() <= tolerance
        && in_cone(&tight, &vec![1; game.players()], false)
}

/// Whether some division is in the core, within `tolerance`: ε <= tolerance.
///
/// # Errors
/// As [`least_core`].
pub fn has_core(game: &Game, tolerance: f64) -> Result<bool, CoalitionError> {
    Ok(least_core(game)?.epsilon <= tolerance)
}

/// The coalition that gains most by turning a division down, and its excess, the first of them in binary order; none with one player.
///
/// The excess is positive if the division is not in the core.
///
/// # Errors
/// An allocation that is not n finite numbers.
pub fn strongest_objection(
    game: &Game,
    allocation: &[f64],
) -> Result<Option<(u64, f64)>, CoalitionError> {
    check_allocation(game.players(), allocation)?;
    let proper = 1..game.grand_coalition();
    let all = proper.map(|mask| (mask, game.excess(mask, allocation)));
    Ok(all.reduce(|best, next| if next.1 > best.1 { next } else { best }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLERANCE: f64 = 1e-9;

    #[test]
    fn by_hand() {
        let majority = Game::new(vec![0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0]).expect("valid");
        let least = least_core(&majority).expect("three players");
        assert!((least.epsilon - 1.0 / 3.0).abs() < TOLERANCE);
        assert_eq!(has_core(&majority, TOLERANCE), Ok(false));
        let objection = strongest_objection(&majority, &[0.5, 0.25, 0.25]);
        assert_eq!(objection, Ok(Some((0b110, 0.5))));
        let glove = [0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0];
        assert!(in_core(&glove, 3, &[1.0, 0.0, 0.0], 0.0));
        for outside in [[0.9, 0.1, 0.0], [1.0, 0.1, -0.1], [1.0, 0.0, 0.1]] {
            assert!(!in_core(&glove, 3, &outside, TOLERANCE));
        }
    }

    #[test]
    fn one_player_and_additive_games() {
        for values in [vec![0.0, -2.0], vec![0.0, 1.0, 2.0, 3.0], vec![0.0; 16]] {
            let game = Game::new(values).expect("valid");
            let least = least_core(&game).expect("few players");
            assert_eq!(least.epsilon, 0.0);
            assert_eq!(least.allocation, game.alone());
        }
    }

    #[test]
    fn a_wrong_vertex_is_refused() {
        let glove = Game::new(vec![0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0]).expect("valid");
        let least = |epsilon, allocation| LeastCore {
            epsilon,
            allocation,
        };
        assert!(is_least(
            &glove,
            &least(0.0, vec![1.0, 0.0, 0.0]),
            TOLERANCE
        ));
        assert!(!is_least(
            &glove,
            &least(0.5, vec![0.5, 0.5, 0.0]),
            TOLERANCE
        ));
        assert!(!is_least(
            &glove,
            &least(0.0, vec![0.5, 0.5, 0.0]),
            TOLERANCE
        ));
    }
}
