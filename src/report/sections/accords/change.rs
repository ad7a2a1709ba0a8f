//! What changes in an accord, in plain words: every rule that may be chosen, from what it is in the base to what it becomes.

use super::whom::{invited, lead, names, table};
use crate::engine::model::Model;
use crate::engine::model::arm::{Joining, Mode, Sharing, Turn, VotingRule, Weights};
use crate::engine::model::words::Vocabulary;
use crate::report::measure::real;
use crate::report::numbers::short;
use crate::report::verdict::and;
use serde_json::Value;

/// Digits of a number of a rule.
const DIGITS: usize = 3;

/// A rule that is not as in the base.
#[derive(Debug, Clone, Copy)]
pub(super) struct RuleChange<'a> {
    /// Key of an arm, or `floors.TERM`.
    pub key: &'a str,
    /// As before; null where it is left out.
    pub base: &'a Value,
    /// As it becomes; null where it is left out.
    pub value: &'a Value,
}

/// All changes in words; what is pooled and by what it is shared are one.
pub(super) fn phrases(model: &Model, changes: &[RuleChange<'_>]) -> Vec<String> {
    let of = |key: &str| changes.iter().find(|one| one.key == key);
    let pooled = of("side_payments").zip(of("sharing"));
    let pooled = pooled.and_then(|(part, by)| shared(number(part.value)?, by.value));
    let mut said = Vec::new();
    for one in changes {
        match (one.key, &pooled) {
            ("side_payments", Some(_)) => {}
            ("sharing", Some(both)) => said.push(both.clone()),
            _ => said.push(phrase(model, *one)),
        }
    }
    said
}

/// Phrases in a row, apart by more than a comma where one has commas itself.
pub(super) fn listed(phrases: &[String]) -> String {
    let has_comma = phrases.iter().any(|one| one.contains(','));
    phrases.join(if has_comma { "; " } else { ", " })
}

/// A change in words; of a key without words of its own, as it is typed.
pub(super) fn phrase(model: &Model, change: RuleChange<'_>) -> String {
    words_of(model, change).unwrap_or_else(|| format!("{} {}", change.key, typed(change.value)))
}

/// A change in words; none of a key, or a value, without any.
fn words_of(model: &Model, change: RuleChange<'_>) -> Option<String> {
    if let Some(term) = change.key.strip_prefix("floors.") {
        return Some(floor(model, term, change));
    }
    if let Some(noun) = noun(change.key) {
        return Some(moved(noun, change));
    }
    let value = change.value;
    match change.key {
        "mode" => mode(value),
        "rule" => rule(value),
        "sharing" => sharing(value),
        "weights" => weights(value),
        "turn" => turn(value),
        "join" => join(value),
        "table" => Some(table(model, value)),
        "members" => Some(invited(model, change.base, value)),
        "lead" => Some(lead(model, value)),
        "shortlist" => Some(shortlist(value)),
        "opt_outs" => Some(opt_outs(value)),
        "max_rounds" => Some(rounds(change)),
        "round_years" => Some(round_years(change)),
        "side_payments" => Some(pool(number(value)?)),
        key => switched(key, value.as_bool()?).map(str::to_owned),
    }
}

/// What a number of a rule is of.
fn noun(key: &str) -> Option<&'static str> {
    Some(match key {
        "binding" => "binding",
        "penalty" => "penalty of leaving",
        "harmonisation" => "harmonisation",
        "cross_border_data" => "free flow of data",
        "recourse" => "recourse against lock-in",
        "most_favoured" => "most-favoured clause",
        "pooling" => "weight of the strongest member",
        "quota" => "quota of the majority",
        "interim" => "share of the gains that flow while talks last",
        "political_noise" => "political noise in votes",
        _ => return None,
    })
}

fn moved(noun: &str, change: RuleChange<'_>) -> String {
    match (number(change.base), number(change.value)) {
        (_, None) if change.value.is_null() => format!("{noun} left out"),
        (Some(from), Some(to)) => {
            let (from, to) = (short(from, DIGITS), short(to, DIGITS));
            format!("{noun} {to} instead of {from}")
        }
        _ => format!("{noun} {}", typed(change.value)),
    }
}

