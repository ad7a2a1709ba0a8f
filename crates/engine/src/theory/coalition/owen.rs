//! The Owen value: what players get when they come in blocs that act as one outside and divide by the same logic inside.

use crate::theory::coalition::error::CoalitionError;
use crate::theory::coalition::game::{MAX_PLAYERS, players_of};

/// The Owen value of a game whose players are partitioned into `blocs`, exact by sums over coalitions.
///
/// For i in bloc B of b players among m blocs: Σ_R Σ_T r!(m−1−r)!/m! · t!(b−1−t)!/b! · (v(Q∪T∪i) − v(Q∪T)), over sets R of r other blocs,
/// Q their union, and T of t other members of B. A bloc gets its Shapley value in the game among blocs; with blocs of one, or one bloc of
/// all, each player gets its Shapley value.
///
/// `values`: v, length 2^n in binary order, `values[0]` = 0; `blocs`: bit masks; the answer has one entry per player. n is in \[1, 20\];
/// Σ_B b·2^(m+b−2) steps, never more than n·2^(n−1).
///
/// # Errors
/// n outside \[1, 20\], another number of values, blocs that are no partition of the players.
///
/// # References
/// Owen, Values of games with a priori unions (1977), <https://doi.org/10.1007/978-3-642-45494-3_7>.
pub fn owen_value(values: &[f64], n: usize, blocs: &[u64]) -> Result<Vec<f64>, CoalitionError> {
    if n == 0 || n > MAX_PLAYERS {
        return Err(CoalitionError::Players {
            given: n,
            max: MAX_PLAYERS,
        });
    }
    if values.len() != 1 << n {
        return Err(CoalitionError::Length {
            given: values.len(),
            max: MAX_PLAYERS,
        });
    }
    check_partition(n, blocs)?;
    let outer = weights(blocs.len());
    let mut owen = vec![0.0; n];
    for (own, &bloc) in blocs.iter().enumerate() {
        let others: Vec<u64> = blocs
            .iter()
            .copied()
            .enumerate()
            .filter(|(k, _)| *k != own)
            .map(|(_, bloc)| bloc)
            .collect();
        let unions = unions(&others);
        let inner = weights(bloc.count_ones() as usize);
        for i in players_of(bloc) {
            let mates: Vec<u64> = players_of(bloc & !(1 << i)).map(|j| 1 << j).collect();
            let parts = self::unions(&mates);
            for (chosen, union) in unions.iter().enumerate() {
                let weight = outer[chosen.count_ones() as usize];
                let marginals = parts.iter().enumerate().map(|(part, mask)| {
                    let before = (union | mask) as usize;
                    inner[part.count_ones() as usize] * (values[before | 1 << i] - values[before])
                });
                owen[i] += weight * marginals.sum::<f64>();
            }
        }
    }
    Ok(owen)
}

/// The partition of n players into one bloc and everyone else alone: the bloc first, outsiders in order. An empty bloc is left out.
///
/// # Errors
/// n outside \[1, 20\], a bloc with players that do not exist.
pub fn bloc_partition(n: usize, bloc: u64) -> Result<Vec<u64>, CoalitionError> {
    if n == 0 || n > MAX_PLAYERS {
        return Err(CoalitionError::Players {
            given: n,
            max: MAX_PLAYERS,
        });
    }
    let outsiders = (0..n).map(|i| 1 << i).filter(|single| bloc & single == 0);
    let blocs: Vec<u64> = Some(bloc)
        .filter(|&bloc| bloc != 0)
        .into_iter()
        .chain(outsiders)
        .collect();
    check_partition(n, &blocs)?;
    Ok(blocs)
}

fn check_partition(players: usize, blocs: &[u64]) -> Result<(), CoalitionError> {
    let everyone = (1u64 << players) - 1;
    let mut seen = 0;
    for &bloc in blocs {
        if bloc == 0 || bloc & seen != 0 || bloc & !everyone != 0 {
            return Err(CoalitionError::Partition { players, bloc });
        }
        seen |= bloc;
    }
    if seen == everyone {
        Ok(())
    } else {
        Err(CoalitionError::Partition { players, bloc: 0 })
    }
}

/// s!·(count−1−s)!/count! for s = 0 to count−1.
fn weights(count: usize) -> Vec<f64> {
    let mut binomial = 1.0;
    let next = |size: usize| {
        let weight = 1.0 / (count as f64 * binomial);
        binomial = binomial * (count - 1 - size) as f64 / (size + 1) as f64;
        weight
    };
    (0..count).map(next).collect()
}

/// The union of each subset of disjoint coalitions, subsets in binary order.
fn unions(coalitions: &[u64]) -> Vec<u64> {
    let mut unions = vec![0];
    for coalition in coalitions {
        let with: Vec<u64> = unions.iter().map(|union| union | coalition).collect();
        unions.extend(with);
    }
    unions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_partitions() {
        let cases = [
            (vec![0b011], 0),
            (vec![0b011, 0b110], 0b110),
            (vec![0b011, 0b1100], 0b1100),
            (vec![0b111, 0], 0),
            (vec![], 0),
        ];
        for (blocs, bloc) in cases {
            let error = CoalitionError::Partition { players: 3, bloc };
            assert_eq!(owen_value(&[0.0; 8], 3, &blocs), Err(error));
        }
        let length = CoalitionError::Length { given: 4, max: 20 };
        assert_eq!(owen_value(&[0.0; 4], 3, &[0b111]), Err(length));
        let players = CoalitionError::Players { given: 21, max: 20 };
        assert_eq!(owen_value(&[], 21, &[]), Err(players.clone()));
        assert_eq!(bloc_partition(21, 1), Err(players));
    }

    #[test]
    fn a_bloc_and_outsiders() {
        assert_eq!(bloc_partition(4, 0b1010), Ok(vec![0b1010, 0b0001, 0b0100]));
        assert_eq!(bloc_partition(2, 0), Ok(vec![0b01, 0b10]));
        let error = CoalitionError::Partition {
            players: 2,
            bloc: 0b100,
        };
        assert_eq!(bloc_partition(2, 0b100), Err(error));
    }
}
