//! What the accord is worth beyond the one table: payoffs over all windows in its arm less those of bilateral talks, with their causes (43).
//!
//! Both arms are played whole in every world, whether or not the table of the page is met in it.

use crate::engine::model::Model;
use crate::engine::model::arm::{Mode, members};
use crate::engine::outcome::DifferenceCause;
use crate::study::brief::question::BriefQuestion;
use crate::study::outputs::outputs;
use crate::study::paired::paired;
use crate::study::readings::{Output, ReadingValues};
use crate::study::results::brief::AccordPart;
use crate::study::results::choice::is_off;
use crate::study::results::run::{PairedCause, PairedWithCauses};
use crate::theory::stats::groups::Groups;
use indexmap::IndexMap;

/// The two arms, and what is read of them in every world.
#[derive(Debug, Clone)]
pub struct AccordReadings {
    /// The arm with the accord.
    pub arm: usize,
    /// The bilateral arm that it is compared with.
    pub reference: usize,
    /// The causes that their difference has.
    causes: Vec<DifferenceCause>,
    /// Of all states together, then of each on this side of the table: the payoff in both arms, then each cause of their difference.
    pub outputs: Vec<Output>,
}

impl AccordReadings {
    /// Those of the arm of a question if it has an accord, else of the first bloc that invites its state; against the arm of the question if
    /// that is bilateral, else the first that is. None where there are no two such arms.
    pub fn of(model: &Model, question: &BriefQuestion) -> Option<AccordReadings> {
        let own = question.arm;
        let (arm, reference) = match model.arms[own].mode {
            Mode::Bilateral => (question.joint_arm(model)?, own),
            _ => {
                let mut arms = model.arms.iter();
                (own, arms.position(|arm| arm.mode == Mode::Bilateral)?)
            }
        };
        if !model.arms[arm].is_accord() || is_off(model, arm) {
            return None;
        }
        let causes = DifferenceCause::ALL.iter().copied();
        let is_computed = |&cause: &DifferenceCause| {
            let of = model.difference_of_causes(arm, reference, cause);
            of.is_some()
        };
        let causes: Vec<DifferenceCause> = causes.filter(is_computed).collect();
        let [one, other] = [arm, reference].map(|arm| model.arms[arm].name.as_str());
        let mut names = Vec::new();
        for of in whose(model, question) {
            names.extend([one, other].map(|arm| format!("{arm}.{of}.payoff")));
            let causes = causes.iter().map(|cause| cause.name());
            names.extend(causes.map(|cause| format!("{one}.{of}.causes.{cause}.difference")));
        }
        Some(AccordReadings {
            arm,
            reference,
            causes,
            outputs: outputs(&names, model, reference).expect("paths of the model"),
        })
    }

    /// What was read in all worlds, by output, as part of the document; only `groups` of worlds are independent.
    pub fn part(
        &self,
        model: &Model,
        question: &BriefQuestion,
        values: &ReadingValues,
        groups: Groups,
    ) -> AccordPart {
        let nothing = vec![0.0; values.first().map_or(0, Vec::len)];
        let mut each = values.chunks_exact(2 + self.causes.len()).map(|one| {
            let causes = self.causes.iter().zip(&one[2..]).map(|(cause, values)| {
                let difference = paired(values, &nothing, groups).difference;
                (cause.name().to_owned(), PairedCause { difference })
            });
            let payoff = paired(&one[0], &one[1], groups);
            PairedWithCauses {
                metrics: IndexMap::from([("payoff".to_owned(), payoff)]),
                causes: causes.collect(),
            }
        });
        let totals = each.next().expect("all states together come first");
        let ids = members(question.states(model)).map(|i| model.states[i].id.clone());
        AccordPart {
            arm: model.arms[self.arm].name.clone(),
            reference: model.arms[self.reference].name.clone(),
            totals,
            states: ids.zip(each).collect(),
        }
    }
}

/// All states together and each on this side of the table, as in result paths.
fn whose(model: &Model, question: &BriefQuestion) -> impl Iterator<Item = String> {
    let states = members(question.states(model));
    let states = states.map(|i| format!("state.{}", model.states[i].id));
    ["total".to_owned()].into_iter().chain(states)
}
