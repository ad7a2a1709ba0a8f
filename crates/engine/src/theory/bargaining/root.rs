//! Roots of non-decreasing functions: Newton's method inside a bracket.

/// Roots are found to this accuracy.
pub const ROOT_WIDTH: f64 = 1e-12;

/// A bracket or a step this short has closed.
const CLOSED: f64 = 0.25 * ROOT_WIDTH;

/// Most evaluations; bisection alone would need 40 from a bracket of width 1.
const MOST_EVALUATIONS: usize = 200;

/// The root in `[low, high]` of a non-decreasing `f` that returns value and slope, where f(low) <= 0 <= f(high).
///
/// The start is the middle. Where f is zero on an interval, some point of it is returned; where it jumps over zero, the first point above.
pub fn increasing_root(low: f64, high: f64, f: impl FnMut(f64) -> (f64, f64)) -> f64 {
    closed(low, high, f).above()
}

/// As [`increasing_root`], but the last point below where f jumps over zero.
pub fn increasing_root_below(low: f64, high: f64, f: impl FnMut(f64) -> (f64, f64)) -> f64 {
    closed(low, high, f).below()
}

/// A bracket that has closed around a root.
fn closed(low: f64, high: f64, mut f: impl FnMut(f64) -> (f64, f64)) -> Bracket {
    let mut bracket = Bracket::new(low, high, 0.5 * (low + high));
    if high - low <= CLOSED {
        return bracket;
    }
    loop {
        let (value, slope) = f(bracket.at());
        if bracket.advance(value, slope) {
            return bracket;
        }
    }
}

/// A bracket that holds the root of a non-decreasing function, and the point at which the function is asked for next.
///
/// From two smooth steps on, the next point is the inverse of the cubic that has both values and slopes (order 2.7); else Newton's,
/// or, where a step leaves the bracket or does not halve the residual twice (kinks, flat stretches, an infinite slope), the middle.
#[derive(Debug, Clone, Copy)]
pub struct Bracket {
    low: f64,
    high: f64,
    x: f64,
    /// x, value and slope of the step before; a value of infinity where there was none.
    before: (f64, f64, f64),
    failures: u32,
    evaluations: usize,
}

impl Bracket {
    /// The bracket `[low, high]`, starting at `start`.
    pub fn new(low: f64, high: f64, start: f64) -> Bracket {
        Bracket {
            low,
            high,
            x: start,
            before: (start, f64::INFINITY, f64::INFINITY),
            failures: 0,
            evaluations: 0,
        }
    }

    /// Where the function is asked for.
    #[inline]
    pub fn at(&self) -> f64 {
        self.x
    }

    /// The root, or, where the bracket has closed around a jump, the first point above it.
    pub fn above(&self) -> f64 {
        if self.is_closed() { self.high } else { self.x }
    }

    /// The root, or, where the bracket has closed around a jump, the last point below it.
    pub fn below(&self) -> f64 {
        if self.is_closed() { self.low } else { self.x }
    }

    fn is_closed(&self) -> bool {
        self.high - self.low <= CLOSED
    }

    /// Takes value and slope at the present point; whether it is the root: exactly, or because Newton's next step or the whole
    /// bracket has closed. Else moves on.
    #[inline]
    pub fn advance(&mut self, value: f64, slope: f64) -> bool {
        let x = self.x;
        let step = value / slope;
        self.evaluations += 1;
        let close = step.abs() <= CLOSED && slope.is_finite();
        if value == 0.0 || close || self.evaluations >= MOST_EVALUATIONS {
            return true;
        }
        if value < 0.0 {
            self.low = x;
        } else {
            self.high = x;
        }
        if self.is_closed() {
            return true;
        }
        let (x0, value0, slope0) = self.before;
        let smooth = value.abs() <= 0.5 * value0.abs();
        self.failures = if smooth { 0 } else { self.failures + 1 };
        let inside = |x: f64| x > self.low && x < self.high;
        let newton = x - step;
        let mut next = newton;
        if smooth && value0.is_finite() {
            let cubic = inverse_cubic((x0, value0, slope0), (x, value, slope));
            if inside(cubic) {
                next = cubic;
            }
        }
        if self.failures > 1 || !inside(next) {
            next = 0.5 * (self.low + self.high);
        }
        self.before = (x, value, slope);
        self.x = next;
        false
    }
}

/// Where the cubic x(f) through two points with slopes 1/f' is at f = 0.
fn inverse_cubic(first: (f64, f64, f64), last: (f64, f64, f64)) -> f64 {
    let (x0, f0, s0) = first;
    let (x1, f1, s1) = last;
    let width = f1 - f0;
    let t = -f0 / width;
    let rest = 1.0 - t;
    let tangents = width * (rest / s0 - t / s1);
    x0 * rest * rest * (1.0 + 2.0 * t) + x1 * t * t * (3.0 - 2.0 * t) + t * rest * tangents
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_roots_of_smooth_kinked_flat_and_steep_functions() {
        type Case = (fn(f64) -> (f64, f64), f64);
        let cases: [Case; 5] = [
            (|x| (x * x - 0.25, 2.0 * x), 0.5),
            (
                |x| {
                    if x < 0.3 {
                        (x - 0.3, 1.0)
                    } else {
                        (1e6 * (x - 0.3), 1e6)
                    }
                },
                0.3,
            ),
            (
                |x| {
                    if x < 0.7 {
                        (-1.0, 0.0)
                    } else {
                        (x - 0.7 + 1e-9, 1.0)
                    }
                },
                0.7,
            ),
            (|x| (x.powi(9) - 0.5f64.powi(9), 9.0 * x.powi(8)), 0.5),
            (|x| (x - 1.0, 1.0), 1.0),
        ];
        for (f, root) in cases {
            let found = increasing_root(0.0, 1.0, f);
            assert!(
                (found - root).abs() <= 2.0 * ROOT_WIDTH,
                "{found} vs {root}"
            );
        }
    }

    #[test]
    fn a_smooth_root_takes_few_evaluations() {
        let mut evaluations = 0;
        increasing_root(0.0, 1.0, |x| {
            evaluations += 1;
            (x.exp() - 1.7, x.exp())
        });
        assert!(evaluations <= 9, "{evaluations} evaluations");
    }

    #[test]
    fn a_jump_over_zero_has_a_side() {
        let jump = |x: f64| (if x <= 0.3 { -1.0 } else { 2.0 }, 0.0);
        let above = increasing_root(0.0, 1.0, jump);
        assert!(above > 0.3 && above < 0.3 + ROOT_WIDTH, "{above}");
        let below = increasing_root_below(0.0, 1.0, jump);
        assert!(below <= 0.3 && below > 0.3 - ROOT_WIDTH, "{below}");
    }

    #[test]
    fn any_point_of_a_flat_zero_will_do() {
        let found = increasing_root(0.0, 1.0, |x| {
            if x < 0.2 {
                (x - 0.2, 1.0)
            } else if x > 0.8 {
                (x - 0.8, 1.0)
            } else {
                (0.0, 0.0)
            }
        });
        assert!((0.2..=0.8).contains(&found));
    }
}
