//! Deterministic scenarios with the results that two independent implementations of the model agree on.

use crate::reference::given::{Given, has};
use crate::reference::{self, Run};
use mufakat::engine::model::Model;
use mufakat::engine::outcome::{
    CauseMetric, HyperscalerMetric, OutcomeLayout, StateMetric, WindowMetric, WindowStateMetric,
};
use mufakat::engine::trial::Player;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Stated with the cases.
const RELATIVE: f64 = 1e-6;
const ABSOLUTE: f64 = 1e-9;

/// Arms in all cases.
const ARMS: usize = 215;

fn files() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/data");
    let mut files: Vec<PathBuf> = std::fs::read_dir(directory)
        .expect("the cases are part of the project")
        .map(|entry| entry.expect("a readable directory").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    files.sort();
    files
}

/// A case: its text, its results, and the causes of its comparisons with (44) where it has them.
struct Case {
    name: String,
    text: String,
    expected: Value,
    members: Value,
}

impl Case {
    fn all() -> Vec<Case> {
        files().iter().map(|file| Case::read(file)).collect()
    }

    fn read(file: &Path) -> Case {
        let json = |path: PathBuf| {
            let text = std::fs::read_to_string(path).ok()?;
            Some(serde_json::from_str(&text).expect("JSON"))
        };
        let stem = file.file_stem().expect("a name");
        Case {
            name: stem.to_string_lossy().into_owned(),
            text: std::fs::read_to_string(file).expect("readable"),
            expected: json(file.with_extension("expected.json")).expect("each case has results"),
            members: json(file.with_extension("members.json")).unwrap_or(Value::Null),
        }
    }
}

/// What is compared with the expected results of one arm.
struct Results {
    arm: String,
    states: Vec<StateResults>,
    profit: Vec<f64>,
    windows: Vec<WindowResults>,
}

