//! Reads scenarios and their layers from files, or from those shipped in the program.

use crate::cli::args::common::{Common, Layers, ScenarioArgs};
use crate::cli::cluster::plan::Plan;
use crate::cli::output;
use crate::cli::reading;
use crate::cli::shipped;
use crate::cli::snippet;
use crate::cli::store::directory::SCENARIO;
use crate::cli::texts::{TextFiles, Texts};
use crate::error::{Error, reason};
use crate::scenario::base::Base;
use crate::scenario::{self, LoadError, Loaded, Problems, Request, Source};
use crate::study::history::paths::checked;
use crate::theory::spelling::listed;
use crate::theory::spelling::shell::word;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Largest scenario file. The largest sensible one without data, 64 states with a source for every number, is far below; worlds that were
/// given stand in the resolved scenario.
const LARGEST_BYTES: u64 = 128 * 1024 * 1024;

impl TextFiles {
    /// Whether nothing outside is read.
    pub fn is_stored(&self) -> bool {
        matches!(self, TextFiles::Stored(_))
    }

    /// Whether the scenario of a name is there, whatever the disk holds.
    pub fn has(&self, name: &str) -> bool {
        match self {
            TextFiles::Stored(_) => true,
            TextFiles::Given(given) | TextFiles::Noted(_, given) => {
                given.scenarios.contains_key(name)
            }
            TextFiles::Outside => false,
        }
    }

    fn scenario(
        &self,
        name: &str,
        read: impl FnOnce() -> Result<Source, Error>,
    ) -> Result<Source, Error> {
        match self {
            TextFiles::Outside => read(),
            TextFiles::Given(texts) => match texts.scenarios.get(name).cloned() {
                Some((name, text)) => Ok(Source { name, text }),
                None => read(),
            },
            TextFiles::Noted(texts, given) => {
                let source = match given.scenarios.get(name).cloned() {
                    Some((name, text)) => Source { name, text },
                    None => read()?,
                };
                let noted = (source.name.clone(), source.text.clone());
                let mut texts = texts.lock().expect("nothing panics while it is held");
                texts.scenarios.insert(name.to_owned(), noted);
                Ok(source)
            }
            TextFiles::Stored(texts) => match texts.scenarios.get(name).cloned() {
                Some((name, text)) => Ok(Source { name, text }),
                None => Err(Error::Unreadable {
                    name: name.to_owned(),
                    reason: NOT_NOTED.to_owned(),
                }),
            },
        }
    }

    /// The text of a layer that is named by its file.
    pub fn layer(
        &self,
        file: &Path,
        read: impl FnOnce() -> Result<Source, Error>,
    ) -> Result<Source, Error> {
        let name = file.to_string_lossy();
        let is_outside = matches!(self, TextFiles::Outside | TextFiles::Given(_));
        if !is_outside && file.to_str().is_none() {
            // It is known by its name, and two such names may look the same.
            return Err(Error::Planning {
                reason: format!(
                    "the name of {name} is not UTF-8, so that a plan cannot hold it: rename the file"
                ),
            });
        }
        self.scenario(&name, read)
    }

    /// What is known under a name that is no file: as it is now, or as it was noted.
    pub fn noted(&self, name: &str, now: Option<String>) -> String {
        match (self, now) {
            (TextFiles::Stored(texts), _) => texts.bases.get(name).cloned().unwrap_or_default(),
            (TextFiles::Noted(texts, _), Some(now)) => {
                let mut texts = texts.lock().expect("nothing panics while it is held");
                texts.bases.insert(name.to_owned(), now.clone());
                now
            }
            (_, now) => now.unwrap_or_default(),
        }
    }

