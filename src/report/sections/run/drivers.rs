//! Section 8: what decides the answer, from finished studies of the same scenario.

use super::break_even::{sweep, threshold};
use super::facts::{Facts, StudyResults};
use crate::report::chart::{Forest, ForestRow, Head, Point, Tornado, TornadoRow};
use crate::report::document::{
    Block, Cell, Figure, Files, Heading, Section, Table, Text, code, minus, note, paragraph, plain,
    text,
};
use crate::study::results::discover::{BoxResult, DiscoveryResults};
use crate::study::results::sensitivity::{FactorResult, OutputResult, SensitivityResults};
use crate::study::results::sweep::plain as value_text;
use crate::study::results::theories::TheoryResults;
use crate::theory::spelling::units::{count, number, percent, range};

/// Factors of a figure, at most.
const MOST: usize = 12;

/// The section.
pub(super) fn section(facts: &Facts<'_>, files: &mut Files) -> Section {
    let mut blocks = Vec::new();
    for (at, study) in facts.studies.iter().enumerate() {
        let id = format!("study-{}", at + 1);
        match study {
            StudyResults::Sensitivity(results) => {
                blocks.extend(sensitivity(facts, results, &id, files))
            }
            StudyResults::Discover(results) => blocks.extend(discover(results, &id)),
            StudyResults::Sweep(results) => blocks.extend(sweep(facts, results, &id, files)),
            StudyResults::Threshold(results) => blocks.extend(threshold(results, &id, files)),
            StudyResults::Theories(results) => blocks.extend(theories(results, &id)),
            StudyResults::Stability(_) => {}
        }
    }
    if blocks.is_empty() {
        blocks.push(paragraph(text![
            "Nothing was given. Finished directories of ",
            code("sensitivity"),
            ", ",
            code("discover"),
            ", ",
            code("sweep"),
            ", ",
            code("threshold"),
            " and ",
            code("theories"),
            " of this scenario appear here with ",
            code("mufakat report RUN --with DIR"),
            "."
        ]));
    } else {
        blocks.insert(0, note(plain(
            "These come from studies of the same scenario, with their own worlds and numbers of them; their numbers stand in the results.json of each study.",
        )));
    }
    Section {
        id: "drivers".to_owned(),
        title: "What decides the answer".to_owned(),
        blocks,
    }
}

/// The output that the headline of the run is about, else the first.
pub(super) fn preferred<'a, S: AsRef<str>>(facts: &Facts<'_>, outputs: &'a [S]) -> Option<&'a S> {
    let headline = facts
        .headline()
        .map(|arm| format!("{}.total.payoff.difference", facts.name(arm)));
    let own = outputs
        .iter()
        .find(|one| Some(one.as_ref()) == headline.as_deref());
    own.or_else(|| outputs.first())
}

