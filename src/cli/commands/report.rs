//! `mufakat report`: a finished run as one page that opens anywhere, with the data of its figures beside it.

use crate::cli::args::common::{Common, Layers};
use crate::cli::args::report::ReportArgs;
use crate::cli::exit::Status;
use crate::cli::explorer::file;
use crate::cli::explorer::ranked::found;
use crate::cli::identity::arm_index;
use crate::cli::output;
use crate::cli::places;
use crate::cli::reading;
use crate::cli::shipped;
use crate::cli::source;
use crate::cli::store::atomic::write_whole;
use crate::cli::store::directory::read_results as stored;
use crate::cli::store::directory::{Finished, RESULTS, SCENARIO, finished};
use crate::cli::store::lock::Lock;
use crate::cli::store::manifest::{
    Circumstance, EXPLORED, PAGE, note_pages, pages_of, stored_identity,
};
use crate::cli::store::own::{own_path, remove};
use crate::cli::tables;
use crate::cli::world_source::scenario_of;
use crate::error::Error;
use crate::explore::controls::RankedInputs;
use crate::explore::messages::OpenRequest;
use crate::report::bare::bare;
use crate::report::document::{DATA, Document, Files};
use crate::report::legend::with_titles;
use crate::report::render::html::render;
use crate::report::roles::in_words_of;
use crate::report::sections::run::facts::{Facts, StudyResults};
use crate::report::sections::run::page::page;
use crate::report::sections::run::worlds::{MOST_WORLDS, WorldRows, WorldTables};
use crate::scenario::inspect::differences;
use crate::scenario::{Loaded, Origin};
use crate::study::digest::sha256_hex;
use crate::study::results::choice::default_reference;
use crate::theory::spelling::units::bytes;
use std::fs;
use std::path::Path;

/// Writes the page of a run.
pub fn run(args: &ReportArgs, common: &Common) -> Result<Status, Error> {
    let mut said = write(args, common)?;
    if args.explore {
        said += &explored(args, common)?;
    }
    output::result(&said)?;
    Ok(Status::Done)
}

/// Writes the page of a run that has just ended; says where.
pub fn of_run(
    directory: &Path,
    reference: Option<String>,
    common: &Common,
) -> Result<String, Error> {
    let page = ReportArgs {
        run: directory.to_owned(),
        with: Vec::new(),
        template: None,
        explore: false,
        reference,
    };
    let quiet = Common {
        quiet: true,
        ..common.clone()
    };
    write(&page, &quiet)
}

/// Writes the page; says where.
pub fn write(args: &ReportArgs, common: &Common) -> Result<String, Error> {
    let finished = finished(&args.run)?;
    let loaded = scenario_of(&args.run, &finished, common)?;
    let reference = match &args.reference {
        Some(name) => arm_index(&loaded.model, name)?,
        None => default_reference(&loaded.model),
    };
    let studies = args.with.iter().map(|path| study(path, &loaded, common));
    let facts = Facts {
        worlds: worlds(&args.run, &finished, &loaded, reference)?,
        studies: studies.collect::<Result<_, _>>()?,
        inputs: inputs(&loaded.origins),
        circumstance: circumstance(&finished.circumstance),
        repeat: repeat(&finished),
        shipped: shipped::ALL.iter().map(|one| one.name.to_owned()).collect(),
        ..Facts::new(&loaded.model, &finished.results, reference)
    };
    let (page, files) = output::timed(common, "page put together", || page(&facts));
    let page = in_words_of(&loaded.model, page);
    let page = with_titles(page, &[&loaded.model]);
    let _lock = Lock::of_directory(&args.run)?;
    put(&args.run, &page, &files, args.template.as_deref())
}

