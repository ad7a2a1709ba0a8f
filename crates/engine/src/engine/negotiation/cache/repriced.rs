//! Points of the frontiers of pairs whose terms protect against repricing (40), found once while an arm's window is played: slopes hang on the
//! pair and on whether its state is inside alone.

use crate::theory::bargaining::{Frontier, FrontierPoint, Gains};

/// What every bargain of a pair asks of its frontier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RepricedPoints {
    /// s, g and their slopes at λ = ½.
    pub middle: FrontierPoint,
    /// s at λ = 1, the most that terms can bring the state.
    most: f64,
    /// g at λ = 0, the least that terms can cost the hyperscaler.
    least: f64,
}

impl RepricedPoints {
    /// Those of a frontier.
    pub fn of(frontier: &Frontier) -> RepricedPoints {
        RepricedPoints {
            middle: frontier.at(0.5),
            most: frontier.at(1.0).value,
            least: frontier.at(0.0).cost,
        }
    }

    /// Whether terms could leave both sides a gain.
    pub fn could_deal(&self, gains: Gains) -> bool {
        gains.hyperscaler - self.least > 0.0 && gains.state + self.most > 0.0
    }
}

/// Points by pair, outside and inside.
#[derive(Debug, Clone)]
pub struct RepricedCache {
    cells: Vec<[Option<RepricedPoints>; 2]>,
}

impl RepricedCache {
    /// Room for so many pairs.
    pub fn new(pairs: usize) -> RepricedCache {
        RepricedCache {
            cells: vec![[None; 2]; pairs],
        }
    }

    /// Forgets everything: another window, arm or world begins.
    pub fn forget(&mut self) {
        self.cells.fill([None; 2]);
    }

    /// The points of `pair`, found by `find` unless they are known.
    pub fn points(
        &mut self,
        pair: usize,
        inside: bool,
        find: impl FnOnce() -> RepricedPoints,
    ) -> RepricedPoints {
        *self.cells[pair][usize::from(inside)].get_or_insert_with(find)
    }
}
