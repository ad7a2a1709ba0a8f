//! Section 2: the paired difference of each state over worlds.

use super::facts::Facts;
use crate::report::chart::{Chart, Density, Head};
use crate::report::document::{Block, Figure, Files, Section, Text, note, paragraph, written};
use crate::report::sentence::say;
use crate::theory::spelling::units::count;

pub(super) fn section(facts: &Facts<'_>, files: &mut Files) -> Section {
    Section::new(
        "spread",
        "How the difference varies from world to world",
        blocks(facts, files),
    )
}

fn blocks(facts: &Facts<'_>, files: &mut Files) -> Vec<Block> {
    let Some(headline) = facts.headline() else {
        return vec![paragraph("There is one arm only: nothing to compare.")];
    };
    let Some(worlds) = &facts.worlds else {
        return vec![paragraph(lacking("densities of single worlds"))];
    };
    if facts.is_single() {
        return vec![paragraph("There is one world only: nothing varies.")];
    }
    let mut blocks = vec![note(
        "Each curve shows in how many worlds a difference comes about: left of zero the state is worse off, right of it better. The higher the curve, the \
         more worlds. Each panel has its own scale. Worlds without any difference belong to neither side.",
    )];
    if worlds.count < facts.trials() {
        blocks.push(note(format!(
            "Curves are of the first {} worlds.",
            count(worlds.count)
        )));
    }
    blocks.push(panels(facts, headline, files));
    let others = facts.with_panels().into_iter();
    for arm in others.filter(|&arm| arm != headline && arm != facts.reference) {
        blocks.push(Block::Details {
            summary: format!("The same for {}", facts.heading(arm)),
            blocks: vec![panels(facts, arm, files)],
        });
    }
    blocks
}

/// What is said where the run kept no tables.
pub(super) fn lacking(what: &str) -> Text {
    say!(
        "This run was kept without its tables of worlds, so that there are no {} here; run again without `--keep summary` for them.",
        what
    )
}

fn panels(facts: &Facts<'_>, arm: usize, files: &mut Files) -> Block {
    let ranked = facts.ranked(arm, facts.reference);
    let charts: Vec<(String, Chart)> = ranked
        .iter()
        .filter_map(|(i, pair)| {
            let points = &facts.worlds.as_ref()?.differences[arm][*i];
            if points.is_empty() {
                return None;
            }
            let (name, reference) = (facts.name(arm), facts.name(facts.reference));
            let state = &facts.state(*i).name;
            let sides = (
                format!("worse in {}", written(&[pair.worse()])),
                format!("better in {}", written(&[pair.better()])),
            );
            let range = written(&pair.difference().range(" to "));
            let chart = Density {
                head: Head {
                    id: format!("density-{name}-{}", facts.state(*i).id),
                    title: state.clone(),
                    alternative: format!(
                        "Density of the difference of {state}'s payoff, {name} less {reference}, with zero marked: {} and {}; 90% of worlds from \
                         {range} {}.",
                        sides.0,
                        sides.1,
                        facts.short_unit()
                    ),
                    x: format!("{name} less {reference}, {}", facts.short_unit()),
                    y: String::new(),
                },
                points: points.clone(),
                sides,
            };
            Some((state.clone(), chart.chart()))
        })
        .collect();
    if charts.is_empty() {
        return paragraph("No state's payoff differs in any world.");
    }
    Figure::panels(
        &format!("density-{}", facts.name(arm)),
        "state",
        charts,
        files,
    )
}
