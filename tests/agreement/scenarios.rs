//! Random small scenarios that use every key of the contract, amid what is allowed or at its ends: worlds of `support`, with arms and events.

use crate::support::scenarios::{Corner, SOLUTIONS, Scenarios, Shape};
use std::fmt::Write as _;

/// The scenario of a seed.
pub fn text(seed: u64) -> String {
    written(Scenarios::all(seed, None))
}

/// A scenario of a seed in which numbers often lie at the ends of their ranges, and often are the same.
pub fn corner(seed: u64, corner: Corner) -> String {
    written(Scenarios::all(seed, Some(corner)))
}

fn written(mut scenarios: Scenarios) -> String {
    let shape = Shape {
        transfers: scenarios.happens(0.35),
        budgets: scenarios.happens(0.6),
        windows: 1 + scenarios.below(3),
        order: ["random", "random", "size", "listed"][scenarios.below(4)],
        foresight: Some(scenarios.share()),
        solution: Some(SOLUTIONS[scenarios.below(4)]),
    };
    scenarios.world(shape);
    scenarios.arms();
    scenarios.events();
    scenarios.text
}

impl Scenarios {
    fn arms(&mut self) {
        self.line("[[arm]]\nname = \"bilateral\"\nmode = \"bilateral\"");
        if self.happens(0.3) {
            self.line("[[arm]]\nname = \"tender\"\nmode = \"bilateral\"");
            self.shortlist();
        }
        if self.happens(0.3) {
            self.line("[[arm]]\nname = \"contest\"\nmode = \"contest\"");
        }
        if self.states < 2 {
            return;
        }
        for (mode, probability) in [
            ("framework", 0.75),
            ("bloc", 1.0),
            ("bloc", 0.5),
            ("framework", 0.5),
        ] {
            if self.happens(probability) {
                self.accord(mode);
            }
        }
    }

    fn shortlist(&mut self) {
        let most = 1 + self.below(3);
        writeln!(self.text, "shortlist = {most}").expect("a string takes all");
    }

    /// Some of the states, two at least, as a list of ids.
    fn some_of(&mut self, among: &[usize]) -> Vec<usize> {
        let mut chosen: Vec<usize> = among.to_vec();
        while chosen.len() > 2 && self.happens(0.4) {
            let gone = self.below(chosen.len());
            chosen.remove(gone);
        }
        chosen
    }

    fn list(&mut self, key: &str, states: &[usize]) {
        let ids: Vec<String> = states.iter().map(|i| format!("\"S{i}\"")).collect();
        writeln!(self.text, "{key} = [{}]", ids.join(", ")).expect("a string takes all");
    }

