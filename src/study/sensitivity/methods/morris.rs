//! Morris: elementary effects along trajectories.

use crate::study::factors::{Answer, ENDS, FactorError, FactorStudy, bootstrap};
use crate::study::results::sensitivity::{FactorResult, OutputResult};
use crate::study::sensitivity::method::{
    Description, Estimates, OwnWorlds, PLAIN, Size, WorldsOfMethod, found,
};
use crate::theory::sensitivity::morris::{
    MorrisEffect, morris_effects, optimised_trajectories, random_trajectories,
};

/// Levels of the grid of trajectories.
const LEVELS: usize = 4;

/// Trajectories are chosen for their spread among so many times as many, up to this number of factors.
const CANDIDATES: usize = 10;
const OPTIMISED_UP_TO: usize = 24;

/// The method.
pub const MORRIS: Description = Description {
    name: "morris",
    ranked_by: "mu_star",
    shown: &["mu", "mu_star", "sigma"],
    meaning: "mu, mu_star: mean change, and mean size of the change, of the result when the factor moves from its 5% to its 95% \
              point (Morris). sigma: how much that differs from place to place; large beside mu_star means interaction or a curve.",
    needs_independence: true,
    holds_others: true,
    option: Some("--trajectories"),
    instead_of_worlds: Some("use --trajectories N instead"),
    few: Some(0),
    worlds: WorldsOfMethod::Own(OwnWorlds { count, estimates }),
    ..PLAIN
};

fn count(study: &FactorStudy<'_>, size: &Size) -> usize {
    size.walks * (study.members().len() + 1)
}

/// Elementary effects along `count` trajectories over the range from the 5% to the 95% point, in output per that range; each factor is
/// a single quantity. Up to 24 factors the trajectories are those of ten times as many that are spread furthest. Noise is that of
/// the trajectory.
///
/// # Errors
/// A design that cannot be laid out, or a world without a result.
fn estimates(study: &FactorStudy<'_>, size: &Size) -> Result<Option<Estimates>, FactorError> {
    let count = size.walks;
    let columns = study.members().len();
    let stream = study.stream("morris");
    let walks = match study.walks.get() {
        Some(walks) => walks,
        None => {
            let optimise = columns <= OPTIMISED_UP_TO;
            let candidates = if optimise { CANDIDATES * count } else { count };
            let drawn = random_trajectories(columns, LEVELS, candidates, stream.sequence(0, 0))?;
            let chosen = || optimised_trajectories(&drawn, count);
            study.walks.get_or_init(chosen)
        }
    };
    let steps = columns + 1;
    let played = study.play(walks.len() * steps, |point, out| {
        let (walk, step) = (point / steps, point % steps);
        for (uniform, level) in out.iter_mut().zip(&walks[walk].points[step]) {
            *uniform = ENDS.0 + (ENDS.1 - ENDS.0) * level;
        }
        walk as u64
    })?;
    let stream = study.stream("morris.bootstrap");
    let bootstrap = bootstrap(&stream);
    Ok(played.map(|played| {
        let answer = Answer::new(played, |values| morris_effects(walks, values, &bootstrap));
        found(answer, |effects: Vec<MorrisEffect>| {
            OutputResult::new(study.factors, |index| Some(result(&effects[index])))
        })
    }))
}

fn result(effect: &MorrisEffect) -> FactorResult {
    FactorResult {
        mu: Some(effect.mu.into()),
        mu_star: Some(effect.mu_star.into()),
        sigma: Some(effect.sigma.into()),
        ..FactorResult::default()
    }
}
