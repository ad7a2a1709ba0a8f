//! Events: what may happen, when, and which numbers it sets.

use crate::engine::model::keys::{ArmKey, PairKey, Range, TermKey};
use crate::engine::model::layout::Slot;
use crate::engine::model::world::MOST_PROTECTION;
use crate::engine::model::{Event, Horizon};
use crate::scenario::accords;
use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::numbers::Numbers;
use crate::scenario::overrides::path_problem;
use crate::scenario::path;
use crate::scenario::place::{Place, ScenarioNames};
use crate::scenario::quantity;
use crate::scenario::rules::protection_of;
use crate::scenario::schema::FileTable;
use crate::scenario::span::TextSpan;
use crate::scenario::survey::entries;
use crate::scenario::tree::TomlTable;

/// Reads the events in file order. What does not fit is among the problems.
pub(crate) fn read(
    root: &TomlTable,
    names: &ScenarioNames,
    numbers: &Numbers,
    horizon: Horizon,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Event> {
    let events = entries(root, FileTable::Event).map(|(_, table)| {
        let node = |key: &str| table.get(key).map(|item| &item.node);
        let number = |key: &str| node(key).and_then(|node| node.number());
        let name = node("name")
            .and_then(|node| node.text())
            .unwrap_or_default();
        let set = node("set").and_then(|node| node.table());
        let set = set.map_or_else(Vec::new, |set| {
            settings(name, set, names, numbers, problems)
        });
        let window = first_window(horizon, number("year").unwrap_or(0.0));
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
        }
    });
    events.collect()
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

fn settings(
    event: &str,
    set: &TomlTable,
    names: &ScenarioNames,
    numbers: &Numbers,
    problems: &mut Vec<Diagnostic>,
) -> Vec<(usize, f64)> {
    let mut settings = Vec::new();
    for (path, item) in set {
        let slots = match path::slots(names, path) {
            Ok(slots) => slots,
            Err(error) => {
                let mut problem = path_problem(error, item.key);
                problem.message = format!("event `{event}`: {}", problem.message);
                problems.push(problem);
                continue;
            }
        };
        // All slots of one path have one range.
        let range = slots
            .first()
            .map_or(Range::Finite, |(_, slot)| slot.range());
        let shown = format!("event.{event}.set.{path}");
        if let Some(value) = quantity::read_number(&item.node, &shown, range, problems) {
            let index = |slot: Slot| numbers.layout.index(slot);
            settings.extend(slots.iter().map(|&(_, slot)| (index(slot), value)));
        }
    }
    settings
}

/// An event with what it sets, by slot.
struct WrittenEvent<'a> {
    name: &'a str,
    window: usize,
    span: TextSpan,
    set: &'a [(usize, f64)],
    names: &'a ScenarioNames,
    numbers: &'a Numbers,
}

impl WrittenEvent<'_> {
    /// What it sets a slot to; of two settings the last counts.
    fn set_to(&self, slot: Slot) -> Option<f64> {
        let index = self.numbers.layout.index(slot);
        let last = self.set.iter().rev().find(|(other, _)| *other == index);
        last.map(|(_, value)| *value)
    }

    /// The constant that a slot holds once it has happened alone.
    fn after(&self, slot: Slot) -> Option<f64> {
        self.set_to(slot).or(self.numbers.constant(slot))
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
            let value = self.set_to(Slot::Arm(a, ArmKey::MostFavoured));
            if value.is_some_and(|value| value != 0.0) {
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
