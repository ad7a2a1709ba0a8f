//! Wrong numbers: type, range, distributions.

use super::{SMALL, added, changed, set};
use insta::assert_snapshot;
use mufakat::engine::trial::Player;
use mufakat::scenario::from_text;

#[test]
fn wrong_type() {
    assert_snapshot!(changed("talent = 0.5", "talent = 'high'"), @r#"
error: `state.SG.talent` must be a number in [0, 1]
  --> a.toml:23:10
   |
23 | talent = 'high'
   |          ^^^^^^ this is a string
"#);
}

#[test]
fn out_of_range() {
    assert_snapshot!(changed("talent = 0.5", "talent = 1.5"), @r#"
error: `state.SG.talent` must be a number in [0, 1]
  --> a.toml:23:10
   |
23 | talent = 1.5
   |          ^^^ out of range
"#);
}

#[test]
fn not_a_number() {
    assert_snapshot!(changed("gdp = 500", "gdp = nan"), @r#"
error: `state.SG.gdp` must be a number above 0
  --> a.toml:19:7
   |
19 | gdp = nan
   |       ^^^ not a finite number
"#);
}

#[test]
fn infinity() {
    assert_snapshot!(changed("gdp = 500", "gdp = inf"), @r#"
error: `state.SG.gdp` must be a number above 0
  --> a.toml:19:7
   |
19 | gdp = inf
   |       ^^^ not a finite number
"#);
}

#[test]
fn impossible_distribution() {
    assert_snapshot!(changed("talent = 0.5", "talent = { dist = 'triangular', min = 0.2, mode = 0.9, max = 0.6 }"), @r#"
error: `state.SG.talent` is not a distribution: mode must lie between min and max (min = 0.2, mode = 0.9, max = 0.6)
  --> a.toml:23:10
   |
23 | talent = { dist = 'triangular', min = 0.2, mode = 0.9, max = 0.6 }
   |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ impossible parameters
"#);
}

#[test]
fn unknown_distribution() {
    assert_snapshot!(changed("talent = 0.5", "talent = { dist = 'gaussian', mean = 0.2, sd = 0.1 }"), @r#"
error: `state.SG.talent`: there is no distribution "gaussian"
  --> a.toml:23:19
   |
23 | talent = { dist = 'gaussian', mean = 0.2, sd = 0.1 }
   |                   ^^^^^^^^^^
   |
   = help: known: `uniform`, `normal`, `lognormal`, `triangular`, `pert`, `beta`, `bernoulli`, `discrete`, `empirical`
"#);
}

#[test]
fn key_of_another_distribution() {
    assert_snapshot!(changed("talent = 0.5", "talent = { dist = 'uniform', min = 0.2, maximum = 0.6 }"), @r#"
error: `state.SG.talent`: a uniform distribution needs the key `max`
  --> a.toml:23:10
   |
23 | talent = { dist = 'uniform', min = 0.2, maximum = 0.6 }
   |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ add `max = ...`

error: `state.SG.talent`: a uniform distribution has no key `maximum`
  --> a.toml:23:41
   |
23 | talent = { dist = 'uniform', min = 0.2, maximum = 0.6 }
   |                                         ^^^^^^^ did you mean `max`?
"#);
}

#[test]
fn distribution_out_of_range() {
    assert_snapshot!(changed("talent = 0.5", "talent = { dist = 'uniform', min = 0.2, max = 1.2 }"), @r#"
error: `state.SG.talent` must be a number in [0, 1]
  --> a.toml:23:10
   |
23 | talent = { dist = 'uniform', min = 0.2, max = 1.2 }
   |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ draws lie between 0.2 and 1.2
"#);
}

#[test]
fn distribution_where_fixed() {
    assert_snapshot!(changed("windows = 2", "windows = { p05 = 1, p95 = 3 }"), @r#"
error: `horizon.windows` must be an integer from 1 to 1000
 --> a.toml:4:11
  |
4 | windows = { p05 = 1, p95 = 3 }
  |           ^^^^^^^^^^^^^^^^^^^^ this key is fixed: it takes no distribution
"#);
}

#[test]
fn no_windows() {
    assert_snapshot!(changed("windows = 2", "windows = 0"), @r#"
error: `horizon.windows` must be an integer from 1 to 1000
 --> a.toml:4:11
  |
4 | windows = 0
  |           ^ out of range
"#);
}

#[test]
fn more_windows_or_rounds_than_can_be_played() {
    assert_snapshot!(changed("windows = 2", "windows = 1001"), @r#"
error: `horizon.windows` must be an integer from 1 to 1000
 --> a.toml:4:11
  |
4 | windows = 1001
  |           ^^^^ out of range
"#);
    let bloc = |rounds: u64| format!("[[arm]]\nname = 'b'\nmode = 'bloc'\nmax_rounds = {rounds}\n");
    assert_snapshot!(added(&bloc(1001)), @r#"
error: `arm.b.max_rounds` must be an integer from 1 to 1000
  --> a.toml:36:14
   |
36 | max_rounds = 1001
   |              ^^^^ out of range
"#);
    assert_snapshot!(added(&bloc(4294967296)), @r#"
error: `arm.b.max_rounds` must be an integer from 1 to 1000
  --> a.toml:36:14
   |
36 | max_rounds = 4294967296
   |              ^^^^^^^^^^ out of range
"#);
    let most = SMALL.replace("windows = 2", "windows = 1000") + &bloc(1000);
    from_text("a.toml", &most).expect("the most that is allowed");
}

#[test]
fn more_trials_than_can_be_counted() {
    let text = "[simulation]\ntrials = 18446744073709551616\n";
    assert_snapshot!(added(text), @r#"
error: `simulation.trials` must be an integer from 1 to 1000000000000000
  --> a.toml:34:10
   |
34 | trials = 18446744073709551616
   |          ^^^^^^^^^^^^^^^^^^^^ out of range
"#);
}

#[test]
fn zero_curvature() {
    assert_snapshot!(added("[[term]]\nid = 'data'\nstate_value = 0.2\nstate_curvature = 0\n"), @r#"
error: `term.data`: state_curvature + cost_curvature must be above 0
  --> a.toml:36:19
   |
36 | state_curvature = 0
   |                   ^ both curvatures are 0
   |
   = help: without curvature the best level is always an end of its range; give one of the two a small value
"#);
}

#[test]
fn floor_above_maximum() {
    assert_snapshot!(added("[[term]]\nid = 'data'\ncost_curvature = 1\nmax = 0.4\nfloor = 0.5\n"), @r#"
error: `term.data.floor` is above the term's max: 0.5 > 0.4
  --> a.toml:37:9
   |
36 | max = 0.4
   |       --- the max of the term
37 | floor = 0.5
   |         ^^^ expected min <= floor <= max
"#);
}

#[test]
fn floor_of_an_arm_above_maximum() {
    let more = "[[term]]\nid = 'data'\ncost_curvature = 1\n[[arm]]\nname = 'b'\nmode = 'bloc'\nfloors = { data = 1.5 }\n";
    assert_snapshot!(added(more), @r#"
error: `arm.b.floors.data` is above the term's max: 1.5 > 1
  --> a.toml:39:19
   |
39 | floors = { data = 1.5 }
   |                   ^^^ expected min <= floor <= max
"#);
}

#[test]
fn minimum_above_maximum() {
    assert_snapshot!(added("[[term]]\nid = 'data'\ncost_curvature = 1\nmin = 2\n"), @r#"
error: `term.data.min` is above `term.data.max`: 2 > 1
  --> a.toml:36:7
   |
36 | min = 2
   |       ^ expected min <= max
"#);
}

#[test]
fn switch_that_is_neither() {
    let more = "[[pair]]\nstate = 'SG'\nhyperscaler = 'H'\nfeasible = 0.5\n";
    assert_snapshot!(added(more), @r#"
error: `pair.SG.H.feasible` must be true, false, 0 or 1
  --> a.toml:36:12
   |
36 | feasible = 0.5
   |            ^^^ out of range
"#);
}

#[test]
fn set_on_the_command_line() {
    assert_snapshot!(set(&["state.SG.talent=1.5", "state.SX.talent=0.5", "market.diverson=1"]), @r#"
error: `state.SG.talent` must be a number in [0, 1]
 --> command line:1:23
  |
1 | --set state.SG.talent=1.5
  |                       ^^^ out of range

error: there is no state `SX`
 --> command line:1:13
  |
1 | --set state.SX.talent=0.5
  |             ^^
  |
  = help: known: `SG`

error: `[market]` has no key `diverson`
 --> command line:1:14
  |
1 | --set market.diverson=1
  |              ^^^^^^^^ did you mean `diversion`?
"#);
}

#[test]
fn event_that_contradicts_a_term() {
    let more = "[[term]]\nid = 'data'\ncost_curvature = 1\nfloor = 0.5\n[[event]]\nname = 'e'\nyear = 2028\nprobability = 1\nset = { term.data.max = 0.4, term.data.cost_curvature = 0 }\n";
    assert_snapshot!(added(more), @r#"
error: event `e` leaves `term.data.floor` above the max of term `data`: 0.5 > 0.4
  --> a.toml:41:1
   |
41 | set = { term.data.max = 0.4, term.data.cost_curvature = 0 }
   | ^^^

error: event `e` leaves term `data` without curvature
  --> a.toml:41:1
   |
41 | set = { term.data.max = 0.4, term.data.cost_curvature = 0 }
   | ^^^
"#);
}

#[test]
fn event_on_what_is_fixed() {
    let more = "[[event]]\nname = 'e'\nyear = 2028\nprobability = 2\nset = { simulation.seed = 3, 'state.SG.talnt' = 1, market.diversion = 7 }\n";
    assert_snapshot!(added(more), @r#"
error: `event.e.probability` must be a number in [0, 1]
  --> a.toml:36:15
   |
36 | probability = 2
   |               ^ out of range

error: event `e`: `simulation.seed` is fixed, not a number that may vary
  --> a.toml:37:20
   |
37 | set = { simulation.seed = 3, 'state.SG.talnt' = 1, market.diversion = 7 }
   |                    ^^^^

error: event `e`: `[[state]]` has no key `talnt`
  --> a.toml:37:30
   |
37 | set = { simulation.seed = 3, 'state.SG.talnt' = 1, market.diversion = 7 }
   |                              ^^^^^^^^^^^^^^^^ did you mean `talent`?

error: `event.e.set.market.diversion` must be a number in [0, 1]
  --> a.toml:37:71
   |
37 | set = { simulation.seed = 3, 'state.SG.talnt' = 1, market.diversion = 7 }
   |                                                                       ^ out of range
"#);
}

#[test]
fn numbers_of_hosts_at_the_start_repricing_and_peers() {
    let sets = [
        "market.peers=-1",
        "market.peers_inside=1.5",
        "dynamics.repricing=2",
        "dynamics.stranded=-0.1",
        "dynamics.asset_decay=1.5",
        "dynamics.repricing_foresight=1.5",
        "pair.SG.H.dependency=1.5",
        "pair.SG.H.asset=-1",
        "pair.SG.H.hosted=1",
        "bargaining.others=random",
    ];
    assert_snapshot!(set(&sets), @r#"
error: `market.peers` must be a number that is 0 or more
 --> command line:1:20
  |
1 | --set market.peers=-1
  |                    ^^ out of range

error: `market.peers_inside` must be a number in [0, 1]
 --> command line:1:27
  |
1 | --set market.peers_inside=1.5
  |                           ^^^ out of range

error: `dynamics.repricing` must be a number in [0, 1]
 --> command line:1:26
  |
1 | --set dynamics.repricing=2
  |                          ^ out of range

error: `dynamics.stranded` must be a number in [0, 1]
 --> command line:1:25
  |
1 | --set dynamics.stranded=-0.1
  |                         ^^^^ out of range

error: `dynamics.asset_decay` must be a number in [0, 1]
 --> command line:1:28
  |
1 | --set dynamics.asset_decay=1.5
  |                            ^^^ out of range

error: `dynamics.repricing_foresight` must be a number in [0, 1]
 --> command line:1:36
  |
1 | --set dynamics.repricing_foresight=1.5
  |                                    ^^^ out of range

error: `pair.SG.H.dependency` must be a number in [0, 1]
 --> command line:1:28
  |
1 | --set pair.SG.H.dependency=1.5
  |                            ^^^ out of range

error: `pair.SG.H.asset` must be a number that is 0 or more
 --> command line:1:23
  |
1 | --set pair.SG.H.asset=-1
  |                       ^^ out of range

error: `pair.SG.H.hosted` must be true or false
 --> command line:1:24
  |
1 | --set pair.SG.H.hosted=1
  |                        ^ this is an integer

error: `bargaining.others` must be "nash-in-nash" or "random-order"
 --> command line:1:25
  |
1 | --set bargaining.others=random
  |                         ^^^^^^ did you mean "random-order"?
"#);
}

/// What the third world of a scenario has no result for.
fn world_3(more: &str) -> String {
    let model = from_text("a.toml", &format!("{SMALL}{more}")).expect("valid");
    let mut row = vec![0.0; model.outcome_layout().len() * model.arms.len()];
    let mut draws = vec![0.0; model.uncertain.len()];
    let played = Player::new(&model).play(&model, 3, &mut row, &mut draws);
    let said = played.expect_err("beyond").to_string();
    let reason = said.strip_prefix("world 3 (--trial 3): ");
    reason.expect("the world is named").to_owned()
}

/// The number that was drawn is named, not a constant that it contradicts; where events alone contradict each other nothing was drawn.
#[test]
fn terms_that_contradict_each_other_once_drawn() {
    let term =
        |id: &str, keys: &str| format!("[[term]]\nid = '{id}'\ncost_curvature = 1\n{keys}\n");
    let low = "{ dist = 'uniform', min = 0.2, max = 0.3 }";
    let event = |name: &str, set: &str| {
        format!("[[event]]\nname = '{name}'\nyear = 2028\nprobability = 1\nset = {{ {set} }}\n")
    };
    for (more, blamed, expected) in [
        (
            term("t", &format!("min = {low}\nmax = 0.1")),
            "`term.t.min` was drawn as 0.2",
            "at most max = 0.1",
        ),
        (
            term("t", &format!("min = 0.5\nmax = {low}")),
            "`term.t.max` was drawn as 0.2",
            "at least min = 0.5",
        ),
        (
            term("t", &format!("floor = 0.5\nmax = {low}")),
            "`term.t.max` was drawn as 0.2",
            "at least term.t.floor = 0.5",
        ),
        (
            term("t", &format!("floor = {low}\nmax = 0.1")),
            "`term.t.floor` was drawn as 0.2",
            "at most max = 0.1 of the term",
        ),
        (
            term(
                "t",
                "price_effect = { dist = 'uniform', min = 0.7, max = 0.8 }",
            ) + &term("u", "price_effect = 0.5"),
            "`term.t.price_effect` was drawn as 0.7",
            "such that price_effect times max sum to at most 1 over the terms",
        ),
        (
            term("t", "").replace(
                "cost_curvature = 1",
                "cost_curvature = { dist = 'bernoulli', p = 1e-9 }",
            ),
            "`term.t.cost_curvature` was drawn as 0",
            "above 0 in sum with state_curvature",
        ),
        (
            term("t", "") + &event("e", "term.t.min = 0.6") + &event("f", "term.t.max = 0.5"),
            "`term.t.min` is 0.6",
            "at most max = 0.5",
        ),
    ] {
        let said = world_3(&more);
        assert!(said.starts_with(blamed), "{said}");
        assert!(
            said.contains(&format!("but it must be {expected}")),
            "{said}"
        );
    }
}

#[test]
fn protection_beyond_all_that_is_repriced() {
    let terms = "[[term]]\nid = 't'\ncost_curvature = 1\nprice_effect = 0.4\n[[term]]\nid = 'u'\ncost_curvature = 1\nprice_effect = 0.4\nmax = 2\n";
    assert_snapshot!(added(terms), @r#"
error: price_effect times max of the terms sum to 1.2000, above 1
  --> a.toml:40:16
   |
40 | price_effect = 0.4
   |                ^^^ the last of them
   |
   = help: together they can take away all of what a supplier reprices, not more
"#);
    let less = terms.replace("max = 2", "max = 1.5");
    let event = "[[event]]\nname = 'e'\nyear = 2030\nprobability = 0.5\nset = { term.t.price_effect = 0.5, pair.SG.H.asset = 2 }\n";
    assert_snapshot!(added(&(less + event)), @r#"
error: event `e` leaves price_effect times max of the terms at 1.1000 in sum, above 1
  --> a.toml:46:1
   |
46 | set = { term.t.price_effect = 0.5, pair.SG.H.asset = 2 }
   | ^^^

warning: event `e` sets `pair.SG.H.asset` after the start, without effect
  --> a.toml:46:1
   |
46 | set = { term.t.price_effect = 0.5, pair.SG.H.asset = 2 }
   | ^^^ this is read before the first window alone
"#);
    assert_snapshot!(added("[[term]]\nid = 't'\ncost_curvature = 1\nprice_effect = -0.1\n"), @r#"
error: `term.t.price_effect` must be a number that is 0 or more
  --> a.toml:36:16
   |
36 | price_effect = -0.1
   |                ^^^^ out of range
"#);
}

#[test]
fn event_that_draws_or_decides_wrongly() {
    let event = |name: &str, year: u32, set: &str| {
        format!("[[event]]\nname = '{name}'\nyear = {year}\nprobability = 0.5\nset = {{ {set} }}\n")
    };
    let more = event(
        "a",
        2030,
        "market.diversion = { dist = 'uniform', min = 0.5, max = 1.5 }, event.a.probability = 1, event.b.year = 2030, event.c.probability = 2",
    ) + &event(
        "b",
        2028,
        "state.SG.gdp = { dist = 'uniform', min = 2, max = 1 }, event.a.probability = 0, event.d.probability = 0",
    ) + &event(
        "c",
        2030,
        "state.SG.talent = { dist = 'empirical', values = [0.1, 0.2], rows = 'listed' }",
    );
    assert_snapshot!(added(&more), @r#"
error: `event.a.set.market.diversion` must be a number in [0, 1]
  --> a.toml:37:28
   |
37 | set = { market.diversion = { dist = 'uniform', min = 0.5, max = 1.5 }, event.a.probability = 1, event.b.year = 2030, event.c.probabi...
   |                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ draws lie between 0.5 and 1.5

error: event `a` sets its own probability
  --> a.toml:37:80
   |
37 | set = { market.diversion = { dist = 'uniform', min = 0.5, max = 1.5 }, event.a.probability = 1, event.b.year = 2030, event.c.probabi...
   |                                                                                ^^^^^^^^^^^ decided already
   |
   = help: events are decided in the order of the file: move the event whose probability is set behind the one that sets it

error: event `a` cannot set the year of event `b`
  --> a.toml:37:105
   |
37 | set = { market.diversion = { dist = 'uniform', min = 0.5, max = 1.5 }, event.a.probability = 1, event.b.year = 2030, event.c.probabi...
   |                                                                                                         ^^^^ fixed
   |
   = help: of another event its probability alone can be set

error: `event.a.set.event.c.probability` must be a number in [0, 1]
  --> a.toml:37:140
   |
37 | ...bability = 1, event.b.year = 2030, event.c.probability = 2 }
   |                                                             ^ out of range

error: `event.b.set.state.SG.gdp` is not a distribution: min must be below max (min = 2, max = 1)
  --> a.toml:42:24
   |
42 | set = { state.SG.gdp = { dist = 'uniform', min = 2, max = 1 }, event.a.probability = 0, event.d.probability = 0 }
   |                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ impossible parameters

error: event `b` sets the probability of `a`, which is decided before it
  --> a.toml:42:72
   |
42 | set = { state.SG.gdp = { dist = 'uniform', min = 2, max = 1 }, event.a.probability = 0, event.d.probability = 0 }
   |                                                                        ^^^^^^^^^^^ decided already
   |
   = help: events are decided in the order of the file: move the event whose probability is set behind the one that sets it

error: event `b`: there is no event `d`
  --> a.toml:42:97
   |
42 | set = { state.SG.gdp = { dist = 'uniform', min = 2, max = 1 }, event.a.probability = 0, event.d.probability = 0 }
   |                                                                                                 ^^^^^^^^^^^
   |
   = help: known: `a`, `b`, `c`

error: event `c` cannot draw `state.SG.talent` from the rows of a file
  --> a.toml:47:29
   |
47 | set = { state.SG.talent = { dist = 'empirical', values = [0.1, 0.2], rows = 'listed' } }
   |                             ^^^^
   |
   = help: list the `values`, or name another distribution
"#);
}

#[test]
fn event_that_decides_what_came_before() {
    let more = "[[event]]\nname = 'a'\nyear = 2030\nprobability = 0.5\nset = { event.b.probability = 1 }\n[[event]]\nname = 'b'\nyear = 2027\nprobability = 0.5\nset = { market.diversion = { dist = 'normal', mean = 0.5, sd = 0.1 } }\n";
    let text = SMALL.to_owned() + more;
    assert_snapshot!(super::warnings(&super::Request::new("a.toml", text), &[]), @r#"
warning: event `a` sets the probability of `b`, which comes in an earlier window
  --> a.toml:37:17
   |
37 | set = { event.b.probability = 1 }
   |                 ^^^^^^^^^^^ what comes later decides what came before

warning: draws of `event.b.set.market.diversion` may leave its range: it must be a number in [0, 1]
  --> a.toml:42:28
   |
42 | set = { market.diversion = { dist = 'normal', mean = 0.5, sd = 0.1 } }
   |                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a normal distribution has no end there
   |
   = help: a draw outside stops the run: add `min` and `max`
"#);
}
