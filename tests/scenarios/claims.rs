//! Statements of the public debate, and what the scenarios say they found: the sign of each, in few worlds. A sign counts where the mean of the
//! paired difference lies more than three of its standard errors from zero.

use crate::support::program::check;
use serde_json::Value;

/// Standard errors that a mean must lie from zero.
const BEYOND: f64 = 3.0;

fn json(args: &[&str], worlds: &str) -> Value {
    let args = [args, &["-n", worlds, "--json", "--quiet"]].concat();
    serde_json::from_str(&check(&args, 0).0).expect("JSON")
}

/// A study without the arms that a statement does not need: they only cost time.
fn without(arms: &[&str], args: &[&str], worlds: &str) -> Value {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let overlay = directory.path().join("overlay.toml");
    let removed: String = arms
        .iter()
        .map(|arm| format!("[[arm]]\nname = \"{arm}\"\nremove = true\n\n"))
        .collect();
    std::fs::write(&overlay, removed).expect("writable");
    let overlay = overlay.to_str().expect("a path in UTF-8");
    json(&[args, &["--overlay", overlay]].concat(), worlds)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value}"))
}

/// The comparison of two arms, and whether it is of the first with the second (1) or of the second with the first (-1): a run has each pair once.
fn pair<'a>(run: &'a Value, arm: &str, reference: &str) -> (f64, &'a Value) {
    let pairs = run["comparisons"].as_array().expect("a list");
    let of = |arm: &str, reference: &str| {
        let mut pairs = pairs.iter();
        pairs.find(|pair| pair["arm"] == arm && pair["reference"] == reference)
    };
    let there = of(arm, reference).map(|pair| (1.0, pair));
    let back = || of(reference, arm).map(|pair| (-1.0, pair));
    there
        .or_else(back)
        .unwrap_or_else(|| panic!("no {arm} against {reference}"))
}

/// Mean paired difference of a total between two arms of a run.
fn difference(run: &Value, arm: &str, reference: &str, metric: &str) -> f64 {
    let (sign, pair) = pair(run, arm, reference);
    sign * number(&pair["totals"][metric]["difference"]["mean"])
}

/// The payoff of all states is larger in the first arm than in the second, beyond error.
#[track_caller]
fn assert_more(run: &Value, arm: &str, reference: &str) {
    let (sign, pair) = pair(run, arm, reference);
    let what = format!("{arm} against {reference}");
    assert_sign(sign, &pair["totals"]["payoff"], &what);
}

/// The payoff of all states is smaller in the first arm than in the second, beyond error.
#[track_caller]
fn assert_less(run: &Value, arm: &str, reference: &str) {
    assert_more(run, reference, arm);
}

/// The payoff of a state is larger in the first arm than in the second, beyond error.
#[track_caller]
fn assert_more_for(state: &str, run: &Value, arm: &str, reference: &str) {
    let (sign, pair) = pair(run, arm, reference);
    let what = format!("{state}, {arm} against {reference}");
    assert_sign(sign, &pair["states"][state]["payoff"], &what);
}

#[track_caller]
fn assert_sign(sign: f64, compared: &Value, what: &str) {
    let of = |statistic: &str| number(&compared["difference"][statistic]);
    let (mean, error) = (sign * of("mean"), of("se"));
    assert!(mean > BEYOND * error, "{what}: {mean} ({error})");
}

/// Means of a result over the cells of a sweep, in order.
fn cells(sweep: &Value, result: &str) -> Vec<f64> {
    let cells = sweep["cells"].as_array().expect("cells").iter();
    cells
        .map(|cell| number(&cell["results"][result]["mean"]))
        .collect()
}

/// Compliance cost of all hyperscalers in an arm.
fn compliance(run: &Value, arm: &str) -> f64 {
    let all = run["arms"][arm]["hyperscalers"].as_object().expect("a map");
    all.values()
        .map(|one| number(&one["compliance_cost"]["mean"]))
        .sum()
}

