//! Numbers from outside: distributions of data, and files whose rows are drawn whole.

use crate::scenario_errors::SMALL;
use mufakat::engine::model::Model;
use mufakat::engine::trial::Player;
use mufakat::scenario::{Loaded, Request, Source, load};
use std::collections::HashMap;

/// Rows of talent, compute and infrastructure.
const ROWS: [[f64; 3]; 5] = [
    [0.2, 0.5, 0.9],
    [0.9, 0.1, 0.4],
    [0.3, 0.75, 0.4],
    [0.123_456_789_012_345_68, 0.0, 1.0],
    [0.3, 0.2, 1e-9],
];

fn file() -> String {
    let rows = ROWS.map(|row| row.map(|x| format!("{x}")).join(","));
    format!("talent,compute,\"infra, all\"\n{}\n", rows.join("\n"))
}

fn of_file(column: &str) -> String {
    format!("{{ dist = 'empirical', file = 'data/some.csv', column = '{column}' }}")
}

/// The small scenario with columns of the file for some of its numbers.
fn text(columns: &[(&str, &str)]) -> String {
    let mut text = SMALL.to_owned();
    for (key, column) in columns {
        let line = SMALL
            .lines()
            .find(|line| line.starts_with(&format!("{key} =")));
        let line = line.expect("a key of the small scenario");
        text = text.replacen(line, &format!("{key} = {}", of_file(column)), 1);
    }
    text
}

const ALL: [(&str, &str); 3] = [
    ("talent", "talent"),
    ("compute", "compute"),
    ("infrastructure", "infra, all"),
];

fn loaded(text: &str, sets: &[&str]) -> Loaded {
    let mut request = Request::new("dir/a.toml", text);
    request.sets = sets.iter().map(|&set| set.to_owned()).collect();
    let mut read = |name: &str| match name {
        "dir/data/some.csv" => Ok(file()),
        other => Err(format!("no {other}")),
    };
    load(&request, &mut read).expect("valid")
}

/// The draws of each world, by path.
fn draws(model: &Model) -> Vec<HashMap<String, f64>> {
    let mut player = Player::new(model);
    let mut rows = vec![0.0; model.outcome_layout().len() * model.arms.len()];
    let mut drawn = vec![0.0; model.draws_len()];
    let names: Vec<String> = (0..drawn.len())
        .map(|index| model.draw_name(index).into_owned())
        .collect();
    let worlds = 0..model.simulation.trials;
    let worlds = worlds.map(|trial| {
        player
            .play(model, trial, &mut rows, &mut drawn)
            .expect("a world");
        names.iter().cloned().zip(drawn.iter().copied()).collect()
    });
    worlds.collect()
}

fn row_of(world: &HashMap<String, f64>) -> [f64; 3] {
    ["talent", "compute", "infrastructure"].map(|key| world[&format!("state.SG.{key}")])
}

#[test]
fn rows_of_a_file_are_drawn_whole_and_equally_often() {
    for (sampler, spread) in [
        ("random", 60.0),
        ("antithetic", 60.0),
        ("latin-hypercube", 16.0),
        ("sobol", 16.0),
    ] {
        let sampler = format!("simulation.sampler={sampler}");
        let model = loaded(&text(&ALL), &[&sampler, "simulation.trials=1000"]).model;
        let mut counts = [0.0; 5];
        for world in draws(&model) {
            let row = ROWS.iter().position(|row| *row == row_of(&world));
            counts[row.expect("a row of the file")] += 1.0;
        }
        for count in counts {
            assert!(f64::abs(count - 200.0) < spread, "{sampler}: {counts:?}");
        }
    }
}

#[test]
fn a_row_does_not_depend_on_who_else_draws_it() {
    let more = "\n[[term]]\nid = 't'\nstate_value = { dist = 'uniform', min = 0, max = 1 }\ncost_curvature = 1\n";
    let whole = format!("{}{more}", text(&ALL));
    for sampler in ["random", "latin-hypercube", "sobol"] {
        let sampler = format!("simulation.sampler={sampler}");
        let base = ["simulation.trials=200", &sampler];
        let all = draws(&loaded(&whole, &base).model);
        let fixed = [&base[..], &["state.SG.compute=0.5"]].concat();
        let fewer = draws(&loaded(&whole, &fixed).model);
        for (all, fewer) in all.iter().zip(&fewer) {
            assert_eq!(fewer.len(), 3);
            for (path, value) in fewer {
                assert_eq!(all[path], *value, "{sampler} {path}");
            }
        }
    }
}

/// Quantities of another file have rows of their own, and those with values of their own are independent.
#[test]
fn what_is_not_of_the_file_is_independent_of_it() {
    let [a, b] = ["a", "b"].map(|name| {
        format!("{{ dist = 'empirical', file = '{name}.csv', column = 'x', values = [0, 1] }}")
    });
    let text = text(&[])
        .replace("talent = 0.5", &format!("talent = {a}"))
        .replace("compute = 0.1", &format!("compute = {b}"))
        .replace(
            "infrastructure = 0.9",
            "infrastructure = { dist = 'empirical', values = [1, 0] }",
        );
    let model = loaded(&text, &["simulation.trials=4000"]).model;
    let worlds: Vec<[f64; 3]> = draws(&model).iter().map(row_of).collect();
    let within = 4.0 / f64::sqrt(4000.0);
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        let products = worlds
            .iter()
            .map(|row| (row[one] - 0.5) * (row[other] - 0.5));
        let correlation = 4.0 * products.sum::<f64>() / 4000.0;
        assert!(correlation.abs() < within, "{one}, {other}: {correlation}");
    }
    // By itself, data is interpolated between its values.
    let between = worlds.iter().filter(|row| row[2] > 0.2 && row[2] < 0.4);
    let share = between.count() as f64 / 4000.0;
    assert!(f64::abs(share - 0.2) < 0.5 * within, "{share}");
}

#[test]
fn the_resolved_scenario_needs_no_file() {
    let loaded = loaded(&text(&ALL), &[]);
    let line = "compute = { dist = \"empirical\", file = \"data/some.csv\", column = \"compute\", values = [0.5, 0.1, 0.75, 0.0, 0.2] }";
    assert!(loaded.resolved.contains(line), "{}", loaded.resolved);
    let request = Request::new("elsewhere/resolved.toml", &loaded.resolved);
    let mut read = |name: &str| Err(format!("{name} is read"));
    let again = load(&request, &mut read).expect("valid");
    // Some slots hold no number, which equals nothing.
    assert_eq!(format!("{:?}", again.model), format!("{:?}", loaded.model));
    assert_eq!(again.resolved, loaded.resolved);
}

#[test]
fn a_file_is_found_beside_the_layer_that_names_it() {
    let mut request = Request::new("dir/a.toml", SMALL);
    request.overlays.push(Source {
        name: "over/layer.toml".to_owned(),
        text: format!("[[state]]\nid = 'SG'\ntalent = {}", of_file("talent")),
    });
    request
        .sets
        .push(format!("state.SG.compute={}", of_file("compute")));
    let mut names = Vec::new();
    let mut read = |name: &str| {
        names.push(name.to_owned());
        Ok(file())
    };
    // The two are different files of one name.
    let problems = load(&request, &mut read).expect_err("two files");
    assert!(
        problems.to_string().contains("are two files `some.csv`"),
        "{problems}"
    );
    names.sort();
    assert_eq!(names, ["data/some.csv", "over/data/some.csv"]);
}
