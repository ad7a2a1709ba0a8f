//! Paths: one way to name a number everywhere, `market.diversion`, `state.SG.talent`, `pair.*.BABA.feasible`.
//!
//! A path is read into segments, expanded over the ids of a scenario into places, and from there written back in its
//! canonical form or turned into the slot of the model. Canonical paths depend on ids alone, never on their order.

use crate::engine::model::layout::Slot;
use crate::engine::model::words::{Mode, Vocabulary};
use crate::scenario::place::{Place, ScenarioNames};
use crate::scenario::schema::{FileKey, FileTable, Form};
use crate::theory::spelling::{listed, nearest};
use std::ops::Range;

/// Why a path names nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}{}", advice(.near, .known))]
pub struct PathError {
    /// What is wrong, in one sentence.
    pub message: String,
    /// Bytes of the path that are wrong.
    pub range: Range<usize>,
    /// The nearest known word.
    pub near: Option<String>,
    /// All known words; empty where a word was near.
    pub known: Vec<String>,
}

fn advice(near: &Option<String>, known: &[String]) -> String {
    match near {
        Some(word) => format!("; did you mean `{word}`?"),
        None if known.is_empty() => String::new(),
        None => {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            format!("; known: {}", listed(&known))
        }
    }
}

impl PathError {
    fn new(message: String, range: Range<usize>) -> PathError {
        PathError {
            message,
            range,
            near: None,
            known: Vec::new(),
        }
    }

    fn unknown(message: String, segment: &Segment, candidates: &[&str]) -> PathError {
        let near = nearest(&segment.text, candidates).map(str::to_owned);
        let known = match near {
            Some(_) => Vec::new(),
            None => candidates.iter().map(|&word| word.to_owned()).collect(),
        };
        PathError {
            message,
            range: segment.range.clone(),
            near,
            known,
        }
    }
}

/// The slots that a path of a number names, `*` expanded, each with its canonical path.
///
/// # Errors
///
/// [`PathError`] where the path is malformed, names nothing, or names what is fixed.
///
/// # Examples
///
/// ```text
/// slots(&names, "state.*.talent")  ->  [("state.ID.talent", ...), ("state.SG.talent", ...)]
/// ```
pub(crate) fn slots(names: &ScenarioNames, path: &str) -> Result<Vec<(String, Slot)>, PathError> {
    let places = expand(names, &parse(path)?)?;
    let slots = places.into_iter().map(|place| match place.slot() {
        Some(slot) => Ok((place.path(names), slot)),
        None => {
            let message = format!(
                "`{}` is fixed, not a number that may vary",
                place.path(names)
            );
            Err(PathError::new(message, 0..path.len()))
        }
    });
    slots.collect()
}

/// A part of a path between dots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    pub text: String,
    pub range: Range<usize>,
}

/// Reads a path: parts between dots, each bare or in quotes.
pub(crate) fn parse(path: &str) -> Result<Vec<Segment>, PathError> {
    let mut segments = Vec::new();
    let mut start = 0;
    loop {
        let rest = &path[start..];
        let quote = rest.chars().next().filter(|c| *c == '"' || *c == '\'');
        let (text, length) = match quote {
            Some(quote) => {
                let Some(end) = rest[1..].find(quote) else {
                    let message = format!("the quote in `{path}` is not closed");
                    return Err(PathError::new(message, start..path.len()));
                };
                (&rest[1..=end], end + 2)
            }
            None => {
                let end = rest.find('.').unwrap_or(rest.len());
                (rest[..end].trim(), end)
            }
        };
        let end = start + length;
        let follows = path[end..].chars().next();
        if text.is_empty() || follows.is_some_and(|c| c != '.') {
            let message =
                format!("`{path}` is not a path: parts between dots, such as `market.diversion`");
            return Err(PathError::new(message, 0..path.len()));
        }
        segments.push(Segment {
            text: text.to_owned(),
            range: start..end,
        });
        if follows.is_none() {
            return Ok(segments);
        }
        start = end + 1;
    }
}

