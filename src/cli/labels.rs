//! What each of several scenarios of one study is called, and the file that holds it in the directory of the study.

use crate::cli::store::directory::SCENARIO;
use std::path::Path;

/// Characters of the longest name.
const LONGEST: usize = 50;

/// What a scenario is called: its name or the stem of its file, with a number where that is taken; `others` are those before it.
pub fn label(name: &str, others: &[&str]) -> String {
    let stem = Path::new(name)
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    let stem = stem.unwrap_or_else(|| name.to_owned());
    // What the name of its file has besides must not make it too long.
    let stem: String = stem.chars().take(LONGEST).collect();
    let taken = |label: &str| {
        // The first lies under this name, whatever it is called.
        let is_first = !others.is_empty() && file_of(label) == SCENARIO;
        is_first || others.contains(&label)
    };
    let mut numbered = (2..).map(|k| format!("{stem}-{k}"));
    match taken(&stem) {
        false => stem,
        true => numbered.find(|label| !taken(label)).unwrap_or(stem),
    }
}

/// The file of a scenario behind the first.
pub fn file_of(label: &str) -> String {
    format!("{label}.resolved.toml")
}

/// The file of each of some scenarios.
pub fn files_of<'a>(labels: impl IntoIterator<Item = &'a str>) -> impl Iterator<Item = String> {
    let labels = labels.into_iter().enumerate();
    labels.map(|(number, label)| match number {
        0 => SCENARIO.to_owned(),
        _ => file_of(label),
    })
}
