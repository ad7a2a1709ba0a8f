//! The best accords: what each clause is worth, what would break them, what would have to be paid.

use super::answer::title;
use super::change::{RuleChange, listed, phrases};
use super::payments;
use super::view::{AccordPlace, AccordsView, LAST, Ranged, often};
use crate::report::amounts::{FINEST, millions, unit};
use crate::report::document::{
    Block, Cell, Heading, Rows, Section, Table, Text, joined, paragraph,
};
use crate::report::numbers::{largest, traced};
use crate::report::sentence::say;
use crate::report::verdict::FEW_WORLDS;
use crate::study::accords::question::OUTSIDE_WORLDS;
use crate::study::results::accords::{AccordReading, ClauseWorth};
use crate::study::results::sensitivity::Interval;

/// A part for each accord that is best under a reading, with all readings that chose it.
pub(super) fn sections(view: &AccordsView<'_>) -> Vec<Section> {
    let readings = &view.results.readings;
    let mut chosen: Vec<&str> = Vec::new();
    for one in readings {
        if !chosen.contains(&one.accord.as_str()) {
            chosen.push(&one.accord);
        }
    }
    let sections = chosen.into_iter().filter_map(|id| {
        let own = readings
            .iter()
            .enumerate()
            .filter(|(_, one)| one.accord == id);
        let own: Vec<(usize, &AccordReading)> = own.collect();
        let &(at, first) = own.first()?;
        let place = view.of_reading(first)?;
        let readings: Vec<&AccordReading> = own.iter().map(|one| one.1).collect();
        let reading = ChosenAccord {
            view,
            at,
            reading: first,
            place,
        };
        Some(Section::new(
            id,
            format!("{}: {id}", title(view, &readings)),
            reading.blocks(),
        ))
    });
    sections.collect()
}

/// An accord that a reading chose.
struct ChosenAccord<'a> {
    view: &'a AccordsView<'a>,
    /// Place of the reading.
    at: usize,
    reading: &'a AccordReading,
    place: AccordPlace<'a>,
}

/// Clauses without which the accord is the same: rules of which one does nothing without the other.
struct Clause<'a> {
    phrase: String,
    at: usize,
    worth: &'a ClauseWorth,
}

