//! How accords were found, how much better they looked there, and how finely they are told apart.

use super::view::{AccordsView, Ranged};
use crate::report::amounts::{FINEST, NONE, millions, unit};
use crate::report::document::{
    Block, Heading, Rows, Section, Table, Text, code, note, paragraph, text,
};
use crate::report::numbers::traced;
use crate::report::sentence::say;
use crate::report::verdict::FEW_WORLDS;
use crate::study::results::sensitivity::Interval;
use crate::theory::spelling::units::{count, number, worlds};

/// Objectives with their names in tables, and whether they are shares of worlds.
const NAMED: [(&str, &str, bool); 6] = [
    ("region", "region", false),
    ("worst", "least for a state", false),
    ("tail", "in worst tenth", false),
    ("all_gain", "all gain", true),
    ("holds", "nobody leaves", true),
    ("suppliers", "suppliers", false),
];

/// The part of the document.
pub(super) fn section(view: &AccordsView<'_>) -> Section {
    let mut blocks: Vec<Block> = vec![paragraph(searched(view))];
    blocks.extend(refused(view).map(note));
    if view.all {
        blocks.push(table(view).into());
    } else {
        blocks.push(note(
            "--all has the whole front, who gains by each, what clauses add to every accord, and how finely accords are told apart.",
        ));
    }
    Section::new("method", "How they were found", blocks)
}

/// What was tried.
fn searched(view: &AccordsView<'_>) -> Text {
    let search = &view.results.search;
    let combinations = match search.combinations {
        Some(all) => format!("{} combinations", count(all as u64)),
        None => "more combinations than can be counted".to_owned(),
    };
    let tried = match (search.exhaustive, search.tried) {
        (true, 1) => format!(
            "The only accord that can be made of them ({combinations} of rules and members) was tried"
        ),
        (true, all) => format!(
            "All {} accords that can be made of them ({combinations}, of which some are the same) were tried",
            count(all)
        ),
        (false, all) => format!("{} accords of {combinations} were tried", count(all)),
    };
    let dropped = match search.dominated {
        0 => String::new(),
        1 => ", 1 dropped as surely worse than another".to_owned(),
        more => format!(", {} dropped as surely worse than another", count(more)),
    };
    let finalists = match search.finalists {
        1 => "1 was".to_owned(),
        more => format!("{} were", count(more)),
    };
    say!(
        "{}{}; {} played to the end in {}. {}",
        tried,
        dropped,
        finalists,
        worlds(search.worlds),
        match view.trials() {
            1 => "The numbers above are of the scenario's one world.".to_owned(),
            trials => format!(
                "The numbers above are of {} others, in which nobody searched.",
                count(trials)
            ),
        }
    )
}

/// Accords that are not valid.
fn refused(view: &AccordsView<'_>) -> Option<Text> {
    let search = &view.results.search;
    let reason = search
        .not_valid_because
        .as_deref()
        .unwrap_or("of their rules");
    let are = match search.not_valid {
        0 => return None,
        1 => "1 of them is not valid".to_owned(),
        more => format!("{} of them are not valid", count(more)),
    };
    Some(say!(
        "{}, the first because: {}.",
        are,
        reason.trim_end_matches('.')
    ))
}

/// How finely accords are told apart, and how much better they looked where they were found.
fn table(view: &AccordsView<'_>) -> Table {
    let results = view.results;
    let table = Rows::of(["counts from", "looked better"])
        .column(Heading::words(""), |row| *row)
        .each(NAMED, |rows, (key, name, is_share)| {
            rows.column(Heading::number(name), move |row| match *row {
                "counts from" => match results.resolution.get(key) {
                    Some(&size) => {
                        let written = match is_share {
                            true => number(100.0 * size, Some(1.0)),
                            false => millions(size, Some(0.03 * size)),
                        };
                        text![traced(&written, size, &format!("resolution.{key}"))]
                    }
                    None => text![NONE],
                },
                _ => match results.winners_curse.get(key) {
                    Some(one) => curse(one, key, is_share),
                    None => text![NONE],
                },
            })
        })
        .table(
            "method",
            say!(
                "From which difference two accords are two on the front, and how much better the front looked where it was found; {}, worlds of {}",
                unit(&view.model.horizon),
                FEW_WORLDS.to_string()
            ),
        );
    Table {
        repeated: 1,
        ..table
    }
}

fn curse(one: &Interval, key: &str, is_share: bool) -> Text {
    let ranged = Ranged::new(one, format!("winners_curse.{key}"));
    match is_share {
        _ if one.value.abs() < 0.01 * FINEST && ranged.error().is_none() => text![traced(
            "0",
            one.value,
            &format!("winners_curse.{key}.value")
        )],
        true => ranged.worlds_with_half(),
        false => ranged.with_half(),
    }
}

/// With what it was made.
pub(super) fn footer(view: &AccordsView<'_>) -> Text {
    let results = view.results;
    say!(
        "{}; intervals and \u{b1} are of 90%; the base is {}, differences are to {}; seed {}.",
        worlds(view.trials()),
        code(results.base.as_str()),
        code(results.reference.as_str()),
        results.manifest.seed.to_string()
    )
}
