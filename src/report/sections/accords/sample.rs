//! Results made by hand, for tests: two states, a front of two accords.

use crate::study::results::accords::{
    AccordReading, AccordState, AccordsResults, ClauseWorth, FoundAccord, ReadingKind,
    SearchRecord, SearchedRule,
};
use crate::study::results::assemble::manifest;
use crate::study::results::fixture::{model, stat};
use crate::study::results::sensitivity::Interval;
use indexmap::IndexMap;
use serde_json::json;

pub(super) fn interval(value: f64, half: f64) -> Interval {
    Interval {
        value,
        low: Some(value - half),
        high: Some(value + half),
    }
}

/// An accord that the scenario names, with what it brings the region and in how many worlds every member gains.
pub(super) fn accord(id: &str, region: f64, all_gain: f64) -> FoundAccord {
    let state = |mean: f64| AccordState {
        gain: Some(stat(mean, Some(0.05), (mean - 1.0, mean + 1.0))),
        better: 0.8,
        member: 0.9,
        left: 0.1,
    };
    let objectives = [
        ("region", interval(region, 0.2)),
        ("worst", interval(0.1, 0.02)),
        ("tail", interval(-0.5, 0.1)),
        ("all_gain", interval(all_gain, 0.02)),
        ("holds", interval(0.7, 0.03)),
        ("suppliers", interval(-region, 0.1)),
        ("simplicity", interval(-2.0, 0.0)),
    ];
    FoundAccord {
        id: id.to_owned(),
        changes: IndexMap::new(),
        arm: None,
        price: 0.0,
        objectives: objectives
            .map(|(key, one)| (key.to_owned(), one))
            .into_iter()
            .collect(),
        searched: None,
        worst_state: "B".to_owned(),
        formed: 1.0,
        region_gains: 0.9,
        gain: Some(stat(region, Some(0.1), (region - 1.0, region + 1.0))),
        causes: [
            ("table".to_owned(), 0.9 * region),
            ("rules".to_owned(), 0.1 * region),
        ]
        .into_iter()
        .collect(),
        states: [
            ("A".to_owned(), state(region - 0.1)),
            ("B".to_owned(), state(0.1)),
        ]
        .into_iter()
        .collect(),
        hyperscalers: [("H".to_owned(), Some(stat(-region, Some(0.1), (-9.0, 1.0))))]
            .into_iter()
            .collect(),
        outside_would_join: None,
    }
}

/// A search among twelve accords: the first is best for all and for the region, the second is the base.
pub(super) fn results() -> AccordsResults {
    let mut best = accord("accord-1", 2.0, 0.96);
    best.changes = [
        ("mode", json!("bloc")),
        ("sharing", json!("gdp")),
        ("side_payments", json!(0.5)),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into_iter()
    .collect();
    let rule = |key: &str, base, other| SearchedRule {
        key: key.to_owned(),
        values: vec![Clone::clone(&base), other],
        base,
        cost: 0.0,
    };
    let clause = |key: &str, region: f64| ClauseWorth {
        key: key.to_owned(),
        base: json!("none"),
        value: best.changes[key].clone(),
        worth: [
            ("region".to_owned(), interval(region, 0.1)),
            ("all_gain".to_owned(), interval(-0.24, 0.02)),
        ]
        .into_iter()
        .collect(),
    };
    let reading = |reading| AccordReading {
        reading,
        state: None,
        is_met: true,
        accord: "accord-1".to_owned(),
        clauses: vec![
            clause("mode", 1.5),
            clause("sharing", 0.4),
            clause("side_payments", 0.4),
        ],
        payments: None,
    };
    AccordsResults {
        manifest: crate::study::results::run::Manifest {
            trials: 1000,
            ..manifest(&model(), String::new(), Vec::new())
        },
        reference: "bilateral".to_owned(),
        base: "framework".to_owned(),
        rules: vec![
            rule("mode", json!("framework"), json!("bloc")),
            rule("binding", json!(0.0), json!(0.5)),
            rule("annexes", json!(false), json!(true)),
            rule("sharing", json!("none"), json!("gdp")),
            rule("side_payments", json!(0.0), json!(0.5)),
        ],
        members: json!(["all"]),
        search: SearchRecord {
            combinations: Some(32.0),
            exhaustive: true,
            tried: 12,
            not_valid: 0,
            not_valid_because: None,
            dominated: 5,
            plays: 3000,
            finalists: 2,
            worlds: 256,
            seed: 7,
        },
        resolution: [("region".to_owned(), 0.1)].into_iter().collect(),
        readings: vec![reading(ReadingKind::AllGain), reading(ReadingKind::Region)],
        front: vec![best, accord("accord-2", 1.0, 0.76)],
        named: vec![accord("framework", 1.0, 0.76)],
        winners_curse: [("region".to_owned(), interval(0.01, 0.05))]
            .into_iter()
            .collect(),
        theories: None,
        path: None,
    }
}

/// The same with a reading that chose otherwise.
pub(super) fn with_reading(kind: ReadingKind, accord: &str, is_met: bool) -> AccordsResults {
    let mut results = results();
    for one in results
        .readings
        .iter_mut()
        .filter(|one| one.reading == kind)
    {
        (one.accord, one.is_met) = (accord.to_owned(), is_met);
        one.clauses.clear();
    }
    results
}
