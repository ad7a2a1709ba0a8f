//! The theorems of the model's text, each as a property of random settings of the kind that it names.
//!
//! | theorem | says | file |
//! | --- | --- | --- |
//! | T1, T2 | what one table is worth is the curvature of the suppliers' surplus | `premium` |
//! | T3, T4 | alternating offers, scales, wider frontiers | `bargain` |
//! | T5, T12, T13 | books: what is shared out, causes add up, no supplier below nothing | `books` |
//! | T6, T7, T10 | what changes nothing: order, turns; better service from outside; repricing foreseen | `neutral` |
//! | T8, T9, T14, T15 | halves of a state, room, peers, assets | `closed` |
//! | T11 | random order is the Shapley value | `random_order` |

mod bargain;
mod books;
mod closed;
mod neutral;
mod premium;
mod random_order;

use crate::support::{Outcome, Symmetric, Window};
use std::fmt::Write as _;

/// Sums of a few dozen terms of order 1.
const ROUNDING: f64 = 1e-9;

const BILATERAL: &str = "[[arm]]\nname = \"bilateral\"\nmode = \"bilateral\"\n";
/// All who are invited are bound: these theorems are about the tables, not about the votes.
const BLOC: &str = "[[arm]]\nname = \"bloc\"\nmode = \"bloc\"\nrule = \"mandate\"\n";
const FRAMEWORK: &str = "[[arm]]\nname = \"framework\"\nmode = \"framework\"\nrule = \"mandate\"\n";

#[track_caller]
fn close(actual: f64, expected: f64, tolerance: f64) {
    assert!(
        (actual - expected).abs() <= tolerance * (1.0 + expected.abs()),
        "{actual} instead of {expected}"
    );
}

/// A scenario with keys put in below each line that is named: a table's head, or the id of an entry.
fn with_keys(text: &str, keys: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for line in text.lines() {
        writeln!(out, "{line}").expect("a string takes all");
        for (_, keys) in keys.iter().filter(|(above, _)| *above == line) {
            writeln!(out, "{keys}").expect("a string takes all");
        }
    }
    out
}

/// A scenario with other values of keys that it has.
fn with_values(text: &str, keys: &[(&str, f64)]) -> String {
    let line = |line: &str| {
        let key = keys
            .iter()
            .find(|(key, _)| line.starts_with(&format!("{key} =")));
        key.map_or_else(
            || line.to_owned(),
            |(key, value)| format!("{key} = {value}"),
        )
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

/// The ids of the first states as a list.
fn first(count: usize) -> String {
    let ids: Vec<String> = (0..count).map(|i| format!("\"S{i}\"")).collect();
    format!("members = [{}]\n", ids.join(", "))
}

/// AI value V of each state of the symmetric setting, so that suppliers meet; coverage of a share m is 1 − exp(−rate·m).
fn with_value(text: &str, value: f64, rate: f64) -> String {
    let text = with_values(
        text,
        &[
            ("contingent_share", 1.0),
            ("coverage_rate", rate),
            ("ai_uplift", value),
            ("talent", 1.0),
            ("infrastructure", 1.0),
        ],
    );
    with_keys(&text, &[("[market]", "uplift_is = \"level\"")])
}

/// Whether everybody that may be a host is expected and signs, and no supplier has had to concede: then it ends with what (33) says, above zero.
fn all_deal(windows: &[Window], feasible: &[u64]) -> bool {
    windows.iter().all(|window| {
        window.expected == feasible
            && window.play.signed.hosts == feasible
            && window.profit.iter().all(|&profit| profit > 1e-6)
    })
}

/// Σ payoffs of the first states.
fn sum_of(outcome: &Outcome, states: usize) -> f64 {
    (0..states).map(|i| outcome.payoff(i)).sum()
}

/// A setting in which any state can be served from any other.
fn roomy(n: usize, demands: Vec<f64>) -> Symmetric {
    Symmetric {
        entry_cost: 0.001,
        demands,
        ..Symmetric::new(n)
    }
}
