//! The further figure: a section of the report of a run, which a reader chooses.

use crate::report::document::{Files, Section};
use crate::report::sections::run::facts::Facts;
use crate::report::sections::run::{concentration, members, terms, windows, winners};
use serde::Serialize;

/// A figure to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FigureChoice {
    pub id: &'static str,
    pub title: &'static str,
}

type Drawn = fn(&Facts<'_>, &mut Files) -> Section;

const FIGURES: [(FigureChoice, Drawn); 5] = [
    (choice("members", "Who is in, who left"), members::section),
    (choice("windows", "From window to window"), windows::section),
    (choice("terms", "What deals contain"), terms::section),
    (
        choice("concentration", "Where investment goes"),
        concentration::section,
    ),
    (choice("levels", "What each state has"), winners::section),
];

const fn choice(id: &'static str, title: &'static str) -> FigureChoice {
    FigureChoice { id, title }
}

/// Those that there are.
pub(super) fn choices(facts: &Facts<'_>) -> Vec<FigureChoice> {
    let kept = FIGURES
        .iter()
        .filter(|(one, _)| one.id != "members" || !facts.accords().is_empty());
    kept.map(|(one, _)| one.clone()).collect()
}

/// The one that is chosen; none where none of that name is.
pub(super) fn chosen(facts: &Facts<'_>, id: Option<&str>) -> Option<Section> {
    let (one, drawn) = FIGURES.iter().find(|(one, _)| Some(one.id) == id)?;
    let section = drawn(facts, &mut Files::new());
    Some(Section::new("figure", one.title, section.blocks))
}
