//! What a page gets: frames until all worlds are played, those of the engine itself, and files that the command line plays to the same numbers.

use super::client::{LONG, Server, read};
use crate::support::program::check;
use mufakat::explore::messages::{ExploreSetting, ExploreView, OpenRequest, PlayedPart};
use mufakat::explore::{Explorer, to_json};
use serde_json::{Value, json};
use std::io::Read;
use std::time::{Duration, Instant};

const WORLDS: u64 = 60;

fn sets() -> Value {
    json!({"arm.bloc.binding": "0.5", "market.diversion": "0.7"})
}

/// What the engine shows by itself.
fn of_engine(scenario: &str, setting: &Value, view: &Value) -> Value {
    let (text, _) = check(&["show", scenario, "-q"], 0);
    let request = OpenRequest {
        name: scenario.to_owned(),
        text,
        ranked: None,
    };
    let (mut explorer, _) = Explorer::open(request).expect("it opens");
    let setting: ExploreSetting = serde_json::from_value(setting.clone()).expect("a setting");
    let view: ExploreView = serde_json::from_value(view.clone()).expect("a view");
    explorer.set(&setting).expect("it is valid");
    for part in [PlayedPart::Base, PlayedPart::Setting] {
        let part = explorer.part_mut(part).expect("it is set");
        if part.worlds() == 0 {
            let bytes = part.play(0..setting.worlds).expect("it plays");
            part.take(&bytes).expect("they are its worlds");
        }
    }
    let frame = explorer.show(&view, setting.worlds).expect("it shows");
    serde_json::from_slice(&to_json(&frame)).expect("JSON")
}

#[test]
fn the_last_frame_is_that_of_the_engine() {
    let server = Server::start("core-three");
    let view = json!({"reader": "adviser", "state": "MY", "figure": null, "world": 3});
    for sets in [json!({}), sets()] {
        let setting = server.setting(&sets, WORLDS);
        let reply = server.call("answer", &json!({"setting": setting, "view": view}));
        assert_eq!(reply.status, 200);
        assert!(reply.head.contains("content-type: text/event-stream"));
        let frames = reply.events();
        let worlds = |frame: &Value| frame["worlds"].as_u64().expect("a number");
        assert!(frames.is_sorted_by(|one, next| worlds(one) < worlds(next)));
        let (last, others) = frames.split_last().expect("a frame");
        assert!(others.iter().all(|frame| frame["finished"] == false));
        assert_eq!(last["finished"], true);
        assert_eq!(*last, of_engine("core-three", &setting, &view));
    }
}

#[test]
fn what_was_played_is_shown_and_never_played_again() {
    let server = Server::start("core-three");
    let settings = [json!({}), sets()].map(|sets| server.setting(&sets, WORLDS));
    let question = |setting: &Value| json!({"setting": setting, "view": {}, "worlds": WORLDS});
    let shown = settings.each_ref().map(|setting| {
        let frames = server.call("answer", &question(setting)).events();
        frames.last().expect("a frame").clone()
    });
    // The second is under way; the first was kept.
    for (setting, frame) in settings.iter().zip(&shown) {
        assert_eq!(server.call("show", &question(setting)).json(), *frame);
        let again = server.call("answer", &question(setting)).events();
        assert_eq!(again, std::slice::from_ref(frame));
    }
    let mut more = question(&settings[0]);
    more["worlds"] = (WORLDS + 1).into();
    assert!(server.call("show", &more).json()["error"]["message"].is_string());
    // More worlds are those of before and some.
    let more = server.setting(&json!({}), WORLDS + 5);
    let frames = server.call("answer", &question(&more)).events();
    let view = json!({"reader": "adviser"});
    assert_eq!(frames.last(), Some(&of_engine("core-three", &more, &view)));
    let order = server.call("order", &question(&settings[0])).json();
    assert!(
        order["paths"]
            .as_array()
            .is_some_and(|paths| paths.len() > 10)
    );
}

#[test]
fn what_is_exported_is_what_the_command_line_plays() {
    let server = Server::start("core-three");
    let setting = server.setting(&sets(), WORLDS);
    let question = json!({"setting": setting, "view": {}, "worlds": WORLDS});
    server.call("answer", &question);
    let exported = |what: &str| {
        let mut question = question.clone();
        question["what"] = what.into();
        let file = server.call("export", &question).json();
        file["text"].as_str().expect("a text").to_owned()
    };
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("scenario.toml");
    std::fs::write(&file, exported("scenario")).expect("it is written");
    let (printed, _) = check(&["run", file.to_str().expect("UTF-8"), "--json", "-q"], 0);
    assert!(printed == exported("results"), "the bytes differ");
    assert!(exported("worlds").lines().count() > WORLDS as usize);
    assert!(!exported("note").is_empty());
}

