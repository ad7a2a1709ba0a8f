//! The studies with their options, each a command that can be planned.

use crate::cli::args::accords::AccordsArgs;
use crate::cli::args::advise::AdviseArgs;
use crate::cli::args::brief::BriefArgs;
use crate::cli::args::common::Layers;
use crate::cli::args::compare::CompareArgs;
use crate::cli::args::discover::DiscoverArgs;
use crate::cli::args::explain::ExplainArgs;
use crate::cli::args::history::HistoryArgs;
use crate::cli::args::out::OutArgs;
use crate::cli::args::pedigree::PedigreeArgs;
use crate::cli::args::run::RunArgs;
use crate::cli::args::sensitivity::SensitivityArgs;
use crate::cli::args::stability::StabilityArgs;
use crate::cli::args::sweep::SweepArgs;
use crate::cli::args::theories::TheoriesArgs;
use crate::cli::args::threshold::ThresholdArgs;
use crate::cli::args::turn::TurnArgs;
use crate::study::results::columns::Keep;
use crate::study::results::sheet::Format;
use clap::{Arg, Command, Subcommand};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// A study with its arguments: a command of its own, and what can be planned, but for where it writes.
#[derive(Debug, Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StudyArgs {
    /// Play every arm of a scenario on the same worlds and compare them
    Run(Box<RunArgs>),
    /// Say what to do: the best option, with whom, why, what to ask for, and what would change that
    Advise(Box<AdviseArgs>),
    /// Play one world step by step, each number with its equation
    Explain(Box<ExplainArgs>),
    /// Play scenarios against each other on the same worlds
    Compare(Box<CompareArgs>),
    /// Play a grid of scenarios on the same worlds
    Sweep(Box<SweepArgs>),
    /// Say which uncertain quantities decide a result
    Sensitivity(Box<SensitivityArgs>),
    /// Say how well uncertain quantities are known, against what they decide
    Pedigree(Box<PedigreeArgs>),
    /// Say which combinations of uncertain values make a condition true
    Discover(Box<DiscoverArgs>),
    /// Find where an outcome crosses a level as one number of the scenario moves
    Threshold(Box<ThresholdArgs>),
    /// Find the smallest joint change of uncertain inputs that turns a result
    Turn(Box<TurnArgs>),
    /// Play the same worlds under every theory of bargaining and see which conclusions stand
    Theories(Box<TheoriesArgs>),
    /// Every coalition of an arm: which hold, who would leave, what keeps them
    Stability(Box<StabilityArgs>),
    /// Write the page that a negotiator takes along: walk-away, zone, offers, preparation
    Brief(Box<BriefArgs>),
    /// Search all rules and members for what all would sign
    Accords(Box<AccordsArgs>),
    /// Hold the engine against bargains that are on record, each played from what stood before it
    History(Box<HistoryArgs>),
}

/// What the help of a plan says of each study: its name, what its pieces are, an example, and its usage where that is too wide.
const PLANNED: [(&str, &str, &str, Option<&str>); 15] = [
    (
        "run",
        "Every arm of a scenario; its pieces are worlds",
        "run asean-2027 -n 100000 -o big
  mufakat plan run asean-2027 -S market.diversion=0.5 --format csv -o half",
        None,
    ),
    (
        "advise",
        "What to do; each part hangs on those before it, so that it is one shard",
        "advise adgmin --for ID -n 2000 -o note",
        None,
    ),
    (
        "explain",
        "One world step by step, which is one piece",
        "explain asean-2027 --trial 17 -o world",
        None,
    ),
    (
        "compare",
        "Scenarios against each other; its pieces are worlds of each",
        "compare asean-2027 core-three -n 10000 -o two",
        None,
    ),
    (
        "sweep",
        "A grid of scenarios; its pieces are cells",
        "sweep asean-2027 --vary market.diversion=0:1:11 -n 2000 -o grid",
        None,
    ),
    (
        "sensitivity",
        "Which quantities decide a result; its pieces are the worlds of its design",
        "sensitivity asean-2027 --method sobol --factors 'market.*' \\
      -n 4096 -o sobol
  mufakat plan sensitivity asean-2027 --method delta -n 20000 -o delta",
        Some("mufakat plan sensitivity [OPTIONS] --out <DIR> <SCENARIO>"),
    ),
    (
        "pedigree",
        "How well inputs are known, against what they decide; its pieces are worlds",
        "pedigree asean-2027 -n 20000 -o inputs",
        None,
    ),
    (
        "discover",
        "Which combinations of values make a condition true; its pieces are worlds",
        "discover asean-2027 --when 'bloc.total.payoff.difference < 0' \\
      -n 20000 -o boxes",
        None,
    ),
    (
        "threshold",
        "Where outcomes cross levels; each point hangs on those before it, so that it is one shard",
        "threshold asean-2027 --solve arm.bloc.binding \\
      --where 'bloc.state.ID.payoff.difference = 0' -o curve",
        Some(
            "mufakat plan threshold [OPTIONS] --solve <PATH> --where <EQUATION>\n       --out <DIR> <SCENARIO>",
        ),
    ),
    (
        "turn",
        "The smallest joint change that turns a result; each part hangs on those\nbefore it, so that it is one shard",
        "turn asean-2027 --arm framework -o turn",
        None,
    ),
    (
        "theories",
        "The same worlds under every theory; its pieces are theories",
        "theories asean-2027 -n 2000 -o theories",
        None,
    ),
    (
        "stability",
        "Every coalition of an arm; its pieces are worlds",
        "stability asean-2027 -n 10000 -o bloc
  mufakat plan stability core-three --farsighted -n 10000 -o three",
        None,
    ),
    (
        "brief",
        "The page of a table; its pieces are worlds",
        "brief asean-2027 --state ID --with MSFT -n 10000 -o table",
        Some("mufakat plan brief [OPTIONS] --with <HYPERSCALER> --out <DIR> <SCENARIO>"),
    ),
    (
        "accords",
        "Rules and members that all would sign; each batch hangs on those before it, so that it is one shard",
        "accords asean-2027 -o found",
        None,
    ),
    (
        "history",
        "Bargains that are on record; its pieces are cases",
        "history -n 10000 -o history",
        None,
    ),
];

