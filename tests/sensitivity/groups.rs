//! Factors that are more than one number, or none that a distribution has: groups, what is tied, events, results of each world.

use crate::support::program::{UNCERTAIN as SCENARIO, check, check_in};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const OUTPUT: &str = "bilateral.total.payoff";
const CAME: &str = "event.export controls.came";
const MEMBERS: &str = "bloc.window.1.member.*";

/// Three quantities in a chain, so that the ends are tied through the middle.
const TIES: &str = r#"
[[correlation]]
between = ["state.A.gdp", "market.contingent_share"]
rho = 0.9
[[correlation]]
between = ["state.A.gdp", "state.B.gdp"]
rho = 0.3
"#;

fn json(args: &[&str]) -> Value {
    serde_json::from_str(&check(args, 0).0).expect("JSON")
}

fn number(found: &Value, factor: &str, measure: &str) -> f64 {
    let one = &found["outputs"][OUTPUT]["factors"][factor][measure]["value"];
    one.as_f64()
        .unwrap_or_else(|| panic!("{factor} {measure}: {found}"))
}

fn asked(more: &[&str]) -> Vec<String> {
    let args = ["sensitivity", SCENARIO, "--output", OUTPUT];
    let args = args.iter().chain(more);
    args.map(|arg| (*arg).to_owned()).collect()
}

fn found(more: &[&str]) -> Value {
    let args = asked(&[more, &["--json"]].concat());
    json(&args.iter().map(String::as_str).collect::<Vec<_>>())
}

fn refused(more: &[&str]) -> String {
    let args = asked(more);
    check(&args.iter().map(String::as_str).collect::<Vec<_>>(), 2).1
}

/// The paths of all quantities and events of the scenario that may come out either way.
fn uncertain() -> BTreeSet<String> {
    let all = found(&["--method", "tornado", "--at-medians"]);
    let factors = all["factors"].as_object().expect("a map").keys();
    factors.cloned().chain([CAME.to_owned()]).collect()
}

fn members(found: &Value) -> Vec<String> {
    let factors = found["factors"].as_object().expect("a map").values();
    let members = factors.flat_map(|one| one.as_array().expect("a list"));
    members
        .map(|one| one.as_str().expect("a path").to_owned())
        .collect()
}

#[test]
fn a_tornado_moves_an_event_as_if_it_were_sure() {
    let tornado = found(&["--method", "tornado", "--factors", "event.*", "-n", "40"]);
    for (end, probability) in [("at_p05", 0), ("at_p95", 1)] {
        let sure = format!("event.export controls.probability={probability}");
        let run = json(&["run", SCENARIO, "-n", "40", "--json", "-S", &sure]);
        let mean = &run["arms"]["bilateral"]["totals"]["payoff"]["mean"];
        let (mean, end) = (mean.as_f64().expect("a mean"), number(&tornado, CAME, end));
        assert!((mean - end).abs() < 1e-9, "{mean} {end}");
    }
    assert!(number(&tornado, CAME, "swing") < -0.01, "{tornado}");
    let words = "The ends of an event: it does not come, and it comes.";
    for (factor, said) in [("event.*", true), ("state.*", false)] {
        let text = asked(&["--method", "tornado", "--factors", factor, "-n", "2"]);
        let text: Vec<&str> = text.iter().map(String::as_str).collect();
        assert_eq!(check(&text, 0).0.contains(words), said, "{factor}");
    }
}

#[test]
fn an_event_is_a_factor_of_every_design() {
    let event = ["--factors", "event.*"];
    let by = |method: &[&str]| found(&[method, &event[..]].concat());
    let shapley = by(&["--method", "shapley", "-n", "64"]);
    assert!((number(&shapley, CAME, "shapley") - 1.0).abs() < 1e-9);
    let sobol = by(&["--method", "sobol", "-n", "64"]);
    assert!(number(&sobol, CAME, "ST") > 0.0);
    assert_eq!(sobol["held"], uncertain().len() - 1);
    let morris = by(&["--method", "morris", "--trajectories", "20"]);
    assert!(number(&morris, CAME, "mu") < -0.01, "{morris}");
    assert!((number(&morris, CAME, "mu_star") + number(&morris, CAME, "mu")).abs() < 0.01);
}

