//! Deals in random order (38), the rival theory: a deal counts on those that h struck before it.
//!
//! # References
//! Stole and Zwiebel, Intra-firm Bargaining under Non-binding Contracts, Review of Economic Studies 63 (1996); Inderst and Wey, Bargaining,
//! Mergers, and Technology Choice in Bilaterally Oligopolistic Industries, RAND Journal of Economics 34 (2003).

use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::lanes::indicate;
use crate::engine::negotiation::network::worth::regime;
use crate::engine::negotiation::tables::gains::Change;
use crate::engine::negotiation::tables::play::{TooManyParties, WindowPlay};
use crate::engine::negotiation::tables::talks::Talks;

/// Most other parties of a table, whose 2^12 sets are summed exactly.
const MOST_PARTIES: u32 = 12;

impl Talks<'_> {
    /// What hosts of `table` change, averaged over the sets R of other parties of E_h that come before: Σ_R 2·(|R|+1)!·(N−|R|)!/(N+2)!·\[·\].
    ///
    /// Where there are more than 12 other parties nothing is computed and the play notes it.
    pub(super) fn change_in_random_order(
        &self,
        play: &mut WindowPlay,
        h: usize,
        table: StateSet,
        placed: StateSet,
    ) -> Change {
        self.find_parties(play, h, table);
        let count = play.joint.parties.len() as u32;
        if count > MOST_PARTIES {
            play.failure.get_or_insert(TooManyParties {
                table,
                hyperscaler: h,
                parties: count,
            });
            return Change::default();
        }
        let mut sum = Change::default();
        indicate(placed, &mut play.joint.placed);
        for set in 0u64..1 << count {
            let before = members(set).fold(0, |hosts, at| hosts | play.joint.parties[at]);
            let weight = weight_of(set.count_ones(), count);
            let change = self.change_from(play, h, table, before, placed);
            sum.demand += weight * change.demand;
            sum.hyperscaler += weight * change.hyperscaler;
            sum.states += weight * change.states;
        }
        sum
    }

    /// The other parties among the expected hosts: each state one, but the bloc's together.
    fn find_parties(&self, play: &mut WindowPlay, h: usize, table: StateSet) {
        let others = play.expected.hosts[h] & !table;
        let together = others & play.bloc;
        let parties = &mut play.joint.parties;
        parties.clear();
        parties.extend(members(others & !together).map(|i| 1 << i));
        if together != 0 {
            parties.push(together);
        }
    }

    /// Π_h(R∪G) − Π_h(R) and Σ_{l∈T} U_l likewise, rivals as expected.
    fn change_from(
        &self,
        play: &mut WindowPlay,
        h: usize,
        table: StateSet,
        before: StateSet,
        placed: StateSet,
    ) -> Change {
        let economy = self.economy;
        let WindowPlay {
            accord,
            worth,
            service,
            expected,
            joint,
            ..
        } = play;
        let sight = &mut joint.expected;
        let plus = before | placed;
        sight.minus = before;
        let capital_without = service.write_quality(economy, h, before, &mut sight.without);
        let cell = service.locate(economy, h, plus);
        let (capital, with) = (service.capital(h, cell), service.quality(cell));
        let demand = expected.market(economy, h).demand(with, &sight.without);
        let added = regime(economy, self.arm_economy, *accord, h, plus)
            - regime(economy, self.arm_economy, *accord, h, before);
        let mut states = self.access_gained(sight, with, &joint.placed);
        if economy.peers > 0.0 {
            states += self.lag_regained(worth, h, table, sight, with, plus);
        }
        Change {
            demand,
            hyperscaler: demand - (capital - capital_without) - added,
            states,
        }
    }
}

/// 2·(r+1)!·(N−r)!/(N+2)!.
fn weight_of(r: u32, count: u32) -> f64 {
    // (r+1)!·(N−r)!/(N+1)! is one over a binomial coefficient.
    let (n, k) = (count + 1, r + 1);
    let mut binomial = 1.0;
    for step in 0..k.min(n - k) {
        binomial *= f64::from(n - step) / f64::from(step + 1);
    }
    2.0 / (binomial * f64::from(count + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_all_sets_add_up_to_one() {
        for count in 0..=12u32 {
            let sum: f64 = (0u64..1 << count)
                .map(|set| weight_of(set.count_ones(), count))
                .sum();
            assert!((sum - 1.0).abs() < 1e-12, "{count}: {sum}");
        }
        assert!((weight_of(1, 2) - 2.0 * 2.0 / 24.0).abs() < 1e-15);
    }
}
