//! `plan`, `run PLAN`, `resume`, `status`, `merge`.

use crate::cli::args::cluster::{MergeArgs, PlanArgs, ResumeArgs, StatusArgs};
use crate::cli::args::common::Common;
use crate::cli::args::out::OutArgs;
use crate::cli::args::run::RunArgs;
use crate::cli::args::shard::Shard;
use crate::cli::cluster::plan::Plan;
use crate::cli::cluster::status::{Progress, lacks};
use crate::cli::commands::ask::{arguments, ask};
use crate::cli::driver::fold::PieceSource;
use crate::cli::driver::probe::amount;
use crate::cli::exit::Status;
use crate::cli::interrupt;
use crate::cli::output;
use crate::cli::store::directory::may_take;
use crate::cli::store::file::{Reader, Writer, Written};
use crate::cli::store::found::{Found, Look, Merged};
use crate::cli::texts::TextFiles;
use crate::error::Error;
use crate::report::amounts::counted;
use crate::report::wrap::wrapped;
use crate::scenario::most::MOST_TRIALS;
use crate::theory::spelling::shell::word;
use crate::theory::spelling::units::{bytes, count, duration};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Cuts a study into blocks and says what came of it.
pub fn plan(args: &PlanArgs, common: &Common) -> Result<Status, Error> {
    let plan = cut(args, common)?;
    if !common.quiet {
        output::result(&described(&plan))?;
    }
    Ok(Status::Done)
}

/// Cuts a study into blocks, whose plan it writes.
pub fn cut(args: &PlanArgs, common: &Common) -> Result<Plan, Error> {
    let OutArgs { out, force, .. } = args.study.out();
    if let Some((option, instead)) = args.study.unused() {
        let reason = format!("it does not use {option}: {instead}");
        return Err(Error::Planning { reason });
    }
    let Some(path) = out else {
        let reason = "name the directory of the plan with -o DIR".to_owned();
        return Err(Error::Planning { reason });
    };
    let given = match &common.files {
        TextFiles::Given(given) => Arc::clone(given),
        _ => Arc::default(),
    };
    let noted = Arc::default();
    let noting = Common {
        files: TextFiles::Noted(Arc::clone(&noted), given),
        ..common.clone()
    };
    let survey = ask(&args.study, &noting)?.survey(&noting)?;
    let pieces = survey.pieces;
    if pieces.all_worlds() > MOST_TRIALS {
        let reason = format!(
            "more than {} worlds are more than a plan holds",
            count(MOST_TRIALS)
        );
        return Err(Error::Planning { reason });
    }
    let texts = noted
        .lock()
        .expect("nothing panics while it is held")
        .clone();
    Plan::write(path, &args.study, &survey, texts, *force)
}

/// A plan in words, with the commands that play it.
pub fn described(plan: &Plan) -> String {
    let pieces = plan.store.pieces;
    let name = plan.store.name();
    let probe = plan.probe();
    let time = match probe.map_or(0.0, |probe| probe.processor_seconds) {
        none if none < 1.0 => "less than a second".to_owned(),
        seconds => format!("about {}", duration(seconds)),
    };
    let size = probe.and_then(|probe| probe.bytes).map(bytes);
    let size = size.map_or_else(String::new, |size| format!(", shards of {size} in all"));
    let blocks = counted(pieces.blocks() as usize, "block");
    let (path, shards) = (word(&plan.path.to_string_lossy()), plan.usual_shards(1));
    let cut = match pieces.chained {
        true => format!(
            "Its {} hang on each other, so that one shard plays them all:",
            pieces.of.name()
        ),
        false => format!(
            "Any number of shards will do, for example {}:",
            count(shards)
        ),
    };
    let sentence = format!(
        "Plan {name}: {} in {blocks}, {time} on one processor{size}. {cut}",
        amount(&pieces),
    );
    let from = match shards {
        1 => String::new(),
        more => format!("    I from 0 to {}", more - 1),
    };
    let index = if shards == 1 { "0" } else { "I" };
    format!(
        "{}\n  mufakat run {path} --shard {index}/{shards}{from}\n  mufakat status {path}\n  mufakat merge {path} -o DIR\n",
        wrapped(&sentence, output::width())
    )
}

/// Whether `run` is asked for what of a plan is missing, or a shard of it.
pub fn is_of_plan(args: &RunArgs) -> bool {
    args.shard.is_some() || Plan::is_at(Path::new(&args.scenario.scenario))
}

/// Plays a shard of a plan or, if none is named, all that is missing.
pub fn play(args: &RunArgs, common: &Common) -> Result<Status, Error> {
    let path = Path::new(&args.scenario.scenario);
    let plan = Plan::load(path)?;
    if let Some(option) = option_of_plan(args, common) {
        let path = path.display();
        return Err(Error::Planning {
            reason: format!("{path} is a plan, which holds its own options: leave out {option}"),
        });
    }
    let stop = interrupt::watch();
    if let Some(shard) = args.shard {
        play_shard(&plan, shard, &stop, common)?;
        return Ok(Status::Done);
    }
    play_missing(&plan, &stop, common)
}

/// Plays what of a plan is missing.
pub fn resume(args: &ResumeArgs, common: &Common) -> Result<Status, Error> {
    play_missing(&Plan::load(&args.plan)?, &interrupt::watch(), common)
}

