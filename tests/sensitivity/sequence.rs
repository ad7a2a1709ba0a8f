//! The first points of a randomised Sobol' sequence.

use mufakat::theory::draws::linear::LinearSequence;

pub struct Sequence {
    rows: usize,
    sequence: LinearSequence,
}

impl Sequence {
    pub fn new(seed: u64, rows: usize, columns: usize) -> Sequence {
        Sequence {
            rows,
            sequence: LinearSequence::new(seed, columns),
        }
    }

    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.sequence.at(row as u64, column)
    }

    pub fn column(&self, column: usize) -> Vec<f64> {
        (0..self.rows).map(|row| self.at(row, column)).collect()
    }
}
