//! Scenario files: from TOML text in layers to a valid [`Model`](crate::engine::model::Model), or to all that is wrong with them.
//!
//! Everything here is pure: text and names come in, a model or findings go out. Files are read by whoever calls, through
//! the function handed to [`load`]; findings are plain data and are rendered elsewhere.
//!
//! ```text
//! text of each layer -> tree with places -> one merged tree -> checked against the schema -> Model
//!   (tree)                (layers, overrides)    (check, quantity, rules, accords, events, sweep, accord_choices)      (build)
//! ```

mod accord_choices;
pub mod accord_space;
mod accords;
pub mod base;
mod build;
mod check;
mod correlation;
mod csv;
mod data;
pub mod decided;
pub mod diagnostic;
mod events;
mod file_name;
pub mod grid;
mod history;
pub mod inspect;
mod joining;
mod layers;
mod load;
mod loaded;
pub mod most;
mod numbers;
mod overrides;
pub mod path;
mod pedigree;
mod place;
mod quantity;
mod quantity_rows;
mod question;
mod removed;
mod resolve;
mod rows;
mod rules;
mod schema;
mod shape;
mod source;
mod span;
mod survey;
mod sweep;
mod template;
mod tree;
mod words;
mod worlds;

pub use diagnostic::{Diagnostic, DiagnosticKind, DiagnosticLabel, Severity};
pub use file_name::SHIPPED;
pub use load::{from_text, load};
pub use loaded::{LoadError, Loaded, Origin, Problems, WrittenPath};
pub use overrides::check_assignment;
pub use schema::json::scenario_schema;
pub use source::{Request, Source};
pub use span::{TextSpan, line_of};
pub use template::with_words;