#[test]
fn what_is_looked_for_is_found_while_worlds_are_played() {
    let server = Server::start("core-three");
    let much = json!({"setting": server.setting(&sets(), 20_000), "view": {}});
    let stream = server.ask("answer", &much);
    (&stream).read_exact(&mut [0; 2000]).expect("a frame");
    let setting = server.setting(&sets(), 2 * WORLDS);
    server.call("answer", &json!({"setting": setting, "view": {}}));
    let question = json!({"setting": setting, "find": {"find": "loses", "state": "ID"}});
    let reply = server.call("find", &question);
    assert!(reply.head.contains("content-type: text/event-stream"));
    let found = reply.events();
    assert_eq!(found.len(), 1);
    assert!(found[0]["sentence"].is_array(), "{}", found[0]);
    let losing = found[0]["worlds"]
        .as_array()
        .expect("worlds that were played");
    assert!(!losing.is_empty());
    let nothing = server.call("find", &json!({"setting": setting}));
    assert_eq!(nothing.status, 400);
    let wrong = json!({"setting": setting, "find": {"find": "payment", "state": "XX"}});
    assert!(server.call("find", &wrong).events()[0]["error"]["message"].is_string());
}

#[test]
fn whoever_goes_away_is_not_played_for() {
    let server = Server::start("asean-2027");
    let much = json!({"setting": server.setting(&sets(), 20_000), "view": {}});
    let mut stream = server.ask("answer", &much);
    stream.read_exact(&mut [0; 2000]).expect("a frame");
    drop(stream);
    let started = Instant::now();
    let few = json!({"setting": server.setting(&json!({}), 8), "view": {}});
    let frames = server.call("answer", &few).events();
    assert_eq!(frames.last().expect("a frame")["finished"], true);
    assert!(started.elapsed() < LONG / 4, "{:?}", started.elapsed());
}

#[test]
fn a_slow_reader_holds_nobody_up_and_gets_the_newest() {
    let server = Server::start("core-three");
    let slow = json!({"setting": server.setting(&sets(), 20 * WORLDS), "view": {}});
    let stream = server.ask("answer", &slow);
    let few = json!({"setting": server.setting(&json!({}), WORLDS), "view": {}});
    let frames = server.call("answer", &few).events();
    assert_eq!(frames.last().expect("a frame")["finished"], true);
    std::thread::sleep(Duration::from_secs(2));
    let frames = read(stream).events();
    assert_eq!(frames.last().expect("a frame")["worlds"], 20 * WORLDS);
}

#[test]
fn the_newest_question_of_a_page_ends_the_older_one() {
    let server = Server::start("core-three");
    let question = |worlds: u64| {
        let setting = server.setting(&sets(), worlds);
        json!({"setting": setting, "view": {}, "page": "one"})
    };
    let older = server.ask("answer", &question(20_000));
    (&older).read_exact(&mut [0; 2000]).expect("a frame");
    let newest = server.call("answer", &question(8)).events();
    assert_eq!(newest.last().expect("a frame")["finished"], true);
    let older = read(older);
    assert!(
        String::from_utf8_lossy(&older.body)
            .trim_end()
            .ends_with("}}")
    );
    assert!(String::from_utf8_lossy(&older.body).contains("\"error\":"));
}

#[test]
fn a_signal_ends_it_even_while_it_plays() {
    let mut server = Server::start("asean-2027");
    let much = json!({"setting": server.setting(&sets(), 20_000), "view": {}});
    let stream = server.ask("answer", &much);
    (&stream).read_exact(&mut [0; 2000]).expect("a frame");
    let (code, took) = server.end();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(20), "{took:?}");
}

#[test]
fn a_port_that_is_taken_is_said() {
    let server = Server::start("two-states");
    let port = server.port.to_string();
    let (out, err) = check(&["serve", "two-states", "--port", &port], 4);
    assert!(
        out.is_empty() && err.contains(&format!("127.0.0.1:{port}")),
        "{err}"
    );
    let (_, err) = check(&["serve", "no-such-scenario"], 4);
    assert!(err.contains("no-such-scenario"), "{err}");
}
