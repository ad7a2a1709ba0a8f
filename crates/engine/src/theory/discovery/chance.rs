//! What chance alone finds: a box among worlds that did not choose it, and the best boxes of worlds of which the condition was shuffled.
//!
//! A search offers the best of very many boxes, and the best of many always looks good on the worlds that chose it. Two judgements do not suffer from that. Worlds that
//! were held out judge a box that others chose ([`confirmed`]); and shuffled worlds ([`Cases::shuffled`]), in which no factor can have anything to do with the condition,
//! say how much [`evidence`] the same search finds where there is nothing.

use crate::theory::discovery::cases::{Candidate, Cases, DiscoveryError, Rule};
use crate::theory::draws::rng::Stream;
use libm::{exp, lgamma, log};

/// How much the worlds speak for a box: the log-likelihood ratio of one share of hits inside and another outside against the same everywhere,
///
/// h·ln(h/n) + (n−h)·ln(1−h/n) + (H−h)·ln((H−h)/(N−n)) + ... − H·ln(H/N) − (N−H)·ln(1−H/N) for h of n worlds inside and H of N in all; 0 if the box is not denser than
/// the rest. It weighs density and size together: of boxes of one density the larger has more.
///
/// # References
/// Kulldorff 1997, A spatial scan statistic, <https://doi.org/10.1080/03610929708831995>, for boxes that are the best of many.
pub fn evidence(candidate: &Candidate, worlds: usize, total_hits: usize) -> f64 {
    let (n, h) = (candidate.inside, candidate.hits);
    let (outside, hits_outside) = (worlds - n, total_hits - h);
    // h/n > (H − h)/(N − n), without dividing by nothing.
    if n == 0 || outside == 0 || h * outside <= hits_outside * n {
        return 0.0;
    }
    let log_likelihood = |n: usize, h: usize| {
        let term = |part: usize| match part {
            0 => 0.0,
            part => part as f64 * log(part as f64 / n as f64),
        };
        term(h) + term(n - h)
    };
    log_likelihood(n, h) + log_likelihood(outside, hits_outside)
        - log_likelihood(worlds, total_hits)
}

/// What a further restriction must add to the [`evidence`], so that it is not one that chance offers. Of prices from 0 to 3, this one let most seeds find one and two
/// weak factors among 500 worlds.
const PRICE: f64 = 3.0;

/// The box for which most speaks after 3 for each restriction, among those with 1 to `restrictions` restrictions and at least `min_density`; the first of equals.
///
/// `front` is a trade-off, on which the box without restrictions says what there is in all. The box to quote balances coverage and density, which a broad box does whatever it
/// restricts; this one is chosen to be judged by other worlds, so that what decides the condition has its best chance to show.
pub fn clearest(front: &[Candidate], restrictions: usize, min_density: f64) -> Option<&Candidate> {
    let whole = front.iter().find(|one| one.restricted() == 0)?;
    let merit =
        |one: &Candidate| evidence(one, whole.inside, whole.hits) - PRICE * one.restricted() as f64;
    let allowed = front
        .iter()
        .filter(|one| (1..=restrictions).contains(&one.restricted()) && one.density >= min_density);
    let rated = allowed.map(|one| (merit(one), one));
    let best = rated.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map(|(_, one)| one)
}

