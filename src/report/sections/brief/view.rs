//! What every section of a brief starts from: what the two sides are called, and each number by its path.

use crate::engine::model::{Identity, Model};
use crate::report::amounts::NONE;
use crate::report::comparables::of_term;
use crate::report::document::{Number, Span, Text, joined, text, words};
use crate::report::measure::real;
use crate::report::sections::brief::amounts::{MedianAmount, digits};
use crate::report::sentence::say;
use crate::report::verdict::of_hundred;
use crate::study::brief::Side;
use crate::study::results::brief::BriefResults;
use crate::theory::spelling::units::percent;
use serde_json::Value;
use textwrap::core::display_width;

/// Longest name in a cell.
const CELL: usize = 14;

pub struct BriefView<'a> {
    pub model: &'a Model,
    pub results: &'a BriefResults,
    /// The results as the document in which paths are looked up.
    document: Value,
    /// Whether all rows are shown, or of many the telling ones.
    pub whole: bool,
    /// The states' side, where a cell has to hold it.
    pub states: &'a str,
    /// The hyperscaler likewise.
    pub hyperscaler: &'a str,
    /// The two, the own first.
    pub sides: [TableSide<'a>; 2],
    pub own: &'a str,
    pub other: &'a str,
}

/// A side of the table: its name, and its key in the document.
#[derive(Clone, Copy)]
pub struct TableSide<'a> {
    pub name: &'a str,
    pub key: &'static str,
}

impl<'a> BriefView<'a> {
    pub fn new(model: &'a Model, results: &'a BriefResults, whole: bool) -> BriefView<'a> {
        let (state, h) = (results.table.state.as_deref(), &results.table.hyperscaler);
        let states = state.map_or("the bloc", |id| short(name(&model.states, id), id));
        let hyperscaler = short(name(&model.hyperscalers, h), h);
        let mut sides = [(states, "state"), (hyperscaler, "hyperscaler")];
        if results.table.side == Side::Hyperscaler {
            sides.reverse();
        }
        let sides = sides.map(|(name, key)| TableSide { name, key });
        BriefView {
            model,
            results,
            document: serde_json::to_value(results).expect("it is a document"),
            whole,
            states,
            hyperscaler,
            sides,
            own: sides[0].name,
            other: sides[1].name,
        }
    }

    pub fn state_name(&self, id: &'a str) -> &'a str {
        name(&self.model.states, id)
    }

    pub fn term_name(&self, id: &'a str) -> &'a str {
        let term = self.model.terms.iter().find(|term| term.id == id);
        term.map_or(id, |term| &term.name)
    }

    /// The unit of amounts.
    pub fn money(&self) -> String {
        format!("US$ bn of {}", self.results.table.price_year)
    }

    /// What stands at a path of the document, if anything does.
    pub fn at(&self, path: &str) -> Option<&Value> {
        self.document
            .pointer(&format!("/{}", path.replace('.', "/")))
    }

    /// The number at a path, written in some way; a dot where it is null.
    pub fn number(&self, path: &str, written: impl Fn(f64) -> String) -> Span {
        let value = self
            .at(path)
            .unwrap_or_else(|| panic!("there is no {path}"));
        let number = |value| Number::new(&written(value), value, path).into();
        value.as_f64().map_or_else(|| words(NONE), number)
    }

    pub fn share(&self, path: &str) -> Span {
        self.number(path, percent)
    }

    /// A share of the worlds with talks at a path, as their count: "81 of 100".
    pub fn often(&self, path: &str) -> Span {
        let worlds = self.results.table.worlds;
        self.number(path, |share| of_hundred(share, worlds))
    }

    pub fn level(&self, path: &str) -> Span {
        self.number(path, digits)
    }

    /// What the level of a term at a path is in the world; nothing where the scenario gives no unit.
    pub fn real(&self, id: &str, path: &str) -> Text {
        let level = self.at(path).and_then(Value::as_f64);
        let said = level.and_then(|level| real(self.model, id, level));
        said.map_or_else(Text::new, |said| text![said])
    }

    /// What others got for each term of which public deals speak.
    pub fn others(&self) -> Option<Text> {
        let said = self.model.terms.iter().filter_map(|term| {
            let others = of_term(&term.id)?;
            Some(text![format!("{}: {others}", term.name)])
        });
        let said = joined(said, "; ");
        (!said.is_empty()).then(|| say!("What others got. {}.", said))
    }

    pub fn amount(&self, path: String) -> MedianAmount {
        let stat = self
            .at(&path)
            .unwrap_or_else(|| panic!("there is no {path}"));
        let stat = serde_json::from_value(stat.clone()).expect("it is a distribution or null");
        MedianAmount { stat, path }
    }
}

pub fn name<'a>(among: &'a [Identity], id: &'a str) -> &'a str {
    let one = among.iter().find(|one| one.id == id);
    one.map_or(id, |one| &one.name)
}

/// A name without what stands in brackets behind it, or the id where that is too long for a cell.
fn short<'a>(name: &'a str, id: &'a str) -> &'a str {
    let name = name.split(" (").next().unwrap_or(name);
    match display_width(name) <= CELL {
        true => name,
        false => id,
    }
}
