//! The note of `mufakat advise` as a page: its question, its picture, and the reading of who asks.

use super::html::{Html, enclosed};
use super::path;
use crate::support::program::{UNCERTAIN, check};
use std::path::Path;

/// The note for `whom` as a page, and as a terminal has it.
fn note(whom: &str) -> (String, String) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let page = path(directory.path(), "note.html");
    let arguments = [
        "advise", UNCERTAIN, "-n", "12", "-q", "--for", whom, "--html", &page,
    ];
    let (text, _) = check(&arguments, 0);
    let page = std::fs::read_to_string(Path::new(&page)).expect("a page");
    (page, text)
}

#[test]
fn an_investor_and_a_vendor_get_the_advice_of_the_region_and_a_reading_of_their_own_first() {
    for (whom, title, own, other) in [
        (
            "investor",
            "advice for an investor",
            "per US$ as bilateral",
            "per market as bilateral",
        ),
        (
            "vendor",
            "advice for a vendor of enterprise software",
            "per market as bilateral",
            "per US$ as bilateral",
        ),
    ] {
        let (page, text) = note(whom);
        Html::parse(&page);
        assert!(page.contains(title), "{whom}");
        let first = page.split("<section ").nth(1).expect("a section");
        assert!(first.starts_with(&format!("id=\"{whom}\"")), "{first:.80}");
        assert!(page.contains(own) && !page.contains(other), "{whom}");
        assert!(page.contains("data-path=\"run:arms.bilateral"), "{whom}");
        assert!(
            text.contains("per market as") == (whom == "vendor"),
            "{text}"
        );
    }
    let (_, error) = check(&["advise", UNCERTAIN, "--for", "vendors"], 2);
    assert!(error.contains("did you mean `vendor`?"), "{error}");
}

#[test]
fn the_page_stands_alone_with_its_picture() {
    let (page, text) = note("region");
    assert!(!page.contains("id=\"vendor\"") && !page.contains("id=\"investor\""));
    let lead = page.split("class=\"lead\">").nth(1).expect("an answer");
    let lead = lead.split("</div>").next().expect("its end");
    let picture = lead.find("<figure id=\"options\">").expect("a picture");
    assert_eq!(
        lead[..picture].matches("<p>").count(),
        1,
        "below the first sentence"
    );
    let files = enclosed(&page);
    let (_, table) = files
        .iter()
        .find(|(name, _)| name == "options.csv")
        .expect("its data");
    // The reference stands among the options, at zero.
    assert!(
        table.lines().any(|row| row.contains(",difference,0,,,,")),
        "{table}"
    );
    // A terminal has the options as a table instead.
    assert!(
        text.contains("What each option brings the region"),
        "{text}"
    );
}
