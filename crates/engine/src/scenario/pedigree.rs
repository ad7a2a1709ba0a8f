//! `[[pedigree]]`: how well uncertain numbers are known.

use crate::engine::model::Uncertain;
use crate::engine::model::layout::Layout;
use crate::engine::model::pedigree::{MARKS, Pedigree};
use crate::scenario::check::{self, Subject};
use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::overrides::misnamed;
use crate::scenario::path;
use crate::scenario::place::ScenarioNames;
use crate::scenario::schema::FileTable;
use crate::scenario::survey::entries;
use crate::scenario::tree::{TomlNode, TomlTable};

/// Checks the entries: their keys, that each names numbers, and that each says why.
pub(crate) fn check(root: &TomlTable, names: &ScenarioNames, problems: &mut Vec<Diagnostic>) {
    for (header, table) in entries(root, FileTable::Pedigree) {
        let subject = Subject {
            section: FileTable::Pedigree,
            table,
            header,
            path: "pedigree",
            mode: None,
        };
        check::check(subject, names, problems);
        if let Some((node, of)) = text(table, "of")
            && let Err(error) = path::slots(names, of)
        {
            problems.push(misnamed(error, node, of));
        }
        if let Some((node, reason)) = text(table, "reason")
            && reason.trim().is_empty()
        {
            let message = "`pedigree.reason` is empty";
            let problem = Diagnostic::error(DiagnosticKind::Missing, node.span, message);
            problems.push(problem.help("say in a sentence why these marks"));
        }
    }
}

/// The pedigree of each of `uncertain` in a scenario that was found valid: of several entries that match, the last.
pub(crate) fn read(
    root: &TomlTable,
    names: &ScenarioNames,
    layout: &Layout,
    uncertain: &[Uncertain],
) -> Vec<Option<Pedigree>> {
    let mut known = vec![None; uncertain.len()];
    for (_, table) in entries(root, FileTable::Pedigree) {
        let (Some((_, of)), Some(pedigree)) = (text(table, "of"), pedigree(table)) else {
            continue;
        };
        for (_, slot) in path::slots(names, of).unwrap_or_default() {
            let index = layout.index(slot);
            // They are in order of slots.
            if let Ok(at) = uncertain.binary_search_by_key(&index, |one| one.slot) {
                known[at] = Some(pedigree.clone());
            }
        }
    }
    known
}

fn pedigree(table: &TomlTable) -> Option<Pedigree> {
    let mut marks = [0; MARKS.len()];
    for (mark, name) in marks.iter_mut().zip(MARKS) {
        *mark = table.get(name)?.node.integer()?.try_into().ok()?;
    }
    let (_, reason) = text(table, "reason")?;
    Some(Pedigree {
        marks,
        reason: reason.to_owned(),
    })
}

fn text<'a>(table: &'a TomlTable, key: &str) -> Option<(&'a TomlNode, &'a str)> {
    let node = &table.get(key)?.node;
    Some((node, node.text()?))
}

#[cfg(test)]
mod tests {
    use crate::engine::model::Model;
    use crate::engine::model::pedigree::Pedigree;
    use crate::scenario::{LoadError, Request, Source, load};

    const TWO: &str = include_str!("../../../../scenarios/template.toml");

    fn entry(of: &str, marks: [u8; 4]) -> String {
        let [proxy, basis, method, validation] = marks;
        format!(
            "[[pedigree]]\nof = \"{of}\"\nproxy = {proxy}\nbasis = {basis}\nmethod = {method}\nvalidation = {validation}\nreason = \"why\"\n"
        )
    }

    /// The model of a base with entries, under a layer with `over`.
    fn layered(base: &str, over: &str) -> Result<Model, LoadError> {
        let mut request = Request::new("over.toml", format!("extends = 'base.toml'\n{over}"));
        request.sets = [
            "state.A.talent={dist='uniform',min=0.3,max=0.5}",
            "state.B.talent={dist='uniform',min=0.3,max=0.5}",
        ]
        .map(str::to_owned)
        .to_vec();
        let base = format!("{TWO}\n{base}");
        load(&request, &mut |_| Ok(base.clone())).map(|loaded| loaded.model)
    }

    fn marks(model: &Model, path: &str) -> Option<[u8; 4]> {
        let at = model.uncertain.iter().position(|one| one.path == path);
        let of = |one: &Pedigree| one.marks;
        model.pedigree[at.expect(path)].as_ref().map(of)
    }

    #[test]
    fn the_last_entry_that_matches_counts() {
        let every = entry("state.*.talent", [1, 1, 1, 1]);
        let one = entry("state.A.talent", [4, 3, 2, 1]);
        let cases = [
            (
                format!("{every}{one}"),
                String::new(),
                [Some([4, 3, 2, 1]), Some([1; 4])],
            ),
            (format!("{one}{every}"), String::new(), [Some([1; 4]); 2]),
            (one.clone(), String::new(), [Some([4, 3, 2, 1]), None]),
            // What a stronger layer gives again is the last.
            (
                format!("{every}{one}"),
                "[[pedigree]]\nof = 'state.*.talent'\nbasis = 2\n".to_owned(),
                [Some([1, 2, 1, 1]); 2],
            ),
            (
                format!("{every}{one}"),
                "[[pedigree]]\nof = 'state.A.talent'\nremove = true\n".to_owned(),
                [Some([1; 4]); 2],
            ),
        ];
        for (base, over, [a, b]) in cases {
            let model = layered(&base, &over).expect("valid");
            assert_eq!(marks(&model, "state.A.talent"), a, "{base}{over}");
            assert_eq!(marks(&model, "state.B.talent"), b, "{base}{over}");
            assert_eq!(model.pedigree.len(), model.uncertain.len());
        }
    }

    #[test]
    fn marks_go_with_what_a_layer_removes() {
        let base = entry("state.C.talent", [1; 4])
            + &entry("link.A.C.efficiency", [1; 4])
            + &entry("state.*.talent", [2; 4]);
        let gone = "[[state]]\nid = 'C'\nremove = true\n";
        let model = layered(&base, gone).expect("marks of a state that is gone are no mistake");
        assert_eq!(marks(&model, "state.A.talent"), Some([2; 4]));
        // The layer that removes it cannot judge it.
        let own = format!("{gone}{}", entry("state.C.talent", [1; 4]));
        assert!(layered("", &own).is_err());
    }

    #[test]
    fn the_resolved_scenario_has_the_same_marks() {
        let text = format!("{TWO}\n{}", entry("market.*", [1; 4]));
        assert!(load(&Request::new("a.toml", text), &mut |_| Err(String::new())).is_err());
        let text = format!("{TWO}\n{}", entry("market.region_efficiency", [0, 1, 2, 3]));
        let read = |source: Source| {
            let request = Request::new(source.name, source.text);
            load(&request, &mut |_| Err(String::new())).expect("valid")
        };
        let first = read(Source {
            name: "a.toml".to_owned(),
            text,
        });
        assert_eq!(
            marks(&first.model, "market.region_efficiency"),
            Some([0, 1, 2, 3])
        );
        let again = read(Source {
            name: "a.toml".to_owned(),
            text: first.resolved.clone(),
        });
        assert_eq!(again.model.pedigree, first.model.pedigree);
        let shown = first.origins.iter().map(|one| one.path.as_str());
        assert!(
            shown
                .into_iter()
                .any(|path| path == "pedigree.\"market.region_efficiency\".basis")
        );
    }
}