/// A number in at most four digits, without zeros at its end.
pub(super) fn short(x: f64) -> String {
    let text = number(x, None);
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

pub(super) fn heading(text: String) -> Block {
    Block::Heading { text }
}

/// The measure that ranks factors, and what it means.
fn measure(method: &str) -> (&'static str, &'static str, &'static str) {
    match method {
        "sobol" => (
            "ST",
            "share of the variance that would remain if all other factors were known (total Sobol' index)",
            "ST",
        ),
        "shapley" => (
            "shapley",
            "share of the variance, interactions divided fairly (Shapley effect)",
            "Shapley effect",
        ),
        "morris" => (
            "mu_star",
            "mean size of the change of the result from the factor's 5% to its 95% point (Morris)",
            "mean size of change",
        ),
        "pawn" => (
            "pawn",
            "how far the distribution of the result moves if the factor is known, 0 to 1 (PAWN)",
            "PAWN",
        ),
        "delta" => (
            "delta",
            "expected shift of the result's distribution if the factor is known, 0 to 1 (Borgonovo's \u{3b4})",
            "\u{3b4}",
        ),
        "evppi" => (
            "evppi",
            "what it would be worth to know the factor before the choice of arm, US$ bn",
            "US$ bn",
        ),
        _ => (
            "swing",
            "change of the mean result from the factor's 5% to its 95% point",
            "swing",
        ),
    }
}

fn sensitivity(
    facts: &Facts<'_>,
    results: &SensitivityResults,
    id: &str,
    files: &mut Files,
) -> Vec<Block> {
    let known = results.outputs.iter().filter(|(_, one)| one.is_some());
    let known: Vec<&String> = known.map(|(name, _)| name).collect();
    let name = preferred(facts, &known).copied();
    let found = name.and_then(|name| Some((name, results.outputs.get(name.as_str())?.as_ref()?)));
    let Some((name, output)) = found else {
        return Vec::new();
    };
    let (by, meaning, axis) = measure(&results.method);
    let mut ranked = output.ranked(by);
    ranked.truncate(MOST);
    let first = ranked.first().map_or("", |one| one.0);
    let floor = output
        .noise_floor
        .as_ref()
        .map(|floor| floor.high.unwrap_or(floor.value));
    let shown = ranked.first().and_then(|one| value(&one.1, by));
    let clear = match (floor, shown) {
        (Some(floor), Some(most)) => most > floor,
        _ => true,
    };
    let sentence = match clear {
        true => text![
            code(name),
            " depends most on ",
            code(first),
            format!(
                " of {} uncertain quantities.",
                count(results.factors.len() as u64)
            )
        ],
        false => text![
            "No factor shows an influence on ",
            code(name),
            " above what chance alone gives."
        ],
    };
    let chart = match results.method.as_str() {
        "tornado" => tornado(facts, name, output, &ranked, id, files),
        _ => measures(name, output, &ranked, (by, meaning, axis), (id, files)),
    };
    vec![
        heading(format!("Sensitivity ({})", results.method)),
        paragraph(sentence),
        chart,
    ]
}

fn value(factor: &FactorResult, by: &str) -> Option<f64> {
    let measures = factor.measures().into_iter();
    let mut named = measures.filter(|(name, _)| *name == by);
    named.next().map(|(_, interval)| interval.value)
}

/// Bars from the result at the low end of a factor to that at its high end, labelled with the factor's own values.
fn tornado(
    facts: &Facts<'_>,
    name: &str,
    output: &OutputResult,
    ranked: &[(&str, FactorResult)],
    id: &str,
    files: &mut Files,
) -> Block {
    let rows = ranked.iter().filter_map(|(path, factor)| {
        let ends = (factor.at_low?.value, factor.at_high?.value);
        let uncertain = facts.model.uncertain.iter().find(|one| one.path == *path);
        let input =
            |p: f64| uncertain.map_or(percent(p), |one| short(one.distribution.quantile(p)));
        Some(TornadoRow {
            label: (*path).to_owned(),
            ends,
            inputs: (input(0.05), input(0.95)),
        })
    });
    let rows: Vec<TornadoRow> = rows.collect();
    let said = rows.iter().map(|row| {
        format!(
            "{}: {} at {}, {} at {}",
            row.label,
            number(row.ends.0, None),
            row.inputs.0,
            number(row.ends.1, None),
            row.inputs.1
        )
    });
    let interacts = output
        .factors
        .values()
        .any(|one| one.interacts == Some(true));
    let chart = Tornado {
        head: Head {
            id: format!("{id}-tornado"),
            title: format!(
                "{name}: mean result with each input at its 5% and its 95% point{}",
                if interacts {
                    "; some effects depend on other inputs"
                } else {
                    ""
                }
            ),
            alternative: format!(
                "A bar per input, the widest first, from the result at its low end to that at its high end. {}.",
                said.collect::<Vec<_>>().join("; ")
            ),
            x: format!("{name}, {}", facts.short_unit()),
            y: String::new(),
        },
        base: None,
        rows,
    };
    Figure::alone(chart.chart(), files)
}

/// A mark with its interval for each factor.
fn measures(
    name: &str,
    output: &OutputResult,
    ranked: &[(&str, FactorResult)],
    (by, meaning, axis): (&str, &str, &str),
    (id, files): (&str, &mut Files),
) -> Block {
    let rows = ranked.iter().map(|(path, factor)| {
        let measures = factor.measures().into_iter();
        let found = measures
            .filter(|(name, _)| *name == by)
            .map(|(_, interval)| Point {
                value: interval.value,
                outer: (
                    interval.low.unwrap_or(f64::NAN),
                    interval.high.unwrap_or(f64::NAN),
                ),
                inner: (f64::NAN, f64::NAN),
            });
        ForestRow {
            label: (*path).to_owned(),
            points: vec![found.into_iter().next()],
            note: String::new(),
        }
    });
    let rows: Vec<ForestRow> = rows.collect();
    let said = rows
        .iter()
        .filter_map(|row| Some(format!("{} {:.3}", row.label, row.points[0]?.value)));
    let floor = output.noise_floor.as_ref().map_or(String::new(), |floor| {
        format!(
            " Chance alone gives up to {}.",
            number(floor.high.unwrap_or(floor.value), None)
        )
    });
    let chart = Forest {
        head: Head {
            id: format!("{id}-factors"),
            title: format!("{name}: {meaning}, with 95% intervals.{floor}"),
            alternative: format!(
                "A row per factor, the largest first. {}.",
                said.collect::<Vec<_>>().join("; ")
            ),
            x: axis.to_owned(),
            y: String::new(),
        },
        series: vec![by.to_owned()],
        rows,
        from_zero: true,
    };
    Figure::alone(chart.chart(), files)
}

fn discover(results: &DiscoveryResults, id: &str) -> Vec<Block> {
    let limits = |one: &BoxResult| -> Text {
        let mut parts = Text::new();
        for (path, [low, high]) in &one.limits {
            if !parts.is_empty() {
                parts.extend(text![" and "]);
            }
            let bound = |x: &Option<f64>| x.map(short);
            parts.push(code(path.clone()));
            parts.extend(text![match (bound(low), bound(high)) {
                (Some(low), Some(high)) => format!(" from {low} to {high}"),
                (Some(low), None) => format!(" above {low}"),
                (None, Some(high)) => format!(" below {high}"),
                (None, None) => String::new(),
            }]);
        }
        parts
    };
    let boxes: &[BoxResult] = if results.cover.is_empty() {
        &results.boxes
    } else {
        &results.cover
    };
    let rows = boxes.iter().take(5).map(|one| {
        vec![
            Cell::plain(limits(one)),
            Cell::plain(plain(percent(one.coverage))),
            Cell::plain(plain(percent(one.density))),
            Cell::plain(plain(percent(one.mass))),
        ]
    });
    let mut header = Heading::all(&[
        "worlds with",
        "of the worlds where it holds",
        "it holds in",
        "of all worlds",
    ]);
    header[0].words = true;
    let table = Table {
        id: format!("{id}-boxes"),
        caption: plain(format!(
            "Combinations of uncertain values in which {} holds; it holds in {} of all worlds",
            results.condition,
            percent(results.share)
        )),
        header,
        rows: rows.collect(),
        ..Table::default()
    };
    let sentence = text![
        code(results.condition.clone()),
        format!(
            " holds in {} of {} worlds.",
            percent(results.share),
            count(results.worlds)
        )
    ];
    vec![
        heading(format!("In which worlds: {}", results.condition)),
        paragraph(sentence),
        Block::Table { table },
    ]
}

fn theories(results: &TheoryResults, id: &str) -> Vec<Block> {
    let rows = results.headlines.iter().map(|one| {
        let total = one.above + one.below + one.open;
        let range = match (one.lowest, one.highest) {
            (Some(low), Some(high)) => range(low, high, Some(0.01 * low.abs().max(high.abs()))),
            _ => "\u{b7}".to_owned(),
        };
        let decided = one
            .decided_by
            .as_ref()
            .map_or("no single choice".to_owned(), |decision| {
                format!("{} = {}", decision.path, value_text(&decision.value))
            });
        vec![
            Cell::plain(vec![code(one.result.clone())]),
            Cell::plain(plain(format!("{} of {total}", one.above))),
            Cell::plain(plain(format!("{} of {total}", one.below))),
            Cell::plain(plain(format!("{} of {total}", one.open))),
            Cell::plain(plain(minus(&range))),
            Cell::of(vec![code(decided)], "words"),
        ]
    });
    let mut header = Heading::all(&[
        "result",
        "above zero in",
        "below in",
        "open in",
        "means, US$ bn",
        "divided most by",
    ]);
    header[5].words = true;
    let table = Table {
        id: format!("{id}-theories"),
        caption: plain(format!(
            "{} against {} under rival theories of bargaining: in how many of them the 90% interval lies on which side of zero",
            results.arm, results.reference
        )),
        header,
        rows: rows.collect(),
        ..Table::default()
    };
    vec![
        heading("What the rival theories say".to_owned()),
        Block::Table { table },
    ]
}
