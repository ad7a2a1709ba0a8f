//! A run on a terminal: the answer, then the tables behind it.

use super::answer::{lead, made};
use super::causes;
use super::concentration::measures;
use super::erosion;
use super::facts::Facts;
use super::investor::losses;
use super::members::talks;
use super::winners::{arms, forest, sampled_shares, states_by_arm, summary};
use crate::report::document::{Block, Document, Files, note, paragraph};
use crate::report::verdict::Verdict;

/// The document of a run for a terminal.
pub fn text(facts: &Facts<'_>) -> Document {
    let mut opening: Vec<Block> = vec![states_by_arm(facts).into()];
    opening.extend(sampled_shares(facts));
    if let Some(arm) = facts.headline() {
        opening.push(forest(facts, arm, &mut Files::new()));
        let ranked = facts.ranked(arm, facts.reference);
        if ranked
            .iter()
            .any(|(_, pair)| pair.verdict() != Verdict::TooFew)
        {
            opening.push(note(summary(facts, arm)));
        }
    }
    opening.push(arms(facts).into());
    opening.extend(causes::blocks(facts));
    opening.push(measures(facts).into());
    if !facts.accords().is_empty() {
        opening.push(talks(facts).into());
    }
    opening.extend(erosion::at_risk(facts));
    opening.extend(losses(facts).map(paragraph));
    Document {
        title: facts.results.manifest.scenario.clone(),
        lead: lead(facts),
        opening,
        footer: vec![made(facts)],
        ..Document::default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::warnings::warnings;
    use super::*;
    use crate::engine::model::Model;
    use crate::engine::model::keys::ArmKey;
    use crate::engine::model::layout::Slot;
    use crate::report::render::terminal::render;
    use crate::study::results::fixture::{PAYOFFS, model, results};

    /// The text at a width, with no line beyond it.
    fn shown(model: &Model, trials: usize, reference: usize, width: usize) -> String {
        let trials: Vec<_> = PAYOFFS.iter().copied().cycle().take(trials).collect();
        let results = results(model, &trials);
        let text = render(&text(&Facts::new(model, &results, reference)), width).text;
        let longest = model.arms.iter().map(|arm| arm.name.len()).max();
        for line in text.lines().filter(|_| longest < Some(30)) {
            assert!(line.chars().count() <= width, "{line}");
        }
        text
    }

    fn flat(text: &str) -> String {
        text.replace('\n', " ")
    }

    #[test]
    fn the_answer_comes_first() {
        let text = shown(&model(), 1000, 0, 80);
        // Totals of bloc less bilateral: 1.5, 0, -0.5, 2; of framework less bilateral: 0.5, 0, 0.5, 0.5.
        let first = "Best for the region is `bloc`: in 50 of 100 sampled worlds the states together get more than as `bilateral`, on average \
                     US$ 0.8 bn. That is 38% of what the states have as `bilateral`;";
        assert!(flat(&text).starts_with(first), "{text}");
        // Best in worlds 1 and 4, and level with the others in world 2.
        let among = "Of 3 options `bloc` is the best in 75 of 100 worlds; next comes `framework`, on average US$ 0.38 bn less. \
                     90% of worlds lie between US$ -0.5 and 2.0 bn";
        assert!(flat(&text).contains(among), "{text}");
        // The joint table brings 1, 0, -1, 1.5.
        let causes = "Of +0.8 (`bloc` less `bilateral`): rules +0.4 (0.00 to 0.50), joint table +0.4 (-1.0 to 1.5); in brackets \
                      90% of worlds.";
        assert!(flat(&text).contains(causes), "{text}");
        // B gains in worlds 1, 3 and 4, A in 1 and 4.
        let worst = "2 of 2 states are better off and none worse off; least often better off is Alpha, in 50 of 100 worlds.";
        assert!(flat(&text).contains(worst), "{text}");
        assert!(
            text.contains("What makes the difference, state by state"),
            "{text}"
        );
        let losses = "Host & Co in 50 of 100 worlds (`framework`)";
        assert!(flat(&text).contains(losses), "{text}");
    }

    #[test]
    fn one_world_has_no_intervals() {
        let text = shown(&model(), 1, 0, 100);
        let first = "In this one world the states together get US$ 1.500 bn more as `bloc`";
        assert!(text.starts_with(first), "{text}");
        for word in ["90%", "standard error", "on average"] {
            assert!(!text.contains(word), "{word}: {text}");
        }
        let model = model();
        let of_one = results(&model, &PAYOFFS[..1]);
        assert!(warnings(&Facts::new(&model, &of_one, 0)).is_empty());
        let of_same = results(&model, &PAYOFFS[1..2]);
        let same = render(&super::text(&Facts::new(&model, &of_same, 0)), 100).text;
        let first =
            "In this one world the states together get the same as `framework` and as `bilateral`:";
        assert!(same.starts_with(first), "{same}");
    }

    #[test]
    fn another_reference_turns_the_differences() {
        let text = shown(&model(), 1, 2, 100);
        let first = "In this one world the states together get US$ 1.000 bn less as `framework` than as `bloc`";
        assert!(text.starts_with(first), "{text}");
        // Framework less bloc: -1, 0, 1, -1.5.
        let text = shown(&model(), 1000, 2, 100);
        let first = "Best for the region is `bloc`: as `framework`, which comes nearest, the states together get less in 50 of 100 sampled \
                     worlds, on average US$ 0.38 bn.";
        assert!(flat(&text).starts_with(first), "{text}");
    }

    #[test]
    fn an_arm_that_is_switched_off_is_left_out_and_said() {
        let mut model = model();
        let slot = model.layout.index(Slot::Arm(2, ArmKey::Active));
        model.base[slot] = 0.0;
        let text = shown(&model, 4, 0, 80);
        assert!(flat(&text).contains("as `framework` than as"), "{text}");
        assert!(
            flat(&text).contains("Switched off: `bloc` is not active"),
            "{text}"
        );
        assert_eq!(text.matches("bloc").count(), 1, "{text}");
    }

    #[test]
    fn words_and_numbers_stay_whole_however_narrow() {
        let mut model = model();
        model.states[0].name =
            "The United Kingdom of Great Britain and Northern Ireland".to_owned();
        model.arms[2].name = "an-arm-with-a-name-that-is-much-too-long".to_owned();
        let text = shown(&model, 1000, 0, 64);
        for word in ["Kingdom", "Northern", &model.arms[2].name, "+0.50   75"] {
            assert!(text.contains(word), "{word}: {text}");
        }
    }

    #[test]
    fn few_worlds_decide_nothing() {
        let model = model();
        let few = results(&model, &PAYOFFS);
        let warnings = warnings(&Facts::new(&model, &few, 0));
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].contains("sign of the average"), "{warnings:?}");
        let text = shown(&model, 4, 0, 80);
        let first = "4 worlds are too few to tell whether the states together get more";
        assert!(flat(&text).starts_with(first), "{text}");
    }

    #[test]
    fn every_number_of_a_table_has_its_place() {
        let model = model();
        let trials: Vec<_> = PAYOFFS.iter().copied().cycle().take(1000).collect();
        let results = results(&model, &trials);
        let rendered = render(&text(&Facts::new(&model, &results, 0)), 80);
        let paths: Vec<&str> = rendered.numbers.iter().map(|one| &*one.path).collect();
        for path in [
            "comparisons.1.totals.payoff.better",
            "comparisons.1.totals.payoff.difference.se",
            "comparisons.1.totals.causes.table.difference.p05",
            "comparisons.1.states.A.causes.rules.difference.mean",
            "arms.bilateral.states.A.payoff.mean",
            "arms.bloc.totals.herfindahl.mean",
            "arms.framework.hyperscalers.H.loss",
        ] {
            assert!(paths.contains(&path), "{path}: {paths:#?}");
        }
    }
}
