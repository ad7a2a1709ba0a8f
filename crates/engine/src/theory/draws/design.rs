//! How the uniforms of trials are laid out: independent, in mirrored pairs, or spread evenly.
//!
//! A [`Design`] gives one uniform per trial and dimension, computed from (seed, sampler, number of trials, path, trial) alone: no
//! trial needs another, and nothing is kept that grows with the number of trials.
//!
//! | sampler | trial k of N | independent groups |
//! | --- | --- | --- |
//! | random | its own keyed uniform | trials |
//! | antithetic | pairs (2k, 2k+1): u of the random design's trial 2k, then 1 − u | pairs |
//! | latin-hypercube | a replicate of n points has one in each n-th of every dimension | replicates |
//! | sobol | a replicate is the first n points of a Sobol' sequence under its own Owen scrambling | replicates |
//!
//! Points of a stratified design depend on each other, so their spread does not tell the error of a mean. The N trials are therefore
//! cut into R replicates, one after the other, each of its own randomisation, whose means are independent: see [`replicates`]. A
//! design with R replicates errs more than one of N points at once (N/R points each), which is the price of knowing its error.
//!
//! Random and antithetic trials are the same however many there are. Latin hypercubes depend on N alone. Sobol' dimensions are also
//! numbered, by path over all that are compared: another uncertain path shifts the dimensions behind it. All are reproducible.
//!
//! # References
//! Owen, Monte Carlo theory, methods and examples, 2013, chapters 8, 10 and 17, <https://artowen.su.domains/mc/>; McKay, Beckman and
//! Conover 1979, <https://doi.org/10.2307/1268522>.

use crate::theory::draws::permutation::{keyed, permuted};
use crate::theory::draws::rng::{Stream, key};
use crate::theory::draws::sobol;
use crate::theory::stats::groups::Groups;

/// The largest uniform: the number below 1.
const BELOW_ONE: f64 = 1.0 - f64::EPSILON / 2.0;

/// How the uniforms of trials are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sampler {
    /// Independent trials.
    Random,
    /// Pairs of u and 1 − u.
    Antithetic,
    /// Latin hypercubes.
    LatinHypercube,
    /// Scrambled Sobol' sequences.
    Sobol,
}

impl Sampler {
    /// All of them, in the order of the contract.
    pub const ALL: [Sampler; 4] = [
        Sampler::Random,
        Sampler::Antithetic,
        Sampler::LatinHypercube,
        Sampler::Sobol,
    ];

    /// Their names in scenario files, in the same order.
    pub const NAMES: [&str; 4] = ["random", "antithetic", "latin-hypercube", "sobol"];

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        Sampler::NAMES[self as usize]
    }

    /// The sampler of a name.
    pub fn named(name: &str) -> Option<Sampler> {
        Sampler::ALL.into_iter().find(|one| one.name() == name)
    }

    /// Whether a trial is the same however many there are.
    pub fn is_extensible(self) -> bool {
        matches!(self, Sampler::Random | Sampler::Antithetic)
    }

    /// The groups of trials that are independent of each other, of `trials` trials.
    pub fn groups(self, trials: u64) -> Groups {
        match self {
            Sampler::Random => Groups::SINGLE,
            Sampler::Antithetic => Groups::of_size(2),
            Sampler::LatinHypercube | Sampler::Sobol => {
                Groups::split(trials, replicates(self, trials).unwrap_or(1))
            }
        }
    }
}

/// Replicates from which a standard error is estimated, where trials are enough.
const REPLICATES: u64 = 16;
/// Least trials of a replicate, where there are enough for two.
const LEAST_TRIALS: u64 = 4;

/// How many replicates `trials` trials of a stratified sampler have; `None` for the others.
///
/// R = 16, which leaves 15 degrees of freedom to the standard error: it is within a third of the truth in 9 of 10 runs. Below 64
/// trials it is N/4, but at least 2 if there are 2 trials; a Sobol' replicate has at most 2^16 points, so that R grows above 2^20 trials.
pub fn replicates(sampler: Sampler, trials: u64) -> Option<u64> {
    let usual = (trials / LEAST_TRIALS)
        .clamp(2, REPLICATES)
        .min(trials.max(1));
    match sampler {
        Sampler::Random | Sampler::Antithetic => None,
        Sampler::LatinHypercube => Some(usual),
        Sampler::Sobol => Some(usual.max(trials.div_ceil(sobol::POINTS))),
    }
}

/// A dimension of a design.
#[derive(Debug, Clone)]
struct Dimension {
    /// Its independent uniforms; in stratified designs, the place within a stratum.
    stream: Stream,
    /// Its number among those of a Sobol' sequence; `None` where it is a Latin hypercube.
    number: Option<usize>,
    /// Key of its permutations or scramblings.
    key: u64,
}

