//! A document in the words of its scenario: where a scenario calls its states buyers, so does every text of it.
//!
//! Sections are written for states and hyperscalers; here, once a document is complete, these words are put in the place of those. What is
//! typed as it stands, numbers and their paths, and the scenario's own names and titles are left alone.

use crate::engine::model::Model;
use crate::engine::model::role_words::RoleWords;
use crate::report::document::{Block, Document, Figure, Section, Span, Table, Text};
use crate::report::sentence::capital;

/// How an amount begins and ends around its number.
const MONEY: (&str, &str) = ("US$ ", " bn");

/// What stands for a party, a sum or all states together, and what a scenario says instead.
pub struct Roles<'a> {
    /// The longer before what it begins with.
    terms: Vec<(&'static str, &'a str)>,
    currency: &'a str,
    /// What a scenario itself writes with one of the terms in it.
    own: Vec<&'a str>,
}

/// A document of a scenario in its words.
pub fn in_words_of(model: &Model, mut document: Document) -> Document {
    if !model.words.are_default() {
        Roles::of(model).document(&mut document);
    }
    document
}

impl<'a> Roles<'a> {
    fn of(model: &'a Model) -> Roles<'a> {
        let words = &model.words;
        let own = [&model.name, &model.description, &model.question.text];
        let parties = model.states.iter().chain(&model.hyperscalers);
        let parties = parties.chain(&model.terms).map(|one| &one.name);
        let arms = model.arms.iter().flat_map(|arm| [&arm.title, &arm.what]);
        let events = model.events.iter().map(|event| &event.name);
        let own = own.into_iter().chain(parties).chain(arms).chain(events);
        let mut roles = Roles::new(words);
        let terms: Vec<&str> = roles.terms.iter().map(|(term, _)| *term).collect();
        let has_term = |text: &&str| {
            let text = text.to_lowercase();
            terms.iter().any(|term| text.contains(&term.to_lowercase()))
        };
        roles.own = own.map(String::as_str).filter(has_term).collect();
        roles
    }

    fn new(words: &'a RoleWords) -> Roles<'a> {
        let terms = [
            ("hyperscalers", &words.hyperscalers),
            ("hyperscaler", &words.hyperscaler),
            ("suppliers", &words.hyperscalers),
            ("supplier", &words.hyperscaler),
            ("states", &words.states),
            ("state", &words.state),
            ("US$ bn", &words.currency),
            ("USD bn", &words.currency),
            ("the region", &words.region),
        ];
        Roles {
            terms: terms.map(|(term, word)| (term, word.as_str())).to_vec(),
            currency: &words.currency,
            own: Vec::new(),
        }
    }

    fn document(&self, document: &mut Document) {
        self.string(&mut document.title);
        self.spans(&mut document.kicker);
        document.lead.iter_mut().for_each(|text| self.spans(text));
        if let Some(picture) = &mut document.picture {
            self.figure(picture);
        }
        self.blocks(&mut document.opening);
        for reading in &mut document.readings {
            self.string(&mut reading.title);
            self.blocks(&mut reading.blocks);
        }
        for Section { title, blocks, .. } in &mut document.sections {
            self.string(title);
            self.blocks(blocks);
        }
        document.footer.iter_mut().for_each(|text| self.spans(text));
    }

    fn blocks(&self, blocks: &mut [Block]) {
        for block in blocks {
            match block {
                Block::Paragraph { text } | Block::Note { text } => self.spans(text),
                Block::Heading { text } => self.string(text),
                Block::List { items } => items.iter_mut().for_each(|text| self.spans(text)),
                Block::Table { table } => self.table(table),
                Block::Figure { figure } => self.figure(figure),
                Block::Panels { figures, .. } => {
                    figures.iter_mut().for_each(|one| self.figure(one))
                }
                Block::Code { .. } => {}
                Block::Details { summary, blocks } => {
                    self.string(summary);
                    self.blocks(blocks);
                }
            }
        }
    }

    fn table(&self, table: &mut Table) {
        self.spans(&mut table.caption);
        table
            .header
            .iter_mut()
            .for_each(|one| self.string(&mut one.text));
        let cells = table.rows.iter_mut().flatten();
        cells.for_each(|cell| self.spans(&mut cell.text));
    }

    fn figure(&self, figure: &mut Figure) {
        self.string(&mut figure.title);
        // Between tags stands text; within them nothing that is read.
        let parts = figure.svg.split_inclusive(['<', '>']);
        let mut within_tag = false;
        let said = parts.map(|part| {
            let text = match within_tag {
                true => part.to_owned(),
                false => self.said(part),
            };
            within_tag = part.ends_with('<');
            text
        });
        figure.svg = said.collect();
        if let Some(marks) = &mut figure.marks {
            self.spans(&mut marks.title);
        }
    }

    fn string(&self, text: &mut String) {
        *text = self.said(text);
    }

    fn spans(&self, text: &mut Text) {
        self.sums(text);
        for span in text {
            if let Span::Words { text } = span {
                self.string(text);
            }
        }
    }

    /// Sums whose numbers are spans of their own: "US$ ", a number or two, " bn".
    fn sums(&self, text: &mut Text) {
        for at in 0..text.len() {
            let begins = matches!(&text[at], Span::Words { text } if text.ends_with(MONEY.0));
            if !begins {
                continue;
            }
            let Some((end_at, end)) = sum_end(&text[at + 1..]) else {
                continue;
            };
            let Span::Words { text: words } = &mut text[at + 1 + end_at] else {
                continue;
            };
            words.replace_range(end..end + MONEY.1.len(), &format!(" {}", self.currency));
            if let Span::Words { text } = &mut text[at] {
                text.truncate(text.len() - MONEY.0.len());
            }
        }
    }

    /// A text with every word of ours in the words of the scenario.
    fn said(&self, text: &str) -> String {
        let kept = self.own.iter().flat_map(|own| {
            let places = text.match_indices(own);
            places.map(|(start, own)| start..start + own.len())
        });
        let kept: Vec<std::ops::Range<usize>> = kept.collect();
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let is_kept = kept.iter().any(|own| own.contains(&at));
            let found = match is_kept || !is_start(&text[..at]) {
                true => None,
                false => self.at(rest, &text[..at]).or_else(|| self.sum(rest)),
            };
            match found {
                Some((length, word)) => {
                    article(&mut out, &word);
                    out.push_str(&word);
                    at += length;
                }
                None => {
                    let c = rest.chars().next().unwrap_or_default();
                    out.push(c);
                    at += c.len_utf8();
                }
            }
        }
        out
    }

    /// The term that a text begins with, as long as it is, and what is said instead.
    fn at(&self, rest: &str, before: &str) -> Option<(usize, String)> {
        self.terms.iter().find_map(|(term, word)| {
            let big = capital(term);
            let (length, word) = if rest.starts_with(term) {
                (term.len(), (*word).to_owned())
            } else if begins_sentence(before) && rest.starts_with(&big) {
                (big.len(), capital(word))
            } else {
                return None;
            };
            is_end(&rest[length..]).then_some((length, word))
        })
    }

    /// A sum that a text begins with, with its number in it: "US$ 6 bn".
    fn sum(&self, rest: &str) -> Option<(usize, String)> {
        let amount = rest.strip_prefix(MONEY.0)?;
        let end = money_end(amount)?;
        let number = &amount[..end];
        let is_number = number.chars().any(|c| c.is_ascii_digit());
        is_number.then(|| {
            let length = MONEY.0.len() + end + MONEY.1.len();
            (length, format!("{number} {}", self.currency))
        })
    }
}

/// The span with the end of a sum, and where that begins there; between are numbers and what joins them.
fn sum_end(spans: &[Span]) -> Option<(usize, usize)> {
    for (at, span) in spans.iter().enumerate() {
        match span {
            Span::Number(_) => {}
            Span::Words { text } => match money_end(text) {
                Some(end) => return Some((at, end)),
                None if joins(text) => {}
                None => return None,
            },
            _ => return None,
        }
    }
    None
}

/// Whether there is nothing but numbers and what joins them.
fn joins(text: &str) -> bool {
    let mut words = text.split_whitespace();
    words.all(|word| ["to", "and", "or"].contains(&word) || !word.contains(char::is_alphabetic))
}

/// Where the end of a sum begins, if nothing but numbers and what joins them stands before it.
fn money_end(text: &str) -> Option<usize> {
    let end = text.find(MONEY.1)?;
    (joins(&text[..end]) && is_end(&text[end + MONEY.1.len()..])).then_some(end)
}

/// Whether a word may begin behind what stands before.
fn is_start(before: &str) -> bool {
    let last = before.chars().next_back();
    !last.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '`' | '/'))
}

