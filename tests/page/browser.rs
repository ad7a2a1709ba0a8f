//! The page in a browser: the readings switch, nothing is asked for, nothing is cut or laid over.
//!
//! Says so where no browser can be driven.

use super::{baseline, path};
use crate::support::browser;
use crate::support::program::check;
use serde_json::Value;
use std::path::Path;

/// What the script sees; none where no browser can be driven.
fn seen(page: &Path) -> Option<Value> {
    browser::seen("tests/page/browser.py", &[&page.to_string_lossy()])
}

#[test]
fn a_note_stands_on_one_page_of_paper() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let page = path(directory.path(), "note.html");
    let args = [
        "advise", "adgmin", "-n", "100", "-q", "--for", "ID", "--html", &page,
    ];
    check(&args, 0);
    let Some(seen) = seen(Path::new(&page)) else {
        return;
    };
    assert_eq!(seen["pages"], 1);
    for what in [
        "errors",
        "requests",
        "overflow",
        "cut",
        "overlaid",
        "scrolling",
        "off_paper",
        "folded",
        "contrast",
    ] {
        assert_eq!(seen[what], Value::Array(Vec::new()), "{what}");
    }
}

#[test]
fn readings_switch_and_nothing_is_asked_for() {
    let Some(seen) = seen(&baseline().join("report.html")) else {
        return;
    };
    assert_eq!(seen["errors"], Value::Array(Vec::new()), "console");
    assert_eq!(seen["requests"], Value::Array(Vec::new()), "network");
    for reading in ["adviser", "investor", "vendor"] {
        assert_eq!(
            seen["visible"][reading],
            serde_json::json!([reading]),
            "{reading}"
        );
    }
    let all = serde_json::json!(["adviser", "investor", "vendor"]);
    assert_eq!(seen["visible"]["all"], all);
    assert_eq!(seen["print"], all, "paper has no switch");
    assert_eq!(
        seen["keyboard"],
        serde_json::json!(["investor"]),
        "an arrow key moves the switch"
    );
    assert_eq!(
        seen["overflow"],
        Value::Array(Vec::new()),
        "wider than the screen"
    );
    assert_eq!(
        seen["cut"],
        Value::Array(Vec::new()),
        "labels beyond their figure"
    );
    assert_eq!(
        seen["overlaid"],
        Value::Array(Vec::new()),
        "labels on one another"
    );
    for (what, said) in [
        ("scrolling", "cut on a phone"),
        ("off_paper", "cut on paper"),
        ("folded", "folded on paper"),
    ] {
        assert_eq!(seen[what], Value::Array(Vec::new()), "{said}");
    }
    assert_eq!(
        seen["contrast"],
        Value::Array(Vec::new()),
        "text too pale to read"
    );
}
