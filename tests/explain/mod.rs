//! `explain`: the parts of a world add up, and what is hard to see is said.

use crate::support::program::{UNCERTAIN, check};
use serde_json::Value;

const ROUNDING: f64 = 1e-9;

fn world(args: &[&str]) -> Value {
    let (out, _) = check(&[&["explain"], args, &["--json", "-q"]].concat(), 0);
    serde_json::from_str(&out).expect("JSON")
}

fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("no number: {value}"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn sum(of: &Value, keys: &[&str]) -> f64 {
    keys.iter().map(|key| number(&of[key])).sum()
}

#[track_caller]
fn close(found: f64, expected: f64, what: &str) {
    let near = (found - expected).abs() <= ROUNDING * expected.abs().max(1.0);
    assert!(near, "{what}: {found}, not {expected}");
}

#[test]
fn causes_deals_and_service_add_up() {
    for trial in ["0", "3", "11"] {
        let world = world(&[UNCERTAIN, "--trial", trial]);
        for (name, arm) in world["arms"].as_object().expect("arms") {
            for (id, causes) in arm["causes"].as_object().expect("states") {
                let parts = ["alone", "rules", "table", "sharing", "delay"];
                let payoff = number(&arm["states"][id]["payoff"]);
                close(
                    sum(causes, &parts),
                    payoff,
                    &format!("{name} {id} over windows"),
                );
            }
            for window in list(&arm["windows"]) {
                for (id, state) in window["states"].as_object().expect("states") {
                    let gross = sum(state, &["access", "terms", "cash", "repricing"]);
                    let delay = (number(&state["delay"]) - 1.0) * gross;
                    let due = sum(state, &["alone", "rules", "table", "sharing"]) + delay;
                    close(due, number(&state["payoff"]), &format!("{name} {id}"));
                    let deals = list(&window["deals"]).iter();
                    let own = deals.filter(|deal| deal["state"] == *id);
                    let terms: f64 = own.map(|deal| number(&deal["value"])).sum();
                    close(
                        terms,
                        number(&state["terms"]),
                        &format!("{name} {id} terms"),
                    );
                }
                if name == "bilateral" {
                    list(&window["pairs"])
                        .iter()
                        .for_each(|pair| served(window, pair));
                }
            }
        }
    }
}

/// ψ (12) from σ and y, and y within the room.
fn served(window: &Value, pair: &Value) {
    let id = pair["state"].as_str().expect("an id");
    let state = &window["states"][id];
    let outside = number(&state["served_from_outside"]);
    let by = pair["served_by"].as_object().expect("hosts");
    let expected = if by.contains_key(id) {
        1.0
    } else {
        let added = by
            .iter()
            .map(|(from, share)| (number(&state["served_from"][from]) - outside) * number(share));
        outside + added.sum::<f64>()
    };
    close(number(&pair["quality"]), expected, "quality");
    for (from, share) in by.iter().filter(|(from, _)| *from != id) {
        let mut pairs = list(&window["pairs"]).iter();
        let host =
            pairs.find(|one| one["state"] == **from && one["hyperscaler"] == pair["hyperscaler"]);
        let demand = number(&state["market"]) * number(&pair["share"]);
        let room = number(&host.expect("it hosts")["room"]);
        assert!(number(share) * demand <= room * (1.0 + ROUNDING), "{pair}");
    }
}

#[test]
fn terms_that_hold_too_little_are_seen() {
    let poor = |cash: &'static str| {
        let sets = [
            cash,
            "hyperscaler.H.entry_cost=2",
            "market.contingent_share=1",
            "state.*.ai_uplift=0.05",
        ];
        let sets = sets.into_iter().flat_map(|set| ["-S", set]);
        ["two-states"]
            .into_iter()
            .chain(sets)
            .collect::<Vec<&str>>()
    };
    let without = poor("bargaining.transfers=false");
    let found = world(&without);
    let table = &found["arms"]["bilateral"]["windows"][0]["tables"][0];
    assert_eq!(table["ended"], "no-deal");
    assert!(number(&table["hyperscaler_gain_before_terms"]) < 0.0);
    let together = number(&table["together"]);
    assert!(together > 1.0, "{table}");
    let (text, _) = check(&[&["explain"], &without[..]].concat(), 0);
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        one_line.contains("no deal: together they would gain"),
        "{text}"
    );
    let paid = world(&poor("bargaining.transfers=true"));
    let agreement = &paid["arms"]["bilateral"]["windows"][0]["tables"][0]["agreement"];
    let gains = sum(agreement, &["state_gain", "hyperscaler_gain"]);
    close(gains, together, "with cash");
}

#[test]
fn a_tender_is_told_round_by_round() {
    let world = world(&[
        UNCERTAIN,
        "--arm",
        "bilateral",
        "-S",
        "arm.bilateral.shortlist=1",
        "--trial",
        "2",
    ]);
    let windows = list(&world["arms"]["bilateral"]["windows"]);
    let lists = windows
        .iter()
        .flat_map(|window| list(&window["short_lists"]));
    let mut told = 0;
    for list_of in lists {
        let rounds = list(&list_of["rounds"]);
        let gone: Vec<&str> = rounds
            .iter()
            .filter_map(|one| one["goes"].as_str())
            .collect();
        assert_eq!(gone.len(), rounds.len() - 1, "{list_of}");
        let kept = list_of["reserves"].as_object().expect("a list");
        let last = rounds.last().expect("a round")["bids"]
            .as_object()
            .expect("bids");
        assert!(kept.keys().eq(last.keys()) && !gone.iter().any(|one| kept.contains_key(*one)));
        // With two suppliers, who goes makes the bid that the other has to match: alone on the list.
        told += 1;
    }
    assert!(told > 0);
}

#[test]
fn pairs_that_nobody_counts_on_leave_with_their_joint_gain() {
    // With the other state's host a host in S brings 0.06 before terms, and these 0.0375 (see the scenario): a tenth more to enter is too much.
    let arm = |set: &str| {
        let world = world(&["two-states", "--arm", "bilateral", "-S", set]);
        world["arms"]["bilateral"]["windows"][0].clone()
    };
    let dear = arm("hyperscaler.H.entry_cost=0.13");
    let left = list(&dear["not_expected"]);
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0]["state"], "S");
    close(number(&left[0]["gain"]), 0.06 + 0.0375 - 0.1, "Γ of S");
    assert_eq!(dear["expected"]["H"], serde_json::json!(["L"]));
    let cheap = arm("hyperscaler.H.entry_cost=0.03");
    assert!(list(&cheap["not_expected"]).is_empty());
}

#[test]
fn what_an_event_draws_is_drawn() {
    let here = tempfile::tempdir().expect("a temporary directory");
    let text = "extends = 'two-states'\n[[event]]\nname = 'e'\nyear = 2027\nprobability = 1\n\
                set = { 'market.outside_efficiency' = { dist = 'uniform', min = 0.1, max = 0.5 } }\n";
    let file = here.path().join("event.toml");
    std::fs::write(&file, text).expect("it is writable");
    let file = file.to_str().expect("UTF-8");
    let (out, _) = check(&["explain", file], 0);
    assert!(
        out.contains("Drawn quantities") && !out.contains("Nothing is drawn"),
        "{out}"
    );
    let (out, _) = check(&["explain", "two-states"], 0);
    assert!(out.contains("Nothing is drawn"), "{out}");
}