/// P(X >= `hits`) where X counts the hits among `inside` worlds picked at random from `worlds`, of which `total_hits` are hits (hypergeometric; Fisher's exact test
/// of a box that was chosen before its worlds were looked at).
///
/// # References
/// Fisher 1935, The Design of Experiments; DLMF 26.3 for the counts.
pub fn at_least_by_chance(hits: usize, inside: usize, total_hits: usize, worlds: usize) -> f64 {
    let most = inside.min(total_hits);
    // At least so many are hits because there are not more others.
    if hits + worlds <= inside + total_hits || hits == 0 {
        return 1.0;
    }
    if hits > most {
        return 0.0;
    }
    let ln_choose = |n: usize, k: usize| {
        let gamma = |x: usize| lgamma(x as f64 + 1.0);
        gamma(n) - gamma(k) - gamma(n - k)
    };
    let (others, all) = (worlds - total_hits, ln_choose(worlds, inside));
    let first = exp(ln_choose(total_hits, hits) + ln_choose(others, inside - hits) - all);
    // Each further term from the one before: a ratio of whole numbers.
    let (mut term, mut sum) = (first, first);
    for k in hits..most {
        let up = (total_hits - k) as f64 * (inside - k) as f64;
        let down = (k + 1) as f64 * (others + k + 1 - inside) as f64;
        term *= up / down;
        sum += term;
    }
    sum.min(1.0)
}

/// The worlds in two halves, each with half of the hits: the first to choose boxes, the second to judge them.
///
/// # Errors
/// Too few worlds of either kind for both halves to have some.
pub fn halves<'a>(cases: &Cases<'a>, stream: &Stream) -> Result<[Cases<'a>; 2], DiscoveryError> {
    let mut uniform = stream.sequence(0, 0);
    let mut sides = [Vec::new(), Vec::new()];
    for kind in [true, false] {
        let worlds = 0..cases.worlds();
        let mut worlds: Vec<usize> = worlds.filter(|&k| cases.is_hit(k) == kind).collect();
        for last in (1..worlds.len()).rev() {
            let pick = (uniform() * (last + 1) as f64) as usize;
            worlds.swap(last, pick.min(last));
        }
        let (first, second) = worlds.split_at(worlds.len() / 2);
        sides[0].extend_from_slice(first);
        sides[1].extend_from_slice(second);
    }
    let [first, second] = sides.map(|mut worlds| {
        worlds.sort_unstable();
        cases.part(&worlds)
    });
    Ok([first?, second?])
}

/// What worlds that did not choose it say of a box.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirmed {
    /// What is left of the box: restrictions without which it would be less dense among these worlds too.
    pub rule: Rule,
    /// For each of them, how likely it is that the worlds it keeps were as dense by chance among those that meet the others.
    pub by_chance: Vec<f64>,
}

/// Judges boxes, one after the other, by worlds that did not choose them; ends with the first that does not pass at `level`, say 0.05.
///
/// The boxes are those of [`cover`](crate::theory::discovery::trade_off::cover) on other worlds: each is judged by the worlds that those before it leave, so that together
/// they err with `level` at most. A box must be denser than the rest of the worlds by [Fisher's test](at_least_by_chance); and each restriction must
/// make it denser among the worlds that meet the others, at `level` over their number (Bonferroni), or is dropped, the most doubtful first.
///
/// # References
/// Cox 1975, A note on data-splitting for the evaluation of significance levels, <https://doi.org/10.1093/biomet/62.2.441>.
pub fn confirmed(boxes: &[Candidate], unseen: &Cases, level: f64) -> Vec<Confirmed> {
    let mut left = vec![true; unseen.worlds()];
    let mut passed = Vec::new();
    for candidate in boxes {
        let members = unseen.members(&candidate.rule);
        let Some(one) = judged(&candidate.rule, unseen, &left, level) else {
            break;
        };
        passed.push(one);
        for (left, inside) in left.iter_mut().zip(members) {
            *left &= !inside;
        }
    }
    passed
}