impl<'a> ChosenAccord<'a> {
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![paragraph(self.breaks())];
        blocks.extend(self.causes().map(paragraph));
        let clauses = self.clauses();
        if !clauses.is_empty() && (self.view.all || self.at == 0) {
            blocks.push(self.clause_table(clauses).into());
        }
        if let Some(plan) = &self.reading.payments {
            blocks.extend(payments::blocks(self.view, (self.at, &self.place), plan));
        }
        blocks
    }

    /// What would break it.
    fn breaks(&self) -> Text {
        let (view, one) = (self.view, self.place.one);
        let mut said = vec![self.forms(), self.leaves(), self.loses()];
        said.extend(self.supplier());
        let gains = one.region_gains;
        said.push(match view.trials() {
            1 if gains < 1.0 => say!("the region does not gain"),
            1 => Text::new(),
            _ => say!(
                "the region gains in {}",
                view.often(gains, self.place.at("region_gains"))
            ),
        });
        if let Some(outside) = &one.outside_would_join {
            let looked = view.trials().min(OUTSIDE_WORLDS);
            let path = self.place.at("outside_would_join.value");
            said.push(say!(
                "in the last window somebody outside would gain by joining in {}",
                often(outside.value, looked, path)
            ));
        }
        let said = said.into_iter().filter(|part| !part.is_empty());
        say!("What would break it: {}.", joined(said, "; "))
    }

    /// In how many worlds it forms; nothing where it always does.
    fn forms(&self) -> Text {
        match self.place.one.formed {
            1.0 => Text::new(),
            formed => say!(
                "it forms in {}",
                self.view.often(formed, self.place.at("formed"))
            ),
        }
    }

    fn leaves(&self) -> Text {
        let (view, states) = (self.view, &self.place.one.states);
        let most = largest(states, |(_, state)| state.left);
        let Some((id, state)) = most.filter(|(_, state)| state.left > 0.0) else {
            return say!("nobody leaves in any world");
        };
        let as_often = states.values().filter(|one| one.left >= state.left);
        let than = match as_often.count() {
            1 if states.len() > 1 => ", more often than others",
            _ => "",
        };
        let often = view.often(state.left, self.place.at(&format!("states.{id}.left")));
        say!("{} leaves in {}{}", view.state_name(id), often, than)
    }

    fn loses(&self) -> Text {
        let states = self.place.one.states.iter();
        let known = states.filter_map(|(id, state)| Some((id, state.gain?.mean)));
        let Some((id, mean)) = largest(known, |one| -one.1) else {
            return Text::new();
        };
        let (name, gain) = (self.view.state_name(id), self.place.gain_of(id));
        match self.place.sign_of(id) {
            -1 if mean.abs() < FINEST => say!("{} gets least, nothing on average", name),
            -1 => say!("{} loses most, US$ {} bn on average", name, gain.amount()),
            0 if mean.abs() < FINEST => say!("{} gets least, nothing on average", name),
            0 => say!(
                "{} gets least, US$ {} bn on average, not told from nothing",
                name,
                gain.difference()
            ),
            _ => say!(
                "no state loses on average, {} gets least, US$ {} bn",
                name,
                gain.difference()
            ),
        }
    }

    fn supplier(&self) -> Option<Text> {
        let profits = self.place.one.hyperscalers.iter();
        let known = profits.filter_map(|(id, stat)| Some((id, (*stat)?)));
        let (id, stat) = largest(known, |one| -one.1.mean)?;
        let quote = self.place.profit_of(id);
        let name = self.view.hyperscaler_name(id);
        let is_alone = self.place.one.hyperscalers.len() == 1;
        Some(match (stat.mean < -FINEST, is_alone) {
            (false, _) => say!("no supplier loses on average"),
            (true, true) => say!("{} loses US$ {} bn", name, quote.amount()),
            (true, false) => say!(
                "of suppliers {} loses most, US$ {} bn",
                name,
                quote.amount()
            ),
        })
    }

    /// What brings the region its gain; nothing where all is little.
    fn causes(&self) -> Option<Text> {
        let one = self.place.one;
        let mut causes: Vec<(&String, f64)> = one
            .causes
            .iter()
            .map(|(name, value)| (name, *value))
            .collect();
        causes.retain(|cause| cause.1.abs() >= FINEST);
        causes.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
        let error = one.gain.and_then(|stat| stat.se).map(|se| LAST * se);
        let each = causes.into_iter().map(|(name, value)| {
            let written = millions(value, error);
            say!(
                "{} {}",
                cause(name),
                traced(&written, value, &self.place.at(&format!("causes.{name}")))
            )
        });
        let each = joined(each, ", ");
        (!each.is_empty()).then(|| say!("By cause, US$ bn: {}.", each))
    }

    fn clauses(&self) -> Vec<Clause<'a>> {
        let model = self.view.model;
        let mut clauses: Vec<Clause<'_>> = Vec::new();
        let mut seen = vec![false; self.reading.clauses.len()];
        for at in 0..seen.len() {
            if seen[at] {
                continue;
            }
            let worth = &self.reading.clauses[at];
            let same: Vec<usize> = (at..seen.len())
                .filter(|&other| self.reading.clauses[other].worth == worth.worth)
                .collect();
            same.iter().for_each(|&other| seen[other] = true);
            let changes = same.iter().map(|&other| {
                let one = &self.reading.clauses[other];
                RuleChange {
                    key: &one.key,
                    base: &one.base,
                    value: &one.value,
                }
            });
            let changes: Vec<RuleChange<'_>> = changes.collect();
            clauses.push(Clause {
                phrase: listed(&phrases(model, &changes)),
                at,
                worth,
            });
        }
        clauses
    }

    fn clause_table(&self, clauses: Vec<Clause<'_>>) -> Table {
        let of = |clause: &Clause<'_>, key: &str| {
            let path = format!("readings.{}.clauses.{}.worth.{key}", self.at, clause.at);
            clause
                .worth
                .worth
                .get(key)
                .cloned()
                .map(|interval: Interval| (interval, path))
        };
        let cell = |clause: &Clause<'_>, key: &str| -> Cell {
            let Some((interval, path)) = of(clause, key) else {
                return Cell::default();
            };
            let one = Ranged::new(&interval, path);
            let text = match key {
                "all_gain" | "holds" => one.worlds_with_half(),
                _ => one.with_half(),
            };
            let class = match (one.is_told(), interval.value > 0.0) {
                (false, _) => "open",
                (true, true) => "gain",
                (true, false) => "loss",
            };
            Cell::of(text, class)
        };
        Rows::of(clauses)
            .column(Heading::words("clause"), |clause| clause.phrase.clone())
            .column(Heading::number("region"), |clause| cell(clause, "region"))
            .column(Heading::number("least for a state"), |clause| {
                cell(clause, "worst")
            })
            .column(Heading::number("all gain"), |clause| {
                cell(clause, "all_gain")
            })
            .column(Heading::number("nobody leaves"), |clause| {
                cell(clause, "holds")
            })
            .table(
                format!("clauses-{}", self.place.one.id),
                say!(
                    "What each clause adds to the rest of {}: {}, worlds of {}",
                    self.place.name(),
                    unit(&self.view.model.horizon),
                    FEW_WORLDS.to_string()
                ),
            )
    }
}

/// A cause as it is called.
fn cause(name: &str) -> String {
    match name {
        "table" => "one table".to_owned(),
        "legacy" => "what earlier deals left".to_owned(),
        "sharing" => "sharing".to_owned(),
        "delay" => "delay of talks".to_owned(),
        "rules" => "common rules".to_owned(),
        other => other.to_owned(),
    }
}