/// Writes the page on which sliders move into the directory of a run; says where.
fn explored(args: &ReportArgs, common: &Common) -> Result<String, Error> {
    let quiet = Common {
        quiet: true,
        ..common.clone()
    };
    let loaded = scenario_of(&args.run, &finished(&args.run)?, &quiet)?;
    let orders = args.with.iter().map(|path| study(path, &loaded, &quiet));
    let orders = orders.collect::<Result<Vec<_>, _>>()?;
    let order = orders.iter().find_map(|study| match study {
        StudyResults::Sensitivity(results) => Some(found(results)),
        _ => None,
    });
    let request = OpenRequest {
        name: loaded.model.name.clone(),
        text: loaded.resolved,
        ranked: order,
    };
    let _lock = Lock::of_directory(&args.run)?;
    let mut pages = pages_of(&args.run)?;
    if !pages.iter().any(|page| page == EXPLORED) {
        pages.push(EXPLORED.to_owned());
        note_pages(&args.run, pages)?;
    }
    file::write(&request, &args.run.join(EXPLORED), common)
}

/// The order of inputs that a finished study of sensitivity of the same scenario found.
pub fn ranked(path: &Path, loaded: &Loaded, common: &Common) -> Result<RankedInputs, Error> {
    match study(path, loaded, common)? {
        StudyResults::Sensitivity(results) => Ok(found(&results)),
        _ => Err(Error::Directory {
            path: path.to_owned(),
            reason: "is of another study; `mufakat sensitivity` orders inputs".to_owned(),
        }),
    }
}

/// Most bytes of a template.
const LARGEST_TEMPLATE: u64 = 16 << 20;

/// Writes a page and its data into a directory, whose lock the caller has; says where.
pub fn put(
    directory: &Path,
    page: &Document,
    files: &Files,
    template: Option<&Path>,
) -> Result<String, Error> {
    let own = match template {
        None => None,
        Some(path) => {
            places::check(&[("the page", &directory.join(PAGE))], &[path.to_owned()])?;
            Some(reading::text(path, LARGEST_TEMPLATE).map_err(Error::unreadable(path))?)
        }
    };
    let html = render(page, own.as_deref()).map_err(|error| Error::Unreadable {
        name: template.map_or("the template".to_owned(), |path| path.display().to_string()),
        reason: match error.line() {
            Some(line) => format!("line {line}: {error}"),
            None => error.to_string(),
        },
    })?;
    let path = directory.join(PAGE);
    put_files(directory, files, || write_whole(&path, html.as_bytes()))?;
    Ok(format!(
        "{}: {}, and the data of its figures in {} files in {}\n",
        path.display(),
        bytes(html.len() as f64),
        files.len(),
        directory.join(DATA).display()
    ))
}

/// Writes the data of figures, then the page; data of an earlier page that are no longer there go. All of them are noted as ours before.
fn put_files(
    directory: &Path,
    files: &Files,
    page: impl FnOnce() -> Result<(), Error>,
) -> Result<(), Error> {
    let folder = directory.join(DATA);
    if own_path(directory, &format!("{DATA}/{PAGE}")).is_none() {
        return Err(Error::Directory {
            path: folder,
            reason: "is a link, and no folder of ours: remove it".to_owned(),
        });
    }
    let in_folder = |name: &String| format!("{DATA}/{name}");
    let data: Vec<String> = files.iter().map(|(name, _)| in_folder(name)).collect();
    let (of_data, mut pages): (Vec<String>, Vec<String>) = pages_of(directory)?
        .into_iter()
        .partition(|page| page.starts_with(&format!("{DATA}/")));
    if !pages.iter().any(|known| known == PAGE) {
        pages.push(PAGE.to_owned());
    }
    pages.extend(data.iter().cloned());
    let gone: Vec<String> = of_data
        .into_iter()
        .filter(|one| !data.contains(one))
        .collect();
    note_pages(directory, [&pages[..], &gone[..]].concat())?;
    fs::create_dir_all(&folder).map_err(Error::unwritable(&folder))?;
    for (name, text) in files {
        write_whole(&folder.join(name), text.as_bytes())?;
    }
    page()?;
    remove(directory, gone.iter().map(String::as_str))?;
    note_pages(directory, pages)
}

