//! `[[correlation]]`: which uncertain quantities are drawn together.

use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::layers::identity;
use crate::scenario::numbers::Numbers;
use crate::scenario::overrides::misnamed;
use crate::scenario::path;
use crate::scenario::place::{Place, ScenarioNames};
use crate::scenario::schema::FileTable;
use crate::scenario::span::TextSpan;
use crate::scenario::survey::{entries, table};
use crate::scenario::tree::{Item, TomlNode, TomlTable, TomlValue};
use crate::theory::draws::copula::{CorrelatedPair, Correlation, Impossible};
use std::collections::HashMap;

/// Most paths that are tied together: the work of a trial grows with their square.
const MOST_TIED: usize = 256;
/// Most pairs that a message lists.
const MOST_LISTED: usize = 12;

/// What is drawn together.
#[derive(Debug, Default)]
pub(crate) struct Tied {
    /// By positions among the uncertain, then the shadows.
    pub pairs: Vec<CorrelatedPair>,
    /// Paths that are constants now, whose partners are drawn as if they were not.
    pub shadows: Vec<String>,
    /// Where each pair was written.
    spans: Vec<TextSpan>,
}

/// A quantity that an entry names.
struct Named {
    path: String,
    position: usize,
    /// The ids that stand for `*`.
    ids: Vec<String>,
}

/// Notes in `fixed` the paths that a layer made constant which is stronger than the one that correlates them: they are fixed on
/// purpose. `strength` ranks the layers.
pub(crate) fn settle(root: &mut TomlTable, names: &ScenarioNames, strength: &[usize]) {
    let mut noted: Vec<(usize, Vec<TomlNode>)> = Vec::new();
    for (number, (_, entry)) in entries(root, FileTable::Correlation).enumerate() {
        let mut fixed: Vec<TomlNode> = Vec::new();
        for node in texts(entry, "between") {
            let text = node.text().unwrap_or_default();
            let places = path::parse(text).and_then(|segments| path::expand(names, &segments));
            for place in places.unwrap_or_default() {
                let Some(number) = written(root, names, &place) else {
                    continue;
                };
                let is_stronger = strength[number.span.layer] > strength[node.span.layer];
                if is_stronger && !is_distribution(number) {
                    fixed.push(TomlNode {
                        value: TomlValue::Text(place.path(names)),
                        span: number.span,
                    });
                }
            }
        }
        noted.push((number, fixed));
    }
    for (number, fixed) in noted.into_iter().filter(|(_, fixed)| !fixed.is_empty()) {
        let list = root.get_mut(FileTable::Correlation.name());
        let Some(TomlValue::Array(nodes)) = list.map(|item| &mut item.node.value) else {
            return;
        };
        let tables = nodes.iter_mut().filter_map(TomlNode::table_mut);
        if let Some(entry) = tables.into_iter().nth(number) {
            note(entry, fixed);
        }
    }
}

fn note(entry: &mut TomlTable, fixed: Vec<TomlNode>) {
    let span = fixed[0].span;
    let item = entry.entry("fixed".to_owned()).or_insert(Item {
        key: span,
        node: TomlNode {
            span,
            value: TomlValue::Array(Vec::new()),
        },
    });
    if let TomlValue::Array(before) = &mut item.node.value {
        for node in fixed {
            if !before.iter().any(|known| known.text() == node.text()) {
                before.push(node);
            }
        }
    }
}

/// The number at a place of a merged tree, if it is written.
pub(crate) fn written<'a>(
    root: &'a TomlTable,
    names: &ScenarioNames,
    place: &Place,
) -> Option<&'a TomlNode> {
    let [a, b] = place.at;
    let state = |at: usize| names.states[at].as_str();
    let table = match place.section {
        FileTable::Root => root,
        FileTable::Pair | FileTable::Link => {
            let mut wanted = match place.section {
                FileTable::Pair => [state(a), names.hyperscalers[b].as_str()],
                _ => [state(a), state(b)],
            };
            if place.section == FileTable::Link {
                wanted.sort_unstable();
            }
            let is_wanted = |(span, table): &(TextSpan, &TomlTable)| {
                identity(place.section, table, *span).is_ok_and(|parts| parts == wanted)
            };
            entries(root, place.section).find(is_wanted)?.1
        }
        section if section.is_list() => entries(root, section).nth(a)?.1,
        section => table(root, section)?.1,
    };
    let node = &table.get(place.key.name)?.node;
    match place.term {
        None => Some(node),
        Some(term) => Some(&node.table()?.get(&names.terms[term])?.node),
    }
}

