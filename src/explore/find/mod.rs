//! What a reader looks for from where the setting stands: each search is a study of the program, asked of the setting's own scenario.
//!
//! The searches are short: they look at the first worlds of the setting, fewer than the command of the same study does, and say so.

mod accord;
mod discovery;
mod hold;
mod map;
mod whole;

use crate::engine::simulate::Watch;
use crate::explore::messages::{ExploreSearch, FindRequest, FoundAnswer, Refusal};
use crate::explore::played::PlayedSetting;

/// Answers a search; `watch` is told of what is played and may end it.
///
/// # Errors
/// What is asked of does not fit the setting, or it was ended.
pub fn find(
    played: &PlayedSetting,
    request: &FindRequest,
    watch: Watch<'_>,
) -> Result<FoundAnswer, Refusal> {
    match &request.search {
        ExploreSearch::LeastBinding => hold::least_binding(played, watch),
        ExploreSearch::Payment { state } => hold::payment(played, state, watch),
        ExploreSearch::Map { first, second } => map::map(played, [first, second], watch),
        ExploreSearch::Loses { state } => discovery::loses(played, state, watch),
        ExploreSearch::Accord => accord::best(played, watch),
    }
}
