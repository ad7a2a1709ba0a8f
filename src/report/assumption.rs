//! What is uncertain, in plain words.

use crate::engine::model::Model;
use crate::engine::model::keys::meaning_of;

/// What the number at a path means, with whom it is of: "Room for data centres: ... (Malaysia)"; the path itself where nothing is known of it.
pub(crate) fn meaning(model: &Model, path: &str) -> String {
    let Some(said) = meaning_of(path) else {
        return path.to_owned();
    };
    let of = of_whom(model, path);
    match of.is_empty() {
        true => said.to_owned(),
        false => format!("{said} ({})", of.join(", ")),
    }
}

/// The names of those whose ids a path has.
fn of_whom(model: &Model, path: &str) -> Vec<String> {
    let words: Vec<&str> = path.split('.').collect();
    let state = |id: &str| model.states.iter().find(|one| one.id == id);
    let hyperscaler = |id: &str| model.hyperscalers.iter().find(|one| one.id == id);
    let term = |id: &str| model.terms.iter().find(|one| one.id == id);
    let named = |found: Option<&crate::engine::model::Identity>, id: &str| {
        found.map_or_else(|| id.to_owned(), |one| one.name.clone())
    };
    match words[..] {
        ["state", id, "values", of] => vec![named(term(of), of), named(state(id), id)],
        ["hyperscaler", id, "costs", of] => vec![named(term(of), of), named(hyperscaler(id), id)],
        ["state", id, _] => vec![named(state(id), id)],
        ["hyperscaler", id, _] => vec![named(hyperscaler(id), id)],
        ["term", id, _] => vec![named(term(id), id)],
        ["pair", one, other, _] => vec![named(state(one), one), named(hyperscaler(other), other)],
        ["link", one, other, _] => vec![named(state(one), one), named(state(other), other)],
        ["arm", id, ..] => vec![format!("`{id}`")],
        ["event", .., "probability"] => {
            let name = path
                .strip_prefix("event.")
                .and_then(|rest| rest.strip_suffix(".probability"));
            name.map(str::to_owned).into_iter().collect()
        }
        _ => Vec::new(),
    }
}
