//! The nucleolus and the prenucleolus: divisions that leave the worst-off coalitions as well off as can be.
//!
//! A sequence of small linear programs, at one tolerance after the other until an answer counts: one that passes
//! [`kohlberg`](crate::theory::coalition::kohlberg), which shares nothing with it.
//! Where near ties let no answer pass, values are rounded to 1e-7 of the largest, and the answer is checked for that game.

use crate::theory::coalition::error::CoalitionError;
use crate::theory::coalition::game::Game;
use crate::theory::coalition::kohlberg::{is_nucleolus, is_prenucleolus, sums};
use crate::theory::coalition::sequence::{TOLERANCES, nucleolus_by_levels};

/// Most players for the nucleolus, the prenucleolus and the least core.
pub const NUCLEOLUS_MAX_PLAYERS: usize = 16;

/// Excesses nearer than this share of the largest value of the zero-normalised game count as equal in the check. The linear programs meet
/// their constraints to about 1e-10; the tolerance leaves room for that and is far below any difference that a report shows.
const CHECK_TOLERANCE: f64 = 1e-8;

/// A zero-normalised game whose values are below this share of the original ones is rounding error.
const ROUNDING: f64 = 1e-13;

/// Where excesses that should tie differ by about the tolerance, no answer may pass. Values are then rounded to this share of the largest:
/// the answer is right for a game that is nearer to the given one than 5e-8 of its size.
const GRID: f64 = 1e-7;

/// The nucleolus: the division x of v(N) with x_i >= v({i}) whose excesses v(C) − x(C), largest first, are lexicographically least.
///
/// One entry per player. It is in the core if there is one. It moves and scales with the game: a·v + b gives a·x + b for a > 0 and b one
/// number per player. n is in \[1, 16\].
///
/// # Errors
/// More than 16 players; Σ v({i}) > v(N), so that there is no such division; no answer that passes Kohlberg's criterion.
///
/// # References
/// Schmeidler 1969, <https://doi.org/10.1137/0117107>; Kohlberg 1971, <https://doi.org/10.1137/0120009>.
pub fn nucleolus(game: &Game) -> Result<Vec<f64>, CoalitionError> {
    let normal = Normalised::new(game)?;
    let margin = CHECK_TOLERANCE * normal.scale;
    let surplus = normal.surplus();
    if surplus < -margin {
        let together = game.value(game.grand_coalition());
        return Err(CoalitionError::NoImputation {
            alone: together - surplus,
            together,
        });
    }
    if game.players() <= 2 || surplus <= margin {
        return Ok(normal.equal_surplus());
    }
    normal.solve(true)
}

/// The prenucleolus: the division x of v(N), whatever players have alone, whose excesses, largest first, are lexicographically least.
///
/// One entry per player, n in \[1, 16\]. It equals the nucleolus if no player gets less than alone, as in every superadditive game.
///
/// # Errors
/// More than 16 players; no answer that passes Kohlberg's criterion.
///
/// # References
/// Schmeidler 1969, <https://doi.org/10.1137/0117107>; Sobolev 1975.
pub fn prenucleolus(game: &Game) -> Result<Vec<f64>, CoalitionError> {
    let normal = Normalised::new(game)?;
    if game.players() <= 2 {
        return Ok(normal.equal_surplus());
    }
    normal.solve(false)
}

/// A game less what players have alone, v(C) − Σ_{i∈C} v({i}): only this is left to divide, and its size is the measure of tolerances.
pub(super) struct Normalised {
    alone: Vec<f64>,
    pub(super) game: Game,
    /// The largest absolute value; 1 if there is nothing but rounding error.
    pub(super) scale: f64,
    trivial: bool,
}

impl Normalised {
    pub(super) fn new(game: &Game) -> Result<Normalised, CoalitionError> {
        if game.players() > NUCLEOLUS_MAX_PLAYERS {
            return Err(CoalitionError::Players {
                given: game.players(),
                max: NUCLEOLUS_MAX_PLAYERS,
            });
        }
        let alone = game.alone();
        let sums = sums(game.values().len(), &alone);
        let largest = |values: &[f64]| values.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        let size = largest(game.values());
        let mut values = sums;
        for (sum, value) in values.iter_mut().zip(game.values()) {
            *sum = value - *sum;
        }
        let scale = largest(&values);
        let trivial = scale <= ROUNDING * size;
        Ok(Normalised {
            alone,
            game: Game::new(values)?,
            scale: if trivial { 1.0 } else { scale },
            trivial,
        })
    }

