//! Random small scenarios that use every key of the contract, amid what is allowed or at its ends.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::fmt::Write as _;

/// Writes one scenario from a seed.
pub struct Writer {
    generator: ChaCha8Rng,
    text: String,
    states: usize,
    hyperscalers: usize,
    terms: usize,
    cash: bool,
    rubinstein: bool,
    corner: Option<Corner>,
}

/// How a scenario at the ends of what is allowed is written.
#[derive(Clone, Copy)]
pub enum Corner {
    /// As it is.
    Sharp,
    /// Whoever hosts somebody bears some cost of it.
    Blunt,
}

/// The scenario of a seed.
pub fn text(seed: u64) -> String {
    written(seed, None)
}

/// A scenario of a seed in which numbers often lie at the ends of their ranges, and often are the same.
pub fn corner(seed: u64, corner: Corner) -> String {
    written(seed, Some(corner))
}

fn written(seed: u64, corner: Option<Corner>) -> String {
    let mut writer = Writer {
        generator: ChaCha8Rng::seed_from_u64(seed),
        text: String::new(),
        states: 0,
        hyperscalers: 0,
        terms: 0,
        cash: false,
        rubinstein: false,
        corner,
    };
    writer.states = match corner {
        None => 2 + writer.below(4),
        Some(_) => 1 + writer.below(5),
    };
    writer.hyperscalers = 1 + writer.below(4);
    writer.terms = writer.below(4);
    writer.cash = writer.happens(0.35);
    writer.head();
    writer.players();
    writer.pairs();
    writer.arms();
    writer.events();
    writer.text
}

impl Writer {
    fn between(&mut self, low: f64, high: f64) -> f64 {
        let value = low + (high - low) * self.generator.random::<f64>();
        (value * 1e4).round() / 1e4
    }

    /// The value of a key between bounds; of a corner often an end of what is allowed, or the same as elsewhere.
    fn value(&mut self, key: &str, low: f64, high: f64) -> f64 {
        let Some(corner) = self.corner else {
            return self.between(low, high);
        };
        let ends = match key {
            // One that waits for free takes all: next to that bisection sees no difference in gains.
            "discount_rate" if self.rubinstein => &[],
            _ => ends(key),
        };
        let value = if !ends.is_empty() && self.happens(0.3) {
            ends[self.below(ends.len())]
        } else if self.happens(0.3) {
            f64::midpoint(low, high)
        } else {
            self.between(low, high)
        };
        match (corner, key) {
            (Corner::Blunt, "entry_cost" | "compliance_cost" | "strictness") => {
                // By how much hangs on where it stands, so that no two are the same.
                value + 0.001 + 1e-7 * self.text.len() as f64
            }
            (Corner::Blunt, "sunk") => 0.999 * value,
            _ => value,
        }
    }

    fn below(&mut self, count: usize) -> usize {
        (self.generator.random::<f64>() * count as f64) as usize
    }

    fn happens(&mut self, probability: f64) -> bool {
        self.generator.random::<f64>() < probability
    }

    fn one_of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn number(&mut self, key: &str, value: f64) {
        writeln!(self.text, "{key} = {value:?}").expect("a string takes all");
    }

    fn word(&mut self, key: &str, value: &str) {
        writeln!(self.text, "{key} = \"{value}\"").expect("a string takes all");
    }

    /// A number between bounds.
    fn uniform(&mut self, key: &str, low: f64, high: f64) {
        let value = self.value(key, low, high);
        self.number(key, value);
    }

    /// A number that is often one of the ends, sometimes between.
    fn share(&mut self, key: &str) {
        let value = match self.below(4) {
            0 => 0.0,
            1 => 1.0,
            _ => self.between(0.0, 1.0),
        };
        self.number(key, value);
    }

    /// The key is given with a probability.
    fn maybe(&mut self, probability: f64, key: &str, low: f64, high: f64) {
        if self.happens(probability) {
            self.uniform(key, low, high);
        }
    }

