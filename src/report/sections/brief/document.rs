//! A brief for the terminal, where of many rows the telling ones are shown, and as a page, which has all and the frontier drawn.

use crate::engine::model::Model;
use crate::report::document::{Block, Document, Section, Table, text, words};
use crate::report::sections::brief::headline::{footer, headline};
use crate::report::sections::brief::view::BriefView;
use crate::report::sections::brief::{
    accord, frontier, leverage, offers, preparation, red_lines, sources, walk_away, zone,
};
use crate::report::sentence::capital;
use crate::study::results::brief::BriefResults;

pub fn text(model: &Model, results: &BriefResults) -> Document {
    let view = BriefView::new(model, results, false);
    Document {
        opening: sections(&view).into_iter().flat_map(run_in).collect(),
        ..frame(&view)
    }
}

pub fn page(model: &Model, results: &BriefResults) -> Document {
    let view = BriefView::new(model, results, true);
    Document {
        sections: sections(&view),
        ..frame(&view)
    }
}

fn frame(view: &BriefView) -> Document {
    let (manifest, table) = (&view.results.manifest, &view.results.table);
    Document {
        title: format!("{} with {}: a brief", capital(view.own), view.other),
        generator: format!("{} {}", manifest.tool, manifest.version),
        kicker: text![format!(
            "{}, arm {}, window {} from {}",
            manifest.scenario, table.arm, table.window, table.year
        )],
        lead: vec![headline(view)],
        footer: vec![footer(view)],
        ..Document::default()
    }
}

fn sections(view: &BriefView) -> Vec<Section> {
    let all = [
        Some(walk_away::section(view)),
        Some(zone::zone(view)),
        Some(zone::predicted(view)),
        view.whole.then(|| frontier::section(view)),
        Some(leverage::section(view)),
        accord::section(view),
        offers::offer(view),
        Some(offers::counter_offer(view)),
        red_lines::section(view),
        preparation::section(view),
        Some(sources::section(view)),
    ];
    all.into_iter().flatten().collect()
}

/// The blocks of a section, the first of which begins with its title.
fn run_in(section: Section) -> Vec<Block> {
    let mut blocks = section.blocks;
    if let Some(
        Block::Paragraph { text }
        | Block::Table {
            table: Table { caption: text, .. },
        },
    ) = blocks.first_mut()
    {
        text.insert(0, words(format!("{}. ", section.title)));
    }
    blocks
}
