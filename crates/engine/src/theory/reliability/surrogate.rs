//! A sparse polynomial in normal scores, from worlds in which all inputs moved at once.
//!
//! ```text
//! ĝ(z) = a + Σ_j b_j·z_j + Σ_{j in Q} c_j·(z_j² − 1)          Q the inputs that go together with g most
//! ```
//!
//! The lasso chooses which terms it has, least squares on those what they are (the relaxed lasso), and five-fold cross-validation how many: that
//! penalty whose refit errs least on the folds that it has not seen. What it explains there is its R² out of sample.
//!
//! # References
//! Tibshirani 1996, <https://doi.org/10.1111/j.2517-6161.1996.tb02080.x>; Meinshausen 2007, Relaxed Lasso, <https://doi.org/10.1016/j.csda.2006.12.019>;
//! Friedman, Hastie and Tibshirani 2010, coordinate descent, <https://doi.org/10.18637/jss.v033.i01>.

use crate::theory::stats::psd::dot;

/// Folds of the cross-validation.
const FOLDS: usize = 5;
/// Inputs that have squares, at most.
const SQUARES: usize = 40;
/// Penalties that are tried, each this much smaller than the one before.
const PENALTIES: usize = 25;
const SMALLER: f64 = 0.85;
/// Worlds for each term of a refit, at least.
const WORLDS_PER_TERM: usize = 5;
/// Passes of the coordinate descent, and the change, as a share of the largest covariance, that ends it.
const PASSES: usize = 200;
const SETTLED: f64 = 1e-5;

/// ĝ.
#[derive(Debug, Clone, PartialEq)]
pub struct Surrogate {
    /// a, the mean over worlds.
    pub constant: f64,
    /// The terms of inputs that have any, by input.
    pub terms: Vec<SurrogateTerm>,
    /// Share of the variance that it explains in worlds it has not seen; at most 1, and below 0 where it is worse than the mean.
    pub explained: f64,
}

/// What an input adds: linear·z + square·(z² − 1).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurrogateTerm {
    /// Index of the input.
    pub input: usize,
    /// b.
    pub linear: f64,
    /// c.
    pub square: f64,
}

impl Surrogate {
    /// Fits the values of worlds whose scores are given by input and world; none for fewer than 20 worlds or where all values are the same.
    pub fn fit(scores: &[Vec<f64>], values: &[f64]) -> Option<Surrogate> {
        if values.len() < 4 * FOLDS {
            return None;
        }
        let features = Features::new(scores, values);
        let whole = FitMoments::of(&features, values, |_| true);
        if whole.variance <= 0.0 {
            return None;
        }
        let largest = whole
            .with_value
            .iter()
            .fold(0.0, |most: f64, one| most.max(one.abs()));
        let powers = (0..PENALTIES).map(|k| largest * libm::pow(SMALLER, k as f64 + 1.0));
        let penalties: Vec<f64> = powers.collect();
        let mut errors = [0.0; PENALTIES];
        for fold in 0..FOLDS {
            let seen = FitMoments::of(&features, values, |world| world % FOLDS != fold);
            for (error, fit) in errors.iter_mut().zip(seen.path(&penalties)) {
                *error += (fold..values.len())
                    .step_by(FOLDS)
                    .map(|world| {
                        let off = values[world] - fit.at(&features, world);
                        off * off
                    })
                    .sum::<f64>();
            }
        }
        let least = (0..PENALTIES).min_by(|&one, &other| errors[one].total_cmp(&errors[other]))?;
        let fit = whole.path(&penalties).swap_remove(least);
        let explained = 1.0 - errors[least] / (values.len() as f64 * whole.variance);
        Some(features.surrogate(&fit, explained))
    }

    /// ĝ and its gradient over the inputs of its terms, in their order; z has a score for each of them.
    pub fn at(&self, z: &[f64]) -> (f64, Vec<f64>) {
        let pairs = || self.terms.iter().zip(z);
        let added = pairs().map(|(term, z)| term.linear * z + term.square * (z * z - 1.0));
        let gradient = pairs().map(|(term, z)| term.linear + 2.0 * term.square * z);
        (self.constant + added.sum::<f64>(), gradient.collect())
    }
}

/// Columns that a fit may take: scores of all inputs, and z² − 1 of some.
struct Features<'a> {
    scores: &'a [Vec<f64>],
    /// Inputs that have squares.
    squared: Vec<usize>,
    /// By square and world.
    squares: Vec<Vec<f64>>,
}

