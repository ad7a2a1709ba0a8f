//! What an accord is judged by, and when one is better than another.
//!
//! ```text
//! g_ik      what the accord adds to the payoff of state i in world k, USD bn; C_k who is in it in some window
//! region    mean over k of Σ_i g_ik, less what its changes cost
//! worst     min over i of the mean over k of g_ik
//! tail      mean of min_i g_ik over the tenth of worlds in which that is least
//! all gain  share of worlds with C_k not empty and g_ik > 0 for every i in C_k
//! holds     share of worlds with C_k not empty in which nobody leaves
//! suppliers mean over k of Σ_h of what the accord adds to the profit of hyperscaler h
//! simple    minus the number of rules that are not as in the base
//! ```
//!
//! More is better of each. One accord *dominates* another if it is at least as good in all and better in one; the *front* is what none dominates
//! (Pareto). Of accords that differ by less than a resolution in everything the front keeps one: ε-dominance over a grid of boxes.
//!
//! # References
//! Laumanns, Thiele, Deb and Zitzler 2002, <https://doi.org/10.1162/106365602760234108>, for ε-dominance; Quenouille 1956,
//! <https://doi.org/10.1093/biomet/43.3-4.353>, for the jackknife; Maron and Moore 1994, Hoeffding races, for dropping what is surely worse.

use crate::engine::model::arm::StateSet;
use crate::theory::stats::interval::student90;
use std::rc::Rc;

/// How many objectives there are.
pub const OBJECTIVES: usize = 7;

/// What is judged, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum AccordObjective {
    /// What it brings the region.
    Region,
    /// What it brings the state to which it brings least.
    Worst,
    /// The least that it brings a state, in the worst tenth of worlds.
    Tail,
    /// In how many worlds every member gains.
    AllGain,
    /// In how many worlds nobody leaves.
    Holds,
    /// What it brings suppliers, mostly a loss.
    Suppliers,
    /// How little changes.
    Simplicity,
}

impl AccordObjective {
    /// All of them.
    pub const ALL: [AccordObjective; OBJECTIVES] = [
        AccordObjective::Region,
        AccordObjective::Worst,
        AccordObjective::Tail,
        AccordObjective::AllGain,
        AccordObjective::Holds,
        AccordObjective::Suppliers,
        AccordObjective::Simplicity,
    ];

    /// Its key in documents.
    pub fn key(self) -> &'static str {
        match self {
            AccordObjective::Region => "region",
            AccordObjective::Worst => "worst",
            AccordObjective::Tail => "tail",
            AccordObjective::AllGain => "all_gain",
            AccordObjective::Holds => "holds",
            AccordObjective::Suppliers => "suppliers",
            AccordObjective::Simplicity => "simplicity",
        }
    }

    /// The least difference that counts on the front, in its unit.
    fn finest(self) -> f64 {
        match self {
            AccordObjective::Region
            | AccordObjective::Suppliers
            | AccordObjective::Worst
            | AccordObjective::Tail => 0.001,
            AccordObjective::AllGain | AccordObjective::Holds => 0.01,
            AccordObjective::Simplicity => 1.0,
        }
    }
}

/// ObjectiveValues of all objectives.
pub type ObjectiveValues = [f64; OBJECTIVES];

/// What came of an accord in one world.
#[derive(Debug, Clone, PartialEq)]
pub struct AccordWorld {
    /// What it adds to each state's payoff, USD bn.
    pub gains: Vec<f64>,
    /// What it adds to each hyperscaler's profit, USD bn.
    pub profits: Vec<f64>,
    /// Who gains, by more than rounding.
    pub better: StateSet,
    /// Who is in it in some window.
    pub members: StateSet,
    /// Who leaves it in some window.
    pub left: StateSet,
    /// What of the region's gain comes of each of [`CAUSES`], USD bn.
    pub causes: [f64; CAUSES.len()],
}

/// Causes of what an accord adds, as model (43) names them; the last is what the past of other windows changes for those who are alone.
pub const CAUSES: [&str; 5] = ["rules", "table", "sharing", "delay", "legacy"];

impl AccordWorld {
    /// Σ_i g_i.
    pub fn total(&self) -> f64 {
        self.gains.iter().sum()
    }

    /// Whether it forms and every member gains.
    pub fn all_gain(&self) -> bool {
        self.members != 0 && self.members & !self.better == 0
    }

    /// Whether it forms and nobody leaves.
    pub fn holds(&self) -> bool {
        self.members != 0 && self.left == 0
    }

    fn least(&self) -> f64 {
        self.gains.iter().copied().fold(f64::INFINITY, f64::min)
    }
}

/// Share of worlds that make up the tail.
pub const TAIL: f64 = 0.1;

