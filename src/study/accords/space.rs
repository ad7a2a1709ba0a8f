//! The space of accords: rules with what each may be, and members.
//!
//! An accord is a point of it: for each rule the place of its value, and the set of invited states. A rule that does nothing beside the others
//! (opt-outs without minus-x, a table where each member has its own) is *moot*: it is as in the base, so that no accord is there twice.

use crate::engine::model::Model;
use crate::engine::model::arm::{StateSet, full_set, members};
use crate::engine::model::words::{Mode, Vocabulary};
use crate::scenario::accord_space::{ANY, AccordSpace, is_known_to};
use crate::study::accords::own_grid::own_grid;
use crate::study::accords::written::{is_absent, number_of, parsed, same, written};
use toml::{Table, Value};

/// Arms that a scenario may have.
pub const MOST_ARMS: usize = 64;

/// The key of the invited states.
const MEMBERS: &str = "members";

/// Rules by their places, and who is invited.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccordPoint {
    /// Place of the value of each rule; 0 is that of the base.
    pub rules: Vec<u16>,
    /// The invited states.
    pub members: StateSet,
}

/// A rule that varies.
#[derive(Debug, Clone, PartialEq)]
pub struct VariedRule {
    /// Key of an arm, or `floors.TERM`.
    pub key: String,
    /// What it may be: first as in the base; none where the key is absent.
    pub values: Vec<Option<Value>>,
    /// Places of the values that are searched, at least one.
    pub listed: Vec<u16>,
}

/// Who may be invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invited {
    /// One of some sets, at least one.
    Listed(Vec<StateSet>),
    /// Any set of two states or more.
    Any,
}

/// Why there is nothing to search.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpaceError {
    /// No arm forms an accord.
    #[error(
        "no arm of this scenario forms an accord to start from; add one of mode \"bloc\" or \"framework\""
    )]
    NoAccord,
    /// The base forms none.
    #[error("arm `{arm}` is a {mode} and forms no accord; arms that do: {others}")]
    NotAnAccord {
        /// The base.
        arm: String,
        /// Its mode.
        mode: &'static str,
        /// Arms that form accords.
        others: String,
    },
    /// The scenario has as many arms as it may.
    #[error(
        "the scenario has {arms} arms, as many as it may; leave one out, so that an accord can stand beside them"
    )]
    NoRoom {
        /// How many.
        arms: usize,
    },
    /// The base is the arm that accords are compared with.
    #[error("arm `{arm}` is the base and what accords are compared with; name another --reference")]
    IsReference {
        /// The arm.
        arm: String,
    },
}

/// Everything that is searched.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchSpace {
    /// Index of the base among the arms of the model.
    pub base: usize,
    /// The base as the scenario writes it.
    table: Table,
    /// What varies besides members.
    pub rules: Vec<VariedRule>,
    /// Who may be invited.
    pub invited: Invited,
    /// Whom the base invites.
    base_members: StateSet,
    /// All states.
    states: Vec<String>,
    /// What it costs that a rule changes, USD bn, rule by rule; at the end that of the members.
    pub cost: Vec<f64>,
}

