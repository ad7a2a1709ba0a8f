//! The search of a scenario discovery: which boxes to offer for a condition, how far to trust them, and a tree as second opinion.
//!
//! The algorithms are those of [`crate::theory::discovery`]; here lies what is chosen among their answers.

use crate::theory::discovery::cart::{CartOptions, cart};
use crate::theory::discovery::prim::PrimOptions;
use crate::theory::discovery::significance::{quasi_p_values, reproducibility};
use crate::theory::discovery::trade_off::{choose, cover, trade_off};
use crate::theory::discovery::{Candidate, Cases, DiscoveryError};
use crate::theory::draws::rng::Stream;

/// A box with fewer restrictions is preferred if its balance is within this share of the best.
const SIMPLER: f64 = 0.95;

/// How much denser than all worlds a box is, if it is not said.
const DENSER: f64 = 1.25;

/// Random halves of the worlds that are searched again.
const HALVES: usize = 10;

/// Most quantities that are searched; of more, those that tell the worlds apart best by themselves. Among hundreds, chance alone
/// offers restrictions that look good.
const SEARCHED: usize = 25;

/// Most boxes that cover one after the other.
const COVER: usize = 4;

/// What is searched for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wanted {
    /// Most restrictions of a box.
    pub restrictions: usize,
    /// Least share of worlds in a box in which the condition holds, in (0, 1]; by default a quarter more than in all worlds or, where that is
    /// much, a quarter of the way to all.
    pub density: Option<f64>,
    /// Seed of the random halves.
    pub seed: u64,
}

/// A box with the quasi-p-value of each of its restrictions.
#[derive(Debug, Clone, PartialEq)]
pub struct Offered {
    /// The box.
    pub candidate: Candidate,
    /// Quasi-p-values, restriction by restriction.
    pub quasi_p: Vec<f64>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchResult {
    /// The box to quote first, then the best of every other number of restrictions.
    pub boxes: Vec<Offered>,
    /// For each restriction of the first box: how often the box nearest in coverage restricts the same factor when a random half of the
    /// worlds is searched, by factor.
    pub reproducibility: Vec<(usize, f64)>,
    /// Boxes that cover the hits one after the other.
    pub cover: Vec<Offered>,
    /// Leaves of the tree in which the condition holds in most worlds.
    pub tree: Vec<Offered>,
    /// Share of worlds on the wrong side of the tree, by cross-validation.
    pub validated_error: f64,
    /// Every box that no other beats.
    pub trade_off: Vec<Candidate>,
}

/// The factors worth searching, by rising index: all of up to 25, else those that tell the worlds apart best by themselves.
pub fn worth_searching(cases: &Cases<'_>) -> Vec<usize> {
    let mut factors: Vec<usize> = (0..cases.factors()).collect();
    if factors.len() > SEARCHED {
        let separation: Vec<f64> = factors.iter().map(|&one| cases.separation(one)).collect();
        factors.sort_by(|&x, &y| separation[y].total_cmp(&separation[x]));
        factors.truncate(SEARCHED);
        factors.sort_unstable();
    }
    factors
}

/// Searches the worlds of `cases`.
///
/// # Errors
/// As for [`prim`](crate::theory::discovery::prim::prim), or a density outside its range.
pub fn search(cases: &Cases<'_>, wanted: Wanted) -> Result<SearchResult, DiscoveryError> {
    let density = least_density(cases, wanted)?;
    let options = PrimOptions::default();
    let front = trade_off(cases, &options)?;
    let best = best_of_each(&front, wanted.restrictions, density);
    let offered = |one: &Candidate| Offered {
        candidate: one.clone(),
        quasi_p: quasi_p_values(cases, &one.rule),
    };
    let reproduced = match best.first() {
        None => Vec::new(),
        Some(first) => {
            let stream = Stream::new(wanted.seed, "discovery.halves");
            let again = reproducibility(cases, first, &options, HALVES, &stream)?;
            let of = first.rule.restrictions.iter();
            let of = of.filter_map(|one| {
                let mut again = again.iter();
                let found = again.find(|found| found.factor == one.factor)?;
                Some((one.factor, found.at_coverage))
            });
            of.collect()
        }
    };
    let covered = cover(cases, &options, density, wanted.restrictions, COVER)?;
    let grown = cart(cases, &CartOptions::default())?;
    Ok(SearchResult {
        boxes: best.iter().map(|one| offered(one)).collect(),
        reproducibility: reproduced,
        cover: covered.iter().map(offered).collect(),
        tree: grown.rules().map(offered).collect(),
        validated_error: grown.validated_error,
        trade_off: front,
    })
}

/// The density that a box must have.
fn least_density(cases: &Cases<'_>, wanted: Wanted) -> Result<f64, DiscoveryError> {
    let share = cases.total_hits() as f64 / cases.worlds() as f64;
    let usual = (DENSER * share).min(share + (1.0 - share) / 4.0);
    let density = wanted.density.unwrap_or(usual);
    let in_range = density > 0.0 && density <= 1.0;
    in_range.then_some(density).ok_or(DiscoveryError::Option {
        option: "--density",
        range: "(0, 1]",
        given: density,
    })
}

/// The best box of every number of restrictions; first the simplest whose balance is near the best.
fn best_of_each(front: &[Candidate], restrictions: usize, density: f64) -> Vec<&Candidate> {
    let of_each = (1..=restrictions).filter_map(|restrictions| {
        let simple = front.iter().filter(|one| one.restricted() == restrictions);
        let simple: Vec<Candidate> = simple.cloned().collect();
        let chosen = choose(&simple, density)?.clone();
        front.iter().find(|one| **one == chosen)
    });
    let mut best: Vec<&Candidate> = of_each.collect();
    let highest = best.iter().map(|one| one.balance()).fold(0.0, f64::max);
    let mut near = best.iter();
    if let Some(first) = near.position(|one| one.balance() >= SIMPLER * highest) {
        best[..=first].rotate_right(1);
    }
    best
}
