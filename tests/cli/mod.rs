//! The program as a user runs it.

mod certain;
mod documents;
mod edition;
mod forecasts;
mod inspect;
#[cfg(feature = "parquet")]
mod parquet;
mod precision;
mod run;
mod stability;
mod worlds;