impl SearchSpace {
    /// What a scenario searches, by its own word or by a grid of the program's own; `resolved` is its text.
    ///
    /// # Errors
    /// There is no accord to start from, or it is what accords are compared with.
    pub fn new(
        model: &Model,
        resolved: &str,
        asked: Option<&AccordSpace>,
        reference: usize,
    ) -> Result<SearchSpace, SpaceError> {
        let base = base(model, asked, reference)?;
        let arms = model.arms.len();
        if arms >= MOST_ARMS {
            return Err(SpaceError::NoRoom { arms });
        }
        let table = arm_table(resolved, &model.arms[base].name);
        let choices = match asked.map(|asked| &asked.choices[..]) {
            None | Some([]) => own_grid(model, base, &table),
            Some(choices) => choices.to_vec(),
        };
        let states: Vec<String> = model.states.iter().map(|one| one.id.clone()).collect();
        let base_members = model.arms[base].members;
        let mut invited = Invited::Listed(vec![base_members]);
        let mut rules = Vec::new();
        for choice in &choices {
            match (&choice.values, choice.key.as_str()) {
                (None, _) => invited = Invited::Any,
                (Some(values), MEMBERS) => {
                    let values = values.iter().map(|text| set_of(&parsed(text), &states));
                    invited = Invited::Listed(values.collect());
                }
                (Some(values), key) => rules.push(VariedRule::new(key, values, &table)),
            }
        }
        let cost = |key: &str| {
            let mut costs = asked.into_iter().flat_map(|asked| &asked.cost);
            costs.find(|one| one.0 == key).map_or(0.0, |one| one.1)
        };
        let keys = rules.iter().map(|rule| rule.key.as_str());
        let cost = keys.chain([MEMBERS]).map(cost).collect();
        Ok(SearchSpace {
            base,
            table,
            rules,
            invited,
            base_members,
            states,
            cost,
        })
    }

    /// The base itself.
    pub fn base_point(&self) -> AccordPoint {
        AccordPoint {
            rules: vec![0; self.rules.len()],
            members: self.base_members,
        }
    }

    /// How many states there are.
    pub fn states(&self) -> usize {
        self.states.len()
    }

    /// How many combinations there are, moot rules counted; infinite beyond all counting.
    pub fn combinations(&self) -> f64 {
        let rules = self.rules.iter().map(|rule| rule.listed.len() as f64);
        let sets = match &self.invited {
            Invited::Listed(sets) => sets.len() as f64,
            Invited::Any => libm::exp2(self.states() as f64) - self.states() as f64 - 1.0,
        };
        rules.product::<f64>() * sets
    }

    /// All points, each once, where there are no more than `most` combinations.
    pub fn all(&self, most: f64) -> Option<Vec<AccordPoint>> {
        if self.combinations() > most {
            return None;
        }
        let sets: Vec<StateSet> = match &self.invited {
            Invited::Listed(sets) => sets.clone(),
            Invited::Any => (0..=full_set(self.states()))
                .filter(|set| set.count_ones() >= 2)
                .collect(),
        };
        let mut points = vec![Vec::new()];
        for rule in &self.rules {
            let longer = points.iter().flat_map(|places: &Vec<u16>| {
                let longer = |&place| [&places[..], &[place]].concat();
                rule.listed.iter().map(longer).collect::<Vec<_>>()
            });
            points = longer.collect();
        }
        let points = points.iter().flat_map(|rules| {
            let point = |&members| AccordPoint {
                rules: rules.clone(),
                members,
            };
            sets.iter().map(point).collect::<Vec<_>>()
        });
        let mut points: Vec<AccordPoint> = points.map(|point| self.plain(point)).collect();
        points.sort();
        points.dedup();
        Some(points)
    }

    /// The same accord with its moot rules as in the base.
    pub fn plain(&self, mut point: AccordPoint) -> AccordPoint {
        // A rule that is set back may make another moot; it is over after as many rounds as there are rules.
        for _ in 0..=self.rules.len() {
            let moot =
                (0..self.rules.len()).find(|&at| point.rules[at] != 0 && self.is_moot(&point, at));
            match moot {
                Some(at) => point.rules[at] = 0,
                None => break,
            }
        }
        point
    }

    /// Whether a rule does nothing beside the others.
    fn is_moot(&self, point: &AccordPoint, at: usize) -> bool {
        let key = self.rules[at].key.as_str();
        let mode = self.mode(point);
        let rule = || self.text(point, "rule");
        let is_zero = |key: &str| self.number(point, key) == Some(0.0);
        match key {
            _ if !is_known_to(mode, key) => true,
            "opt_outs" => rule() != "minus-x",
            "quota" | "weights" => rule() != "qualified-majority",
            "lead" => rule() != "lead",
            "penalty" | "recourse" => is_zero("binding"),
            "side_payments" => self.text(point, "sharing") == "none",
            "sharing" => is_zero("side_payments"),
            _ => false,
        }
    }

