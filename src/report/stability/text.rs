//! What a reader sees of `stability`: one sentence to act on, who needs what, the coalitions worth naming.

use crate::engine::model::Model;
use crate::engine::model::arm::Arm;
use crate::report::render::terminal::table;
use crate::report::verdict::FEW_WORLDS;
use crate::report::wrap::wrapped;
use crate::study::results::stability::{
    BindingStatus, CoalitionPaths, CoalitionResult, PathsResult, StabilityResults, StateResult,
};
use crate::theory::spelling::units::{self, count, frequency, number, percent, signed};
use crate::theory::stats::interval::{Z90, wilson};
use crate::theory::stats::summary::Stat;

/// Columns of the tables: a page's, even where there are more.
const PAGE: usize = 80;

/// The share of worlds from which on a coalition counts as holding.
const HOLDS: f64 = 0.5;

/// The errors of a median and of a 5% or 95% quantile are about so many times that of the mean (of a normal, exactly).
const MEDIAN_ERROR: f64 = 1.25;
const TAIL_ERROR: f64 = 2.1;

/// Coalitions that are shown of the farsighted part.
const SHOWN: usize = 5;

/// Columns of the names of coalitions.
const NAME: usize = 28;

/// Amounts are shown to the million at most, USD bn.
const FINEST: f64 = 0.001;

/// What stands where there is no number.
const NONE: &str = "·";

const STATES_TITLE: &str = "Who is needed and who would go: share of the gain as Shapley value and nucleolus, how often its \
vote decides, worlds in which it would leave the full coalition, the side payment that keeps it (median), and what it gains by staying out \
while all others join (mean); below, the range of 90% of worlds, US$ bn";

const COALITIONS_TITLE: &str = "Coalitions worth naming: stable (nobody leaves, nobody joins); inside (nobody leaves; below, with \
side payments among members); outside (nobody joins; below, if members can refuse); in the core; members' gain over being alone, US$ bn";

const PATHS_TITLE: &str = "If states join and leave one at a time: where better replies come to rest, and what farsighted states settle on";

/// The text, `width` columns wide at most.
pub fn stability(model: &Model, results: &StabilityResults, width: usize) -> String {
    let view = View { model, results };
    let section =
        |title: &str, body: String| format!("\n{}{body}", wrapped(title, width.min(PAGE)));
    let mut text = wrapped(&view.headline(), width);
    text += &section(STATES_TITLE, view.states());
    text += &section(COALITIONS_TITLE, view.coalitions());
    text.push('\n');
    for line in view.lines() {
        text += &wrapped(&line, width);
    }
    if let Some(paths) = &results.paths {
        text += &section(PATHS_TITLE, view.rests());
        text.push('\n');
        text += &wrapped(&view.paths(paths), width);
    }
    text.push('\n');
    text + &wrapped(&view.footer(), width)
}

/// What deserves a warning.
pub fn warnings(results: &StabilityResults) -> Vec<String> {
    let mut warnings = Vec::new();
    let worlds = results.worlds;
    if worlds > 1 && worlds < FEW_WORLDS {
        let (low, high) = wilson(0.5 * worlds as f64, worlds as f64, Z90);
        warnings.push(format!(
            "{} worlds are few: a share near one half is known to between {} and {} only; use -n for more",
            count(worlds),
            percent(low),
            percent(high)
        ));
    }
    if worlds < results.manifest.trials {
        warnings.push(format!(
            "`{}` is in force in window {} of {} worlds of {}; the others are left out",
            results.arm,
            results.window,
            count(worlds),
            count(results.manifest.trials)
        ));
    }
    warnings
}

struct View<'a> {
    model: &'a Model,
    results: &'a StabilityResults,
}

