//! Which obligations bind a vendor, where and from when: the least levels of terms, membership by window, each state's own law, and
//! what may be set later.

use super::facts::Facts;
use crate::engine::model::keys::{ArmKey, StateKey, TermKey};
use crate::engine::model::layout::{NO_FLOOR, Slot};
use crate::engine::model::path_of;
use crate::engine::model::{Event, NewValue};
use crate::report::document::{
    Block, Cell, Heading, Rows, Table, Text, code, joined, paragraph, text,
};
use crate::report::measure::real;
use crate::report::numbers::{Quote, short, tally};
use crate::report::sentence::say;
use crate::report::verdict::hundred;
use crate::theory::spelling::units::{number, percent};

/// Digits of what the scenario sets.
const DIGITS: usize = 3;

/// What binds under the common rules of an arm.
pub(super) fn blocks(facts: &Facts<'_>, arm: usize) -> Vec<Block> {
    let floors: Vec<(usize, f64)> = (0..facts.model.terms.len())
        .filter_map(|k| Some((k, floor(facts, arm, k)?)))
        .collect();
    let mut blocks = match floors.is_empty() {
        true => vec![paragraph(say!(
            "The rules of {} ask for no least level of any term.",
            facts.arm(arm)
        ))],
        false => vec![least(facts, arm, floors).into()],
    };
    blocks.push(when(facts, arm).into());
    let later = facts
        .model
        .events
        .iter()
        .filter_map(|event| said(facts, event));
    let later: Vec<Text> = later.collect();
    blocks.push(match later.is_empty() {
        true => paragraph("No event of this scenario changes them later."),
        false => Block::List { items: later },
    });
    blocks
}

/// The least level of a term under an arm: the arm's own, else the term's; none where there is neither.
fn floor(facts: &Facts<'_>, arm: usize, k: usize) -> Option<f64> {
    let value = |slot: Slot| facts.model.base[facts.model.layout.index(slot)];
    let floors = [Slot::Floor(arm, k), Slot::Term(k, TermKey::Floor)].map(value);
    floors.into_iter().find(|&floor| floor != NO_FLOOR)
}

fn least(facts: &Facts<'_>, arm: usize, floors: Vec<(usize, f64)>) -> Table {
    let level = |arm: usize, k: usize| {
        let id = &facts.model.terms[k].id;
        let stat = facts.result(arm).terms.get(id).copied().flatten();
        Quote::new(stat, format!("arms.{}.terms.{id}", facts.name(arm)))
    };
    Rows::of(floors)
        .column(Heading::words("obligation"), |(k, _)| {
            facts.model.terms[*k].name.replace('_', " ")
        })
        .column(Heading::number("at least"), |(_, floor)| number(*floor, Some(0.01)))
        .column(Heading::words("that is"), |(k, floor)| {
            Cell::words(real(facts.model, &facts.model.terms[*k].id, *floor).unwrap_or_default())
        })
        .column(
            Heading::number(format!("agreed as {}", facts.name(facts.reference))),
            |(k, _)| level(facts.reference, *k).decimals(2),
        )
        .column(
            Heading::number(format!("agreed as {}", facts.name(arm))),
            |(k, _)| level(arm, *k).decimals(2),
        )
        .table(
            "vendor-obligations",
            say!(
                "What {} asks of every deal in a member state, as levels of terms, and what deals say on average: an obligation below what is agreed anyway binds few",
                facts.arm(arm)
            ),
        )
}

/// In how many worlds a state is bound by the rules of an arm, window by window, beside its own law.
fn when(facts: &Facts<'_>, arm: usize) -> Table {
    let law = |i: usize, key: StateKey| facts.model.base[facts.model.layout.state(i, key)];
    let windows = 0..facts.result(arm).windows.len();
    Rows::of(facts.states_by(|i| law(i, StateKey::Strictness)))
        .column(Heading::words("market"), |&i| facts.state(i).name.as_str())
        .column(Heading::number("own strictness"), |&i| {
            number(law(i, StateKey::Strictness), Some(0.01))
        })
        .column(Heading::number("kept inside"), |&i| {
            percent(law(i, StateKey::Residency))
        })
        .each(windows, |rows, w| {
            let year = number(facts.year(w), None).replace(',', "");
            rows.column(Heading::number(format!("from {year}")), |&i| -> Text {
                let id = &facts.state(i).id;
                let member = facts.result(arm).windows[w].member.get(id);
                let path = format!("arms.{}.windows.{w}.member.{id}", facts.name(arm));
                member.map_or_else(Text::new, |&bound| text![tally(bound, facts.trials(), path)])
            })
        })
        .table(
            "vendor-when",
            say!(
                "When they bind: in how many of {} each state is under the rules of {} in the window that begins then. Its own law binds throughout: its strictness, and the share of demand that must be served from inside (medians of the scenario)",
                hundred(facts.trials()),
                facts.arm(arm)
            ),
        )
}

/// What an event changes about what is asked of vendors; none where it changes nothing of that.
fn said(facts: &Facts<'_>, event: &Event) -> Option<Text> {
    if event.window >= facts.model.horizon.windows || event.probability <= 0.0 {
        return None;
    }
    let layout = &facts.model.layout;
    let asks = |slot: &Slot| {
        matches!(
            slot,
            Slot::Floor(..)
                | Slot::State(_, StateKey::Strictness | StateKey::Residency)
                | Slot::Arm(_, ArmKey::Active | ArmKey::Harmonisation)
                | Slot::Term(_, TermKey::Floor | TermKey::Min)
        )
    };
    let slots: Vec<Slot> = layout.slots().filter(asks).collect();
    let sets = event.set.iter().filter_map(|set| {
        let slot = slots.iter().find(|&&slot| layout.index(slot) == set.slot)?;
        let path = path_of(facts.model, *slot);
        Some(match &set.to {
            NewValue::Number(value) => text![code(format!("{path} = {}", short(*value, DIGITS)))],
            NewValue::Drawn(draw) => {
                let [low, high] =
                    [0.05, 0.95].map(|u| short(draw.distribution.quantile(u), DIGITS));
                text![code(path), format!(" drawn, 90% from {low} to {high}")]
            }
        })
    });
    let sets = joined(sets, ", ");
    let year = number(facts.year(event.window), None).replace(',', "");
    (!sets.is_empty()).then(|| {
        say!(
            "From {}, with a probability of {}, \u{201c}{}\u{201d}: {}.",
            year,
            percent(event.probability),
            event.name.as_str(),
            sets
        )
    })
}
