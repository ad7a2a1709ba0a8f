//! Roots of non-decreasing functions: Newton's method inside a bracket.

/// Width of the final bracket: roots are found to this accuracy.
pub const ROOT_WIDTH: f64 = 1e-12;

/// Most evaluations; bisection alone would need 40 from a bracket of width 1.
const MOST_EVALUATIONS: usize = 200;

/// The root in `[low, high]` of a non-decreasing `f` that returns value and slope, where f(low) <= 0 <= f(high).
///
/// Each Newton step overshoots by a quarter of [`ROOT_WIDTH`], so that the bracket closes from both sides; a step that leaves
/// the bracket or does not halve the residual (kinks, flat stretches, an infinite slope) is replaced by a bisection.
/// The start is the middle. Where f is zero on an interval, some point of it is returned.
pub fn increasing_root(low: f64, high: f64, f: impl FnMut(f64) -> (f64, f64)) -> f64 {
    increasing_root_from(low, high, 0.5 * (low + high), f)
}

/// As [`increasing_root`], from a start inside the bracket.
pub fn increasing_root_from(
    mut low: f64,
    mut high: f64,
    start: f64,
    mut f: impl FnMut(f64) -> (f64, f64),
) -> f64 {
    let mut x = start;
    let mut previous = f64::INFINITY;
    for _ in 0..MOST_EVALUATIONS {
        if high - low <= ROOT_WIDTH {
            break;
        }
        let (value, slope) = f(x);
        if value == 0.0 {
            return x;
        }
        let overshoot = if value < 0.0 {
            0.25 * ROOT_WIDTH
        } else {
            -0.25 * ROOT_WIDTH
        };
        if value < 0.0 {
            low = x;
        } else {
            high = x;
        }
        let newton = x - value / slope + overshoot;
        let halved = value.abs() <= 0.5 * previous;
        previous = value.abs();
        x = if halved && newton > low && newton < high {
            newton
        } else {
            0.5 * (low + high)
        };
    }
    0.5 * (low + high)
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
