//! Which accords stand under other theories of bargaining.

use super::view::{AccordsView, Ranged};
use crate::report::amounts::{NONE, unit};
use crate::report::document::{
    Block, Cell, Heading, Rows, Section, Table, Text, code, paragraph, text, words,
};
use crate::report::sentence::say;
use crate::study::results::accords::TestedAccord;
use crate::theory::spelling::units::worlds;

/// Columns of accords that are shown; the rest is in the document.
const MOST: usize = 6;

/// The part of the document; none where it was not asked.
pub(super) fn section(view: &AccordsView<'_>) -> Option<Section> {
    let found = view.results.theories.as_ref()?;
    let under = match found.theories.len() {
        1 => "under the one theory that was tried".to_owned(),
        theories => format!("under all {theories} theories"),
    };
    let standing = found.accords.iter().filter(|one| stands(one)).count();
    let said: Text = match standing {
        0 => say!("No accord that was found stands {}.", under),
        all if all == found.accords.len() => say!("Every accord that was found stands {}.", under),
        some => {
            let left = match found.accords.len() - some {
                1 => "the other is left out above",
                _ => "the others are left out above",
            };
            let stand = if some == 1 { "stands" } else { "stand" };
            let some = some.to_string();
            let all = found.accords.len().to_string();
            say!(
                "{} of {} accords that were found {} {}; {}.",
                some,
                all,
                stand,
                under,
                left
            )
        }
    };
    if !view.all {
        return Some(Section::new(
            "theories",
            "Under other theories of bargaining",
            vec![paragraph(said)],
        ));
    }
    let shown: Vec<(usize, &TestedAccord)> = found.accords.iter().enumerate().take(MOST).collect();
    let table = Rows::of(found.theories.iter())
        .column(Heading::words("theory"), |theory| (*theory).clone())
        .each(&shown, |rows, &(at, accord)| {
            rows.column(Heading::number(label(at, accord).as_str()), move |theory| {
                let Some(region) = accord.region.get(theory.as_str()).and_then(Option::as_ref)
                else {
                    return Cell::of(text![NONE], "open");
                };
                let path = format!("theories.accords.{at}.region.{theory}");
                let gain = Ranged::new(region, path).change();
                match accord.falls.get(theory.as_str()) {
                    Some(_) => Cell::of(say!("falls ({})", gain), "loss"),
                    None => Cell::of(text![gain], "gain"),
                }
            })
        })
        .table(
            "accord-theories",
            format!(
                "What each accord brings the region by theory, {}, in {}; it falls where the region does not surely gain or a state that is mostly a member surely loses",
                unit(&view.model.horizon),
                worlds(found.worlds)
            ),
        );
    let table = Table {
        repeated: 1,
        ..table
    };
    let mut blocks: Vec<Block> = vec![paragraph(said), table.into()];
    blocks.extend(shown.iter().filter_map(|(at, one)| fallen(view, *at, one)));
    Some(Section::new(
        "theories",
        "Under other theories of bargaining",
        blocks,
    ))
}

fn stands(accord: &TestedAccord) -> bool {
    accord.falls.is_empty()
}

/// What an accord is called here: by its id, or a letter where it is left out.
fn label(at: usize, accord: &TestedAccord) -> String {
    let letter = || char::from(b'A' + (at % 26) as u8).to_string();
    accord.accord.clone().unwrap_or_else(letter)
}

/// What an accord that falls is, and for whose sake.
fn fallen(view: &AccordsView<'_>, at: usize, accord: &TestedAccord) -> Option<Block> {
    if stands(accord) {
        return None;
    }
    let whom = |who: &String| match who.as_str() {
        "region" => "the region does not surely gain".to_owned(),
        id => format!("{} loses", view.state_name(id)),
    };
    let falls = accord.falls.iter().map(|(theory, losers)| {
        let losers: Vec<String> = losers.iter().map(whom).collect();
        format!("{theory}: {}", losers.join(", "))
    });
    let falls: Vec<String> = falls.collect();
    let what = match &accord.accord {
        Some(id) => text![code(id.as_str())],
        None => say!("{}, {}", label(at, accord), view.changed(&accord.changes)),
    };
    let mut said = what;
    said.push(words(format!(", falls under {}.", falls.join("; "))));
    Some(paragraph(said))
}
