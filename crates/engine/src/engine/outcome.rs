//! What one trial of one arm produced, as one flat row of numbers.
//!
//! A row is written once per trial and arm and read by summaries, tables and files; [`OutcomeLayout`] says where each
//! metric lies. NaN in a row means "none in this trial" (a term without deals, a Gini of a loss) and never reaches a
//! result. Money is in USD bn of the price year; payoffs and profits are present values at the start, those of a window
//! are undiscounted; shares are fractions.

pub use crate::engine::model::words::{
    CauseMetric, DifferenceCause, HyperscalerMetric, StateMetric, TotalMetric, WindowMetric,
    WindowStateMetric,
};

use crate::engine::model::Model;
use crate::engine::model::arm::{Arm, VotingRule};

/// Two values are the same within this share of max(1, |reference|).
const SAME_BAND: f64 = 1e-9;

/// How the values of two arms compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Above the reference.
    Better,
    /// Within 1e-9·max(1, |reference|) of it.
    Same,
    /// Below.
    Worse,
}

impl Relation {
    /// On which side of `reference` a value lies; `None` if either is NaN.
    pub fn of(value: f64, reference: f64) -> Option<Relation> {
        let difference = value - reference;
        let band = SAME_BAND * reference.abs().max(1.0);
        if difference > band {
            Some(Relation::Better)
        } else if difference < -band {
            Some(Relation::Worse)
        } else {
            (!difference.is_nan()).then_some(Relation::Same)
        }
    }
}

/// What is read of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadAs {
    /// Itself.
    Value,
    /// Its difference to the same number of another arm.
    Difference(usize),
    /// Its difference to the number at a position of another arm.
    Less {
        /// Index of the other arm.
        arm: usize,
        /// Position in its row.
        position: usize,
    },
    /// Its opposite.
    Opposite,
    /// None, whatever it is.
    Nothing,
    /// 1 where it lies on this side of the same number of another arm, else 0.
    Lies(Relation, usize),
    /// 1 where it is below zero, else 0.
    Negative,
}

impl ReadAs {
    /// What is read of `value`, given the same number of the other arm; NaN where either is needed and absent.
    pub fn apply(self, value: f64, reference: impl FnOnce() -> f64) -> f64 {
        match self {
            ReadAs::Value => value,
            ReadAs::Difference(_) | ReadAs::Less { .. } => value - reference(),
            ReadAs::Opposite => -value,
            ReadAs::Nothing => f64::NAN,
            ReadAs::Lies(side, _) => Relation::of(value, reference())
                .map_or(f64::NAN, |lies| f64::from(u8::from(lies == side))),
            ReadAs::Negative if value.is_nan() => value,
            ReadAs::Negative => f64::from(u8::from(value < 0.0)),
        }
    }
}

/// One number of a trial, read from the rows of its arms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowReading {
    /// Index of the arm whose row is read.
    pub arm: usize,
    /// Position in the row of the arm.
    pub position: usize,
    /// What is read of the number there.
    pub form: ReadAs,
}

impl RowReading {
    /// The arms whose rows it reads, bit by index.
    pub fn arms(&self) -> u64 {
        let reference = self.reference().map_or(0, |(reference, _)| 1 << reference);
        1 << self.arm | reference
    }

    /// Arm and position of the other number that it reads, if it reads one.
    fn reference(&self) -> Option<(usize, usize)> {
        match self.form {
            ReadAs::Difference(reference) | ReadAs::Lies(_, reference) => {
                Some((reference, self.position))
            }
            ReadAs::Less { arm, position } => Some((arm, position)),
            ReadAs::Value | ReadAs::Opposite | ReadAs::Nothing | ReadAs::Negative => None,
        }
    }

