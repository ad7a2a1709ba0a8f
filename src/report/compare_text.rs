//! What a reader sees of `compare`: one sentence for each scenario against the first, then the tables behind it.

use crate::engine::model::Model;
use crate::report::amounts::label;
use crate::report::amounts::{difference, mean, range};
use crate::report::bare::bare;
use crate::report::render::terminal::table;
use crate::report::verdict::{Verdict, of_hundred, verdict};
use crate::report::wrap::wrapped;
use crate::study::results::compare::{CompareResults, ScenarioComparison, ScenarioResults};
use crate::study::results::run::Paired;
use crate::theory::spelling::units::{count, worlds};
use crate::theory::stats::summary::Stat;

/// Keys that differ, at most; the rest is in the document.
const MOST_KEYS: usize = 20;

/// Scenarios side by side, at most.
const BESIDE: usize = 4;

/// Amounts are shown to the million at most, US$ bn.
const FINEST: f64 = 0.001;

const LEGEND: &str = "On average: the average is told from zero, but 90% of worlds lie on both sides of it. No clear difference: the average \
is within two standard errors of zero.";

/// The text, `width` columns wide; `model` is that of the first scenario.
pub fn text(model: &Model, results: &CompareResults, width: usize) -> String {
    let mut text = String::new();
    for comparison in &results.comparisons {
        text += &wrapped(&sentence(results, comparison), width);
    }
    let mut section = |title: &str, body: String| {
        text.push('\n');
        text += &wrapped(title, width);
        text += &body;
    };
    section(
        &format!(
            "Each scenario by itself: payoff of all states in US$ bn as `{}`, and what each other arm adds to it; below, the range of 90% of worlds",
            results.reference
        ),
        alone(results, width),
    );
    for comparison in &results.comparisons {
        let (one, first) = (&comparison.scenario, &comparison.reference);
        section(
            &format!(
                "{one} less {first}, arm by arm: payoff of all states in US$ bn, paired by world"
            ),
            arms(results, comparison, width),
        );
        if let Some(arm) = &results.arm {
            section(
                &format!("{one} less {first} as `{arm}`, state by state: payoff in US$ bn"),
                states(model, results, comparison, arm, width),
            );
        }
        section(
            &format!("What {one} says differently from {first}"),
            keys(comparison, width),
        );
    }
    text.push('\n');
    text += &wrapped(LEGEND, width);
    text + &wrapped(&footer(model, results), width)
}

/// What may be said of a scenario against the first.
pub fn sentence(results: &CompareResults, comparison: &ScenarioComparison) -> String {
    let (one, first) = (&comparison.scenario, &comparison.reference);
    let Some(arm) = &results.arm else {
        return format!("{one} and {first} have no arm in common that could be compared.");
    };
    let Some(paired) = comparison.results.get(&format!("{arm}.total.payoff")) else {
        return format!("{one} and {first} have no payoff in common.");
    };
    let trials = results.manifest.trials;
    let often = |share: Option<f64>| of_hundred(share.unwrap_or(0.0), trials);
    let amount = difference(paired.difference.as_ref());
    let bare = amount.trim_start_matches(['+', '-']);
    let between = range(paired.difference.as_ref());
    let in_both = format!("as `{arm}` in {one} than in {first}");
    match verdict(paired, trials) {
        Verdict::Gains | Verdict::GainsOnAverage => format!(
            "In {} sampled worlds the states together get more {in_both}: on average US$ {bare} bn more (90% of worlds: {between}).",
            often(paired.better)
        ),
        Verdict::Loses | Verdict::LosesOnAverage => format!(
            "In {} sampled worlds the states together get less {in_both}: on average US$ {bare} bn less (90% of worlds: {between}).",
            often(paired.worse)
        ),
        Verdict::Unclear => format!(
            "No clear difference: the states together get more {in_both} in {} sampled worlds, and less in {}; the average difference, US$ {amount} bn, is within its error.",
            often(paired.better),
            often(paired.worse)
        ),
        Verdict::TooFew => format!(
            "{} are too few to tell whether the states together get more {in_both}: they do in {}.",
            worlds(trials),
            often(paired.better)
        ),
        Verdict::More => {
            format!("In this one world the states together get US$ {bare} bn more {in_both}.")
        }
        Verdict::Less => {
            format!("In this one world the states together get US$ {bare} bn less {in_both}.")
        }
        Verdict::Same => format!(
            "The states together get the same as `{arm}` in {one} and in {first}, in every world."
        ),
        Verdict::Unknown => format!("{one} and {first} have no world in common."),
    }
}

