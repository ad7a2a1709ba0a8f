//! The page of a run: the answer first, the readings, then the proof in ten sections.

use super::facts::Facts;
use super::{
    adviser, concentration, inputs, investor, members, parts, spread, stable, studies, terms,
    vendor, windows, winners,
};
use crate::engine::outcome::TotalMetric;
use crate::report::document::{Document, Files, Section, Text, code, text};
use crate::report::numbers::{Pair, Quote};
use crate::report::verdict::Verdict;
use crate::theory::spelling::units::{count, worlds};

/// The page of a run, and the files of data beside it.
pub fn page(facts: &Facts<'_>) -> (Document, Files) {
    let mut files = Files::new();
    let manifest = &facts.results.manifest;
    let sections: Vec<Section> = vec![
        winners::section(facts, &mut files),
        spread::section(facts, &mut files),
        windows::section(facts, &mut files),
        members::section(facts, &mut files),
        terms::section(facts, &mut files),
        concentration::section(facts, &mut files),
        parts::section(facts, &mut files),
        studies::section(facts, &mut files),
        stable::section(facts, &mut files),
        inputs::section(facts),
    ];
    let page = Document {
        title: manifest.scenario.clone(),
        generator: format!("{} {}", manifest.tool, manifest.version),
        kicker: kicker(facts),
        lead: lead(facts),
        opening: Vec::new(),
        readings: vec![
            adviser::reading(facts),
            investor::reading(facts),
            vendor::reading(facts),
        ],
        sections,
        footer: footer(facts),
    };
    (page, files)
}

fn kicker(facts: &Facts<'_>) -> Text {
    let manifest = &facts.results.manifest;
    let description = match facts.model.description.is_empty() {
        true => String::new(),
        false => format!("{}. ", facts.model.description.trim_end_matches('.')),
    };
    text![format!(
        "{description}{}{}, seed {}, {} {}. A scenario, not a forecast.",
        worlds(manifest.trials),
        if manifest.trials > 1 {
            ", the same for every arm"
        } else {
            ""
        },
        manifest.seed,
        manifest.tool,
        manifest.version
    )]
}

/// The answer, then what it is made of and who it is for.
fn lead(facts: &Facts<'_>) -> Vec<Text> {
    let Some(arm) = facts.headline() else {
        return vec![alone(facts)];
    };
    let pair = facts.total_pair(arm, facts.reference, TotalMetric::Payoff);
    let mut lead = vec![answer(facts, arm, &pair)];
    let range = pair.difference().range(" and ");
    if !range.is_empty() {
        let mut second = text!["90% of worlds lie between US$ "];
        second.extend(range);
        second.extend(text![
            format!(
                " bn ({}); the states get less in ",
                facts.unit().trim_start_matches("US$ bn, ")
            ),
            pair.worse(),
            " worlds."
        ]);
        lead.push(second);
    }
    if let Some(framework) = facts.framework(arm) {
        lead.push(parts::sentence(facts, framework, arm));
    }
    lead.push(states(facts, arm));
    lead
}

/// How many states are better or worse off, and which of them least often.
fn states(facts: &Facts<'_>, arm: usize) -> Text {
    let ranked = facts.ranked(arm, facts.reference);
    let with = |sign: i32| {
        ranked
            .iter()
            .filter(|(_, pair)| pair.verdict().sign() == sign)
            .count()
    };
    let (better, worse, all) = (with(1), with(-1), ranked.len());
    let average = if facts.is_single() {
        ""
    } else {
        "On average, beyond error, "
    };
    let mut parts = text![format!(
        "{average}{better} of {all} states {} better off and {} worse off",
        if better == 1 { "is" } else { "are" },
        if worse == 0 {
            "none".to_owned()
        } else {
            worse.to_string()
        }
    )];
    let share = |pair: &Pair| pair.paired.better.unwrap_or(f64::NAN);
    let least = ranked.iter().reduce(|one, other| {
        if share(&other.1) < share(&one.1) {
            other
        } else {
            one
        }
    });
    if let Some((i, pair)) = least.filter(|_| !facts.is_single()) {
        parts.extend(text![
            format!("; least often better off is {}, in ", facts.state(*i).name),
            pair.better(),
            " worlds"
        ]);
    }
    parts.extend(text!["."]);
    parts
}

/// The one sentence, by what may be said.
fn answer(facts: &Facts<'_>, arm: usize, pair: &Pair) -> Text {
    let (name, reference) = (facts.arm(arm), facts.arm(facts.reference));
    let amount = pair.difference().amount();
    let trials = facts.trials();
    match pair.verdict() {
        Verdict::Gains | Verdict::GainsOnAverage => text![
            "In ",
            pair.better(),
            " sampled worlds the states together get more as ",
            name,
            " than as ",
            reference,
            ": on average they gain US$ ",
            amount,
            " bn."
        ],
        Verdict::Loses | Verdict::LosesOnAverage => text![
            "In ",
            pair.worse(),
            " sampled worlds the states together get less as ",
            name,
            " than as ",
            reference,
            ": on average they lose US$ ",
            amount,
            " bn."
        ],
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
        Verdict::More | Verdict::Less => text![
            "In this one world the states together get US$ ",
            amount,
            if pair.verdict() == Verdict::More {
                " bn more as "
            } else {
                " bn less as "
            },
            name,
            " than as ",
            reference,
            "."
        ],
        Verdict::Same => text![
            "In this one world the states together get the same as ",
            name,
            " and as ",
            reference,
            "."
        ],
        Verdict::Unknown => text![name, " and ", reference, " have no world in common."],
    }
}

/// The answer where there is one arm only.
fn alone(facts: &Facts<'_>) -> Text {
    let quote: Quote = facts.total(facts.reference, TotalMetric::Payoff);
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
    parts.extend(text![format!(
        "; {}.",
        facts.unit().trim_start_matches("US$ bn, ")
    )]);
    parts
}

fn footer(facts: &Facts<'_>) -> Vec<Text> {
    let manifest = &facts.results.manifest;
    vec![
        text![
            format!("{} {}; scenario ", manifest.tool, manifest.version),
            code(&manifest.scenario_sha256[..manifest.scenario_sha256.len().min(12)]),
            format!("; seed {}; {}.", manifest.seed, worlds(manifest.trials))
        ],
        text![
            "The differences come from a model of bargaining, not from observation; the judgements among its inputs decide them. Section 10 lists every one."
        ],
    ]
}
