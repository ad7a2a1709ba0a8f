//! Wrong data: files of numbers and what names them.

use super::{SMALL, changed, errors};
use insta::assert_snapshot;
use mufakat::scenario::Request;

/// What a user sees for the small scenario with this talent, and this file beside it.
fn with_file(talent: &str, file: &str) -> String {
    let text = SMALL.replacen("talent = 0.5", &format!("talent = {talent}"), 1);
    errors(&Request::new("a.toml", text), &[("d.csv", file)])
}

const OF_FILE: &str = "{ dist = 'empirical', file = 'd.csv', column = 'talent' }";

#[test]
fn neither_values_nor_a_file() {
    assert_snapshot!(changed("talent = 0.5", "talent = { dist = 'empirical' }"), @r#"
error: `state.SG.talent`: an empirical distribution needs the key `values`
  --> a.toml:23:10
   |
23 | talent = { dist = 'empirical' }
   |          ^^^^^^^^^^^^^^^^^^^^^^ add `values = ...`, or `file` and `column` of a CSV file
"#);
}

#[test]
fn no_values() {
    assert_snapshot!(changed("talent = 0.5", "talent = { dist = 'empirical', values = [] }"), @r#"
error: `state.SG.talent` is not a distribution: values must not be empty
  --> a.toml:23:10
   |
23 | talent = { dist = 'empirical', values = [] }
   |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ impossible parameters
"#);
}

#[test]
fn a_value_out_of_range() {
    assert_snapshot!(changed("talent = 0.5", "talent = { dist = 'empirical', values = [0.5, 1.25, 2] }"), @r#"
error: value 2: `state.SG.talent` must be a number in [0, 1]
  --> a.toml:23:47
   |
23 | talent = { dist = 'empirical', values = [0.5, 1.25, 2] }
   |                                               ^^^^ this is 1.25
"#);
}

#[test]
fn no_switch() {
    assert_snapshot!(
        changed("discount_rate = 0.1\n", "discount_rate = 0.1\n[[arm]]\nname='a'\nmode='bilateral'\nactive={dist='empirical', values=[0, 1]}\n"),
        @r#"
error: `arm.a.active` must be true, false, 0 or 1
  --> a.toml:36:8
   |
36 | active={dist='empirical', values=[0, 1]}
   |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ an empirical distribution takes other values; use bernoulli
"#
    );
}

#[test]
fn no_such_file() {
    let text = SMALL.replacen("talent = 0.5", &format!("talent = {OF_FILE}"), 1);
    assert_snapshot!(errors(&Request::new("a.toml", text), &[]), @r#"
d.csv: no such file (named by `file = "d.csv"` in a.toml)
"#);
}

#[test]
fn no_such_column() {
    assert_snapshot!(with_file(OF_FILE, "Talents,compute\n1,2\n"), @r#"
error: d.csv has no column `talent`
  --> a.toml:23:57
   |
23 | talent = { dist = 'empirical', file = 'd.csv', column = 'talent' }
   |                                                         ^^^^^^^^ did you mean `Talents`?
"#);
}

#[test]
fn a_file_without_a_column() {
    assert_snapshot!(with_file("{ dist = 'empirical', file = 'd.csv' }", "talent\n1\n"), @r#"
error: `state.SG.talent`: an empirical distribution from a file needs the key `column`
  --> a.toml:23:10
   |
23 | talent = { dist = 'empirical', file = 'd.csv' }
   |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ add `column = "..."`
"#);
}

#[test]
fn a_cell_that_is_no_number() {
    assert_snapshot!(with_file(OF_FILE, "id,talent\na,0.5\nb,n/a\n"), @r#"
error: row 2, column `talent` of d.csv: expected a finite number
  --> d.csv:3:3
   |
 3 | b,n/a
   |   ^^^ this is none
   |
  ::: a.toml:23:57
   |
23 | talent = { dist = 'empirical', file = 'd.csv', column = 'talent' }
   |                                                         -------- read for this
   |
   = help: write it with a point and without units or separators of thousands, such as 1250.5 or 1.25e3; a row without a number must be left out
"#);
}

#[test]
fn an_empty_cell() {
    assert_snapshot!(with_file(OF_FILE, "id,talent\na,0.5\nb,\n"), @r#"
error: row 2, column `talent` of d.csv: expected a finite number
  --> d.csv:3:3
   |
 3 | b,
   |   ^ this cell is empty
   |
  ::: a.toml:23:57
   |
23 | talent = { dist = 'empirical', file = 'd.csv', column = 'talent' }
   |                                                         -------- read for this
   |
   = help: write it with a point and without units or separators of thousands, such as 1250.5 or 1.25e3; a row without a number must be left out
"#);
}

#[test]
fn a_cell_out_of_range() {
    assert_snapshot!(with_file(OF_FILE, "id,talent\na,0.5\nb,1\nc,1.5\n"), @r#"
error: row 3, column `talent` of d.csv: `state.SG.talent` must be a number in [0, 1]
 --> d.csv:4:3
  |
4 | c,1.5
  |   ^^^ this is 1.5
"#);
}

#[test]
fn a_word_where_a_number_is_due() {
    assert_snapshot!(with_file(OF_FILE, "id,talent\na,0.5\nb,true\n"), @r#"
error: row 2, column `talent` of d.csv: `state.SG.talent` must be a number in [0, 1]
 --> d.csv:3:3
  |
3 | b,true
  |   ^^^^ this is a word
"#);
}

#[test]
fn rows_of_another_length() {
    assert_snapshot!(with_file(OF_FILE, "id,talent\na,0.5\nb,0,75\n"), @r#"
error: row 2 of d.csv has 3 cells, its header 2 cells
 --> d.csv:3:1
  |
3 | b,0,75
  | ^^^^^^
  |
  = help: the first line names the columns, each line below it is a row of numbers between commas
"#);
}

#[test]
fn an_unknown_way_to_take_rows() {
    assert_snapshot!(with_file("{ dist = 'empirical', file = 'd.csv', column = 'talent', rows = 'random', weights = [1] }", "talent\n0.5\n"), @r#"
error: `rows` of `state.SG.talent` must be "drawn" or "listed"
  --> a.toml:23:74
   |
23 | talent = { dist = 'empirical', file = 'd.csv', column = 'talent', rows = 'random', weights = [1] }
   |                                                                          ^^^^^^^^ unknown word

error: `state.SG.talent`: an empirical distribution from a file has no key `weights`
  --> a.toml:23:84
   |
23 | talent = { dist = 'empirical', file = 'd.csv', column = 'talent', rows = 'random', weights = [1] }
   |                                                                                    ^^^^^^^
   |
   = help: known: `dist`, `values`, `file`, `column`, `rows`, `design`, `source`, `grade`, `unit`, `note`
"#);
}

#[test]
fn more_worlds_than_listed_rows() {
    assert_snapshot!(with_file("{ dist = 'empirical', file = 'd.csv', column = 'talent', rows = 'listed' }", "talent\n0.5\n1\n"), @r#"
error: 1000 worlds are more than the 2 rows of d.csv
  --> a.toml:23:39
   |
23 | talent = { dist = 'empirical', file = 'd.csv', column = 'talent', rows = 'listed' }
   |                                       ^^^^^^^ world k takes row k, so that each world needs its own
   |
   = help: play at most `-n 2`, or add rows
"#);
}

#[test]
fn columns_of_different_length() {
    let of = |values: &str| {
        format!("{{ dist = 'empirical', file = 'd.csv', column = 'x', values = {values} }}")
    };
    let text = SMALL.replacen("talent = 0.5", &format!("talent = {}", of("[0, 1]")), 1);
    let text = text.replacen("compute = 0.1", &format!("compute = {}", of("[0]")), 1);
    assert_snapshot!(errors(&Request::new("a.toml", text), &[]), @r#"
error: columns of d.csv have 2 and 1 values: rows are drawn whole
  --> a.toml:25:40
   |
23 | talent = { dist = 'empirical', file = 'd.csv', column = 'x', values = [0, 1] }
   |                                       ------- the other
24 | infrastructure = 0.9
25 | compute = { dist = 'empirical', file = 'd.csv', column = 'x', values = [0] }
   |                                        ^^^^^^^
   |
   = help: columns with the same `file` need a value for each of its rows
"#);
}

#[test]
fn rows_are_not_correlated_besides() {
    let text = SMALL.replacen("talent = 0.5", &format!("talent = {OF_FILE}"), 1);
    let text = text.replacen(
        "compute = 0.1",
        "compute = { dist = 'uniform', min = 0, max = 1 }",
        1,
    );
    let text = format!(
        "{text}[[correlation]]\nbetween = ['state.SG.talent', 'state.SG.compute']\nrho = 0.5\n"
    );
    let files = [("d.csv", "talent\n0.5\n1\n")];
    assert_snapshot!(errors(&Request::new("a.toml", text), &files), @r#"
error: `state.SG.talent` is drawn with the rows of d.csv: it cannot be correlated besides
  --> a.toml:34:12
   |
23 | talent = { dist = 'empirical', file = 'd.csv', column = 'talent' }
   |                                       ------- here
...
34 | between = ['state.SG.talent', 'state.SG.compute']
   |            ^^^^^^^^^^^^^^^^^
   |
   = help: take it out of `between`, or give it a distribution of its own
"#);
}

/// What a user sees for the small scenario with these worlds.
fn with_worlds(table: &str, sets: &[&str], trials: Option<u64>) -> String {
    let mut request = Request::new("a.toml", SMALL);
    request.worlds = Some(super::source("w.csv", table));
    request.sets = sets.iter().map(|&set| set.to_owned()).collect();
    request.trials = trials;
    errors(&request, &[])
}

#[test]
fn worlds_with_unknown_columns() {
    assert_snapshot!(with_worlds("state.SG.talant,talent_SG,market.diversio\n0,0,0\n", &[], None), @r#"
error: `[[state]]` has no key `talant`
 --> w.csv:1:1
  |
1 | state.SG.talant,talent_SG,market.diversio
  | ^^^^^^^^^^^^^^^ did you mean `state.SG.talent`?
  |
  = help: a column is named by the path of a quantity, such as market.diversion or state.SG.talent; `mufakat show SCENARIO --origin` lists those that are written

error: a scenario has no key `talent_SG`
 --> w.csv:1:17
  |
1 | state.SG.talant,talent_SG,market.diversio
  |                 ^^^^^^^^^
  |
  = help: known: `schema`, `name`, `description`, `extends`, `question`, `words`, `history`, `simulation`, `horizon`, `market`, `bargaining`, `dynamics`, `state`, `hyperscaler`, `term`, `pair`, `link`, `arm`, `event`, `correlation`, `pedigree`, `sweep`, `accords`
  = help: a column is named by the path of a quantity, such as market.diversion or state.SG.talent; `mufakat show SCENARIO --origin` lists those that are written

error: `[market]` has no key `diversio`
 --> w.csv:1:27
  |
1 | state.SG.talant,talent_SG,market.diversio
  |                           ^^^^^^^^^^^^^^^ did you mean `market.diversion`?
  |
  = help: a column is named by the path of a quantity, such as market.diversion or state.SG.talent; `mufakat show SCENARIO --origin` lists those that are written
"#);
}

#[test]
fn worlds_with_columns_that_are_fixed() {
    assert_snapshot!(with_worlds("horizon.windows,event.x.came,bargaining.transfers\n2,0,0\n", &[], None), @r#"
error: `horizon.windows` is fixed: it is the same in every world
 --> w.csv:1:1
  |
1 | horizon.windows,event.x.came,bargaining.transfers
  | ^^^^^^^^^^^^^^^ no quantity
  |
  = help: leave this column out, and set it with -S horizon.windows=...

error: `event.x.came`: there is no event `x`
 --> w.csv:1:17
  |
1 | horizon.windows,event.x.came,bargaining.transfers
  |                 ^^^^^^^^^^^^ there are none

error: `bargaining.transfers` is fixed: it is the same in every world
 --> w.csv:1:30
  |
1 | horizon.windows,event.x.came,bargaining.transfers
  |                              ^^^^^^^^^^^^^^^^^^^^ no quantity
  |
  = help: leave this column out, and set it with -S bargaining.transfers=...
"#);
}

#[test]
fn worlds_with_cells_out_of_range() {
    assert_snapshot!(
        with_worlds("state.SG.talent,state.SG.gdp,state.SG.compute\n0.5,400,0.1\n0.25,0,\n1.5,1,0\n", &[], None),
        @r#"
error: row 2, column `state.SG.gdp` of w.csv: `state.SG.gdp` must be a number above 0
 --> w.csv:3:6
  |
3 | 0.25,0,
  |      ^ this is 0

error: row 2, column `state.SG.compute` of w.csv: expected a finite number
 --> w.csv:3:8
  |
3 | 0.25,0,
  |        ^ this cell is empty
  |
  = help: write it with a point and without units or separators of thousands, such as 1250.5 or 1.25e3; a row without a number must be left out

error: row 3, column `state.SG.talent` of w.csv: `state.SG.talent` must be a number in [0, 1]
 --> w.csv:4:1
  |
4 | 1.5,1,0
  | ^^^ this is 1.5
"#
    );
}

#[test]
fn worlds_with_two_columns_of_one_quantity() {
    assert_snapshot!(with_worlds("state.SG.talent,state.*.talent\n0.5,0.5\n", &[], None), @r#"
error: `state.SG.talent` is given by two columns
 --> w.csv:1:17
  |
1 | state.SG.talent,state.*.talent
  | --------------- ^^^^^^^^^^^^^^ again here
  | |
  | first here
"#);
}

#[test]
fn worlds_out_of_order() {
    assert_snapshot!(with_worlds("trial,state.SG.talent\n0,0.5\n2,0.5\n", &[], None), @r#"
error: row 2, column `trial` of w.csv: expected 1, since row k is trial k, from 0
 --> w.csv:3:1
  |
3 | 2,0.5
  | ^
  |
  = help: sort the rows, or leave this column out
"#);
}

#[test]
fn more_worlds_than_rows() {
    assert_snapshot!(with_worlds("state.SG.talent\n0.5\n0.25\n", &[], Some(3)), @r#"
error: 3 worlds are more than the 2 rows of w.csv
 --> w.csv:1:1
  |
1 | state.SG.talent
  | ^^^^^^^^^^^^^^^ world k takes row k, so that each world needs its own
  |
  = help: play at most `-n 2`, or add rows
"#);
}