/// Whether a number is written as a distribution.
pub(crate) fn is_distribution(node: &TomlNode) -> bool {
    let table = node.table();
    table.is_some_and(|table| table.contains_key("dist") || table.contains_key("p05"))
}

/// The strings of a list.
fn texts<'a>(entry: &'a TomlTable, key: &str) -> impl Iterator<Item = &'a TomlNode> {
    let nodes = entry.get(key).and_then(|item| item.node.array());
    let nodes = nodes.unwrap_or_default().iter();
    nodes.filter(|node| node.text().is_some())
}

/// Reads the correlations in file order. What does not fit is among the problems.
pub(crate) fn read(
    root: &TomlTable,
    names: &ScenarioNames,
    numbers: &Numbers,
    problems: &mut Vec<Diagnostic>,
) -> Tied {
    let mut tied = Tied::default();
    let mut seen: HashMap<[usize; 2], TextSpan> = HashMap::new();
    for (_, entry) in entries(root, FileTable::Correlation) {
        let rho = entry.get("rho").and_then(|item| item.node.number());
        let Some(between) = entry.get("between") else {
            continue;
        };
        let fixed: Vec<&str> = texts(entry, "fixed").filter_map(TomlNode::text).collect();
        let mut lists: Vec<(bool, Vec<Named>)> = Vec::new();
        let mut valid = true;
        for node in texts(entry, "between") {
            let scenario = (root, names, numbers);
            match named(node, &fixed, scenario, &mut tied.shadows) {
                Ok(list) => {
                    let text = node.text().unwrap_or_default();
                    lists.push((has_star(text), list));
                }
                Err(problem) => {
                    problems.extend(problem);
                    valid = false;
                }
            }
        }
        // Whether the list and the number are right in themselves was checked with the other keys.
        let Some(rho) = rho.filter(|_| valid) else {
            continue;
        };
        let span = between.node.span;
        match pairs(&lists) {
            Err(problem) => problems.push(problem(span)),
            Ok(pairs) => {
                for of in pairs {
                    match seen.insert(of, span) {
                        Some(first) => {
                            let both = of.map(|at| named_at(at, numbers, &tied.shadows));
                            problems.push(twice(both, span, first));
                        }
                        None => {
                            tied.pairs.push(CorrelatedPair { of, rho });
                            tied.spans.push(span);
                        }
                    }
                }
            }
        }
    }
    tied
}

fn has_star(path: &str) -> bool {
    path::parse(path).is_ok_and(|segments| segments.iter().any(|one| one.text == "*"))
}

/// The path at a position among the uncertain, then the shadows.
fn named_at<'a>(position: usize, numbers: &'a Numbers, shadows: &'a [String]) -> &'a str {
    let uncertain = numbers.uncertain.len();
    match numbers.uncertain.get(position) {
        Some(one) => &one.path,
        None => &shadows[position - uncertain],
    }
}

