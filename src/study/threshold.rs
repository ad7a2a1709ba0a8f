//! Where an outcome crosses a level: a curve over one number of the scenario, its crossings on common draws, and their intervals.
//!
//! ```text
//! g(x) = T(outputs at x) - level                       T a mean, a share or a quantile over worlds
//! crossing: g changes sign between neighbours of a grid; Brent's method on the same draws refines it
//! interval: x ± t·s,  s² = (B-1)/B·Σ_b (x_b - x̄)²      x_b the crossing without group b of the worlds, b = 1..B
//! ```
//!
//! The worlds are the same at every x, so g is one curve and not a cloud; leaving out groups of worlds in turn (the grouped jackknife)
//! says how much the crossing owes to the worlds that happened to be drawn.
//!
//! # References
//! Brent 1973, *Algorithms for Minimization without Derivatives*, chapter 4; Quenouille 1956,
//! <https://doi.org/10.1093/biomet/43.3-4.353>, for the jackknife.

use crate::theory::stats::groups::Groups;
use crate::theory::stats::interval::student90;
use crate::theory::stats::quantile::quantile;
use serde::{Deserialize, Serialize};

/// B: groups of worlds, at most; fewer where fewer are independent.
pub const GROUPS: usize = 20;

/// What lies within this share of max(1, |level|) of the level is on it: sums of rounding are no crossing.
const ON_LEVEL: f64 = 1e-9;

/// Steps of opposite sign count as a turn if both are this many standard errors long.
const TURN: f64 = 2.0;

/// Most evaluations to refine one crossing.
const MOST_STEPS: usize = 40;

/// Width of a crossing, as a share of the range searched.
pub const PRECISION: f64 = 1e-4;

/// What is taken over worlds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Over {
    /// The mean (a share, if values are 0 or 1).
    Mean,
    /// A quantile, by its probability.
    Quantile(f64),
    /// The standard deviation.
    Deviation,
}

/// g at one x: of all worlds, and without each group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// g of all worlds; exactly 0 on the level.
    pub all: f64,
    /// g without group b, for each b; empty for fewer than two groups of worlds that are independent.
    pub without: Vec<f64>,
}

impl Level {
    /// From the values of an output in the order of worlds, NaN where a world has none, of which only `groups` are independent; `None` if no
    /// world has one.
    pub fn of(values: &[f64], over: Over, level: f64, groups: Groups) -> Option<Level> {
        let last = (values.len() as u64).saturating_sub(1);
        let count = GROUPS.min(groups.locate(last).group as usize + 1);
        let group = |trial: usize| groups.locate(trial as u64).group as usize % count;
        let value = |without: Option<usize>| {
            let kept = values.iter().enumerate().filter_map(|(trial, &value)| {
                let out = value.is_nan() || without == Some(group(trial));
                (!out).then_some(value)
            });
            let value = statistic(kept.collect(), over)? - level;
            let on_level = value.abs() <= ON_LEVEL * level.abs().max(1.0);
            Some(if on_level { 0.0 } else { value })
        };
        let without: Option<Vec<f64>> = (0..count).map(|group| value(Some(group))).collect();
        Some(Level {
            all: value(None)?,
            without: without.filter(|_| count > 1).unwrap_or_default(),
        })
    }

    /// Its standard error by the jackknife; none for fewer than two groups of worlds.
    pub fn std_error(&self) -> Option<f64> {
        jackknife(&self.without)
    }
}

fn statistic(mut values: Vec<f64>, over: Over) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    match over {
        Over::Mean => Some(mean),
        Over::Quantile(p) => {
            values.sort_unstable_by(f64::total_cmp);
            Some(quantile(&values, p))
        }
        Over::Deviation => {
            let squares: f64 = values
                .iter()
                .map(|value| (value - mean) * (value - mean))
                .sum();
            (count > 1.0).then(|| libm::sqrt(squares / (count - 1.0)))
        }
    }
}

/// √((B−1)/B·Σ(x_b − x̄)²); none for fewer than two groups.
fn jackknife(without: &[f64]) -> Option<f64> {
    let groups = without.len() as f64;
    let mean = without.iter().sum::<f64>() / groups;
    let squares: f64 = without.iter().map(|x| (x - mean) * (x - mean)).sum();
    (groups > 1.0).then(|| libm::sqrt((groups - 1.0) / groups * squares))
}