    fn head(&mut self) {
        let windows = 1 + self.below(3);
        writeln!(
            self.text,
            "schema = 1\n[simulation]\ntrials = 1\nseed = 7\n[horizon]\nstart_year = 2027\nwindows = {windows}\nwindow_years = 2.5\n[market]"
        )
        .expect("a string takes all");
        for (key, low, high) in [
            ("region_efficiency", 0.3, 1.0),
            ("capex_intensity", 0.05, 0.5),
            ("coverage_rate", 0.5, 3.0),
            ("contingent_share", 0.05, 0.5),
            ("talent_elasticity", 0.2, 0.8),
        ] {
            self.uniform(key, low, high);
        }
        let outside = if self.happens(0.3) {
            0.0
        } else {
            self.value("outside_efficiency", 0.05, 0.6)
        };
        self.number("outside_efficiency", outside);
        let charge = if self.happens(0.3) {
            0.0
        } else {
            self.between(0.02, 0.3)
        };
        self.number("capital_charge", charge);
        let ramp = if self.happens(0.2) {
            0.0
        } else {
            self.between(1.0, 8.0)
        };
        self.number("ramp_years", ramp);
        let uplift = self.one_of(&["growth", "level"]);
        self.word("uplift_is", uplift);
        self.maybe(0.6, "remote_value", 0.0, 0.9);
        self.maybe(0.6, "data_drag", 0.0, 0.5);
        if self.happens(0.6) {
            self.share("diversion");
        }
        if self.happens(0.35) {
            self.uniform("peers", 0.05, 0.8);
            self.share("peers_inside");
        }
        self.line("[bargaining]");
        let solution = self.one_of(&["nash", "kalai-smorodinsky", "egalitarian", "rubinstein"]);
        self.word("solution", solution);
        self.rubinstein = solution == "rubinstein";
        let cash = self.cash;
        writeln!(self.text, "transfers = {cash}").expect("a string takes all");
        self.share("foresight");
        let order = self.one_of(&["random", "random", "size", "listed"]);
        self.word("order", order);
        if self.happens(0.2) {
            self.number("round_years", 0.0);
        } else {
            self.maybe(0.6, "round_years", 0.05, 0.5);
        }
        if self.happens(0.3) {
            self.word("others", "random-order");
        }
        self.line("[dynamics]");
        for key in ["talent_rate", "compute_rate", "dependency_rate"] {
            self.maybe(0.8, key, 0.0, 0.4);
        }
        self.maybe(0.7, "lock_in", 0.0, 0.6);
        self.maybe(0.6, "sunk", 0.0, 1.0);
        self.maybe(0.5, "power_gain", 0.0, 1.0);
        if self.happens(0.5) {
            self.uniform("repricing", 0.1, 1.0);
            self.share("repricing_foresight");
        }
        if self.happens(0.5) {
            self.uniform("stranded", 0.05, 0.8);
            self.maybe(0.5, "asset_decay", 0.0, 0.3);
        }
    }

    fn players(&mut self) {
        for i in 0..self.states {
            writeln!(self.text, "[[state]]\nid = \"S{i}\"").expect("a string takes all");
            for (key, low, high) in [
                ("gdp", 30.0, 900.0),
                ("population", 2.0, 200.0),
                ("gdp_growth", 0.0, 0.06),
                ("digital_gmv", 2.0, 90.0),
                ("gmv_growth", 0.0, 0.1),
                ("ai_spend_share", 0.02, 0.09),
                ("ai_uplift", 0.001, 0.01),
                ("infrastructure", 0.1, 0.9),
                ("compute", 0.0, 0.4),
                ("strictness", 0.2, 1.5),
                ("discount_rate", 0.0, 0.12),
            ] {
                self.uniform(key, low, high);
            }
            self.maybe(0.6, "residency", 0.0, 0.7);
            self.maybe(0.7, "hub", 0.02, 0.8);
            if self.happens(0.2) {
                self.line("talent = { dist = \"uniform\", min = 0.1, max = 0.8 }");
                self.line("bargaining_power = { dist = \"uniform\", min = 0.1, max = 0.9 }");
            } else {
                self.uniform("talent", 0.1, 0.8);
                self.uniform("bargaining_power", 0.05, 0.95);
            }
            for key in ["will", "goodwill"] {
                let value = if self.happens(0.5) {
                    1.0
                } else {
                    self.between(0.2, 1.0)
                };
                self.number(key, value);
            }
            if self.terms > 0 && self.happens(0.4) {
                let (k, value) = (self.below(self.terms), self.between(-0.3, 1.6));
                writeln!(self.text, "values = {{ t{k} = {value:?} }}").expect("a string takes all");
            }
        }
        for h in 0..self.hyperscalers {
            let share = self.value("market_share", 0.05, 1.0 / self.hyperscalers as f64);
            writeln!(
                self.text,
                "[[hyperscaler]]\nid = \"H{h}\"\nmarket_share = {share:?}"
            )
            .expect("a string takes all");
            for (key, low, high) in [
                ("operating_margin", 0.1, 0.45),
                ("discount_rate", 0.0, 0.14),
                ("entry_cost", 0.0, 0.3),
                ("compliance_cost", 0.0, 0.1),
            ] {
                self.uniform(key, low, high);
            }
            self.maybe(0.3, "capex_budget", 0.1, 6.0);
            if self.terms > 0 && self.happens(0.3) {
                let (k, value) = (self.below(self.terms), self.between(0.3, 1.6));
                writeln!(self.text, "costs = {{ t{k} = {value:?} }}").expect("a string takes all");
            }
        }
        self.terms();
    }