/// The quantities of one path of an entry. The error is none where one is a distribution that could not be read: that was said where it is
/// written.
fn named(
    node: &TomlNode,
    fixed: &[&str],
    (root, names, numbers): (&TomlTable, &ScenarioNames, &Numbers),
    shadows: &mut Vec<String>,
) -> Result<Vec<Named>, Option<Diagnostic>> {
    let text = node.text().unwrap_or_default();
    let slots = path::slots(names, text).map_err(|error| Some(misnamed(error, node, text)))?;
    let mut list = Vec::new();
    for (path, slot) in slots {
        let index = numbers.layout.index(slot);
        let position = numbers.uncertain.iter().position(|one| one.slot == index);
        let of_rows = numbers.rows.iter().find(|(slot, _)| *slot == index);
        if let Some((_, rows)) = of_rows.filter(|(_, rows)| !rows.listed) {
            let message = format!(
                "`{path}` is drawn with the rows of {}: it cannot be correlated besides",
                rows.file
            );
            let problem = Diagnostic::error(DiagnosticKind::Inconsistent, node.span, message)
                .help("take it out of `between`, or give it a distribution of its own")
                .also(rows.span, "here");
            return Err(Some(problem));
        }
        let position = match position {
            Some(position) => position,
            None if fixed.contains(&path.as_str()) => {
                let known = shadows.iter().position(|shadow| *shadow == path);
                let place = known.unwrap_or_else(|| {
                    shadows.push(path.clone());
                    shadows.len() - 1
                });
                numbers.uncertain.len() + place
            }
            None if written(root, names, &Place::of(slot)).is_some_and(is_distribution) => {
                return Err(None);
            }
            None => {
                let message = format!("`{path}` is not uncertain: there is nothing to correlate");
                let problem = Diagnostic::error(DiagnosticKind::Inconsistent, node.span, message)
                    .help("give it a distribution, or take it out of `between`");
                return Err(Some(match numbers.span(slot) {
                    Some(span) => problem.also(span, "a number"),
                    None => problem.label("it has its default"),
                }));
            }
        };
        let ids = starred(text, &path);
        list.push(Named {
            path,
            position,
            ids,
        });
    }
    Ok(list)
}

/// The ids of a canonical path that the stars of `written` stand for.
fn starred(written: &str, canonical: &str) -> Vec<String> {
    let segments = |path: &str| -> Vec<String> {
        let parsed = path::parse(path).unwrap_or_default();
        parsed.into_iter().map(|segment| segment.text).collect()
    };
    let mut ids = segments(canonical);
    for given in segments(written).iter().filter(|given| *given != "*") {
        // The ends of a link may stand in another order.
        if let Some(at) = ids.iter().position(|id| id == given) {
            ids.remove(at);
        }
    }
    ids
}

/// A problem of an entry, once it is known where.
type Misfit = Box<dyn Fn(TextSpan) -> Diagnostic>;

/// The pairs of positions that an entry ties, ascending within each.
fn pairs(lists: &[(bool, Vec<Named>)]) -> Result<Vec<[usize; 2]>, Misfit> {
    let by_ids = lists.iter().all(|(star, _)| *star);
    let every: Vec<(usize, &Named)> = (lists.iter().enumerate())
        .flat_map(|(number, (_, list))| list.iter().map(move |one| (number, one)))
        .collect();
    if !by_ids && every.len() > MOST_TIED {
        return Err(Box::new(too_many));
    }
    let mut pairs = Vec::new();
    for (place, (list, one)) in every.iter().enumerate() {
        for (other_list, other) in &every[..place] {
            if by_ids && (list == other_list || one.ids != other.ids) {
                continue;
            }
            if one.position == other.position {
                let path = one.path.clone();
                return Err(Box::new(move |span| {
                    let message = format!("`{path}` is correlated with itself");
                    Diagnostic::error(DiagnosticKind::Duplicate, span, message)
                        .label("named twice here")
                }));
            }
            let mut of = [one.position, other.position];
            of.sort_unstable();
            pairs.push(of);
        }
    }
    if pairs.is_empty() {
        return Err(Box::new(move |span| {
            let problem =
                Diagnostic::error(DiagnosticKind::Missing, span, "this correlates nothing");
            match by_ids {
                true => problem
                    .label("no two of these paths have the same ids")
                    .help("with `*` in every path, only those with the same ids are paired; to tie all of them, write them out"),
                false => problem.label("at least two quantities are needed"),
            }
        }));
    }
    Ok(pairs)
}

