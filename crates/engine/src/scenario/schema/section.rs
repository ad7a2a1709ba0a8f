//! The tables of a scenario file.

/// A table of the scenario file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Section {
    Root,
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
    Sweep,
    Axis,
}

/// Most states, hyperscalers, terms and arms: one bit each in a machine word.
pub(crate) const MOST: usize = 64;

impl Section {
    /// The tables directly under the root, in the order of the contract.
    pub const TABLES: &'static [Section] = &[
        Section::Simulation,
        Section::Horizon,
        Section::Market,
        Section::Bargaining,
        Section::Dynamics,
        Section::State,
        Section::Hyperscaler,
        Section::Term,
        Section::Pair,
        Section::Link,
        Section::Arm,
        Section::Event,
        Section::Correlation,
        Section::Sweep,
    ];

    /// Its key in the file; empty for the root.
    pub fn name(self) -> &'static str {
        match self {
            Section::Root => "",
            Section::Simulation => "simulation",
            Section::Horizon => "horizon",
            Section::Market => "market",
            Section::Bargaining => "bargaining",
            Section::Dynamics => "dynamics",
            Section::State => "state",
            Section::Hyperscaler => "hyperscaler",
            Section::Term => "term",
            Section::Pair => "pair",
            Section::Link => "link",
            Section::Arm => "arm",
            Section::Event => "event",
            Section::Correlation => "correlation",
            Section::Sweep => "sweep",
            Section::Axis => "axis",
        }
    }

    /// The section directly under the root named `name`.
    pub fn from_name(name: &str) -> Option<Section> {
        let mut tables = Section::TABLES.iter().copied();
        tables.find(|section| section.name() == name)
    }

    /// How it is written: "`[market]`", "`[[state]]`".
    pub fn title(self) -> String {
        match self {
            Section::Root => "a scenario".to_owned(),
            Section::Axis => "`[[sweep.axis]]`".to_owned(),
            _ if self.is_list() => format!("`[[{}]]`", self.name()),
            _ => format!("`[{}]`", self.name()),
        }
    }

    /// Whether it is a list of entries.
    pub fn is_list(self) -> bool {
        !self.identity().is_empty() || self == Section::Axis
    }

    /// Keys that tell its entries apart.
    pub fn identity(self) -> &'static [&'static str] {
        match self {
            Section::State | Section::Hyperscaler | Section::Term => &["id"],
            Section::Arm | Section::Event => &["name"],
            Section::Pair => &["state", "hyperscaler"],
            Section::Link | Section::Correlation => &["between"],
            _ => &[],
        }
    }
}
