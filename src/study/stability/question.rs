//! What is asked about the stability of an arm, and why there may be no answer.

use crate::engine::model::Model;
use crate::engine::model::arm::{EXACT_MEMBERS, Mode, StateSet, members};
use crate::engine::model::keys::ArmKey;
use crate::engine::model::layout::Slot;
use crate::engine::model::words::Vocabulary;
use crate::engine::trial::TrialError;
use crate::study::farsighted::FARSIGHTED_PLAYERS;
use crate::study::results::magnitude::NumericError;
use crate::theory::coalition::CoalitionError;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StabilityError {
    /// A number is too large.
    #[error(transparent)]
    Numeric(#[from] NumericError),
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
            StabilityError::Trial(_) | StabilityError::Numeric(_) | StabilityError::Shares { .. }
        )
    }
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StabilityQuestion {
    /// The arm.
    pub arm: usize,
    /// The window.
    pub window: usize,
    /// The share of the grand coalition's mean gain that the smallest coalition must secure.
    pub secure: f64,
    /// Whether to follow single moves and foresight.
    pub farsighted: bool,
}

impl StabilityQuestion {
    /// A question about a valid arm and window of `model`.
    ///
    /// # Errors
    /// What is wrong with it and what to ask instead.
    pub fn checked(self, model: &Model) -> Result<StabilityQuestion, StabilityError> {
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
                mode: arm.mode.word().name,
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