/// A rule that holds or not.
fn switched(key: &str, holds: bool) -> Option<&'static str> {
    Some(match (key, holds) {
        ("annexes", true) => "a schedule of terms for each member",
        ("annexes", false) => "one schedule of terms for all members",
        ("cover_all", true) => "hosts in every member",
        ("cover_all", false) => "hosts only where they pay",
        ("standing", true) => "an accord that stands until it is left",
        ("standing", false) => "a new accord in every window",
        ("defection", true) => "members may leave",
        ("defection", false) => "members may not leave",
        _ => return None,
    })
}

fn mode(value: &Value) -> Option<String> {
    let mode = Mode::from_key(value.as_str()?)?;
    Some(
        match mode {
            Mode::Bloc => "one table instead of separate ones",
            Mode::Framework => "separate tables instead of one",
            Mode::Bilateral => "no accord",
            Mode::Contest => "bids instead of tables",
        }
        .to_owned(),
    )
}

fn rule(value: &Value) -> Option<String> {
    let rule = VotingRule::from_key(value.as_str()?)?;
    Some(
        match rule {
            VotingRule::Consensus => "adopted by consensus",
            VotingRule::MinusX => "adopted by consensus of all but those who opt out",
            VotingRule::QualifiedMajority => "adopted by qualified majority",
            VotingRule::Lead => "adopted by a lead state",
            VotingRule::None => "in force without a vote among those who join",
            VotingRule::Mandate => "in force by mandate for all who are invited",
        }
        .to_owned(),
    )
}

/// By what gains are shared.
fn measure(value: &Value) -> Option<Option<&'static str>> {
    Some(match Sharing::from_key(value.as_str()?)? {
        Sharing::None => None,
        Sharing::Equal => Some("equally"),
        Sharing::Gdp => Some("by GDP"),
        Sharing::Population => Some("by population"),
        Sharing::Shapley => Some("by the Shapley value"),
        Sharing::Nucleolus => Some("by the nucleolus"),
    })
}

fn sharing(value: &Value) -> Option<String> {
    Some(match measure(value)? {
        None => "no gains shared".to_owned(),
        Some(by) => format!("gains shared {by}"),
    })
}

fn pool(share: f64) -> String {
    match part(share) {
        None => "no gains pooled".to_owned(),
        Some(part) => format!("{part} of the gains pooled"),
    }
}

/// Both at once; none where nothing is shared.
fn shared(share: f64, by: &Value) -> Option<String> {
    Some(format!(
        "{} of the gains shared {}",
        part(share)?,
        measure(by)??
    ))
}

/// A share in words; none of nothing.
fn part(share: f64) -> Option<String> {
    Some(match share {
        0.0 => return None,
        0.5 => "half".to_owned(),
        1.0 => "all".to_owned(),
        other => format!("{}%", short(100.0 * other, DIGITS)),
    })
}

fn weights(value: &Value) -> Option<String> {
    Some(
        match Weights::from_key(value.as_str()?)? {
            Weights::Equal => "one state, one vote",
            Weights::Gdp => "votes weighted by GDP",
            Weights::Population => "votes weighted by population",
        }
        .to_owned(),
    )
}

fn turn(value: &Value) -> Option<String> {
    Some(
        match Turn::from_key(value.as_str()?)? {
            Turn::First => "the joint table before all others",
            Turn::Middle => "the joint table amid the others",
            Turn::Last => "the joint table after all others",
        }
        .to_owned(),
    )
}

fn join(value: &Value) -> Option<String> {
    if let Some(chance) = number(value) {
        return Some(format!(
            "each joins in {} of 100 cases",
            short(100.0 * chance, DIGITS)
        ));
    }
    Some(
        match Joining::from_key(value.as_str()?)? {
            Joining::Will => "who joins is by will",
            Joining::Goodwill => "who joins is by goodwill",
        }
        .to_owned(),
    )
}

fn shortlist(value: &Value) -> String {
    match number(value) {
        None => "any number of suppliers at a table".to_owned(),
        Some(1.0) => "a short list of 1 supplier".to_owned(),
        Some(most) => format!("a short list of {} suppliers", short(most, DIGITS)),
    }
}

