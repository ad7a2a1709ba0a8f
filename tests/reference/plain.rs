//! Deterministic scenario text to [`Given`], without the project's loader: plain numbers only, no layers, no paths, no events.

use super::given::{
    Arm, ArmNumbers, Given, Hyperscaler, Join, Mode, Numbers, Order, Rule, Set, Sharing, Solution,
    State, Term, Turn, Weights, with,
};
use toml::{Table, Value};

/// One table of the file.
#[derive(Clone, Copy)]
struct Entry<'a>(&'a Table);

impl<'a> Entry<'a> {
    fn number(self, key: &str) -> Option<f64> {
        self.0.get(key).map(as_number)
    }

    fn or(self, key: &str, default: f64) -> f64 {
        self.number(key).unwrap_or(default)
    }

    fn required(self, key: &str) -> f64 {
        self.number(key)
            .unwrap_or_else(|| panic!("{key} is required"))
    }

    fn count(self, key: &str) -> Option<usize> {
        self.0
            .get(key)
            .map(|value| value.as_integer().expect("an integer") as usize)
    }

    fn word(self, key: &str) -> Option<&'a str> {
        self.0.get(key).and_then(Value::as_str)
    }

    /// A switch, which may also be 0 or 1.
    fn switch(self, key: &str, default: bool) -> bool {
        match self.0.get(key) {
            None => default,
            Some(Value::Boolean(on)) => *on,
            Some(value) => as_number(value) == 1.0,
        }
    }

    /// The number of each id in a table of numbers.
    fn each(self, key: &str, ids: &[String], default: f64) -> Vec<f64> {
        let table = self.0.get(key).and_then(Value::as_table);
        ids.iter()
            .map(|id| {
                let value = table.and_then(|table| table.get(id));
                value.map_or(default, as_number)
            })
            .collect()
    }

    /// The set of a list of ids; none for "all".
    fn set(self, key: &str, ids: &[String]) -> Option<Set> {
        let listed = self.0.get(key)?.as_array()?;
        Some(
            listed
                .iter()
                .map(|id| position(ids, id.as_str().expect("an id")))
                .fold(0, with),
        )
    }
}

fn as_number(value: &Value) -> f64 {
    match value {
        Value::Integer(whole) => *whole as f64,
        Value::Float(number) => *number,
        Value::Boolean(on) => f64::from(u8::from(*on)),
        other => panic!("{other} is not a plain number"),
    }
}

fn position(ids: &[String], id: &str) -> usize {
    ids.iter()
        .position(|known| known == id)
        .unwrap_or_else(|| panic!("no {id}"))
}

fn entries<'a>(file: &'a Table, key: &str) -> Vec<Entry<'a>> {
    file.get(key)
        .and_then(Value::as_array)
        .map(|list| {
            list.iter()
                .map(|entry| Entry(entry.as_table().expect("a table")))
                .collect()
        })
        .unwrap_or_default()
}

fn ids(entries: &[Entry]) -> Vec<String> {
    entries
        .iter()
        .map(|entry| entry.word("id").expect("an id").to_owned())
        .collect()
}