struct StateResults {
    payoff: f64,
    leverage: f64,
    investment: f64,
    bill_share: f64,
    causes: [(&'static str, f64); 5],
    /// Against the arm of (44), where there is one.
    against: Option<[(&'static str, f64); 6]>,
}

struct WindowResults {
    member: Vec<bool>,
    left: Vec<bool>,
    rounds: f64,
    deals: f64,
}

struct Check {
    arm: String,
    problems: Vec<String>,
}

impl Check {
    fn number(&mut self, what: &str, actual: f64, expected: &Value) {
        let arm = &self.arm;
        let expected = expected
            .as_f64()
            .unwrap_or_else(|| panic!("{arm}: no expected {what}"));
        let close = (actual - expected).abs() <= ABSOLUTE + RELATIVE * expected.abs();
        if !close {
            let problem = format!("{arm} {what}: {actual} instead of {expected}");
            self.problems.push(problem);
        }
    }

    fn set(&mut self, what: &str, ids: &[String], members: &[bool], expected: &Value) {
        let listed = expected
            .as_array()
            .unwrap_or_else(|| panic!("no expected {what}"));
        for (id, &is_in) in ids.iter().zip(members) {
            if listed.iter().any(|listed| listed == id) != is_in {
                let problem = format!("{} {what}: {id} is {is_in}", self.arm);
                self.problems.push(problem);
            }
        }
    }
}

/// What is wrong with the results of an arm, the states and hyperscalers having these ids.
fn problems(
    case: &Case,
    results: &Results,
    states: &[String],
    hyperscalers: &[String],
) -> Vec<String> {
    let expected = &case.expected[&results.arm];
    let mut check = Check {
        arm: format!("{}: {}", case.name, results.arm),
        problems: Vec::new(),
    };
    for (id, state) in states.iter().zip(&results.states) {
        let expected = &expected["states"][id];
        for (metric, value) in [
            ("payoff", state.payoff),
            ("leverage", state.leverage),
            ("investment", state.investment),
            ("bill_share", state.bill_share),
        ] {
            check.number(&format!("{id}.{metric}"), value, &expected[metric]);
        }
        for (cause, value) in state.causes {
            let what = format!("{id}.causes.{cause}");
            check.number(&what, value, &expected["causes"][cause]);
        }
        if let Some(members) = case.members.get(&results.arm) {
            for (cause, value) in state.against.expect("this arm is compared with an earlier") {
                let what = format!("{id}.{cause} of the comparison");
                check.number(&what, value, &members["states"][id][cause]);
            }
        }
    }
    for (id, &profit) in hyperscalers.iter().zip(&results.profit) {
        let expected = &expected["hyperscalers"][id]["profit"];
        check.number(&format!("{id}.profit"), profit, expected);
    }
    for (w, window) in results.windows.iter().enumerate() {
        let expected = &expected["windows"][w];
        let what = |key: &str| format!("window {w} {key}");
        check.set(&what("bloc"), states, &window.member, &expected["bloc"]);
        check.set(&what("left"), states, &window.left, &expected["left"]);
        check.number(&what("rounds"), window.rounds, &expected["rounds"]);
        check.number(&what("deals"), window.deals, &expected["deals"]);
    }
    check.problems
}

fn results(given: &Given, arm: usize, run: &Run) -> Results {
    let n = given.n();
    let states = (0..n).map(|i| {
        let causes = &run.causes[i];
        StateResults {
            payoff: run.payoff[i],
            leverage: run.leverage[i],
            investment: run.investment[i],
            bill_share: run.bill_share[i],
            causes: [
                ("alone", causes.alone),
                ("rules", causes.rules),
                ("table", causes.table),
                ("sharing", causes.sharing),
                ("delay", causes.delay),
            ],
            against: run.against.as_ref().map(|against| {
                let against = &against[i];
                [
                    ("legacy", against.legacy),
                    ("members", against.members),
                    ("rules", against.rules),
                    ("table", against.table),
                    ("sharing", against.sharing),
                    ("delay", against.delay),
                ]
            }),
        }
    });
    let windows = run.windows.iter().map(|played| WindowResults {
        member: (0..n).map(|i| has(played.formed.accord, i)).collect(),
        left: (0..n).map(|i| has(played.formed.left, i)).collect(),
        rounds: played.formed.rounds as f64,
        deals: played.deals() as f64,
    });
    Results {
        arm: given.arms[arm].name.clone(),
        states: states.collect(),
        profit: run.profit.clone(),
        windows: windows.collect(),
    }
}

fn reference_problems(case: &Case, given: &Given) -> Vec<String> {
    let runs = reference::run(given);
    let arms = runs.iter().enumerate();
    arms.flat_map(|(arm, run)| {
        let results = results(given, arm, run);
        problems(case, &results, &given.states, &given.hyperscalers)
    })
    .collect()
}

/// The results in an engine's rows of one arm and, where (44) is computed, of the arm whose members it takes.
fn engine_results(
    model: &Model,
    layout: OutcomeLayout,
    arm: usize,
    row: &[f64],
    earlier: Option<&[f64]>,
) -> Results {
    let n = model.states.len();
    let states = (0..n).map(|i| {
        let at = |metric| row[layout.state(i, metric)];
        let cause = |cause| row[layout.cause(i, cause)];
        StateResults {
            payoff: at(StateMetric::Payoff),
            leverage: at(StateMetric::Leverage),
            investment: at(StateMetric::Investment),
            bill_share: at(StateMetric::BillShare),
            causes: [
                ("alone", cause(CauseMetric::Alone)),
                ("rules", cause(CauseMetric::Rules)),
                ("table", cause(CauseMetric::Table)),
                ("sharing", cause(CauseMetric::Sharing)),
                ("delay", cause(CauseMetric::Delay)),
            ],
            against: earlier.map(|earlier| {
                let theirs = |cause| earlier[layout.cause(i, cause)];
                let more = |ours, others| cause(ours) - theirs(others);
                [
                    ("legacy", more(CauseMetric::Alone, CauseMetric::Alone)),
                    ("members", cause(CauseMetric::Members)),
                    ("rules", more(CauseMetric::RulesSwapped, CauseMetric::Rules)),
                    ("table", more(CauseMetric::TableSwapped, CauseMetric::Table)),
                    ("sharing", more(CauseMetric::Sharing, CauseMetric::Sharing)),
                    ("delay", more(CauseMetric::Delay, CauseMetric::Delay)),
                ]
            }),
        }
    });
    let windows = (0..layout.windows).map(|w| {
        let of = |metric| {
            (0..n)
                .map(|i| row[layout.window_state(w, i, metric)] == 1.0)
                .collect()
        };
        WindowResults {
            member: of(WindowStateMetric::Member),
            left: of(WindowStateMetric::Left),
            rounds: row[layout.window(w, WindowMetric::Rounds)],
            deals: row[layout.window(w, WindowMetric::Deals)],
        }
    });
    let profit = |h| row[layout.hyperscaler(h, HyperscalerMetric::Profit)];
    Results {
        arm: model.arms[arm].name.clone(),
        states: states.collect(),
        profit: (0..model.hyperscalers.len()).map(profit).collect(),
        windows: windows.collect(),
    }
}

fn engine_problems(case: &Case, model: &Model) -> Vec<String> {
    let layout = model.outcome_layout();
    let len = layout.len();
    let ids = |all: &[mufakat::engine::model::Identity]| -> Vec<String> {
        all.iter().map(|one| one.id.clone()).collect()
    };
    let mut rows = vec![0.0; len * model.arms.len()];
    Player::new(model)
        .play(model, 0, &mut rows, &mut [])
        .expect("cases draw nothing");
    let row = |arm: usize| &rows[arm * len..(arm + 1) * len];
    let mut found = Vec::new();
    for arm in 0..model.arms.len() {
        let earlier = model
            .members_reference()
            .filter(|_| model.swaps_members(arm));
        let results = engine_results(model, layout, arm, row(arm), earlier.map(row));
        let (states, hyperscalers) = (ids(&model.states), ids(&model.hyperscalers));
        found.extend(problems(case, &results, &states, &hyperscalers));
    }
    found
}

fn none(problems: &[String]) {
    let count = problems.len();
    assert!(count == 0, "{count} problems:\n{}", problems.join("\n"));
}

#[test]
fn the_engine_gives_every_expected_result() {
    let mut arms = 0;
    let mut found = Vec::new();
    for case in Case::all() {
        let model = crate::support::model(&case.text);
        found.extend(engine_problems(&case, &model));
        arms += model.arms.len();
    }
    none(&found);
    assert_eq!(arms, ARMS);
}

#[test]
fn the_reference_gives_every_expected_result() {
    let mut arms = 0;
    let mut found = Vec::new();
    for case in Case::all() {
        let given = reference::plain::read(&case.text);
        found.extend(reference_problems(&case, &given));
        arms += given.arms.len();
    }
    none(&found);
    assert_eq!(arms, ARMS);
}

/// What the loader reads is what the file says; the largest case is read above.
#[test]
fn so_it_does_from_what_the_loader_reads() {
    let mut found = Vec::new();
    for case in Case::all() {
        let model = crate::support::model(&case.text);
        if model.states.len() < 10 {
            found.extend(reference_problems(
                &case,
                &reference::drawn::draw(&model, 0),
            ));
        }
    }
    none(&found);
}
