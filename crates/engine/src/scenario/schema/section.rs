//! The tables of a scenario file.

/// A table of the scenario file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum FileTable {
    Root,
    Question,
    Words,
    History,
    HistoryFigure,
    HistoryObserved,
    HistoryWinner,
    HistoryCandidate,
    Simulation,
    Horizon,
    Market,
    Bargaining,
    Dynamics,
    State,
    Hyperscaler,
    Term,
    Pair,
    Link,
    Arm,
    Event,
    Correlation,
    Pedigree,
    Sweep,
    Axis,
    Accords,
}

/// Most states, hyperscalers, terms and arms: one bit each in a machine word.
pub(crate) const MOST: usize = 64;

impl FileTable {
    /// The tables directly under the root, in the order of the contract.
    pub const TABLES: &'static [FileTable] = &[
        FileTable::Question,
        FileTable::Words,
        FileTable::History,
        FileTable::Simulation,
        FileTable::Horizon,
        FileTable::Market,
        FileTable::Bargaining,
        FileTable::Dynamics,
        FileTable::State,
        FileTable::Hyperscaler,
        FileTable::Term,
        FileTable::Pair,
        FileTable::Link,
        FileTable::Arm,
        FileTable::Event,
        FileTable::Correlation,
        FileTable::Pedigree,
        FileTable::Sweep,
        FileTable::Accords,
    ];

    /// Its key in the file; empty for the root.
    pub fn name(self) -> &'static str {
        match self {
            FileTable::Root => "",
            FileTable::Question => "question",
            FileTable::Words => "words",
            FileTable::History => "history",
            FileTable::HistoryFigure => "history.figure",
            FileTable::HistoryObserved => "history.observed",
            FileTable::HistoryWinner => "history.winner",
            FileTable::HistoryCandidate => "history.winner.among",
            FileTable::Simulation => "simulation",
            FileTable::Horizon => "horizon",
            FileTable::Market => "market",
            FileTable::Bargaining => "bargaining",
            FileTable::Dynamics => "dynamics",
            FileTable::State => "state",
            FileTable::Hyperscaler => "hyperscaler",
            FileTable::Term => "term",
            FileTable::Pair => "pair",
            FileTable::Link => "link",
            FileTable::Arm => "arm",
            FileTable::Event => "event",
            FileTable::Correlation => "correlation",
            FileTable::Pedigree => "pedigree",
            FileTable::Sweep => "sweep",
            FileTable::Axis => "axis",
            FileTable::Accords => "accords",
        }
    }

    /// The section directly under the root named `name`.
    pub fn from_name(name: &str) -> Option<FileTable> {
        let mut tables = FileTable::TABLES.iter().copied();
        tables.find(|section| section.name() == name)
    }

    /// How it is written: "`[market]`", "`[[state]]`".
    pub fn title(self) -> String {
        match self {
            FileTable::Root => "a scenario".to_owned(),
            FileTable::Axis => "`[[sweep.axis]]`".to_owned(),
            _ if self.is_list() => format!("`[[{}]]`", self.name()),
            _ => format!("`[{}]`", self.name()),
        }
    }

    /// Whether it is a list of entries.
    pub fn is_list(self) -> bool {
        !self.identity().is_empty() || matches!(self, FileTable::Axis | FileTable::HistoryCandidate)
    }

    /// Keys that tell its entries apart.
    pub fn identity(self) -> &'static [&'static str] {
        match self {
            FileTable::State | FileTable::Hyperscaler | FileTable::Term => &["id"],
            FileTable::Arm | FileTable::Event => &["name"],
            FileTable::Pair => &["state", "hyperscaler"],
            FileTable::Link | FileTable::Correlation => &["between"],
            FileTable::Pedigree => &["of"],
            _ => &[],
        }
    }
}