impl<'a> Features<'a> {
    fn new(scores: &'a [Vec<f64>], values: &[f64]) -> Features<'a> {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let centred: Vec<f64> = values.iter().map(|value| value - mean).collect();
        // z and z² − 1 are uncorrelated: an input may go together with the value by either.
        let strength = |column: &Vec<f64>| {
            let square: Vec<f64> = column.iter().map(|z| z * z - 1.0).collect();
            let (one, two) = (dot(column, &centred), dot(&square, &centred));
            one * one + 0.5 * two * two
        };
        let strengths: Vec<f64> = scores.iter().map(strength).collect();
        let mut squared: Vec<usize> = (0..scores.len()).collect();
        squared.sort_by(|&one, &other| strengths[other].total_cmp(&strengths[one]));
        squared.truncate(SQUARES);
        squared.sort_unstable();
        let square = |&input: &usize| scores[input].iter().map(|z| z * z - 1.0).collect();
        Features {
            scores,
            squares: squared.iter().map(square).collect(),
            squared,
        }
    }

    fn columns(&self) -> Vec<&[f64]> {
        let all = self.scores.iter().chain(&self.squares);
        all.map(Vec::as_slice).collect()
    }

    fn surrogate(&self, fit: &SurrogateFit, explained: f64) -> Surrogate {
        let inputs = self.scores.len();
        let mut terms: Vec<SurrogateTerm> = Vec::new();
        for input in 0..inputs {
            let of = |column: usize| {
                let at = fit.columns.iter().position(|&one| one == column);
                at.map_or(0.0, |at| fit.weights[at])
            };
            let square = self.squared.iter().position(|&one| one == input);
            let term = SurrogateTerm {
                input,
                linear: of(input),
                square: square.map_or(0.0, |at| of(inputs + at)),
            };
            if term.linear != 0.0 || term.square != 0.0 {
                terms.push(term);
            }
        }
        Surrogate {
            constant: fit.constant,
            terms,
            explained,
        }
    }
}

/// A fit on some columns.
struct SurrogateFit {
    constant: f64,
    columns: Vec<usize>,
    weights: Vec<f64>,
}

impl SurrogateFit {
    fn at(&self, features: &Features<'_>, world: usize) -> f64 {
        let inputs = features.scores.len();
        let value = |column: usize| match column.checked_sub(inputs) {
            None => features.scores[column][world],
            Some(square) => features.squares[square][world],
        };
        let terms = self.columns.iter().zip(&self.weights);
        self.constant
            + terms
                .map(|(&column, weight)| weight * value(column))
                .sum::<f64>()
    }
}

/// Means and covariances of columns and values over some worlds.
struct FitMoments {
    worlds: usize,
    means: Vec<f64>,
    mean: f64,
    variance: f64,
    /// By rows, all of them.
    covariance: Vec<f64>,
    with_value: Vec<f64>,
}

impl FitMoments {
    fn of(features: &Features<'_>, values: &[f64], kept: impl Fn(usize) -> bool) -> FitMoments {
        let kept: Vec<usize> = (0..values.len()).filter(|&world| kept(world)).collect();
        let worlds = kept.len() as f64;
        let centred = |column: &[f64]| {
            let mean = kept.iter().map(|&world| column[world]).sum::<f64>() / worlds;
            let rest: Vec<f64> = kept.iter().map(|&world| column[world] - mean).collect();
            (mean, rest)
        };
        let (mean, value) = centred(values);
        let columns: Vec<(f64, Vec<f64>)> = features.columns().into_iter().map(centred).collect();
        let count = columns.len();
        let mut covariance = vec![0.0; count * count];
        for i in 0..count {
            for j in 0..=i {
                let of = dot(&columns[i].1, &columns[j].1) / worlds;
                covariance[i * count + j] = of;
                covariance[j * count + i] = of;
            }
        }
        FitMoments {
            worlds: kept.len(),
            mean,
            variance: dot(&value, &value) / worlds,
            with_value: columns
                .iter()
                .map(|one| dot(&one.1, &value) / worlds)
                .collect(),
            means: columns.into_iter().map(|one| one.0).collect(),
            covariance,
        }
    }

    /// A refit for each of falling penalties; where it would have too many terms, the one before.
    fn path(&self, penalties: &[f64]) -> Vec<SurrogateFit> {
        let count = self.means.len();
        let mut weights = vec![0.0; count];
        // What is left of the covariance with the value.
        let mut rest = self.with_value.clone();
        let mut fits: Vec<SurrogateFit> = Vec::new();
        for &penalty in penalties {
            self.descend(penalty, &mut weights, &mut rest);
            let chosen: Vec<usize> = (0..count).filter(|&at| weights[at] != 0.0).collect();
            let fit = match (chosen.len() * WORLDS_PER_TERM <= self.worlds, fits.last()) {
                (false, Some(last)) => SurrogateFit {
                    constant: last.constant,
                    columns: last.columns.clone(),
                    weights: last.weights.clone(),
                },
                _ => self.refit(chosen),
            };
            fits.push(fit);
        }
        fits
    }