fn twice(both: [&str; 2], second: TextSpan, first: TextSpan) -> Diagnostic {
    let message = format!("`{}` and `{}` are correlated twice", both[0], both[1]);
    let problem = Diagnostic::error(DiagnosticKind::Duplicate, second, message).label("again here");
    match first == second {
        true => problem,
        false => problem.also(first, "first here"),
    }
}

/// The copula of what is tied; `rank` orders positions by their path.
pub(crate) fn copula(
    tied: &Tied,
    numbers: &Numbers,
    rank: impl Fn(usize) -> usize,
    problems: &mut Vec<Diagnostic>,
) -> Correlation {
    match Correlation::new(&tied.pairs, rank) {
        Ok(correlation) => {
            if correlation.largest_block() > MOST_TIED {
                problems.push(too_many(tied.spans[0]));
            }
            correlation
        }
        Err(found) => {
            problems.extend(found.iter().map(|one| contradiction(one, tied, numbers)));
            Correlation::default()
        }
    }
}

fn too_many(span: TextSpan) -> Diagnostic {
    let message = format!("more than {MOST_TIED} quantities are tied to each other");
    Diagnostic::error(DiagnosticKind::TooMany, span, message)
}

fn contradiction(found: &Impossible, tied: &Tied, numbers: &Numbers) -> Diagnostic {
    let name = |at: usize| format!("`{}`", named_at(at, numbers, &tied.shadows));
    let said = |pair: &CorrelatedPair| {
        let [one, other] = pair.of.map(name);
        format!("{one} and {other} {}", pair.rho)
    };
    let span_of = |pair: &CorrelatedPair| {
        let at = tied.pairs.iter().position(|one| one.of == sorted(pair.of));
        at.map(|at| tied.spans[at])
    };
    let all: Vec<String> = found.pairs.iter().take(MOST_LISTED).map(said).collect();
    let message = format!(
        "these correlations cannot hold together: {}",
        all.join(", ")
    );
    let mut spans: Vec<TextSpan> = found.pairs.iter().filter_map(span_of).collect();
    spans.sort_unstable_by_key(|span| (span.layer, span.start));
    spans.dedup();
    let mut problem = Diagnostic::error(DiagnosticKind::Inconsistent, spans[0], message);
    for &span in spans[1..].iter().take(MOST_LISTED) {
        problem = problem.also(span, "");
    }
    if let Some(advice) = nearest(found, tied, &name) {
        problem = problem.help(advice);
    }
    problem.help(format!(
        "or multiply every `rho` among them by {} or less",
        found.scale
    ))
}

fn sorted(mut of: [usize; 2]) -> [usize; 2] {
    of.sort_unstable();
    of
}

/// What to write instead: one number where a single entry is to blame and one number does, else each pair that changes.
fn nearest(found: &Impossible, tied: &Tied, name: &dyn Fn(usize) -> String) -> Option<String> {
    let first = found.nearest.first()?;
    let one_number = found.nearest.iter().all(|pair| pair.rho == first.rho);
    let given = |pair: &CorrelatedPair| {
        let at = tied.pairs.iter().position(|one| one.of == sorted(pair.of));
        at.map(|at| (tied.spans[at], tied.pairs[at].rho))
    };
    let mut spans: Vec<Option<TextSpan>> = Vec::new();
    for pair in &found.nearest {
        spans.push(given(pair).map(|(span, _)| span));
    }
    spans.dedup();
    if one_number && spans.len() == 1 && spans[0].is_some() {
        return Some(format!(
            "the nearest that can hold is `rho = {}`",
            first.rho
        ));
    }
    let changed = found.nearest.iter().filter(|pair| {
        let given = given(pair).map_or(0.0, |(_, rho)| rho);
        given != pair.rho
    });
    let changed: Vec<String> = changed
        .map(|pair| {
            let [one, other] = pair.of.map(name);
            format!("{one} and {other} `rho = {}`", pair.rho)
        })
        .collect();
    let more = changed.len().saturating_sub(MOST_LISTED);
    let mut text = changed[..changed.len() - more].join(", ");
    if more > 0 {
        text += &format!(" and {more} more");
    }
    Some(format!("the nearest that can hold together: {text}"))
}
