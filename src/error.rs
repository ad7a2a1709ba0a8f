//! The one error of the crate: what went wrong, and the exit code that says so.

use crate::engine::trial::TrialError;
use crate::scenario::grid::AxisError;
use crate::scenario::{LoadError, Problems};
use crate::study::brief::error::BriefError;
use crate::study::outputs::OutputError;
use crate::study::pieces::StudyError;
use crate::study::readings::ReadError;
use crate::study::results::condition::ConditionError;
use crate::study::results::format::NotBuiltIn;
use crate::study::results::magnitude::NumericError;
use crate::study::stability::StabilityError;
use crate::theory::discovery::DiscoveryError;
use crate::theory::spelling::units;
use crate::theory::spelling::{listed, nearest};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The command line asks for something that does not exist.
    #[error("there is no {kind} `{word}`; {hint}")]
    Unknown {
        /// What was looked for.
        kind: &'static str,
        /// What was given.
        word: String,
        /// The nearest that exists, or all.
        hint: String,
    },
    /// A scenario is not valid.
    #[error("{name} is not a valid scenario: {}", count(.problems))]
    Scenario {
        /// Name of the scenario.
        name: String,
        /// All that is wrong with it.
        problems: Problems,
    },
    /// Worlds that are given cannot be played in their scenario, which is valid without them.
    #[error("{name} cannot be played: {}", count(.problems))]
    Worlds {
        /// Name of the table.
        name: String,
        /// All that is wrong with it.
        problems: Problems,
    },
    /// A file could not be read.
    #[error("cannot read {name}: {reason}")]
    Unreadable {
        /// Name of the file.
        name: String,
        /// Why.
        reason: String,
    },
    /// A file could not be written.
    #[error("cannot write {name}: {reason}")]
    Unwritable {
        /// Name of the file.
        name: String,
        /// Why.
        reason: String,
    },
    /// Tables in a format that this program is built without.
    #[error("{name}: {source}")]
    NotBuiltIn {
        /// The file, or the directory of the tables.
        name: String,
        /// The format, and how to build the program with it.
        source: NotBuiltIn,
    },
    /// The explorer is to be served by a program that is built without that.
    #[error(
        "this program is built without `serve`; `cargo install --path . --features serve` builds it with it"
    )]
    NoServer,
    /// A page that would take the place of something else.
    #[error("a page is not written to {}: {reason}; name a new file with -o", .path.display())]
    PagePlace {
        /// Where it was to be.
        path: PathBuf,
        /// What is there.
        reason: &'static str,
    },
    /// A file that would take the place of another.
    #[error("{flag} {}: {reason}; name another file", .path.display())]
    Place {
        /// The option that names it.
        flag: &'static str,
        /// Where it was to be.
        path: PathBuf,
        /// What is there.
        reason: &'static str,
    },
    /// A scenario of which nothing can be explored.
    #[error("{name} cannot be explored: {reason}")]
    Unexplored {
        /// Name of the scenario.
        name: String,
        /// Why not.
        reason: String,
    },
    /// A port that cannot be listened on.
    #[error("cannot listen on 127.0.0.1:{port}: {reason}; without --port, a free one is taken")]
    Port {
        /// The port.
        port: u16,
        /// What the system said.
        reason: String,
    },
    /// An address that cannot be listened on.
    #[error("cannot listen on {address}: {reason}")]
    Listen {
        /// The address with its port.
        address: SocketAddr,
        /// What the system said.
        reason: String,
    },
    /// `--fail-if` cannot be read.
    #[error("--fail-if: {0}")]
    Condition(#[from] ConditionError),
    /// A condition on results that `--where` takes cannot be read.
    #[error("--where: {0}")]
    Where(ConditionError),
    /// What should have a level, or the level, is missing.
    #[error("--where '{text}': {reason}, for example 'bloc.total.payoff.difference = 0'")]
    NoEquation {
        /// The text.
        text: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// What should be solved for is no number.
    #[error(
        "--solve {path}: there is no such number; {}", match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name one, for example arm.bloc.binding or market.diversion (`mufakat show SCENARIO --origin` lists all)".to_owned(),
        }
    )]
    NotANumber {
        /// The path.
        path: String,
        /// The path of the scenario that is most like it.
        near: Option<String>,
    },
    /// A number without ends is to be searched.
    #[error("{path} is {expected}: say where to search with --from and --to, the lower first")]
    Range {
        /// The path.
        path: String,
        /// Its range.
        expected: &'static str,
    },
    /// An arm is compared with itself.
    #[error("`{arm}` is both judged and compared with; name another with --arm or --reference")]
    SameArm {
        /// Name of the arm.
        arm: String,
    },
    /// A condition on worlds that `--when` takes cannot be read.
    #[error("--when: {0}")]
    When(ConditionError),
    /// A group of factors that cannot be formed.
    #[error("--group {text}: {reason}, for example SG='state.SG.*'")]
    Group {
        /// The group as written.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
    /// No uncertain quantity matches, and no event.
    #[error(
        "{flag} {glob}: no uncertain quantity matches; `mufakat show SCENARIO --origin` lists the paths, * stands for any text; \
         whether an event came is event.NAME.came"
    )]
    NoFactor {
        /// Flag that took it.
        flag: &'static str,
        /// The glob.
        glob: String,
    },
    /// A glob that no key of the scenario matches.
    #[error(
        "--key {glob}: no key of the scenario matches; `mufakat show SCENARIO --origin` prints all"
    )]
    NoKey {
        /// The glob.
        glob: String,
    },
    /// A number that the tables of a run do not hold.
    #[error("{path} is in no table of a run; give the scenario instead of the run")]
    NotInRun {
        /// The path.
        path: String,
    },
    /// What should vary cannot be read.
    #[error("--vary: {0}")]
    Axis(#[from] AxisError),
    /// A scenario that is no bargain on record.
    #[error(
        "{name} has no [history], which says what came of the bargain; `mufakat new` prints how one is written"
    )]
    NoHistory {
        /// Name of the scenario.
        name: String,
    },
    /// Nothing varies.
    #[error(
        "nothing varies: the scenario has no [sweep]; name what varies, for example --vary market.diversion=0:1:11"
    )]
    NoAxis,
    /// A question that needs worlds which differ, to a scenario in which nothing is uncertain.
    #[error("{}", NOTHING_UNCERTAIN)]
    NothingUncertain,
    /// A question to quantities, where events alone are uncertain.
    #[error(
        "no quantity is uncertain in this scenario but what events draw, nor whether an event comes but as a table of worlds lists it: nothing can be a factor"
    )]
    NoEventByItself,
    /// More worlds are to be kept of a cell than fit.
    #[error(
        "--keep trials: {} worlds of {columns} numbers each are more than a cell may hold, at most {} worlds; take fewer with -n, or fewer with --output",
        units::count(*.worlds), units::count(*.most)
    )]
    KeptWorlds {
        /// Worlds of a cell.
        worlds: u64,
        /// Numbers of each.
        columns: u64,
        /// Most worlds of so many numbers.
        most: u64,
    },
    /// More worlds are to be held at once than there is memory for.
    #[error(
        "{} worlds take about {} of memory, of which there is {}; take at most {} with -n",
        units::count(*.worlds), units::bytes(*.needs as f64), units::bytes(*.memory as f64), units::count(*.most)
    )]
    Memory {
        /// Worlds that are asked for.
        worlds: u64,
        /// Bytes that they take.
        needs: u64,
        /// Bytes that there are.
        memory: u64,
        /// Most worlds.
        most: u64,
    },
    /// Cells of a sweep without a result; the others have theirs.
    #[error("{failed} of {cells} cells failed")]
    Cells {
        /// How many failed.
        failed: usize,
        /// How many there are.
        cells: u64,
    },
    /// No text with numbers of results is printed, so that none has a path.
    #[error("--paths: {reason}")]
    NoPaths {
        /// What is printed instead, and what to do.
        reason: &'static str,
    },
    /// Threads could not be started.
    #[error("cannot start {threads} threads: {reason}")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the system said.
        reason: String,
    },
    /// Worlds were played but could not all be kept.
    #[error("{source}; finished worlds in {} are kept, continue with --resume", .directory.display())]
    Kept {
        /// What failed.
        source: Box<Error>,
        /// The run's directory.
        directory: PathBuf,
    },
    /// What each piece says was not kept, in memory or elsewhere.
    #[error("{what} is made of what every world says, which was not kept: ask again, and keep it")]
    NotHeld {
        /// What is asked for.
        what: &'static str,
    },
    /// The directory of `--out` holds something else.
    #[error("{} {reason}", .path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// Why it cannot be used and what to do.
        reason: String,
    },
    /// A directory that is not that of a finished run.
    #[error("{} is not a finished run: {reason}", .path.display())]
    NotARun {
        /// The directory.
        path: PathBuf,
        /// What is missing.
        reason: String,
    },
    /// Worlds that a table cannot give again.
    #[error(
        "--design: `{draw}` is drawn at the rank of {path} among rows of a file, which a table of worlds does not hold; let the event set a number, or give {path} a distribution without a file"
    )]
    Design {
        /// The draw of an event.
        draw: String,
        /// The quantity.
        path: String,
    },
    /// A study that cannot be planned as it was asked.
    #[error("plan: {reason}")]
    Planning {
        /// Why not, and what to do.
        reason: String,
    },
    /// A plan, or shards of it, that cannot be used.
    #[error("{} {reason}", .path.display())]
    Plan {
        /// The plan, or a file of it.
        path: PathBuf,
        /// Why it cannot be used and what to do.
        reason: String,
    },
    /// A program of a cluster's queue did not do what it was asked.
    #[error("{program}: {reason}")]
    Queue {
        /// The program.
        program: String,
        /// What it said, and what to do.
        reason: String,
    },
    /// An offer that cannot be read.
    #[error("--offer {text}: {reason}; expected TERM=LEVEL,... or a TOML file with [offer]")]
    Offer {
        /// The offer as written.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A study has no results.
    #[error(transparent)]
    Study(StudyError),
    /// Interrupted by a signal.
    #[error("interrupted after {} of {} worlds; {kept}", units::count(*.played), units::count(*.trials))]
    Interrupted {
        /// Worlds played.
        played: u64,
        /// Worlds asked for.
        trials: u64,
        /// What was kept.
        kept: String,
    },
}

