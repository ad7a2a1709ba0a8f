//! What different readers are told, and the first screen, against results.json.

use super::html::enclosed;
use super::{baseline, page, results, run_of};
use serde_json::Value;

/// Sums in another order.
const ROUNDING: f64 = 1e-9;

fn mean(of: &Value) -> f64 {
    of["mean"].as_f64().expect("a mean")
}

/// The rows of a file that a page holds, without its header.
fn rows(page: &str, name: &str) -> Vec<Vec<String>> {
    let files = enclosed(page);
    let found = files.iter().find(|(one, _)| one == name);
    let (_, text) = found.unwrap_or_else(|| panic!("no {name}"));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| row.iter().map(str::to_owned).collect())
        .collect()
}

#[test]
fn the_picture_ranks_the_options_by_what_they_bring() {
    let (text, results) = (page(baseline()), results(baseline()));
    let rows = rows(&text, "options.csv");
    let values: Vec<f64> = rows
        .iter()
        .map(|row| row[2].parse().expect("a number"))
        .collect();
    assert_eq!(values.len(), 8, "the options of the question");
    assert!(values.is_sorted_by(|one, other| one >= other), "{values:?}");
    // By the titles that people know, each with the difference of its arm.
    let comparisons = results["comparisons"].as_array().expect("a list");
    let of = |arm: &str| {
        let found = comparisons
            .iter()
            .find(|one| one["arm"] == arm && one["reference"] == "bilateral");
        &found.expect("compared")["totals"]["payoff"]["difference"]
    };
    for (title, arm) in [
        ("One table, gains shared by GDP", "bloc-paid"),
        ("Binding rules, separate tables", "framework"),
        ("Voluntary guide", "guide"),
    ] {
        let row = rows.iter().find(|row| row[0] == title).expect(title);
        let expected = ["mean", "p05", "p25", "p75", "p95"].map(|key| of(arm)[key].as_f64());
        let drawn = [2, 3, 4, 5, 6].map(|at| row[at].parse().ok());
        assert_eq!(drawn, expected, "{title}");
    }
    let reference = rows.iter().find(|row| row[0] == "Each state alone");
    assert_eq!(reference.expect("it is an option")[2], "0");
}

#[test]
fn leverage_by_window_is_that_of_the_table() {
    // With one window nothing is discounted, so that what holds over all windows is that of the window.
    let (_kept, run) = run_of(&["run", "core-three", "-n", "40", "-S", "horizon.windows=1"]);
    let results = results(&run);
    for (name, arm) in results["arms"].as_object().expect("arms") {
        let window = &arm["windows"][0];
        for (of_window, of_all) in [
            ("region_leverage", "leverage"),
            ("region_investment", "investment"),
            ("herfindahl", "herfindahl"),
        ] {
            assert_eq!(
                window[of_window], arm["totals"][of_all],
                "{name} {of_window}"
            );
        }
        for of in arm["states"].as_object().expect("states").values() {
            assert_eq!(of["investment"], of["investment_present"], "{name}");
        }
        for of in arm["hyperscalers"].as_object().expect("some").values() {
            assert_eq!(of["capex"], of["capex_present"], "{name}");
        }
    }
}

#[test]
fn windows_add_up_and_the_figures_have_them() {
    let (text, results) = (page(baseline()), results(baseline()));
    for name in ["bilateral", "bloc-paid"] {
        let arm = &results["arms"][name];
        let windows = arm["windows"].as_array().expect("windows");
        let all: f64 = windows
            .iter()
            .map(|one| mean(&one["region_investment"]))
            .sum();
        assert!(
            (all - mean(&arm["totals"]["investment"])).abs() < ROUNDING * all,
            "{name}"
        );
        for (id, of) in arm["states"].as_object().expect("states") {
            let sum: f64 = windows.iter().map(|one| mean(&one["investment"][id])).sum();
            assert!(
                (sum - mean(&of["investment"])).abs() < ROUNDING * all,
                "{name} {id}"
            );
            // Later windows weigh less.
            let present = mean(&of["investment_present"]);
            assert!(present < sum || sum == 0.0, "{name} {id}: {present} {sum}");
        }
        for (file, key) in [
            ("windows-leverage.csv", "region_leverage"),
            ("windows-herfindahl.csv", "herfindahl"),
            ("windows-gini.csv", "gini"),
        ] {
            let of_arm = rows(&text, file).into_iter().filter(|row| row[0] == name);
            let drawn: Vec<f64> = of_arm
                .map(|row| row[4].parse().expect("a number"))
                .collect();
            let medians = windows
                .iter()
                .map(|one| one[key]["p50"].as_f64().expect("a median"));
            assert_eq!(drawn, medians.collect::<Vec<f64>>(), "{file} {name}");
        }
    }
}

