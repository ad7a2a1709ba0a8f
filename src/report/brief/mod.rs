//! A negotiator's page as text and as a page.

mod blocks;
#[cfg(feature = "html")]
pub mod page;
pub mod text;
