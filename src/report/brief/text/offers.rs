//! What is on the table: the offer and what both would rather have, the counter-offer, red lines.

use crate::report::brief::blocks::{
    NONE, RED_LINE_COLUMNS, added, level, median, ninety, step, term, typed,
};
use crate::report::brief::text::View;
use crate::study::results::brief::{ImprovementRow, OfferPart, RedLineRow, Worth};
use crate::theory::spelling::units::percent;
use textwrap::core::display_width;

/// Improvements that are shown; the document has all.
const SHOWN: usize = 5;

/// Terms beyond so many make the table of prices too wide.
const PRICED: usize = 8;

impl View<'_> {
    pub(super) fn offer(&self) -> String {
        let Some(offer) = &self.results.offer else {
            return String::new();
        };
        let unnamed = match offer.unnamed.is_empty() {
            true => String::new(),
            false => format!(
                " Not named, so at the lowest level: {}.",
                offer.unnamed.join(", ")
            ),
        };
        let named = typed(&offer.bundle);
        let is_named = |text: &&String| {
            let id = text.split('=').next().unwrap_or_default();
            !offer.unnamed.iter().any(|unnamed| unnamed == id)
        };
        let named: Vec<String> = named.iter().filter(is_named).cloned().collect();
        let title = format!(
            "The offer {}.{unnamed} What it is worth, US$ bn",
            named.join(", ")
        );
        let held = match offer.held {
            held if held > 0.0 => format!(
                " In {} of worlds a level is outside the bounds of that world and held to them.",
                percent(held)
            ),
            _ => String::new(),
        };
        let [own, other] = self.own_first(&offer.room_of_state, &offer.room_of_hyperscaler);
        let room = format!(
            "Both accept in {} of worlds. On the frontier both could gain {} more at once (median; 90% of worlds {}), or {} {} more if {} kept its gain, {} {} \
             more if {} kept its own.{held}",
            percent(offer.worth.both_accept),
            median(&offer.room),
            ninety(&offer.room),
            self.own(),
            median(own),
            self.other(),
            self.other(),
            median(other),
            self.own()
        );
        self.worth(&title, &offer.worth) + &self.paragraph(&room) + "\n" + &self.improvements(offer)
    }

    fn worth(&self, title: &str, worth: &Worth) -> String {
        let rows = self.own_first(
            (self.states_short(), &worth.state, worth.state_accepts),
            (
                self.hyperscaler(),
                &worth.hyperscaler,
                worth.hyperscaler_accepts,
            ),
        );
        let rows = rows.map(|(name, stat, accepts)| {
            vec![
                format!("gain of {name}"),
                median(stat),
                ninety(stat),
                percent(accepts),
            ]
        });
        self.titled(
            title,
            &["", "median", "90% of worlds", "accepts in"],
            rows.to_vec(),
        )
    }

    fn improvements(&self, offer: &OfferPart) -> String {
        let worthwhile = offer.worthwhile();
        if offer.worthwhile().count() == 0 {
            return self.paragraph(
                "No change of one term and no swap of two adds half a million dollars to both on average.",
            );
        }
        let rows = offer.worthwhile().take(SHOWN);
        let rows = rows.map(|row| self.improvement(offer, row)).collect();
        let [own, other] = self.own_first(self.states_short(), self.hyperscaler());
        let (own, other) = (format!("adds to\n{own}"), format!("adds to\n{other}"));
        let title = "Better for both: single changes and swaps of two terms, by what they add to the smaller gain, US$ bn (medians)";
        let text = self.titled(title, &["", &own, &other, "both gain\nin"], rows);
        match worthwhile.count() > SHOWN {
            true => text + &self.paragraph("The others are in the document (--json)."),
            false => text,
        }
    }

    fn improvement(&self, offer: &OfferPart, row: &ImprovementRow) -> Vec<String> {
        let changes = row.terms.iter().map(|(id, new)| {
            let old = offer.bundle.terms[id];
            format!("{id} {} to {}", level(old), level(*new))
        });
        let mut name = changes.collect::<Vec<_>>().join(",\n");
        if let Some(cash) = row.cash {
            name += &format!(",\ncash {cash:+.3}");
        }
        let [own, other] = self.own_first(added(&row.state), added(&row.hyperscaler));
        vec![name, own, other, percent(row.both)]
    }

    pub(super) fn counter_offer(&self) -> String {
        let part = &self.results.counter_offer;
        let other = self.other();
        let title = match part.enough {
            true => format!(
                "Counter-offer: the best for {} that {other} would still accept in {} of worlds (asked: {}), US$ bn",
                self.own(),
                percent(part.accepted),
                percent(part.asked)
            ),
            false => format!(
                "No counter-offer on the frontier is accepted by {other} in {} of worlds. Nearest, in {}, US$ bn",
                percent(part.asked),
                percent(part.accepted)
            ),
        };
        self.worth(&title, &part.worth) + &self.listed(&typed(&part.bundle).join(","))
    }

    /// A bundle to be typed, broken after commas.
    fn listed(&self, bundle: &str) -> String {
        let mut lines = vec!["  --offer ".to_owned()];
        for part in bundle.split_inclusive(',') {
            let line = lines.last_mut().expect("there is a first");
            if display_width(&line) + display_width(part) > self.width {
                lines.push(format!("    {part}"));
            } else {
                line.push_str(part);
            }
        }
        lines.join("\n") + "\n"
    }

    pub(super) fn red_lines(&self) -> String {
        let part = &self.results.red_lines;
        if part.terms.is_empty() {
            return String::new();
        }
        let at = match part.is_offer {
            true => "the offer",
            false => "the predicted deal (medians)",
        };
        let rows = part.terms.iter().enumerate().map(|(k, (id, row))| {
            let mut cells = vec![format!("{} {id}", k + 1), level(part.at.terms[id])];
            cells.extend(self.line(row));
            cells
        });
        let title = format!(
            "Red lines of {}, the other terms as in {at}: the level that is worst for it, in how many worlds it still gains there, and beyond which level it \
             gains in fewer than half of worlds and in none",
            self.own()
        );
        let text = self.titled(&title, &RED_LINE_COLUMNS, rows.collect());
        match part.terms.len() {
            2..=PRICED => text + "\n" + &self.prices(),
            _ => text,
        }
    }

    fn line(&self, row: &RedLineRow) -> [String; 4] {
        let beyond = |below: Option<f64>, above: Option<f64>| match (below, above) {
            (None, None) => NONE.to_owned(),
            (Some(low), None) => format!("below {}", level(low)),
            (None, Some(high)) => format!("above {}", level(high)),
            (Some(low), Some(high)) if low >= high => "anywhere".to_owned(),
            (Some(low), Some(high)) => format!("outside {} to {}", level(low), level(high)),
        };
        let worst = if row.wants_more { row.min } else { row.max };
        [
            level(worst),
            percent(row.gains_at_worst),
            beyond(row.half_below, row.half_above),
            beyond(row.none_below, row.none_above),
        ]
    }

    fn prices(&self) -> String {
        let part = &self.results.red_lines;
        let ids: Vec<&String> = part.terms.keys().collect();
        let rows = part.terms.iter().enumerate().map(|(k, (id, row))| {
            let mut cells = vec![format!("{} {}", k + 1, term(self.model, id))];
            cells.extend(ids.iter().map(|other| match row.makes_up.get(*other) {
                None => String::new(),
                Some(None) => NONE.to_owned(),
                Some(Some(by)) => step(*by),
            }));
            cells
        });
        let numbers: Vec<String> = (1..=ids.len()).map(|k| k.to_string()).collect();
        let mut header = vec![""];
        header.extend(numbers.iter().map(String::as_str));
        let title = format!(
            "The price of {} of each term, given away by {}: how far each other term (by number) must move to make up for it; {NONE} where it cannot",
            part.step,
            self.own()
        );
        self.titled(&title, &header, rows.collect())
    }
}
