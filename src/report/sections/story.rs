//! A world in plain sentences: who met whom, what was refused, what that cost; in one arm and in the one that it is compared with.

use crate::engine::model::question::View;
use crate::engine::model::{Identity, Model};
use crate::report::document::{Text, code, joined, text};
use crate::report::numbers::traced;
use crate::report::sentence::say;
use crate::report::verdict::and;
use crate::study::results::world::{
    AccordTalks, ExplainedArm, ExplainedWindow, ExplainedWorld, StepKind, TableEnd,
};
use crate::theory::spelling::units::{number, percent, signed};
use std::collections::BTreeSet;

/// Amounts of one world are told to this, US$ bn, or to a hundredth of themselves.
const FINEST: f64 = 0.001;

/// Less than this of a payoff is not told.
const TELLING: f64 = 0.005;

/// The story of a world whose document stands at `place`, as a party lives it: in the first of two arms, and in the second against it.
pub fn story(
    model: &Model,
    world: &ExplainedWorld,
    view: View,
    arms: [Option<&str>; 2],
    place: &str,
) -> Vec<Text> {
    let [first, second] = arms.map(|name| world.arms.get_key_value(name?));
    let Some(first) = first else {
        return Vec::new();
    };
    let teller = Teller { model, view, place };
    let mut lines: Vec<Text> = teller.events(world).into_iter().collect();
    lines.extend(teller.signs(first));
    if let Some(second) = second {
        lines.extend(teller.talks(second));
        lines.extend(teller.otherwise(first, second));
        lines.extend(teller.bundle(first, second));
        lines.extend(teller.causes(first, second));
        lines.extend(teller.payoffs(first, second));
        lines.extend(teller.suppliers(first, second));
    }
    lines
}

type NamedArm<'a> = (&'a String, &'a ExplainedArm);

/// Who signed with whom.
type Pairs<'a> = BTreeSet<(&'a str, &'a str)>;

struct Teller<'a> {
    model: &'a Model,
    view: View,
    place: &'a str,
}

fn name<'a>(among: &'a [Identity], id: &'a str) -> &'a str {
    among
        .iter()
        .find(|one| one.id == id)
        .map_or(id, |one| &one.name)
}

/// An amount of one world.
fn amount(value: f64) -> String {
    number(value, Some(FINEST.max(0.01 * value.abs())))
}

fn change(value: f64) -> String {
    signed(value, Some(FINEST.max(0.01 * value.abs())))
}

