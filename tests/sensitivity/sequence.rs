//! A randomised Sobol' sequence for tests: Joe and Kuo's points under a random linear matrix scramble and a digital shift (Matoušek 1998).

use mufakat::draws::rng::Stream;
use sobol_burley::parts::sobol_rev;

/// The first `rows` points of one randomisation in `columns` dimensions, in (0, 1).
pub struct Sequence {
    columns: usize,
    points: Vec<f64>,
}

impl Sequence {
    pub fn new(seed: u64, rows: usize, columns: usize) -> Sequence {
        let mut points = vec![0.0; rows * columns];
        for column in 0..columns {
            let stream = Stream::new(seed, &format!("scramble.{column}"));
            let mut uniform = stream.sequence(0, 0);
            let mut word = || (uniform() * 4_294_967_296.0) as u32;
            // Digit `bit` of the output takes that digit of the point, and a random sum of the digits before it.
            let digits: Vec<u32> = (0..32)
                .map(|bit| (word() & !(u32::MAX >> bit)) | 1 << (31 - bit))
                .collect();
            let shift = word();
            for row in 0..rows {
                let point = sobol_rev((row as u32).reverse_bits(), column as u32).reverse_bits();
                let scrambled = (digits.iter().enumerate()).fold(shift, |sum, (bit, mask)| {
                    sum ^ ((point & mask).count_ones() & 1) << (31 - bit)
                });
                points[row * columns + column] = (f64::from(scrambled) + 0.5) / 4_294_967_296.0;
            }
        }
        Sequence { columns, points }
    }

    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.points[row * self.columns + column]
    }

    pub fn column(&self, column: usize) -> Vec<f64> {
        let rows = self.points.len() / self.columns;
        (0..rows).map(|row| self.at(row, column)).collect()
    }
}
