//! Mistakes in `[[correlation]]`.

use crate::scenario_errors::{SMALL, errors, source};
use insta::assert_snapshot;
use mufakat::scenario::Request;

/// The small scenario with three uncertain numbers and lines added at its end.
fn uncertain(more: &str) -> Request {
    let text = SMALL
        .replacen(
            "talent = 0.5",
            "talent = { dist = 'uniform', min = 0.3, max = 0.5 }",
            1,
        )
        .replacen(
            "compute = 0.1",
            "compute = { dist = 'uniform', min = 0, max = 0.2 }",
            1,
        )
        .replacen(
            "foresight = 0.5",
            "foresight = { dist = 'uniform', min = 0, max = 1 }",
            1,
        );
    Request::new("a.toml", format!("{text}{more}"))
}

fn added(more: &str) -> String {
    errors(&uncertain(more), &[])
}

fn is_accepted(more: &str) {
    let loaded = mufakat::scenario::load(&uncertain(more), &mut |_| Err(String::new()));
    assert!(loaded.is_ok(), "{more}");
}

#[test]
fn paths_that_cannot_be_correlated() {
    assert_snapshot!(added("[[correlation]]\nbetween = ['state.SG.talent', 'state.SG.gdp']\nrho = 0.5\n"), @r#"
error: `state.SG.gdp` is not uncertain: there is nothing to correlate
  --> a.toml:34:31
   |
19 | gdp = 500
   |       --- a number
...
34 | between = ['state.SG.talent', 'state.SG.gdp']
   |                               ^^^^^^^^^^^^^^
   |
   = help: give it a distribution, or take it out of `between`
"#);
    assert_snapshot!(added("[[correlation]]\nbetween = ['state.SG.talnt', 'market.ramp_years', 'state.*.compute']\nrho = 1.5\n"), @r#"
error: `[[state]]` has no key `talnt`
  --> a.toml:34:22
   |
34 | between = ['state.SG.talnt', 'market.ramp_years', 'state.*.compute']
   |                      ^^^^^ did you mean `talent`?

error: `market.ramp_years` is not uncertain: there is nothing to correlate
  --> a.toml:34:30
   |
14 | ramp_years = 5
   |              - a number
...
34 | between = ['state.SG.talnt', 'market.ramp_years', 'state.*.compute']
   |                              ^^^^^^^^^^^^^^^^^^^
   |
   = help: give it a distribution, or take it out of `between`

error: `correlation.rho` must be a number in [-1, 1]
  --> a.toml:35:7
   |
35 | rho = 1.5
   |       ^^^ out of range
"#);
}

#[test]
fn entries_that_correlate_nothing() {
    let more = "[[correlation]]\nbetween = ['state.*.talent']\nrho = 0.5\n[[correlation]]\nbetween = ['bargaining.foresight']\nrho = 0.5\n\
                [[correlation]]\nbetween = ['state.SG.talent', 'state.*.talent', 'bargaining.foresight']\nrho = 0.5\n";
    assert_snapshot!(added(more), @r#"
error: this correlates nothing
  --> a.toml:34:11
   |
34 | between = ['state.*.talent']
   |           ^^^^^^^^^^^^^^^^^^ no two of these paths have the same ids
   |
   = help: with `*` in every path, only those with the same ids are paired; to tie all of them, write them out

error: this correlates nothing
  --> a.toml:37:11
   |
37 | between = ['bargaining.foresight']
   |           ^^^^^^^^^^^^^^^^^^^^^^^^ at least two quantities are needed

error: `state.SG.talent` is correlated with itself
  --> a.toml:40:11
   |
40 | between = ['state.SG.talent', 'state.*.talent', 'bargaining.foresight']
   |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ named twice here
"#);
}

#[test]
fn pairs_that_are_given_twice() {
    let more = "[[correlation]]\nbetween = ['state.*.talent', 'state.*.compute']\nrho = 0.5\n\
                [[correlation]]\nbetween = ['state.SG.compute', 'state.SG.talent']\nrho = 0.4\n";
    assert_snapshot!(added(more), @r#"
error: `state.SG.talent` and `state.SG.compute` are correlated twice
  --> a.toml:37:11
   |
34 | between = ['state.*.talent', 'state.*.compute']
   |           ------------------------------------- first here
...
37 | between = ['state.SG.compute', 'state.SG.talent']
   |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ again here
"#);
}

#[test]
fn forms() {
    assert_snapshot!(added("[[correlation]]\nbetween = 'state.SG.talent'\nrho = { dist = 'uniform', min = 0, max = 1 }\nrh = 1\n"), @r#"
error: `correlation.between` must be a list of paths
  --> a.toml:34:11
   |
34 | between = 'state.SG.talent'
   |           ^^^^^^^^^^^^^^^^^ this is a string

error: `correlation.rho` must be a number in [-1, 1]
  --> a.toml:35:7
   |
35 | rho = { dist = 'uniform', min = 0, max = 1 }
   |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this key is fixed: it takes no distribution

error: unknown key `rh` in `[[correlation]]`
  --> a.toml:36:1
   |
36 | rh = 1
   | ^^ did you mean `rho`?
"#);
    assert_snapshot!(added("[[correlation]]\nrho = 0.1\n"), @r#"
error: `correlation` needs the key `between`
  --> a.toml:33:1
   |
33 | [[correlation]]
   | ^^^^^^^^^^^^^^^ add `between = ...`: a list of paths
"#);
    let request = Request::new("a.toml", format!("correlation = 3\n{SMALL}"));
    assert_snapshot!(errors(&request, &[]), @r#"
error: `correlation` must be a list of tables, `[[correlation]]`
 --> a.toml:1:15
  |
1 | correlation = 3
  |               ^ this is an integer
"#);
}

/// One number for all pairs: the nearest is one number too.
#[test]
fn too_much_of_one_number() {
    let more = "[[correlation]]\nbetween = ['state.SG.talent', 'state.SG.compute', 'bargaining.foresight']\nrho = -0.8\n";
    assert_snapshot!(added(more), @r#"
error: these correlations cannot hold together: `bargaining.foresight` and `state.SG.compute` -0.8, `bargaining.foresight` and `state.SG.talent` -0.8, `state.SG.compute` and `state.SG.talent` -0.8
  --> a.toml:34:11
   |
34 | between = ['state.SG.talent', 'state.SG.compute', 'bargaining.foresight']
   |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   |
   = help: the nearest that can hold is `rho = -0.5`
   = help: or multiply every `rho` among them by 0.625 or less
"#);
    is_accepted(&more.replace("-0.8", "-0.5"));
}

/// What is offered is accepted.
#[test]
fn a_contradiction() {
    let pair = |one: &str, other: &str, rho: f64| {
        format!("[[correlation]]\nbetween = ['{one}', '{other}']\nrho = {rho}\n")
    };
    let all = |rho: [f64; 3]| {
        let talent = "state.SG.talent";
        let (compute, foresight) = ("state.SG.compute", "bargaining.foresight");
        pair(talent, compute, rho[0])
            + &pair(compute, foresight, rho[1])
            + &pair(talent, foresight, rho[2])
    };
    assert_snapshot!(added(&all([0.9, 0.9, -0.5])), @r#"
error: these correlations cannot hold together: `bargaining.foresight` and `state.SG.compute` 0.9, `bargaining.foresight` and `state.SG.talent` -0.5, `state.SG.compute` and `state.SG.talent` 0.9
  --> a.toml:34:11
   |
34 | between = ['state.SG.talent', 'state.SG.compute']
   |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
...
37 | between = ['state.SG.compute', 'bargaining.foresight']
   |           --------------------------------------------
...
40 | between = ['state.SG.talent', 'bargaining.foresight']
   |           -------------------------------------------
   |
   = help: the nearest that can hold together: `bargaining.foresight` and `state.SG.compute` `rho = 0.6082`, `bargaining.foresight` and `state.SG.talent` `rho = -0.2601`, `state.SG.compute` and `state.SG.talent` `rho = 0.6082`
   = help: or multiply every `rho` among them by 0.6463 or less
"#);
    is_accepted(&all([0.6082, 0.6082, -0.2601]));
    is_accepted(&all([0.6463 * 0.9, 0.6463 * 0.9, 0.6463 * -0.5]));
}

/// A distribution that is wrong is no number: that it is wrong is all that is said.
#[test]
fn what_could_not_be_read_is_not_called_certain() {
    let more = "[[correlation]]\nbetween = ['state.SG.talent', 'state.SG.compute']\nrho = 0.5\n";
    let mut request = uncertain(more);
    let wrong = "state.SG.talent={dist='uniform',min=0.3,max=7}";
    request.sets.push(wrong.to_owned());
    let said = errors(&request, &[]);
    assert!(
        said.starts_with("error: `state.SG.talent` must be"),
        "{said}"
    );
    assert_eq!(said.matches("error:").count(), 1, "{said}");
}

/// A stronger layer may fix what is correlated, a weaker one or the same may not.
#[test]
fn layers_that_fix_what_is_correlated() {
    let more = "[[correlation]]\nbetween = ['state.SG.talent', 'state.SG.compute']\nrho = 0.5\n";
    let mut request = uncertain(more);
    request.sets.push("state.SG.talent=0.4".to_owned());
    let loaded = mufakat::scenario::load(&request, &mut |_| Err(String::new()));
    assert_eq!(
        loaded.expect("valid").model.shadows[0].path,
        "state.SG.talent"
    );
    let mut request = uncertain("");
    request
        .overlays
        .push(source("o.toml", "[[state]]\nid = 'SG'\ntalent = 0.4\n"));
    request.overlays.push(source("p.toml", more));
    assert_snapshot!(errors(&request, &[]), @r#"
error: `state.SG.talent` is not uncertain: there is nothing to correlate
 --> p.toml:2:12
  |
2 | between = ['state.SG.talent', 'state.SG.compute']
  |            ^^^^^^^^^^^^^^^^^
  |
 ::: o.toml:3:10
  |
3 | talent = 0.4
  |          --- a number
  |
  = help: give it a distribution, or take it out of `between`
"#);
    // A base is read later than what extends it, and is weaker.
    let files = [("b.toml", &*format!("{}{more}", uncertain("").scenario.text))];
    let over = "extends = 'b.toml'\n[[state]]\nid = 'SG'\ntalent = 0.4\n";
    let mut read = |name: &str| {
        assert_eq!(name, files[0].0);
        Ok(files[0].1.to_owned())
    };
    let loaded = mufakat::scenario::load(&Request::new("a.toml", over), &mut read);
    assert_eq!(loaded.expect("valid").model.shadows.len(), 1);
}

/// A layer that gives correlations replaces those below.
#[test]
fn layers_replace_correlations() {
    let more = "[[correlation]]\nbetween = ['state.SG.talent', 'state.SG.compute']\nrho = 0.5\n";
    let mut request = uncertain(more);
    let over =
        "[[correlation]]\nbetween = ['state.SG.talent', 'bargaining.foresight']\nrho = 0.25\n";
    request.overlays.push(source("o.toml", over));
    let loaded = mufakat::scenario::load(&request, &mut |_| Err(String::new())).expect("valid");
    assert_eq!(loaded.resolved.matches("[[correlation]]").count(), 1);
    assert!(loaded.resolved.contains("rho = 0.25"));
    let origin = loaded.origins.iter().find(|one| one.path.ends_with(".rho"));
    let origin = origin.expect("every key has an origin");
    assert_eq!((origin.layer.as_str(), origin.line), ("o.toml", 3));
    request
        .overlays
        .push(source("p.toml", "correlation = []\n"));
    let loaded = mufakat::scenario::load(&request, &mut |_| Err(String::new())).expect("valid");
    assert!(loaded.model.correlation.is_empty());
}
