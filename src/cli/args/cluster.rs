//! `plan`, `status`, `resume`, `merge`.

use crate::cli::args::common::{HELP, directory, from_one};
use crate::cli::args::plan::{StudyArgs, of_plan};
use std::path::PathBuf;

const PLANS: &str = "\
Examples:
  mufakat plan run asean-2027 -n 100000 -o big
  mufakat plan sensitivity asean-2027 --method sobol --factors 'market.*' \\
      -n 4096 -o sobol
  mufakat run big --shard 0/3      on one machine; 1/3 and 2/3 on others
  mufakat merge big -o runs/big    the bytes that one machine writes";

/// `plan`.
#[derive(Debug, clap::Args)]
#[command(help_template = HELP, before_help = PLANS, mut_subcommands = of_plan)]
pub struct PlanArgs {
    /// The study, with its own options; -o names the directory of the plan.
    #[command(subcommand)]
    pub study: StudyArgs,
}

const STATUSES: &str = "\
Examples:
  mufakat status big                exit code 0 if all is there, 1 if not
  mufakat status big --json
  mufakat status big --missing --shards 40    one a line, for programs";

/// `status`.
#[derive(Debug, clap::Args)]
#[command(help_template = HELP, before_help = STATUSES)]
pub struct StatusArgs {
    /// Print it as JSON
    #[arg(long)]
    pub json: bool,
    /// Print only the shards that are missing, I/N, one a line
    #[arg(long, conflicts_with = "json")]
    pub missing: bool,
    /// Into how many shards it is cut (default: about 45 seconds of work each, from the probe of the plan)
    #[arg(long, value_name = "N", value_parser = from_one, allow_negative_numbers = true)]
    pub shards: Option<u64>,
    /// Directory of the plan
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
}

const RESUMES: &str = "\
Examples:
  mufakat resume big                plays what no file holds yet
  mufakat status big";

/// `resume`.
#[derive(Debug, clap::Args)]
#[command(help_template = HELP, before_help = RESUMES)]
pub struct ResumeArgs {
    /// Directory of the plan
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
}

const MERGES: &str = "\
Examples:
  mufakat merge big -o runs/big
  mufakat merge big -o runs/big --json";

/// `merge`.
#[derive(Debug, clap::Args)]
#[command(help_template = HELP, before_help = MERGES)]
pub struct MergeArgs {
    /// Write results and tables to this directory
    #[arg(short, long, value_name = "DIR", value_parser = directory())]
    pub out: PathBuf,
    /// Replace what an earlier command wrote there
    #[arg(long, conflicts_with = "resume")]
    pub force: bool,
    /// Go on after a merge that was interrupted
    #[arg(long)]
    pub resume: bool,
    /// Print the results document as JSON
    #[arg(long)]
    pub json: bool,
    /// Directory of the plan
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
}
