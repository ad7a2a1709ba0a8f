//! What a reader sees of a sensitivity analysis: which factor decides, then a row per factor, then the other results.

use crate::report::render::terminal::table;
use crate::report::wrap::wrapped;
use crate::study::results::sensitivity::{
    FactorResult, Interval, OutputResult, SensitivityResults,
};
use crate::theory::spelling::units::{number, percent, worlds};
use std::fmt::Write as _;
use textwrap::core::display_width;

/// Factors of a table that are shown; the rest is in the document.
const MOST_ROWS: usize = 20;

/// Cells of the longest bar.
const BAR: usize = 16;

/// Results smaller than this are what rounding leaves of zero.
const DUST: f64 = 1e-9;

/// Fewer cells than this show nothing.
const SHORTEST_BAR: usize = 8;

/// How a method is read.
struct Reading {
    /// The measure that ranks.
    by: &'static str,
    /// Measures that are shown.
    shown: &'static [&'static str],
    /// What they mean.
    legend: &'static str,
}

fn reading(method: &str) -> Reading {
    let (by, shown, legend): (_, &[&str], _) = match method {
        "sobol" => (
            "ST",
            &["S1", "ST"],
            "S1: share of the variance that the factor explains by itself. ST: share that would remain if all others were known; \
             what ST has above S1 is interaction, with chance (orders of talks, votes, events) too.",
        ),
        "morris" => (
            "mu_star",
            &["mu", "mu_star", "sigma"],
            "mu, mu_star: mean change, and mean size of the change, of the result when the factor moves from its 5% to its 95% \
             point. sigma: how much that differs from place to place; large beside mu_star means interaction or a curve.",
        ),
        "pawn" => (
            "pawn",
            &["pawn", "pawn_max"],
            "pawn: how far the distribution of the result moves if the factor is known, 0 to 1 (median over its values; \
             pawn_max: the largest). Factors below the noise floor have shown nothing: with so many of them, chance alone reaches as high.",
        ),
        "delta" => (
            "delta",
            &["delta", "S1"],
            "delta: expected shift of the result's whole distribution if the factor is known, 0 to 1. S1: share of the variance \
             that it explains by itself. Factors below the noise floor have shown nothing: with so many of them, chance alone reaches as high.",
        ),
        "shapley" => (
            "shapley",
            &["shapley"],
            "shapley: share of the variance that the factors make, interactions divided fairly among them; all together 100%, but for error.",
        ),
        "evppi" => (
            "evppi",
            &["evppi"],
            "evppi: what it would be worth, on average, to know the factor before the arm is chosen, in US$ bn. Factors \
             below the noise floor have shown nothing: with so many of them, chance alone reaches as high.",
        ),
        _ => (
            "swing",
            &["at_p05", "at_p95", "swing"],
            "at_p05, at_p95: mean result with the factor at its 5% and its 95% point, which the bars join; * marks a factor whose effect depends on the others.",
        ),
    };
    Reading { by, shown, legend }
}

/// The text, `width` columns wide.
pub fn text(results: &SensitivityResults, width: usize) -> String {
    let reading = reading(&results.method);
    let mut outputs = results.outputs.iter();
    let Some((name, first)) = outputs.next() else {
        return String::new();
    };
    let mut text = wrapped(&sentence(name, first.as_ref(), &reading), width);
    if let Some(first) = first {
        text.push('\n');
        text += &factors(first, &reading, width);
        text += &wrapped(reading.legend, width);
    }
    if results.outputs.len() > 1 {
        text.push('\n');
        text += &others(results, &reading, width);
    }
    text.push('\n');
    let held = match results.held {
        0 => String::new(),
        1 => ", the one other uncertain number at its median".to_owned(),
        held => format!(", the {held} other uncertain numbers at their medians"),
    };
    let factors = match results.factors.len() {
        1 => "1 factor".to_owned(),
        factors => format!("{factors} factors"),
    };
    let footer = format!(
        "{}, {factors}{held}, 95% intervals; differences are to `{}`; seed {}.",
        worlds(results.worlds),
        results.reference,
        results.manifest.seed
    );
    text + &wrapped(&footer, width)
}

