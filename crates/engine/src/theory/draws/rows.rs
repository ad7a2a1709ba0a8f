//! Rows of data drawn whole: the quantities of one file take the values of the same row.
//!
//! Of n rows, a uniform u of the file draws row k = ⌊n·u⌋, from 0; where rows are listed instead, trial t takes row t mod n. A quantity
//! whose value in row k has rank r among its n values, from 0 and equal ones in the order of rows, gets the uniform
//!
//! ```text
//! u' = (r + 1/2)/n
//! ```
//!
//! at which the step function of its sorted values is the value of row k, exactly. So each quantity keeps its own distribution, and what is
//! tied between them is what the rows tie: an empirical copula.
//!
//! # References
//! Deheuvels 1979, <https://doi.org/10.3406/barb.1979.58521>; Nelsen, An Introduction to Copulas, 2nd edition, 2006, section 5.6.

/// Which row a trial takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowChoice {
    /// The row at the uniform of this position.
    Drawn(usize),
    /// The row of the trial's own number.
    Listed,
}

/// Quantities that take their values from the same row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowBlock {
    choice: RowChoice,
    rows: usize,
    /// Position of each quantity among the uniforms, and the rank of its value by row.
    members: Vec<(usize, Vec<u32>)>,
}

impl RowBlock {
    /// Quantities at their positions, each with its values by row, equally many and at least one.
    pub fn new(choice: RowChoice, members: &[(usize, &[f64])]) -> RowBlock {
        let ranked = members
            .iter()
            .map(|(position, values)| (*position, ranks(values)));
        RowBlock {
            choice,
            rows: members.first().map_or(1, |(_, values)| values.len()),
            members: ranked.collect(),
        }
    }

    /// Whether the quantity at a position is one of its own.
    pub fn has(&self, position: usize) -> bool {
        self.members.iter().any(|(member, _)| *member == position)
    }

    /// Whether trial t takes row t.
    pub fn is_listed(&self) -> bool {
        self.choice == RowChoice::Listed
    }

    /// The positions of its quantities, and of the uniform that draws the row.
    pub fn positions(&self) -> Vec<usize> {
        let members = self.members.iter().map(|(member, _)| *member);
        let drawn = match self.choice {
            RowChoice::Drawn(position) => Some(position),
            RowChoice::Listed => None,
        };
        members.chain(drawn).collect()
    }

    /// Gives each quantity the uniform of its value in the row that `trial` takes.
    pub fn apply(&self, trial: u64, uniforms: &mut [f64]) {
        let rows = self.rows as f64;
        let row = match self.choice {
            RowChoice::Drawn(position) => (uniforms[position] * rows) as usize,
            RowChoice::Listed => (trial % self.rows as u64) as usize,
        };
        for (position, ranks) in &self.members {
            let rank = ranks[row.min(self.rows - 1)];
            uniforms[*position] = (f64::from(rank) + 0.5) / rows;
        }
    }
}

/// The rank of each value among all, from 0; equal ones in their order.
fn ranks(values: &[f64]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&one, &other| values[one].total_cmp(&values[other]));
    let mut ranks = vec![0; values.len()];
    for (rank, row) in (0..).zip(order) {
        ranks[row] = rank;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::draws::distribution::Distribution;

    const ROWS: [[f64; 2]; 7] = [
        [3.0, -1.0],
        [0.1, 5.5],
        [3.0, 2.0],
        [-7.25, 2.0],
        [1e-9, 8.0],
        [0.3, 1.0],
        [2.0, 0.7],
    ];

    /// The values at the uniforms of a block of both columns, its own uniform at position 2.
    fn row_at(choice: RowChoice, trial: u64, uniform: f64) -> [f64; 2] {
        let columns = [0, 1].map(|column| ROWS.map(|row| row[column]));
        let members = [(0, &columns[0][..]), (1, &columns[1][..])];
        let block = RowBlock::new(choice, &members);
        let mut uniforms = [0.123, 0.9, uniform];
        block.apply(trial, &mut uniforms);
        assert_eq!(uniforms[2], uniform);
        [0, 1].map(|column| {
            let mut sorted = columns[column].to_vec();
            sorted.sort_by(f64::total_cmp);
            let distribution = Distribution::discrete(sorted, None).expect("valid");
            distribution.quantile(uniforms[column])
        })
    }

    #[test]
    fn rows_are_drawn_whole() {
        for (k, row) in ROWS.iter().enumerate() {
            for share in [1e-9, 0.5, 1.0 - 1e-9] {
                let uniform = (k as f64 + share) / 7.0;
                assert_eq!(row_at(RowChoice::Drawn(2), 99, uniform), *row, "{uniform}");
            }
            let trial = 7 + k as u64;
            assert_eq!(row_at(RowChoice::Listed, trial, 0.99), *row);
        }
    }

    /// Steps of 1/n and halves between them meet in no rounding, however many rows there are.
    #[test]
    fn every_rank_of_many_rows_is_its_own_value() {
        for count in [1usize, 2, 3, 10, 999, 1000, 10_007] {
            let values: Vec<f64> = (0..count).map(|k| k as f64).collect();
            let distribution = Distribution::discrete(values.clone(), None).expect("valid");
            let block = RowBlock::new(RowChoice::Listed, &[(0, &values)]);
            for (row, &value) in values.iter().enumerate() {
                let mut uniforms = [0.5];
                block.apply(row as u64, &mut uniforms);
                assert_eq!(distribution.quantile(uniforms[0]), value, "of {count}");
            }
        }
    }
}
