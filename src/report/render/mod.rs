//! How documents look: as lines of a terminal, as a page of HTML, as Markdown.

#[cfg(feature = "html")]
pub mod html;
pub mod markdown;
pub(crate) mod marks;
pub mod terminal;
