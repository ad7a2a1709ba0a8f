//! Sobol' indices: first-order, total, and on request second-order ones.

use crate::study::factors::Factor;
use crate::study::factors::{Answer, FactorError, FactorStudy, LEVEL, REPLICATES};
use crate::study::results::sensitivity::{FactorResult, Interval, OutputResult};
use crate::study::sensitivity::method::{
    Description, Estimates, LEAST_ROWS, OwnWorlds, PLAIN, Size, WorldsOfMethod, by_replicates,
    found,
};
use crate::theory::sensitivity::estimate::Estimate;
use crate::theory::sensitivity::sobol::{SobolIndices, SobolPlan, sobol_replicated, sobol_varying};

/// The method.
pub const SOBOL: Description = Description {
    name: "sobol",
    ranked_by: "ST",
    shown: &["S1", "ST"],
    meaning: "S1: share of the variance that the factor explains by itself (first-order Sobol' index). ST: share that would remain if all \
              others were known (total Sobol' index); what ST has above S1 is interaction, with chance (orders of talks, votes, events) too.",
    takes_groups: true,
    needs_independence: true,
    holds_others: true,
    is_sequence: true,
    option: Some("--second-order"),
    few: Some(LEAST_ROWS),
    worlds: WorldsOfMethod::Own(OwnWorlds { count, estimates }),
    ..PLAIN
};

fn count(study: &FactorStudy<'_>, size: &Size) -> usize {
    let crossed = study.factors.len() * if size.second_order { 2 } else { 1 };
    REPLICATES * size.rows * (2 + crossed)
}

/// Sobol' indices with intervals from [`REPLICATES`] pairs of matrices of `rows` rows each. A group takes all its columns from A or all from B, so it is one
/// factor whatever it holds, and costs as much.
///
/// The noise of A and of B is that of different trials, A_B has that of A: first orders are those of the factor alone, totals
/// include what it does together with noise.
///
/// # Errors
/// A design that cannot be laid out, or a world without a result.
fn estimates(study: &FactorStudy<'_>, size: &Size) -> Result<Option<Estimates>, FactorError> {
    let rows = size.rows;
    let columns = study.columns();
    let mut plan = SobolPlan::of_groups(columns.len(), columns.groups.clone(), rows, REPLICATES)?;
    if size.second_order {
        plan = plan.with_second_order()?;
    }
    let uniforms = study.matrices("sobol", &columns, rows)?;
    let matrices = plan.evaluations() / (rows * REPLICATES);
    let groups = study.factors.len();
    let played = study.play(&columns, plan.evaluations(), |point, out| {
        let uniform =
            |replicate: usize, row: usize, column: usize| uniforms[replicate].at(row, column);
        plan.point(point, uniform, out);
        let (row, matrix) = (point % rows, point / rows % matrices);
        let replicate = point / rows / matrices;
        let of_b = matrix == 1 || matrix >= 2 + groups;
        (2 * (replicate * rows + row) + usize::from(of_b)) as u64
    })?;
    Ok(played.map(|played| {
        let answer = Answer::new(played, |values| {
            let replicates = plan.split(values);
            let indices = sobol_replicated(&replicates, LEVEL);
            let indices = indices.map(|one| result(study.factors, &one));
            by_replicates(values, rows, indices, || sobol_varying(&replicates))
        });
        found(answer, |one| one)
    }))
}

fn result(factors: &[Factor], indices: &SobolIndices<Estimate>) -> OutputResult {
    let of = |index: usize| {
        Some(FactorResult {
            first: Some(Interval::from(indices.first[index])),
            total: Some(Interval::from(indices.total[index])),
            ..FactorResult::default()
        })
    };
    let second = indices.second.iter().map(|pair| {
        let name = format!("{} & {}", factors[pair.i].name, factors[pair.j].name);
        (name, Interval::from(pair.index))
    });
    OutputResult {
        second: second.collect(),
        ..OutputResult::new(factors, of)
    }
}
