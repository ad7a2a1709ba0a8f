//! What a reader moves: settings are scenarios, and their worlds those of `run`.

use crate::support::program::{program, root};
use indexmap::IndexMap;
use mufakat::explore::Explorer;
use mufakat::explore::messages::{
    ExploreSetting, ExploreView, ExportRequest, OpenRequest, OpenedScenario, PlayedPart,
};

/// What the program prints.
fn printed(arguments: &[&str]) -> String {
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
}
