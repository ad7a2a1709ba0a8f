//! Games, what can be made of them, and what they may be.

use crate::theory::coalition::error::CoalitionError;

/// Most players of a game that is given by all its values (2^20 values, 8 MiB).
pub const MAX_PLAYERS: usize = 20;

/// A transferable-utility game: a value for each of the 2^n coalitions of n players, n in \[1, 20\].
#[derive(Debug, Clone, PartialEq)]
pub struct Game {
    players: usize,
    values: Vec<f64>,
}

impl Game {
    /// The game with `values[mask]` for each coalition, in binary order; the value of the empty coalition must be 0.
    ///
    /// # Errors
    /// A length that is no 2^n with n in \[1, 20\], a value that is not finite, an empty coalition with a value.
    pub fn new(values: Vec<f64>) -> Result<Game, CoalitionError> {
        let given = values.len();
        let players = given.max(1).ilog2() as usize;
        if !given.is_power_of_two() || players == 0 || players > MAX_PLAYERS {
            return Err(CoalitionError::Length {
                given,
                max: MAX_PLAYERS,
            });
        }
        if let Some(mask) = values.iter().position(|value| !value.is_finite()) {
            return Err(CoalitionError::Value {
                coalition: mask as u64,
                given: values[mask],
            });
        }
        if values[0] != 0.0 {
            return Err(CoalitionError::EmptyCoalition { given: values[0] });
        }
        Ok(Game { players, values })
    }

    /// The game of n players in which `value(mask)` is asked once for each coalition but the empty one, in binary order.
    ///
    /// # Errors
    /// n outside \[1, 20\], a value that is not finite.
    pub fn from_fn(
        players: usize,
        mut value: impl FnMut(u64) -> f64,
    ) -> Result<Game, CoalitionError> {
        if players == 0 || players > MAX_PLAYERS {
            return Err(CoalitionError::Players {
                given: players,
                max: MAX_PLAYERS,
            });
        }
        let masks = 0..1u64 << players;
        let values = masks.map(|mask| if mask == 0 { 0.0 } else { value(mask) });
        Game::new(values.collect())
    }

    /// n.
    pub fn players(&self) -> usize {
        self.players
    }

    /// The bit mask of all players.
    pub fn grand_coalition(&self) -> u64 {
        self.values.len() as u64 - 1
    }

    /// All values in binary order, the empty coalition first: length 2^n.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// v(C) for a `coalition` of players 0 to n−1.
    ///
    /// # Panics
    /// If the mask names a player that the game does not have.
    pub fn value(&self, coalition: u64) -> f64 {
        self.values[coalition as usize]
    }

    /// v({i}) for each player i.
    pub fn alone(&self) -> Vec<f64> {
        (0..self.players).map(|i| self.value(1 << i)).collect()
    }

    /// e(C, x) = v(C) − Σ_{i∈C} x_i: what a coalition misses at the allocation x, of length n; positive if it does better by itself.
    ///
    /// # Panics
    /// If the mask names a player beyond the game or the allocation.
    pub fn excess(&self, coalition: u64, allocation: &[f64]) -> f64 {
        let paid: f64 = players_of(coalition).map(|i| allocation[i]).sum();
        self.value(coalition) - paid
    }

    /// The monotone cover: [`monotone_cover`] as a new game.
    pub fn monotone_cover(mut self) -> Game {
        monotone_cover(&mut self.values);
        self
    }

    /// The superadditive cover: w(C), the most that C gets if it may split, max over partitions of C of Σ v(block).
    ///
    /// By w(C) = max over splits of C in two (one of them possibly empty) of v(A) + w(C∖A): about 3^n/2 steps.
    ///
    /// # References
    /// Aumann and Drèze 1974, <https://doi.org/10.1007/BF01766876>.
    pub fn superadditive_cover(&self) -> Game {
        let mut cover = self.values.clone();
        for mask in 1..cover.len() {
            // The block with the lowest player, so that each split comes once.
            let rest = mask & (mask - 1);
            let mut without = rest;
            let mut best = cover[mask];
            while without != 0 {
                best = best.max(self.values[mask ^ without] + cover[without]);
                without = (without - 1) & rest;
            }
            cover[mask] = best;
        }
        Game {
            players: self.players,
            values: cover,
        }
    }

    /// The dual v*(C) = v(N) − v(N∖C): what C keeps the others from getting.
    pub fn dual(&self) -> Game {
        let grand = self.values.len() - 1;
        let values = (0..=grand)
            .map(|mask| self.values[grand] - self.values[grand ^ mask])
            .collect();
        Game {
            players: self.players,
            values,
        }
    }

    /// Whether no player lowers what a coalition gets: v(C∖i) <= v(C) + tolerance for all C and i in C.
    pub fn is_monotone(&self, tolerance: f64) -> bool {
        self.masks().all(|mask| {
            players_of(mask).all(|i| self.value(mask ^ 1 << i) <= self.value(mask) + tolerance)
        })
    }

