//! The page as a user gets it: text, document, directory, messages.

use crate::brief::text;
use crate::support::program::check_in as check;
use serde_json::Value;
use std::fs;
use std::path::Path;

const STATE: [&str; 5] = ["brief", "--state", "A", "--with", "H"];

/// A directory with the scenario of three terms, in one window where `single`.
fn here(single: bool) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let text = match single {
        true => text().replace("windows = 2", "windows = 1"),
        false => text(),
    };
    fs::write(directory.path().join("it.toml"), text).unwrap();
    directory
}

#[track_caller]
fn document(directory: &Path, arguments: &[&str]) -> Value {
    let json = [arguments, &["--json", "-q"]].concat();
    let (out, _) = check(directory, &json, 0);
    serde_json::from_str(&out).expect("JSON")
}

fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("no number: {value}"))
}

#[test]
fn the_share_of_worlds_with_a_deal_is_that_of_signed_pairs() {
    let directory = here(true);
    let run = document(directory.path(), &["run", "it.toml"]);
    for (state, hyperscaler) in [("A", "H"), ("A", "G"), ("B", "H"), ("B", "G")] {
        for arm in ["bilateral", "framework"] {
            let page = document(
                directory.path(),
                &[
                    "brief",
                    "it.toml",
                    "--state",
                    state,
                    "--with",
                    hyperscaler,
                    "--arm",
                    arm,
                ],
            );
            let signed = &run["arms"][arm]["pairs"][state][hyperscaler]["signed"];
            assert_eq!(&page["zone"]["deal"], signed, "{state} {hyperscaler} {arm}");
        }
    }
}

#[test]
fn a_case_by_hand() {
    // The comments of the scenario work these numbers out.
    let directory = tempfile::tempdir().unwrap();
    let offer = ["--offer", "talent_investment=0.3"];
    let page = document(
        directory.path(),
        &[
            &["brief", "two-states", "--state", "L", "--with", "H"][..],
            &offer,
        ]
        .concat(),
    );
    let close = |path: &str, expected: f64| {
        let mut value = &page;
        for key in path.split('/') {
            value = match key.parse::<usize>() {
                Ok(index) => &value[index],
                Err(_) => &value[key],
            };
        }
        let found = number(value);
        assert!(
            (found - expected).abs() < 1e-9,
            "{path}: {found}, not {expected}"
        );
    };
    close("walk_away/state/total/p50", 0.0);
    close("walk_away/hyperscaler/home_margin/p50", 1.2 * 0.8);
    close("walk_away/hyperscaler/other_margin/p50", 0.6);
    // 0.06 for the host in Small, and as much for the capital that serves Large from there.
    close("walk_away/hyperscaler/hosting/p50", -0.12);
    close("walk_away/hyperscaler/compliance/p50", -0.03);
    // Of 0.0975 from the deal with Small the hyperscaler keeps 0.6, 0.0585, less 0.06 before terms and cash.
    close("walk_away/hyperscaler/other_deals/p50", -0.0015);
    close("walk_away/served_from/S/share", 1.0);
    close("walk_away/served_from/S/quality/p50", 0.8);
    close("zone/deal", 1.0);
    close("zone/state/most/p50", 0.255);
    close("zone/hyperscaler/most/p50", 0.255);
    close("predicted/solutions/nash/terms/talent_investment/p50", 0.5);
    close("predicted/solutions/nash/state/p50", 0.102);
    close("predicted/solutions/nash/hyperscaler/p50", 0.153);
    close("predicted/solutions/egalitarian/state/p50", 0.1275);
    close("leverage/0/margin_at_risk", 0.24 / 1.2);
    // X = 0.102; Y = 1.2*0.6 - 0.09 - 0.03 - (0.18 - 0.153) = 0.573.
    close("leverage/0/leverage/p50", 0.102 / (0.102 + 0.573));
    assert_eq!(page["leverage"][4]["position"], "joint table of bloc");
    close("leverage/4/margin_at_risk", 0.6);
    // 0.102 alone, 0.114 under the standard, 0.27 at one table; both states 0.141, 0.165 and 0.405.
    close("accord/states/L/payoff/difference/mean", 0.168);
    close("accord/states/L/causes/rules/difference/mean", 0.012);
    close("accord/states/L/causes/table/difference/mean", 0.156);
    close("accord/totals/causes/rules/difference/mean", 0.024);
    close("accord/totals/causes/table/difference/mean", 0.24);
    // 1.5 of capital: 0.3*0.3 - 0.1*0.09 to the state, 0.1*0.3 + 0.1*0.09 from the hyperscaler.
    close("offer/worth/state/p50", 1.5 * 0.081);
    close("offer/worth/hyperscaler/p50", 0.18 - 1.5 * 0.039);
    // At 0.5 the term is worth 0.05 a unit, at 0.3 it is worth 0.042: 0.012 to share.
    close("offer/room/p50", 0.006);
    close("offer/improvements/0/adds", 0.006);
    close("offer/improvements/0/terms/talent_investment", 0.5);
    close("counter_offer/bundle/terms/talent_investment", 0.5);
    close("counter_offer/worth/hyperscaler/p50", 1e-6);
    close("preparation/0/with_deal/p50", 0.27 - 0.102);
    close("preparation/0/other_walk_away/p50", 0.72 - 1.4085);
}

