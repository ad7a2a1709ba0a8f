//! The commands for a program that holds this one, such as a notebook: questions are words of a command line, answers stay in memory, nothing
//! is printed.

use crate::cli::args::common::{Color, Common, Log};
use crate::cli::args::out::OutArgs;
use crate::cli::args::plan::StudyArgs;
use crate::cli::args::report::ReportArgs;
use crate::cli::args::{Cli, Command};
use crate::cli::commands::ask::{arguments, ask};
use crate::cli::commands::cluster;
use crate::cli::commands::replay::again;
use crate::cli::commands::report;
use crate::cli::driver::fold::in_pool;
use crate::cli::driver::held::Held;
use crate::cli::driver::held_pieces::{HeldPieces, HeldRest};
use crate::cli::embedded_error::{EmbeddedError, of_usage};
use crate::cli::host::{Host, SaidKind};
use crate::cli::identity::reference;
use crate::cli::source::{read_base, scenario_source, with_result_paths};
use crate::cli::store::directory::{RESULTS, SCENARIO, complete_in};
use crate::cli::store::manifest::PAGE;
use crate::cli::texts::{TextFiles, Texts};
use crate::engine::simulate::Watch;
use crate::error::Error;
use crate::report::document::{Block, Document};
use crate::report::render::html::render;
use crate::scenario::{Loaded, Request, Source, load};
use crate::study::digest::sha256_hex;
use crate::study::given_worlds::read_in_trials;
use crate::study::outputs::outputs;
use crate::study::readings::{ReadingValues, read};
use crate::study::results::sheet;
use clap::Parser;
use serde_json::Value;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A question: the words of a command line behind the program, and the texts of scenarios, overlays and tables of worlds by the names that
/// these words have for them; each with the name that messages show. What has no text is a file.
#[derive(Debug, Clone, Default)]
pub struct EmbeddedQuestion {
    pub words: Vec<String>,
    pub texts: Texts,
}

impl EmbeddedQuestion {
    /// The study that it asks for, with the flags of every command.
    fn parsed(self, host: &Host) -> Result<(StudyArgs, Common), EmbeddedError> {
        match self.command(host)? {
            (Command::Study(study), common) => Ok((study, common)),
            _ => Err(EmbeddedError::usage(
                "only studies are asked in memory".to_owned(),
            )),
        }
    }

    /// What it asks for, with the flags of every command.
    fn command(self, host: &Host) -> Result<(Command, Common), EmbeddedError> {
        let words = std::iter::once("mufakat".to_owned()).chain(self.words);
        let cli = Cli::try_parse_from(words).map_err(|error| of_usage(&error))?;
        let common = Common {
            files: TextFiles::Given(Arc::new(self.texts)),
            host: Some(host.clone()),
            ..cli.common
        };
        Ok((cli.command, common))
    }
}

/// Cuts a study into blocks, `plan` its first word, and says how they are played; the directory of the plan.
pub fn plan(question: EmbeddedQuestion, host: &Host) -> Result<PathBuf, EmbeddedError> {
    let (Command::Plan(args), common) = question.command(host)? else {
        return Err(EmbeddedError::usage("this is no plan".to_owned()));
    };
    let plan = cluster::cut(&args, &common)?;
    host.hear(SaidKind::Note, &cluster::described(&plan));
    Ok(plan.path)
}

/// Plays a study and holds what came of it; with `keep`, what its tables are made of too.
pub fn play(
    question: EmbeddedQuestion,
    keep: bool,
    host: &Host,
) -> Result<Box<dyn Held>, EmbeddedError> {
    let (study, common) = question.parsed(host)?;
    let job = ask(&study, &common)?;
    Ok(job.hold(study.out(), keep, arguments(&study), &common)?)
}

/// Holds a study whose document is known, with what its pieces said, if that was kept.
pub fn restore(
    question: EmbeddedQuestion,
    document: &str,
    pieces: Option<Vec<u8>>,
) -> Result<Box<dyn Held>, EmbeddedError> {
    let (mut study, common) = question.parsed(&Host::default())?;
    if let StudyArgs::Run(run) = &mut study
        && run.precision.take().is_some()
    {
        // As many worlds as it took.
        let document: Value = serde_json::from_str(document).unwrap_or_default();
        run.scenario.layers.trials = document["manifest"]["trials"].as_u64();
    }
    let rest = match pieces {
        Some(bytes) => HeldRest::Pieces(HeldPieces::of_bytes(&bytes)?),
        None => HeldRest::Nothing,
    };
    let quiet = Common {
        quiet: true,
        ..common
    };
    Ok(ask(&study, &quiet)?.restore(document, rest, arguments(&study))?)
}

/// Holds the study that is finished in a directory.
pub fn open(directory: &Path) -> Result<Box<dyn Held>, EmbeddedError> {
    let stored = complete_in(directory)?;
    let scenario = directory.join(SCENARIO);
    let text = fs::read_to_string(&scenario).map_err(Error::unreadable(&scenario))?;
    if sha256_hex(&text) != stored.identity.scenario_sha256 {
        return Err(EmbeddedError::from(Error::NotARun {
            path: directory.to_owned(),
            reason: format!("its {SCENARIO} was changed after it"),
        }));
    }
    let study = again(&stored, directory)?;
    let results = directory.join(RESULTS);
    let document = fs::read_to_string(&results).map_err(Error::unreadable(&results))?;
    let job = ask(&study, &common(&Host::default(), None))?;
    let rest = HeldRest::Directory(directory.to_owned());
    Ok(job.restore(&document, rest, arguments(&study))?)
}

