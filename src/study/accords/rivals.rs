//! What stands under rival theories of bargaining.

use crate::engine::model::Model;
use crate::study::accords::arena::BatchWorlds;
use crate::study::accords::estimates::{json, mean_of};
use crate::study::accords::fresh::Finals;
use crate::study::accords::objectives::AccordWorld;
use crate::study::accords::space::{AccordPoint, SearchSpace};
use crate::study::pieces::StudyError;
use crate::study::results::accords::{AccordTheories, AccordsResults, TestedAccord};
use indexmap::IndexMap;

/// A member in this share of worlds shall not lose.
const MEMBER: f64 = 0.5;

/// The word for all states together.
const REGION: &str = "region";

/// Accords under theories.
#[derive(Default)]
pub struct Tested {
    worlds: u64,
    theories: Vec<String>,
    points: Vec<AccordPoint>,
    accords: Vec<TestedAccord>,
}

impl Tested {
    /// Takes in what a theory says of every accord.
    pub fn add(&mut self, model: &Model, theory: &str, found: &BatchWorlds) {
        self.theories.push(theory.to_owned());
        self.accords.resize_with(found.len(), || TestedAccord {
            accord: None,
            changes: IndexMap::new(),
            region: IndexMap::new(),
            falls: IndexMap::new(),
        });
        for (accord, found) in self.accords.iter_mut().zip(found) {
            let Ok(worlds) = found else {
                accord.region.insert(theory.to_owned(), None);
                continue;
            };
            self.worlds = worlds.len() as u64;
            let region = mean_of(worlds.iter().map(AccordWorld::total));
            let mut losers = losers(model, worlds);
            // Of a single world there is no interval.
            if region.low.unwrap_or(region.value) <= 0.0 {
                losers.insert(0, REGION.to_owned());
            }
            accord.region.insert(theory.to_owned(), Some(region));
            if !losers.is_empty() {
                accord.falls.insert(theory.to_owned(), losers);
            }
        }
    }

    /// Leaves what stands under all theories, or everything where nothing does.
    ///
    /// # Errors
    /// None that the search did not meet.
    pub fn keep(
        &mut self,
        space: &SearchSpace,
        finals: &mut Finals,
        state: Option<usize>,
    ) -> Result<(), StudyError> {
        let points = finals.points();
        self.points = points[..finals.shown()]
            .iter()
            .map(|&one| one.clone())
            .collect();
        for (accord, point) in self.accords.iter_mut().zip(&self.points) {
            let changes = space.changed(point).into_iter().map(|place| {
                let value = space.at(point, place);
                (space.key(place).to_owned(), json(value.as_ref()))
            });
            accord.changes = changes.collect();
        }
        let stands = |at: &usize| self.accords[*at].falls.is_empty();
        let standing: Vec<usize> = (0..self.accords.len()).filter(stands).collect();
        match standing.is_empty() {
            true => Ok(()),
            false => finals.keep(space, &standing, state),
        }
    }

    /// The document, with the ids of what was found.
    pub fn named(mut self, found: &AccordsResults) -> AccordTheories {
        for accord in &mut self.accords {
            let known = found.front.iter().find(|one| one.changes == accord.changes);
            accord.accord = known.map(|one| one.id.clone());
        }
        let place = |accord: &TestedAccord| {
            let position = |id: &String| found.front.iter().position(|one| one.id == *id);
            accord
                .accord
                .as_ref()
                .and_then(position)
                .unwrap_or(usize::MAX)
        };
        self.accords.sort_by_key(place);
        AccordTheories {
            worlds: self.worlds,
            theories: self.theories,
            accords: self.accords,
        }
    }
}

/// States that are members often and lose, told from zero.
fn losers(model: &Model, worlds: &[AccordWorld]) -> Vec<String> {
    let loses = |i: &usize| {
        let inside = worlds.iter().filter(|world| world.members >> *i & 1 == 1);
        let gain = mean_of(worlds.iter().map(|world| world.gains[*i]));
        let is_member = inside.count() as f64 >= MEMBER * worlds.len() as f64;
        is_member && gain.high.unwrap_or(gain.value) < 0.0
    };
    let losers = (0..model.states.len()).filter(loses);
    losers.map(|i| model.states[i].id.clone()).collect()
}
