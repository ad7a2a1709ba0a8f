//! An offer beside the frontier: what it is worth, what it leaves on the table, which changes both sides would like, and what one term
//! costs in another (model, section 5).
//!
//! Terms add up (21), (22), so that a change of some terms is a bargain by itself: its frontier is that of those terms alone, and what the
//! two sides had in them is what they lose if nothing is changed.

use crate::theory::bargaining::{Frontier, Gains, Protocol, cash_total, solve, solve_with_cash};
use libm::sqrt;

/// The coefficients of a [`Frontier`], kept by themselves.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Coefficients {
    /// Slopes of the state's value.
    pub a: Vec<f64>,
    /// Curvatures of the state's value.
    pub b: Vec<f64>,
    /// Slopes of the hyperscaler's cost.
    pub c: Vec<f64>,
    /// Curvatures of the hyperscaler's cost.
    pub d: Vec<f64>,
    /// Lowest levels, floors included.
    pub min: Vec<f64>,
    /// Highest levels.
    pub max: Vec<f64>,
    /// What all coefficients are per unit of, >= 0.
    pub scale: f64,
    /// Slopes and curvatures of the cost by which bundles are chosen where they are not the plain ones (41).
    pub foreseen: Option<[Vec<f64>; 2]>,
}

impl Coefficients {
    /// Copies those of the first K terms of a frontier, `terms`; what lies behind fills up lanes.
    pub fn of(frontier: &Frontier, terms: usize) -> Coefficients {
        let copy = |numbers: &[f64]| numbers[..terms].to_vec();
        Coefficients {
            a: copy(frontier.a),
            b: copy(frontier.b),
            c: copy(frontier.c),
            d: copy(frontier.d),
            min: copy(frontier.min),
            max: copy(frontier.max),
            scale: frontier.scale,
            foreseen: frontier.foreseen.map(|both| both.map(copy)),
        }
    }

    /// The frontier that these coefficients make.
    pub fn frontier(&self) -> Frontier<'_> {
        Frontier {
            a: &self.a,
            b: &self.b,
            c: &self.c,
            d: &self.d,
            min: &self.min,
            max: &self.max,
            scale: self.scale,
            foreseen: (self.foreseen.as_ref()).map(|[c, d]| [c.as_slice(), d.as_slice()]),
        }
    }

    /// Those of some terms alone, in the order of `terms`.
    pub fn part(&self, terms: &[usize]) -> Coefficients {
        let part = |all: &[f64]| terms.iter().map(|&k| all[k]).collect();
        Coefficients {
            a: part(&self.a),
            b: part(&self.b),
            c: part(&self.c),
            d: part(&self.d),
            min: part(&self.min),
            max: part(&self.max),
            scale: self.scale,
            foreseen: (self.foreseen.as_ref()).map(|both| both.each_ref().map(|one| part(one))),
        }
    }

    /// s of one term at a level (21).
    pub fn value(&self, k: usize, level: f64) -> f64 {
        self.scale * level * (self.a[k] - 0.5 * self.b[k] * level)
    }

    /// g of one term at a level (22).
    pub fn cost(&self, k: usize, level: f64) -> f64 {
        self.scale * level * (self.c[k] + 0.5 * self.d[k] * level)
    }
}

/// The mean of several tables, each counted once: its gains at any bundle are the mean of theirs (21), (22), as these are linear in
/// the coefficients. Sums run in the order of `tables`; empty coefficients where there are none.
pub fn average<'a>(
    tables: impl Iterator<Item = (&'a Coefficients, Gains)>,
) -> (Coefficients, Gains) {
    let mut mean = Coefficients::default();
    let mut gains = Gains {
        state: 0.0,
        hyperscaler: 0.0,
    };
    let mut count = 0.0;
    for (table, own) in tables {
        count += 1.0;
        let scaled = |sums: &mut Vec<f64>, values: &[f64], scale: f64| {
            sums.resize(values.len(), 0.0);
            let pairs = sums.iter_mut().zip(values);
            pairs.for_each(|(sum, value)| *sum += (scale * value - *sum) / count);
        };
        scaled(&mut mean.a, &table.a, table.scale);
        scaled(&mut mean.b, &table.b, table.scale);
        scaled(&mut mean.c, &table.c, table.scale);
        scaled(&mut mean.d, &table.d, table.scale);
        scaled(&mut mean.min, &table.min, 1.0);
        scaled(&mut mean.max, &table.max, 1.0);
        gains.state += (own.state - gains.state) / count;
        gains.hyperscaler += (own.hyperscaler - gains.hyperscaler) / count;
    }
    mean.scale = 1.0;
    (mean, gains)
}

/// u_S and u_H of a bundle with cash (24): ΔU + s(x) + T, ΔΠ − g(x) − T.
pub fn gains_at(frontier: &Frontier, gains: Gains, levels: &[f64], cash: f64) -> Gains {
    let (value, cost) = frontier.evaluate(levels);
    Gains {
        state: gains.state + value + cash,
        hyperscaler: gains.hyperscaler - cost - cash,
    }
}