/// Flags of a program that nobody sees.
fn common(host: &Host, threads: Option<NonZeroUsize>) -> Common {
    Common {
        color: Color::Never,
        quiet: true,
        no_progress: true,
        threads,
        log: Log::Off,
        paths: false,
        files: TextFiles::Outside,
        host: Some(host.clone()),
        program: None,
    }
}

/// The text of a scenario by its name: that of a file or, where there is none, of a shipped scenario.
pub fn text(name: &str) -> Result<Source, EmbeddedError> {
    Ok(scenario_source(name)?)
}

/// Loads a scenario with all that lies over it.
pub fn scenario(request: &Request) -> Result<Loaded, EmbeddedError> {
    let name = &request.scenario.name;
    let loaded = load(request, &mut read_base);
    let loaded = loaded.map_err(|error| Error::from_load(name, error))?;
    Ok(with_result_paths(name, loaded)?)
}

/// The values of some results in every world of a scenario, by result and world; NaN where a world has none. With `trials`, world k has the
/// chance of the k-th of these instead of that of trial k, and there are as many worlds.
pub fn evaluate(
    loaded: &Loaded,
    results: &[String],
    compared_with: Option<&str>,
    trials: Option<&[u64]>,
    threads: Option<NonZeroUsize>,
    host: &Host,
) -> Result<ReadingValues, EmbeddedError> {
    let model = &loaded.model;
    let compared_with = reference(compared_with, model)?;
    let outputs = outputs(results, model, compared_with).map_err(Error::from)?;
    let common = common(host, threads);
    let worlds = trials.map_or(model.simulation.trials, |trials| trials.len() as u64);
    let bar = indicatif::ProgressBar::hidden();
    bar.set_length(worlds);
    host.watch(&bar);
    let watch = Watch {
        stop: &host.stop,
        on_trial: &|| bar.inc(1),
    };
    let values = in_pool(&common, || {
        let values = match trials {
            None => read(model, &outputs, watch),
            Some(trials) => read_in_trials(model, &outputs, trials, watch),
        };
        values.map_err(Error::from)
    })?;
    values.ok_or_else(|| {
        EmbeddedError::from(Error::Interrupted {
            played: bar.position(),
            trials: worlds,
            kept: "nothing is kept".to_owned(),
        })
    })
}

/// Writes what one machine writes into a directory.
pub fn save(held: &dyn Held, out: &OutArgs, host: &Host) -> Result<(), EmbeddedError> {
    Ok(held.save(out, &common(host, None))?)
}

/// A table of worlds as CSV, whose numbers read back exactly; NaN is an empty cell.
pub fn table_of(names: &[String], columns: &[Vec<f64>]) -> String {
    let rows = columns.first().map_or(0, Vec::len);
    let cell = |x: f64| match x.is_nan() {
        true => String::new(),
        false => x.to_string(),
    };
    let rows = (0..rows).map(|row| {
        let cells = columns.iter().map(move |column| column.get(row));
        cells.map(move |x| x.map_or_else(String::new, |&x| cell(x)))
    });
    sheet::text(names, rows)
}

/// The page of a study: that of `mufakat report` for runs and comparisons, its own where it has one, else what people read of it.
pub fn page(held: &dyn Held, host: &Host) -> Result<String, EmbeddedError> {
    if let Some(page) = held.page() {
        return Ok(page);
    }
    match held.command() {
        "run" | "compare" => reported(held, host),
        _ => Ok(shown(held, held.shown())),
    }
}

fn reported(held: &dyn Held, host: &Host) -> Result<String, EmbeddedError> {
    let common = common(host, None);
    let folder = tempfile::tempdir().map_err(Error::unwritable(&std::env::temp_dir()))?;
    let directory = match held.rest() {
        HeldRest::Directory(path) => path.clone(),
        _ => {
            let out = OutArgs {
                out: Some(folder.path().join("of-page")),
                ..OutArgs::default()
            };
            held.save(&out, &common)?;
            out.out.unwrap_or_default()
        }
    };
    if held.command() == "run" {
        let args = ReportArgs {
            run: directory.clone(),
            with: Vec::new(),
            template: None,
            explore: false,
            reference: None,
        };
        report::write(&args, &common)?;
    }
    let page = directory.join(PAGE);
    Ok(fs::read_to_string(&page).map_err(Error::unreadable(&page))?)
}

/// The answer with its figure and its first table, as a page of its own.
pub fn glance(held: &dyn Held) -> String {
    let document = held.shown().map(|document| {
        let blocks = document.opening.iter();
        let sections = document.sections.iter().flat_map(|section| &section.blocks);
        let table = blocks.chain(sections).find(|block| is_table(block));
        Document {
            opening: table.cloned().into_iter().collect(),
            readings: Vec::new(),
            sections: Vec::new(),
            footer: Vec::new(),
            ..document
        }
    });
    shown(held, document)
}

fn is_table(block: &Block) -> bool {
    matches!(block, Block::Table { .. })
}

/// A document as a page; where there is none, the lines.
fn shown(held: &dyn Held, document: Option<Document>) -> String {
    let document = document.unwrap_or_else(|| Document {
        title: held.command().to_owned(),
        opening: vec![Block::Code {
            text: held.text(PAGE_WIDTH),
        }],
        ..Document::default()
    });
    render(&document, None).expect("the template of the program is valid")
}

/// Columns of lines on a page.
const PAGE_WIDTH: usize = 100;