    /// The number, from rows of length `len`, arm by arm; NaN where the trial has none.
    pub fn of(&self, rows: &[f64], len: usize) -> f64 {
        let at = |(arm, position): (usize, usize)| rows[arm * len + position];
        let reference = || self.reference().map_or(f64::NAN, at);
        self.form.apply(at((self.arm, self.position)), reference)
    }
}

/// Where each number of a row lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutcomeLayout {
    /// n, the number of states.
    pub states: usize,
    /// m, the number of hyperscalers.
    pub hyperscalers: usize,
    /// K, the number of terms.
    pub terms: usize,
    /// W, the number of windows.
    pub windows: usize,
}

impl Model {
    /// The layout of an outcome of this model.
    pub fn outcome_layout(&self) -> OutcomeLayout {
        OutcomeLayout {
            states: self.states.len(),
            hyperscalers: self.hyperscalers.len(),
            terms: self.terms.len(),
            windows: self.horizon.windows,
        }
    }
}

impl Model {
    /// The arm whose members count in (44): the first with an accord that is agreed, by a vote or by a mandate.
    pub fn members_reference(&self) -> Option<usize> {
        let agreed = |arm: &Arm| arm.is_accord() && arm.rule != VotingRule::None;
        self.arms.iter().position(agreed)
    }

    /// Whether (44) is computed for an arm: it has an accord and comes after [`Model::members_reference`].
    pub fn swaps_members(&self, arm: usize) -> bool {
        self.arms[arm].is_accord() && self.members_reference().is_some_and(|first| first < arm)
    }

    /// Of which causes of the two arms one of their difference is made: that of the later arm, less that of the earlier, if
    /// anything is taken off. None where it is not computed: who is in, between arms other than those of (44).
    pub fn difference_of_causes(
        &self,
        later: usize,
        earlier: usize,
        cause: DifferenceCause,
    ) -> Option<(CauseMetric, Option<CauseMetric>)> {
        let swaps = self.swaps_members(later) && self.members_reference() == Some(earlier);
        let (own, other) = match cause {
            DifferenceCause::Legacy => (CauseMetric::Alone, CauseMetric::Alone),
            DifferenceCause::Members if swaps => return Some((CauseMetric::Members, None)),
            DifferenceCause::Members => return None,
            DifferenceCause::Rules if swaps => (CauseMetric::RulesSwapped, CauseMetric::Rules),
            DifferenceCause::Rules => (CauseMetric::Rules, CauseMetric::Rules),
            DifferenceCause::Table if swaps => (CauseMetric::TableSwapped, CauseMetric::Table),
            DifferenceCause::Table => (CauseMetric::Table, CauseMetric::Table),
            DifferenceCause::Sharing => (CauseMetric::Sharing, CauseMetric::Sharing),
            DifferenceCause::Delay => (CauseMetric::Delay, CauseMetric::Delay),
        };
        Some((own, Some(other)))
    }
}

impl CauseMetric {
    /// The five that add up to a payoff (43).
    pub const OF_PAYOFF: [CauseMetric; 5] = [
        CauseMetric::Alone,
        CauseMetric::Rules,
        CauseMetric::Table,
        CauseMetric::Sharing,
        CauseMetric::Delay,
    ];

    /// Whether an arm may lack it: those of (44).
    pub fn may_be_none(self) -> bool {
        !CauseMetric::OF_PAYOFF.contains(&self)
    }
}

impl WindowStateMetric {
    /// Whether it says of a state, by 1 or 0, what it did where an accord was to form: results hold the share of trials in which it is 1.
    pub fn is_of_accord(self) -> bool {
        !matches!(
            self,
            WindowStateMetric::Payoff | WindowStateMetric::Leverage | WindowStateMetric::Investment
        )
    }
}

impl OutcomeLayout {
    /// Position of a state's metric.
    pub fn state(&self, i: usize, metric: StateMetric) -> usize {
        i * StateMetric::COUNT + metric as usize
    }

    fn causes_at(&self) -> usize {
        self.states * StateMetric::COUNT
    }