/// The uniforms of every trial.
#[derive(Debug, Clone)]
pub struct Design {
    sampler: Sampler,
    groups: Groups,
    dimensions: Vec<Dimension>,
}

impl Design {
    /// A design of `trials` trials with the usual [`replicates`].
    ///
    /// Dimensions come as (path, number): uniforms are keyed by the path, and `number` is the dimension of a Sobol' sequence. The
    /// first 256 numbers are Sobol' dimensions, others fall back to Latin hypercubes over the same replicates. Numbers must differ.
    pub fn new<'a>(
        sampler: Sampler,
        seed: u64,
        trials: u64,
        dimensions: impl IntoIterator<Item = (&'a str, usize)>,
    ) -> Design {
        Design::with_groups(sampler, seed, sampler.groups(trials), dimensions)
    }

    /// One Latin hypercube of `points` points, each trial of it a point: as the sampler of that name, but in one piece, which tells no
    /// error of a mean.
    pub fn hypercube<'a>(
        seed: u64,
        points: u64,
        paths: impl IntoIterator<Item = &'a str>,
    ) -> Design {
        let groups = Groups::split(points, 1);
        let dimensions = paths.into_iter().zip(0..);
        Design::with_groups(Sampler::LatinHypercube, seed, groups, dimensions)
    }

    fn with_groups<'a>(
        sampler: Sampler,
        seed: u64,
        groups: Groups,
        dimensions: impl IntoIterator<Item = (&'a str, usize)>,
    ) -> Design {
        let dimension = |(path, number): (&str, usize)| {
            let is_sobol = sampler == Sampler::Sobol && number < sobol::DIMENSIONS;
            let purpose = if is_sobol { "sobol" } else { "latin-hypercube" };
            Dimension {
                stream: Stream::new(seed, path),
                number: is_sobol.then_some(number),
                key: key(seed, &format!("design.{purpose}.{path}")),
            }
        };
        Design {
            sampler,
            groups,
            dimensions: dimensions.into_iter().map(dimension).collect(),
        }
    }

    /// How many dimensions it has.
    pub fn dimensions(&self) -> usize {
        self.dimensions.len()
    }

    /// The groups of trials that are independent of each other.
    pub fn groups(&self) -> Groups {
        self.groups
    }

    /// The uniform of a dimension, by its position among those given, in a trial: strictly between 0 and 1.
    pub fn uniform(&self, trial: u64, dimension: usize) -> f64 {
        let first = (self.dimensions[dimension].stream).uniform(self.keyed_by(trial), 0);
        self.placed(trial, dimension, first)
    }

    /// The trial whose keyed uniform a trial takes.
    fn keyed_by(&self, trial: u64) -> u64 {
        match self.sampler {
            Sampler::Antithetic => trial & !1,
            _ => trial,
        }
    }

    /// The uniform of a dimension from its keyed uniform.
    fn placed(&self, trial: u64, dimension: usize, keyed_uniform: f64) -> f64 {
        match self.sampler {
            Sampler::Random => keyed_uniform,
            Sampler::Antithetic if trial & 1 == 0 => keyed_uniform,
            Sampler::Antithetic => 1.0 - keyed_uniform,
            Sampler::LatinHypercube | Sampler::Sobol => {
                let of = &self.dimensions[dimension];
                let member = self.groups.locate(trial);
                let key = keyed(of.key, member.group);
                let uniform = match of.number {
                    Some(number) => sobol::coordinate(member.place, number, key, keyed_uniform),
                    None => {
                        let stratum = permuted(member.place, member.size, key);
                        (stratum as f64 + keyed_uniform) / member.size as f64
                    }
                };
                uniform.min(BELOW_ONE)
            }
        }
    }

    /// Fills `out` with the uniforms of all dimensions in a trial.
    pub fn fill(&self, trial: u64, out: &mut [f64]) {
        let streams = self.dimensions[..out.len()].iter().map(|one| &one.stream);
        Stream::firsts(streams, self.keyed_by(trial), |dimension, uniforms| {
            out[dimension] = self.placed(trial, dimension, uniforms[0]);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATHS: [(&str, usize); 3] = [("a", 0), ("b", 1), ("c", 2)];

    fn design(sampler: Sampler, trials: u64) -> Design {
        Design::new(sampler, 5, trials, PATHS)
    }

    #[test]
    fn antithetic_trials_mirror_those_of_the_random_design() {
        let (random, mirrored) = (design(Sampler::Random, 10), design(Sampler::Antithetic, 10));
        for trial in (0..10).step_by(2) {
            for dimension in 0..3 {
                let uniform = mirrored.uniform(trial, dimension);
                assert_eq!(uniform, random.uniform(trial, dimension));
                assert_eq!(mirrored.uniform(trial + 1, dimension), 1.0 - uniform);
            }
        }
    }

    #[test]
    fn every_replicate_has_one_point_in_each_stratum() {
        for sampler in [Sampler::LatinHypercube, Sampler::Sobol] {
            // Sobol' points are one to a stratum where the size of a replicate is a power of two.
            let counts: &[u64] = match sampler {
                Sampler::Sobol => &[1024, 64, 8],
                _ => &[1024, 1000, 61, 7, 3],
            };
            for &trials in counts {
                let design = design(sampler, trials);
                let count = replicates(sampler, trials).expect("stratified");
                for dimension in 0..3 {
                    let mut seen = vec![Vec::new(); count as usize];
                    for trial in 0..trials {
                        let member = design.groups().locate(trial);
                        let uniform = design.uniform(trial, dimension);
                        assert!(uniform > 0.0 && uniform < 1.0);
                        let stratum = (uniform * member.size as f64) as u64;
                        seen[member.group as usize].push(stratum);
                    }
                    for mut strata in seen {
                        strata.sort_unstable();
                        assert!(
                            strata.iter().copied().eq(0..strata.len() as u64),
                            "{trials}"
                        );
                    }
                }
            }
        }
    }

    /// Means of replicates are independent, and so are dimensions: correlations of either are those of chance.
    #[test]
    fn replicates_and_dimensions_are_independent() {
        const SEEDS: u64 = 400;
        const SIZE: u64 = 8;
        for sampler in [Sampler::LatinHypercube, Sampler::Sobol] {
            let mut errors = vec![[0.0; 16]; SEEDS as usize];
            let mut across = 0.0;
            for (seed, errors) in (0..).zip(&mut errors) {
                let design = Design::new(sampler, seed, 16 * SIZE, PATHS);
                for trial in 0..16 * SIZE {
                    let [a, b, c] = [0, 1, 2].map(|k| design.uniform(trial, k) - 0.5);
                    errors[(trial / SIZE) as usize] += a * a + a * b * c;
                    across += 12.0 * a * c / (SEEDS * 16 * SIZE) as f64;
                }
            }
            let mean = errors.iter().flatten().sum::<f64>() / (16 * SEEDS) as f64;
            let moment = |one: usize, other: usize| {
                let products = errors.iter().map(|e| (e[one] - mean) * (e[other] - mean));
                products.sum::<f64>() / SEEDS as f64
            };
            for replicate in 1..16 {
                let scale = (moment(0, 0) * moment(replicate, replicate)).sqrt();
                let between = moment(0, replicate) / scale;
                assert!(
                    between.abs() < 4.0 / (SEEDS as f64).sqrt(),
                    "{sampler:?}: {between}"
                );
            }
            let within = 4.0 / ((SEEDS * 16 * SIZE) as f64).sqrt();
            assert!(across.abs() < within, "{sampler:?}: {across}");
        }
    }

    #[test]
    fn dimensions_depend_on_their_path_and_number_alone() {
        for sampler in Sampler::ALL {
            let all = design(sampler, 100);
            let fewer = Design::new(sampler, 5, 100, [("c", 2), ("a", 0)]);
            for trial in 0..100 {
                assert_eq!(all.uniform(trial, 2), fewer.uniform(trial, 0));
                assert_eq!(all.uniform(trial, 0), fewer.uniform(trial, 1));
            }
            let other = Design::new(sampler, 6, 100, PATHS);
            assert_ne!(all.uniform(0, 0), other.uniform(0, 0));
        }
    }

    #[test]
    fn dimensions_beyond_the_sequence_are_latin_hypercubes() {
        let sobol = Design::new(Sampler::Sobol, 5, 96, [("x", sobol::DIMENSIONS)]);
        let latin = Design::new(Sampler::LatinHypercube, 5, 96, [("x", 0)]);
        assert!((0..96).all(|trial| sobol.uniform(trial, 0) == latin.uniform(trial, 0)));
    }

    #[test]
    fn replicates_are_enough_and_small_enough() {
        let counts =
            |sampler| [1, 2, 7, 40, 64, 1000, 1 << 20, 1 << 22].map(|n| replicates(sampler, n));
        let some = |counts: [u64; 8]| counts.map(Some);
        assert_eq!(
            counts(Sampler::LatinHypercube),
            some([1, 2, 2, 10, 16, 16, 16, 16])
        );
        assert_eq!(counts(Sampler::Sobol), some([1, 2, 2, 10, 16, 16, 16, 64]));
        assert_eq!(replicates(Sampler::Antithetic, 1000), None);
    }

    #[test]
    fn trials_beyond_the_last_are_further_replicates() {
        for sampler in Sampler::ALL {
            let design = design(sampler, 20);
            let far = [design.uniform(1_000_003, 1), design.uniform(u64::MAX, 1)];
            assert!(far.iter().all(|&uniform| uniform > 0.0 && uniform < 1.0));
        }
    }
}
