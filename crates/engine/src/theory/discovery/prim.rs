//! The patient rule induction method: peel a box off, a thin slice at a time, then paste back what was taken too much.

use crate::theory::discovery::cases::{Broken, Candidate, Cases, DiscoveryError, Rule};
use std::borrow::Cow;

/// How PRIM peels.
#[derive(Debug, Clone, PartialEq)]
pub struct PrimOptions {
    /// Shares of the box that one peel takes, each in (0, 0.5]; one trajectory for each.
    pub peels: Vec<f64>,
    /// The least share of all worlds that a box may hold, in (0, 1); where the hits are few, half as many worlds as there are hits will do.
    pub min_mass: f64,
    /// Limits of boxes with at most so many restrictions are moved to where they serve best, for the
    /// [trade-off](crate::theory::discovery::trade_off::trade_off): most of the work, where boxes have many.
    pub moved: usize,
}

impl Default for PrimOptions {
    /// Peels of 2.5%, 5% and 10%, boxes of 5% of the worlds or more, all of them moved.
    fn default() -> Self {
        PrimOptions {
            peels: vec![0.025, 0.05, 0.1],
            min_mass: 0.05,
            moved: usize::MAX,
        }
    }
}

impl PrimOptions {
    fn check(&self) -> Result<(), DiscoveryError> {
        let option = |option, range, given| {
            Err(DiscoveryError::Option {
                option,
                range,
                given,
            })
        };
        if let Some(&peel) = self
            .peels
            .iter()
            .find(|&&peel| !(peel > 0.0 && peel <= 0.5))
        {
            return option("a peel", "(0, 0.5]", peel);
        }
        if !(self.min_mass > 0.0 && self.min_mass < 1.0) {
            return option("the least mass", "(0, 1)", self.min_mass);
        }
        Ok(())
    }
}

/// The boxes of all trajectories, one after the other, each from all worlds down to its smallest box and what was pasted to it.
///
/// A peel takes the lowest or the highest α of the box's worlds along one factor; worlds with equal values go together. A factor of at most 8 values
/// loses one of them, whichever, so that a box can keep the outer two of three (Friedman and Fisher 1999, section 5). Of all peels the one is taken that raises the density most per world lost, (d' − d)/(n − n') (Kwakkel and Jaxa-Rozen 2016: the plain
/// density prefers factors of few values), among equals one of a factor that is restricted already. Peeling goes on, though the density may fall
/// on the way (it must, to get away from one of two separate clusters), until the box holds nothing but hits or would fall below the
/// least mass. That is a share of all worlds, or half as many worlds as there are hits if that is fewer: a condition that 3% of the worlds meet is not
/// told exactly by a box that must hold 5%. Then slices outside each bound are pasted back as long as one raises the density. Limits lie halfway
/// between the last world outside and the first inside.
///
/// # Errors
/// An option outside its range.
///
/// # References
/// Friedman and Fisher 1999, Bump hunting in high-dimensional data, <https://doi.org/10.1023/A:1008894516817>; Bryant and Lempert 2010,
/// <https://doi.org/10.1016/j.techfore.2009.08.002>; Kwakkel and Jaxa-Rozen 2016, <https://doi.org/10.1016/j.envsoft.2015.11.020>.
pub fn prim(cases: &Cases, options: &PrimOptions) -> Result<Vec<Vec<Candidate>>, DiscoveryError> {
    options.check()?;
    let all: Vec<bool> = vec![true; cases.worlds()];
    Ok(prim_within(cases, options, &all))
}

/// The same among the worlds of `within` only; counts are of those, shares of all.
pub(super) fn prim_within(
    cases: &Cases,
    options: &PrimOptions,
    within: &[bool],
) -> Vec<Vec<Candidate>> {
    let start = Start::new(cases, within);
    let peels = options.peels.iter();
    peels
        .map(|&peel| Peeler::new(&start).run(peel, options))
        .collect()
}

/// Fewest worlds of a box: the least mass, or half of the hits where that is fewer, so that what is rare can be told exactly.
pub(super) fn least_worlds(worlds: usize, hits: usize, options: &PrimOptions) -> usize {
    let least = (options.min_mass * worlds as f64).ceil() as usize;
    least.min(hits.div_ceil(2)).max(1)
}

