//! Why there is no page.

use crate::engine::model::Model;
use crate::engine::model::words::{Mode, Vocabulary};
use crate::engine::trial::TrialError;
use crate::study::results::magnitude::NumericError;
use crate::theory::spelling::listed;

/// Why a brief cannot be written, and what to ask instead.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BriefError {
    /// A number is too large.
    #[error(transparent)]
    Numeric(#[from] NumericError),
    /// Nobody sits down in a contest.
    #[error(
        "arm `{arm}` is a contest: hyperscalers auction their hubs and nobody bargains over an offer; {instead}"
    )]
    Contest {
        /// The arm.
        arm: String,
        /// What to ask instead.
        instead: String,
    },
    /// The arm has no joint table.
    #[error(
        "arm `{arm}` has no joint table: it is a {mode}, whose states bargain one by one; {instead}"
    )]
    NoJointTable {
        /// The arm.
        arm: String,
        /// Its mode.
        mode: &'static str,
        /// What to ask instead.
        instead: String,
    },
    /// A bloc bargains for the state.
    #[error(
        "{state} is inside `{arm}`, a bloc that bargains for it: use --accord {arm} --with {hyperscaler}, or choose another --arm"
    )]
    Inside {
        /// Id of the state.
        state: String,
        /// The arm.
        arm: String,
        /// Id of the hyperscaler.
        hyperscaler: String,
    },
    /// There is no such window.
    #[error("there is no window {window}; this scenario has windows 0 to {last}")]
    NoWindow {
        /// What was asked for.
        window: usize,
        /// The last.
        last: usize,
    },
    /// The pair is not feasible.
    #[error(
        "{state} and {hyperscaler} may not deal: pair.{state}.{hyperscaler}.feasible is false; choose another hyperscaler, or set it to true with -S"
    )]
    MayNotDeal {
        /// Id of the state.
        state: String,
        /// Id of the hyperscaler.
        hyperscaler: String,
    },
    /// The two sides sit down in no world.
    #[error("the two sides come to bargain in no world: {reasons}")]
    NoTalks {
        /// Why, with shares of worlds.
        reasons: String,
    },
    /// A share of worlds that is none.
    #[error("--accept {given}: expected a share of worlds above 0 and at most 1, for example 0.8")]
    NoShare {
        /// What was given.
        given: f64,
    },
    /// A level outside its bounds.
    #[error("--offer: {term} = {given} is outside its bounds {min} to {max} ({bound})")]
    Level {
        /// Id of the term.
        term: String,
        /// What was offered.
        given: f64,
        /// Lowest level.
        min: f64,
        /// Highest level.
        max: f64,
        /// Where the bounds are written.
        bound: String,
    },
    /// Cash where none moves.
    #[error(
        "--offer: no cash moves in this scenario (bargaining.transfers is false); leave cash out, or add -S bargaining.transfers=true"
    )]
    NoCash,
    /// A draw left its range, or shares could not be found.
    #[error(transparent)]
    Trial(#[from] TrialError),
}

impl BriefError {
    /// Whether the question is at fault, not a number.
    pub fn is_usage(&self) -> bool {
        !matches!(self, BriefError::Trial(_) | BriefError::Numeric(_))
    }

    pub(super) fn contest(model: &Model, arm: usize) -> BriefError {
        let others = arms(model, |mode| mode != Mode::Contest);
        BriefError::Contest {
            arm: model.arms[arm].name.clone(),
            instead: match others.is_empty() {
                true => "add an arm of another mode".to_owned(),
                false => format!("choose another --arm: {}", listed(&others)),
            },
        }
    }

    pub(super) fn no_joint_table(model: &Model, arm: usize) -> BriefError {
        let blocs = arms(model, |mode| mode == Mode::Bloc);
        let (name, mode) = (&model.arms[arm].name, model.arms[arm].mode);
        let own = format!("--state ID --arm {name}");
        BriefError::NoJointTable {
            arm: name.clone(),
            mode: mode.word().name,
            instead: match blocs.is_empty() {
                true => format!("use {own}"),
                false => format!(
                    "blocs are {}; for one of its states use {own}",
                    listed(&blocs)
                ),
            },
        }
    }

    pub(super) fn inside(model: &Model, arm: usize, state: usize, h: usize) -> BriefError {
        BriefError::Inside {
            state: model.states[state].id.clone(),
            arm: model.arms[arm].name.clone(),
            hyperscaler: model.hyperscalers[h].id.clone(),
        }
    }

    pub(super) fn may_not_deal(model: &Model, state: usize, h: usize) -> BriefError {
        BriefError::MayNotDeal {
            state: model.states[state].id.clone(),
            hyperscaler: model.hyperscalers[h].id.clone(),
        }
    }
}

fn arms(model: &Model, wanted: impl Fn(Mode) -> bool) -> Vec<&str> {
    let arms = model.arms.iter().filter(|arm| wanted(arm.mode));
    arms.map(|arm| arm.name.as_str()).collect()
}
