//! Quantiles of a sample.

/// The `p` quantile of a sorted, non-empty sample by linear interpolation (type 7).
///
/// With n values x_0 <= ... <= x_(n−1) and r = p·(n−1): x_⌊r⌋ + (r − ⌊r⌋)·(x_(⌊r⌋+1) − x_⌊r⌋).
/// `p` lies in [0, 1].
///
/// # References
/// Hyndman and Fan 1996, <https://doi.org/10.2307/2684934>.
pub fn quantile(sorted: &[f64], p: f64) -> f64 {
    let last = sorted.len() - 1;
    let rank = p * last as f64;
    let below = (rank.floor() as usize).min(last);
    let above = (below + 1).min(last);
    let (low, high) = (sorted[below], sorted[above]);
    if low == high {
        return low;
    }
    low + (rank - below as f64) * (high - low)
}

/// Puts in their places those values of a sample that its quantiles at `shares`, ascending, ask for: [`quantile`] then reads them as
/// from the sorted sample. Nothing else is sorted. NaN stands behind all numbers.
pub fn arrange(values: &mut [f64], shares: &[f64]) {
    let Some(last) = values.len().checked_sub(1) else {
        return;
    };
    let mut first = 0;
    for &p in shares {
        let below = ((p * last as f64).floor() as usize).min(last);
        for rank in [below, (below + 1).min(last)] {
            if rank >= first {
                values[first..].select_nth_unstable_by(rank - first, f64::total_cmp);
                first = rank + 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_an_arranged_sample_are_those_of_the_sorted_one() {
        let shares = [0.05, 0.25, 0.5, 0.75, 0.95];
        for count in [1, 2, 3, 7, 40, 1001] {
            let mixed = |k: u64| (k * 7919 % 37) as f64 - 11.0;
            let mut values: Vec<f64> = (0..count).map(mixed).collect();
            let mut sorted = values.clone();
            sorted.sort_unstable_by(f64::total_cmp);
            arrange(&mut values, &shares);
            for p in shares {
                assert_eq!(quantile(&values, p), quantile(&sorted, p), "{count} {p}");
            }
        }
        arrange(&mut [], &shares);
    }

    #[test]
    fn type_seven_by_hand() {
        let sample = [1.0, 2.0, 4.0, 8.0];
        let cases = [
            (0.0, 1.0),
            (0.25, 1.75),
            (0.5, 3.0),
            (0.75, 5.0),
            (0.95, 7.4),
            (1.0, 8.0),
        ];
        for (p, expected) in cases {
            let value = quantile(&sample, p);
            assert!((value - expected).abs() < 1e-12, "{p}: {value}");
        }
        assert_eq!(quantile(&[3.0], 0.05), 3.0);
        assert_eq!(quantile(&[0.1, 0.1], 0.3), 0.1);
    }
}
