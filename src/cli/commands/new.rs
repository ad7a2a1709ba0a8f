//! `new` and `list`: the shipped scenarios.

use crate::cli::args::scenario::{ListArgs, NewArgs};
use crate::cli::exit::Status;
use crate::cli::output;
use crate::cli::shipped::{ALL, COLUMNS, INDENT, Question, TEMPLATE, find};
use crate::error::Error;
use crate::report::wrap::wrapped;
use crate::scenario::with_words;
use crate::study::results::json::document;
use schemars::JsonSchema;
use serde::Serialize;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

/// The document of `list --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Listed {
    /// The shipped scenarios, the main one first.
    pub scenarios: Vec<Question>,
}

pub fn list(args: &ListArgs) -> Result<Status, Error> {
    if args.json {
        let scenarios = ALL.iter().map(|shipped| Question {
            name: shipped.name.to_owned(),
            question: shipped.question(),
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
        for line in wrapped(&shipped.question(), width).lines() {
            out.push_str(&format!("{INDENT}{line}\n"));
        }
    }
    output::result(&out)?;
    Ok(Status::Done)
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
        &format!("wrote {file}; next: mufakat check {file}\n"),
    );
    Ok(Status::Done)
}
