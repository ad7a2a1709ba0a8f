//! Columns of given data cut into classes: equal values stay together, so that factors with few values need no special care.

use crate::theory::draws::rng::Stream;

/// Rows in the order of a column, with its runs of equal values.
#[derive(Debug, Clone)]
pub(super) struct Sorted {
    /// Rows by rising value, equal values by row.
    pub order: Vec<u32>,
    /// Where each run of equal values starts in `order`, and the length of `order` at the end.
    pub runs: Vec<usize>,
}

impl Sorted {
    /// `None` if the column is empty or holds a number that is not finite.
    pub fn new(column: &[f64]) -> Option<Sorted> {
        if column.is_empty() || column.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let mut order: Vec<u32> = (0..column.len() as u32).collect();
        // −0 and 0 are the same value; a stable sort keeps rows in order among equals.
        let value = |row: &u32| column[*row as usize] + 0.0;
        order.sort_by(|x, y| value(x).total_cmp(&value(y)));
        let mut runs = vec![0];
        runs.extend((1..order.len()).filter(|&k| value(&order[k]) != value(&order[k - 1])));
        runs.push(order.len());
        Some(Sorted { order, runs })
    }

    /// How many different values there are.
    pub fn distinct(&self) -> usize {
        self.runs.len() - 1
    }

    /// Where classes start in `order`, and its length at the end: every value a class if there are at most `count` values, else about
    /// `count` classes of as many rows each, none of which splits a run.
    pub fn bounds(&self, count: usize) -> Vec<usize> {
        if self.distinct() <= count {
            return self.runs.clone();
        }
        let rows = self.order.len();
        let mut bounds = vec![0];
        for k in 1..count {
            let wanted = k * rows / count;
            let after = self.runs.partition_point(|&start| start < wanted);
            // The nearer of the two ends of the run around the wanted place.
            let (below, above) = (self.runs[after - 1], self.runs[after]);
            let bound = if wanted - below < above - wanted {
                below
            } else {
                above
            };
            if bound > bounds[bounds.len() - 1] && bound < rows {
                bounds.push(bound);
            }
        }
        bounds.push(rows);
        bounds
    }

    /// The class of each row, numbered from 0, and how many classes there are.
    pub fn classes(&self, count: usize) -> (Vec<u32>, usize) {
        let bounds = self.bounds(count);
        let mut classes = vec![0; self.order.len()];
        for (class, range) in bounds.windows(2).enumerate() {
            for &row in &self.order[range[0]..range[1]] {
                classes[row as usize] = class as u32;
            }
        }
        (classes, bounds.len() - 1)
    }
}

/// A column that has nothing to do with any output: what an estimator finds for it is what it finds by chance.
///
/// Uniforms of trial 0 of `stream`. The noise floor of PAWN, δ and the value of information, which are not negative, is not 0 but
/// falls with the number of rows; a factor below or near it has shown nothing.
pub fn dummy_factor(rows: usize, stream: &Stream) -> Vec<f64> {
    let mut column = vec![0.0; rows];
    stream.fill(0, &mut column);
    column
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_a_class() {
        let sorted = Sorted::new(&[2.0, 0.0, 1.0, -0.0, 2.0, 2.0]).expect("finite");
        assert_eq!(sorted.order, [1, 3, 2, 0, 4, 5]);
        assert_eq!(
            (sorted.distinct(), sorted.runs.as_slice()),
            (3, &[0, 2, 3, 6][..])
        );
        assert_eq!(sorted.classes(3), (vec![2, 0, 1, 0, 2, 2], 3));
        assert_eq!(sorted.bounds(2), [0, 3, 6]);
        let many: Vec<f64> = (0..100).map(|k| f64::from(k * 37 % 100)).collect();
        let sorted = Sorted::new(&many).expect("finite");
        assert_eq!(sorted.bounds(4), [0, 25, 50, 75, 100]);
        // Half the rows are 0, the rest differ: the classes of the zeros melt into one.
        let mixed: Vec<f64> = (0..100).map(|k| f64::from((k - 50).max(0))).collect();
        let sorted = Sorted::new(&mixed).expect("finite");
        assert_eq!(sorted.bounds(4), [0, 51, 75, 100]);
        assert!(Sorted::new(&[]).is_none() && Sorted::new(&[f64::NAN]).is_none());
    }
}
