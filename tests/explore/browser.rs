//! The explorer as readers use it, in a browser: as a file without a network, and as it is served.
//!
//! Says so where no browser can be driven, and where axe-core or Firefox is missing.

use crate::support::browser::{self, seen};
use crate::support::program::{check, path};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// The worlds of a link: one slider moved, one world told.
const READ: &[&str] = &[
    "read",
    "arm=bloc&reference=bilateral&set=arm.bloc.binding:0.3&world=7",
];

/// Who carries the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Host {
    File,
    #[cfg(feature = "serve")]
    Server,
}

impl Host {
    const ALL: &[Host] = &[
        Host::File,
        #[cfg(feature = "serve")]
        Host::Server,
    ];

    fn name(self) -> &'static str {
        match self {
            Host::File => "file",
            #[cfg(feature = "serve")]
            Host::Server => "server",
        }
    }
}

/// What readers of a scenario meet in 60 worlds, and where what they save is kept.
fn met(host: Host, scenario: &str, part: &[&str]) -> Option<(Value, TempDir)> {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let kept = folder.path().to_string_lossy();
    let program = path();
    let arguments = [
        &[program.as_str(), host.name(), scenario, "60", &kept],
        part,
    ]
    .concat();
    let seen = seen("tests/explore/browser.py", &arguments)?;
    for what in ["errors", "requests", "beyond"] {
        assert_eq!(seen[what], json!([]), "{host:?}: {what}");
    }
    if part != READ {
        assert_eq!(
            seen["frozen"],
            json!([true, true, [], []]),
            "the page as it stood"
        );
        assert_eq!(seen["drawing"], "svg");
    }
    #[cfg(feature = "serve")]
    if host == Host::Server {
        let said = seen["gone"].as_str().expect("a text");
        assert!(said.contains("Start it again"), "{said}");
        assert!(!said.contains("Undo"), "nothing that undoing mends: {said}");
    }
    Some((seen, folder))
}

/// What a reader saved is what the command line plays.
fn played(folder: &Path) {
    let file = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let saved = |name| fs::read_to_string(folder.join(name)).expect("it was saved");
    fs::copy(file("scenario"), file("scenario.toml")).expect("it is copied");
    let arguments = [
        "run",
        &file("scenario.toml"),
        "--json",
        "--out",
        &file("out"),
        "-q",
    ];
    let (results, _) = check(&arguments, 0);
    assert!(saved("results") == results, "other results");
    let worlds = fs::read_to_string(folder.join("out/trials.csv")).expect("it is kept");
    assert!(saved("worlds") == worlds, "other worlds");
    let note = saved("note");
    assert!(note.contains("Rules for three, one table"), "{note}");
}

/// What is the same in both hosts.
fn check_use(seen: &Value) {
    let text = |what: &str| seen[what].as_str().expect("a text");
    let all = |what: &[&str]| {
        what.iter()
            .for_each(|what| assert_eq!(seen[what], true, "{what}"))
    };
    assert_eq!(text("title"), "core three");
    assert!(text("started").contains("of 60"), "{}", text("started"));
    all(&["changed", "address", "redone", "linked", "together"]);
    assert_eq!(
        seen["chips"],
        json!(["How binding the rules are: 0.8 → 0.75\nundo"])
    );
    assert_eq!(seen["undone"], json!([true, [], "true"]));
    let tab = |value: &str| json!([format!("How binding the rules are: 0.8 → {value}\nundo")]);
    assert_eq!(seen["tabs"], json!([tab("0.79"), tab("0.71")]));
    assert!(text("found").contains("stay in half of the worlds"));
    all(&["stopped", "pinned"]);
    assert_eq!(
        seen["after"],
        json!(["", true]),
        "it plays on after a search was stopped"
    );
    assert_eq!(text("world"), "World 0.");
    assert!(text("reader").starts_with("For a vendor"));
    assert_eq!(text("skipped"), "answer");
    let keyboard = &seen["keyboard"];
    assert!(keyboard["reached"].as_u64() > Some(50), "{keyboard}");
    assert_eq!(keyboard["slider"], 1, "the slider is reached");
    for what in ["unnamed", "unseen"] {
        assert_eq!(keyboard[what], json!([]), "{what}");
    }
    assert!(text("brief").ends_with("of 60 worlds. 60 played."));
    assert_eq!(seen["phone"], json!([390, "pin"]));
}

