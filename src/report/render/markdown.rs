//! A document as Markdown, for notes that are kept beside text: figures are named, with the place of their data.

use crate::report::document::{Block, Cell, Document, Span, Table, Text};
use std::fmt::Write as _;

/// Writes a document.
pub fn render(document: &Document) -> String {
    let mut out = format!("# {}\n", escaped(&document.title));
    let paragraphs = |out: &mut String, texts: &[Text]| {
        for text in texts.iter().filter(|text| !text.is_empty()) {
            let _ = write!(out, "\n{}\n", said(text));
        }
    };
    paragraphs(&mut out, std::slice::from_ref(&document.kicker));
    paragraphs(&mut out, &document.lead);
    blocks(&mut out, &document.opening);
    let readings = document
        .readings
        .iter()
        .map(|one| (&one.title, &one.blocks));
    let sections = document
        .sections
        .iter()
        .map(|one| (&one.title, &one.blocks));
    for (title, inner) in readings.chain(sections) {
        let _ = write!(out, "\n## {}\n", escaped(title));
        blocks(&mut out, inner);
    }
    paragraphs(&mut out, &document.footer);
    out
}

fn blocks(out: &mut String, several: &[Block]) {
    for block in several {
        out.push('\n');
        let _ = match block {
            Block::Paragraph { text } | Block::Note { text } => writeln!(out, "{}", said(text)),
            Block::Heading { text } => writeln!(out, "### {}", escaped(text)),
            Block::List { items } => {
                let items = items.iter().map(|item| format!("- {}\n", said(item)));
                write!(out, "{}", items.collect::<String>())
            }
            Block::Table { table: one } => write!(out, "{}", table(one)),
            Block::Figure { figure } => writeln!(out, "Figure: {} ({})", figure.title, figure.csv),
            Block::Panels { figures, csv } => {
                let titles: Vec<&str> = figures.iter().map(|one| &*one.title).collect();
                writeln!(out, "Figures: {} ({csv})", titles.join("; "))
            }
            Block::Code { text } => writeln!(out, "```text\n{}\n```", text.trim_end()),
            Block::Details {
                summary,
                blocks: inner,
            } => {
                let _ = writeln!(out, "**{}**", escaped(summary));
                blocks(out, inner);
                Ok(())
            }
        };
    }
}

fn table(table: &Table) -> String {
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let header = table.header.iter().map(|one| escaped(&one.text));
    let rules = table.header.iter().enumerate().map(|(at, one)| {
        let words = at == 0 || one.words || table.words;
        if words { "---" } else { "---:" }.to_owned()
    });
    let cell = |cell: &Cell| said(&cell.text);
    let rows = table
        .rows
        .iter()
        .map(|cells| row(cells.iter().map(cell).collect()));
    format!(
        "{}:\n\n{}{}{}",
        said(&table.caption),
        row(header.collect()),
        row(rules.collect()),
        rows.collect::<String>()
    )
}

fn said(text: &Text) -> String {
    let spans = text.iter().map(|span| match span {
        Span::Words { text } => escaped(text),
        Span::Code { text } => format!("`{}`", text.replace('|', "\\|")),
        Span::Strong { text } => format!("**{}**", escaped(text)),
        Span::Number(number) => escaped(&number.text),
    });
    spans.collect()
}

/// Characters that would be markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_[]<>|#".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::{Heading, Rows, code, text};

    #[test]
    fn tables_and_names_are_marked_up() {
        let table = Rows::of(["a_b"])
            .column(Heading::words("state"), |name| *name)
            .column(Heading::number("payoff"), |_| "1.5")
            .table("x", text!["As ", code("bloc")]);
        let document = Document {
            title: "A note".to_owned(),
            opening: vec![table.into()],
            ..Document::default()
        };
        let expected =
            "# A note\n\nAs `bloc`:\n\n| state | payoff |\n| --- | ---: |\n| a\\_b | 1.5 |\n";
        assert_eq!(render(&document), expected);
    }
}
