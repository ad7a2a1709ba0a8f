//! From worlds that were added up to the document of what they say.

use crate::engine::model::Model;
use crate::engine::model::arm::members;
use crate::study::results::run::Manifest;
use crate::study::results::stability::{
    AccordsResult, BindingResult, BindingStatus, CoalitionPaths, CoalitionResult, StabilityResults,
};
use crate::study::results::value_memory::ValueMemory;
use crate::study::stability::judge::Mark;
use crate::study::stability::question::StabilityError;
use crate::study::stability::rank::rank;
use crate::study::stability::tally::{AccordShares, CoalitionSummary, Tally};

/// The document of what `tally` added up.
///
/// # Errors
/// The arm is in force in no world.
pub fn stability_results(
    model: &Model,
    tally: &Tally,
    manifest: Manifest,
) -> Result<StabilityResults, StabilityError> {
    let question = tally.question();
    let arm = model.arms[question.arm].name.clone();
    let absent = || StabilityError::NeverInForce {
        arm: arm.clone(),
        window: question.window,
    };
    let masks = tally.coalitions();
    let coalitions = masks.iter().map(|&mask| tally.coalition(mask));
    let coalitions: Vec<CoalitionSummary> = coalitions.collect::<Option<_>>().ok_or_else(absent)?;
    let ids = |mask: usize| -> Vec<String> {
        let states = members(tally.states_of(mask));
        states.map(|i| model.states[i].id.clone()).collect()
    };
    let at = |place: usize| ids(coalitions[place].mask);
    let ranking = rank(&coalitions, question.secure);
    let players = tally.players().iter().enumerate();
    let states = players.map(|(p, &i)| {
        let state = tally.state(p).ok_or_else(absent)?;
        Ok((model.states[i].id.clone(), state))
    });
    Ok(StabilityResults {
        manifest: Manifest {
            quantiles: quantiles(tally).describe(),
            ..manifest
        },
        arm: arm.clone(),
        window: question.window,
        worlds: tally.worlds(),
        accords: accords_result(tally.accords()),
        states: states.collect::<Result<_, StabilityError>>()?,
        binding: binding_result(tally).ok_or_else(absent)?,
        most_stable: ranking.most_stable.iter().map(|&place| at(place)).collect(),
        largest_stable: ranking.largest_stable.map(at),
        smallest_secure: ranking.smallest_secure.map(at),
        secure: question.secure,
        paths: tally.paths(),
        coalitions: coalitions
            .iter()
            .map(|one| coalition_result(one, ids(one.mask), question.farsighted))
            .collect(),
    })
}

/// What was kept of the worlds.
fn quantiles(tally: &Tally) -> ValueMemory {
    match tally.quantiles_of_first() {
        None => ValueMemory::All,
        Some(worlds) => ValueMemory::First(worlds),
    }
}

fn coalition_result(
    one: &CoalitionSummary,
    members: Vec<String>,
    farsighted: bool,
) -> CoalitionResult {
    CoalitionResult {
        members,
        internal: one.share(Mark::Internal),
        internal_without_penalty: one.share(Mark::InternalWithoutPenalty),
        internal_with_side_payments: one.share(Mark::SidePayments),
        external_open: one.share(Mark::ExternalOpen),
        external_exclusive: one.share(Mark::ExternalExclusive),
        external_rule: one.share(Mark::ExternalRule),
        not_dissolved: one.share(Mark::NotDissolved),
        core: one.share(Mark::Core),
        stable: one.share(Mark::Stable),
        before: one.accord[0],
        accord: one.accord[1],
        gain: one.gain,
        paths: farsighted.then(|| CoalitionPaths {
            absorbing: one.share(Mark::Absorbing),
            from_alone: one.share(Mark::FromAlone),
            from_grand: one.share(Mark::FromGrand),
            farsighted: one.share(Mark::Farsighted),
            farsighted_alone: one.share(Mark::FarsightedAlone),
        }),
    }
}

fn accords_result(shares: AccordShares) -> AccordsResult {
    let AccordShares {
        formed,
        before,
        unchanged,
    } = shares;
    AccordsResult {
        formed,
        before,
        unchanged,
    }
}

fn binding_result(tally: &Tally) -> Option<BindingResult> {
    let found = tally.binding()?;
    Some(BindingResult {
        status: match found.value {
            None => BindingStatus::Never,
            Some(value) if value > 0.0 => BindingStatus::Found,
            Some(_) => BindingStatus::Always,
        },
        value: found.value,
        low: found.low,
        high: found.high,
        at_none: found.at_none,
        at_full: found.at_full,
    })
}
