//! Correlated uniforms: a Gaussian copula.
//!
//! Correlation is of normal scores. With R the correlation matrix of a block of quantities, R = L·Lᵀ and independent uniforms u:
//!
//! ```text
//! z = Φ⁻¹(u),   z' = L·z,   u' = Φ(z')
//! ```
//!
//! so that each u' is uniform and each quantity keeps its own distribution. Two quantities with a continuous distribution and
//! correlation ρ of scores have Spearman's 6/π·asin(ρ/2) and Kendall's 2/π·asin(ρ). It works with every design, since only the
//! uniforms pass through it; quantities outside the blocks keep theirs bit by bit.
//!
//! # References
//! Nelsen, An Introduction to Copulas, 2nd edition, 2006, <https://doi.org/10.1007/0-387-28678-0>; Kruskal 1958,
//! <https://doi.org/10.1080/01621459.1958.10501481>.

use crate::theory::draws::rows::RowBlock;
use crate::theory::stats::psd::{cholesky, nearest_correlation};
use crate::theory::stats::special::{normal_cdf, normal_quantile};

/// The least and the largest uniform that may come out, both within (0, 1).
const ENDS: (f64, f64) = (f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0);
/// Most quantities of a block of which the nearest possible matrix is sought.
const MOST_SEARCHED: usize = 32;
/// Most quantities of which the few that contradict each other are sought.
const MOST_FILTERED: usize = 256;
/// Digits of the correlations that are offered.
const DIGITS: f64 = 1e4;

/// Correlation of two quantities, by their positions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CorrelatedPair {
    /// Their positions, two different ones.
    pub of: [usize; 2],
    /// Correlation of their normal scores, in [−1, 1].
    pub rho: f64,
}

/// Correlations that cannot hold together, and what could.
#[derive(Debug, Clone, PartialEq)]
pub struct Impossible {
    /// All given pairs among the quantities that depend on each other.
    pub block: Vec<CorrelatedPair>,
    /// Some that cannot hold together, as few as give a contradiction.
    pub pairs: Vec<CorrelatedPair>,
    /// The nearest correlations that can, to four digits: all of the block that differ from zero or from what was given. Empty for
    /// blocks of more than 32 quantities.
    pub nearest: Vec<CorrelatedPair>,
    /// They can hold together if each is multiplied by this, below 1 and to four digits.
    pub scale: f64,
}

/// Quantities that are correlated with each other.
#[derive(Debug, Clone, PartialEq)]
struct CorrelatedBlock {
    /// Positions among the uniforms.
    members: Vec<usize>,
    /// L by rows, without what is above the diagonal.
    factor: Vec<f64>,
}

/// Which uniforms depend on each other, and how: by correlation, or as values of the same row. None by default.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Correlation {
    blocks: Vec<CorrelatedBlock>,
    rows: Vec<RowBlock>,
}

impl Correlation {
    /// The correlation of `pairs`, each given once; all others are 0. Within a block quantities are tied in the order of `rank`: each
    /// depends on those before it, and the first keeps its own uniform.
    ///
    /// # Errors
    /// Every block whose matrix is not positive semi-definite.
    pub fn new(
        pairs: &[CorrelatedPair],
        rank: impl Fn(usize) -> usize,
    ) -> Result<Correlation, Vec<Impossible>> {
        let mut blocks = Vec::new();
        let mut impossible = Vec::new();
        for mut members in components(pairs) {
            members.sort_by_key(|&member| rank(member));
            let matrix = matrix(&members, pairs);
            match cholesky(&matrix, members.len()) {
                Ok(factor) => blocks.push(CorrelatedBlock { members, factor }),
                Err(last) => impossible.push(why_impossible(&members, &matrix, last)),
            }
        }
        match impossible.is_empty() {
            true => Ok(Correlation {
                blocks,
                rows: Vec::new(),
            }),
            false => Err(impossible),
        }
    }

    /// Lets quantities take the values of the same row, whatever else they are correlated with.
    pub fn add_rows(&mut self, rows: RowBlock) {
        self.rows.push(rows);
    }

