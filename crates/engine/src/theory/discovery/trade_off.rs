//! Which boxes are worth a look: the trade-off of coverage, density and simplicity, and several boxes one after the other.

use crate::theory::discovery::cases::{Candidate, Cases, DiscoveryError};
use crate::theory::discovery::prim::{PrimOptions, least_worlds, prim, prim_within};
use crate::theory::discovery::refine::{moved, simpler};

/// The boxes of all of PRIM's trajectories that no other box beats, by falling coverage.
///
/// A box is beaten by one of at least its coverage and density with no more restricted factors, and better in one of the three. Besides the
/// boxes that were peeled there are better ones near them: with restrictions dropped, always the one without which the density stays highest, and with one
/// limit moved to where it serves best.
///
/// # Errors
/// As for [`prim`].
pub fn trade_off(cases: &Cases, options: &PrimOptions) -> Result<Vec<Candidate>, DiscoveryError> {
    let peeled = prim(cases, options)?.into_iter().flatten().collect();
    let mut front = unbeaten(peeled);
    front.extend(simpler(cases, &front));
    let mut front = unbeaten(front);
    let least = least_worlds(cases.worlds(), cases.total_hits(), options);
    front.extend(moved(cases, &front, options.moved, least));
    Ok(unbeaten(front))
}

fn unbeaten(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(|x, y| {
        (y.coverage.total_cmp(&x.coverage))
            .then(y.density.total_cmp(&x.density))
            .then(x.restricted().cmp(&y.restricted()))
    });
    let mut kept: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        // Those before it cover at least as much, so only density and simplicity can save it.
        let beaten = kept.iter().any(|other| {
            other.density >= candidate.density && other.restricted() <= candidate.restricted()
        });
        if !beaten {
            kept.push(candidate);
        }
    }
    kept
}

/// The box of a trade-off with the best balance of coverage and density (their harmonic mean) among those of at least `min_density`; the simplest of
/// equals. `None` if none is that dense.
pub fn choose(trade_off: &[Candidate], min_density: f64) -> Option<&Candidate> {
    balanced(trade_off.iter(), min_density)
}

fn balanced<'b>(
    boxes: impl Iterator<Item = &'b Candidate>,
    min_density: f64,
) -> Option<&'b Candidate> {
    let dense = boxes.filter(|one| one.density >= min_density);
    dense.reduce(|best, next| {
        let better = next.balance() > best.balance()
            || next.balance() == best.balance() && next.restricted() < best.restricted();
        if better { next } else { best }
    })
}

/// A box with fewer restrictions is preferred if its balance is within this share of the best.
const SIMPLER: f64 = 0.95;

/// The best box of every number of restrictions from 1 to `restrictions`, as of [`choose`]; first the one to quote: the simplest of which the balance is at least
/// 95% of the best.
pub fn best_of_each(
    trade_off: &[Candidate],
    restrictions: usize,
    min_density: f64,
) -> Vec<&Candidate> {
    let of_each = (1..=restrictions).filter_map(|restrictions| {
        let simple = trade_off.iter();
        balanced(
            simple.filter(|one| one.restricted() == restrictions),
            min_density,
        )
    });
    let mut best: Vec<&Candidate> = of_each.collect();
    let highest = best.iter().map(|one| one.balance()).fold(0.0, f64::max);
    let mut near = best.iter();
    if let Some(first) = near.position(|one| one.balance() >= SIMPLER * highest) {
        best[..=first].rotate_right(1);
    }
    best
}

/// Up to `most` boxes by covering: the box that `quoted` takes from the trade-off is set aside with its worlds, and the rest is searched again, until it takes none or one
/// without hits.
///
/// A later box's counts, coverage, density and mass are of the worlds that earlier boxes leave, as shares of all hits and of all worlds; so
/// coverages add up. The first box is from `front`, the [`trade_off`] of the same cases, later ones from the boxes that are peeled.
pub fn cover(
    cases: &Cases,
    front: &[Candidate],
    options: &PrimOptions,
    most: usize,
    quoted: impl Fn(&[Candidate]) -> Option<&Candidate>,
) -> Vec<Candidate> {
    let quoted = |front: &[Candidate]| quoted(front).filter(|one| one.hits > 0).cloned();
    let mut found: Vec<Candidate> = Vec::new();
    let mut chosen = quoted(front);
    let mut left = vec![true; cases.worlds()];
    while let Some(candidate) = chosen.take() {
        for (left, inside) in left.iter_mut().zip(cases.members(&candidate.rule)) {
            *left &= !inside;
        }
        let restricted = candidate.restricted() > 0;
        found.push(candidate);
        if found.len() < most && restricted && left.contains(&true) {
            let rest = prim_within(cases, options, &left).into_iter().flatten();
            chosen = quoted(&unbeaten(rest.collect()));
        }
    }
    found.truncate(most);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_corners_are_two_boxes() {
        let at = |k: usize| (k as f64 + 0.5) / 30.0;
        let x: Vec<f64> = (0..900).map(|k| at(k % 30)).collect();
        let y: Vec<f64> = (0..900).map(|k| at(k / 30)).collect();
        let low = |k: usize| x[k] < 0.3 && y[k] < 0.5;
        let high = |k: usize| x[k] > 0.7 && y[k] > 0.6;
        let hits: Vec<bool> = (0..900).map(|k| low(k) || high(k)).collect();
        let cases = Cases::new(&[&x, &y], &hits).expect("both kinds");
        let options = PrimOptions::default();
        let front = trade_off(&cases, &options).expect("valid options");
        let boxes = cover(&cases, &front, &options, 4, |front| choose(front, 0.9));
        assert_eq!(boxes.len(), 2, "{boxes:?}");
        assert!(boxes.iter().all(|found| found.density == 1.0));
        assert!((boxes[0].coverage + boxes[1].coverage - 1.0).abs() < 1e-12);
        let none = cover(&cases, &front, &options, 4, |front| choose(front, 1.1));
        assert!(none.is_empty());
    }

    #[test]
    fn nothing_on_a_trade_off_is_beaten() {
        let column = |step: usize| -> Vec<f64> {
            (0..500).map(|k| (k * step % 500) as f64 / 500.0).collect()
        };
        let columns = [column(7), column(123), column(311)];
        let hits: Vec<bool> = (0..500)
            .map(|k| columns[0][k] + 0.5 * columns[1][k] * columns[1][k] < 0.45 || k % 17 == 0)
            .collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let cases = Cases::new(&columns, &hits).expect("both kinds");
        let options = PrimOptions::default();
        let front = trade_off(&cases, &options).expect("valid options");
        for x in &front {
            assert_eq!(*x, cases.describe(x.rule.clone()));
            for y in front.iter().filter(|y| *y != x) {
                let as_good = y.coverage >= x.coverage && y.density >= x.density;
                assert!(
                    !(as_good && y.restricted() <= x.restricted()),
                    "{x:?} {y:?}"
                );
            }
        }
        // All worlds are on it, and some box for every box that was peeled.
        assert!(front.iter().any(|box_| box_.restricted() == 0));
        for peeled in prim(&cases, &options).expect("valid options").concat() {
            assert!(front.iter().any(|box_| {
                box_.coverage >= peeled.coverage
                    && box_.density >= peeled.density
                    && box_.restricted() <= peeled.restricted()
            }));
        }
        let chosen = choose(&front, 0.0).expect("not empty");
        assert!(front.iter().all(|box_| box_.balance() <= chosen.balance()));
        assert_eq!(choose(&front, 2.0), None);
    }
}