/// Of events that are factors the share that comes is their probability; those that are none come as in a run.
#[test]
fn an_event_comes_as_often_as_it_should() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let out = folder.path().to_str().expect("UTF-8");
    found(&[
        "--method",
        "sobol",
        "--factors",
        "event.*",
        "-n",
        "256",
        "-o",
        out,
    ]);
    let came = column(folder.path(), CAME);
    let share = came.iter().sum::<f64>() / came.len() as f64;
    // The rows of a replicate are even: of 32 one more or less comes.
    assert!((share - 0.3).abs() < 1.0 / 32.0, "{share}");
    assert!(came.iter().all(|one| [0.0, 1.0].contains(one)));
}

fn column(folder: &Path, name: &str) -> Vec<f64> {
    let text = fs::read_to_string(folder.join("cells.csv")).expect("a table");
    let mut lines = text.lines();
    let headings = lines.next().expect("headings");
    let place = headings.split(',').position(|one| one == name);
    let place = place.unwrap_or_else(|| panic!("no {name} in {headings}"));
    let number = |line: &str| line.split(',').nth(place)?.parse().ok();
    lines.map(|line| number(line).expect("a number")).collect()
}

#[test]
fn auto_leaves_nothing_out() {
    for method in [
        ["--method", "sobol", "-n", "16"],
        ["--method", "shapley", "-n", "16"],
        ["--method", "tornado", "-n", "2"],
    ] {
        let all = found(&[&method[..], &["--group", "auto"]].concat());
        let covered = members(&all);
        assert_eq!(covered.len(), uncertain().len(), "{all}");
        assert_eq!(covered.into_iter().collect::<BTreeSet<_>>(), uncertain());
        assert_eq!(all["held"], 0);
    }
    let rest = found(&[
        "--method",
        "sobol",
        "-n",
        "16",
        "--group",
        "auto",
        "--group",
        "size=state.*.gdp",
        "--factors",
        "market.diversion",
    ]);
    let names: Vec<&String> = rest["factors"].as_object().expect("a map").keys().collect();
    let singles = [
        "market.diversion",
        "market",
        "hyperscaler.H.entry_cost",
        CAME,
    ];
    assert_eq!(names, [&["size"][..], &singles].concat());
    assert_eq!(
        members(&rest).into_iter().collect::<BTreeSet<_>>(),
        uncertain()
    );
}

#[test]
fn a_group_takes_several_patterns_in_one_or_more_words() {
    let by = |groups: &[&str]| {
        let groups = groups.iter().flat_map(|group| ["--group", group]);
        let groups: Vec<&str> = groups.collect();
        found(&[&["--method", "sobol", "-n", "16"], &groups[..]].concat())
    };
    let one = by(&["x=market.*,state.A.gdp", "y=event.*"]);
    let two = by(&["x=state.A.gdp", "x=market.*,market.diversion", "y=event.*"]);
    assert_eq!(one, two);
    assert_eq!(one["factors"]["y"], serde_json::json!([CAME]));
    let sobol = ["--method", "sobol", "--group"];
    for (group, words) in [
        ("x=state.A.gdp,no.*", "--group no.*: no uncertain quantity"),
        ("market.diversion=market.*", "a name of its own"),
        ("=market.*", "a name of its own"),
        ("  =market.*", "a name of its own"),
        (
            "market.ramp_years=market.*",
            "market.ramp_years is the path of a number: every group needs a name of its own",
        ),
        ("market.*", "NAME=GLOB,GLOB, or auto"),
    ] {
        let err = refused(&[&sobol[..], &[group]].concat());
        assert!(err.contains(words), "{group}: {err}");
    }
    let taken = refused(&[&sobol[..], &["market=market.d*", "--group", "auto"]].concat());
    assert!(
        taken.contains("it makes a group market: give yours another"),
        "{taken}"
    );
}

