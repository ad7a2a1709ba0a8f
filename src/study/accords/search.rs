//! The search: which accords are tried, in how many worlds, and which of them are left.
//!
//! Where there are few enough, all are tried; else the base, every single change of it and some at random come first, and then generation after
//! generation of children of the front: each rule from one of two parents, one rule or more changed besides. All meet in the same worlds.
//! Then they race: an accord that another surely dominates is dropped, the others are played in twice as many worlds, and where worlds run short
//! the front goes on first. Nothing here hangs on time or on the number of threads.
//!
//! # References
//! Deb, Mohan and Mishra 2005, <https://doi.org/10.1162/106365605774666895>, for parents from an archive of boxes; Jamieson and Talwalkar 2016, Non-stochastic
//! best arm identification, for halving.

use crate::engine::model::arm::StateSet;
use crate::study::accords::objectives::{
    AccordJudgement, AccordWorld, ObjectiveValues, front, resolution, spread, surely_dominates,
    undominated,
};
use crate::study::accords::space::{AccordPoint, Invited, SearchSpace};
use crate::theory::draws::rng::Stream;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

/// Worlds of an accord that is tried.
pub const FIRST_WORLDS: u64 = 16;

/// Most worlds of an accord that races.
const MOST_WORLDS: u64 = 1024;

/// Accords of a generation.
const GENERATION: usize = 48;

/// Share of the plays that goes into trying accords where not all can be tried.
const TRIED: f64 = 0.6;

/// Attempts to make a child that was not tried, at most.
const ATTEMPTS: usize = 50;

/// Most accords of a front: beyond, boxes are made larger.
pub const FRONT: usize = 16;

/// Most parents of a generation: the front in smaller boxes.
const PARENTS: usize = 64;

/// A race ends before it leaves fewer than so many for want of plays.
const FINALISTS: usize = 24;

/// An accord that was tried.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    /// Which.
    pub point: AccordPoint,
    /// What came of it, world by world.
    pub worlds: Vec<AccordWorld>,
    /// Why it is no accord, where it is not valid.
    pub refused: Option<String>,
    /// Whether another surely dominates it.
    pub is_dropped: bool,
}

/// What a search tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Plays of one accord in one world.
    pub plays: u64,
    /// Accords that are tried at once.
    pub together: usize,
    /// Seed of what is tried.
    pub seed: u64,
}

/// What a search came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Searched {
    /// All that were tried, in the order of trying.
    pub tried: Vec<Tried>,
    /// Whether they are all that there are.
    pub is_exhaustive: bool,
    /// Plays of one accord in one world.
    pub plays: u64,
    /// Places in `tried` of those that were played in most worlds.
    pub finalists: Vec<usize>,
    /// Places in `tried` of the front among them.
    pub front: Vec<usize>,
    /// The size of its boxes.
    pub resolution: ObjectiveValues,
}

/// What plays accords in some worlds: for each, what came of it or why it is not valid.
pub trait Evaluate {
    /// Why there is no answer.
    type Error;

    /// Plays some accords in some worlds.
    ///
    /// # Errors
    /// Why there is no answer.
    fn evaluate(
        &mut self,
        points: &[&AccordPoint],
        worlds: Range<u64>,
    ) -> Result<Vec<Result<Vec<AccordWorld>, String>>, Self::Error>;
}

impl<F, E> Evaluate for F
where
    F: FnMut(&[&AccordPoint], Range<u64>) -> Result<Vec<Result<Vec<AccordWorld>, String>>, E>,
{
    type Error = E;

    fn evaluate(
        &mut self,
        points: &[&AccordPoint],
        worlds: Range<u64>,
    ) -> Result<Vec<Result<Vec<AccordWorld>, String>>, E> {
        self(points, worlds)
    }
}

