//! `mufakat run` as the command line has it.

use crate::cli::args::common::{HELP, ScenarioArgs, named};
use crate::cli::args::out::{OutArgs, TableArgs};
use crate::cli::args::shard::Shard;
use crate::study::results::columns::Keep;
use clap::builder::Resettable;
use clap::{Arg, ArgGroup};
use serde::{Deserialize, Serialize, Serializer};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  mufakat run two-states
  mufakat run asean-2027 -n 2000 --out runs/baseline
  mufakat run asean-2027 -S market.region_efficiency=0.6 --json
  mufakat run asean-2027 --precision 1% -S simulation.sampler=sobol
  mufakat run asean-2027 -n 500 --design worlds.csv
  mufakat run asean-2027 --worlds worlds.csv --out runs/same
  mufakat run asean-2027 --fail-if 'bloc.state.ID.payoff.difference < 0'";

const CONDITIONS: &str = "\
Conditions of --fail-if compare results with numbers (< <= > >= =), joined by
and, or, not and parentheses. A result is ARM.KIND.METRIC, a mean over worlds:
  bloc.total.payoff             payoff profit leverage investment deals gini
                                herfindahl largest_share
  bloc.state.ID.payoff          payoff leverage investment talent and more
  bloc.hyperscaler.MSFT.profit  profit compliance_cost capex loss
  bloc.term.tax_incentive       the mean level of the term
  bloc.accord.formed            formed size rounds member.ID left.ID
  bloc.window.0.accord.size     one window: accord, total or state.ID
  bloc.window.2.member.ID       and who was member, joined, said yes or left
Then may follow .difference (to the reference arm, paired by world) and a
statistic: mean sd se p05 p25 p50 p75 p95 min max or, of a difference, the
share of worlds that are better, same or worse. For example:
  --fail-if 'bloc.total.payoff.difference.p05 < 0 or bloc.accord.formed < 0.9'
`mufakat schema results` describes every metric.";

/// What is of no use where no world is played.
const DESIGNED: [&str; 9] = [
    "all",
    "out",
    "dry_run",
    "json",
    "precision",
    "fail_if",
    "reference",
    "shard",
    "keep",
];

/// What a run writes, of which `--force` replaces an earlier one.
const WRITTEN: &str = "written";

fn of_what_is_written(force: Arg) -> Arg {
    force.requires(Resettable::Reset).requires(WRITTEN)
}

/// `run`.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize)]
#[command(help_template = HELP, before_help = EXAMPLES, after_help = CONDITIONS)]
#[command(group = ArgGroup::new(WRITTEN).args(["out", "design"]).multiple(true), mut_arg("force", of_what_is_written))]
pub struct RunArgs {
    /// What --out keeps: trials for all tables; summary for the draws alone. results.json, manifest.json and
    /// scenario.resolved.toml are always there
    #[arg(long, value_name = "WHAT", value_parser = named(&Keep::ALL, Keep::name), default_value = "trials", requires = "out", hide_possible_values = true)]
    pub keep: Keep,
    /// How it writes them.
    #[command(flatten)]
    #[serde(flatten)]
    pub tables: TableArgs,
    /// Of a plan (`mufakat plan`), play this shard, I/N from 0/N on; without it, all that is missing
    #[arg(long, value_name = "I/N", value_parser = Shard::parse, allow_hyphen_values = true)]
    #[serde(skip)]
    pub shard: Option<Shard>,
    /// Play until the average of the headline is known this well: 1% or 0.01. Doubles the trials, to 1,048,576 at most
    #[arg(long, value_name = "SHARE", value_parser = share, conflicts_with = "dry_run")]
    pub precision: Option<f64>,
    /// Play these worlds: a CSV table, or Parquet where it is built in, whose columns are paths of quantities and whose
    /// row k is trial k, and event.NAME.came, 1 or 0; what is no column is drawn as ever. Without -n, as many as
    /// there are rows
    #[arg(long, value_name = "FILE", conflicts_with = "precision")]
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "one_as_shown"
    )]
    pub worlds: Option<PathBuf>,
    /// Write the worlds to this table, a column for each uncertain quantity and for whether each event came, and play
    /// none; --worlds reads it. A file that is there is replaced with --force alone
    #[arg(long, value_name = "FILE", conflicts_with_all = DESIGNED)]
    #[serde(skip)]
    pub design: Option<PathBuf>,
    /// Exit with 1 if a condition on results holds, such as 'bloc.total.payoff.difference < 0'; see below
    #[arg(long, value_name = "CONDITION")]
    pub fail_if: Option<String>,
    /// Print every table, not the answer alone
    #[arg(long, conflicts_with = "dry_run")]
    #[serde(skip)]
    pub all: bool,
    /// Compare with this arm instead of the first
    #[arg(long, value_name = "ARM")]
    pub reference: Option<String>,
    /// Write the page of the run, report.html, into --out too
    #[cfg(feature = "html")]
    #[arg(long, requires = "out", conflicts_with = "dry_run")]
    #[serde(skip)]
    pub report: bool,
    /// Where it writes.
    #[command(flatten)]
    #[serde(skip)]
    pub out: OutArgs,
    /// The scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
}

/// Reads a share: "1%" or "0.01".
///
/// # Errors
/// What is not a number above 0 and below 1.
pub(crate) fn share(text: &str) -> Result<f64, String> {
    let number = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().map(|percent| percent / 100.0),
        None => text.parse(),
    };
    match number {
        Ok(share) if share > 0.0 && share < 1.0 => Ok(share),
        _ => Err("expected a share above 0 and below 1, such as 1% or 0.01".to_owned()),
    }
}

/// The name of a file as it is shown.
fn one_as_shown<S: Serializer>(path: &Option<PathBuf>, to: S) -> Result<S::Ok, S::Error> {
    path.as_ref()
        .map(|path| path.to_string_lossy())
        .serialize(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_percent_or_fractions() {
        for (text, expected) in [
            ("1%", 0.01),
            ("0.5 %", 0.005),
            ("0.02", 0.02),
            ("12.5%", 0.125),
        ] {
            assert_eq!(share(text), Ok(expected), "{text}");
        }
        for text in ["0", "0%", "100%", "1", "-1%", "x", "", "%", "nan", "inf%"] {
            assert!(share(text).is_err(), "{text}");
        }
    }
}
