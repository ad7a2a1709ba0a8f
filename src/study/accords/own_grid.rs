//! The grid that is searched where a scenario says none.

use crate::engine::model::Model;
use crate::engine::model::arm::members;
use crate::engine::model::keys::StateKey;
use crate::scenario::accord_space::RuleChoice;
use crate::study::accords::written::{number_of, parsed, same, written};
use toml::Table;

/// Half of the gains, where the base pools none.
const POOLED: &str = "0.5";

/// What is searched where a scenario does not say it: mode, who sits at the table, how it is adopted, binding, short list, annexes and sharing.
///
/// The table is of all or of the third of the states with the largest gross domestic products; an accord is adopted as the base is, by consensus
/// or by a qualified majority; binding is none, half or as in the base; a short list has three suppliers of five; half of the gains are pooled.
pub fn own_grid(model: &Model, base: usize, table: &Table) -> Vec<RuleChoice> {
    let choice = |key: &str, values: &[&str]| {
        let mut values: Vec<String> = values.iter().map(|&value| value.to_owned()).collect();
        if let Some(own) = written(table, key).filter(|_| key == "binding" || key == "rule") {
            let own = match number_of(&own) {
                Some(number) => format!("{number:?}"),
                None => own.to_string(),
            };
            let known = |text: &String| same(Some(&parsed(text)), Some(&parsed(&own)));
            if !values.iter().any(known) && toml_is_plain(&own) {
                values.push(own);
            }
        }
        RuleChoice {
            key: key.to_owned(),
            values: Some(values),
        }
    };
    let mut choices = vec![choice("mode", &["\"framework\"", "\"bloc\""])];
    let invited: Vec<usize> = members(model.arms[base].members).collect();
    if invited.len() > 3 {
        let seats = largest(model, &invited);
        choices.push(choice("table", &["\"all\"", &seats]));
    }
    choices.push(choice("rule", &["\"consensus\"", "\"qualified-majority\""]));
    choices.push(choice("binding", &["0.0", "0.5"]));
    let shortlist = (model.hyperscalers.len() * 3).div_ceil(5);
    if shortlist < model.hyperscalers.len() {
        choices.push(choice("shortlist", &["\"none\"", &shortlist.to_string()]));
    }
    choices.push(choice("annexes", &["false", "true"]));
    choices.push(choice("sharing", &["\"none\"", "\"equal\"", "\"gdp\""]));
    if written(table, "side_payments").as_ref().and_then(number_of) == Some(0.0) {
        choices.push(choice("side_payments", &[POOLED]));
    }
    choices
}

/// Whether a value is written as one, not as a distribution.
fn toml_is_plain(text: &str) -> bool {
    !text.starts_with('{')
}

/// The third of some states, two at least, with the largest products, as TOML.
fn largest(model: &Model, invited: &[usize]) -> String {
    let gdp = |i: usize| model.base[model.layout.state(i, StateKey::Gdp)];
    let mut order = invited.to_vec();
    order.sort_by(|&one, &other| gdp(other).total_cmp(&gdp(one)));
    order.truncate(invited.len().div_ceil(3).max(2));
    order.sort_unstable();
    let id = |&i: &usize| format!("\"{}\"", model.states[i].id);
    let ids: Vec<String> = order.iter().map(id).collect();
    format!("[{}]", ids.join(", "))
}
