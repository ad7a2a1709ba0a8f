//! A self-contained HTML page: a document, a template that users may replace, one stylesheet.
//!
//! Nothing on it is asked from elsewhere: the stylesheet and the figures are part of it, its policy forbids scripts and requests, and the
//! switch between readings is made of radio buttons. A template gets `page` (a [`Document`]) and `style` (the text of [`STYLE`]).

use crate::report::document::Document;
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
    Ok(html.trim_start().to_owned() + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::{Number, Reading, paragraph, text};

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
    fn users_bring_their_own_template() {
        let html = render(&page(), Some("<b>{{ page.title }}</b>")).expect("valid");
        assert_eq!(html, "<b>Two &lt;states&gt;</b>\n");
        let error = render(&page(), Some("a\n{{ page.title")).expect_err("it is not closed");
        assert_eq!(error.line(), Some(2));
    }
}
