//! What the model lets suppliers invest, against what they have announced.

use super::facts::Facts;
use crate::report::document::{
    Block, Heading, Rows, Table, Text, code, heading, joined, note, paragraph,
};
use crate::report::numbers::{Quote, short};
use crate::report::pledges::{UNSTATED_HORIZON, pledged};
use crate::report::sentence::say;
use crate::theory::spelling::units::{number, percent};
use std::collections::BTreeMap;

/// States whose investment is this many times what is pledged, or one over it, are named.
const FAR: f64 = 1.5;

/// The number whose note says whether the pledges were in view when it was chosen.
const CHOSEN: &str = "market.capex_intensity";

/// What of the run's states and suppliers is pledged, beside the first window of the reference; nothing where nothing is.
pub(super) fn blocks(facts: &Facts<'_>) -> Vec<Block> {
    let Some(pledges) = pledges(facts) else {
        return Vec::new();
    };
    let mut blocks = vec![
        heading("Against announced pledges"),
        paragraph(misfit(facts, &pledges)),
        table(facts, &pledges).into(),
        note(say!(
            "Pledges of the suppliers of this run that were published (`scenarios/data/pledges.csv`), each spread evenly over its horizon, {} years where none was given. They are of different dates and overlap, and not all are carried out: an order of magnitude. None published is not the same as none.",
            number(UNSTATED_HORIZON, Some(1.0))
        )),
    ];
    blocks.extend(chosen(facts).map(note));
    blocks
}

/// How far what the model lets suppliers invest is from what they announced, in a sentence or two; none where nothing is announced.
pub(in crate::report::sections) fn sentence(facts: &Facts<'_>) -> Option<Text> {
    Some(misfit(facts, &pledges(facts)?))
}

/// What of the run's states and suppliers is pledged by state; none where nothing is.
fn pledges(facts: &Facts<'_>) -> Option<BTreeMap<String, f64>> {
    let years = facts.model.horizon.window_years;
    let mut pledges = pledged(&facts.model.hyperscalers, years);
    let ids = facts.model.states.iter().map(|state| &state.id);
    let ids: Vec<&String> = ids.collect();
    pledges.retain(|state, _| ids.contains(&state));
    (!pledges.is_empty() && invested(facts, 0).stat.is_some()).then_some(pledges)
}

/// Capital that goes to a state in the first window of the reference.
fn invested(facts: &Facts<'_>, i: usize) -> Quote {
    let id = &facts.state(i).id;
    let stat = facts.result(facts.reference).windows[0].investment.get(id);
    let path = format!(
        "arms.{}.windows.0.investment.{id}",
        facts.name(facts.reference)
    );
    Quote::new(stat.copied().flatten(), path)
}

/// The same of all states.
fn of_region(facts: &Facts<'_>) -> Quote {
    let stat = facts.result(facts.reference).windows[0].region_investment;
    let path = format!(
        "arms.{}.windows.0.region_investment",
        facts.name(facts.reference)
    );
    Quote::new(stat, path)
}

/// The sum, and the states that are far from what is pledged.
fn misfit(facts: &Facts<'_>, pledges: &BTreeMap<String, f64>) -> Text {
    let states = (0..facts.model.states.len()).filter_map(|i| {
        let state = facts.state(i);
        let share = invested(facts, i).value() / pledges.get(&state.id)?;
        Some((state.name.as_str(), share))
    });
    let mut far: Vec<(&str, f64)> = states
        .filter(|(_, share)| *share > FAR || *share < 1.0 / FAR)
        .collect();
    far.sort_by(|one, other| one.1.total_cmp(&other.1));
    let said = far
        .iter()
        .map(|(name, share)| say!("{} gets {} of it", *name, percent(*share)));
    let far = match far.is_empty() {
        true => say!("no state is far from its own"),
        false => joined(said, ", "),
    };
    let all: f64 = pledges.values().sum();
    say!(
        "In its first window the model puts US$ {} bn into all states as {}; suppliers have announced {} for such a window. State by state that does not fit: {}.",
        of_region(facts).decimals(1),
        facts.arm(facts.reference),
        number(all, Some(0.1)),
        far
    )
}

fn table(facts: &Facts<'_>, pledges: &BTreeMap<String, f64>) -> Table {
    let of = |i: usize| pledges.get(&facts.state(i).id);
    let mut states: Vec<usize> = (0..facts.model.states.len()).collect();
    states.sort_by(|&one, &other| {
        let key = |i: usize| (of(i).copied().unwrap_or(0.0), invested(facts, i).value());
        let ((own, simulated), (others, other)) = (key(one), key(other));
        others.total_cmp(&own).then(other.total_cmp(&simulated))
    });
    let all: f64 = pledges.values().sum();
    let announced = |row: &Option<usize>| match row {
        Some(i) => of(*i).copied(),
        None => Some(all),
    };
    let simulated = |row: &Option<usize>| match row {
        Some(i) => invested(facts, *i),
        None => of_region(facts),
    };
    let name = |row: &Option<usize>| row.map_or("all states", |i| facts.state(i).name.as_str());
    Rows::of(states.into_iter().map(Some).chain([None]))
        .column(Heading::words("state"), name)
        .column(Heading::number("simulated"), |row| simulated(row).decimals(1))
        .column(Heading::number("announced"), |row| {
            announced(row).map_or("none published".to_owned(), |sum| number(sum, Some(0.1)))
        })
        .column(Heading::number("simulated of announced"), |row| {
            announced(row).map_or(String::new(), |sum| percent(simulated(row).value() / sum))
        })
        .table(
            "pledges",
            say!(
                "Capital in the first window as {}, mean of all worlds, and what is announced for {} years; {}",
                facts.arm(facts.reference),
                short(facts.model.horizon.window_years, 2),
                facts.short_unit()
            ),
        )
}

/// What the scenario says of the number that decides the sum.
fn chosen(facts: &Facts<'_>) -> Option<Text> {
    let mut inputs = facts.results.inputs.iter();
    let input = inputs.find(|one| one.path == CHOSEN)?;
    let note = input
        .note
        .as_ref()
        .filter(|said| said.contains("pledges"))?;
    Some(say!(
        "Of {} the scenario says: {}.",
        code(CHOSEN),
        note.trim_end_matches('.')
    ))
}
