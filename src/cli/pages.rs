//! Documents of one scenario as pages: in its words, with what the names of its arms stand for.

use crate::engine::model::Model;
use crate::report::document::Document;
use crate::report::legend::with_titles;
use crate::report::render::html::render;
use crate::report::roles::in_words_of;

/// A document as HTML.
pub fn html(model: &Model, document: Document) -> String {
    let page = with_titles(in_words_of(model, document), &[model]);
    render(&page, None).expect("the template of the program is valid")
}
