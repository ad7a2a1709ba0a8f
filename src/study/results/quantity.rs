//! The numbers of an arm that have a distribution over trials, each with its place in a row and its name.

use crate::engine::model::Model;
use crate::engine::outcome::{
    CauseMetric, DifferenceCause, HyperscalerMetric, OutcomeLayout, StateMetric, TotalMetric,
    WindowMetric, WindowStateMetric,
};

/// A number of one arm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// A metric of the whole arm.
    Total(TotalMetric),
    /// A metric of a state.
    State(usize, StateMetric),
    /// A metric of a hyperscaler.
    Hyperscaler(usize, HyperscalerMetric),
    /// A cause of the payoff of a state, or of all states together.
    Cause(Option<usize>, CauseMetric),
    /// Mean level of a term.
    Term(usize),
    /// Whether an accord formed in any window.
    Formed,
    /// Mean size of the accord over windows.
    Size,
    /// Mean number of rounds over windows.
    Rounds,
    /// Largest standard error of a sampled share of an accord's gain.
    ShareError,
    /// Share of windows in which a state was a member.
    Member(usize),
    /// Share of windows in which a state left.
    Left(usize),
    /// Pressure at tables where so many other states already host.
    Pressure(usize),
    /// A metric of a window.
    Window(usize, WindowMetric),
    /// A metric of a state in a window: window, state, metric.
    WindowState(usize, usize, WindowStateMetric),
}

impl Quantity {
    /// Its place in a row.
    pub fn position(self, layout: &OutcomeLayout) -> usize {
        match self {
            Quantity::Total(metric) => layout.total(metric),
            Quantity::State(i, metric) => layout.state(i, metric),
            Quantity::Hyperscaler(h, metric) => layout.hyperscaler(h, metric),
            Quantity::Cause(Some(i), cause) => layout.cause(i, cause),
            Quantity::Cause(None, cause) => layout.total_cause(cause),
            Quantity::Term(k) => layout.term(k),
            Quantity::Formed => layout.formed(),
            Quantity::Size => layout.size(),
            Quantity::Rounds => layout.rounds(),
            Quantity::ShareError => layout.share_error(),
            Quantity::Member(i) => layout.member(i),
            Quantity::Left(i) => layout.left(i),
            Quantity::Pressure(hosts) => layout.erosion_pressure(hosts),
            Quantity::Window(w, metric) => layout.window(w, metric),
            Quantity::WindowState(w, i, metric) => layout.window_state(w, i, metric),
        }
    }

    /// Its name in an arm, as in result paths: `state.SG.payoff`, `window.0.accord.size`.
    pub fn name(self, model: &Model) -> String {
        let state = |i: usize| model.states[i].id.as_str();
        match self {
            Quantity::Total(metric) => format!("total.{}", metric.name()),
            Quantity::State(i, metric) => format!("state.{}.{}", state(i), metric.name()),
            Quantity::Hyperscaler(h, metric) => {
                format!("hyperscaler.{}.{}", model.hyperscalers[h].id, metric.name())
            }
            Quantity::Cause(of, cause) => {
                format!("{}.causes.{}", whose(model, of), cause.name())
            }
            Quantity::Term(k) => format!("term.{}.level", model.terms[k].id),
            Quantity::Formed => "accord.formed".to_owned(),
            Quantity::Size => "accord.size".to_owned(),
            Quantity::Rounds => "accord.rounds".to_owned(),
            Quantity::ShareError => "accord.share_error".to_owned(),
            Quantity::Member(i) => format!("accord.member.{}", state(i)),
            Quantity::Left(i) => format!("accord.left.{}", state(i)),
            Quantity::Pressure(hosts) => format!("erosion.{hosts}.pressure"),
            Quantity::Window(w, WindowMetric::AccordSize) => format!("window.{w}.accord.size"),
            Quantity::Window(w, WindowMetric::Rounds) => format!("window.{w}.accord.rounds"),
            Quantity::Window(w, metric) => format!("window.{w}.total.{}", metric.name()),
            Quantity::WindowState(w, i, metric) if metric.is_of_accord() => {
                format!("window.{w}.{}.{}", metric.name(), state(i))
            }
            Quantity::WindowState(w, i, metric) => {
                format!("window.{w}.state.{}.{}", state(i), metric.name())
            }
        }
    }

    /// Whether a trial may lack it: terms without deals, pressure without tables, sampled shares where all are exact, the Gini of a loss,
    /// causes that are not computed for the arm.
    pub fn may_be_none(self) -> bool {
        matches!(
            self,
            Quantity::Term(_)
                | Quantity::Pressure(_)
                | Quantity::ShareError
                | Quantity::Window(_, WindowMetric::Gini)
                | Quantity::Total(TotalMetric::Gini)
        ) || matches!(self, Quantity::Cause(_, cause) if cause.may_be_none())
    }