/// Reads a scenario of plain numbers.
pub fn read(text: &str) -> Given {
    let file: Table = text.parse().expect("TOML");
    assert!(
        !file.contains_key("event") && !file.contains_key("extends"),
        "no events, no layers"
    );
    let empty = Table::new();
    let section = |key: &str| Entry(file.get(key).and_then(Value::as_table).unwrap_or(&empty));
    let (horizon, market) = (section("horizon"), section("market"));
    let (bargaining, dynamics) = (section("bargaining"), section("dynamics"));
    let (states, hyperscalers) = (entries(&file, "state"), entries(&file, "hyperscaler"));
    let (terms, arms) = (entries(&file, "term"), entries(&file, "arm"));
    let (state_ids, hyperscaler_ids, term_ids) = (ids(&states), ids(&hyperscalers), ids(&terms));
    let (n, m) = (states.len(), hyperscalers.len());
    let (mut fit, mut feasible) = (vec![vec![1.0; m]; n], vec![vec![true; m]; n]);
    let (mut dependency, mut asset) = (vec![vec![0.0; m]; n], vec![vec![0.0; m]; n]);
    let mut hosted = vec![vec![false; m]; n];
    for pair in entries(&file, "pair") {
        let i = position(&state_ids, pair.word("state").expect("a state"));
        let h = position(
            &hyperscaler_ids,
            pair.word("hyperscaler").expect("a hyperscaler"),
        );
        fit[i][h] = pair.or("fit", 1.0);
        feasible[i][h] = pair.switch("feasible", true);
        hosted[i][h] = pair.switch("hosted", false);
        dependency[i][h] = pair.or("dependency", 0.0);
        asset[i][h] = pair.or("asset", 0.0);
    }
    let mut efficiency = vec![vec![market.required("region_efficiency"); n]; n];
    for link in entries(&file, "link") {
        let between = link.0["between"].as_array().expect("two ids");
        let [a, b] = [0, 1].map(|end| position(&state_ids, between[end].as_str().expect("an id")));
        efficiency[a][b] = link.required("efficiency");
        efficiency[b][a] = efficiency[a][b];
    }
    let years = horizon.required("window_years");
    let windows = horizon.count("windows").expect("windows");
    let numbers = |w: usize| {
        let t = w as f64 * years;
        Numbers {
            region_efficiency: market.required("region_efficiency"),
            outside_efficiency: market.required("outside_efficiency"),
            capex_intensity: market.required("capex_intensity"),
            capital_charge: market.required("capital_charge"),
            coverage_rate: market.required("coverage_rate"),
            contingent_share: market.required("contingent_share"),
            talent_elasticity: market.required("talent_elasticity"),
            ramp_years: market.required("ramp_years"),
            remote_value: market.or("remote_value", 0.0),
            data_drag: market.or("data_drag", 0.0),
            diversion: market.or("diversion", 0.0),
            peers: market.or("peers", 0.0),
            peers_inside: market.or("peers_inside", 1.0),
            foresight: bargaining.required("foresight"),
            round_years: bargaining.or("round_years", 0.25),
            talent_rate: dynamics.or("talent_rate", 0.0),
            compute_rate: dynamics.or("compute_rate", 0.0),
            dependency_rate: dynamics.or("dependency_rate", 0.0),
            asset_decay: dynamics.or("asset_decay", 0.0),
            lock_in: dynamics.or("lock_in", 0.0),
            sunk: dynamics.or("sunk", 0.0),
            power_gain: dynamics.or("power_gain", 0.0),
            repricing: dynamics.or("repricing", 0.0),
            repricing_foresight: dynamics.or("repricing_foresight", 1.0),
            stranded: dynamics.or("stranded", 0.0),
            states: states
                .iter()
                .enumerate()
                .map(|(i, state)| State {
                    gdp: state.required("gdp") * (1.0 + state.or("gdp_growth", 0.0)).powf(t),
                    gmv: state.required("digital_gmv")
                        * (1.0 + state.or("gmv_growth", 0.0)).powf(t),
                    population: state.or("population", 1.0),
                    ai_spend_share: state.required("ai_spend_share"),
                    ai_uplift: state.required("ai_uplift"),
                    infrastructure: state.required("infrastructure"),
                    residency: state.or("residency", 0.0),
                    strictness: state.or("strictness", 1.0),
                    hub: state.or("hub", 1.0),
                    bargaining_power: state.required("bargaining_power"),
                    discount_rate: state.required("discount_rate"),
                    will: state.or("will", 1.0),
                    goodwill: state.or("goodwill", 0.0),
                    values: state.each("values", &term_ids, 1.0),
                    talent: (w == 0).then(|| state.required("talent")),
                    compute: (w == 0).then(|| state.required("compute")),
                    dependency: dependency[i].clone(),
                    asset: asset[i].clone(),
                })
                .collect(),
            hyperscalers: hyperscalers
                .iter()
                .map(|h| Hyperscaler {
                    market_share: h.required("market_share"),
                    operating_margin: h.required("operating_margin"),
                    discount_rate: h.required("discount_rate"),
                    entry_cost: h.or("entry_cost", 0.0),
                    compliance_cost: h.or("compliance_cost", 0.0),
                    capex_budget: h.or("capex_budget", f64::INFINITY),
                    costs: h.each("costs", &term_ids, 1.0),
                })
                .collect(),
            terms: terms
                .iter()
                .map(|term| Term {
                    state_value: term.or("state_value", 0.0),
                    state_curvature: term.or("state_curvature", 0.0),
                    cost: term.or("cost", 0.0),
                    cost_curvature: term.or("cost_curvature", 0.0),
                    min: term.or("min", 0.0),
                    max: term.or("max", 1.0),
                    talent_effect: term.or("talent_effect", 0.0),
                    compute_effect: term.or("compute_effect", 0.0),
                    portability_effect: term.or("portability_effect", 0.0),
                    price_effect: term.or("price_effect", 0.0),
                })
                .collect(),
            fit: fit.clone(),
            feasible: feasible.clone(),
            efficiency: efficiency.clone(),
            arms: arms
                .iter()
                .map(|arm| arm_numbers(*arm, &terms, &term_ids))
                .collect(),
            ranks: vec![vec![0.0; m]; n],
            joining: vec![0.5; n],
            votes: Vec::new(),
        }
    };
    Given {
        years,
        level: market.word("uplift_is") == Some("level"),
        solution: match bargaining.word("solution") {
            None | Some("nash") => Solution::Nash,
            Some("kalai-smorodinsky") => Solution::KalaiSmorodinsky,
            Some("egalitarian") => Solution::Egalitarian,
            Some("rubinstein") => Solution::Rubinstein,
            Some(other) => panic!("{other}"),
        },
        cash: bargaining.switch("transfers", false),
        order: match bargaining.word("order") {
            None | Some("random") => Order::Random,
            Some("size") => Order::Size,
            Some("listed") => Order::Listed,
            Some(other) => panic!("{other}"),
        },
        random_order: bargaining.word("others") == Some("random-order"),
        hosted,
        arms: arms.iter().map(|arm| self::arm(*arm, &state_ids)).collect(),
        windows: (0..windows).map(numbers).collect(),
        states: state_ids,
        hyperscalers: hyperscaler_ids,
    }
}