    /// How states negotiate.
    pub fn mode(&self, point: &AccordPoint) -> Mode {
        Mode::from_key(&self.text(point, "mode")).unwrap_or(Mode::Framework)
    }

    /// The value of a key, that of the base or the default where it does not vary; none where it is absent.
    fn value(&self, point: &AccordPoint, key: &str) -> Option<Value> {
        let varied = self.rules.iter().position(|rule| rule.key == key);
        match varied {
            Some(at) => self.rules[at].values[usize::from(point.rules[at])].clone(),
            None => written(&self.table, key),
        }
    }

    fn text(&self, point: &AccordPoint, key: &str) -> String {
        let value = self.value(point, key);
        value
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    fn number(&self, point: &AccordPoint, key: &str) -> Option<f64> {
        number_of(&self.value(point, key)?)
    }

    /// Places of the rules that are not as in the base; the last place stands for the members.
    pub fn changed(&self, point: &AccordPoint) -> Vec<usize> {
        let rules = (0..self.rules.len()).filter(|&at| point.rules[at] != 0);
        let members = (point.members != self.base_members).then_some(self.rules.len());
        rules.chain(members).collect()
    }

    /// The key of a place, as of [`SearchSpace::changed`].
    pub fn key(&self, place: usize) -> &str {
        self.rules.get(place).map_or(MEMBERS, |rule| &rule.key)
    }

    /// The value at a place as TOML; none where the key is absent.
    pub fn at(&self, point: &AccordPoint, place: usize) -> Option<Value> {
        match self.rules.get(place) {
            Some(rule) => rule.values[usize::from(point.rules[place])].clone(),
            None => Some(self.members(point.members)),
        }
    }

    /// The same accord with the rule of a place as in the base.
    pub fn without(&self, point: &AccordPoint, place: usize) -> AccordPoint {
        let mut other = point.clone();
        match other.rules.get_mut(place) {
            Some(rule) => *rule = 0,
            None => other.members = self.base_members,
        }
        self.plain(other)
    }

    /// What its changes cost, USD bn.
    pub fn price(&self, point: &AccordPoint) -> f64 {
        self.changed(point)
            .iter()
            .map(|&place| self.cost[place])
            .sum()
    }

    fn members(&self, set: StateSet) -> Value {
        if set == full_set(self.states()) {
            return Value::String("all".to_owned());
        }
        let ids = members(set).map(|i| Value::String(self.states[i].clone()));
        Value::Array(ids.collect())
    }

    /// The accord as an arm of a scenario, under a name.
    pub fn arm(&self, point: &AccordPoint, name: &str, title: &str) -> Table {
        let mut arm = Table::new();
        let set = |arm: &mut Table, key: &str, value: Option<Value>| {
            match value {
                Some(value) => arm.insert(key.to_owned(), value),
                None => arm.remove(key),
            };
        };
        set(&mut arm, "name", Some(Value::String(name.to_owned())));
        set(&mut arm, "title", Some(Value::String(title.to_owned())));
        for (key, value) in &self.table {
            if !["name", "title", "what", "active"].contains(&key.as_str()) {
                set(&mut arm, key, Some(value.clone()));
            }
        }
        for (at, rule) in self.rules.iter().enumerate() {
            let value = rule.values[usize::from(point.rules[at])].clone();
            match rule.key.split_once('.') {
                None => set(&mut arm, &rule.key, value),
                Some((table, term)) => {
                    let inner = arm
                        .entry(table)
                        .or_insert_with(|| Value::Table(Table::new()));
                    if let Value::Table(inner) = inner {
                        set(inner, term, value);
                    }
                }
            }
        }
        set(&mut arm, MEMBERS, Some(self.members(point.members)));
        let mode = self.mode(point);
        let lead = self.text(point, "rule") == "lead";
        arm.retain(|key, _| is_known_to(mode, key) && (lead || key != "lead"));
        // Who is not invited does not sit at the table.
        if let Some(Value::Array(seats)) = arm.get_mut("table") {
            let invited = |id: &Value| {
                let at = self
                    .states
                    .iter()
                    .position(|state| Some(state.as_str()) == id.as_str());
                at.is_some_and(|at| point.members >> at & 1 == 1)
            };
            seats.retain(invited);
        }
        arm
    }
}

impl VariedRule {
    fn new(key: &str, listed: &[String], table: &Table) -> VariedRule {
        let mut rule = VariedRule {
            key: key.to_owned(),
            values: vec![written(table, key)],
            listed: Vec::new(),
        };
        for text in listed {
            let value = Some(parsed(text)).filter(|value| !is_absent(key, value));
            let known = rule
                .values
                .iter()
                .position(|one| same(one.as_ref(), value.as_ref()));
            let place = known.unwrap_or_else(|| {
                rule.values.push(value);
                rule.values.len() - 1
            });
            rule.listed.push(place as u16);
        }
        rule
    }
}

/// The states that a value names.
fn set_of(value: &Value, states: &[String]) -> StateSet {
    let Value::Array(ids) = value else {
        return full_set(states.len());
    };
    let place = |id: &Value| {
        states
            .iter()
            .position(|state| Some(state.as_str()) == id.as_str())
    };
    ids.iter()
        .filter_map(place)
        .fold(0, |set, place| set | 1 << place)
}

/// The table of an arm in a scenario after all its layers.
fn arm_table(resolved: &str, name: &str) -> Table {
    let root: Table = toml::from_str(resolved).expect("a resolved scenario is valid TOML");
    let arms = root.get("arm").and_then(Value::as_array);
    let own = |arm: &&Value| arm.get("name").and_then(Value::as_str) == Some(name);
    let arm = arms.into_iter().flatten().find(own);
    let table = arm.and_then(Value::as_table).cloned();
    table.unwrap_or_default()
}

/// The arm that is varied.
fn base(model: &Model, asked: Option<&AccordSpace>, reference: usize) -> Result<usize, SpaceError> {
    let accords = |at: &usize| model.arms[*at].is_accord();
    let named = asked.and_then(|asked| asked.base.as_ref());
    let position = |name: &String| model.arms.iter().position(|arm| arm.name == *name);
    let base = match named.and_then(position) {
        Some(at) => at,
        None => {
            let mut all = (0..model.arms.len()).filter(accords);
            all.find(|&at| at != reference)
                .ok_or(SpaceError::NoAccord)?
        }
    };
    let arm = &model.arms[base];
    if !arm.is_accord() {
        let others = model.arms.iter().filter(|arm| arm.is_accord());
        let others: Vec<&str> = others.map(|arm| arm.name.as_str()).collect();
        return Err(SpaceError::NotAnAccord {
            arm: arm.name.clone(),
            mode: arm.mode.key(),
            others: others.join(", "),
        });
    }
    match base == reference {
        true => Err(SpaceError::IsReference {
            arm: arm.name.clone(),
        }),
        false => Ok(base),
    }
}

/// The word by which a scenario asks for every set of members.
pub const EVERY_SET: &str = ANY;

/// A model with what is searched in it.
#[cfg(test)]
pub(crate) fn fixture(asked: &AccordSpace) -> (crate::scenario::Loaded, SearchSpace) {
    use crate::scenario::{Request, load};
    let text = include_str!("../../../scenarios/asean-2027.toml");
    let mut read = |name: &str| Err(name.to_owned());
    let loaded = load(&Request::new("asean-2027.toml", text), &mut read).expect("it is shipped");
    let space = SearchSpace::new(&loaded.model, &loaded.resolved, Some(asked), 0);
    let space = space.expect("there is an accord to start from");
    (loaded, space)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::accord_space::RuleChoice;

    fn choice(key: &str, values: &[&str]) -> RuleChoice {
        let values = values.iter().map(|&value| value.to_owned());
        RuleChoice {
            key: key.to_owned(),
            values: (key != "any").then(|| values.collect()),
        }
    }

    fn space(base: &str, choices: Vec<RuleChoice>) -> SearchSpace {
        let asked = AccordSpace {
            base: Some(base.to_owned()),
            choices,
            cost: vec![("mode".to_owned(), 0.5), ("members".to_owned(), 2.0)],
        };
        fixture(&asked).1
    }

    #[test]
    fn moot_rules_are_as_in_the_base() {
        let choices = vec![
            choice("mode", &["\"framework\"", "\"bloc\""]),
            choice("sharing", &["\"none\"", "\"gdp\""]),
            choice("side_payments", &["0.5"]),
            choice("rule", &["\"consensus\"", "\"minus-x\""]),
            choice("opt_outs", &["1", "3"]),
        ];
        let space = space("framework", choices);
        // Separate tables share nothing; consensus has no opt-outs; payments need a rule of sharing.
        let all = space.all(1000.0).expect("few");
        assert_eq!(space.combinations(), 16.0);
        // Tables apart or together without sharing, or with it; each by consensus, or with one or three opt-outs.
        assert_eq!(all.len(), 3 * 3);
        assert!(all.iter().all(|point| space.plain(point.clone()) == *point));
        let base = space.base_point();
        assert!(all.contains(&base), "the base has three opt-outs");
        assert_eq!(space.price(&base), 0.0);
    }

    #[test]
    fn arms_are_written_with_what_their_mode_knows() {
        let choices = vec![
            choice("mode", &["\"framework\"", "\"bloc\""]),
            choice("table", &["[\"SG\", \"MY\", \"ID\"]"]),
            choice("shortlist", &["\"none\"", "5"]),
            choice("floors.audit_rights", &["0.4"]),
        ];
        let space = space("bloc", choices);
        let mut point = space.base_point();
        point.rules[3] = space.rules[3].listed[0];
        point.rules[2] = space.rules[2].listed[1];
        point.rules[1] = space.rules[1].listed[0];
        point.members = 0b1000_0101;
        let arm = space.arm(&point, "a", "A");
        assert_eq!(arm["name"].as_str(), Some("a"));
        assert_eq!(arm["shortlist"].as_integer(), Some(5));
        assert_eq!(arm["floors"]["audit_rights"].as_float(), Some(0.4));
        assert_eq!(
            arm["floors"]["talent_investment"]["value"].as_float(),
            Some(0.3)
        );
        assert!(arm.contains_key("pooling"));
        // Members are Brunei, Indonesia and Singapore: of those who sit together, Malaysia is not invited.
        assert_eq!(arm["table"].as_array().map(Vec::len), Some(2));
        assert_eq!(space.price(&point), 2.0);
        // Tables apart know neither a table nor pooling.
        point.rules[0] = space.rules[0].listed[0];
        let point = space.plain(point);
        let arm = space.arm(&point, "a", "A");
        assert!(!arm.contains_key("pooling") && !arm.contains_key("table"));
        assert_eq!(space.changed(&point), [0, 2, 3, 4]);
        assert_eq!(space.key(4), "members");
        assert_eq!(space.without(&point, 4).members, space.base_point().members);
    }

    #[test]
    fn every_set_of_two_or_more_can_be_asked_for() {
        let mut any = choice("any", &[]);
        any.key = "members".to_owned();
        let space = space("framework", vec![any]);
        assert_eq!(space.combinations(), 1013.0);
        assert_eq!(space.all(2000.0).map(|all| all.len()), Some(1013));
        assert_eq!(space.all(500.0), None);
    }

    #[test]
    fn what_cannot_be_a_base_is_refused() {
        let asked = AccordSpace::default();
        let (loaded, space) = fixture(&asked);
        assert_eq!(loaded.model.arms[space.base].name, "guide");
        let refused = |base: &str, reference: usize| {
            let asked = AccordSpace {
                base: Some(base.to_owned()),
                ..AccordSpace::default()
            };
            let found = SearchSpace::new(&loaded.model, &loaded.resolved, Some(&asked), reference);
            found.expect_err("it is none").to_string()
        };
        assert!(refused("bilateral", 1).contains("forms no accord"));
        assert!(refused("guide", 1).contains("name another --reference"));
    }
}