impl View<'_> {
    fn name<'b>(&'b self, id: &'b str) -> &'b str {
        let state = self.model.states.iter().find(|state| state.id == id);
        state.map_or(id, |state| &state.name)
    }

    fn is_single(&self) -> bool {
        self.results.worlds == 1
    }

    fn invited(&self) -> usize {
        self.results.states.len()
    }

    fn in_worlds(&self, share: f64) -> String {
        format!("in {}", frequency(share, self.results.worlds))
    }

    /// How many hold together, who goes first, and what to do about it.
    fn headline(&self) -> String {
        let grand = self.results.grand();
        let of_all = match self.invited() {
            2 => "Both states".to_owned(),
            n => format!("All {n} states"),
        };
        let holds = match self.is_single() {
            true if grand.internal > 0.0 => format!("{of_all} stay in `{}`", self.results.arm),
            true => format!("{of_all} together do not hold as `{}`", self.results.arm),
            false => format!(
                "{of_all} together hold as `{}` {}",
                self.results.arm,
                self.in_worlds(grand.internal)
            ),
        };
        let why = self.who_leaves().unwrap_or_else(|| {
            let gain = &grand.gain;
            format!(
                "nobody gains by leaving, and together they gain US$ {} bn",
                signed(gain.mean, Some(gain.se.unwrap_or(0.0).max(FINEST)))
            )
        });
        let advice = self.advice();
        format!("{holds}: {why}; {advice}.")
    }

    /// The state that would leave most often and what would keep it.
    fn who_leaves(&self) -> Option<String> {
        let states = self.results.states.iter();
        let first = states.reduce(|worst, next| {
            if next.1.leaves > worst.1.leaves {
                next
            } else {
                worst
            }
        });
        let (id, state) = first.filter(|(_, state)| state.leaves > 0.0)?;
        let name = self.name(id);
        if self.is_single() {
            return Some(format!(
                "{name} gains most by leaving and would stay for US$ {} bn",
                number(state.needs.mean, Some(FINEST))
            ));
        }
        Some(format!(
            "{name} would leave most often, {}, and US$ {} bn would keep it in 95% of worlds",
            self.in_worlds(state.leaves),
            number(
                state.needs.p95,
                state.needs.se.map(|se| (TAIL_ERROR * se).max(FINEST))
            )
        ))
    }

    /// Side payments, if they would do; else the largest coalition that holds, if any does.
    fn advice(&self) -> String {
        let grand = self.results.grand();
        if grand.internal >= HOLDS {
            return match &self.results.smallest_secure {
                Some(members) if members.len() < self.invited() => format!(
                    "{} alone would secure {} of the gain",
                    self.short(members),
                    percent(self.results.secure)
                ),
                Some(_) => format!(
                    "no smaller coalition secures {} of the gain",
                    percent(self.results.secure)
                ),
                None => "but together they gain nothing on average".to_owned(),
            };
        }
        let paid = match grand.internal_with_side_payments {
            share if share >= HOLDS && self.is_single() => {
                return "side payments among members could hold everybody".to_owned();
            }
            share if share >= HOLDS => {
                return format!(
                    "side payments among members could hold everybody {}",
                    self.in_worlds(share)
                );
            }
            _ => "side payments among members could not hold everybody",
        };
        match &self.results.largest_stable {
            Some(members) => format!(
                "{paid}, and the largest coalition that holds by itself is {}",
                self.short(members)
            ),
            None => format!("{paid}, and no coalition is stable in half of the worlds"),
        }
    }

    /// A coalition in few words.
    fn short(&self, members: &[String]) -> String {
        let all = self.results.states.keys();
        let absent: Vec<&str> = all
            .filter(|id| !members.contains(id))
            .map(String::as_str)
            .collect();
        match absent.len() {
            0 => format!("all {}", self.invited()),
            missing if missing < members.len() && members.len() > 4 => {
                format!("all but {}", absent.join(", "))
            }
            _ => members.join(", "),
        }
    }

    /// A coalition as a cell of a table.
    fn cell(&self, members: &[String]) -> String {
        wrapped(&self.short(members), NAME).trim_end().to_owned()
    }

    fn states(&self) -> String {
        let header = [
            "",
            "Shapley\n(nucleo-\nlus)",
            "vote\ndecides",
            "would\nleave",
            "stays\nfor",
            "gains\noutside",
        ];
        let row = |(id, state): (&String, &StateResult)| {
            let share = |share: Option<f64>| share.map_or_else(|| NONE.to_owned(), percent);
            vec![
                self.name(id).to_owned(),
                format!("{}\n({})", share(state.shapley), share(state.nucleolus)),
                share(state.pivotal),
                percent(state.leaves),
                self.median(&state.needs),
                self.average(&state.free_ride),
            ]
        };
        let rows = self.results.states.iter().map(row);
        table(&header.map(str::to_owned), rows.collect(), PAGE)
    }

    /// The median with the range below.
    fn median(&self, stat: &Stat) -> String {
        self.amount(stat.p50, stat.se.map(|se| MEDIAN_ERROR * se), stat)
    }

    /// The mean with the range below.
    fn average(&self, stat: &Stat) -> String {
        self.amount(stat.mean, stat.se, stat)
    }

    /// An amount to the digits that its error supports, the range of 90% of worlds below.
    fn amount(&self, value: f64, error: Option<f64>, stat: &Stat) -> String {
        let Some(se) = stat.se else {
            return number(value, Some(FINEST));
        };
        if stat.min == 0.0 && stat.max == 0.0 {
            return "0".to_owned();
        }
        let value = number(value, Some(error.unwrap_or(0.0).max(FINEST)));
        let tail = Some((TAIL_ERROR * se).max(FINEST));
        let range = units::range(stat.p05, stat.p95, tail);
        if range == format!("{value} to {value}") {
            return value;
        }
        format!("{value}\n{range}")
    }

    /// The full coalition, the largest that holds, the smallest that is enough, and the most stable ones.
    fn coalitions(&self) -> String {
        let header = [
            "",
            "stable",
            "inside\n(paid)",
            "outside\n(closed)",
            "core",
            "gain",
        ];
        let results = self.results;
        let all: Vec<String> = results.states.keys().cloned().collect();
        let named = [
            Some(&all),
            results.largest_stable.as_ref(),
            results.smallest_secure.as_ref(),
        ];
        let mut shown: Vec<&Vec<String>> = Vec::new();
        for members in named.into_iter().flatten().chain(&results.most_stable) {
            if !shown.contains(&members) {
                shown.push(members);
            }
        }
        let rows = shown
            .iter()
            .filter_map(|members| results.coalition(members))
            .map(|one| self.coalition(one));
        table(&header.map(str::to_owned), rows.collect(), PAGE)
    }

    fn coalition(&self, one: &CoalitionResult) -> Vec<String> {
        let is = |members: &Option<Vec<String>>| members.as_ref() == Some(&one.members);
        let mut notes = Vec::new();
        if is(&self.results.largest_stable) {
            notes.push("largest that holds".to_owned());
        }
        if is(&self.results.smallest_secure) {
            notes.push(format!("smallest with {}", percent(self.results.secure)));
        }
        let mut name = self.cell(&one.members);
        for note in notes {
            name += &format!("\n({note})");
        }
        vec![
            name,
            percent(one.stable),
            format!(
                "{}\n({})",
                percent(one.internal),
                percent(one.internal_with_side_payments)
            ),
            format!(
                "{}\n({})",
                percent(one.external_open),
                percent(one.external_exclusive)
            ),
            percent(one.core),
            self.average(&one.gain),
        ]
    }

    fn lines(&self) -> Vec<String> {
        let results = self.results;
        let secure = percent(results.secure);
        let mut lines = Vec::new();
        if results.largest_stable.is_none() {
            lines.push("No coalition is stable in half of the worlds.".to_owned());
        }
        if results.smallest_secure.is_none() {
            lines.push(format!(
                "All together gain nothing on average, so that none secures {secure} of it."
            ));
        }
        lines.push(self.binding());
        lines
    }

    fn binding(&self) -> String {
        let binding = &self.results.binding;
        let interval = match (binding.low, binding.high) {
            (Some(low), Some(high)) => format!(" (90% interval {low:.2} to {high:.2})"),
            (Some(low), None) if !self.is_single() => {
                format!(" (90% interval from {low:.2}; no binding is surely enough)")
            }
            _ => String::new(),
        };
        let worlds = match self.is_single() {
            true => "",
            false => " in half of the worlds",
        };
        match (binding.status, binding.value) {
            (BindingStatus::Found, Some(value)) => format!(
                "Least binding at which all stay{worlds}: {value:.2}{interval}; without any, all stay {}.",
                self.in_worlds(binding.at_none)
            ),
            (BindingStatus::Always, _) => {
                format!("All stay{worlds} without any binding.")
            }
            _ if self.is_single() => "No binding, not even 1, makes all stay.".to_owned(),
            _ => format!(
                "No binding makes all stay in half of the worlds: at 1 they do {}.",
                self.in_worlds(binding.at_full)
            ),
        }
    }

    /// The coalitions in which better replies most often come to rest.
    fn rests(&self) -> String {
        let coalitions = self.results.coalitions.iter();
        let mut resting: Vec<(&CoalitionResult, CoalitionPaths)> = coalitions
            .filter_map(|one| Some((one, one.paths?)))
            .filter(|(_, paths)| paths.absorbing > 0.0 || paths.farsighted > 0.0)
            .collect();
        resting.sort_by(|(a, one), (b, other)| {
            let by_rest = other.absorbing.total_cmp(&one.absorbing);
            let by_foresight = other.farsighted.total_cmp(&one.farsighted);
            let by_gain = b.gain.mean.total_cmp(&a.gain.mean);
            by_rest.then(by_foresight).then(by_gain)
        });
        resting.truncate(SHOWN);
        let header = [
            "",
            "at rest or\nin a cycle",
            "reached\nfrom alone",
            "reached\nfrom all",
            "in a far-\nsighted set",
            "such a set\nby itself",
        ];
        let rows = resting.into_iter().map(|(one, paths)| {
            let shares = [
                paths.absorbing,
                paths.from_alone,
                paths.from_grand,
                paths.farsighted,
                paths.farsighted_alone,
            ];
            let name = [self.cell(&one.members)].into_iter();
            name.chain(shares.map(percent)).collect()
        });
        table(&header.map(str::to_owned), rows.collect(), PAGE)
    }

    fn paths(&self, paths: &PathsResult) -> String {
        let sets = &paths.stable_set;
        let exists = sets.unique + sets.found;
        if self.is_single() {
            let yes = |share: f64, yes: &'static str, no: &'static str| {
                if share > 0.0 { yes } else { no }
            };
            return format!(
                "Being alone is {}. Better replies {}. A farsighted stable set {}.",
                yes(paths.alone, "at rest, too", "not at rest"),
                yes(paths.cycle, "can end in a cycle", "end in no cycle"),
                match yes(exists, "exists", "does not exist") {
                    _ if sets.undecided > 0.0 => "was not found, the search was given up",
                    "exists" if sets.unique > 0.0 => "exists, and it is the only one",
                    other => other,
                }
            );
        }
        let mut text = format!(
            "Being alone is at rest {}. Better replies can end in a cycle {}",
            self.in_worlds(paths.alone),
            self.in_worlds(paths.cycle)
        );
        if paths.cycle > 0.0 {
            text += &format!(" (of up to {} coalitions)", count(paths.largest.max as u64));
        }
        text += &format!(
            ". A farsighted stable set exists {} and is the only one {}",
            self.in_worlds(exists),
            self.in_worlds(sets.unique)
        );
        if sets.undecided > 0.0 {
            text += &format!("; undecided {}", self.in_worlds(sets.undecided));
        }
        text + "."
    }

    fn footer(&self) -> String {
        let results = self.results;
        let horizon = &self.model.horizon;
        let start = horizon.start_year + results.window as f64 * horizon.window_years;
        let arm = self.model.arms.iter().find(|arm| arm.name == results.arm);
        let vote = arm.map_or_else(String::new, Arm::adopted_by);
        format!(
            "{}: `{}` in window {} from {start}, {} of {} invited states, {} {}; vote: {vote}; payoffs of the window, \
             undiscounted and undelayed, prices of {}; seed {}, mufakat {}, quantiles {}.",
            results.manifest.scenario,
            results.arm,
            results.window,
            match results.coalitions.len() {
                1 => "1 coalition".to_owned(),
                n => format!("{} coalitions", count(n as u64)),
            },
            self.invited(),
            count(results.worlds),
            if self.is_single() { "world" } else { "worlds" },
            horizon.price_year,
            results.manifest.seed,
            results.manifest.version,
            results.manifest.quantiles
        )
    }
}