    /// Whether nothing is correlated.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty() && self.rows.is_empty()
    }

    /// Whether quantity `index` takes its values from the rows of a file.
    pub fn takes_rows(&self, index: usize) -> bool {
        self.rows.iter().any(|block| block.has(index))
    }

    /// Whether the values of quantity `index` are listed trial by trial.
    pub fn is_listed(&self, index: usize) -> bool {
        let mut listed = self.rows.iter().filter(|block| block.is_listed());
        listed.any(|block| block.has(index))
    }

    /// Whether quantity `index` takes its values from rows that are drawn.
    pub fn is_drawn_by_rows(&self, index: usize) -> bool {
        let mut drawn = self.rows.iter().filter(|block| !block.is_listed());
        drawn.any(|block| block.has(index))
    }

    /// How many quantities its largest block ties together.
    pub fn largest_block(&self) -> usize {
        let sizes = self.blocks.iter().map(|block| block.members.len());
        sizes.max().unwrap_or(0)
    }

    /// What depends on each other: the positions of each block of correlated quantities, and of the quantities of each file with that of the
    /// uniform that draws its row.
    pub fn ties(&self) -> impl Iterator<Item = Vec<usize>> {
        let blocks = self.blocks.iter().map(|block| block.members.clone());
        blocks.chain(self.rows.iter().map(RowBlock::positions))
    }

    /// Only what has a part in `moved`; the rest stays as it is.
    pub fn among(&self, moved: impl Fn(usize) -> bool) -> Correlation {
        let blocks = self.blocks.iter();
        let rows = self.rows.iter();
        Correlation {
            blocks: (blocks.filter(|block| block.members.iter().any(|&one| moved(one))))
                .cloned()
                .collect(),
            rows: (rows.filter(|block| block.positions().into_iter().any(&moved)))
                .cloned()
                .collect(),
        }
    }

    /// Makes the independent uniforms of a trial correlated, in place: as many as the design of the model has dimensions.
    pub fn apply(&self, trial: u64, uniforms: &mut [f64]) {
        self.tie(uniforms);
        self.take_rows(trial, uniforms);
    }

    /// The correlation of [`apply`](Self::apply) alone.
    pub fn tie(&self, uniforms: &mut [f64]) {
        for block in &self.blocks {
            for &member in &block.members {
                uniforms[member] = normal_quantile(uniforms[member]);
            }
            // A row needs the scores of those before it, so that the last may be replaced first.
            for (row, &member) in block.members.iter().enumerate().rev() {
                let start = row * (row + 1) / 2;
                let weights = &block.factor[start..=start + row];
                let terms = weights.iter().zip(&block.members);
                let score = terms.map(|(weight, &of)| weight * uniforms[of]).sum();
                uniforms[member] = normal_cdf(score).clamp(ENDS.0, ENDS.1);
            }
        }
    }

    /// The rows of [`apply`](Self::apply) alone, which come after.
    pub fn take_rows(&self, trial: u64, uniforms: &mut [f64]) {
        for block in &self.rows {
            block.apply(trial, uniforms);
        }
    }
}

/// Sets of quantities that pairs tie together, by the first pair of each.
fn components(pairs: &[CorrelatedPair]) -> Vec<Vec<usize>> {
    let mut components: Vec<Vec<usize>> = Vec::new();
    for pair in pairs.iter().filter(|pair| pair.rho != 0.0) {
        let mut joined = pair.of.to_vec();
        components.retain(|component| {
            let touches = pair.of.iter().any(|one| component.contains(one));
            if touches {
                joined.extend(component);
            }
            !touches
        });
        joined.sort_unstable();
        joined.dedup();
        components.push(joined);
    }
    components.sort_unstable();
    components
}

fn matrix(members: &[usize], pairs: &[CorrelatedPair]) -> Vec<f64> {
    let n = members.len();
    let mut matrix = vec![0.0; n * n];
    (0..n).for_each(|i| matrix[i * n + i] = 1.0);
    let place = |of: usize| members.iter().position(|&member| member == of);
    for pair in pairs {
        if let [Some(i), Some(j)] = pair.of.map(place) {
            matrix[i * n + j] = pair.rho;
            matrix[j * n + i] = pair.rho;
        }
    }
    matrix
}

/// The rows and columns `kept` of a matrix.
fn part(matrix: &[f64], n: usize, kept: &[usize]) -> Vec<f64> {
    let row = |&i: &usize| kept.iter().map(move |&j| matrix[i * n + j]);
    kept.iter().flat_map(row).collect()
}

