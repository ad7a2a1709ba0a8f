//! The engine and the slow reference give the same, number by number and table by table, in scenarios that use every key.

pub mod scenarios;

use crate::reference::given::{Given, Mode, Set};
use crate::reference::tables::Record;
use crate::reference::{self, Run, explain, row};
use crate::support::scenarios::Corner;
use mufakat::engine::model::Model;
use mufakat::engine::negotiation::tables::play::WindowPlay;
use mufakat::engine::negotiation::tables::record::{TableOutcome, TableRecord};
use mufakat::engine::trial::Player;

/// Two ways of computing a number may differ by this share of it, and by this much.
const RELATIVE: f64 = 1e-6;
const ABSOLUTE: f64 = 1e-8;

fn close(one: f64, other: f64) -> bool {
    (one.is_nan() && other.is_nan())
        || (one - other).abs() <= ABSOLUTE + RELATIVE * one.abs().max(other.abs())
}

/// One world of a scenario, played by both.
struct World {
    model: Model,
    given: Given,
    runs: Vec<Run>,
    trial: u64,
}

impl World {
    fn new(text: &str, trial: u64) -> World {
        let model = crate::support::model(text);
        let given = reference::drawn::draw(&model, trial);
        World {
            runs: reference::run(&given),
            model,
            given,
            trial,
        }
    }

    /// What differs in the rows of all arms.
    fn rows(&self) -> Vec<(usize, String)> {
        let layout = self.model.outcome_layout();
        let mut rows = vec![0.0; layout.len() * self.model.arms.len()];
        let mut draws = vec![0.0; self.model.uncertain.len()];
        Player::new(&self.model)
            .play(&self.model, self.trial, &mut rows, &mut draws)
            .expect("draws keep their ranges");
        let mut differences = Vec::new();
        for (arm, run) in self.runs.iter().enumerate() {
            let played = &rows[arm * layout.len()..][..layout.len()];
            for (what, position, value) in row::row(&self.given, arm, run, layout) {
                if !close(played[position], value) {
                    let text = format!("{what}: {} instead of {value}", played[position]);
                    differences.push((arm, text));
                }
            }
        }
        differences
    }

    /// What differs at the tables of all arms.
    fn tables(&self) -> Vec<(usize, String)> {
        let mut differences = Vec::new();
        for arm in 0..self.runs.len() {
            let mut row = vec![0.0; self.model.outcome_layout().len()];
            let mut draws = vec![0.0; self.model.uncertain.len()];
            Player::new(&self.model)
                .follow(
                    &self.model,
                    self.trial,
                    arm,
                    &mut row,
                    &mut draws,
                    &mut |played| {
                        let play = &played.scratch.play;
                        for text in self.window(arm, played.window, play) {
                            differences.push((arm, format!("window {}: {text}", played.window)));
                        }
                    },
                )
                .expect("draws keep their ranges");
        }
        differences
    }

    fn window(&self, arm: usize, w: usize, theirs: &WindowPlay) -> Vec<String> {
        let ours = &self.runs[arm].windows[w].play;
        let mut differences = Vec::new();
        let mut sets = |what: &str, theirs: &[Set], ours: &[Set]| {
            if theirs != ours {
                differences.push(format!("{what} {theirs:?} instead of {ours:?}"));
            }
        };
        sets("S", &theirs.signed.hosts, &ours.hosts);
        if self.given.arms[arm].mode == Mode::Contest {
            return differences;
        }
        sets("E", &theirs.expected.hosts, &ours.expected);
        let met = theirs.records.iter();
        let met: Vec<_> = met
            .filter(|record| record.ended != TableOutcome::NotFeasible)
            .collect();
        let ours: Vec<_> = ours.records.iter().filter(|ours| ours.table != 0).collect();
        if met.len() != ours.len() {
            differences.push(format!("{} tables instead of {}", met.len(), ours.len()));
        }
        for (theirs, ours) in met.into_iter().zip(ours) {
            if !same_table(theirs, ours) {
                differences.push(format!("{theirs:?} instead of {ours:?}"));
            }
        }
        differences
    }

    /// What differs in rows and at tables.
    fn differences(&self) -> Vec<(usize, String)> {
        let mut differences = self.rows();
        differences.extend(self.tables());
        differences
    }

    /// Fails with what differs, the scenario and what the reference made of the first arm that differs.
    fn agrees(&self, text: &str, differences: &[(usize, String)]) {
        let Some(&(first, _)) = differences.first() else {
            return;
        };
        let shown: Vec<String> = differences
            .iter()
            .take(12)
            .map(|(arm, what)| format!("{}: {what}", self.given.arms[*arm].name))
            .collect();
        panic!(
            "{text}\n{}\n{} differences in world {}:\n{}",
            explain::run(&self.given, &self.runs[first]),
            differences.len(),
            self.trial,
            shown.join("\n")
        );
    }
}

