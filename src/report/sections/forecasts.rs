//! Forecasts on record: what was expected, beside reference chances and the engine's own numbers, and how near it came.

use crate::report::amounts::{NONE, counted};
use crate::report::document::{
    Block, Document, Heading, Rows, Section, Text, note, paragraph, plain, text,
};
use crate::report::numbers::{known, traced};
use crate::report::sentence::say;
use crate::study::forecasts::{ForecastEntry, ForecastFile, HALF};
use crate::study::results::forecasts::{ForecastResults, ForecastRow, ScoreBeside};
use crate::theory::spelling::units::number;

/// The document for a terminal; with `all`, also how each number was made.
pub fn text(file: &ForecastFile, results: &ForecastResults, all: bool) -> Document {
    let rows = || results.forecasts.iter().enumerate();
    let events: Vec<_> = rows().filter(|(_, row)| row.quantiles.is_none()).collect();
    let quantities: Vec<_> = rows().filter(|(_, row)| row.quantiles.is_some()).collect();
    let mut opening: Vec<Block> = Vec::new();
    if !events.is_empty() {
        opening.push(of_events(events));
    }
    if !quantities.is_empty() {
        opening.push(of_quantities(quantities));
    }
    opening.push(note(say!(
        "Base: a reference chance from earlier cases. Engine: what the program's own command gives, of {}. A question says what counts as yes, or what is measured, and where it is looked up: {}.",
        results.engine.as_str(),
        if all { "below" } else { "--all" }
    )));
    Document {
        title: results.title.clone(),
        lead: vec![counts(results), scores(results)]
            .into_iter()
            .flatten()
            .collect(),
        opening,
        sections: all.then(|| made(file)).into_iter().collect(),
        footer: vec![record(results)],
        ..Document::default()
    }
}

/// How many there are, and how many are decided.
fn counts(results: &ForecastResults) -> Option<Text> {
    let score = &results.score;
    let decided = score.events + score.quantities;
    let all = results.forecasts.len();
    let void = match score.void {
        0 => String::new(),
        void => format!(", {void} cannot be decided"),
    };
    let decided = match decided {
        0 => "none of which is decided yet".to_owned(),
        decided => format!("of which {decided} are decided"),
    };
    Some(say!(
        "{}, made on {}: {}, {}{}.",
        results.title.as_str(),
        results.made.as_str(),
        counted(all, "forecast"),
        decided,
        void
    ))
}

/// How near they came; none while nothing is decided.
fn scores(results: &ForecastResults) -> Option<Text> {
    let score = &results.score;
    let mut said = Vec::new();
    if let Some(brier) = score.brier {
        said.push(say!(
            "Brier score of {}: {} (0 is perfect, {} what even odds score){}{}.",
            counted(score.events as usize, "event"),
            traced(&digits(brier), brier, "score.brier"),
            digits(HALF),
            beside("earlier cases", score.base.as_ref()),
            beside("the engine", score.engine.as_ref())
        ));
    }
    if let Some(pinball) = score.pinball {
        said.push(say!(
            "Of {} {} lie between their 5% and 95% points (nine in ten expected) and {} between 25% and 75%; mean score over the median {}.",
            counted(score.quantities as usize, "amount"),
            score.inside_90.to_string(),
            score.inside_50.to_string(),
            traced(&digits(pinball), pinball, "score.pinball")
        ));
    }
    (!said.is_empty()).then(|| {
        let mut whole = Text::new();
        for (at, one) in said.into_iter().enumerate() {
            whole.extend((at > 0).then(|| text![" "]).into_iter().flatten());
            whole.extend(one);
        }
        whole
    })
}

fn beside(what: &str, other: Option<&ScoreBeside>) -> Text {
    other.map_or_else(Text::new, |other| {
        say!(
            "; where {} have a chance, {} against {} of theirs",
            what,
            digits(other.own),
            digits(other.other)
        )
    })
}

fn digits(score: f64) -> String {
    format!("{score:.3}")
}

type Numbered<'a> = (usize, &'a ForecastRow);

fn chance(row: Numbered<'_>, key: &str, value: Option<f64>) -> Text {
    let (at, _) = row;
    text![known(
        value,
        |p| format!("{:.0}", 100.0 * p),
        &format!("forecasts.{at}.{key}")
    )]
}

