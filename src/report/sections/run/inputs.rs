//! Section 10: the scenario as it was run, and how to repeat it.

use super::facts::Facts;
use crate::report::bare::bare;
use crate::report::document::{
    Block, Cell, Heading, Section, Table, code, note, paragraph, plain, text,
};
use crate::study::results::run::Input;
use std::collections::HashMap;

/// The section.
pub(super) fn section(facts: &Facts<'_>) -> Section {
    let manifest = &facts.results.manifest;
    let mut blocks = vec![paragraph(text![
        "Every number of the scenario after all its layers, with its unit, its distribution, and who says so. Grades: A, a primary source that was read; B, a secondary \
         report; C, an analyst's figure or arithmetic; S, stated in the public debate and not verified; judgement, with its reason."
    ])];
    if manifest.overrides.is_empty() {
        blocks.push(paragraph(text!["Nothing was laid over the scenario."]));
    } else {
        blocks.push(paragraph(text!["Laid over the scenario, weakest first:"]));
        let items = manifest.overrides.iter().map(|one| vec![code(one.clone())]);
        blocks.push(Block::List {
            items: items.collect(),
        });
    }
    blocks.extend(tables(facts));
    blocks.push(Block::Heading {
        text: "The run".to_owned(),
    });
    blocks.push(Block::Table { table: run(facts) });
    blocks.push(paragraph(text!["To repeat it, byte for byte:"]));
    blocks.push(Block::Code {
        text: facts.repeat.join("\n"),
    });
    blocks.push(note(text![
        "Every number on this page with a path (in its ",
        code("data-path"),
        ") stands there in ",
        code("results.json"),
        "; the data of each figure lie beside the page."
    ]));
    Section {
        id: "scenario".to_owned(),
        title: "The scenario as it was run".to_owned(),
        blocks,
    }
}

/// One table for each part of the scenario.
fn tables(facts: &Facts<'_>) -> Vec<Block> {
    let known: HashMap<&str, &Input> = facts
        .results
        .inputs
        .iter()
        .map(|input| (input.path.as_str(), input))
        .collect();
    let mut parts: Vec<(String, Vec<Vec<Cell>>)> = Vec::new();
    for (path, value) in &facts.inputs {
        let part = part(facts, path);
        if parts.last().is_none_or(|last| last.0 != part) {
            parts.push((part, Vec::new()));
        }
        let rows = &mut parts.last_mut().expect("one was pushed").1;
        rows.push(row(path, value, known.get(path.as_str()).copied()));
    }
    let blocks = parts.into_iter().enumerate().map(|(at, (part, rows))| {
        let table = Table {
            id: format!("inputs-{}", at + 1),
            caption: plain(format!("Inputs: {part}")),
            words: true,
            header: ["path", "value", "unit", "source and grade", "note"]
                .map(Heading::words)
                .to_vec(),
            rows,
            ..Table::default()
        };
        Block::Details {
            summary: format!("{part} ({})", table.rows.len()),
            blocks: vec![Block::Table { table }],
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
    let name = |list: &[crate::engine::model::Identity]| {
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

fn row(path: &str, value: &str, input: Option<&Input>) -> Vec<Cell> {
    let words = |text: Option<&String>| Cell::plain(plain(text.cloned().unwrap_or_default()));
    let of = |part: fn(&Input) -> &Option<String>| input.and_then(|input| part(input).as_ref());
    let source = [of(|input| &input.source), of(|input| &input.grade)];
    let source: Vec<&str> = source.into_iter().flatten().map(String::as_str).collect();
    vec![
        Cell::plain(vec![code(path)]),
        Cell::plain(vec![code(bare(value))]),
        words(of(|input| &input.unit)),
        Cell::plain(plain(source.join(", "))),
        words(of(|input| &input.note)),
    ]
}

/// Identity and circumstance.
fn run(facts: &Facts<'_>) -> Table {
    let manifest = &facts.results.manifest;
    let identity = [
        ("program", format!("{} {}", manifest.tool, manifest.version)),
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
    let rows = identity
        .iter()
        .chain(&facts.circumstance)
        .map(|(name, value)| {
            vec![
                Cell::plain(plain(name.clone())),
                Cell::plain(vec![code(value.clone())]),
            ]
        });
    Table {
        id: "run".to_owned(),
        caption: plain("What was run, and how"),
        words: true,
        header: ["", "value"].map(Heading::words).to_vec(),
        rows: rows.collect(),
        ..Table::default()
    }
}
