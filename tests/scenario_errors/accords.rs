//! What the keys of an accord say wrongly: who is invited, how states join, who sits at the table, how gains are shared, who leads.

use super::structure::with_states;
use super::{added, errors, warnings};
use insta::assert_snapshot;
use mufakat::engine::model::arm::Joining;
use mufakat::engine::model::keys::ArmKey;
use mufakat::engine::model::layout::Slot;
use mufakat::scenario::{Request, from_text};

/// What a user sees for a scenario of three states with the arm `b`, a bloc.
fn bloc(keys: &str) -> String {
    let text = format!(
        "{}[[arm]]\nname = 'b'\nmode = 'bloc'\n{keys}",
        with_states(3)
    );
    errors(&Request::new("a.toml", text), &[])
}

#[test]
fn empty_bloc() {
    assert_snapshot!(added("[[arm]]\nname = 'b'\nmode = 'bloc'\nmembers = []\n"), @r#"
error: `arm.b.members` must name at least two states
  --> a.toml:36:11
   |
36 | members = []
   |           ^^
   |
   = help: list ids of states, or leave the key out for all
"#);
}

#[test]
fn a_member_alone() {
    assert_snapshot!(bloc("members = ['S1']\ntable = ['S2']\n"), @r#"
error: `arm.b.members` must name at least two states
  --> a.toml:58:11
   |
58 | members = ['S1']
   |           ^^^^^^
   |
   = help: list ids of states, or leave the key out for all

error: `arm.b.table` must name at least two states
  --> a.toml:59:9
   |
59 | table = ['S2']
   |         ^^^^^^
   |
   = help: list ids of states, or leave the key out for all
"#);
}

#[test]
fn joining_by_an_unknown_word_or_number() {
    let keys = "join = 'goodwil'\n[[arm]]\nname = 'c'\nmode = 'framework'\njoin = 1.5\n[[arm]]\nname = 'd'\nmode = 'framework'\njoin = 'often'\n";
    assert_snapshot!(bloc(keys), @r#"
error: `arm.b.join` must be "will" or "goodwill" or a number in [0, 1]
  --> a.toml:58:8
   |
58 | join = 'goodwil'
   |        ^^^^^^^^^ did you mean "goodwill"?

error: `arm.c.join` must be a number in [0, 1]
  --> a.toml:62:8
   |
62 | join = 1.5
   |        ^^^ out of range

error: `arm.d.join` must be "will" or "goodwill" or a number in [0, 1]
  --> a.toml:66:8
   |
66 | join = 'often'
   |        ^^^^^^^ unknown word
"#);
}

#[test]
fn joining_that_may_leave_its_range() {
    assert_snapshot!(bloc("join = { dist = 'uniform', min = 0.5, max = 1.5 }\n"), @r#"
error: `arm.b.join` must be a number in [0, 1]
  --> a.toml:58:8
   |
58 | join = { dist = 'uniform', min = 0.5, max = 1.5 }
   |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ draws lie between 0.5 and 1.5
"#);
}

#[test]
fn joining_by_word_or_number() {
    let cases = [
        ("", None),
        ("join = 'goodwill'\n", None),
        ("join = 0.25\n", Some(0.25)),
        (
            "join = { dist = 'uniform', min = 0, max = 0.5 }\n",
            Some(0.25),
        ),
    ];
    for (key, expected) in cases {
        let text = format!(
            "{}[[arm]]\nname = 'b'\nmode = 'bloc'\n{key}",
            with_states(2)
        );
        let model = from_text("a.toml", &text).expect("valid");
        let join = model.base[model.layout.index(Slot::Arm(0, ArmKey::Join))];
        assert_eq!(Some(join).filter(|join| !join.is_nan()), expected, "{key}");
        let by_goodwill = key.contains("goodwill");
        assert_eq!(
            model.arms[0].joining == Joining::Goodwill,
            by_goodwill,
            "{key}"
        );
    }
}

#[test]
fn keys_of_other_modes() {
    let keys = "[[arm]]\nname = 'f'\nmode = 'framework'\nannexes = true\ntable = 'all'\n[[arm]]\nname = 'c'\nmode = 'contest'\nshortlist = 1\n[[arm]]\nname = 'a'\nmode = 'bilateral'\nshortlist = 1\njoin = 1\nstanding = true\nmost_favoured = 0\n";
    assert_snapshot!(bloc(keys), @r#"
error: an arm of mode "framework" does not know the key `annexes`
  --> a.toml:61:1
   |
60 | mode = 'framework'
   |        ----------- the mode of this arm
61 | annexes = true
   | ^^^^^^^ only for mode "bloc"

error: an arm of mode "framework" does not know the key `table`
  --> a.toml:62:1
   |
60 | mode = 'framework'
   |        ----------- the mode of this arm
61 | annexes = true
62 | table = 'all'
   | ^^^^^ only for mode "bloc"

error: an arm of mode "contest" does not know the key `shortlist`
  --> a.toml:66:1
   |
65 | mode = 'contest'
   |        --------- the mode of this arm
66 | shortlist = 1
   | ^^^^^^^^^ only for mode "bilateral" and "framework" and "bloc"

error: an arm of mode "bilateral" does not know the key `join`
  --> a.toml:71:1
   |
69 | mode = 'bilateral'
   |        ----------- the mode of this arm
70 | shortlist = 1
71 | join = 1
   | ^^^^ only for mode "framework" and "bloc"

error: an arm of mode "bilateral" does not know the key `standing`
  --> a.toml:72:1
   |
69 | mode = 'bilateral'
   |        ----------- the mode of this arm
...
72 | standing = true
   | ^^^^^^^^ only for mode "framework" and "bloc"

error: an arm of mode "bilateral" does not know the key `most_favoured`
  --> a.toml:73:1
   |
69 | mode = 'bilateral'
   |        ----------- the mode of this arm
...
73 | most_favoured = 0
   | ^^^^^^^^^^^^^ only for mode "framework" and "bloc"
"#);
}

#[test]
fn table_of_states_that_are_no_members() {
    let keys = "members = ['S0', 'S1']\ntable = ['S0', 'S2']\n";
    assert_snapshot!(bloc(keys), @r#"
error: `arm.b.table` must list members alone: `S2` is not
  --> a.toml:59:16
   |
58 | members = ['S0', 'S1']
   |           ------------ the members
59 | table = ['S0', 'S2']
   |                ^^^^ not a member
"#);
}

#[test]
fn table_of_unknown_states() {
    assert_snapshot!(bloc("table = ['S0', 'S9']\n"), @r#"
error: `arm.b.table`: there is no state `S9`
  --> a.toml:58:16
   |
58 | table = ['S0', 'S9']
   |                ^^^^
   |
   = help: known: `S0`, `S1`, `S2`
"#);
}

#[test]
fn value_of_a_game_that_not_all_play() {
    let keys = "sharing = 'shapley'\ntable = ['S0', 'S1']\n[[arm]]\nname = 'c'\nmode = 'bloc'\nmembers = ['S0', 'S1']\ntable = ['S1', 'S0']\nsharing = 'nucleolus'\n";
    assert_snapshot!(bloc(keys), @r#"
error: `arm.b.sharing` = "shapley" needs all members at the table
  --> a.toml:58:11
   |
58 | sharing = 'shapley'
   |           ^^^^^^^^^ a value of the game of all members
59 | table = ['S0', 'S1']
   |         ------------ the table
"#);
}

#[test]
fn clause_where_cash_moves() {
    let keys = "most_favoured = 0.5\n[[arm]]\nname = 'c'\nmode = 'framework'\nmost_favoured = { dist = 'uniform', min = 0, max = 1 }\n[[arm]]\nname = 'd'\nmode = 'framework'\nmost_favoured = 0\n[[event]]\nname = 'e'\nyear = 2030\nprobability = 0.5\nset = { arm.d.most_favoured = 1 }\n";
    let text = format!(
        "{}[[arm]]\nname = 'b'\nmode = 'bloc'\n{keys}",
        with_states(2)
    );
    let text = text.replace("[bargaining]", "[bargaining]\ntransfers = true");
    assert_snapshot!(errors(&Request::new("a.toml", text), &[]), @r#"
error: `arm.b.most_favoured` must be 0 where cash moves
  --> a.toml:48:17
   |
16 | transfers = true
   |             ---- cash moves
...
48 | most_favoured = 0.5
   |                 ^^^ a clause about terms, which cash goes around

error: `arm.c.most_favoured` must be 0 where cash moves
  --> a.toml:52:17
   |
16 | transfers = true
   |             ---- cash moves
...
52 | most_favoured = { dist = 'uniform', min = 0, max = 1 }
   |                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a clause about terms, which cash goes around

error: event `e` sets `arm.d.most_favoured`, which must be 0 where cash moves
  --> a.toml:61:1
   |
61 | set = { arm.d.most_favoured = 1 }
   | ^^^
"#);
}

#[test]
fn joining_that_is_not_said() {
    let keys = "[[arm]]\nname = 'c'\nmode = 'framework'\nrule = 'mandate'\n[[arm]]\nname = 'd'\nmode = 'framework'\njoin = 'will'\n";
    let text = format!(
        "{}[[arm]]\nname = 'b'\nmode = 'bloc'\n{keys}",
        with_states(2)
    );
    assert_snapshot!(warnings(&Request::new("a.toml", text), &[]), @r#"
warning: `arm.b` does not say how states join it
  --> a.toml:44:1
   |
44 | [[arm]]
   | ^^^^^^^ by their `will`, as nothing is said
   |
   = help: say it: `join = "will"`, `join = "goodwill"` or a probability
"#);
}

#[test]
fn goodwill_by_which_nobody_joins() {
    let goodwill = with_states(3).replace(
        "discount_rate = 0.05",
        "discount_rate = 0.05\ngoodwill = 0.5",
    );
    assert_snapshot!(warnings(&Request::new("a.toml", goodwill.clone()), &[]), @r#"
warning: `goodwill` has no effect: no arm joins by it
  --> a.toml:28:1
   |
28 | goodwill = 0.5
   | ^^^^^^^^ nothing reads it, nor those of 2 other states
   |
   = help: an arm joins by it with `join = "goodwill"`
"#);
    let read = format!(
        "{goodwill}[[arm]]\nname = 'g'\nmode = 'framework'\nrule = 'none'\njoin = 'goodwill'\n"
    );
    assert_eq!(warnings(&Request::new("a.toml", read.clone()), &[]), "");
    // Those who change a scenario so that nobody reads what it sets are not told.
    let change = "extends = 'base.toml'\n[[arm]]\nname = 'g'\nremove = true\n";
    let base = [("base.toml", read.as_str())];
    assert_eq!(warnings(&Request::new("a.toml", change), &base), "");
    let mut request = Request::new("a.toml", change);
    request.sets.push("state.S1.goodwill=0.3".to_owned());
    assert_snapshot!(warnings(&request, &base), @r#"
warning: `goodwill` has no effect: no arm joins by it
 --> command line:1:7
  |
1 | --set state.S1.goodwill=0.3
  |       ^^^^^^^^^^^^^^^^^ nothing reads it
  |
  = help: an arm joins by it with `join = "goodwill"`
"#);
}

#[test]
fn lead_that_is_not_a_member() {
    assert_snapshot!(bloc("members = ['S0', 'S2']\nrule = 'lead'\nlead = 'S1'\n"), @r#"
error: `arm.b.lead` must be a member: `S1` is not
  --> a.toml:60:8
   |
58 | members = ['S0', 'S2']
   |           ------------ the members
59 | rule = 'lead'
60 | lead = 'S1'
   |        ^^^^ not a member
"#);
}

#[test]
fn lead_without_its_rule() {
    assert_snapshot!(added("[[arm]]\nname = 'b'\nmode = 'bloc'\nlead = 'SG'\n"), @r#"
error: `arm.b.lead` has no effect: the rule is not "lead"
  --> a.toml:36:1
   |
36 | lead = 'SG'
   | ^^^^ remove it, or set `rule = "lead"`
"#);
}

#[test]
fn rule_lead_without_a_lead() {
    assert_snapshot!(added("[[arm]]\nname = 'b'\nmode = 'framework'\nrule = 'lead'\n"), @r#"
error: `arm.b` needs the key `lead`: its rule is "lead"
  --> a.toml:36:8
   |
36 | rule = 'lead'
   |        ^^^^^^ add `lead = ...`: the id of a member
"#);
}
