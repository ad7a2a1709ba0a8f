//! A run of the reference in words, to find where two implementations part.

use super::Run;
use super::given::{Given, Set, list};
use super::tables::{Play, Record};
use std::fmt::Write as _;

fn states(given: &Given, set: Set) -> String {
    let ids: Vec<&str> = list(set).map(|i| given.states[i].as_str()).collect();
    format!("{{{}}}", ids.join(" "))
}

fn networks(given: &Given, hosts: &[Set]) -> String {
    let each: Vec<String> = hosts
        .iter()
        .zip(&given.hyperscalers)
        .map(|(&hosts, id)| format!("{id} {}", states(given, hosts)))
        .collect();
    each.join(", ")
}

fn table(given: &Given, record: &Record) -> String {
    let mut text = format!(
        "  {} with {}",
        states(given, record.table),
        given.hyperscalers[record.h]
    );
    if record.placed != record.table {
        let _ = write!(text, ", G = {}", states(given, record.placed));
    }
    let _ = write!(text, ", S = {}", networks(given, &record.signed));
    if let Some(bargain) = &record.bargain {
        let _ = write!(
            text,
            "\n    ΔU {} ΔΠ {} β {}",
            bargain.state, bargain.hyperscaler, bargain.power
        );
        for line in &bargain.lines {
            let _ = write!(
                text,
                "\n      a {} b {} c {} d {} felt c {} d {} in [{}, {}]",
                line.a, line.b, line.c, line.d, line.felt_c, line.felt_d, line.min, line.max
            );
        }
    }
    if let Some(point) = &record.point {
        let _ = write!(
            text,
            "\n    λ {} x {:?} u_S {} u_H {} T {}",
            point.lambda, point.levels, point.state, point.hyperscaler, point.transfer
        );
    } else {
        text.push_str("\n    no deal");
    }
    if !record.note.is_empty() {
        let _ = write!(text, "\n    {}", record.note);
    }
    text
}

/// One play: E, the tables in their order with what was bargained over and the outcome, and what is signed in the end.
pub fn play(given: &Given, play: &Play) -> String {
    let mut text = format!(
        "M = {} B = {}\nE: {}\n",
        states(given, play.accord),
        states(given, play.bloc),
        networks(given, &play.expected)
    );
    for (party, kept, reserves) in &play.lists {
        let kept: Vec<&str> = list(*kept)
            .map(|h| given.hyperscalers[h].as_str())
            .collect();
        let _ = writeln!(
            text,
            "list of {}: {kept:?}, reserves {reserves:?}",
            states(given, *party)
        );
    }
    for record in &play.records {
        let _ = writeln!(text, "{}", table(given, record));
    }
    let _ = writeln!(text, "S: {}", networks(given, &play.hosts));
    for (i, row) in play.signed.iter().enumerate() {
        for (h, deal) in row.iter().enumerate() {
            if let Some(deal) = deal {
                let _ = writeln!(
                    text,
                    "  {} {}: x {:?} s {} g {} T {} loss {}",
                    given.states[i],
                    given.hyperscalers[h],
                    deal.levels,
                    deal.value,
                    deal.cost,
                    deal.transfer,
                    deal.loss
                );
            }
        }
    }
    text
}

/// An arm, window by window.
pub fn run(given: &Given, run: &Run) -> String {
    let mut text = String::new();
    for (w, played) in run.windows.iter().enumerate() {
        let formed = &played.formed;
        let _ = writeln!(
            text,
            "window {w}: accord {} left {} talked {} rounds {} f {:?}\n{:?}",
            states(given, formed.accord),
            states(given, formed.left),
            states(given, formed.talked),
            formed.rounds,
            played.delays,
            played.standing
        );
        text.push_str(&play(given, &played.play));
        for (i, id) in given.states.iter().enumerate() {
            let _ = writeln!(
                text,
                "  {id} u {} {:?} {:?} Y {}",
                played.payoff[i], played.parts[i], played.causes[i], played.supplier_gain[i]
            );
        }
        let _ = writeln!(text, "  v {:?}", played.profit);
    }
    text
}
