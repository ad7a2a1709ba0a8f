//! Section 10: the scenario as it was run, and how to repeat it.

use super::facts::Facts;
use crate::engine::model::Identity;
use crate::report::bare::bare;
use crate::report::document::{
    Block, Heading, Rows, Section, Table, code, heading, note, paragraph, text,
};
use crate::report::sentence::say;
use crate::study::results::run::Input;
use std::collections::HashMap;

pub(super) fn section(facts: &Facts<'_>) -> Section {
    let overrides = &facts.results.manifest.overrides;
    let mut blocks = vec![paragraph(
        "Every number of the scenario after all its layers, with its unit, its distribution, and who says so. Grades: A, a primary source that was read; B, a secondary \
         report; C, an analyst's figure or arithmetic; S, stated in the public debate and not verified; judgement, with its reason.",
    )];
    if overrides.is_empty() {
        blocks.push(paragraph("Nothing was laid over the scenario."));
    } else {
        blocks.push(paragraph("Laid over the scenario, weakest first:"));
        let items = overrides.iter().map(|one| text![code(one)]).collect();
        blocks.push(Block::List { items });
    }
    blocks.extend(tables(facts));
    blocks.extend([
        heading("The run"),
        run(facts).into(),
        paragraph("To repeat it, byte for byte:"),
        Block::Code {
            text: facts.repeat.join("\n"),
        },
        note(say!(
            "Every number on this page with a path (in its `data-path`) stands there in `results.json`; the data of each figure are part of it, below the figure."
        )),
    ]);
    Section::new("scenario", "The scenario as it was run", blocks)
}

/// One table for each part of the scenario.
fn tables(facts: &Facts<'_>) -> Vec<Block> {
    let known: HashMap<&str, &Input> = facts
        .results
        .inputs
        .iter()
        .map(|input| (input.path.as_str(), input))
        .collect();
    let parts = facts
        .inputs
        .chunk_by(|one, other| part(facts, &one.0) == part(facts, &other.0));
    let blocks = parts.enumerate().map(|(at, rows)| {
        let part = part(facts, &rows[0].0);
        let of = |path: &str, said: fn(&Input) -> &Option<String>| {
            known.get(path).and_then(|input| said(input).clone())
        };
        let source = |path: &str| {
            let both = [of(path, |one| &one.source), of(path, |one| &one.grade)];
            both.into_iter().flatten().collect::<Vec<_>>().join(", ")
        };
        let table = Rows::of(rows)
            .column(Heading::words("path"), |(path, _)| code(path))
            .column(Heading::words("value"), |(_, value)| code(bare(value)))
            .column(Heading::words("unit"), |(path, _)| {
                of(path, |one| &one.unit).unwrap_or_default()
            })
            .column(Heading::words("source and grade"), |(path, _)| source(path))
            .column(Heading::words("note"), |(path, _)| {
                of(path, |one| &one.note).unwrap_or_default()
            })
            .table(format!("inputs-{}", at + 1), format!("Inputs: {part}"));
        Block::Details {
            summary: format!("{part} ({})", rows.len()),
            blocks: vec![table.of_words().into()],
        }
    });
    blocks.collect()
}

/// What part of the scenario a path belongs to.
fn part(facts: &Facts<'_>, path: &str) -> String {
    let mut words = path.split('.');
    let (first, second) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let name = |list: &[Identity]| {
        let found = list.iter().find(|one| one.id == second);
        found.map_or(second.to_owned(), |one| one.name.clone())
    };
    match first {
        "state" => format!("state: {}", name(&facts.model.states)),
        "hyperscaler" => format!("hyperscaler: {}", name(&facts.model.hyperscalers)),
        "term" => format!("term: {}", name(&facts.model.terms)),
        "arm" => format!("arm: {second}"),
        "pair" => "pairs of states and hyperscalers".to_owned(),
        "link" => "links between states".to_owned(),
        _ if second.is_empty() => "the scenario".to_owned(),
        other => other.to_owned(),
    }
}

/// Identity and circumstance.
fn run(facts: &Facts<'_>) -> Table {
    let manifest = &facts.results.manifest;
    let identity = [
        ("program", format!("{} {}", manifest.tool, manifest.version)),
        ("edition of the model", manifest.edition.clone()),
        ("scenario", manifest.scenario.clone()),
        (
            "SHA-256 of scenario.resolved.toml",
            manifest.scenario_sha256.clone(),
        ),
        ("seed", manifest.seed.to_string()),
        ("worlds", manifest.trials.to_string()),
        ("sampler", manifest.sampler.clone()),
        ("quantiles", manifest.quantiles.clone()),
    ];
    let identity = identity.map(|(name, value)| (name.to_owned(), value));
    Rows::of(identity.iter().chain(&facts.circumstance))
        .column(Heading::words(""), |(name, _)| name.as_str())
        .column(Heading::words("value"), |(_, value)| code(value))
        .table("run", "What was run, and how")
        .of_words()
}
