//! The layout: modules depend one way, as the table in the crate's documentation says, and files stay readable.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Files near this length hold a second idea.
const LONGEST_FILE: usize = 600;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    files(&root().join("src"), &mut found);
    found.sort();
    let name = |path: &Path| {
        path.strip_prefix(root().join("src"))
            .expect("below src")
            .to_string_lossy()
            .into_owned()
    };
    found
        .iter()
        .map(|path| (name(path), std::fs::read_to_string(path).expect("readable")))
        .collect()
}

/// Modules and those that each may use, from the table in `lib.rs` and in its order; not `cli`, which may use all.
fn table() -> Vec<(String, BTreeSet<String>)> {
    let text = std::fs::read_to_string(root().join("src/lib.rs")).expect("readable");
    let rows = text.lines().filter(|line| line.starts_with("//! | [`"));
    rows.map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let words = |cell: &str| {
            cell.split('`')
                .skip(1)
                .step_by(2)
                .map(str::to_owned)
                .collect::<BTreeSet<_>>()
        };
        let module = words(cells[1]).into_iter().next().expect("a module");
        (module, words(cells[3]))
    })
    .collect()
}

#[test]
fn modules_depend_as_the_map_says() {
    let table: BTreeMap<_, _> = table().into_iter().collect();
    assert!(table.len() >= 13, "the map has {} rows", table.len());
    let mut problems = Vec::new();
    for (file, text) in sources() {
        let module = file
            .split('/')
            .next()
            .expect("a name")
            .trim_end_matches(".rs")
            .to_owned();
        if ["lib", "main", "cli"].contains(&module.as_str()) {
            continue;
        }
        let Some(allowed) = table.get(&module) else {
            problems.push(format!("{module} is not in the map"));
            continue;
        };
        for used in text.split("crate::").skip(1) {
            let used: String = used
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect();
            if used != module && !allowed.contains(&used) {
                problems.push(format!("{file} uses {used}"));
            }
        }
    }
    problems.dedup();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn modules_use_only_those_above_them() {
    let mut above = BTreeSet::new();
    for (module, allowed) in table() {
        let below: Vec<_> = allowed.difference(&above).collect();
        assert!(
            below.is_empty(),
            "{module} uses {below:?}, which the map lists below it"
        );
        above.insert(module);
    }
}

#[test]
fn only_simulate_uses_rayon_and_only_the_command_line_touches_the_outside() {
    for (file, text) in sources()
        .iter()
        .filter(|(file, _)| !file.starts_with("cli/") && file != "main.rs")
    {
        assert!(
            file.starts_with("simulate/") || !text.contains("use rayon"),
            "{file} uses rayon"
        );
        for outside in ["std::fs", "std::env", "std::time", "println!"] {
            assert!(!text.contains(outside), "{file} uses {outside}");
        }
    }
}

#[test]
fn files_hold_one_idea() {
    for (file, text) in sources() {
        assert!(
            text.lines().count() <= LONGEST_FILE,
            "{file} has {} lines",
            text.lines().count()
        );
    }
}

#[test]
fn every_equation_is_cited_where_it_is_computed() {
    // Reports print numbers of equations, which is no citation.
    let computing = sources()
        .into_iter()
        .filter(|(file, _)| !file.starts_with("report/"));
    let comments: String = computing
        .flat_map(|(_, text)| {
            text.lines()
                .map(str::trim)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .filter(|line| line.starts_with("//"))
        .collect();
    for equation in 1..=37 {
        assert!(
            comments.contains(&format!("({equation})")),
            "equation ({equation}) is cited nowhere"
        );
    }
}
