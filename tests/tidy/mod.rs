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

/// module -> modules that it may use, from the table in `lib.rs`; none for `cli`, which may use all.
fn table() -> BTreeMap<String, BTreeSet<String>> {
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
    let table = table();
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
fn only_simulate_uses_rayon_and_only_the_command_line_touches_the_outside() {
    for (file, text) in sources()
        .iter()
        .filter(|(file, _)| !file.starts_with("cli/") && file != "main.rs")
    {
        assert!(
            file == "simulate.rs" || !text.contains("use rayon"),
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
    let code: String = sources().into_iter().map(|(_, text)| text).collect();
    for equation in 1..=37 {
        assert!(
            code.contains(&format!("({equation})")),
            "equation ({equation}) is cited nowhere"
        );
    }
}
