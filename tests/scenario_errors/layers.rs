//! Mistakes in layers: shown in the layer that wrote them.

use super::{SMALL, errors, source};
use insta::assert_snapshot;
use mufakat::scenario::Request;

#[test]
fn a_wrong_value_is_shown_in_the_base_file() {
    let base = SMALL.replace("talent = 0.5", "talent = 1.5");
    let request = Request::new("dir/a.toml", "extends = 'base.toml'\nname = 'a'\n");
    assert_snapshot!(errors(&request, &[("dir/base.toml", &base)]), @r#"
error: `state.SG.talent` must be a number in [0, 1]
  --> dir/base.toml:23:10
   |
23 | talent = 1.5
   |          ^^^ out of range
"#);
}

#[test]
fn a_wrong_value_is_shown_in_the_overlay() {
    let mut request = Request::new("a.toml", SMALL);
    let text =
        "# stronger\n[[state]]\nid = 'SG'\ntalent = -1\n[[state]]\nid = 'MY'\nremove = true\n";
    request.overlays.push(source("over.toml", text));
    assert_snapshot!(errors(&request, &[]), @r#"
error: `state.SG.talent` must be a number in [0, 1]
 --> over.toml:4:10
  |
4 | talent = -1
  |          ^^ out of range

error: no state `MY` to remove
 --> over.toml:6:6
  |
6 | id = 'MY'
  |      ^^^^
"#);
}

#[test]
fn a_stronger_layer_can_mend_a_weaker_one() {
    let mut request = Request::new("a.toml", SMALL.replace("talent = 0.5", "talent = 1.5"));
    request.sets.push("state.SG.talent=0.4".to_owned());
    request.sets.push("state.SG.gdp=-1".to_owned());
    assert_snapshot!(errors(&request, &[]), @r#"
error: `state.SG.gdp` must be a number above 0
 --> command line:1:20
  |
1 | --set state.SG.gdp=-1
  |                    ^^ out of range
"#);
}

#[test]
fn cycle_in_extends() {
    let request = Request::new("dir/a.toml", "extends = 'b.toml'\n");
    let files = [
        ("dir/a.toml", "extends = 'b.toml'\n"),
        ("dir/b.toml", "extends = '../dir/c.toml'\n"),
    ];
    let base = format!("extends = 'a.toml'\n{SMALL}");
    let files = [files[0], files[1], ("dir/../dir/c.toml", base.as_str())];
    assert_snapshot!(errors(&request, &files), @r#"
error: `extends` goes round in a circle: dir/a.toml -> dir/b.toml -> dir/c.toml -> dir/a.toml
 --> dir/../dir/c.toml:1:11
  |
1 | extends = 'a.toml'
  |           ^^^^^^^^ this file extends the one that names it here
"#);
}

#[test]
fn a_base_that_is_not_there() {
    let request = Request::new("dir/a.toml", "extends = 'b.toml'\n");
    assert_snapshot!(errors(&request, &[]), @r#"
dir/b.toml: no such file (named by `extends` in dir/a.toml)
"#);
}

#[test]
fn a_cycle_is_all_that_is_said() {
    let request = Request::new("a.toml", "extends = './a.toml'\n");
    let files = [("./a.toml", "extends = './a.toml'\n")];
    let text = errors(&request, &files);
    assert!(text.contains("a.toml -> a.toml"), "{text}");
    assert_eq!(text.matches("error").count(), 1, "{text}");
}

#[test]
fn a_bare_name_that_is_no_file_is_that_of_a_shipped_scenario() {
    let base = ("<shipped>/base.toml", SMALL);
    let request = Request::new("dir/a.toml", "extends = 'base'\n[market]\ndiversion = 7\n");
    let text = errors(&request, &[base]);
    assert!(text.starts_with("error: `market.diversion`"), "{text}");
    // A file of that name comes first; a path or a name with an ending is always a file.
    let near = SMALL.replace("talent = 0.5", "talent = 5");
    let text = errors(&request, &[base, ("dir/base", &near)]);
    assert!(text.contains("--> dir/base:"), "{text}");
    let request = Request::new("dir/a.toml", "extends = './base'\n");
    assert!(errors(&request, &[base]).contains("no such file"));
}

#[test]
fn a_misspelt_id_in_an_overlay() {
    let mut request = Request::new("a.toml", SMALL);
    let text = "[[state]]\nid = 'SGP'\ntalent = 0.7\n";
    request.overlays.push(source("over.toml", text));
    assert_snapshot!(errors(&request, &[]), @r#"
error: there is no state `SGP` to change, and a new state needs more keys
 --> over.toml:2:6
  |
2 | id = 'SGP'
  |      ^^^^^ did you mean `SG`?
"#);
}

#[test]
fn flags_of_trials_and_seed() {
    let mut request = Request::new("a.toml", SMALL);
    request.trials = Some(0);
    assert_snapshot!(errors(&request, &[]), @r#"
error: `simulation.trials` must be an integer from 1 to 1000000000000000
 --> command line:1:10
  |
1 | --trials 0
  |          ^ out of range
"#);
}
