//! Which numbers of the scenario move each part, and where else it is reported.

use crate::report::document::{Block, Section, Text, code, joined, paragraph, text, words};
use crate::report::sections::brief::view::BriefView;

pub fn section(view: &BriefView) -> Section {
    let items = view.results.sources.iter().map(|(part, paths)| {
        let paths = paths.iter().map(|path| match path.strip_prefix("result ") {
            Some(path) => text!["result ", code(path)],
            None => text![code(path)],
        });
        let part = format!(
            "{}: ",
            part.replace("walk_away.", "").replace(['_', '.'], " ")
        );
        [text![words(part)], joined(paths, ", ")].concat()
    });
    let items: Vec<Text> = items.collect();
    let said = text![
        "Paths of the scenario that move each part most directly, and where ",
        code("run"),
        " reports it. Each number knows its place in the document of results: ",
        match view.whole {
            true => "the attribute data-path names it.",
            false => "--paths lists them.",
        }
    ];
    let blocks = vec![paragraph(said), Block::List { items }];
    Section::new("sources", "Where the numbers come from", blocks)
}
