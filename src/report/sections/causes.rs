//! Differences split by their causes (43), (44): a sentence, a waterfall and a table, for differences between arms and between scenarios alike.

use crate::engine::model::words::{CauseMetric, DifferenceCause, TotalMetric, Vocabulary};
use crate::report::chart::{Chart, Head, Stack, StackRow};
use crate::report::document::{
    Cell, Heading, RowBar, Rows, Table, Text, joined, text, words, written,
};
use crate::report::numbers::{Pair, Quote};
use crate::report::sections::columns::range;
use crate::report::sentence::{capital, say};
use crate::report::verdict::{Verdict, and};
use crate::study::results::run::{Paired, PairedWithCauses};
use crate::theory::spelling::units::worlds;

/// Causes of a difference between arms, in the order in which they are told.
pub const OF_ARMS: [DifferenceCause; 6] = [
    DifferenceCause::Rules,
    DifferenceCause::Table,
    DifferenceCause::Members,
    DifferenceCause::Sharing,
    DifferenceCause::Delay,
    DifferenceCause::Legacy,
];

/// Causes of a payoff, in the same order: those of a difference of one arm between scenarios.
pub const OF_SCENARIOS: [CauseMetric; 5] = [
    CauseMetric::Rules,
    CauseMetric::Table,
    CauseMetric::Sharing,
    CauseMetric::Delay,
    CauseMetric::Alone,
];

/// The series that a sum has in figures: grey, and the mark of none of the causes.
const SUM: usize = 6;

/// Less than this, in US$ bn, is what rounding leaves of nothing.
const NOTHING: f64 = 1e-9;

/// Where there is little room, a cause is told whose mean or 90% of worlds reach this share of the furthest from zero.
const LEAST_REACH: f64 = 0.2;

/// A difference with each of its causes, in the order of all its kind.
#[derive(Debug, Clone)]
pub struct Split {
    /// Of whom or what.
    pub label: Text,
    /// All of it.
    pub whole: Pair,
    /// What each cause is worth; none where it does not apply.
    pub parts: Vec<Option<Pair>>,
}

/// Differences with their causes, of which those stay that are not zero everywhere.
#[derive(Debug, Clone)]
pub struct Splits {
    pub names: Vec<&'static str>,
    /// Their places among all.
    places: Vec<usize>,
    pub rows: Vec<Split>,
}

impl Splits {
    /// Differences whose causes have these names; left out are causes that are nothing in every row and world, and rows in which all are.
    pub fn of(names: impl IntoIterator<Item = &'static str>, mut rows: Vec<Split>) -> Splits {
        rows.retain(|row| row.parts.iter().flatten().any(is_something));
        let names: Vec<&str> = names.into_iter().collect();
        let places = (0..names.len()).collect();
        let mut splits = Splits {
            names,
            places,
            rows,
        };
        for at in (0..splits.names.len()).rev() {
            let mut parts = splits.rows.iter().filter_map(|row| row.parts[at].as_ref());
            if !parts.any(is_something) {
                splits.names.remove(at);
                splits.places.remove(at);
                for row in &mut splits.rows {
                    row.parts.remove(at);
                }
            }
        }
        splits
    }

    /// Differences between arms.
    pub fn of_arms(rows: Vec<Split>) -> Splits {
        Splits::of(OF_ARMS.iter().map(|cause| cause.word().name), rows)
    }

    /// Whether an accord is among the causes.
    pub fn is_of_accord(&self) -> bool {
        let rest = [
            DifferenceCause::Legacy.word().name,
            CauseMetric::Alone.word().name,
        ];
        self.names.iter().any(|name| !rest.contains(name))
    }

    /// The first row as a sentence: "Of +1.7 (of what): rules +2.1 (0.4 to 4.2), delay -0.1 (-0.3 to 0.0); in brackets 90% of worlds."
    /// None without causes.
    pub fn sentence(&self, of: &Text, trials: u64) -> Option<Text> {
        let row = self.rows.first()?;
        let parts = self.parts(row);
        (!parts.is_empty()).then(|| row.sentence(of, &parts, "", trials))
    }

    /// The same, where causes that reach little beside the furthest are named without their numbers.
    pub fn briefly(&self, of: &Text, trials: u64) -> Option<Text> {
        let row = self.rows.first()?;
        let parts = self.parts(row);
        let most = parts.iter().map(|(_, part)| reach(part));
        let least = LEAST_REACH * most.fold(0.0, f64::max);
        let (far, near): (Vec<_>, Vec<_>) = parts
            .into_iter()
            .partition(|(_, part)| reach(part) >= least);
        let near: Vec<String> = near.iter().map(|(name, _)| (*name).to_owned()).collect();
        let little = match near.is_empty() {
            true => String::new(),
            false => format!(", little by {}", and(&near)),
        };
        (!far.is_empty()).then(|| row.sentence(of, &far, &little, trials))
    }