/// A point of the curves: x and, for each question, g there (`None` where no world has the number).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LevelPoint {
    /// x.
    pub x: f64,
    /// g of each question.
    pub levels: Vec<Option<Level>>,
}

/// A crossing with its 90% interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crossing {
    /// x.
    pub value: f64,
    /// Lower end; `None` where some group's complement does not cross in the range.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Whether the curve jumps there: between points as near as can be it moves by more than a hundredth of its whole range, so that
    /// the level itself is not taken.
    pub jump: bool,
}

/// What a curve is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CurveShape {
    /// It crosses the level once and goes one way.
    One,
    /// It never crosses.
    None,
    /// It crosses more than once.
    Several,
    /// It crosses once but turns.
    NonMonotone,
}

/// The answer to one question.
#[derive(Debug, Clone, PartialEq)]
pub struct ThresholdAnswer {
    /// What the curve is like.
    pub shape: CurveShape,
    /// Its crossings from the left.
    pub crossings: Vec<Crossing>,
    /// Stretches over which it lies on the level, from the left, each from its first point there to its last.
    pub on_level: Vec<(f64, f64)>,
}

/// All curves over a range, with what was found on them.
#[derive(Debug, Clone, PartialEq)]
pub struct Curves {
    /// Points from the left: those of the grid and those that refined crossings.
    pub points: Vec<LevelPoint>,
    /// Indices of the points of the grid.
    pub grid: Vec<usize>,
}

/// Evaluates `questions` curves on `steps` equally spaced points from `from` to `to` (at least 2) and refines their crossings. `at` plays
/// one x and returns g of every question; all questions share every point.
///
/// # Errors
/// What `at` returns.
pub fn trace<E>(
    questions: usize,
    (from, to): (f64, f64),
    steps: usize,
    mut at: impl FnMut(f64) -> Result<Vec<Option<Level>>, E>,
) -> Result<Curves, E> {
    let mut points = Vec::new();
    for k in 0..steps {
        let x = match k {
            _ if k + 1 == steps => to,
            _ => from + (to - from) * k as f64 / (steps - 1) as f64,
        };
        points.push(LevelPoint { x, levels: at(x)? });
    }
    let grid: Vec<f64> = points.iter().map(|point| point.x).collect();
    for question in 0..questions {
        for pair in grid.windows(2) {
            refine(
                &mut points,
                question,
                (pair[0], pair[1]),
                PRECISION * (to - from).abs(),
                &mut at,
            )?;
        }
    }
    let index = |x: &f64| points.iter().position(|point| point.x == *x);
    Ok(Curves {
        grid: grid.iter().filter_map(index).collect(),
        points,
    })
}

fn level(points: &[LevelPoint], question: usize, x: f64) -> Option<f64> {
    let point = points.iter().find(|point| point.x == x)?;
    point.levels[question].as_ref().map(|level| level.all)
}

/// Brent's method between two points of opposite sign: inverse quadratic or secant steps where they shrink the bracket, else bisection.
fn refine<E>(
    points: &mut Vec<LevelPoint>,
    question: usize,
    (left, right): (f64, f64),
    tolerance: f64,
    at: &mut impl FnMut(f64) -> Result<Vec<Option<Level>>, E>,
) -> Result<(), E> {
    let ends = (
        level(points, question, left),
        level(points, question, right),
    );
    let (Some(mut fa), Some(mut fb)) = ends else {
        return Ok(());
    };
    if fa == 0.0 || fb == 0.0 {
        return match fa == fb {
            true => Ok(()),
            false => refine_edge(points, question, (left, right), tolerance, at),
        };
    }
    if (fa > 0.0) == (fb > 0.0) {
        return Ok(());
    }
    let (mut a, mut b) = (left, right);
    let (mut c, mut fc) = (a, fa);
    let (mut last, mut before) = (b - a, b - a);
    for _ in 0..MOST_STEPS {
        if (fb > 0.0) == (fc > 0.0) {
            (c, fc) = (a, fa);
            (last, before) = (b - a, b - a);
        }
        if fc.abs() < fb.abs() {
            (a, b, c) = (b, c, b);
            (fa, fb, fc) = (fb, fc, fb);
        }
        let half = 0.5 * (c - b);
        if half.abs() <= tolerance || fb == 0.0 {
            break;
        }
        let step = interpolated((a, fa), (b, fb), (c, fc));
        let good = step.filter(|step| {
            let inside = 2.0 * step.abs() < (3.0 * half.abs() - tolerance).min(before.abs());
            inside && (step * half) > 0.0
        });
        (before, last) = match good {
            Some(step) => (last, step),
            None => (half, half),
        };
        (a, fa) = (b, fb);
        b += match last.abs() > tolerance {
            true => last,
            false => tolerance.copysign(half),
        };
        let levels = at(b)?;
        let Some(found) = levels[question].as_ref().map(|level| level.all) else {
            break;
        };
        fb = found;
        insert(points, LevelPoint { x: b, levels }, left < right);
    }
    Ok(())
}

