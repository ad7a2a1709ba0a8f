//! `check`, `show`, `diff`: what a scenario says, without running it.

use crate::cli::args::{CheckArgs, Common, DiffArgs, Layers, ShowArgs};
use crate::cli::{Status, output, source};
use crate::error::Error;
use crate::model::Model;
use crate::report::wrap::wrapped;
use crate::scenario::{self, Loaded, Origin};
use anstyle::{AnsiColor, Style};
use std::collections::{HashMap, HashSet};

const OLD: Style = AnsiColor::Red.on_default();
const NEW: Style = AnsiColor::Green.on_default();

/// How paths of entries begin that `diff` names as a whole.
const ENTRIES: [&str; 5] = ["state.", "hyperscaler.", "term.", "arm.", "event."];

/// `check`: one line if the scenario is valid.
///
/// # Errors
///
/// Where it is not, or cannot be read.
pub fn check(args: &CheckArgs, common: &Common) -> Result<Status, Error> {
    let loaded = source::load(&args.scenario, common)?;
    let summary = summary(&loaded.model);
    let text = format!("{} is valid: {summary}", args.scenario.scenario);
    output::result(&wrapped(&text, output::width()))?;
    Ok(Status::Done)
}

fn summary(model: &Model) -> String {
    let windows = model.horizon.windows;
    let parts = [
        counted(model.states.len(), "state"),
        counted(model.hyperscalers.len(), "hyperscaler"),
        counted(model.terms.len(), "term"),
        counted(model.arms.len(), "arm"),
        counted(model.events.len(), "event"),
        counted(windows, "window"),
        counted(model.uncertain.len(), "uncertain number"),
    ];
    parts.join(", ")
}

/// "1 state", "2 states".
pub(crate) fn counted(count: usize, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    }
}

/// `show`: the scenario after all its layers or, with `--origin`, where each key was written.
///
/// # Errors
///
/// Where the scenario is not valid, or a file cannot be read.
pub fn show(args: &ShowArgs, common: &Common) -> Result<Status, Error> {
    let loaded = source::load(&args.scenario, common)?;
    if args.origin {
        output::result(&origins(&loaded))?;
    } else {
        output::result(&loaded.resolved)?;
    }
    Ok(Status::Done)
}

fn origins(loaded: &Loaded) -> String {
    let lines = loaded.origins.iter().map(|one| {
        format!(
            "{} = {}  # {}:{}\n",
            one.path, one.value, one.layer, one.line
        )
    });
    lines.collect()
}

/// `diff`: the first scenario as it is, the second with the layers over it; one line for each key whose value differs, in the order of the first scenario; an entry that only one of the
/// two has is one line.
///
/// # Errors
///
/// Where one of the two is not valid, or a file cannot be read.
pub fn diff(args: &DiffArgs, common: &Common) -> Result<Status, Error> {
    let first = source::load_named(&args.first, &Layers::default(), common)?;
    let second = source::load_named(&args.second, &args.layers, common)?;
    let text = differences(&first.origins, &second.origins);
    if text.is_empty() {
        output::note(common, "no difference\n");
    }
    output::result(&text)?;
    Ok(Status::Done)
}

fn differences(first: &[Origin], second: &[Origin]) -> String {
    let (old, new) = (values(first), values(second));
    let only_new = second
        .iter()
        .filter(|one| !old.contains_key(one.path.as_str()));
    let mut out = String::new();
    let mut line = |path: &str, before: &str, after: &str| {
        out.push_str(&format!(
            "{path}: {OLD}{before}{OLD:#} -> {NEW}{after}{NEW:#}\n"
        ));
    };
    let mut entries_said = HashSet::new();
    let paths = first
        .iter()
        .chain(only_new)
        .filter(|one| !is_end(&one.path));
    for one in paths {
        let entry = entry_of(&one.path);
        let (before, after) = (old.get(&*one.path), new.get(&*one.path));
        match (entry, old.contains_key(entry), new.contains_key(entry)) {
            (_, true, false) if entries_said.insert(entry) => line(entry, "present", "absent"),
            (_, false, true) if entries_said.insert(entry) => line(entry, "absent", "present"),
            (_, true, false) | (_, false, true) => {}
            _ => {
                let (before, after) = (before.unwrap_or(&"absent"), after.unwrap_or(&"absent"));
                if !same(before, after) {
                    line(&one.path, before, after);
                }
            }
        }
    }
    out
}

/// Values by path, and the entries that have any.
fn values(origins: &[Origin]) -> HashMap<&str, &str> {
    let paths = origins
        .iter()
        .map(|one| (one.path.as_str(), one.value.as_str()));
    let entries = origins.iter().map(|one| (entry_of(&one.path), ""));
    entries.chain(paths).collect()
}

/// The entry that a path belongs to, such as `state.SG`; the empty string where it belongs to none. Pairs and links are
/// told by their numbers: they have few.
fn entry_of(path: &str) -> &str {
    if !ENTRIES.iter().any(|list| path.starts_with(list)) {
        return "";
    }
    let segments = scenario::path::parse(path).unwrap_or_default();
    segments.get(1).map_or("", |id| &path[..id.range.end])
}

/// Whether a path only says who a pair or link is between, which the paths of its numbers say too.
fn is_end(path: &str) -> bool {
    let ends = [".state", ".hyperscaler", ".between"];
    let lists = ["pair.", "link.", "correlation."];
    lists.iter().any(|list| path.starts_with(list)) && ends.iter().any(|end| path.ends_with(end))
}

/// Whether two values are the same: as numbers, if they are numbers.
fn same(a: &str, b: &str) -> bool {
    a == b || matches!((a.parse::<f64>(), b.parse::<f64>()), (Ok(a), Ok(b)) if a == b)
}