    /// The causes of a row that show as more than zeros, by name.
    fn parts<'a>(&self, row: &'a Split) -> Vec<(&'static str, &'a Pair)> {
        let parts = self.names.iter().zip(&row.parts);
        let parts = parts.filter_map(|(name, part)| Some((*name, part.as_ref()?)));
        parts.filter(|(_, part)| row.shows(part)).collect()
    }

    /// A row for each difference, a column for each cause; with `ranges`, on a page, 90% of worlds stand below each number.
    pub fn table(&self, row: &str, (id, mut caption): (&str, Text), ranges: bool) -> Table {
        if ranges {
            caption.push(words("; below each number 90% of worlds"));
        }
        let all = [("difference", None)].into_iter();
        let each = (0..self.names.len()).map(|at| (self.names[at], Some(at)));
        let table = Rows::of(&self.rows)
            .column(Heading::words(row), |split| split.label.clone())
            .each(all.chain(each), |rows, (name, at)| {
                rows.column(Heading::number(name), move |split| {
                    let pair = match at {
                        None => Some(&split.whole),
                        Some(at) => split.parts[at].as_ref(),
                    };
                    split.cell(pair, ranges)
                })
            });
        Table {
            repeated: 1,
            ..table.table(id, caption)
        }
    }

    /// What the causes of differences between arms are.
    pub fn meanings(&self) -> String {
        let causes = OF_ARMS.iter().map(|cause| cause.word());
        let shown = causes.filter(|word| self.names.contains(&word.name));
        let said = shown.map(|word| {
            let meaning = word.meaning.trim_end_matches('.');
            format!("{}: {meaning} {}", capital(word.name), word.equation)
        });
        format!(
            "Causes add up to the difference in every world. {}.",
            said.collect::<Vec<_>>().join(". ")
        )
    }

    /// One difference as a waterfall of rows: a row for each cause, then all of it; a terminal draws where each begins and ends.
    pub fn waterfall(&self, row: &Split, (id, caption): (&str, Text)) -> Table {
        let parts = self.names.iter().zip(&row.parts);
        let parts = parts.filter_map(|(name, part)| Some((*name, part.as_ref()?, false)));
        let parts = parts.filter(|(_, part, _)| is_something(part));
        let parts: Vec<(&str, &Pair, bool)> =
            parts.chain([("difference", &row.whole, true)]).collect();
        let mut sum = 0.0;
        let corners = parts.iter().map(|(_, pair, is_whole)| {
            let from = if *is_whole { 0.0 } else { sum };
            sum = from + pair.value();
            (from.min(sum), from.max(sum))
        });
        let corners: Vec<(f64, f64)> = corners.collect();
        let low = corners.iter().fold(0.0, |low: f64, one| low.min(one.0));
        let high = corners.iter().fold(0.0, |high: f64, one| high.max(one.1));
        let share = |value: f64| (value - low) / (high - low);
        let bars = corners
            .iter()
            .map(|one| RowBar::new(share(one.0), share(one.1)));
        let bars = match high > low && high.is_finite() && low.is_finite() {
            true => bars.collect(),
            false => Vec::new(),
        };
        let table = Rows::of(parts)
            .column(Heading::words("cause"), |(name, _, _)| *name)
            .column(Heading::number("US$ bn"), |(_, pair, _)| {
                row.cell(Some(pair), false)
            })
            .column(Heading::number("90% of worlds"), |(_, pair, _)| {
                range(&pair.difference())
            })
            .table(id, caption);
        Table { bars, ..table }
    }

    /// All rows drawn, payoffs in `unit`: in each the causes one after the other, and their sum.
    pub fn chart(&self, (id, title): (&str, &str), unit: &str) -> Chart {
        let lines = match self.rows.iter().any(|split| split.whole.is_single()) {
            true => "",
            false => "; lines hold 90% of worlds, each from where its bar begins",
        };
        let rows = self.rows.iter().map(|split| {
            let stat = split.whole.paired.difference;
            let step = |part: &Option<Pair>| part.as_ref().map_or(0.0, Pair::value);
            StackRow {
                label: written(&split.label),
                steps: split.parts.iter().map(step).collect(),
                spans: split.parts.iter().map(interval).collect(),
                ends: stat.map_or((f64::NAN, f64::NAN), |stat| (stat.p05, stat.p95)),
            }
        });
        let rows: Vec<StackRow> = rows.collect();
        let names = self.names.iter().copied();
        let said = rows.iter().map(|row| {
            let steps = self.names.iter().zip(&row.steps);
            let steps = steps.map(|(name, step)| format!("{name} {step:+.2}"));
            format!("{}: {}", row.label, steps.collect::<Vec<_>>().join(", "))
        });
        let said: Vec<String> = said.collect();
        Stack {
            head: Head {
                id: id.to_owned(),
                title: format!("{title}: causes that add up, mean{lines}"),
                alternative: format!(
                    "A waterfall in each row: a bar for every cause, each beginning where the one before ended, a mark at their sum. {}.",
                    said.join("; ")
                ),
                x: format!("difference of payoff, {unit} (present value)"),
                y: String::new(),
            },
            steps: names.chain(["difference"]).map(str::to_owned).collect(),
            series: self.places.iter().copied().chain([SUM]).collect(),
            rows,
        }
        .chart()
    }
}

