//! What a reader sees of a run: one sentence with the answer, who gains and who loses, the tables behind it.
//!
//! Returns text; printing is the caller's. Warnings about digits that the number of trials does not support are separate.

use crate::model::Model;
use crate::model::arm::{Mode, Rule, Sharing};
use crate::model::keys::ArmKey;
use crate::model::layout::Slot;
use crate::outcome::TotalMetric;
use crate::report::precision::arm_of_headline;
use crate::report::results::{Paired, Results};
use crate::report::tables::{View, difference, mean, range, table};
use crate::report::units::{count, error, frequency, number, percent, signed};
use crate::stats::interval::{Z90, wilson};
use std::fmt::Write as _;

/// Fewer worlds than this make 90% intervals guesswork.
const FEW_TRIALS: u64 = 100;

/// Shares of worlds this uncertain, in either direction, deserve a warning.
const SHARE_ERROR: f64 = 0.03;

/// An average this many standard errors from zero has a sign.
const SIGNIFICANT: f64 = 2.0;

/// The text of a run: `reference` is the arm that others are compared with, `width` the columns there are.
pub fn run(model: &Model, results: &Results, reference: usize, width: usize) -> String {
    let view = View {
        model,
        results,
        reference,
        width,
    };
    let mut text = wrapped(&headline(&view), width);
    if let Some(line) = winners(&view) {
        text += &wrapped(&line, width);
    }
    let mut section = |title: String, body: String| {
        text.push('\n');
        text += &wrapped(&title, width);
        text += &body;
    };
    section(states_title(&view), view.states());
    section(arms_title(&view), view.arms());
    if let Some(body) = split(&view) {
        let title = "What the common rules are worth, and what the joint table adds under the same rules: all \
                     states' payoff, US$ bn";
        section(title.to_owned(), body);
    }
    if !view.arm(reference).erosion.is_empty() {
        let title = format!(
            "Leverage left as deals are signed alone (`{}`): what a refusal would cost the hyperscaler, as a share of \
             its margin at the table, by how many states host it already",
            view.name(reference)
        );
        section(title, view.erosion());
    }
    if let Some(line) = losses(&view) {
        text.push('\n');
        text += &wrapped(&line, width);
    }
    text.push('\n');
    text += &wrapped(&footer(&view), width);
    text
}

/// The arm that the headline is about: the first bloc, else the last arm; `None` if there is only the reference.
fn headline_arm(view: &View<'_>) -> Option<usize> {
    arm_of_headline(view.model, view.reference)
}

fn money(view: &View<'_>) -> String {
    let horizon = &view.model.horizon;
    format!(
        "present value at the start of {}, prices of {}",
        horizon.start_year, horizon.price_year
    )
}

fn headline(view: &View<'_>) -> String {
    let reference = view.name(view.reference);
    let total = |arm: usize| view.arm(arm).totals["payoff"].as_ref();
    let Some(arm) = headline_arm(view) else {
        let stat = total(view.reference);
        let interval = match range(stat) {
            range if range.is_empty() => String::new(),
            range => format!(" (90% of worlds: {range})"),
        };
        return format!(
            "The states together get US$ {} bn as `{reference}`{interval}; {}.",
            mean(stat),
            money(view)
        );
    };
    let name = view.name(arm);
    let paired = view.total(arm, view.reference, TotalMetric::Payoff);
    let Some(stat) = &paired.difference else {
        return format!("`{name}` and `{reference}` have no trial in common.");
    };
    match stat.se {
        None => format!(
            "In this one world the states together get US$ {} bn {} as `{name}` than as `{reference}`: {} against {} \
             ({}).",
            number(stat.mean.abs(), None),
            if stat.mean < 0.0 { "less" } else { "more" },
            mean(total(arm)),
            mean(total(view.reference)),
            money(view)
        ),
        Some(se) => {
            let trials = view.results.manifest.trials;
            let spread = if se > 0.0 {
                format!("standard error {}, ", error(se))
            } else {
                String::new()
            };
            format!(
                "In {} the states together gain more as `{name}` than as `{reference}`: US$ {} bn on average \
                 ({spread}90% of worlds between {}; {}).",
                frequency(paired.better.unwrap_or(0.0), trials),
                signed(stat.mean, stat.se),
                range(Some(stat)).replace(" to ", " and "),
                money(view)
            )
        }
    }
}

