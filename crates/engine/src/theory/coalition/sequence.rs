//! The nucleolus by a sequence of small linear programs, solved from the side of the weights: n + 1 rows however many coalitions.
//!
//! Level by level, with F the coalitions whose payment is already fixed, the largest excess t of the others is made as small as can be:
//!
//! ```text
//! min t: x(C) + t >= v(C) for C outside span F, x(C) = c_C in F, x_i >= 0 if bounded
//! max Σ λ_C·v(C) + Σ_F μ_C·c_C: Σ λ_C·1_C + Σ_F μ_C·1_C + Σ ν_i·1_i = 0, Σ λ_C = 1, λ >= 0, ν >= 0
//! ```
//!
//! The second is the dual. Its prices are x and t, and a coalition with a positive weight has the excess t in every optimum, so that its
//! payment is fixed from then on: no further programs are needed to find out. The old basis less one of these columns, with an artificial
//! one, starts the next level.
//!
//! Nothing is promised: the caller checks the answer.
//!
//! # References
//! Maschler, Peleg and Shapley 1979, <https://doi.org/10.1287/moor.4.4.303>; Benedek, Fliege and Nguyen 2021,
//! <https://doi.org/10.1007/s10107-020-01527-9>.

use crate::theory::coalition::integer::CoalitionSpan;

/// What counts as more than rounding, to be tried in turn: a column enters if it gains more than this per unit, a row counts if it moves more
/// than this. The largest value is about 1.
pub(super) const TOLERANCES: [f64; 5] = [1e-10, 1e-9, 1e-8, 1e-11, 1e-7];

/// Weights above this many tolerances are positive.
const POSITIVE: f64 = 10.0;

/// More pivots than this in a level, per row, mean that rounding leads in circles.
const MAX_PIVOTS_PER_ROW: usize = 40;

/// Pivots without progress, per row, before the first column that helps is taken instead of the best.
const PATIENCE_PER_ROW: usize = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TableauColumn {
    /// λ_C.
    Open(usize),
    /// μ_C: any sign, so it never leaves.
    Fixed(usize),
    /// ν_i.
    Bound(usize),
    /// What the weights λ lack to 1.
    Artificial,
}

/// The division that the levels lead to, none if they do not come to an end.
///
/// `values`: a zero-normalised game of 2 to 16 players with a largest value of about 1; with `bounded`, x_i >= 0; `tolerance`: one of
/// [`TOLERANCES`].
pub(super) fn nucleolus_by_levels(
    values: &[f64],
    players: usize,
    bounded: bool,
    tolerance: f64,
) -> Option<Vec<f64>> {
    let mut levels = Levels::new(values, players, bounded, tolerance);
    let mut start = false;
    loop {
        let prices = levels.solve(start)?;
        levels.fix(&prices);
        if levels.span.is_full() {
            return Some(prices[..players].to_vec());
        }
        start = true;
    }
}

/// The first level without bounds: the least largest excess t and a division that has it, the payments first and t last.
pub(super) fn first_level(values: &[f64], players: usize, tolerance: f64) -> Option<Vec<f64>> {
    Levels::new(values, players, false, tolerance).solve(false)
}

struct Levels<'a> {
    values: &'a [f64],
    n: usize,
    bounded: bool,
    /// What counts as more than rounding.
    small: f64,
    /// What counts as a positive weight.
    positive: f64,
    span: CoalitionSpan,
    /// Coalitions in the span of the fixed ones.
    closed: Vec<bool>,
    /// c_C of the fixed columns of the basis.
    paid: Vec<f64>,
    basis: Vec<TableauColumn>,
    /// Inverse of the basis, n + 1 rows and columns; the last row of the program says that weights add up to 1.
    inverse: Vec<f64>,
    /// Weight of each column of the basis.
    weight: Vec<f64>,
    /// Scratch: what each coalition costs at the prices.
    cost: Vec<f64>,
}

