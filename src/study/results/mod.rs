//! What studies find, as documents for programs and as columns; what fills them; and paths into them.

pub mod accords;
pub mod advise;
pub mod assemble;
pub mod brief;
pub mod choice;
pub mod collect;
#[cfg(feature = "parquet")]
pub mod columnar;
pub mod columns;
pub mod compare;
pub mod condition;
pub mod discover;
pub mod forecasts;
pub mod format;
pub mod history;
pub mod json;
pub mod magnitude;
pub mod path;
pub mod path_words;
pub mod pedigree;
pub mod precision;
pub mod quantity;
pub mod question;
pub mod run;
pub mod sensitivity;
pub mod sensitivity_cells;
pub mod sheet;
pub mod sheet_heading;
pub mod stability;
pub mod sweep;
pub mod theories;
pub mod threshold;
pub mod turn;
pub mod value_memory;
pub mod world;

#[cfg(test)]
pub(crate) mod fixture;