fn stat<'a>(scenario: &'a ScenarioResults, path: &str) -> Option<&'a Stat> {
    scenario.results.get(path).and_then(Option::as_ref)
}

/// A row per arm, a column per scenario; a table for every few scenarios.
fn alone(results: &CompareResults, width: usize) -> String {
    let mut arms: Vec<&String> = Vec::new();
    for scenario in &results.scenarios {
        let new = scenario.arms.iter().filter(|arm| !arms.contains(arm));
        arms.extend(new.collect::<Vec<_>>());
    }
    let tables = results.scenarios.chunks(BESIDE).map(|scenarios| {
        let labels = scenarios.iter().map(|scenario| scenario.label.clone());
        let header: Vec<String> = ["arm".to_owned()].into_iter().chain(labels).collect();
        let rows = arms.iter().map(|arm| {
            let cells = scenarios
                .iter()
                .map(|scenario| match *arm == &results.reference {
                    true => mean(stat(scenario, &format!("{arm}.total.payoff"))),
                    false => {
                        let added = stat(scenario, &format!("{arm}.total.payoff.difference"));
                        format!("{}\n{}", difference(added), range(added))
                    }
                });
            [(*arm).clone()].into_iter().chain(cells).collect()
        });
        table(&header, rows.collect(), width)
    });
    tables.collect::<Vec<_>>().join("\n")
}

/// Difference, range, frequency and verdict.
fn cells(name: String, paired: &Paired, trials: u64) -> Vec<String> {
    let coarse = paired.difference.map(|stat| Stat {
        se: stat.se.map(|se| se.max(FINEST)),
        ..stat
    });
    let stat = coarse.as_ref();
    let often = paired
        .better
        .map_or("·".to_owned(), |share| of_hundred(share, trials));
    let said = verdict(paired, trials).words();
    let said = said.split(", ").next().unwrap_or(said);
    vec![name, difference(stat), range(stat), often, said.to_owned()]
}

fn arms(results: &CompareResults, comparison: &ScenarioComparison, width: usize) -> String {
    let header = [
        "arm",
        "difference",
        "90% of worlds",
        "better in",
        "the states",
    ];
    let of_both = results.scenarios[0].arms.iter();
    let rows = of_both.filter_map(|arm| {
        let paired = comparison.results.get(&format!("{arm}.total.payoff"))?;
        Some(cells(arm.clone(), paired, results.manifest.trials))
    });
    table(&header.map(str::to_owned), rows.collect(), width)
}

fn states(
    model: &Model,
    results: &CompareResults,
    comparison: &ScenarioComparison,
    arm: &str,
    width: usize,
) -> String {
    let header = [
        "state",
        "difference",
        "90% of worlds",
        "better in",
        "the state",
    ];
    let rows = model.states.iter().filter_map(|state| {
        let paired = comparison
            .results
            .get(&format!("{arm}.state.{}.payoff", state.id))?;
        Some(cells(label(state), paired, results.manifest.trials))
    });
    table(&header.map(str::to_owned), rows.collect(), width)
}

fn keys(comparison: &ScenarioComparison, width: usize) -> String {
    let lines = comparison
        .differs
        .iter()
        .take(MOST_KEYS)
        .map(|(path, [before, after])| {
            let line = format!("  {path}: {} -> {}", bare(before), bare(after));
            crate::report::wrap::hanging(&line, width, 2)
        });
    let mut text: String = lines.collect();
    if comparison.differs.is_empty() {
        text += "  nothing\n";
    }
    let more = comparison.differs.len().saturating_sub(MOST_KEYS);
    if more > 0 {
        text += &format!("  ... and {more} more keys; --json has all\n");
    }
    text
}

fn footer(model: &Model, results: &CompareResults) -> String {
    let horizon = &model.horizon;
    format!(
        "{} scenarios, {}, the same draws for each number with the same path and distribution; present value at the start of {}, prices of {}; seed {}, {} {}.",
        count(results.scenarios.len() as u64),
        worlds(results.manifest.trials),
        horizon.start_year,
        horizon.price_year,
        results.manifest.seed,
        results.manifest.tool,
        results.manifest.version
    )
}