/// What every study says of a scenario whose worlds are one but for the chance of talks.
pub const NOTHING_UNCERTAIN: &str = "nothing is uncertain in this scenario: no quantity has a distribution, and no event comes in some worlds alone";

/// The exit code of a program ended by Ctrl-C or SIGTERM.
pub const INTERRUPTED: u8 = 130;

impl Error {
    /// The exit code of the program, of all errors here and nowhere else: 2 bad usage, 3 scenario not valid, 4 a file
    /// could not be read or written, 5 numeric failure, 130 interrupted.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Unknown { .. } | Error::Condition(_) | Error::Threads { .. } => 2,
            Error::Axis(_) | Error::NoAxis | Error::NothingUncertain | Error::KeptWorlds { .. } => {
                2
            }
            Error::Where(_) | Error::NoEquation { .. } | Error::SameArm { .. } => 2,
            Error::NotANumber { .. } | Error::Range { .. } => 2,
            Error::NotHeld { .. } | Error::Memory { .. } => 2,
            Error::NoFactor { .. } | Error::NoKey { .. } | Error::NotInRun { .. } => 2,
            Error::NoEventByItself | Error::NoHistory { .. } => 2,
            Error::Group { .. } | Error::When(_) | Error::Offer { .. } => 2,
            Error::Planning { .. } | Error::Design { .. } => 2,
            Error::NotBuiltIn { .. }
            | Error::NoServer
            | Error::PagePlace { .. }
            | Error::Place { .. }
            | Error::NoPaths { .. } => 2,
            Error::Scenario { .. } | Error::Worlds { .. } | Error::Unexplored { .. } => 3,
            Error::Unreadable { .. } | Error::Unwritable { .. } => 4,
            Error::Directory { .. } | Error::NotARun { .. } => 4,
            Error::Plan { .. } | Error::Queue { .. } | Error::Port { .. } => 4,
            Error::Listen { .. } => 4,
            Error::Kept { source, .. } => source.exit_code(),
            Error::Study(error) if error.is_usage() => 2,
            Error::Study(_) | Error::Cells { .. } => 5,
            Error::Interrupted { .. } => INTERRUPTED,
        }
    }

    /// What becomes of a failure to read `path`.
    pub fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> Error {
        let name = path.display().to_string();
        move |error| match not_built_in(&error) {
            Some(source) => Error::NotBuiltIn { name, source },
            None => Error::Unreadable {
                name,
                reason: reason(&error),
            },
        }
    }

    /// What becomes of a failure to write, create or remove `path`.
    pub fn unwritable(path: &Path) -> impl FnOnce(io::Error) -> Error {
        let name = path.display().to_string();
        let parent = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.map(|parent| parent.display().to_string());
        move |error| match (not_built_in(&error), error.kind(), parent) {
            (Some(source), ..) => Error::NotBuiltIn { name, source },
            (_, io::ErrorKind::NotFound, Some(parent)) => Error::Unwritable {
                name,
                reason: format!("there is no directory {parent}, or it takes no files"),
            },
            _ => Error::Unwritable {
                name,
                reason: reason(&error),
            },
        }
    }

    /// That nothing among `known` is called `word`.
    pub fn unknown(kind: &'static str, word: &str, known: &[&str]) -> Error {
        let hint = match nearest(word, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known: {}", listed(known)),
        };
        Error::Unknown {
            kind,
            word: word.to_owned(),
            hint,
        }
    }

    /// Whether a file is at fault, which can be mended before the command is given again.
    pub fn is_file(&self) -> bool {
        matches!(self, Error::Unreadable { .. } | Error::Unwritable { .. })
    }

    /// What loading the scenario `name` met.
    pub fn from_load(name: &str, error: LoadError) -> Error {
        match error {
            LoadError::Problems(problems) => Error::Scenario {
                name: name.to_owned(),
                problems,
            },
            LoadError::Unreadable { name, reason } => Error::Unreadable { name, reason },
        }
    }
}

