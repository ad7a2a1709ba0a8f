//! Names, notes, ids, file names and what other programs print reach neither a terminal nor a page as what would steer it.

use crate::hostile::{place, write};
use crate::support::program::{check_in, ran};
use std::fs;
use std::path::Path;

/// Clears a screen, sets the clipboard, titles a window, and turns the direction of writing.
const STEERS: [&str; 4] = [
    r"\u001b[2J",
    r"\u001b]52;c;cHduZWQ\u0007",
    r"\u009b31m\u007f",
    r"\u202e\u2066\u200f",
];

/// A text without colours, which are ours.
fn uncoloured(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        match rest.strip_prefix('m') {
            Some(rest) => plain += rest,
            None => plain += &format!("\u{1b}[{part}"),
        }
    }
    plain
}

/// Nothing in a text steers, but colours.
#[track_caller]
fn is_plain(what: &str, text: &str) {
    let text = uncoloured(text);
    let steers = |c: char| {
        (c.is_control() && !"\n\t".contains(c))
            || ('\u{202a}'..='\u{202e}').contains(&c)
            || ('\u{2066}'..='\u{2069}').contains(&c)
    };
    if let Some(at) = text.find(steers) {
        let around: String = text[at..].chars().take(40).collect();
        panic!("{what}: {around:?}");
    }
}

/// The scenario with such a text in every place that takes one.
fn hostile(path: &Path) {
    let steers = STEERS.concat();
    let own = fs::read_to_string(path.join("in.toml")).expect("it is there");
    let own = own.replace(
        "name = \"uncertain\"",
        &format!("name = \"N{steers}\"\ndescription = \"D{steers}\""),
    );
    let own = own.replace("name = \"Alpha\"", &format!("name = \"A{steers}\""));
    let own = own.replace(
        "name = \"Host\"",
        &format!("name = \"H{steers}\"\nhome = \"P{steers}\""),
    );
    let own = own.replace(
        "name = \"export controls\"",
        &format!("name = \"E{steers}\""),
    );
    let own = own.replace(
        "{ p05 = 300, p95 = 600 }",
        &format!("{{ p05 = 300, p95 = 600, source = \"S{steers}\", unit = \"U{steers}\", note = \"O{steers}\", grade = \"A\" }}"),
    );
    assert_eq!(own.matches("\\u202e").count(), 9);
    write(path, "hostile.toml", &own);
}

#[test]
fn nothing_foreign_steers_a_terminal_or_a_page() {
    let (_place, path) = place();
    hostile(&path);
    for args in [
        &["check", "hostile.toml"][..],
        &["show", "hostile.toml"],
        &["show", "hostile.toml", "--origin"],
        &["show", "hostile.toml", "--json"],
        &["diff", "in.toml", "hostile.toml"],
        &["run", "hostile.toml", "-n", "20", "--all", "-o", "run"],
        &["explain", "hostile.toml"],
        &["compare", "in.toml", "hostile.toml", "-n", "20"],
        &["sensitivity", "hostile.toml", "--method", "tornado"],
        &[
            "brief",
            "hostile.toml",
            "-n",
            "20",
            "--state",
            "A",
            "--with",
            "H",
        ],
        &["report", "run", "--explore"],
        &["page", "hostile.toml", "-o", "page.html"],
        &["replay", "run"],
    ] {
        let (out, err) = check_in(&path, &[args, &["--color", "always"]].concat(), 0);
        is_plain(&format!("{args:?}"), &(out + &err));
    }
    let mut pages = vec![path.join("page.html")];
    for folder in ["run", "run/report"] {
        let files = fs::read_dir(path.join(folder)).expect("it is there");
        pages.extend(files.map(|file| file.expect("readable").path()));
    }
    for page in pages.iter().filter(|page| page.is_file()) {
        let text = fs::read_to_string(page).expect("text");
        is_plain(&page.display().to_string(), &text);
    }
    // The name is the same wherever it is asked for, as it is shown.
    let event = "event.\"E␛[2J␛]52;c;cHduZWQ␇\u{fffd}31m␡\u{fffd}\u{fffd}\u{fffd}\".probability=1";
    check_in(&path, &["check", "hostile.toml", "-S", event], 0);
}

#[test]
fn words_of_a_command_line_and_names_of_files_are_marked() {
    let (_place, path) = place();
    let named = "x\u{1b}[2J\u{202e}.toml";
    for (args, code) in [
        (&["check", named][..], 4),
        (&["run", "in.toml", "-S", "market\u{1b}[2J=1"], 3),
        (&["run", "in.toml", "--arm\u{1b}[2J"], 2),
        (&["run", "in.toml", "-n", "\u{1b}[2J"], 2),
        (&["run", "in.toml", "--reference", "\u{1b}]0;t\u{7}"], 2),
        (&["report", "\u{1b}[2J"], 4),
        (&["status", "\u{1b}[2J"], 4),
        (&["list", "\u{202e}x"], 2),
    ] {
        let (ended, out, err) = ran(&path, &[args, &["--color", "always"]].concat());
        assert_eq!(ended, code, "{args:?}: {err}");
        is_plain(&format!("{args:?}"), &(out + &err));
    }
    write(
        &path,
        named,
        "schema = 1\n# a \u{9b}31m\u{202e} comment\nfoo = \"\u{9b}2J\"\n",
    );
    let (_, err) = check_in(&path, &["check", named, "--color", "always"], 3);
    is_plain("findings", &err);
    assert!(err.contains("unknown key `foo`"), "{err}");
}

/// The same text, on whatever system its lines were ended.
#[test]
fn ends_of_lines_are_no_part_of_a_scenario() {
    let (_place, path) = place();
    let own = fs::read_to_string(path.join("in.toml")).expect("it is there");
    let own = own.replace(
        "name = \"uncertain\"",
        "name = \"u\"\ndescription = \"\"\"two\nlines\"\"\"",
    );
    write(&path, "a.toml", &own);
    write(&path, "b.toml", &own.replace('\n', "\r\n"));
    let hash = |name: &str| {
        let (out, _) = check_in(&path, &["run", name, "-n", "5", "-q", "--json"], 0);
        let line = out.lines().find(|line| line.contains("scenario_sha256"));
        line.expect("it has one").to_owned()
    };
    assert_eq!(hash("a.toml"), hash("b.toml"));
    let (out, _) = check_in(&path, &["diff", "a.toml", "b.toml"], 0);
    assert_eq!(out, "");
}
