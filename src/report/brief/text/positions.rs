//! Leverage by the time of the table, and what to prepare.

use crate::report::brief::blocks::{NONE, added, median, ninety};
use crate::report::brief::text::View;
use crate::study::results::brief::{KindName, LeverageRow, PreparationRow};
use crate::theory::spelling::units::percent;

/// How positions after a state begin.
const AFTER: &str = "after ";

/// How joint tables begin.
const JOINT: &str = "joint table";

/// Margins at risk this close are alike.
const ALIKE: f64 = 0.005;

/// A change that moves less is none, USD bn: a thousandth of a dollar.
const IDLE: f64 = 1e-12;

impl View<'_> {
    pub(super) fn leverage(&self) -> String {
        let (shown, alike) = self.telling();
        let rows = shown.into_iter().map(|row| self.position(row));
        let [own, other] = self.own_first(self.states_short(), self.hyperscaler());
        let title = format!(
            "Leverage by the time of the talks: margin at risk (what a refusal would cost {} of its margin at this table), median gains \
             at the table, US$ bn, and leverage of {} in the window (median)",
            self.hyperscaler(),
            self.states_short()
        );
        let (own, other) = (format!("gain of\n{own}"), format!("gain of\n{other}"));
        let header = ["", "margin\nat risk", &own, &other, "leverage"];
        let mut note = match self.results.table.state {
            Some(_) => {
                "First: before every other table. After a state: it alone has met the hyperscaler before. Last: after all others."
            }
            None => {
                "First, last: before or after all tables of outsiders. Each alone: the members' own tables, without the accord."
            }
        }
        .to_owned();
        if !alike.is_empty() {
            note += &format!(" After others ({}) as first.", alike.join(", "));
        }
        let joint = self.results.leverage.iter();
        if joint.clone().any(|row| row.position.starts_with(JOINT)) {
            note += " Gains at the joint table are those of all its members.";
        }
        self.titled(&title, &header, rows.collect()) + &self.paragraph(&note)
    }

    /// The rows that are shown, and the states after which the table is as if it met first.
    fn telling(&self) -> (Vec<&LeverageRow>, Vec<&str>) {
        let rows = &self.results.leverage;
        let first = rows.iter().find(|row| row.position == "first");
        let first = first.and_then(|row| row.margin_at_risk);
        let is_alike = |row: &&LeverageRow| {
            let apart = row
                .margin_at_risk
                .zip(first)
                .map(|(one, first)| one - first);
            row.position.starts_with(AFTER) && apart.is_none_or(|apart| apart.abs() < ALIKE)
        };
        let (alike, shown): (Vec<_>, Vec<_>) = rows.iter().partition(is_alike);
        let ids = alike
            .into_iter()
            .map(|row| row.position.trim_start_matches(AFTER));
        (shown, ids.collect())
    }

    fn position(&self, row: &LeverageRow) -> Vec<String> {
        let name = match row.position.as_str() {
            "drawn" => "as the scenario has it".to_owned(),
            other => match other.strip_prefix(AFTER) {
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
        let mut seen = Vec::new();
        let shown = all.iter().filter(|row| {
            // Of many suppliers or hosts the best is enough.
            let is_one_of_many =
                matches!(row.kind, KindName::SecondSupplier | KindName::SecondHost);
            let is_first = !seen.contains(&row.kind);
            seen.push(row.kind);
            is_first || !is_one_of_many
        });
        let shown: Vec<&PreparationRow> = shown.collect();
        let left = all.len() - shown.len();
        let (idle, moving): (Vec<_>, Vec<_>) = shown.into_iter().partition(|row| is_idle(row));
        let rows = moving
            .iter()
            .enumerate()
            .map(|(k, row)| prepared(k + 1, row));
        let title = format!(
            "Preparation: what a plausible change of the own circumstances before the talks adds, US$ bn, medians and below 90% of worlds; \
             ranked by the walk-away of {}",
            self.own()
        );
        let has = |who: String, what: &str| format!("{who}\nhas {what}");
        let (own, other) = (has(self.own(), "without"), has(self.other(), "without"));
        let with_deal = has(self.own(), "with");
        let mut text = self.titled(&title, &["", &own, &other, &with_deal], rows.collect());
        text += &self.paragraph(&assignments(&moving));
        let mut note = "An uncertain number is moved to its 95% point (5% where less is better), a constant by a tenth of itself; accords stay as \
                        they formed."
            .to_owned();
        if !idle.is_empty() {
            let idle: Vec<&str> = idle.iter().map(|row| row.what.as_str()).collect();
            note += &format!(" No effect: {}.", idle.join(", "));
        }
        if left > 0 {
            note += &format!(" {left} more are in the document (--json).");
        }
        text + &self.paragraph(&note)
    }
}

/// How the changes of a table, by number, are repeated.
fn assignments(rows: &[&PreparationRow]) -> String {
    let sets = rows.iter().enumerate().filter_map(|(k, row)| {
        let first = row.set.first()?;
        let more = match row.set.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        Some(format!("{} {first}{more}", k + 1))
    });
    let sets: Vec<String> = sets.collect();
    match sets.is_empty() {
        true => String::new(),
        false => format!("By --set: {}.", sets.join("; ")),
    }
}

/// Whether a change moves nothing in any world.
fn is_idle(row: &PreparationRow) -> bool {
    let parts = [&row.walk_away, &row.other_walk_away, &row.with_deal];
    let small = |value: f64| value.abs() < IDLE;
    parts.into_iter().all(|stat| {
        stat.as_ref()
            .is_none_or(|one| small(one.min) && small(one.max))
    })
}

fn prepared(number: usize, row: &PreparationRow) -> Vec<String> {
    let cell = |stat| match ninety(stat) {
        range if range.is_empty() => added(stat),
        range => format!("{}\n{range}", added(stat)),
    };
    vec![
        format!("{number} {}", row.what),
        cell(&row.walk_away),
        cell(&row.other_walk_away),
        cell(&row.with_deal),
    ]
}
