//! Counts of values by size, for quantiles of samples too large to keep.
//!
//! A value falls into the cell of its leading bits: sign, exponent and the first nine bits of the mantissa. Cells are
//! found without a logarithm, so that counts and answers are the same bits on every machine; sketches in logarithmic
//! cells call the platform's `ln` and `exp` and would not be. Counts do not depend on the order of values.

use std::collections::BTreeMap;

/// Leading bits of the mantissa that tell cells apart.
const MANTISSA_BITS: u32 = 9;
/// Cells of one power of two.
const CELLS: usize = 1 << MANTISSA_BITS;

/// Largest relative error of a quantile: half a cell, rounded up.
pub const RELATIVE_ERROR: f64 = 0.001;

/// Counts of finite values.
#[derive(Debug, Clone, Default)]
pub struct Sketch {
    /// Counts by signed power of two: the key grows with the value.
    octaves: BTreeMap<i32, Box<[u32; CELLS]>>,
    zeros: u64,
    count: u64,
}

impl Sketch {
    /// Counts a finite value.
    pub fn push(&mut self, value: f64) {
        self.count += 1;
        if value == 0.0 {
            self.zeros += 1;
            return;
        }
        let (octave, cell) = cell_of(value);
        let cells = self
            .octaves
            .entry(octave)
            .or_insert_with(|| Box::new([0; CELLS]));
        cells[cell] += 1;
    }

    /// How many values were counted.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The `p` quantile within [`RELATIVE_ERROR`] of the order statistics around it, interpolated as in type 7; `None`
    /// without values.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        let last = self.count.checked_sub(1)?;
        let rank = p * last as f64;
        let below = (rank.floor() as u64).min(last);
        let low = self.value_at(below);
        let high = self.value_at((below + 1).min(last));
        if low == high {
            return Some(low);
        }
        Some(low + (rank - below as f64) * (high - low))
    }

    /// The middle of the cell that holds the value of `rank` (from 0) in ascending order.
    fn value_at(&self, rank: u64) -> f64 {
        let mut seen = 0;
        let mut zeros = Some(self.zeros);
        for (&octave, cells) in &self.octaves {
            if octave > 0
                && let Some(count) = zeros.take()
            {
                seen += count;
                if rank < seen {
                    return 0.0;
                }
            }
            for (cell, &count) in cells.iter().enumerate() {
                seen += u64::from(count);
                if rank < seen {
                    return middle_of(octave, cell);
                }
            }
        }
        0.0
    }
}

/// Octave and cell of a finite value other than 0, both ascending with it. The octave is the biased exponent plus one,
/// with the sign of the value.
fn cell_of(value: f64) -> (i32, usize) {
    let bits = value.abs().to_bits() >> (52 - MANTISSA_BITS);
    let octave = (bits >> MANTISSA_BITS) as i32 + 1;
    let cell = bits as usize % CELLS;
    if value > 0.0 {
        (octave, cell)
    } else {
        (-octave, CELLS - 1 - cell)
    }
}

/// The middle of a cell.
fn middle_of(octave: i32, cell: usize) -> f64 {
    let (sign, cell) = if octave > 0 {
        (1.0, cell)
    } else {
        (-1.0, CELLS - 1 - cell)
    };
    let exponent = u64::from(octave.unsigned_abs() - 1);
    let start = ((exponent << MANTISSA_BITS) | cell as u64) << (52 - MANTISSA_BITS);
    sign * f64::from_bits(start | (1 << (51 - MANTISSA_BITS)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::quantile::quantile;

    #[test]
    fn middles_are_within_the_stated_error() {
        for value in [1.0, -1.0, 3.999, -0.0371, 1e-12, 6.5e20, f64::MAX, 1.0e-300] {
            let (octave, cell) = cell_of(value);
            let error = (middle_of(octave, cell) / value - 1.0).abs();
            assert!(error < RELATIVE_ERROR, "{value}: {error}");
        }
    }

    #[test]
    fn quantiles_agree_with_the_sorted_sample() {
        let sample: Vec<f64> = (0..2001u32)
            .map(|k| {
                let x = (f64::from(k) - 700.0) / 100.0;
                x * x * x
            })
            .collect();
        let mut sketch = Sketch::default();
        sample.iter().rev().for_each(|&value| sketch.push(value));
        for p in [0.0, 0.05, 0.25, 0.3, 0.35, 0.5, 0.75, 0.95, 1.0] {
            let (exact, ours) = (quantile(&sample, p), sketch.quantile(p).expect("values"));
            assert!(
                (exact - ours).abs() <= RELATIVE_ERROR * exact.abs(),
                "{p}: {exact} {ours}"
            );
        }
        assert_eq!(sketch.count(), 2001);
        assert_eq!(Sketch::default().quantile(0.5), None);
    }

    #[test]
    fn zeros_lie_between_signs() {
        let mut sketch = Sketch::default();
        [0.0, 2.0, -2.0, 0.0, -0.0]
            .iter()
            .for_each(|&v| sketch.push(v));
        assert_eq!(sketch.quantile(0.5), Some(0.0));
        assert!(sketch.quantile(0.0).expect("values") < -1.9);
        assert!(sketch.quantile(1.0).expect("values") > 1.9);
    }
}
