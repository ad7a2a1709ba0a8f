//! The baseline: every number says where it comes from, and its scale is held against announced pledges.

use mufakat::model::path_of;
use mufakat::outcome::StateMetric;
use mufakat::scenario::{Loaded, Request, load};
use mufakat::simulate::{Watch, simulate};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

fn loaded(sets: &[&str]) -> Loaded {
    let text = std::fs::read_to_string(scenarios().join("asean-2027.toml"))
        .expect("the baseline is shipped");
    let mut request = Request::new("asean-2027.toml", text);
    request.sets = sets.iter().map(|&set| set.to_owned()).collect();
    load(&request, &mut |name| Err(format!("{name} is not needed"))).expect("the baseline is valid")
}

fn rows(file: &str) -> Vec<HashMap<String, String>> {
    let mut reader =
        csv::Reader::from_path(scenarios().join("data").join(file)).expect("the data are shipped");
    reader
        .deserialize()
        .map(|row| row.expect("well-formed CSV"))
        .collect()
}

#[test]
fn every_number_has_a_known_source_or_a_reasoned_judgement() {
    let loaded = loaded(&[]);
    let sources: HashSet<String> = rows("sources.csv")
        .iter()
        .map(|row| row["source_id"].clone())
        .collect();
    let written: HashSet<&str> = loaded
        .origins
        .iter()
        .map(|origin| origin.path.as_str())
        .collect();
    let provenance: HashMap<&str, _> = loaded
        .model
        .provenance
        .iter()
        .map(|provenance| (provenance.path.as_str(), provenance))
        .collect();
    let mut numbers = 0;
    let mut problems = Vec::new();
    for slot in loaded.model.layout.slots() {
        let path = path_of(&loaded.model, slot);
        if !written.contains(path.as_str()) {
            continue;
        }
        numbers += 1;
        let Some(provenance) = provenance.get(path.as_str()) else {
            problems.push(format!("{path} says nothing about its source"));
            continue;
        };
        let reasoned = provenance.note.as_ref().is_some_and(|note| note.len() > 10);
        let fine = match provenance.grade.as_deref() {
            Some("A" | "B" | "C" | "S") => provenance
                .source
                .as_ref()
                .is_some_and(|id| sources.contains(id)),
            Some("judgement") => reasoned,
            _ => false,
        };
        if !fine {
            problems.push(format!("{path}: {provenance:?}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(numbers > 350, "only {numbers} numbers were checked");
}

#[test]
fn the_arms_share_one_set_of_rules() {
    let model = loaded(&[]).model;
    let names: Vec<&str> = model.arms.iter().map(|arm| arm.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "bilateral",
            "guide",
            "framework",
            "bloc",
            "bloc-consensus",
            "bloc-paid",
            "bloc-tender"
        ]
    );
    let rule = |arm: usize, key| {
        model.base[model
            .layout
            .index(mufakat::model::layout::Slot::Arm(arm, key))]
    };
    use mufakat::model::keys::ArmKey::{
        Binding, CrossBorderData, Harmonisation, Penalty, Recourse,
    };
    for key in [Binding, CrossBorderData, Harmonisation, Penalty, Recourse] {
        for arm in 3..7 {
            assert_eq!(
                rule(arm, key),
                rule(2, key),
                "{} of {}",
                key.name(),
                names[arm]
            );
        }
    }
}

/// Announced pledges of the eight suppliers by state, spread evenly over their horizon (five years where none was announced), USD bn
/// per window of three years.
fn pledged_per_window() -> BTreeMap<String, f64> {
    const UNSTATED_HORIZON: f64 = 5.0;
    let eight = [
        "Microsoft",
        "Google",
        "Amazon",
        "AWS",
        "Meta",
        "Baidu",
        "Alibaba",
        "Tencent",
        "ByteDance",
        "TikTok",
    ];
    let left_out = [
        "[superseded]",
        "[overlap]",
        "[component]",
        "[proposal]",
        "[government-claim]",
        "[realised]",
    ];
    let mut sums = BTreeMap::new();
    for row in rows("pledges.csv") {
        let what = &row["what"];
        let counted =
            what.contains("[hyperscaler]") && !left_out.iter().any(|tag| what.contains(tag));
        if !counted || !eight.iter().any(|name| row["supplier"].contains(name)) {
            continue;
        }
        let amount: f64 = row["usd_billion"].parse().expect("a number");
        let horizon: f64 = row["horizon_years"].parse().unwrap_or(UNSTATED_HORIZON);
        *sums.entry(row["state"].clone()).or_insert(0.0) += amount * 3.0 / horizon.max(3.0);
    }
    sums
}

/// Mean first-window investment by state in bilateral talks, USD bn, in the worlds that the baseline draws.
fn simulated_first_window(trials: u64) -> Vec<(String, f64)> {
    let model = loaded(&["horizon.windows=1"]).model;
    let layout = model.outcome_layout();
    let mut sums = vec![0.0; model.states.len()];
    let stop = AtomicBool::new(false);
    let watch = Watch {
        stop: &stop,
        on_trial: &|| {},
    };
    simulate(
        &model,
        0..trials,
        watch,
        |trial| -> Result<(), std::convert::Infallible> {
            for (i, sum) in sums.iter_mut().enumerate() {
                *sum += trial.rows[layout.state(i, StateMetric::Investment)];
            }
            Ok(())
        },
    )
    .expect("the baseline plays");
    model
        .states
        .iter()
        .zip(sums)
        .map(|(state, sum)| (state.id.clone(), sum / trials as f64))
        .collect()
}

#[test]
#[expect(
    clippy::print_stdout,
    reason = "the comparison is for readers of --nocapture"
)]
fn first_window_investment_has_the_scale_of_the_pledges() {
    let pledged = pledged_per_window();
    let simulated = simulated_first_window(1000);
    println!(
        "USD bn in the first window of three years: simulated (bilateral, mean of 1,000 worlds), pledged per window"
    );
    for (id, investment) in &simulated {
        println!(
            "{id}  {investment:6.2}  {:6.2}",
            pledged.get(id).copied().unwrap_or(0.0)
        );
    }
    let total: f64 = simulated.iter().map(|(_, investment)| investment).sum();
    let all: f64 = pledged.values().sum();
    println!("all {total:6.2}  {all:6.2}");
    // Pledges of different years overlap, and one of 2026 (ByteDance in Thailand, 25 bn) is half of their sum: the region's total is
    // held to a factor of two, states are printed and not held to theirs.
    assert!(
        total > 0.5 * all && total < 2.0 * all,
        "{total} simulated, {all} pledged"
    );
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"))
        .expect("a README");
    for (id, investment) in simulated.iter().filter(|(id, _)| pledged.contains_key(id)) {
        let row = format!("| {id} | {investment:.1} | {:.1} |", pledged[id]);
        assert!(
            readme.contains(&row),
            "the README's comparison should contain `{row}`"
        );
    }
    let row = format!("| all | {total:.1} | {all:.1} |");
    assert!(
        readme.contains(&row),
        "the README's comparison should contain `{row}`"
    );
}