/// Searches a space.
///
/// # Errors
/// What `evaluate` returns.
pub fn search<V: Evaluate>(
    space: &SearchSpace,
    budget: Budget,
    evaluate: &mut V,
) -> Result<Searched, V::Error> {
    let mut pool = Pool {
        space,
        budget,
        tried: Vec::new(),
        known: HashMap::new(),
        judged: HashMap::new(),
        plays: 0,
    };
    let affordable = TRIED * budget.plays as f64 / FIRST_WORLDS as f64;
    let all = space.all(affordable);
    let is_exhaustive = all.is_some();
    match all {
        Some(points) => {
            let points = points.into_iter().filter_map(|point| pool.add(point));
            let new: Vec<usize> = points.collect();
            pool.play(&new, 0..FIRST_WORLDS, evaluate)?;
        }
        None => pool.evolve(evaluate)?,
    }
    pool.race(evaluate)?;
    Ok(pool.searched(is_exhaustive))
}

struct Pool<'a> {
    space: &'a SearchSpace,
    budget: Budget,
    tried: Vec<Tried>,
    known: HashMap<AccordPoint, usize>,
    /// By place and number of worlds.
    judged: HashMap<(usize, usize), Rc<AccordJudgement>>,
    plays: u64,
}

impl Pool<'_> {
    /// The place of an accord that was not tried before.
    fn add(&mut self, point: AccordPoint) -> Option<usize> {
        let at = self.tried.len();
        if point.members.count_ones() < 2 || self.known.contains_key(&point) {
            return None;
        }
        self.known.insert(point.clone(), at);
        self.tried.push(Tried {
            point,
            worlds: Vec::new(),
            refused: None,
            is_dropped: false,
        });
        Some(at)
    }

    fn play<V: Evaluate>(
        &mut self,
        places: &[usize],
        worlds: Range<u64>,
        evaluate: &mut V,
    ) -> Result<(), V::Error> {
        for batch in places.chunks(self.budget.together) {
            let points: Vec<&AccordPoint> = batch.iter().map(|&at| &self.tried[at].point).collect();
            let found = evaluate.evaluate(&points, worlds.clone())?;
            for (&at, found) in batch.iter().zip(found) {
                match found {
                    Ok(found) => {
                        self.plays += found.len() as u64;
                        self.tried[at].worlds.extend(found);
                    }
                    Err(reason) => self.tried[at].refused = Some(reason),
                }
            }
        }
        Ok(())
    }

    /// Places of those that still race.
    fn alive(&self) -> Vec<usize> {
        let alive = |at: &usize| {
            let one = &self.tried[*at];
            one.refused.is_none() && !one.is_dropped && !one.worlds.is_empty()
        };
        (0..self.tried.len()).filter(alive).collect()
    }

    /// An accord over the first so many of its worlds, which is remembered.
    fn judged(&mut self, at: usize, worlds: usize) -> Rc<AccordJudgement> {
        let Tried {
            point, worlds: all, ..
        } = &self.tried[at];
        let worlds = worlds.min(all.len());
        let known = self.judged.entry((at, worlds));
        let judged = known.or_insert_with(|| {
            let (price, changes) = (self.space.price(point), self.space.changed(point).len());
            Rc::new(AccordJudgement::of(&all[..worlds], price, changes))
        });
        Rc::clone(judged)
    }

    /// Drops what another surely dominates over the worlds of both.
    fn drop_dominated(&mut self) {
        let mut alive = self.alive();
        let level = |pool: &Pool<'_>, at: usize| pool.tried[at].worlds.len();
        alive.sort_by_key(|&at| (std::cmp::Reverse(level(self, at)), at));
        for &other in &alive {
            for &one in &alive {
                if one == other || self.tried[one].is_dropped {
                    continue;
                }
                let worlds = level(self, one).min(level(self, other));
                let (judged, than) = (self.judged(one, worlds), self.judged(other, worlds));
                if surely_dominates(&judged, &than) {
                    self.tried[other].is_dropped = true;
                    break;
                }
            }
        }
    }

    /// The front among some places, over as many worlds as each has, with the size of its boxes.
    fn front_of(&mut self, places: &[usize], most: usize) -> (Vec<usize>, ObjectiveValues) {
        let judged: Vec<Rc<AccordJudgement>> = places
            .iter()
            .map(|&at| self.judged(at, usize::MAX))
            .collect();
        let all: Vec<ObjectiveValues> = judged.iter().map(|one| one.all).collect();
        let mut size = resolution(&judged);
        loop {
            let found = front(&all, &size);
            if found.len() <= most {
                return (found.into_iter().map(|at| places[at]).collect(), size);
            }
            size = size.map(|size| size * 1.25);
        }
    }

    /// The base, single changes of it and some at random, then generations of children.
    fn evolve<V: Evaluate>(&mut self, evaluate: &mut V) -> Result<(), V::Error> {
        let stream = Stream::new(self.budget.seed, "accords.search.tried");
        let mut new: Vec<usize> = Vec::new();
        new.extend(self.add(self.space.plain(self.space.base_point())));
        for point in self.single_changes() {
            new.extend(self.add(point));
        }
        let mut generation = 0;
        loop {
            let mut uniform = stream.sequence(generation, 0);
            let parents = match generation {
                0 => Vec::new(),
                _ => {
                    let alive = self.alive();
                    self.front_of(&alive, PARENTS).0
                }
            };
            let mut attempts = 0;
            while new.len() < GENERATION && attempts < ATTEMPTS * GENERATION {
                attempts += 1;
                let point = match parents.is_empty() {
                    true => self.random(&mut uniform),
                    false => self.child(&parents, &mut uniform),
                };
                new.extend(self.add(point));
            }
            let cost = new.len() as u64 * FIRST_WORLDS;
            let is_over = (self.plays + cost) as f64 > TRIED * self.budget.plays as f64;
            if new.is_empty() || generation > 0 && is_over {
                self.forget(&new);
                return Ok(());
            }
            self.play(&new, 0..FIRST_WORLDS, evaluate)?;
            self.drop_dominated();
            new.clear();
            generation += 1;
        }
    }

    /// Takes back what was added last and not played.
    fn forget(&mut self, new: &[usize]) {
        for &at in new.iter().rev() {
            if let Some(one) = self.tried.pop() {
                debug_assert_eq!(at, self.tried.len());
                self.known.remove(&one.point);
            }
        }
    }

    /// The base with one rule or the members changed; of every set of members those that lack one.
    fn single_changes(&self) -> Vec<AccordPoint> {
        let base = self.space.base_point();
        let mut points = Vec::new();
        for (at, rule) in self.space.rules.iter().enumerate() {
            for &place in &rule.listed {
                let mut point = base.clone();
                point.rules[at] = place;
                points.push(point);
            }
        }
        let sets: Vec<StateSet> = match &self.space.invited {
            Invited::Listed(sets) => sets.clone(),
            Invited::Any => (0..self.space.states())
                .map(|i| base.members ^ 1 << i)
                .collect(),
        };
        points.extend(sets.into_iter().map(|members| AccordPoint {
            members,
            ..base.clone()
        }));
        let points = points.into_iter();
        points.map(|point| self.space.plain(point)).collect()
    }

    fn random(&self, uniform: &mut impl FnMut() -> f64) -> AccordPoint {
        let rules = self.space.rules.iter();
        let rules = rules.map(|rule| rule.listed[place(uniform(), rule.listed.len())]);
        let rules = rules.collect();
        let members = match &self.space.invited {
            Invited::Listed(sets) => sets[place(uniform(), sets.len())],
            Invited::Any => (0..self.space.states())
                .filter(|_| uniform() < 0.5)
                .fold(0, |set, i| set | 1 << i),
        };
        self.space.plain(AccordPoint { rules, members })
    }

    /// Each rule of one of two parents, then each changed with a probability that changes one on average.
    fn child(&self, parents: &[usize], uniform: &mut impl FnMut() -> f64) -> AccordPoint {
        let mut parent = || &self.tried[parents[place(uniform(), parents.len())]].point;
        let (one, other) = (parent(), parent());
        let mut point = one.clone();
        let chance = 1.0 / (self.space.rules.len() + 1) as f64;
        for (at, rule) in self.space.rules.iter().enumerate() {
            if uniform() < 0.5 {
                point.rules[at] = other.rules[at];
            }
            if uniform() < chance {
                point.rules[at] = rule.listed[place(uniform(), rule.listed.len())];
            }
        }
        match &self.space.invited {
            Invited::Listed(sets) => {
                if uniform() < 0.5 {
                    point.members = other.members;
                }
                if uniform() < chance {
                    point.members = sets[place(uniform(), sets.len())];
                }
            }
            Invited::Any => {
                let states = self.space.states();
                for i in 0..states {
                    if uniform() < 0.5 {
                        point.members = point.members & !(1 << i) | other.members & 1 << i;
                    }
                    if uniform() < 1.0 / states as f64 {
                        point.members ^= 1 << i;
                    }
                }
            }
        }
        self.space.plain(point)
    }

    /// Drops what is surely dominated and plays the others in twice as many worlds, while plays are left.
    fn race<V: Evaluate>(&mut self, evaluate: &mut V) -> Result<(), V::Error> {
        let mut level = FIRST_WORLDS;
        while level < MOST_WORLDS {
            self.drop_dominated();
            let alive = self.alive();
            let racing = alive
                .into_iter()
                .filter(|&at| self.tried[at].worlds.len() as u64 == level);
            let mut racing: Vec<usize> = racing.collect();
            // Half of what is left at a level, or all of it where that is too little, so that something is left for the next.
            let left = self.budget.plays.saturating_sub(self.plays);
            let parts = [left / 2, left].map(|plays| (plays / level) as usize);
            let enough = FINALISTS.min(racing.len());
            let Some(most) = parts.into_iter().find(|&most| most >= enough) else {
                return Ok(());
            };
            if racing.len() > most {
                racing = self.first_of(&racing, most);
            }
            if racing.len() < 2 {
                return Ok(());
            }
            self.play(&racing, level..2 * level, evaluate)?;
            level *= 2;
        }
        Ok(())
    }

    /// So many of some places: what none dominates, then what none of the others dominates, and so on, of the last of these those that lie furthest
    /// apart.
    fn first_of(&mut self, places: &[usize], most: usize) -> Vec<usize> {
        let judged: Vec<Rc<AccordJudgement>> = places
            .iter()
            .map(|&at| self.judged(at, usize::MAX))
            .collect();
        let size = resolution(&judged);
        let scaled = |one: &Rc<AccordJudgement>| -> ObjectiveValues {
            std::array::from_fn(|k| one.all[k] / size[k])
        };
        let all: Vec<ObjectiveValues> = judged.iter().map(scaled).collect();
        let (mut left, mut first) = ((0..all.len()).collect::<Vec<usize>>(), Vec::new());
        while first.len() < most && !left.is_empty() {
            let values: Vec<ObjectiveValues> = left.iter().map(|&at| all[at]).collect();
            let ahead: Vec<usize> = undominated(&values)
                .into_iter()
                .map(|at| left[at])
                .collect();
            left.retain(|at| !ahead.contains(at));
            match ahead.len() <= most - first.len() {
                true => first.extend(ahead),
                false => spread(&all, &ahead, &mut first, most),
            }
        }
        let mut first: Vec<usize> = first.into_iter().map(|at| places[at]).collect();
        first.sort_unstable();
        first
    }

    fn searched(mut self, is_exhaustive: bool) -> Searched {
        let alive = self.alive();
        let most = alive.iter().map(|&at| self.tried[at].worlds.len()).max();
        let finalists = alive.into_iter();
        let finalists = finalists.filter(|&at| Some(self.tried[at].worlds.len()) == most);
        let finalists: Vec<usize> = finalists.collect();
        let (front, resolution) = match finalists.is_empty() {
            true => (Vec::new(), [0.0; _]),
            false => self.front_of(&finalists, FRONT),
        };
        Searched {
            is_exhaustive,
            plays: self.plays,
            front,
            resolution,
            finalists,
            tried: self.tried,
        }
    }
}

/// The place of a uniform among so many.
fn place(uniform: f64, count: usize) -> usize {
    ((uniform * count as f64) as usize).min(count - 1)
}
