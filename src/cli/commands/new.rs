//! `new` and `list`: the shipped scenarios.

use crate::cli::args::scenario::{ListArgs, NewArgs};
use crate::cli::exit::Status;
use crate::cli::output;
use crate::cli::shipped::{ALL, CASES, COLUMNS, INDENT, ShippedQuestion, TEMPLATE, find};
use crate::error::Error;
use crate::report::amounts::counted;
use crate::report::wrap::{hanging, wrapped};
use crate::scenario::with_words;
use crate::study::results::json::document;
use crate::theory::spelling::shell::word;
use schemars::JsonSchema;
use serde::Serialize;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

/// The document of `list --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Listed {
    /// The shipped scenarios, the main one first.
    pub scenarios: Vec<ShippedQuestion>,
}

pub fn list(args: &ListArgs) -> Result<Status, Error> {
    if let Some(name) = &args.name {
        return asked(name, args.json);
    }
    if args.json {
        let scenarios = ALL.iter().map(|shipped| ShippedQuestion {
            name: shipped.name.to_owned(),
            question: shipped.model().question.text,
        });
        let listed = Listed {
            scenarios: scenarios.collect(),
        };
        output::result(&document(&listed))?;
        return Ok(Status::Done);
    }
    let mut out = String::new();
    for shipped in ALL {
        out.push_str(shipped.name);
        out.push('\n');
        let width = output::width().min(COLUMNS) - INDENT.len();
        for line in wrapped(&shipped.model().question.text, width).lines() {
            out.push_str(&format!("{INDENT}{line}\n"));
        }
    }
    let cases = counted(CASES.len(), "bargain");
    let said = format!(
        "Besides, {cases} on record: `mufakat history` holds the engine against what came of them."
    );
    out.push('\n');
    out.push_str(&wrapped(&said, output::width().min(COLUMNS)));
    output::result(&out)?;
    Ok(Status::Done)
}

/// `list NAME`: what one asks, of which options, and what to look at.
fn asked(name: &str, json: bool) -> Result<Status, Error> {
    let Some(shipped) = find(name) else {
        let known: Vec<&str> = ALL.iter().map(|shipped| shipped.name).collect();
        return Err(Error::unknown("shipped scenario", name, &known));
    };
    let model = shipped.model();
    if json {
        let scenarios = vec![ShippedQuestion {
            name: shipped.name.to_owned(),
            question: model.question.text,
        }];
        output::result(&document(&Listed { scenarios }))?;
        return Ok(Status::Done);
    }
    let width = output::width().min(COLUMNS);
    let mut out = wrapped(&model.question.text, width);
    out.push_str("\nTo choose from:\n");
    for &arm in &model.question.options {
        let arm = &model.arms[arm];
        let said = match arm.what.is_empty() {
            true => format!("- {} (`{}`)", arm.title, arm.name),
            false => format!("- {} (`{}`): {}", arm.title, arm.name, arm.what),
        };
        out.push_str(&hanging(&said, width, 2));
    }
    out.push('\n');
    out.push_str(&reflowed(&shipped.comment(), width));
    output::result(&out)?;
    Ok(Status::Done)
}

/// A comment in lines of `width` columns; what is set in is laid out by hand and stays.
fn reflowed(comment: &str, width: usize) -> String {
    let mut out = String::new();
    let mut paragraph = String::new();
    for line in comment.lines().chain([""]) {
        let by_hand = line.is_empty() || line.starts_with(' ') || line.contains("  mufakat ");
        if !by_hand {
            let gap = if paragraph.is_empty() { "" } else { " " };
            paragraph += &format!("{gap}{line}");
            continue;
        }
        if !paragraph.is_empty() {
            out += &wrapped(&std::mem::take(&mut paragraph), width);
        }
        out += &format!("{line}\n");
    }
    format!("{}\n", out.trim_end())
}

/// `new`: the template or a shipped scenario, to a file that is not there so far, or to standard output.
pub fn new(args: &NewArgs, common: &crate::cli::args::common::Common) -> Result<Status, Error> {
    let template = with_words(TEMPLATE);
    let text = match &args.from {
        None => &template,
        Some(name) => match find(name) {
            Some(shipped) => shipped.text,
            None => {
                let known: Vec<&str> = ALL.iter().map(|shipped| shipped.name).collect();
                return Err(Error::unknown("shipped scenario", name, &known));
            }
        },
    };
    let Some(name) = &args.name else {
        output::result(text)?;
        return Ok(Status::Done);
    };
    let file = if name.ends_with(".toml") {
        name.clone()
    } else {
        format!("{name}.toml")
    };
    let options = OpenOptions::new().write(true).create_new(true).open(&file);
    let written = options.and_then(|mut open| open.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Error::Unwritable {
            name: file.clone(),
            reason: "it exists already".to_owned(),
        },
        _ => Error::unwritable(Path::new(&file))(error),
    })?;

    output::note(
        common,
        &format!("wrote {file}; next: mufakat check {}\n", word(&file)),
    );
    Ok(Status::Done)
}
