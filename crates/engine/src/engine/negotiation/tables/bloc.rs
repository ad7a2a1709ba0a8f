//! The table of a whole bloc and one hyperscaler: who hosts, on which terms (model, section 6, bloc; (30)).
//!
//! Not here: who belongs to the bloc (`formation`) and how it divides what it wins (`sharing`).

use crate::engine::model::arm::{StateSet, members};
use crate::engine::negotiation::tables::placing::Placing;
use crate::engine::negotiation::tables::play::WindowPlay;
use crate::engine::negotiation::tables::record::{TableOutcome, TableRecord};
use crate::engine::negotiation::tables::talks::{Bargainer, Talks};
use crate::theory::bargaining::{Agreement, cash_total};

impl Talks<'_> {
    /// The bloc meets h: all members leave S_h and those of G enter again if the two sides agree.
    pub(crate) fn meet_bloc(&self, play: &mut WindowPlay, h: usize) {
        let economy = self.economy;
        let bloc = play.bloc;
        play.signed.remove(economy, &mut play.service, h, bloc);
        if play.refused[h] & bloc != 0 {
            play.record(|| TableRecord::without_talks(bloc, h, TableOutcome::Refused));
            return;
        }
        let Some(Placing { placed, table }) =
            self.place(play, h, economy.foresight, play.budget[h])
        else {
            play.record(|| TableRecord::without_talks(bloc, h, TableOutcome::NobodyPlaced));
            return;
        };
        let stakes = members(bloc).map(|l| economy.margin[l * economy.m + h]);
        let hosts = play.signed.hosts[h].count_ones() as usize;
        play.erosion.note(hosts, table.pressure, stakes.sum());
        self.weigh_terms(play, h, placed);
        let agreement = self.agree_jointly(play, h, Placing { placed, table });
        let ended = agreement.map_or(TableOutcome::NoDeal, TableOutcome::Agreed);
        let together = match play.follow {
            true => cash_total(&play.joint.frontier(), table.gains),
            false => 0.0,
        };
        play.record(|| TableRecord {
            table: bloc,
            hyperscaler: h,
            placed,
            gains: table.gains,
            together,
            pressure: table.pressure,
            ended,
        });
        if let Some(agreement) = agreement {
            play.joint_gains[h] = table.gains;
            play.joint_state_gains[h] = agreement.state_gain;
            play.dealt[h] |= placed;
            self.book_bloc(play, h, placed, agreement);
            let sizes = members(placed).map(|i| economy.size[i * economy.m + h]);
            play.budget[h] -= sizes.sum::<f64>();
            play.signed.add(economy, &mut play.service, h, placed);
        }
    }

    /// The bargain of the bloc, its terms being weighed; what it is promised elsewhere is found only where the bargain may leave it less.
    fn agree_jointly(
        &self,
        play: &mut WindowPlay,
        h: usize,
        Placing { placed, table }: Placing,
    ) -> Option<Agreement> {
        play.tally.bargains += 1;
        let protocol = self.protocol(self.joint_side(placed, play.accord), h);
        let settle = |play: &WindowPlay, reserve: f64| {
            let frontier = play.joint.frontier();
            self.settle(&frontier, table.gains, protocol, reserve, None)
        };
        let known = play.joint_reserves[h];
        let open = if known.is_nan() {
            f64::NEG_INFINITY
        } else {
            known
        };
        let agreement = settle(play, open)?;
        if !self.may_be_reserved(play, h, agreement.state_gain) {
            return Some(agreement);
        }
        self.find_joint_reserve(play, h);
        self.weigh_terms(play, h, placed);
        settle(play, play.joint_reserves[h])
    }

    /// Writes what the bloc's agreement brings each of G into the books, its terms being weighed. Of the cash each first gets back what h takes
    /// by repricing as far as both foresee it, the rest is split by size.
    pub(crate) fn book_bloc(
        &self,
        play: &mut WindowPlay,
        h: usize,
        placed: StateSet,
        agreement: Agreement,
    ) {
        let economy = self.economy;
        play.joint.write_levels(agreement.lambda);
        for (place, i) in members(placed).enumerate() {
            let at = match self.arm.annexes {
                true => place * economy.stride,
                false => 0,
            };
            self.book_levels(play, i, h, at);
            play.lambda[i * economy.m + h] = agreement.lambda;
        }
        if self.arm_economy.transfers {
            self.split_cash(play, h, placed, agreement.transfer);
        }
    }

    fn split_cash(&self, play: &mut WindowPlay, h: usize, placed: StateSet, transfer: f64) {
        let economy = self.economy;
        let (m, foresight) = (economy.m, economy.repricing_foresight);
        let total: f64 = members(placed).map(|i| economy.size[i * m + h]).sum();
        let taken: f64 = members(placed).map(|i| play.loss[i * m + h]).sum();
        let rest = transfer - foresight * taken;
        let count = f64::from(placed.count_ones());
        for i in members(placed) {
            let p = i * m + h;
            let share = if total > 0.0 {
                economy.size[p] / total
            } else {
                1.0 / count
            };
            play.transfer[p] = foresight * play.loss[p] + rest * share;
        }
    }

    /// β_B and the discounting of the bloc (30): V-weighted means over G, plain where Σ V = 0, and the strongest member's weight.
    pub(crate) fn joint_side(&self, placed: StateSet, accord: StateSet) -> Bargainer {
        let values: f64 = members(placed)
            .map(|i| self.arm_economy.value(i, accord))
            .sum();
        let count = f64::from(placed.count_ones());
        let mean = |of: &dyn Fn(usize) -> f64| -> f64 {
            members(placed)
                .map(|i| {
                    if values > 0.0 {
                        self.arm_economy.value(i, accord) / values * of(i)
                    } else {
                        of(i) / count
                    }
                })
                .sum()
        };
        let strongest = members(placed)
            .map(|i| self.arm_economy.bargaining_power[i])
            .fold(0.0, f64::max);
        let pooling = self.arm_economy.rules.pooling;
        let log_rate = |i: usize| self.economy.state_log_rate[i];
        Bargainer {
            bargaining_power: (1.0 - pooling) * mean(&|i| self.arm_economy.bargaining_power[i])
                + pooling * strongest,
            log_rate: mean(&log_rate),
            impatience: mean(&|i| self.impatience(log_rate(i))),
        }
    }
}
