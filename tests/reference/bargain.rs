//! Terms and the frontier of one table, and the solutions (23)-(29).

use super::given::Solution;

/// One term at a table, or one term of one member where each has its own levels. Slopes and curvatures times Z.
#[derive(Clone, Debug)]
pub struct Line {
    pub a: f64,
    pub b: f64,
    pub c: f64,
    pub d: f64,
    /// What h takes c and d for in (23) where it foresees (41).
    pub felt_c: f64,
    pub felt_d: f64,
    pub min: f64,
    pub max: f64,
}

/// A level of (23): the numerator over the denominator, within bounds.
pub fn level(numerator: f64, denominator: f64, min: f64, max: f64) -> f64 {
    if denominator == 0.0 {
        if numerator > 0.0 { max } else { min }
    } else {
        (numerator / denominator).clamp(min, max)
    }
}

/// What is bargained over at a table.
#[derive(Clone, Debug)]
pub struct Bargain {
    pub lines: Vec<Line>,
    /// ΔU of the table.
    pub state: f64,
    /// ΔΠ of the table.
    pub hyperscaler: f64,
    pub solution: Solution,
    pub cash: bool,
    /// β.
    pub power: f64,
    /// δ_S, δ_H.
    pub patience: (f64, f64),
    /// ln(1+r_S), ln(1+r_H).
    pub impatience: (f64, f64),
    /// The limit T3 in place of (28).
    pub limit: bool,
}

/// A point of the frontier, and the cash that goes with it.
#[derive(Clone, Debug)]
pub struct Point {
    pub lambda: f64,
    pub levels: Vec<f64>,
    pub state: f64,
    pub hyperscaler: f64,
    /// T, from the hyperscaler to the states.
    pub transfer: f64,
}

impl Bargain {
    /// x(λ) (23).
    pub fn levels(&self, lambda: f64) -> Vec<f64> {
        self.lines
            .iter()
            .map(|line| {
                level(
                    lambda * line.a - (1.0 - lambda) * line.felt_c,
                    lambda * line.b + (1.0 - lambda) * line.felt_d,
                    line.min,
                    line.max,
                )
            })
            .collect()
    }

    /// u_S and u_H (24).
    pub fn gains(&self, lambda: f64) -> (f64, f64) {
        let (mut state, mut hyperscaler) = (self.state, self.hyperscaler);
        for (line, x) in self.lines.iter().zip(self.levels(lambda)) {
            state += line.a * x - 0.5 * line.b * x * x;
            hyperscaler -= line.c * x + 0.5 * line.d * x * x;
        }
        (state, hyperscaler)
    }

    fn state_at(&self, lambda: f64) -> f64 {
        self.gains(lambda).0
    }

    fn hyperscaler_at(&self, lambda: f64) -> f64 {
        self.gains(lambda).1
    }

    /// Total with cash (29).
    pub fn total(&self) -> f64 {
        let (state, hyperscaler) = self.gains(0.5);
        state + hyperscaler
    }

    /// Does a deal exist?
    pub fn exists(&self) -> bool {
        if self.cash {
            return self.total() > 0.0;
        }
        if self.state_at(1.0) <= 0.0 {
            return false;
        }
        let first = smallest(0.0, 1.0, |lambda| self.state_at(lambda) > 0.0);
        self.hyperscaler_at(first) > 0.0
    }

    /// [λ0, λ1]; asked only where a deal exists.
    pub fn arc(&self) -> (f64, f64) {
        (
            smallest(0.0, 1.0, |lambda| self.state_at(lambda) >= 0.0),
            largest(0.0, 1.0, |lambda| self.hyperscaler_at(lambda) >= 0.0),
        )
    }

    /// s*, none where no deal exists.
    pub fn state_best(&self) -> Option<f64> {
        self.exists().then(|| {
            if self.cash {
                self.total()
            } else {
                self.state_at(self.arc().1)
            }
        })
    }

    /// h*, none where no deal exists.
    pub fn hyperscaler_best(&self) -> Option<f64> {
        self.exists().then(|| {
            if self.cash {
                self.total()
            } else {
                self.hyperscaler_at(self.arc().0)
            }
        })
    }

    fn point(&self, lambda: f64) -> Point {
        let (state, hyperscaler) = self.gains(lambda);
        Point {
            lambda,
            levels: self.levels(lambda),
            state,
            hyperscaler,
            transfer: 0.0,
        }
    }

    /// The bundle x(½) with the cash that leaves the states `state`.
    fn paid(&self, state: f64) -> Point {
        Point {
            lambda: 0.5,
            levels: self.levels(0.5),
            state,
            hyperscaler: self.total() - state,
            transfer: state - self.state_at(0.5),
        }
    }