/// The pairs of `kept` whose correlation is not zero.
fn pairs_of(members: &[usize], matrix: &[f64], kept: &[usize]) -> Vec<CorrelatedPair> {
    let n = members.len();
    let mut pairs = Vec::new();
    for (place, &j) in kept.iter().enumerate() {
        for &i in &kept[..place] {
            let rho = matrix[i * n + j];
            if rho != 0.0 {
                let of = [members[i], members[j]];
                pairs.push(CorrelatedPair { of, rho });
            }
        }
    }
    pairs
}

/// What contradicts itself in a matrix whose rows up to `last` cannot be.
fn why_impossible(members: &[usize], matrix: &[f64], last: usize) -> Impossible {
    let n = members.len();
    // Any that can be left out without mending it has no part in the contradiction.
    let mut kept: Vec<usize> = (0..=last).collect();
    let searched = if last < MOST_FILTERED { last + 1 } else { 0 };
    for candidate in 0..searched {
        let without: Vec<usize> = kept.iter().copied().filter(|&i| i != candidate).collect();
        if cholesky(&part(matrix, n, &without), without.len()).is_err() {
            kept = without;
        }
    }
    let all: Vec<usize> = (0..n).collect();
    let nearest = if n <= MOST_SEARCHED {
        nearest_pairs(members, matrix)
    } else {
        Vec::new()
    };
    Impossible {
        block: pairs_of(members, matrix, &all),
        pairs: pairs_of(members, matrix, &kept),
        nearest,
        scale: largest_scale(matrix, n),
    }
}

/// The matrix with what is off the diagonal changed by `change`.
fn off_diagonal(matrix: &[f64], n: usize, change: impl Fn(f64) -> f64) -> Vec<f64> {
    let values = matrix.iter().enumerate();
    let changed = values.map(|(at, &value)| match at % (n + 1) {
        0 => value,
        _ => change(value),
    });
    changed.collect()
}

/// The nearest possible correlations of a block, rounded so that they stay possible.
fn nearest_pairs(members: &[usize], matrix: &[f64]) -> Vec<CorrelatedPair> {
    let n = members.len();
    let near = nearest_correlation(matrix, n);
    let mut shrink = 1.0;
    let mut step = 1.0 / DIGITS;
    let rounded = loop {
        let rounded = off_diagonal(&near, n, |rho| libm::round(shrink * rho * DIGITS) / DIGITS);
        if cholesky(&rounded, n).is_ok() {
            break rounded;
        }
        // At 0 it is the identity, which is possible.
        shrink = f64::max(shrink - step, 0.0);
        step *= 2.0;
    };
    let mut pairs = Vec::new();
    for j in 0..n {
        for i in 0..j {
            let (given, rho) = (matrix[i * n + j], rounded[i * n + j]);
            if given != 0.0 || rho != 0.0 {
                let of = [members[i], members[j]];
                // Rounding makes −0 of small numbers.
                pairs.push(CorrelatedPair { of, rho: rho + 0.0 });
            }
        }
    }
    pairs
}

