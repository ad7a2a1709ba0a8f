//! Events: what may happen, when, and what it sets: numbers, distributions, and how probable later events are.

use crate::engine::model::keys::{ArmKey, PairKey, Range, TermKey};
use crate::engine::model::layout::Slot;
use crate::engine::model::world::MOST_PROTECTION;
use crate::engine::model::{Event, EventSetting, Horizon, NewDraw, NewValue};
use crate::scenario::accords;
use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::numbers::Numbers;
use crate::scenario::overrides::path_problem;
use crate::scenario::path;
use crate::scenario::place::{Place, ScenarioNames};
use crate::scenario::quantity::{self, Amount};
use crate::scenario::rows;
use crate::scenario::rules::protection_of;
use crate::scenario::schema::FileTable;
use crate::scenario::shape::names_rows;
use crate::scenario::span::TextSpan;
use crate::scenario::survey::entries;
use crate::scenario::tree::{Item, TomlNode, TomlTable, TomlValue};
use std::sync::Arc;

/// Reads the events in file order. What does not fit is among the problems. Constants of which events make draws are among `shadows` then,
/// which come behind the uncertain in designs.
pub(crate) fn read(
    root: &TomlTable,
    names: &ScenarioNames,
    numbers: &Numbers,
    horizon: Horizon,
    shadows: &mut Vec<String>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Event> {
    let windows: Vec<usize> = entries(root, FileTable::Event)
        .map(|(_, table)| first_window(horizon, year(table)))
        .collect();
    let events = entries(root, FileTable::Event)
        .enumerate()
        .map(|(index, (_, table))| {
            let node = |key: &str| table.get(key).map(|item| &item.node);
            let number = |key: &str| node(key).and_then(|node| node.number());
            let name = node("name")
                .and_then(|node| node.text())
                .unwrap_or_default();
            let set = node("set").and_then(|node| node.table());
            let mut reader = SettingReader {
                event: name,
                index,
                windows: &windows,
                names,
                numbers,
                shadows,
                problems,
                set: Vec::new(),
                probabilities: Vec::new(),
            };
            set.into_iter()
                .flatten()
                .for_each(|(path, item)| reader.read(path, item));
            let SettingReader {
                set, probabilities, ..
            } = reader;
            let window = windows[index];
            if let Some(item) = table.get("set") {
                let written = WrittenEvent {
                    name,
                    window,
                    span: item.key,
                    set: &set,
                    names,
                    numbers,
                };
                written.check_terms(problems);
                written.check_start(problems);
                if accords::cash(root).is_some() {
                    written.check_clauses(problems);
                }
            }
            Event {
                name: name.to_owned(),
                window,
                probability: number("probability").unwrap_or(0.0),
                set,
                probabilities,
                came: table
                    .get("came")
                    .and_then(|item| came(name, item, rows::trials(root), problems)),
            }
        });
    events.collect()
}

/// Reads in which worlds an event comes.
fn came(
    event: &str,
    item: &Item,
    trials: u64,
    problems: &mut Vec<Diagnostic>,
) -> Option<Arc<[bool]>> {
    let cells: Vec<(Option<f64>, TextSpan)> = match &item.node.value {
        TomlValue::Array(nodes) => {
            let number = |node: &TomlNode| match node.boolean() {
                Some(boolean) => Some(f64::from(u8::from(boolean))),
                None => node.number(),
            };
            nodes.iter().map(|node| (number(node), node.span)).collect()
        }
        TomlValue::Column(column) => {
            let numbers = column.numbers.iter().enumerate();
            numbers
                .map(|(row, &number)| (Some(number), column.span(row)))
                .collect()
        }
        // Said with the other keys.
        _ => return None,
    };
    let mut list = Vec::with_capacity(cells.len());
    for (world, (number, span)) in cells.iter().enumerate() {
        match number {
            Some(0.0) => list.push(false),
            Some(1.0) => list.push(true),
            _ => {
                let message = format!("`event.{event}.came` must be 0 or 1 in every world");
                let problem = Diagnostic::error(DiagnosticKind::OutOfRange, *span, message);
                problems.push(problem.label(format!("neither, in world {world}")));
                return None;
            }
        }
    }
    if list.is_empty() {
        return None;
    }
    if trials > list.len() as u64 {
        let message = format!(
            "{trials} worlds are more than the {} of `event.{event}.came`",
            list.len()
        );
        let problem = Diagnostic::error(DiagnosticKind::Inconsistent, item.key, message);
        let help = format!("play at most `-n {}`, or add worlds", list.len());
        problems.push(problem.label("each world needs its own").help(help));
    }
    Some(list.into())
}

fn year(event: &TomlTable) -> f64 {
    let year = event.get("year").and_then(|item| item.node.number());
    year.unwrap_or(0.0)
}

/// The first window that starts at or after `year`; the number of windows where none does.
fn first_window(horizon: Horizon, year: f64) -> usize {
    let start = |window: usize| horizon.start_year + window as f64 * horizon.window_years;
    let guess = ((year - horizon.start_year) / horizon.window_years).ceil();
    let mut window = (guess.max(0.0) as usize).min(horizon.windows);
    // Division and multiplication may round to different sides of a window's start.
    while window > 0 && start(window - 1) >= year {
        window -= 1;
    }
    while window < horizon.windows && start(window) < year {
        window += 1;
    }
    window
}

/// Reads what one event sets.
struct SettingReader<'a> {
    event: &'a str,
    index: usize,
    /// First window of each event.
    windows: &'a [usize],
    names: &'a ScenarioNames,
    numbers: &'a Numbers,
    shadows: &'a mut Vec<String>,
    problems: &'a mut Vec<Diagnostic>,
    set: Vec<EventSetting>,
    probabilities: Vec<(usize, f64)>,
}

