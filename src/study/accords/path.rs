//! By which small accords a large one comes about: who founds it, who joins next, which rule is added, with every step a gain for those who take it.
//!
//! A place on the way is an accord of exactly its members, who join with certainty, under the rules of the base and those changes that were made so far.
//! A step adds a state or a change; the first is taken by two founders. Those who are in after it take it: each of them must gain on average, but
//! for [`LEVEL`], and one of them by more. The way is searched from its beginning, what brings those who take the step most first, and back where it ends.

use crate::engine::model::arm::{StateSet, members};
use crate::study::accords::objectives::AccordWorld;
use crate::study::accords::space::{AccordPoint, SearchSpace};
use std::collections::{HashMap, HashSet};

/// A loss of no more than this, US$ bn, keeps nobody from a step.
pub const LEVEL: f64 = 0.001;

/// Most places that are played.
const MOST_PLACES: usize = 400;

/// A place on the way.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WayPoint {
    /// Who is in; none before the first step.
    pub members: StateSet,
    /// Which of the changes of the accord at the end were made, by their places there.
    pub changes: Vec<usize>,
}

/// A step that somebody would not take.
#[derive(Debug, Clone, PartialEq)]
pub struct Barred {
    /// Where it would lead.
    pub to: WayPoint,
    /// Who would lose, and how much on average.
    pub losers: Vec<(usize, f64)>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// The places, without the beginning.
    pub places: Vec<WayPoint>,
    /// Whether the last is the end.
    pub arrives: bool,
    /// What bars the way at the last place, where it is not.
    pub barred: Vec<Barred>,
    /// Places that were played.
    pub tried: usize,
}

/// Where the way leads.
pub struct Goal<'a> {
    /// The space.
    pub space: &'a SearchSpace,
    /// The accord at the end.
    pub point: &'a AccordPoint,
}

impl Goal<'_> {
    fn start() -> WayPoint {
        WayPoint {
            members: 0,
            changes: Vec::new(),
        }
    }

    /// Changes of rules that are to be made; who is in is another matter.
    fn changes(&self) -> Vec<usize> {
        let changed = self.space.changed(self.point).into_iter();
        changed
            .filter(|&place| place < self.space.rules.len())
            .collect()
    }

    /// The accord of a place.
    pub fn accord(&self, place: &WayPoint) -> AccordPoint {
        let mut point = self.space.base_point();
        for &at in &place.changes {
            point.rules[at] = self.point.rules[at];
        }
        point.members = place.members;
        self.space.plain(point)
    }

    fn is_end(&self, place: &WayPoint) -> bool {
        place.members == self.point.members && place.changes.len() == self.changes().len()
    }

    /// Where a step from a place may lead. A change that does nothing by itself comes with one that makes it matter.
    fn next(&self, from: &WayPoint) -> Vec<WayPoint> {
        let missing = members(self.point.members & !from.members);
        let missing: Vec<usize> = missing.collect();
        let with = |set: StateSet| WayPoint {
            members: from.members | set,
            changes: from.changes.clone(),
        };
        if from.members == 0 {
            let pairs = missing.iter().flat_map(|&one| {
                let others = missing.iter().filter(move |&&other| other > one);
                others.map(move |&other| 1 << one | 1 << other)
            });
            return pairs.map(with).collect();
        }
        let mut next: Vec<WayPoint> = missing.iter().map(|&i| with(1 << i)).collect();
        let left = self.changes().into_iter();
        let left: Vec<usize> = left.filter(|at| !from.changes.contains(at)).collect();
        let own = self.accord(from);
        let changed = |more: &[usize]| {
            let mut changes = [&from.changes[..], more].concat();
            changes.sort_unstable();
            WayPoint {
                members: from.members,
                changes,
            }
        };
        let does_something = |place: &WayPoint| self.accord(place) != own;
        let (single, moot): (Vec<usize>, Vec<usize>) = left
            .iter()
            .partition(|&&at| does_something(&changed(&[at])));
        next.extend(single.iter().map(|&at| changed(&[at])));
        // All that one change makes matter may come with it.
        for &at in &single {
            let with_all = changed(&[&[at], &moot[..]].concat());
            if !moot.is_empty() && self.accord(&with_all) != self.accord(&changed(&[at])) {
                next.push(with_all);
            }
        }
        for (position, &at) in moot.iter().enumerate() {
            for &other in single.iter().chain(&moot[position + 1..]) {
                let both = changed(&[at, other]);
                if does_something(&both) && self.accord(&both) != self.accord(&changed(&[other])) {
                    next.push(both);
                }
            }
        }
        // What does nothing with anything else is made in passing.
        if next.is_empty() && !moot.is_empty() {
            next.push(changed(&moot));
        }
        next
    }
}

