//! Points of Sobol' sequences under Owen's scrambling, one coordinate at a time.
//!
//! The direction numbers are those of Joe and Kuo, from the crate `sobol_burley`. Its own scrambling takes hashes that only approach
//! Owen's and gives 23 bits; here each of the 16 bits that tell 2^16 points apart is flipped by a hash of all bits before it, and
//! what lies below is uniform. That is Owen's scrambling exactly, as far as the hash is random.
//!
//! # References
//! Joe and Kuo 2008, <https://doi.org/10.1137/070709359>; Owen 1995, <https://doi.org/10.1007/978-1-4612-2552-2_19>.

use crate::theory::draws::permutation::keyed;
use sobol_burley::parts::sobol_rev;

/// Dimensions of the sequence.
pub const DIMENSIONS: usize = sobol_burley::NUM_DIMENSIONS as usize;

/// Points of the sequence: 2^16.
pub const POINTS: u64 = 1 << BITS;

/// Bits that tell points apart.
const BITS: u32 = 16;

/// Coordinate `dimension` of point `index`, scrambled as `key` says, in (0, 1); `below` in (0, 1) places it in its interval of 2^−16.
///
/// Of the points 0..2^m, every interval \[a·2^−m, (a+1)·2^−m) holds one, under every key. `dimension` is below [`DIMENSIONS`], `index`
/// below [`POINTS`]. Keys are independent scramblings: one for each dimension and replicate.
pub fn coordinate(index: u64, dimension: usize, key: u64, below: f64) -> f64 {
    debug_assert!(index < POINTS);
    let point = sobol_rev((index as u32).reverse_bits(), dimension as u32).reverse_bits();
    let bits = point >> (u32::BITS - BITS);
    let mut scrambled = 0;
    for bit in 0..BITS {
        // The bits before this one, with a leading 1: a node of a binary tree.
        let node = (1 << bit) | (bits >> (BITS - bit));
        let flip = keyed(key, u64::from(node)) & 1;
        let shift = BITS - 1 - bit;
        scrambled |= ((bits >> shift) & 1 ^ flip as u32) << shift;
    }
    (f64::from(scrambled) + below) / POINTS as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every interval of 2^−m of every dimension holds one of 2^m points, and every elementary box of the first two dimensions too.
    #[test]
    fn elementary_intervals_hold_one_point_each() {
        for m in [0, 3, 6, 10] {
            let size = 1u64 << m;
            for dimension in [0, 1, 2, 17, 100, DIMENSIONS - 1] {
                let mut seen = vec![false; size as usize];
                for index in 0..size {
                    let x = coordinate(index, dimension, 77, 0.5);
                    let cell = (x * size as f64) as usize;
                    assert!(!std::mem::replace(&mut seen[cell], true));
                }
            }
        }
        let size = 256u64;
        for split in 0..=8 {
            let (wide, high) = (1u64 << split, size >> split);
            let mut seen = vec![false; size as usize];
            for index in 0..size {
                let x = coordinate(index, 0, 5, 0.5) * wide as f64;
                let y = coordinate(index, 1, 6, 0.5) * high as f64;
                let cell = x as usize * high as usize + y as usize;
                assert!(!std::mem::replace(&mut seen[cell], true), "{split}");
            }
        }
    }

    /// A single scrambled point is uniform: over keys, its mean and its bits are.
    #[test]
    fn scrambled_points_are_uniform() {
        const KEYS: u64 = 4000;
        for index in [0, 1, 1000] {
            let mut mean = 0.0;
            let mut bits = [0.0; BITS as usize];
            for key in 0..KEYS {
                let x = coordinate(index, 3, keyed(11, key), 0.5);
                mean += x / KEYS as f64;
                let cell = (x * POINTS as f64) as u32;
                for (place, bit) in bits.iter_mut().enumerate() {
                    *bit += f64::from(cell >> place & 1) / KEYS as f64;
                }
            }
            assert!(
                (mean - 0.5).abs() < 4.0 / (12.0 * KEYS as f64).sqrt(),
                "{mean}"
            );
            for bit in bits {
                assert!(
                    (bit - 0.5).abs() < 4.5 * 0.5 / (KEYS as f64).sqrt(),
                    "{bits:?}"
                );
            }
        }
    }
}