    /// Whether disjoint coalitions never lose by joining: v(A) + v(B) <= v(A∪B) + tolerance. About 3^n/2 steps.
    pub fn is_superadditive(&self, tolerance: f64) -> bool {
        self.masks().all(|mask| {
            let rest = mask & (mask - 1);
            let mut part = rest;
            let mut holds = true;
            while holds && part != 0 {
                let split = self.value(part) + self.value(mask ^ part);
                holds = split <= self.value(mask) + tolerance;
                part = (part - 1) & rest;
            }
            holds
        })
    }

    /// Whether a player adds more to a larger coalition: v(C∪i) + v(C∪j) <= v(C∪{i,j}) + v(C) + tolerance for all C and i, j outside.
    ///
    /// A convex game has a core, which holds its Shapley value.
    ///
    /// # References
    /// Shapley, Cores of convex games (1971), <https://doi.org/10.1007/BF01753431>.
    pub fn is_convex(&self, tolerance: f64) -> bool {
        self.masks().all(|mask| {
            players_of(mask).all(|i| {
                players_of(mask).take_while(|&j| j < i).all(|j| {
                    let (without_i, without_j) = (mask ^ 1 << i, mask ^ 1 << j);
                    let apart = self.value(without_i) + self.value(without_j);
                    apart <= self.value(mask) + self.value(without_i & without_j) + tolerance
                })
            })
        })
    }

    fn masks(&self) -> impl Iterator<Item = u64> + use<> {
        1..self.values.len() as u64
    }
}

/// Replaces a game by its monotone cover, in place: w(C) = max(w(C), max_{i∈C} w(C∖i)), smaller coalitions first.
///
/// w(C) is then the most that C or any part of it gets. `values` has length 2^n in binary order.
///
/// # Panics
/// If the length is no power of two.
pub fn monotone_cover(values: &mut [f64]) {
    assert!(
        values.len().is_power_of_two(),
        "a game has 2^n values, not {}",
        values.len()
    );
    // One player at a time: after the pass of i, w(C) is the maximum over parts of C that differ from it in players up to i.
    let mut stride = 1;
    while stride < values.len() {
        for block in values.chunks_exact_mut(2 * stride) {
            let (without, with) = block.split_at_mut(stride);
            for (with, &without) in with.iter_mut().zip(without.iter()) {
                *with = with.max(without);
            }
        }
        stride *= 2;
    }
}

/// The players in a coalition, in ascending order.
pub fn players_of(coalition: u64) -> impl Iterator<Item = usize> {
    let mut left = coalition;
    std::iter::from_fn(move || {
        let player = (left != 0).then(|| left.trailing_zeros() as usize);
        left &= left.wrapping_sub(1);
        player
    })
}

/// Whether an allocation has one finite entry per player.
///
/// # Errors
/// If it has not.
pub(crate) fn check_allocation(players: usize, allocation: &[f64]) -> Result<(), CoalitionError> {
    let finite = allocation.iter().filter(|x| x.is_finite()).count();
    if allocation.len() == players && finite == players {
        return Ok(());
    }
    Err(CoalitionError::Allocation {
        players,
        length: allocation.len(),
        given: finite,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_games() {
        let length = |given| CoalitionError::Length {
            given,
            max: MAX_PLAYERS,
        };
        let cases = [
            (vec![], length(0)),
            (vec![0.0], length(1)),
            (vec![0.0; 3], length(3)),
            (vec![0.0; 1 << 21], length(1 << 21)),
            (
                vec![1.0, 2.0],
                CoalitionError::EmptyCoalition { given: 1.0 },
            ),
            (
                vec![0.0, f64::INFINITY],
                CoalitionError::Value {
                    coalition: 1,
                    given: f64::INFINITY,
                },
            ),
        ];
        for (values, expected) in cases {
            assert_eq!(Game::new(values), Err(expected));
        }
    }

    #[test]
    fn covers_and_dual_by_hand() {
        // In binary order: ∅, 0, 1, 01, 2, 02, 12, 012.
        let game = Game::new(vec![0.0, 2.0, 1.0, 0.0, 4.0, 5.0, -1.0, 6.0]).expect("valid");
        let monotone = [0.0, 2.0, 1.0, 2.0, 4.0, 5.0, 4.0, 6.0];
        assert_eq!(game.clone().monotone_cover().values(), monotone);
        let superadditive = [0.0, 2.0, 1.0, 3.0, 4.0, 6.0, 5.0, 7.0];
        assert_eq!(game.superadditive_cover().values(), superadditive);
        let dual = [0.0, 7.0, 1.0, 2.0, 6.0, 5.0, 4.0, 6.0];
        assert_eq!(game.dual().values(), dual);
        assert_eq!(game.dual().dual(), game);
        assert_eq!(game.excess(0b101, &[1.0, 2.0, 3.5]), 0.5);
    }

    #[test]
    fn players_come_in_order() {
        assert_eq!(players_of(0b1011).collect::<Vec<_>>(), [0, 1, 3]);
        assert_eq!(players_of(0).count(), 0);
        assert_eq!(players_of(u64::MAX).count(), 64);
    }
}
