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

/// Files of both packages by their path below `src`, with what they say; the second hands its modules on to the first.
fn sources() -> Vec<(String, String)> {
    let mut sources = Vec::new();
    for folder in ["src", "crates/engine/src"].map(|folder| root().join(folder)) {
        let mut found = Vec::new();
        files(&folder, &mut found);
        sources.extend(found.iter().map(|path| {
            let name = path.strip_prefix(&folder).expect("below it");
            let text = std::fs::read_to_string(path).expect("readable");
            (name.to_string_lossy().into_owned(), text)
        }));
    }
    sources.sort();
    sources
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

/// A file as the path of its module: `engine/model/mod.rs` is `engine::model`.
fn module_of(file: &str) -> String {
    let path = file.trim_end_matches(".rs").trim_end_matches("/mod");
    path.replace('/', "::")
}

/// Whether `module` is `of` or lies in it.
fn lies_in(module: &str, of: &str) -> bool {
    let rest = module.strip_prefix(of);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// The paths after `crate::` and `super::` of a file without its comments, and those into modules that it declares, from the root.
fn paths_in(module: &str, text: &str) -> BTreeSet<String> {
    // Tests at the bottom of a file may look around.
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let code = text.lines().filter(|line| !line.trim().starts_with("//"));
    let code = code.collect::<Vec<_>>().join("\n");
    let mut paths = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        add_paths("", rest, &mut paths);
    }
    if let Some((parent, _)) = module.rsplit_once("::") {
        for rest in code.split("super::").skip(1) {
            add_paths(&format!("{parent}::"), rest, &mut paths);
        }
    }
    for child in children(&code) {
        let path = format!("{child}::");
        for (at, _) in code.match_indices(&path) {
            let before = code[..at].chars().next_back();
            if before.is_none_or(|c| !(c.is_ascii_alphanumeric() || "_:".contains(c))) {
                let own = format!("{module}::{path}");
                add_paths(&own, &code[at + path.len()..], &mut paths);
            }
        }
    }
    paths
}

/// The modules that a file declares as files of their own.
fn children(code: &str) -> impl Iterator<Item = &str> {
    let declared = code.lines().filter_map(|line| {
        let line = line.trim().strip_suffix(';')?;
        let (before, name) = line.rsplit_once(' ')?;
        (before == "mod" || before.ends_with(" mod")).then_some(name)
    });
    declared.filter(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
}

/// The path that `rest` begins with after `prefix`; with braces, each in them.
fn add_paths(prefix: &str, rest: &str, paths: &mut BTreeSet<String>) {
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'));
    let (path, rest) = rest.split_at(end.unwrap_or(rest.len()));
    let path = format!("{prefix}{path}");
    let Some(list) = rest.strip_prefix('{').filter(|_| path.ends_with("::")) else {
        let path = path.trim_end_matches("::self").trim_end_matches(':');
        paths.insert(path.to_owned());
        return;
    };
    let mut depth = 0;
    let mut start = 0;
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                let one = list[start..at].trim();
                if !one.is_empty() {
                    add_paths(&path, one, paths);
                }
                start = at + 1;
                if c == '}' {
                    return;
                }
            }
            _ => {}
        }
    }
}

#[test]
fn modules_depend_as_the_map_says() {
    let table = table();
    assert!(table.len() >= 13, "the map has {} rows", table.len());
    let row = |module: &str| table.iter().find(|(name, _)| lies_in(module, name));
    let mut problems = BTreeSet::new();
    for (file, text) in sources() {
        let module = module_of(&file);
        if ["lib", "main", "theory", "engine"].contains(&&*module) || lies_in(&module, "cli") {
            continue;
        }
        let Some((name, allowed)) = row(&module) else {
            problems.insert(format!("{module} is not in the map"));
            continue;
        };
        for used in paths_in(&module, &text) {
            let is_allowed = |one: &String| lies_in(&used, one);
            if !lies_in(&used, name) && !allowed.iter().any(is_allowed) {
                problems.insert(format!("{file} uses {used}"));
            }
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn modules_use_only_those_above_them() {
    let mut above: BTreeSet<String> = BTreeSet::new();
    for (module, allowed) in table() {
        for used in allowed {
            let known = above.iter().any(|one| lies_in(one, &used));
            assert!(known, "{module} uses {used}, which the map lists below it");
        }
        above.insert(module);
    }
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let sources = sources();
    let modules: BTreeSet<String> = sources.iter().map(|(file, _)| module_of(file)).collect();
    // The module that a path leads into: the longest part of it that is one.
    let target = |path: &str| {
        let mut path = path;
        while !modules.contains(path) {
            path = path.rsplit_once("::")?.0;
        }
        Some(path.to_owned())
    };
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (file, text) in &sources {
        let module = module_of(file);
        let used = paths_in(&module, text).into_iter();
        let used = used.filter_map(|path| target(&path));
        let used = used.filter(|used| *used != module).collect();
        uses.insert(module, used);
    }
    // A module that reaches itself over others is part of a circle.
    let reached = |from: &str| {
        let mut reached: BTreeSet<String> = BTreeSet::new();
        let mut next = vec![from.to_owned()];
        while let Some(module) = next.pop() {
            let used = uses[&module].iter();
            next.extend(used.filter(|used| reached.insert((*used).clone())).cloned());
        }
        reached
    };
    let reached: BTreeMap<&String, BTreeSet<String>> = uses
        .keys()
        .map(|module| (module, reached(module)))
        .collect();
    let mut lines = Vec::new();
    for (module, used) in &uses {
        let back = used.iter().filter(|used| reached[used].contains(module));
        lines.extend(back.map(|used| format!("{module} uses {used}, which leads back to it")));
    }
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}

#[test]
fn only_simulate_uses_rayon_and_only_the_command_line_touches_the_outside() {
    for (file, text) in sources()
        .iter()
        .filter(|(file, _)| !file.starts_with("cli/") && file != "main.rs")
    {
        assert!(
            file.starts_with("engine/simulate/") || !text.contains("use rayon"),
            "{file} uses rayon"
        );
        for outside in ["std::fs", "std::env", "std::time", "println!"] {
            assert!(!text.contains(outside), "{file} uses {outside}");
        }
    }
}

#[test]
fn no_two_types_have_one_name() {
    let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (file, text) in sources() {
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        for line in code.lines() {
            // What stands further in belongs to an item: the types of a trait.
            let public = line.strip_prefix("pub").map(|rest| rest.split_once(' '));
            let item = public.flatten().map_or(line, |(_, item)| item);
            let types = ["struct ", "enum ", "trait ", "type "];
            let Some(name) = types.iter().find_map(|one| item.strip_prefix(one)) else {
                continue;
            };
            let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            let name = name[..end.unwrap_or(name.len())].to_owned();
            named.entry(name).or_default().push(file.clone());
        }
    }
    assert!(named.len() > 300, "{} types", named.len());
    let twice = named.iter().filter(|(_, files)| files.len() > 1);
    let twice: Vec<String> = twice
        .map(|(name, files)| format!("{name}: {}", files.join(", ")))
        .collect();
    assert!(twice.is_empty(), "{}", twice.join("\n"));
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