fn play_missing(plan: &Plan, stop: &Arc<AtomicBool>, common: &Common) -> Result<Status, Error> {
    let found = Found::of(&plan.store, Look::Whole)?;
    let missing = plan.shards_in(&found.missing(&plan.store), plan.usual_shards(1));
    if missing.is_empty() {
        let path = plan.path.display();
        output::note(common, &format!("{path} is complete: nothing to play\n"));
    }
    for shard in missing {
        play_shard(plan, shard, stop, common)?;
    }
    Ok(Status::Done)
}

fn option_of_plan(args: &RunArgs, common: &Common) -> Option<&'static str> {
    let layers = &args.scenario.layers;
    let given = [
        ("-S", !layers.sets.is_empty()),
        ("-f", !layers.overlays.is_empty()),
        ("-n", layers.trials.is_some()),
        ("--seed", layers.seed.is_some()),
        ("-o (`mufakat merge` takes it)", args.out.out.is_some()),
        ("--worlds", args.worlds.is_some()),
        ("--design", args.design.is_some()),
        ("--precision", args.precision.is_some()),
        ("--fail-if", args.fail_if.is_some()),
        ("--reference", args.reference.is_some()),
        ("--dry-run", args.out.dry_run),
        ("--json", args.out.json),
        ("--paths", common.paths),
    ];
    let mut given = given.into_iter().filter(|(_, given)| *given);
    given.next().map(|(option, _)| option)
}

/// Plays a shard, unless it is there.
fn play_shard(
    plan: &Plan,
    shard: Shard,
    stop: &Arc<AtomicBool>,
    common: &Common,
) -> Result<(), Error> {
    let path = plan.store.file(&plan.store.shard(shard));
    let range = plan.store.range(shard);
    let say = |text: &str| output::note(common, &format!("shard {shard}: {text}\n"));
    if range.is_empty() {
        say("there are more shards than blocks, and it has none: nothing to play");
        return Ok(());
    }
    if path.exists() {
        match Reader::checked(&path, &plan.store, &mut |_, _| {})? {
            Ok(_) => {
                say(&format!("{} is there: nothing to play", path.display()));
                return Ok(());
            }
            Err(damage) => say(&format!(
                "{} is damaged ({damage}): played again",
                path.display()
            )),
        }
    }
    let writer = played(plan, shard, stop, common)?;
    let (unit, first, last) = (plan.store.pieces.of.name(), range.start, range.end - 1);
    let all = match plan.store.pieces.chained {
        true => format!("all {unit}"),
        false => format!("{unit} {first} to {last}"),
    };
    match writer.finish()? {
        Written::New => say(&format!("{all} are in {}", path.display())),
        Written::Same => say(&format!("{} was there already, the same", path.display())),
    }
    Ok(())
}

/// All pieces of a shard, played.
fn played(
    plan: &Plan,
    shard: Shard,
    stop: &Arc<AtomicBool>,
    common: &Common,
) -> Result<Writer, Error> {
    let common = plan.common(common);
    let job = ask(&plan.study, &common)?;
    plan.check(job.identity())?;
    let mut writer = Writer::create(&plan.store, plan.store.shard(shard))?;
    let kept = format!("shard {shard} is not kept, play it again");
    let mut take = |piece: &[u8]| writer.push(piece);
    job.play(plan.store.range(shard), stop, &kept, &mut take, &common)?;
    Ok(writer)
}

/// Says what of a plan is there.
pub fn status(args: &StatusArgs, _: &Common) -> Result<Status, Error> {
    let plan = Plan::load(&args.plan)?;
    let found = Found::of(&plan.store, Look::Whole)?;
    let shards = args.shards.unwrap_or_else(|| plan.usual_shards(1));
    let progress = Progress::of(&plan, &found, shards);
    output::result(&match (args.json, args.missing) {
        (true, _) => progress.to_json(),
        (false, true) => progress.lines(),
        (false, false) => progress.text(&plan, &found),
    })?;
    Ok(match progress.complete {
        true => Status::Done,
        false => Status::ConditionFailed,
    })
}

/// Makes of a plan's blocks what one machine writes.
pub fn merge(args: &MergeArgs, common: &Common) -> Result<Status, Error> {
    let plan = Plan::load(&args.plan)?;
    let out = OutArgs {
        out: Some(args.out.clone()),
        force: args.force,
        resume: args.resume,
        json: args.json,
        dry_run: false,
    };
    merge_into(&plan, &out, common)
}

/// As [`merge`], of a plan that was read.
pub fn merge_into(plan: &Plan, out: &OutArgs, common: &Common) -> Result<Status, Error> {
    let path = out.out.as_deref().expect("a merge is told where to write");
    may_take(path, out.existing(), &plan.identity)?;
    let merged = whole(plan)?;
    let common = plan.common(common);
    let job = ask(&plan.study, &common)?;
    plan.check(job.identity())?;
    let status = job.answer(
        PieceSource::Shards(&merged),
        out,
        &arguments(&plan.study),
        &common,
    )?;
    for (path, reason) in &merged.found.damaged {
        let text = format!("{} is damaged: {reason}; not needed\n", path.display());
        output::note(&common, &text);
    }
    merged.found.remove_unfinished();
    Ok(status)
}

/// All pieces of a plan.
fn whole(plan: &Plan) -> Result<Merged, Error> {
    let found = Found::of(&plan.store, Look::Whole)?;
    if found.missing(&plan.store).is_empty() {
        let store = plan.store.clone();
        return Ok(Merged { store, found });
    }
    Err(Error::Plan {
        path: plan.path.clone(),
        reason: format!(
            "is not complete: {}; `mufakat resume {}` plays what is missing",
            lacks(plan, &found),
            word(&plan.path.to_string_lossy())
        ),
    })
}
