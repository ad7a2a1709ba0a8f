//! `submit`.

use crate::cli::args::common::{HELP, directory, from_one, from_zero};
use std::path::PathBuf;

/// What a cluster is asked for.
#[derive(Debug, Clone, clap::Args)]
pub struct SlurmArgs {
    /// Partition to play on (default: that of the cluster)
    #[arg(long, value_name = "NAME", value_parser = word)]
    pub partition: Option<String>,
    /// Most time that a shard may take: minutes such as 30, 2:00:00 or 1-12 (days-hours)
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub time: Option<String>,
    /// Processors of a shard
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = from_one, allow_negative_numbers = true)]
    pub cpus: u64,
    /// Another option of sbatch, for example --sbatch=--account=modelling (repeatable)
    #[arg(long, value_name = "OPTION", allow_hyphen_values = true, value_parser = line)]
    pub sbatch: Vec<String>,
}

/// What is one word on a line of the script.
pub fn word(text: &str) -> Result<String, String> {
    match text.contains(char::is_whitespace) {
        true => Err("expected one name, or several with commas, without white space".to_owned()),
        false => line(text),
    }
}

/// What can stand on a line of the script.
pub fn line(text: &str) -> Result<String, String> {
    match text.is_empty() || text.chars().any(char::is_control) {
        true => Err("expected a text without line ends and other control characters".to_owned()),
        false => Ok(text.to_owned()),
    }
}

/// A time as sbatch reads it: [days-]hours[:minutes[:seconds]] with days, else minutes[:seconds] or hours:minutes:seconds.
pub fn time(text: &str) -> Result<String, String> {
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let (days, rest) = text.split_once('-').unwrap_or(("0", text));
    let words: Vec<&str> = rest.split(':').collect();
    let is_time = words.len() <= 3 && words.into_iter().chain([days]).all(is_number);
    match is_time || ["unlimited", "infinite"].contains(&text.to_lowercase().as_str()) {
        true => Ok(text.to_owned()),
        false => Err("expected minutes such as 30, hours:minutes:seconds such as 2:00:00, or days-hours such as 1-12".to_owned()),
    }
}

const EXAMPLES: &str = "\
Examples:
  mufakat submit big --engine slurm --partition short --time 1:00:00
  mufakat submit big --engine slurm --cpus 8 --shards 40 -o runs/big
  mufakat submit big --engine slurm --dry-run      only the script";

/// `submit`.
#[derive(Debug, clap::Args)]
#[command(help_template = HELP, before_help = EXAMPLES)]
pub struct SubmitArgs {
    /// The cluster's queue: slurm
    #[arg(long, value_enum, hide_possible_values = true)]
    pub engine: Engine,
    /// Into how many shards it is cut (default: 30 to 60 seconds of work each, from the probe of the plan)
    #[arg(long, value_name = "N", value_parser = from_one, allow_negative_numbers = true)]
    pub shards: Option<u64>,
    /// What the cluster is asked for.
    #[command(flatten)]
    pub slurm: SlurmArgs,
    /// How often a shard is submitted again that ended without its file
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = from_zero, allow_negative_numbers = true)]
    pub retries: u64,
    /// Most tasks in the queue at a time, unless --no-wait submits all
    #[arg(long, value_name = "N", default_value_t = 5000, value_parser = from_one, allow_negative_numbers = true)]
    pub queued: u64,
    /// Seconds between two looks at files and queue
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = from_zero, allow_negative_numbers = true)]
    pub every: u64,
    /// Submit, and neither wait nor merge
    #[arg(long)]
    pub no_wait: bool,
    /// Print the script and the calls of sbatch, and submit nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Write results and tables to this directory (default: results, in that of the plan)
    #[arg(short, long, value_name = "DIR", value_parser = directory())]
    pub out: Option<PathBuf>,
    /// Replace what an earlier command wrote there
    #[arg(long)]
    pub force: bool,
    /// Print the results document as JSON
    #[arg(long)]
    pub json: bool,
    /// Directory of the plan
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
}

/// A queue of a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Engine {
    /// Slurm.
    Slurm,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_sbatch() {
        for text in ["30", "30:00", "2:00:00", "1-12", "1-12:30:00", "UNLIMITED"] {
            assert_eq!(time(text).as_deref(), Ok(text));
        }
        for text in [
            "banana", "", "-5", "1:", "1:2:3:4", "1-", "2h", "1-2-3", "3\n",
        ] {
            assert!(time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn lines_of_the_script_are_lines() {
        assert!(line("--comment='a b'").is_ok());
        for text in ["", "a\nb", "a\rb", "\u{7}"] {
            assert!(line(text).is_err(), "{text:?}");
        }
        assert!(word("short,long").is_ok() && word("all --hold").is_err());
    }
}
