//! The table of all coalitions as CSV.

use crate::study::results::sheet;
use crate::study::results::stability::{CoalitionResult, StabilityResults};

/// The name of the file.
pub const COALITIONS: &str = "coalitions.csv";

const SHARES: [&str; 11] = [
    "internal",
    "internal_without_penalty",
    "internal_with_side_payments",
    "external_open",
    "external_exclusive",
    "external_rule",
    "not_dissolved",
    "core",
    "stable",
    "before",
    "accord",
];

const PATHS: [&str; 5] = [
    "absorbing",
    "from_alone",
    "from_grand",
    "farsighted",
    "farsighted_alone",
];

const GAINS: [&str; 7] = [
    "gain_mean",
    "gain_se",
    "gain_p05",
    "gain_p50",
    "gain_p95",
    "gain_min",
    "gain_max",
];

/// One row per coalition: members (ids with spaces between), size, shares of worlds, members' total gain in USD bn, and with
/// foresight where single moves lead.
pub fn coalitions_csv(results: &StabilityResults) -> String {
    let paths: &[&str] = match results.paths {
        Some(_) => &PATHS,
        None => &[],
    };
    let head = ["members", "size"].into_iter();
    let head = head.chain(SHARES).chain(GAINS).chain(paths.iter().copied());
    let head: Vec<&str> = head.collect();
    sheet::text(&head, results.coalitions.iter().map(row))
}

fn row(one: &CoalitionResult) -> Vec<String> {
    let gain = &one.gain;
    let shares = [
        one.internal,
        one.internal_without_penalty,
        one.internal_with_side_payments,
        one.external_open,
        one.external_exclusive,
        one.external_rule,
        one.not_dissolved,
        one.core,
        one.stable,
        one.before,
        one.accord,
    ];
    let mut row = vec![one.members.join(" "), one.members.len().to_string()];
    row.extend(shares.map(|share| share.to_string()));
    row.push(gain.mean.to_string());
    row.push(gain.se.map_or_else(String::new, |se| se.to_string()));
    let rest = [gain.p05, gain.p50, gain.p95, gain.min, gain.max];
    row.extend(rest.map(|value| value.to_string()));
    if let Some(paths) = &one.paths {
        let shares = [
            paths.absorbing,
            paths.from_alone,
            paths.from_grand,
            paths.farsighted,
            paths.farsighted_alone,
        ];
        row.extend(shares.map(|share| share.to_string()));
    }
    row
}
