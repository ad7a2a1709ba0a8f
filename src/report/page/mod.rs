//! A self-contained HTML page: its parts as plain data, a template that users may replace, one stylesheet.
//!
//! A [`Page`] says what is on it; the template says how it looks. Nothing on it is asked from elsewhere: the stylesheet and the figures are
//! part of it, its policy forbids scripts and requests, and the switch between readings is made of radio buttons. A template gets `page` (a
//! [`Page`]) and `style` (the text of [`STYLE`]).

mod adviser;
mod break_even;
pub mod compare;
mod concentration;
mod drivers;
pub mod facts;
mod inputs;
mod investor;
mod members;
mod number;
mod parts;
mod quote;
mod run;
mod spread;
mod stable;
mod terms;
mod vendor;
mod windows;
mod winners;

pub use number::Number;
pub use run::page;

use crate::report::chart::{Chart, Data, Point};
use crate::theory::stats::summary::Stat;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, context};
use serde::Serialize;

/// The template that is used if users give none.
pub const TEMPLATE: &str = include_str!("page.html");

/// The stylesheet: light and dark, print, phone, colours that the colour-blind tell apart.
pub const STYLE: &str = include_str!("style.css");

/// Directory beside the page that holds the data of its figures.
pub const DATA: &str = "report";

/// A page.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// The program that wrote it.
    pub generator: String,
    /// The line below the title.
    pub kicker: Text,
    /// The answer: the first paragraph is the sentence that matters most.
    pub lead: Vec<Text>,
    /// What follows the answer.
    pub opening: Vec<Block>,
    /// The same run as different readers would have it.
    pub readings: Vec<Reading>,
    /// Sections, numbered in this order.
    pub sections: Vec<Section>,
    /// What it ends with.
    pub footer: Vec<Text>,
}

/// What one kind of reader asks of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Reading {
    /// A word: letters and `-`.
    pub id: String,
    /// Its name on the switch.
    pub name: String,
    /// Its heading.
    pub title: String,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A section.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Section {
    /// A word: letters and `-`.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A paragraph: words and numbers.
pub type Text = Vec<Span>;

/// A part of a paragraph.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Span {
    /// Words.
    Words {
        /// What is written.
        text: String,
    },
    /// A name that is typed as it stands.
    Code {
        /// What is written.
        text: String,
    },
    /// Words that weigh more.
    Strong {
        /// What is written.
        text: String,
    },
    /// A number of the results.
    Number(Number),
}

/// What a section is made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Block {
    /// A paragraph.
    Paragraph {
        /// What is written.
        text: Text,
    },
    /// A paragraph of less weight: what a table or figure means.
    Note {
        /// What is written.
        text: Text,
    },
    /// A heading within a section.
    Heading {
        /// What is written.
        text: String,
    },
    /// Items with bullets.
    List {
        /// What is written.
        items: Vec<Text>,
    },
    /// A table.
    Table {
        /// The table.
        table: Table,
    },
    /// A figure that stands alone.
    Figure {
        /// The figure.
        figure: Figure,
    },
    /// Figures of one kind side by side, with one file of data.
    Panels {
        /// The figures.
        figures: Vec<Figure>,
        /// Where their data are, from the page.
        csv: String,
    },
    /// Text that is typed or copied as it stands.
    Code {
        /// What is written.
        text: String,
    },
    /// What a reader opens if it is wanted.
    Details {
        /// What is seen before.
        summary: String,
        /// What it holds.
        blocks: Vec<Block>,
    },
}

/// A table; the first column names the rows.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Table {
    /// A word: letters, digits and `-`.
    pub id: String,
    /// What it shows, with units.
    pub caption: String,
    /// Whether it holds words rather than numbers.
    pub words: bool,
    /// Names of columns.
    pub header: Vec<Heading>,
    /// Rows of as many cells.
    pub rows: Vec<Vec<Cell>>,
}

/// The name of a column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Heading {
    /// What is written.
    pub text: String,
    /// Whether the column holds words.
    pub words: bool,
}

impl Heading {
    /// Names of columns of numbers.
    pub fn all(names: &[&str]) -> Vec<Heading> {
        let names = names.iter();
        names.map(|name| Heading::number(*name)).collect()
    }

    /// The name of a column of numbers.
    pub fn number(text: impl Into<String>) -> Heading {
        Heading {
            text: text.into(),
            words: false,
        }
    }

    /// The name of a column of words.
    pub fn words(text: impl Into<String>) -> Heading {
        Heading {
            text: text.into(),
            words: true,
        }
    }
}

impl Cell {
    /// A cell without a class.
    pub fn plain(text: Text) -> Cell {
        Cell {
            text,
            class: String::new(),
        }
    }

    /// A cell of a class.
    pub fn of(text: Text, class: &str) -> Cell {
        Cell {
            text,
            class: class.to_owned(),
        }
    }
}

