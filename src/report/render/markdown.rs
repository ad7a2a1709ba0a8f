//! A document as Markdown (CommonMark with tables): what a ministry pastes into its own paper.

use crate::report::document::{Block, Document, Span, Table, Text, minus};

/// A document as Markdown; figures are left out, as their data stand in tables.
pub fn render(document: &Document) -> String {
    let mut out = format!("# {}\n", document.title);
    let mut add = |text: String| {
        if !text.is_empty() {
            out.push('\n');
            out.push_str(&text);
            out.push('\n');
        }
    };
    if !document.question.is_empty() {
        add(format!("*{}*", said(&document.question)));
    }
    document.lead.iter().for_each(|text| add(said(text)));
    document.opening.iter().for_each(|one| add(block(one)));
    for section in &document.sections {
        add(format!("## {}", section.title));
        section.blocks.iter().for_each(|one| add(block(one)));
    }
    document.footer.iter().for_each(|text| add(said(text)));
    out
}

fn block(block: &Block) -> String {
    match block {
        Block::Paragraph { text } | Block::Note { text } => said(text),
        Block::Heading { text } => format!("### {}", escaped(text)),
        Block::List { items } => {
            let items = items.iter().map(|item| format!("- {}", said(item)));
            items.collect::<Vec<_>>().join("\n")
        }
        Block::Table { table: one } => table(one),
        Block::Code { text } => format!("```\n{text}\n```"),
        Block::Details { summary, blocks } => {
            let blocks = blocks.iter().map(self::block);
            let parts: Vec<String> = [format!("### {}", escaped(summary))]
                .into_iter()
                .chain(blocks)
                .collect();
            parts.join("\n\n")
        }
        Block::Figure { .. } | Block::Panels { .. } => String::new(),
    }
}

fn table(table: &Table) -> String {
    let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let header = table
        .header
        .iter()
        .map(|heading| cell(&escaped(&heading.text)));
    let rule = table.header.iter().enumerate().map(|(at, heading)| {
        match at == 0 || heading.words || table.words {
            true => "---".to_owned(),
            false => "---:".to_owned(),
        }
    });
    let rows = table
        .rows
        .iter()
        .map(|cells| row(cells.iter().map(|one| cell(&said(&one.text))).collect()));
    let lines: Vec<String> = [row(header.collect()), row(rule.collect())]
        .into_iter()
        .chain(rows)
        .collect();
    let caption = said(&table.caption);
    format!("{caption}:\n\n{}", lines.join("\n"))
}

/// What stands in a cell is one line, without the bar that ends it.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn said(text: &Text) -> String {
    text.iter().map(span).collect()
}

fn span(span: &Span) -> String {
    match span {
        Span::Number(number) => escaped(&number.text),
        Span::Words { text } => escaped(&minus(text)),
        Span::Code { text } => format!("`{text}`"),
        Span::Typed { parts } => parts.iter().map(self::span).collect(),
    }
}

/// Text whose marks are no marks of Markdown.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '#') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::{Heading, Rows, code, paragraph, text};

    #[test]
    fn a_note_is_markdown() {
        let table = Rows::of([1, 2])
            .column(Heading::words("state_id"), |row| format!("a|{row}"))
            .column(Heading::number("US$ bn"), |row| row.to_string())
            .table("t", "What it brings");
        let document = Document {
            title: "A note".to_owned(),
            question: text!["Which_one?"],
            lead: vec![text!["Best is ", code("bloc_paid"), ": *more*."]],
            opening: vec![paragraph("Then."), table.into()],
            ..Document::default()
        };
        let expected = "# A note\n\n*Which\\_one?*\n\nBest is `bloc_paid`: \\*more\\*.\n\nThen.\n\nWhat it brings:\n\n| state\\_id | US$ bn |\n| --- | ---: |\n\
                        | a\\|1 | 1 |\n| a\\|2 | 2 |\n";
        assert_eq!(render(&document), expected);
    }
}
