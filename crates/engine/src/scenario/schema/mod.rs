//! What a scenario file may contain: one table of all keys, from which validation, suggestions, defaults and the JSON
//! Schema are taken. The keys themselves are listed in [`keys`]; ranges of numbers come from [`crate::engine::model::keys`].

pub(crate) mod json;
mod key;
// A table: one key a line.
#[rustfmt::skip]
mod keys;
mod section;

pub(crate) use key::{Default, FileKey, Form};
pub(crate) use section::{FileTable, MOST};
