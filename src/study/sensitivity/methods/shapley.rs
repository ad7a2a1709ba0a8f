//! Shapley effects: the variance divided fairly among factors.

use crate::study::factors::{Answer, FactorError, FactorStudy, LEVEL, REPLICATES};
use crate::study::results::sensitivity::{FactorResult, Interval, OutputResult};
use crate::study::sensitivity::method::{
    Description, Estimates, LEAST_ROWS, OwnWorlds, PLAIN, Size, WorldsOfMethod, by_replicates,
    found,
};
use crate::theory::sensitivity::estimate::Estimate;
use crate::theory::sensitivity::shapley_effects::ShapleyPlan;

/// The method.
pub const SHAPLEY: Description = Description {
    name: "shapley",
    ranked_by: "shapley",
    shown: &["shapley"],
    meaning: "shapley: share of the variance that the factors make, interactions divided fairly among them (Shapley effect); all together \
              100%, but for error.",
    takes_groups: true,
    needs_independence: true,
    holds_others: true,
    is_sequence: true,
    few: Some(LEAST_ROWS),
    worlds: WorldsOfMethod::Own(OwnWorlds { count, estimates }),
    ..PLAIN
};

fn count(study: &FactorStudy<'_>, size: &Size) -> usize {
    REPLICATES * size.rows * (study.factors.len() + 1)
}

/// Shapley effects with intervals from [`REPLICATES`] pairs of matrices of `rows` walks each. Noise is that of the walk. A group is one player:
/// all of it moves in one step.
///
/// # Errors
/// A design that cannot be laid out, or a world without a result.
fn estimates(study: &FactorStudy<'_>, size: &Size) -> Result<Option<Estimates>, FactorError> {
    let rows = size.rows;
    let columns = study.columns();
    let orders = study.stream("shapley.orders");
    let plan = ShapleyPlan::of_groups(
        columns.len(),
        columns.groups.clone(),
        rows,
        REPLICATES,
        orders.sequence(0, 0),
    )?;
    let uniforms = study.matrices("shapley", &columns, rows)?;
    let steps = study.factors.len() + 1;
    let played = study.play(&columns, plan.evaluations(), |point, out| {
        let uniform =
            |replicate: usize, row: usize, column: usize| uniforms[replicate].at(row, column);
        plan.point(point, uniform, out);
        (point / steps) as u64
    })?;
    Ok(played.map(|played| {
        let answer = Answer::new(played, |values| {
            let effects = plan.replicated(values, LEVEL);
            let effects = effects.map(|effects| result(study, &effects));
            by_replicates(values, rows, effects, || plan.varying(values))
        });
        found(answer, |one| one)
    }))
}

fn result(study: &FactorStudy<'_>, effects: &[Estimate]) -> OutputResult {
    OutputResult::new(study.factors, |index| {
        Some(FactorResult {
            shapley: Some(Interval::from(effects[index])),
            ..FactorResult::default()
        })
    })
}
