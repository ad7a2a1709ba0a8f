//! What a reader sees of a threshold: one sentence, then the curve or a row per state.

use crate::report::render::terminal::table;
use crate::report::wrap::wrapped;
use crate::study::results::threshold::{
    CurvePoint, SolutionResult, SolutionStatus, ThresholdResults,
};
use crate::theory::spelling::units::{number, worlds};

/// Rows of the curve that is shown, at most: points nearer to each other are left to the document.
const MOST_ROWS: f64 = 40.0;

/// The text, `width` columns wide; `level` is the level asked for.
pub fn text(results: &ThresholdResults, level: f64, width: usize) -> String {
    let by_state = results.solutions.len() > 1 || results.solutions[0].of != "all";
    let mut text = if by_state {
        wrapped(&summary(results, level), width) + "\n" + &states(results, width)
    } else {
        wrapped(&sentence(results, &results.solutions[0], level), width)
            + "\n"
            + &curve(results, &results.solutions[0], width)
    };
    let manifest = &results.manifest;
    let footer = format!(
        "{} at each value, the same draws at all; differences are to `{}`; seed {}.",
        worlds(manifest.trials),
        results.reference,
        manifest.seed
    );
    text.push('\n');
    text + &wrapped(&footer, width)
}

fn side(point: &CurvePoint, level: f64) -> &'static str {
    match point.result {
        Some(result) if result > level => "above",
        Some(result) if result < level => "below",
        Some(_) => "on it",
        None => "without a value",
    }
}

fn sentence(results: &ThresholdResults, solution: &SolutionResult, level: f64) -> String {
    let (path, equation) = (&results.path, &solution.equation);
    let (from, to) = (results.from, results.to);
    let crossings: Vec<String> = solution
        .values
        .iter()
        .map(|value| value.describe(from, to))
        .collect();
    let ends = solution.ends().map_or_else(String::new, |(first, last)| {
        format!(
            "it is {} at {} and {} at {}",
            side(&first, level),
            first.x,
            side(&last, level),
            last.x
        )
    });
    let on_level = |point: &CurvePoint| side(point, level) == "on it";
    if solution.curve.iter().all(on_level) {
        return format!("{equation} everywhere with {path} from {from} to {to}.");
    }
    match solution.status {
        SolutionStatus::One => {
            format!("{equation} where {path} = {}; {ends}.", crossings[0])
        }
        SolutionStatus::None => {
            format!("{equation} nowhere with {path} from {from} to {to}: {ends}.")
        }
        SolutionStatus::Several => format!(
            "{equation} at {} values of {path}: {}; {ends}.",
            crossings.len(),
            crossings.join(", ")
        ),
        SolutionStatus::NonMonotone => format!(
            "{equation} where {path} = {}, but the curve turns on the way, by more than its error; {ends}.",
            crossings[0]
        ),
    }
}

fn summary(results: &ThresholdResults, level: f64) -> String {
    let with = |status| {
        let of = results.solutions.iter().filter(|one| one.status == status);
        of.map(|one| one.of.as_str()).collect::<Vec<_>>()
    };
    let mut parts = Vec::new();
    let one = with(SolutionStatus::One);
    if !one.is_empty() {
        parts.push(format!(
            "{} at one value each ({})",
            one.len(),
            one.join(", ")
        ));
    }
    for (status, what) in [
        (SolutionStatus::Several, "at several values"),
        (
            SolutionStatus::NonMonotone,
            "at one value of a curve that turns",
        ),
    ] {
        let of = with(status);
        if !of.is_empty() {
            parts.push(format!("{} {what} ({})", of.len(), of.join(", ")));
        }
    }
    let never = results
        .solutions
        .iter()
        .filter(|one| one.status == SolutionStatus::None);
    for (which, what) in [
        ("above", "above throughout"),
        ("below", "below throughout"),
        ("on it", "on it throughout"),
    ] {
        let of: Vec<&str> = never
            .clone()
            .filter(|one| {
                one.ends()
                    .is_some_and(|(first, _)| side(&first, level) == which)
            })
            .map(|one| one.of.as_str())
            .collect();
        if !of.is_empty() {
            parts.push(format!("{} {what} ({})", of.len(), of.join(", ")));
        }
    }
    format!(
        "Of {} states, with {} from {} to {}: {}.",
        results.solutions.len(),
        results.path,
        results.from,
        results.to,
        parts.join("; ")
    )
}

fn states(results: &ThresholdResults, width: usize) -> String {
    let (from, to) = (results.from, results.to);
    let header = [
        String::new(),
        results.path.clone(),
        format!("result at {from}"),
        format!("at {to}"),
    ];
    let rows = results.solutions.iter().map(|solution| {
        let crossings = solution.values.iter().map(|value| value.describe(from, to));
        let crossings: Vec<String> = crossings.collect();
        let crossings = match crossings.is_empty() {
            true => "nowhere".to_owned(),
            false => crossings.join(", "),
        };
        let ends = solution.ends();
        let ends = [ends.map(|ends| ends.0), ends.map(|ends| ends.1)];
        let ends = ends.map(|end| end.and_then(|end| Some(number(end.result?, end.se))));
        let ends = ends.map(|end| end.unwrap_or_else(|| "·".to_owned()));
        let [first, last] = ends;
        vec![solution.of.clone(), crossings, first, last]
    });
    let title = format!(
        "Where {}",
        results.solutions[0]
            .equation
            .replacen(&results.solutions[0].of, "*", 1)
    );
    wrapped(&title, width) + &table(&header, rows.collect(), width)
}

fn curve(results: &ThresholdResults, solution: &SolutionResult, width: usize) -> String {
    let header = [results.path.clone(), "result".to_owned(), "se".to_owned()];
    let apart = (results.to - results.from).abs() / MOST_ROWS;
    let mut last = f64::NEG_INFINITY;
    let points = solution.curve.iter().filter(|point| {
        let far = point.x - last >= apart;
        if far {
            last = point.x;
        }
        far
    });
    let rows = points.map(|point| {
        let or_none = |text: Option<String>| text.unwrap_or_else(|| "·".to_owned());
        vec![
            number(point.x, Some(1e-4 * (results.to - results.from).abs())),
            or_none(point.result.map(|result| number(result, point.se))),
            or_none(point.se.map(crate::theory::spelling::units::error)),
        ]
    });
    table(&header, rows.collect(), width)
}
