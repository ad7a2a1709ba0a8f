//! What a reader sees of a run: one sentence with the answer, who gains and who loses, the tables behind it.
//!
//! Returns text; printing is the caller's. Warnings about digits that the number of trials does not support are separate.

use crate::engine::model::Model;
use crate::engine::outcome::TotalMetric;
use crate::report::forest::forest;
use crate::report::headline::{headline_arm, sentences};
use crate::report::split::split;
use crate::report::tables::{View, label};
use crate::report::verdict::{FEW_WORLDS, SIGNIFICANT};
use crate::report::wrap::wrapped;
use crate::study::results::run::{Paired, Results};
use crate::theory::spelling::units::{count, error, percent, signed};
use crate::theory::stats::interval::{Z90, wilson};

/// Shares of worlds this uncertain, in either direction, deserve a warning.
const SHARE_ERROR: f64 = 0.03;

/// The text of a run: `reference` is the arm that others are compared with, `width` the columns there are.
pub fn run(model: &Model, results: &Results, reference: usize, width: usize) -> String {
    let view = View {
        model,
        results,
        reference,
        width,
    };
    let sentences = sentences(&view);
    let mut text: String = sentences.iter().map(|one| wrapped(one, width)).collect();
    let mut section = |title: &str, body: String, note: &str| {
        text.push('\n');
        text += &wrapped(title, width);
        text += &body;
        if !note.is_empty() {
            text += &wrapped(note, width);
        }
    };
    section(&states_title(&view), view.states(), "");
    if let Some((title, body)) = forest(&view) {
        section(&title, body, "");
    }
    section(&payoffs_title(&view), view.payoffs(), "");
    if let Some(body) = split(&view) {
        let title = "What the common rules are worth, and what the joint table adds under the same rules, in US$ bn \
                     of payoff of all states";
        section(title, body, "");
    }
    let title = "Arms: leverage, concentration of investment, accords";
    section(title, view.talks(), &talks_legend(&view));
    if let Some(body) = view.erosion() {
        let title = format!(
            "Margin at risk as deals are signed (`{}`): what a state's refusal would cost the hyperscaler, as a share of \
             its margin at that table, by how many states host it already",
            view.name(reference)
        );
        let note = "A later row is not the same table later: only worlds and hyperscalers with so many hosts reach it.";
        let rows = view.arm(reference).erosion.len();
        section(&title, body, if rows > 1 { note } else { "" });
    }
    if let Some(line) = losses(&view) {
        text.push('\n');
        text += &wrapped(&line, width);
    }
    text.push('\n');
    text += &wrapped(&footer(&view), width);
    text
}

fn states_title(view: &View<'_>) -> String {
    let reference = view.name(view.reference);
    if view.others().next().is_none() {
        return format!("Payoff of each state in US$ bn as `{reference}`");
    }
    if view.is_single() {
        format!(
            "Payoff of each state in US$ bn as `{reference}`, then its difference in the other arms"
        )
    } else {
        format!(
            "Payoff of each state in US$ bn as `{reference}`, then its paired difference in the other arms with the \
             share of worlds in which the state is better off; below, the range of 90% of worlds"
        )
    }
}

fn payoffs_title(view: &View<'_>) -> String {
    if view.others().next().is_none() {
        return "Arms: payoff of all states and profit of all hyperscalers in US$ bn".to_owned();
    }
    let reference = view.name(view.reference);
    format!(
        "Arms in US$ bn: payoff of all states, its difference to `{reference}`, profit of all hyperscalers"
    )
}

/// What the columns of the second table of arms mean.
fn talks_legend(view: &View<'_>) -> String {
    let mut legend = "Leverage: what states get of the gains that deals bring them and the hyperscalers. Concentration: \
                      sum of squared shares of investment by state (1: all in one)."
        .to_owned();
    if view.has_accords() {
        legend += if view.is_single() {
            " Accord: whether one formed in any window."
        } else {
            " Accord in: worlds in which one formed in any window."
        };
        legend += " Members, rounds: size of the accord and rounds of talks, mean of all windows.";
    }
    legend
}

