//! Random small scenarios, as text.
//!
//! Not here: random arms and events, which are in `agreement`.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::fmt::Write as _;

/// A source of random scenarios.
pub struct Scenarios {
    generator: ChaCha8Rng,
    width: Width,
    corner: Option<Corner>,
    /// What is written so far, of how many states, hyperscalers and terms, and as what.
    pub text: String,
    pub states: usize,
    pub hyperscalers: usize,
    pub terms: usize,
    pub shape: Shape,
}

/// How much of the model scenarios use.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Width {
    /// Nothing comes from before the first window and nobody falls behind peers.
    Plain,
    /// Everything of a certain world may matter.
    Wide,
    /// Any key may be left out, terms may be straight, deals come in random order, and some numbers are drawn.
    All,
}

/// How a scenario at the ends of what is allowed is written.
#[derive(Clone, Copy)]
pub enum Corner {
    /// As it is.
    Sharp,
    /// Whoever hosts somebody bears some cost of it.
    Blunt,
}

/// What a random scenario may contain.
#[derive(Clone, Copy)]
pub struct Shape {
    pub transfers: bool,
    pub budgets: bool,
    pub windows: usize,
    pub order: &'static str,
    pub foresight: Option<f64>,
    pub solution: Option<&'static str>,
}

pub const SOLUTIONS: [&str; 4] = ["nash", "kalai-smorodinsky", "egalitarian", "rubinstein"];

impl Scenarios {
    /// For properties that hold in all of them.
    pub fn new(seed: u64) -> Scenarios {
        Scenarios::of(seed, Width::Plain)
    }

    /// In which everything of the model may matter.
    pub fn wide(seed: u64) -> Scenarios {
        Scenarios::of(seed, Width::Wide)
    }

    /// That use every key, or leave it out; at a corner numbers often lie at the ends of their ranges, and often are the same.
    pub fn all(seed: u64, corner: Option<Corner>) -> Scenarios {
        Scenarios {
            corner,
            ..Scenarios::of(seed, Width::All)
        }
    }

    fn of(seed: u64, width: Width) -> Scenarios {
        Scenarios {
            generator: ChaCha8Rng::seed_from_u64(seed),
            width,
            corner: None,
            text: String::new(),
            states: 0,
            hyperscalers: 0,
            terms: 0,
            shape: Shape {
                transfers: false,
                budgets: false,
                windows: 1,
                order: "listed",
                foresight: None,
                solution: None,
            },
        }
    }

    /// A scenario of 2-5 states, 1-4 hyperscalers and 0-3 terms; `arms` is appended.
    pub fn text(&mut self, shape: Shape, arms: &str) -> String {
        self.world(shape);
        std::mem::take(&mut self.text) + arms
    }

    /// Writes a scenario without arms; with one state or more at a corner.
    pub fn world(&mut self, shape: Shape) {
        self.shape = shape;
        self.states = match self.corner {
            None => 2 + self.below(4),
            Some(_) => 1 + self.below(5),
        };
        self.hyperscalers = 1 + self.below(4);
        self.terms = self.below(4);
        self.head();
        self.bargaining();
        self.dynamics();
        (0..self.states).for_each(|i| self.state(i));
        (0..self.hyperscalers).for_each(|h| self.hyperscaler(h));
        (0..self.terms).for_each(|k| self.term(k));
        self.pairs();
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        let value = low + (high - low) * self.generator.random::<f64>();
        (value * 1e4).round() / 1e4
    }

    pub fn below(&mut self, count: usize) -> usize {
        (self.generator.random::<f64>() * count as f64) as usize
    }

    pub fn happens(&mut self, probability: f64) -> bool {
        self.generator.random::<f64>() < probability
    }

    pub fn one_of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    pub fn is_corner(&self) -> bool {
        self.corner.is_some()
    }

    pub fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    pub fn number(&mut self, key: &str, value: f64) {
        writeln!(self.text, "{key} = {value:?}").expect("a string takes all");
    }

    pub fn word(&mut self, key: &str, value: &str) {
        writeln!(self.text, "{key} = \"{value}\"").expect("a string takes all");
    }

    /// A number between bounds.
    pub fn uniform(&mut self, key: &str, low: f64, high: f64) {
        let value = self.value(key, low, high);
        self.number(key, value);
    }

    /// The key is given with a probability.
    pub fn maybe(&mut self, probability: f64, key: &str, low: f64, high: f64) {
        if self.happens(probability) {
            self.uniform(key, low, high);
        }
    }

    /// Keys that may be left out where all is used.
    fn optional(&mut self, keys: &[(&str, f64, f64)]) {
        for &(key, low, high) in keys {
            if self.width < Width::All || self.happens(0.6) {
                self.uniform(key, low, high);
            }
        }
    }

    /// A number in [0, 1] that is often one of the ends.
    pub fn share(&mut self) -> f64 {
        match self.below(4) {
            0 => 0.0,
            1 => 1.0,
            _ => self.between(0.0, 1.0),
        }
    }