#[test]
#[expect(clippy::print_stderr, reason = "a skipped part says so")]
fn readers_move_compare_save_and_go_back() {
    for &host in Host::ALL {
        let Some((seen, folder)) = met(host, "core-three", &["use"]) else {
            return;
        };
        check_use(&seen);
        played(folder.path());
        eprintln!("{host:?}, milliseconds: {}", seen["ms"]);
        // The page is the same in both hosts.
        if host == Host::File {
            match &seen["axe"] {
                Value::Null => eprintln!("skipped: no axe-core (axe-playwright-python)"),
                found => assert_eq!(found, &json!([]), "axe-core"),
            }
            let fallback = seen["fallback"].as_str().expect("a text");
            assert!(fallback.contains("cannot play worlds here") && fallback.contains("60 worlds"));
            let fixed = seen["static"].as_str().expect("a text");
            assert!(fixed.contains("core three") && fixed.contains("60 worlds"));
        }
    }
}

/// A scenario whose every name would run, reverse or widen what it stands in, if it could.
fn hostile() -> String {
    let image = "<img src=x onerror=ran=1>";
    let long = "Verylongnamewithoutanyspaces".repeat(6);
    let mut text = fs::read_to_string(crate::support::program::UNCERTAIN).expect("a scenario");
    for (from, to) in [
        (
            "name = \"uncertain\"",
            "name = \"</title></script><script>ran=1</script>\"\ndescription = \"<svg onload=ran=1> --> <!-- {{scripts}} $& ${1}\""
                .to_owned(),
        ),
        ("name = \"Alpha\"", format!("name = \"{image}\"")),
        (
            "name = \"Beta\"",
            format!("name = \"\\\"; ran=1; // \\u202Ereversed {long}\""),
        ),
        (
            "name = \"Host\"",
            "name = \"</textarea></noscript><iframe src=javascript:ran=1>\"".to_owned(),
        ),
        (
            "name = \"Guest\"",
            "name = \"javascript:ran=1 &lt;b&gt; 'onclick=ran=1'\"".to_owned(),
        ),
        (
            "mode = \"bilateral\"",
            format!("title = \"{image}\"\nwhat = \"{image} </noscript>\"\nmode = \"bilateral\""),
        ),
        (
            "mode = \"bloc\"",
            format!("title = \"{}\"\nwhat = \"</script>\"\nmode = \"bloc\"", "Long title ".repeat(30)),
        ),
        (
            "id = \"training\"",
            "id = \"training\"\nname = \"<b>bold</b></svg><script>ran=1</script>\"".to_owned(),
        ),
        (
            "name = \"export controls\"",
            "name = \"<script>ran=1</script>\"".to_owned(),
        ),
    ] {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, &to, 1);
    }
    text
}

#[test]
fn names_of_a_scenario_are_words_and_nothing_else() {
    for &host in Host::ALL {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let file = directory.path().join("hostile.toml");
        fs::write(&file, hostile()).expect("it is written");
        let Some((seen, _)) = met(host, &file.to_string_lossy(), &["visit"]) else {
            return;
        };
        assert_eq!(seen["ran"], json!([true, 0]));
        let text = seen["text"].as_str().expect("a text");
        for name in [
            "</title></script><script>ran=1</script>",
            "<img src=x onerror=ran=1>",
        ] {
            assert!(text.contains(name), "{text}");
        }
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn firefox_shows_the_same() {
    let (Some(firefox), Some(python)) = (browser::firefox(), browser::python("websockets")) else {
        eprintln!("skipped: no Firefox or no Python with websockets (MUFAKAT_PYTHON)");
        return;
    };
    let Some((chromium, folder)) = met(Host::File, "core-three", READ) else {
        return;
    };
    let page = folder
        .path()
        .join("explorer.html")
        .to_string_lossy()
        .into_owned();
    let firefox = firefox.to_string_lossy();
    let arguments = [firefox.as_ref(), &page, READ[1]];
    let said = browser::said(&python, "tests/explore/firefox.py", &arguments);
    assert_eq!(said["errors"], json!([]));
    assert_eq!(said["read"], chromium["read"], "other words or numbers");
}