    /// Position of a cause of a state's payoff; NaN where it is not computed.
    pub fn cause(&self, i: usize, cause: CauseMetric) -> usize {
        self.causes_at() + i * CauseMetric::COUNT + cause as usize
    }

    /// Position of the sum of a cause over states; NaN where it is not computed.
    pub fn total_cause(&self, cause: CauseMetric) -> usize {
        self.cause(self.states, cause)
    }

    fn hyperscalers_at(&self) -> usize {
        self.causes_at() + (self.states + 1) * CauseMetric::COUNT
    }

    /// Position of a hyperscaler's metric.
    pub fn hyperscaler(&self, h: usize, metric: HyperscalerMetric) -> usize {
        self.hyperscalers_at() + h * HyperscalerMetric::COUNT + metric as usize
    }

    fn totals_at(&self) -> usize {
        self.hyperscalers_at() + self.hyperscalers * HyperscalerMetric::COUNT
    }

    /// Position of a total.
    pub fn total(&self, metric: TotalMetric) -> usize {
        self.totals_at() + metric as usize
    }

    fn terms_at(&self) -> usize {
        self.totals_at() + TotalMetric::COUNT
    }

    /// Position of the mean level of term k weighted by deal size; NaN without deals.
    pub fn term(&self, k: usize) -> usize {
        self.terms_at() + k
    }

    fn accord_at(&self) -> usize {
        self.terms_at() + self.terms
    }

    /// Position of "an accord formed in any window" (0 or 1).
    pub fn formed(&self) -> usize {
        self.accord_at()
    }

    /// Position of the accord's mean size over windows.
    pub fn size(&self) -> usize {
        self.accord_at() + 1
    }

    /// Position of the mean number of rounds over windows.
    pub fn rounds(&self) -> usize {
        self.accord_at() + 2
    }

    /// Position of the largest standard error of a sampled share of an accord's gain; NaN where all are exact.
    pub fn share_error(&self) -> usize {
        self.accord_at() + 3
    }

    /// Position of the share of windows in which i is a member.
    pub fn member(&self, i: usize) -> usize {
        self.accord_at() + 4 + i
    }

    /// Position of the share of windows in which i left.
    pub fn left(&self, i: usize) -> usize {
        self.accord_at() + 4 + self.states + i
    }

    fn erosion_at(&self) -> usize {
        self.accord_at() + 4 + 2 * self.states
    }

    /// Position of the number of tables at which `hosts` other states already host.
    pub fn erosion_tables(&self, hosts: usize) -> usize {
        self.erosion_at() + 2 * hosts
    }

    /// Position of the pressure at those tables: Σ margin lost by a refusal / Σ D; NaN without tables.
    pub fn erosion_pressure(&self, hosts: usize) -> usize {
        self.erosion_at() + 2 * hosts + 1
    }

    fn signed_at(&self) -> usize {
        self.erosion_at() + 2 * self.states
    }

    /// Position of the share of windows in which i hosts h.
    pub fn signed(&self, i: usize, h: usize) -> usize {
        self.signed_at() + i * self.hyperscalers + h
    }

    fn windows_at(&self) -> usize {
        self.signed_at() + self.states * self.hyperscalers
    }

    fn window_len(&self) -> usize {
        WindowMetric::COUNT + self.states * WindowStateMetric::COUNT
    }

    /// Position of a metric of window w.
    pub fn window(&self, w: usize, metric: WindowMetric) -> usize {
        self.windows_at() + w * self.window_len() + metric as usize
    }

    /// Position of a state's metric in window w.
    pub fn window_state(&self, w: usize, i: usize, metric: WindowStateMetric) -> usize {
        self.window(w, WindowMetric::Deals)
            + WindowMetric::COUNT
            + i * WindowStateMetric::COUNT
            + metric as usize
    }

    fn served_at(&self) -> usize {
        self.windows_at() + self.windows * self.window_len()
    }

