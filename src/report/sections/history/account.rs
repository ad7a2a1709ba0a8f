//! In words: what the engine misses and why, and what is said of every case.

use super::case::{Case, Lies};
use crate::report::document::{Block, Section, Text, code, joined, paragraph, plain};
use crate::report::sentence::{capital, say};

/// What stands where nobody has said yet why.
const UNEXPLAINED: &str = "not explained yet";

/// The cases in which record and engine differ; none where they do not.
pub(super) fn misses(cases: &[Case<'_>]) -> Option<Section> {
    let missed = cases.iter().filter(|case| case.is_missed());
    let items: Vec<Text> = missed.map(|case| miss(*case)).collect();
    (!items.is_empty())
        .then(|| Section::new("misses", "What it misses", vec![Block::List { items }]))
}

fn miss(case: Case<'_>) -> Text {
    let played = case.played;
    let mut said: Vec<Text> = Vec::new();
    if played.sign == Some(false) {
        said.push(plain("the sign is wrong"));
    }
    if played.winner == Some(false) {
        let gained = played.winner_observed.clone().unwrap_or_default();
        said.push(match &played.winner_engine {
            Some(says) => say!(
                "{} gained most, and the engine says {}",
                gained,
                says.as_str()
            ),
            None => say!("{} gained most, and the engine does not say who", gained),
        });
    }
    match case.lies() {
        Some(Lies::Below) => said.push(outside(case, "below")),
        Some(Lies::Above) => said.push(outside(case, "above")),
        Some(_) => {}
        None => said.push(plain("no world has the figure")),
    }
    let why = match played.after.trim() {
        "" => UNEXPLAINED,
        after => after,
    };
    let name = code(played.id.clone());
    say!("{}: {}. {}", name, joined(said, "; "), ended(&capital(why)))
}

fn outside(case: Case<'_>, where_it_lies: &str) -> Text {
    let range = case.ninety();
    match range.is_empty() {
        true => say!(
            "{} came, which is {} what the engine says, {}",
            case.observed(),
            where_it_lies,
            case.median()
        ),
        false => say!(
            "{} came, which is {} 90% of worlds ({})",
            case.observed(),
            where_it_lies,
            range
        ),
    }
}

/// With a full stop.
fn ended(sentence: &str) -> String {
    match sentence.ends_with(['.', '!', '?']) {
        true => sentence.to_owned(),
        false => format!("{sentence}."),
    }
}

/// All that is said of every case.
pub(super) fn account(cases: &[Case<'_>]) -> Section {
    let blocks = cases.iter().flat_map(|case| told(*case));
    Section::new("account", "What is said of each", blocks.collect())
}

fn told(case: Case<'_>) -> Vec<Block> {
    let played = case.played;
    let observed = &played.observed;
    let head = say!(
        "{}: {} ({}).",
        code(played.id.clone()),
        played.who.trim_end_matches('.'),
        played.when.as_str()
    );
    let record = say!(
        "On record, {}: {}, {} ({}; source {}, grade {}). {}",
        played.outcome.as_str(),
        played.what.as_str(),
        case.observed(),
        case.between(),
        observed.source.as_str(),
        observed.grade.as_str(),
        match observed.note.is_empty() {
            true => String::new(),
            false => ended(&capital(&observed.note)),
        }
    );
    let without = say!("Without a deal: {}", ended(&played.outside));
    let roles = say!("Who is who: {}", ended(&played.mapping));
    let mut items = vec![record, without, roles];
    if !played.missing.is_empty() {
        let missing = played.missing.iter().map(|one| plain(one.clone()));
        items.push(say!(
            "What the model cannot express: {}.",
            joined(missing, "; ")
        ));
    }
    if !played.after.trim().is_empty() && !case.is_missed() {
        items.push(plain(ended(played.after.trim())));
    }
    vec![paragraph(head), Block::List { items }]
}
