//! The explorer as one file that plays anywhere: the engine as WebAssembly, the scenario and a report of a few worlds inside.

use crate::cli::args::common::Common;
use crate::cli::driver::fold::in_pool;
use crate::cli::explorer::open;
use crate::cli::explorer::page::{PageParts, WORKER, alone};
use crate::cli::output;
use crate::cli::store::atomic::write_whole;
use crate::error::Error;
use crate::explore::messages::{ExploreSetting, OpenRequest, OpenedScenario, PlayedPart, Refusal};
use crate::explore::{Explorer, played::PlayedSetting};
use crate::report::document::Document;
use crate::report::legend::with_titles;
use crate::report::render::html::fragment;
use crate::report::roles::in_words_of;
use crate::report::sections::run::facts::Facts;
use crate::report::sections::run::page::page;
use crate::theory::spelling::units::bytes;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use indexmap::IndexMap;
use serde_json::json;
use std::path::Path;

/// The engine as WebAssembly, compressed; `explorer/build` makes it.
const ENGINE: &[u8] = include_bytes!("../../../explorer/engine.wasm.gz");

/// Worlds of the report for readers without scripts, at most.
const FIXED_WORLDS: u64 = 200;

/// Writes the page of a scenario; says where.
pub fn write(request: &OpenRequest, path: &Path, common: &Common) -> Result<String, Error> {
    let html = in_pool(common, || {
        output::timed(common, "page put together", || file(request))
    })?;
    write_whole(path, html.as_bytes())?;
    let size = bytes(html.len() as f64);
    Ok(format!("{}: {size}, the engine inside\n", path.display()))
}

/// The page of a scenario.
fn file(request: &OpenRequest) -> Result<String, Error> {
    let (mut explorer, opened) = open(request)?;
    let report = report(&mut explorer, &opened);
    let report = report.map_err(|refusal| Error::Unexplored {
        name: request.name.clone(),
        reason: refusal.message,
    })?;
    let (fixed, rules) = fragment(&report);
    let host = json!({
        "kind": "file",
        "engine": STANDARD.encode(ENGINE),
        "worker": WORKER,
        "scenario": request,
    });
    Ok(alone(&PageParts {
        title: &opened.title,
        host: &host,
        fixed: &fixed,
        rules: &rules,
    }))
}

/// The report of the arms that are looked at first.
fn report(explorer: &mut Explorer, opened: &OpenedScenario) -> Result<Document, Refusal> {
    let first = &opened.first;
    let worlds = first.worlds.min(FIXED_WORLDS);
    explorer.set(&ExploreSetting {
        arm: first.arm.clone(),
        reference: first.reference.clone(),
        others: Vec::new(),
        sets: IndexMap::new(),
        seed: first.seed,
        worlds,
    })?;
    let played = explorer.part_mut(PlayedPart::Base)?;
    let bytes = played.play(0..worlds)?;
    played.take(&bytes)?;
    document(played, worlds)
}

fn document(played: &PlayedSetting, worlds: u64) -> Result<Document, Refusal> {
    let run = &played.chosen.run;
    let results = played.results(run, worlds)?;
    let model = &run.loaded.model;
    let (document, _) = page(&Facts::new(model, &results, played.chosen.reference));
    Ok(with_titles(in_words_of(model, document), &[model]))
}
