//! Which results of each world a study reads: as asked for by their paths, or those that it takes by itself.

use crate::engine::model::Model;
use crate::engine::model::words::Mode;
use crate::study::readings::Output;
use crate::study::results::path::ResultPath;
use crate::study::results::path_words::ResultPathError;
use crate::study::threshold::Over;

/// A result that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{flag} {path}: {source}")]
pub struct OutputError {
    /// The flag that took it.
    pub flag: &'static str,
    /// Its path.
    pub path: String,
    /// What is wrong with it.
    pub source: ResultPathError,
}

/// Payoffs of all states together and of each as an arm, with what ends their paths: "" or ".difference".
pub fn payoffs<'a>(
    model: &'a Model,
    arm: usize,
    end: &'a str,
) -> impl Iterator<Item = String> + 'a {
    let name = &model.arms[arm].name;
    let states = model.states.iter();
    let of_states = states.map(move |state| format!("{name}.state.{}.payoff{end}", state.id));
    [format!("{name}.total.payoff{end}")]
        .into_iter()
        .chain(of_states)
}

/// What each arm but the reference adds, for all states together, then for each.
pub fn default_outputs(model: &Model, reference: usize) -> Vec<String> {
    let others = (0..model.arms.len()).filter(|&arm| arm != reference);
    let others: Vec<usize> = others.collect();
    if others.is_empty() {
        return payoffs(model, reference, "").collect();
    }
    let added = |&arm: &usize| payoffs(model, arm, ".difference");
    let totals = others.iter().filter_map(|arm| added(arm).next());
    totals
        .chain(others.iter().flat_map(|arm| added(arm).skip(1)))
        .collect()
}

/// Paths into the results of `model`.
///
/// # Errors
/// A path that names nothing there, a statistic over worlds, or one that is asked for twice.
pub fn paths(names: &[String], model: &Model) -> Result<Vec<ResultPath>, OutputError> {
    let mut paths = Vec::with_capacity(names.len());
    for name in names {
        let path = ResultPath::parse(name, model);
        let path = path.map_err(|source| OutputError {
            flag: "--output",
            path: name.clone(),
            source,
        })?;
        of_each_world("--output", name, &path)?;
        if paths.contains(&path) {
            return Err(refused("--output", name, "it is asked for twice"));
        }
        paths.push(path);
    }
    Ok(paths)
}

/// Resolves paths into the results of `model`.
///
/// # Errors
/// As for [`paths`].
pub fn outputs(
    names: &[String],
    model: &Model,
    reference: usize,
) -> Result<Vec<Output>, OutputError> {
    let outputs = names.iter().zip(paths(names, model)?);
    let outputs = outputs.map(|(name, path)| Output {
        name: name.clone(),
        reading: path.reading(model, reference),
    });
    Ok(outputs.collect())
}

/// A path as an output with its full name.
pub fn as_output(path: &ResultPath, model: &Model, reference: usize) -> Output {
    Output {
        name: path.describe(model),
        reading: path.reading(model, reference),
    }
}

/// An error if a path names a statistic over worlds, where the number of each world is asked for.
///
/// # Errors
/// It does.
pub fn of_each_world(flag: &'static str, name: &str, path: &ResultPath) -> Result<(), OutputError> {
    let message = "it is asked for the number of each world: leave out the statistic";
    match path.over() {
        Some(Over::Mean) => Ok(()),
        _ => Err(refused(flag, name, message)),
    }
}

fn refused(flag: &'static str, path: &str, message: &str) -> OutputError {
    OutputError {
        flag,
        path: path.to_owned(),
        source: ResultPathError {
            offset: 0,
            length: path.len(),
            message: message.to_owned(),
        },
    }
}

/// The first output that is a difference in an arm that bargains as one, else the first; as an index.
pub fn headline(names: &[String], model: &Model) -> usize {
    let blocs = model.arms.iter().filter(|arm| arm.mode == Mode::Bloc);
    let mut prefixes = blocs.map(|arm| format!("{}.total.payoff.difference", arm.name));
    prefixes
        .find_map(|name| names.iter().position(|one| *one == name))
        .unwrap_or(0)
}
