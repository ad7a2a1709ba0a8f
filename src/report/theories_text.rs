//! What a reader sees of rival theories: one sentence, then a row per headline, then what decides.

use crate::report::render::terminal::table;
use crate::report::wrap::wrapped;
use crate::study::results::sweep::CellStatus;
use crate::study::results::sweep::plain;
use crate::study::results::theories::{Decision, Headline, TheoryResults};
use crate::theory::spelling::units::{number, percent, worlds};

/// The text, `width` columns wide; `names` are the subjects of the headlines, such as the region or a state.
pub fn text(results: &TheoryResults, names: &[String], width: usize) -> String {
    let mut text = wrapped(&sentence(results, names), width);
    text.push('\n');
    text += &headlines(results, names, width);
    text.push('\n');
    text += &choices(results, width);
    text += &failures(results, width);
    text.push('\n');
    let manifest = &results.manifest;
    let footer = format!(
        "Gains of `{}` over `{}` in US$ bn, {} in each of {} theories, the same draws in all; a sign counts where the 90% interval \
         of the mean excludes zero; seed {}.",
        results.arm,
        results.reference,
        worlds(manifest.trials),
        results.theories.len(),
        manifest.seed
    );
    text + &wrapped(&footer, width)
}

fn told(headline: &Headline) -> usize {
    headline.above + headline.below + headline.open
}

fn sentence(results: &TheoryResults, names: &[String]) -> String {
    let all = &results.headlines[0];
    let region = match told(all) {
        0 => "no theory gives an answer".to_owned(),
        n if all.above == n => format!("the region gains under all {n} theories"),
        n if all.below == n => format!("the region loses under all {n} theories"),
        n => format!(
            "the region gains under {} of {n} theories, loses under {}{}",
            all.above,
            all.below,
            because(all)
        ),
    };
    let states = || results.headlines.iter().zip(names).skip(1);
    let turning: Vec<String> = states()
        .filter(|(headline, _)| headline.above < told(headline) && headline.above > 0)
        .map(|(headline, name)| {
            format!(
                "{name} under {} of {}{}",
                headline.above,
                told(headline),
                because(headline)
            )
        })
        .collect();
    let losing: Vec<&str> = states()
        .filter(|(headline, _)| headline.above == 0 && told(headline) > 0)
        .map(|(_, name)| name.as_str())
        .collect();
    let mut parts = vec![region];
    let firm = states()
        .filter(|(headline, _)| told(headline) > 0 && headline.above == told(headline))
        .count();
    if states().any(|(headline, _)| told(headline) > 0) {
        let of = results.headlines.len() - 1;
        parts.push(format!("{firm} of {of} states gain under every theory"));
    }
    if !turning.is_empty() {
        parts.push(turning.join(", "));
    }
    if !losing.is_empty() {
        parts.push(format!("none lets {} gain", losing.join(", ")));
    }
    let text = parts.join("; ") + ".";
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// What decides, in words: " (only where ...)" if it divides them cleanly.
fn because(headline: &Headline) -> String {
    let Some(Decision {
        path,
        value,
        with,
        without,
    }) = &headline.decided_by
    else {
        return String::new();
    };
    let value = plain(value);
    if *with == 1.0 && *without == 0.0 {
        format!(" (only with {path} = {value})")
    } else if *with == 0.0 {
        format!(" (never with {path} = {value})")
    } else if *without == 0.0 {
        format!(" (only, and not always, with {path} = {value})")
    } else {
        format!(
            " ({} of theories with {path} = {value}, {} of the others)",
            percent(*with),
            percent(*without)
        )
    }
}

fn headlines(results: &TheoryResults, names: &[String], width: usize) -> String {
    let header = ["", "gains", "loses", "open", "lowest", "highest"].map(str::to_owned);
    let rows = results.headlines.iter().zip(names).map(|(headline, name)| {
        let money = |value: Option<f64>| {
            value.map_or_else(
                || "·".to_owned(),
                |value| number(value, Some(value.abs() / 50.0)),
            )
        };
        vec![
            name.clone(),
            headline.above.to_string(),
            headline.below.to_string(),
            headline.open.to_string(),
            money(headline.lowest),
            money(headline.highest),
        ]
    });
    wrapped(
        "Theories by the sign of the mean gain, and the range of that mean",
        width,
    ) + &table(&header, rows.collect(), width)
}

fn choices(results: &TheoryResults, width: usize) -> String {
    let header = ["choice", "value", "region gains", "state gains"].map(str::to_owned);
    let mut rows = Vec::new();
    for (index, choice) in results.choices.iter().enumerate() {
        for (place, value) in choice.values.iter().enumerate() {
            let share = |headlines: &[Headline]| {
                let counts = headlines
                    .iter()
                    .map(|one| &one.by_choice[index].above[place]);
                let (above, all) =
                    counts.fold((0, 0), |sums, one| (sums.0 + one.1, sums.1 + one.2));
                match all {
                    0 => "·".to_owned(),
                    _ => percent(f64::from(above as u32) / f64::from(all as u32)),
                }
            };
            let path = if place == 0 {
                choice.path.clone()
            } else {
                String::new()
            };
            rows.push(vec![
                path,
                plain(value),
                share(&results.headlines[..1]),
                share(&results.headlines[1..]),
            ]);
        }
    }
    wrapped(
        "Shares of theories in which the region, and a state on average, gains, by what they choose",
        width,
    ) + &table(&header, rows, width)
}

fn failures(results: &TheoryResults, width: usize) -> String {
    let failed = results
        .theories
        .iter()
        .filter(|one| one.cell.status == CellStatus::Failed);
    let reasons: Vec<&str> = failed
        .filter_map(|one| one.cell.reason.as_deref())
        .collect();
    match reasons.first() {
        None => String::new(),
        Some(first) => wrapped(
            &format!(
                "{} theories failed, the first because: {first}",
                reasons.len()
            ),
            width,
        ),
    }
}