/// How large a measure is: those of sign count by their size, others are not below zero but by error.
fn size(measure: &str, interval: &Interval) -> f64 {
    match is_positive(measure) {
        true => interval.value,
        false => interval.value.abs(),
    }
}

/// Whether a measure is never negative but by error.
fn is_positive(measure: &str) -> bool {
    !["swing", "mu"].contains(&measure)
}

fn is_share(measure: &str) -> bool {
    ["S1", "ST", "shapley"].contains(&measure)
}

fn value(measure: &str, interval: &Interval) -> String {
    if is_share(measure) {
        let share = interval.value;
        return match share < 0.0 {
            true => format!("{:.0}%", 100.0 * share).replace("-0%", "0%"),
            false if share > 1.0 => format!("{:.0}%", 100.0 * share),
            false => percent(share),
        };
    }
    // Money below a dollar is rounding.
    let dust = |x: f64| if x.abs() < DUST { 0.0 } else { x };
    let ends = interval.low.map(dust).zip(interval.high.map(dust));
    let error = ends.map(|(low, high)| (high - low) / 4.0);
    number(dust(interval.value), error.filter(|error| *error > 0.0))
}

fn with_interval(measure: &str, interval: &Interval) -> String {
    let end = |x: f64| {
        let end = Interval {
            value: x,
            ..*interval
        };
        value(measure, &end)
    };
    match (interval.low, interval.high) {
        (Some(low), Some(high)) if low != high => {
            format!(
                "{} ({} to {})",
                value(measure, interval),
                end(low),
                end(high)
            )
        }
        _ => value(measure, interval),
    }
}

fn measured(result: &FactorResult, by: &str) -> Option<Interval> {
    let mut measures = result.measures().into_iter();
    measures
        .find(|(name, _)| *name == by)
        .map(|(_, interval)| interval)
}

fn sentence(name: &str, output: Option<&OutputResult>, reading: &Reading) -> String {
    let Some(output) = output else {
        return format!("`{name}` does not vary, or some world lacks it: nothing to attribute.");
    };
    let floor = output
        .noise_floor
        .map_or(0.0, |floor| floor.high.unwrap_or(floor.value));
    let ranked = output.ranked(reading.by);
    let above: Vec<String> = ranked
        .iter()
        .filter_map(|(factor, result)| Some((factor, measured(result, reading.by)?)))
        .filter(|(_, interval)| {
            let below = !is_positive(reading.by) && interval.high.is_some_and(|high| high < 0.0);
            let told = below || interval.low.is_none_or(|low| low > 0.0);
            told && size(reading.by, interval) > floor.max(1e-9)
        })
        .take(3)
        .map(|(factor, interval)| format!("{factor} ({})", value(reading.by, &interval)))
        .collect();
    match above.is_empty() {
        true => format!("No factor moves `{name}` by more than chance."),
        false => format!(
            "`{name}` hangs most on {}, by {}.",
            above.join(", then "),
            reading.by
        ),
    }
}

