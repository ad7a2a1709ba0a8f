//! Better boxes near those that were peeled: restrictions dropped, single limits moved to where they serve best.

use crate::theory::discovery::cases::{Broken, Candidate, Cases, Kinds, Rule};

/// Most boxes of a trade-off that are refined, evenly spread over it.
const REFINED: usize = 60;
/// Steps of coverage in which the best move is kept.
const STEPS: usize = 600;

/// Boxes of `front`, evenly spread over it, `REFINED` at most.
fn spread<'b>(front: impl Iterator<Item = &'b Candidate>) -> Vec<&'b Candidate> {
    let front: Vec<&Candidate> = front.collect();
    let step = front.len().div_ceil(REFINED).max(1);
    front.into_iter().step_by(step).collect()
}

/// Boxes of `front` with ever fewer restrictions, down to one, always without the one whose loss leaves the density highest.
pub(super) fn simpler(cases: &Cases, front: &[Candidate]) -> Vec<Candidate> {
    let chosen = spread(front.iter());
    chosen
        .into_iter()
        .flat_map(|one| simplified(cases, one))
        .collect()
}

/// The box with ever fewer restrictions, down to one.
fn simplified(cases: &Cases, candidate: &Candidate) -> Vec<Candidate> {
    let mut steps: Vec<Candidate> = Vec::new();
    let mut current = candidate.clone();
    // Places of the restrictions that are left, as they are numbered in `broken`.
    let mut left: Vec<usize> = (0..current.restricted()).collect();
    let mut broken = cases.broken(&current.rule);
    while current.restricted() > 1 {
        let freed = freed(cases, &broken, candidate.restricted());
        let without = |(at, &place): (usize, &usize)| {
            let (worlds, hits) = freed[place];
            let rule = current.rule.without(at);
            (
                at,
                cases.counted(rule, current.inside + worlds, current.hits + hits),
            )
        };
        let (at, next) = (left.iter().enumerate().map(without))
            .reduce(|best, next| match next.1.density > best.1.density {
                true => next,
                false => best,
            })
            .expect("two restrictions or more");
        let place = left.remove(at);
        cases.each_broken(&current.rule.restrictions[at], |world| {
            broken[world].0 -= Broken::one(place).0;
        });
        current = next;
        steps.push(current.clone());
    }
    steps
}

/// For each restriction, the worlds that it alone keeps out, and the hits among them; `broken` as of [`Cases::broken`].
fn freed(cases: &Cases, broken: &[Broken], restrictions: usize) -> Vec<(usize, usize)> {
    let mut freed = vec![(0, 0); restrictions];
    for (world, broken) in broken.iter().enumerate() {
        if let Some(place) = broken.alone() {
            freed[place].0 += 1;
            freed[place].1 += usize::from(cases.is_hit(world));
        }
    }
    freed
}

/// The densest move found for a number of restrictions and a step of coverage.
#[derive(Clone)]
struct BestMove {
    density: f64,
    inside: usize,
    hits: usize,
    rule: Rule,
}

/// What the front reaches, and the moves that reach more.
struct Stairs {
    total_hits: usize,
    /// For each number of restrictions and each number of hits: the best density of a box with at most and at least as many.
    reached: Vec<Vec<f64>>,
    moves: Vec<Vec<Option<BestMove>>>,
}

impl Stairs {
    fn new(cases: &Cases, front: &[Candidate]) -> Stairs {
        let total_hits = cases.total_hits();
        let most = front.iter().map(Candidate::restricted).max().unwrap_or(0);
        let mut reached = vec![vec![0.0f64; total_hits + 1]; most + 1];
        for candidate in front {
            let cell = &mut reached[candidate.restricted()][candidate.hits];
            *cell = cell.max(candidate.density);
        }
        for restricted in 0..=most {
            for hits in (0..=total_hits).rev() {
                let fewer = restricted.checked_sub(1).map_or(0.0, |r| reached[r][hits]);
                let more = reached[restricted].get(hits + 1).copied().unwrap_or(0.0);
                let cell = &mut reached[restricted][hits];
                *cell = cell.max(fewer).max(more);
            }
        }
        Stairs {
            total_hits,
            reached,
            moves: vec![vec![None; STEPS + 1]; most + 1],
        }
    }

    /// Keeps a box if it is denser than what is reached, and the densest of its step.
    fn offer(
        &mut self,
        inside: usize,
        hits: usize,
        rule: impl FnOnce() -> Rule,
        restricted: usize,
    ) {
        let density = hits as f64 / inside as f64;
        if density <= self.reached[restricted][hits] {
            return;
        }
        let step = &mut self.moves[restricted][hits * STEPS / self.total_hits];
        if step.as_ref().is_none_or(|step| density > step.density) {
            *step = Some(BestMove {
                density,
                inside,
                hits,
                rule: rule(),
            });
        }
    }
}