fn same_table(theirs: &TableRecord, ours: &Record) -> bool {
    let met = theirs.table == ours.table
        && theirs.hyperscaler == ours.h
        && theirs.placed == ours.placed
        && theirs.agreement().is_some() == ours.point.is_some();
    let gains = ours.bargain.as_ref().is_none_or(|bargain| {
        close(theirs.gains.state, bargain.state)
            && close(theirs.gains.hyperscaler, bargain.hyperscaler)
    });
    let agreement = match (theirs.agreement(), &ours.point) {
        (Some(theirs), Some(ours)) => {
            close(theirs.state_gain, ours.state)
                && close(theirs.hyperscaler_gain, ours.hyperscaler)
                && close(theirs.transfer, ours.transfer)
        }
        _ => true,
    };
    met && gains && agreement
}

#[test]
fn rows_are_those_of_the_reference() {
    let mut arms = 0;
    for seed in 0..400 {
        let text = scenarios::text(seed);
        let world = World::new(&text, seed % 3);
        world.agrees(&text, &world.rows());
        arms += world.runs.len();
    }
    assert!(arms > 1600, "only {arms} arms were played");
}

#[test]
fn tables_are_those_of_the_reference() {
    let mut deals = 0;
    for seed in 1000..1150 {
        let text = scenarios::text(seed);
        let world = World::new(&text, 0);
        world.agrees(&text, &world.tables());
        let windows = world.runs.iter().flat_map(|run| &run.windows);
        deals += windows.map(reference::Played::deals).sum::<usize>();
    }
    assert!(deals > 3000, "only {deals} deals were struck");
}

/// A state with AI value of its own and one hyperscaler that serves nobody from afar; `more` follows.
fn alone(capex_intensity: f64, digital_gmv: f64, dynamics: &str, more: &str) -> String {
    format!(
        "schema = 1\n[horizon]\nstart_year = 2027\nwindows = 1\nwindow_years = 1\n[market]\nregion_efficiency = 0\noutside_efficiency = 0\n\
         capex_intensity = {capex_intensity}\ncapital_charge = 0\ncoverage_rate = 1\ncontingent_share = 1\ntalent_elasticity = 0\nramp_years = 0\n\
         [bargaining]\nforesight = 0\n[dynamics]\n{dynamics}\n[[hyperscaler]]\nid = \"H\"\nmarket_share = 1\noperating_margin = 0.5\n\
         discount_rate = 0\n{}{more}",
        state("A", digital_gmv)
    )
}

fn state(id: &str, digital_gmv: f64) -> String {
    format!(
        "[[state]]\nid = \"{id}\"\ngdp = 1\ndigital_gmv = {digital_gmv}\nai_spend_share = 1\nai_uplift = 1\ntalent = 0.5\ninfrastructure = 1\n\
         compute = 0\nbargaining_power = 0.5\ndiscount_rate = 0\n"
    )
}

/// Deals of no size: their terms are at the lowest levels, jump where they protect against repricing, and hide no other member's terms.
#[test]
fn deals_of_no_size_are_those_of_the_reference() {
    const REPRICED: &str = "dependency_rate = 1\nlock_in = 1\nrepricing = 1";
    const TERM: &str = "[[term]]\nid = \"t\"\nstate_value = 1\nstate_curvature = 1\n";
    let bloc = "[[arm]]\nname = \"bloc\"\nmode = \"bloc\"\nrule = \"mandate\"\nannexes = true\n";
    let portable = format!("{TERM}portability_effect = 1\n");
    let protected = format!("{TERM}price_effect = 0.5\n");
    let jointly = format!("{}{TERM}price_effect = 1\n{bloc}", state("B", 0.0));
    for text in [
        alone(0.0, 1.0, "dependency_rate = 0.5", &portable),
        alone(0.0, 0.0, REPRICED, &protected),
        alone(1.0, 1.0, REPRICED, &jointly),
    ] {
        for solution in ["nash", "kalai-smorodinsky", "egalitarian"] {
            let line = format!("solution = \"{solution}\"\nforesight");
            let text = text.replace("foresight", &line);
            let world = World::new(&text, 0);
            assert!(world.runs[0].windows[0].deals() > 0, "{text}");
            world.agrees(&text, &world.differences());
        }
    }
}

/// A deal that brings somebody exactly nothing is one or none as sums are rounded. Such a world must agree where hosting costs a little more.
#[test]
fn corners_are_those_of_the_reference() {
    let (mut arms, mut edges) = (0, 0);
    for seed in 3000..3400 {
        let text = scenarios::corner(seed, Corner::Sharp);
        let world = World::new(&text, seed % 3);
        arms += world.runs.len();
        let differences = world.differences();
        if !differences.is_empty() {
            let blunt = scenarios::corner(seed, Corner::Blunt);
            let moved = World::new(&blunt, seed % 3);
            moved.agrees(&blunt, &moved.differences());
            edges += 1;
        }
    }
    assert!(arms > 1000, "only {arms} arms were played");
    assert!(edges < 5, "{edges} worlds hang on rounding");
}
