//! `stability`.

use crate::support::Symmetric;
use crate::support::program::{UNCERTAIN, check_in as check, ended, interrupt, started};
use std::fs;

#[test]
fn one_sentence_then_tables_of_a_page() {
    let here = tempfile::tempdir().unwrap();
    let (out, err) = check(here.path(), &["stability", UNCERTAIN, "--farsighted"], 0);
    assert!(
        out.starts_with("Both states together hold as `bloc` in "),
        "{out}"
    );
    assert_eq!(err, "");
    for needle in [
        "Alpha",
        "all 2",
        "in the core",
        "Being alone is at rest in",
        "seed 7",
    ] {
        assert!(out.contains(needle), "no `{needle}` in\n{out}");
    }
    let tables = out.lines().filter(|line| line.contains("  "));
    assert!(tables.clone().count() > 6);
    for line in tables {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let (_, err) = check(here.path(), &["stability", UNCERTAIN, "-n", "30"], 0);
    assert!(err.contains("30 worlds are few"), "{err}");
}

#[test]
fn the_document_is_what_its_schema_says() {
    let here = tempfile::tempdir().unwrap();
    let (out, _) = check(
        here.path(),
        &[
            "stability",
            UNCERTAIN,
            "--json",
            "--arm",
            "framework",
            "--farsighted",
            "-q",
        ],
        0,
    );
    let document: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(
        (&document["arm"], &document["window"]),
        (&"framework".into(), &0.into())
    );
    assert_eq!(document["manifest"]["trials"], 200);
    let keys = |value: &serde_json::Value| -> Vec<String> {
        value.as_object().expect("a map").keys().cloned().collect()
    };
    let has = |value: &serde_json::Value, wanted: &[&str]| {
        let keys = keys(value);
        wanted.iter().all(|key| keys.iter().any(|have| have == key))
    };
    let coalition = &document["coalitions"][0];
    assert_eq!(coalition["members"], serde_json::json!(["A", "B"]));
    let contract = [
        "members",
        "internal",
        "internal_without_penalty",
        "external_open",
        "external_exclusive",
        "core",
        "gain",
    ];
    assert!(has(coalition, &contract), "{coalition}");
    let state = [
        "shapley",
        "nucleolus",
        "pivotal",
        "leaves",
        "needs",
        "free_ride",
    ];
    assert!(has(&document["states"]["B"], &state));
    assert!(has(&document["binding"], &["value", "low", "high"]));
    let (schema, _) = check(here.path(), &["schema", "stability"], 0);
    let schema: serde_json::Value = serde_json::from_str(&schema).expect("JSON");
    for key in keys(&document) {
        assert!(
            schema["properties"].get(&key).is_some(),
            "{key} is not in the schema"
        );
    }
    for (name, value) in [
        ("CoalitionResult", coalition),
        ("StateResult", &document["states"]["A"]),
    ] {
        let known = &schema["$defs"][name]["properties"];
        for key in keys(value) {
            assert!(
                known.get(&key).is_some(),
                "{name}.{key} is not in the schema"
            );
        }
    }
}

#[test]
fn a_directory_holds_all_coalitions() {
    let here = tempfile::tempdir().unwrap();
    let run = ["stability", "core-three", "-n", "12", "--out", "it", "-q"];
    check(here.path(), &run, 0);
    let read = |name: &str| fs::read_to_string(here.path().join("it").join(name)).expect(name);
    let table = read("coalitions.csv");
    assert_eq!(table.lines().count(), 1 + 4);
    assert!(table.starts_with("members,size,internal,"), "{table}");
    assert!(
        table.contains("\nTH MY,") || table.contains("\nMY TH,"),
        "{table}"
    );
    let (document, _) = check(
        here.path(),
        &["stability", "core-three", "-n", "12", "--json", "-q"],
        0,
    );
    assert_eq!(read("results.json"), document);
    let (again, _) = check(
        here.path(),
        &[
            "stability",
            "it/scenario.resolved.toml",
            "-n",
            "12",
            "--json",
            "-q",
            "-j",
            "1",
        ],
        0,
    );
    let coalitions =
        |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap()["coalitions"].clone();
    assert_eq!(
        coalitions(&again),
        coalitions(&document),
        "what is written runs by itself"
    );
    let (_, err) = check(here.path(), &run, 4);
    assert!(err.contains("--force replaces it"), "{err}");
    check(here.path(), &[&run[..], &["--force"]].concat(), 0);
    let (out, _) = check(here.path(), &["replay", "it"], 0);
    assert!(out.contains("every byte of 2 files the same"), "{out}");
}

#[test]
fn questions_without_an_answer() {
    let here = tempfile::tempdir().unwrap();
    let arms = "[[arm]]\nname = \"alone\"\nmode = \"bilateral\"\n[[arm]]\nname = \"it\"\nmode = \"bloc\"\n";
    let of = |n: usize, arms: &str| {
        Symmetric {
            arms: arms.to_owned(),
            ..Symmetric::new(n)
        }
        .text()
    };
    let write = |name: &str, text: String| fs::write(here.path().join(name), text).unwrap();
    write("many.toml", of(17, arms));
    write("thirteen.toml", of(13, arms));
    write(
        "none.toml",
        of(3, "[[arm]]\nname = \"alone\"\nmode = \"bilateral\"\n"),
    );
    write("one.toml", of(1, arms));
    write("idle.toml", of(3, &format!("{arms}active = false\n")));
    let cases: [(&[&str], &str); 10] = [
        (
            &["many.toml"],
            "arm `it` invites 17 states; stability looks at every coalition of at most 16: invite fewer, for example -S 'arm.it.members=[\"S0\", ",
        ),
        (
            &["thirteen.toml", "--farsighted"],
            "--farsighted looks at every coalition of at most 12",
        ),
        (&["none.toml"], "no arm of this scenario forms an accord"),
        (&["one.toml"], "arm `it` invites fewer than two states"),
        (
            &["idle.toml"],
            "arm `it` is not in force in window 0 of any world",
        ),
        (
            &[UNCERTAIN, "--arm", "contest"],
            "arm `contest` is a contest and forms no accord; arms that do: `framework`, `bloc`",
        ),
        (
            &[UNCERTAIN, "--arm", "bilateral"],
            "arm `bilateral` is a bilateral arm and forms no accord",
        ),
        (
            &[UNCERTAIN, "--arm", "blok"],
            "there is no arm `blok`; did you mean `bloc`?",
        ),
        (
            &[UNCERTAIN, "--window", "2"],
            "there is no window 2; this scenario has windows 0 to 1",
        ),
        (
            &[UNCERTAIN, "--secure", "1.5"],
            "the share of the gain to secure is 1.5",
        ),
    ];
    for (arguments, expected) in cases {
        let (_, err) = check(here.path(), &[&["stability"], arguments].concat(), 2);
        assert!(err.contains(expected), "{arguments:?}: {err}");
    }
    let fewer = "arm.it.members=[\"S0\", \"S1\", \"S5\"]";
    let (out, _) = check(here.path(), &["stability", "many.toml", "-S", fewer], 0);
    assert!(out.contains("4 coalitions of 3 invited states"), "{out}");
    let (out, _) = check(here.path(), &["stability", "thirteen.toml", "--dry-run"], 0);
    assert!(
        out.contains("8,178 of 13 invited states") && out.contains("worlds a second"),
        "{out}"
    );
}

#[test]
fn copies_of_shipped_scenarios_extend_shipped_ones() {
    let here = tempfile::tempdir().unwrap();
    check(here.path(), &["new", "mine", "--from", "who-must-be-in"], 0);
    let (out, _) = check(here.path(), &["check", "mine.toml"], 0);
    assert!(out.contains("10 states"), "{out}");
}

#[test]
fn an_interrupt_ends_soon_and_says_what_is_kept() {
    let here = tempfile::tempdir().unwrap();
    let args = ["stability", "asean-2027", "-n", "100000", "--out", "it"];
    let child = started(here.path(), &args);
    std::thread::sleep(std::time::Duration::from_millis(1500));
    interrupt(&child);
    let err = ended(child, 130);
    let kept = "are kept in it, continue with --resume";
    assert!(
        err.contains("of 100,000 worlds; the first") && err.contains(kept),
        "{err}"
    );
    assert!(!here.path().join("it/results.json").exists());
}
