//! `mufakat page`: the explorer as one file that plays anywhere.

use crate::cli::args::common::Common;
use crate::cli::args::page::PageArgs;
use crate::cli::commands::report::ranked;
use crate::cli::exit::Status;
use crate::cli::explorer::file::write;
use crate::cli::explorer::request;
use crate::cli::{output, source};
use crate::error::Error;

/// Writes the page of a scenario.
pub fn page(args: &PageArgs, common: &Common) -> Result<Status, Error> {
    let loaded = source::load(&args.scenario, common)?;
    let order = match &args.with {
        Some(directory) => Some(ranked(directory, &loaded, common)?),
        None => None,
    };
    let request = request(&args.scenario.scenario, &loaded, order);
    output::result(&write(&request, &args.out, common)?)?;
    Ok(Status::Done)
}
