//! Better boxes near those that were peeled: restrictions dropped, single limits moved to where they serve best.

use crate::theory::discovery::cases::{Candidate, Cases, Rule};

/// Most boxes of a trade-off that are refined, evenly spread over it.
const REFINED: usize = 60;
/// Steps of coverage in which the best move is kept.
const STEPS: usize = 600;

/// Boxes near `front` that may beat some of it, each of `least` worlds or more.
///
/// Of every refined box: the box with ever fewer restrictions, down to one, always without the one whose loss leaves the density highest; and for
/// each limit, the box with the limit moved along its factor to where, at some coverage, no box of the front with as few restrictions is as dense.
pub(super) fn refined(cases: &Cases, front: &[Candidate], least: usize) -> Vec<Candidate> {
    let spread = front.len().div_ceil(REFINED).max(1);
    let chosen: Vec<&Candidate> = front.iter().step_by(spread).collect();
    let mut found: Vec<Candidate> = Vec::new();
    for candidate in &chosen {
        found.extend(simplified(cases, candidate));
    }
    found.extend(moved(cases, front, &chosen, least));
    found
}

/// The box with ever fewer restrictions, down to one.
fn simplified(cases: &Cases, candidate: &Candidate) -> Vec<Candidate> {
    let mut steps: Vec<Candidate> = Vec::new();
    let mut current = candidate.clone();
    while current.restricted() > 1 {
        let freed = freed(cases, &current.rule);
        let without = |place: usize| {
            let (worlds, hits) = freed[place];
            let rule = current.rule.without(place);
            cases.counted(rule, current.inside + worlds, current.hits + hits)
        };
        current = (0..freed.len())
            .map(without)
            .reduce(|best, next| {
                if next.density > best.density {
                    next
                } else {
                    best
                }
            })
            .expect("two restrictions or more");
        steps.push(current.clone());
    }
    steps
}

/// For each world, how many restrictions it breaks, and the sum of their places: the place itself where there is one.
fn broken(cases: &Cases, rule: &Rule) -> Vec<(u32, u32)> {
    let mut broken = vec![(0, 0); cases.worlds()];
    for (place, restriction) in rule.restrictions.iter().enumerate() {
        let column = cases.column(restriction.factor);
        for (broken, &value) in broken.iter_mut().zip(column) {
            let breaks = u32::from(!restriction.admits(value));
            broken.0 += breaks;
            broken.1 += breaks * place as u32;
        }
    }
    broken
}

/// For each restriction, the worlds that it alone keeps out, and the hits among them.
fn freed(cases: &Cases, rule: &Rule) -> Vec<(usize, usize)> {
    let mut freed = vec![(0, 0); rule.restrictions.len()];
    for (world, &(count, place)) in broken(cases, rule).iter().enumerate() {
        if count == 1 {
            freed[place as usize].0 += 1;
            freed[place as usize].1 += usize::from(cases.is_hit(world));
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

fn moved(
    cases: &Cases,
    front: &[Candidate],
    chosen: &[&Candidate],
    least: usize,
) -> Vec<Candidate> {
    let mut stairs = Stairs::new(cases, front);
    let mut orders: Vec<Option<Vec<u32>>> = vec![None; cases.factors()];
    for candidate in chosen {
        let broken = broken(cases, &candidate.rule);
        for (place, restriction) in candidate.rule.restrictions.iter().enumerate() {
            let column = cases.column(restriction.factor);
            let order = orders[restriction.factor].get_or_insert_with(|| {
                let mut order: Vec<u32> = (0..cases.worlds() as u32).collect();
                order.sort_by(|&x, &y| column[x as usize].total_cmp(&column[y as usize]));
                order
            });
            // Worlds that meet all other restrictions, along the factor.
            let free: Vec<usize> = (order.iter().map(|&world| world as usize))
                .filter(|&world| broken[world].0 == 0 || broken[world] == (1, place as u32))
                .collect();
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
    let restriction = rule.restrictions[place];
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
        let found = refined(&cases, &[cases.describe(start)], 5);
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