#[test]
fn what_the_accord_is_worth_is_what_a_run_finds() {
    let directory = here(false);
    let run = document(directory.path(), &["run", "it.toml"]);
    let state = ["--state", "A"];
    let cases: [(&[&str], &str, &[&str]); 3] = [
        // At a bilateral table the accord is the bloc that it could sit in instead.
        (
            &[&state[..], &["--arm", "bilateral"]].concat(),
            "bloc",
            &["A"],
        ),
        (
            &[&state[..], &["--arm", "framework"]].concat(),
            "framework",
            &["A"],
        ),
        (&["--accord", "bloc"], "bloc", &["A", "B"]),
    ];
    for (asked, arm, states) in cases {
        let brief = [&["brief", "it.toml", "--with", "H"][..], asked].concat();
        let accord = &document(directory.path(), &brief)["accord"];
        assert_eq!(
            (&accord["arm"], &accord["reference"]),
            (&arm.into(), &"bilateral".into())
        );
        let of_run = run["comparisons"].as_array().expect("a list").iter();
        let mut of_run = of_run.filter(|one| one["arm"] == arm && one["reference"] == "bilateral");
        let of_run = of_run.next().expect("both are arms");
        let same = |ours: &Value, theirs: &Value| {
            assert_eq!(ours["payoff"], theirs["payoff"], "{asked:?}");
            assert_eq!(ours["causes"], theirs["causes"], "{asked:?}");
        };
        same(&accord["totals"], &of_run["totals"]);
        let found = accord["states"].as_object().expect("states");
        assert!(found.keys().eq(states), "{asked:?}");
        for (id, ours) in found {
            same(ours, &of_run["states"][id]);
        }
    }
}

#[test]
fn without_an_accord_nothing_is_said_of_one() {
    let directory = tempfile::tempdir().unwrap();
    let base = ["brief", "two-states", "--state", "L", "--with", "H"];
    // A switch that no event turns on.
    let off = [&base[..], &["-S", "arm.bloc.active=0"]].concat();
    let page = document(directory.path(), &off);
    assert!(page["accord"].is_null(), "{page}");
    let (out, _) = check(directory.path(), &off, 0);
    assert!(!out.contains("What the accord"), "{out}");
    let (out, _) = check(directory.path(), &base, 0);
    assert!(
        out.contains("What the accord is worth in all. Of +0.168"),
        "{out}"
    );
}

