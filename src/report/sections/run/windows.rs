//! Section 3: payoff and leverage over the windows, and what a refusal costs as deals are signed.

use super::erosion;
use super::facts::Facts;
use super::panels::{panels, points};
use super::spread::lacking;
use crate::report::chart::{Fan, FanPoint, Head};
use crate::report::document::{Block, Files, Section, heading, note, paragraph};
use crate::study::results::run::WindowResult;
use crate::theory::spelling::units::number;
use crate::theory::stats::summary::Stat;

/// What the leverage of all states is.
const WEIGHED: &str = "What all states together get of the joint gains of all deals of the window, so that each deal weighs as much as it brings";

/// Where a report has the same over all windows.
const OVER_ALL: &str =
    ": the same as in the table of section 6, which has it over all windows, discounted";

pub(super) fn section(facts: &Facts<'_>, files: &mut Files) -> Section {
    let mut blocks = vec![note(
        "The line is the median, the dark band the middle half and the light band 90% of worlds, each at its window by itself: no single world \
         follows the edge of a band. The dashed line is the median of the reference. All panels of a kind share one scale. Values of a window are undiscounted.",
    )];
    match &facts.worlds {
        None => blocks.push(paragraph(lacking("bands of all states together"))),
        Some(worlds) => {
            let title = "Payoff of all states in each window";
            let unit = format!("{}, of the window", facts.short_unit());
            let of = |arm: usize| worlds.payoff[arm].clone();
            blocks.push(heading(title));
            let about = ["payoff", title, &*unit];
            blocks.push(fans(facts, facts.shown(), about, of, files));
        }
    }
    let about = [
        "leverage",
        "Leverage of all states together in each window",
        "share of the joint gains of deals",
    ];
    let leverage = by_window(
        facts,
        facts.shown(),
        about,
        |one| one.region_leverage,
        files,
    );
    if !leverage.is_empty() {
        blocks.extend(leverage);
        let elsewhere = if facts.explored { "" } else { OVER_ALL };
        blocks.push(note(format!("{WEIGHED}{elsewhere}.")));
    }
    for i in 0..facts.model.states.len() {
        blocks.push(Block::Details {
            summary: format!("{}: payoff and leverage by window", facts.state(i).name),
            blocks: of_state(facts, i, files),
        });
    }
    blocks.extend(erosion::blocks(facts, files));
    Section::new("windows", "Payoff and leverage over the windows", blocks)
}

/// A panel per arm of a metric of all states, below a heading; nothing where there is one window, or no arm that has it in two.
pub(super) fn by_window(
    facts: &Facts<'_>,
    arms: Vec<usize>,
    [id, what, unit]: [&str; 3],
    of: impl Fn(&WindowResult) -> Option<Stat>,
    files: &mut Files,
) -> Vec<Block> {
    let bands = |arm: usize| -> Vec<[f64; 5]> {
        let windows = facts.result(arm).windows.iter();
        windows.map(|result| points(of(result))).collect()
    };
    let known = |arm: &usize| bands(*arm).iter().filter(|one| one[2].is_finite()).count() > 1;
    let arms: Vec<usize> = arms.into_iter().filter(known).collect();
    match arms.is_empty() {
        true => Vec::new(),
        false => vec![
            heading(what),
            fans(facts, arms, [id, what, unit], bands, files),
        ],
    }
}

/// A panel per arm, of its bands by window.
fn fans(
    facts: &Facts<'_>,
    arms: Vec<usize>,
    [id, what, unit]: [&str; 3],
    bands: impl Fn(usize) -> Vec<[f64; 5]>,
    files: &mut Files,
) -> Block {
    let compared = arms.contains(&facts.reference);
    let baseline = match compared {
        true => bands(facts.reference),
        false => Vec::new(),
    };
    let fans = arms.into_iter().map(|arm| {
        let name = facts.name(arm);
        let head = Head {
            id: format!("window-{id}-{name}"),
            title: name.to_owned(),
            alternative: format!("{what} as {name}"),
            x: "first year of the window".to_owned(),
            y: unit.to_owned(),
        };
        fan(facts, head, &bands(arm), &baseline, arm)
    });
    panels(&format!("windows-{id}"), fans.collect(), files)
}

/// Both metrics of a state, a panel per arm.
fn of_state(facts: &Facts<'_>, i: usize, files: &mut Files) -> Vec<Block> {
    let unit = format!("{}, of the window", facts.short_unit());
    let metrics = [
        ("payoff", unit.as_str()),
        ("leverage", "share of the joint gains of deals"),
    ];
    let blocks = metrics.map(|(metric, unit)| {
        let state = facts.state(i);
        let bands = |arm: usize| -> Vec<[f64; 5]> {
            let windows = 0..facts.model.horizon.windows;
            windows
                .map(|window| points(facts.of_window(arm, window, metric, i).stat))
                .collect()
        };
        let id = format!("{metric}-{}", state.id);
        let what = format!("{}'s {metric} in each window", state.name);
        let arms = facts.with_panels();
        let fans = fans(facts, arms, [&*id, &*what, unit], bands, files);
        [heading(what), fans]
    });
    blocks.into_iter().flatten().collect()
}

fn fan(
    facts: &Facts<'_>,
    head: Head,
    bands: &[[f64; 5]],
    baseline: &[[f64; 5]],
    arm: usize,
) -> Fan {
    let points = bands
        .iter()
        .enumerate()
        .map(|(window, quantiles)| FanPoint {
            label: facts.year(window).to_string(),
            quantiles: *quantiles,
        });
    let said = bands
        .iter()
        .enumerate()
        .filter(|(_, one)| one[2].is_finite())
        .map(|(window, one)| {
            let [low, _, middle, _, high] = one.map(|x| number(x, None));
            format!(
                "{}: median {middle}, 90% of worlds {low} to {high}",
                facts.year(window)
            )
        });
    let alternative = format!(
        "{}. {}.",
        head.alternative,
        said.collect::<Vec<_>>().join("; ")
    );
    Fan {
        head: Head {
            alternative,
            ..head
        },
        points: points.collect(),
        baseline: match arm == facts.reference {
            true => Vec::new(),
            false => baseline.iter().map(|one| one[2]).collect(),
        },
        range: None,
    }
}
