//! Wrong structure: keys, ids, references, counts, words.

use super::{SMALL, added, changed, errors};
use insta::assert_snapshot;
use mufakat::scenario::{Request, from_text};

#[test]
fn unknown_key() {
    assert_snapshot!(changed("discount_rate = 0.05", "discount_fator = 0.05"), @r#"
error: unknown key `discount_fator` in `[[state]]`
  --> a.toml:27:1
   |
27 | discount_fator = 0.05
   | ^^^^^^^^^^^^^^ did you mean `discount_rate`?
"#);
}

#[test]
fn unknown_key_without_a_near_one() {
    assert_snapshot!(added("[[pair]]\nstate = 'SG'\nhyperscaler = 'H'\nxyz = 1\n"), @r#"
error: unknown key `xyz` in `[[pair]]`
  --> a.toml:36:1
   |
36 | xyz = 1
   | ^^^
   |
   = help: known: `state`, `hyperscaler`, `fit`, `feasible`, `hosted`, `dependency`, `asset`, `remove`
"#);
}

#[test]
fn unknown_table() {
    assert_snapshot!(added("[bargain]\nsolution = 'nash'\n"), @r#"
error: unknown key `bargain` in a scenario
  --> a.toml:33:2
   |
33 | [bargain]
   |  ^^^^^^^ did you mean `bargaining`?
"#);
}

#[test]
fn duplicate_id() {
    assert_snapshot!(added("[[hyperscaler]]\nid = 'H'\nmarket_share = 0.1\noperating_margin = 0.3\ndiscount_rate = 0.1\n"), @r#"
error: hyperscaler `H` is given twice
  --> a.toml:34:6
   |
29 | id = 'H'
   |      --- first here
...
34 | id = 'H'
   |      ^^^ again here
"#);
}

#[test]
fn dangling_references() {
    let more = "[[pair]]\nstate = 'SGP'\nhyperscaler = 'H'\nfit = 1\n[[link]]\nbetween = ['SG', 'QQ']\nefficiency = 1\n[[arm]]\nname = 'b'\nmode = 'bloc'\nmembers = ['SG', 'XX']\nfloors = { x = 1 }\n";
    assert_snapshot!(added(more), @r#"
error: `pair.SGP.H.state`: there is no state `SGP`
  --> a.toml:34:9
   |
34 | state = 'SGP'
   |         ^^^^^ did you mean `SG`?

error: `link.QQ.SG.between`: there is no state `QQ`
  --> a.toml:38:18
   |
38 | between = ['SG', 'QQ']
   |                  ^^^^
   |
   = help: known: `SG`

error: `arm.b.members`: there is no state `XX`
  --> a.toml:43:18
   |
43 | members = ['SG', 'XX']
   |                  ^^^^
   |
   = help: known: `SG`

error: `arm.b.floors`: there is no term `x`
  --> a.toml:44:12
   |
44 | floors = { x = 1 }
   |            ^ there are none
"#);
}

#[test]
fn link_to_itself() {
    assert_snapshot!(added("[[link]]\nbetween = ['SG', 'SG']\nefficiency = 1\n"), @r#"
error: a link needs two different states
  --> a.toml:34:11
   |
34 | between = ['SG', 'SG']
   |           ^^^^^^^^^^^^ both ends are the same state
"#);
}

#[test]
fn no_states() {
    let start = SMALL.find("[[state]]").expect("there is one");
    let end = SMALL.find("[[hyperscaler]]").expect("there is one");
    let text = format!("{}{}", &SMALL[..start], &SMALL[end..]);
    assert_snapshot!(errors(&Request::new("a.toml", text), &[]), @r#"
error: no states: a scenario needs at least one
 --> a.toml:1:1
  |
1 | schema = 1
  | ^
  |
  = help: add an entry `[[state]]`
"#);
}

/// The small scenario with `count` states.
pub fn with_states(count: usize) -> String {
    let start = SMALL.find("[[state]]").expect("there is one");
    let end = SMALL.find("[[hyperscaler]]").expect("there is one");
    let states: String = (0..count)
        .map(|number| SMALL[start..end].replace("SG", &format!("S{number}")))
        .collect();
    format!("{}{states}{}", &SMALL[..start], &SMALL[end..])
}

#[test]
fn one_and_sixty_four_states_work() {
    for count in [1, 64] {
        let model = from_text("a.toml", &with_states(count)).expect("valid");
        assert_eq!(model.states.len(), count);
        assert_eq!(model.arms[1].members.count_ones() as usize, count);
    }
}

#[test]
fn sixty_five_states() {
    assert_snapshot!(errors(&Request::new("a.toml", with_states(65)), &[]), @r#"
error: 65 state entries: at most 64 are allowed
   --> a.toml:721:1
    |
721 | [[state]]
    | ^^^^^^^^^ this is number 65
"#);
}

#[test]
fn key_that_the_mode_does_not_know() {
    let more = "[[arm]]\nname = 'b'\nmode = 'bilateral'\nbinding = 1\n[[arm]]\nname = 'f'\nmode = 'framework'\npooling = 1\n";
    assert_snapshot!(added(more), @r#"
error: an arm of mode "bilateral" does not know the key `binding`
  --> a.toml:36:1
   |
35 | mode = 'bilateral'
   |        ----------- the mode of this arm
36 | binding = 1
   | ^^^^^^^ only for mode "framework" and "bloc"

error: an arm of mode "framework" does not know the key `pooling`
  --> a.toml:40:1
   |
39 | mode = 'framework'
   |        ----------- the mode of this arm
40 | pooling = 1
   | ^^^^^^^ only for mode "bloc"
"#);
}

#[test]
fn unknown_words() {
    let more = "[[arm]]\nname = 'b'\nmode = 'blocc'\n[[arm]]\nname = 'c'\nmode = 'bloc'\nsharing = 'equal'\n[simulation]\nsampler = 'sobool'\n";
    assert_snapshot!(added(more), @r#"
error: `arm.b.mode` must be "bilateral" or "framework" or "bloc" or "contest"
  --> a.toml:35:8
   |
35 | mode = 'blocc'
   |        ^^^^^^^ did you mean "bloc"?

error: `simulation.sampler` must be "random" or "antithetic" or "latin-hypercube" or "sobol"
  --> a.toml:41:11
   |
41 | sampler = 'sobool'
   |           ^^^^^^^^ did you mean "sobol"?
"#);
}

#[test]
fn broken_toml_and_a_wrong_key() {
    assert_snapshot!(changed("gdp = 500", "gdp = \ngpd_growth = 1\ntalent = 0.5 0.6"), @r#"
error: not valid TOML: string values must be quoted, expected literal string
  --> a.toml:19:7
   |
19 | gdp = 
   |       ^

error: unknown key `gpd_growth` in `[[state]]`
  --> a.toml:20:1
   |
20 | gpd_growth = 1
   | ^^^^^^^^^^ did you mean `gdp_growth`?

error: not valid TOML: string values must be quoted, expected literal string
  --> a.toml:21:10
   |
21 | talent = 0.5 0.6
   |          ^^^^^^^

error: not valid TOML: duplicate key
  --> a.toml:25:1
   |
25 | talent = 0.5
   | ^^^^^^
"#);
}

#[test]
fn nothing_at_all() {
    assert_snapshot!(errors(&Request::new("a.toml", ""), &[]), @r#"
error: no states: a scenario needs at least one
 --> a.toml:1:1
  |
1 |
  | ^
  |
  = help: add an entry `[[state]]`

error: no hyperscalers: a scenario needs at least one
 --> a.toml:1:1
  |
1 |
  | ^
  |
  = help: add an entry `[[hyperscaler]]`

error: the scenario needs the key `schema`
 --> a.toml:1:1
  |
1 |
  | ^ add `schema = ...`: 1

error: the scenario needs the table `[horizon]`
 --> a.toml:1:1
  |
1 |
  | ^
  |
  = help: its required keys: `start_year`, `windows`, `window_years`

error: the scenario needs the table `[market]`
 --> a.toml:1:1
  |
1 |
  | ^
  |
  = help: its required keys: `region_efficiency`, `outside_efficiency`, `capex_intensity`, `capital_charge`, `coverage_rate`, `contingent_share`, `talent_elasticity`, `ramp_years`

error: the scenario needs the table `[bargaining]`
 --> a.toml:1:1
  |
1 |
  | ^
  |
  = help: its required keys: `foresight`
"#);
}

#[test]
fn several_problems_at_once() {
    let text = SMALL
        .replace("talent = 0.5\n", "")
        .replace("foresight = 0.5", "foresight = 5");
    assert_snapshot!(errors(&Request::new("a.toml", text), &[]), @r#"
error: `bargaining.foresight` must be a number in [0, 1]
  --> a.toml:16:13
   |
16 | foresight = 5
   |             ^ out of range

error: `state.SG` needs the key `talent`
  --> a.toml:17:1
   |
17 | [[state]]
   | ^^^^^^^^^ add `talent = ...`: a number in [0, 1]
"#);
}

#[test]
fn sweep_of_nothing() {
    let more = "[sweep]\n[[sweep.axis]]\npath = 'market.diverson'\nvalues = [0, 1]\n[[sweep.axis]]\npath = 'market.diversion'\nfrom = 0\nto = 2\n";
    assert_snapshot!(added(more), @r#"
error: `[market]` has no key `diverson`
  --> a.toml:35:8
   |
35 | path = 'market.diverson'
   |        ^^^^^^^^^^^^^^^^^ did you mean `diversion`?

error: an axis needs `values`, or `from`, `to` and `steps`
  --> a.toml:37:1
   |
37 | [[sweep.axis]]
   | ^^^^^^^^^^^^^^

error: `market.diversion` must be a number in [0, 1]
  --> a.toml:40:6
   |
40 | to = 2
   |      ^ out of range
"#);
}