#[test]
fn the_other_chair_sees_the_same_table() {
    let directory = here(false);
    let base = [&STATE[..], &["it.toml", "--offer", "training=0.5,tax=0.2"]].concat();
    let own = document(directory.path(), &base);
    let other = document(
        directory.path(),
        &[&base[..], &["--side", "hyperscaler"]].concat(),
    );
    for part in ["walk_away", "zone", "predicted", "leverage", "offer"] {
        assert_eq!(own[part], other[part], "{part}");
    }
    assert_eq!(other["table"]["side"], "hyperscaler");
    let counter = &other["counter_offer"];
    assert_eq!(counter["accepted"], counter["worth"]["state_accepts"]);
    assert!(number(&counter["accepted"]) >= 0.8);
    let better = |page: &Value, side: &str| number(&page["counter_offer"]["worth"][side]["mean"]);
    assert!(better(&other, "hyperscaler") > better(&own, "hyperscaler"));
    assert!(better(&own, "state") > better(&other, "state"));
    assert_eq!(own["red_lines"]["terms"]["training"]["wants_more"], true);
    assert_eq!(other["red_lines"]["terms"]["training"]["wants_more"], false);
    let paths = |page: &Value| page["preparation"].to_string();
    assert!(paths(&own).contains("state.A.talent=0.55") && !paths(&own).contains("hyperscaler.H."));
    assert!(paths(&other).contains("hyperscaler.H.compliance_cost=0.018"));
    let (text, _) = check(
        directory.path(),
        &[&STATE[..], &["it.toml", "--side", "hyperscaler"]].concat(),
        0,
    );
    assert!(text.starts_with("Host (H) with Alpha (A)"), "{text}");
    assert!(text.contains("Red lines of Host"), "{text}");
}

#[test]
fn what_is_prepared_can_be_repeated_with_set() {
    let directory = here(false);
    let base = [&STATE[..], &["it.toml"]].concat();
    let page = document(directory.path(), &base);
    let rows = page["preparation"].as_array().expect("rows");
    let median = |row: &Value| number(&row["walk_away"]["p50"]);
    assert!(
        rows.windows(2)
            .all(|pair| median(&pair[0]) >= median(&pair[1]))
    );
    let mean = |page: &Value| number(&page["walk_away"]["state"]["total"]["mean"]);
    let mut repeated = 0;
    for row in rows
        .iter()
        .filter(|row| row["set"].as_array().is_some_and(|set| set.len() == 1))
    {
        let set = row["set"][0].as_str().expect("an assignment");
        let changed = document(directory.path(), &[&base[..], &["-S", set]].concat());
        let added = number(&row["walk_away"]["mean"]);
        assert!(
            (mean(&changed) - mean(&page) - added).abs() < 1e-9,
            "{set}: {added}"
        );
        repeated += 1;
    }
    assert!(repeated >= 7, "{repeated}");
}

#[test]
fn offers_come_from_the_command_line_or_from_a_file() {
    let directory = here(false);
    fs::write(
        directory.path().join("offer.toml"),
        "[offer]\ntraining = 0.5\ntax = 1\n",
    )
    .unwrap();
    let with = |offer: &str| {
        let page = document(
            directory.path(),
            &[&STATE[..], &["it.toml", "--offer", offer]].concat(),
        );
        page["offer"].clone()
    };
    let given = with("training=0.5, tax=1");
    assert_eq!(given, with("offer.toml"));
    assert_eq!(given["unnamed"], serde_json::json!(["audit"]));
    assert_eq!(
        given["bundle"]["terms"]["audit"], 0.0,
        "what is not named stays at its lowest level"
    );
    assert_eq!(given["bundle"]["cash"], Value::Null);
    // The counter-offer can be offered as it is printed.
    let page = document(directory.path(), &[&STATE[..], &["it.toml"]].concat());
    let terms = page["counter_offer"]["bundle"]["terms"]
        .as_object()
        .expect("terms");
    let typed: Vec<String> = terms
        .iter()
        .map(|(id, level)| format!("{id}={level}"))
        .collect();
    assert_eq!(
        with(&typed.join(","))["worth"],
        page["counter_offer"]["worth"]
    );
}