fn insert(points: &mut Vec<LevelPoint>, point: LevelPoint, rising: bool) {
    let place = points.partition_point(|other| (other.x < point.x) == rising);
    if points.get(place).is_none_or(|other| other.x != point.x) {
        points.insert(place, point);
    }
}

/// Bisection for where a curve arrives on its level or leaves it.
fn refine_edge<E>(
    points: &mut Vec<LevelPoint>,
    question: usize,
    (left, right): (f64, f64),
    tolerance: f64,
    at: &mut impl FnMut(f64) -> Result<Vec<Option<Level>>, E>,
) -> Result<(), E> {
    let left_is_on = level(points, question, left) == Some(0.0);
    let (mut a, mut b) = (left, right);
    while (b - a).abs() > tolerance {
        let middle = 0.5 * (a + b);
        let levels = at(middle)?;
        let Some(found) = levels[question].as_ref().map(|level| level.all) else {
            break;
        };
        insert(points, LevelPoint { x: middle, levels }, left < right);
        if (found == 0.0) == left_is_on {
            a = middle;
        } else {
            b = middle;
        }
    }
    Ok(())
}

/// The step from b to the zero of the secant or of the inverse parabola through the points.
fn interpolated((a, fa): (f64, f64), (b, fb): (f64, f64), (c, fc): (f64, f64)) -> Option<f64> {
    let s = fb / fa;
    let (p, q) = if a == c {
        ((c - b) * s, 1.0 - s)
    } else {
        let (q, r) = (fa / fc, fb / fc);
        let p = s * ((c - b) * q * (q - r) - (b - a) * (r - 1.0));
        (p, (q - 1.0) * (r - 1.0) * (s - 1.0))
    };
    let step = -p / q;
    step.is_finite().then_some(step)
}

impl Curves {
    /// What the curve of a question is like and where it crosses.
    pub fn solution(&self, question: usize) -> ThresholdAnswer {
        let curve: Vec<(f64, &Level)> = self
            .points
            .iter()
            .filter_map(|point| Some((point.x, point.levels[question].as_ref()?)))
            .collect();
        let crossings: Vec<Crossing> = zeros(&curve, |level| Some(level.all))
            .unwrap_or_default()
            .into_iter()
            .map(|value| interval(&curve, value))
            .collect();
        let shape = match crossings.len() {
            0 => CurveShape::None,
            1 if self.turns(question) => CurveShape::NonMonotone,
            1 => CurveShape::One,
            _ => CurveShape::Several,
        };
        ThresholdAnswer {
            shape,
            crossings,
            on_level: stretches(&curve),
        }
    }

    /// Whether the curve on the grid has steps of both directions that are told from zero.
    fn turns(&self, question: usize) -> bool {
        let levels = self
            .grid
            .iter()
            .map(|&index| self.points[index].levels[question].as_ref());
        let levels: Vec<&Level> = levels.flatten().collect();
        let steps = levels.windows(2).map(|pair| {
            let without = pair[1].without.iter().zip(&pair[0].without);
            let without: Vec<f64> = without.map(|(one, other)| one - other).collect();
            let (step, error) = (pair[1].all - pair[0].all, jackknife(&without));
            let size = pair[0].all.abs().max(pair[1].all.abs());
            if step.abs() <= (TURN * error.unwrap_or(0.0)).max(1e-9 * size) {
                0
            } else if step > 0.0 {
                1
            } else {
                -1
            }
        });
        let steps: Vec<i32> = steps.collect();
        steps.contains(&1) && steps.contains(&-1)
    }
}

