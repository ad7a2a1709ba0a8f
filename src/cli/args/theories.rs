//! `mufakat theories` as the command line has it.

use crate::cli::args::common::{HELP, ScenarioArgs};
use crate::cli::args::out::OutArgs;
use crate::engine::model::words::{Joining, Others, Solution, Turn, Vocabulary};
use serde::{Deserialize, Serialize};

const EXAMPLES: &str = "\
Examples:
  mufakat theories asean-2027 -n 200
  mufakat theories asean-2027 --arm framework --json > theories.json";

/// `theories`.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize)]
#[command(help_template = HELP, before_help = EXAMPLES, after_help = rivals())]
pub struct TheoriesArgs {
    /// Judge this arm alone (default: every arm with an accord, else every arm)
    #[arg(long, value_name = "ARM")]
    pub arm: Option<String>,
    /// Compare with this arm instead of the first
    #[arg(long, value_name = "ARM")]
    pub reference: Option<String>,
    /// Where it writes.
    #[command(flatten)]
    #[serde(skip)]
    pub out: OutArgs,
    /// The scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
}

/// The theories in words.
fn rivals() -> String {
    fn names<V: Vocabulary>() -> String {
        let names = V::ALL.iter().map(|one| one.word().name);
        names.collect::<Vec<_>>().join(", ")
    }
    format!(
        "Theories, each a change of one thing of the scenario's own:\n  \
         solution of a bargain: {}\n  \
         cash (without most-favoured clauses), or none\n  \
         foresight 0 and 1\n  \
         how deals count on each other: {}\n  \
         joining: by {}, with certainty\n  \
         room for all: hub = 1 in every state\n  \
         the fear of falling behind, or none: peers\n  \
         a bloc's turn: {}",
        names::<Solution>(),
        names::<Others>(),
        names::<Joining>().replace(", ", ", by "),
        names::<Turn>(),
    )
}
