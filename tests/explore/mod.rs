//! What a reader moves: settings are scenarios, and their worlds those of `run`.

mod browser;
mod engine;
mod tabletop;

use crate::support::program::{program, root};
use indexmap::IndexMap;
use mufakat::engine::simulate::Watch;
use mufakat::explore::Explorer;
use mufakat::explore::messages::{
    ExploreSetting, ExploreView, ExportRequest, FindRequest, FoundAnswer, OpenRequest,
    OpenedScenario, PlayedPart,
};
use mufakat::report::document::Text;
use std::sync::atomic::AtomicBool;

/// What the program prints.
pub(crate) fn printed(arguments: &[&str]) -> String {
    let output = program(root()).args(arguments).output().expect("it runs");
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).expect("text")
}

fn opened(name: &str) -> (Explorer, OpenedScenario) {
    let request = OpenRequest {
        name: name.to_owned(),
        text: printed(&["show", name, "-q"]),
        ranked: None,
    };
    Explorer::open(request).expect("a shipped scenario opens")
}

fn setting(opened: &OpenedScenario, sets: &[(&str, &str)], worlds: u64) -> ExploreSetting {
    let sets = sets.iter();
    let sets = sets.map(|(path, value)| ((*path).to_owned(), (*value).to_owned()));
    ExploreSetting {
        arm: opened.first.arm.clone(),
        reference: opened.first.reference.clone(),
        others: Vec::new(),
        sets: sets.collect::<IndexMap<_, _>>(),
        seed: opened.first.seed,
        worlds,
    }
}

/// Plays a setting and its base in blocks.
fn play(explorer: &mut Explorer, setting: &ExploreSetting, block: u64) {
    let reply = explorer.set(setting).expect("it is valid");
    for part in [PlayedPart::Base, PlayedPart::Setting] {
        if part == PlayedPart::Setting && !reply.own {
            continue;
        }
        let mut from = explorer.part(part).expect("it is set").worlds();
        while from < setting.worlds {
            let to = (from + block).min(setting.worlds);
            let bytes = explorer.part(part).expect("it is set").play(from..to);
            let bytes = bytes.expect("it has results");
            let part = explorer.part_mut(part).expect("it is set");
            part.take(&bytes).expect("they are its worlds");
            from = to;
        }
    }
}

fn exported(explorer: &Explorer, what: &str, worlds: u64) -> String {
    let request = ExportRequest {
        what: what.to_owned(),
        worlds,
        view: ExploreView::default(),
    };
    explorer.export(&request).expect("it is exported").text
}

#[test]
fn what_is_exported_is_what_the_command_line_plays() {
    for (name, sets) in [
        ("two-states", vec![]),
        (
            "core-three",
            vec![("arm.bloc.binding", "0.5"), ("market.diversion", "0.7")],
        ),
        ("asean-2027", vec![("state.MY.hub", "0.8")]),
    ] {
        let (mut explorer, opened) = opened(name);
        let setting = setting(&opened, &sets, 8);
        play(&mut explorer, &setting, 3);
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("scenario.toml");
        std::fs::write(&file, exported(&explorer, "scenario", 8)).expect("it is written");
        let out = directory.path().join("out");
        let file = file.to_str().expect("a name");
        let out_name = out.to_str().expect("a name");
        let stdout = printed(&["run", file, "--json", "--out", out_name, "-q"]);
        assert_eq!(exported(&explorer, "results", 8), stdout, "{name}");
        let worlds = std::fs::read_to_string(out.join("trials.csv")).expect("it is kept");
        assert_eq!(exported(&explorer, "worlds", 8), worlds, "{name}");
    }
}

#[test]
fn a_frame_tells_what_was_moved_beside_what_was() {
    let (mut explorer, opened) = opened("core-three");
    let setting = setting(&opened, &[("arm.bloc.binding", "0")], 60);
    play(&mut explorer, &setting, 16);
    let view = ExploreView {
        figure: Some("members".to_owned()),
        world: Some(3),
        ..ExploreView::default()
    };
    let frame = explorer.show(&view, 60).expect("it was played");
    assert!(frame.finished);
    let panels: Vec<&str> = frame.panels.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(panels, ["states", "causes", "figure", "reading", "world"]);
    let headline = frame.headline.expect("there are two arms");
    assert_ne!(Some(headline.mean), headline.base, "less binds");
    let text = serde_json::to_string(&frame).expect("JSON");
    assert!(text.contains("as the scenario has it"), "{text}");
    let view = ExploreView {
        figure: Some("windows".to_owned()),
        ..ExploreView::default()
    };
    let windows = serde_json::to_string(&explorer.show(&view, 60).expect("it was played"));
    let windows = windows.expect("JSON");
    assert!(windows.contains("Payoff of all states in each window"));
    assert!(!windows.contains("--keep"), "a page has no flags");
}