impl SettingReader<'_> {
    fn read(&mut self, path: &str, item: &Item) {
        let event = self.event;
        let segments = path::parse(path);
        if segments
            .as_ref()
            .is_ok_and(|parts| parts[0].text == FileTable::Event.name())
        {
            return self.probability(path, item);
        }
        let slots = match path::slots(self.names, path) {
            Ok(slots) => slots,
            Err(error) => {
                let mut problem = path_problem(error, item.key);
                problem.message = format!("event `{event}`: {}", problem.message);
                return self.problems.push(problem);
            }
        };
        // All slots of one path have one range.
        let range = slots
            .first()
            .map_or(Range::Finite, |(_, slot)| slot.range());
        let shown = format!("event.{event}.set.{path}");
        if let Some(table) = item.node.table().filter(|table| names_rows(table)) {
            let span = table.values().next().map_or(item.key, |item| item.key);
            let message = format!("event `{event}` cannot draw `{path}` from the rows of a file");
            let problem = Diagnostic::error(DiagnosticKind::Distribution, span, message);
            return self
                .problems
                .push(problem.help("list the `values`, or name another distribution"));
        }
        let Some(quantity) = quantity::read(&item.node, &shown, range, self.problems) else {
            return;
        };
        for (path, slot) in slots {
            let index = self.numbers.layout.index(slot);
            let to = match &quantity.value {
                Amount::Constant(number) => NewValue::Number(*number),
                Amount::Uncertain(distribution) => NewValue::Drawn(Box::new(NewDraw {
                    path: format!("event.{event}.set.{path}"),
                    distribution: distribution.clone(),
                    range,
                    uniform: self.uniform(path, index),
                })),
            };
            self.set.push(EventSetting { slot: index, to });
        }
    }

    /// The place of the uniform of a quantity: its own, where it is drawn; else that of a shadow of its path.
    fn uniform(&mut self, path: String, slot: usize) -> usize {
        let uncertain = &self.numbers.uncertain;
        if let Some(position) = uncertain.iter().position(|one| one.slot == slot) {
            return position;
        }
        let known = self.shadows.iter().position(|shadow| *shadow == path);
        let shadow = known.unwrap_or_else(|| {
            self.shadows.push(path);
            self.shadows.len() - 1
        });
        uncertain.len() + shadow
    }

    /// Reads the probability of another event, which must be decided later.
    fn probability(&mut self, path: &str, item: &Item) {
        let event = self.event;
        let places = path::parse(path).and_then(|segments| path::expand(self.names, &segments));
        let places = match places {
            Ok(places) => places,
            Err(error) => {
                let mut problem = path_problem(error, item.key);
                problem.message = format!("event `{event}`: {}", problem.message);
                return self.problems.push(problem);
            }
        };
        let shown = format!("event.{event}.set.{path}");
        let fixed = places.iter().find(|place| place.key.name != "probability");
        if let Some(place) = fixed {
            let (key, name) = (place.key.name, &self.names.events[place.at[0]]);
            let message = format!("event `{event}` cannot set the {key} of event `{name}`");
            let problem = Diagnostic::error(DiagnosticKind::Inconsistent, item.key, message);
            let help = "of another event its probability alone can be set";
            return self.problems.push(problem.label("fixed").help(help));
        }
        let value = quantity::read_number(&item.node, &shown, Range::Share, self.problems);
        for place in places {
            let later = place.at[0];
            let name = &self.names.events[later];
            let error = |message: String| {
                Diagnostic::error(DiagnosticKind::Inconsistent, item.key, message)
            };
            if later <= self.index {
                let which = match later == self.index {
                    true => "its own probability".to_owned(),
                    false => format!("the probability of `{name}`, which is decided before it"),
                };
                let problem =
                    error(format!("event `{event}` sets {which}")).label("decided already");
                self.problems.push(problem.help("events are decided in the order of the file: move the event whose probability is set behind the one that sets it"));
            } else {
                if self.windows[later] < self.windows[self.index] {
                    let message = format!(
                        "event `{event}` sets the probability of `{name}`, which comes in an earlier window"
                    );
                    let problem =
                        Diagnostic::warning(DiagnosticKind::Inconsistent, item.key, message);
                    self.problems
                        .push(problem.label("what comes later decides what came before"));
                }
                self.probabilities.extend(value.map(|value| (later, value)));
            }
        }
    }
}