/// A group of more quantities than the sequence has dimensions for: one factor, at the price of one.
#[test]
fn a_group_may_hold_everything() {
    let args = [
        "sensitivity",
        "asean-2027",
        "--method",
        "sobol",
        "-n",
        "16",
        "--output",
        OUTPUT,
        "--group",
        "all=state.*,pair.*,hyperscaler.*",
        "--factors",
        "market.*",
        "--json",
    ];
    let found = json(&args);
    let all = found["factors"]["all"].as_array().expect("a list").len();
    let factors = found["factors"].as_object().expect("a map").len();
    assert!(all > 200, "{all}");
    assert_eq!(found["worlds"], 16 * (2 + factors));
    assert!(number(&found, "all", "ST") > 0.05, "{found}");
}

#[test]
fn what_is_tied_moves_together_within_a_group_and_not_across() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let at = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (ties, out) = (at("ties.toml"), at("out"));
    fs::write(&ties, TIES).expect("writable");
    let tied = ["--overlay", &ties, "--method", "sobol", "-n", "512"];
    let with = |more: &[&'static str]| [&tied[..], more].concat();
    let group = [
        "--group",
        "x=state.*,market.contingent_share",
        "--factors",
        "market.diversion",
    ];
    found(&[&with(&group)[..], &["-o", &out]].concat());
    let [share, a, b, other] = [
        "market.contingent_share",
        "state.A.gdp",
        "state.B.gdp",
        "market.diversion",
    ]
    .map(|path| column(Path::new(&out), path));
    // In rows of A and of B the group is as drawn: rank correlation 6/π·asin(ρ/2), to four errors of 1/√1024.
    let rows = 64;
    let drawn = |column: &[f64]| -> Vec<f64> {
        let matrix = |row: &usize| row / rows % 4 < 2;
        (0..column.len())
            .filter(matrix)
            .map(|row| column[row])
            .collect()
    };
    for (one, rest, rho) in [
        (&share, &a, 0.9),
        (&a, &b, 0.3),
        (&share, &b, 0.0),
        (&a, &other, 0.0),
    ] {
        let exact = 6.0 / std::f64::consts::PI * f64::asin(rho / 2.0);
        let found = spearman(&drawn(one), &drawn(rest));
        assert!((found - exact).abs() < 0.125, "{rho}: {found} {exact}");
    }
    // Crossed rows take the whole group from B, what it is tied to included, and nothing else.
    for row in 0..rows {
        for column in [&share, &a, &b] {
            assert_eq!(column[2 * rows + row], column[rows + row]);
            assert_eq!(column[3 * rows + row], column[row]);
        }
        assert_eq!(other[2 * rows + row], other[row]);
        assert_eq!(other[3 * rows + row], other[rows + row]);
    }
    for (more, words) in [
        (
            &["--factors", "state.A.gdp"][..],
            "ties state.A.gdp to market.contingent_share, which is held at its median: take all that are tied into one group, \
             --group NAME='state.A.gdp,market.contingent_share'",
        ),
        (
            &["--group", "x=market.*", "--group", "y=state.*"],
            "ties market.contingent_share to state.A.gdp, which is in another factor",
        ),
    ] {
        let err = refused(&with(more));
        assert!(err.contains(words), "{err}");
    }
    let screening = ["--overlay", &ties, "--method", "morris"];
    assert!(refused(&screening).contains("in another factor: use --method tornado, pawn or delta"));
    let auto = asked(&with(&["--group", "auto"]));
    let (out, err) = check(&auto.iter().map(String::as_str).collect::<Vec<_>>(), 0);
    assert!(
        err.contains("--group auto takes market, state.A, state.B as one factor"),
        "{err}"
    );
    assert!(out.contains("market + state.A + state.B"), "{out}");
    // What is tied to constants alone is as good as free.
    let fixed = [
        "-S",
        "state.A.gdp=400",
        "-S",
        "market.contingent_share=0.2",
        "--factors",
        "state.B.gdp",
    ];
    let alone = found(&with(&fixed));
    assert!(number(&alone, "state.B.gdp", "ST") > 0.0);
}

