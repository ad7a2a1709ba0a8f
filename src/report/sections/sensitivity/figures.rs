//! How large factors are, to be seen: the bars of a terminal, the figure of a page. What may be chance is of another shade.

use super::{DUST, OutputText, RankedFactor, error, size, written};
use crate::engine::model::event_of_draw;
use crate::report::chart::{Chart, Forest, ForestRow, Point, Tornado, TornadoRow};
use crate::report::document::RowBar;
use crate::report::numbers::short;
use crate::report::sections::study::PlaceOnPage;
use crate::study::results::sensitivity::FactorResult;
use crate::theory::spelling::units::percent;

impl OutputText<'_> {
    /// Bars, and where among them the largest by chance would end. They join the ends of a tornado, else they begin at zero and are as long as factors are
    /// large; what is written as zero has none.
    pub(super) fn bars(&self, ranked: &[RankedFactor<'_>]) -> (Vec<RowBar>, Option<f64>) {
        let by = self.reading.ranked_by;
        let ends = |one: &FactorResult| -> Option<(f64, f64)> {
            match (one.at_low, one.at_high) {
                _ if self.is_nothing(one) => None,
                (Some(low), Some(high)) => {
                    Some((low.value.min(high.value), low.value.max(high.value)))
                }
                _ => Some((0.0, size(by, &self.by(one)?))),
            }
        };
        let ends: Vec<Option<(f64, f64)>> = ranked.iter().map(|(_, one)| ends(one)).collect();
        let floor = self.most_by_chance();
        let drawn = || ends.iter().flatten();
        if !drawn().any(|bar| bar.1 - bar.0 > DUST) {
            return (Vec::new(), None);
        }
        let least = drawn().map(|bar| bar.0).fold(f64::INFINITY, f64::min);
        let most = drawn().map(|bar| bar.1).chain(floor);
        let most = most.fold(f64::NEG_INFINITY, f64::max);
        let share = |x: f64| (x - least) / (most - least);
        let bars = ranked.iter().zip(&ends).map(|((_, one), ends)| RowBar {
            ends: ends.map(|(from, to)| (share(from), share(to))),
            faint: !self.is_told(one),
        });
        (bars.collect(), floor.map(share))
    }

    /// Whether the measure of a factor is written as zero.
    pub(super) fn is_nothing(&self, one: &FactorResult) -> bool {
        let by = self.reading.ranked_by;
        self.by(one).is_none_or(|one| {
            let written = written(by, one.value, error(&one));
            size(by, &one) <= DUST || !written.contains(|c: char| ('1'..='9').contains(&c))
        })
    }

    pub(super) fn chart(&self, place: PlaceOnPage<'_>) -> Option<Chart> {
        let by = self.reading.ranked_by;
        let ranked = self.ranked();
        let words = "A row per factor, the largest first.";
        let is_told = self.output.is_some_and(|output| output.note.is_none());
        if ranked.is_empty() || !is_told {
            return None;
        }
        let is_faint = ranked.iter().any(|(_, one)| !self.is_told(one));
        let grey = if is_faint {
            "; grey: it may be chance"
        } else {
            ""
        };
        if by == "swing" {
            let title = "mean result with each factor at its 5% and its 95% point";
            let title = format!("{}: {title}{grey}", self.name);
            let x = format!("{}, {}", self.name, place.unit());
            let chart = Tornado {
                head: place.head("tornado", title, words, [&x, ""]),
                base: None,
                rows: ranked
                    .iter()
                    .filter_map(|one| {
                        let row = bar(one, place)?;
                        let faint = !self.is_told(&one.1);
                        Some(TornadoRow { faint, ..row })
                    })
                    .collect(),
            };
            return Some(chart.chart());
        }
        let rows = ranked.iter().map(|(factor, result)| ForestRow {
            label: (*factor).to_owned(),
            points: vec![self.by(result).map(|one| Point {
                value: one.value,
                outer: (one.low.unwrap_or(f64::NAN), one.high.unwrap_or(f64::NAN)),
                inner: (f64::NAN, f64::NAN),
            })],
            faint: !self.is_told(result),
            ..ForestRow::default()
        });
        let floor = self.most_by_chance();
        let order = match self.reading.told_by_ranks {
            true => ", those told from chance first",
            false => "",
        };
        let chance = floor.map_or_else(String::new, |high| {
            let high = if high.abs() < DUST { 0.0 } else { high };
            let below = match self.reading.told_by_ranks {
                true => ", below which one can be told by its ranks",
                false => "",
            };
            let high = short(high, 2);
            format!("; broken line: the largest of so many inert factors, {high}{below}")
        });
        let title = format!(
            "{}: {by} of each factor with its 95% interval{order}{chance}{grey}",
            self.name
        );
        let chart = Forest {
            head: place.head("factors", title, words, [by, ""]),
            series: vec![by.to_owned()],
            rows: rows.collect(),
            from_zero: true,
            floor,
            thin: None,
        };
        Some(chart.chart())
    }
}

/// The bar of a factor; none if the method does not move it between its ends.
fn bar((path, factor): &RankedFactor<'_>, place: PlaceOnPage<'_>) -> Option<TornadoRow> {
    let uncertain = place.model.uncertain.iter().find(|one| one.path == *path);
    let input = |p: f64| match uncertain {
        None if event_of_draw(path).is_some() => if p < 0.5 { "no" } else { "yes" }.to_owned(),
        None => percent(p),
        Some(one) => short(one.distribution.quantile(p), 4),
    };
    Some(TornadoRow {
        label: (*path).to_owned(),
        ends: (factor.at_low?.value, factor.at_high?.value),
        inputs: (input(0.05), input(0.95)),
        faint: false,
    })
}