const BLOCS: [&str; 4] = ["bloc-consensus", "bloc-paid", "bloc-tender", "core-inside"];

/// A voluntary guide brings something, binding rules much more, and one table, of all or of four inside the rules, more again; deals signed
/// alone take margin off the table, and payoffs per head converge; one standard costs hyperscalers less than ten.
#[test]
fn the_baseline() {
    let run = without(
        &["bloc-consensus", "bloc-paid", "bloc-tender"],
        &["run", "asean-2027"],
        "40",
    );
    assert_more(&run, "guide", "bilateral");
    let guide = difference(&run, "guide", "bilateral", "payoff");
    let more = difference(&run, "framework", "guide", "payoff");
    assert!(more > 10.0 * guide, "{guide} {more}");
    assert_more(&run, "bloc", "framework");
    assert_more(&run, "core-inside", "framework");

    let alone = &run["arms"]["bilateral"];
    let erosion = alone["erosion"].as_array().expect("a list");
    let at_risk = |hosts: usize| number(&erosion[hosts]["pressure"]["mean"]);
    assert!(at_risk(5) < at_risk(3) && at_risk(3) < at_risk(0));

    let windows = alone["windows"].as_array().expect("a list");
    let (first, last) = (&windows[0], windows.last().expect("a window"));
    // The share of gains falls from window to window where most is hosted from the start, and rises elsewhere.
    let grows = |state: &str| {
        let leverage = |window: &Value| number(&window["leverage"][state]["mean"]);
        leverage(last) > leverage(first)
    };
    assert!(["ID", "PH", "TH", "VN"].into_iter().all(grows));
    assert!(!["MY", "SG"].into_iter().any(grows));
    let gini = |window: &Value| number(&window["gini"]["mean"]);
    assert!(gini(last) < gini(first));

    let states = alone["states"].as_object().expect("a map");
    let investment = |id: &str| number(&states[id]["investment"]["mean"]);
    assert!(states.keys().all(|id| investment(id) <= investment("SG")));

    assert!(compliance(&run, "framework") < 0.9 * compliance(&run, "bilateral"));
}

/// What the rules are worth is protection from suppliers that cannot be left; more capital per dollar of spending turns the sign of the table.
#[test]
fn what_decides_the_baseline() {
    let removed = [&BLOCS[..], &["guide"]].concat();
    let with = |set: &str| without(&removed, &["run", "asean-2027", "-S", set], "80");
    let rules = |run: &Value| difference(run, "framework", "bilateral", "payoff");
    let free = with("dynamics.lock_in=0");
    assert!(rules(&free) < 1.0, "{}", rules(&free));
    assert_more(&free, "bloc", "framework");
    let bare = with("arm.*.recourse=0");
    assert!(rules(&bare) < 2.0, "{}", rules(&bare));
    assert_less(&with("market.capex_intensity=0.8"), "bloc", "framework");
}

#[test]
fn waiting_costs_windows() {
    let run = json(&["run", "leverage-lost"], "20");
    for (later, sooner) in [
        ("held-2030", "held-2027"),
        ("held-2033", "held-2030"),
        ("held-2036", "held-2033"),
        ("bloc-2036", "bloc-2027"),
    ] {
        assert_less(&run, later, sooner);
    }
    // What is lost for good shows in the last window, where the same ten sit at the table; it is small beside the windows that passed.
    let last = |arm: &str| {
        let window = &run["arms"][arm]["windows"][3]["payoff"];
        let states = window.as_object().expect("a map").values();
        states.map(|one| number(&one["mean"])).sum::<f64>()
    };
    let lost = last("held-2027") - last("held-2036");
    assert!(lost > 0.0 && lost < 0.05 * last("held-2027"), "{lost}");
}

#[test]
fn data_arrangements_need_a_table() {
    let run = json(&["run", "adgmin"], "100");
    assert_more(&run, "testing", "bilateral");
    assert_less(&run, "data", "bilateral");
    assert_less(&run, "testing-and-data", "testing");
    assert_more(&run, "data-table", "data");
    let (_, data) = pair(&run, "data", "bilateral");
    let terms = &data["states"]["ID"]["concessions"];
    assert!(number(&terms["worse"]) > number(&terms["better"]));
}