/// Boxes near those of `front` with at most `most` restrictions, each of `least` worlds or more, that beat some of it: for each limit, the box with the limit moved
/// along its factor to where, at some coverage, no box of the front with as few restrictions is as dense, or with one value more or less of a factor of few.
pub(super) fn moved(
    cases: &Cases,
    front: &[Candidate],
    most: usize,
    least: usize,
) -> Vec<Candidate> {
    let mut stairs = Stairs::new(cases, front);
    for candidate in spread(front.iter().filter(|one| one.restricted() <= most)) {
        let broken = cases.broken(&candidate.rule);
        for (place, restriction) in candidate.rule.restrictions.iter().enumerate() {
            // Worlds that meet all other restrictions, along the factor.
            let is_free = |world: usize| broken[world].is_free(place);
            if let Some(kinds) = cases.kinds(restriction.factor) {
                let free = (0..cases.worlds()).filter(|&world| is_free(world));
                let tally = cases.tally(kinds, free);
                exchange(&candidate.rule, place, kinds, &tally, least, &mut stairs);
                continue;
            }
            let order = cases.order(restriction.factor).iter();
            let free = order.map(|&world| world as usize);
            let free: Vec<usize> = free.filter(|&world| is_free(world)).collect();
            for upper in [false, true] {
                let bound = if upper {
                    restriction.high
                } else {
                    restriction.low
                };
                if bound.is_finite() {
                    slide(
                        cases,
                        &candidate.rule,
                        place,
                        upper,
                        &free,
                        least,
                        &mut stairs,
                    );
                }
            }
        }
    }
    let moves = stairs.moves.into_iter().flatten().flatten();
    moves
        .map(|m| cases.counted(m.rule, m.inside, m.hits))
        .collect()
}

/// Offers the rule with one more, or one less, of the values that a factor of kinds may have. `tally`: worlds that meet all other restrictions, and the hits
/// among them, by kind.
fn exchange(
    rule: &Rule,
    place: usize,
    kinds: &Kinds,
    tally: &[(usize, usize)],
    least: usize,
    stairs: &mut Stairs,
) {
    let restriction = &rule.restrictions[place];
    let is_open: Vec<bool> = (kinds.values.iter())
        .map(|&value| restriction.admits(value))
        .collect();
    for changed in 0..tally.len() {
        let opens = |kind: usize| is_open[kind] != (kind == changed);
        let open = (0..tally.len()).filter(|&kind| opens(kind));
        let (worlds, hits) = open.clone().fold((0, 0), |(n, h), kind| {
            (n + tally[kind].0, h + tally[kind].1)
        });
        // All of them would be no restriction.
        if worlds < least || open.clone().count() == tally.len() {
            continue;
        }
        let with_kinds = || {
            let mut rule = rule.clone();
            rule.restrictions[place].only = open.map(|kind| kinds.values[kind]).collect();
            rule
        };
        stairs.offer(worlds, hits, with_kinds, rule.restrictions.len());
    }
}

/// Offers the rule with one limit at every place along its factor.
fn slide(
    cases: &Cases,
    rule: &Rule,
    place: usize,
    upper: bool,
    free: &[usize],
    least: usize,
    stairs: &mut Stairs,
) {
    let restriction = &rule.restrictions[place];
    let column = cases.column(restriction.factor);
    let restricted = rule.restrictions.len();
    let beyond = |world: usize| {
        let value = column[world];
        if upper {
            value >= restriction.low
        } else {
            value <= restriction.high
        }
    };
    // From the bound that stays towards the one that moves.
    let mut path: Vec<usize> = free
        .iter()
        .copied()
        .filter(|&world| beyond(world))
        .collect();
    if !upper {
        path.reverse();
    }
    let mut hits = 0;
    for (k, pair) in path.windows(2).enumerate() {
        hits += usize::from(cases.is_hit(pair[0]));
        let (inner, outer) = (column[pair[0]], column[pair[1]]);
        if inner == outer || k + 1 < least {
            continue;
        }
        let middle = 0.5 * inner + 0.5 * outer;
        let limit = if middle == outer { inner } else { middle };
        let with_limit = || {
            let mut rule = rule.clone();
            let bounds = &mut rule.restrictions[place];
            let bound = if upper {
                &mut bounds.high
            } else {
                &mut bounds.low
            };
            *bound = limit;
            rule
        };
        stairs.offer(k + 1, hits, with_limit, restricted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_moves_to_where_it_serves_and_useless_ones_go() {
        let x: Vec<f64> = (0..100).map(|k| f64::from(k) / 100.0).collect();
        let y: Vec<f64> = (0..100).map(|k| f64::from(k * 37 % 100) / 100.0).collect();
        let hits: Vec<bool> = x.iter().map(|&x| x < 0.345).collect();
        let cases = Cases::new(&[&x, &y], &hits).expect("both kinds");
        let low = f64::NEG_INFINITY;
        let start = Rule::default().narrowed(0, low, 0.5).narrowed(1, low, 0.8);
        let mut found = simpler(&cases, &[cases.describe(start.clone())]);
        found.extend(moved(&cases, &[cases.describe(start)], 4, 5));
        for candidate in &found {
            assert_eq!(*candidate, cases.describe(candidate.rule.clone()));
            assert!(candidate.inside >= 5);
        }
        let restricted = |n: usize| found.iter().filter(move |c| c.restricted() == n);
        assert!(restricted(1).any(|c| c.coverage == 1.0 && c.inside == 51));
        let at = |c: &Candidate| c.rule.restrictions[0].high;
        assert!(restricted(2).any(|c| c.density == 1.0 && (0.33..0.37).contains(&at(c))));
    }
}