#[test]
fn threads_do_not_matter() {
    let directory = here(false);
    let page = |threads: &str| {
        let asked = [
            "it.toml",
            "--offer",
            "training=0.4",
            "--json",
            "-j",
            threads,
        ];
        check(directory.path(), &[&STATE[..], &asked].concat(), 0).0
    };
    assert_eq!(page("1"), page("3"));
}

#[test]
fn pages_fit_eighty_columns_and_say_what_matters_first() {
    let directory = here(false);
    let seats: [&[&str]; 4] = [
        &[
            "it.toml",
            "--state",
            "A",
            "--with",
            "H",
            "--offer",
            "training=0.2",
        ],
        &["it.toml", "--accord", "bloc", "--with", "H"],
        &[
            "asean-2027",
            "-n",
            "20",
            "--state",
            "ID",
            "--with",
            "MSFT",
            "--side",
            "hyperscaler",
        ],
        &[
            "asean-2027",
            "-n",
            "20",
            "--accord",
            "bloc",
            "--with",
            "AMZN",
            "--offer",
            "talent_investment=0.4",
        ],
    ];
    for party in seats {
        let (text, _) = check(directory.path(), &[&["brief"], party].concat(), 0);
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{party:?}: {line}");
        }
        for part in [
            "a deal exists in",
            "Walk-away",
            "Zone of agreement",
            "Predicted deal",
            "Leverage by the time",
            "Counter-offer",
            "Red lines",
            "Preparation",
            "Where the numbers come from",
        ] {
            let words: Vec<&str> = text.split_whitespace().collect();
            assert!(
                words.join(" ").contains(part),
                "{party:?}: no {part}\n{text}"
            );
        }
    }
}

#[test]
fn the_document_is_what_its_schema_says() {
    let directory = here(false);
    let page = document(
        directory.path(),
        &[&STATE[..], &["it.toml", "--offer", "training=0.1,tax=0.9"]].concat(),
    );
    let (schema, _) = check(directory.path(), &["schema", "brief"], 0);
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    let keys = |value: &Value| -> Vec<String> {
        value.as_object().expect("a map").keys().cloned().collect()
    };
    let mut known = keys(&schema["properties"]);
    let mut found = keys(&page);
    known.sort();
    found.sort();
    assert_eq!(known, found);
    for (name, value) in [
        ("TablePart", &page["table"]),
        ("WalkAwayPart", &page["walk_away"]),
        ("OfferPart", &page["offer"]),
        ("ImprovementRow", &page["offer"]["improvements"][0]),
        ("CounterPart", &page["counter_offer"]),
        ("RedLine", &page["red_lines"]["terms"]["tax"]),
        ("PreparationRow", &page["preparation"][0]),
        ("FrontierPart", &page["frontier"]),
        ("LeverageRow", &page["leverage"][0]),
        ("AccordPart", &page["accord"]),
    ] {
        let known = &schema["$defs"][name]["properties"];
        for key in keys(value) {
            assert!(
                known.get(&key).is_some(),
                "{name}.{key} is not in the schema"
            );
        }
    }
    // Every path that the page names is one of the scenario.
    for paths in page["sources"].as_object().expect("parts").values() {
        for path in paths.as_array().expect("paths") {
            let path = path.as_str().expect("a path");
            let first = path.trim_start_matches("result ").split('.').next();
            assert!(first.is_some_and(|word| !word.is_empty()), "{path}");
        }
    }
}

/// The numbers of a page with their places in the document.
fn traced(html: &str) -> Vec<(String, f64)> {
    let parts = html.split("<data value=\"").skip(1);
    let traced = parts.map(|part| {
        let (value, rest) = part.split_once("\" data-path=\"").expect("a path");
        let (path, _) = rest.split_once('"').expect("an end");
        (path.to_owned(), value.parse().expect("a number"))
    });
    traced.collect()
}