fn factors(output: &OutputResult, reading: &Reading, width: usize) -> String {
    let ranked = output.ranked(reading.by);
    let largest = ranked
        .first()
        .and_then(|(_, one)| measured(one, reading.by))
        .map_or(0.0, |interval| interval.value.abs());
    let header: Vec<String> = [String::new()]
        .into_iter()
        .chain(reading.shown.iter().map(|&name| name.to_owned()))
        .collect();
    let row = |name: &str, result: &FactorResult| {
        let mark = if result.interacts == Some(true) {
            " *"
        } else {
            ""
        };
        let cells = reading.shown.iter().map(|&measure| {
            let one = measured(result, measure);
            one.map_or_else(
                || "·".to_owned(),
                |one| match measure == reading.by {
                    true => with_interval(measure, &one),
                    false => beside(measure, &one, measured(result, reading.by)),
                },
            )
        });
        [format!("{name}{mark}")]
            .into_iter()
            .chain(cells)
            .collect::<Vec<String>>()
    };
    let shown = || ranked.iter().take(MOST_ROWS);
    let mut rows: Vec<Vec<String>> = shown().map(|(name, result)| row(name, result)).collect();
    if let Some(floor) = &output.noise_floor {
        let mut cells = vec![String::new(); header.len()];
        cells[0] = "(noise floor)".to_owned();
        let high = floor.high.unwrap_or(floor.value);
        let at = reading
            .shown
            .iter()
            .position(|one| *one == reading.by)
            .unwrap_or(0);
        let end = Interval {
            value: high,
            ..*floor
        };
        cells[at + 1] = value(reading.by, &end);
        rows.push(cells);
    }
    let mut text = table(&header, rows, width);
    let longest = text.lines().map(display_width).max().unwrap_or(0);
    let cells = BAR.min(width.saturating_sub(longest + 2));
    if cells >= SHORTEST_BAR && largest > 0.0 {
        let results: Vec<&FactorResult> = shown().map(|(_, result)| result).collect();
        text = with_bars(&text, &spans(&results, reading, largest), (longest, cells));
    }
    if ranked.len() > MOST_ROWS {
        let _ = writeln!(
            text,
            "... and {} more factors: see --json",
            ranked.len() - MOST_ROWS
        );
    }
    if let Some(evpi) = &output.evpi {
        let line = format!(
            "Knowing everything before the choice would be worth US$ {} bn.",
            with_interval("evppi", evpi)
        );
        text += &wrapped(&line, width);
    }
    let together = || output.second.iter().filter(|(_, one)| one.low > Some(0.0));
    if !output.second.is_empty() && together().next().is_none() {
        let line = "No pair of factors does together what neither does by itself; all indices of pairs are in --json.";
        text += &wrapped(line, width);
    }
    for (pair, index) in together() {
        let line = format!(
            "Together beyond both: {pair} {}",
            with_interval("S1", index)
        );
        text += &wrapped(&line, width);
    }
    text
}

/// A measure that is not the one that ranks: to the digits of its own error, or at the ends of a tornado to those of their difference.
fn beside(measure: &str, one: &Interval, ranking: Option<Interval>) -> String {
    let swing = ranking.filter(|_| measure.starts_with("at_"));
    let error = swing.and_then(|swing| Some((swing.high? - swing.low?) / 4.0));
    match error {
        Some(error) => number(one.value, Some(error)),
        None => value(measure, one),
    }
}

/// Where bars begin and end, as shares of the whole width: at the ends of a tornado between the lowest and the highest of all; else from the left,
/// as long as their share of the largest.
fn spans(results: &[&FactorResult], reading: &Reading, largest: f64) -> Vec<(f64, f64)> {
    let ends = |one: &&FactorResult| Some((one.at_low?.value, one.at_high?.value));
    let all: Option<Vec<(f64, f64)>> = results.iter().map(ends).collect();
    if let Some(all) = all {
        let low = all
            .iter()
            .fold(f64::INFINITY, |low, &(a, b)| low.min(a.min(b)));
        let high = all
            .iter()
            .fold(f64::NEG_INFINITY, |high, &(a, b)| high.max(a.max(b)));
        let share = |x: f64| (x - low) / (high - low);
        let span = |&(a, b): &(f64, f64)| (share(a.min(b)), share(a.max(b)));
        return all.iter().map(span).collect();
    }
    let of = |one: &&FactorResult| {
        let share = measured(one, reading.by).map_or(0.0, |one| size(reading.by, &one) / largest);
        (0.0, share.max(0.0))
    };
    results.iter().map(of).collect()
}

/// Bars of so many cells beside the rows of a table.
fn with_bars(table: &str, spans: &[(f64, f64)], (column, cells): (usize, usize)) -> String {
    let mut spans = spans.iter();
    let cell = |share: f64| libm::round(share * cells as f64) as usize;
    let mut text = String::new();
    for (line, row) in table.lines().enumerate() {
        // The header and its rule come first.
        let span = if line < 2 { None } else { spans.next() };
        let (from, to) = span.map_or((0, 0), |&(from, to)| (cell(from), cell(to)));
        let padding = column + 2 - display_width(&row) + from;
        let line = format!("{row}{}{}", " ".repeat(padding), "█".repeat(to - from));
        text += line.trim_end();
        text.push('\n');
    }
    text
}

/// The factors above chance of every other result.
fn others(results: &SensitivityResults, reading: &Reading, width: usize) -> String {
    let mut text = String::new();
    for (name, output) in results.outputs.iter().skip(1) {
        text += &wrapped(&sentence(name, output.as_ref(), reading), width);
    }
    text
}
