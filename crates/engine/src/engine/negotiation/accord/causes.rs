//! What a window would have brought each state had something been otherwise: the causes of its payoff (43), and who is in as a cause (44).
//!
//! Not here: sharing and delay, which follow from what was paid and when, and sums over windows (`ledger`).

use crate::engine::model::arm::StateSet;
use crate::engine::negotiation::accord::coalitions::Coalitions;
use crate::engine::negotiation::accord::formation::Assembly;
use crate::engine::negotiation::tables::play::WindowPlay;
use crate::engine::negotiation::tables::setting::Setting;

/// Undelayed payoffs of one state in a window before sharing, USD bn: their differences are causes.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Counterfactuals {
    /// u_i(∅).
    pub alone: f64,
    /// u_i(fw): under the accord, nobody at a joint table.
    pub apart: f64,
    /// u_i(C).
    pub whole: f64,
    /// u_i(fw) and u_i(C) with the accord of another arm, where it is asked for.
    pub swapped: Option<SwappedPayoffs>,
}

/// Payoffs under the members of another arm's accord, in the same window of the same arm.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct SwappedPayoffs {
    /// u_i(fw) there.
    pub apart: f64,
    /// u_i(C) there.
    pub whole: f64,
}

impl Counterfactuals {
    /// Where there is no accord, and none of another arm counts.
    pub fn without_accord(alone: f64, swapped: bool) -> Counterfactuals {
        let swapped = swapped.then_some(SwappedPayoffs {
            apart: alone,
            whole: alone,
        });
        Counterfactuals {
            alone,
            apart: alone,
            whole: alone,
            swapped,
        }
    }

    /// u_i(fw) − u_i(∅).
    pub fn rules(&self) -> f64 {
        self.apart - self.alone
    }

    /// u_i(C) − u_i(fw).
    pub fn table(&self) -> f64 {
        self.whole - self.apart
    }

    /// u_i(C) less that at the members of another arm (44), where it is asked for.
    pub fn members(&self) -> Option<f64> {
        self.swapped.map(|swapped| self.whole - swapped.whole)
    }
}

impl Assembly<'_> {
    /// Fills what each state would have got otherwise; `swapped` is the accord that another arm has in this window (44).
    pub fn weigh_causes(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        accord: StateSet,
        swapped: Option<StateSet>,
        causes: &mut [Counterfactuals],
    ) {
        let apart = |accord| Setting {
            accord,
            apart: true,
        };
        self.weigh_setting(play, coalitions, Setting::default(), |i, payoff| {
            causes[i].alone = payoff;
            causes[i].swapped = swapped.map(|_| SwappedPayoffs::default());
        });
        self.weigh_setting(play, coalitions, apart(accord), |i, payoff| {
            causes[i].apart = payoff;
        });
        self.weigh_setting(play, coalitions, Setting::whole(accord), |i, payoff| {
            causes[i].whole = payoff;
        });
        let Some(other) = swapped else { return };
        let mut weigh = |setting, take: fn(&mut SwappedPayoffs) -> &mut f64| {
            self.weigh_setting(play, coalitions, setting, |i, payoff| {
                if let Some(swapped) = &mut causes[i].swapped {
                    *take(swapped) = payoff;
                }
            });
        };
        weigh(apart(other), |swapped| &mut swapped.apart);
        weigh(Setting::whole(other), |swapped| &mut swapped.whole);
    }

    /// Hands on every state's undelayed payoff before sharing.
    fn weigh_setting(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        setting: Setting,
        mut take: impl FnMut(usize, f64),
    ) {
        let slot = coalitions.weigh(&self.talks, play, setting);
        let payoffs = coalitions.payoffs(slot);
        (0..self.talks.economy.n).for_each(|i| take(i, payoffs.delayed(i, 1.0)));
    }
}