/// A constant that an event makes a draw, tied to a quantity that is a factor: the draw moves along, here against it.
#[test]
fn what_an_event_draws_moves_with_what_it_is_tied_to() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let rank_correlation = |rho: f64| {
        let overlay = folder.path().join(format!("{rho}.toml"));
        let out = folder.path().join(format!("{rho}"));
        let text = format!(
            r#"
[[correlation]]
between = ["state.A.gdp", "market.contingent_share"]
rho = {rho}
[[event]]
name = "boom"
year = 2027
probability = 0.9
set = {{ "state.A.gdp" = {{ dist = "uniform", min = 10, max = 9000 }} }}
"#
        );
        fs::write(&overlay, text).expect("writable");
        let [overlay, to] = [&overlay, &out].map(|path| path.to_str().expect("UTF-8"));
        found(&[
            "--overlay",
            overlay,
            "-S",
            "state.A.gdp=400",
            "--method",
            "sobol",
            "-n",
            "512",
            "--factors",
            "market.contingent_share",
            "-o",
            to,
        ]);
        spearman(
            &column(&out, "market.contingent_share"),
            &column(&out, OUTPUT),
        )
    };
    let (tied, free) = (rank_correlation(-0.95), rank_correlation(0.0));
    assert!(free > tied + 0.3, "{tied} {free}");
}

/// Spearman's rank correlation.
fn spearman(one: &[f64], other: &[f64]) -> f64 {
    let ranks = |column: &[f64]| -> Vec<f64> {
        let mut order: Vec<usize> = (0..column.len()).collect();
        order.sort_by(|&x, &y| column[x].total_cmp(&column[y]));
        let mut ranks = vec![0.0; column.len()];
        for (rank, row) in order.into_iter().enumerate() {
            ranks[row] = rank as f64 - 0.5 * (column.len() - 1) as f64;
        }
        ranks
    };
    let (one, other) = (ranks(one), ranks(other));
    let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    dot(&one, &other) / dot(&one, &one)
}

#[test]
fn who_was_a_member_is_a_factor_of_given_worlds() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let runs = folder
        .path()
        .join("run")
        .to_str()
        .expect("UTF-8")
        .to_owned();
    let unsure = ["-S", "state.A.will=0.5", "-S", "state.B.will=0.8"];
    check(
        &[
            &["run", SCENARIO, "-n", "200", "-q", "-o", &runs],
            &unsure[..],
        ]
        .concat(),
        0,
    );
    let difference = "bloc.total.payoff.difference";
    let factors = [
        "--factors",
        MEMBERS,
        "--factors",
        "event.*",
        "--output",
        difference,
    ];
    for method in ["delta", "pawn", "evppi"] {
        let of = |source: &str, more: &[&str]| {
            let args = ["sensitivity", source, "--json", "--method", method];
            json(&[&args[..], &factors, more].concat())
        };
        let played = of(SCENARIO, &[&["-n", "200"], &unsure[..]].concat());
        assert_eq!(played["outputs"], of(&runs, &[])["outputs"], "{method}");
        let names: Vec<&String> = played["factors"]
            .as_object()
            .expect("a map")
            .keys()
            .collect();
        assert_eq!(
            names,
            [CAME, "bloc.window.1.member.A", "bloc.window.1.member.B"]
        );
        // Without A there is no accord to gain from: membership of either moves the difference, in every measure.
        let by = match method {
            "delta" => "delta",
            "pawn" => "pawn",
            _ => continue,
        };
        let one = &played["outputs"][difference];
        let floor = one["noise_floor"]["high"].as_f64().expect("a floor");
        let of_a = &one["factors"]["bloc.window.1.member.A"][by]["value"];
        assert!(of_a.as_f64().expect("a number") > floor, "{method}: {one}");
    }
    let table = folder
        .path()
        .join("delta")
        .to_str()
        .expect("UTF-8")
        .to_owned();
    let args = [
        "sensitivity",
        &runs,
        "--method",
        "delta",
        "-q",
        "-o",
        &table,
    ];
    check(&[&args[..], &factors].concat(), 0);
    let member = column(Path::new(&table), "bloc.window.1.member.A");
    let share = member.iter().sum::<f64>() / 200.0;
    assert!(member.iter().all(|one| [0.0, 1.0].contains(one)) && share > 0.2 && share < 0.8);
    let err = refused(&["--method", "shapley", "--factors", MEMBERS]);
    assert!(
        err.contains("cannot move bloc.window.1.member.A, which comes out of it"),
        "{err}"
    );
    let (_, err) = check(
        &[
            "sensitivity",
            SCENARIO,
            "--method",
            "pawn",
            "--factors",
            "bloc.nix",
        ],
        2,
    );
    assert!(err.contains("no uncertain quantity matches"), "{err}");
}