#[test]
fn terms_get_worse_as_windows_pass_while_the_share_of_gains_rises() {
    let results = [
        "bilateral.state.ID.concessions",
        "framework.state.ID.concessions",
        "bilateral.total.leverage",
        "bilateral.total.herfindahl",
        "bilateral.total.gini",
    ];
    let mut args = vec!["sweep", "asean-2027", "--vary", "horizon.windows=1,4"];
    args.extend(results.iter().flat_map(|&result| ["--output", result]));
    let sweep = without(&[&BLOCS[..], &["guide", "bloc"]].concat(), &args, "40");
    let of = |result: usize| cells(&sweep, results[result]);
    let (alone, rules, leverage) = (of(0), of(1), of(2));
    assert!(
        alone[1] < rules[1] && rules[1] < alone[0],
        "{alone:?} {rules:?}"
    );
    assert!(leverage[1] > leverage[0], "{leverage:?}");
    // Neither concentration nor divergence grows.
    let falls = |result: usize| of(result)[1] < of(result)[0];
    assert!(falls(3) && falls(4));
}

#[test]
fn refusing_suppliers_costs_and_recourse_pays() {
    let run = without(
        &["tender-5", "tender-1", "three", "three-tender-3"],
        &["run", "tender"],
        "20",
    );
    assert_less(&run, "tender-3", "ten");
    let run = without(&["protected", "enforced"], &["run", "hold-up"], "20");
    assert_more(&run, "price-floor", "bilateral");
    assert_more(&run, "recourse", "price-floor");
}

#[test]
fn own_compute_improves_terms_and_shrinks_what_is_shared() {
    let results = [
        "bilateral.state.ID.concessions",
        "bilateral.state.VN.concessions",
        "bilateral.total.leverage",
    ];
    let vary = "state.*.compute=0,0.1,0.3,0.6";
    let mut args = vec!["sweep", "asean-2027", "--vary", vary];
    args.extend(results.iter().flat_map(|&result| ["--output", result]));
    let removed = [&BLOCS[..], &["guide", "framework", "bloc"]].concat();
    let sweep = without(&removed, &args, "100");
    for (result, sign) in results.into_iter().zip([1.0, 1.0, -1.0]) {
        let cells = cells(&sweep, result);
        let rises = cells
            .windows(2)
            .all(|pair| sign * (pair[1] - pair[0]) > 0.0);
        assert!(rises, "{result}: {cells:?}");
    }
}

#[test]
fn skills_and_infrastructure_need_each_other() {
    let output = "bilateral.total.payoff";
    let args = ["sweep", "skills-first", "--output", output];
    let sweep = without(&["framework", "no-training", "training"], &args, "100");
    let cells = cells(&sweep, output);
    let [neither, infrastructure, skills, both] = cells[..] else {
        panic!("{cells:?}");
    };
    assert!(skills > neither && infrastructure > neither);
    assert!(both - neither > (skills - neither) + (infrastructure - neither));
    let neither = [
        "-S",
        "event.skills.probability=0",
        "-S",
        "event.infrastructure.probability=0",
    ];
    let args = [&["run", "skills-first"], &neither[..]].concat();
    assert_more(
        &without(&["framework"], &args, "40"),
        "training",
        "no-training",
    );
}

#[test]
fn ten_laws_cost_more_than_one() {
    let run = without(&["framework"], &["run", "eu-style-act"], "40");
    assert!(compliance(&run, "act") < 0.9 * compliance(&run, "patchwork"));
    assert_more(&run, "act", "patchwork");
    assert!(difference(&run, "act", "guide", "profit") < 0.0);
}

