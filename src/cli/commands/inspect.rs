//! `check`, `show`, `diff`: what a scenario says, without running it.

use crate::cli::args::common::{Common, Layers};
use crate::cli::args::scenario::{CheckArgs, DiffArgs, ShowArgs};
use crate::cli::exit::Status;
use crate::cli::factors::matches;
use crate::cli::output;
use crate::cli::source;
use crate::error::Error;
use crate::report::amounts::counted;
use crate::report::wrap::wrapped;
use crate::scenario::Loaded;
use crate::scenario::inspect::{Checked, Differences, Holds, differences, shown};
use crate::study::results::json::document;
use crate::theory::spelling::foreign::marked;
use anstyle::{AnsiColor, Style};

const OLD: Style = AnsiColor::Red.on_default();

const NEW: Style = AnsiColor::Green.on_default();

/// `check`: one line if the scenario is valid.
pub fn check(args: &CheckArgs, common: &Common) -> Result<Status, Error> {
    let name = &args.scenario.scenario;
    let loaded = source::load(&args.scenario, common)
        .and_then(|loaded| source::with_result_paths(name, loaded));
    if args.json {
        let checked = match &loaded {
            Ok(loaded) => Some(Checked::valid(name, loaded)),
            Err(Error::Scenario { problems, .. }) => Some(Checked::invalid(name, problems)),
            Err(_) => None,
        };
        let text = checked.map_or_else(String::new, |checked| document(&checked));
        output::result(&text)?;
        return loaded.map(|_| Status::Done);
    }
    let text = format!("{name} is valid: {}", summary(Holds::of(&loaded?.model)));
    output::result(&wrapped(&text, output::width()))?;
    Ok(Status::Done)
}

fn summary(holds: Holds) -> String {
    let parts = [
        counted(holds.states, "state"),
        counted(holds.hyperscalers, "hyperscaler"),
        counted(holds.terms, "term"),
        counted(holds.arms, "arm"),
        counted(holds.events, "event"),
        counted(holds.windows, "window"),
        counted(holds.uncertain, "uncertain number"),
    ];
    parts.join(", ")
}

/// `show`: the scenario after all its layers or, with `--origin`, where each key was written.
pub fn show(args: &ShowArgs, common: &Common) -> Result<Status, Error> {
    let mut loaded = source::load(&args.scenario, common)?;
    let asked = |path: &str| args.keys.iter().any(|glob| matches(glob, path));
    if let Some(glob) = args
        .keys
        .iter()
        .find(|glob| !loaded.origins.iter().any(|one| matches(glob, &one.path)))
    {
        return Err(Error::NoKey { glob: glob.clone() });
    }
    if !args.keys.is_empty() {
        loaded.origins.retain(|one| asked(&one.path));
    }
    let text = match (args.json, args.origin || !args.keys.is_empty()) {
        (true, _) => document(&shown(&args.scenario.scenario, &loaded)),
        (false, true) => origins(&loaded),
        (false, false) => loaded.resolved,
    };
    output::result(&text)?;
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
pub fn diff(args: &DiffArgs, common: &Common) -> Result<Status, Error> {
    let first = source::load_named(&args.first, &Layers::default(), common)?;
    let second = source::load_named(&args.second, &args.layers, common)?;
    let found = Differences {
        first: args.first.clone(),
        second: args.second.clone(),
        differences: differences(&first.origins, &second.origins),
    };
    if args.json {
        output::result(&document(&found))?;
        return Ok(Status::Done);
    }
    if found.differences.is_empty() {
        output::note(common, "no difference\n");
    }
    let lines = found.differences.iter().map(|one| {
        let [path, before, after] = [&one.path, &one.first, &one.second].map(|text| marked(text));
        format!("{path}: {OLD}{before}{OLD:#} -> {NEW}{after}{NEW:#}\n")
    });
    output::styled_result(&lines.collect::<String>())?;
    Ok(Status::Done)
}