fn opt_outs(value: &Value) -> String {
    match number(value) {
        None | Some(0.0) => "nobody may opt out".to_owned(),
        Some(most) => format!("up to {} may opt out", short(most, DIGITS)),
    }
}

fn rounds(change: RuleChange<'_>) -> String {
    match number(change.value) {
        Some(1.0) => "one round of talks".to_owned(),
        Some(most) => format!("up to {} rounds of talks", short(most, DIGITS)),
        None => "rounds of talks as usual".to_owned(),
    }
}

fn round_years(change: RuleChange<'_>) -> String {
    match number(change.value) {
        Some(0.0) | None => "rounds of talks that take no time".to_owned(),
        Some(1.0) => "rounds of talks of a year".to_owned(),
        Some(years) => format!("rounds of talks of {} years", short(years, DIGITS)),
    }
}

/// A floor of a term with what it is in the world.
fn floor(model: &Model, term: &str, change: RuleChange<'_>) -> String {
    let name = and(&names(&model.terms, &[term]));
    let level = |level: f64| match real(model, term, level) {
        Some(real) => format!("{} ({real})", short(level, DIGITS)),
        None => short(level, DIGITS),
    };
    match (number(change.value), number(change.base)) {
        (None, _) => format!("no floor of its own for \u{201c}{name}\u{201d}"),
        (Some(to), None) => format!("a floor of {} for \u{201c}{name}\u{201d}", level(to)),
        (Some(to), Some(from)) => {
            let from = short(from, DIGITS);
            format!(
                "a floor of {} instead of {from} for \u{201c}{name}\u{201d}",
                level(to)
            )
        }
    }
}

/// A number, by itself or with where it comes from.
fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.get("value")?.as_f64())
}

