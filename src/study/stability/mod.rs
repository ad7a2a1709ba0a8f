//! Which coalitions of an arm hold, who can break them, and what each must be paid to stay: every coalition in every sampled world.
//!
//! A [`Question`] names an arm, a window and what to ask; [`judge`] answers it for one world, [`tally`] adds worlds up in their order,
//! [`binding`] finds the least binding that holds the grand coalition. What makes a coalition stable is defined in
//! [`accord_game`](crate::study::accord_game), where single moves lead in [`farsighted`](crate::study::farsighted).
//!
//! The model lets every invited state join and nobody keep it out (section 7, step 1): so a coalition counts as *stable* in a world if
//! it is internally stable with the penalty and externally stable under open membership. Worlds in which the arm's rules are not in
//! force in the window have no accord to judge and count nowhere.

pub mod binding;
pub mod judge;
pub mod rank;
pub mod tally;

use crate::engine::model::Model;
use crate::engine::model::arm::{EXACT_MEMBERS, Mode, StateSet, members};
use crate::engine::model::keys::ArmKey;
use crate::engine::model::layout::Slot;
use crate::engine::simulate::{End, Watch, map_trials};
use crate::engine::trial::{CoalitionWorld, TrialError};
use crate::study::farsighted::FARSIGHTED_PLAYERS;
use crate::study::stability::judge::{Judge, Verdict};
use crate::study::stability::tally::Tally;
use crate::theory::coalition::CoalitionError;
use std::ops::Range;

/// Bytes of the worlds that are judged before they are added up, at most.
const WAVE_BYTES: usize = 64 << 20;
/// Most worlds that are judged before they are added up.
const WAVE_WORLDS: usize = 256;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StabilityError {
    /// No arm of the scenario forms an accord.
    #[error(
        "no arm of this scenario forms an accord; stability needs one of mode \"bloc\" or \"framework\""
    )]
    NoAccord,
    /// The arm forms no accord.
    #[error("arm `{arm}` is a {mode} and forms no accord; arms that do: {others}")]
    NotAnAccord {
        /// The arm.
        arm: String,
        /// Its mode.
        mode: &'static str,
        /// Arms that form accords.
        others: String,
    },
    /// There is no such window.
    #[error("there is no window {window}; this scenario has windows 0 to {last}")]
    NoWindow {
        /// What was asked for.
        window: usize,
        /// The last.
        last: usize,
    },
    /// Fewer than two are invited.
    #[error("arm `{arm}` invites fewer than two states; nobody can form a coalition")]
    TooFew {
        /// The arm.
        arm: String,
    },
    /// More are invited than can be looked at.
    #[error(
        "arm `{arm}` invites {invited} states; {what} looks at every coalition of at most {most}: invite fewer, for example -S 'arm.{arm}.members=[{example}]'"
    )]
    TooMany {
        /// The arm.
        arm: String,
        /// How many it invites.
        invited: u32,
        /// What has the limit.
        what: &'static str,
        /// The limit.
        most: u32,
        /// So many ids.
        example: String,
    },
    /// A share that is none.
    #[error("the share of the gain to secure is {given}; it must be above 0 and at most 1")]
    NoShare {
        /// What was given.
        given: f64,
    },
    /// The arm's rules are in force in no world.
    #[error(
        "arm `{arm}` is not in force in window {window} of any world; choose another --window or set arm.{arm}.active"
    )]
    NeverInForce {
        /// The arm.
        arm: String,
        /// The window.
        window: usize,
    },
    /// A draw left its range.
    #[error(transparent)]
    Trial(#[from] TrialError),
    /// What a coalition divides could not be divided.
    #[error("trial {trial}: the shares of arm `{arm}` cannot be found: {source}")]
    Shares {
        /// The arm.
        arm: String,
        /// The trial.
        trial: u64,
        /// Why.
        source: CoalitionError,
    },
}