/// What a state gains at places.
struct Means {
    known: HashMap<WayPoint, Option<Vec<f64>>>,
}

impl Means {
    /// What a step does for each who takes it; none where it leads to no accord.
    fn step(&self, from: &WayPoint, to: &WayPoint) -> Option<Vec<(usize, f64)>> {
        let after = self.known.get(to)?.as_ref()?;
        let before = self.known.get(from).and_then(Option::as_ref);
        let gain = |i: usize| after[i] - before.map_or(0.0, |before| before[i]);
        Some(members(to.members).map(|i| (i, gain(i))).collect())
    }
}

/// Searches a way; `play` gives what came of some accords in the same worlds, none of one that is not valid.
///
/// # Errors
/// What `play` returns.
pub fn find_way<E>(
    goal: &Goal<'_>,
    mut play: impl FnMut(&[AccordPoint]) -> Result<Vec<Option<Vec<AccordWorld>>>, E>,
) -> Result<Way, E> {
    let mut means = Means {
        known: HashMap::new(),
    };
    let start = Goal::start();
    let mut way = vec![start.clone()];
    let mut seen: HashSet<WayPoint> = HashSet::from([start]);
    // The furthest place with the way to it.
    let mut furthest = way.clone();
    while let Some(here) = way.last().cloned() {
        if goal.is_end(&here) {
            return Ok(Way::to(way, true, Vec::new(), means.known.len()));
        }
        let next = goal.next(&here);
        let new = next
            .iter()
            .filter(|place| !means.known.contains_key(*place));
        let new: Vec<WayPoint> = new.cloned().collect();
        if means.known.len() + new.len() > MOST_PLACES {
            break;
        }
        if !new.is_empty() {
            let points: Vec<AccordPoint> = new.iter().map(|place| goal.accord(place)).collect();
            let found = play(&points)?;
            for (place, worlds) in new.into_iter().zip(found) {
                means
                    .known
                    .insert(place, worlds.map(|worlds| averages(&worlds)));
            }
        }
        let open = next.iter().filter(|place| !seen.contains(*place));
        let taken = open.filter_map(|place| {
            let gains = means.step(&here, place)?;
            let takes =
                gains.iter().all(|one| one.1 >= -LEVEL) && gains.iter().any(|one| one.1 > LEVEL);
            let is_last = goal.is_end(place) && gains.iter().all(|one| one.1 >= -LEVEL);
            let sum: f64 = gains.iter().map(|one| one.1).sum();
            (takes || is_last).then_some((sum, place))
        });
        let best = taken.reduce(|best, one| if one.0 > best.0 { one } else { best });
        match best {
            Some((_, place)) => {
                seen.insert(place.clone());
                way.push(place.clone());
                if reach(&way) > reach(&furthest) {
                    furthest.clone_from(&way);
                }
            }
            None => {
                way.pop();
            }
        }
    }
    let last = furthest.last().cloned().unwrap_or_else(Goal::start);
    let barred = goal.next(&last).into_iter().filter_map(|to| {
        let gains = means.step(&last, &to)?;
        let losers = gains.into_iter().filter(|one| one.1 < -LEVEL).collect();
        Some(Barred { to, losers })
    });
    let barred = barred.collect();
    Ok(Way::to(furthest, false, barred, means.known.len()))
}

impl Way {
    fn to(mut places: Vec<WayPoint>, arrives: bool, barred: Vec<Barred>, tried: usize) -> Way {
        places.remove(0);
        Way {
            places,
            arrives,
            barred,
            tried,
        }
    }
}

