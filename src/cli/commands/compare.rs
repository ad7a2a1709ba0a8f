//! `mufakat compare`: scenarios against each other on the same draws.

use crate::cli::args::common::{Common, Layers};
use crate::cli::args::compare::CompareArgs;
use crate::cli::driver::asked::{Asked, Shown};
use crate::cli::exit::Status;
use crate::cli::host::SaidKind;
use crate::cli::identity::{arm_index, identity, reference};
use crate::cli::labels::{files_of, label};
use crate::cli::output;
use crate::cli::source;
use crate::engine::model::{Model, dimension_paths};
use crate::engine::outcome::TotalMetric;
use crate::error::Error;
#[cfg(feature = "html")]
use crate::report::legend::with_titles;
use crate::report::sections::causes::OF_SCENARIOS;
use crate::report::sections::compare::text;
use crate::scenario::Loaded;
use crate::study::compare::{Compare, ComparedScenario};
use crate::study::digest::sha256_hex;
use crate::study::outputs::{outputs, payoffs};
use crate::study::results::choice::is_off;
use crate::study::results::compare::CompareResults;
use crate::study::results::condition::Condition;
use crate::study::results::path::{ResultPath, Statistic};
use crate::theory::spelling::shell::words;
use std::path::Path;

/// Scenarios that are compared, with what is asked of their differences.
pub struct AskedCompare {
    study: Compare,
    condition: Option<Condition>,
}

/// The comparison that is asked for.
pub fn ask(args: &CompareArgs, common: &Common) -> Result<AskedCompare, Error> {
    let scenarios = scenarios(args, common)?;
    if !common.files.is_stored() {
        say_same(args, &scenarios, common);
    }
    let first = &scenarios[0];
    let model = &first.loaded.model;
    let condition = args.fail_if.as_deref();
    let condition = condition.map(|text| Condition::parse(text, model));
    let mut settings = vec![format!("reference {}", model.arms[first.reference].name)];
    let others = scenarios[1..].iter();
    settings.extend(others.map(|one| format!("scenario {} {}", one.label, one.sha256)));
    Ok(AskedCompare {
        condition: condition.transpose()?,
        study: Compare {
            identity: identity(&first.loaded, &args.layers, "compare", settings),
            scenarios,
        },
    })
}

/// Loads all scenarios for the draws of the first.
fn scenarios(args: &CompareArgs, common: &Common) -> Result<Vec<ComparedScenario>, Error> {
    let mut layers = args.layers.clone();
    let mut scenarios: Vec<ComparedScenario> = Vec::new();
    for (number, name) in args.scenarios.iter().enumerate() {
        let loaded = source::load_named(name, &layers, common)?;
        let simulation = loaded.model.simulation;
        layers.trials = Some(simulation.trials);
        layers.seed = Some(simulation.seed);
        let reference = match (&args.reference, scenarios.first()) {
            (None, Some(first)) => {
                let name = &first.loaded.model.arms[first.reference].name;
                arm_index(&loaded.model, name)?
            }
            (name, _) => reference(name.as_deref(), &loaded.model)?,
        };
        let known = args.labels.get(number).cloned();
        let labels: Vec<&str> = scenarios.iter().map(|one| one.label.as_str()).collect();
        scenarios.push(ComparedScenario {
            label: known.unwrap_or_else(|| label(name, &labels)),
            sha256: sha256_hex(&loaded.resolved),
            outputs: outputs(&names(&loaded.model, reference), &loaded.model, reference)?,
            loaded,
            reference,
        });
    }
    let sampler = scenarios[0].loaded.model.simulation.sampler;
    let paths = dimension_paths(scenarios.iter().map(|one| &one.loaded.model));
    for one in &mut scenarios {
        one.loaded.model.simulation.sampler = sampler;
        one.loaded.model.number_dimensions(&paths);
    }
    Ok(scenarios)
}

/// Warns of a scenario that is the first once more, as it is where what should tell them apart lies over both.
fn say_same(args: &CompareArgs, scenarios: &[ComparedScenario], common: &Common) {
    let first = &scenarios[0];
    let others = scenarios[1..].iter().zip(&args.scenarios[1..]);
    for (one, name) in others.filter(|(one, _)| one.sha256 == first.sha256) {
        let mut text = format!(
            "{} is compared with itself: {} is the same scenario, and nothing differs",
            first.label, one.label
        );
        let Layers { sets, overlays, .. } = &args.layers;
        if !(sets.is_empty() && overlays.is_empty()) {
            let mut shown = vec!["mufakat".to_owned(), "show".to_owned(), name.clone()];
            let overlays = overlays
                .iter()
                .map(|file| ["-f".to_owned(), file.display().to_string()]);
            let sets = sets.iter().map(|set| ["-S".to_owned(), set.clone()]);
            shown.extend(overlays.chain(sets).flatten());
            text += &format!(
                "; -S and -f lie over every scenario. To compare it with and without them: `{} > changed.toml`, then `{} changed.toml`",
                words(shown),
                words(["mufakat", "compare", &args.scenarios[0]])
            );
        }
        output::warning(common, &text);
    }
}

