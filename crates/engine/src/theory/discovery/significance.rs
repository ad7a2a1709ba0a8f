//! Whether a box's restrictions are more than luck: quasi-p-values, and how often halves of the worlds restrict the same factors.

use crate::theory::discovery::cases::{Candidate, Cases, DiscoveryError, Rule};
use crate::theory::discovery::prim::{PrimOptions, prim};
use crate::theory::draws::rng::Stream;
use crate::theory::stats::special::beta_cdf;

/// How likely it is, for each restriction of a rule, that the box would be as dense by chance if the restriction meant nothing.
///
/// With T worlds and H hits in the box, and density p of the box without the restriction, P(X >= H) for X binomial (T, p), by
/// I_p(H, T − H + 1) (DLMF 8.17.5). "Quasi", because the restriction was chosen on the same worlds: small values are needed, not sufficient.
///
/// # References
/// Bryant and Lempert 2010, <https://doi.org/10.1016/j.techfore.2009.08.002>, section 3.
pub fn quasi_p_values(cases: &Cases, rule: &Rule) -> Vec<f64> {
    let whole = cases.describe(rule.clone());
    (0..rule.restrictions.len())
        .map(|place| {
            let without = cases.describe(rule.without(place));
            at_least(whole.hits, whole.inside, without.density)
        })
        .collect()
}

/// P(X >= `hits`) for X binomial (`worlds`, `p`).
fn at_least(hits: usize, worlds: usize, p: f64) -> f64 {
    if hits == 0 {
        return 1.0;
    }
    beta_cdf(hits as f64, (worlds - hits) as f64 + 1.0, p)
}

/// How often a factor was restricted when half of the worlds were searched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reproducibility {
    /// Index of the factor.
    pub factor: usize,
    /// Share of the halves of which the box nearest in coverage restricts the factor.
    pub at_coverage: f64,
    /// The same for the box nearest in density.
    pub at_density: f64,
}

/// Searches `halves` random halves of the worlds, and says for every factor how often the box most like `candidate` restricts it.
///
/// Bryant and Lempert take factors that nearly always come back for explanations, others for accidents of the sample. Half k is drawn with
/// trial k of `stream`. A half without both kinds of worlds is left out.
///
/// # Errors
/// As for [`prim`].
///
/// # References
/// Bryant and Lempert 2010, <https://doi.org/10.1016/j.techfore.2009.08.002>, section 3.
pub fn reproducibility(
    cases: &Cases,
    candidate: &Candidate,
    options: &PrimOptions,
    halves: usize,
    stream: &Stream,
) -> Result<Vec<Reproducibility>, DiscoveryError> {
    let mut counts = vec![(0usize, 0usize); cases.factors()];
    let mut searched = 0usize;
    for half in 0..halves {
        let worlds = random_half(cases.worlds(), stream, half as u64);
        let Ok(sample) = cases.part(&worlds) else {
            continue;
        };
        searched += 1;
        let boxes = prim(&sample, options)?.concat();
        let near_coverage = nearest(&boxes, |found| {
            ((found.coverage - candidate.coverage).abs(), found.density)
        });
        let near_density = nearest(&boxes, |found| {
            ((found.density - candidate.density).abs(), found.coverage)
        });
        for restriction in near_coverage
            .iter()
            .flat_map(|found| &found.rule.restrictions)
        {
            counts[restriction.factor].0 += 1;
        }
        for restriction in near_density
            .iter()
            .flat_map(|found| &found.rule.restrictions)
        {
            counts[restriction.factor].1 += 1;
        }
    }
    let share = |count: usize| count as f64 / searched.max(1) as f64;
    let each = counts.iter().enumerate();
    Ok(each
        .map(|(factor, &(coverage, density))| Reproducibility {
            factor,
            at_coverage: share(coverage),
            at_density: share(density),
        })
        .collect())
}

/// ⌊n/2⌋ different indices below n, by rising index.
fn random_half(n: usize, stream: &Stream, half: u64) -> Vec<usize> {
    let mut uniform = stream.sequence(half, 0);
    let mut all: Vec<usize> = (0..n).collect();
    for k in 0..n / 2 {
        let pick = k + (uniform() * (n - k) as f64) as usize;
        all.swap(k, pick.min(n - 1));
    }
    all.truncate(n / 2);
    all.sort_unstable();
    all
}

/// The box with the least distance; of equals, such as many that cover everything, the one with the most merit.
fn nearest(boxes: &[Candidate], rate: impl Fn(&Candidate) -> (f64, f64)) -> Option<&Candidate> {
    boxes.iter().reduce(|best, next| {
        let ((near, good), (nearer, better)) = (rate(best), rate(next));
        if nearer < near || nearer == near && better > good {
            next
        } else {
            best
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::discovery::trade_off::{choose, trade_off};

    #[test]
    fn binomial_tails_by_hand() {
        // P(X >= 2) of 3 throws at ½ is 4/8; P(X >= 3) at 0.1 is 0.001.
        for (hits, worlds, p, expected) in [(2, 3, 0.5, 0.5), (3, 3, 0.1, 1e-3), (0, 9, 0.2, 1.0)] {
            assert!((at_least(hits, worlds, p) - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn what_matters_is_significant_and_comes_back() {
        let stream = Stream::new(4, "worlds");
        let column =
            |factor: u64| -> Vec<f64> { (0..1500).map(|k| stream.uniform(k, factor)).collect() };
        let columns = [column(0), column(1), column(2), column(3)];
        let hits: Vec<bool> = (0..1500)
            .map(|k| columns[0][k] < 0.4 && columns[2][k] > 0.5 && columns[3][k] < 0.9)
            .collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let cases = Cases::new(&columns, &hits).expect("both kinds");
        let options = PrimOptions::default();
        let front = trade_off(&cases, &options).expect("valid options");
        let found = choose(&front, 0.8).expect("a dense box");
        let noise = found.rule.narrowed(1, 0.01, 1.0);
        for (restriction, p) in noise
            .restrictions
            .iter()
            .zip(quasi_p_values(&cases, &noise))
        {
            match restriction.factor {
                0 | 2 => assert!(p < 1e-6, "{restriction:?} {p}"),
                1 => assert!(p > 0.05, "{restriction:?} {p}"),
                _ => {}
            }
        }
        let halves = Stream::new(4, "halves");
        let shares = reproducibility(&cases, found, &options, 8, &halves).expect("valid options");
        assert!(shares[0].at_density > 0.99 && shares[2].at_coverage > 0.99);
        assert!(shares[1].at_coverage < 0.6, "{shares:?}");
        assert_eq!(
            reproducibility(&cases, found, &options, 8, &halves),
            Ok(shares)
        );
    }
}