/// Where the straight lines between the points of a curve cross zero, and where the curve arrives at zero or leaves it: of a stretch on
/// the level its ends, but for those at the ends of the range.
fn zeros(curve: &[(f64, &Level)], of: impl Fn(&Level) -> Option<f64>) -> Option<Vec<f64>> {
    let values: Option<Vec<f64>> = curve.iter().map(|point| of(point.1)).collect();
    let values = values?;
    let mut zeros: Vec<f64> = Vec::new();
    for k in 1..values.len() {
        let ((x, f), (y, g)) = ((curve[k - 1].0, values[k - 1]), (curve[k].0, values[k]));
        let zero = match (f == 0.0, g == 0.0) {
            (true, true) => continue,
            (true, false) => x,
            (false, true) => y,
            (false, false) if (f > 0.0) == (g > 0.0) => continue,
            (false, false) => x + (y - x) * f / (f - g),
        };
        if zeros.last() != Some(&zero) {
            zeros.push(zero);
        }
    }
    Some(zeros)
}

/// Where neighbouring points of a curve all lie on the level.
fn stretches(curve: &[(f64, &Level)]) -> Vec<(f64, f64)> {
    let runs = curve.chunk_by(|one, next| (one.1.all == 0.0) == (next.1.all == 0.0));
    let on_level = runs.filter(|run| run.len() > 1 && run[0].1.all == 0.0);
    on_level
        .map(|run| (run[0].0, run[run.len() - 1].0))
        .collect()
}

