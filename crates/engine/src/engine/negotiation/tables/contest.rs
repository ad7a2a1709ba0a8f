//! States bidding for one hub of each hyperscaler (model, section 6, contest).
//!
//! Not here: any accord; a contest has none.

use crate::engine::model::arm::members;
use crate::engine::negotiation::network::expected::TIE;
use crate::engine::negotiation::tables::play::WindowPlay;
use crate::engine::negotiation::tables::record::{TableOutcome, TableRecord};
use crate::engine::negotiation::tables::talks::Talks;
use crate::theory::bargaining::{Agreement, cash_total};

impl Talks<'_> {
    /// h auctions one hub: the state whose bargain would leave h most wins, and leaves h what the second would.
    ///
    /// # References
    /// King, McAfee and Welling, Industrial Blackmail, Canadian Journal of Economics 26 (1993).
    pub(crate) fn auction(&self, play: &mut WindowPlay, h: usize) {
        let economy = self.economy;
        play.signed.remove(economy, &mut play.service, h, u64::MAX);
        let (mut winner, mut first, mut second) = (None, 0.0, 0.0);
        for i in members(economy.feasible[h]) {
            let p = i * economy.m + h;
            if economy.size[p] > play.budget[h] {
                continue;
            }
            let table = self.pair_gains(play, i, h, 0.0);
            play.erosion.note(0, table.pressure, economy.margin[p]);
            self.weigh_pair(play, i, h);
            let bid = self.most_for_hyperscaler(&play.joint.frontier(), table.gains);
            let Some(bid) = bid else {
                continue;
            };
            if winner.is_none() || bid > first + TIE {
                second = if winner.is_none() { 0.0 } else { first };
                (winner, first) = (Some((i, table)), bid);
            } else if bid > second {
                second = bid;
            }
        }
        let Some((i, table)) = winner else {
            return;
        };
        let gains = table.gains;
        self.weigh_pair(play, i, h);
        let frontier = play.joint.frontier();
        let agreement = if self.arm_economy.transfers {
            let total = cash_total(&frontier, gains);
            Agreement::with_cash(&frontier, gains, total, total - second)
        } else {
            let arc = frontier.arc(gains).expect("a bid needs an arc");
            let lambda = frontier.largest_with_hyperscaler_gain(gains, second, arc.low, arc.high);
            Agreement::on_frontier(&frontier, gains, lambda)
        };
        let together = cash_total(&frontier, gains);
        let (pressure, ended) = (table.pressure, TableOutcome::Agreed(agreement));
        play.record(|| TableRecord::of_pair(i, h, gains, together, pressure, ended));
        let deal = self.deal(play, i, h, agreement);
        self.sign_pair(play, i, h, gains, deal);
    }
}
