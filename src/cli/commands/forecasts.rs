//! `mufakat forecasts`: what was expected of public events, unchanged since, and how near it came.

use crate::cli::args::forecasts::ForecastsArgs;
use crate::cli::exit::Status;
use crate::cli::output;
use crate::cli::reading;
use crate::error::Error;
use crate::report::render::terminal;
use crate::report::sections::forecasts;
use crate::study::digest::sha256_hex;
use crate::study::forecasts::{ForecastFile, hashed};
use crate::study::results::json::document;
use std::io::ErrorKind;
use std::path::Path;

/// The forecasts that come with the program.
const SHIPPED: (&str, &str, &str) = (
    "the forecasts of the program",
    include_str!("../../../scenarios/forecasts/2026-12.toml"),
    include_str!("../../../scenarios/forecasts/2026-12.sha256"),
);

/// Most bytes of forecasts, and of the hash beside them.
const LARGEST: u64 = 16 << 20;

pub fn forecasts(args: &ForecastsArgs) -> Result<Status, Error> {
    let (name, text, record) = match &args.file {
        None => (
            SHIPPED.0.to_owned(),
            SHIPPED.1.to_owned(),
            Some(SHIPPED.2.to_owned()),
        ),
        Some(path) => (
            path.display().to_string(),
            reading::text(path, LARGEST).map_err(Error::unreadable(path))?,
            on_record(path)?,
        ),
    };
    let file = ForecastFile::read(&text).map_err(|reason| Error::Unreadable { name, reason })?;
    let hash = sha256_hex(&hashed(&text));
    let unchanged = record.map(|record| record.split_whitespace().next() == Some(hash.as_str()));
    let results = file.results(hash, unchanged);
    output::result(&match args.json {
        true => document(&results),
        false => {
            let said = forecasts::text(&file, &results, args.all);
            terminal::render(&said, output::width()).text
        }
    })?;
    Ok(match unchanged {
        Some(false) => Status::ConditionFailed,
        _ => Status::Done,
    })
}

/// The hash beside a file; none where there is none.
fn on_record(path: &Path) -> Result<Option<String>, Error> {
    let beside = path.with_extension("sha256");
    match reading::text(&beside, LARGEST) {
        Ok(record) => Ok(Some(record)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::unreadable(&beside)(error)),
    }
}
