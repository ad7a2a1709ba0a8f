//! What a set of hosts is worth to each side (model, section 3), as functions of plain numbers.

use crate::engine::model::arm::{StateSet, members};
use wide::f64x4;

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

/// The least A of [`between`], where nobody serves: with δ = 1 demand is then shared in proportion to quality.
pub const NOTHING: f64 = 1e-150;

/// (ω at `better` − ω at `worse`)/Σm of (13), four at a time, from A = (1 − δ)·Σm + δ·Σ_{g≠h} m_g·ψ_g, the `rivals`, and `pull`
/// p = δ·m_h: ω = ψ·Σm/(A + p·ψ), so it is A·(better − worse)/((A + p·better)·(A + p·worse)).
#[inline(always)]
pub fn between(rivals: f64x4, pull: f64x4, better: f64x4, worse: f64x4) -> f64x4 {
    let rivals = rivals.fast_max(f64x4::splat(NOTHING));
    rivals * (better - worse) / ((rivals + pull * better) * (rivals + pull * worse))
}

/// The most that (ω at `better` − ω at `worse`)/Σm of (13) can be where A of [`between`] lies between `rivals`: it rises up to A = p·√(better·worse)
/// and falls from there on.
pub fn most_between(rivals: [f64; 2], pull: f64, better: f64, worse: f64) -> f64 {
    let [low, high] = rivals.map(|one| one.max(NOTHING));
    let a = (pull * (better * worse).sqrt()).clamp(low, high.max(low));
    a * (better - worse) / ((a + pull * better) * (a + pull * worse))
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

/// comp_h(S∪{i}) − comp_h(S) for hosts S without i, i of the accord (15): (1−η)·C_i + η·(max(L, C_i) − L), L the largest cost of a
/// member in S.
pub fn member_compliance(
    hosts: StateSet,
    accord: StateSet,
    harmonisation: f64,
    costs: &[f64],
    stride: usize,
    i: usize,
) -> f64 {
    let largest = members(hosts & accord)
        .map(|j| costs[j * stride])
        .fold(0.0, f64::max);
    added_compliance(costs[i * stride], costs[i * stride], largest, harmonisation)
}

/// What more members add that cost `sum` together and `costliest` at most, where the costliest before costs `largest` (15):
/// (1−η)·ΣC + η·(max(L, max C) − L).
#[inline]
pub fn added_compliance(sum: f64, costliest: f64, largest: f64, harmonisation: f64) -> f64 {
    (1.0 - harmonisation) * sum + harmonisation * (largest.max(costliest) - largest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_of_captured_demand_agree_with_their_definition() {
        for diversion in [0.0, 0.4, 1.0] {
            for (others, share) in [(0.0, 0.3), (0.2, 0.3), (0.5, 0.0)] {
                let sum = share + 0.7;
                let rivals = (1.0 - diversion) * sum + diversion * others;
                let omega = |psi: f64| captured(psi, (others + share * psi) / sum, diversion);
                for (better, worse) in [(1.0, 0.0), (0.9, 0.3), (0.5, 0.5), (0.0, 0.0)] {
                    let lanes = [rivals, diversion * share, better, worse].map(f64x4::splat);
                    let closed = between(lanes[0], lanes[1], lanes[2], lanes[3]);
                    let closed = sum * closed.to_array()[2];
                    let by_definition = omega(better) - omega(worse);
                    // With δ = 1 and nobody else there, one without a share captures nothing because its margin is nothing.
                    if share > 0.0 || rivals > 0.0 {
                        assert!(
                            (closed - by_definition).abs() < 1e-15,
                            "{closed} {by_definition}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn nothing_between_two_rivals_captures_more_than_the_most() {
        for (pull, better, worse) in [(0.3, 1.0, 0.2), (0.6, 0.9, 0.9), (0.0, 1.0, 0.0)] {
            for rivals in [[0.0, 1.0], [0.01, 0.2], [0.5, 0.5]] {
                let most = most_between(rivals, pull, better, worse);
                let mut largest = 0.0f64;
                for step in 0..=1000 {
                    let a = rivals[0] + (rivals[1] - rivals[0]) * f64::from(step) / 1000.0;
                    let lanes = [a, pull, better, worse].map(f64x4::splat);
                    let captured = between(lanes[0], lanes[1], lanes[2], lanes[3]);
                    largest = largest.max(captured.to_array()[0]);
                }
                assert!(largest <= most * (1.0 + 1e-12), "{largest} {most}");
                assert!(
                    largest >= most * 0.98 || rivals[0] == 0.0,
                    "{largest} {most}"
                );
            }
        }
    }

    #[test]
    fn one_more_member_costs_the_difference() {
        let costs = [1.0, 2.0, 4.0, 3.0];
        for hosts in 0..16u64 {
            for i in (0..4).filter(|i| hosts >> i & 1 == 0) {
                let accord = 0b1101 | 1 << i;
                let with = compliance(hosts | 1 << i, accord, 0.3, &costs, 1);
                let without = compliance(hosts, accord, 0.3, &costs, 1);
                let added = member_compliance(hosts, accord, 0.3, &costs, 1, i);
                assert!((added - (with - without)).abs() < 1e-14);
            }
        }
    }

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
