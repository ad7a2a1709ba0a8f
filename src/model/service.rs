//! What a set of hosts is worth to each side (model, section 3), as functions of plain numbers.

use crate::model::arm::{StateSet, members};

/// ω of (13): the demand captured at quality `psi` when the mean quality over all hyperscalers is `mean`.
///
/// ω = ψ/(1 − δ + δ·Q), 0 if ψ = 0. With δ = 1 and Q = 0 only hyperscalers without a market share have ψ > 0; they capture 0.
#[inline]
pub fn captured(psi: f64, mean: f64, diversion: f64) -> f64 {
    let denominator = 1.0 - diversion + diversion * mean;
    if psi == 0.0 || denominator <= 0.0 {
        0.0
    } else {
        psi / denominator
    }
}

/// comp_h(S) of (15): Σ outside the accord + (1−η)·Σ inside + η·max inside.
///
/// `costs` holds C_jh for state j at `costs[j·stride]`, USD bn.
pub fn compliance(
    hosts: StateSet,
    accord: StateSet,
    harmonisation: f64,
    costs: &[f64],
    stride: usize,
) -> f64 {
    let outside: f64 = members(hosts & !accord).map(|j| costs[j * stride]).sum();
    let (mut inside, mut largest) = (0.0, 0.0f64);
    for j in members(hosts & accord) {
        inside += costs[j * stride];
        largest = largest.max(costs[j * stride]);
    }
    outside + (1.0 - harmonisation) * inside + harmonisation * largest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captured_demand_covers_both_limits() {
        assert_eq!(captured(0.4, 0.9, 0.0), 0.4);
        assert_eq!(captured(1.0, 1.0, 0.7), 1.0);
        assert_eq!(captured(0.5, 0.25, 1.0), 2.0);
        assert_eq!(captured(0.5, 0.0, 1.0), 0.0);
        assert_eq!(captured(0.0, 0.0, 1.0), 0.0);
    }

    #[test]
    fn harmonisation_counts_the_costliest_member_once() {
        let costs = [1.0, 2.0, 4.0];
        assert_eq!(compliance(0b111, 0, 1.0, &costs, 1), 7.0);
        assert_eq!(compliance(0b111, 0b011, 1.0, &costs, 1), 6.0);
        assert_eq!(compliance(0b111, 0b011, 0.5, &costs, 1), 4.0 + 1.5 + 1.0);
        assert_eq!(compliance(0, 0b111, 0.5, &costs, 1), 0.0);
    }
}
