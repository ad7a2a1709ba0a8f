//! Leverage by the time of the table, and what to prepare.

use crate::report::brief::blocks::{NONE, added, median, ninety};
use crate::report::brief::text::View;
use crate::report::brief::{LeverageRow, PreparationRow};
use crate::report::units::percent;

/// Rows of preparation that are shown; the document has all.
const SHOWN: usize = 8;

/// Assignments of a row that are shown.
const ASSIGNED: usize = 1;

impl View<'_> {
    pub(super) fn leverage(&self) -> String {
        let rows = self.results.leverage.iter().map(|row| self.position(row));
        let [own, other] = self.own_first(self.states_short(), self.hyperscaler().to_owned());
        let title = format!(
            "Leverage by the time of the talks: margin at risk (what a refusal would cost {} of its margin at this table), median gains \
             at the table, US$ bn, and leverage of {} in the window (median)",
            self.hyperscaler(),
            self.states_short()
        );
        let (own, other) = (format!("gain of\n{own}"), format!("gain of\n{other}"));
        let header = ["", "margin\nat risk", &own, &other, "leverage"];
        let mut text = self.titled(&title, &header, rows.collect());
        text += &self.paragraph(
            "First: before every other table. After a state: it alone has met the hyperscaler before. Last: after all others.",
        );
        text
    }

    fn position(&self, row: &LeverageRow) -> Vec<String> {
        let name = match row.position.as_str() {
            "drawn" => "as the scenario has it".to_owned(),
            other => match other.strip_prefix("after ") {
                Some(id) => format!("after {}", self.state_name(id)),
                None => other.to_owned(),
            },
        };
        let share = |share: Option<f64>| share.map_or_else(|| NONE.to_owned(), percent);
        let [own, other] = self.own_first(median(&row.state), median(&row.hyperscaler));
        vec![
            name,
            share(row.margin_at_risk),
            own,
            other,
            share(row.leverage.as_ref().map(|stat| stat.p50)),
        ]
    }

    pub(super) fn preparation(&self) -> String {
        let all = &self.results.preparation;
        if all.is_empty() {
            return String::new();
        }
        let (tables, own): (Vec<_>, Vec<_>) = all.iter().partition(|row| row.set.is_empty());
        let shown = own.into_iter().take(SHOWN).chain(tables);
        let rows = shown.map(|row| prepared(row)).collect();
        let title = format!(
            "Preparation: what a plausible change of the own circumstances before the talks adds, US$ bn, medians and below 90% of worlds; \
             ranked by the walk-away of {}",
            self.own()
        );
        let (own, other) = (
            format!("to what\n{}\nhas without", self.own()),
            format!("to what\n{}\nhas without", self.other()),
        );
        let with_deal = format!("to what\n{}\nhas with", self.own());
        let mut text = self.titled(&title, &["", &own, &other, &with_deal], rows);
        let left = all.len().saturating_sub(SHOWN + 1);
        let more = match left {
            0 => String::new(),
            _ => " The others are in the document (--json).".to_owned(),
        };
        text += &self.paragraph(&format!(
            "Each can be repeated with --set. A number that is uncertain is moved to its 95% point (5% where less is better), a constant by a \
             tenth of itself.{more}"
        ));
        text
    }
}

fn prepared(row: &PreparationRow) -> Vec<String> {
    let mut name = row.what.clone();
    for assignment in row.set.iter().take(ASSIGNED) {
        name += &format!("\n  {assignment}");
    }
    if row.set.len() > ASSIGNED {
        name += &format!("\n  and {} more", row.set.len() - ASSIGNED);
    }
    let cell = |stat| match ninety(stat) {
        range if range.is_empty() => added(stat),
        range => format!("{}\n{range}", added(stat)),
    };
    vec![
        name,
        cell(&row.walk_away),
        cell(&row.other_walk_away),
        cell(&row.with_deal),
    ]
}
