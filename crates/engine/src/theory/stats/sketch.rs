//! Counts of values by size, for quantiles of samples too large to keep.
//!
//! A value falls into the cell of its leading bits: sign, exponent and the first nine bits of the mantissa. Cells are
//! found without a logarithm, so that counts and answers are the same bits on every machine; sketches in logarithmic
//! cells call the platform's `ln` and `exp` and would not be. Counts do not depend on the order of values. Only cells that
//! hold values take memory.

/// Leading bits of the mantissa that tell cells apart.
const MANTISSA_BITS: u32 = 9;

/// Largest relative error of a quantile: half a cell, rounded up.
pub const RELATIVE_ERROR: f64 = 0.001;
/// Values smaller than this count as 0: a dollar, where the unit is a billion.
pub const SMALLEST: f64 = 1e-9;

/// Most cells of values that are 0 or of either sign and a size from [`SMALLEST`] to 2^17, some 130,000.
pub const MOST_CELLS: u64 = 2 * 47 * (1 << MANTISSA_BITS) + 1;
/// Most bytes of a cell: place and count, in lists that have grown to twice their need.
pub const CELL_BYTES: u64 = 2 * (4 + 8);

/// Counts of finite values.
#[derive(Debug, Clone, Default)]
pub struct Sketch {
    /// Cells that hold values, ascending as these do; cell 0 holds 0.
    cells: Vec<i32>,
    /// How many values each of them holds.
    counts: Vec<u64>,
    count: u64,
}

impl Sketch {
    /// Counts a finite value.
    pub fn push(&mut self, value: f64) {
        self.count += 1;
        let cell = cell_of(value);
        match self.cells.binary_search(&cell) {
            Ok(place) => self.counts[place] += 1,
            Err(place) => {
                self.cells.insert(place, cell);
                self.counts.insert(place, 1);
            }
        }
    }

    /// How many values were counted.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Bytes that its cells take.
    pub fn bytes(&self) -> u64 {
        let cells = self.cells.capacity() * size_of::<i32>();
        (cells + self.counts.capacity() * size_of::<u64>()) as u64
    }

    /// The `p` quantile within [`RELATIVE_ERROR`] or [`SMALLEST`] of the order statistics around it, interpolated as in
    /// type 7; `None` without values.
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
        let holds = |&count: &u64| {
            seen += count;
            rank < seen
        };
        let place = self.counts.iter().position(holds);
        place.map_or(0.0, |place| middle_of(self.cells[place]))
    }
}

/// The cell of a finite value: one more than its leading bits, with its sign.
fn cell_of(value: f64) -> i32 {
    if value.abs() < SMALLEST {
        return 0;
    }
    let cell = (value.abs().to_bits() >> (52 - MANTISSA_BITS)) as i32 + 1;
    if value > 0.0 { cell } else { -cell }
}

/// The middle of a cell.
fn middle_of(cell: i32) -> f64 {
    if cell == 0 {
        return 0.0;
    }
    let start = u64::from(cell.unsigned_abs() - 1) << (52 - MANTISSA_BITS);
    let middle = f64::from_bits(start | (1 << (51 - MANTISSA_BITS)));
    if cell > 0 { middle } else { -middle }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::stats::quantile::quantile;

    #[test]
    fn middles_are_within_the_stated_error() {
        for value in [1.0, -1.0, 3.999, -0.0371, 1e-9, 6.5e20, f64::MAX] {
            let error = (middle_of(cell_of(value)) / value - 1.0).abs();
            assert!(error < RELATIVE_ERROR, "{value}: {error}");
        }
        for value in [0.0, -0.0, 9.9e-10, -1e-300] {
            assert_eq!(middle_of(cell_of(value)), 0.0);
        }
    }

    #[test]
    fn cells_ascend_and_are_as_many_as_stated() {
        let top = f64::from(1 << 17) * (1.0 - f64::EPSILON);
        let cells = u64::from(cell_of(top).unsigned_abs() - cell_of(SMALLEST).unsigned_abs() + 1);
        assert!(2 * cells < MOST_CELLS, "{cells}");
        let ascending = [-2.0, -1.0, -1e-8, 0.0, 1e-8, 1.0, 1.01, 1e5];
        assert!(ascending.is_sorted_by_key(|&value| cell_of(value)));
        let mut sketch = Sketch::default();
        (0..1_000_000).for_each(|k| {
            let x = f64::from(k - 500_000) / 1e4;
            sketch.push(x * x * x);
        });
        assert!((10_000..MOST_CELLS).contains(&(sketch.cells.len() as u64)));
        assert!(sketch.bytes() <= CELL_BYTES * sketch.cells.len() as u64);
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
