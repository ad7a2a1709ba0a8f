//! The options of a run's question, ranked by what they bring whoever chooses.

use super::facts::Facts;
use crate::engine::model::arm::Arm;
use crate::engine::model::keys::ArmKey;
use crate::engine::model::layout::Slot;
use crate::engine::model::question::View;
use crate::engine::outcome::TotalMetric;
use crate::report::document::{Span, Text, text, written};
use crate::report::numbers::{Pair, Quote, frequency, ratio, traced};
use crate::report::scale::scale;
use crate::report::sentence::say;
use crate::study::results::choice::options;
use crate::study::results::question::BestShare;
use crate::theory::spelling::units::{number, percent};

/// Finer shares than this of a year's GDP are not told apart from none.
const LEAST_SHARE: f64 = 5e-6;

impl Facts<'_> {
    /// The arms to choose from, those that bring a party most first; of two that bring the same, the one that stands first.
    pub(in crate::report::sections) fn ranked_options(&self, view: View) -> Vec<usize> {
        let mut ranked = options(self.model);
        let brings = |arm: usize| self.of_party(arm, view).value();
        ranked.sort_by(|&one, &other| brings(other).total_cmp(&brings(one)));
        ranked
    }

    /// What a party gets: payoff, or a hyperscaler's profit.
    pub(in crate::report::sections) fn of_party(&self, arm: usize, view: View) -> Quote {
        match view {
            View::Region => self.total(arm, TotalMetric::Payoff),
            View::State(i) => self.of_state(arm, i, "payoff"),
            View::Hyperscaler(h) => self.of_hyperscaler(arm, h, "profit"),
        }
    }

    /// The paired difference of what a party gets between two arms.
    pub(in crate::report::sections) fn party_pair(
        &self,
        arm: usize,
        reference: usize,
        view: View,
    ) -> Pair {
        match view {
            View::Region => self.total_pair(arm, reference, TotalMetric::Payoff),
            View::State(i) => self.state_pair(arm, reference, i, "payoff"),
            View::Hyperscaler(h) => self.hyperscaler_pair(arm, reference, h, "profit"),
        }
    }

    /// What a party is called.
    pub(in crate::report::sections) fn party(&self, view: View) -> &str {
        match view {
            View::Region => "the region",
            View::State(i) => &self.model.states[i].name,
            View::Hyperscaler(h) => &self.model.hyperscalers[h].name,
        }
    }

    /// An arm by its title, with its name beside.
    pub(in crate::report::sections) fn titled(&self, arm: usize) -> Text {
        let Arm { name, title, .. } = &self.model.arms[arm];
        match title == name {
            true => text![self.arm(arm)],
            false => say!("{} ({})", title.as_str(), self.arm(arm)),
        }
    }

    /// The same for headings: "Binding rules, one table (bloc)".
    pub(super) fn heading(&self, arm: usize) -> String {
        written(&self.titled(arm))
    }

    /// In how many worlds an option is the best for a party; none where results do not say.
    pub(in crate::report::sections) fn best(
        &self,
        arm: usize,
        view: View,
    ) -> Option<(BestShare, String)> {
        let choice = self.results.question.as_ref()?;
        let name = self.name(arm);
        let (shares, place) = match view {
            View::Region => (&choice.region, "region".to_owned()),
            View::State(i) => {
                let id = &self.model.states[i].id;
                (choice.states.get(id)?, format!("states.{id}"))
            }
            View::Hyperscaler(h) => {
                let id = &self.model.hyperscalers[h].id;
                (choice.hyperscalers.get(id)?, format!("hyperscalers.{id}"))
            }
        };
        let share = *shares.get(name)?;
        Some((share, format!("question.{place}.{name}")))
    }

    /// The same as a frequency: "83 of 100".
    pub(in crate::report::sections) fn best_often(&self, arm: usize, view: View) -> Option<Span> {
        let (share, path) = self.best(arm, view)?;
        Some(frequency(share.best, self.trials(), format!("{path}.best")))
    }

    /// The option that brings a state most, or all together.
    pub(in crate::report::sections) fn best_for(&self, state: Option<usize>) -> usize {
        let view = state.map_or(View::Region, View::State);
        self.ranked_options(view)[0]
    }

    /// What leaving an option costs, as a share of the value at stake; nothing where there is no accord to leave.
    pub(in crate::report::sections) fn penalty(&self, arm: usize) -> f64 {
        let slot = self.model.layout.index(Slot::Arm(arm, ArmKey::Penalty));
        match self.model.arms[arm].is_accord() {
            true => self.model.base[slot],
            false => 0.0,
        }
    }

    /// Whether a difference is much: beside what the party gets anyway, and by year beside GDP and head.
    pub(in crate::report::sections) fn measured(
        &self,
        arm: usize,
        reference: usize,
        view: View,
    ) -> Option<Text> {
        let difference = self.party_pair(arm, reference, view).difference();
        let whole = self.of_party(reference, view);
        let share = difference.value() / whole.value();
        if !share.is_finite() || whole.value() <= 0.0 || difference.value() == 0.0 {
            return None;
        }
        let share = ratio(&difference, &whole, |share| tenth(share.abs()));
        let what = match view {
            View::Region => "what the states have",
            View::State(_) => "what it has",
            View::Hyperscaler(_) => "its profit",
        };
        let said = say!("That is {} of {} as {}", share, what, self.arm(reference));
        Some(match view {
            View::Hyperscaler(_) => say!("{}.", said),
            _ => say!("{}{}.", said, self.a_year(arm, reference, view)),
        })
    }

    /// The same by year.
    fn a_year(&self, arm: usize, reference: usize, view: View) -> Text {
        let brings = |i: usize| (i, self.state_pair(arm, reference, i, "payoff").value());
        let states = match view {
            View::State(i) => i..i + 1,
            _ => 0..self.model.states.len(),
        };
        let scale = scale(self.model, states.map(brings));
        let path = self
            .party_pair(arm, reference, view)
            .difference()
            .at("mean");
        let years = self.model.horizon.windows as f64 * self.model.horizon.window_years;
        let mut said = say!(
            "; paid out evenly over {} years, {} of GDP",
            number(years, Some(1.0)),
            traced(
                &of_gdp(scale.gdp.abs()),
                scale.gdp,
                &format!("{path} a year / GDP")
            )
        );
        if let Some(head) = scale.head {
            let error = 0.1 * head.abs();
            said.extend(say!(
                " and US$ {} a head a year",
                traced(
                    &number(head.abs(), Some(error)),
                    head,
                    &format!("{path} a year / population")
                )
            ));
        }
        said
    }
}

/// A share in percent, below ten with one decimal.
fn tenth(share: f64) -> String {
    match share {
        small if small < 0.1 => format!("{}%", number(100.0 * small, Some(0.3))),
        large => percent(large),
    }
}

/// A small share with two digits.
fn of_gdp(share: f64) -> String {
    match share {
        large if large >= 0.1 => percent(large),
        some if some >= LEAST_SHARE => format!("{}%", number(100.0 * some, Some(10.0 * some))),
        _ => "less than 0.001%".to_owned(),
    }
}