/// Where every trajectory begins.
struct Start<'a, 'c> {
    cases: &'a Cases<'c>,
    within: &'a [bool],
    /// Worlds that may be used by rising value of each factor; none of a factor of kinds.
    orders: Vec<Cow<'a, [u32]>>,
    /// Worlds and hits of each kind, for a factor of kinds.
    tallies: Vec<Vec<(usize, usize)>>,
    worlds: usize,
    hits: usize,
}

impl<'a, 'c> Start<'a, 'c> {
    fn new(cases: &'a Cases<'c>, within: &'a [bool]) -> Start<'a, 'c> {
        let used = || (0..cases.worlds()).filter(|&world| within[world]);
        let worlds = used().count();
        let order = |factor: usize| -> Cow<'a, [u32]> {
            if cases.kinds(factor).is_some() {
                return Cow::Borrowed(&[]);
            }
            let order = cases.order(factor);
            if worlds == within.len() {
                return Cow::Borrowed(order);
            }
            let used = order.iter().copied();
            used.filter(|&world| within[world as usize]).collect()
        };
        let tally = |factor: usize| {
            let kinds = cases.kinds(factor);
            kinds.map_or_else(Vec::new, |kinds| cases.tally(kinds, used()))
        };
        Start {
            cases,
            within,
            orders: (0..cases.factors()).map(order).collect(),
            tallies: (0..cases.factors()).map(tally).collect(),
            worlds,
            hits: used().filter(|&world| cases.is_hit(world)).count(),
        }
    }
}

/// A box while it changes.
struct Peeler<'a, 'c> {
    start: &'a Start<'a, 'c>,
    cases: &'a Cases<'c>,
    /// Worlds by rising value of each factor: those in the box, and for a while some that have left it.
    orders: Vec<Vec<u32>>,
    /// Worlds in the box and hits among them by kind.
    tallies: Vec<Vec<(usize, usize)>>,
    inside: Vec<bool>,
    count: usize,
    hits: usize,
    /// Bounds of every factor.
    low: Vec<f64>,
    high: Vec<f64>,
    /// Kinds that are shut out.
    shut: Vec<Vec<bool>>,
}

/// A slice that may go, or come back.
struct Slice {
    factor: usize,
    edge: Edge,
    /// Worlds in it, and those of interest.
    count: usize,
    hits: usize,
}

/// What of a factor a slice moves.
#[derive(Clone, Copy)]
enum Edge {
    /// The lower bound, to there.
    Low(f64),
    /// The upper bound.
    High(f64),
    /// Whether a kind is shut out.
    Kind(usize),
}

/// Lists keep worlds that have left until they are so many times as long as the box: to clean them at every step would be most of the work.
const SLACK: f64 = 1.3;

impl<'a, 'c> Peeler<'a, 'c> {
    fn new(start: &'a Start<'a, 'c>) -> Peeler<'a, 'c> {
        let factors = start.cases.factors();
        let shut = start.tallies.iter().map(|tally| vec![false; tally.len()]);
        Peeler {
            start,
            cases: start.cases,
            orders: start.orders.iter().map(|order| order.to_vec()).collect(),
            tallies: start.tallies.clone(),
            inside: start.within.to_vec(),
            count: start.worlds,
            hits: start.hits,
            low: vec![f64::NEG_INFINITY; factors],
            high: vec![f64::INFINITY; factors],
            shut: shut.collect(),
        }
    }

    fn run(mut self, peel: f64, options: &PrimOptions) -> Vec<Candidate> {
        let least = least_worlds(self.cases.worlds(), self.start.hits, options);
        let mut trajectory = vec![self.candidate()];
        while let Some(slice) = self.best_peel(peel, least) {
            self.peel(&slice);
            trajectory.push(self.candidate());
        }
        while let Some((slice, worlds)) = self.best_paste(peel) {
            self.paste(&slice, &worlds);
            trajectory.push(self.candidate());
        }
        trajectory
    }

    fn candidate(&self) -> Candidate {
        self.cases.counted(self.rule(), self.count, self.hits)
    }