    /// Whether arms are compared by it; by causes they are by [`CauseDifference`].
    pub fn is_compared(self) -> bool {
        matches!(
            self,
            Quantity::Total(_) | Quantity::State(..) | Quantity::Hyperscaler(..)
        )
    }

    /// Those that results give a distribution of, compared ones first.
    pub fn summarised(layout: &OutcomeLayout) -> Vec<Quantity> {
        use WindowStateMetric::{Investment, Leverage, Payoff};
        let (states, windows) = (layout.states, layout.windows);
        let of_states = (0..states).flat_map(|i| {
            let metrics = StateMetric::ALL.iter();
            metrics.map(move |&metric| Quantity::State(i, metric))
        });
        let of_hyperscalers = (0..layout.hyperscalers).flat_map(|h| {
            let metrics = HyperscalerMetric::ALL.iter();
            metrics.map(move |&metric| Quantity::Hyperscaler(h, metric))
        });
        let of_causes = (0..states).map(Some).chain([None]).flat_map(|of| {
            let causes = CauseMetric::ALL.iter();
            causes.map(move |&cause| Quantity::Cause(of, cause))
        });
        let of_windows = (0..windows).flat_map(|w| {
            let whole = WindowMetric::ALL.iter();
            whole
                .map(move |&metric| Quantity::Window(w, metric))
                .chain((0..states).flat_map(move |i| {
                    [Payoff, Leverage, Investment].map(|metric| Quantity::WindowState(w, i, metric))
                }))
        });
        of_states
            .chain(of_hyperscalers)
            .chain(TotalMetric::ALL.iter().map(|&m| Quantity::Total(m)))
            .chain(of_causes)
            .chain((0..layout.terms).map(Quantity::Term))
            .chain([Quantity::Size, Quantity::Rounds, Quantity::ShareError])
            .chain((0..states).map(Quantity::Pressure))
            .chain(of_windows)
            .collect()
    }
}

/// One cause of the difference of two arms, of a state or of all states together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CauseDifference {
    /// Whose; none for all states together.
    pub of: Option<usize>,
    /// Which.
    pub cause: DifferenceCause,
}

impl CauseDifference {
    /// All of them, by state and then of all together.
    pub fn all(states: usize) -> impl Iterator<Item = CauseDifference> {
        (0..states).map(Some).chain([None]).flat_map(|of| {
            let causes = DifferenceCause::ALL.iter();
            causes.map(move |&cause| CauseDifference { of, cause })
        })
    }

    /// Its place among all of them.
    pub fn place(self, states: usize) -> usize {
        self.of.unwrap_or(states) * DifferenceCause::COUNT + self.cause as usize
    }

    /// Its name in an arm, as in result paths: `state.SG.causes.rules`.
    pub fn name(self, model: &Model) -> String {
        format!("{}.causes.{}", whose(model, self.of), self.cause.name())
    }

    /// What of the later arm is taken, and what of the earlier is taken off, if anything; none where it is not computed.
    pub fn terms(
        self,
        model: &Model,
        (later, earlier): (usize, usize),
    ) -> Option<(Quantity, Option<Quantity>)> {
        let (own, other) = model.difference_of_causes(later, earlier, self.cause)?;
        let quantity = |cause| Quantity::Cause(self.of, cause);
        Some((quantity(own), other.map(quantity)))
    }
}

/// `state.ID`, or `total` for all states together.
fn whose(model: &Model, of: Option<usize>) -> String {
    match of {
        Some(i) => format!("state.{}", model.states[i].id),
        None => "total".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compared_quantities_come_first_and_places_are_distinct() {
        let layout = OutcomeLayout {
            states: 3,
            hyperscalers: 2,
            terms: 2,
            windows: 2,
        };
        let all = Quantity::summarised(&layout);
        let compared = all.iter().filter(|q| q.is_compared()).count();
        assert!(all[..compared].iter().all(|q| q.is_compared()));
        let metrics = 3 * StateMetric::COUNT + 2 * HyperscalerMetric::COUNT + TotalMetric::COUNT;
        assert_eq!(compared, metrics);
        let mut places: Vec<usize> = all.iter().map(|q| q.position(&layout)).collect();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), all.len());
        let differences = CauseDifference::all(3).enumerate();
        assert!(differences.into_iter().all(|(at, one)| one.place(3) == at));
    }
}
