//! `mufakat page`: the explorer as one file that plays anywhere.

use crate::cli::args::common::Common;
use crate::cli::args::page::PageArgs;
use crate::cli::commands::report::ranked;
use crate::cli::exit::Status;
use crate::cli::explorer::file::write;
use crate::cli::explorer::request;
use crate::cli::{output, source};
use crate::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// Writes the page of a scenario.
pub fn page(args: &PageArgs, common: &Common) -> Result<Status, Error> {
    let layers = args.scenario.layers.overlays.iter();
    let read = layers.map(PathBuf::as_path);
    check_place(&args.out, read.chain([Path::new(&args.scenario.scenario)]))?;
    let loaded = source::load(&args.scenario, common)?;
    let order = match &args.with {
        Some(directory) => Some(ranked(directory, &loaded, common)?),
        None => None,
    };
    let request = request(&args.scenario.scenario, &loaded, order);
    output::result(&write(&request, &args.out, common)?)?;
    Ok(Status::Done)
}

/// An error where a page would take the place of what it is made of, or of what is no file.
fn check_place<'a>(out: &Path, read: impl Iterator<Item = &'a Path>) -> Result<(), Error> {
    let refused = |reason| Error::PagePlace {
        path: out.to_owned(),
        reason,
    };
    if out == Path::new("-") {
        return Err(refused("it has no room on standard output"));
    }
    match fs::symlink_metadata(out) {
        Ok(there) if !there.is_file() => return Err(refused("what is there is no file")),
        Ok(_) => {}
        Err(_) => return Ok(()),
    }
    let place = fs::canonicalize(out).ok();
    let mut read = read.map(fs::canonicalize);
    match read.any(|path| path.ok() == place && place.is_some()) {
        true => Err(refused("it is a file that the page is made of")),
        false => Ok(()),
    }
}
