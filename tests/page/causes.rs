//! Causes of differences as a reader meets them: they add up, and the sentence is there.

use super::{baseline, page, results};
use serde_json::Value;

/// Sums of a hundred worlds in another order.
const ROUNDING: f64 = 1e-9;

fn mean(of: &Value) -> f64 {
    of["difference"]["mean"].as_f64().expect("a mean")
}

/// Every comparison's differences of payoff with their causes: which it is, of all states together and of each.
fn differences(results: &Value) -> Vec<(String, &Value)> {
    let comparisons = results["comparisons"].as_array().expect("comparisons");
    let each = comparisons.iter().flat_map(|one| {
        let name = format!("{} less {}", one["arm"], one["reference"]);
        let states = one["states"].as_object().expect("states");
        let states = states.iter().map(|(id, of)| (format!("{id}, "), of));
        let all = [(String::new(), &one["totals"])].into_iter().chain(states);
        all.map(move |(of, metrics)| (format!("{of}{name}"), metrics))
    });
    each.collect()
}

#[test]
fn t12_causes_add_up_to_the_difference_in_every_comparison() {
    let results = results(baseline());
    let all = differences(&results);
    let mut with_members = 0;
    for (name, of) in &all {
        let causes = of["causes"].as_object().expect("causes");
        let sum: f64 = causes.values().map(mean).sum();
        let whole = mean(&of["payoff"]);
        assert!(
            (sum - whole).abs() < ROUNDING * whole.abs().max(1.0),
            "{name}: {sum} instead of {whole}"
        );
        with_members += usize::from(causes.contains_key("members"));
    }
    assert!(with_members > 0 && with_members < all.len());
}

#[test]
fn the_answer_says_what_makes_the_difference() {
    let page = page(baseline());
    let lead = &page[page.find("class=\"lead\"").expect("a lead")..];
    let lead = &lead[..lead.find("</div>").expect("its end")];
    for cause in ["rules", "table", "delay"] {
        let path = format!(".totals.causes.{cause}.difference.mean");
        assert!(lead.contains(&path), "{path}: {lead}");
    }
    assert!(
        page.contains("report&#x2f;waterfall-arms.csv"),
        "a waterfall"
    );
}
