//! `status`: which pieces of a plan are there, as text and as a document.

use crate::cli::args::shard::Shard;
use crate::cli::cluster::plan::Plan;
use crate::cli::store::found::Found;
use crate::study::digest::hex;
use crate::study::results::json::document;
use crate::theory::spelling::shell::word;
use crate::theory::spelling::units::count;
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Write as _;
use std::ops::Range;

/// Most files or ranges that are named.
const MOST_NAMED: usize = 8;

/// What of a plan is there.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Progress {
    /// Hash of the plan, in hexadecimal.
    pub plan: String,
    /// What is played: run, sweep, sensitivity or stability.
    pub command: String,
    /// What a piece is: worlds or cells.
    pub unit: String,
    /// Pieces of the plan.
    pub pieces: u64,
    /// Pieces that are there.
    pub done: u64,
    /// Pieces of a block, the smallest part that a shard may hold.
    pub block: u64,
    /// Into how many shards it is cut: as asked for, else from a short probe.
    pub shards: u64,
    /// Shards that play just what is missing, I/N: of that cut and, where a part of one is there, of others.
    pub missing_shards: Vec<String>,
    /// Whether all pieces are there.
    pub complete: bool,
    /// Ranges of pieces that are missing: the first, and the one after the last.
    pub missing: Vec<[u64; 2]>,
    /// Files that have the name of a shard of the plan and are none, and why.
    pub damaged: Vec<Damaged>,
    /// Shards of other plans, which are of no use to this one.
    pub of_other_plans: Vec<String>,
    /// Files of shards that were not finished.
    pub unfinished: Vec<String>,
}

/// A file that is no whole shard of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Damaged {
    /// Its name.
    pub file: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Progress {
    /// What was found of a plan that is cut into so many shards.
    pub fn of(plan: &Plan, found: &Found, shards: u64) -> Progress {
        let shards = plan.cut(shards);
        let missing = found.missing(&plan.store);
        let lacking = plan.shards_in(&missing, shards);
        let name = |path: &std::path::Path| path.display().to_string();
        let study = plan.identity.study.as_ref();
        Progress {
            plan: hex(&plan.store.key),
            command: study.map_or("run", |study| &study.command).to_owned(),
            unit: plan.store.pieces.of.name().to_owned(),
            pieces: plan.store.pieces.count,
            done: plan.store.pieces.count - length(&missing),
            block: plan.store.pieces.each,
            shards,
            missing_shards: lacking.iter().map(Shard::to_string).collect(),
            complete: missing.is_empty(),
            missing: missing.iter().map(|one| [one.start, one.end]).collect(),
            damaged: (found.damaged.iter())
                .map(|(path, reason)| Damaged {
                    file: name(path),
                    reason: reason.clone(),
                })
                .collect(),
            of_other_plans: found.foreign.iter().map(|path| name(path)).collect(),
            unfinished: found.unfinished.iter().map(|path| name(path)).collect(),
        }
    }

    pub fn to_json(&self) -> String {
        document(self)
    }

    /// The shards that are missing, one a line.
    pub fn lines(&self) -> String {
        let shards = self.missing_shards.iter();
        shards.map(|shard| format!("{shard}\n")).collect()
    }

    pub fn text(&self, plan: &Plan, found: &Found) -> String {
        let mut text = match self.complete {
            true => {
                let all = match plan.store.pieces.chained {
                    true => format!("All {}", self.unit),
                    false => format!("All {} {}", count(self.pieces), self.unit),
                };
                format!(
                    "{all} are there: `mufakat merge {} -o DIR` makes results of them.\n",
                    word(&plan.path.to_string_lossy())
                )
            }
            false => format!("{}\n", sentence(&lacking(plan, found))),
        };
        for (path, reason) in found.damaged.iter().take(MOST_NAMED) {
            let instead = match self.complete {
                true => "; not needed, it may be removed",
                false => "",
            };
            let _ = writeln!(text, "{} is damaged: {reason}{instead}", path.display());
        }
        let more = found.damaged.len().saturating_sub(MOST_NAMED);
        if more > 0 {
            let _ = writeln!(text, "... and {more} more");
        }
        if !self.of_other_plans.is_empty() {
            let _ = writeln!(
                text,
                "Files of another plan, which are not used: {}",
                self.of_other_plans.len()
            );
        }
        if !self.unfinished.is_empty() {
            let _ = writeln!(
                text,
                "Shards under way, or left unfinished, which merging removes: {}",
                self.unfinished.len()
            );
        }
        text
    }
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().collect());
    first + chars.as_str() + "."
}

pub fn length(ranges: &[Range<u64>]) -> u64 {
    ranges.iter().map(|range| range.end - range.start).sum()
}

/// What is missing and what is damaged, in words.
pub fn lacks(plan: &Plan, found: &Found) -> String {
    let text = lacking(plan, found);
    match found.damaged.as_slice() {
        [] => text,
        [(path, reason)] => format!("{text}; {} is damaged: {reason}", path.display()),
        more => format!("{text}; {} files are damaged", more.len()),
    }
}

fn lacking(plan: &Plan, found: &Found) -> String {
    let missing = found.missing(&plan.store);
    if plan.store.pieces.chained {
        return format!("all {} are missing", plan.store.pieces.of.name());
    }
    let one = plan.store.pieces.of.one();
    let named = missing
        .iter()
        .take(MOST_NAMED)
        .map(|range| match range.end - range.start {
            1 => range.start.to_string(),
            _ => format!("{} to {}", range.start, range.end - 1),
        });
    let mut named = named.collect::<Vec<_>>().join(", ");
    if missing.len() > MOST_NAMED {
        named += " and more";
    }
    let lacking = length(&missing);
    match lacking {
        1 => format!(
            "{one} {named} is missing, of {}",
            count(plan.store.pieces.count)
        ),
        _ => format!(
            "{} of {} {} are missing ({named})",
            count(lacking),
            count(plan.store.pieces.count),
            plan.store.pieces.of.name()
        ),
    }
}
