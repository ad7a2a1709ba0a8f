//! Whatever a user writes, loading ends with a model or with findings that can be shown.

use super::SMALL;
use crate::support::property_cases;
use mufakat::cli::snippet;
use mufakat::scenario::{LoadError, Request, load};
use proptest::prelude::*;

/// A scenario with a bit of everything.
const LARGE: &str = "\
[[term]]
id = 't'
state_value = { dist = 'normal', mean = 0, sd = 1, min = -1, max = 1, source = 'x' }
cost_curvature = 1
floor = 0.1
price_effect = 0.5
[[pair]]
state = 'SG'
hyperscaler = 'H'
fit = { p05 = 0.5, p95 = 2 }
feasible = { dist = 'bernoulli', p = 0.5 }
hosted = true
[[arm]]
name = 'b'
mode = 'bloc'
table = 'all'
join = { dist = 'uniform', min = 0, max = 1 }
rule = 'lead'
lead = 'SG'
floors = { t = 0.5 }
shortlist = 2
[[event]]
name = 'e'
year = 2028
probability = 0.5
set = { 'pair.*.H.feasible' = false, arm.b.binding = 0.5 }
[sweep]
[[sweep.axis]]
path = 'market.diversion'
values = [0, 0.5]
";

/// Pieces that stand in for any line or word.
const PIECES: &[&str] = &[
    "",
    "=",
    "{",
    "}",
    "[",
    "]",
    "[[",
    "'",
    "\"",
    "\"\"\"",
    "none",
    "'none'",
    "nan",
    "-inf",
    "1e999",
    "true",
    "0",
    "-1",
    "99999999999999999999999999999999999999999",
    "[]",
    "{}",
    "[[state]]",
    "[state]",
    "[[link]]",
    "between = ['SG', 'SG']",
    "extends = 'a.toml'",
    "remove = true",
    "'all'",
    "1979-05-27",
    "\u{e9}\u{1f600}",
    "\t",
    "\r",
    ".",
    "#",
    "'SG'",
    "a.b.c = 1",
];

fn shown(request: &Request) {
    let mut read = |_: &str| Ok(SMALL.to_owned());
    match load(request, &mut read) {
        Ok(loaded) => {
            snippet::render(&loaded.warnings, &loaded.sources);
            let again = Request::new("again.toml", loaded.resolved);
            assert!(load(&again, &mut read).is_ok(), "{}", again.scenario.text);
        }
        Err(LoadError::Problems(found)) => {
            assert!(found.diagnostics.iter().any(|problem| problem.is_error()));
            assert!(!snippet::render(&found.diagnostics, &found.sources).is_empty());
        }
        Err(error) => panic!("everything can be read: {error}"),
    }
}

proptest! {
    #![proptest_config(property_cases(200))]

    #[test]
    fn changed_words_never_panic(
        changes in prop::collection::vec((0usize..200, 0usize..8, prop::sample::select(PIECES)), 1..4),
    ) {
        let mut lines: Vec<String> = format!("{SMALL}{LARGE}").lines().map(str::to_owned).collect();
        for (line, word, piece) in changes {
            let count = lines.len();
            let line = &mut lines[line % count];
            let mut words: Vec<&str> = line.split(' ').collect();
            let count = words.len();
            words[word % count] = piece;
            *line = words.join(" ");
        }
        shown(&Request::new("a.toml", lines.join("\n")));
    }

    #[test]
    fn moved_lines_never_panic(moves in prop::collection::vec((0usize..200, 0usize..200), 1..6)) {
        let text = format!("{SMALL}{LARGE}");
        let mut lines: Vec<&str> = text.lines().collect();
        for (from, to) in moves {
            let line = lines.remove(from % lines.len());
            lines.insert(to % lines.len(), line);
        }
        shown(&Request::new("a.toml", lines.join("\n")));
    }

    #[test]
    fn assignments_never_panic(
        path in prop::sample::select(&["state.SG.talent", "arm.*.floors.t", "pair.*.*.fit", "event.e.set", "name", "sweep", "link.SG.SG.efficiency", "'", "a..b", "state.*.values", "schema", "arm.b.mode", "event.e.set.x"][..]),
        value in prop::sample::select(PIECES),
        text in "[ -~]{0,12}",
    ) {
        let mut request = Request::new("a.toml", format!("{SMALL}{LARGE}"));
        request.sets = vec![format!("{path}={value}"), format!("{path}={text}"), text];
        shown(&request);
    }
}
