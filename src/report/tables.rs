//! Tables of a run for a terminal.

use crate::engine::model::arm::Arm;
use crate::engine::model::{Identity, Model};
use crate::engine::outcome::TotalMetric;
use crate::report::amounts::{NONE, difference, level, mean, range};
use crate::report::render::terminal::{broken, table};
use crate::study::results::precision::is_off;
use crate::study::results::run::{ArmResult, Erosion, Paired, Results};
use crate::theory::spelling::units::{number, percent};
use crate::theory::stats::summary::Stat;
use textwrap::core::display_width;

/// Space between columns.
const GAP: usize = 2;

/// Columns of a state's name in a table, before it is broken between words.
const NAME: usize = 24;

/// Columns of the longest bar, where there is room.
const BAR: usize = 30;

/// Columns of the table of margins at risk without its bars.
const BESIDE_BAR: usize = 42;

/// Tables of this many or fewer a world are none to speak of.
const HARDLY_ANY: f64 = 0.1;

/// A table without those columns of `less`, in this order, that would make it wider than `width`.
fn fitted(
    mut header: Vec<String>,
    mut rows: Vec<Vec<String>>,
    width: usize,
    less: &[&str],
) -> String {
    let needed = |header: &[String], rows: &[Vec<String>]| -> usize {
        let widths = header.iter().enumerate().map(|(at, title)| {
            let cells = rows.iter().filter_map(|row| row.get(at));
            GAP + widest(cells.chain([title]))
        });
        widths.sum::<usize>() - GAP
    };
    for column in less {
        if needed(&header, &rows) <= width {
            break;
        }
        if let Some(at) = header.iter().position(|title| title == column) {
            header.remove(at);
            rows.iter_mut().for_each(|row| drop(row.remove(at)));
        }
    }
    table(&header, rows, width)
}

/// Columns of the longest line of any cell.
fn widest<'a>(cells: impl IntoIterator<Item = &'a String>) -> usize {
    let lines = cells.into_iter().flat_map(|cell| cell.lines());
    lines.map(display_width).max().unwrap_or(0)
}

/// A state or hyperscaler for readers, with the id that paths take: "Indonesia (ID)".
pub(crate) fn label(one: &Identity) -> String {
    if one.name == one.id {
        one.id.clone()
    } else {
        format!("{} ({})", one.name, one.id)
    }
}

fn share(share: Option<f64>) -> String {
    share.map_or_else(|| NONE.to_owned(), percent)
}

/// Everything that tables are made of.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub model: &'a Model,
    pub results: &'a Results,
    pub reference: usize,
    pub width: usize,
}

