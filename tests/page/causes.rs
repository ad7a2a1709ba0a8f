//! Causes of differences as a reader meets them: they add up, and the sentence is there.

use super::{baseline, page, results, run_of};
use crate::support::program::UNCERTAIN;
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
        page.contains("download=\"waterfall-arms.csv\""),
        "a waterfall"
    );
}

#[test]
fn a_full_bloc_stands_beside_joint_buyers_elsewhere() {
    // Six windows: the sum of six sixths is not 1 to the last bit.
    let full = [
        "horizon.windows=6",
        "arm.bloc.rule=mandate",
        "arm.framework.rule=mandate",
    ];
    let run = |settings: &[&str]| {
        let layers = settings.iter().flat_map(|setting| ["-S", setting]);
        let layers: Vec<&str> = layers.collect();
        let arguments = ["run", UNCERTAIN, "-n", "20"];
        let (directory, out) = run_of(&[&arguments[..], &layers].concat());
        let (page, results) = (page(&out), results(&out));
        drop(directory);
        (page, results)
    };
    let (shown, results) = run(&full);
    let table = &shown[shown.find("id=\"bill\"").expect("the table")..];
    let table = &table[..table.find("</table>").expect("its end")];
    for said in [
        "of that by the joint table",
        "\u{2212}15.3%",
        "vaccines_paho",
        "at least 14%",
    ] {
        assert!(table.contains(said), "{said}: {table}");
    }
    // What is won is a fall of the price: the reference less the bloc.
    let at = results["comparisons"].as_array().expect("a list");
    let at = at
        .iter()
        .position(|one| one["arm"] == "bloc" && one["reference"] == "bilateral");
    let path = format!(
        "-comparisons.{}.totals.bill_share.difference.mean",
        at.expect("both")
    );
    assert!(table.contains(&path), "{path}: {table}");
    // Whoever may stay out has no place beside them.
    let (shown, _) = run(&full[..1]);
    assert!(!shown.contains("id=\"bill\"") && shown.contains("is not set beside these"));
}