/// Whether an average difference is above zero (1), below (−1) or undecided (0).
fn sign(paired: &Paired) -> i32 {
    let Some(stat) = &paired.difference else {
        return 0;
    };
    let margin = SIGNIFICANT * stat.se.unwrap_or(0.0);
    let band = 1e-9 * stat.max.abs().max(stat.min.abs()).max(1.0);
    if stat.mean > margin.max(band) {
        1
    } else if stat.mean < -margin.max(band) {
        -1
    } else {
        0
    }
}

/// Who gains and who loses on average in the arm of the headline.
fn winners(view: &View<'_>) -> Option<String> {
    let arm = headline_arm(view)?;
    let names = |wanted: i32| {
        let states = view.model.states.iter().enumerate();
        let of_sign = states.filter(|&(i, _)| sign(&view.payoff(arm, view.reference, i)) == wanted);
        of_sign
            .map(|(_, state)| state.name.clone())
            .collect::<Vec<_>>()
    };
    let mut parts = Vec::new();
    for (wanted, verb) in [(1, "better off"), (-1, "worse off"), (0, "no clear change")] {
        let names = names(wanted);
        if names.len() == view.model.states.len() && names.len() > 1 {
            parts.push(format!("{verb}: all {} states", names.len()));
        } else if !names.is_empty() {
            parts.push(format!("{verb}: {}", names.join(", ")));
        }
    }
    let average = if view.is_single() { "" } else { ", on average" };
    Some(format!(
        "As `{}`{average}, {}.",
        view.name(arm),
        parts.join("; ")
    ))
}

fn states_title(view: &View<'_>) -> String {
    let reference = view.name(view.reference);
    if view.others().next().is_none() {
        return format!("Payoff of each state as `{reference}`, US$ bn");
    }
    if view.is_single() {
        format!(
            "Payoff of each state as `{reference}`, then its difference in the other arms, US$ bn"
        )
    } else {
        format!(
            "Payoff of each state as `{reference}`, then its paired difference in the other arms with the share of \
             worlds in which the state is better off; below, the range of 90% of worlds, US$ bn"
        )
    }
}

fn arms_title(view: &View<'_>) -> String {
    let reference = view.name(view.reference);
    format!(
        "Arms: payoff and profit in US$ bn, difference to `{reference}`, the region's leverage, concentration of \
         investment (Herfindahl), accords"
    )
}

/// What two arms of accord must share for their difference to be the joint table's.
fn same_rules(model: &Model, one: usize, other: usize) -> bool {
    use ArmKey::{Binding, CrossBorderData, Harmonisation, Penalty, Recourse};
    let keys = [Binding, Harmonisation, CrossBorderData, Recourse, Penalty];
    let slots = |arm: usize| {
        let numbers = keys.map(|key| Slot::Arm(arm, key)).into_iter();
        numbers.chain((0..model.terms.len()).map(move |k| Slot::Floor(arm, k)))
    };
    let written = |slot: Slot| {
        let index = model.layout.index(slot);
        let uncertain = model.uncertain.iter().find(|one| one.slot == index);
        (
            model.base[index].to_bits(),
            uncertain.map(|one| &one.distribution),
        )
    };
    model.arms[one].members == model.arms[other].members
        && slots(one)
            .zip(slots(other))
            .all(|(left, right)| written(left) == written(right))
}

/// The value of the rules and of the joint table, where arms with the same rules let them be told apart.
fn split(view: &View<'_>) -> Option<String> {
    let model = view.model;
    let of_mode =
        |mode: Mode| (0..model.arms.len()).filter(move |&arm| model.arms[arm].mode == mode);
    let bilateral = of_mode(Mode::Bilateral).next()?;
    let mut rows = Vec::new();
    for framework in of_mode(Mode::Framework) {
        let blocs = of_mode(Mode::Bloc).filter(|&bloc| same_rules(model, framework, bloc));
        let blocs: Vec<usize> = blocs.collect();
        if blocs.is_empty() {
            continue;
        }
        rows.push(split_row(view, "rules", framework, bilateral, ""));
        for bloc in blocs {
            let also = also_differs(model, bloc, framework);
            rows.push(split_row(view, "joint table", bloc, framework, &also));
        }
    }
    if rows.is_empty() {
        return None;
    }
    let mut header = vec!["", "difference"];
    if view.is_single() {
        rows.iter_mut().for_each(|row| row.truncate(2));
    } else {
        header.extend(["90% of worlds", "above zero in"]);
    }
    let header: Vec<String> = header.into_iter().map(str::to_owned).collect();
    Some(table(&header, rows, view.width))
}