impl Split {
    /// A difference of payoff between arms, which stands at `place`, there the other way round if `turned`.
    pub fn of_arms(
        label: Text,
        both: &PairedWithCauses,
        place: &str,
        turned: bool,
        trials: u64,
    ) -> Split {
        let pair = |paired: &Paired, path: String| Pair::new(paired, path, turned, trials);
        let part = |cause: &DifferenceCause| {
            let key = cause.key();
            let paired = Paired {
                difference: both.causes.get(key)?.difference,
                better: None,
                same: None,
                worse: None,
            };
            Some(pair(&paired, format!("{place}.causes.{key}")))
        };
        let payoff = TotalMetric::Payoff.name();
        Split {
            label,
            whole: pair(&both.metrics[payoff], format!("{place}.{payoff}")),
            parts: OF_ARMS.iter().map(part).collect(),
        }
    }

    /// The difference and some of its causes, then what is said of the others.
    fn sentence(&self, of: &Text, parts: &[(&str, &Pair)], others: &str, trials: u64) -> Text {
        let said = parts.iter().map(|(name, part)| {
            let (mean, range) = (self.written(part).difference(), range(&part.difference()));
            match range.is_empty() {
                true => say!("{} {}", *name, mean),
                false => say!("{} {} ({})", *name, mean, range),
            }
        });
        say!(
            "Of {}{}: {}{}{}.",
            self.written(&self.whole).difference(),
            of.clone(),
            joined(said, ", "),
            others,
            known(self, parts, trials)
        )
    }

    /// The same where payoffs are known to some error even in a world by itself.
    pub fn known_to(self, error: Option<f64>) -> Split {
        let parts = self.parts.into_iter();
        Split {
            label: self.label,
            whole: self.whole.known_to(error),
            parts: parts.map(|part| Some(part?.known_to(error))).collect(),
        }
    }

    /// A number of this row to the digit that all of its numbers have, so that they are seen to add up; one that would be zero so, beside a range that
    /// is not, to its own.
    fn written(&self, pair: &Pair) -> Quote {
        let alike = pair.difference().no_finer(self.coarsest());
        let is_apart = matches!(pair.verdict(), Verdict::Gains | Verdict::Loses);
        let is_lost = is_apart && !has_digits(&text![alike.difference()]);
        if is_lost { pair.difference() } else { alike }
    }

    /// Whether a number of this row is more than zeros as it is written.
    fn shows(&self, pair: &Pair) -> bool {
        let mut shown = text![self.written(pair).difference()];
        shown.extend(range(&pair.difference()));
        has_digits(&shown)
    }

    /// 90% of worlds, in a table at most a digit finer than the numbers of this row.
    fn range(&self, pair: &Pair) -> Text {
        range(&pair.difference().no_finer(0.1 * self.coarsest()))
    }

    /// The largest error of a number of this row.
    fn coarsest(&self) -> f64 {
        let error = |pair: &Pair| pair.paired.difference.and_then(|stat| stat.se);
        let all = self.parts.iter().flatten().chain([&self.whole]);
        all.filter_map(error).fold(0.0, f64::max)
    }

    fn cell(&self, pair: Option<&Pair>, ranges: bool) -> Cell {
        pair.map_or_else(Cell::default, |pair| {
            let mut shown = text![self.written(pair).difference()];
            let class = match has_digits(&shown) {
                true => pair.verdict().class(),
                false => "open",
            };
            let range = if ranges {
                self.range(pair)
            } else {
                Text::new()
            };
            if range.is_empty() {
                return Cell::of(shown, class);
            }
            shown.push(words(" "));
            shown.extend(range);
            Cell::of(shown, &format!("{class} ranged"))
        })
    }
}