/// What a search finds from a setting.
fn found(explorer: &Explorer, request: &str) -> FoundAnswer {
    let request: FindRequest = serde_json::from_str(request).expect("a request");
    let watch = Watch {
        stop: &AtomicBool::new(false),
        on_trial: &|| {},
    };
    explorer.find(&request, watch).expect("it is found")
}

/// A text without what its numbers are.
fn plain(text: &Text) -> String {
    mufakat::report::document::written(text)
}

#[test]
fn searches_start_from_the_setting() {
    let (mut explorer, opened) = opened("core-three");
    let setting = setting(&opened, &[("arm.bloc.penalty", "0.3")], 40);
    play(&mut explorer, &setting, 40);
    let least = found(&explorer, r#"{"find": "least-binding"}"#);
    let sets = least
        .sets
        .expect("with such a penalty some binding will do");
    let (path, value) = sets.first().expect("one key");
    assert_eq!(path, "arm.bloc.binding");
    let value: f64 = value.parse().expect("a number");
    assert!((0.0..=1.0).contains(&value));
    // Without a penalty binding holds nobody.
    let free = self::setting(&opened, &[("arm.bloc.penalty", "0")], 40);
    play(&mut explorer, &free, 40);
    let never = found(&explorer, r#"{"find": "least-binding"}"#);
    let needed = never.sets.as_ref().map(|sets| sets[path].as_str());
    assert!(
        matches!(needed, None | Some("0.00")),
        "{}",
        plain(&never.sentence)
    );

    let payment = found(&explorer, r#"{"find": "payment", "state": "MY"}"#);
    assert!(
        plain(&payment.sentence).starts_with("Malaysia"),
        "{payment:?}"
    );
    let loses = found(&explorer, r#"{"find": "loses", "state": "MY"}"#);
    let world = *loses.worlds.first().expect("it loses somewhere");
    let layout = explorer.part(PlayedPart::Setting).expect("it is set");
    let differences = layout.differences(40).expect("there are two arms");
    let position = opened
        .states
        .iter()
        .position(|one| one.id == "MY")
        .expect("a state");
    assert!(differences.states[position][world as usize] < 0.0);

    let map = r#"{"find": "map", "first": {"path": "market.diversion", "from": 0, "to": 1},
        "second": {"path": "bargaining.foresight", "from": 0, "to": 1}}"#;
    let map = found(&explorer, map);
    assert!(!map.blocks.is_empty() && !plain(&map.sentence).is_empty());
}

#[test]
fn refusals_name_what_is_wrong() {
    let (mut explorer, opened) = opened("two-states");
    let refused = |explorer: &mut Explorer, sets: &[(&str, &str)]| {
        let setting = setting(&opened, sets, 4);
        explorer.set(&setting).expect_err("it is wrong").message
    };
    let talent = format!("state.{}.talent", opened.states[0].id);
    for (path, value, says) in [
        (talent.as_str(), "7", "talent"),
        ("state.XX.talent", "0.5", "XX"),
        ("arm.bloc.start", "soon", "is a year"),
        ("market.diversion", "", "not valid TOML"),
    ] {
        let said = refused(&mut explorer, &[(path, value)]);
        assert!(said.contains(says), "{path}: {said}");
    }
    let other = ExploreSetting {
        arm: Some("nobody".to_owned()),
        ..setting(&opened, &[], 4)
    };
    let said = explorer.set(&other).expect_err("no such arm").message;
    assert!(
        said.contains("there is no arm `nobody`; there are"),
        "{said}"
    );
    let refusal = explorer.call("dance", b"{}").expect_err("no such call");
    assert!(String::from_utf8_lossy(&refusal).contains("no call `dance`"));
}

#[test]
fn an_arm_that_starts_later_brings_less() {
    let (mut explorer, opened) = opened("asean-2027");
    let base = setting(&opened, &[], 12);
    play(&mut explorer, &base, 12);
    let view = ExploreView::default();
    let mean = |explorer: &Explorer| {
        let frame = explorer.show(&view, 12).expect("it was played");
        frame.headline.expect("two arms").mean
    };
    let now = mean(&explorer);
    let arm = opened.first.arm.as_ref().expect("an arm");
    let path = format!("arm.{arm}.start");
    let late = setting(&opened, &[(&path, "2036")], 12);
    play(&mut explorer, &late, 12);
    let later = mean(&explorer);
    assert!(0.0 < later && later < 0.7 * now, "{later} after {now}");

    // Written and opened again, it says so, and can be set back.
    let request = OpenRequest {
        name: "again".to_owned(),
        text: exported(&explorer, "scenario", 12),
        ranked: None,
    };
    let (mut explorer, again) = Explorer::open(request).expect("it is a scenario");
    let control = again.decided[arm].iter().find(|one| one.path == path);
    assert_eq!(control.expect("it is there").text, "2036");
    for (sets, brings) in [(vec![], later), (vec![(&*path, "2027")], now)] {
        let setting = setting(&again, &sets, 12);
        play(&mut explorer, &setting, 12);
        assert_eq!(mean(&explorer), brings, "{sets:?}");
    }
}