    fn accord(&mut self, mode: &str) {
        let number = self.text.matches("[[arm]]").count();
        writeln!(
            self.text,
            "[[arm]]\nname = \"{mode}-{number}\"\nmode = \"{mode}\""
        )
        .expect("a string takes all");
        if self.is_corner() && self.happens(0.15) {
            self.line("active = false");
        }
        let everyone: Vec<usize> = (0..self.states).collect();
        let members = self.some_of(&everyone);
        self.list("members", &members);
        let rule = self.one_of(&[
            "consensus",
            "minus-x",
            "qualified-majority",
            "qualified-majority",
            "lead",
            "none",
            "mandate",
            "mandate",
        ]);
        self.word("rule", rule);
        match rule {
            "minus-x" => {
                let most = self.below(3);
                writeln!(self.text, "opt_outs = {most}").expect("a string takes all");
            }
            "qualified-majority" => {
                self.uniform("quota", 0.05, 1.0);
                let weights = self.one_of(&["equal", "gdp", "population"]);
                self.word("weights", weights);
            }
            "lead" => {
                let lead = members[self.below(members.len())];
                self.word("lead", &format!("S{lead}"));
            }
            _ => {}
        }
        if !["none", "mandate"].contains(&rule) {
            let rounds = 1 + self.below(3);
            writeln!(self.text, "max_rounds = {rounds}").expect("a string takes all");
            self.maybe(0.6, "round_years", 0.0, 1.2);
            self.maybe(0.6, "interim", 0.0, 1.0);
            self.maybe(0.4, "political_noise", 0.0, 0.3);
        }
        if rule != "mandate" {
            match self.below(4) {
                0 => self.word("join", "goodwill"),
                1 => self.uniform("join", 0.4, 1.0),
                _ => {}
            }
            let (standing, defection) = (self.happens(0.6), self.happens(0.7));
            writeln!(self.text, "standing = {standing}\ndefection = {defection}")
                .expect("a string takes all");
        }
        for key in ["binding", "harmonisation", "cross_border_data"] {
            let share = self.share();
            self.number(key, share);
        }
        self.maybe(0.6, "recourse", 0.0, 1.0);
        self.maybe(0.5, "penalty", 0.0, 0.1);
        if !self.shape.transfers {
            self.maybe(0.5, "most_favoured", 0.3, 1.0);
        }
        if self.terms > 0 && self.happens(0.5) {
            let (k, floor) = (self.below(self.terms), self.between(0.1, 0.45));
            writeln!(self.text, "floors = {{ t{k} = {floor:?} }}").expect("a string takes all");
        }
        if self.happens(0.35) {
            self.shortlist();
        }
        if mode == "bloc" {
            self.bloc(&members);
        }
    }

    fn bloc(&mut self, members: &[usize]) {
        self.maybe(0.6, "pooling", 0.0, 1.0);
        let turn = self.one_of(&["first", "middle", "last"]);
        self.word("turn", turn);
        let (cover, annexes) = (self.happens(0.3), self.happens(0.5));
        writeln!(self.text, "cover_all = {cover}\nannexes = {annexes}")
            .expect("a string takes all");
        let some = self.happens(0.3);
        if some {
            let table = self.some_of(members);
            self.list("table", &table);
        }
        let sharing = if some {
            self.one_of(&["none", "equal", "gdp", "population"])
        } else {
            self.one_of(&["none", "equal", "gdp", "population", "shapley", "nucleolus"])
        };
        self.word("sharing", sharing);
        if sharing != "none" {
            self.uniform("side_payments", 0.1, 1.0);
        }
    }

    /// Changes that some worlds see.
    fn events(&mut self) {
        if self.states > 1 && self.happens(0.3) {
            self.line(
                "[[event]]\nname = \"setback\"\nprobability = 0.6\nyear = 2029.5\nset = { \"state.S0.talent\" = 0.3, \"state.S1.gdp_growth\" = 0.02, \
                 \"market.data_drag\" = 0.1, \"state.*.residency\" = 0.4, \"hyperscaler.H0.discount_rate\" = 0.05, \"state.S1.bargaining_power\" = 0.5 }",
            );
        }
        if self.is_corner() && self.happens(0.3) {
            self.line(
                "[[event]]\nname = \"return\"\nprobability = 0.8\nyear = 2032\nset = { \"arm.*.active\" = 1, \"pair.*.H0.feasible\" = 1 }\n\
                 [[event]]\nname = \"exit\"\nprobability = 0.8\nyear = 2029.5\nset = { \"pair.*.H0.feasible\" = 0, \"arm.bilateral.active\" = 0 }\n\
                 [[event]]\nname = \"ruin\"\nprobability = 0.3\nyear = 2032\nset = { \"hyperscaler.H0.market_share\" = 0 }",
            );
        }
        if self.happens(0.2) {
            self.line(
                "[[event]]\nname = \"recess\"\nprobability = 0.7\nyear = 2029.5\nset = { \"arm.*.active\" = 0 }\n\
                 [[event]]\nname = \"control\"\nprobability = 0.5\nyear = 2029.5\nset = { \"pair.S0.H0.feasible\" = 0 }",
            );
        }
    }
}