/// A value as it is typed.
fn typed(value: &Value) -> String {
    match (value, number(value)) {
        (_, Some(number)) => short(number, DIGITS),
        (Value::Null, _) => "none".to_owned(),
        (Value::String(word), _) => word.clone(),
        (Value::Object(_), _) => "a distribution".to_owned(),
        (other, _) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::accord_space::is_known_to;
    use crate::scenario::scenario_schema;
    use crate::study::results::fixture::model;
    use serde_json::json;

    #[test]
    fn changes_read_as_words() {
        let model = model();
        for (key, base, value, expected) in [
            (
                "mode",
                json!("framework"),
                json!("bloc"),
                "one table instead of separate ones",
            ),
            (
                "mode",
                json!("bloc"),
                json!("framework"),
                "separate tables instead of one",
            ),
            (
                "table",
                json!("all"),
                json!(["A", "B"]),
                "only Alpha and Beta at the joint table",
            ),
            (
                "table",
                json!(["A"]),
                json!("all"),
                "all members at the joint table",
            ),
            (
                "rule",
                json!("none"),
                json!("consensus"),
                "adopted by consensus",
            ),
            (
                "rule",
                json!("consensus"),
                json!("none"),
                "in force without a vote among those who join",
            ),
            ("opt_outs", json!(0), json!(2), "up to 2 may opt out"),
            (
                "binding",
                json!(0.8),
                json!(0.5),
                "binding 0.5 instead of 0.8",
            ),
            (
                "binding",
                json!({ "value": 0, "note": "why" }),
                json!(0.5),
                "binding 0.5 instead of 0",
            ),
            (
                "binding",
                json!({ "dist": "uniform", "min": 0, "max": 1 }),
                json!(0.5),
                "binding 0.5",
            ),
            (
                "penalty",
                json!(0.0),
                json!(0.3),
                "penalty of leaving 0.3 instead of 0",
            ),
            (
                "floors.tax",
                json!(null),
                json!(0.3),
                "a floor of 0.3 for \u{201c}Tax incentive\u{201d}",
            ),
            (
                "floors.tax",
                json!(0.1),
                json!(0.3),
                "a floor of 0.3 instead of 0.1 for \u{201c}Tax incentive\u{201d}",
            ),
            (
                "floors.tax",
                json!(0.1),
                json!(null),
                "no floor of its own for \u{201c}Tax incentive\u{201d}",
            ),
            (
                "shortlist",
                json!(null),
                json!(5),
                "a short list of 5 suppliers",
            ),
            (
                "shortlist",
                json!(5),
                json!(null),
                "any number of suppliers at a table",
            ),
            (
                "annexes",
                json!(false),
                json!(true),
                "a schedule of terms for each member",
            ),
            (
                "sharing",
                json!("none"),
                json!("gdp"),
                "gains shared by GDP",
            ),
            (
                "side_payments",
                json!(0.0),
                json!(0.25),
                "25% of the gains pooled",
            ),
            ("side_payments", json!(0.5), json!(0), "no gains pooled"),
            ("members", json!("all"), json!(["A"]), "only Alpha invited"),
            ("members", json!(["A"]), json!("all"), "all states invited"),
            ("lead", json!(null), json!("B"), "Beta in the lead"),
            (
                "join",
                json!("will"),
                json!(0.8),
                "each joins in 80 of 100 cases",
            ),
            ("max_rounds", json!(1), json!(4), "up to 4 rounds of talks"),
            (
                "defection",
                json!(true),
                json!(false),
                "members may not leave",
            ),
            ("unheard_of", json!(1), json!(2), "unheard_of 2"),
        ] {
            let change = RuleChange {
                key,
                base: &base,
                value: &value,
            };
            assert_eq!(phrase(&model, change), expected, "{key}");
        }
    }

    #[test]
    fn what_is_pooled_and_by_what_it_is_shared_are_one() {
        let model = model();
        let (none, gdp, zero, half) = (json!("none"), json!("gdp"), json!(0.0), json!(0.5));
        let changes = [
            RuleChange {
                key: "sharing",
                base: &none,
                value: &gdp,
            },
            RuleChange {
                key: "side_payments",
                base: &zero,
                value: &half,
            },
        ];
        assert_eq!(
            phrases(&model, &changes),
            ["half of the gains shared by GDP"]
        );
        assert_eq!(phrases(&model, &changes[..1]), ["gains shared by GDP"]);
        let both = ["a, b".to_owned(), "c".to_owned()];
        assert_eq!(
            (listed(&both), listed(&both[1..])),
            ("a, b; c".to_owned(), "c".to_owned())
        );
    }

    #[test]
    fn every_rule_that_may_be_chosen_has_words() {
        let model = model();
        let schema = scenario_schema();
        let arm = schema["properties"]["arm"]["items"]["properties"]
            .as_object()
            .expect("arms have keys");
        let rules = arm.keys().filter(|key| {
            let is_rule = [Mode::Framework, Mode::Bloc]
                .iter()
                .any(|&mode| is_known_to(mode, key));
            is_rule && !["name", "title", "what", "active"].contains(&key.as_str())
        });
        let mut seen = 0;
        for key in rules {
            let name = if key == "floors" { "floors.tax" } else { key };
            let words: Vec<&str> = match key.as_str() {
                "mode" => Mode::KEYS.to_vec(),
                "rule" => VotingRule::KEYS.to_vec(),
                "sharing" => Sharing::KEYS.to_vec(),
                "weights" => Weights::KEYS.to_vec(),
                "turn" => Turn::KEYS.to_vec(),
                "join" => Joining::KEYS.to_vec(),
                _ => Vec::new(),
            };
            let values: Vec<Value> = match key.as_str() {
                _ if !words.is_empty() => words.into_iter().map(Value::from).collect(),
                "annexes" | "cover_all" | "standing" | "defection" => {
                    vec![json!(true), json!(false)]
                }
                "table" | "members" => vec![json!("all"), json!(["A"])],
                "lead" => vec![json!("A"), Value::Null],
                "shortlist" | "floors" => vec![json!(1), Value::Null],
                _ => vec![json!(0), json!(1)],
            };
            for value in values {
                let change = RuleChange {
                    key: name,
                    base: &json!(0.5),
                    value: &value,
                };
                assert!(
                    words_of(&model, change).is_some(),
                    "{key} = {value} has no words"
                );
                seen += 1;
            }
        }
        assert!(seen > 50, "{seen}");
    }
}
