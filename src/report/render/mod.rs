//! How documents look: as lines of a terminal, as Markdown, as a page of HTML.

mod columns;
#[cfg(feature = "html")]
pub mod html;
pub mod markdown;
pub(crate) mod marks;
pub mod terminal;
