//! Symmetric matrices that should be correlation matrices: whether they are, and the nearest that is.
//!
//! Matrices are square and lie row by row in a slice. Blocks of correlated quantities are small, so that the plain algorithms do; a
//! library of linear algebra would factor, but has no factor of a matrix that is only semi-definite and no nearest correlation matrix.

use libm::sqrt;

/// A pivot of a semi-definite matrix may fall this far below zero by rounding.
const ROUNDING: f64 = 1e-10;
/// Steps of the search for the nearest matrix, and the change that ends it.
const STEPS: usize = 500;
const SETTLED: f64 = 1e-10;

/// The lower triangle L of R = L·Lᵀ by rows, row i with i + 1 numbers, of a positive semi-definite matrix of unit size.
///
/// A pivot of zero (a variable that follows from those before) gives a column of zeros.
///
/// # Errors
/// The least k for which the first k + 1 rows and columns are not positive semi-definite.
pub fn cholesky(matrix: &[f64], n: usize) -> Result<Vec<f64>, usize> {
    let mut factor = vec![0.0; n * (n + 1) / 2];
    let row = |i: usize| i * (i + 1) / 2;
    for i in 0..n {
        for j in 0..=i {
            let products = dot(&factor[row(i)..row(i) + j], &factor[row(j)..row(j) + j]);
            let rest = matrix[i * n + j] - products;
            if i == j {
                if rest < -ROUNDING {
                    return Err(i);
                }
                factor[row(i) + i] = if rest > ROUNDING { sqrt(rest) } else { 0.0 };
            } else if factor[row(j) + j] > 0.0 {
                factor[row(i) + j] = rest / factor[row(j) + j];
            } else if rest.abs() > sqrt(ROUNDING) {
                return Err(i);
            }
        }
    }
    Ok(factor)
}

/// The sum of products, in eight sums side by side, which processors do at once.
pub fn dot(one: &[f64], other: &[f64]) -> f64 {
    let ((ones, rest), (others, other_rest)) = (one.as_chunks::<8>(), other.as_chunks::<8>());
    let mut sums = [0.0; 8];
    for (one, other) in ones.iter().zip(others) {
        for (sum, (x, z)) in sums.iter_mut().zip(one.iter().zip(other)) {
            *sum += x * z;
        }
    }
    let rest = rest.iter().zip(other_rest).map(|(x, z)| x * z);
    sums.iter().sum::<f64>() + rest.sum::<f64>()
}

/// Eigenvalues, and eigenvectors as columns, of a symmetric matrix by Jacobi's rotations.
///
/// # References
/// Golub and Van Loan, Matrix Computations, 4th edition, 8.5.
pub fn eigen(matrix: &[f64], n: usize) -> (Vec<f64>, Vec<f64>) {
    let mut a = matrix.to_vec();
    let mut vectors = vec![0.0; n * n];
    (0..n).for_each(|i| vectors[i * n + i] = 1.0);
    // Each sweep at least halves what is off the diagonal, soon squares it: ten are usual.
    for _ in 0..60 {
        let off = |i: usize| (0..i).map(move |j| i * n + j);
        let rest: f64 = (0..n).flat_map(off).map(|at| a[at] * a[at]).sum();
        if rest < 1e-28 {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut vectors, n, p, q);
            }
        }
    }
    ((0..n).map(|i| a[i * n + i]).collect(), vectors)
}

/// Makes the element (p, q) zero.
fn rotate(a: &mut [f64], vectors: &mut [f64], n: usize, p: usize, q: usize) {
    let element = a[p * n + q];
    if element == 0.0 {
        return;
    }
    let theta = (a[q * n + q] - a[p * n + p]) / (2.0 * element);
    let sign = if theta < 0.0 { -1.0 } else { 1.0 };
    let t = sign / (theta.abs() + sqrt(theta * theta + 1.0));
    let c = 1.0 / sqrt(t * t + 1.0);
    let s = t * c;
    let turn = |of: &mut [f64], one: usize, other: usize| {
        let (x, y) = (of[one], of[other]);
        of[one] = c * x - s * y;
        of[other] = s * x + c * y;
    };
    for k in 0..n {
        turn(a, k * n + p, k * n + q);
    }
    for k in 0..n {
        turn(a, p * n + k, q * n + k);
    }
    for k in 0..n {
        turn(vectors, k * n + p, k * n + q);
    }
}