impl<'a> Levels<'a> {
    /// Starts from the weights 1/n of singletons, which balance the grand coalition.
    fn new(values: &'a [f64], n: usize, bounded: bool, tolerance: f64) -> Levels<'a> {
        let grand = values.len() - 1;
        let mut basis: Vec<TableauColumn> = (0..n).map(|i| TableauColumn::Open(1 << i)).collect();
        basis.push(TableauColumn::Fixed(grand));
        let mut paid = vec![0.0; values.len()];
        paid[grand] = values[grand];
        let mut span = CoalitionSpan::new(n);
        span.insert(grand as u64);
        let mut closed = vec![false; values.len()];
        (closed[0], closed[grand]) = (true, true);
        Levels {
            values,
            n,
            bounded,
            small: tolerance,
            positive: POSITIVE * tolerance,
            span,
            closed,
            paid,
            basis,
            inverse: Vec::new(),
            weight: Vec::new(),
            cost: vec![0.0; values.len()],
        }
    }

    /// The prices x and t of this level; with `follows`, from the basis that the level before left.
    fn solve(&mut self, follows: bool) -> Option<Vec<f64>> {
        self.invert()?;
        if follows {
            self.maximise(true)?;
        }
        self.maximise(false)?;
        self.invert()?;
        Some(self.prices(false))
    }

    fn rows(&self) -> usize {
        self.n + 1
    }

    /// Entry of a column in a row of the program.
    fn entry(&self, column: TableauColumn, row: usize) -> f64 {
        let holds = match column {
            TableauColumn::Open(mask) => row == self.n || mask >> row & 1 == 1,
            TableauColumn::Fixed(mask) => row < self.n && mask >> row & 1 == 1,
            TableauColumn::Bound(i) => row == i,
            TableauColumn::Artificial => row == self.n,
        };
        f64::from(holds)
    }

    /// The inverse of the basis and its weights, afresh, by Gauss and Jordan with row pivots.
    fn invert(&mut self) -> Option<()> {
        let rows = self.rows();
        let mut left: Vec<f64> = (0..rows * rows)
            .map(|at| self.entry(self.basis[at % rows], at / rows))
            .collect();
        let mut right = vec![0.0; rows * rows];
        for row in 0..rows {
            right[row * rows + row] = 1.0;
        }
        for lead in 0..rows {
            let size = |row: &usize| left[row * rows + lead].abs();
            let best = (lead..rows).max_by(|a, b| size(a).total_cmp(&size(b)))?;
            if size(&best) < self.small {
                return None;
            }
            for column in 0..rows {
                left.swap(lead * rows + column, best * rows + column);
                right.swap(lead * rows + column, best * rows + column);
            }
            let pivot = left[lead * rows + lead];
            for column in 0..rows {
                left[lead * rows + column] /= pivot;
                right[lead * rows + column] /= pivot;
            }
            for row in (0..rows).filter(|&row| row != lead) {
                let factor = left[row * rows + lead];
                if factor != 0.0 {
                    for column in 0..rows {
                        left[row * rows + column] -= factor * left[lead * rows + column];
                        right[row * rows + column] -= factor * right[lead * rows + column];
                    }
                }
            }
        }
        // The right side of the program is 0 but for the last row, 1.
        self.weight = (0..rows).map(|row| right[row * rows + rows - 1]).collect();
        self.inverse = right;
        Some(())
    }

    /// The price of each row: x and t, or with `feasibility` those of getting rid of the artificial column.
    fn prices(&self, feasibility: bool) -> Vec<f64> {
        let rows = self.rows();
        let mut prices = vec![0.0; rows];
        for (row, &column) in self.basis.iter().enumerate() {
            let gain = match column {
                TableauColumn::Artificial if feasibility => -1.0,
                TableauColumn::Open(mask) if !feasibility => self.values[mask],
                TableauColumn::Fixed(mask) if !feasibility => self.paid[mask],
                _ => 0.0,
            };
            if gain != 0.0 {
                for (price, entry) in prices.iter_mut().zip(&self.inverse[row * rows..]) {
                    *price += gain * entry;
                }
            }
        }
        prices
    }

    /// Pivots until no column helps; with `feasibility`, until the artificial column is out.
    fn maximise(&mut self, feasibility: bool) -> Option<()> {
        let rows = self.rows();
        let mut idle = 0;
        for _ in 0..MAX_PIVOTS_PER_ROW * rows {
            if feasibility && !self.basis.contains(&TableauColumn::Artificial) {
                return Some(());
            }
            let prices = self.prices(feasibility);
            let first = idle > PATIENCE_PER_ROW * rows;
            let Some(entering) = self.entering(&prices, feasibility, first) else {
                return (!feasibility).then_some(());
            };
            let step = self.pivot(entering)?;
            idle = if step > self.small { 0 } else { idle + 1 };
        }
        None
    }

    /// The column that gains most, or with `first` the first that gains.
    fn entering(
        &mut self,
        prices: &[f64],
        feasibility: bool,
        first: bool,
    ) -> Option<TableauColumn> {
        let level = prices[self.n];
        let mut best = None;
        let mut most = self.small;
        for mask in 1..self.values.len() {
            let rest = mask & (mask - 1);
            self.cost[mask] = self.cost[rest] + prices[mask.trailing_zeros() as usize];
            let value = if feasibility { 0.0 } else { self.values[mask] };
            let gain = value - self.cost[mask] - level;
            if gain > most && !self.closed[mask] {
                (best, most) = (Some(TableauColumn::Open(mask)), gain);
                if first {
                    return best;
                }
            }
        }
        if self.bounded {
            for (i, price) in prices[..self.n].iter().enumerate() {
                if -price > most {
                    (best, most) = (Some(TableauColumn::Bound(i)), -price);
                    if first {
                        return best;
                    }
                }
            }
        }
        best
    }

    /// Lets a column into the basis and says by how much its weight rises.
    fn pivot(&mut self, entering: TableauColumn) -> Option<f64> {
        let rows = self.rows();
        let column: Vec<f64> = (0..rows).map(|row| self.entry(entering, row)).collect();
        let product = |row: usize| {
            let entries = self.inverse[row * rows..(row + 1) * rows].iter();
            entries.zip(&column).map(|(a, b)| a * b).sum::<f64>()
        };
        let direction: Vec<f64> = (0..rows).map(product).collect();
        let mut leaving: Option<(usize, f64)> = None;
        for row in 0..rows {
            let may_leave = !matches!(self.basis[row], TableauColumn::Fixed(_));
            if may_leave && direction[row] > self.positive {
                let ratio = self.weight[row].max(0.0) / direction[row];
                let better = leaving.is_none_or(|(best, least)| {
                    let tie = (ratio - least).abs() <= self.small;
                    let artificial = self.basis[row] == TableauColumn::Artificial;
                    let larger = self.basis[best] != TableauColumn::Artificial
                        && direction[row] > direction[best];
                    if tie {
                        artificial || larger
                    } else {
                        ratio < least
                    }
                });
                if better {
                    leaving = Some((row, ratio));
                }
            }
        }
        let (leaving, step) = leaving?;
        let scale = 1.0 / direction[leaving];
        for column in 0..rows {
            self.inverse[leaving * rows + column] *= scale;
        }
        self.weight[leaving] = step;
        for row in (0..rows).filter(|&row| row != leaving) {
            let factor = direction[row];
            if factor != 0.0 {
                self.weight[row] -= factor * step;
                for column in 0..rows {
                    let moved = factor * self.inverse[leaving * rows + column];
                    self.inverse[row * rows + column] -= moved;
                }
            }
        }
        self.basis[leaving] = entering;
        Some(step)
    }

    /// Fixes what has a positive weight and prepares the basis of the next level.
    fn fix(&mut self, prices: &[f64]) {
        let level = prices[self.n];
        for row in 0..self.rows() {
            let positive = self.weight[row] > self.positive;
            let (mask, paid) = match self.basis[row] {
                TableauColumn::Open(mask) if positive => (mask, self.values[mask] - level),
                TableauColumn::Bound(i) if positive => (1 << i, 0.0),
                _ => continue,
            };
            // The weights balance: the last of these columns lies in the span of the others.
            self.basis[row] = if self.span.insert(mask as u64) {
                self.paid[mask] = paid;
                TableauColumn::Fixed(mask)
            } else {
                TableauColumn::Artificial
            };
        }
        for mask in 1..self.closed.len() {
            self.closed[mask] = self.closed[mask] || self.span.contains(mask as u64);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // The glove game, and a pair whose gain the grand coalition spoils.
        let gloves = [0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0];
        let spoiled = [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.2];
        let cases = [
            (gloves, true, [1.0, 0.0, 0.0]),
            (gloves, false, [1.0, 0.0, 0.0]),
            (spoiled, true, [0.1, 0.1, 0.0]),
            (spoiled, false, [0.3, 0.3, -0.4]),
        ];
        for (values, bounded, expected) in cases {
            let x = nucleolus_by_levels(&values, 3, bounded, TOLERANCES[0]).expect("three players");
            let near = x.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12);
            assert!(near, "{x:?} is not {expected:?}");
        }
    }
}
