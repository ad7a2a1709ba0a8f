//! Identities of the studies that the driver does not play yet.

use crate::cli::args::common::Common;
use crate::cli::args::plan::StudyArgs;
use crate::cli::commands::{sensitivity, sweep};
use crate::error::Error;
use crate::study::results::run::Manifest;

pub fn identity(args: &StudyArgs, common: &Common) -> Result<Manifest, Error> {
    let common = &Common {
        quiet: true,
        ..common.clone()
    };
    match args {
        StudyArgs::Sweep(args) => {
            sweep::with_job(args, common, None, |job| Ok(job.head.manifest.clone()))
        }
        StudyArgs::Sensitivity(args) => {
            sensitivity::with_job(args, common, None, |job| Ok(job.identity()))
        }
        _ => unreachable!("it is played by the driver"),
    }
}
