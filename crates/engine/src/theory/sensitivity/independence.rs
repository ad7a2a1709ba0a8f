//! Whether a factor and an output go together by more than chance, from rows that were played for something else.
//!
//! Estimates of PAWN and δ are never negative and those of S1 have tails of their own, so that a floor for the largest of some hundred
//! factors lies far above what most factors that matter get. Whether there is anything at all is asked of ranks instead, whose distribution by chance
//! does not depend on that of the factor or the output, and in two ways: does the output rise or fall with the factor, and do their classes go together
//! in any other way. How large the effect is, the estimates say.
//!
//! Measured on 100 samples of 500 (1,000) from 20,000 worlds of the baseline, all but its seven largest factors shuffled, among 322: the five that explain 13%, 9%, 6%, 5%
//! and 5% of the headline are named in 100, 99, 90, 90 and 68 (all 100), one that is shuffled in 4 (3). A regression on each factor under Bonferroni's bound
//! names the five in 100, 100, 98, 90 and 81 (all 100); a floor under PAWN from inert columns, in 1,000 worlds, in 100, 90, 82, 80 and 42 of 100; such a floor under δ names
//! the first in one study of ten. Of Ishigami's three factors among 23, in 200 samples of 500 (1,000) rows: by ranks 100%, 100% and 78% (100%), by a regression
//! 100%, 1% (0) and 2%. Bratley's function, indices 0.65, 0.16, 0.05 and 0.01: 100%, 100%, 91% (100%) and 12% (40%); a regression 100%, 100%, 93% (100%) and 20% (51%).
//! Morris's, of which the eighth to tenth factors act by themselves: 100% by both.

use crate::theory::sensitivity::classes::Sorted;
use crate::theory::sensitivity::moment_free::FEWEST_ROWS;
use crate::theory::stats::special::{gamma_tail, normal_cdf, normal_quantile};

/// How often a study of inert factors alone names one.
pub const FALSE_ALARMS: f64 = 0.05;
/// Most classes of each side of the table.
const CLASSES: usize = 5;
/// Fewest rows that a cell of the table must be able to expect.
const FEWEST_EXPECTED: f64 = 5.0;
/// How often ranks of a factor at [`least_share`] name it.
const POWER: f64 = 0.9;

/// The probability that two columns that have nothing to do with each other go together as much as these: twice the smaller one of two tests.
///
/// * Spearman's rank correlation r (equal values get their middle rank): its sum S of products has the exact variance and third moment of a random
///   order, Var S = Σa²·Σb²/(N − 1) and E S³ = N·Σa³·Σb³/((N − 1)·(N − 2)) for centred ranks a, b; its tails are those of the gamma distribution
///   with these moments (Pearson III), of the normal one where they are symmetric. Twice the smaller tail.
/// * χ² of the table of 5 × 5 classes of ranks, fewer where a cell would expect fewer than 5 rows; not asked where 2 × 2 would.
///
/// `None` if a column does not vary, lengths differ, there are fewer than [`FEWEST_ROWS`], or a number is not finite.
///
/// # References
/// Lehmann, Nonparametrics: Statistical Methods Based on Ranks (1975), chapter 7; Cochran 1954, <https://doi.org/10.2307/3001616>, for the
/// fewest rows of a cell.
pub fn chance_alone(x: &[f64], y: &[f64]) -> Option<f64> {
    if x.len() != y.len() || x.len() < FEWEST_ROWS {
        return None;
    }
    let (x, y) = (Sorted::new(x)?, Sorted::new(y)?);
    if x.distinct() < 2 || y.distinct() < 2 {
        return None;
    }
    let of_table = of_table(&x, &y).unwrap_or(1.0);
    Some((2.0 * of_ranks(&x, &y).min(of_table)).min(1.0))
}

/// What the smallest of several such probabilities, and then the next, is worth among so many (Holm): a factor below 0.05 stands out in fewer than one
/// study of twenty in which it is inert, however many factors there are and however they hang together. In the order given; `None` stays.
///
/// # References
/// Holm 1979, <https://www.jstor.org/stable/4615733>.
pub fn among_all(each: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut order: Vec<usize> = (0..each.len()).filter(|&k| each[k].is_some()).collect();
    let count = order.len();
    order.sort_by(|&i, &j| each[i].unwrap_or(1.0).total_cmp(&each[j].unwrap_or(1.0)));
    let mut adjusted = vec![None; each.len()];
    let mut largest = 0.0f64;
    for (place, &k) in order.iter().enumerate() {
        let one = each[k].unwrap_or(1.0) * (count - place) as f64;
        largest = largest.max(one.min(1.0));
        adjusted[k] = Some(largest);
    }
    adjusted
}

