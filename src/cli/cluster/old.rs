//! The studies that are not played by the driver yet.

use crate::cli::args::common::Common;
use crate::cli::args::out::OutArgs;
use crate::cli::args::plan::StudyArgs;
use crate::cli::cluster::of_sensitivity;
use crate::cli::commands::sweep;
use crate::cli::driver::job::{Job, Survey, Taker};
use crate::cli::driver::probe::Probe;
use crate::cli::exit::Status;
use crate::cli::store::merged::Merged;
use crate::engine::simulate::threads;
use crate::error::Error;
use crate::study::results::run::Manifest;
use serde_json::Value;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub type Push<'a> = Taker<'a>;

/// A part of a study that is to be played.
pub struct Part<'a> {
    pub range: Range<u64>,
    pub stop: Arc<AtomicBool>,
    pub push: &'a mut Push<'a>,
}

/// Pieces that are to be made into results.
pub struct Merging<'a> {
    pub merged: &'a Merged,
    pub out: OutArgs,
    pub json: bool,
}

impl Probe {
    pub fn of(worlds: u64, rate: f64) -> Probe {
        Probe {
            processor_seconds: worlds as f64 / rate * threads() as f64,
            bytes: None,
        }
    }

    pub fn with_numbers(self, pieces: u64, numbers: usize) -> Probe {
        Probe {
            bytes: Some(pieces as f64 * (4 + 8 * numbers) as f64),
            ..self
        }
    }
}

pub struct Old(pub StudyArgs, pub Manifest);

impl Job for Old {
    fn identity(&self) -> &Manifest {
        &self.1
    }

    fn answer(&self, _: &OutArgs, _: &Value, _: &Common) -> Result<Status, Error> {
        unreachable!("its command does that")
    }

    fn survey(&self, common: &Common) -> Result<Survey, Error> {
        match &self.0 {
            StudyArgs::Sweep(args) => sweep::survey(args, common),
            StudyArgs::Sensitivity(args) => of_sensitivity::survey(args, common),
            _ => unreachable!("it is played by the driver"),
        }
    }

    fn play(
        &self,
        range: Range<u64>,
        stop: &Arc<AtomicBool>,
        kept: &str,
        take: &mut Taker<'_>,
        common: &Common,
    ) -> Result<(), Error> {
        let wanted = range.end - range.start;
        let mut taken = 0;
        let mut push = |piece: &[u8]| {
            take(piece)?;
            taken += 1;
            Ok(())
        };
        let part = Part {
            range,
            stop: Arc::clone(stop),
            push: &mut push,
        };
        let played = match &self.0 {
            StudyArgs::Sweep(args) => sweep::play_part(args, part, common),
            StudyArgs::Sensitivity(args) => of_sensitivity::play(args, part, common),
            _ => unreachable!("it is played by the driver"),
        };
        match taken == wanted {
            true => Ok(()),
            false => played.and(Err(Error::Interrupted {
                played: taken,
                trials: wanted,
                kept: kept.to_owned(),
            })),
        }
    }

    fn merge(
        &self,
        merged: &Merged,
        out: &OutArgs,
        _: &Value,
        common: &Common,
    ) -> Result<Status, Error> {
        let merging = Merging {
            merged,
            out: out.clone(),
            json: out.json,
        };
        match &self.0 {
            StudyArgs::Sweep(args) => sweep::merge(args, &merging, common),
            StudyArgs::Sensitivity(args) => of_sensitivity::merge(args, &merging, common),
            _ => unreachable!("it is played by the driver"),
        }
    }

    fn replay(
        &self,
        _: &Path,
        _: bool,
        _: &Common,
    ) -> Result<crate::cli::driver::replay::Replay, Error> {
        unreachable!("only what the driver plays is replayed")
    }
}

/// Numbers as the bytes of a piece.
pub fn bytes_of<'a>(numbers: impl IntoIterator<Item = &'a f64>) -> Vec<u8> {
    let numbers = numbers.into_iter();
    numbers.flat_map(|number| number.to_le_bytes()).collect()
}

/// The numbers of a piece that has so many.
///
/// # Errors
/// It has not.
pub fn numbers_of(bytes: &[u8], count: usize) -> Result<Vec<f64>, Error> {
    let (words, rest) = bytes.as_chunks::<8>();
    if words.len() != count || !rest.is_empty() {
        return Err(not_of_this_study());
    }
    Ok(words.iter().map(|&word| f64::from_le_bytes(word)).collect())
}

/// What is wrong with a piece that has the checksum of its plan, but not its shape.
pub fn not_of_this_study() -> Error {
    Error::Unreadable {
        name: "a shard".to_owned(),
        reason: "its pieces are not those of the plan".to_owned(),
    }
}

pub fn rate_of(
    model: &crate::engine::model::Model,
    outputs: &[crate::study::readings::Output],
) -> Result<f64, Error> {
    let measured = crate::cli::driver::probe::rate_of(model.simulation.trials, |count| {
        let worlds = crate::study::readings::WorldSelection {
            count,
            points: None,
            keeper: None,
            draws: &[],
        };
        let watch = crate::engine::simulate::Watch {
            stop: &AtomicBool::new(false),
            on_trial: &|| {},
        };
        crate::study::readings::read_with_draws(model, outputs, worlds, watch)?;
        Ok(())
    });
    measured.map(|(_, rate)| rate)
}