impl Teller<'_> {
    /// A path of the document of the world, behind where that stands.
    fn at(&self, path: &str) -> String {
        match self.place.is_empty() {
            true => path.to_owned(),
            false => format!("{}:{path}", self.place),
        }
    }

    fn state<'b>(&'b self, id: &'b str) -> &'b str {
        name(&self.model.states, id)
    }

    fn states(&self, ids: &[String]) -> String {
        let names: Vec<String> = ids.iter().map(|id| self.state(id).to_owned()).collect();
        and(&names)
    }

    fn hyperscalers(&self, ids: &[&str]) -> String {
        let names = ids.iter().map(|id| name(&self.model.hyperscalers, id));
        let names: Vec<String> = names
            .map(|name| name.split(" (").next().unwrap_or(name).to_owned())
            .collect();
        and(&names)
    }

    /// Whether a pair concerns the party.
    fn concerns(&self, state: &str, hyperscaler: &str) -> bool {
        match self.view {
            View::Region => true,
            View::State(i) => self.model.states[i].id == state,
            View::Hyperscaler(h) => self.model.hyperscalers[h].id == hyperscaler,
        }
    }

    /// What is signed in a window, as far as it concerns the party.
    fn signed<'b>(&self, window: &'b ExplainedWindow) -> Pairs<'b> {
        let deals = window
            .deals
            .iter()
            .map(|deal| (deal.state.as_str(), deal.hyperscaler.as_str()));
        deals
            .filter(|(state, hyperscaler)| self.concerns(state, hyperscaler))
            .collect()
    }

    fn events(&self, world: &ExplainedWorld) -> Option<Text> {
        let came = |did: bool| {
            let events = world.events.iter().filter(move |(_, came)| **came == did);
            let names: Vec<String> = events
                .map(|(name, _)| format!("\u{201c}{name}\u{201d}"))
                .collect();
            names
        };
        let (came, not) = (came(true), came(false));
        match (came.is_empty(), not.is_empty()) {
            (true, true) => None,
            (true, false) => Some(say!("None of the events comes.")),
            (false, _) => Some(say!(
                "{} {}.",
                and(&came),
                if came.len() == 1 { "comes" } else { "come" }
            )),
        }
    }

    /// Who signs with whom in the first window, and who does not.
    fn signs(&self, (arm, told): NamedArm<'_>) -> Option<Text> {
        let window = told.windows.first()?;
        let signed = self.signed(window);
        let arm = code(arm.as_str());
        Some(match self.view {
            View::Region => {
                let count = |id: &str| signed.iter().filter(|(state, _)| *state == id).count();
                let none = self
                    .model
                    .states
                    .iter()
                    .filter(|state| count(&state.id) == 0);
                let none: Vec<String> = none.map(|state| state.name.clone()).collect();
                let without = match none.is_empty() {
                    true => String::new(),
                    false => format!("; {} sign with nobody", and(&none)),
                };
                say!(
                    "From {} on, as {}, the states sign {} deals one by one{}.",
                    window.year.to_string(),
                    arm,
                    signed.len().to_string(),
                    without
                )
            }
            View::State(i) => {
                let partners: Vec<&str> =
                    signed.iter().map(|(_, hyperscaler)| *hyperscaler).collect();
                say!(
                    "From {} on, as {}, {} signs with {}{}.",
                    window.year.to_string(),
                    arm,
                    self.model.states[i].name.as_str(),
                    self.hyperscalers(&partners),
                    self.refusals(window, &self.model.states[i].id)
                )
            }
            View::Hyperscaler(h) => {
                let hosts: Vec<String> = signed
                    .iter()
                    .map(|(state, _)| (*state).to_owned())
                    .collect();
                say!(
                    "From {} on, as {}, {} signs with {}.",
                    window.year.to_string(),
                    arm,
                    self.model.hyperscalers[h].name.as_str(),
                    self.states(&hosts)
                )
            }
        })
    }

    /// With whom a state met and did not sign.
    fn refusals(&self, window: &ExplainedWindow, state: &str) -> String {
        let tables = window.tables.iter().filter(|table| table.states == [state]);
        let without = |end: TableEnd| -> Vec<&str> {
            let ended = tables.clone().filter(move |table| table.ended == end);
            ended.map(|table| table.hyperscaler.as_str()).collect()
        };
        let reasons = [
            (TableEnd::NoDeal, "no bundle leaves both a gain with"),
            (TableEnd::OverBudget, "no capital is left with"),
            (TableEnd::Refused, "it refuses"),
        ];
        let said = reasons.into_iter().filter_map(|(end, words)| {
            let names = without(end);
            (!names.is_empty()).then(|| format!("; {words} {}", self.hyperscalers(&names)))
        });
        said.collect()
    }

    /// How the accord comes about, window by window.
    fn talks(&self, (arm, told): NamedArm<'_>) -> Vec<Text> {
        let mut lines = Vec::new();
        let mut before: Option<&[String]> = None;
        for window in &told.windows {
            let Some(talks) = &window.talks else {
                continue;
            };
            let same = before == Some(&talks.accord[..]);
            let said = match (before, talks.accord.is_empty()) {
                _ if same => None,
                (None, true) => Some(say!(
                    "no accord forms: {} would join{}",
                    self.states(&talks.joined),
                    self.left(talks)
                )),
                (None, false) => Some(say!(
                    "{} would join, and after {} an accord of {} stands{}{}",
                    self.states(&talks.joined),
                    rounds(talks.rounds),
                    self.states(&talks.accord),
                    self.left(talks),
                    delay(talks)
                )),
                (Some(_), true) => Some(say!("the accord falls apart")),
                (Some(_), false) => {
                    Some(say!("the accord is one of {}", self.states(&talks.accord)))
                }
            };
            if let Some(said) = said {
                lines.push(say!(
                    "{}, as {}: {}.",
                    window.year.to_string(),
                    code(arm.as_str()),
                    said
                ));
            }
            before = Some(&talks.accord);
        }
        lines
    }

    /// Who left while it was talked about.
    fn left(&self, talks: &AccordTalks) -> String {
        let left = talks
            .steps
            .iter()
            .filter(|step| step.kind == StepKind::Leaving);
        let left: Vec<String> = left.filter_map(|step| step.leaver.clone()).collect();
        match left.is_empty() {
            true => String::new(),
            false => format!("; {} left it again", self.states(&left)),
        }
    }

    /// Which deals are signed besides, and which are not, in the first window.
    fn otherwise(&self, (_, first): NamedArm<'_>, (arm, second): NamedArm<'_>) -> Option<Text> {
        let [before, after] = [first, second].map(|told| told.windows.first());
        let (before, after) = (self.signed(before?), self.signed(after?));
        let lost: Vec<&(&str, &str)> = before.difference(&after).collect();
        let won: Vec<&(&str, &str)> = after.difference(&before).collect();
        let pairs = |pairs: &[&(&str, &str)]| {
            let names = pairs.iter().map(|(state, hyperscaler)| match self.view {
                View::State(_) => self.hyperscalers(&[hyperscaler]),
                View::Hyperscaler(_) => self.state(state).to_owned(),
                View::Region => format!(
                    "{} with {}",
                    self.state(state),
                    self.hyperscalers(&[hyperscaler])
                ),
            });
            let names: Vec<String> = names.collect();
            match names.len() {
                0 => "none".to_owned(),
                few if few <= 4 => and(&names),
                many => many.to_string(),
            }
        };
        Some(match (lost.is_empty(), won.is_empty()) {
            (true, true) => say!(
                "As {} the same deals are signed in the first window, on other terms.",
                code(arm.as_str())
            ),
            _ => say!(
                "As {} these deals are not signed in the first window: {}; these are signed besides: {}.",
                code(arm.as_str()),
                pairs(&lost),
                pairs(&won)
            ),
        })
    }

    /// What a state gets of the supplier with whom it signs most, before and after.
    fn bundle(&self, (_, first): NamedArm<'_>, (arm, second): NamedArm<'_>) -> Option<Text> {
        let View::State(i) = self.view else {
            return None;
        };
        let id = &self.model.states[i].id;
        let [before, after] = [first, second].map(|told| told.windows.first());
        let (before, after) = (before?, after?);
        let deals = before.deals.iter().filter(|deal| deal.state == *id);
        let largest = deals.reduce(|most, deal| {
            if size(before, id, &deal.hyperscaler) > size(before, id, &most.hyperscaler) {
                deal
            } else {
                most
            }
        })?;
        let other = after
            .deals
            .iter()
            .find(|deal| deal.state == *id && deal.hyperscaler == largest.hyperscaler)?;
        let moved = self.model.terms.iter().filter_map(|term| {
            let [from, to] =
                [largest, other].map(|deal| deal.levels.get(&term.id).copied().unwrap_or(0.0));
            ((from - to).abs() >= 0.05)
                .then(|| text![format!("{} {from:.2} to {to:.2}", term.name)])
        });
        let moved = joined(moved, ", ");
        (!moved.is_empty()).then(|| {
            say!(
                "With {} the terms move as {}: {}.",
                self.hyperscalers(&[&largest.hyperscaler]),
                code(arm.as_str()),
                moved
            )
        })
    }

    /// What the difference of the party is due to.
    fn causes(&self, (first, before): NamedArm<'_>, (second, after): NamedArm<'_>) -> Option<Text> {
        let of = |told: &ExplainedArm, cause: &str| -> f64 {
            let states = told.causes.iter().filter(|(id, _)| self.counts(id));
            states
                .filter_map(|(_, causes)| causes.get(cause).copied().flatten())
                .sum()
        };
        let whole = self.payoff(after) - self.payoff(before);
        let parts = ["alone", "rules", "table", "sharing", "delay"].map(|cause| {
            let word = if cause == "alone" { "legacy" } else { cause };
            (word, of(after, cause) - of(before, cause))
        });
        if matches!(self.view, View::Hyperscaler(_)) {
            return None;
        }
        let told = parts
            .iter()
            .filter(|(_, part)| part.abs() > TELLING * whole.abs().max(FINEST));
        let told = told.map(|(word, part)| text![format!("{word} {}", change(*part))]);
        let told = joined(told, ", ");
        (!told.is_empty()).then(|| {
            say!(
                "The difference of US$ {} bn between {} and {} is made of: {}.",
                change(whole),
                code(second.as_str()),
                code(first.as_str()),
                told
            )
        })
    }

    fn counts(&self, id: &str) -> bool {
        match self.view {
            View::State(i) => self.model.states[i].id == id,
            _ => true,
        }
    }

    /// What the party has in the end.
    fn payoff(&self, told: &ExplainedArm) -> f64 {
        let metric = |values: &indexmap::IndexMap<String, Option<f64>>, key: &str| {
            values.get(key).copied().flatten().unwrap_or(f64::NAN)
        };
        match self.view {
            View::Region => metric(&told.totals, "payoff"),
            View::State(i) => metric(&told.states[&self.model.states[i].id], "payoff"),
            View::Hyperscaler(h) => {
                metric(&told.hyperscalers[&self.model.hyperscalers[h].id], "profit")
            }
        }
    }

    fn payoffs(
        &self,
        (first, before): NamedArm<'_>,
        (second, after): NamedArm<'_>,
    ) -> Option<Text> {
        let (who, path) = match self.view {
            View::Region => ("the states together have", "totals.payoff".to_owned()),
            View::State(i) => {
                let state = &self.model.states[i];
                (state.name.as_str(), format!("states.{}.payoff", state.id))
            }
            View::Hyperscaler(h) => {
                let one = &self.model.hyperscalers[h];
                (one.name.as_str(), format!("hyperscalers.{}.profit", one.id))
            }
        };
        let verb = match self.view {
            View::Region => "",
            View::State(_) => " has",
            View::Hyperscaler(_) => " earns",
        };
        let at = |arm: &str, told: &ExplainedArm| {
            let value = self.payoff(told);
            traced(
                &amount(value),
                value,
                &self.at(&format!("arms.{arm}.{path}")),
            )
        };
        Some(say!(
            "In the end {}{} US$ {} bn as {} and {} as {}.",
            who,
            verb,
            at(second, after),
            code(second.as_str()),
            at(first, before),
            code(first.as_str())
        ))
    }

    /// What all suppliers earn.
    fn suppliers(
        &self,
        (first, before): NamedArm<'_>,
        (second, after): NamedArm<'_>,
    ) -> Option<Text> {
        let [before, after] =
            [before, after].map(|told| told.totals.get("profit").copied().flatten());
        let (before, after) = (before?, after?);
        let at = |value: f64, arm: &str| {
            traced(
                &amount(value),
                value,
                &self.at(&format!("arms.{arm}.totals.profit")),
            )
        };
        Some(say!(
            "The suppliers together earn US$ {} bn as {} and {} as {}.",
            at(after, second),
            code(second.as_str()),
            at(before, first),
            code(first.as_str())
        ))
    }
}

fn size(window: &ExplainedWindow, state: &str, hyperscaler: &str) -> f64 {
    let pair = window
        .pairs
        .iter()
        .find(|pair| pair.state == state && pair.hyperscaler == hyperscaler);
    pair.map_or(0.0, |pair| pair.size)
}

fn rounds(count: u32) -> String {
    match count {
        1 => "one round".to_owned(),
        more => format!("{more} rounds"),
    }
}

/// What the talks cost in time.
fn delay(talks: &AccordTalks) -> String {
    match talks.delay < 1.0 {
        true => format!(
            "; the talks cost {} of the gains of the window",
            percent(1.0 - talks.delay)
        ),
        false => String::new(),
    }
}
