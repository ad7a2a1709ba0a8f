//! What do states win or lose when they bargain alone, under common rules, or as one bloc?
//!
//! `mufakat` (from the ASEAN word for consensus) simulates negotiations between states and hyperscalers over AI infrastructure. A scenario
//! file gives the states, the hyperscalers, the terms of deals, the rules of coordination, and what is uncertain. Thousands of possible
//! worlds are drawn; in each, the same states bargain in every *arm*, so that arms are compared world by world. The value of an accord
//! is not assumed: it comes out of what each side has if talks fail. The model, equation by equation, is in [`the_model`].
//!
//! # Example
//!
//! ```
//! use mufakat::engine::outcome::TotalMetric;
//! use mufakat::scenario::from_text;
//! use mufakat::engine::trial::Player;
//!
//! let text = include_str!("../scenarios/textbook-substitutes.toml");
//! let model = from_text("textbook-substitutes.toml", text).expect("a shipped scenario is valid");
//! let layout = model.outcome_layout();
//! let mut rows = vec![0.0; layout.len() * model.arms.len()];
//! let mut draws = vec![0.0; model.uncertain.len()];
//! Player::new(&model).play(&model, 0, &mut rows, &mut draws).expect("nothing is drawn");
//! let payoff = |arm: usize| rows[arm * layout.len() + layout.total(TotalMetric::Payoff)];
//! assert!(payoff(1) > payoff(0), "states are substitutes as hosts, so one table gains");
//! ```
//!
//! # From a file to a report
//!
//! ```text
//! TOML text -> Model -> (seed, trial) -> World -> a row per arm -> Results -> text, page
//!  scenario    model    draws            model    trial, ledger    study      report
//! ```
//!
//! # Map of the code
//!
//! Each module may use those above it in this list that its line names, and nothing else of ours; nor do files import each other in a circle.
//! A test holds the code to both.
//!
//! | module | holds | uses |
//! | --- | --- | --- |
//! | [`theory::stats`] | distribution functions, quantiles, summaries, intervals, groups of trials, correlation matrices | |
//! | [`theory::spelling`] | what a mistyped word was meant to be; how numbers and commands are written | |
//! | [`theory::bargaining`] | one bargain: frontier, gains, the four solutions, cash | |
//! | [`theory::coalition`] | cooperative games: Shapley, Banzhaf, Owen, core, nucleolus, weighted voting | |
//! | [`theory::draws`] | keyed uniforms; designs; the copula; distributions by their inverse functions | `theory::stats` |
//! | [`theory::sensitivity`] | which uncertain factors matter: Sobol', Shapley effects, Morris, tornado, PAWN, δ, value of information | `theory::stats`, `theory::draws` |
//! | [`theory::discovery`] | in which worlds a condition holds: PRIM, CART; arms that do well in many worlds | `theory::stats`, `theory::draws` |
//! | [`theory::reliability`] | the least joint change of uncertain inputs that brings a number to zero | `theory::stats`, `theory::draws` |
//! | [`engine::model`] | a valid scenario; the words for what it and its results hold; where its numbers lie; one drawn world; quantities of a window; service | `theory::stats`, `theory::draws`, `theory::bargaining` |
//! | [`engine::outcome`] | the flat row that a trial of an arm produces | `engine::model` |
//! | [`engine::negotiation`] | one window: networks, tables, blocs, contests, formation of accords, accounts | `theory::bargaining`, `theory::coalition`, `engine::model` |
//! | [`engine::dynamics`] | talent, compute and dependency from window to window | `engine::model`, `engine::negotiation` |
//! | [`engine::ledger`] | from played windows to the row of an outcome | `engine::outcome`, `engine::model`, `engine::negotiation`, `engine::dynamics` |
//! | [`engine::trial`] | one trial: every arm on the same draw; every coalition and every table of a window | `theory::bargaining`, `theory::coalition`, `engine::model`, `engine::negotiation`, `engine::dynamics`, `engine::ledger` |
//! | [`engine::simulate`] | trials in parallel, results in order; the only user of rayon | `engine::outcome`, `engine::model`, `engine::trial` |
//! | [`scenario`] | TOML text to a model: layers, schema, paths, findings | `theory::draws`, `theory::spelling`, `engine::model` |
//! | [`study`] | questions to many worlds: what is asked, what is played, and the documents of what was found | `theory`, `engine`, `scenario` |
//! | [`report`] | results for readers: sentences, tables, figures; one world explained (feature `report`) | `theory`, `engine`, `study` |
//! | [`explore`] | a scenario whose settings a reader moves: what can be moved, what a setting comes to (feature `report`) | `theory`, `engine`, `scenario`, `study`, `report` |
//! | [`error`] | the error of the crate, with its exit codes | `theory`, `engine`, `scenario`, `study` |
//! | `cli` | arguments, files, terminal, signals; plans and their shards (feature `cli`) | everything |
//!
//! How a study is cut into shards and merged to the bytes of one machine: [`past_one_machine`]. `python/` is the Python package: the same in a notebook, and shards on Dask.
//! `explorer/` has the page of [`explore`], and what makes its engine WebAssembly.
//!
//! # Determinism
//!
//! Same seed, same bytes, for any number of threads, on any 64-bit machine and as WebAssembly: each uniform is keyed by (seed, trial,
//! what it is for), transcendental functions come from `libm`, sums run in a fixed order. Trial k is the same however many trials there
//! are, but for the stratified designs of [`theory::draws::design`], which depend on their number.
#![forbid(unsafe_code)]

pub use mufakat_engine::{engine, scenario, theory};

#[cfg(feature = "cli")]
pub mod cli;
pub mod error;
#[cfg(feature = "report")]
pub mod explore;
#[cfg(feature = "report")]
pub mod report;
pub mod study;

#[doc = include_str!("docs/model.md")]
pub mod the_model {}

#[doc = include_str!("docs/cluster.md")]
pub mod past_one_machine {}