/// The jackknife interval of the crossing at `value`, no narrower than the points around it.
fn interval(curve: &[(f64, &Level)], value: f64) -> Crossing {
    let groups = curve
        .iter()
        .map(|point| point.1.without.len())
        .min()
        .unwrap_or(0);
    let near = |group: usize| {
        let zeros = zeros(curve, |level| level.without.get(group).copied())?;
        let mut zeros = zeros.into_iter();
        let first = zeros.next()?;
        let nearer = |best: f64, zero: f64| match (zero - value).abs() < (best - value).abs() {
            true => zero,
            false => best,
        };
        Some(zeros.fold(first, nearer))
    };
    let without: Option<Vec<f64>> = (0..groups).map(near).collect();
    let error = without.and_then(|without| jackknife(&without));
    let place = curve.partition_point(|point| point.0 < value);
    let around = (place.saturating_sub(1), place.min(curve.len() - 1));
    let bracket = 0.5 * (curve[around.1].0 - curve[around.0].0).abs();
    let half = error.map(|error| (student90(groups as f64 - 1.0) * error).max(bracket));
    let height = |from: usize, to: usize| (curve[to].1.all - curve[from].1.all).abs();
    let all = curve.iter().map(|point| point.1.all);
    let (lowest, highest) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), g| {
        (low.min(g), high.max(g))
    });
    let range = (curve[curve.len() - 1].0 - curve[0].0).abs();
    let is_near = bracket <= PRECISION * range;
    Crossing {
        jump: is_near && height(around.0, around.1) > 0.01 * (highest - lowest),
        value,
        low: half.map(|half| value - half),
        high: half.map(|half| value + half),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worlds e_k, spread around 0 in no order, and g = f(x) + e.
    fn worlds(f: f64, spread: f64) -> Vec<f64> {
        let mixed = |k: u64| (k.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as f64 / 16_777_216.0;
        let noise = (0..200).map(|k| mixed(mixed(k).to_bits()) - 0.5);
        noise.map(|noise| f + spread * noise).collect()
    }

    fn solve(f: impl Fn(f64) -> f64, spread: f64) -> ThresholdAnswer {
        let at = |x: f64| {
            let level = Level::of(&worlds(f(x), spread), Over::Mean, 0.0, Groups::SINGLE);
            Ok::<_, ()>(vec![level])
        };
        trace(1, (0.0, 1.0), 11, at)
            .expect("no failure")
            .solution(0)
    }

    #[test]
    fn one_crossing_is_found_to_its_precision() {
        for (root, solution) in [
            (0.37, solve(|x| x - 0.37, 0.0)),
            (0.5_f64.sqrt(), solve(|x| x * x - 0.5, 0.0)),
            (0.21, solve(|x| libm::exp(-3.0 * x) - libm::exp(-0.63), 0.0)),
        ] {
            assert_eq!(solution.shape, CurveShape::One);
            let value = solution.crossings[0].value;
            assert!((value - root).abs() < 1e-4, "{value} for {root}");
        }
        let smooth = solve(|x| x - 0.37, 0.0);
        assert!(!smooth.crossings[0].jump);
        let jump = solve(|x| if x < 0.642 { -1.0 } else { 2.0 }, 0.0);
        assert!(jump.crossings[0].jump);
        assert!((jump.crossings[0].value - 0.642).abs() < 2e-4, "{jump:?}");
    }

    #[test]
    fn the_interval_is_that_of_the_mean_divided_by_the_slope() {
        let solution = solve(|x| 2.0 * (x - 0.4), 0.3);
        let crossing = solution.crossings[0];
        let values = worlds(0.0, 0.3);
        let sd = statistic(values, Over::Deviation).expect("many");
        let expected = student90(19.0) * sd / 200.0_f64.sqrt() / 2.0;
        let half = 0.5 * (crossing.high.expect("crosses") - crossing.low.expect("crosses"));
        // The deviation of 20 groups is known to about a sixth: three times that.
        assert!((half / expected - 1.0).abs() < 0.5, "{half} {expected}");
        assert!((crossing.value - 0.4).abs() < 3.0 * expected);
    }

    #[test]
    fn other_shapes_are_said() {
        let never = solve(|x| x + 0.1, 0.1);
        assert_eq!((never.shape, never.crossings.len()), (CurveShape::None, 0));
        let twice = solve(|x| (x - 0.2) * (x - 0.75), 0.0);
        assert_eq!(twice.shape, CurveShape::Several);
        assert!((twice.crossings[1].value - 0.75).abs() < 1e-4);
        let turns = solve(|x| x * (x - 0.6) - 0.1, 0.0);
        assert_eq!(
            (turns.shape, turns.crossings.len()),
            (CurveShape::NonMonotone, 1)
        );
        let touches = solve(|x| if x < 0.5 { 0.0 } else { x - 0.5 }, 0.0);
        assert_eq!(
            (touches.shape, touches.crossings[0].value),
            (CurveShape::One, 0.5)
        );
        assert_eq!(touches.on_level, [(0.0, 0.5)]);
        // It arrives on the level off the grid and stays there, but for rounding.
        let stays = |x: f64| {
            if x < 0.642 {
                0.642 - x
            } else {
                1e-17 * (x - 0.8)
            }
        };
        let arrives = solve(stays, 0.0);
        let crossing = arrives.crossings[0];
        assert_eq!(
            (arrives.shape, arrives.crossings.len()),
            (CurveShape::One, 1),
            "{arrives:?}"
        );
        assert!((crossing.value - 0.642).abs() < 2e-4, "{arrives:?}");
        assert_eq!(arrives.on_level, [(crossing.value, 1.0)]);
        let flat = solve(|_| 0.0, 0.0);
        assert_eq!(
            (flat.shape, flat.on_level),
            (CurveShape::None, vec![(0.0, 1.0)])
        );
        // A point on the level is no stretch.
        assert_eq!(solve(|x| x - 0.5, 0.0).on_level, []);
        let between = solve(|x| (x - 0.3).min(0.0) + (x - 0.7).max(0.0), 0.0);
        let [(low, high)] = between.on_level[..] else {
            panic!("{between:?}");
        };
        assert!(
            (low - 0.3).abs() < 2e-4 && (high - 0.7).abs() < 2e-4,
            "{between:?}"
        );
    }

    #[test]
    fn questions_share_points_and_quantiles_work() {
        let mut played = 0;
        let at = |x: f64| {
            played += 1;
            let values = worlds(x, 1.0);
            let levels = [0.3, 0.6]
                .map(|level| Level::of(&values, Over::Quantile(0.5), level, Groups::SINGLE));
            Ok::<_, ()>(levels.to_vec())
        };
        let curves = trace(2, (1.0, 0.0), 5, at).expect("no failure");
        assert!(played < 30, "{played}");
        for (question, root) in [(0, 0.3), (1, 0.6)] {
            let solution = curves.solution(question);
            assert_eq!(solution.shape, CurveShape::One);
            let median = statistic(worlds(0.0, 1.0), Over::Quantile(0.5)).expect("many");
            let value = solution.crossings[0].value;
            assert!((value + median - root).abs() < 1e-4, "{solution:?}");
        }
        assert_eq!(
            Level::of(&[f64::NAN; 40], Over::Mean, 0.0, Groups::SINGLE),
            None
        );
        let one = Level::of(&[2.0], Over::Mean, 0.5, Groups::SINGLE).expect("a value");
        assert_eq!((one.all, one.std_error()), (1.5, None));
    }
}