/// How often hyperscalers make a loss, worst arm of each.
fn losses(view: &View<'_>) -> Option<String> {
    let mut parts = Vec::new();
    for hyperscaler in &view.model.hyperscalers {
        let of_arms = view.shown();
        let of_arms = of_arms.map(|arm| (view.arm(arm).hyperscalers[&hyperscaler.id].loss, arm));
        let worst = of_arms.reduce(|worst, next| if next.0 > worst.0 { next } else { worst });
        if let Some((loss, arm)) = worst
            && loss > 0.0
        {
            let often = if view.is_single() {
                String::new()
            } else {
                format!("{} ", percent(loss))
            };
            parts.push(format!(
                "{} {often}(`{}`)",
                label(hyperscaler),
                view.name(arm)
            ));
        }
    }
    let worlds = if view.is_single() {
        "in this world"
    } else {
        "by share of worlds"
    };
    (!parts.is_empty()).then(|| {
        format!(
            "Hyperscalers that make a loss {worlds}, in the arm where it happens most: {}.",
            parts.join(", ")
        )
    })
}

fn footer(view: &View<'_>) -> String {
    let manifest = &view.results.manifest;
    let worlds = if manifest.trials == 1 {
        "1 world".to_owned()
    } else {
        format!("{} worlds, the same for every arm", count(manifest.trials))
    };
    let design = match (manifest.replicates, manifest.sampler.as_str()) {
        (Some(replicates), sampler) => format!("; {sampler} in {replicates} replicates"),
        (None, "random") => String::new(),
        (None, sampler) => format!("; {sampler}"),
    };
    let design = match &manifest.design {
        Some(otherwise) => format!("{design}, {otherwise}"),
        None => design,
    };
    format!(
        "{}: {worlds}{design}; seed {}, {} {}, quantiles {}.",
        manifest.scenario, manifest.seed, manifest.tool, manifest.version, manifest.quantiles
    )
}

/// Where the number of trials does not support what is shown; each says what to change.
pub fn warnings(model: &Model, results: &Results, reference: usize) -> Vec<String> {
    let trials = results.manifest.trials;
    let view = View {
        model,
        results,
        reference,
        width: usize::MAX,
    };
    if trials < 2 {
        return Vec::new();
    }
    let few = (trials < FEW_WORLDS).then(|| {
        format!(
            "{trials} worlds are too few for 90% intervals: their ends are single worlds; use --trials 1000 or more"
        )
    });
    let of_headline = headline_arm(&view).map(|arm| {
        let paired = view.total(arm, reference, TotalMetric::Payoff);
        [open_sign(&view, arm, &paired), open_share(&paired, trials)]
    });
    let of_headline = of_headline.into_iter().flatten().flatten();
    few.into_iter().chain(of_headline).collect()
}

/// Whether more or less than zero: open, and how many trials would tell.
fn open_sign(view: &View<'_>, arm: usize, paired: &Paired) -> Option<String> {
    let stat = paired.difference?;
    let (mean, se) = (stat.mean, stat.se?);
    if se == 0.0 || mean == 0.0 || mean.abs() >= SIGNIFICANT * se {
        return None;
    }
    let ratio = SIGNIFICANT * se / mean.abs();
    let needed = two_digits(ratio * ratio * view.results.manifest.trials as f64);
    let advice = if needed <= 1e7 {
        format!("about --trials {needed:.0} would be needed if it stays at this size")
    } else {
        "it is zero for all purposes".to_owned()
    };
    Some(format!(
        "the sign of the average difference of `{}` to `{}` is open: {} with a standard error of {}; {advice}",
        view.name(arm),
        view.name(view.reference),
        signed(mean, Some(se)),
        error(se),
    ))
}

/// Whether the share of worlds that are better is known to the digits shown.
fn open_share(paired: &Paired, trials: u64) -> Option<String> {
    let spread = paired.difference?.se? > 0.0;
    let (low, high) = wilson(paired.better? * trials as f64, trials as f64, Z90);
    let half = (high - low) / 2.0;
    (spread && half > SHARE_ERROR).then(|| {
        format!(
            "shares of worlds are uncertain by about {:.0} points (90%); use more --trials",
            100.0 * half
        )
    })
}

