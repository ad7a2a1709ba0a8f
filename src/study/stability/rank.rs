//! The coalitions worth naming: the most stable, the largest that holds, the smallest that is enough.

use crate::study::stability::judge::Mark;
use crate::study::stability::tally::CoalitionSummary;

/// How many of the most stable coalitions are named.
const MOST_STABLE: usize = 10;

/// The share of worlds from which on a coalition counts as holding.
pub const HOLDS: f64 = 0.5;

/// Places of coalitions in a list of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranking {
    /// The ten that are stable in the largest share of worlds, best first; ties by mean gain, then the earlier in the list. None
    /// that is stable nowhere.
    pub most_stable: Vec<usize>,
    /// The one with most members that is stable in at least half of the worlds; ties by share, then gain.
    pub largest_stable: Option<usize>,
    /// The one with fewest members whose mean gain is at least the share asked for of the grand coalition's; ties by gain. None
    /// if the grand coalition gains nothing.
    pub smallest_secure: Option<usize>,
}

/// Ranks coalitions, the grand coalition last among them; `secure` is the share of its gain to secure.
pub fn rank(coalitions: &[CoalitionSummary], secure: f64) -> Ranking {
    let stable = |at: usize| coalitions[at].share(Mark::Stable);
    let gain = |at: usize| coalitions[at].gain.mean;
    let size = |at: usize| coalitions[at].size();
    let mut order: Vec<usize> = (0..coalitions.len())
        .filter(|&at| stable(at) > 0.0)
        .collect();
    // Sorting is stable, so the earlier stays first among equals.
    order.sort_by(|&a, &b| {
        let by_share = stable(b).total_cmp(&stable(a));
        by_share.then(gain(b).total_cmp(&gain(a)))
    });
    let mut largest: Option<usize> = None;
    for &at in order.iter().filter(|&&at| stable(at) >= HOLDS) {
        // In this order, a larger one only wins by its size.
        if largest.is_none_or(|best| size(at) > size(best)) {
            largest = Some(at);
        }
    }
    let whole = coalitions.last().map_or(0.0, |grand| grand.gain.mean);
    let enough = (0..coalitions.len()).filter(|&at| whole > 0.0 && gain(at) >= secure * whole);
    let smallest = enough.min_by(|&a, &b| size(a).cmp(&size(b)).then(gain(b).total_cmp(&gain(a))));
    order.truncate(MOST_STABLE);
    Ranking {
        most_stable: order,
        largest_stable: largest,
        smallest_secure: smallest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::stats::summary::summarise;

    fn coalition(mask: usize, stable: f64, gain: f64) -> CoalitionSummary {
        let mut shares = [0.0; Mark::ALL.len()];
        shares[Mark::Stable as usize] = stable;
        CoalitionSummary {
            mask,
            shares,
            accord: [0.0; 2],
            gain: summarise([gain].into_iter()).expect("a value"),
        }
    }

    #[test]
    fn by_share_size_and_gain() {
        let all = [
            coalition(0b011, 0.9, 1.0),
            coalition(0b101, 0.9, 2.0),
            coalition(0b110, 0.0, 7.0),
            coalition(0b111, 0.5, 8.0),
        ];
        let ranking = rank(&all, 0.8);
        assert_eq!(ranking.most_stable, [1, 0, 3]);
        assert_eq!(ranking.largest_stable, Some(3));
        assert_eq!(ranking.smallest_secure, Some(2), "7 of 8");
        assert_eq!(rank(&all, 0.9).smallest_secure, Some(3));
        let losing = [coalition(0b01, 0.4, 3.0), coalition(0b11, 0.4, -1.0)];
        let ranking = rank(&losing, 0.8);
        assert_eq!(
            (ranking.largest_stable, ranking.smallest_secure),
            (None, None)
        );
    }
}