/// Options of a study that a plan cannot use, and what does instead.
const UNUSED: [(&str, &str, &str); 11] = [
    (
        "html",
        "--html",
        "what is merged has its page as accords.html, brief.html, advice.html, pedigree.html, turn.html or history.html",
    ),
    (
        "md",
        "--md",
        "`mufakat advise SCENARIO --md FILE` writes the note without a plan",
    ),
    (
        "all",
        "--all",
        "what is merged has every table in its documents",
    ),
    (
        "design",
        "--design",
        "`mufakat run SCENARIO --design FILE` writes the worlds without a plan",
    ),
    (
        "precision",
        "--precision",
        "a plan has a fixed number of worlds, which -n says",
    ),
    (
        "fail_if",
        "--fail-if",
        "what is merged is judged by reading its results.json",
    ),
    (
        "dry_run",
        "--dry-run",
        "a plan says by itself how long it takes",
    ),
    (
        "json",
        "--json",
        "`mufakat merge PLAN -o DIR --json` prints the document",
    ),
    (
        "resume",
        "--resume",
        "`mufakat resume PLAN` plays what is missing, and planning the same again changes nothing",
    ),
    (
        "shard",
        "--shard",
        "`mufakat run PLAN --shard I/N` plays one",
    ),
    (
        "report",
        "--report",
        "`mufakat report DIR` takes what is merged",
    ),
];

/// The command of a study as that of its plan.
pub fn of_plan(command: Command) -> Command {
    let known = PLANNED
        .iter()
        .find(|(name, ..)| *name == command.get_name());
    let Some((_, about, example, usage)) = known else {
        return command;
    };
    let command = command
        .about(*about)
        .long_about(*about)
        .before_help(format!("Examples:\n  mufakat plan {example}"))
        .after_help(None::<&str>)
        .mut_args(arg_of_plan);
    match usage {
        Some(usage) => command.override_usage(*usage),
        None => command,
    }
}

/// An option of a study as that of its plan: what is of no use is hidden, and refused by [`StudyArgs::unused`].
fn arg_of_plan(arg: Arg) -> Arg {
    match arg.get_id().as_str() {
        "out" => arg.required(true).help("Directory of the plan"),
        "force" => arg.help("Replace another plan there; its shards stay, but are not used"),
        "keep" => arg.help(
            "What merging writes: trials for all tables; summary for the draws alone. results.json, manifest.json and \
             scenario.resolved.toml are always there; shards hold all numbers whatever it writes",
        ),
        "keep_worlds" => arg.help(
            "What the shards hold and merging writes: summary for the distributions of every cell; trials for every world \
             too, worlds.csv with a row for each cell and world",
        ),
        id if UNUSED.iter().any(|(unused, ..)| *unused == id) => arg.hide(true),
        _ => arg,
    }
}

impl StudyArgs {
    /// Where it writes and what it prints.
    pub fn out(&self) -> &OutArgs {
        match self {
            StudyArgs::Run(args) => &args.out,
            StudyArgs::Advise(args) => &args.out,
            StudyArgs::Explain(args) => &args.out,
            StudyArgs::Compare(args) => &args.out,
            StudyArgs::Sweep(args) => &args.out,
            StudyArgs::Sensitivity(args) => &args.out,
            StudyArgs::Pedigree(args) => &args.out,
            StudyArgs::Discover(args) => &args.out,
            StudyArgs::Threshold(args) => &args.out,
            StudyArgs::Turn(args) => &args.out,
            StudyArgs::Theories(args) => &args.out,
            StudyArgs::Stability(args) => &args.out,
            StudyArgs::Brief(args) => &args.out,
            StudyArgs::History(args) => &args.out,
            StudyArgs::Accords(args) => &args.out,
        }
    }