/// The places that a path names, `*` standing for every id that has the key.
pub(crate) fn expand(names: &ScenarioNames, path: &[Segment]) -> Result<Vec<Place>, PathError> {
    let first = &path[0];
    if path.len() == 1 && FileTable::from_name(&first.text).is_none() {
        return Ok(vec![root_place(first)?]);
    }
    let Some(section) = FileTable::from_name(&first.text) else {
        let known: Vec<&str> = FileTable::TABLES.iter().map(|table| table.name()).collect();
        let message = format!("a scenario has no table `{}`", first.text);
        return Err(PathError::unknown(message, first, &known));
    };
    let no_paths = match section {
        FileTable::Correlation => {
            Some("correlations have no paths: a file laid over with --overlay replaces them")
        }
        FileTable::Pedigree => {
            Some("marks have no paths: a file laid over with --overlay gives others")
        }
        _ => None,
    };
    if let Some(message) = no_paths {
        return Err(PathError::new(message.to_owned(), whole(path)));
    }
    let kinds: &[FileTable] = match section {
        FileTable::Pair => &[FileTable::State, FileTable::Hyperscaler],
        FileTable::Link => &[FileTable::State, FileTable::State],
        _ if section.is_list() => std::slice::from_ref(&section),
        _ => &[],
    };
    let Some(word) = path.get(1 + kinds.len()) else {
        let shape = shape(section, kinds);
        let message = format!("this path stops early: expected `{shape}`");
        return Err(PathError::new(message, whole(path)));
    };
    let Some(key) = section.key(&word.text) else {
        let known = section.names(None);
        let message = format!("{} has no key `{}`", section.title(), word.text);
        return Err(PathError::unknown(message, word, &known));
    };
    let terms = term_positions(names, key, &path[2 + kinds.len()..])?;
    let ids = &path[1..=kinds.len()];
    let all = id_positions(names, kinds, ids)?;
    let positions = match section {
        FileTable::Link => links(all, ids)?,
        _ => known_to_modes(all, names, section, key, (ids, word))?,
    };
    let mut places = Vec::new();
    for at in positions {
        places.extend(terms.iter().map(|&term| Place {
            section,
            at,
            key,
            term,
        }));
    }
    if places.is_empty() {
        let message = format!("nothing in the scenario has `{}`", word.text);
        return Err(PathError::new(message, whole(path)));
    }
    Ok(places)
}

/// Links between two different states; both directions are one number, of which the first is kept.
fn links(all: Vec<[usize; 2]>, ids: &[Segment]) -> Result<Vec<[usize; 2]>, PathError> {
    let mut links: Vec<[usize; 2]> = Vec::new();
    for at in all {
        if at[0] != at[1] {
            if !links.contains(&[at[1], at[0]]) {
                links.push(at);
            }
        } else if ids.iter().all(|id| id.text != "*") {
            let message = "a link needs two different states".to_owned();
            return Err(PathError::new(message, ids[1].range.clone()));
        }
    }
    Ok(links)
}

/// Positions whose mode knows the key; of arms that are named, those are an error whose mode does not.
fn known_to_modes(
    all: Vec<[usize; 2]>,
    names: &ScenarioNames,
    section: FileTable,
    key: &FileKey,
    (ids, word): (&[Segment], &Segment),
) -> Result<Vec<[usize; 2]>, PathError> {
    let mut known = Vec::new();
    for at in all {
        let mode = names.mode(section, at[0]);
        if key.known_to(mode) {
            known.push(at);
        } else if ids[0].text != "*" {
            return Err(unknown_to_mode(key, mode, word));
        }
    }
    Ok(known)
}

fn whole(path: &[Segment]) -> Range<usize> {
    path[0].range.start..path[path.len() - 1].range.end
}

fn root_place(word: &Segment) -> Result<Place, PathError> {
    match FileTable::Root.key(&word.text) {
        Some(key) => Ok(Place {
            section: FileTable::Root,
            at: [0, 0],
            key,
            term: None,
        }),
        None => {
            let mut known = FileTable::Root.names(None);
            known.extend(FileTable::TABLES.iter().map(|table| table.name()));
            let message = format!("a scenario has no key `{}`", word.text);
            Err(PathError::unknown(message, word, &known))
        }
    }
}

fn shape(section: FileTable, kinds: &[FileTable]) -> String {
    let mut shape = section.name().to_owned();
    for kind in kinds {
        shape.push('.');
        shape.push_str(&kind.name().to_uppercase());
    }
    shape + ".KEY"
}

fn unknown_to_mode(key: &FileKey, mode: Option<Mode>, word: &Segment) -> PathError {
    let mode = mode.map_or("", Vocabulary::key);
    let modes: Vec<&str> = key.modes.iter().map(|&mode| mode.key()).collect();
    let message = format!(
        "an arm of mode \"{mode}\" does not know `{}`; those of mode {} do",
        key.name,
        modes.join(" and ")
    );
    PathError::new(message, word.range.clone())
}

/// Positions of the ids, one or two of them, `*` expanded.
fn id_positions(
    names: &ScenarioNames,
    kinds: &[FileTable],
    ids: &[Segment],
) -> Result<Vec<[usize; 2]>, PathError> {
    let mut positions = vec![[0, 0]];
    for (number, (&kind, id)) in kinds.iter().zip(ids).enumerate() {
        let known = names.ids(kind);
        let these: Vec<usize> = if id.text == "*" {
            (0..known.len()).collect()
        } else {
            match names.find(kind, &id.text) {
                Some(position) => vec![position],
                None => {
                    let message = format!("there is no {} `{}`", kind.name(), id.text);
                    return Err(PathError::unknown(message, id, &known));
                }
            }
        };
        positions = positions
            .into_iter()
            .flat_map(|at| {
                these.iter().map(move |&position| {
                    let mut at = at;
                    at[number] = position;
                    at
                })
            })
            .collect();
    }
    Ok(positions)
}