impl From<StudyError> for Error {
    fn from(error: StudyError) -> Error {
        match error {
            StudyError::Load { name, error } => Error::from_load(&name, error),
            StudyError::Foreign => Error::Unreadable {
                name: "a shard".to_owned(),
                reason: "its pieces are not those of the plan".to_owned(),
            },
            // Whoever plays it says more.
            StudyError::Stopped => Error::Interrupted {
                played: 0,
                trials: 0,
                kept: String::new(),
            },
            StudyError::Write(error) => Error::unwritable(Path::new("a table"))(error),
            error => Error::Study(error),
        }
    }
}

macro_rules! of_studies {
    ($($one:ty),+) => { $(impl From<$one> for Error {
        fn from(error: $one) -> Error {
            StudyError::from(error).into()
        }
    })+ };
}
of_studies!(
    TrialError,
    NumericError,
    OutputError,
    StabilityError,
    BriefError,
    ReadError,
    DiscoveryError
);

/// What a failure of a table says of its format.
fn not_built_in(error: &io::Error) -> Option<NotBuiltIn> {
    error.get_ref()?.downcast_ref().copied()
}

/// Why an operation on a file failed, in lower case and without the number of the system.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => return "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => return "you have no permission".to_owned(),
        io::ErrorKind::NotADirectory => {
            return "part of its path is a file, not a directory".to_owned();
        }
        _ => {}
    }
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        // An abbreviation stays one.
        (Some(_), Some(second)) if second.is_uppercase() => text.to_owned(),
        (Some(first), _) => first.to_lowercase().chain(chars).collect(),
        (None, _) => String::new(),
    }
}

fn count(problems: &Problems) -> String {
    let errors = problems.diagnostics.iter().filter(|one| one.is_error());
    match errors.count() {
        1 => "1 error".to_owned(),
        count => format!("{count} errors"),
    }
}
