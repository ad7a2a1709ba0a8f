//! `manifest.json`: whose directory it is, what was asked there, which files are ours.

use crate::cli::reading;
use crate::cli::store::atomic::write_whole;
use crate::cli::store::pieces::PieceKey;
use crate::error::Error;
use crate::study::results::columns::{Keep, file_name};
use crate::study::results::json::document;
use crate::study::results::run::{AskedStudy, Manifest};
use crate::study::results::sheet::Format;
use crate::theory::draws::design::Sampler;
use crate::theory::spelling::units::count;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io;
use std::path::Path;

/// Most bytes that it may have: far more than what any command asks.
const LARGEST: u64 = 64 << 20;

/// Its name.
pub(super) const MANIFEST: &str = "manifest.json";

/// The page of a run or comparison.
pub const PAGE: &str = "report.html";

/// The page of a run on which sliders move.
pub const EXPLORED: &str = "explore.html";

/// Page of a brief.
pub const BRIEF: &str = "brief.html";

/// The page of `accords`.
pub const ACCORDS: &str = "accords.html";

/// The page of `advise`.
pub const ADVICE: &str = "advice.html";

/// The page of cases on record.
pub const HISTORY: &str = "history.html";

/// The page of `turn`.
pub const TURN: &str = "turn.html";
/// The page of `pedigree`.
pub const PEDIGREE: &str = "pedigree.html";

/// What does not belong to the identity of a run: it may differ when the same results are made again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Circumstance {
    /// When this invocation started, RFC 3339.
    pub started: String,
    /// Seconds from start to end; absent while it runs.
    pub wall_time_s: Option<f64>,
    pub threads: usize,
    pub command_line: Vec<String>,
    pub machine: String,
    /// Trials that an earlier invocation had finished.
    pub resumed_from: u64,
    /// Which tables it writes; absent in directories of earlier versions.
    #[serde(default)]
    pub keep: Option<Keep>,
    /// Their format.
    #[serde(default)]
    pub format: Format,
    /// Files that a study writes besides its results.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// Others of ours that lie beside them: pages with their data, tables in another format; absent in directories of earlier versions.
    #[serde(default)]
    pub pages: Option<Vec<String>>,
}

/// What `manifest.json` holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct ManifestFile {
    pub(super) identity: Manifest,
    pub(super) circumstance: Circumstance,
    /// The study with its options, from which it is played again; absent in directories of earlier versions.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub(super) study: Value,
}

impl ManifestFile {
    /// Writes it into its directory.
    pub(super) fn write(&self, directory: &Path) -> Result<(), Error> {
        write_whole(&directory.join(MANIFEST), document(self).as_bytes())
    }
}

impl Circumstance {
    /// Names of the files that were written besides results and scenario; where it is not said, nothing is known to be missing.
    pub(super) fn written(&self) -> Vec<String> {
        if !self.files.is_empty() {
            return self.files.clone();
        }
        let tables = self.keep.map_or(&[][..], Keep::files).iter();
        tables.map(|name| file_name(name, self.format)).collect()
    }

    /// Names of all files that are ours beside results, scenario and manifest.
    pub(super) fn all(&self) -> Vec<String> {
        let pages = match &self.pages {
            Some(pages) => pages.clone(),
            None => EARLIER_PAGES.map(str::to_owned).to_vec(),
        };
        [self.written(), pages].concat()
    }
}

/// Pages that earlier versions wrote without noting them.
const EARLIER_PAGES: [&str; 8] = [
    PAGE, EXPLORED, BRIEF, ADVICE, HISTORY, PEDIGREE, TURN, ACCORDS,
];

/// The text of a file, `None` if there is no such file.
fn read_if_there(path: &Path) -> Result<Option<String>, Error> {
    match reading::text(path, LARGEST) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::unreadable(path)(error)),
    }
}

/// The manifest of the run in a directory; `None` where it is missing or not ours.
pub(super) fn stored_manifest(path: &Path) -> Result<Option<ManifestFile>, Error> {
    let text = read_if_there(&path.join(MANIFEST))?;
    let file = text.and_then(|text| serde_json::from_str::<ManifestFile>(&text).ok());
    Ok(file.filter(|file| file.identity.tool == env!("CARGO_PKG_NAME")))
}

