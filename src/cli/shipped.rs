//! The scenarios that come with the program, embedded in it.

use crate::engine::model::Model;
use crate::scenario::{SHIPPED, Source};
use schemars::JsonSchema;
use serde::Serialize;

/// A shipped scenario.
#[derive(Debug, Clone, Copy)]
pub struct Shipped {
    /// Name, as the commands take it.
    pub name: &'static str,
    pub text: &'static str,
}

macro_rules! shipped {
    ($($name:literal),+ $(,)?) => {
        &[$(Shipped {
            name: $name,
            text: include_str!(concat!("../../scenarios/", $name, ".toml")),
        }),+]
    };
}

/// All of them, the main one first.
pub const ALL: &[Shipped] = shipped![
    "asean-2027",
    "who-must-be-in",
    "core-three",
    "adgmin",
    "leverage-lost",
    "tender",
    "singapore-outside",
    "indonesia-outside",
    "minus-two",
    "timor-leste-joins",
    "asean-way",
    "eu-style-act",
    "singapore-standard",
    "sovereign-compute",
    "skills-first",
    "singapore-hub",
    "china-option",
    "export-controls",
    "adoption-push",
    "race-to-the-bottom",
    "hold-up",
    "core-inside",
    "accession",
    "mandate",
    "most-favoured",
    "tender-alone",
    "repricing",
    "time-to-power",
    "trade-pacts",
    "peers",
    "african-union",
    "best-accord",
    "two-states",
    "textbook-substitutes",
    "textbook-complements",
];

/// Bargains that are on record, each with what came of it; no question to choose from, and so not among [`ALL`].
pub const CASES: &[Shipped] = shipped![
    "history/aggregate-eu",
    "history/bauxite",
    "history/cocoa",
    "history/geant",
    "history/generics",
    "history/government-cloud",
    "history/hospitals",
    "history/insurers",
    "history/news-australia",
    "history/news-canada",
    "history/opec-1971",
    "history/paho",
    "history/publishers-denmark",
    "history/tariffs",
    "history/tuna",
    "history/vaccines",
    "history/volume-discount",
    "history/volume-tender",
];

/// How the names of cases begin.
const CASE: &str = "history/";

/// The commented template of `new`; [`with_words`](crate::scenario::with_words) fills in what else its keys take.
pub const TEMPLATE: &str = include_str!("../../scenarios/template.toml");

/// Most columns of a question, on however wide a terminal.
pub const COLUMNS: usize = 96;

/// What a question is set in by.
pub const INDENT: &str = "    ";

impl Shipped {
    /// The text under the name that messages show.
    pub fn source(&self) -> Source {
        Source {
            name: format!("{SHIPPED}{}.toml", self.name),
            text: self.text.to_owned(),
        }
    }

    /// It with all that it extends.
    pub fn model(&self) -> Model {
        let source = self.source();
        let request = crate::scenario::Request::new(&source.name, source.text);
        let mut read = |name: &str| extended(name).map(str::to_owned).ok_or(String::new());
        let loaded = crate::scenario::load(&request, &mut read);
        loaded.expect("what is shipped is valid").model
    }

    /// Its first comment: what it has, and what to look at.
    pub fn comment(&self) -> String {
        let lines = self.text.lines().map_while(|line| line.strip_prefix('#'));
        let lines = lines.map(|line| line.strip_prefix(' ').unwrap_or(line));
        lines.collect::<Vec<&str>>().join("\n")
    }
}

/// The shipped scenario of a name, with or without `.toml`.
pub fn find(name: &str) -> Option<&'static Shipped> {
    let name = name.strip_suffix(".toml").unwrap_or(name);
    ALL.iter().chain(CASES).find(|shipped| shipped.name == name)
}

/// The names of all cases, without `history/` before them.
pub fn cases() -> impl Iterator<Item = &'static str> {
    let names = CASES.iter().map(|case| case.name);
    names.map(|name| name.strip_prefix(CASE).unwrap_or(name))
}

/// The case of a name, with or without `history/` before it.
pub fn case(name: &str) -> Option<&'static Shipped> {
    find(&format!(
        "{CASE}{}",
        name.strip_prefix(CASE).unwrap_or(name)
    ))
}

/// The name that is most like `name`.
pub fn nearest(name: &str) -> Option<&'static str> {
    let all = ALL.iter().chain(CASES);
    let names: Vec<&str> = all.map(|shipped| shipped.name).collect();
    let stem = name.trim_end_matches(".toml");
    // Anything is near to a letter or two.
    (stem.len() > 2).then(|| crate::theory::spelling::nearest(stem, &names))?
}

/// The text of a shipped file that another shipped file extends.
pub fn extended(name: &str) -> Option<&'static str> {
    find(name.strip_prefix(SHIPPED)?).map(|shipped| shipped.text)
}

/// A shipped scenario with what it asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Question")]
pub struct ShippedQuestion {
    /// Its name, as the commands take it.
    pub name: String,
    /// The question.
    pub question: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_scenario_loads_and_asks_a_question() {
        for shipped in ALL {
            let source = shipped.source();
            let request = crate::scenario::Request::new(&source.name, source.text);
            let mut read = |name: &str| extended(name).map(str::to_owned).ok_or(String::new());
            let loaded = crate::scenario::load(&request, &mut read);
            assert!(loaded.is_ok(), "{}: {loaded:?}", shipped.name);
            let question = shipped.model().question;
            assert!(question.text.ends_with('?'), "{}", shipped.name);
        }
    }

    #[test]
    fn every_shipped_case_has_a_record_whose_paths_are_results() {
        for case in CASES {
            let source = case.source();
            let request = crate::scenario::Request::new(&source.name, source.text);
            let mut read = |name: &str| extended(name).map(str::to_owned).ok_or(String::new());
            let loaded = crate::scenario::load(&request, &mut read).expect(case.name);
            let checked = crate::study::history::paths::checked(&loaded);
            assert!(checked.is_ok(), "{}: {checked:?}", case.name);
            assert!(loaded.model.history.is_some(), "{}", case.name);
        }
        assert_eq!(cases().count(), CASES.len());
        for name in ["tuna", "history/tuna", "tuna.toml"] {
            assert_eq!(case(name).map(|case| case.name), Some("history/tuna"));
        }
        assert!(case("two-states").is_none());
    }

    #[test]
    fn the_template_is_a_valid_scenario() {
        let loaded = crate::scenario::from_text("template.toml", TEMPLATE);
        assert!(loaded.is_ok(), "{loaded:?}");
    }

    #[test]
    fn names_are_found() {
        assert!(find("two-states").is_some());
        assert!(find("two-states.toml").is_some());
        assert_eq!(nearest("two-state"), Some("two-states"));
        assert!(extended("<shipped>/two-states.toml").is_some());
    }
}