    /// The smallest λ of the arc with u_S ≥ `least` (with cash: u_S = `least`).
    pub fn state_gets(&self, least: f64) -> Point {
        if self.cash {
            return self.paid(least);
        }
        let (low, high) = self.arc();
        self.point(smallest(low, high, |lambda| self.state_at(lambda) >= least))
    }

    /// The largest λ of the arc with u_H ≥ `least` (with cash: u_H = `least`).
    pub fn hyperscaler_gets(&self, least: f64) -> Point {
        if self.cash {
            return self.paid(self.total() - least);
        }
        let (low, high) = self.arc();
        self.point(largest(low, high, |lambda| {
            self.hyperscaler_at(lambda) >= least
        }))
    }

    /// T3.
    fn limit_power(&self) -> f64 {
        let (state, hyperscaler) = self.impatience;
        if state + hyperscaler == 0.0 {
            0.5
        } else {
            hyperscaler / (state + hyperscaler)
        }
    }

    fn at_limit(&self) -> bool {
        self.limit || self.patience == (1.0, 1.0)
    }

    /// The solution, none where no deal exists.
    pub fn solve(&self) -> Option<Point> {
        if !self.exists() {
            return None;
        }
        if self.cash {
            let total = self.total();
            let (delta_s, delta_h) = self.patience;
            return Some(self.paid(match self.solution {
                Solution::Nash => self.power * total,
                Solution::Rubinstein if self.at_limit() => self.limit_power() * total,
                Solution::Rubinstein => total * (1.0 - delta_h) / (1.0 - delta_s * delta_h),
                Solution::KalaiSmorodinsky | Solution::Egalitarian => 0.5 * total,
            }));
        }
        let arc = self.arc();
        let lambda = match self.solution {
            Solution::Nash => self.nash(arc, self.power),
            Solution::Rubinstein if self.at_limit() => self.nash(arc, self.limit_power()),
            Solution::Rubinstein => self.rubinstein(arc),
            Solution::KalaiSmorodinsky => {
                let (best_s, best_h) = (self.state_at(arc.1), self.hyperscaler_at(arc.0));
                root(arc, |lambda| {
                    let (state, hyperscaler) = self.gains(lambda);
                    state * best_h - hyperscaler * best_s
                })
            }
            Solution::Egalitarian => root(arc, |lambda| {
                let (state, hyperscaler) = self.gains(lambda);
                state - hyperscaler
            }),
        };
        Some(self.point(lambda))
    }

    /// (25).
    fn nash(&self, arc: (f64, f64), power: f64) -> f64 {
        root(arc, |lambda| {
            let (state, hyperscaler) = self.gains(lambda);
            lambda * state * (1.0 - power) - (1.0 - lambda) * power * hyperscaler
        })
    }

    /// (28): the state's offer x is the largest λ that leaves h what it would get by its own offer y one round later.
    fn rubinstein(&self, (low, high): (f64, f64)) -> f64 {
        let (delta_s, delta_h) = self.patience;
        largest(low, high, |x| {
            let least = delta_s * self.state_at(x);
            let y = smallest(low, high, |lambda| self.state_at(lambda) >= least);
            self.hyperscaler_at(x) >= delta_h * self.hyperscaler_at(y)
        })
    }
}

/// Halves between `low` and `high` to the last bit: the last where `holds` is false and the first where it is true. Next to zero products
/// with it would lose their digits.
fn halve(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> (f64, f64) {
    const NOTHING: f64 = 1e-100;
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high || high < NOTHING {
            return (low, high);
        }
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
}

/// The smallest λ of [low, high] at which what holds at `high` holds.
fn smallest(low: f64, high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    if holds(low) {
        low
    } else {
        halve(low, high, holds).1
    }
}

/// The largest λ of [low, high] at which what holds at `low` holds.
fn largest(low: f64, high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    if holds(high) {
        high
    } else {
        halve(low, high, |lambda| !holds(lambda)).0
    }
}

/// Where what increases crosses zero, else the nearer end.
fn root((low, high): (f64, f64), increasing: impl Fn(f64) -> f64) -> f64 {
    smallest(low, high, |lambda| increasing(lambda) >= 0.0)
}

/// The largest number of [0, 1), to the last bit, that `holds`; it holds at 0.
pub fn last_that_holds(holds: impl Fn(f64) -> bool) -> f64 {
    halve(0.0, 1.0, |share| !holds(share)).0
}