impl StabilityError {
    /// Whether the question is at fault, not a number.
    pub fn is_usage(&self) -> bool {
        !matches!(
            self,
            StabilityError::Trial(_) | StabilityError::Shares { .. }
        )
    }
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Question {
    /// The arm.
    pub arm: usize,
    /// The window.
    pub window: usize,
    /// The share of the grand coalition's mean gain that the smallest coalition must secure.
    pub secure: f64,
    /// Whether to follow single moves and foresight.
    pub farsighted: bool,
}

impl Question {
    /// A question about a valid arm and window of `model`.
    ///
    /// # Errors
    /// What is wrong with it and what to ask instead.
    pub fn checked(self, model: &Model) -> Result<Question, StabilityError> {
        let arm = &model.arms[self.arm];
        let name = || arm.name.clone();
        if !arm.is_accord() {
            let accords = model.arms.iter().filter(|arm| arm.is_accord());
            let others: Vec<String> = accords.map(|arm| format!("`{}`", arm.name)).collect();
            if others.is_empty() {
                return Err(StabilityError::NoAccord);
            }
            return Err(StabilityError::NotAnAccord {
                arm: name(),
                mode: if arm.mode == Mode::Contest {
                    "contest"
                } else {
                    "bilateral arm"
                },
                others: others.join(", "),
            });
        }
        if self.window >= model.horizon.windows {
            return Err(StabilityError::NoWindow {
                window: self.window,
                last: model.horizon.windows - 1,
            });
        }
        if !(self.secure > 0.0 && self.secure <= 1.0) {
            return Err(StabilityError::NoShare { given: self.secure });
        }
        self.check_size(model)?;
        Ok(self)
    }

    /// Whether there are coalitions, and few enough to look at each.
    fn check_size(&self, model: &Model) -> Result<(), StabilityError> {
        let arm = &model.arms[self.arm];
        let invited = arm.members.count_ones();
        if invited < 2 {
            return Err(StabilityError::TooFew {
                arm: arm.name.clone(),
            });
        }
        let limits = [
            (true, "stability", EXACT_MEMBERS),
            (self.farsighted, "--farsighted", FARSIGHTED_PLAYERS as u32),
        ];
        for (applies, what, most) in limits {
            if applies && invited > most {
                let ids = members(arm.members).take(most as usize);
                let ids: Vec<String> = ids.map(|i| format!("\"{}\"", model.states[i].id)).collect();
                return Err(StabilityError::TooMany {
                    arm: arm.name.clone(),
                    invited,
                    what,
                    most,
                    example: ids.join(", "),
                });
            }
        }
        Ok(())
    }

    /// The invited states.
    pub fn invited(&self, model: &Model) -> StateSet {
        model.arms[self.arm].members
    }
}

/// The arm that is looked at if none is named: the first active bloc, else the first active framework, else the first accord.
///
/// # Errors
/// No arm forms an accord.
pub fn default_arm(model: &Model) -> Result<usize, StabilityError> {
    let active = |arm: usize| model.base[model.layout.index(Slot::Arm(arm, ArmKey::Active))] != 0.0;
    let arms = 0..model.arms.len();
    let of = |mode: Mode| {
        arms.clone()
            .find(|&arm| model.arms[arm].mode == mode && active(arm))
    };
    of(Mode::Bloc)
        .or_else(|| of(Mode::Framework))
        .or_else(|| arms.clone().find(|&arm| model.arms[arm].is_accord()))
        .ok_or(StabilityError::NoAccord)
}

/// What kept shares from being found in this world so far, if anything did.
///
/// # Errors
/// That.
fn sound(world: &CoalitionWorld) -> Result<(), CoalitionError> {
    world.failure().cloned().map_or(Ok(()), Err)
}

/// Judges `trials` and adds them up; the same bits on any number of threads.
///
/// # Errors
/// The lowest world whose draw leaves its range or whose shares cannot be found.
pub fn judge_worlds(
    model: &Model,
    question: Question,
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
    question: Question,
    trials: Range<u64>,
    watch: Watch<'_>,
    mut sink: impl FnMut(&Verdict),
) -> Result<End, StabilityError> {
    let players = question.invited(model).count_ones() as usize;
    let bytes = Verdict::bytes(players);
    let wave = (WAVE_BYTES / bytes).clamp(1, WAVE_WORLDS);
    map_trials(
        trials,
        wave,
        watch,
        || Judge::new(model, question),
        |judge, trial, verdict: &mut Verdict| judge.judge(model, trial, verdict),
        |_, verdict| sink(verdict),
    )
}