    /// v(N) − Σ v({i}).
    fn surplus(&self) -> f64 {
        self.game.value(self.game.grand_coalition())
    }

    /// What each has alone and an equal share of the rest.
    pub(super) fn equal_surplus(&self) -> Vec<f64> {
        let share = self.surplus() / self.alone.len() as f64;
        self.alone.iter().map(|alone| alone + share).collect()
    }

    /// Whether there is nothing to divide but rounding error.
    pub(super) fn is_trivial(&self) -> bool {
        self.trivial
    }

    /// Back to the original game.
    pub(super) fn restore(&self, mut allocation: Vec<f64>) -> Vec<f64> {
        for (x, alone) in allocation.iter_mut().zip(&self.alone) {
            *x += alone;
        }
        allocation
    }

    /// The nucleolus with `bounded`, the prenucleolus without.
    fn solve(&self, bounded: bool) -> Result<Vec<f64>, CoalitionError> {
        if self.trivial {
            return Ok(self.equal_surplus());
        }
        let answer = match self.checked_answer(&self.game, bounded)? {
            Some(answer) => Some(answer),
            None => self.checked_answer(&self.snapped()?, bounded)?,
        };
        let players = self.alone.len();
        let mut answer = answer.ok_or(CoalitionError::Unverified {
            players,
            tolerance: CHECK_TOLERANCE,
        })?;
        let missing = self.surplus() - answer.iter().sum::<f64>();
        for x in &mut answer {
            *x += missing / players as f64;
        }
        Ok(self.restore(answer))
    }

    /// The first answer of the linear programs that passes the check.
    fn checked_answer(
        &self,
        game: &Game,
        bounded: bool,
    ) -> Result<Option<Vec<f64>>, CoalitionError> {
        let check = match bounded {
            true => is_nucleolus,
            false => is_prenucleolus,
        };
        let right = |allocation: &[f64]| {
            let finite = allocation.iter().all(|x| x.is_finite());
            Ok(finite && check(game, allocation, CHECK_TOLERANCE * self.scale)?)
        };
        let unit = self.unit(game);
        for tolerance in TOLERANCES {
            let answer = nucleolus_by_levels(&unit, game.players(), bounded, tolerance);
            let Some(mut allocation) = answer else {
                continue;
            };
            for x in &mut allocation {
                *x *= self.scale;
            }
            if right(&allocation)? {
                return Ok(Some(allocation));
            }
        }
        Ok(None)
    }

    /// The values of a game as shares of [`scale`](Normalised::scale).
    pub(super) fn unit(&self, game: &Game) -> Vec<f64> {
        let values = game.values().iter();
        values.map(|value| value / self.scale).collect()
    }

    /// The game with its values on a grid of [`GRID`] times its size, so that near ties become ties.
    fn snapped(&self) -> Result<Game, CoalitionError> {
        let grid = GRID * self.scale;
        let values = self.game.values().iter();
        Game::new(values.map(|value| (value / grid).round() * grid).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_empty_games() {
        let cases = [
            (vec![0.0, -3.0], vec![-3.0]),
            (vec![0.0, 1.0, 2.0, 4.0], vec![1.5, 2.5]),
            (vec![0.0; 8], vec![0.0; 3]),
            (
                vec![0.0, 1.0, 2.0, 3.0, 3.0, 4.0, 5.0, 6.0],
                vec![1.0, 2.0, 3.0],
            ),
        ];
        for (values, expected) in cases {
            let game = Game::new(values).expect("valid");
            assert_eq!(nucleolus(&game), Ok(expected.clone()));
            assert_eq!(prenucleolus(&game), Ok(expected));
        }
    }

    #[test]
    fn refused_games() {
        let crowd = Game::from_fn(17, |_| 1.0).expect("valid");
        let players = CoalitionError::Players { given: 17, max: 16 };
        assert_eq!(nucleolus(&crowd), Err(players.clone()));
        assert_eq!(prenucleolus(&crowd), Err(players));
        let losing = Game::new(vec![0.0, 2.0, 2.0, 1.0]).expect("valid");
        let none = CoalitionError::NoImputation {
            alone: 4.0,
            together: 1.0,
        };
        assert_eq!(nucleolus(&losing), Err(none));
        assert_eq!(prenucleolus(&losing), Ok(vec![0.5, 0.5]));
    }
}