/// A box among the worlds that are left; none if it does not pass.
fn judged(rule: &Rule, unseen: &Cases, left: &[bool], level: f64) -> Option<Confirmed> {
    let count = |members: &[bool]| {
        let inside = (0..left.len()).filter(|&world| left[world] && members[world]);
        inside.fold((0, 0), |(n, h), world| {
            (n + 1, h + usize::from(unseen.is_hit(world)))
        })
    };
    let by_chance = |rule: &Rule, around: &[bool]| {
        let (inside, hits) = count(&unseen.members(rule));
        let (worlds, total) = count(around);
        at_least_by_chance(hits, inside, total, worlds)
    };
    if by_chance(rule, left) > level {
        return None;
    }
    let each = level / rule.restrictions.len().max(1) as f64;
    let mut rule = rule.clone();
    while !rule.restrictions.is_empty() {
        let places = 0..rule.restrictions.len();
        let values = places.map(|place| by_chance(&rule, &unseen.members(&rule.without(place))));
        let values: Vec<f64> = values.collect();
        let worst = (0..values.len()).reduce(|worst, place| {
            let worse = values[place] > values[worst];
            if worse { place } else { worst }
        });
        let worst = worst.expect("restrictions are left");
        if values[worst] <= each {
            return Some(Confirmed {
                rule,
                by_chance: values,
            });
        }
        rule = rule.without(worst);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::discovery::prim::PrimOptions;
    use crate::theory::discovery::trade_off::{cover, trade_off};

    #[test]
    fn counts_by_chance_by_hand() {
        // 2 of 4 worlds are hits; of 2 picked both are with 1/6, at least one with 5/6.
        for (hits, inside, total, worlds, expected) in [
            (2, 2, 2, 4, 1.0 / 6.0),
            (1, 2, 2, 4, 5.0 / 6.0),
            (0, 2, 2, 4, 1.0),
            (1, 3, 2, 4, 1.0),
            (3, 3, 2, 4, 0.0),
            // A value that 30 of 1000 worlds have, all of them hits: 1/C(1000, 30).
            (30, 30, 30, 1000, 4.115_889_974_446_087e-58),
        ] {
            let found = at_least_by_chance(hits, inside, total, worlds);
            let close = (found - expected).abs() <= 1e-9 * expected;
            assert!(close, "{hits} of {inside}: {found} {expected}");
        }
    }

    #[test]
    fn evidence_by_hand() {
        let of = |inside, hits| Candidate {
            rule: Rule::default(),
            inside,
            hits,
            coverage: 0.0,
            density: 0.0,
            mass: 0.0,
        };
        // All 5 hits of 10 inside a box of 5: 0 − 10·ln ½.
        assert!((evidence(&of(5, 5), 10, 5) - 10.0 * 2f64.ln()).abs() < 1e-12);
        for (inside, hits) in [(0, 0), (10, 5), (4, 2), (4, 1)] {
            assert_eq!(evidence(&of(inside, hits), 10, 5), 0.0);
        }
        assert!(evidence(&of(4, 4), 10, 5) < evidence(&of(5, 5), 10, 5));
    }

    #[test]
    fn restrictions_that_say_nothing_elsewhere_are_dropped() {
        let stream = Stream::new(4, "worlds");
        let column =
            |factor: u64| -> Vec<f64> { (0..600).map(|k| stream.uniform(k, factor)).collect() };
        let columns = [column(0), column(1), column(2)];
        let hits: Vec<bool> = columns[0].iter().map(|&x| x < 0.4).collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let cases = Cases::new(&columns, &hits).expect("both kinds");
        let [seen, unseen] = halves(&cases, &Stream::new(4, "halves")).expect("enough worlds");
        assert_eq!(
            (seen.worlds(), seen.total_hits()),
            (300, hits.iter().filter(|&&h| h).count() / 2)
        );
        let options = PrimOptions::default();
        let front = trade_off(&seen, &options).expect("valid options");
        let mut boxes = cover(&seen, &front, &options, 4, |front| clearest(front, 4, 0.6));
        boxes[0].rule = boxes[0].rule.narrowed(1, 0.1, 0.95);
        let passed = confirmed(&boxes, &unseen, 0.05);
        assert_eq!(passed.len(), 1, "{passed:?}");
        let [only] = &passed[0].rule.restrictions[..] else {
            panic!("{passed:?}");
        };
        assert!(only.factor == 0 && (only.high - 0.4).abs() < 0.05);
        assert!(passed[0].by_chance[0] < 1e-20);
    }
}