/// Changes of some terms that leave both sides better off.
#[derive(Debug, Clone, PartialEq)]
pub struct Improvement {
    /// Term and new level, as asked.
    pub levels: Vec<(usize, f64)>,
    /// What is paid to the state besides; 0 without cash.
    pub cash: f64,
    /// What the state gains by it.
    pub state: f64,
    /// What the hyperscaler gains by it.
    pub hyperscaler: f64,
}

impl Improvement {
    /// What it adds to both at least.
    pub fn smaller(&self) -> f64 {
        self.state.min(self.hyperscaler)
    }
}

/// The new levels of `terms`, all others as in `levels`, that add as much as can be to the side that gains less (27); none where no
/// change of them leaves both better off.
pub fn improve(
    table: &Coefficients,
    levels: &[f64],
    terms: &[usize],
    transfers: bool,
) -> Option<Improvement> {
    let part = table.part(terms);
    let frontier = part.frontier();
    let now: Vec<f64> = terms.iter().map(|&k| levels[k]).collect();
    let gains = given_up(&frontier, &now);
    let agreement = match transfers {
        true => solve_with_cash(&frontier, gains, Protocol::Egalitarian),
        false => solve(&frontier, gains, Protocol::Egalitarian),
    }?;
    let mut changed = vec![0.0; terms.len()];
    frontier.bundle(agreement.lambda, &mut changed);
    let added = gains_at(&frontier, gains, &changed, agreement.transfer);
    (added.state > 0.0 && added.hyperscaler > 0.0).then(|| Improvement {
        levels: terms.iter().copied().zip(changed).collect(),
        cash: agreement.transfer,
        state: added.state,
        hyperscaler: added.hyperscaler,
    })
}

/// How far a bundle is from the frontier, each >= 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Room {
    /// What both could gain at the same time.
    pub both: f64,
    /// What the state could gain if the hyperscaler kept what it has.
    pub state: f64,
    /// The mirror image.
    pub hyperscaler: f64,
}

/// The room that a bundle leaves.
pub fn room(table: &Coefficients, levels: &[f64], transfers: bool) -> Room {
    let frontier = table.frontier();
    let gains = given_up(&frontier, levels);
    if transfers {
        let total = cash_total(&frontier, gains).max(0.0);
        return Room {
            both: 0.5 * total,
            state: total,
            hyperscaler: total,
        };
    }
    let all: Vec<usize> = (0..levels.len()).collect();
    let both = improve(table, levels, &all, false).map_or(0.0, |one| one.smaller());
    let for_state = frontier.largest_with_hyperscaler_gain(gains, 0.0, 0.0, 1.0);
    let for_hyperscaler = frontier.smallest_with_state_gain(gains, 0.0, 0.0, 1.0);
    Room {
        both,
        state: (gains.state + frontier.at(for_state).value).max(0.0),
        hyperscaler: (gains.hyperscaler - frontier.at(for_hyperscaler).cost).max(0.0),
    }
}

/// What the two sides have without a change of a bundle, as gains before terms: −s(x) and g(x).
fn given_up(frontier: &Frontier, levels: &[f64]) -> Gains {
    let (value, cost) = frontier.evaluate(levels);
    Gains {
        state: -value,
        hyperscaler: cost,
    }
}

/// The level y nearest to `from` at which slope·y + ½·curvature·y² is larger by `rise` than at `from`, if one lies in `[min, max]`.
pub fn compensating_level(
    (slope, curvature): (f64, f64),
    from: f64,
    rise: f64,
    (min, max): (f64, f64),
) -> Option<f64> {
    let here = slope + curvature * from;
    let discriminant = here * here + 2.0 * curvature * rise;
    if discriminant < 0.0 {
        return None;
    }
    // The root that keeps its digits where the curvature is small.
    let sum = here + sqrt(discriminant).copysign(here);
    let step = if sum != 0.0 {
        2.0 * rise / sum
    } else if rise == 0.0 {
        0.0
    } else {
        return None;
    };
    let level = from + step;
    (level >= min && level <= max).then_some(level)
}