fn of_events(rows: Vec<Numbered<'_>>) -> Block {
    let came = |row: &ForecastRow| match (row.came, &row.void) {
        (Some(true), _) => "yes",
        (Some(false), _) => "no",
        (None, Some(_)) => "void",
        (None, None) => "",
    };
    Rows::of(rows)
        .column(Heading::words("question"), |(_, row)| {
            plain(row.question.as_str())
        })
        .column(Heading::number("of 100"), |&row| {
            chance(row, "probability", row.1.probability)
        })
        .column(Heading::number("base"), |&row| {
            chance(row, "base", row.1.base)
        })
        .column(Heading::number("engine"), |&row| {
            chance(row, "engine", row.1.engine)
        })
        .column(Heading::words("by"), |(_, row)| plain(row.decided.as_str()))
        .column(Heading::words("came"), |(_, row)| plain(came(row)))
        .column(Heading::number("score"), |&(at, row)| {
            row.score.map_or_else(Text::new, |score| {
                text![traced(
                    &digits(score),
                    score,
                    &format!("forecasts.{at}.score")
                )]
            })
        })
        .table("forecast-events", "Chances of yes, of 100")
        .into()
}

fn of_quantities(rows: Vec<Numbered<'_>>) -> Block {
    let written = |value: f64| number(value, Some(0.01 * value.abs()));
    let range = |row: &ForecastRow| {
        row.quantiles.map_or_else(String::new, |one| {
            format!("{} to {}", written(one.p05), written(one.p95))
        })
    };
    Rows::of(rows)
        .column(Heading::words("question"), |(_, row)| {
            plain(format!(
                "{} ({})",
                row.question,
                row.unit.as_deref().unwrap_or(NONE)
            ))
        })
        .column(Heading::number("median"), |&(at, row)| {
            let middle = row.quantiles.map(|one| one.p50);
            text![known(
                middle,
                written,
                &format!("forecasts.{at}.quantiles.p50")
            )]
        })
        .column(Heading::number("90%"), |(_, row)| plain(range(row)))
        .column(Heading::number("engine"), |&(at, row)| {
            text![known(
                row.engine,
                written,
                &format!("forecasts.{at}.engine")
            )]
        })
        .column(Heading::words("by"), |(_, row)| plain(row.decided.as_str()))
        .column(Heading::number("came"), |&(at, row)| {
            match (row.amount, &row.void) {
                (Some(amount), _) => text![traced(
                    &written(amount),
                    amount,
                    &format!("forecasts.{at}.amount")
                )],
                (None, Some(_)) => plain("void"),
                (None, None) => Text::new(),
            }
        })
        .column(Heading::number("score"), |&(at, row)| {
            row.score.map_or_else(Text::new, |score| {
                text![traced(
                    &written(score),
                    score,
                    &format!("forecasts.{at}.score")
                )]
            })
        })
        .table("forecast-quantities", "Quantities, each in its unit")
        .into()
}

/// What counts, and how each number was made.
fn made(file: &ForecastFile) -> Section {
    let of = |one: &ForecastEntry| {
        let counts = one.yes.as_ref().or(one.counts.as_ref());
        let parts = [
            Some(format!("{}: {}", one.id, one.question)),
            counts.cloned(),
            Some(one.how.clone()),
            one.command
                .as_ref()
                .map(|command| format!("Command: {command}.")),
            Some(format!("Source: {} (grade {}).", one.source, one.grade)),
            one.note.clone(),
            one.void.as_ref().map(|why| format!("Void: {why}")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        paragraph(parts.join(" "))
    };
    let blocks = file.forecasts.iter().map(of).collect();
    Section::new("made", "What counts, and how each number was made", blocks)
}

/// Whether they are what was put on record.
fn record(results: &ForecastResults) -> Text {
    let hash = &results.sha256;
    match results.unchanged {
        Some(true) => say!(
            "Unchanged since they were put on record: SHA-256 {}.",
            hash.as_str()
        ),
        Some(false) => say!(
            "These are not the forecasts on record: their SHA-256 is {}, which is not the one beside the file.",
            hash.as_str()
        ),
        None => say!(
            "SHA-256 {}; no hash on record stands beside the file.",
            hash.as_str()
        ),
    }
}