/// Rounds up to two significant digits.
fn two_digits(value: f64) -> f64 {
    let unit = libm::pow(10.0, libm::floor(libm::log10(value)) - 1.0);
    libm::ceil(value / unit) * unit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::model::keys::ArmKey;
    use crate::engine::model::layout::Slot;
    use crate::study::results::fixture::{PAYOFFS, model, results};

    #[test]
    fn the_answer_comes_first_and_lines_fit() {
        let model = model();
        let trials: Vec<_> = PAYOFFS.iter().copied().cycle().take(1000).collect();
        let text = run(&model, &results(&model, &trials), 0, 80);
        let flat = text.replace('\n', " ");
        // Totals of bloc less bilateral: 1.5, 0, -0.5, 2; of framework less bilateral: 0.5, 0, 0.5, 0.5.
        let first = "In 500 of 1,000 worlds the states together get more as `bloc` than as `bilateral`: on average they \
                     gain US$ 0.8 bn (standard error 0.03, 90% of worlds between -0.5 and 2.0;";
        assert!(flat.starts_with(first), "{text}");
        let parts = "the common rules account for +0.37 (`framework` against `bilateral`), the joint table for +0.38 \
                     (`bloc` against `framework`).";
        assert!(flat.contains(parts), "{text}");
        // B gains in worlds 1, 3 and 4, A in 1 and 4.
        let worst =
            "better off: both states. Worst off: Alpha (A), better off in only 50% of worlds.";
        assert!(flat.contains(worst), "{text}");
        assert!(text.contains("joint table: bloc - framework"), "{text}");
        assert!(flat.contains("Host & Co (H) 50% (`framework`)"), "{text}");
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }

    #[test]
    fn one_world_has_no_intervals() {
        let model = model();
        let text = run(&model, &results(&model, &PAYOFFS[..1]), 0, 100);
        let first = "In this one world the states together get US$ 1.500 bn more as `bloc`";
        assert!(text.starts_with(first), "{text}");
        for word in ["90%", "standard error", "on average"] {
            assert!(!text.contains(word), "{word}: {text}");
        }
        assert!(warnings(&model, &results(&model, &PAYOFFS[..1]), 0).is_empty());
        let same = run(&model, &results(&model, &PAYOFFS[1..2]), 0, 100);
        let first =
            "In this one world the states together get the same as `bloc` and as `bilateral`:";
        assert!(same.starts_with(first), "{same}");
    }

    #[test]
    fn another_reference_turns_the_differences() {
        let model = model();
        let text = run(&model, &results(&model, &PAYOFFS[..1]), 2, 100);
        let first = "In this one world the states together get US$ 1.000 bn less as `framework` than as `bloc`";
        assert!(text.starts_with(first), "{text}");
    }

    #[test]
    fn who_gets_less_loses() {
        let model = model();
        let trials: Vec<_> = PAYOFFS.iter().copied().cycle().take(1000).collect();
        let text = run(&model, &results(&model, &trials), 2, 100);
        // Framework less bloc: -1, 0, 1, -1.5.
        let first = "In 500 of 1,000 worlds the states together get less as `framework` than as `bloc`: on average they \
                     lose US$ 0.38 bn";
        assert!(text.replace('\n', " ").starts_with(first), "{text}");
    }

    #[test]
    fn an_arm_that_is_switched_off_is_left_out_and_said() {
        let mut model = model();
        let slot = model.layout.index(Slot::Arm(2, ArmKey::Active));
        model.base[slot] = 0.0;
        let text = run(&model, &results(&model, &PAYOFFS), 0, 80);
        assert!(text.contains("as `framework` than as"), "{text}");
        assert!(
            text.contains("Switched off: `bloc` is not active"),
            "{text}"
        );
        assert_eq!(text.matches("bloc").count(), 1, "{text}");
    }

    #[test]
    fn less_important_columns_give_way() {
        let mut model = model();
        model.arms[2].name = "bloc-of-those-who-stay-by-it".to_owned();
        let text = run(&model, &results(&model, &PAYOFFS), 0, 80);
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
        assert!(
            text.contains("better in") && text.contains("leverage"),
            "{text}"
        );
    }

    #[test]
    fn words_and_numbers_stay_whole_however_narrow() {
        let mut model = model();
        model.states[0].name =
            "The United Kingdom of Great Britain and Northern Ireland".to_owned();
        model.arms[2].name = "an-arm-with-a-name-that-is-much-too-long-for-a-table".to_owned();
        let text = run(&model, &results(&model, &PAYOFFS), 0, 60);
        for word in [
            "Kingdom",
            "Northern",
            "an-arm-with-a-name-that-is-much-too-long-for-a-table",
            "+0.5  75%",
        ] {
            assert!(text.contains(word), "{word}: {text}");
        }
    }

    #[test]
    fn rules_that_differ_are_not_split() {
        let mut model = model();
        let slot = model.layout.index(Slot::Arm(2, ArmKey::Harmonisation));
        model.base[slot] = 0.5;
        let text = run(&model, &results(&model, &PAYOFFS), 0, 100);
        assert!(!text.contains("joint table"), "{text}");
    }

    #[test]
    fn few_trials_are_said() {
        let model = model();
        let warnings = warnings(&model, &results(&model, &PAYOFFS), 0);
        assert_eq!(warnings.len(), 3, "{warnings:?}");
        assert!(warnings[0].contains("--trials 1000"), "{warnings:?}");
        assert!(warnings[1].contains("sign of the average"), "{warnings:?}");
    }
}
