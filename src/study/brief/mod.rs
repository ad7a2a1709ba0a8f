//! One table, for those who sit down at it: what each side has without a deal, where a deal lies, what an offer is worth, what to prepare.
//!
//! A [`BriefQuestion`] names the party of states, the hyperscaler, the arm and the window. [`observe`] plays every world up to that table and keeps what it
//! finds ([`world`]); the rest reads what was kept: [`offer`] weighs an offer and finds what both sides would rather have, [`counter`] the
//! best that the other side would still accept, [`concessions`] in which order to give it up, [`red_lines`] how far each term can be given away, [`preparation`] what to
//! change before the talks. [`accord`] looks beyond the table: what the accord is worth over all windows. Offers are weighed by (21), (22), (24) alone.

pub mod accord;
mod bytes;
pub mod concessions;
pub mod counter;
pub mod error;
pub mod frontier;
pub mod offer;
pub mod preparation;
mod question;
pub mod red_lines;
pub mod whole;
pub mod world;

pub use question::{BriefQuestion, Side, may_deal};
pub use world::average_table;

use crate::engine::model::Model;
use crate::engine::simulate::{End, Watch, map_trials};
use crate::study::brief::error::BriefError;
use crate::study::brief::world::{Measure, Observation, Observer};
use crate::study::results::magnitude::check;
use std::ops::Range;

/// Worlds that are looked at before they are put in their order.
const WAVE_WORLDS: usize = 256;

/// Looks at the table in every one of `trials`; the same bits on any number of threads.
///
/// # Errors
/// The lowest world whose draw leaves its range or whose shares cannot be found.
pub fn observe(
    model: &Model,
    question: &BriefQuestion,
    trials: Range<u64>,
    watch: Watch<'_>,
) -> Result<(Vec<Observation>, End), BriefError> {
    let mut observations = Vec::with_capacity((trials.end - trials.start) as usize);
    let end = map_trials(
        trials,
        WAVE_WORLDS,
        watch,
        || Observer::new(model, question),
        |observer, trial, found: &mut Option<Observation>| {
            let observation = observer.observe(model, question, trial)?;
            let path = || format!("{}: the table", model.arms[question.arm].name);
            for number in Measure::of(&observation).numbers() {
                check(number, trial, path)?;
            }
            *found = Some(observation);
            Ok::<(), BriefError>(())
        },
        |_, found| observations.extend(found.clone()),
    )?;
    Ok((observations, end))
}