/// The objectives over some worlds, at least one; `price` is what the changes cost, `changes` how many there are.
pub fn values<'a>(
    worlds: impl Iterator<Item = &'a AccordWorld> + Clone,
    price: f64,
    changes: usize,
) -> ObjectiveValues {
    let count = worlds.clone().count() as f64;
    let mean = |of: &dyn Fn(&AccordWorld) -> f64| worlds.clone().map(of).sum::<f64>() / count;
    let share = |of: &dyn Fn(&AccordWorld) -> bool| mean(&|world| f64::from(u8::from(of(world))));
    let states = worlds.clone().next().map_or(0, |world| world.gains.len());
    let means = (0..states).map(|i| mean(&|world: &AccordWorld| world.gains[i]));
    let mut least: Vec<f64> = worlds.clone().map(AccordWorld::least).collect();
    least.sort_unstable_by(f64::total_cmp);
    least.truncate(libm::ceil(TAIL * count) as usize);
    [
        mean(&AccordWorld::total) - price,
        means.fold(f64::INFINITY, f64::min),
        least.iter().sum::<f64>() / least.len() as f64,
        share(&AccordWorld::all_gain),
        share(&AccordWorld::holds),
        mean(&|world| world.profits.iter().sum()),
        -(changes as f64),
    ]
}

/// Groups that are left out in turn for standard errors.
const GROUPS: usize = 16;

/// The objectives over the first worlds of an accord, and without each group of them.
#[derive(Debug, Clone, PartialEq)]
pub struct AccordJudgement {
    /// Over all.
    pub all: ObjectiveValues,
    /// Without worlds b, b + B, b + 2B and so on, for each b below B.
    pub without: Vec<ObjectiveValues>,
}

impl AccordJudgement {
    /// Judges worlds, one at least; of one there are no groups.
    pub fn of(worlds: &[AccordWorld], price: f64, changes: usize) -> AccordJudgement {
        let groups = match worlds.len() {
            0 | 1 => 0,
            worlds => GROUPS.min(worlds),
        };
        let without = (0..groups).map(|group| {
            let kept = worlds.iter().enumerate();
            let kept = kept.filter(|(at, _)| at % groups != group);
            values(kept.map(|(_, world)| world), price, changes)
        });
        AccordJudgement {
            all: values(worlds.iter(), price, changes),
            without: without.collect(),
        }
    }

    /// Standard errors by the jackknife: √((B−1)/B·Σ_b (x_b − x̄)²); 0 of a single world.
    pub fn std_errors(&self) -> ObjectiveValues {
        if self.without.is_empty() {
            return [0.0; OBJECTIVES];
        }
        let groups = self.without.len() as f64;
        std::array::from_fn(|k| {
            let mean = self.without.iter().map(|one| one[k]).sum::<f64>() / groups;
            let squares = self
                .without
                .iter()
                .map(|one| (one[k] - mean) * (one[k] - mean));
            libm::sqrt((groups - 1.0) / groups * squares.sum::<f64>())
        })
    }

    /// The mean of some.
    pub fn mean(all: &[AccordJudgement]) -> AccordJudgement {
        let count = all.len() as f64;
        let groups = all.iter().map(|one| one.without.len()).min().unwrap_or(0);
        let mean = |of: &dyn Fn(&AccordJudgement) -> ObjectiveValues| {
            let all = all.iter().map(of);
            let sum = all.fold([0.0; OBJECTIVES], |sum, one| {
                std::array::from_fn(|k| sum[k] + one[k])
            });
            sum.map(|sum| sum / count.max(1.0))
        };
        AccordJudgement {
            all: mean(&|one| one.all),
            without: (0..groups)
                .map(|group| mean(&|one| one.without[group]))
                .collect(),
        }
    }

    /// What it has more than another on the same worlds.
    pub fn minus(&self, other: &AccordJudgement) -> AccordJudgement {
        let minus = |one: &ObjectiveValues, other: &ObjectiveValues| {
            std::array::from_fn(|k| one[k] - other[k])
        };
        let without = self.without.iter().zip(&other.without);
        AccordJudgement {
            all: minus(&self.all, &other.all),
            without: without.map(|(one, other)| minus(one, other)).collect(),
        }
    }
}

