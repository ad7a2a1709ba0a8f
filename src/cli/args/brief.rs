//! `mufakat brief` as the command line has it.

use crate::cli::args::common::{HELP, ScenarioArgs, named};
use crate::cli::args::out::OutArgs;
use crate::study::brief::Side;
use serde::{Deserialize, Serialize};
#[cfg(feature = "html")]
use std::path::PathBuf;

/// An offer as it is typed: what it means hangs on the scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfferText(pub String);

impl From<String> for OfferText {
    fn from(text: String) -> OfferText {
        OfferText(text)
    }
}

const EXAMPLES: &str = "\
Examples:
  mufakat brief asean-2027 --state ID --with MSFT
  mufakat brief asean-2027 --state ID --with MSFT --side hyperscaler
  mufakat brief asean-2027 --accord bloc --with AMZN
  mufakat brief asean-2027 --state SG --with AMZN \\
      --offer talent_investment=0.4,tax_incentive=0.6";

const USAGE: &str = "\
mufakat brief [OPTIONS] --state <ID> --with <HYPERSCALER> <SCENARIO>
       mufakat brief [OPTIONS] --accord <ARM> --with <HYPERSCALER> <SCENARIO>";

const NOTES: &str = "\
Terms that an offer does not name stay at their lowest level: the term's min, or
the floor where the arm has one. An offer file holds a table [offer] with
TERM = LEVEL and, where cash moves, cash = USD bn to the state.
Before the talks, an uncertain number is moved to its 95% point (its 5% point
where less is better), a constant by a tenth of itself.";

/// `brief`.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize)]
#[command(help_template = HELP, before_help = EXAMPLES, after_help = NOTES, override_usage = USAGE)]
#[command(group = clap::ArgGroup::new("seat").args(["state", "accord"]).required(true))]
pub struct BriefArgs {
    /// The state that sits at the table
    #[arg(long, value_name = "ID")]
    pub state: Option<String>,
    /// The bloc that sits at the table, by the name of its arm
    #[arg(long, value_name = "ARM")]
    pub accord: Option<String>,
    /// The hyperscaler on the other side
    #[arg(long = "with", value_name = "HYPERSCALER")]
    pub hyperscaler: String,
    /// The arm in which the state bargains; the first if absent
    #[arg(long, value_name = "ARM", conflicts_with = "accord")]
    pub arm: Option<String>,
    /// The window of the talks, from 0
    #[arg(long, value_name = "W", default_value_t = 0)]
    pub window: usize,
    /// Whose page it is: state or hyperscaler
    #[arg(long, value_name = "SIDE", value_parser = named(&Side::ALL, Side::name), default_value = "state", hide_possible_values = true)]
    pub side: Side,
    /// An offer to weigh: TERM=LEVEL,... (cash=USD_BN where cash moves), or a TOML file
    #[arg(long, value_name = "OFFER")]
    pub offer: Option<OfferText>,
    /// Share of the worlds in which the other side must accept a counter-offer
    #[arg(long, value_name = "SHARE", default_value_t = 0.8)]
    pub accept: f64,
    /// Also write the page as HTML to this file; with --out it is brief.html there
    #[cfg(feature = "html")]
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    pub html: Option<PathBuf>,
    /// Where it writes.
    #[command(flatten)]
    #[serde(skip)]
    pub out: OutArgs,
    /// The scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
}