/// Whether numbers are more than zeros as they are written.
fn has_digits(shown: &Text) -> bool {
    written(shown).contains(|c: char| ('1'..='9').contains(&c))
}

/// What stands behind the numbers of a sentence: what brackets hold, and which signs are not known.
fn known(row: &Split, parts: &[(&str, &Pair)], trials: u64) -> String {
    if row.whole.is_single() {
        return String::new();
    }
    let open = parts
        .iter()
        .filter(|(_, part)| part.verdict() == Verdict::Unclear);
    let open: Vec<String> = open.map(|(name, _)| (*name).to_owned()).collect();
    let open = match (
        parts
            .iter()
            .any(|(_, part)| part.verdict() == Verdict::TooFew),
        open.is_empty(),
    ) {
        (true, _) => format!("; {} are too few to tell", worlds(trials)),
        (false, true) => String::new(),
        (false, false) => format!("; the sign of {} is not clear", and(&open)),
    };
    format!("; in brackets 90% of worlds{open}")
}

/// Whether a cause is more than what rounding leaves in any world.
fn is_something(pair: &Pair) -> bool {
    let stat = pair.paired.difference;
    stat.is_some_and(|stat| stat.min.abs().max(stat.max.abs()) > NOTHING)
}

/// How far from zero a mean and 90% of worlds reach.
fn reach(pair: &Pair) -> f64 {
    let stat = pair.paired.difference;
    let ends = stat.map_or([0.0; 3], |stat| [stat.mean, stat.p05, stat.p95]);
    ends.map(f64::abs).into_iter().fold(0.0, f64::max)
}