/// How much of the way a way has behind it.
fn reach(way: &[WayPoint]) -> usize {
    way.last().map_or(0, |last| {
        last.members.count_ones() as usize + last.changes.len()
    })
}

/// What each state gains on average.
pub fn averages(worlds: &[AccordWorld]) -> Vec<f64> {
    let states = worlds.first().map_or(0, |world| world.gains.len());
    let mean = |i| worlds.iter().map(|world| world.gains[i]).sum::<f64>() / worlds.len() as f64;
    (0..states).map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::accord_space::{AccordSpace, RuleChoice};
    use crate::study::accords::objectives::CAUSES;
    use crate::study::accords::space::fixture;

    /// The way to an accord of the first four states with one change, where each member gains what `gain` says of who is in and how many changes
    /// were made, and others nothing.
    fn way(gain: impl Fn(StateSet, usize, usize) -> f64) -> Way {
        let choice = RuleChoice {
            key: "harmonisation".to_owned(),
            values: Some(vec!["0.9".to_owned()]),
        };
        let asked = AccordSpace {
            base: Some("framework".to_owned()),
            choices: vec![choice],
            cost: Vec::new(),
        };
        let (_, space) = fixture(&asked);
        let mut point = space.base_point();
        point.rules[0] = space.rules[0].listed[0];
        point.members = 0b1111;
        let goal = Goal {
            space: &space,
            point: &point,
        };
        let states = space.states();
        let world = |accord: &AccordPoint| AccordWorld {
            gains: (0..states)
                .map(|i| match accord.members >> i & 1 {
                    0 => 0.0,
                    _ => gain(accord.members, usize::from(accord.rules[0] != 0), i),
                })
                .collect(),
            profits: Vec::new(),
            better: 0,
            members: accord.members,
            left: 0,
            causes: [0.0; CAUSES.len()],
        };
        find_way(&goal, |points| {
            let worlds = points.iter().map(|point| Some(vec![world(point); 2]));
            Ok::<_, ()>(worlds.collect())
        })
        .expect("nothing fails")
    }

    fn size(members: StateSet) -> f64 {
        f64::from(members.count_ones())
    }

    #[test]
    fn where_everybody_gains_by_all_the_way_is_found() {
        let found = way(|members, changes, _| size(members) + changes as f64);
        assert!(found.arrives);
        // Two founders, two more, and the change.
        assert_eq!(found.places.len(), 4);
        assert_eq!(found.places.last().map(|place| place.members), Some(0b1111));
    }

    #[test]
    fn nobody_takes_a_step_at_a_loss() {
        // State 0 gains only where it is in with all others and the change is made; alone with few it loses.
        let found = way(|members, changes, i| {
            let late = members.count_ones() == 4 && changes == 1;
            match i {
                0 if !late => -1.0,
                _ => size(members) + changes as f64,
            }
        });
        assert!(found.arrives);
        let joins = found.places.iter().position(|place| place.members & 1 == 1);
        assert_eq!(joins, Some(found.places.len() - 1));
    }

    #[test]
    fn a_way_that_ends_says_who_bars_it() {
        // State 2 loses by being in, whatever comes.
        let found = way(|members, changes, i| match i {
            2 => -1.0,
            _ => size(members) + changes as f64,
        });
        assert!(!found.arrives);
        assert_eq!(found.places.last().map(|place| place.members), Some(0b1011));
        let [barred] = &found.barred[..] else {
            panic!("{:?}", found.barred);
        };
        assert_eq!(barred.losers, [(2, -1.0)]);
    }

    #[test]
    fn it_turns_back_where_the_best_step_leads_nowhere() {
        // Founders 0 and 1 gain most, but then nobody else can join; 2 and 3 first leads on.
        let found = way(|members, changes, i| {
            let first = members & 0b11 == 0b11 && members.count_ones() < 4;
            match (members, i) {
                (0b11, _) => 10.0,
                (_, 2 | 3) if first => -1.0,
                _ => size(members) + changes as f64,
            }
        });
        assert!(found.arrives, "{found:?}");
        assert_ne!(found.places[0].members, 0b11);
    }
}