/// A cell.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Cell {
    /// What is written.
    pub text: Text,
    /// How it looks: "gain", "loss", "open", "words" or nothing.
    pub class: String,
}

/// A figure as it stands on a page.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Figure {
    /// Its name.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// The figure.
    pub svg: String,
    /// Where its data are, from the page; empty where those beside it share a file.
    pub csv: String,
}

/// Files beside a page: names with their text, in the order of the page.
pub type Files = Vec<(String, String)>;

impl Figure {
    /// A figure that stands alone; its data go to `files`.
    pub fn alone(chart: Chart, files: &mut Files) -> Block {
        let csv = keep(&chart.head.id, &chart.data, files);
        let figure = Figure {
            csv,
            ..Figure::bare(chart)
        };
        Block::Figure { figure }
    }

    /// Figures side by side, each named by `names` in the one file of data called `id`.
    pub fn beside(
        id: &str,
        column: &str,
        charts: Vec<(String, Chart)>,
        files: &mut Files,
    ) -> Block {
        let parts = charts
            .iter()
            .map(|(name, chart)| (name.as_str(), &chart.data));
        let csv = keep(id, &Data::joined(column, parts), files);
        let figures = charts.into_iter().map(|(_, chart)| Figure::bare(chart));
        Block::Panels {
            figures: figures.collect(),
            csv,
        }
    }

    fn bare(chart: Chart) -> Figure {
        Figure {
            id: chart.head.id,
            title: chart.head.title,
            svg: chart.svg,
            csv: String::new(),
        }
    }
}

/// The mark of a distribution: its mean, with lines over the middle half and 90% of worlds.
fn mark(stat: &Stat) -> Point {
    Point {
        value: stat.mean,
        outer: (stat.p05, stat.p95),
        inner: (stat.p25, stat.p75),
    }
}

/// Keeps a file of data; says where it is.
fn keep(id: &str, data: &Data, files: &mut Files) -> String {
    let name = format!("{id}.csv");
    let path = format!("{DATA}/{name}");
    files.push((name, data.to_csv()));
    path
}

impl From<&str> for Span {
    fn from(text: &str) -> Span {
        words(text)
    }
}

impl From<String> for Span {
    fn from(text: String) -> Span {
        words(text)
    }
}

/// A paragraph of words, numbers and names in a row.
macro_rules! text {
    ($($part:expr),+ $(,)?) => { vec![$($crate::report::page::Span::from($part)),+] };
}
pub(crate) use text;

/// Words.
pub fn words(text: impl Into<String>) -> Span {
    Span::Words { text: text.into() }
}

/// A name that is typed as it stands.
pub fn code(text: impl Into<String>) -> Span {
    Span::Code { text: text.into() }
}

/// A paragraph as a block.
pub fn paragraph(text: Text) -> Block {
    Block::Paragraph { text }
}

/// A note as a block.
pub fn note(text: Text) -> Block {
    Block::Note { text }
}

/// A paragraph of words alone.
pub fn plain(text: impl Into<String>) -> Text {
    vec![words(text)]
}

/// The page as HTML, by the template of this program or by that of the user.
///
/// # Errors
/// The template is not one, or asks for what a page does not have; the message names its line.
pub fn render(page: &Page, template: Option<&str>) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    let template =
        environment.template_from_named_str("page.html", template.unwrap_or(TEMPLATE))?;
    let page = Value::from(Serde(page));
    let html = template.render(context! { page, style => STYLE })?;
    Ok(html.trim_start().to_owned() + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Page {
        Page {
            title: "Two <states>".to_owned(),
            lead: vec![vec![
                words("They gain "),
                Span::Number(Number::new("+1.5", 1.53, "totals.payoff")),
            ]],
            readings: ["adviser", "vendor"]
                .map(|id| Reading {
                    id: id.to_owned(),
                    name: id.to_owned(),
                    title: id.to_owned(),
                    blocks: vec![Block::Paragraph {
                        text: plain("for & of"),
                    }],
                })
                .to_vec(),
            ..Page::default()
        }
    }

    #[test]
    fn what_is_written_is_escaped_and_numbers_are_traced() {
        let html = render(&page(), None).expect("the template is valid");
        assert!(html.starts_with("<!DOCTYPE html>"), "{}", &html[..80]);
        assert!(
            html.contains("<title>Two &lt;states&gt;</title>") && html.contains("for &amp; of")
        );
        let number = r#"They gain <data value="1.53" data-path="totals.payoff">+1.5</data>"#;
        assert!(html.contains(number), "{html}");
        assert!(html.contains("body:has(#show-vendor:checked)"));
    }

    #[test]
    fn users_bring_their_own_template() {
        let html = render(&page(), Some("<b>{{ page.title }}</b>")).expect("valid");
        assert_eq!(html, "<b>Two &lt;states&gt;</b>\n");
        let error = render(&page(), Some("a\n{{ page.title")).expect_err("it is not closed");
        assert_eq!(error.line(), Some(2));
    }
}