    /// Coordinate descent on ½·βᵀCβ − cᵀβ + penalty·Σ|β|.
    fn descend(&self, penalty: f64, weights: &mut [f64], rest: &mut [f64]) {
        let count = weights.len();
        let largest = self
            .with_value
            .iter()
            .fold(0.0, |most: f64, one| most.max(one.abs()));
        for _ in 0..PASSES {
            let mut changed: f64 = 0.0;
            for j in 0..count {
                let own = self.covariance[j * count + j];
                if own <= 0.0 {
                    continue;
                }
                let pull = rest[j] + own * weights[j];
                let shrunk = (pull.abs() - penalty).max(0.0).copysign(pull);
                let step = shrunk / own - weights[j];
                if step != 0.0 {
                    weights[j] += step;
                    let row = &self.covariance[j * count..(j + 1) * count];
                    rest.iter_mut()
                        .zip(row)
                        .for_each(|(rest, of)| *rest -= step * of);
                    changed = changed.max(own * step.abs());
                }
            }
            if changed <= SETTLED * largest {
                return;
            }
        }
    }

    /// Least squares on some columns, by Cholesky with a trace of ridge against columns that follow from others.
    fn refit(&self, columns: Vec<usize>) -> SurrogateFit {
        let (n, count) = (columns.len(), self.means.len());
        let mut lower = vec![0.0; n * n];
        let mut weights: Vec<f64> = columns.iter().map(|&at| self.with_value[at]).collect();
        for i in 0..n {
            for j in 0..=i {
                let own = self.covariance[columns[i] * count + columns[j]];
                let ridge = if i == j {
                    own * (1.0 + 1e-9) + f64::MIN_POSITIVE
                } else {
                    own
                };
                let rest = ridge - dot(&lower[i * n..i * n + j], &lower[j * n..j * n + j]);
                lower[i * n + j] = match i == j {
                    true => libm::sqrt(rest.max(1e-12 * own)),
                    false => rest / lower[j * n + j],
                };
            }
            let known = dot(&lower[i * n..i * n + i], &weights[..i]);
            weights[i] = (weights[i] - known) / lower[i * n + i];
        }
        for i in (0..n).rev() {
            let known: f64 = (i + 1..n).map(|k| lower[k * n + i] * weights[k]).sum();
            weights[i] = (weights[i] - known) / lower[i * n + i];
        }
        let off: f64 = columns
            .iter()
            .zip(&weights)
            .map(|(&at, weight)| weight * self.means[at])
            .sum();
        SurrogateFit {
            constant: self.mean - off,
            columns,
            weights,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::draws::rng::Stream;
    use crate::theory::stats::special::normal_quantile;

    fn scores(inputs: usize, worlds: usize) -> Vec<Vec<f64>> {
        let stream = Stream::new(3, "surrogate");
        let column = |input: usize| {
            let mut uniforms = vec![0.0; worlds];
            stream.fill(input as u64, &mut uniforms);
            uniforms.into_iter().map(normal_quantile).collect()
        };
        (0..inputs).map(column).collect()
    }

    #[test]
    fn a_polynomial_of_few_inputs_is_found_among_many() {
        let scores = scores(81, 400);
        let noise = &scores[80];
        let value = |world: usize| {
            let z = |input: usize| scores[input][world];
            5.0 - 2.0 * z(3) + z(40) + 0.7 * (z(7) * z(7) - 1.0) + 0.5 * noise[world]
        };
        let values: Vec<f64> = (0..400).map(value).collect();
        let found = Surrogate::fit(&scores[..80], &values).expect("it varies");
        let term = |input: usize| {
            let term = found.terms.iter().find(|one| one.input == input);
            term.map_or((0.0, 0.0), |one| (one.linear, one.square))
        };
        // Three standard errors of a slope: 3·0.5/√400, and of a square a factor √½ of that.
        let near = |found: f64, truth: f64| (found - truth).abs() < 0.08;
        assert!(near(found.constant, 5.0) && near(term(3).0, -2.0) && near(term(40).0, 1.0));
        assert!(near(term(7).1, 0.7) && near(term(7).0, 0.0), "{found:?}");
        // The noise is 0.25 of a variance of 4 + 1 + 2·0.49 + 0.25.
        assert!((found.explained - 0.96).abs() < 0.01, "{}", found.explained);
    }

    #[test]
    fn nothing_is_fitted_to_nothing() {
        let scores = scores(11, 100);
        let none = Surrogate::fit(&scores[..10], &scores[10]).expect("it varies");
        assert!(none.explained < 0.1, "{none:?}");
        assert_eq!(Surrogate::fit(&scores, &[1.0; 100]), None);
        assert_eq!(Surrogate::fit(&[vec![0.0; 3]], &[1.0, 2.0, 3.0]), None);
    }
}
