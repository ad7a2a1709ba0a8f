//! Rank correlation.

/// Spearman's rank correlation of two samples of one length: Pearson's correlation of their ranks, ties sharing the mean of theirs; 0 where one of
/// them does not vary.
///
/// # References
/// C. Spearman, The proof and measurement of association between two things, 1904, doi:10.2307/1412159.
pub fn spearman(one: &[f64], other: &[f64]) -> f64 {
    assert_eq!(one.len(), other.len(), "they are of the same trials");
    let (one, other) = (ranks(one), ranks(other));
    // Ranks have the mean (n - 1) / 2, ties or none.
    let middle = 0.5 * (one.len() as f64 - 1.0);
    let product = |a: &[f64], b: &[f64]| -> f64 {
        let pairs = a.iter().zip(b);
        pairs.map(|(a, b)| (a - middle) * (b - middle)).sum()
    };
    let spread = product(&one, &one) * product(&other, &other);
    match spread > 0.0 {
        true => product(&one, &other) / libm::sqrt(spread),
        false => 0.0,
    }
}

/// Ranks from 0, ties sharing the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    while from < order.len() {
        let value = values[order[from]];
        let ties = order[from..].iter().take_while(|&&at| values[at] == value);
        let to = from + ties.count().max(1);
        for &at in &order[from..to] {
            ranks[at] = 0.5 * (from + to - 1) as f64;
        }
        from = to;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_alone_count() {
        let close = |one: &[f64], other: &[f64], is: f64| {
            let found = spearman(one, other);
            assert!((found - is).abs() < 1e-12, "{found} is not {is}");
        };
        close(&[1.0, 2.0, 3.0, 4.0], &[1.0, 4.0, 9.0, 100.0], 1.0);
        close(&[1.0, 2.0, 3.0, 4.0], &[4.0, 3.0, 2.0, 1.0], -1.0);
        // By hand: the sum of squared differences of ranks is 4, 1 - 6*4/(4*15) = 0.6.
        close(&[1.0, 2.0, 3.0, 4.0], &[2.0, 1.0, 4.0, 3.0], 0.6);
        close(&[1.0, 1.0, 1.0], &[1.0, 2.0, 3.0], 0.0);
        // Ties share their rank: 0.5, 0.5, 2 against 0, 1, 2 is 1.5 / sqrt(1.5 * 2).
        close(&[5.0, 5.0, 7.0], &[1.0, 2.0, 3.0], 1.5 / 3.0_f64.sqrt());
    }
}