/// Knowing a group is worth no less than what a member is worth, by far, and never more than knowing everything.
#[test]
fn a_group_is_worth_what_it_tells() {
    /// Standard errors that chance may take a group below a member of it.
    const ERRORS: f64 = 3.0;
    let difference = "bloc.total.payoff.difference";
    let unsure = ["-S", "state.A.will=0.5", "-S", "state.B.will=0.8"];
    let args = [
        "sensitivity",
        SCENARIO,
        "--json",
        "--method",
        "evppi",
        "-n",
        "400",
        "--output",
        difference,
        "--group",
        "auto",
        "--group",
        "members=bloc.window.1.member.*",
    ];
    let found = json(&[&args[..], &unsure].concat());
    // Each member by itself, with a standard error.
    let singles = [
        "--factors",
        "*",
        "--factors",
        "event.*",
        "--factors",
        MEMBERS,
    ];
    let alone = json(&[&args[..9], &singles, &unsure].concat());
    let alone = &alone["outputs"][difference]["factors"];
    let of = |one: &Value, end: &str| one["evppi"][end].as_f64().expect("a number");
    let error = |one: &Value| (of(one, "high") - of(one, "low")) / 4.0;
    let best = |group: &str| {
        let members = found["factors"][group].as_array().expect("a list").iter();
        let members = members.map(|one| &alone[one.as_str().expect("a path")]);
        members.max_by(|one, other| of(one, "value").total_cmp(&of(other, "value")))
    };
    let one = &found["outputs"][difference];
    let all = one["evpi"]["value"].as_f64().expect("a value");
    let factors = one["factors"].as_object().expect("a map");
    assert_eq!(
        factors.len(),
        found["factors"].as_object().expect("a map").len()
    );
    for (name, factor) in factors {
        let value = factor["evppi"]["value"].as_f64().expect("a value");
        assert!(value <= all + 1e-12, "{name}: {value} above {all}");
        let best = best(name).expect("a member");
        let least = of(best, "value") - ERRORS * (error(best) + error(factor));
        assert!(
            value >= least,
            "{name}: {value} below its best member, {best}"
        );
    }
    // Who was a member decides whether there is an accord to gain from.
    let members = of(&factors["members"], "value");
    assert!(members > 0.0, "{members}");
}