    /// Files that it writes besides a directory, by the options that name them.
    pub fn written(&self) -> Vec<(&'static str, &Path)> {
        let mut written = Vec::new();
        #[cfg(feature = "html")]
        {
            let html = match self {
                StudyArgs::Advise(args) => args.html.as_deref(),
                StudyArgs::Brief(args) => args.html.as_deref(),
                StudyArgs::Accords(args) => args.html.as_deref(),
                StudyArgs::Pedigree(args) => args.html.as_deref(),
                StudyArgs::Turn(args) => args.html.as_deref(),
                StudyArgs::History(args) => args.html.as_deref(),
                _ => None,
            };
            written.extend(html.map(|path| ("--html", path)));
        }
        if let StudyArgs::Advise(args) = self {
            written.extend(args.md.as_deref().map(|path| ("--md", path)));
        }
        written
    }

    /// Files that it reads besides scenarios and what lies over them.
    pub fn read(&self) -> Vec<PathBuf> {
        match self {
            StudyArgs::Brief(args) => args.offer.iter().map(|one| PathBuf::from(&one.0)).collect(),
            _ => Vec::new(),
        }
    }

    /// An option that was given and that a plan cannot use, and what does instead.
    pub fn unused(&self) -> Option<(&'static str, &'static str)> {
        let out = self.out();
        let mut given = vec![
            ("--dry-run", out.dry_run),
            ("--json", out.json),
            ("--resume", out.resume),
        ];
        if let StudyArgs::Run(args) = self {
            given.extend([
                ("--design", args.design.is_some()),
                ("--precision", args.precision.is_some()),
                ("--fail-if", args.fail_if.is_some()),
                ("--shard", args.shard.is_some()),
                ("--all", args.all),
            ]);
            #[cfg(feature = "html")]
            given.push(("--report", args.report));
        }
        if let StudyArgs::Compare(args) = self {
            given.push(("--fail-if", args.fail_if.is_some()));
        }
        if let StudyArgs::Advise(args) = self {
            given.push(("--md", args.md.is_some()));
            #[cfg(feature = "html")]
            given.push(("--html", args.html.is_some()));
        }
        #[cfg(feature = "html")]
        if let StudyArgs::Brief(args) = self {
            given.push(("--html", args.html.is_some()));
        }
        if let StudyArgs::Accords(args) = self {
            given.push(("--all", args.all));
            #[cfg(feature = "html")]
            given.push(("--html", args.html.is_some()));
        }
        #[cfg(feature = "html")]
        if let StudyArgs::Pedigree(args) = self {
            given.push(("--html", args.html.is_some()));
        }
        #[cfg(feature = "html")]
        if let StudyArgs::Turn(args) = self {
            given.push(("--html", args.html.is_some()));
        }
        if let StudyArgs::History(args) = self {
            given.push(("--all", args.all));
            #[cfg(feature = "html")]
            given.push(("--html", args.html.is_some()));
        }
        let (option, _) = given.into_iter().find(|(_, given)| *given)?;
        let known = UNUSED.iter().find(|(_, known, _)| *known == option);
        known.map(|&(_, option, instead)| (option, instead))
    }

    /// Takes the scenario that lies in a directory, with what was laid over it before.
    pub fn set_scenario(&mut self, directory: &Path, name: &str, layers: Layers) {
        let scenario = match self {
            StudyArgs::Compare(args) => {
                args.layers = layers;
                return;
            }
            StudyArgs::History(args) => {
                args.layers = layers;
                return;
            }
            StudyArgs::Accords(args) => &mut args.scenario,
            StudyArgs::Brief(args) => &mut args.scenario,
            StudyArgs::Advise(args) => &mut args.scenario,
            StudyArgs::Explain(args) => &mut args.scenario,
            StudyArgs::Theories(args) => &mut args.scenario,
            StudyArgs::Threshold(args) => &mut args.scenario,
            StudyArgs::Turn(args) => &mut args.scenario,
            StudyArgs::Pedigree(args) => &mut args.scenario,
            StudyArgs::Discover(args) => &mut args.scenario,
            StudyArgs::Run(args) => &mut args.scenario,
            StudyArgs::Sweep(args) => &mut args.scenario,
            StudyArgs::Sensitivity(args) => &mut args.scenario,
            StudyArgs::Stability(args) => &mut args.scenario,
        };
        scenario.scenario = directory.join(name).to_string_lossy().into_owned();
        scenario.layers = layers;
    }

    /// Writes these tables, of those that can be left out, in a format.
    pub fn set_tables(&mut self, keep: Option<Keep>, format: Format) {
        let tables = match self {
            StudyArgs::Run(args) => {
                args.keep = keep.unwrap_or(args.keep);
                &mut args.tables
            }
            StudyArgs::Sweep(args) => &mut args.tables,
            StudyArgs::Sensitivity(args) => &mut args.tables,
            _ => return,
        };
        tables.format = Some(format);
    }
}
