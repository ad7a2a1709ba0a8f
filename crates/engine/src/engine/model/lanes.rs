//! Numbers in lanes of four, so that one instruction serves several: a column holds one number per state, padded to whole lanes.
//!
//! Lanes that stand for no state hold zeros and add nothing. Sums are taken lane by lane and then in one fixed order, so that they have
//! the same bits on any machine.

use wide::f64x4;

/// How many numbers a lane holds.
pub const LANE: usize = 4;

/// Columns of equal length, one number per state in each.
#[derive(Debug, Clone, Default)]
pub struct LaneColumns {
    lanes: usize,
    cells: Vec<f64x4>,
}

impl LaneColumns {
    /// So many columns of n zeros.
    pub fn new(n: usize, columns: usize) -> LaneColumns {
        let lanes = n.div_ceil(LANE);
        LaneColumns {
            lanes,
            cells: vec![f64x4::ZERO; lanes * columns],
        }
    }

    /// Lane `at` of column c.
    #[inline(always)]
    pub fn lane(&self, c: usize, at: usize) -> f64x4 {
        self.cells[c * self.lanes + at]
    }

    /// Lane `at` of column c, to be written.
    #[inline(always)]
    pub fn lane_mut(&mut self, c: usize, at: usize) -> &mut f64x4 {
        &mut self.cells[c * self.lanes + at]
    }

    /// A column in lanes.
    #[inline]
    pub fn column(&self, c: usize) -> &[f64x4] {
        &self.cells[c * self.lanes..(c + 1) * self.lanes]
    }

    /// All columns in turn, each in lanes.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = &[f64x4]> {
        self.cells.chunks_exact(self.lanes.max(1))
    }

    /// A column in lanes, to be written.
    #[inline]
    pub fn column_mut(&mut self, c: usize) -> &mut [f64x4] {
        &mut self.cells[c * self.lanes..(c + 1) * self.lanes]
    }

    /// The numbers of state l, column after column.
    #[inline]
    pub fn across(&self, l: usize) -> impl Iterator<Item = f64> {
        let (at, within) = (l / LANE, l % LANE);
        self.iter().map(move |column| column[at].as_array()[within])
    }

    /// The number of state l in column c.
    #[inline]
    pub fn get(&self, c: usize, l: usize) -> f64 {
        self.cells[c * self.lanes + l / LANE].as_array()[l % LANE]
    }

    /// Writes the number of state l in column c.
    #[inline]
    pub fn set(&mut self, c: usize, l: usize, value: f64) {
        self.cells[c * self.lanes + l / LANE].as_mut_array()[l % LANE] = value;
    }

    /// Copies all columns of another of the same shape.
    pub fn copy_from(&mut self, other: &LaneColumns) {
        self.cells.copy_from_slice(&other.cells);
    }
}

/// The number of state l in a column.
#[inline]
pub fn lane(column: &[f64x4], l: usize) -> f64 {
    column[l / LANE].as_array()[l % LANE]
}

/// Writes the number of state l in a column.
#[inline]
pub fn set_lane(column: &mut [f64x4], l: usize, value: f64) {
    column[l / LANE].as_mut_array()[l % LANE] = value;
}

/// The sum over the four places of a lane, in one order on every machine.
#[inline]
pub fn sum(lane: f64x4) -> f64 {
    let [a, b, c, d] = lane.to_array();
    (a + b) + (c + d)
}

/// Writes 1 for members of `set` and 0 for others.
pub fn indicate(set: u64, column: &mut [f64x4]) {
    for (at, cell) in column.iter_mut().enumerate() {
        *cell = indicator(set, at);
    }
}

/// 1 for members of `set` among the states of lane `at`, 0 for others.
#[inline]
pub fn indicator(set: u64, at: usize) -> f64x4 {
    let bits = set >> (LANE * at);
    f64x4::from([0, 1, 2, 3].map(|k| (bits >> k & 1) as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_hold_their_numbers_and_zeros_behind() {
        let mut columns = LaneColumns::new(5, 2);
        for l in 0..5 {
            columns.set(1, l, l as f64 + 1.0);
        }
        assert_eq!(columns.get(1, 4), 5.0);
        assert_eq!(columns.get(0, 4), 0.0);
        assert_eq!(columns.across(4).collect::<Vec<_>>(), [0.0, 5.0]);
        let total = columns
            .column(1)
            .iter()
            .fold(f64x4::ZERO, |all, &x| all + x);
        assert_eq!(sum(total), 15.0);
        assert_eq!(lane(columns.column(1), 2), 3.0);
    }

    #[test]
    fn sets_become_lanes() {
        let mut column = [f64x4::ZERO; 2];
        indicate(0b10_0101, &mut column);
        let numbers: Vec<f64> = (0..8).map(|l| lane(&column, l)).collect();
        assert_eq!(numbers, [1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    }
}
