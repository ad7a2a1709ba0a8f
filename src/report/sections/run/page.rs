//! The page of a run: the answer first, the readings, then the proof in ten sections.

use super::answer::{lead, made, question};
use super::facts::Facts;
use super::picture::picture;
use super::{
    adviser, causes, concentration, inputs, investor, members, spread, studies, terms, vendor,
    windows, winners,
};
use crate::report::document::{Document, Figure, Files, Section, Text, plain};
use crate::report::sections::stability;
use crate::theory::spelling::units::worlds;

/// The page of a run, and the files of data beside it.
pub fn page(facts: &Facts<'_>) -> (Document, Files) {
    let mut files = Files::new();
    let manifest = &facts.results.manifest;
    let drawn = picture(facts, facts.view());
    let picture = drawn.map(|(chart, _)| Box::new(Figure::kept(chart, &mut files)));
    let sections: Vec<Section> = vec![
        winners::section(facts, &mut files),
        spread::section(facts, &mut files),
        windows::section(facts, &mut files),
        members::section(facts, &mut files),
        terms::section(facts, &mut files),
        concentration::section(facts, &mut files),
        causes::section(facts, &mut files),
        studies::section(facts, &mut files),
        stability::section(facts.model, facts.stability(), &mut files),
        inputs::section(facts),
    ];
    let page = Document {
        title: manifest.scenario.clone(),
        generator: format!("{} {}", manifest.tool, manifest.version),
        kicker: kicker(facts),
        question: question(facts).unwrap_or_default(),
        lead: lead(facts),
        picture,
        opening: Vec::new(),
        readings: vec![
            adviser::reading(facts),
            investor::reading(facts),
            vendor::reading(facts),
        ],
        sections,
        footer: vec![
            made(facts),
            plain(
                "The differences come from a model of bargaining, not from observation; the judgements among its inputs decide them. Section 10 lists every one.",
            ),
        ],
        ..Document::default()
    };
    (page, files)
}

fn kicker(facts: &Facts<'_>) -> Text {
    let manifest = &facts.results.manifest;
    let description = match facts.model.description.is_empty() {
        true => String::new(),
        false => format!("{}. ", facts.model.description.trim_end_matches('.')),
    };
    plain(format!(
        "{description}{}{}, seed {}, {} {}. A scenario, not a forecast.",
        worlds(manifest.trials),
        if manifest.trials > 1 {
            ", the same for every arm"
        } else {
            ""
        },
        manifest.seed,
        manifest.tool,
        manifest.version
    ))
}