    fn terms(&mut self) {
        for k in 0..self.terms {
            writeln!(self.text, "[[term]]\nid = \"t{k}\"").expect("a string takes all");
            let sign = if self.happens(0.2) { -1.0 } else { 1.0 };
            for key in ["state_value", "cost"] {
                let slope = sign * self.value(key, 0.05, 0.5);
                self.number(key, slope);
            }
            let linear = self.below(4);
            let mut curvature = |key: &str, straight: bool| {
                let value = if straight {
                    0.0
                } else {
                    self.between(0.05, 0.4)
                };
                self.number(key, value);
            };
            curvature("state_curvature", linear == 0);
            curvature("cost_curvature", linear == 1);
            let min = if self.happens(0.3) {
                self.between(0.0, 0.2)
            } else {
                0.0
            };
            let max = self.value("max", 0.5, 1.0);
            self.number("min", min);
            self.number("max", max);
            self.maybe(0.3, "floor", 0.2, 0.4);
            self.maybe(0.6, "talent_effect", 0.0, 0.8);
            self.maybe(0.5, "compute_effect", 0.0, 0.8);
            self.maybe(0.5, "portability_effect", 0.0, 1.5);
            self.maybe(0.5, "price_effect", 0.0, 0.3);
        }
    }

    fn pairs(&mut self) {
        for i in 0..self.states {
            for h in 0..self.hyperscalers {
                if !self.happens(0.4) {
                    continue;
                }
                writeln!(
                    self.text,
                    "[[pair]]\nstate = \"S{i}\"\nhyperscaler = \"H{h}\""
                )
                .expect("a string takes all");
                self.maybe(0.4, "fit", 0.4, 1.6);
                if self.happens(if self.corner.is_some() { 0.3 } else { 0.15 }) {
                    self.line("feasible = false");
                }
                if self.happens(0.5) {
                    self.line("hosted = true");
                }
                self.maybe(0.5, "dependency", 0.0, 0.9);
                self.maybe(0.5, "asset", 0.0, 8.0);
            }
        }
        for i in 0..self.states {
            for j in i + 1..self.states {
                if self.happens(0.25) {
                    writeln!(self.text, "[[link]]\nbetween = [\"S{i}\", \"S{j}\"]")
                        .expect("a string takes all");
                    self.uniform("efficiency", 0.2, 1.0);
                }
            }
        }
    }

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
        if self.corner.is_some() && self.happens(0.15) {
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
            self.share(key);
        }
        self.maybe(0.6, "recourse", 0.0, 1.0);
        self.maybe(0.5, "penalty", 0.0, 0.1);
        if !self.cash {
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
        if self.corner.is_some() && self.happens(0.3) {
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

/// The ends of what is allowed, or what is as good as that.
fn ends(key: &str) -> &'static [f64] {
    match key {
        // From as good as at home a host more gains exactly nothing, or what rounding makes of that.
        "region_efficiency" | "efficiency" => &[0.0, 0.9999],
        "outside_efficiency"
        | "contingent_share"
        | "talent_elasticity"
        | "remote_value"
        | "data_drag"
        | "diversion"
        | "peers_inside"
        | "foresight"
        | "talent_rate"
        | "compute_rate"
        | "dependency_rate"
        | "sunk"
        | "repricing"
        | "repricing_foresight"
        | "stranded"
        | "asset_decay"
        | "ai_spend_share"
        | "talent"
        | "infrastructure"
        | "compute"
        | "residency"
        | "hub"
        | "will"
        | "goodwill"
        | "market_share"
        | "operating_margin"
        | "dependency"
        | "join"
        | "interim"
        | "recourse"
        | "pooling"
        | "most_favoured" => &[0.0, 1.0],
        "capex_intensity" | "capital_charge" | "digital_gmv" | "ai_uplift" | "strictness"
        | "discount_rate" | "fit" | "asset" | "round_years" | "state_value" | "cost"
        | "political_noise" => &[0.0],
        "coverage_rate" => &[0.0, 50.0],
        "peers" => &[3.0],
        "lock_in" | "power_gain" => &[0.0, 3.0],
        "gdp_growth" | "gmv_growth" => &[-0.5],
        "bargaining_power" => &[0.02, 0.98],
        "entry_cost" | "compliance_cost" => &[0.0, 20.0],
        "capex_budget" => &[0.0],
        "penalty" => &[0.0, 10.0],
        "quota" => &[0.001, 1.0],
        "side_payments" => &[1.0],
        _ => &[],
    }
}