#[test]
fn the_page_says_where_it_does_not_fit_announced_pledges() {
    let (text, results) = (page(baseline()), results(baseline()));
    let table = text
        .split("<table id=\"pledges\"")
        .nth(1)
        .and_then(|rest| rest.split("</table>").next())
        .expect("a table");
    let row = |state: &str| {
        let row = table.split("<tr>").find(|row| row.contains(state));
        row.unwrap_or_else(|| panic!("{state}: {table}"))
    };
    // The sums of the data file, as its README has them, and what the worlds of this run say.
    for (state, id, announced) in [
        ("Thailand", "TH", Some(19.9)),
        ("Singapore", "SG", Some(5.3)),
        ("Viet Nam", "VN", None),
    ] {
        let simulated = mean(&results["arms"]["bilateral"]["windows"][0]["investment"][id]);
        let row = row(state);
        assert!(
            row.contains(&format!("data value=\"{simulated}\"")),
            "{row}"
        );
        match announced {
            None => assert!(row.contains("none published"), "{row}"),
            Some(sum) => {
                assert!(row.contains(&format!(">{sum:.1}<")), "{row}");
                let share = format!("{:.0}%", 100.0 * simulated / sum);
                assert!((100.0 * simulated / sum) > 1.0 && !share.is_empty());
            }
        }
    }
    assert!(row("all states").contains(">33.4<"), "{table}");
    assert!(
        text.contains("chosen with the pledges in view"),
        "the scenario says so"
    );
    // States that nobody has announced anything for are set beside nothing.
    let (_kept, invented) = run_of(&["run", "textbook-substitutes"]);
    assert!(!page(&invented).contains("id=\"pledges\""));
}

#[test]
fn a_vendor_reads_what_the_scenario_asks_of_it() {
    let (text, results) = (page(baseline()), results(baseline()));
    let table = |id: &str| {
        text.split(&format!("<table id=\"{id}\""))
            .nth(1)
            .and_then(|rest| rest.split("</table>").next())
            .unwrap_or_else(|| panic!("no {id}"))
            .to_owned()
    };
    // Markets entered: the states that host it, and the cost by their number.
    let arm = &results["arms"]["bilateral"];
    let pairs = arm["pairs"].as_object().expect("pairs");
    let hosts: f64 = pairs
        .values()
        .map(|of| of["AMZN"]["signed"].as_f64().expect("a share"))
        .sum();
    let cost = mean(&arm["hyperscalers"]["AMZN"]["compliance_cost"]) / hosts;
    let markets = table("vendor-markets");
    let value = markets
        .split("Amazon</th>")
        .nth(1)
        .and_then(|row| row.split("<data value=\"").nth(2))
        .and_then(|rest| rest.split('"').next())
        .and_then(|value| value.parse::<f64>().ok());
    let value = value.expect("a cost per market");
    assert!((value - cost).abs() < ROUNDING, "{value} {cost}");
    // Strictness 1.32 and 0.9, half of it common: the second adds 0.45.
    let order = table("vendor-strictest");
    let row = |state: &str| {
        let row = order.split("<tr>").find(|row| row.contains(state));
        row.unwrap_or_else(|| panic!("{state}: {order}")).to_owned()
    };
    for said in [">0.90<", ">2.22<", ">0.45<", ">1.77<", ">20%<"] {
        assert!(
            row("Indonesia").contains(said),
            "{said}: {}",
            row("Indonesia")
        );
    }
    let obligations = table("vendor-obligations");
    assert!(
        obligations.contains("90,000 people trained per US$ bn"),
        "{obligations}"
    );
    let bound = results["arms"]["bloc-paid"]["windows"][3]["member"]["SG"].as_f64();
    let bound = format!("data value=\"{}\"", bound.expect("a share"));
    assert!(table("vendor-when").contains(&bound));
    // What an event may set is said with its year and its probability.
    let (_kept, run) = run_of(&["run", "adgmin", "-n", "4"]);
    let page = page(&run);
    assert!(
        page.contains("From 2027, with a probability of 7%, \u{201c}binding framework\u{201d}: ")
    );
    assert!(page.contains("arm.meeting.floors.audit_rights = 0.2</code>"));
}
