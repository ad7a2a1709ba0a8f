//! The answer of a run: how much the states gain or lose together, what it is made of, and who it is for.

use super::facts::Facts;
use super::parts::sentence;
use crate::engine::outcome::TotalMetric;
use crate::report::document::{Text, code, text};
use crate::report::numbers::Pair;
use crate::report::verdict::Verdict;
use crate::study::results::precision::is_off;
use crate::theory::spelling::units::{count, worlds};

/// Fewer parts of a difference than this are none: what rounding leaves where all states get the same.
const ALIKE: f64 = 1e-9;

pub(super) fn lead(facts: &Facts<'_>) -> Vec<Text> {
    let Some(arm) = facts.headline() else {
        return [alone(facts)].into_iter().chain(left_out(facts)).collect();
    };
    let pair = facts.total_pair(arm, facts.reference, TotalMetric::Payoff);
    let mut lead = vec![answer(facts, arm, &pair)];
    lead.extend(spread(facts, &pair));
    if let Some(framework) = facts.framework(arm) {
        lead.push(sentence(facts, framework, arm));
    }
    lead.push(states(facts, arm));
    lead.extend(left_out(facts));
    lead
}

/// The one sentence, by what may be said.
fn answer(facts: &Facts<'_>, arm: usize, pair: &Pair) -> Text {
    let (name, reference) = (facts.arm(arm), facts.arm(facts.reference));
    let amount = pair.difference().amount();
    let trials = facts.trials();
    let often = |share, direction: &str, verb: &str| {
        text![
            "In ",
            share,
            format!(" sampled worlds the states together get {direction} as "),
            name.clone(),
            " than as ",
            reference.clone(),
            format!(": on average they {verb} US$ "),
            amount.clone(),
            " bn."
        ]
    };
    let in_this_world = |parts: Text| {
        let payoff = |arm| facts.total(arm, TotalMetric::Payoff).mean();
        let mut text = text!["In this one world the states together get "];
        text.extend(parts);
        text.extend(text![
            ": US$ ",
            payoff(arm),
            " bn against ",
            payoff(facts.reference),
            format!(" ({}).", facts.money())
        ]);
        text
    };
    match pair.verdict() {
        Verdict::Gains | Verdict::GainsOnAverage => often(pair.better(), "more", "gain"),
        Verdict::Loses | Verdict::LosesOnAverage => often(pair.worse(), "less", "lose"),
        Verdict::Unclear => text![
            "No clear difference: the states together get more as ",
            name,
            " than as ",
            reference,
            " in ",
            pair.better(),
            " sampled worlds, and less in ",
            pair.worse(),
            "; the average difference, US$ ",
            pair.difference().difference(),
            " bn, is within its error."
        ],
        Verdict::TooFew => text![
            format!(
                "{} worlds are too few to tell whether the states together get more as ",
                count(trials)
            ),
            name,
            " than as ",
            reference,
            ": they do in ",
            pair.better(),
            "."
        ],
        Verdict::Same if trials > 1 => text![
            "In every sampled world the states together get the same as ",
            name,
            " and as ",
            reference,
            "."
        ],
        verdict @ (Verdict::More | Verdict::Less) => in_this_world(text![
            "US$ ",
            amount,
            match verdict {
                Verdict::More => " bn more as ",
                _ => " bn less as ",
            },
            name,
            " than as ",
            reference
        ]),
        Verdict::Same => in_this_world(text!["the same as ", name, " and as ", reference]),
        Verdict::Unknown => text![name, " and ", reference, " have no world in common."],
    }
}

/// How far the worlds differ; none where there is one.
fn spread(facts: &Facts<'_>, pair: &Pair) -> Option<Text> {
    let difference = pair.difference();
    let range = difference.range(" and ");
    if range.is_empty() {
        return None;
    }
    let mut text = text!["90% of worlds lie between US$ "];
    text.extend(range);
    text.extend(text![format!(" bn ({}", facts.money())]);
    if let Some(error) = difference.error() {
        text.extend(text!["; standard error of the average ", error]);
    }
    text.extend(text![
        "); the states get less in ",
        pair.worse(),
        " worlds."
    ]);
    Some(text)
}