/// Where in `[min, max]` constant + slope·y − ½·curvature·y² is above 0, curvature >= 0: an interval, or nothing.
pub fn positive_between(
    constant: f64,
    slope: f64,
    curvature: f64,
    (min, max): (f64, f64),
) -> Option<(f64, f64)> {
    let at = |y: f64| constant + y * (slope - 0.5 * curvature * y);
    let peak = match curvature > 0.0 {
        true => (slope / curvature).clamp(min, max),
        false if slope > 0.0 => max,
        false => min,
    };
    if at(peak) <= 0.0 {
        return None;
    }
    let root = |end: f64| {
        if at(end) > 0.0 {
            return end;
        }
        // Roots of the parabola, the larger in size first: −½c·y² + s·y + k = 0.
        let discriminant = sqrt((slope * slope + 2.0 * curvature * constant).max(0.0));
        let sum = slope + discriminant.copysign(slope);
        let first = if curvature > 0.0 {
            sum / curvature
        } else {
            f64::INFINITY
        };
        let second = -2.0 * constant / sum;
        let lies = |y: f64| y >= end.min(peak) && y <= end.max(peak);
        let found = [second, first].into_iter().find(|&y| lies(y));
        found.unwrap_or(end)
    };
    Some((root(min), root(max)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two terms, the state wants the first, the hyperscaler the second: ½ and ½ is short of what both could have.
    fn two() -> Coefficients {
        Coefficients {
            a: vec![1.0, -0.2],
            b: vec![0.2, 0.1],
            c: vec![0.3, -0.9],
            d: vec![0.3, 0.2],
            min: vec![0.0; 2],
            max: vec![1.0; 2],
            scale: 2.0,
            foreseen: None,
        }
    }

    #[test]
    fn an_improvement_pays_both_and_stays_on_the_frontier_of_its_terms() {
        let table = two();
        let levels = [0.5, 0.5];
        let found = improve(&table, &levels, &[0, 1], false).expect("room for both");
        let new = [found.levels[0].1, found.levels[1].1];
        assert!(
            new[0] > 0.5 && new[1] > 0.5,
            "{new:?}: each gives what it values less"
        );
        assert!(found.state > 0.0 && found.hyperscaler > 0.0);
        let gains = given_up(&table.frontier(), &new);
        let left = room(&table, &new, false);
        assert!(left.both < 1e-9, "{left:?} {gains:?}");
        assert_eq!(
            improve(&table, &levels, &[0], false),
            None,
            "a gift to the state"
        );
        let with_cash = improve(&table, &levels, &[0], true).expect("cash makes up for it");
        assert!((with_cash.state - with_cash.hyperscaler).abs() < 1e-12 && with_cash.cash < 0.0);
    }

    #[test]
    fn room_is_what_a_grid_finds() {
        let table = two();
        let levels = [0.3, 0.4];
        let found = room(&table, &levels, false);
        let (value, cost) = table.frontier().evaluate(&levels);
        let (mut both, mut state) = (0.0f64, 0.0f64);
        for step in 0..=1000 * 1000 {
            let y = [(step / 1000) as f64 / 1000.0, (step % 1000) as f64 / 1000.0];
            let (s, g) = table.frontier().evaluate(&y);
            both = both.max((s - value).min(cost - g));
            if g <= cost {
                state = state.max(s - value);
            }
        }
        assert!(
            found.both >= both && found.both < both + 2e-3,
            "{found:?} {both}"
        );
        assert!(
            found.state >= state - 1e-12 && found.state < state + 4e-3,
            "{found:?} {state}"
        );
    }

    #[test]
    fn levels_that_make_up_for_a_change() {
        let quadratic = |slope: f64, curvature: f64, y: f64| y * (slope + 0.5 * curvature * y);
        for (slope, curvature, from, rise) in [
            (0.4, -0.3, 0.5, 0.02),
            (0.4, -0.3, 0.5, -0.05),
            (-0.3, 0.0, 0.2, -0.06),
            (0.1, 0.6, 0.4, 0.07),
        ] {
            let level =
                compensating_level((slope, curvature), from, rise, (0.0, 1.0)).expect("in reach");
            let found = quadratic(slope, curvature, level) - quadratic(slope, curvature, from);
            assert!(
                (found - rise).abs() < 1e-12,
                "{slope} {curvature}: {found} {rise}"
            );
        }
        assert_eq!(compensating_level((0.4, -0.3), 0.5, 0.2, (0.0, 1.0)), None);
        assert_eq!(compensating_level((0.0, 0.0), 0.5, 0.1, (0.0, 1.0)), None);
    }

    #[test]
    fn where_a_parabola_is_positive() {
        let close = |found: Option<(f64, f64)>, expected: (f64, f64)| {
            let (low, high) = found.expect("somewhere");
            assert!(
                (low - expected.0).abs() < 1e-12 && (high - expected.1).abs() < 1e-12,
                "{low} {high}"
            );
        };
        close(positive_between(-0.1, 0.5, 0.0, (0.0, 1.0)), (0.2, 1.0));
        close(positive_between(0.1, -0.5, 0.0, (0.0, 1.0)), (0.0, 0.2));
        close(positive_between(-0.08, 0.5, 1.0, (0.0, 1.0)), (0.2, 0.8));
        close(positive_between(0.1, 0.0, 0.0, (0.0, 1.0)), (0.0, 1.0));
        close(positive_between(0.1, 0.0, 0.8, (-1.0, 1.0)), (-0.5, 0.5));
        assert_eq!(positive_between(-0.5, 0.2, 0.1, (0.0, 1.0)), None);
        assert_eq!(positive_between(0.0, 0.0, 0.0, (0.0, 1.0)), None);
    }
}
