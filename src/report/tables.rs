//! Tables of a run for a terminal.

use crate::model::Model;
use crate::outcome::TotalMetric;
use crate::report::results::{ArmResult, Erosion, Paired, Results};
use crate::report::units::{self, number, percent, signed};
use crate::stats::sketch::RELATIVE_ERROR;
use crate::stats::summary::Stat;
use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle, Table,
    TableStyle,
};

/// A line under the header and none elsewhere.
const LIGHT: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none())
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .content_lines(ContentLineStyle::none());

/// The error of a 5% or 95% quantile is about twice that of the mean (exactly 2.1 times for a normal).
const TAIL_ERROR: f64 = 2.1;

/// Cells of the longest bar.
const BAR: f64 = 30.0;

/// Space between columns.
const GAP: usize = 2;

/// What stands where there is no number.
const NONE: &str = "·";

/// A table without borders, `width` columns wide at most; the first column is words, the others numbers.
pub(crate) fn table(header: &[String], rows: Vec<Vec<String>>, width: usize) -> String {
    let mut table = Table::new();
    table
        .load_style(LIGHT)
        .set_width(u16::try_from(width).unwrap_or(u16::MAX))
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header)
        .add_rows(rows);
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, GAP as u16));
        if index > 0 {
            column.set_cell_alignment(CellAlignment::Right);
        } else {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    let lines = table.lines().map(|line| line.trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// The mean to the digits that its error supports.
pub(crate) fn mean(stat: Option<&Stat>) -> String {
    stat.map_or_else(|| NONE.to_owned(), |stat| number(stat.mean, stat.se))
}

/// The mean of a difference.
pub(crate) fn difference(stat: Option<&Stat>) -> String {
    stat.map_or_else(|| NONE.to_owned(), |stat| signed(stat.mean, stat.se))
}

/// The range of the middle 90% of worlds; empty for a single world.
pub(crate) fn range(stat: Option<&Stat>) -> String {
    let Some((stat, se)) = stat.and_then(|stat| Some((stat, stat.se?))) else {
        return String::new();
    };
    // Quantiles that come from counts have a relative error of their own; three digits suit exact ones too.
    let coarse = RELATIVE_ERROR * stat.p05.abs().max(stat.p95.abs());
    units::range(stat.p05, stat.p95, Some((TAIL_ERROR * se).max(coarse)))
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

    /// All arms but the reference.
    pub(crate) fn others(&self) -> impl Iterator<Item = usize> {
        let reference = self.reference;
        (0..self.model.arms.len()).filter(move |&arm| arm != reference)
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
        let names = self.model.states.iter().map(|state| state.name.clone());
        let names: Vec<String> = names.chain(["all states".to_owned()]).collect();
        let payoffs = self.model.states.iter().map(|state| {
            let stat = reference.states[&state.id]["payoff"].as_ref();
            format!("{}\n{}", mean(stat), range(stat))
        });
        let total = reference.totals["payoff"].as_ref();
        let total = format!("{}\n{}", mean(total), range(total));
        let payoffs: Vec<String> = payoffs.chain([total]).collect();
        let first = (self.widest(&names), self.widest(&payoffs));
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

    fn widest(&self, cells: &[String]) -> usize {
        let lines = cells.iter().flat_map(|cell| cell.lines());
        lines.map(|line| line.chars().count()).max().unwrap_or(0)
    }

    /// How many of `columns` fit beside the first two; at least one if there is one.
    fn fitting(&self, columns: &[Vec<String>], first: (usize, usize)) -> usize {
        let reference = first.1.max(self.name(self.reference).len());
        let mut used = first.0 + reference + 2 * GAP;
        let mut fitting = 0;
        for column in columns {
            used += self.widest(column) + GAP;
            if used > self.width && fitting > 0 {
                break;
            }
            fitting += 1;
        }
        fitting
    }

    /// Arms: what the states and hyperscalers get, how concentrated investment is, how accords form.
    pub(crate) fn arms(&self) -> String {
        let single = self.is_single();
        let mut header = vec!["arm", "states'\npayoff", "differ-\nence"];
        if !single {
            header.push("better\nin");
        }
        header.extend([
            "hypersc.\nprofit",
            "lever-\nage",
            "concen-\ntration",
            "accord\nforms",
            "size",
            "rounds",
        ]);
        let rows = (0..self.model.arms.len()).map(|arm| {
            let result = self.arm(arm);
            let total = |metric: TotalMetric| result.totals[metric.name()].as_ref();
            let mut row = vec![self.name(arm).to_owned(), mean(total(TotalMetric::Payoff))];
            if arm == self.reference {
                row.extend(vec![String::new(); if single { 1 } else { 2 }]);
            } else {
                let paired = self.total(arm, self.reference, TotalMetric::Payoff);
                row.push(difference(paired.difference.as_ref()));
                if !single {
                    row.push(share(paired.better));
                }
            }
            row.push(mean(total(TotalMetric::Profit)));
            let leverage = total(TotalMetric::Leverage);
            row.push(leverage.map_or_else(|| NONE.to_owned(), |stat| percent(stat.mean)));
            row.push(rounded(total(TotalMetric::Herfindahl), 3));
            if self.model.arms[arm].is_accord() {
                let accord = &result.accord;
                row.push(percent(accord.formed));
                row.extend([
                    rounded(accord.size.as_ref(), 1),
                    rounded(accord.rounds.as_ref(), 1),
                ]);
            } else {
                row.extend(vec![NONE.to_owned(); 3]);
            }
            row
        });
        let header: Vec<String> = header.into_iter().map(str::to_owned).collect();
        table(&header, rows.collect(), self.width)
    }

    /// Pressure of a refusal by the number of states that already host, in the reference arm.
    pub(crate) fn erosion(&self) -> String {
        let erosion = &self.arm(self.reference).erosion;
        let header = [
            "hosts\nalready",
            "tables\na world",
            "margin\nat risk",
            "90% of\nworlds",
            "",
        ];
        let mut header: Vec<String> = header.map(str::to_owned).to_vec();
        let percents = |stat: &Stat| format!("{} to {}", percent(stat.p05), percent(stat.p95));
        let rows = erosion.iter().map(|row: &Erosion| {
            let pressure = row.pressure.as_ref();
            vec![
                row.hosts.to_string(),
                format!("{:.1}", row.tables),
                pressure.map_or_else(|| NONE.to_owned(), |stat| percent(stat.mean)),
                pressure.map_or_else(|| NONE.to_owned(), percents),
                pressure.map_or_else(String::new, |stat| bar(stat.mean)),
            ]
        });
        let mut rows: Vec<Vec<String>> = rows.collect();
        if self.is_single() {
            header.remove(3);
            rows.iter_mut().for_each(|row| drop(row.remove(3)));
        }
        table(&header, rows, self.width)
    }
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

fn bar(share: f64) -> String {
    let cells = libm::round(BAR * share.clamp(0.0, 1.0)) as usize;
    format!("{:<width$}", "█".repeat(cells), width = BAR as usize)
}