/// A finished study, if it is one of the same scenario.
fn study(path: &Path, run: &Loaded, common: &Common) -> Result<StudyResults, Error> {
    let refused = |reason: String| Error::Directory {
        path: path.to_owned(),
        reason,
    };
    let identity = stored_identity(path)?.ok_or_else(|| {
        refused("has no manifest.json of ours; give the --out directory of a study".to_owned())
    })?;
    if let Some(other) = identity.other_edition() {
        return Err(refused(format!("is of {other}: ask it again")));
    }
    let command = identity
        .study
        .map_or("run".to_owned(), |study| study.command);
    let scenario = path.join(SCENARIO);
    let own = source::load_at(&scenario, &Layers::default(), common)?;
    if sha256_hex(&own.resolved) != identity.scenario_sha256 {
        return Err(refused(format!(
            "has a {SCENARIO} that was changed after it"
        )));
    }
    if let Some(difference) = first_difference(&run.origins, &own.origins) {
        return Err(refused(format!("is of another scenario: {difference}")));
    }
    if !path.join(RESULTS).exists() {
        return Err(refused(format!(
            "is not finished: `mufakat {command}` with the same --out and --resume finishes it"
        )));
    }
    Ok(match command.as_str() {
        "sensitivity" => StudyResults::Sensitivity(stored(path)?),
        "discover" => StudyResults::Discover(stored(path)?),
        "sweep" => StudyResults::Sweep(stored(path)?),
        "threshold" => StudyResults::Threshold(stored(path)?),
        "theories" => StudyResults::Theories(stored(path)?),
        "stability" => StudyResults::Stability(Box::new(stored(path)?)),
        other => {
            return Err(refused(format!(
                "is of `{other}`; --with takes sensitivity, discover, sweep, threshold, theories and stability"
            )));
        }
    })
}

/// The first key that two scenarios differ in, but for how many worlds are drawn and how.
fn first_difference(run: &[Origin], other: &[Origin]) -> Option<String> {
    let of_study = ["simulation.", "sweep."];
    let mut found = differences(run, other).into_iter();
    let first = found.find(|one| !of_study.iter().any(|start| one.path.starts_with(start)))?;
    Some(format!(
        "its {} is {}, that of the run {}",
        first.path,
        bare(&first.second),
        bare(&first.first)
    ))
}

/// What the page needs of single worlds; none where the run kept no tables.
fn worlds(
    run: &Path,
    finished: &Finished,
    loaded: &Loaded,
    reference: usize,
) -> Result<Option<WorldTables>, Error> {
    if !["trials", "windows"]
        .iter()
        .all(|table| finished.columns.contains(table))
    {
        return Ok(None);
    }
    let model = &loaded.model;
    let worlds = finished.results.manifest.trials.min(MOST_WORLDS) as usize;
    let rows = worlds * model.arms.len() * model.states.len();
    let names = |names: &[&str]| {
        names
            .iter()
            .map(|&name| name.to_owned())
            .collect::<Vec<_>>()
    };
    let mut of_trials = tables::first_rows(run, finished, "trials", &names(&["payoff"]), rows)?;
    let mut of_windows = tables::first_rows(
        run,
        finished,
        "windows",
        &names(&["payoff"]),
        rows * model.horizon.windows,
    )?;
    let rows = WorldRows {
        payoff: of_trials.swap_remove(0),
        window_payoff: of_windows.swap_remove(0),
    };
    Ok(Some(WorldTables::new(model, &rows, reference)))
}

/// Keys with their values.
fn inputs(origins: &[Origin]) -> Vec<(String, String)> {
    origins
        .iter()
        .map(|one| (one.path.clone(), one.value.clone()))
        .collect()
}

/// When and how it was run, in words.
fn circumstance(of: &Circumstance) -> Vec<(String, String)> {
    let mut said = vec![("started".to_owned(), of.started.clone())];
    if let Some(seconds) = of.wall_time_s {
        said.push(("took".to_owned(), format!("{seconds:.1} s")));
    }
    said.push(("threads".to_owned(), of.threads.to_string()));
    said.push(("machine".to_owned(), of.machine.clone()));
    said
}

/// Commands that repeat it, in the directory of the run.
fn repeat(finished: &Finished) -> Vec<String> {
    let manifest = &finished.results.manifest;
    vec![
        "mufakat replay .".to_owned(),
        format!(
            "mufakat run {SCENARIO} --trials {} --seed {}",
            manifest.trials, manifest.seed
        ),
    ]
}
