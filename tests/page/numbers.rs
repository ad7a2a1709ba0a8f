//! Numbers and words of the page against results.json.

use super::html::data;
use super::{baseline, page, path, resolve, results};
use crate::support::program::check;
use serde_json::Value;
use std::path::Path;

/// Half a digit more than rounding, for values that lie on the edge.
const EDGE: f64 = 1.0 + 1e-6;

/// Every number stands at its path in the results, and is written to what its digits promise.
pub fn assert_traced(run: &Path) -> usize {
    assert_traced_with(run, &[])
}

/// The same of a page that shows other studies, too.
pub fn assert_traced_with(run: &Path, studies: &[&str]) -> usize {
    let text = page(run);
    let documents = [run].into_iter().chain(studies.iter().map(Path::new));
    let documents: Vec<Value> = documents.map(results).collect();
    let numbers = data(&text);
    for number in &numbers {
        // By year and by GDP or head: of the scenario, too.
        if number.path.contains(" a year / ") {
            continue;
        }
        let (document, path) = match number.path.split_once(':') {
            None => (0, number.path.as_str()),
            Some(("scenario", _)) => continue,
            Some((study, path)) => {
                let at = study.strip_prefix("study-").expect("a study");
                (at.parse().expect("its number"), path)
            }
        };
        let found = resolve(&documents[document], path);
        let found = found.unwrap_or_else(|| panic!("nothing stands at {}", number.path));
        assert_eq!(found, number.value, "{}", number.path);
        if let Some((written, step)) = written(&number.text) {
            // A sum of squares or a sign may be left out; digits may not.
            let value = if number.text.starts_with(['+', '\u{2212}']) {
                number.value
            } else {
                number.value.abs()
            };
            let is_near = |written: f64, step: f64| (written - value).abs() <= 0.5 * step * EDGE;
            // In narrow columns a share of worlds is a count of 100, or of all there are; which, a caption says.
            let worlds = documents[document]["manifest"]["trials"].as_f64();
            let of = worlds.expect("a number of worlds").min(100.0);
            let is_count = number.text.chars().all(|c| c.is_ascii_digit()) && value <= 1.0;
            assert!(
                is_near(written, step) || is_count && is_near(written / of, 1.0 / of),
                "{number:?}"
            );
        }
    }
    let of_scenario = numbers
        .iter()
        .filter(|number| number.path.starts_with("scenario:"));
    assert!(of_scenario.count() <= 1);
    numbers.len()
}

/// What a text says, and the worth of its last digit; none for words such as "more than 99 of 100".
fn written(text: &str) -> Option<(f64, f64)> {
    if let Some((one, of)) = text.split_once(" of ") {
        let (one, of): (f64, f64) = (one.parse().ok()?, of.replace(',', "").parse().ok()?);
        return Some((one / of, 1.0 / of));
    }
    let (digits, scale) = match text.strip_suffix('%') {
        Some(digits) => (digits, 0.01),
        None => (text, 1.0),
    };
    let digits = digits.replace(',', "").replace('\u{2212}', "-");
    let value: f64 = digits.trim_start_matches('+').parse().ok()?;
    let decimals = digits.split_once('.').map_or(0, |(_, rest)| rest.len());
    // Whole numbers may be rounded to tens and more.
    let zeros = if decimals == 0 && value != 0.0 {
        digits.len() - digits.trim_end_matches('0').len()
    } else {
        0
    };
    let step = 10.0_f64.powi(zeros as i32 - decimals as i32);
    Some((scale * value, scale * step))
}

#[test]
fn every_number_stands_in_the_results() {
    let count = assert_traced(baseline());
    assert!(count > 900, "{count}");
}

#[test]
fn numbers_stand_there_from_another_arm_too() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let out = path(directory.path(), "run");
    check(&["run", "core-three", "-n", "100", "-q", "--out", &out], 0);
    let (said, _) = check(&["report", &out, "--reference", "bloc"], 0);
    assert!(
        said.contains("report.html") && said.contains("files in"),
        "{said}"
    );
    assert_traced(Path::new(&out));
    assert!(
        page(Path::new(&out)).contains("data-path=\"-comparisons."),
        "differences are turned"
    );
    let (_, error) = check(&["report", &out, "--reference", "blok"], 2);
    assert!(error.contains("did you mean `bloc`?"), "{error}");
}

/// Rows of a table: their name and their last cell of words.
fn rows(text: &str, id: &str) -> Vec<(String, String)> {
    let table = text
        .split(&format!("<table id=\"{id}\""))
        .nth(1)
        .and_then(|rest| rest.split("</table>").next());
    let rows = table.expect("the table").split("<tr>").skip(2);
    let of = |row: &str, from: &str, to: &str| {
        row.rsplit(from)
            .next()
            .and_then(|rest| rest.split(to).next())
            .unwrap_or_default()
            .to_owned()
    };
    rows.map(|row| {
        let last = of(row, "<td class=\"words\"", "</td>");
        let words = last.split_once('>').map_or("", |(_, words)| words);
        (of(row, "<th scope=\"row\">", "</th>"), words.to_owned())
    })
    .collect()
}