/// How many states are better or worse off, and which of them least.
fn states(facts: &Facts<'_>, arm: usize) -> Text {
    let ranked = facts.ranked(arm, facts.reference);
    let with = |sign: i32| {
        let with = ranked
            .iter()
            .filter(|(_, pair)| pair.verdict().sign() == sign);
        with.count()
    };
    let (better, worse) = (with(1), with(-1));
    let too_few = ranked
        .iter()
        .all(|(_, pair)| pair.verdict() == Verdict::TooFew);
    let mut parts = match too_few {
        true => text![
            worlds(facts.trials()),
            " are too few to tell who is better off"
        ],
        false => text![format!(
            "{}{better} of {} states {} better off and {} worse off",
            if facts.is_single() {
                ""
            } else {
                "On average, beyond error, "
            },
            ranked.len(),
            if better == 1 { "is" } else { "are" },
            if worse == 0 {
                "none".to_owned()
            } else {
                worse.to_string()
            }
        )],
    };
    parts.extend(least(facts, &ranked).unwrap_or_default());
    parts.extend(text!["."]);
    parts
}

/// The state that is least often better off or, in one world, gains least; none where all are alike.
fn least(facts: &Facts<'_>, ranked: &[(usize, Pair)]) -> Option<Text> {
    let value = |pair: &Pair| match facts.is_single() {
        true => pair.value(),
        false => pair.paired.better.unwrap_or(f64::NAN),
    };
    let low = ranked.iter().reduce(|one, other| {
        if value(&other.1) < value(&one.1) {
            other
        } else {
            one
        }
    })?;
    let high = ranked.iter().map(|one| value(&one.1));
    let high = high.fold(f64::NEG_INFINITY, f64::max);
    if high - value(&low.1) <= ALIKE * high.abs().max(1.0) {
        return None;
    }
    let name = &facts.state(low.0).name;
    Some(match facts.is_single() {
        true => text![
            format!(
                "; {name} {}, ",
                if low.1.value() < 0.0 {
                    "loses most"
                } else {
                    "gains least"
                }
            ),
            low.1.difference().difference()
        ],
        false => text![
            format!("; least often better off is {name}, in "),
            low.1.better(),
            " worlds"
        ],
    })
}

/// The answer where there is one arm only.
fn alone(facts: &Facts<'_>) -> Text {
    let quote = facts.total(facts.reference, TotalMetric::Payoff);
    let mut parts = text![
        "The states together get US$ ",
        quote.mean(),
        " bn as ",
        facts.arm(facts.reference)
    ];
    let range = quote.range(" and ");
    if !range.is_empty() {
        parts.extend(text![" (90% of worlds between "]);
        parts.extend(range);
        parts.extend(text![")"]);
    }
    parts.extend(text![format!("; {}.", facts.money())]);
    parts
}

/// The arms that are not played as such.
fn left_out(facts: &Facts<'_>) -> Option<Text> {
    let arms = 0..facts.model.arms.len();
    let off: Vec<usize> = arms.filter(|&arm| is_off(facts.model, arm)).collect();
    let mut parts = text!["Switched off: "];
    for (at, &arm) in off.iter().enumerate() {
        let between = if at == 0 { "" } else { ", " };
        parts.extend(text![between, facts.arm(arm)]);
    }
    parts.extend(text![
        if off.len() == 1 { " is" } else { " are" },
        " not active (",
        code("active = false"),
        "); no accord forms there, and the tables leave it out unless it is the reference."
    ]);
    (!off.is_empty()).then_some(parts)
}

/// What was run, and how: whatever makes it the same again.
pub(super) fn made(facts: &Facts<'_>) -> Text {
    let manifest = &facts.results.manifest;
    let of_every_arm = if manifest.trials > 1 {
        ", the same for every arm"
    } else {
        ""
    };
    let design = match (manifest.replicates, manifest.sampler.as_str()) {
        (Some(replicates), sampler) => format!("; {sampler} in {replicates} replicates"),
        (None, "random") => String::new(),
        (None, sampler) => format!("; {sampler}"),
    };
    let otherwise = manifest.design.as_ref();
    let otherwise = otherwise.map_or(String::new(), |design| format!(", {design}"));
    let hash = &manifest.scenario_sha256;
    text![
        format!("{} (", manifest.scenario),
        code(&hash[..hash.len().min(12)]),
        format!(
            "): {}{of_every_arm}{design}{otherwise}; seed {}, {} {}, quantiles {}.",
            worlds(manifest.trials),
            manifest.seed,
            manifest.tool,
            manifest.version,
            manifest.quantiles
        )
    ]
}
