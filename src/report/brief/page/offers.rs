//! What is on the table, on the page: the offer, the counter-offer, red lines and prices.

use crate::report::brief::blocks::{NONE, RED_LINE_COLUMNS, level, step, term};
use crate::report::brief::page::{Sheet, cell, more, number, pair, span, table, typed};
use crate::report::document::{Block, Cell, Text, plain, words};
use crate::study::results::brief::{ImprovementRow, OfferPart, RedLineRow, Worth};
use crate::theory::spelling::units::percent;
use indexmap::IndexMap;

impl Sheet<'_> {
    pub(super) fn offer(&self, offer: &OfferPart) -> Vec<Block> {
        let mut blocks = vec![Block::Code {
            text: typed(&offer.bundle),
        }];
        if !offer.unnamed.is_empty() {
            let text = format!(
                "Not named, so at the lowest level: {}.",
                offer.unnamed.join(", ")
            );
            blocks.push(Block::Note { text: plain(text) });
        }
        blocks.push(self.worth("offer-table", &offer.worth, "offer.worth"));
        let both = offer.worth.both_accept;
        blocks.push(Block::Paragraph {
            text: vec![
                words("Both accept in "),
                number(percent(both), both, "offer.worth.both_accept"),
                words(" of worlds. On the frontier both could gain "),
                span(&offer.room, "offer.room"),
                words(format!(" more at once (median, {}).", self.money(""))),
            ],
        });
        let rows = offer.worthwhile().enumerate();
        let rows: Vec<Vec<Cell>> = rows
            .map(|(at, row)| self.improvement(offer, at, row))
            .collect();
        if rows.is_empty() {
            blocks.push(Block::Paragraph {
                text: plain(
                    "No change of one term and no swap of two leaves both better off on average.",
                ),
            });
            return blocks;
        }
        let (own, other) = (
            format!("adds to {}", self.view.own()),
            format!("adds to {}", self.view.other()),
        );
        let caption = format!(
            "Better for both: single changes and swaps of two terms by what they add to the smaller gain on the average table, {}",
            self.money("")
        );
        let header = ["", "adds to both", &own, &other, "both gain in"];
        blocks.push(table("improvements-table", &caption, &header, rows));
        blocks
    }

    fn improvement(&self, offer: &OfferPart, at: usize, row: &ImprovementRow) -> Vec<Cell> {
        let changes = row
            .terms
            .iter()
            .map(|(id, new)| format!("{id} {} to {}", level(offer.bundle.terms[id]), level(*new)));
        let cash = row.cash.map(|cash| format!("cash {cash:+.3}"));
        let name = changes.chain(cash).collect::<Vec<_>>().join(", ");
        let path = |key: &str| format!("offer.improvements.{at}.{key}");
        let [own, other] = self.view.own_first(
            more(&row.state, &path("state")),
            more(&row.hyperscaler, &path("hyperscaler")),
        );
        vec![
            cell(plain(format!("{} {name}", at + 1))),
            cell(vec![number(
                format!("{:+.3}", row.adds),
                row.adds,
                &path("adds"),
            )]),
            own,
            other,
            cell(vec![number(percent(row.both), row.both, &path("both"))]),
        ]
    }

    fn worth(&self, id: &str, worth: &Worth, path: &str) -> Block {
        let sides = self.view.own_first(
            (
                self.view.states_short(),
                "state",
                &worth.state,
                worth.state_accepts,
            ),
            (
                self.view.hyperscaler(),
                "hyperscaler",
                &worth.hyperscaler,
                worth.hyperscaler_accepts,
            ),
        );
        let rows = sides.map(|(name, side, stat, accepts)| {
            let mut row = vec![cell(plain(format!("gain of {name}")))];
            row.extend(pair(stat, &format!("{path}.{side}")));
            let share = number(percent(accepts), accepts, &format!("{path}.{side}_accepts"));
            row.push(cell(vec![share]));
            row
        });
        let caption = format!("What it is worth, {}", self.money(""));
        table(
            id,
            &caption,
            &["", "median", "90% of worlds", "accepts in"],
            rows.to_vec(),
        )
    }

    pub(super) fn counter_offer(&self) -> Vec<Block> {
        let part = &self.results.counter_offer;
        let accepted = number(
            percent(part.accepted),
            part.accepted,
            "counter_offer.accepted",
        );
        let asked = number(percent(part.asked), part.asked, "counter_offer.asked");
        let text = match part.enough {
            true => vec![
                words(format!(
                    "The best for {} on the frontier that {} would still accept in ",
                    self.view.own(),
                    self.view.other()
                )),
                accepted,
                words(" of worlds; asked were "),
                asked,
                words("."),
            ],
            false => vec![
                words(format!(
                    "No bundle of the frontier is accepted by {} in ",
                    self.view.other()
                )),
                asked,
                words(" of worlds. The nearest is accepted in "),
                accepted,
                words("."),
            ],
        };
        vec![
            Block::Paragraph { text },
            Block::Code {
                text: format!("--offer {}", typed(&part.bundle)),
            },
            self.worth("counter-table", &part.worth, "counter_offer.worth"),
        ]
    }

    pub(super) fn red_lines(&self) -> Vec<Block> {
        let part = &self.results.red_lines;
        let rows = part.terms.iter().map(|(id, row)| self.red_line(id, row));
        let at = match part.is_offer {
            true => "the offer",
            false => "the predicted deal (medians)",
        };
        let caption = format!(
            "How far {} can move one term, the others as in {at}: its worst level, in how many worlds it still gains there, and beyond which level it gains in fewer \
             than half of worlds and in none",
            self.view.own()
        );
        let mut blocks = vec![table(
            "red-table",
            &caption,
            &RED_LINE_COLUMNS,
            rows.collect(),
        )];
        if part.terms.len() > 1 {
            let own = self.view.own();
            let other = self.view.other();
            blocks.push(self.prices(
                "makes-up-table",
                &format!(
                    "What makes up, to {own}, for {} of the row's term given away",
                    part.step
                ),
                "makes_up",
                |row| &row.makes_up,
            ));
            blocks.push(self.prices(
                "pays-for-table",
                &format!(
                    "What makes up, to {other}, for {} of the row's term taken by {own}",
                    part.step
                ),
                "pays_for",
                |row| &row.pays_for,
            ));
        }
        blocks
    }

    fn red_line(&self, id: &str, row: &RedLineRow) -> Vec<Cell> {
        let path = |key: &str| format!("red_lines.terms.{id}.{key}");
        let beyond = |below: Option<f64>, above: Option<f64>, key: &str| {
            let mut text: Text = Vec::new();
            for (what, limit) in [("below", below), ("above", above)] {
                if let Some(limit) = limit {
                    let before = if text.is_empty() { "" } else { ", " };
                    text.push(words(format!("{before}{what} ")));
                    text.push(number(level(limit), limit, &path(&format!("{key}_{what}"))));
                }
            }
            if text.is_empty() { plain(NONE) } else { text }
        };
        let now = self.results.red_lines.at.terms[id];
        let (worst, key) = if row.wants_more {
            (row.min, "min")
        } else {
            (row.max, "max")
        };
        let share = number(
            percent(row.gains_at_worst),
            row.gains_at_worst,
            &path("gains_at_worst"),
        );
        vec![
            cell(plain(term(self.view.model, id))),
            cell(vec![number(
                level(now),
                now,
                &format!("red_lines.at.terms.{id}"),
            )]),
            cell(vec![number(level(worst), worst, &path(key))]),
            cell(vec![share]),
            cell(beyond(row.half_below, row.half_above, "half")),
            cell(beyond(row.none_below, row.none_above, "none")),
        ]
    }

    fn prices(
        &self,
        table_id: &str,
        caption: &str,
        key: &str,
        of: impl Fn(&RedLineRow) -> &IndexMap<String, Option<f64>>,
    ) -> Block {
        let part = &self.results.red_lines;
        let ids: Vec<&str> = part.terms.keys().map(String::as_str).collect();
        let rows = part.terms.iter().enumerate().map(|(k, (id, row))| {
            let prices = ids.iter().map(|other| match of(row).get(*other) {
                None => Cell::default(),
                Some(None) => cell(plain(NONE)),
                Some(Some(by)) => {
                    let path = format!("red_lines.terms.{id}.{key}.{other}");
                    cell(vec![number(step(*by), *by, &path)])
                }
            });
            let name = format!("{} {}", k + 1, term(self.view.model, id));
            let name = cell(plain(name));
            [name].into_iter().chain(prices).collect()
        });
        let numbers: Vec<String> = (1..=ids.len()).map(|k| k.to_string()).collect();
        let header = [""].into_iter().chain(numbers.iter().map(String::as_str));
        let header: Vec<&str> = header.collect();
        let caption = format!(
            "{caption}: change of the term of the column, by number; {NONE} where no level does"
        );
        table(table_id, &caption, &header, rows.collect())
    }
}
