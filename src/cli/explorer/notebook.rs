//! The explorer in a notebook: a module for anywidget with the whole page inside, which asks for nothing from anywhere.

use crate::cli::explorer::page::{squeezed, within_notebook};

/// The module, but for the page.
const MODULE: &str = include_str!("../../../explorer/page/notebook.js");

/// Where the module has the page.
const PAGE: &str = "`{{page}}`";

/// The module as anywidget takes it.
pub fn module() -> String {
    squeezed(MODULE).replacen(PAGE, &literal(&within_notebook()), 1)
}

/// A text as a literal of JavaScript: in the quotes of which it holds fewest.
fn literal(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('`', "\\`");
    format!("`{}`", text.replace("${", "\\${"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_inside_and_it_is_small() {
        let module = module();
        assert_eq!(MODULE.matches(PAGE).count(), 1);
        assert!(module.contains("hosts.notebook =") && !module.contains("{{page}}"));
        assert!(module.len() < 100_000, "{} bytes", module.len());
    }

    #[test]
    fn a_literal_is_its_text() {
        assert_eq!(literal("a\n`${b}` \\n $"), "`a\n\\`\\${b}\\` \\\\n $`");
    }
}
