//! What a study of a scenario is, so that the same is known again.

use crate::cli::args::common::Layers;
use crate::cli::clock;
use crate::cli::store::manifest::Circumstance;
use crate::cli::texts::GivenWorlds;
use crate::engine::model::Model;
use crate::engine::simulate::threads;
use crate::error::Error;
use crate::scenario::Loaded;
use crate::study::digest::sha256_hex;
use crate::study::results::assemble::manifest;
use crate::study::results::columns::Keep;
use crate::study::results::run::{AskedStudy, Manifest};
use crate::study::results::sheet::Format;

/// The identity of a study of a scenario.
pub fn identity(
    loaded: &Loaded,
    layers: &Layers,
    command: &str,
    settings: Vec<String>,
) -> Manifest {
    Manifest {
        study: Some(AskedStudy {
            command: command.to_owned(),
            settings,
        }),
        ..of_run(loaded, layers)
    }
}

/// The identity of a run of a scenario.
pub fn of_run(loaded: &Loaded, layers: &Layers) -> Manifest {
    manifest(
        &loaded.model,
        sha256_hex(&loaded.resolved),
        overrides(layers),
    )
}

/// What was laid over the scenario, weakest first; trials and seed stand in the manifest by themselves.
pub fn overrides(layers: &Layers) -> Vec<String> {
    if let Some(said) = &layers.said {
        return said.clone();
    }
    let overlays = layers.overlays.iter();
    let overlays = overlays.map(|file| format!("--overlay {}", file.display()));
    let sets = layers.sets.iter().map(|set| format!("--set {set}"));
    let worlds = layers.worlds.iter().map(|worlds| {
        let GivenWorlds { source, sha256 } = &**worlds;
        format!("--worlds {} (SHA-256 {sha256})", source.name)
    });
    overlays.chain(worlds).chain(sets).collect()
}

/// The index of the arm of a name.
pub fn arm_index(model: &Model, name: &str) -> Result<usize, Error> {
    let names: Vec<&str> = model.arms.iter().map(|arm| arm.name.as_str()).collect();
    let position = names.iter().position(|&known| known == name);
    position.ok_or_else(|| Error::unknown("arm", name, &names))
}

/// The index of the arm that others are compared with: the first, if none is named.
pub fn reference(name: Option<&str>, model: &Model) -> Result<usize, Error> {
    name.map_or(Ok(0), |name| arm_index(model, name))
}

/// The circumstance of an invocation that starts now.
pub fn circumstance(keep: Option<Keep>, format: Format) -> Circumstance {
    let command_line = std::env::args_os();
    Circumstance {
        started: clock::now(),
        wall_time_s: None,
        threads: threads(),
        command_line: command_line
            .map(|word| word.to_string_lossy().into_owned())
            .collect(),
        machine: format!("{}/{}", std::env::consts::OS, std::env::consts::ARCH),
        resumed_from: 0,
        keep,
        format,
        files: Vec::new(),
        pages: None,
    }
}