/// The share s of the variance that a factor must explain, alone and in one direction, to be told from chance in `rows` rows among `factors` factors at
/// least four times in five: s = ((z_α + z_β)/√(N − 1))², with z_α the normal quantile at 1 − 0.05/(4·factors) (two tests, two sides) and z_β that at
/// 0.9. More than 1 where no factor could be told.
///
/// s is a share of the variance of ranks, exceeded nine times in ten; that of the output itself is about a tenth less in ranks (normal: (6/π·asin(½√s))²),
/// which leaves more than four in five. A factor that changes the spread alone, or rises and falls, takes more rows.
pub fn least_share(rows: u64, factors: usize) -> f64 {
    needed(factors) / (rows.max(2) - 1) as f64
}

/// In how many rows a factor that explains `share` of the variance is told from chance among `factors` factors: where [`least_share`] is `share`, rounded up to two digits.
pub fn rows_for(share: f64, factors: usize) -> u64 {
    let rows = 1.0 + needed(factors) / share;
    let unit = libm::pow(10.0, (libm::log10(rows).floor() - 1.0).max(0.0));
    ((rows / unit).ceil() * unit) as u64
}

fn needed(factors: usize) -> f64 {
    let sides = 4.0 * factors.max(1) as f64;
    let z = -normal_quantile(FALSE_ALARMS / sides) + normal_quantile(POWER);
    z * z
}

/// Centred middle ranks, row by row.
fn ranks(sorted: &Sorted) -> Vec<f64> {
    let mean = 0.5 * (sorted.order.len() - 1) as f64;
    let mut ranks = vec![0.0; sorted.order.len()];
    for run in sorted.runs.windows(2) {
        let middle = 0.5 * (run[0] + run[1] - 1) as f64;
        for &row in &sorted.order[run[0]..run[1]] {
            ranks[row as usize] = middle - mean;
        }
    }
    ranks
}

fn of_ranks(x: &Sorted, y: &Sorted) -> f64 {
    let (a, b) = (ranks(x), ranks(y));
    let n = a.len() as f64;
    let squares = |ranks: &[f64]| ranks.iter().map(|r| r * r).sum::<f64>();
    let cubes = |ranks: &[f64]| ranks.iter().map(|r| r * r * r).sum::<f64>();
    let sum: f64 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
    let variance = squares(&a) * squares(&b) / (n - 1.0);
    let third = n * cubes(&a) * cubes(&b) / ((n - 1.0) * (n - 2.0));
    let (z, skewness) = (
        sum / libm::sqrt(variance),
        third / variance / libm::sqrt(variance),
    );
    (2.0 * tail(z, skewness).min(tail(-z, -skewness))).min(1.0)
}

/// P(Z ≥ z) for Z of mean 0, variance 1 and this skewness.
fn tail(z: f64, skewness: f64) -> f64 {
    /// Below it the gamma distribution is the normal one to the digits that matter.
    const SYMMETRIC: f64 = 1e-3;
    if skewness.abs() < SYMMETRIC {
        return normal_cdf(-z);
    }
    let shape = 4.0 / (skewness * skewness);
    let x = shape + skewness.signum() * z * libm::sqrt(shape);
    match skewness > 0.0 {
        true => gamma_tail(shape, x),
        false => 1.0 - gamma_tail(shape, x),
    }
}

fn of_table(x: &Sorted, y: &Sorted) -> Option<f64> {
    (2..=CLASSES).rev().find_map(|count| {
        let ((of_x, rows), (of_y, columns)) = (x.classes(count), y.classes(count));
        let mut table = vec![0u32; rows * columns];
        for (&i, &j) in of_x.iter().zip(&of_y) {
            table[i as usize * columns + j as usize] += 1;
        }
        chi_squared(&table, columns)
    })
}

