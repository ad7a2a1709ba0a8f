//! A self-contained HTML page: a document, a template that users may replace, one stylesheet.
//!
//! Nothing on it is asked from elsewhere: the stylesheet and the figures are part of it, its policy forbids scripts and requests, and the
//! switch between readings is made of radio buttons. A template gets `page` (a [`Document`]) and `style` (the text of [`STYLE`]).

use crate::report::document::Document;
use crate::theory::spelling::foreign::marked;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, context};

/// The template that is used if users give none.
pub const TEMPLATE: &str = include_str!("page.html");

/// The stylesheet: light and dark, print, phone, colours that the colour-blind tell apart.
pub const STYLE: &str = include_str!("style.css");

/// The document as HTML, by the template of this program or by that of the user.
///
/// # Errors
/// The template is not one, or asks for what a page does not have; the message names its line.
pub fn render(document: &Document, template: Option<&str>) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    let template =
        environment.template_from_named_str("page.html", template.unwrap_or(TEMPLATE))?;
    let page = Value::from(Serde(document));
    let html = template.render(context! { page, style => STYLE })?;
    Ok(marked(html.trim_start()).into_owned() + "\n")
}

/// The document as HTML for the body of another page, by the template of this program, and the rules of style that it needs besides [`STYLE`].
///
pub fn fragment(document: &Document) -> (String, String) {
    let (macros, page) = TEMPLATE
        .split_once("<!DOCTYPE html>")
        .expect("macros stand before it");
    let (head, body) = page.split_once("<div class=\"page").expect("it has a body");
    let (body, _) = body.rsplit_once("</body>").expect("it ends");
    let (_, rules) = head
        .split_once("{{ style|safe }}")
        .expect("it has a stylesheet");
    let (rules, _) = rules.split_once("</style>").expect("it ends");
    let rendered = |part: &str| {
        let text = render(document, Some(&format!("{macros}{part}")));
        text.expect("the template of the program is valid")
    };
    (
        rendered(&format!("<div class=\"page{body}")),
        rendered(rules),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::{Forest, ForestRow, Head};
    use crate::report::document::{Figure, Heading, Number, Reading, Rows, paragraph, text};

    fn page() -> Document {
        Document {
            title: "Two <states>".to_owned(),
            lead: vec![text![
                "They gain ",
                Number::new("+1.5", 1.53, "totals.payoff")
            ]],
            readings: ["adviser", "vendor"]
                .map(|id| Reading {
                    id: id.to_owned(),
                    name: id.to_owned(),
                    title: id.to_owned(),
                    blocks: vec![paragraph("for & of")],
                })
                .to_vec(),
            ..Document::default()
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
    fn the_question_is_no_part_of_the_answer_and_the_picture_stands_below_its_first_sentence() {
        let chart = Forest {
            head: Head {
                id: "options".to_owned(),
                ..Head::default()
            },
            rows: vec![ForestRow {
                label: "a \"b\", <c> & 5%".to_owned(),
                points: vec![Some(Default::default())],
                ..ForestRow::default()
            }],
            ..Forest::default()
        };
        let document = Document {
            question: text!["Who & when?"],
            lead: vec![text!["First."], text!["Second."]],
            picture: Some(Box::new(Figure::whole(chart.chart()))),
            ..page()
        };
        let html = render(&document, None).expect("the template is valid");
        let order = [
            "<p class=\"question\">Who &amp; when?</p>",
            "<div class=\"lead\"><p>First.</p>",
            "<figure id=\"options\">",
            "<p>Second.</p>",
        ];
        let places: Vec<usize> = order
            .iter()
            .map(|part| html.find(part).unwrap_or_else(|| panic!("{part}: {html}")))
            .collect();
        assert!(places.is_sorted(), "{places:?}");
        // What is quoted in a table of commas is so here, and every mark that could end an attribute or begin a tag is written as a number.
        let address = "href=\"data:text/csv;charset=utf-8,row,series,value,p05,p25,p75,p95,note%0A%22a%20%22%22b%22%22%2C%20%3Cc%3E%20%26%205%25%22,";
        let address = address.replace("%2C", ",");
        assert!(html.contains(&address), "{html}");
        assert!(html.contains("download=\"options.csv\">options.csv</a>"));
        let without = render(&page(), None).expect("the template is valid");
        assert!(!without.contains("class=\"question\"") && !without.contains("<figure"));
    }

    #[test]
    fn rows_of_wide_tables_can_be_cards() {
        let table = |columns: usize| {
            let rows = Rows::of(["A"]).column(Heading::words("state"), |name| *name);
            let rows = rows.each(1..columns, |rows, at| {
                rows.column(Heading::number(format!("price_{at} & more")), move |_| "1")
            });
            rows.table(format!("of-{columns}"), "").into()
        };
        let document = Document {
            opening: vec![table(3), table(4)],
            ..Document::default()
        };
        let html = render(&document, None).expect("the template is valid");
        assert!(html.contains("<table id=\"of-3\"><caption>"), "{html}");
        assert!(
            html.contains("<table id=\"of-4\" class=\"cards\">"),
            "{html}"
        );
        assert!(
            html.contains("<td data-label=\"price_3 &amp; more\">1</td>"),
            "{html}"
        );
        assert_eq!(html.matches("data-label=").count(), 3, "{html}");
        // A long name may be broken at its underscores.
        assert!(
            html.contains("<th scope=\"col\">price_<wbr>3 &amp; more</th>"),
            "{html}"
        );
    }

    #[test]
    fn a_fragment_is_the_body_with_its_rules() {
        let (html, rules) = fragment(&page());
        let whole = render(&page(), None).expect("the template is valid");
        assert!(whole.contains(html.trim()) && html.starts_with("<div class=\"page\">"));
        assert!(html.trim().ends_with("</footer>\n</div>"), "{html}");
        assert!(whole.contains(rules.trim()) && rules.contains("body:has(#show-vendor:checked)"));
    }

    #[test]
    fn users_bring_their_own_template() {
        let html = render(&page(), Some("<b>{{ page.title }}</b>")).expect("valid");
        assert_eq!(html, "<b>Two &lt;states&gt;</b>\n");
        let error = render(&page(), Some("a\n{{ page.title")).expect_err("it is not closed");
        assert_eq!(error.line(), Some(2));
    }
}