#[test]
fn those_who_would_stay_out_are_what_a_bloc_lacks() {
    let run = without(&["core-inside", "core-mandate"], &["run", "mandate"], "20");
    assert_more(&run, "bloc-mandate", "framework-mandate");
    assert_more(&run, "bloc-mandate", "bloc");
    // What a full bloc wins of the bill is less than pooling was seen to win elsewhere.
    let share = difference(&run, "bloc-mandate", "bilateral", "bill_share");
    assert!(0.02 < share && share < 0.067, "{share}");
}

#[test]
fn a_table_of_four_does_what_one_of_all_does_but_not_for_all() {
    let run = without(&["six-inside"], &["run", "core-inside"], "40");
    assert_more(&run, "core-inside", "framework");
    assert_more(&run, "core-inside", "three-inside");
    assert_more(&run, "core-inside", "four-alone");
    assert_more_for("PH", &run, "bloc", "core-inside");
}

#[test]
fn accords_that_stand_bring_more_and_waiting_costs() {
    let run = without(&["bloc-consensus"], &["run", "accession"], "40");
    assert_more(&run, "bloc", "bloc-anew");
    assert_less(&run, "bloc-hesitant", "bloc-eager");
}

#[test]
fn a_clause_helps_and_costs_the_strong_nothing() {
    let removed = ["core-inside", "core-favoured", "framework-half"];
    let run = without(&removed, &["run", "most-favoured"], "100");
    assert_more(&run, "framework-favoured", "framework");
    for state in ["PH", "SG"] {
        assert_more_for(state, &run, "framework-favoured", "framework");
    }
}

#[test]
fn neither_alone_nor_together_does_refusing_pay() {
    let run = json(&["run", "tender-alone"], "16");
    assert_less(&run, "bilateral-tender", "bilateral");
    assert_less(&run, "framework-tender", "framework");
    assert_less(&run, "bloc-tender", "bloc");
}

#[test]
fn rises_of_prices_are_held_off_by_clause_and_recourse() {
    let run = without(&["bloc"], &["run", "repricing"], "40");
    assert_more(&run, "framework", "bare");
    assert_more(&run, "clause", "bare");
    assert_more(&run, "clause-and-recourse", "clause");
}

#[test]
fn suppliers_gain_most_by_power_sooner_and_states_lose_by_pacts() {
    let profit = "bilateral.total.profit";
    let payoff = "bilateral.total.payoff";
    let args = [
        "sweep",
        "time-to-power",
        "--output",
        profit,
        "--output",
        payoff,
    ];
    let sweep = without(&["framework", "bloc", "contest"], &args, "100");
    let gain = |result| cells(&sweep, result)[2] - cells(&sweep, result)[0];
    assert!(gain(profit) > gain(payoff) && gain(payoff) > 0.0);
    let states = ["ID", "MY", "TH", "VN"].map(|id| format!("bilateral.state.{id}.payoff"));
    let mut args = vec!["sweep", "trade-pacts"];
    args.extend(states.iter().flat_map(|state| ["--output", state]));
    let sweep = without(&["framework", "bloc", "core-inside"], &args, "100");
    for state in &states {
        let cells = cells(&sweep, state);
        assert!(cells[7] < 0.95 * cells[0], "{state}: {cells:?}");
    }
}

/// Where the ten fear each other one table is worth more, where they fear the world it is not.
#[test]
fn fear_of_each_other_makes_a_table_worth_more() {
    let (bloc, rules) = (
        "bloc.total.payoff.difference",
        "framework.total.payoff.difference",
    );
    let args = [
        "sweep",
        "peers",
        "--vary",
        "market.peers=0,0.5",
        "--vary",
        "market.peers_inside=0,1",
        "--output",
        bloc,
        "--output",
        rules,
    ];
    let sweep = without(&["core-inside"], &args, "20");
    let (bloc, rules) = (cells(&sweep, bloc), cells(&sweep, rules));
    let table = |cell: usize| bloc[cell] - rules[cell];
    assert!(
        table(3) > table(1) && table(2) < table(0),
        "{bloc:?} {rules:?}"
    );
}