    fn rule(&self) -> Rule {
        let mut rule = Rule::default();
        for factor in (0..self.low.len()).filter(|&factor| self.is_restricted(factor)) {
            rule = match self.cases.kinds(factor) {
                None => rule.narrowed(factor, self.low[factor], self.high[factor]),
                Some(kinds) => {
                    let values = kinds.values.iter().zip(&self.shut[factor]);
                    let open = values.filter(|&(_, shut)| !shut).map(|(&value, _)| value);
                    rule.limited(factor, open.collect())
                }
            };
        }
        rule
    }

    fn is_restricted(&self, factor: usize) -> bool {
        let bounded = self.low[factor].is_finite() || self.high[factor].is_finite();
        bounded || self.shut[factor].contains(&true)
    }

    fn best_peel(&self, peel: f64, least: usize) -> Option<Slice> {
        if self.hits == self.count {
            return None;
        }
        let density = self.hits as f64 / self.count as f64;
        let mut best: Option<(f64, bool, Slice)> = None;
        let mut consider = |slice: Slice| {
            let left = self.count - slice.count;
            if left < least.max(1) {
                return;
            }
            let raised = (self.hits - slice.hits) as f64 / left as f64 - density;
            let score = raised / slice.count as f64;
            let known = self.is_restricted(slice.factor);
            let better = best.as_ref().is_none_or(|(most, is_known, _)| {
                score > *most || score == *most && known && !is_known
            });
            if better {
                best = Some((score, known, slice));
            }
        };
        for factor in 0..self.orders.len() {
            let tally = self.tallies[factor].iter().enumerate();
            for (kind, &(count, hits)) in tally.filter(|(_, (count, _))| *count > 0) {
                consider(Slice {
                    factor,
                    edge: Edge::Kind(kind),
                    count,
                    hits,
                });
            }
            if self.tallies[factor].is_empty() {
                let ends = [false, true].map(|upper| self.slice(factor, upper, peel));
                ends.into_iter().flatten().for_each(&mut consider);
            }
        }
        best.map(|(_, _, slice)| slice)
    }

    /// Worlds of the box from one end of a factor on.
    fn beginning_at(&self, factor: usize, upper: bool) -> impl Iterator<Item = usize> {
        let order = &self.orders[factor];
        (0..order.len()).filter_map(move |k| {
            let place = if upper { order.len() - 1 - k } else { k };
            let world = order[place] as usize;
            self.inside[world].then_some(world)
        })
    }

    /// The thinnest slice at one end of a factor that holds about `peel` of the box; none if all values are equal.
    fn slice(&self, factor: usize, upper: bool, peel: f64) -> Option<Slice> {
        let column = self.cases.column(factor);
        let wanted = ((peel * self.count as f64) as usize).max(1);
        let (mut count, mut hits) = (0, 0);
        let mut last = f64::NAN;
        let mut found: Option<Slice> = None;
        for world in self.beginning_at(factor, upper) {
            let value = column[world];
            // Worlds equal to the first that stays stay with it; if that is the end itself, all of its worlds go.
            if count > 0 && value != last && (count <= wanted || found.is_none()) {
                let limit = between(last, value);
                let edge = if upper {
                    Edge::High(limit)
                } else {
                    Edge::Low(limit)
                };
                found = Some(Slice {
                    factor,
                    edge,
                    count,
                    hits,
                });
            }
            if count >= wanted && found.is_some() {
                break;
            }
            count += 1;
            hits += usize::from(self.cases.is_hit(world));
            last = value;
        }
        found
    }

    fn peel(&mut self, slice: &Slice) {
        let gone: Vec<usize> = match slice.edge {
            Edge::Kind(kind) => {
                let kinds = self.cases.kinds(slice.factor);
                let of = &kinds.expect("a factor of kinds").of;
                let worlds = 0..self.inside.len();
                let is_gone = |&world: &usize| self.inside[world] && usize::from(of[world]) == kind;
                worlds.filter(is_gone).collect()
            }
            Edge::Low(_) => self
                .beginning_at(slice.factor, false)
                .take(slice.count)
                .collect(),
            Edge::High(_) => self
                .beginning_at(slice.factor, true)
                .take(slice.count)
                .collect(),
        };
        for &world in &gone {
            self.inside[world] = false;
            self.retally(world, |count| *count -= 1);
        }
        self.count -= slice.count;
        self.hits -= slice.hits;
        self.bound(slice, true);
        let (inside, most) = (&self.inside, (SLACK * self.count as f64) as usize);
        for order in self.orders.iter_mut().filter(|order| order.len() > most) {
            order.retain(|&world| inside[world as usize]);
        }
    }

