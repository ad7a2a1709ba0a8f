//! What a table hands on: annexes, short lists of lone states, repricing, what was built, members beside the joint table.

use crate::support::program::{UNCERTAIN, check};
use serde_json::Value;

const ROUNDING: f64 = 1e-9;

fn json(args: &[&str], sets: &[&str]) -> Value {
    let sets = sets.iter().flat_map(|&set| ["-S", set]);
    let args: Vec<&str> = args
        .iter()
        .copied()
        .chain(["--json", "-q"])
        .chain(sets)
        .collect();
    serde_json::from_str(&check(&args, 0).0).expect("JSON")
}

fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("no number: {value}"))
}

#[track_caller]
fn close(found: &Value, expected: f64) {
    let found = number(found);
    assert!(
        (found - expected).abs() < ROUNDING,
        "{found}, not {expected}"
    );
}

const ALONE: [&str; 7] = ["brief", UNCERTAIN, "--state", "A", "--with", "H", "-n"];

/// The deal of a pair in the first window of world 0.
fn deal(arm: &str, state: &str, sets: &[&str]) -> Value {
    let world = json(&["explain", UNCERTAIN, "--arm", arm], sets);
    let deals = &world["arms"][arm]["windows"][0]["deals"];
    let mut deals = deals.as_array().expect("a list").iter();
    let deal = deals.find(|one| one["state"] == state && one["hyperscaler"] == "H");
    deal.unwrap_or_else(|| panic!("{state} has no deal"))
        .clone()
}

#[test]
fn each_member_has_the_levels_of_its_annex() {
    let sets = [
        "arm.bloc.annexes=true",
        "arm.bloc.join=1",
        "arm.bloc.rule=mandate",
        "state.A.values.training=2",
    ];
    let args = [
        "brief", UNCERTAIN, "--accord", "bloc", "--with", "H", "-n", "1",
    ];
    let page = json(&args, &sets);
    let annexes = &page["predicted"]["annexes"];
    for state in ["A", "B"] {
        let signed = number(&deal("bloc", state, &sets)["levels"]["training"]);
        close(&annexes[state]["training"]["p50"], signed);
    }
    let [a, b] = ["A", "B"].map(|id| number(&annexes[id]["training"]["p50"]));
    assert!(a > b + 0.01, "{a} {b}: A values training twice as much");
    let mean = &page["predicted"]["solutions"]["nash"]["terms"]["training"]["p50"];
    close(mean, 0.5 * (a + b));
    let offer = [&args[..], &["--offer", "training=0.5"]].concat();
    assert!(json(&offer, &sets)["offer"]["worth"]["state"].is_object());
    let without = json(&args, &sets[1..]);
    assert_eq!(without["predicted"]["annexes"], serde_json::json!({}));
}

#[test]
fn repricing_that_is_foreseen_is_what_is_signed() {
    let sets = [
        "dynamics.repricing=0.5",
        "dynamics.lock_in=0.5",
        "term.training.price_effect=0.6",
    ];
    let page = json(&[&ALONE[..], &["1"]].concat(), &sets);
    let part = &page["predicted"];
    let signed = deal("bilateral", "A", &sets);
    close(&part["loss"]["p50"], number(&signed["loss"]));
    let (most, averted) = (
        number(&part["repricing"]["p50"]),
        number(&part["averted"]["p50"]),
    );
    close(&part["loss"]["p50"], most - averted);
    let level = number(&signed["levels"]["training"]);
    assert!(
        (averted - most * 0.6 * level).abs() < ROUNDING,
        "{averted} of {most} at {level}"
    );
    // Protection is worth more training than without any repricing.
    let plain = number(&deal("bilateral", "A", &sets[1..])["levels"]["training"]);
    assert!(level > plain, "{level} {plain}");
}

#[test]
fn what_was_built_is_lost_by_going() {
    let sets = [
        "pair.A.H.hosted=true",
        "pair.A.H.asset=1.5",
        "dynamics.stranded=0.4",
    ];
    let page = json(&[&ALONE[..], &["20"]].concat(), &sets);
    let walk_away = &page["walk_away"]["hyperscaler"];
    close(&walk_away["stranded"]["mean"], -0.6);
    let parts = [
        "home_margin",
        "other_margin",
        "hosting",
        "compliance",
        "stranded",
        "other_deals",
    ];
    let sum = parts.iter().map(|part| number(&walk_away[part]["mean"]));
    close(&walk_away["total"]["mean"], sum.sum());
    let states = &page["walk_away"]["state"];
    let parts = [
        "own",
        "other_suppliers",
        "elsewhere",
        "behind",
        "switching",
        "other_deals",
    ];
    let sum = parts.iter().map(|part| number(&states[part]["mean"]));
    close(&states["total"]["mean"], sum.sum());
    let (text, _) = check(
        &[
            "brief", UNCERTAIN, "--state", "A", "--with", "H", "-n", "20", "-S", sets[0], "-S",
            sets[1], "-S", sets[2],
        ],
        0,
    );
    assert!(text.contains("what it built with"), "{text}");
}

#[test]
fn a_lone_state_with_a_short_list_is_promised_the_bid_of_another() {
    let sets = ["arm.bilateral.shortlist=1"];
    let world = json(&["explain", UNCERTAIN, "--arm", "bilateral"], &sets);
    let lists = world["arms"]["bilateral"]["windows"][0]["short_lists"]
        .as_array()
        .expect("lists");
    let own = lists
        .iter()
        .find(|one| one["states"][0] == "A")
        .expect("A tenders");
    let (kept, reserve) = own["reserves"]
        .as_object()
        .expect("kept")
        .iter()
        .next()
        .expect("one");
    let args = [
        "brief", UNCERTAIN, "--state", "A", "--with", kept, "-n", "1",
    ];
    let page = json(&args, &sets);
    close(&page["zone"]["reserve"]["p50"], number(reserve));
    let gain = number(&page["predicted"]["solutions"]["nash"]["state"]["p50"]);
    let most = number(&page["zone"]["state"]["most"]["p50"]);
    assert!(
        gain >= number(reserve).min(most) - ROUNDING,
        "{gain} {reserve} {most}"
    );
    assert!(json(&args, &[])["zone"]["reserve"].is_null());
    let other = if kept == "H" { "G" } else { "H" };
    let refused = [
        "brief", UNCERTAIN, "--state", "A", "--with", other, "-n", "1", "-S", sets[0],
    ];
    let (_, error) = check(&refused, 2);
    assert!(error.contains("not-on-short-list"), "{error}");
}

#[test]
fn a_member_beside_the_joint_table_has_its_own() {
    let args = [
        "brief",
        "asean-2027",
        "--arm",
        "core-inside",
        "--with",
        "MSFT",
        "-n",
        "2",
    ];
    let beside = [&args[..], &["--state", "LA"]].concat();
    let page = json(&beside, &[]);
    assert_eq!(page["table"]["state"], "LA");
    let seated = [&args[..], &["--state", "SG"]].concat();
    let (_, error) = check(&seated, 2);
    assert!(error.contains("use --accord core-inside"), "{error}");
    let joint = [
        "brief",
        "asean-2027",
        "--accord",
        "core-inside",
        "--with",
        "MSFT",
        "-n",
        "2",
    ];
    let page = json(&joint, &["arm.core-inside.rule=mandate"]);
    let members = page["table"]["members"].clone();
    let members = members.as_object().expect("members");
    assert!(
        members.contains_key("SG") && !members.contains_key("LA"),
        "{members:?}"
    );
}