/// Whether one accord surely dominates another on the same worlds: in every objective it is ahead by so many standard errors of the paired
/// difference as Student's distribution has below its 95% point or, where both are the same in all worlds, level, and ahead in one.
///
/// So an accord that is no worse in one objective is dropped by chance in one comparison of twenty at most.
pub fn surely_dominates(one: &AccordJudgement, other: &AccordJudgement) -> bool {
    // Nearly all pairs end here.
    let behind = |k: usize| one.all[k] < other.all[k] - 1e-12 * (1.0 + other.all[k].abs());
    if (0..OBJECTIVES).any(behind) {
        return false;
    }
    let difference = one.minus(other);
    let errors = difference.std_errors();
    let sure = match difference.without.len() {
        0 => 0.0,
        groups => student90(groups as f64 - 1.0),
    };
    let mut ahead = false;
    for (difference, error) in difference.all.iter().zip(errors) {
        let size = 1e-12 * (1.0 + difference.abs());
        if error <= size && difference.abs() <= size {
            continue;
        }
        if *difference < sure * error || *difference <= 0.0 {
            return false;
        }
        ahead = true;
    }
    ahead
}

/// How fine the boxes are of each objective: an eighth of the range among `all`, but no less than two typical standard errors.
pub fn resolution(all: &[Rc<AccordJudgement>]) -> ObjectiveValues {
    let errors: Vec<ObjectiveValues> = all.iter().map(|one| one.std_errors()).collect();
    std::array::from_fn(|k| {
        let ends = all.iter().map(|one| one.all[k]);
        let ends = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
            (low.min(x), high.max(x))
        });
        let mut errors: Vec<f64> = errors.iter().map(|one| one[k]).collect();
        errors.sort_unstable_by(f64::total_cmp);
        let typical = errors.get(errors.len() / 2).copied().unwrap_or(0.0);
        let range = (ends.1 - ends.0).max(0.0) / 8.0;
        let finest = AccordObjective::ALL[k].finest();
        match AccordObjective::ALL[k] {
            AccordObjective::Simplicity => finest,
            _ => range.max(2.0 * typical).max(finest),
        }
    })
}

/// Places in `all` of the front over boxes of a size, by rising place: of a box the accord nearest to its best corner, the first of equals.
pub fn front(all: &[ObjectiveValues], size: &ObjectiveValues) -> Vec<usize> {
    let boxed = |values: &ObjectiveValues| -> [f64; OBJECTIVES] {
        std::array::from_fn(|k| libm::floor(values[k] / size[k]))
    };
    let boxes: Vec<[f64; OBJECTIVES]> = all.iter().map(boxed).collect();
    let below = |at: usize| -> f64 {
        let corner = (0..OBJECTIVES).map(|k| boxes[at][k] + 1.0 - all[at][k] / size[k]);
        corner.map(|x| x * x).sum()
    };
    let beaten = |at: usize| {
        (0..all.len()).any(|other| {
            if other == at {
                return false;
            }
            if boxes[other] == boxes[at] {
                let (theirs, own) = (below(other), below(at));
                return theirs < own || theirs == own && other < at;
            }
            (0..OBJECTIVES).all(|k| boxes[other][k] >= boxes[at][k])
        })
    };
    (0..all.len()).filter(|&at| !beaten(at)).collect()
}

/// Places in `all` of what no other dominates, by rising place; of equals the first.
pub fn undominated(all: &[ObjectiveValues]) -> Vec<usize> {
    let dominates = |one: usize, other: usize| {
        let at_least = (0..OBJECTIVES).all(|k| all[one][k] >= all[other][k]);
        at_least && (all[one] != all[other] || one < other)
    };
    let beaten = |at: usize| (0..all.len()).any(|one| one != at && dominates(one, at));
    (0..all.len()).filter(|&at| !beaten(at)).collect()
}