    /// A text that is no scenario: what one extends, or an offer.
    pub fn base(&self, name: &str) -> Result<String, String> {
        match self {
            TextFiles::Outside | TextFiles::Given(_) => read_base(name),
            TextFiles::Noted(texts, _) => {
                let text = read_base(name)?;
                let mut texts = texts.lock().expect("nothing panics while it is held");
                texts.bases.insert(name.to_owned(), text.clone());
                Ok(text)
            }
            TextFiles::Stored(texts) => {
                let text = texts.bases.get(name).cloned();
                text.ok_or_else(|| NOT_NOTED.to_owned())
            }
        }
    }
}

/// A plan that was not altered never misses one.
const NOT_NOTED: &str = "the plan does not hold it";

/// Loads a scenario with its layers and says its warnings.
pub fn load(args: &ScenarioArgs, common: &Common) -> Result<Loaded, Error> {
    load_named(&args.scenario, &args.layers, common)
}

/// Loads the scenario of a name with layers over it and says its warnings.
pub fn load_named(name: &str, layers: &Layers, common: &Common) -> Result<Loaded, Error> {
    let request = request(name, layers, &common.files)?;
    let loaded = output::timed(common, "scenario loaded", || {
        scenario::load(&request, &mut |name: &str| common.files.base(name))
    });
    let loaded = loaded.map_err(|error| match error {
        LoadError::Problems(problems) if is_of_worlds(&request, &problems) => Error::Worlds {
            name: request
                .worlds
                .map_or_else(String::new, |worlds| worlds.name),
            problems,
        },
        error => Error::from_load(name, error),
    })?;
    say_warnings(&loaded, common);
    Ok(loaded)
}

/// A scenario every path into results of which names one.
pub fn with_result_paths(name: &str, loaded: Loaded) -> Result<Loaded, Error> {
    match checked(&loaded) {
        Ok(()) => Ok(loaded),
        Err(problems) => Err(Error::from_load(name, LoadError::Problems(problems))),
    }
}

/// Whether all that is wrong stands in the table of worlds.
fn is_of_worlds(request: &Request, problems: &Problems) -> bool {
    let source = |layer: usize| Some(&problems.sources[layer]) == request.worlds.as_ref();
    let mut errors = problems.diagnostics.iter().filter(|one| one.is_error());
    errors.all(|error| {
        let first = error.labels.first();
        first.is_some_and(|label| source(label.span.layer))
    })
}

/// Says the warnings of a scenario; those of what a plan holds were said when it was made.
fn say_warnings(loaded: &Loaded, common: &Common) {
    if !common.files.is_stored() {
        output::styled_note(common, &snippet::render(&loaded.warnings, &loaded.sources));
    }
}

fn request(name: &str, layers: &Layers, files: &TextFiles) -> Result<Request, Error> {
    let mut request = Request {
        scenario: files.scenario(name, || scenario_source(name))?,
        overlays: Vec::new(),
        worlds: layers.worlds.as_ref().map(|table| table.source.clone()),
        sets: layers.sets.clone(),
        trials: layers.trials,
        seed: layers.seed,
    };
    for overlay in &layers.overlays {
        let source = files.layer(overlay, || file_source(overlay))?;
        request.overlays.push(source);
    }
    Ok(request)
}

/// Reads and loads a scenario that is varied, and says its warnings.
pub fn load_base(args: &ScenarioArgs, common: &Common) -> Result<(Base, Loaded), Error> {
    let request = request(&args.scenario, &args.layers, &common.files)?;
    let loaded = Base::load(request, &mut |name: &str| common.files.base(name));
    let (base, loaded) = loaded.map_err(|error| Error::from_load(&args.scenario, error))?;
    say_warnings(&loaded, common);
    Ok((base, loaded))
}

/// Flags with which scenarios in these files are read by their names as they are shown, also where those are not UTF-8.
pub fn with_files(
    common: &Common,
    paths: impl IntoIterator<Item = PathBuf>,
) -> Result<Common, Error> {
    let mut texts = Texts::default();
    for path in paths.into_iter().filter(|path| path.to_str().is_none()) {
        let Source { name, text } = file_source(&path)?;
        texts.scenarios.insert(name.clone(), (name, text));
    }
    let files = match texts.scenarios.is_empty() {
        true => common.files.clone(),
        false => TextFiles::Given(Arc::new(texts)),
    };
    Ok(Common {
        files,
        ..common.clone()
    })
}