    /// Counts a world that comes or goes.
    fn retally(&mut self, world: usize, change: impl Fn(&mut usize)) {
        let hit = self.cases.is_hit(world);
        for (factor, tally) in self.tallies.iter_mut().enumerate() {
            if let Some(kinds) = self.cases.kinds(factor) {
                let of_kind = &mut tally[usize::from(kinds.of[world])];
                change(&mut of_kind.0);
                if hit {
                    change(&mut of_kind.1);
                }
            }
        }
    }

    fn bound(&mut self, slice: &Slice, shut: bool) {
        match slice.edge {
            Edge::Low(limit) => self.low[slice.factor] = limit,
            Edge::High(limit) => self.high[slice.factor] = limit,
            Edge::Kind(kind) => self.shut[slice.factor][kind] = shut,
        }
    }

    /// The slice outside one bound that raises the density most, with its worlds; none if none does.
    fn best_paste(&self, peel: f64) -> Option<(Slice, Vec<u32>)> {
        let density = self.hits as f64 / self.count as f64;
        let rule = self.rule();
        let broken = self.cases.broken(&rule);
        let mut best: Option<(f64, Slice, Vec<u32>)> = None;
        for (place, restriction) in rule.restrictions.iter().enumerate() {
            let factor = restriction.factor;
            let alone = Broken::one(place);
            let may_return = |world: &u32| {
                broken[*world as usize] == alone && self.start.within[*world as usize]
            };
            for (edge, worlds) in self.outer(factor, peel, may_return) {
                let hit = |&&world: &&u32| self.cases.is_hit(world as usize);
                let slice = Slice {
                    factor,
                    edge,
                    count: worlds.len(),
                    hits: worlds.iter().filter(hit).count(),
                };
                let grown = (self.count + slice.count) as f64;
                let raised = (self.hits + slice.hits) as f64 / grown - density;
                if raised > 0.0 && best.as_ref().is_none_or(|(most, ..)| raised > *most) {
                    best = Some((raised, slice, worlds));
                }
            }
        }
        best.map(|(_, slice, worlds)| (slice, worlds))
    }

    /// What may come back at each bound of a factor, or of each kind that is shut out: the worlds that it alone keeps out, at a bound the nearest, about
    /// `peel` of the box.
    fn outer(
        &self,
        factor: usize,
        peel: f64,
        may_return: impl Fn(&u32) -> bool,
    ) -> Vec<(Edge, Vec<u32>)> {
        let mut found = Vec::new();
        if let Some(kinds) = self.cases.kinds(factor) {
            let shut = (0..kinds.values.len()).filter(|&kind| self.shut[factor][kind]);
            for kind in shut {
                let all = 0..self.cases.worlds() as u32;
                let worlds = all.filter(|world| {
                    usize::from(kinds.of[*world as usize]) == kind && may_return(world)
                });
                found.push((Edge::Kind(kind), worlds.collect::<Vec<u32>>()));
            }
        } else {
            let column = self.cases.column(factor);
            let order = self.start.orders[factor].iter().copied();
            let (low, high) = (self.low[factor], self.high[factor]);
            let below = order.clone().rev();
            let below = below.filter(|world| column[*world as usize] < low && may_return(world));
            let above = order.filter(|world| column[*world as usize] > high && may_return(world));
            let wanted = ((peel * self.count as f64) as usize).max(1);
            if low.is_finite() {
                let (worlds, next) = nearest(column, below, wanted);
                let limit = next.unwrap_or(f64::NEG_INFINITY);
                found.push((Edge::Low(limit), worlds));
            }
            if high.is_finite() {
                let (worlds, next) = nearest(column, above, wanted);
                found.push((Edge::High(next.unwrap_or(f64::INFINITY)), worlds));
            }
        }
        found.retain(|(_, worlds)| !worlds.is_empty());
        found
    }