/// Adds of some places in `all` to `chosen` until that has `most`: first the best of each objective, then always the one whose nearest chosen
/// neighbour is furthest off.
pub fn spread(all: &[ObjectiveValues], places: &[usize], chosen: &mut Vec<usize>, most: usize) {
    let mut left = places.to_vec();
    for k in 0..OBJECTIVES {
        let more = |best: usize, at: usize| if all[at][k] > all[best][k] { at } else { best };
        let best = places.iter().copied().reduce(more);
        if let Some(best) = best.filter(|best| left.contains(best) && chosen.len() < most) {
            left.retain(|&at| at != best);
            chosen.push(best);
        }
    }
    let distance = |one: usize, other: usize| -> f64 {
        let apart = (0..OBJECTIVES).map(|k| all[one][k] - all[other][k]);
        apart.map(|x| x * x).sum()
    };
    while chosen.len() < most {
        let nearest = |at: usize| {
            let others = chosen.iter().map(|&other| distance(at, other));
            others.fold(f64::INFINITY, f64::min)
        };
        let further = |best: usize, at: usize| {
            if nearest(at) > nearest(best) {
                at
            } else {
                best
            }
        };
        let Some(best) = left.iter().copied().reduce(further) else {
            return;
        };
        left.retain(|&at| at != best);
        chosen.push(best);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::draws::rng::Stream;

    fn world(gains: &[f64], members: StateSet, left: StateSet) -> AccordWorld {
        let better = gains.iter().enumerate().filter(|(_, gain)| **gain > 0.0);
        AccordWorld {
            better: better.fold(0, |set, (i, _)| set | 1 << i),
            gains: gains.to_vec(),
            profits: vec![-0.5, 0.25],
            causes: [0.0; CAUSES.len()],
            members,
            left,
        }
    }

    #[test]
    fn objectives_are_those_of_the_formulas() {
        let worlds = [
            world(&[1.0, 2.0], 0b11, 0),
            world(&[3.0, -1.0], 0b01, 0),
            world(&[1.0, -2.0], 0b11, 0b10),
            world(&[0.0, 0.0], 0, 0),
        ];
        let found = values(worlds.iter(), 0.25, 3);
        assert_eq!(found, [1.0 - 0.25, -0.25, -2.0, 0.5, 0.5, -0.25, -3.0]);
    }

    #[test]
    fn the_front_is_what_no_other_dominates() {
        let point = |region: f64, worst: f64| [region, worst, 0.0, 0.0, 0.0, 0.0, 0.0];
        let fine = [1e-6; OBJECTIVES];
        let all = [
            point(1.0, 0.0),
            point(0.0, 1.0),
            point(0.5, 0.5),
            point(0.4, 0.4),
        ];
        assert_eq!(front(&all, &fine), [0, 1, 2]);
        // Of those that differ by less than a box one is kept.
        let coarse = [10.0; OBJECTIVES];
        assert_eq!(front(&all, &coarse).len(), 1);
        assert_eq!(front(&[point(1.0, 1.0); 3], &fine), [0]);
    }

    #[test]
    fn only_what_is_surely_worse_is_dropped() {
        let worlds = |shift: f64, noise: f64| -> Vec<AccordWorld> {
            let gain = |k: u32| shift + noise * f64::from(k * 7919 % 13) / 13.0;
            (0..64)
                .map(|k| world(&[gain(k), gain(k)], 0b11, 0))
                .collect()
        };
        let judged = |shift: f64, noise: f64| AccordJudgement::of(&worlds(shift, noise), 0.0, 0);
        assert!(surely_dominates(&judged(2.0, 1.0), &judged(1.0, 1.0)));
        assert!(!surely_dominates(&judged(1.0, 1.0), &judged(2.0, 1.0)));
        assert!(!surely_dominates(&judged(1.0, 1.0), &judged(1.0, 1.0)));
        // The noise of one is not that of the other.
        assert!(!surely_dominates(&judged(1.01, 1.0), &judged(1.0, 1.02)));
    }

    #[test]
    fn who_is_level_in_one_objective_is_dropped_in_one_comparison_of_twenty() {
        let stream = Stream::new(7, "test.false-alarms");
        let (mut dropped, rounds, worlds) = (0, 2000, 32);
        for round in 0..rounds {
            let mut uniform = stream.sequence(round, 0);
            // Both have the same gains on average, which differ by noise; the other has suppliers lose less, and changes less.
            let each = |profit: f64, uniform: &mut dyn FnMut() -> f64| {
                let worlds = (0..worlds).map(|_| AccordWorld {
                    profits: vec![profit],
                    ..world(&[10.0 + uniform()], 0b1, 0)
                });
                worlds.collect::<Vec<_>>()
            };
            let (one, other) = (each(1.0, &mut uniform), each(0.0, &mut uniform));
            let one = AccordJudgement::of(&one, 0.0, 0);
            let mut other = AccordJudgement::of(&other, 0.0, 1);
            // Its worst state and its tail are no matter of this test.
            for k in [
                AccordObjective::Worst as usize,
                AccordObjective::Tail as usize,
            ] {
                other.all[k] = one.all[k] - 1.0;
                for (other, one) in other.without.iter_mut().zip(&one.without) {
                    other[k] = one[k] - 1.0;
                }
            }
            dropped += u32::from(surely_dominates(&one, &other));
        }
        // 5% of 2,000 is 100, with a standard error of 9.7: three times that.
        assert!((71..=129).contains(&dropped), "{dropped}");
    }

    #[test]
    fn what_is_cut_leaves_what_lies_furthest_apart() {
        let point = |region: f64, worst: f64| [region, worst, 0.0, 0.0, 0.0, 0.0, 0.0];
        let all = [
            point(0.0, 4.0),
            point(1.0, 3.1),
            point(1.1, 3.0),
            point(2.0, 2.0),
            point(4.0, 0.0),
            point(0.0, 0.0),
        ];
        assert_eq!(undominated(&all), [0, 1, 2, 3, 4]);
        let mut chosen = Vec::new();
        spread(&all, &[0, 1, 2, 3, 4], &mut chosen, 3);
        chosen.sort_unstable();
        assert_eq!(chosen, [0, 3, 4]);
    }
}