impl<'a> View<'a> {
    pub(crate) fn name(&self, arm: usize) -> &'a str {
        &self.model.arms[arm].name
    }

    pub(crate) fn arm(&self, arm: usize) -> &'a ArmResult {
        &self.results.arms[self.name(arm)]
    }

    /// The arms that are shown: those that are not switched off, and the reference.
    pub(crate) fn shown(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.model.arms.len()).filter(|&arm| arm == self.reference || !is_off(self.model, arm))
    }

    /// The arms that are shown, but for the reference.
    pub(crate) fn others(&self) -> impl Iterator<Item = usize> + '_ {
        self.shown().filter(|&arm| arm != self.reference)
    }

    pub(crate) fn is_single(&self) -> bool {
        self.results.manifest.trials == 1
    }

    /// The paired difference of a total between two arms.
    pub(crate) fn total(&self, arm: usize, reference: usize, metric: TotalMetric) -> Paired {
        let names = (self.name(arm), self.name(reference));
        let (comparison, reversed) = self
            .results
            .comparison(names.0, names.1)
            .expect("every pair of arms is compared");
        turned(&comparison.totals[metric.name()], reversed)
    }

    /// The paired difference of a state's payoff between two arms.
    pub(crate) fn payoff(&self, arm: usize, reference: usize, state: usize) -> Paired {
        let names = (self.name(arm), self.name(reference));
        let (comparison, reversed) = self
            .results
            .comparison(names.0, names.1)
            .expect("every pair of arms is compared");
        let of_state = &comparison.states[&self.model.states[state].id];
        turned(&of_state["payoff"], reversed)
    }

    /// States by arm: payoff in the reference; for each other arm the difference, the share of worlds better off and,
    /// below, the range. Arms that do not fit side by side go into further tables.
    pub(crate) fn states(&self) -> String {
        let mut columns: Vec<Vec<String>> = Vec::new();
        for arm in self.others() {
            let states = 0..self.model.states.len();
            let of_states = states.map(|i| self.payoff(arm, self.reference, i));
            let all = self.total(arm, self.reference, TotalMetric::Payoff);
            let cells = of_states.chain([all]).map(|paired| self.cell(&paired));
            columns.push(
                [self.name(arm).to_owned()]
                    .into_iter()
                    .chain(cells)
                    .collect(),
            );
        }
        let reference = self.arm(self.reference);
        let names = self.model.states.iter().map(|state| self.row_name(state));
        let names: Vec<String> = names.chain(["all states".to_owned()]).collect();
        let payoffs = self.model.states.iter().map(|state| {
            let stat = reference.states[&state.id]["payoff"].as_ref();
            format!("{}\n{}", mean(stat), range(stat))
        });
        let total = reference.totals["payoff"].as_ref();
        let total = format!("{}\n{}", mean(total), range(total));
        let payoffs: Vec<String> = payoffs.chain([total]).collect();
        let first = (widest(&names), widest(&payoffs));
        let mut text = String::new();
        let mut rest = columns.as_slice();
        loop {
            let shown = self.fitting(rest, first);
            let (now, later) = rest.split_at(shown);
            let mut header = vec![String::new(), self.name(self.reference).to_owned()];
            header.extend(now.iter().map(|column| column[0].clone()));
            let rows = names.iter().enumerate().map(|(row, name)| {
                let mut cells = vec![name.clone(), payoffs[row].trim_end().to_owned()];
                cells.extend(now.iter().map(|column| column[row + 1].clone()));
                cells
            });
            text += &table(&header, rows.collect(), self.width);
            rest = later;
            if rest.is_empty() {
                return text;
            }
            text.push('\n');
        }
    }

    fn cell(&self, paired: &Paired) -> String {
        let stat = paired.difference.as_ref();
        if self.is_single() {
            return difference(stat);
        }
        format!(
            "{} {:>4}\n{}",
            difference(stat),
            share(paired.better),
            range(stat)
        )
    }

    /// The name of a state's row: where rows have two lines, the id is the second.
    fn row_name(&self, state: &Identity) -> String {
        if self.is_single() || state.id == state.name {
            return broken(&label(state), NAME);
        }
        format!("{}\n{}", broken(&state.name, NAME), state.id)
    }

    /// How many of `columns` fit beside the first two; at least one if there is one.
    fn fitting(&self, columns: &[Vec<String>], first: (usize, usize)) -> usize {
        let reference = first.1.max(display_width(self.name(self.reference)));
        // Each column but the first brings the space before it.
        let mut used = first.0 + GAP + reference;
        let mut fitting = 0;
        for column in columns {
            used += widest(column) + GAP;
            if used > self.width && fitting > 0 {
                break;
            }
            fitting += 1;
        }
        fitting
    }

    /// Arms: what states and hyperscalers get, all together.
    pub(crate) fn payoffs(&self) -> String {
        let single = self.is_single();
        let mut header = vec!["arm", "states'\npayoff", "difference"];
        if !single {
            header.extend(["90% of worlds", "better in"]);
        }
        header.push("hyperscalers'\nprofit");
        let rows = self.shown().map(|arm| {
            let totals = &self.arm(arm).totals;
            let total = |metric: TotalMetric| level(totals[metric.name()].as_ref());
            let mut row = vec![self.name(arm).to_owned(), total(TotalMetric::Payoff)];
            let mut cells = vec![String::new(); 3];
            if arm != self.reference {
                let paired = self.total(arm, self.reference, TotalMetric::Payoff);
                let stat = paired.difference.as_ref();
                cells = vec![difference(stat), range(stat), share(paired.better)];
            }
            cells.truncate(if single { 1 } else { 3 });
            row.extend(cells);
            row.push(total(TotalMetric::Profit));
            row
        });
        let less = ["90% of worlds", "hyperscalers'\nprofit"];
        fitted(owned(&header), rows.collect(), self.width, &less)
    }

    /// Arms: how gains divide, how concentrated investment is, how accords form.
    pub(crate) fn talks(&self) -> String {
        let accords = self.has_accords();
        let mut header = vec!["arm", "leverage", "concentration"];
        if accords {
            let formed = if self.is_single() {
                "accord"
            } else {
                "accord in"
            };
            header.extend([formed, "members", "rounds"]);
        }
        let rows = self.shown().map(|arm| {
            let result = self.arm(arm);
            let total = |metric: TotalMetric| result.totals[metric.name()].as_ref();
            let leverage = total(TotalMetric::Leverage);
            let mut row = vec![
                self.name(arm).to_owned(),
                share(leverage.map(|stat| stat.mean)),
                rounded(total(TotalMetric::Herfindahl), 3),
            ];
            let accord = &result.accord;
            match self.model.arms[arm].is_accord() {
                true => row.extend([
                    match self.is_single() {
                        true => if accord.formed > 0.0 { "yes" } else { "no" }.to_owned(),
                        false => percent(accord.formed),
                    },
                    rounded(accord.size.as_ref(), 1),
                    rounded(accord.rounds.as_ref(), 1),
                ]),
                false if accords => row.extend(vec![NONE.to_owned(); 3]),
                false => {}
            }
            row
        });
        fitted(
            owned(&header),
            rows.collect(),
            self.width,
            &["rounds", "concentration"],
        )
    }

    /// Whether any arm that is shown seeks an accord.
    pub(crate) fn has_accords(&self) -> bool {
        let mut arms = self.shown().map(|arm| &self.model.arms[arm]);
        arms.any(Arm::is_accord)
    }

    /// Margin at risk by the number of states that already host, in the reference arm; none where there are no tables.
    pub(crate) fn erosion(&self) -> Option<String> {
        let erosion = self.arm(self.reference).erosion.iter();
        let erosion = erosion.filter(|row| row.tables >= HARDLY_ANY);
        let header = [
            "hosts\nalready",
            "tables\na world",
            "margin\nat risk",
            "90% of worlds",
            "",
        ];
        let mut header = owned(&header);
        let longest = BAR.min(self.width.saturating_sub(BESIDE_BAR));
        let percents = |stat: &Stat| format!("{} to {}", percent(stat.p05), percent(stat.p95));
        let rows = erosion.map(|row: &Erosion| {
            let pressure = row.pressure.as_ref();
            vec![
                row.hosts.to_string(),
                number(row.tables, Some(0.1)),
                pressure.map_or_else(|| NONE.to_owned(), |stat| percent(stat.mean)),
                pressure.map_or_else(|| NONE.to_owned(), percents),
                pressure.map_or_else(String::new, |stat| bar(stat.mean, longest)),
            ]
        });
        let mut rows: Vec<Vec<String>> = rows.collect();
        if self.is_single() {
            header.remove(3);
            rows.iter_mut().for_each(|row| drop(row.remove(3)));
        }
        (!rows.is_empty()).then(|| table(&header, rows, self.width))
    }
}

pub(crate) fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn turned(paired: &Paired, reversed: bool) -> Paired {
    if reversed {
        paired.mirrored()
    } else {
        paired.clone()
    }
}

/// The mean to at most `decimals`, or fewer if the error asks for it.
fn rounded(stat: Option<&Stat>, decimals: i32) -> String {
    stat.map_or_else(
        || NONE.to_owned(),
        |stat| {
            let finest = libm::pow(10.0, f64::from(-decimals));
            number(stat.mean, Some(stat.se.unwrap_or(0.0).max(finest)))
        },
    )
}

/// A bar of at most `longest` columns, padded to them.
fn bar(share: f64, longest: usize) -> String {
    let cells = libm::round(longest as f64 * share.clamp(0.0, 1.0)) as usize;
    format!("{:<longest$}", "█".repeat(cells))
}
