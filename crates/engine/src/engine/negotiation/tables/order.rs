//! The order in which pairs meet, and the place of a table of several states (model, section 6, first paragraph).
//!
//! Not here: what happens at a table; the random order is drawn in `model`.

use crate::engine::model::Order;
use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::valuation::Economy;

/// Writes the sequence of all pairs (i·m + h) and, for each pair, its place in it.
///
/// `uniforms` ranks the pairs under a random order; sizes are descending under `size`; ties go to the earlier pair.
pub fn write_order(
    order: Order,
    economy: &Economy,
    uniforms: &[f64],
    sequence: &mut [usize],
    places: &mut [usize],
) {
    for (p, entry) in sequence.iter_mut().enumerate() {
        *entry = p;
    }
    match order {
        Order::Listed => {}
        Order::Random => {
            sequence.sort_unstable_by(|&p, &q| uniforms[p].total_cmp(&uniforms[q]).then(p.cmp(&q)))
        }
        Order::Size => sequence
            .sort_unstable_by(|&p, &q| economy.size[q].total_cmp(&economy.size[p]).then(p.cmp(&q))),
    }
    for (place, &p) in sequence.iter().enumerate() {
        places[p] = place;
    }
}

/// The lower median of the places of the feasible pairs of `table` with h, or none if there is none; `scratch` has room for n places.
pub fn table_place(
    economy: &Economy,
    places: &[usize],
    table: StateSet,
    h: usize,
    scratch: &mut Vec<usize>,
) -> Option<usize> {
    scratch.clear();
    scratch.extend(members(table & economy.feasible[h]).map(|i| places[i * economy.m + h]));
    if scratch.is_empty() {
        return None;
    }
    scratch.sort_unstable();
    Some(scratch[(scratch.len() - 1) / 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_break_ties_towards_the_earlier_pair() {
        let mut economy = Economy::new(2, 2, 0);
        economy.size = vec![1.0, 3.0, 3.0, 2.0];
        let (mut sequence, mut places) = (vec![0; 4], vec![0; 4]);
        write_order(Order::Size, &economy, &[], &mut sequence, &mut places);
        assert_eq!(sequence, [1, 2, 3, 0]);
        assert_eq!(places, [3, 0, 1, 2]);
        write_order(
            Order::Random,
            &economy,
            &[0.5, 0.1, 0.9, 0.1],
            &mut sequence,
            &mut places,
        );
        assert_eq!(sequence, [1, 3, 0, 2]);
        write_order(Order::Listed, &economy, &[], &mut sequence, &mut places);
        assert_eq!(sequence, [0, 1, 2, 3]);
    }

    #[test]
    fn a_table_sits_at_the_lower_median_of_its_feasible_pairs() {
        let mut economy = Economy::new(4, 1, 0);
        economy.feasible = vec![0b1111];
        let places = [7, 1, 4, 2];
        let mut scratch = Vec::with_capacity(4);
        assert_eq!(
            table_place(&economy, &places, 0b1111, 0, &mut scratch),
            Some(2)
        );
        assert_eq!(
            table_place(&economy, &places, 0b0111, 0, &mut scratch),
            Some(4)
        );
        economy.feasible = vec![0];
        assert_eq!(
            table_place(&economy, &places, 0b0111, 0, &mut scratch),
            None
        );
    }
}
