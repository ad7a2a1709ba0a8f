//! `mufakat sensitivity`: which uncertain quantities decide a result.

use crate::cli::args::common::Common;
use crate::cli::args::sensitivity::SensitivityArgs;
use crate::cli::driver::asked::{Asked, Shown};
use crate::cli::factors::{AskedFactors, asked_factors};
use crate::cli::identity::{identity, reference};
use crate::cli::output;
use crate::cli::world_source::WorldSource;
use crate::engine::model::Model;
use crate::error::Error;
use crate::report::sections::sensitivity::text;
use crate::report::verdict::FEW_WORLDS;
use crate::scenario::Loaded;
use crate::study::discover::ResultFactor;
use crate::study::factors::{Factor, REPLICATES};
use crate::study::outputs;
use crate::study::pieces::StudyError;
use crate::study::results::path::ResultPath;
use crate::study::results::precision::arm_of_headline;
use crate::study::results::sensitivity::SensitivityResults;
use crate::study::results::sheet::Format;
use crate::study::sensitivity::{Method, MethodOptions, Sensitivity, member_name};
use crate::study::ties::{TiedSet, tie_across, tied_sets};
use crate::theory::draws::sobol::POINTS;
use crate::theory::sensitivity::PlanError;
use std::path::Path;
use std::sync::OnceLock;

/// Trajectories of a screening, if it is not said how many.
const TRAJECTORIES: u64 = 20;

/// A study, with the scenario or run that it is asked of.
pub struct AskedSensitivity {
    study: Sensitivity,
    source: WorldSource,
    format: Option<Format>,
}

/// The study that is asked for.
pub fn ask(args: &SensitivityArgs, common: &Common) -> Result<AskedSensitivity, Error> {
    let (source, loaded) = WorldSource::open(&args.scenario, common)?;
    let model = &loaded.model;
    let reference = reference(args.reference.as_deref(), model)?;
    let (names, paths) = paths(args, model, reference)?;
    let method = match args.method {
        Some(method) => method,
        None => {
            let asked = asked_factors(model, &args.group, &args.factors, None)?;
            Method::chosen(are_grouped(&asked.factors), are_differences(&paths))
        }
    };
    let options = MethodOptions {
        method,
        chosen: args.method.is_none(),
        second_order: args.second_order,
        at_medians: args.at_medians,
        trajectories: args.trajectories.unwrap_or(TRAJECTORIES),
    };
    let tied = match options.method.description().needs_independence {
        true => tied_sets(model),
        false => Vec::new(),
    };
    let design = (options.method.judge().is_none()).then_some(tied.as_slice());
    let AskedFactors {
        factors,
        results,
        merged,
    } = asked_factors(model, &args.group, &args.factors, design)?;
    check(args, &source, model, options, &factors, &paths)?;
    check_members(model, options, &results, (&factors, &paths))?;
    check_ties(model, options, &tied, (&factors, &paths))?;
    for names in merged {
        let text = format!(
            "--group auto takes {names} as one factor: correlation, a file or an event ties them\n"
        );
        output::note(common, &text);
    }
    let mut settings = vec![
        format!("method {}", options.method.name()),
        format!("reference {}", model.arms[reference].name),
        format!("second order {}", args.second_order),
        format!("at medians {}", args.at_medians),
        format!("trajectories {}", options.trajectories),
    ];
    settings.extend(options.chosen.then(|| "method chosen".to_owned()));
    settings.extend(factors.iter().map(|factor| {
        let members = factor.members.iter();
        let members = members.map(|&index| member_name(model, &results, index));
        format!(
            "factor {}: {}",
            factor.name,
            members.collect::<Vec<_>>().join(" ")
        )
    }));
    settings.extend(names.iter().map(|name| format!("output {name}")));
    let mut study = Sensitivity {
        identity: identity(&loaded, &args.scenario.layers, "sensitivity", settings),
        from_run: None,
        played: OnceLock::new(),
        walks: OnceLock::new(),
        options,
        reference,
        names,
        paths,
        factors,
        results,
        loaded,
    };
    let (model, members, read) = (&study.loaded.model, study.members(), study.read());
    study.from_run = source.readings(model, &read, &members, reference)?;
    Ok(AskedSensitivity {
        study,
        source,
        format: args.tables.format,
    })
}

/// The results to explain.
fn paths(
    args: &SensitivityArgs,
    model: &Model,
    reference: usize,
) -> Result<(Vec<String>, Vec<ResultPath>), Error> {
    let names = match args.output.is_empty() {
        false => args.output.clone(),
        true => {
            let arm = arm_of_headline(model, reference).unwrap_or(reference);
            let end = if arm == reference { "" } else { ".difference" };
            outputs::payoffs(model, arm, end).collect()
        }
    };
    let paths = outputs::paths(&names, model)?;
    Ok((names, paths))
}

/// Whether some factor is more than one number.
fn are_grouped(factors: &[Factor]) -> bool {
    factors.iter().any(|factor| factor.members.len() > 1)
}

/// Whether every result is a difference of two arms.
fn are_differences(paths: &[ResultPath]) -> bool {
    paths.iter().all(|path| path.difference)
}

/// Which methods take these factors and results instead, of those that are such: "use --method a, b or c", or to leave it out if there is none.
fn instead((factors, paths): Asks<'_>, is_such: impl Fn(Method) -> bool) -> String {
    let (grouped, of_differences) = (are_grouped(factors), are_differences(paths));
    let takes = |method: Method| {
        let about = method.description();
        (about.takes_groups || !grouped) && (of_differences || !about.of_differences)
    };
    match Method::names(|method| takes(method) && is_such(method)) {
        names if names.is_empty() => "leave it out".to_owned(),
        names => format!("use --method {names}"),
    }
}