/// The largest multiple, in steps of the digits offered, at which the correlations can hold together.
fn largest_scale(matrix: &[f64], n: usize) -> f64 {
    let (mut low, mut high) = (0u32, DIGITS as u32);
    while high - low > 1 {
        let middle = low.midpoint(high);
        let scale = f64::from(middle) / DIGITS;
        match cholesky(&off_diagonal(matrix, n, |rho| scale * rho), n) {
            Ok(_) => low = middle,
            Err(_) => high = middle,
        }
    }
    f64::from(low) / DIGITS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::draws::design::{Design, Sampler};

    fn pair(one: usize, other: usize, rho: f64) -> CorrelatedPair {
        CorrelatedPair {
            of: [one, other],
            rho,
        }
    }

    /// Points of two correlated uniforms in the unit square.
    fn points(sampler: Sampler, rho: f64, count: u64) -> Vec<[f64; 2]> {
        let correlation = Correlation::new(&[pair(0, 1, rho)], |of| of).expect("possible");
        let design = Design::new(sampler, 3, count, [("a", 0), ("b", 1)]);
        let mut point = [0.0; 2];
        let points = (0..count).map(|trial| {
            design.fill(trial, &mut point);
            correlation.apply(0, &mut point);
            point
        });
        points.collect()
    }

    /// Spearman's and Kendall's coefficients against their closed forms, within four standard errors of independent points.
    #[test]
    fn rank_correlations_have_their_closed_forms() {
        const COUNT: u64 = 4096;
        for sampler in Sampler::ALL {
            for rho in [-0.95f64, -0.4, 0.0, 0.3, 0.8] {
                let points = points(sampler, rho, COUNT);
                let product = |p: &[f64; 2]| 12.0 * (p[0] - 0.5) * (p[1] - 0.5);
                let spearman = points.iter().map(product).sum::<f64>() / COUNT as f64;
                let expected = 6.0 / std::f64::consts::PI * (rho / 2.0).asin();
                let within = 4.0 / (COUNT as f64).sqrt();
                assert!(
                    (spearman - expected).abs() < within,
                    "{sampler:?} {rho}: {spearman}"
                );
                // Pairs of points from different halves are enough for Kendall's, and few.
                let (one, other) = points.split_at(COUNT as usize / 2);
                let concordance = |k: usize, shift: usize| {
                    let (a, b) = (one[k], other[(k + shift) % other.len()]);
                    ((a[0] - b[0]) * (a[1] - b[1])).signum()
                };
                let all = (0..one.len()).flat_map(|k| (0..64).map(move |s| (k, 31 * s)));
                let sum: f64 = all.map(|(k, shift)| concordance(k, shift)).sum();
                let kendall = sum / (64 * one.len()) as f64;
                let expected = 2.0 / std::f64::consts::PI * rho.asin();
                assert!(
                    (kendall - expected).abs() < within,
                    "{sampler:?} {rho}: {kendall}"
                );
            }
        }
    }

    #[test]
    fn margins_stay_uniform_and_others_as_they_are() {
        let correlation = Correlation::new(&[pair(0, 2, 0.9)], |of| of).expect("possible");
        let design = Design::new(Sampler::Random, 1, 5000, [("a", 0), ("b", 1), ("c", 2)]);
        let mut below = [0.0; 3];
        for trial in 0..5000 {
            let mut independent = [0.0; 3];
            design.fill(trial, &mut independent);
            let mut point = independent;
            correlation.apply(0, &mut point);
            assert_eq!(point[1], independent[1]);
            assert!((point[0] - independent[0]).abs() < 1e-12);
            for (below, value) in below.iter_mut().zip(point) {
                *below += f64::from(u8::from(value < 0.2)) / 5000.0;
            }
        }
        for below in below {
            assert!(
                (below - 0.2).abs() < 4.0 * (0.16f64 / 5000.0).sqrt(),
                "{below}"
            );
        }
    }

    #[test]
    fn a_correlation_of_one_gives_equal_uniforms() {
        for rho in [1.0, -1.0] {
            for [a, b] in points(Sampler::Sobol, rho, 64) {
                let same = if rho > 0.0 { a } else { 1.0 - a };
                assert!((b - same).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn contradictions_are_named_and_mended() {
        // 7 with 8 and 8 with 9 are close, 7 with 9 opposed; 1 and 5 have no part in it, though they hang on 9.
        let pairs = [
            pair(7, 8, 0.9),
            pair(8, 9, 0.9),
            pair(7, 9, -0.5),
            pair(9, 1, 0.2),
            pair(1, 5, 0.3),
            pair(3, 4, 0.99),
        ];
        let found = Correlation::new(&pairs, |of| of).expect_err("a contradiction");
        assert_eq!(found.len(), 1);
        let mut named: Vec<[usize; 2]> = found[0].pairs.iter().map(|pair| pair.of).collect();
        named.sort_unstable();
        assert_eq!(named, [[7, 8], [7, 9], [8, 9]]);
        assert!(Correlation::new(&found[0].nearest, |of| of).is_ok());
        let scaled = |by: f64| {
            let block = found[0].block.iter();
            let block = block.map(|one| CorrelatedPair {
                rho: by * one.rho,
                ..*one
            });
            Correlation::new(&block.collect::<Vec<_>>(), |of| of)
        };
        assert!(scaled(found[0].scale).is_ok());
        assert!(scaled(found[0].scale + 2.0 / DIGITS).is_err());
        let equal: Vec<CorrelatedPair> = [(0, 1), (0, 2), (1, 2)]
            .map(|(a, b)| pair(a, b, -0.8))
            .to_vec();
        let found = Correlation::new(&equal, |of| of).expect_err("at most -0.5");
        assert!(
            found[0].nearest.iter().all(|pair| pair.rho == -0.5),
            "{found:?}"
        );
        assert_eq!(found[0].scale, 0.625);
    }
}
