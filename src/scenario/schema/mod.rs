//! What a scenario file may contain: one table of all keys, from which validation, suggestions, defaults and the JSON
//! Schema are taken. The keys themselves are listed in [`keys`]; ranges of numbers come from [`crate::engine::model::keys`].

pub(crate) mod json;
// A table: one key a line.
#[rustfmt::skip]
mod keys;

use crate::engine::model::arm::Mode;
use crate::engine::model::keys::Range;

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

/// What a value must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Form {
    /// A number or a distribution, for `Range::Switch` true or false as well.
    Quantity(Range),
    /// A fixed number.
    Number(Range),
    /// A fixed integer, ends included.
    Integer(u64, u64),
    /// True or false.
    Boolean,
    /// Any string.
    Text,
    /// A string of `A-Z a-z 0-9 _ -`.
    Id,
    /// One of the first words; of the second, the contract knows them, this version does not compute them.
    Word(&'static [&'static str], &'static [&'static str]),
    /// The id of an entry.
    Reference(Section),
    /// "all" or a list of ids of states.
    Members,
    /// The ids of two states.
    Ends,
    /// A table from terms to quantities.
    Levels,
    /// A table from paths to numbers.
    Settings,
    /// A path.
    Path,
    /// A list of paths.
    Paths,
    /// A list of values.
    Values,
    /// A list of tables.
    List(Section),
}

/// What holds where a key is absent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Default {
    /// It must not be.
    Required,
    /// Nothing; the text says what that means.
    Absent(&'static str),
    /// A number.
    Number(f64),
    /// An integer.
    Integer(u64),
    /// True or false.
    Boolean(bool),
    /// A word or string.
    Word(&'static str),
}

/// A key of a table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Key {
    pub name: &'static str,
    pub form: Form,
    pub default: Default,
    /// Modes of an arm that know the key; all elsewhere.
    pub modes: &'static [Mode],
    pub doc: &'static str,
}

/// Every mode, in the order of the contract.
pub(crate) const MODES: &[(Mode, &str)] = &[
    (Mode::Bilateral, "bilateral"),
    (Mode::Framework, "framework"),
    (Mode::Bloc, "bloc"),
    (Mode::Contest, "contest"),
];

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

    /// Its keys, in the order of the contract.
    pub fn keys(self) -> &'static [Key] {
        &keys::ALL[self as usize]
    }

    /// The key named `name`.
    pub fn key(self, name: &str) -> Option<&'static Key> {
        self.keys().iter().find(|key| key.name == name)
    }

    /// Names of the keys that an arm of `mode` knows, all of them where there is no mode.
    pub fn names(self, mode: Option<Mode>) -> Vec<&'static str> {
        let known = self.keys().iter().filter(|key| key.known_to(mode));
        known.map(|key| key.name).collect()
    }

    /// Whether the table must be there because one of its keys is required.
    pub fn is_required(self) -> bool {
        !self.is_list()
            && self
                .keys()
                .iter()
                .any(|key| key.default == Default::Required)
    }
}

impl Key {
    /// Whether an arm of `mode` knows the key.
    pub fn known_to(&self, mode: Option<Mode>) -> bool {
        mode.is_none_or(|mode| self.modes.contains(&mode))
    }

    /// Whether the string "none" takes the key away, rather than being a value of its own or a mistake.
    pub fn can_be_unset(&self) -> bool {
        let own_word = match self.form {
            Form::Word(words, _) => words.contains(&"none"),
            Form::Members => true,
            _ => false,
        };
        self.default != Default::Required && !own_word
    }

    /// What a value must be, in words: "a number in [0, 1]".
    pub fn expects(&self) -> String {
        match self.form {
            Form::Quantity(range) => range.describe().to_owned(),
            Form::Number(range) => range.describe().to_owned(),
            Form::Integer(min, u64::MAX) => format!("an integer from {min} to 2^64 - 1"),
            Form::Integer(min, max) if min == max => format!("{min}"),
            Form::Integer(min, max) => format!("an integer from {min} to {max}"),
            Form::Boolean => "true or false".to_owned(),
            Form::Text => "a string".to_owned(),
            Form::Id => "letters, digits, `_` and `-`".to_owned(),
            Form::Word(words, _) => {
                let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
                words.join(" or ")
            }
            Form::Reference(section) => format!("the id of a {}", section.name()),
            Form::Members => "\"all\" or a list of ids of states".to_owned(),
            Form::Ends => "a list of the ids of two states".to_owned(),
            Form::Levels => "a table from terms to numbers".to_owned(),
            Form::Settings => "a table from paths to numbers".to_owned(),
            Form::Path => "a path such as \"market.diversion\"".to_owned(),
            Form::Paths => "a list of paths".to_owned(),
            Form::Values => "a list of values".to_owned(),
            Form::List(section) => format!("a list of tables {}", section.title()),
        }
    }
}

/// The word of a mode.
pub(crate) fn mode_name(mode: Mode) -> &'static str {
    let named = MODES.iter().find(|(known, _)| *known == mode);
    named.expect("every mode is listed").1
}

/// The mode of a word.
pub(crate) fn mode_named(word: &str) -> Option<Mode> {
    let named = MODES.iter().find(|(_, name)| *name == word);
    named.map(|(mode, _)| *mode)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::model::keys::{
        ArmKey, BargainingKey, DynamicsKey, HyperscalerKey, MarketKey, PairKey, StateKey, TermKey,
    };

    fn quantities(section: Section) -> Vec<&'static str> {
        let keys = section.keys().iter();
        let numbers = keys.filter(|key| matches!(key.form, Form::Quantity(_)));
        numbers.map(|key| key.name).collect()
    }

    #[test]
    fn every_number_of_the_model_is_a_key_of_the_file() {
        fn names<K: Copy>(all: &[K], name: fn(K) -> &'static str) -> Vec<&'static str> {
            all.iter().map(|&key| name(key)).collect()
        }
        let cases = [
            (Section::Market, names(MarketKey::ALL, MarketKey::name)),
            (
                Section::Bargaining,
                names(BargainingKey::ALL, BargainingKey::name),
            ),
            (
                Section::Dynamics,
                names(DynamicsKey::ALL, DynamicsKey::name),
            ),
            (Section::State, names(StateKey::ALL, StateKey::name)),
            (
                Section::Hyperscaler,
                names(HyperscalerKey::ALL, HyperscalerKey::name),
            ),
            (Section::Term, names(TermKey::ALL, TermKey::name)),
            (Section::Pair, names(PairKey::ALL, PairKey::name)),
            (Section::Arm, names(ArmKey::ALL, ArmKey::name)),
        ];
        for (section, mut expected) in cases {
            let mut found = quantities(section);
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{section:?}");
        }
    }

    #[test]
    fn the_table_is_in_the_order_of_the_sections() {
        assert!(Section::Root.key("schema").is_some());
        assert!(Section::Arm.key("pooling").is_some());
        assert!(Section::Axis.key("steps").is_some());
        assert!(Section::Event.key("probability").is_some());
    }

    #[test]
    fn modes_know_their_keys() {
        let cases = [
            (Mode::Bilateral, "binding", false),
            (Mode::Contest, "members", false),
            (Mode::Contest, "active", true),
            (Mode::Framework, "binding", true),
            (Mode::Framework, "pooling", false),
            (Mode::Bloc, "pooling", true),
        ];
        for (mode, name, known) in cases {
            let key = Section::Arm.key(name).expect("a key of arms");
            assert_eq!(key.known_to(Some(mode)), known, "{mode:?} {name}");
        }
    }
}
