//! A tornado: each factor at its ends, the others as they are.

use crate::engine::model::Model;
use crate::study::factors::{Answer, EVENT_ENDS, FactorError, FactorStudy, LEVEL, distinct_ends};
use crate::study::results::sensitivity::{FactorResult, Interval, OutputResult};
use crate::study::sensitivity::method::{
    Description, Estimates, OwnWorlds, PLAIN, Size, WorldsOfMethod, found,
};
use crate::theory::sensitivity::tornado::{Bar, Ends, tornado};

/// The method.
pub const TORNADO: Description = Description {
    name: "tornado",
    ranked_by: "swing",
    shown: &["at_p05", "at_p95", "swing"],
    meaning: "at_p05, at_p95: mean result with the factor at its 5% and its 95% point, or at its first and its last value where both points \
              are the same, which the bars join; * marks a factor whose effect \
              depends on the others.",
    takes_groups: true,
    option: Some("--at-medians"),
    worlds: WorldsOfMethod::Own(OwnWorlds { count, estimates }),
    ..PLAIN
};

fn count(study: &FactorStudy<'_>, size: &Size) -> usize {
    (2 * study.factors.len()).saturating_mul(size.worlds.max(1))
}

/// The output with each factor at its 5% and at its 95% point, in the first `worlds` worlds of the scenario, the others as drawn there,
/// correlated as they are; with `worlds` 0 in one world with the others at their medians. A factor of which both points are one value stands at its first and its last one instead. A bar is that of its factor alone: what is
/// correlated with it does not move along. An event does not come at its low end and comes at its high one, however probable it is.
///
/// # Errors
/// A world without a result.
fn estimates(study: &FactorStudy<'_>, size: &Size) -> Result<Option<Estimates>, FactorError> {
    let worlds = size.worlds;
    let design = study.model.design();
    let dimensions = study.model.uncertain.len() + study.model.shadows.len();
    let medians = worlds == 0;
    let worlds = worlds.max(1);
    let write = |index: u64, uniforms: &mut [f64]| {
        let (world, end) = (index as usize % worlds, index as usize / worlds);
        let drawn = &mut uniforms[..dimensions];
        if medians {
            drawn.fill(0.5);
        } else {
            for (one, uniform) in drawn.iter_mut().enumerate() {
                *uniform = design.uniform(world as u64, one);
            }
            study.model.correlation.apply(world as u64, drawn);
        }
        for &member in &study.factors[end / 2].members {
            let (low, high) = ends(study.model, member);
            let uniform = if end % 2 == 0 { low } else { high };
            uniforms[study.model.uniform_of_draw(member)] = uniform;
        }
        world as u64
    };
    let played = study.read(2 * study.factors.len() * worlds, &write)?;
    Ok(played.map(|played| {
        let answer = Answer::new(played, |values| {
            let ends = values.chunks_exact(2 * worlds).map(|both| Ends {
                low: &both[..worlds],
                high: &both[worlds..],
            });
            tornado(&ends.collect::<Vec<_>>(), LEVEL)
        });
        found(answer, |bars: Vec<Bar>| {
            OutputResult::new(study.factors, |index| {
                bars.iter().find(|bar| bar.factor == index).map(result)
            })
        })
    }))
}

/// The uniforms at which a number that a world draws has its low and its high end.
fn ends(model: &Model, member: usize) -> (f64, f64) {
    match member < model.uncertain.len() {
        true => distinct_ends(&model.uncertain[member].distribution),
        false => EVENT_ENDS,
    }
}

/// The bar of a factor as a result.
fn result(bar: &Bar) -> FactorResult {
    let exact = |value: f64| Interval {
        value,
        low: None,
        high: None,
    };
    FactorResult {
        at_low: Some(exact(bar.low)),
        at_high: Some(exact(bar.high)),
        swing: Some(bar.swing.map_or(exact(bar.high - bar.low), Interval::from)),
        interacts: bar.interaction.map(|_| bar.interacts),
        ..FactorResult::default()
    }
}