/// The words by rules of its own: from the mean, its error and the ends of 90% of worlds.
fn expected(stat: &Value, same: f64) -> &'static str {
    let number = |name: &str| stat[name].as_f64().expect("a number");
    let (mean, se) = (number("mean"), number("se"));
    // Ends that round to zero at the digit that the error leaves are checked by the unit tests of the rule.
    match (mean > 2.0 * se, mean < -2.0 * se) {
        _ if same == 1.0 => "the same in every world",
        (true, _) if number("p05") > 5.0 * se => "gains",
        (_, true) if number("p95") < -5.0 * se => "loses",
        (true, _) if number("p05") <= 0.0 => "gains on average, not in every world",
        (_, true) if number("p95") >= 0.0 => "loses on average, not in every world",
        (false, false) => "no clear difference",
        _ => "",
    }
}

#[test]
fn words_follow_the_intervals_and_rows_are_sorted() {
    let run = baseline();
    let (text, results) = (page(run), results(run));
    let comparisons = results["comparisons"].as_array().expect("comparisons");
    let mut seen = std::collections::BTreeSet::new();
    for comparison in comparisons
        .iter()
        .filter(|one| one["reference"] == "bilateral")
    {
        let arm = comparison["arm"].as_str().expect("a name");
        let rows = rows(&text, &format!("states-{arm}"));
        assert_eq!(rows.len(), 10);
        let mut last = f64::INFINITY;
        for (name, words) in rows {
            let id = id_of(&name);
            let paired = &comparison["states"][id]["payoff"];
            let mean = paired["difference"]["mean"].as_f64().expect("a mean");
            assert!(mean <= last, "{arm} {name}");
            last = mean;
            let expected = expected(
                &paired["difference"],
                paired["same"].as_f64().expect("a share"),
            );
            if !expected.is_empty() {
                assert_eq!(words, expected, "{arm} {name} {}", paired["difference"]);
            }
            if words == "gains" {
                assert!(
                    paired["difference"]["p05"].as_f64().expect("a number") > 0.0,
                    "{arm} {name}"
                );
            }
            seen.insert(words);
        }
    }
    assert!(seen.len() >= 2, "{seen:?}");
}

fn id_of(name: &str) -> &'static str {
    let known = [
        ("Brunei Darussalam", "BN"),
        ("Cambodia", "KH"),
        ("Indonesia", "ID"),
        ("Lao PDR", "LA"),
        ("Malaysia", "MY"),
        ("Myanmar", "MM"),
        ("Philippines", "PH"),
        ("Singapore", "SG"),
        ("Thailand", "TH"),
        ("Viet Nam", "VN"),
    ];
    known
        .iter()
        .find(|one| one.0 == name)
        .unwrap_or_else(|| panic!("{name}"))
        .1
}

#[test]
fn the_answer_is_in_frequencies() {
    let (text, results) = (page(baseline()), results(baseline()));
    let lead = text
        .split("<div class=\"lead\">")
        .nth(1)
        .and_then(|rest| rest.split("</div>").next())
        .expect("the answer");
    let numbers = data(lead);
    assert!(
        numbers[0].path.ends_with("totals.payoff.better") && numbers[0].text.ends_with(" of 100"),
        "{:?}",
        numbers[0]
    );
    let bloc = results["comparisons"]
        .as_array()
        .expect("comparisons")
        .iter()
        .find(|one| one["arm"] == "bloc-paid" && one["reference"] == "bilateral");
    let payoff = &bloc.expect("it is there")["totals"]["payoff"];
    assert_eq!(payoff["better"].as_f64(), Some(numbers[0].value));
    let first = "<p>Best for the region is One table, gains shared by GDP (<code class=\"short\" title=\"bloc-paid: One table, gains shared by GDP\">bloc-paid</code>): in ";
    assert!(lead.starts_with(first), "{lead}");
    assert!(lead.contains("rules "), "{lead}");
}

#[test]
fn every_reader_finds_a_reading() {
    let text = page(baseline());
    for (id, parts) in [
        (
            "adviser",
            [
                "Join or not",
                "Under which rule",
                "What enforcement it takes",
                "Who must be paid",
            ]
            .as_slice(),
        ),
        (
            "investor",
            &[
                "Where profit concentrates",
                "what a dollar earns",
                "Concentration by window",
                "Exposure to repricing of states",
                "Price rises after signing take from the states",
            ],
        ),
        (
            "vendor",
            &[
                "What compliance costs per market entered",
                "A patchwork of rules",
                "strictest standard first",
                "Which obligations bind, where and from when",
                "What a binding act changes",
            ],
        ),
    ] {
        let reading = text
            .split(&format!("id=\"reading-{id}\""))
            .nth(1)
            .and_then(|rest| rest.split("</section>").next())
            .expect("a reading");
        for part in parts {
            assert!(reading.contains(part), "{id}: {part}");
        }
        assert!(data(reading).len() > 20, "{id}");
    }
}