/// Paths of what is compared: totals, states and hyperscalers of every arm, and what each arm adds.
fn names(model: &Model, reference: usize) -> Vec<String> {
    let mut names = Vec::new();
    for arm in (0..model.arms.len()).filter(|&arm| arm == reference || !is_off(model, arm)) {
        let name = &model.arms[arm].name;
        names.extend(
            TotalMetric::ALL
                .iter()
                .map(|metric| format!("{name}.total.{}", metric.name())),
        );
        let causes = |of: String| {
            let causes = OF_SCENARIOS.iter();
            causes.map(move |cause| format!("{name}.{of}.causes.{}", cause.name()))
        };
        names.extend(causes("total".to_owned()));
        for state in &model.states {
            names.extend(causes(format!("state.{}", state.id)));
            names.extend(
                ["payoff", "leverage", "investment"]
                    .map(|metric| format!("{name}.state.{}.{metric}", state.id)),
            );
        }
        for one in &model.hyperscalers {
            names.extend(
                ["profit", "compliance_cost"]
                    .map(|metric| format!("{name}.hyperscaler.{}.{metric}", one.id)),
            );
        }
        if arm != reference {
            names.extend(payoffs(model, arm, ".difference"));
        }
    }
    names
}

impl Asked for AskedCompare {
    type Study = Compare;

    fn study(&self) -> &Compare {
        &self.study
    }

    fn loaded(&self) -> &Loaded {
        &self.study.scenarios[0].loaded
    }

    fn is_uncertain(&self) -> bool {
        let mut scenarios = self.study.scenarios.iter();
        scenarios.any(|one| one.loaded.model.is_uncertain())
    }

    fn models(&self) -> Vec<&Model> {
        let scenarios = self.study.scenarios.iter();
        scenarios.map(|one| &one.loaded.model).collect()
    }

    fn all_loaded(&self) -> Vec<&Loaded> {
        self.study.scenarios.iter().map(|one| &one.loaded).collect()
    }

    fn scenarios(&self) -> Vec<(String, &str)> {
        let scenarios = &self.study.scenarios;
        let files = files_of(scenarios.iter().map(|one| one.label.as_str()));
        let texts = scenarios.iter().map(|one| &*one.loaded.resolved);
        files.zip(texts).collect()
    }

    fn shown(&self, results: &CompareResults, _: usize) -> Shown {
        Shown::Document(text(self.model(), results))
    }

    fn ended(
        &self,
        results: &CompareResults,
        _: Option<&Path>,
        common: &Common,
    ) -> Result<Status, Error> {
        Ok(match &self.condition {
            None => Status::Done,
            Some(condition) => judge(condition, self.model(), results, common),
        })
    }

    #[cfg(feature = "html")]
    fn pages(&self, results: &CompareResults, directory: &Path) -> Result<(), Error> {
        let (page, files) = crate::report::sections::compare::page(self.model(), results);
        let page = crate::report::roles::in_words_of(self.model(), page);
        let page = with_titles(page, &self.models());
        crate::cli::commands::report::put(directory, &page, &files, None)?;
        Ok(())
    }
}

/// Whether the condition holds of what one of the later scenarios is less the first, for the exit code.
fn judge(
    condition: &Condition,
    model: &Model,
    results: &CompareResults,
    common: &Common,
) -> Status {
    let mut status = Status::Done;
    for comparison in &results.comparisons {
        let value = |path: &ResultPath| {
            let statistic = Statistic::Mean;
            let name = ResultPath { statistic, ..*path }.describe(model);
            let name = name.strip_suffix(".mean")?;
            path.of_paired(comparison.results.get(name)?)
        };
        let scenario = &comparison.scenario;
        let said = match condition.holds(&value) {
            Ok(false) => continue,
            Ok(true) => format!("--fail-if holds of {scenario}: {}\n", condition.text()),
            Err(path) => format!(
                "--fail-if cannot be judged: {} has no value in the comparison of {scenario}\n",
                path.describe(model)
            ),
        };
        output::say(common, SaidKind::Warning, &said);
        status = Status::ConditionFailed;
    }
    status
}
