//! Exact linear algebra on coalitions: rank and balancedness in whole numbers, so that no rounding can decide either.

use crate::theory::coalition::game::players_of;

/// A prime above every minor of a 0/1 matrix of up to 20 columns (at most 21^10.5/2^20 < 10^8), so that the rank modulo it is the rank.
const PRIME: u64 = (1 << 31) - 1;

/// The linear span of the 0/1 vectors of coalitions, as a basis in echelon form modulo [`PRIME`].
pub(super) struct CoalitionSpan {
    /// At index i: a vector whose first nonzero entry is 1, at i.
    rows: Vec<Option<Vec<u64>>>,
    rank: usize,
}

impl CoalitionSpan {
    pub(super) fn new(n: usize) -> CoalitionSpan {
        CoalitionSpan {
            rows: vec![None; n],
            rank: 0,
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.rank == self.rows.len()
    }

    pub(super) fn contains(&self, coalition: u64) -> bool {
        self.is_full() || self.reduce(coalition).is_none()
    }

    /// Adds a vector and says whether it was outside the span.
    pub(super) fn insert(&mut self, coalition: u64) -> bool {
        let Some((lead, mut row)) = self.reduce(coalition) else {
            return false;
        };
        let inverse = power(row[lead], PRIME - 2);
        for entry in &mut row {
            *entry = *entry * inverse % PRIME;
        }
        self.rows[lead] = Some(row);
        self.rank += 1;
        true
    }

    /// What is left of a vector after elimination, with the index of its first nonzero entry; none if it is in the span.
    fn reduce(&self, coalition: u64) -> Option<(usize, Vec<u64>)> {
        let n = self.rows.len();
        let mut vector: Vec<u64> = (0..n).map(|i| coalition >> i & 1).collect();
        for lead in 0..n {
            if vector[lead] == 0 {
                continue;
            }
            let Some(row) = &self.rows[lead] else {
                return Some((lead, vector));
            };
            let factor = PRIME - vector[lead];
            for (entry, basis) in vector.iter_mut().zip(row) {
                *entry = (*entry + factor * basis) % PRIME;
            }
        }
        None
    }
}

fn power(base: u64, mut exponent: u64) -> u64 {
    let (mut base, mut result) = (base % PRIME, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        exponent >>= 1;
    }
    result
}

/// Whether Σ_{C∈columns} λ_C·1_C = `target` + k·1_N for some λ >= 0 and, with `shifted`, some k >= 0 (otherwise k = 0).
///
/// `target` has n entries >= 0. Phase one of the simplex method on n rows in whole numbers (pivots after Edmonds: the inverse of the basis
/// is kept times its determinant, so every division is exact), with Bland's rule while a pivot makes no progress: it ends, and the answer
/// is exact. Entries stay below n·2^20·10^8, products of two below 2^127.
pub(super) fn in_cone(columns: &[u64], target: &[i128], shifted: bool) -> bool {
    if target.iter().all(|&entry| entry == 0) {
        return true;
    }
    let n = target.len();
    // Column columns.len() is −1_N, the ones after it are artificial and never enter.
    let artificial = columns.len() + 1;
    let mut inverse: Vec<i128> = vec![0; n * n];
    for row in 0..n {
        inverse[row * n + row] = 1;
    }
    let mut level = target.to_vec();
    let mut basis: Vec<usize> = (artificial..artificial + n).collect();
    let mut determinant = 1;
    let mut cautious = false;
    loop {
        let open = |row: &usize| basis[*row] >= artificial;
        if (0..n).filter(open).all(|row| level[row] == 0) {
            return true;
        }
        // How much the sum of artificials falls per unit of a column, times the determinant.
        let mut price = vec![0; n];
        for row in (0..n).filter(open) {
            for (price, entry) in price.iter_mut().zip(&inverse[row * n..]) {
                *price += entry;
            }
        }
        let Some(entering) = entering(columns, &price, shifted, cautious) else {
            return false;
        };
        let direction: Vec<i128> = (0..n)
            .map(|row| {
                let entries = &inverse[row * n..(row + 1) * n];
                match columns.get(entering) {
                    Some(&coalition) => players_of(coalition).map(|i| entries[i]).sum(),
                    None => -entries.iter().sum::<i128>(),
                }
            })
            .collect();
        let better = |a: usize, b: usize| {
            let (left, right) = (level[a] * direction[b], level[b] * direction[a]);
            left < right || left == right && basis[a] < basis[b]
        };
        let leaving = (0..n)
            .filter(|&row| direction[row] > 0)
            .reduce(|best, row| if better(row, best) { row } else { best });
        let Some(leaving) = leaving else {
            // A falling sum of artificials is bounded below by 0.
            return false;
        };
        cautious = level[leaving] == 0;
        let pivot = direction[leaving];
        for row in (0..n).filter(|&row| row != leaving) {
            for column in 0..n {
                let entry = pivot * inverse[row * n + column]
                    - direction[row] * inverse[leaving * n + column];
                inverse[row * n + column] = entry / determinant;
            }
            level[row] = (pivot * level[row] - direction[row] * level[leaving]) / determinant;
        }
        determinant = pivot;
        basis[leaving] = entering;
    }
}

/// The column that enters: the first that helps if `cautious`, otherwise the one that helps most.
fn entering(columns: &[u64], price: &[i128], shifted: bool, cautious: bool) -> Option<usize> {
    let mut best = None;
    let mut most = 0;
    for (index, &coalition) in columns.iter().enumerate() {
        let gain: i128 = players_of(coalition).map(|i| price[i]).sum();
        if gain > most {
            if cautious {
                return Some(index);
            }
            (best, most) = (Some(index), gain);
        }
    }
    if shifted && -price.iter().sum::<i128>() > most {
        return Some(columns.len());
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_by_hand() {
        let mut span = CoalitionSpan::new(3);
        assert!(span.insert(0b011) && span.insert(0b110));
        assert!(!span.insert(0b011) && !span.contains(0b001));
        assert!(span.insert(0b101) && span.is_full() && span.contains(0b001));
    }

    #[test]
    fn cones_by_hand() {
        let pairs = [0b011, 0b101, 0b110];
        let cases: [(&[u64], [i128; 3], bool, bool); 6] = [
            (&pairs, [1, 1, 1], false, true),
            (&pairs[..2], [1, 1, 1], false, false),
            (&pairs[..2], [2, 1, 1], false, true),
            (&pairs, [0, 0, 0], false, true),
            (&[0b001, 0b110], [1, 0, 0], true, true),
            (&[0b001, 0b010], [0, 0, 1], true, false),
        ];
        for (columns, target, shifted, expected) in cases {
            assert_eq!(in_cone(columns, &target, shifted), expected);
        }
    }
}
