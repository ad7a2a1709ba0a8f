//! Titles of arms that a document names as they are typed. Tables and figures have room for names alone; one line says what they stand for.

use crate::engine::model::Model;
use crate::report::document::{Block, Document, Figure, Span, Table, Text, code, joined};
use crate::report::sentence::say;
use indexmap::IndexMap;

/// A document with the titles of those arms that it names; of a name that has several in several scenarios, all.
pub fn with_titles(mut document: Document, models: &[&Model]) -> Document {
    let mut titles: IndexMap<String, Vec<&str>> = IndexMap::new();
    let arms = models.iter().flat_map(|model| &model.arms);
    for arm in arms.filter(|arm| arm.title != arm.name) {
        let known = titles.entry(arm.name.clone()).or_default();
        if !known.contains(&arm.title.as_str()) {
            known.push(&arm.title);
        }
    }
    let places = Places::of(&document);
    titles.retain(|name, _| places.has(name));
    let titles = titles.into_iter();
    document.titles = titles
        .map(|(name, titles)| (name, titles.join(" / ")))
        .collect();
    document
}

/// The line that says what names stand for, but for those whose title stands beside them; none where there is nothing to say.
pub(crate) fn line(document: &Document) -> Option<Text> {
    let places = Places::of(document);
    let titles = document.titles.iter();
    let titles = titles.filter(|(name, title)| !places.is_told(name, title));
    let said = titles.map(|(name, title)| say!("{} = {}", code(name.as_str()), title.as_str()));
    let said = joined(said, "; ");
    (!said.is_empty()).then(|| say!("{}.", said))
}

/// Where a document may name arms.
#[derive(Default)]
struct Places<'a> {
    texts: Vec<&'a Text>,
    /// Headings and names of rows, in which names are no spans of their own.
    words: Vec<&'a str>,
}

impl<'a> Places<'a> {
    fn of(document: &'a Document) -> Places<'a> {
        let mut places = Places::default();
        let texts = document.lead.iter().chain(&document.footer);
        places.texts.extend(texts);
        document
            .picture
            .iter()
            .for_each(|figure| places.figure(figure));
        let sections = document.sections.iter().map(|section| &section.blocks);
        let readings = document.readings.iter().map(|reading| &reading.blocks);
        let blocks = [&document.opening].into_iter().chain(readings);
        blocks
            .chain(sections)
            .for_each(|blocks| places.blocks(blocks));
        places
    }

    fn blocks(&mut self, blocks: &'a [Block]) {
        for block in blocks {
            match block {
                Block::Paragraph { text } | Block::Note { text } => self.texts.push(text),
                Block::List { items } => self.texts.extend(items),
                Block::Table { table } => self.table(table),
                Block::Figure { figure } => self.figure(figure),
                Block::Heading { text } => self.words.push(text),
                Block::Details { summary, blocks } => {
                    self.words.push(summary);
                    self.blocks(blocks);
                }
                Block::Panels { .. } | Block::Code { .. } => {}
            }
        }
    }

    fn table(&mut self, table: &'a Table) {
        self.texts.push(&table.caption);
        let cells = table.rows.iter().flatten();
        self.texts.extend(cells.map(|cell| &cell.text));
        let headings = table.header.iter().map(|heading| heading.text.as_str());
        self.words.extend(headings);
    }

    fn figure(&mut self, figure: &'a Figure) {
        if let Some(marks) = &figure.marks {
            self.texts.push(&marks.title);
            self.words
                .extend(marks.rows.iter().map(|(name, _)| name.as_str()));
        }
    }

    fn has(&self, name: &str) -> bool {
        let spans = self.texts.iter().copied().flatten();
        let mut words = self.words.iter().flat_map(|words| words.split_whitespace());
        words.any(|word| word == name) || spans.into_iter().any(|span| is_code(span, name))
    }

    /// Whether the title stands before the name somewhere: "Binding rules, one table (`bloc`)".
    fn is_told(&self, name: &str, title: &str) -> bool {
        let opened = format!("{title} (");
        self.texts.iter().any(|text| {
            let mut before = String::new();
            text.iter().any(|span| {
                let told = is_code(span, name) && before.ends_with(&opened);
                match span {
                    Span::Words { text } => before.push_str(text),
                    _ => before.clear(),
                }
                told
            })
        })
    }
}

fn is_code(span: &Span, name: &str) -> bool {
    matches!(span, Span::Code { text } if text == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::{Heading, Rows, text, written};
    use crate::study::results::fixture::model;

    #[test]
    fn names_without_their_titles_are_told_once() {
        let mut model = model();
        for arm in &mut model.arms {
            arm.title = format!("The {}", arm.name);
        }
        let mut other = model.clone();
        other.arms[1].title = "Another".to_owned();
        let table = Rows::of(["A"])
            .column(Heading::words("state"), |name| *name)
            .column(Heading::number("more as framework"), |_| "1")
            .table("t", "Two blocs");
        let document = Document {
            lead: vec![say!("Best is {} ({}).", "The bloc", code("bloc"))],
            opening: vec![table.into()],
            ..Document::default()
        };
        let said = |models: &[&Model]| {
            let document = with_titles(document.clone(), models);
            let names: Vec<&String> = document.titles.keys().collect();
            assert_eq!(names, ["framework", "bloc"], "bilateral is not there");
            line(&document).map(|line| written(&line))
        };
        let of_one = "framework = The framework.";
        assert_eq!(said(&[&model]), Some(of_one.to_owned()));
        let of_both = "framework = The framework / Another.";
        assert_eq!(said(&[&model, &other]), Some(of_both.to_owned()));
        assert_eq!(
            line(&Document {
                lead: vec![text!["bloc"]],
                ..Document::default()
            }),
            None
        );
    }
}
