//! Which uncertain quantities are factors, and which of them are taken as one.

use crate::engine::model::Model;
use crate::error::Error;
use crate::study::discover::ResultFactor;
use crate::study::factors::Factor;
use crate::study::outputs::of_each_world;
use crate::study::results::path::ResultPath;

/// The factors: groups NAME=GLOB as asked for, and every quantity that a glob names by itself; all of them without either.
pub fn grouped(named: &[String], globs: &[String], model: &Model) -> Result<Vec<Factor>, Error> {
    let mut groups = Vec::new();
    let mut taken = vec![false; model.draws_len()];
    for text in named {
        let refuse = |reason: String| {
            let text = text.clone();
            Err(Error::Group { text, reason })
        };
        let Some((name, glob)) = text.split_once('=') else {
            return refuse("expected NAME=GLOB".to_owned());
        };
        let members = members(glob, model);
        if let Some(&twice) = members.iter().find(|&&member| taken[member]) {
            let path = model.draw_name(twice);
            return refuse(format!("{path} is in another group already"));
        }
        let is_path = (0..model.draws_len()).any(|index| model.draw_name(index) == name);
        if name.is_empty() || is_path || groups.iter().any(|one: &Factor| one.name == name) {
            return refuse("every group needs a name of its own".to_owned());
        }
        if members.is_empty() {
            return Err(Error::NoFactor {
                flag: "--group",
                glob: glob.to_owned(),
            });
        }
        members.iter().for_each(|&member| taken[member] = true);
        groups.push(Factor {
            name: name.to_owned(),
            members,
        });
    }
    if !groups.is_empty() && globs.is_empty() {
        return Ok(groups);
    }
    let single = factors(model, globs)?
        .into_iter()
        .filter(|&index| !taken[index]);
    groups.extend(single.map(|index| Factor {
        name: model.draw_name(index).into_owned(),
        members: vec![index],
    }));
    Ok(groups)
}

/// Factors of worlds that are there: quantities and events as of [`factors`], and results of each world, for what no quantity matches: who was a member,
/// `bloc.window.1.member.*`, or any other that a condition could name. There `*` stands for an id.
pub fn factors_or_results(
    model: &Model,
    globs: &[String],
) -> Result<(Vec<usize>, Vec<ResultFactor>), Error> {
    let mut results: Vec<ResultFactor> = Vec::new();
    let mut drawn = Vec::new();
    for glob in globs {
        let named = match members(glob, model).is_empty() {
            true => results_of(glob, model)?,
            false => Vec::new(),
        };
        match named.is_empty() {
            true => drawn.push(glob.clone()),
            false => results.extend(named),
        }
    }
    let drawn = match drawn.is_empty() && !results.is_empty() {
        true => Vec::new(),
        false => factors(model, &drawn)?,
    };
    let mut once: Vec<ResultFactor> = Vec::new();
    for one in results {
        if !once.iter().any(|other| other.path == one.path) {
            once.push(one);
        }
    }
    Ok((drawn, once))
}

/// Results of each world that a path names, or one in which `*` stands for an id.
fn results_of(glob: &str, model: &Model) -> Result<Vec<ResultFactor>, Error> {
    let states = model.states.iter().map(|one| &one.id);
    let hyperscalers = model.hyperscalers.iter().map(|one| &one.id);
    let names: Vec<String> = match glob.contains('*') {
        false => vec![glob.to_owned()],
        true => states
            .chain(hyperscalers)
            .map(|id| glob.replace('*', id))
            .collect(),
    };
    let mut found = Vec::new();
    for name in names {
        if let Ok(path) = ResultPath::parse(&name, model) {
            of_each_world("--factors", &name, &path)?;
            found.push(ResultFactor { name, path });
        }
    }
    Ok(found)
}

/// Indices of the uncertain quantities of `model` whose path matches one of `globs`, in which `*` stands for any text; all of them without any.
/// Behind them come those of events, as of [`Model::draw_name`], which only a glob names that begins with `event.`.
pub fn factors(model: &Model, globs: &[String]) -> Result<Vec<usize>, Error> {
    if !model.is_uncertain() {
        return Err(Error::NothingUncertain);
    }
    if globs.is_empty() {
        return match model.uncertain.is_empty() {
            true => Err(Error::EventsAlone),
            false => Ok((0..model.uncertain.len()).collect()),
        };
    }
    let mut chosen = Vec::new();
    for glob in globs {
        let members = members(glob, model);
        if members.is_empty() {
            return Err(Error::NoFactor {
                flag: "--factors",
                glob: glob.clone(),
            });
        }
        chosen.extend(members);
    }
    chosen.sort_unstable();
    chosen.dedup();
    Ok(chosen)
}

/// Indices of the uncertain quantities whose path matches, or of events.
fn members(glob: &str, model: &Model) -> Vec<usize> {
    let named = match glob.starts_with("event.") {
        true => model.draws_len(),
        false => model.uncertain.len(),
    };
    let members = (0..named).filter(|&index| matches(glob, &model.draw_name(index)));
    members.collect()
}

/// Whether `text` matches `glob`, in which `*` stands for any text.
pub fn matches(glob: &str, text: &str) -> bool {
    let mut parts = glob.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_paths() {
        for (glob, path, expected) in [
            ("*", "state.SG.gdp", true),
            ("state.SG.*", "state.SG.gdp", true),
            ("state.*.gdp", "state.SG.gdp", true),
            ("state.*.gdp", "state.SG.gdp_growth", false),
            ("market.*", "state.SG.gdp", false),
            ("*.SG.*", "state.SG.gdp", true),
            ("state.SG.gdp", "state.SG.gdp", true),
            ("state.SG.gd", "state.SG.gdp", false),
            ("a*a", "a", false),
        ] {
            assert_eq!(matches(glob, path), expected, "{glob} {path}");
        }
    }
}
