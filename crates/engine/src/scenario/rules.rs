//! Checks that take more than one key: levels of terms, curvatures, protection from repricing, shares of the market; those of accords are
//! in `accords`.
//!
//! Numbers are compared where all of them are constants; a draw is checked when it is made.

use crate::engine::model::keys::{HyperscalerKey, TermKey};
use crate::engine::model::layout::Slot;
use crate::engine::model::world::MOST_PROTECTION;
use crate::scenario::accords;
use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::numbers::Numbers;
use crate::scenario::place::ScenarioNames;
use crate::scenario::schema::FileTable;
use crate::scenario::span::TextSpan;
use crate::scenario::survey::{entries, table};
use crate::scenario::tree::TomlTable;
use crate::theory::draws::design::Sampler;

/// Number of trials of a scenario that gives none.
const DEFAULT_TRIALS: i128 = 1000;

/// How far shares of the market may exceed 1 in sum before it is worth a warning: rounding of published shares.
const SHARE_TOLERANCE: f64 = 1e-9;

/// Checks what keys say together.
pub(crate) fn check(
    root: &TomlTable,
    names: &ScenarioNames,
    numbers: &Numbers,
    problems: &mut Vec<Diagnostic>,
) {
    for (k, (header, _)) in entries(root, FileTable::Term).enumerate() {
        term(k, header, names, numbers, problems);
    }
    for (a, (_, table)) in entries(root, FileTable::Arm).enumerate() {
        accords::check(a, table, names, problems);
        for k in 0..names.terms.len() {
            let slot = Slot::Floor(a, k);
            let path = format!("arm.{}.floors.{}", names.arms[a].0, names.terms[k]);
            floor(slot, &path, k, numbers, problems);
        }
    }
    accords::most_favoured(root, names, numbers, problems);
    protection(names, numbers, problems);
    market_shares(names, numbers, problems);
    uneven_points(root, problems);
}

/// Sobol' points are one to each stratum where every replicate has a power of two of them.
fn uneven_points(root: &TomlTable, problems: &mut Vec<Diagnostic>) {
    let Some((header, simulation)) = table(root, FileTable::Simulation) else {
        return;
    };
    let node = |key: &str| simulation.get(key).map(|item| &item.node);
    if node("sampler").and_then(|node| node.text()) != Some(Sampler::Sobol.name()) {
        return;
    }
    let written = node("trials").and_then(|node| node.integer());
    let Ok(trials) = u64::try_from(written.unwrap_or(DEFAULT_TRIALS)) else {
        return;
    };
    if let Some(next) = trials
        .checked_next_power_of_two()
        .filter(|&next| next != trials)
    {
        let span = node("trials").map_or(header, |node| node.span);
        let message = format!("{trials} trials leave gaps among Sobol' points");
        let problem = Diagnostic::warning(DiagnosticKind::Inconsistent, span, message);
        problems.push(problem.label(format!("a power of two fills them: {next}")));
    }
}

fn term(
    k: usize,
    header: TextSpan,
    names: &ScenarioNames,
    numbers: &Numbers,
    problems: &mut Vec<Diagnostic>,
) {
    let id = &names.terms[k];
    let slot = |key| Slot::Term(k, key);
    let constant = |key| numbers.constant(slot(key));
    if let (Some(min), Some(max)) = (constant(TermKey::Min), constant(TermKey::Max))
        && min > max
    {
        let written = numbers
            .span(slot(TermKey::Max))
            .or(numbers.span(slot(TermKey::Min)));
        let message = format!("`term.{id}.min` is above `term.{id}.max`: {min} > {max}");
        let problem = Diagnostic::error(
            DiagnosticKind::Inconsistent,
            written.unwrap_or(header),
            message,
        );
        problems.push(problem.label("expected min <= max"));
    } else {
        let path = format!("term.{id}.floor");
        floor(slot(TermKey::Floor), &path, k, numbers, problems);
    }
    let curvatures = [TermKey::StateCurvature, TermKey::CostCurvature];
    let [state, cost] = curvatures.map(constant);
    let written = curvatures.map(|key| numbers.span(slot(key)));
    if state == Some(0.0) && cost == Some(0.0) {
        let span = written[1].or(written[0]).unwrap_or(header);
        let message = format!("`term.{id}`: state_curvature + cost_curvature must be above 0");
        let problem = Diagnostic::error(DiagnosticKind::Inconsistent, span, message);
        problems.push(problem.label("both curvatures are 0").help(
            "without curvature the best level is always an end of its range; give one of the two a small value",
        ));
    }
}

