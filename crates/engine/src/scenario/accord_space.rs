//! Which rules of an accord are searched and what each may be, as a scenario says it.

use crate::engine::model::words::Mode;
use crate::scenario::schema::{Default, FileTable};

/// The word for every set of two states or more.
pub const ANY: &str = "any";

/// Which rules are searched.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AccordSpace {
    /// Name of the arm whose rules are varied; the first accord arm if there is none.
    pub base: Option<String>,
    /// What varies; a grid of the program's own if nothing does.
    pub choices: Vec<RuleChoice>,
    /// What it costs the region that a rule is not as in the base, USD bn, by key.
    pub cost: Vec<(String, f64)>,
}

/// A rule with what it may be.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleChoice {
    /// Key of an arm, or `floors.TERM`.
    pub key: String,
    /// Its values as TOML; none for [`ANY`], which `members` alone may be.
    pub values: Option<Vec<String>>,
}

/// Whether an arm of a mode knows a key of an arm or `floors.TERM`.
pub fn is_known_to(mode: Mode, key: &str) -> bool {
    let name = key.split('.').next().unwrap_or(key);
    FileTable::Arm
        .key(name)
        .is_some_and(|key| key.known_to(Some(mode)))
}

/// What a key of an arm is where the arm does not say, as TOML; none where that is the absence of it.
pub fn default_of(key: &str) -> Option<String> {
    match FileTable::Arm.key(key)?.default {
        Default::Number(number) => Some(format!("{number:?}")),
        Default::Integer(integer) => Some(integer.to_string()),
        Default::Boolean(boolean) => Some(boolean.to_string()),
        Default::Word(word) => Some(format!("\"{word}\"")),
        Default::Required | Default::Absent(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_know_their_keys() {
        assert!(is_known_to(Mode::Bloc, "pooling"));
        assert!(!is_known_to(Mode::Framework, "pooling"));
        assert!(is_known_to(Mode::Framework, "floors.audit_rights"));
        assert_eq!(default_of("binding"), Some("0.0".to_owned()));
        assert_eq!(default_of("rule"), Some("\"consensus\"".to_owned()));
        assert_eq!(default_of("shortlist"), None);
    }
}