fn arm(arm: Entry, states: &[String]) -> Arm {
    let everyone = (0..states.len()).fold(0, with);
    Arm {
        name: arm.word("name").expect("a name").to_owned(),
        mode: match arm.word("mode").expect("a mode") {
            "bilateral" => Mode::Bilateral,
            "framework" => Mode::Framework,
            "bloc" => Mode::Bloc,
            "contest" => Mode::Contest,
            other => panic!("{other}"),
        },
        shortlist: arm.count("shortlist"),
        members: arm.set("members", states).unwrap_or(everyone),
        join: match arm.0.get("join").map(|join| (join.as_str(), join)) {
            None | Some((Some("will"), _)) => Join::Will,
            Some((Some("goodwill"), _)) => Join::Goodwill,
            Some(_) => Join::Number,
        },
        standing: arm.switch("standing", true),
        rule: match arm.word("rule") {
            None | Some("consensus") => Rule::Consensus,
            Some("minus-x") => Rule::MinusX,
            Some("qualified-majority") => Rule::QualifiedMajority,
            Some("lead") => Rule::Lead,
            Some("none") => Rule::None,
            Some("mandate") => Rule::Mandate,
            Some(other) => panic!("{other}"),
        },
        opt_outs: arm.count("opt_outs").unwrap_or(0),
        weights: match arm.word("weights") {
            None | Some("equal") => Weights::Equal,
            Some("gdp") => Weights::Gdp,
            Some("population") => Weights::Population,
            Some(other) => panic!("{other}"),
        },
        lead: arm.word("lead").map(|id| position(states, id)),
        max_rounds: arm.count("max_rounds").unwrap_or(1),
        defection: arm.switch("defection", true),
        turn: match arm.word("turn") {
            None | Some("middle") => Turn::Middle,
            Some("first") => Turn::First,
            Some("last") => Turn::Last,
            Some(other) => panic!("{other}"),
        },
        cover_all: arm.switch("cover_all", false),
        annexes: arm.switch("annexes", false),
        table: arm.set("table", states),
        sharing: match arm.word("sharing") {
            None | Some("none") => Sharing::None,
            Some("equal") => Sharing::Equal,
            Some("gdp") => Sharing::Gdp,
            Some("population") => Sharing::Population,
            Some("shapley") => Sharing::Shapley,
            Some("nucleolus") => Sharing::Nucleolus,
            Some(other) => panic!("{other}"),
        },
    }
}

fn arm_numbers(arm: Entry, terms: &[Entry], term_ids: &[String]) -> ArmNumbers {
    let own = arm.each("floors", term_ids, f64::NEG_INFINITY);
    ArmNumbers {
        active: arm.switch("active", true),
        join: match arm.0.get("join") {
            Some(Value::String(_)) | None => 1.0,
            Some(number) => as_number(number),
        },
        most_favoured: arm.or("most_favoured", 0.0),
        binding: arm.or("binding", 0.0),
        harmonisation: arm.or("harmonisation", 0.0),
        cross_border_data: arm.or("cross_border_data", 0.0),
        recourse: arm.or("recourse", 0.0),
        penalty: arm.or("penalty", 0.0),
        floors: own
            .iter()
            .zip(terms)
            .map(|(&own, term)| {
                if own == f64::NEG_INFINITY {
                    term.or("floor", f64::NEG_INFINITY)
                } else {
                    own
                }
            })
            .collect(),
        quota: arm.or("quota", 0.5),
        round_years: arm.or("round_years", 0.0),
        interim: arm.or("interim", 0.0),
        political_noise: arm.or("political_noise", 0.0),
        pooling: arm.or("pooling", 0.0),
        side_payments: arm.or("side_payments", 0.0),
    }
}
