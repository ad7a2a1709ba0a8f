//! The uniforms of designs that pick columns from two matrices, A and B.
//!
//! Replicate by replicate, a row of a scrambled Sobol' sequence of 2d dimensions is a row of A and one of B. The sequence has 256 dimensions. Where there are
//! more columns, those of single quantities take them first; every other column is a Latin hypercube of its own: the N rows of a replicate lie one in each
//! N-th of (0, 1), in an order that is drawn for the column. Either way a row is uniform on the cube and A's is independent of B's, which is all that
//! estimators ask of them; evenness makes them precise.
//!
//! # References
//! Owen 1998, Latin supercube sampling, <https://doi.org/10.1145/272991.273010>, for sequences beside Latin hypercubes.

use crate::theory::draws::linear::LinearSequence;
use crate::theory::draws::permutation::permuted;
use crate::theory::draws::rng::{Stream, key};
use crate::theory::draws::sobol::DIMENSIONS;

/// Most columns of a matrix that a Sobol' sequence has dimensions for, twice.
const SEQUENCED: usize = DIMENSIONS / 2;

/// Two matrices of one replicate.
#[derive(Debug, Clone)]
pub struct Matrices {
    rows: u64,
    sequence: LinearSequence,
    /// By column, A and behind it B.
    columns: Vec<MatrixColumn>,
}

#[derive(Debug, Clone)]
enum MatrixColumn {
    /// A dimension of the sequence.
    Sequenced(usize),
    /// A Latin hypercube: the key of its order, and the places within its strata.
    Hypercube(u64, Box<Stream>),
}

impl Matrices {
    /// Two matrices of `rows` rows under `seed`; `first[c]` says whether column c should have dimensions of the sequence before others.
    pub fn new(seed: u64, rows: usize, first: &[bool]) -> Matrices {
        let width = first.len();
        let sequenced = width.min(SEQUENCED);
        let of = |wanted: bool| (0..width).filter(move |&column| first[column] == wanted);
        let mut dimension = vec![None; width];
        let by_rank = of(true).chain(of(false)).take(sequenced);
        if width <= SEQUENCED {
            (0..width).for_each(|column| dimension[column] = Some(column));
        } else {
            (0..)
                .zip(by_rank)
                .for_each(|(rank, column)| dimension[column] = Some(rank));
        }
        let column = |at: usize| match dimension[at % width] {
            Some(rank) => MatrixColumn::Sequenced(rank + at / width * sequenced),
            None => MatrixColumn::Hypercube(
                key(seed, &format!("order.{at}")),
                Box::new(Stream::new(seed, &format!("hypercube.{at}"))),
            ),
        };
        Matrices {
            rows: rows as u64,
            sequence: LinearSequence::new(seed, 2 * sequenced),
            columns: (0..2 * width).map(column).collect(),
        }
    }

    /// The uniform of a row in a column: of A, or behind all of those of B.
    pub fn at(&self, row: usize, column: usize) -> f64 {
        let row = row as u64;
        match &self.columns[column] {
            MatrixColumn::Sequenced(dimension) => self.sequence.at(row, *dimension),
            MatrixColumn::Hypercube(order, places) => {
                let stratum = permuted(row, self.rows, *order) as f64;
                (stratum + places.uniform(row, 0)) / self.rows as f64
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_columns_are_those_of_the_sequence() {
        let (few, sequence) = (
            Matrices::new(5, 64, &[false; 9]),
            LinearSequence::new(5, 18),
        );
        for (row, column) in [(0, 0), (63, 8), (17, 9), (40, 17)] {
            assert_eq!(few.at(row, column), sequence.at(row as u64, column));
        }
        let most = Matrices::new(5, 8, &[true; SEQUENCED]);
        let sequence = LinearSequence::new(5, DIMENSIONS);
        assert_eq!(most.at(7, DIMENSIONS - 1), sequence.at(7, DIMENSIONS - 1));
    }

    /// With more columns than dimensions, singles have the sequence and every column of A and B has one row in each stratum.
    #[test]
    fn every_column_is_even() {
        let (rows, width) = (64, 300);
        let first: Vec<bool> = (0..width).map(|column| column >= 290).collect();
        let many = Matrices::new(3, rows, &first);
        let is_sequenced =
            |column: usize| matches!(many.columns[column], MatrixColumn::Sequenced(_));
        for column in [0, 117, 290, 299] {
            assert!(
                is_sequenced(column) && is_sequenced(width + column),
                "{column}"
            );
        }
        assert!(!is_sequenced(118) && !is_sequenced(width + 289));
        for column in [0, 118, 289, 299, 300, 418, 599] {
            let mut seen = vec![false; rows];
            for row in 0..rows {
                let x = many.at(row, column);
                assert!(x > 0.0 && x < 1.0);
                let stratum = (x * rows as f64) as usize;
                assert!(!std::mem::replace(&mut seen[stratum], true), "{column}");
            }
        }
    }

    /// Over seeds, columns of A and B are independent of each other, hypercubes too.
    #[test]
    fn columns_are_independent_over_seeds() {
        const SEEDS: u64 = 2000;
        for (one, other) in [(5, 140), (140, 141), (140, 290), (140, 140 + 150)] {
            let product = |seed: u64| {
                let many = Matrices::new(seed, 16, &[false; 150]);
                (many.at(3, one) - 0.5) * (many.at(3, other) - 0.5)
            };
            let mean = (0..SEEDS).map(product).sum::<f64>() / SEEDS as f64;
            let se = 1.0 / (12.0 * (SEEDS as f64).sqrt());
            assert!(mean.abs() < 4.0 * se, "{one} {other}: {mean}");
        }
    }
}
