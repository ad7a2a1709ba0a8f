//! Points of the frontiers of pairs whose terms protect against repricing (40), found once while an arm's window is played: slopes hang on the
//! pair and on whether its state is inside alone.

use crate::theory::bargaining::{Frontier, FrontierPoint, Gains};

/// What the ends of a frontier give at the most.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FrontierEnds {
    /// s at λ = 1, the most that terms can bring the state.
    most: f64,
    /// g at λ = 0, the least that terms can cost the hyperscaler.
    least: f64,
}

impl FrontierEnds {
    /// Those of a frontier.
    pub fn of(frontier: &Frontier) -> FrontierEnds {
        FrontierEnds {
            most: frontier.at(1.0).value,
            least: frontier.at(0.0).cost,
        }
    }

    /// Whether terms could leave both sides a gain.
    pub fn could_deal(&self, gains: Gains) -> bool {
        gains.hyperscaler - self.least > 0.0 && gains.state + self.most > 0.0
    }
}

/// What is remembered of a frontier in the window whose number it bears.
#[derive(Debug, Clone, Copy)]
struct Remembered<T> {
    window: u64,
    what: T,
}

/// Points by pair, outside and inside.
#[derive(Debug, Clone)]
pub struct RepricedCache {
    window: u64,
    middles: Vec<[Remembered<FrontierPoint>; 2]>,
    ends: Vec<[Remembered<FrontierEnds>; 2]>,
}

impl RepricedCache {
    /// Room for so many pairs.
    pub fn new(pairs: usize) -> RepricedCache {
        let middle = Remembered {
            window: 0,
            what: FrontierPoint {
                value: 0.0,
                cost: 0.0,
                value_slope: 0.0,
                cost_slope: 0.0,
            },
        };
        let ends = Remembered {
            window: 0,
            what: FrontierEnds {
                most: 0.0,
                least: 0.0,
            },
        };
        RepricedCache {
            window: 1,
            middles: vec![[middle; 2]; pairs],
            ends: vec![[ends; 2]; pairs],
        }
    }

    /// Forgets everything: another window, arm or world begins.
    pub fn forget(&mut self) {
        self.window += 1;
    }

    /// s, g and their slopes at λ = ½ of `pair`, found by `find` unless they are known.
    pub fn middle(
        &mut self,
        pair: usize,
        inside: bool,
        find: impl FnOnce() -> FrontierPoint,
    ) -> FrontierPoint {
        self.middles[pair][usize::from(inside)].known_or(self.window, find)
    }

    /// The ends of the frontier of `pair`, likewise.
    pub fn ends(
        &mut self,
        pair: usize,
        inside: bool,
        find: impl FnOnce() -> FrontierEnds,
    ) -> FrontierEnds {
        self.ends[pair][usize::from(inside)].known_or(self.window, find)
    }
}

impl<T: Copy> Remembered<T> {
    /// What is known in a window, found by `find` unless it is.
    fn known_or(&mut self, window: u64, find: impl FnOnce() -> T) -> T {
        if self.window != window {
            *self = Remembered {
                window,
                what: find(),
            };
        }
        self.what
    }
}
