//! Hashes of integers, and permutations that are computed one element at a time.

/// A well mixed 64-bit integer: the finaliser of SplitMix64, a bijection.
///
/// # References
/// Steele, Lea and Flood 2014, <https://doi.org/10.1145/2660193.2660195>; constants of variant 13 of David Stafford.
pub fn mix(mut value: u64) -> u64 {
    value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// The key of `index` among those that belong to `key`.
pub fn keyed(key: u64, index: u64) -> u64 {
    mix(key ^ mix(index))
}

/// Rounds of the Feistel network. Four make a random permutation of a large set (Luby and Rackoff 1988); halves of few bits need more.
const ROUNDS: u64 = 8;
/// Least bits of half a place: smaller networks know too few permutations.
const LEAST_HALF: u32 = 3;

/// Where `place` in 0..size goes in the permutation that `key` chooses.
///
/// A Feistel network on the next larger square of a power of two, walked until it falls into 0..size (Black and Rogaway 2002,
/// <https://doi.org/10.1007/3-540-45760-7_9>): fewer than four steps on average from 64 places on, no memory.
pub fn permuted(place: u64, size: u64, key: u64) -> u64 {
    debug_assert!(place < size);
    let bits = u64::BITS - size.saturating_sub(1).leading_zeros();
    let half = bits.div_ceil(2).max(LEAST_HALF);
    let mask = (1u64 << half) - 1;
    let mut place = place;
    loop {
        let (mut left, mut right) = (place >> half, place & mask);
        for round in 0..ROUNDS {
            let word = keyed(key.wrapping_add(round), right);
            (left, right) = (right, left ^ (word >> (u64::BITS - half)));
        }
        place = (left << half) | right;
        if place < size {
            return place;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permutations_are_permutations() {
        for size in [1, 2, 3, 7, 62, 63, 64, 65, 1000, 4096] {
            for key in 0..5 {
                let mut seen = vec![false; size as usize];
                for place in 0..size {
                    let to = permuted(place, size, mix(key)) as usize;
                    assert!(!std::mem::replace(&mut seen[to], true), "{size} {key}");
                }
            }
        }
        // A size near the largest costs no memory.
        assert!(permuted(5, 1 << 62, 9) < 1 << 62);
    }

    /// Each place goes everywhere equally often, and two places go to each pair equally often: χ² within five standard deviations.
    #[test]
    fn permutations_are_uniform() {
        const KEYS: u64 = 20_000;
        for size in [2u64, 5, 16, 62] {
            let mut ones = vec![0.0; (size * size) as usize];
            let mut pairs = vec![0.0; (size * size) as usize];
            for key in 0..KEYS {
                let to: Vec<u64> = (0..size).map(|k| permuted(k, size, mix(key))).collect();
                for (place, &to) in to.iter().enumerate() {
                    ones[place * size as usize + to as usize] += 1.0;
                }
                pairs[(to[0] * size + to[1]) as usize] += 1.0;
            }
            let excess = |counts: &[f64], cells: f64, expected: f64| {
                let distances = counts
                    .iter()
                    .map(|count| (count - expected) * (count - expected));
                let freedom = cells - 1.0;
                (distances.sum::<f64>() / expected - freedom) / (2.0 * freedom).sqrt()
            };
            for place in ones.chunks(size as usize) {
                let excess = excess(place, size as f64, KEYS as f64 / size as f64);
                assert!(excess < 5.0, "{size}: {excess}");
            }
            let cells = (size * (size - 1)) as f64;
            pairs.retain(|&count| count > 0.0);
            let excess = excess(&pairs, cells, KEYS as f64 / cells);
            // Pairs of equal places never occur; cells that were never hit count as they are expected.
            let missed = (cells - pairs.len() as f64) * KEYS as f64 / cells / (2.0 * cells).sqrt();
            assert!(excess + missed < 5.0, "{size}: {excess} {missed}");
        }
    }
}
