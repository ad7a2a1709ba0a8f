//! Sobol' points under a random linear matrix scramble and a digital shift.
//!
//! With x the binary digits of a coordinate of a point, most significant first, the scrambled digits are y = L·x ⊕ s modulo 2: L lower
//! triangular with ones on its diagonal and random digits below it, s random digits; both drawn anew for each dimension and randomisation.
//! Means have the mean square error that Owen's nested scrambling gives them; the typical error of one randomisation is smaller and bad
//! ones are rarer and worse. Averaged over replicates the two are alike. Sensitivity designs use it, since peers state the error of one.
//!
//! # References
//! Matoušek 1998, <https://doi.org/10.1006/jcom.1998.0489>; Joe and Kuo 2008, <https://doi.org/10.1137/070709359>, for the points, from the
//! crate `sobol_burley`.

use crate::theory::draws::rng::Stream;
use crate::theory::draws::sobol::{DIMENSIONS, POINTS};
use sobol_burley::parts::sobol_rev;

/// Binary digits of a point.
const DIGITS: usize = u32::BITS as usize;

/// One randomisation of the sequence in some dimensions.
#[derive(Debug, Clone)]
pub struct LinearSequence {
    columns: Vec<DigitColumn>,
}

#[derive(Debug, Clone)]
struct DigitColumn {
    /// Which digits of the point add up, modulo 2, to each digit of the scrambled one: that digit and some before it.
    masks: [u32; DIGITS],
    /// The digital shift.
    shift: u32,
}

impl LinearSequence {
    /// Draws the randomisation of `columns` dimensions (at most [`DIMENSIONS`]) under `seed`.
    pub fn new(seed: u64, columns: usize) -> LinearSequence {
        debug_assert!(columns <= DIMENSIONS);
        let column = |column: usize| {
            let stream = Stream::new(seed, &format!("scramble.{column}"));
            let mut uniform = stream.sequence(0, 0);
            let mut word = || (uniform() * 4_294_967_296.0) as u32;
            let masks = std::array::from_fn(|digit| {
                let before = !(u32::MAX >> digit);
                (word() & before) | 1 << (DIGITS - 1 - digit)
            });
            DigitColumn {
                masks,
                shift: word(),
            }
        };
        LinearSequence {
            columns: (0..columns).map(column).collect(),
        }
    }

    /// Coordinate `column` of point `row` (below [`POINTS`]), in (0, 1); uniform over seeds.
    pub fn at(&self, row: u64, column: usize) -> f64 {
        debug_assert!(row < POINTS);
        let point = sobol_rev((row as u32).reverse_bits(), column as u32).reverse_bits();
        let DigitColumn { masks, shift } = &self.columns[column];
        let digits = masks.iter().enumerate();
        let scrambled = digits.fold(*shift, |sum, (digit, mask)| {
            sum ^ ((point & mask).count_ones() & 1) << (DIGITS - 1 - digit)
        });
        (f64::from(scrambled) + 0.5) / 4_294_967_296.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every elementary interval of every dimension holds one point: the scramble keeps what makes the sequence even.
    #[test]
    fn elementary_intervals_hold_one_point_each() {
        let sequence = LinearSequence::new(3, DIMENSIONS);
        for m in [0, 3, 6, 10] {
            let size = 1u64 << m;
            for column in [0, 1, 2, 17, 100, DIMENSIONS - 1] {
                let mut seen = vec![false; size as usize];
                for row in 0..size {
                    let cell = (sequence.at(row, column) * size as f64) as usize;
                    assert!(!std::mem::replace(&mut seen[cell], true), "{m} {column}");
                }
            }
        }
    }

    /// Every elementary box of the first two dimensions holds one of 256 points.
    #[test]
    fn elementary_boxes_hold_one_point_each() {
        let sequence = LinearSequence::new(8, 2);
        let size = 256u64;
        for split in 0..=8 {
            let (wide, high) = (1u64 << split, size >> split);
            let mut seen = vec![false; size as usize];
            for row in 0..size {
                let x = sequence.at(row, 0) * wide as f64;
                let y = sequence.at(row, 1) * high as f64;
                let cell = x as usize * high as usize + y as usize;
                assert!(!std::mem::replace(&mut seen[cell], true), "{split}");
            }
        }
    }

    /// Over seeds, a point is uniform and its coordinates are independent.
    #[test]
    fn points_are_uniform_over_seeds() {
        const SEEDS: u64 = 4000;
        for row in [0, 1, 1000] {
            let points = (0..SEEDS).map(|seed| {
                let sequence = LinearSequence::new(seed, 4);
                (sequence.at(row, 1) - 0.5, sequence.at(row, 3) - 0.5)
            });
            let (mut mean, mut product) = (0.0, 0.0);
            for (x, y) in points {
                mean += y / SEEDS as f64;
                product += x * y / SEEDS as f64;
            }
            let se = 1.0 / (12.0 * SEEDS as f64).sqrt();
            assert!(mean.abs() < 4.0 * se, "{mean}");
            assert!(product.abs() < 4.0 * se / 12f64.sqrt(), "{product}");
        }
    }
}
