//! Mistakes in `[[pedigree]]`.

use crate::scenario_errors::{SMALL, errors};
use insta::assert_snapshot;
use mufakat::scenario::Request;

/// What a user sees where an entry is of `of`, with `rest` for its other keys.
fn added(of: &str, rest: &str) -> String {
    let text = format!("{SMALL}[[pedigree]]\nof = '{of}'\n{rest}");
    errors(&Request::new("a.toml", text), &[])
}

const GOOD: &str = "proxy = 1\nbasis = 1\nmethod = 1\nvalidation = 0\nreason = 'a guess'\n";

#[test]
fn of_names_a_number() {
    assert_snapshot!(added("state.*.talnt", GOOD), @r#"
error: `[[state]]` has no key `talnt`
  --> a.toml:34:15
   |
34 | of = 'state.*.talnt'
   |               ^^^^^ did you mean `talent`?
"#);
    assert_snapshot!(added("state.SGP.talent", GOOD), @r#"
error: there is no state `SGP`
  --> a.toml:34:13
   |
34 | of = 'state.SGP.talent'
   |             ^^^ did you mean `SG`?
"#);
    assert_snapshot!(added("simulation.seed", GOOD), @r#"
error: `simulation.seed` is fixed, not a number that may vary
  --> a.toml:34:7
   |
34 | of = 'simulation.seed'
   |       ^^^^^^^^^^^^^^^
"#);
    assert_snapshot!(added("pedigree.a.proxy", GOOD), @r#"
error: marks have no paths: a file laid over with --overlay gives others
  --> a.toml:34:7
   |
34 | of = 'pedigree.a.proxy'
   |       ^^^^^^^^^^^^^^^^
"#);
}

#[test]
fn marks_have_their_range_and_their_reason() {
    let wrong = "proxy = 5\nbasis = 1.5\nmethod = 1\nreason = ' '\n";
    assert_snapshot!(added("state.SG.talent", wrong), @r#"
error: `pedigree` needs the key `validation`
  --> a.toml:33:1
   |
33 | [[pedigree]]
   | ^^^^^^^^^^^^ add `validation = ...`: an integer from 0 to 4

error: `pedigree.proxy` must be an integer from 0 to 4
  --> a.toml:35:9
   |
35 | proxy = 5
   |         ^ out of range

error: `pedigree.basis` must be an integer from 0 to 4
  --> a.toml:36:9
   |
36 | basis = 1.5
   |         ^^^ this is a float

error: `pedigree.reason` is empty
  --> a.toml:38:10
   |
38 | reason = ' '
   |          ^^^
   |
   = help: say in a sentence why these marks
"#);
}

#[test]
fn a_number_is_judged_once_by_an_entry() {
    let twice = format!("{GOOD}[[pedigree]]\nof = 'state.SG.talent'\n{GOOD}");
    assert_snapshot!(added("state.SG.talent", &twice), @r#"
error: pedigree `state.SG.talent` is given twice
  --> a.toml:41:6
   |
34 | of = 'state.SG.talent'
   |      ----------------- first here
...
41 | of = 'state.SG.talent'
   |      ^^^^^^^^^^^^^^^^^ again here
"#);
}