/// Factors, and results to explain.
type Asks<'a> = (&'a [Factor], &'a [ResultPath]);

/// What a method cannot do is said before anything is played.
fn check(
    args: &SensitivityArgs,
    source: &WorldSource,
    model: &Model,
    options: MethodOptions,
    factors: &[Factor],
    paths: &[ResultPath],
) -> Result<(), Error> {
    let about = options.method.description();
    let method = about.name;
    let refuse = |reason: String| Err(StudyError::Method { method, reason }.into());
    if options.method.judge().is_none() && source.is_run() {
        return refuse("it plays worlds of its own: give the scenario instead of a run".to_owned());
    }
    if are_grouped(factors) && !about.takes_groups {
        let instead = instead((factors, paths), |_| true);
        return refuse(format!(
            "it takes single quantities: leave out --group, or {instead}"
        ));
    }
    let given = [
        ("--second-order", args.second_order),
        ("--at-medians", args.at_medians),
        ("--trajectories", args.trajectories.is_some()),
    ];
    let unused = |(option, given): &&(&str, bool)| *given && about.option != Some(option);
    if let Some((option, _)) = given.iter().find(unused) {
        return refuse(format!("it does not use {option}: leave it out"));
    }
    let medians = "with --at-medians it plays one world for each end of a factor";
    let instead = about
        .instead_of_worlds
        .or(args.at_medians.then_some(medians));
    let layers = &args.scenario.layers;
    if let Some(instead) = instead.filter(|_| layers.trials.is_some() && layers.said.is_none()) {
        return refuse(format!("it does not use -n: {instead}"));
    }
    let rows = model.simulation.trials.div_ceil(REPLICATES as u64);
    if about.is_sequence && rows > POINTS {
        let most = PlanError::TooManyRows {
            given: usize::try_from(rows).unwrap_or(usize::MAX),
            most: POINTS as usize,
            replicates: REPLICATES,
        };
        return refuse(most.to_string());
    }
    if about.of_differences && !are_differences(paths) {
        return refuse("its results are differences of the two arms to choose from, such as bloc.total.payoff.difference".to_owned());
    }
    Ok(())
}

/// A method with a design of its own moves what a world draws: no result of it, nor an event that is listed world by world.
fn check_members(
    model: &Model,
    options: MethodOptions,
    results: &[ResultFactor],
    (factors, paths): Asks<'_>,
) -> Result<(), Error> {
    let about = |member: usize| {
        let event = member.checked_sub(model.uncertain.len())?;
        match model.events.get(event) {
            None => Some("comes out of it"),
            Some(event) if event.came.is_some() => Some("a table of worlds gives"),
            Some(_) => None,
        }
    };
    let mut members = factors.iter().flat_map(|factor| &factor.members);
    let refused = members.find_map(|&member| Some((member, about(member)?)));
    let refused = refused.filter(|_| options.method.judge().is_none());
    refused.map_or(Ok(()), |(member, why)| {
        let method = options.method.name();
        let reason = format!(
            "it moves what a world draws and cannot move {}, which {why}: {}",
            member_name(model, results, member),
            instead((factors, paths), |one| one.judge().is_some())
        );
        Err(StudyError::Method { method, reason }.into())
    })
}

/// Factors of a method that needs independent ones may not be tied to each other, nor to what is held at its median.
fn check_ties(
    model: &Model,
    options: MethodOptions,
    tied: &[TiedSet],
    (factors, paths): Asks<'_>,
) -> Result<(), Error> {
    let about = options.method.description();
    let method = about.name;
    let refuse = |reason: String| Err(StudyError::Method { method, reason }.into());
    if !about.needs_independence {
        return Ok(());
    }
    let instead = instead((factors, paths), |one| {
        !one.description().needs_independence
    });
    let mut members = factors.iter().flat_map(|factor| &factor.members);
    if let Some(&listed) = members.find(|&&one| model.correlation.is_listed(one)) {
        return refuse(format!(
            "it draws factors anew, and {} takes its values from listed worlds: {instead}, or name others with --factors",
            model.draw_name(listed)
        ));
    }
    let factor_of = |quantity: usize| {
        let mut each = factors.iter();
        each.position(|factor| factor.members.contains(&quantity))
    };
    let Some(across) = tie_across(tied, factor_of) else {
        return Ok(());
    };
    let ((one, _), (other, factor)) = (across.one, across.other);
    let (one_path, other_path) = (&model.uncertain[one].path, &model.uncertain[other].path);
    let tie = match model.correlation.takes_rows(one) {
        true => "the rows of a file tie",
        false => "[[correlation]] ties",
    };
    let place = match factor {
        Some(_) => "in another factor",
        None => "held at its median",
    };
    let group = match about.takes_groups {
        true => format!(
            "take all that are tied into one group, --group NAME='{one_path},{other_path}', or "
        ),
        false => String::new(),
    };
    refuse(format!(
        "it needs factors that are independent of each other, and {tie} {one_path} to {other_path}, which is {place}: {group}{instead}"
    ))
}

impl Asked for AskedSensitivity {
    type Study = Sensitivity;

    fn study(&self) -> &Sensitivity {
        &self.study
    }

    fn loaded(&self) -> &Loaded {
        &self.study.loaded
    }

    fn format(&self) -> Option<Format> {
        self.format
    }

    fn few(&self) -> u64 {
        let options = self.study.options;
        match options.method.description().few {
            _ if options.at_medians => 0,
            few => few.unwrap_or(FEW_WORLDS),
        }
    }

    fn check(&self, planned: bool, out: Option<&Path>) -> Result<(), Error> {
        self.source.check(planned, out)
    }

    fn shown(&self, results: &SensitivityResults, _: usize) -> Shown {
        Shown::Document(text(results, None).into())
    }
}