/// Loads the scenario in a file, whatever its name.
pub fn load_at(path: &Path, layers: &Layers, common: &Common) -> Result<Loaded, Error> {
    let common = with_files(common, [path.to_owned()])?;
    load_named(&path.to_string_lossy(), layers, &common)
}

/// What stands for standard input in the place of a scenario.
const STANDARD_INPUT: &str = "-";

/// The text of standard input, which is read once however often it is asked for.
fn standard_input() -> Result<Source, Error> {
    static READ: OnceLock<Result<String, String>> = OnceLock::new();
    let read =
        READ.get_or_init(|| reading::standard_input(LARGEST_BYTES).map_err(|error| reason(&error)));
    let name = "standard input".to_owned();
    match read.clone() {
        Ok(text) => Ok(Source { name, text }),
        Err(reason) => Err(Error::Unreadable { name, reason }),
    }
}

/// The text of a scenario: standard input, a file or, where there is no such file, a shipped one of that name.
pub fn scenario_source(name: &str) -> Result<Source, Error> {
    if name == STANDARD_INPUT {
        return standard_input();
    }
    let path = Path::new(name);
    if !path.is_file()
        && let Some(shipped) = shipped::find(name)
    {
        return Ok(shipped.source());
    }
    let read = file_source(path);
    match read {
        Err(Error::Unreadable { name, reason }) if !path.exists() => {
            let near = shipped::nearest(&name);
            let advice = near.map_or_else(
                || {
                    let names: Vec<&str> = shipped::ALL.iter().map(|one| one.name).collect();
                    format!(
                        ", and no shipped scenario has this name; known: {}",
                        listed(&names)
                    )
                },
                |near| format!("; did you mean the shipped scenario `{near}`?"),
            );
            Err(Error::Unreadable {
                name,
                reason: reason + &advice,
            })
        }
        read => read,
    }
}

fn file_source(path: &Path) -> Result<Source, Error> {
    let name = path.to_string_lossy().into_owned();
    match read_text(path) {
        Ok(text) => Ok(Source { name, text }),
        Err(reason) => Err(Error::Unreadable { name, reason }),
    }
}

/// Reads an extended file; where there is no such file, a shipped scenario of that name, so that copies of shipped ones work anywhere.
pub fn read_base(name: &str) -> Result<String, String> {
    let path = Path::new(name);
    let file = path.file_name().and_then(|file| file.to_str());
    let known = shipped::extended(name).or_else(|| match path.exists() {
        true => None,
        false => shipped::find(file?).map(|shipped| shipped.text),
    });
    match known {
        Some(text) => Ok(text.to_owned()),
        None => read_text(path).map_err(|reason| {
            let bare = path.file_name();
            let near = bare.and_then(|bare| shipped::nearest(&bare.to_string_lossy()));
            match near {
                Some(near) if !path.exists() => {
                    format!("{reason}; did you mean the shipped scenario `{near}`?")
                }
                _ => reason,
            }
        }),
    }
}

/// The text of a file of sensible size, or why it has none.
pub fn read_text(path: &Path) -> Result<String, String> {
    if path.is_dir() {
        return Err(match Plan::is_in(path) {
            true => format!(
                "it is the directory of a plan, of which `mufakat run {} --shard I/N` plays a shard",
                word(&path.to_string_lossy())
            ),
            false if path.join(SCENARIO).is_file() => format!(
                "it is a directory of results, whose scenario is {}",
                path.join(SCENARIO).display()
            ),
            false => "it is a directory, not a file".to_owned(),
        });
    }
    reading::text(path, LARGEST_BYTES).map_err(|error| reason(&error))
}