/// Whose run a directory holds, if it is one of ours.
pub fn stored_identity(path: &Path) -> Result<Option<Manifest>, Error> {
    Ok(stored_manifest(path)?.map(|file| file.identity))
}

/// Pages of a directory that are ours, with their data.
#[cfg(feature = "html")]
pub fn pages_of(path: &Path) -> Result<Vec<String>, Error> {
    let pages = stored_manifest(path)?.and_then(|file| file.circumstance.pages);
    Ok(pages.unwrap_or_default())
}

/// Notes what pages a directory has, before they are written, so that whoever replaces it knows them for ours.
#[cfg(feature = "html")]
pub fn note_pages(path: &Path, pages: Vec<String>) -> Result<(), Error> {
    let Some(mut file) = stored_manifest(path)? else {
        return Ok(());
    };
    if file.circumstance.pages.as_ref() == Some(&pages) {
        return Ok(());
    }
    file.circumstance.pages = Some(pages);
    file.write(path)
}

/// The format of the tables that a directory has or is to have.
pub fn stored_format(path: &Path) -> Result<Format, Error> {
    let format = stored_manifest(path)?.map(|file| file.circumstance.format);
    Ok(format.unwrap_or_default())
}

/// The command whose results they are.
pub(super) fn command(manifest: &Manifest) -> &str {
    manifest
        .study
        .as_ref()
        .map_or("run", |study| &study.command)
}

fn study(manifest: &Manifest, of: impl Fn(&AskedStudy) -> String) -> String {
    manifest.study.as_ref().map_or_else(String::new, of)
}

/// What tells two identities apart, for the reader.
pub(super) fn first_difference(stored: &Manifest, asked: &Manifest) -> Option<String> {
    let fields = |manifest: &Manifest| {
        [
            ("version", manifest.version.clone()),
            ("seed", manifest.seed.to_string()),
            ("number of worlds", count(manifest.trials)),
            ("sampler", manifest.sampler.clone()),
            ("precision", format!("{:?}", manifest.precision)),
            ("scenario", manifest.scenario.clone()),
            ("scenario_sha256", manifest.scenario_sha256.clone()),
            ("overrides", format!("{:?}", manifest.overrides)),
            ("quantiles", manifest.quantiles.clone()),
            ("command", study(manifest, |study| study.command.clone())),
        ]
    };
    let pairs = fields(stored).into_iter().zip(fields(asked));
    let mut different = pairs.filter(|(one, other)| one != other);
    let first = different
        .next()
        .map(|((name, one), (_, other))| format!("its {name} is {one}, not {other}"));
    first.or_else(|| {
        let settings = |manifest: &Manifest| {
            let study = manifest.study.as_ref();
            study.map_or_else(Vec::new, |study| study.settings.clone())
        };
        let (stored, asked) = (settings(stored), settings(asked));
        let only =
            |of: &[String], others: &[String]| of.iter().find(|one| !others.contains(one)).cloned();
        let differs = |whose: &str, one: String| format!("its settings differ: `{one}` is {whose}");
        let reordered = || "its settings stand in another order".to_owned();
        (only(&stored, &asked).map(|one| differs("of the stored one alone", one)))
            .or_else(|| only(&asked, &stored).map(|one| differs("of this one alone", one)))
            .or_else(|| (stored != asked).then(reordered))
    })
}

/// What the blocks of a run are told apart by. Where more trials may follow and do not change those before, how many there are has
/// no part in it.
pub fn key_of(identity: &Manifest) -> PieceKey {
    let sampler = Sampler::named(&identity.sampler);
    let mut identity = identity.clone();
    if identity.precision.is_some() && sampler.is_some_and(Sampler::is_extensible) {
        identity.trials = 0;
        // The resolved scenario holds their number, and so does what is kept for quantiles.
        identity.scenario_sha256.clear();
        identity.quantiles.clear();
    }
    let text = serde_json::to_string(&identity)
        .expect("keys are strings and there are no fractions, so that it is valid JSON");
    *blake3::hash(text.as_bytes()).as_bytes()
}
