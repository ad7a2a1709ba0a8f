//! Events: when they hold, what they replace, and which of two wins.

mod data;
mod draws;

use crate::support::{Scenarios, Shape, follow, model};

const SHAPE: Shape = Shape {
    transfers: false,
    budgets: false,
    windows: 4,
    order: "listed",
    foresight: Some(0.5),
    solution: Some("nash"),
};

/// Four windows of 2.5 years from 2027 with the given events.
fn windows(events: &str) -> Vec<crate::support::Window> {
    let arms = "[[arm]]\nname = \"bilateral\"\nmode = \"bilateral\"\n";
    follow(
        &model(&Scenarios::new(3).text(SHAPE, &format!("{arms}{events}"))),
        0,
    )
}

fn event(name: &str, year: f64, set: &str) -> String {
    format!("[[event]]\nname = \"{name}\"\nyear = {year}\nprobability = 1\nset = {{ {set} }}\n")
}

#[test]
fn an_event_holds_from_the_first_window_that_starts_at_or_after_its_year() {
    let windows = windows(&event("scarcity", 2029.6, "\"state.S0.hub\" = 0.0"));
    let hub_serves = |w: usize| windows[w].economy.hub[0] > 0.0;
    assert!(
        hub_serves(0) && hub_serves(1),
        "windows start in 2027 and 2029.5"
    );
    assert!(
        !hub_serves(2) && !hub_serves(3),
        "the window of 2032 is the first after 2029.6"
    );
}

#[test]
fn a_level_is_replaced_once_and_then_evolves() {
    let windows = windows(&event("school", 2029.5, "\"state.S0.talent\" = 0.9"));
    assert_eq!(windows[1].standing.talent[0], 0.9);
    assert!(windows[2].standing.talent[0] >= 0.9);
    assert!(
        windows[0].standing.first_talent[0] < 0.9,
        "talent(0) stays that of window 0"
    );
    assert_eq!(
        windows[0].standing.first_talent[0],
        windows[3].standing.first_talent[0]
    );
}

#[test]
fn an_event_that_holds_from_the_start_sets_the_first_level() {
    let windows = windows(&event("school", 2027.0, "\"state.S0.talent\" = 0.9"));
    assert_eq!(windows[0].standing.first_talent[0], 0.9);
    assert!(windows[1].standing.talent[0] >= 0.9);
}

#[test]
fn of_two_events_on_one_path_the_later_in_the_file_wins() {
    let late = event("late", 2032.0, "\"state.S0.talent\" = 0.2");
    let early = event("early", 2029.5, "\"state.S0.talent\" = 0.9");
    let windows_of = |events: String| windows(&events);
    // The event of 2032 is first in the file: it loses, and talent goes on from what 2029.5 made of it.
    let kept = windows_of(late.clone() + &early);
    assert!(
        kept[2].standing.talent[0] >= 0.9,
        "{}",
        kept[2].standing.talent[0]
    );
    // The event of 2032 is last in the file: it replaces the level once more.
    let replaced = windows_of(early + &late);
    assert_eq!(replaced[2].standing.talent[0], 0.2);
}

#[test]
fn growth_acts_from_its_window_on_and_levels_are_carried() {
    let windows = windows(&event("boom", 2029.5, "\"state.S0.gdp_growth\" = 0.1"));
    let gdp: Vec<f64> = windows.iter().map(|window| window.economy.gdp[0]).collect();
    let before = (gdp[1] / gdp[0]).ln() / 2.5;
    assert!(before < 0.07, "growth before the event is that of the file");
    for w in 1..3 {
        assert!((gdp[w + 1] / gdp[w] - 1.1f64.powf(2.5)).abs() < 1e-12);
    }
}

#[test]
fn a_pair_that_becomes_infeasible_loses_its_host_and_pays_for_switching() {
    let windows = windows(&event(
        "sanctions",
        2029.5,
        "\"pair.*.H0.feasible\" = false",
    ));
    assert!(
        windows[0].play.signed.hosts[0] != 0,
        "somebody hosts H0 at first"
    );
    assert_eq!(windows[1].play.signed.hosts[0], 0);
    assert_eq!(windows[1].expected[0], 0);
    assert!(windows[1].parts.iter().any(|parts| parts.switching < 0.0));
}

#[test]
fn the_first_window_starts_from_what_pairs_say() {
    let pairs = "[[pair]]\nstate = \"S1\"\nhyperscaler = \"H0\"\nhosted = true\ndependency = 0.25\nasset = 3\n";
    let windows =
        windows(&(pairs.to_owned() + &event("built", 2027.0, "\"pair.S1.H0.asset\" = 4")));
    let (first, economy) = (&windows[0].standing, &windows[0].economy);
    assert_eq!(first.had[0], 0b10);
    assert_eq!(first.had[1..], vec![0; economy.m - 1]);
    let p = economy.m;
    assert_eq!((first.dependency[p], first.asset[p]), (0.25, 4.0));
    assert_eq!((first.dependency[0], first.asset[0]), (0.0, 0.0));
}