/// 90% of worlds; not numbers where there is one world.
fn interval(pair: &Option<Pair>) -> (f64, f64) {
    let stat = pair.as_ref().and_then(|pair| pair.paired.difference);
    let stat = stat.filter(|stat| stat.se.is_some());
    stat.map_or((f64::NAN, f64::NAN), |stat| (stat.p05, stat.p95))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::Document;
    use crate::report::document::plain;
    use crate::report::render::terminal::render;
    use crate::study::results::fixture::stat;

    /// A difference of a hundred worlds.
    fn pair(mean: f64, se: f64, ends: (f64, f64)) -> Pair {
        let paired = Paired {
            difference: Some(stat(mean, Some(se), ends)),
            better: None,
            same: None,
            worse: None,
        };
        Pair::new(&paired, format!("at.{mean}"), false, 1000)
    }

    fn splits() -> Splits {
        let row = |label: &str, sign: f64| Split {
            label: plain(label),
            whole: pair(1.7 * sign, 0.02, (0.5, 3.0)),
            parts: vec![
                Some(pair(2.12 * sign, 0.01, (0.4, 5.1))),
                Some(pair(0.6 * sign, 0.02, (-0.2, 1.9))),
                Some(pair(-0.9 * sign, 0.02, (-2.0, 0.1))),
                Some(pair(0.0, 0.0, (0.0, 0.0))),
                Some(pair(-0.12 * sign, 0.1, (-0.3, 0.0))),
                None,
            ],
        };
        let names = OF_ARMS.iter().map(|cause| cause.word().name);
        Splits::of(names, vec![row("all", 1.0), row("other", -1.0)])
    }

    #[test]
    fn a_sentence_says_each_cause_with_both_signs() {
        let splits = splits();
        assert_eq!(splits.names, ["rules", "joint table", "who is in", "delay"]);
        let said = splits.sentence(&plain(" (`a` less `b`)"), 1000);
        // All to the digit of the coarsest error, that of delay.
        assert_eq!(
            written(&said.expect("causes")),
            "Of +1.7 (`a` less `b`): rules +2.1 (0.40 to 5.10), joint table +0.6 (-0.2 to 1.9), who is in \u{2212}0.9 (\u{2212}2.0 to 0.1), \
             delay \u{2212}0.1 (\u{2212}0.3 to 0.0); in brackets 90% of worlds; the sign of delay is not clear."
                .replace("(-", "(\u{2212}")
        );
    }

    #[test]
    fn a_small_cause_that_is_apart_from_zero_is_not_written_as_zero() {
        let row = Split {
            label: plain("all"),
            whole: pair(3.0, 0.5, (1.0, 6.0)),
            parts: vec![
                Some(pair(3.3, 0.5, (1.0, 7.0))),
                Some(pair(-0.2, 0.02, (-0.8, -0.1))),
                Some(pair(0.2, 0.5, (-1.0, 2.0))),
            ],
        };
        let said = Splits::of(["rules", "delay", "legacy"], vec![row]).sentence(&Text::new(), 1000);
        assert_eq!(
            written(&said.expect("causes")),
            "Of +3: rules +3 (1 to 7), delay -0.20 (-0.8 to -0.1), legacy 0 (-1 to 2); in brackets 90% of worlds; the sign of legacy is not clear."
                .replace('-', "\u{2212}")
        );
    }

    #[test]
    fn a_brief_sentence_gives_the_numbers_of_causes_that_reach_far() {
        // Rules reach 5.1; 1.9 and 2.0 are more than a fifth of it, 0.3 is not.
        let said = splits().briefly(&Text::new(), 1000);
        assert_eq!(
            written(&said.expect("causes")),
            "Of +1.7: rules +2.1 (0.40 to 5.10), joint table +0.6 (-0.2 to 1.9), who is in -0.9 (-2.0 to 0.1), little by delay; in \
             brackets 90% of worlds."
                .replace('-', "\u{2212}")
        );
    }

    #[test]
    fn a_waterfall_begins_where_the_cause_before_ended() {
        let splits = splits();
        let table = splits.waterfall(&splits.rows[0], ("causes", plain("of it")));
        let ends: Vec<(f64, f64)> = table
            .bars
            .iter()
            .filter_map(|bar| bar.ends)
            .map(|(from, to)| (2.72 * from, 2.72 * to))
            .collect();
        let known = [
            (0.0, 2.12),
            (2.12, 2.72),
            (1.82, 2.72),
            (1.7, 1.82),
            (0.0, 1.7),
        ];
        for ((from, to), (known_from, known_to)) in ends.iter().zip(known) {
            assert!(
                (from - known_from).abs() + (to - known_to).abs() < 1e-9,
                "{ends:?}"
            );
        }
        let document = Document {
            opening: vec![table.into()],
            ..Document::default()
        };
        let shown = render(&document, 80).text;
        assert!(shown.contains("who is in"), "{shown}");
    }

    #[test]
    fn a_number_that_is_written_as_zero_has_no_colour_and_a_range_stands_below() {
        let row = Split {
            label: plain("all"),
            whole: pair(3.0, 0.5, (1.0, 6.0)),
            parts: vec![
                Some(pair(3.0, 0.5, (1.0, 7.0))),
                Some(pair(0.02, 0.002, (-0.1, 0.123))),
            ],
        };
        let splits = Splits::of(["rules", "legacy"], vec![row]);
        let cells = |ranges| {
            let table = splits.table("of", ("it", plain("it")), ranges);
            let cells = table.rows[0].iter().skip(1);
            let cells = cells.map(|cell| (written(&cell.text), cell.class.clone()));
            cells.collect::<Vec<_>>()
        };
        let owned = |(text, class): (&str, &str)| (text.replace('-', "\u{2212}"), class.to_owned());
        let known = [("+3", "gain"), ("+3", "gain"), ("0", "open")];
        assert_eq!(cells(false), known.map(owned));
        let known = [
            ("+3 1 to 6", "gain ranged"),
            ("+3 1 to 7", "gain ranged"),
            ("0 -0.1 to 0.1", "open ranged"),
        ];
        assert_eq!(cells(true), known.map(owned));
    }

    #[test]
    fn a_row_without_a_cause_is_left_out() {
        let nothing = pair(0.0, 0.0, (0.0, 0.0));
        let row = |label: &str, part: &Pair| Split {
            label: plain(label),
            whole: part.clone(),
            parts: vec![Some(part.clone()), Some(nothing.clone()), None],
        };
        let some = pair(1.0, 0.1, (0.5, 1.5));
        let names = ["rules", "sharing", "who is in"];
        let splits = Splits::of(names, vec![row("bilateral", &nothing), row("bloc", &some)]);
        assert_eq!((splits.names.len(), splits.rows.len()), (1, 1));
        assert_eq!(written(&splits.rows[0].label), "bloc");
        assert!(
            Splits::of(names, vec![row("bilateral", &nothing)])
                .rows
                .is_empty()
        );
    }

    #[test]
    fn colours_stay_with_their_causes() {
        let svg = splits().chart(("it", "It"), "US$ bn").svg;
        for class in ["step c0", "step c1", "step c2", "step c4"] {
            assert!(svg.contains(class), "{class}: {svg}");
        }
        assert!(!svg.contains("step c3"), "{svg}");
    }
}