/// The correlation matrix nearest to a symmetric matrix with a unit diagonal, in the sum of squared differences: alternating
/// projections onto the semi-definite matrices and those of unit diagonal, with Dykstra's correction.
///
/// # References
/// Higham 2002, <https://doi.org/10.1093/imanum/22.3.329>.
pub fn nearest_correlation(matrix: &[f64], n: usize) -> Vec<f64> {
    let mut unit = matrix.to_vec();
    let mut correction = vec![0.0; n * n];
    for _ in 0..STEPS {
        let shifted: Vec<f64> = unit.iter().zip(&correction).map(|(y, s)| y - s).collect();
        let mut next = semidefinite(&shifted, n);
        for (at, correction) in correction.iter_mut().enumerate() {
            *correction = next[at] - shifted[at];
        }
        (0..n).for_each(|i| next[i * n + i] = 1.0);
        let changes = next.iter().zip(&unit).map(|(new, old)| (new - old).abs());
        let change = changes.fold(0.0, f64::max);
        unit = next;
        if change < SETTLED {
            break;
        }
    }
    unit
}

/// The nearest positive semi-definite matrix: eigenvalues below zero become zero.
fn semidefinite(matrix: &[f64], n: usize) -> Vec<f64> {
    let (values, vectors) = eigen(matrix, n);
    let mut sum = vec![0.0; n * n];
    for (k, value) in values.iter().enumerate().filter(|(_, value)| **value > 0.0) {
        for i in 0..n {
            for j in 0..n {
                sum[i * n + j] += value * vectors[i * n + k] * vectors[j * n + k];
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn equal(rho: f64, n: usize) -> Vec<f64> {
        let at = |at: usize| if at.is_multiple_of(n + 1) { 1.0 } else { rho };
        (0..n * n).map(at).collect()
    }

    #[test]
    fn factors_give_the_matrix_back() {
        for (rho, n) in [
            (0.5, 4),
            (1.0, 3),
            (-0.5, 3),
            (0.0, 2),
            (-1.0, 2),
            (-0.2, 6),
        ] {
            let matrix = equal(rho, n);
            let factor = cholesky(&matrix, n).expect("semi-definite");
            for i in 0..n {
                for j in 0..=i {
                    let at = |i: usize, k: usize| factor[i * (i + 1) / 2 + k];
                    let product: f64 = (0..=j).map(|k| at(i, k) * at(j, k)).sum();
                    assert!((product - matrix[i * n + j]).abs() < 1e-9, "{rho} {n}");
                }
            }
        }
        assert_eq!(cholesky(&equal(-0.51, 3), 3), Err(2));
        assert_eq!(cholesky(&equal(1.1, 2), 2), Err(1));
        // Two that are the same cannot differ in what they have with a third.
        let matrix = [1.0, 1.0, 0.5, 1.0, 1.0, 0.2, 0.5, 0.2, 1.0];
        assert_eq!(cholesky(&matrix, 3), Err(2));
    }

    #[test]
    fn eigenvalues_of_equal_correlations() {
        let (mut values, vectors) = eigen(&equal(0.3, 5), 5);
        for i in 0..5 {
            let squares: f64 = (0..5)
                .map(|k| vectors[k * 5 + i] * vectors[k * 5 + i])
                .sum();
            assert!((squares - 1.0).abs() < 1e-12);
        }
        values.sort_unstable_by(f64::total_cmp);
        let expected = [0.7, 0.7, 0.7, 0.7, 2.2];
        for (value, expected) in values.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-12, "{values:?}");
        }
    }

    /// Higham's example (section 4 of his paper), and equal correlations, whose nearest is known.
    #[test]
    fn nearest_matrices_are_known() {
        let near = nearest_correlation(&[1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0], 3);
        for (at, expected) in [(1, 0.7607), (2, 0.1573), (5, 0.7607)] {
            assert!((near[at] - expected).abs() < 5e-5, "{near:?}");
        }
        let near = nearest_correlation(&equal(-0.9, 4), 4);
        assert!((near[1] + 1.0 / 3.0).abs() < 1e-6, "{near:?}");
        let fine = equal(0.4, 3);
        let near = nearest_correlation(&fine, 3);
        let changes = near.iter().zip(&fine).map(|(a, b)| (a - b).abs());
        assert!(changes.fold(0.0, f64::max) < 1e-9);
    }
}
