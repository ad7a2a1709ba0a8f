//! What people decide about an accord: the keys of an arm, for whoever shows them to be moved.

use crate::engine::model::arm::Mode;
use crate::engine::model::keys::Range;
use crate::engine::model::words::{Joining, Sharing, Turn, Vocabulary, VotingRule, Weights};
use crate::scenario::accord_space::default_of;
use crate::scenario::schema::{Default, FileTable, Form};

/// A key of an accord that people decide.
#[derive(Debug, Clone, PartialEq)]
pub struct DecidedKey {
    /// Its name in an arm.
    pub name: &'static str,
    /// What it means, as the schema says it.
    pub meaning: &'static str,
    /// What it may be.
    pub form: DecidedForm,
    /// Its value where an arm does not say, as TOML; none where that is its absence.
    pub default: Option<String>,
    /// What its absence means, where it may be absent.
    pub absent: Option<&'static str>,
}

/// What a decided key may be.
#[derive(Debug, Clone, PartialEq)]
pub enum DecidedForm {
    /// A number of a range.
    Number(Range),
    /// A whole number from the first to the second.
    Count(u64, u64),
    /// True or false.
    Flag,
    /// One of some words, each with its meaning.
    Word(Vec<(&'static str, &'static str)>),
    /// The id of a state.
    State,
    /// "all" or a list of ids of states.
    Members,
    /// A number of [0, 1] for each term: `KEY.TERM`.
    Levels,
}

/// Keys of an accord that say who it is or what nobody decides, and whether it is played at all.
const NOT_DECIDED: [&str; 6] = ["name", "mode", "title", "what", "active", "political_noise"];

/// The keys of an accord of a mode, in the order of the contract.
pub fn decided_keys(mode: Mode) -> Vec<DecidedKey> {
    let keys = FileTable::Arm.keys().iter();
    let keys = keys.filter(|key| key.known_to(Some(mode)) && !NOT_DECIDED.contains(&key.name));
    let decided = keys.filter_map(|key| {
        Some(DecidedKey {
            name: key.name,
            meaning: key.doc,
            form: form(key.name, key.form)?,
            default: default_of(key.name),
            absent: match key.default {
                Default::Absent(meaning) => Some(meaning),
                _ => None,
            },
        })
    });
    decided.collect()
}

fn form(name: &str, form: Form) -> Option<DecidedForm> {
    Some(match form {
        Form::Quantity(range) | Form::Number(range) => DecidedForm::Number(range),
        Form::Integer(low, high) => DecidedForm::Count(low, high),
        Form::Boolean => DecidedForm::Flag,
        Form::Reference(FileTable::State) => DecidedForm::State,
        Form::Members => DecidedForm::Members,
        Form::Levels => DecidedForm::Levels,
        Form::Word(..) | Form::QuantityOr(..) => DecidedForm::Word(words(name)?),
        _ => return None,
    })
}

/// The words that a key may be, with what they mean.
fn words(name: &str) -> Option<Vec<(&'static str, &'static str)>> {
    fn of<V: Vocabulary>() -> Vec<(&'static str, &'static str)> {
        let words = V::ALL.iter().map(|one| one.word());
        words.map(|word| (word.key, word.meaning)).collect()
    }
    Some(match name {
        "rule" => of::<VotingRule>(),
        "weights" => of::<Weights>(),
        "turn" => of::<Turn>(),
        "sharing" => of::<Sharing>(),
        "join" => of::<Joining>(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bloc_decides_more_than_a_framework() {
        let names = |mode: Mode| {
            let keys = decided_keys(mode).into_iter();
            keys.map(|key| key.name).collect::<Vec<_>>()
        };
        let (bloc, framework) = (names(Mode::Bloc), names(Mode::Framework));
        assert!(bloc.contains(&"table") && !framework.contains(&"table"));
        assert!(framework.contains(&"binding") && framework.contains(&"floors"));
        assert!(!bloc.contains(&"name") && !bloc.contains(&"political_noise"));
        assert_eq!(names(Mode::Bilateral), ["shortlist"], "nothing is agreed");
    }

    #[test]
    fn words_say_what_they_mean() {
        let keys = decided_keys(Mode::Bloc);
        let rule = keys.iter().find(|key| key.name == "rule").expect("a key");
        let DecidedForm::Word(words) = &rule.form else {
            panic!("a rule is a word");
        };
        assert!(words.contains(&("mandate", VotingRule::Mandate.word().meaning)));
        assert_eq!(rule.default.as_deref(), Some("\"consensus\""));
    }
}