/// What `sensitivity` says, without line breaks.
fn said(args: &[&str]) -> String {
    let (out, _) = check(&[&["sensitivity", SCENARIO, "-n", "64"], args].concat(), 0);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn events_that_are_no_factors_are_named() {
    let of_singles = "Not among the factors: event `export controls`; take events as factors with `--factors '*' --factors 'event.*'`.";
    let of_groups = "Not among the factors: event `export controls`; take events as factors with `--factors 'event.*'`.";
    let difference = ["--output", "bloc.total.payoff.difference"];
    for method in ["tornado", "sobol", "shapley", "pawn", "delta", "evppi"] {
        let of = |more: &[&str]| said(&[&["--method", method], &difference[..], more].concat());
        let with = ["--factors", "event.*", "--factors", "market.*"];
        assert!(of(&[]).contains(of_singles), "{method}");
        assert!(!of(&with).contains("take events"), "{method}");
    }
    let group = ["--group", "x=state.*"];
    let auto = ["--group", "auto"];
    assert!(said(&group).contains(of_groups));
    assert!(!said(&[&group[..], &["--factors", "event.*"]].concat()).contains("take events"));
    assert!(!said(&auto).contains("take events"));
}

#[test]
fn groups_have_a_method_where_none_is_named() {
    let group = ["--group", "x=state.*", "--factors", "market.diversion"];
    let of = |output: &str| said(&[&group[..], &["--output", output]].concat());
    let worth = of("bloc.total.payoff.difference");
    assert!(
        worth.contains("No method was named and delta takes no groups: evppi takes groups in worlds as they are"),
        "{worth}"
    );
    let share = of("bilateral.total.payoff");
    assert!(
        share.contains(
            "No method was named and delta takes no groups: sobol takes groups for any result"
        ),
        "{share}"
    );
    // A group of one is a single quantity.
    let single = said(&["--group", "x=state.A.gdp"]);
    assert!(single.contains("No method was named: delta"), "{single}");
    let err = refused(&[&["--method", "delta"], &group[..]].concat());
    let others = "leave out --group, or use --method tornado, sobol or shapley\n";
    assert!(err.contains(others), "{err}");
    let difference = ["--output", "bloc.total.payoff.difference"];
    let args = ["sensitivity", SCENARIO, "--method", "delta"];
    let (_, err) = check(&[&args[..], &group, &difference].concat(), 2);
    assert!(
        err.contains("use --method tornado, sobol, shapley or evppi"),
        "{err}"
    );
}

/// The second event comes where the first did and by a chance of its own: as one factor it is the same for worlds that are there and for a design.
#[test]
fn auto_takes_an_event_with_one_that_it_makes_likely() {
    const CHAIN: &str = r#"
[[event]]
name = "talks"
year = 2027
probability = 0.5
set = { "event.pact.probability" = 0.8 }
[[event]]
name = "pact"
year = 2027
probability = 0
set = { "market.diversion" = 0.1 }
[[event]]
name = "other"
year = 2027
probability = 0.5
set = { "market.capex_intensity" = 0.2 }
"#;
    let here = tempfile::tempdir().expect("a temporary directory");
    let scenario = format!("extends = \"{SCENARIO}\"\n{CHAIN}");
    fs::write(here.path().join("chain.toml"), scenario).expect("writable");
    let args = [
        "sensitivity",
        "chain.toml",
        "--group",
        "auto",
        "-n",
        "16",
        "--method",
    ];
    let output = ["--output", "bloc.total.payoff.difference"];
    for method in ["evppi", "sobol"] {
        let of = |more: &[&str]| {
            check_in(
                here.path(),
                &[&args[..], &[method], &output, more].concat(),
                0,
            )
        };
        let (out, err) = of(&[]);
        let both = "event.talks.came + event.pact.came";
        assert!(
            out.contains(both) && out.contains("event.other.came"),
            "{method}: {out}"
        );
        let ties = "takes event.talks.came, event.pact.came as one factor: correlation, a file or an event ties them";
        assert!(err.contains(ties), "{method}: {err}");
        let found: Value = serde_json::from_str(&of(&["--json"]).0).expect("JSON");
        assert_eq!(found["factors"][both].as_array().map(Vec::len), Some(2));
        assert_eq!(
            found["factors"]["event.other.came"]
                .as_array()
                .map(Vec::len),
            Some(1)
        );
    }
}
