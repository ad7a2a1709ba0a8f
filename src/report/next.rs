//! What to ask next, after each command that answers a part of the question.

use crate::engine::model::Model;
use crate::report::document::{Text, code};
use crate::report::sentence::say;
use crate::study::results::choice::default_reference;
use crate::study::results::precision::arm_of_headline;
use crate::theory::spelling::shell::word;

/// The command that goes on from one about the scenario that was typed as `typed`; none where the text says it itself, or there is nothing to ask.
pub fn next(command: &str, typed: &str, model: &Model) -> Option<Text> {
    let name = word(typed);
    let arm = arm_of_headline(model, default_reference(model))?;
    let arm = &model.arms[arm].name;
    let told = |text: String| code(text);
    Some(match command {
        "sensitivity" | "discover" => say!(
            "Next: {} says at which value of an assumption the answer turns.",
            told(format!(
                "mufakat threshold {name} --solve PATH --where '{arm}.total.payoff.difference = 0'"
            ))
        ),
        "threshold" | "sweep" => say!(
            "Next: {} plays one of these values with every table.",
            told(format!("mufakat run {name} -S PATH=VALUE --all"))
        ),
        "theories" | "compare" => say!(
            "Next: {} says which assumptions decide it.",
            told(format!("mufakat sensitivity {name}"))
        ),
        "stability" => say!(
            "Next: {} says what to do, with whom, and what to ask for.",
            told(format!("mufakat advise {name}"))
        ),
        "brief" => say!(
            "Next: {} weighs an offer of the other side.",
            told(format!("mufakat brief {name} --offer TERM=LEVEL,... ..."))
        ),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::written;
    use crate::study::results::fixture::model;

    #[test]
    fn names_are_quoted_and_what_tells_itself_is_left_alone() {
        let said =
            |command: &str, typed: &str| next(command, typed, &model()).map(|text| written(&text));
        let quoted = said("stability", "it's mine.toml").expect("there is more to ask");
        assert!(
            quoted.contains("mufakat advise 'it'\\''s mine.toml'"),
            "{quoted}"
        );
        let solve = said("discover", "two-states").expect("there is more to ask");
        assert!(
            solve.contains("--where 'bloc.total.payoff.difference = 0'"),
            "{solve}"
        );
        assert_eq!(said("run", "two-states"), None);
    }
}