fn split_row(view: &View<'_>, what: &str, arm: usize, reference: usize, also: &str) -> Vec<String> {
    let paired = view.total(arm, reference, TotalMetric::Payoff);
    let stat = paired.difference.as_ref();
    vec![
        format!(
            "{what}: {} - {}{also}",
            view.name(arm),
            view.name(reference)
        ),
        difference(stat),
        range(stat),
        paired.better.map_or_else(String::new, percent),
    ]
}

/// What else tells two arms with the same rules apart, for the reader.
fn also_differs(model: &Model, bloc: usize, framework: usize) -> String {
    let (bloc, framework) = (&model.arms[bloc], &model.arms[framework]);
    let mut also = Vec::new();
    if bloc.rule != framework.rule {
        also.push(match bloc.rule {
            Rule::Consensus => "consensus",
            Rule::MinusX => "opting out",
            Rule::QualifiedMajority => "majority vote",
            Rule::Lead => "a lead",
            Rule::None => "no vote",
        });
    }
    if bloc.sharing != Sharing::None {
        also.push("side payments");
    }
    if bloc.shortlist.is_some() {
        also.push("a short list");
    }
    if also.is_empty() {
        String::new()
    } else {
        format!(" (with {})", also.join(" and "))
    }
}

/// How often hyperscalers end below zero, worst arm of each.
fn losses(view: &View<'_>) -> Option<String> {
    let mut parts = Vec::new();
    for hyperscaler in &view.model.hyperscalers {
        let of_arms = (0..view.model.arms.len())
            .map(|arm| (view.arm(arm).hyperscalers[&hyperscaler.id].loss, arm));
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
                hyperscaler.name,
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
            "Hyperscalers that end below zero {worlds}, in the arm where it happens most: {}.",
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
    let few = (trials < FEW_TRIALS).then(|| {
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

/// Breaks a paragraph into lines of at most `width` columns.
pub(crate) fn wrapped(paragraph: &str, width: usize) -> String {
    let mut text = String::new();
    let mut used = 0;
    for word in paragraph.split_whitespace() {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            text.push('\n');
            used = 0;
        } else if used > 0 {
            text.push(' ');
            used += 1;
        }
        let _ = write!(text, "{word}");
        used += length;
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::{PAYOFFS, model, results};

    #[test]
    fn the_answer_comes_first_and_lines_fit() {
        let model = model();
        let trials: Vec<_> = PAYOFFS.iter().copied().cycle().take(1000).collect();
        let text = run(&model, &results(&model, &trials), 0, 100);
        // Totals of bloc less bilateral: 1.5, 0, -0.5, 2.
        let first = "In 500 of 1,000 worlds the states together gain more as `bloc` than as `bilateral`: US$ +0.8 bn on average (standard error 0.03";
        assert!(text.replace('\n', " ").starts_with(first), "{text}");
        assert!(text.contains("joint table: bloc - framework"), "{text}");
        let flat = text.replace("\n", " ");
        assert!(flat.contains("Host & Co 50% (`framework`)"), "{text}");
        for line in text.lines() {
            assert!(line.chars().count() <= 100, "{line}");
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
    }

    #[test]
    fn another_reference_turns_the_differences() {
        let model = model();
        let text = run(&model, &results(&model, &PAYOFFS[..1]), 2, 100);
        let first = "In this one world the states together get US$ 1.000 bn less as `framework` than as `bloc`";
        assert!(text.starts_with(first), "{text}");
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

    #[test]
    fn paragraphs_break_between_words() {
        assert_eq!(wrapped("one two  three", 7), "one two\nthree\n");
        assert_eq!(
            wrapped("longerthanthewidth x", 5),
            "longerthanthewidth\nx\n"
        );
    }
}
