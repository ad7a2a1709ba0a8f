//! Section 5: the levels of the terms agreed, and the race of incentives.

use super::facts::Facts;
use crate::engine::model::arm::Mode;
use crate::engine::model::keys::TermKey;
use crate::engine::model::layout::Slot;
use crate::engine::outcome::TotalMetric;
use crate::report::chart::{Forest, ForestRow, Head};
use crate::report::document::{
    Block, Figure, Files, Heading, Rows, Section, Table, Text, paragraph,
};
use crate::report::numbers::Quote;
use crate::report::numbers::mark;
use crate::report::sentence::say;

pub(super) fn section(facts: &Facts<'_>, files: &mut Files) -> Section {
    let mut blocks = Vec::new();
    if facts.model.terms.is_empty() {
        blocks.push(paragraph("Deals of this scenario have no terms."));
    } else {
        blocks.push(figure(facts, files));
        blocks.push(table(facts).into());
    }
    blocks.extend(race(facts).into_iter().map(paragraph));
    Section::new(
        "terms",
        "What deals say, and the race of incentives",
        blocks,
    )
}

/// The mean level of a term in an arm.
fn level(facts: &Facts<'_>, arm: usize, k: usize) -> Quote {
    let id = &facts.model.terms[k].id;
    let stat = facts.result(arm).terms.get(id).copied().flatten();
    Quote::new(stat, format!("arms.{}.terms.{id}", facts.name(arm)))
}

fn named(facts: &Facts<'_>, k: usize) -> String {
    facts.model.terms[k].name.replace('_', " ")
}

/// Whether a term costs the state that grants it: an incentive.
fn is_incentive(facts: &Facts<'_>, k: usize) -> bool {
    let slot = facts.model.layout.index(Slot::Term(k, TermKey::StateValue));
    facts.model.base[slot] < 0.0
}

/// The arms of the figure: all where they are few.
fn few(facts: &Facts<'_>) -> Vec<usize> {
    let all = facts.shown();
    if all.len() <= 4 {
        all
    } else {
        facts.principal()
    }
}

fn figure(facts: &Facts<'_>, files: &mut Files) -> Block {
    let arms = few(facts);
    let rows = (0..facts.model.terms.len()).map(|k| {
        let points = arms
            .iter()
            .map(|&arm| level(facts, arm, k).stat.as_ref().map(mark));
        ForestRow {
            faint: false,
            label: named(facts, k),
            points: points.collect(),
            note: String::new(),
        }
    });
    let said = (0..facts.model.terms.len()).map(|k| {
        let levels = arms.iter().map(|&arm| {
            let value = level(facts, arm, k).value();
            let value = if value.is_finite() {
                format!("{value:.2}")
            } else {
                "none".to_owned()
            };
            format!("{} {value}", facts.name(arm))
        });
        format!(
            "{}: {}",
            named(facts, k),
            levels.collect::<Vec<_>>().join(", ")
        )
    });
    let alternative = format!(
        "A row per term with a mark for each arm at the mean level, and lines over the middle half and 90% of worlds. {}.",
        said.collect::<Vec<_>>().join("; ")
    );
    let chart = Forest {
        head: Head {
            id: "terms-levels".to_owned(),
            title: "Level of each term agreed, by arm: mean, middle half and 90% of worlds"
                .to_owned(),
            alternative,
            x: "mean level over deals, weighted by their size (no unit)".to_owned(),
            y: String::new(),
        },
        series: arms.iter().map(|&arm| facts.name(arm).to_owned()).collect(),
        rows: rows.collect(),
        from_zero: true,
        floor: None,
        thin: None,
    };
    Figure::alone(chart.chart(), files)
}

fn table(facts: &Facts<'_>) -> Table {
    let name = |&k: &usize| {
        let incentive = if is_incentive(facts, k) {
            " (an incentive)"
        } else {
            ""
        };
        format!("{}{incentive}", named(facts, k))
    };
    Rows::of(0..facts.model.terms.len())
        .column(Heading::words("term"), name)
        .each(facts.shown(), |rows, arm| {
            rows.column(Heading::number(facts.name(arm)), |&k| {
                level(facts, arm, k).decimals(3)
            })
        })
        .table(
            "terms-table",
            "Mean level of each term, over worlds with deals",
        )
}

/// What states give away to attract hosts, arm by arm.
fn race(facts: &Facts<'_>) -> Vec<Text> {
    let incentives = (0..facts.model.terms.len()).filter(|&k| is_incentive(facts, k));
    let incentives: Vec<usize> = incentives.collect();
    if incentives.is_empty() {
        return vec![say!(
            "No term of this scenario costs the state that grants it: there is no incentive to outbid others with."
        )];
    }
    let of_term = |&k: &usize| {
        let mut levels = Text::new();
        for arm in facts.shown() {
            levels.extend(say!(
                "{}{} as {}",
                if levels.is_empty() { "" } else { ", " },
                level(facts, arm, k).decimals(2),
                facts.arm(arm)
            ));
        }
        say!(
            "The incentive \u{201c}{}\u{201d}, which costs the state that grants it, is agreed at {} (mean level).",
            named(facts, k),
            levels
        )
    };
    let mut paragraphs: Vec<Text> = incentives.iter().map(of_term).collect();
    let contests = facts.of_mode(Mode::Contest);
    for &arm in contests.iter().filter(|&&arm| arm != facts.reference) {
        let pair = facts.total_pair(arm, facts.reference, TotalMetric::Payoff);
        paragraphs.push(say!(
            "Auctioning hubs ({}) changes the payoff of all states by {} bn against {} ({}).",
            facts.arm(arm),
            pair.difference().difference(),
            facts.arm(facts.reference),
            pair.verdict().of_level()
        ));
    }
    if contests.is_empty() {
        paragraphs.push(say!(
            "No arm of this run is a contest, in which hubs are auctioned: what a race to the bottom costs is not seen here."
        ));
    }
    paragraphs
}