/// Whether a word ends before what follows.
fn is_end(after: &str) -> bool {
    let mut chars = after.chars();
    match chars.next() {
        None => true,
        Some(c) if c.is_alphanumeric() || matches!(c, '_' | '-' | '`' | '/') => false,
        // A path goes on behind a point.
        Some('.') => !chars.next().is_some_and(char::is_alphanumeric),
        Some(_) => true,
    }
}

/// Whether a sentence or a cell begins behind what stands before.
fn begins_sentence(before: &str) -> bool {
    let before = before.trim_end();
    before.is_empty() || before.ends_with(['.', ':', '?', '!', '(', '>'])
}

/// Turns "a" before a word that begins with a vowel into "an".
fn article(out: &mut String, word: &str) {
    let vowel = word.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']);
    let before = out.strip_suffix("a ").or_else(|| out.strip_suffix("A "));
    let stands_alone = before.is_some_and(is_start);
    if vowel && stands_alone {
        out.truncate(out.len() - 1);
        out.push_str("n ");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::{Number, code, text, written};
    use crate::study::results::fixture;

    fn words() -> RoleWords {
        RoleWords {
            state: "origin".to_owned(),
            states: "origins".to_owned(),
            hyperscaler: "buyer".to_owned(),
            hyperscalers: "buyers".to_owned(),
            currency: "EUR m".to_owned(),
            region: "the coast".to_owned(),
        }
    }

    #[test]
    fn whole_words_are_said_in_those_of_the_scenario() {
        let words = words();
        let roles = Roles {
            own: vec!["United states", "State Bank"],
            ..Roles::new(&words)
        };
        for (text, expected) in [
            ("all states together", "all origins together"),
            (
                "States gain; a state loses.",
                "Origins gain; an origin loses.",
            ),
            (
                "A state's supplier, or hyperscaler",
                "An origin's buyer, or buyer",
            ),
            ("a supplier", "a buyer"),
            (
                "estate, stated, state_value, state.ID.payoff, `state`",
                "estate, stated, state_value, state.ID.payoff, `state`",
            ),
            (
                "in all of the United states and State Bank",
                "in all of the United states and State Bank",
            ),
            ("difference, US$ bn of 2027", "difference, EUR m of 2027"),
            (
                "US$ 6 bn, or US$ 0.04 to 0.16 bn",
                "6 EUR m, or 0.04 to 0.16 EUR m",
            ),
            ("US$ a day, bn", "US$ a day, bn"),
            (
                "The region, and the regional",
                "The coast, and the regional",
            ),
            ("Member States", "Member States"),
        ] {
            assert_eq!(roles.said(text), expected);
        }
    }

    #[test]
    fn a_document_is_said_so_as_a_whole_and_what_is_typed_stays() {
        let number = || Number::new("0.07", 0.07, "state.payoff");
        let mut model = fixture::model();
        let document = || Document {
            lead: vec![text![
                "The states get US$ ",
                number(),
                " bn as ",
                code("states"),
                ": US$ ",
                number(),
                " and ",
                number(),
                " bn."
            ]],
            opening: vec![Block::Figure {
                figure: Figure {
                    svg: "<g class=\"state\"><text>each state</text></g>".to_owned(),
                    ..Figure::default()
                },
            }],
            ..Document::default()
        };
        assert_eq!(in_words_of(&model, document()), document());
        model.words = words();
        let said = in_words_of(&model, document());
        assert_eq!(
            written(&said.lead[0]),
            "The origins get 0.07 EUR m as states: 0.07 and 0.07 EUR m."
        );
        assert!(matches!(&said.lead[0][1], Span::Number(kept) if *kept == number()));
        let Block::Figure { figure } = &said.opening[0] else {
            panic!("a figure stays one");
        };
        assert_eq!(
            figure.svg,
            "<g class=\"state\"><text>each origin</text></g>"
        );
    }
}