#[test]
#[cfg(feature = "html")]
fn every_number_of_the_html_page_is_in_the_document() {
    let directory = here(false);
    for side in ["state", "hyperscaler"] {
        let offer = ["it.toml", "--offer", "training=0.1,tax=0.9", "--side", side];
        let asked = [&STATE[..], &offer, &["--html", "page.html", "-q"]].concat();
        check(directory.path(), &asked, 0);
        let html = fs::read_to_string(directory.path().join("page.html")).unwrap();
        let page = document(directory.path(), &[&STATE[..], &offer].concat());
        let numbers = traced(&html);
        assert!(numbers.len() > 100, "{}", numbers.len());
        for (path, value) in numbers {
            let found = path
                .split('.')
                .fold(&page, |value, key| match key.parse::<usize>() {
                    Ok(index) => &value[index],
                    Err(_) => &value[key],
                });
            assert_eq!(found.as_f64(), Some(value), "{path}");
        }
        for part in [
            "<svg",
            "arc of agreement",
            "predicted deal",
            "better for both",
            "role=\"img\"",
            "<desc",
        ] {
            assert!(html.contains(part), "no {part}");
        }
        // Each improvement that is marked says what it adds.
        let adds = page["offer"]["improvements"].as_array().expect("rows");
        let large = adds.iter().filter(|row| number(&row["adds"]) >= 0.0005);
        for (k, row) in large.take(5).enumerate() {
            let label = format!(">{} {:+.3}</text>", k + 1, number(&row["adds"]));
            assert!(html.contains(&label), "no {label}");
        }
        assert!(
            !html.contains("http://") && !html.contains("https://") && !html.contains("<script")
        );
    }
}

#[test]
fn a_directory_holds_the_document() {
    let directory = here(false);
    let asked = [&STATE[..], &["it.toml", "--out", "page", "-q"]].concat();
    check(directory.path(), &asked, 0);
    let stored = fs::read_to_string(directory.path().join("page/results.json")).unwrap();
    let printed = check(
        directory.path(),
        &[&STATE[..], &["it.toml", "--json", "-q"]].concat(),
        0,
    )
    .0;
    assert_eq!(stored, printed);
    assert_eq!(
        directory.path().join("page/brief.html").exists(),
        cfg!(feature = "html")
    );
    let (_, err) = check(directory.path(), &asked, 4);
    assert!(err.contains("--force replaces it"), "{err}");
    check(directory.path(), &[&asked[..], &["--force"]].concat(), 0);
    let (out, _) = check(directory.path(), &["replay", "page"], 0);
    assert!(out.contains("every byte of its results the same"), "{out}");
}

