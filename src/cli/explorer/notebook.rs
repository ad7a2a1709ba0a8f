//! The explorer in a notebook: a module for anywidget with the whole page inside, which asks for nothing from anywhere.

use crate::cli::explorer::page::{squeezed, within_notebook};
use serde_json::Value;

/// The module, but for the page.
const MODULE: &str = include_str!("../../../explorer/page/notebook.js");

/// Where the module has the page.
const PAGE: &str = "\"{{page}}\"";

/// The module as anywidget takes it.
pub fn module() -> String {
    let page = Value::String(within_notebook()).to_string();
    squeezed(MODULE).replacen(PAGE, &page, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_inside_and_it_is_small() {
        let module = module();
        assert_eq!(MODULE.matches(PAGE).count(), 1);
        assert!(
            module.contains("hosts.notebook =") && module.len() < 100_000,
            "{} bytes",
            module.len()
        );
    }
}