/// P(χ² ≥ that of the table); none if it has one row or column, or a cell expects too few.
fn chi_squared(table: &[u32], columns: usize) -> Option<f64> {
    let rows = table.len() / columns;
    let of_rows: Vec<u32> = table
        .chunks_exact(columns)
        .map(|row| row.iter().sum())
        .collect();
    let of_columns: Vec<u32> = (0..columns)
        .map(|j| table.iter().skip(j).step_by(columns).sum())
        .collect();
    let n = f64::from(of_rows.iter().sum::<u32>());
    let (mut sum, mut least) = (0.0, f64::INFINITY);
    for (k, &held) in table.iter().enumerate() {
        let margins = f64::from(of_rows[k / columns]) * f64::from(of_columns[k % columns]);
        let expected = margins / n;
        least = least.min(expected);
        sum += (f64::from(held) - expected) * (f64::from(held) - expected) / expected;
    }
    let degrees = (rows - 1) * (columns - 1);
    (degrees > 0 && least >= FEWEST_EXPECTED).then(|| gamma_tail(0.5 * degrees as f64, 0.5 * sum))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_by_hand() {
        // χ² of (30, 10; 10, 30): four cells off by 10 of 20 each, 4·100/20 = 20, one degree of freedom: erfc(√10).
        let p = chi_squared(&[30, 10, 10, 30], 2).expect("20 rows are expected of each cell");
        assert!((p / libm::erfc(libm::sqrt(10.0)) - 1.0).abs() < 1e-12);
        assert_eq!(chi_squared(&[4, 5, 5, 4], 2), None);
        assert_eq!(chi_squared(&[40, 40], 2), None);
    }

    #[test]
    fn correlated_ranks_by_hand() {
        // Ranks in the same order but for the last and the first, which change places: S = Σa² − (N − 1)², Var S = (Σa²)²/(N − 1), no skewness.
        let x: Vec<f64> = (0..41).map(f64::from).collect();
        let mut y = x.clone();
        y.swap(0, 40);
        let squares = 41.0 * (41.0 * 41.0 - 1.0) / 12.0;
        let z: f64 = (squares - 1600.0) / squares * 40f64.sqrt();
        let sorted = |x: &[f64]| Sorted::new(x).expect("finite");
        let p = of_ranks(&sorted(&x), &sorted(&y));
        assert!((p / (2.0 * normal_cdf(-z)) - 1.0).abs() < 1e-9, "{p}");
        // Of four in a hundred with three in a hundred: by chance none in common in 0.88 of all orders, one or more in 0.115.
        let rare = |rows: &[usize]| -> Vec<f64> {
            (0..100)
                .map(|k| f64::from(u8::from(rows.contains(&k))))
                .collect()
        };
        let p = chance_alone(&rare(&[1, 2, 3, 4]), &rare(&[4, 50, 60])).expect("both vary");
        assert!(p > 0.1, "{p}");
        // All three in common: 4/C(100, 3) = 2.5e-5 of all orders.
        let p = chance_alone(&rare(&[1, 2, 3, 4]), &rare(&[2, 3, 4])).expect("both vary");
        assert!((1e-6..1e-3).contains(&p), "{p}");
    }

    #[test]
    fn no_answer_is_none() {
        let x: Vec<f64> = (0..40).map(f64::from).collect();
        assert_eq!(chance_alone(&x, &x[..39]), None);
        assert_eq!(chance_alone(&x[..9], &x[..9]), None);
        assert_eq!(chance_alone(&x, &[1.0; 40]), None);
        assert_eq!(chance_alone(&[1.0; 40], &x), None);
        assert_eq!(chance_alone(&x, &[f64::NAN; 40]), None);
        assert!(chance_alone(&x[..10], &x[..10]).is_some_and(|p| p < 0.01));
    }

    #[test]
    fn the_smallest_counts_most() {
        let each = [Some(0.02), None, Some(0.001), Some(0.9), Some(0.015)];
        let expected = [Some(0.045), None, Some(0.004), Some(0.9), Some(0.045)];
        for (one, expected) in among_all(&each).into_iter().zip(expected) {
            let same = match (one, expected) {
                (Some(one), Some(expected)) => (one - expected).abs() < 1e-12,
                _ => one == expected,
            };
            assert!(same, "{one:?} of {expected:?}");
        }
        assert!(among_all(&[]).is_empty());
    }

    #[test]
    fn rows_and_shares_by_hand() {
        // One factor: Φ⁻¹(0.9875) + Φ⁻¹(0.9) = 2.24140 + 1.28155, squared 12.41.
        assert!((least_share(1001, 1) - 0.012411).abs() < 1e-6);
        assert_eq!(rows_for(0.05, 1), 250);
        assert_eq!(rows_for(0.01, 1), 1300);
        assert!(least_share(rows_for(0.01, 300), 300) <= 0.01);
        assert!(least_share(0, 10) > 1.0);
    }
}
