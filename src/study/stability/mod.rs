//! Which coalitions of an arm hold, who can break them, and what each must be paid to stay: every coalition in every sampled world.
//!
//! A [`StabilityQuestion`] names an arm, a window and what to ask; [`judge`] answers it for one world, [`tally`] adds worlds up in their order,
//! [`binding`] finds the least binding that holds the grand coalition. What makes a coalition stable is defined in
//! [`accord_game`](crate::study::accord_game), where single moves lead in [`farsighted`](crate::study::farsighted).
//!
//! A first accord lets every invited state join and nobody keep it out (section 7, step 1): so a coalition counts as *stable* in a world if
//! it is internally stable with the penalty and externally stable under open membership. After window 0, where the accord of the window before
//! stands, who is outside applies and the members consent by the arm's rule (step 0), and an accord in which all would rather be alone dissolves
//! (step 3): there a coalition is stable if it is internally stable, if nobody gains by joining whom its members would let in, and if it does
//! not dissolve. What the run's talks lead to, given the accord of the window before, stands beside it. Worlds in which the arm's rules are not
//! in force in the window have no accord to judge and count nowhere.

pub mod binding;
pub mod bytes;
pub mod document;
pub mod judge;
mod question;
pub mod rank;
pub mod tally;
pub mod whole;

pub use question::{StabilityError, StabilityQuestion, default_arm};

use crate::engine::model::Model;
use crate::engine::simulate::{End, Watch, map_trials};
use crate::study::stability::judge::{Judge, WorldVerdict};
use crate::study::stability::tally::Tally;
use std::ops::Range;

/// Bytes of the worlds that are judged before they are added up, at most.
const WAVE_BYTES: usize = 64 << 20;
/// Most worlds that are judged before they are added up.
const WAVE_WORLDS: usize = 256;

/// Judges `trials` and adds them up; the same bits on any number of threads.
///
/// # Errors
/// The lowest world whose draw leaves its range or whose shares cannot be found.
pub fn judge_worlds(
    model: &Model,
    question: StabilityQuestion,
    trials: Range<u64>,
    watch: Watch<'_>,
) -> Result<(Tally, End), StabilityError> {
    let mut tally = Tally::new(model, question, trials.end - trials.start);
    let end = judge_each(model, question, trials, watch, |verdict| tally.add(verdict))?;
    Ok((tally, end))
}

/// Judges `trials` and hands what each says to `sink`, in order.
///
/// # Errors
/// As [`judge_worlds`].
pub fn judge_each(
    model: &Model,
    question: StabilityQuestion,
    trials: Range<u64>,
    watch: Watch<'_>,
    mut sink: impl FnMut(&WorldVerdict),
) -> Result<End, StabilityError> {
    let players = question.invited(model).count_ones() as usize;
    let bytes = WorldVerdict::bytes(players);
    let wave = (WAVE_BYTES / bytes).clamp(1, WAVE_WORLDS);
    map_trials(
        trials,
        wave,
        watch,
        || Judge::new(model, question),
        |judge, trial, verdict: &mut WorldVerdict| judge.judge(model, trial, verdict),
        |_, verdict| sink(verdict),
    )
}