/// Checks a floor of a term or of an arm: above the term's max it is an error, below its min it has no effect.
fn floor(slot: Slot, path: &str, k: usize, numbers: &Numbers, problems: &mut Vec<Diagnostic>) {
    let (Some(span), Some(floor)) = (numbers.span(slot), numbers.constant(slot)) else {
        return;
    };
    let end = |key| {
        let slot = Slot::Term(k, key);
        numbers
            .constant(slot)
            .map(|bound| (bound, numbers.span(slot)))
    };
    let problem = match (end(TermKey::Min), end(TermKey::Max)) {
        (_, Some((max, written))) if floor > max => {
            let message = format!("`{path}` is above the term's max: {floor} > {max}");
            let problem = Diagnostic::error(DiagnosticKind::Inconsistent, span, message)
                .label("expected min <= floor <= max");
            point(problem, written, "the max of the term")
        }
        (Some((min, written)), _) if floor < min => {
            let message = format!("`{path}` is below the term's min: {floor} < {min}");
            let problem = Diagnostic::warning(DiagnosticKind::Inconsistent, span, message)
                .label("this floor has no effect");
            point(problem, written, "the min of the term")
        }
        _ => return,
    };
    problems.push(problem);
}

fn point(problem: Diagnostic, span: Option<TextSpan>, text: &str) -> Diagnostic {
    match span {
        Some(span) => problem.also(span, text),
        None => problem,
    }
}

/// Σ price_effect·max over terms; none where part of it is not known, of which `value` gives the numbers.
pub(crate) fn protection_of(terms: usize, value: impl Fn(Slot) -> Option<f64>) -> Option<f64> {
    let part = |k: usize| {
        let effect = value(Slot::Term(k, TermKey::PriceEffect))?;
        if effect == 0.0 {
            return Some(0.0);
        }
        Some(effect * value(Slot::Term(k, TermKey::Max))?)
    };
    (0..terms).map(part).sum()
}

/// Checks that terms undo no more of repricing than all of it.
fn protection(names: &ScenarioNames, numbers: &Numbers, problems: &mut Vec<Diagnostic>) {
    let terms = names.terms.len();
    let sum = protection_of(terms, |slot| numbers.constant(slot));
    let written = (0..terms).rev();
    let last = written
        .map(|k| Slot::Term(k, TermKey::PriceEffect))
        .find_map(|slot| numbers.span(slot));
    if let (Some(sum), Some(span)) = (sum, last)
        && sum > MOST_PROTECTION
    {
        let message = format!("price_effect times max of the terms sum to {sum:.4}, above 1");
        let problem = Diagnostic::error(DiagnosticKind::Inconsistent, span, message);
        problems.push(
            problem
                .label("the last of them")
                .help("together they can take away all of what a supplier reprices, not more"),
        );
    }
}

fn market_shares(names: &ScenarioNames, numbers: &Numbers, problems: &mut Vec<Diagnostic>) {
    let slots = (0..names.hyperscalers.len())
        .map(|h| Slot::Hyperscaler(h, HyperscalerKey::MarketShare))
        .collect::<Vec<Slot>>();
    let sum: f64 = slots
        .iter()
        .map(|&slot| numbers.base[numbers.layout.index(slot)])
        .sum();
    let last = slots.iter().rev().find_map(|&slot| numbers.span(slot));
    if let Some(span) = last
        && sum > 1.0 + SHARE_TOLERANCE
    {
        let message = format!("the market shares of the hyperscalers sum to {sum:.4}, above 1");
        let problem = Diagnostic::warning(DiagnosticKind::Inconsistent, span, message);
        problems.push(problem.label("the last of them (medians where uncertain)"));
    }
}