    fn paste(&mut self, slice: &Slice, worlds: &[u32]) {
        for &world in worlds {
            self.inside[world as usize] = true;
            self.retally(world as usize, |count| *count += 1);
        }
        self.count += slice.count;
        self.hits += slice.hits;
        self.bound(slice, false);
    }
}

/// The first `wanted` of some worlds, more where values are equal, and the bound that lets them in: halfway to the next, or none.
fn nearest(
    column: &[f64],
    mut worlds: impl Iterator<Item = u32>,
    wanted: usize,
) -> (Vec<u32>, Option<f64>) {
    let mut taken: Vec<u32> = worlds.by_ref().take(wanted).collect();
    let Some(&last) = taken.last() else {
        return (taken, None);
    };
    let last = column[last as usize];
    for world in worlds {
        let value = column[world as usize];
        if value != last {
            return (taken, Some(between(last, value)));
        }
        taken.push(world);
    }
    (taken, None)
}

/// Halfway between two different values; the second if rounding puts the middle on the first.
fn between(outside: f64, inside: f64) -> f64 {
    let middle = 0.5 * outside + 0.5 * inside;
    if middle == outside { inside } else { middle }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 400 worlds on a 20 × 20 grid; of interest where the first factor is under 0.3 and the second over 0.6.
    fn corner() -> (Vec<f64>, Vec<f64>, Vec<bool>) {
        let at = |k: usize| (k as f64 + 0.5) / 20.0;
        let x: Vec<f64> = (0..400).map(|k| at(k % 20)).collect();
        let y: Vec<f64> = (0..400).map(|k| at(k / 20)).collect();
        let hits = x
            .iter()
            .zip(&y)
            .map(|(&x, &y)| x < 0.3 && y > 0.6)
            .collect();
        (x, y, hits)
    }

    #[test]
    fn a_corner_is_found_exactly() {
        let (x, y, hits) = corner();
        let cases = Cases::new(&[&x, &y], &hits).expect("both kinds");
        for trajectory in prim(&cases, &PrimOptions::default()).expect("valid options") {
            let best = trajectory.last().expect("at least all worlds");
            assert_eq!((best.coverage, best.density), (1.0, 1.0));
            let [first, second] = &best.rule.restrictions[..] else {
                panic!("{best:?}");
            };
            assert!((first.high - 0.3).abs() < 1e-12 && first.low == f64::NEG_INFINITY);
            assert!((second.low - 0.6).abs() < 1e-12 && second.high == f64::INFINITY);
        }
    }

    #[test]
    fn counts_on_the_way_are_those_of_the_rules() {
        let (x, y, mut hits) = corner();
        let kinds: Vec<f64> = (0..400).map(|k| f64::from(k * 7 % 3)).collect();
        // Noise that no rule explains, so that boxes are pasted too.
        for k in (0..400).step_by(11) {
            hits[k] = kinds[k] > 0.5;
        }
        let cases = Cases::new(&[&x, &kinds, &y], &hits).expect("both kinds");
        for trajectory in prim(&cases, &PrimOptions::default()).expect("valid options") {
            for candidate in &trajectory {
                assert_eq!(*candidate, cases.describe(candidate.rule.clone()));
                assert!(candidate.inside >= 20);
            }
            let smallest = trajectory.iter().map(|candidate| candidate.inside).min();
            let place = trajectory.iter().position(|c| Some(c.inside) == smallest);
            let (peeled, pasted) = trajectory.split_at(place.expect("a smallest box") + 1);
            assert!(
                peeled
                    .windows(2)
                    .all(|pair| pair[1].inside < pair[0].inside)
            );
            let last = peeled.last().into_iter().chain(pasted);
            let densities: Vec<f64> = last.map(|candidate| candidate.density).collect();
            assert!(densities.windows(2).all(|pair| pair[1] > pair[0]));
        }
    }

    #[test]
    fn refused_options() {
        let (x, y, hits) = corner();
        let cases = Cases::new(&[&x, &y], &hits).expect("both kinds");
        for (peel, min_mass) in [(0.0, 0.05), (0.6, 0.05), (f64::NAN, 0.05), (0.1, 0.0)] {
            let options = PrimOptions {
                peels: vec![peel],
                min_mass,
                ..PrimOptions::default()
            };
            assert!(prim(&cases, &options).is_err(), "{options:?}");
        }
    }
}
