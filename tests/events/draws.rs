//! Events that set distributions, and how probable later events are, against closed forms.

use crate::support::program::{UNCERTAIN, check_in};
use mufakat::engine::model::Model;
use mufakat::engine::model::keys::{DynamicsKey, MarketKey};
use mufakat::engine::model::layout::Slot;
use mufakat::engine::model::world::{Streams, World};
use mufakat::engine::simulate::{Watch, simulate};
use std::fs;
use std::sync::atomic::AtomicBool;

const DIVERSION: Slot = Slot::Market(MarketKey::Diversion);
const LOCK_IN: Slot = Slot::Dynamics(DynamicsKey::LockIn);

/// The scenario in which something is uncertain, with settings, then with more text.
fn with(sets: &[(&str, &str)], more: &str) -> Model {
    let mut text = fs::read_to_string(UNCERTAIN).expect("readable");
    for (from, to) in sets {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    crate::support::model(&(text + more))
}

fn event(name: &str, year: u32, probability: f64, set: &str) -> String {
    format!(
        "[[event]]\nname = \"{name}\"\nyear = {year}\nprobability = {probability}\nset = {{ {set} }}\n"
    )
}

/// By world: the draws, and the values of some slots in each window.
fn drawn(model: &Model, worlds: u64, slots: &[Slot]) -> Vec<(Vec<f64>, Vec<Vec<f64>>)> {
    let (streams, mut world) = (Streams::new(model), World::new(model));
    let one = |trial| {
        let mut draws = vec![0.0; model.draws_len()];
        world
            .draw(model, &streams, trial, &mut draws)
            .expect("in range");
        let values = (0..model.horizon.windows).map(|w| {
            let values = world.values(model, w);
            slots
                .iter()
                .map(|&slot| values[model.layout.index(slot)])
                .collect()
        });
        (draws, values.collect())
    };
    (0..worlds).map(one).collect()
}

/// Rows of all arms in some worlds.
fn rows(model: &Model) -> Vec<u64> {
    let watch = Watch {
        stop: &AtomicBool::new(false),
        on_trial: &|| {},
    };
    let mut rows = Vec::new();
    simulate(model, 0..40, watch, |trial| {
        rows.extend(trial.rows.iter().map(|value| value.to_bits()));
        Ok::<_, ()>(())
    })
    .expect("played");
    rows
}

/// A triangular diversion on [0.1, 0.3, 0.8] becomes uniform on [0.2, 0.6] at the same share of its distribution:
/// F(x) = (x − 0.1)²/0.14 below 0.3 and 1 − (0.8 − x)²/0.35 above, and the new value is 0.2 + 0.4·F(x).
#[test]
fn a_draw_keeps_its_share_of_the_distribution() {
    let set = "\"market.diversion\" = { dist = \"uniform\", min = 0.2, max = 0.6 }";
    let model = with(&[], &event("shift", 2030, 1.0, set));
    let at = model
        .uncertain
        .iter()
        .position(|one| one.path == "market.diversion");
    let at = at.expect("it is uncertain");
    let (mut low, mut high) = (0, 0);
    for (draws, values) in drawn(&model, 200, &[DIVERSION]) {
        let before = draws[at];
        assert_eq!(values[0][0], before, "the event comes in the second window");
        let share = match before < 0.3 {
            true => (before - 0.1).powi(2) / 0.14,
            false => 1.0 - (0.8 - before).powi(2) / 0.35,
        };
        assert!(
            (values[1][0] - (0.2 + 0.4 * share)).abs() < 1e-12,
            "{before}"
        );
        low += u32::from(share < 0.2);
        high += u32::from(share > 0.8);
    }
    assert!(low > 20 && high > 20, "{low} {high}");
}

/// A constant of which a sure event makes a draw from the start is what it would be as a draw, digit by digit, in every design.
#[test]
fn a_constant_becomes_the_draw_that_it_would_be() {
    let dist = "{ dist = \"lognormal\", median = 0.3, sigma = 0.5 }";
    let by_event = event(
        "from the start",
        2027,
        1.0,
        &format!("\"dynamics.lock_in\" = {dist}"),
    );
    for sampler in ["random", "antithetic", "latin-hypercube", "sobol"] {
        let sampler = format!("seed = 7\nsampler = \"{sampler}\"");
        let seed = ("seed = 7", sampler.as_str());
        let set = with(&[seed], &by_event);
        let own = with(&[seed, ("lock_in = 0.3", &format!("lock_in = {dist}"))], "");
        assert_eq!(set.uncertain.len() + 1, own.uncertain.len());
        let [one, other] = [&set, &own].map(|model| drawn(model, 64, &[LOCK_IN, DIVERSION]));
        let values = |all: &[(Vec<f64>, Vec<Vec<f64>>)]| -> Vec<Vec<Vec<f64>>> {
            all.iter().map(|(_, values)| values.clone()).collect()
        };
        assert_eq!(values(&one), values(&other), "{sampler}");
        assert_eq!(rows(&set), rows(&own), "{sampler}");
    }
}

/// Correlation ties the normal scores, which an event leaves as they are.
#[test]
fn correlation_holds_through_an_event() {
    let tie =
        "[[correlation]]\nbetween = ['market.diversion', 'market.outside_efficiency']\nrho = 0.9\n";
    let set = "\"market.diversion\" = { dist = \"uniform\", min = 0, max = 1 }";
    let model = with(&[], &(tie.to_owned() + &event("shift", 2027, 1.0, set)));
    let outside = Slot::Market(MarketKey::OutsideEfficiency);
    let worlds = drawn(&model, 2000, &[DIVERSION, outside]);
    // Of two uniforms tied by normal scores of correlation ρ: ρ_S = (6/π)·asin(ρ/2) (Pearson 1907).
    let expected = 6.0 / std::f64::consts::PI * (0.45f64).asin();
    let pairs = worlds
        .iter()
        .map(|(_, values)| (values[0][0], (values[0][1] - 0.2) / 0.4));
    let product: f64 = pairs.map(|(x, y)| (x - 0.5) * (y - 0.5)).sum::<f64>() / 2000.0;
    assert!(
        (12.0 * product - expected).abs() < 0.06,
        "{} {expected}",
        12.0 * product
    );
}

/// P(B) = P(A)·b + (1 − P(A))·b′; where A does not come B is what it is without A, world by world.
#[test]
fn an_event_sets_the_probability_of_a_later_one() {
    let a = |set: &str| event("a", 2027, 0.5, set);
    let b = event("b", 2030, 0.1, "\"market.diversion\" = 0.7");
    let nothing = "\"market.diversion\" = 0.5";
    let set = with(&[], &(a("\"event.b.probability\" = 0.9") + &b));
    let own = with(&[], &(a(nothing) + &b));
    let [set, own] = [&set, &own].map(|model| drawn(model, 4000, &[DIVERSION]));
    let came = |draws: &[f64], back: usize| draws[draws.len() - back] == 1.0;
    let (mut with_a, mut both, mut alone) = (0.0, 0.0, 0.0);
    for ((draws, values), (others, _)) in set.iter().zip(&own) {
        let [a, b] = [came(draws, 2), came(draws, 1)];
        assert_eq!(a, came(others, 2), "a is decided as ever");
        assert!(a || b == came(others, 1), "without a, b is what it was");
        // One uniform decides both: what comes with 0.1 comes with 0.9.
        assert!(b || !came(others, 1));
        assert_eq!(values[1][0] == 0.7, b);
        with_a += f64::from(u8::from(a));
        both += f64::from(u8::from(a && b));
        alone += f64::from(u8::from(!a && b));
    }
    // 4 standard errors of shares of 2000 worlds.
    let near = |share: f64, p: f64| (share - p).abs() < 4.0 * (p * (1.0 - p) / 2000.0).sqrt();
    assert!(near(both / with_a, 0.9), "{}", both / with_a);
    assert!(
        near(alone / (4000.0 - with_a), 0.1),
        "{}",
        alone / (4000.0 - with_a)
    );
}

/// Of several events that set one probability the last that comes counts, and a chain is decided in the order of the file.
#[test]
fn the_last_that_comes_decides() {
    let sure = |name: &str, set: &str| event(name, 2027, 1.0, set);
    let never = |name: &str, set: &str| event(name, 2027, 0.0, set);
    let last = event("z", 2027, 0.5, "\"market.diversion\" = 0.7");
    let came = |events: String| {
        let model = with(&[], &(events + &last));
        let worlds = drawn(&model, 50, &[]);
        worlds
            .iter()
            .filter(|(draws, _)| draws[draws.len() - 1] == 1.0)
            .count()
    };
    let set = |p: u32| format!("\"event.z.probability\" = {p}");
    assert_eq!(came(sure("a", &set(1)) + &sure("b", &set(0))), 0);
    assert_eq!(came(sure("a", &set(1)) + &never("b", &set(0))), 50);
    let chain = never("b", &set(1));
    assert_eq!(came(sure("a", "\"event.b.probability\" = 1") + &chain), 50);
}

/// Which events come in some worlds alone, against those that did: one that never comes sets nothing, one that is sure leaves nothing of what was before.
#[test]
fn an_event_may_come_or_not_as_those_before_it_allow() {
    let set = |p: f64| format!("\"event.b.probability\" = {p}");
    let two = |a: f64, to: f64, b: f64| {
        event("a", 2027, a, &set(to)) + &event("b", 2027, b, "\"market.diversion\" = 0.7")
    };
    for (events, expected) in [
        (two(0.0, 0.5, 1.0), vec![false, false]),
        (two(0.0, 0.5, 0.0), vec![false, false]),
        (two(0.0, 0.0, 0.4), vec![false, true]),
        (two(1.0, 1.0, 0.5), vec![false, false]),
        (two(1.0, 0.0, 0.5), vec![false, false]),
        (two(1.0, 0.5, 0.0), vec![false, true]),
        (two(0.5, 0.0, 0.0), vec![true, false]),
        (two(0.5, 1.0, 1.0), vec![true, false]),
        (two(0.5, 1.0, 0.0), vec![true, true]),
        (two(0.5, 0.3, 0.3), vec![true, true]),
        // What was set is set again, for good or not.
        (
            event("x", 2027, 0.5, &set(0.5)) + &two(1.0, 0.0, 0.5),
            vec![true, false, false],
        ),
        (
            event("x", 2027, 1.0, &set(0.0)) + &two(0.5, 1.0, 0.5),
            vec![false, true, true],
        ),
        (
            event("x", 2027, 1.0, "\"event.a.probability\" = 0") + &two(0.5, 0.5, 0.0),
            vec![false, false, false],
        ),
    ] {
        let model = with(&[], &events);
        let found = model.may_come_or_not();
        let found = &found[found.len() - expected.len()..];
        assert_eq!(found, expected, "{events}");
        let worlds = drawn(&model, 200, &[]);
        let is_mixed = |back: usize| {
            let came = |draws: &Vec<f64>| draws[draws.len() - back];
            worlds
                .iter()
                .any(|(draws, _)| came(draws) != came(&worlds[0].0))
        };
        let mixed: Vec<bool> = (1..=expected.len()).rev().map(is_mixed).collect();
        assert_eq!(mixed, expected, "{events}");
    }
}

/// Every event sets that of each behind it: what may come is told in one pass, however many there are.
#[test]
fn a_long_chain_of_events_is_decided_at_once() {
    let events = (0..60).map(|k| {
        let set = (k + 1..60).map(|later| format!("\"event.e{later}.probability\" = 1"));
        let set: Vec<String> = set
            .chain(["\"market.diversion\" = 0.5".to_owned()])
            .collect();
        event(
            &format!("e{k}"),
            2027,
            f64::from(u8::from(k == 0)),
            &set.join(", "),
        )
    });
    let model = with(&[], &events.collect::<String>());
    let found = model.may_come_or_not();
    assert!(found[found.len() - 60..].iter().all(|may| !may));
}

/// `explain` says what events drew, and `discover` knows an event that is uncertain by another alone.
#[test]
fn what_events_draw_and_decide_is_said() {
    let here = tempfile::tempdir().expect("a temporary directory");
    let set = "\"dynamics.lock_in\" = { dist = \"uniform\", min = 0.2, max = 0.3 }, \"event.b.probability\" = 0.5";
    let text = fs::read_to_string(UNCERTAIN).expect("readable")
        + &event("a", 2027, 1.0, set)
        + &event("b", 2027, 0.0, "\"market.diversion\" = 0.1");
    fs::write(here.path().join("x.toml"), text).expect("writable");
    let explain = ["explain", "x.toml", "--trial", "3", "-q"];
    let json = check_in(here.path(), &[&explain[..], &["--json"]].concat(), 0).0;
    let world: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let drawn = &world["drawn_by_events"]["event.a.set.dynamics.lock_in"];
    assert!((0.2..0.3).contains(&drawn.as_f64().expect("a number")));
    let text = check_in(here.path(), &[&explain[..], &["--full"]].concat(), 0).0;
    assert!(
        text.contains("  event.a.set.dynamics.lock_in = 0.2"),
        "{text}"
    );
    let discover = [
        "discover",
        "x.toml",
        "-q",
        "-n",
        "100",
        "--when",
        "bloc.total.payoff > 1",
        "--json",
    ];
    let json = check_in(here.path(), &discover, 0).0;
    let found: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let others = ["event.export controls.came", "event.b.came"];
    assert_eq!(found["events"], serde_json::json!(others));
}

#[test]
fn a_draw_that_leaves_its_range_names_event_and_world() {
    let here = tempfile::tempdir().expect("a temporary directory");
    let set = "\"market.diversion\" = { dist = \"normal\", mean = 0.9, sd = 0.3 }";
    let text = fs::read_to_string(UNCERTAIN).expect("readable") + &event("boom", 2027, 1.0, set);
    fs::write(here.path().join("x.toml"), text).expect("writable");
    let (_, err) = check_in(here.path(), &["run", "x.toml", "-n", "20"], 5);
    let words = "`event.boom.set.market.diversion` was drawn as 1.";
    assert!(
        err.contains(words) && err.contains("it must be a number in [0, 1]"),
        "{err}"
    );
    assert!(err.contains("may leave"), "a warning before: {err}");
}

/// Where worlds are listed, what an event draws is what it draws without the list, however the world is made.
#[test]
fn a_list_does_not_change_what_an_event_draws() {
    let set = "\"market.diversion\" = { dist = \"uniform\", min = 0.2, max = 0.6 }";
    let events = event("shift", 2030, 1.0, set);
    let dist = "diversion = { dist = \"triangular\", min = 0.1, mode = 0.3, max = 0.8 }";
    let numbers: Vec<String> = (0..40).map(|k| format!("0.{:02}", 70 - k)).collect();
    let listed = format!(
        "diversion = {{ dist = \"empirical\", file = \"w.csv\", column = \"d\", rows = \"listed\", values = [{}] }}",
        numbers.join(", ")
    );
    let trials = ("trials = 200", "trials = 40");
    let own = with(&[trials], &events);
    let given = with(&[trials, (dist, &listed)], &events);
    let (streams, mut world) = (Streams::new(&given), World::new(&given));
    let design = given.design();
    let slot = given.layout.index(DIVERSION);
    for (k, (_, values)) in drawn(&own, 40, &[DIVERSION]).iter().enumerate() {
        let trial = k as u64;
        let mut draws = vec![0.0; given.draws_len()];
        world
            .draw(&given, &streams, trial, &mut draws)
            .expect("in range");
        let first = [0, 1].map(|w| world.values(&given, w)[slot]);
        assert_eq!(first[0], numbers[k].parse::<f64>().expect("a number"));
        assert_eq!(first[1], values[1][0], "world {k}");
        let mut uniforms = vec![0.0; design.dimensions()];
        design.fill(trial, &mut uniforms);
        given.correlation.apply(trial, &mut uniforms);
        world
            .draw_at(&given, &streams, trial, &uniforms, &mut draws)
            .expect("in range");
        assert_eq!([0, 1].map(|w| world.values(&given, w)[slot]), first);
    }
}

/// Designs of their own move the quantity before and after an event by the same share; what a constant becomes belongs to the noise.
#[test]
fn a_factor_is_moved_through_the_event() {
    let here = tempfile::tempdir().expect("a temporary directory");
    let base = fs::read_to_string(UNCERTAIN).expect("readable");
    let set = "\"market.diversion\" = { dist = \"uniform\", min = 0.2, max = 0.6 }";
    fs::write(
        here.path().join("event.toml"),
        base.clone() + &event("shift", 2027, 1.0, set),
    )
    .expect("writable");
    let dist = "diversion = { dist = \"triangular\", min = 0.1, mode = 0.3, max = 0.8 }";
    assert!(base.contains(dist));
    let own = base.replace(
        dist,
        "diversion = { dist = \"uniform\", min = 0.2, max = 0.6 }",
    );
    fs::write(here.path().join("own.toml"), own).expect("writable");
    for method in [
        &["--method", "sobol", "-n", "32"][..],
        &["--method", "morris", "--trajectories", "6"],
        &["--method", "tornado", "-n", "20"],
    ] {
        let found = |file: &str| {
            let args = [
                &[
                    "sensitivity",
                    file,
                    "-q",
                    "--json",
                    "--factors",
                    "market.*",
                    "--output",
                    "bloc.total.payoff.difference",
                ],
                method,
            ]
            .concat();
            let text = check_in(here.path(), &args, 0).0;
            let results: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            results["outputs"].clone()
        };
        assert_eq!(found("event.toml"), found("own.toml"), "{method:?}");
    }
}