    /// The value of a key between bounds; of a corner often an end of what is allowed, or the same as elsewhere.
    fn value(&mut self, key: &str, low: f64, high: f64) -> f64 {
        let Some(corner) = self.corner else {
            return self.between(low, high);
        };
        let ends = match key {
            // One that waits for free takes all: next to that bisection sees no difference in gains.
            "discount_rate" if self.shape.solution == Some("rubinstein") => &[],
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

    fn head(&mut self) {
        let windows = self.shape.windows;
        writeln!(
            self.text,
            "schema = 1\n[simulation]\ntrials = 1\nseed = 7\n[horizon]\nstart_year = 2027\nwindows = {windows}\nwindow_years = 2.5\n[market]"
        )
        .expect("a string takes all");
        for (key, low, high) in [
            ("region_efficiency", 0.3, 1.0),
            ("outside_efficiency", 0.0, 0.6),
            ("capex_intensity", 0.05, 0.5),
            ("capital_charge", 0.0, 0.3),
            ("coverage_rate", 0.5, 3.0),
            ("contingent_share", 0.05, 0.5),
            ("talent_elasticity", 0.2, 0.8),
            ("ramp_years", 0.0, 8.0),
        ] {
            let ends = ["outside_efficiency", "capital_charge", "ramp_years"];
            match ends.contains(&key) && self.happens(0.2) {
                true => self.number(key, 0.0),
                false => self.uniform(key, low, high),
            }
        }
        let uplift = self.one_of(&["growth", "level"]);
        self.word("uplift_is", uplift);
        self.optional(&[("remote_value", 0.0, 0.9), ("data_drag", 0.0, 0.5)]);
        if self.width < Width::All || self.happens(0.6) {
            let diversion = self.share();
            self.number("diversion", diversion);
        }
        if self.width > Width::Plain && (self.width < Width::All || self.happens(0.35)) {
            self.uniform("peers", 0.05, 0.8);
            let inside = self.share();
            self.number("peers_inside", inside);
        }
    }

    fn bargaining(&mut self) {
        self.line("[bargaining]");
        let solution = self.one_of(&SOLUTIONS);
        let solution = self.shape.solution.unwrap_or(solution);
        self.word("solution", solution);
        let foresight = self.share();
        let foresight = self.shape.foresight.unwrap_or(foresight);
        let (cash, order) = (self.shape.transfers, self.shape.order);
        writeln!(
            self.text,
            "transfers = {cash}\nforesight = {foresight:?}\norder = \"{order}\""
        )
        .expect("a string takes all");
        match self.happens(0.2) {
            true => self.number("round_years", 0.0),
            false => self.optional(&[("round_years", 0.05, 0.5)]),
        }
        if self.width == Width::All && self.happens(0.3) {
            self.word("others", "random-order");
        }
    }

    fn dynamics(&mut self) {
        self.line("[dynamics]");
        self.optional(&[
            ("talent_rate", 0.0, 0.4),
            ("compute_rate", 0.0, 0.4),
            ("dependency_rate", 0.0, 0.4),
            ("lock_in", 0.0, 0.6),
            ("sunk", 0.0, 1.0),
            ("power_gain", 0.0, 1.0),
        ]);
        if self.width > Width::Plain && (self.width < Width::All || self.happens(0.6)) {
            self.uniform("repricing", 0.1, 1.0);
            let foresight = self.share();
            self.number("repricing_foresight", foresight);
            self.optional(&[("stranded", 0.05, 0.8), ("asset_decay", 0.0, 0.3)]);
        }
    }

    fn state(&mut self, i: usize) {
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
        self.optional(&[("residency", 0.0, 0.7), ("hub", 0.02, 0.8)]);
        if self.width == Width::All && self.happens(0.2) {
            self.line("talent = { dist = \"uniform\", min = 0.1, max = 0.8 }");
            self.line("bargaining_power = { dist = \"uniform\", min = 0.1, max = 0.9 }");
        } else {
            self.uniform("talent", 0.1, 0.8);
            self.uniform("bargaining_power", 0.05, 0.95);
        }
        for key in ["will", "goodwill"] {
            match self.width < Width::All || self.happens(0.5) {
                true => self.number(key, 1.0),
                false => self.uniform(key, 0.2, 1.0),
            }
        }
        self.multiplier("values", -0.3);
    }

    /// One term counts for more or less, where all is used.
    fn multiplier(&mut self, key: &str, low: f64) {
        if self.width == Width::All && self.terms > 0 && self.happens(0.35) {
            let (k, value) = (self.below(self.terms), self.between(low, 1.6));
            writeln!(self.text, "{key} = {{ t{k} = {value:?} }}").expect("a string takes all");
        }
    }

    fn hyperscaler(&mut self, h: usize) {
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
        if self.shape.budgets {
            self.maybe(0.5, "capex_budget", 0.1, 6.0);
        }
        self.multiplier("costs", 0.3);
    }

    fn term(&mut self, k: usize) {
        writeln!(self.text, "[[term]]\nid = \"t{k}\"").expect("a string takes all");
        let sign = if self.happens(0.2) { -1.0 } else { 1.0 };
        for key in ["state_value", "cost"] {
            let slope = sign * self.value(key, 0.05, 0.5);
            self.number(key, slope);
        }
        let straight = match self.width {
            Width::All => self.below(4),
            _ => 2,
        };
        for (side, key) in ["state_curvature", "cost_curvature"].iter().enumerate() {
            let curvature = self.between(0.05, 0.4);
            self.number(key, if straight == side { 0.0 } else { curvature });
        }
        let min = match self.happens(0.3) {
            true => self.between(0.0, 0.2),
            false => 0.0,
        };
        let max = self.value("max", 0.5, 1.0);
        self.number("min", min);
        self.number("max", max);
        self.maybe(0.3, "floor", 0.2, 0.4);
        self.optional(&[
            ("talent_effect", 0.0, 0.8),
            ("compute_effect", 0.0, 0.8),
            ("portability_effect", 0.0, 1.5),
        ]);
        if self.width > Width::Plain {
            self.optional(&[("price_effect", 0.0, 0.3)]);
        }
    }

    fn pairs(&mut self) {
        let infeasible = if self.is_corner() { 0.3 } else { 0.1 };
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
                if self.happens(infeasible) {
                    self.line("feasible = false");
                }
                if self.width == Width::Plain {
                    continue;
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
        "coverage_rate" => &[0.0, 6.0],
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
