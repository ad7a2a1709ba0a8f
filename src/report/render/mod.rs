//! How documents look: as lines of a terminal, as a page of HTML.

#[cfg(feature = "html")]
pub mod html;
pub(crate) mod marks;
pub mod terminal;