/// An event with what it sets, by slot.
struct WrittenEvent<'a> {
    name: &'a str,
    window: usize,
    span: TextSpan,
    set: &'a [EventSetting],
    names: &'a ScenarioNames,
    numbers: &'a Numbers,
}

impl WrittenEvent<'_> {
    /// What it makes of a slot, if anything; of two settings the last counts.
    fn set_to(&self, slot: Slot) -> Option<&EventSetting> {
        let index = self.numbers.layout.index(slot);
        self.set.iter().rev().find(|setting| setting.slot == index)
    }

    /// The constant that a slot holds once it has happened alone; none where it is drawn.
    fn after(&self, slot: Slot) -> Option<f64> {
        match self.set_to(slot) {
            Some(setting) => setting.number(),
            None => self.numbers.constant(slot),
        }
    }

    fn error(&self, message: String) -> Diagnostic {
        Diagnostic::error(DiagnosticKind::Inconsistent, self.span, message)
    }

    /// Checks that it leaves each term with min <= max, a floor <= max and some curvature, and no more protection from repricing than all.
    fn check_terms(&self, problems: &mut Vec<Diagnostic>) {
        let event = self.name;
        let touched = |slot: Slot| self.set_to(slot).is_some();
        let mut protects = false;
        for (k, id) in self.names.terms.iter().enumerate() {
            let term = |key| Slot::Term(k, key);
            let floors = (0..self.names.arms.len()).map(|a| Slot::Floor(a, k));
            let levels = [term(TermKey::Min), term(TermKey::Floor)]
                .into_iter()
                .chain(floors);
            let max = term(TermKey::Max);
            for slot in levels.filter(|&slot| touched(slot) || touched(max)) {
                if let (Some(level), Some(max)) = (self.after(slot), self.after(max))
                    && level > max
                {
                    let path = Place::of(slot).path(self.names);
                    problems.push(self.error(format!(
                        "event `{event}` leaves `{path}` above the max of term `{id}`: {level} > {max}"
                    )));
                }
            }
            let curvatures = [TermKey::StateCurvature, TermKey::CostCurvature].map(term);
            if curvatures.iter().any(|&slot| touched(slot))
                && curvatures.iter().all(|&slot| self.after(slot) == Some(0.0))
            {
                problems.push(self.error(format!(
                    "event `{event}` leaves term `{id}` without curvature"
                )));
            }
            protects |= touched(term(TermKey::PriceEffect)) || touched(max);
        }
        let protection = protection_of(self.names.terms.len(), |slot| self.after(slot));
        if let Some(sum) = protection.filter(|&sum| protects && sum > MOST_PROTECTION) {
            problems.push(self.error(format!(
                "event `{event}` leaves price_effect times max of the terms at {sum:.4} in sum, above 1"
            )));
        }
    }

    /// Warns of what it sets after the start though only the start reads it.
    fn check_start(&self, problems: &mut Vec<Diagnostic>) {
        let (states, hyperscalers) = (self.names.states.len(), self.names.hyperscalers.len());
        let pairs = (0..states).flat_map(|i| (0..hyperscalers).map(move |h| (i, h)));
        let mut at_start = pairs.flat_map(|(i, h)| {
            [PairKey::Dependency, PairKey::Asset].map(|key| Slot::Pair(i, h, key))
        });
        if self.window > 0
            && let Some(slot) = at_start.find(|&slot| self.set_to(slot).is_some())
        {
            let (event, path) = (self.name, Place::of(slot).path(self.names));
            let message = format!("event `{event}` sets `{path}` after the start, without effect");
            let problem = Diagnostic::warning(DiagnosticKind::Inconsistent, self.span, message);
            problems.push(problem.label("this is read before the first window alone"));
        }
    }

    /// Checks that it makes no most-favoured clause where cash moves.
    fn check_clauses(&self, problems: &mut Vec<Diagnostic>) {
        for (a, (arm, _)) in self.names.arms.iter().enumerate() {
            let setting = self.set_to(Slot::Arm(a, ArmKey::MostFavoured));
            if setting.is_some_and(|setting| setting.number() != Some(0.0)) {
                let event = self.name;
                problems.push(self.error(format!(
                    "event `{event}` sets `arm.{arm}.most_favoured`, which must be 0 where cash moves"
                )));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_waits_for_a_window_to_start() {
        let horizon = Horizon {
            start_year: 2027.0,
            windows: 4,
            window_years: 3.0,
            price_year: 2027.0,
        };
        let cases = [
            (2020.0, 0),
            (2027.0, 0),
            (2027.5, 1),
            (2030.0, 1),
            (2036.0, 3),
            (2036.1, 4),
            (9999.0, 4),
        ];
        for (year, window) in cases {
            assert_eq!(first_window(horizon, year), window, "{year}");
        }
        let tenths = Horizon {
            window_years: 0.1,
            start_year: 0.0,
            ..horizon
        };
        assert_eq!(first_window(tenths, 0.1 * 3.0), 3);
    }
}