#[test]
fn questions_without_an_answer() {
    let directory = here(false);
    let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
    write("bad.toml", "[offer]\ntraining = \n");
    write("more.toml", "levels = 1\n[offer]\ntraining = 0.5\n");
    write("words.toml", "[offer]\ntraining = \"much\"\n");
    write("empty.toml", "");
    let state: &[&str] = &["--state", "A", "--with", "H"];
    let with = |more: &[&'static str]| [state, more].concat();
    let cases: Vec<(Vec<&str>, i32, &str)> = vec![
        (
            vec!["--state", "A", "--with", "Hh"],
            2,
            "error: there is no hyperscaler `Hh`; did you mean `H`?\n",
        ),
        (
            vec!["--state", "C", "--with", "H"],
            2,
            "error: there is no state `C`; known: `A`, `B`\n",
        ),
        (
            with(&["--arm", "blok"]),
            2,
            "error: there is no arm `blok`; did you mean `bloc`?\n",
        ),
        (
            with(&["--arm", "bloc"]),
            2,
            "error: A is inside `bloc`, a bloc that bargains for it: use --accord bloc --with H, or choose another --arm\n",
        ),
        (
            with(&["--arm", "contest"]),
            2,
            "error: arm `contest` is a contest: hyperscalers auction their hubs and nobody bargains over an offer; choose another --arm: `bilateral`, `framework`, `bloc`\n",
        ),
        (
            vec!["--accord", "framework", "--with", "H"],
            2,
            "error: arm `framework` has no joint table: it is a framework, whose states bargain one by one; blocs are `bloc`; for one of its states use --state ID --arm framework\n",
        ),
        (
            with(&["--window", "2"]),
            2,
            "error: there is no window 2; this scenario has windows 0 to 1\n",
        ),
        (
            with(&["--accept", "1.2"]),
            2,
            "error: --accept 1.2: expected a share of worlds above 0 and at most 1, for example 0.8\n",
        ),
        (
            with(&["-S", "pair.A.H.feasible=false"]),
            2,
            "error: A and H may not deal: pair.A.H.feasible is false; choose another hyperscaler, or set it to true with -S\n",
        ),
        (
            with(&["-S", "hyperscaler.H.capex_budget=0"]),
            2,
            "error: the two sides come to bargain in no world: over-budget in 100%\n",
        ),
        (
            with(&["--offer", "trainin=0.5"]),
            2,
            "error: there is no term `trainin`; did you mean `training`?\n",
        ),
        (
            with(&["--offer", "audit=0.9"]),
            2,
            "error: --offer: audit = 0.9 is outside its bounds 0 to 0.8 (term.audit.min and max)\n",
        ),
        (
            with(&[
                "--arm",
                "framework",
                "-S",
                "arm.framework.floors.audit=0.2",
                "--offer",
                "audit=0.1",
            ]),
            2,
            "error: --offer: audit = 0.1 is outside its bounds 0.2 to 0.8 (floor of arm `framework`, term.audit.max)\n",
        ),
        (
            with(&["--offer", "training=0.1,cash=2"]),
            2,
            "error: --offer: no cash moves in this scenario (bargaining.transfers is false); leave cash out, or add -S bargaining.transfers=true\n",
        ),
        (
            with(&["--offer", "training=much"]),
            2,
            "error: --offer 'training=much': `much` is no number; expected TERM=LEVEL,... or a TOML file with [offer]\n",
        ),
        (
            with(&["--offer", "training=0.1,audit"]),
            2,
            "error: --offer 'training=0.1,audit': `audit` has no level; expected TERM=LEVEL,... or a TOML file with [offer]\n",
        ),
        (
            with(&["--offer", "training=0.1,training=0.2"]),
            2,
            "error: --offer 'training=0.1,training=0.2': `training` stands there twice; expected TERM=LEVEL,... or a TOML file with [offer]\n",
        ),
        (
            with(&["--offer", "gone.toml"]),
            4,
            "error: cannot read gone.toml: there is no such file\n",
        ),
        (
            with(&["--offer", "more.toml"]),
            4,
            "error: cannot read more.toml: it has `levels` beside [offer]\n",
        ),
        (
            with(&["--offer", "words.toml"]),
            4,
            "error: cannot read words.toml: offer.training is no number\n",
        ),
        (
            with(&["--offer", "empty.toml"]),
            4,
            "error: cannot read empty.toml: it has no table [offer]\n",
        ),
    ];
    for (arguments, code, expected) in cases {
        let (out, err) = check(
            directory.path(),
            &[&["brief", "it.toml"], &arguments[..]].concat(),
            code,
        );
        assert_eq!(
            (out.as_str(), err.as_str()),
            ("", expected),
            "{arguments:?}"
        );
    }
    let (_, err) = check(
        directory.path(),
        &[&["brief", "it.toml"], &with(&["--offer", "bad.toml"])[..]].concat(),
        4,
    );
    assert!(
        err.starts_with("error: cannot read bad.toml: line 2: "),
        "{err}"
    );
    let (_, err) = check(directory.path(), &["brief", "it.toml", "--with", "H"], 2);
    assert!(err.contains("<--state <ID>|--accord <ARM>>"), "{err}");
}
