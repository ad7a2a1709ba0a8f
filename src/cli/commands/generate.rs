//! `schema`, `completions`, `man`: texts made from the definitions of scenario and command line.

use crate::cli::args::Cli;
use crate::cli::args::generate::{CompletionsArgs, DocumentName, ManArgs, SchemaArgs};
use crate::cli::cluster::status::Progress;
use crate::cli::commands::new::Listed;
use crate::cli::commands::replay::Replayed;
use crate::cli::exit::Status;
use crate::cli::output;
use crate::error::Error;
use crate::scenario::inspect::{Checked, Differences, ShownScenario};
use crate::study::results::accords::AccordsResults;
use crate::study::results::advise::AdviceResults;
use crate::study::results::brief::BriefResults;
use crate::study::results::compare::CompareResults;
use crate::study::results::discover::DiscoveryResults;
use crate::study::results::forecasts::ForecastResults;
use crate::study::results::history::HistoryResults;
use crate::study::results::pedigree::PedigreeResults;
use crate::study::results::run::Results;
use crate::study::results::sensitivity::SensitivityResults;
use crate::study::results::stability::StabilityResults;
use crate::study::results::sweep::SweepResults;
use crate::study::results::theories::TheoryResults;
use crate::study::results::threshold::ThresholdResults;
use crate::study::results::turn::TurnResults;
use crate::study::results::world::ExplainedWorld;
use clap::CommandFactory;

pub fn schema(args: &SchemaArgs) -> Result<Status, Error> {
    let schema = match args.document {
        DocumentName::Scenario => crate::scenario::scenario_schema(),
        DocumentName::Results => schemars::schema_for!(Results).to_value(),
        DocumentName::Theories => schemars::schema_for!(TheoryResults).to_value(),
        DocumentName::Sensitivity => schemars::schema_for!(SensitivityResults).to_value(),
        DocumentName::Pedigree => schemars::schema_for!(PedigreeResults).to_value(),
        DocumentName::Discover => schemars::schema_for!(DiscoveryResults).to_value(),
        DocumentName::Threshold => schemars::schema_for!(ThresholdResults).to_value(),
        DocumentName::Turn => schemars::schema_for!(TurnResults).to_value(),
        DocumentName::Sweep => schemars::schema_for!(SweepResults).to_value(),
        DocumentName::Compare => schemars::schema_for!(CompareResults).to_value(),
        DocumentName::Accords => schemars::schema_for!(AccordsResults).to_value(),
        DocumentName::Advise => schemars::schema_for!(AdviceResults).to_value(),
        DocumentName::History => schemars::schema_for!(HistoryResults).to_value(),
        DocumentName::Forecasts => schemars::schema_for!(ForecastResults).to_value(),
        DocumentName::Brief => schemars::schema_for!(BriefResults).to_value(),
        DocumentName::Stability => schemars::schema_for!(StabilityResults).to_value(),
        DocumentName::Status => schemars::schema_for!(Progress).to_value(),
        DocumentName::Explain => schemars::schema_for!(ExplainedWorld).to_value(),
        DocumentName::Replay => schemars::schema_for!(Replayed).to_value(),
        DocumentName::Check => schemars::schema_for!(Checked).to_value(),
        DocumentName::Show => schemars::schema_for!(ShownScenario).to_value(),
        DocumentName::Diff => schemars::schema_for!(Differences).to_value(),
        DocumentName::List => schemars::schema_for!(Listed).to_value(),
    };
    output::result(&format!("{schema:#}\n"))?;
    Ok(Status::Done)
}

pub fn completions(args: &CompletionsArgs) -> Result<Status, Error> {
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "mufakat", &mut bytes);
    output::result(&String::from_utf8_lossy(&bytes))?;
    Ok(Status::Done)
}

/// `man`: the page of the program or of one command.
pub fn man(args: &ManArgs) -> Result<Status, Error> {
    let mut program = Cli::command();
    program.build();
    let page = match &args.command {
        None => program,
        Some(name) => {
            let found = program.find_subcommand(name).cloned();
            found.ok_or_else(|| unknown_command(&program, name))?
        }
    };
    let mut bytes = Vec::new();
    let rendered = clap_mangen::Man::new(page).render(&mut bytes);
    rendered.expect("writing to memory does not fail");
    output::result(&String::from_utf8_lossy(&bytes))?;
    Ok(Status::Done)
}

fn unknown_command(program: &clap::Command, name: &str) -> Error {
    let known: Vec<&str> = program
        .get_subcommands()
        .map(clap::Command::get_name)
        .collect();
    Error::unknown("command", name, &known)
}
