//! What a key of a table may hold, and what holds where it is absent.

use crate::engine::model::arm::Mode;
use crate::engine::model::keys::Range;
use crate::scenario::schema::section::FileTable;

/// What a value must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Form {
    /// A number or a distribution, for `Range::Switch` true or false as well.
    Quantity(Range),
    /// A quantity, or one of some words.
    QuantityOr(Range, &'static [&'static str]),
    /// A fixed number.
    Number(Range),
    /// A fixed integer, ends included.
    Integer(u64, u64),
    /// True or false.
    Boolean,
    /// Any string.
    Text,
    /// A string of so many characters at most, none of them a control character.
    Line(usize),
    /// A list of strings.
    Texts,
    /// A path into results.
    Result,
    /// A string of `A-Z a-z 0-9 _ -`.
    Id,
    /// One of the first words; of the second, the contract knows them, this version does not compute them.
    Word(&'static [&'static str], &'static [&'static str]),
    /// The id of an entry.
    Reference(FileTable),
    /// "all" or a list of ids of states.
    Members,
    /// A list of names of entries.
    Names(FileTable),
    /// The ids of two states.
    Ends,
    /// A table from terms to quantities.
    Levels,
    /// A table from paths to numbers.
    Settings,
    /// A table from keys of an accord to lists of what each may be.
    Choices,
    /// A table from keys of an accord to numbers of at least 0.
    Costs,
    /// A path.
    Path,
    /// A list of paths.
    Paths,
    /// A list of values.
    Values,
    /// A list of 0 and 1, false and true, one for each world.
    Came,
    /// A list of tables.
    List(FileTable),
    /// A table.
    Table(FileTable),
}

impl Form {
    /// Whether it is a table whose keys are paths, written flat.
    pub fn has_paths(self) -> bool {
        matches!(self, Form::Settings | Form::Choices | Form::Costs)
    }
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
pub(crate) struct FileKey {
    pub name: &'static str,
    pub form: Form,
    pub default: Default,
    /// Modes of an arm that know the key; all elsewhere.
    pub modes: &'static [Mode],
    pub doc: &'static str,
}

impl FileKey {
    /// Whether an arm of `mode` knows the key.
    pub fn known_to(&self, mode: Option<Mode>) -> bool {
        mode.is_none_or(|mode| self.modes.contains(&mode))
    }

    /// Whether the string "none" takes the key away, rather than being a value of its own or a mistake.
    pub fn can_be_unset(&self) -> bool {
        let own_word = match self.form {
            Form::Word(words, _) | Form::QuantityOr(_, words) => words.contains(&"none"),
            Form::Members => true,
            _ => false,
        };
        self.default != Default::Required && !own_word
    }

    /// What a value must be, in words: "a number in [0, 1]".
    pub fn expects(&self) -> String {
        match self.form {
            Form::Quantity(range) => range.describe().to_owned(),
            Form::QuantityOr(range, words) => {
                format!("{} or {}", alternatives(words), range.describe())
            }
            Form::Number(range) => range.describe().to_owned(),
            Form::Integer(min, u64::MAX) => format!("an integer from {min} to 2^64 - 1"),
            Form::Integer(min, max) if min == max => format!("{min}"),
            Form::Integer(min, max) => format!("an integer from {min} to {max}"),
            Form::Boolean => "true or false".to_owned(),
            Form::Text => "a string".to_owned(),
            Form::Line(most) => {
                format!("1 to {most} characters on one line, none of them a control character")
            }
            Form::Texts => "a list of strings".to_owned(),
            Form::Result => "a path into results such as \"bloc.total.payoff\"".to_owned(),
            Form::Id => "letters, digits, `_` and `-`".to_owned(),
            Form::Word(words, _) => alternatives(words),
            Form::Reference(section) => format!("the id of a {}", section.name()),
            Form::Members => "\"all\" or a list of ids of states".to_owned(),
            Form::Names(section) => format!("a list of names of {}s", section.name()),
            Form::Ends => "a list of the ids of two states".to_owned(),
            Form::Levels => "a table from terms to numbers".to_owned(),
            Form::Settings => "a table from paths to quantities".to_owned(),
            Form::Choices => {
                "a table from keys of an accord to lists of values, such as { binding = [0, 0.8] }"
                    .to_owned()
            }
            Form::Costs => "a table from keys of an accord to numbers".to_owned(),
            Form::Path => "a path such as \"market.diversion\"".to_owned(),
            Form::Paths => "a list of paths".to_owned(),
            Form::Values => "a list of values".to_owned(),
            Form::Came => "a list of 0 and 1, one for each world".to_owned(),
            Form::List(section) => format!("a list of tables {}", section.title()),
            Form::Table(section) => format!("a table {}", section.title()),
        }
    }
}

/// Words in quotes: `"cross" or "one-at-a-time"`.
fn alternatives(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    words.join(" or ")
}