    /// Position of the first of n numbers: by state, the mean over windows of y, the share of l's demand for h that its host there
    /// serves, 1 where l hosts h itself. What is missing to 1 is served from outside the region or not at all.
    pub fn served_from(&self, l: usize, h: usize) -> usize {
        self.served_at() + (l * self.hyperscalers + h) * self.states
    }

    /// Length of a row.
    pub fn len(&self) -> usize {
        self.served_at() + self.states * self.hyperscalers * self.states
    }

    /// Whether a row is empty; with a state and a hyperscaler it never is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_of_two_arms() {
        let rows = [2.0, -1.0, f64::NAN, 2.0 + 1e-9, -3.0, 5.0];
        let read = |arm, position, form| {
            let reading = RowReading {
                arm,
                position,
                form,
            };
            reading.of(&rows, 3)
        };
        assert_eq!(read(1, 1, ReadAs::Value), -3.0);
        assert_eq!(read(1, 1, ReadAs::Difference(0)), -2.0);
        assert_eq!(read(1, 0, ReadAs::Lies(Relation::Same, 0)), 1.0);
        assert_eq!(read(1, 1, ReadAs::Lies(Relation::Worse, 0)), 1.0);
        assert_eq!(read(1, 1, ReadAs::Lies(Relation::Better, 0)), 0.0);
        assert_eq!(read(0, 1, ReadAs::Negative), 1.0);
        assert_eq!(read(1, 1, ReadAs::Opposite), 3.0);
        let less = ReadAs::Less {
            arm: 0,
            position: 0,
        };
        assert_eq!(read(1, 1, less), -5.0);
        assert!(read(1, 1, ReadAs::Nothing).is_nan());
        assert!(read(1, 2, ReadAs::Lies(Relation::Better, 0)).is_nan());
        assert!(read(0, 2, ReadAs::Negative).is_nan());
    }

    #[test]
    fn positions_are_distinct_and_fill_the_row() {
        let layout = OutcomeLayout {
            states: 3,
            hyperscalers: 2,
            terms: 2,
            windows: 2,
        };
        let mut seen = vec![0; layout.len()];
        for i in 0..3 {
            StateMetric::ALL
                .iter()
                .for_each(|&metric| seen[layout.state(i, metric)] += 1);
            CauseMetric::ALL.iter().for_each(|&cause| {
                seen[layout.cause(i, cause)] += 1;
            });
            seen[layout.member(i)] += 1;
            seen[layout.left(i)] += 1;
            seen[layout.erosion_tables(i)] += 1;
            seen[layout.erosion_pressure(i)] += 1;
            for h in 0..2 {
                seen[layout.signed(i, h)] += 1;
                (0..3).for_each(|j| seen[layout.served_from(i, h) + j] += 1);
            }
            for w in 0..2 {
                WindowStateMetric::ALL
                    .iter()
                    .for_each(|&metric| seen[layout.window_state(w, i, metric)] += 1);
            }
        }
        for h in 0..2 {
            HyperscalerMetric::ALL
                .iter()
                .for_each(|&metric| seen[layout.hyperscaler(h, metric)] += 1);
        }
        TotalMetric::ALL
            .iter()
            .for_each(|&metric| seen[layout.total(metric)] += 1);
        CauseMetric::ALL
            .iter()
            .for_each(|&cause| seen[layout.total_cause(cause)] += 1);
        (0..2).for_each(|k| seen[layout.term(k)] += 1);
        for w in 0..2 {
            WindowMetric::ALL
                .iter()
                .for_each(|&metric| seen[layout.window(w, metric)] += 1);
        }
        let accord = [layout.formed(), layout.size(), layout.rounds()];
        for position in accord.into_iter().chain([layout.share_error()]) {
            seen[position] += 1;
        }
        assert!(seen.iter().all(|&count| count == 1), "{seen:?}");
    }
}