/// The terms that follow a key: none, or of a table of levels one or all.
fn term_positions(
    names: &ScenarioNames,
    key: &FileKey,
    rest: &[Segment],
) -> Result<Vec<Option<usize>>, PathError> {
    match rest {
        [] => Ok(vec![None]),
        [term] if key.form == Form::Levels && term.text == "*" => {
            Ok((0..names.terms.len()).map(Some).collect())
        }
        [term] if key.form == Form::Levels => match names.find(FileTable::Term, &term.text) {
            Some(position) => Ok(vec![Some(position)]),
            None => {
                let message = format!("there is no term `{}`", term.text);
                let known = names.ids(FileTable::Term);
                Err(PathError::unknown(message, term, &known))
            }
        },
        [first, ..] => {
            let message = format!("`{}` is one value: a path ends there", key.name);
            Err(PathError::new(message, first.range.clone()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> ScenarioNames {
        let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        ScenarioNames {
            states: owned(&["SG", "MY", "ID"]),
            hyperscalers: owned(&["MSFT", "BABA"]),
            terms: owned(&["tax", "data"]),
            arms: vec![
                ("alone".to_owned(), Some(Mode::Bilateral)),
                ("bloc".to_owned(), Some(Mode::Bloc)),
            ],
            events: owned(&["export ban"]),
        }
    }

    fn expanded(path: &str) -> Result<Vec<String>, PathError> {
        let places = expand(&names(), &parse(path)?)?;
        Ok(places.iter().map(|place| place.path(&names())).collect())
    }

    #[test]
    fn paths_expand_to_canonical_paths() {
        let cases: &[(&str, &[&str])] = &[
            ("name", &["name"]),
            ("simulation.trials", &["simulation.trials"]),
            ("market.diversion", &["market.diversion"]),
            (
                "state.*.talent",
                &["state.SG.talent", "state.MY.talent", "state.ID.talent"],
            ),
            (
                "state.SG.values.*",
                &["state.SG.values.tax", "state.SG.values.data"],
            ),
            ("state.SG.values", &["state.SG.values"]),
            (
                "pair.*.BABA.feasible",
                &[
                    "pair.SG.BABA.feasible",
                    "pair.MY.BABA.feasible",
                    "pair.ID.BABA.feasible",
                ],
            ),
            ("link.SG.MY.efficiency", &["link.MY.SG.efficiency"]),
            (
                "link.*.*.efficiency",
                &[
                    "link.MY.SG.efficiency",
                    "link.ID.SG.efficiency",
                    "link.ID.MY.efficiency",
                ],
            ),
            ("arm.*.binding", &["arm.bloc.binding"]),
            ("arm.bloc.floors.tax", &["arm.bloc.floors.tax"]),
            ("event.'export ban'.year", &["event.\"export ban\".year"]),
        ];
        for (path, expected) in cases {
            assert_eq!(
                expanded(path).as_deref(),
                Ok(&expected.map_owned()[..]),
                "{path}"
            );
        }
    }

    trait MapOwned {
        fn map_owned(&self) -> Vec<String>;
    }

    impl MapOwned for &[&str] {
        fn map_owned(&self) -> Vec<String> {
            self.iter().map(|text| (*text).to_owned()).collect()
        }
    }

    #[test]
    fn wrong_paths_are_explained() {
        let cases = [
            ("", "is not a path"),
            ("a..b", "is not a path"),
            ("marke.diversion", "did you mean `market`?"),
            ("market.diverson", "did you mean `diversion`?"),
            ("market", "stops early: expected `market.KEY`"),
            ("pair.SG.talent", "stops early"),
            ("state.SGP.talent", "did you mean `SG`?"),
            ("state.SG.values.taxx", "did you mean `tax`?"),
            ("state.SG.talent.min", "is one value"),
            ("arm.alone.binding", "those of mode framework and bloc do"),
            ("link.SG.SG.efficiency", "two different states"),
            ("event.'x", "not closed"),
        ];
        for (path, expected) in cases {
            let message = expanded(path).expect_err(path).to_string();
            assert!(message.contains(expected), "{path}: {message}");
        }
        let fixed = slots(&names(), "simulation.seed").expect_err("fixed");
        assert!(fixed.message.contains("is fixed"));
    }

    #[test]
    fn slots_and_paths_are_inverse() {
        let layout = crate::engine::model::layout::Layout {
            states: 3,
            hyperscalers: 2,
            terms: 2,
            arms: 2,
        };
        for slot in layout.slots() {
            let path = Place::of(slot).path(&names());
            if path.starts_with("arm.alone.") && !path.ends_with("active") {
                continue;
            }
            let found = slots(&names(), &path).expect("a canonical path");
            assert_eq!(found, [(path, slot)]);
        }
    }
}
