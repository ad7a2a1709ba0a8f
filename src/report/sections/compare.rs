//! The page of a comparison: what each scenario brings against the first.

use super::columns::{paired, range};
use crate::engine::model::Model;
use crate::report::bare::bare;
use crate::report::chart::{Forest, ForestRow, Head};
use crate::report::compare_text::sentence;
use crate::report::document::{
    Block, Cell, Document, Figure, Files, Heading, Rows, Section, Table, code, marked, note,
    paragraph, plain, text,
};
use crate::report::numbers::mark;
use crate::report::numbers::{Pair, Quote};
use crate::report::verdict::Verdict;
use crate::study::results::compare::{CompareResults, ScenarioComparison};
use crate::theory::spelling::units::worlds;

/// Keys that differ, at most; the rest is in the document.
const MOST_KEYS: usize = 200;

/// The page of a comparison, and the files of data beside it; `model` is that of the first scenario.
pub fn page(model: &Model, results: &CompareResults) -> (Document, Files) {
    let mut files = Files::new();
    let view = View { model, results };
    let manifest = &results.manifest;
    let sections = vec![
        view.arms(&mut files),
        view.states(&mut files),
        view.hyperscalers(),
        view.alone(),
        view.keys(),
        view.run(),
    ];
    let labels: Vec<&str> = results
        .scenarios
        .iter()
        .map(|one| one.label.as_str())
        .collect();
    let page = Document {
        title: labels.join(" against "),
        generator: format!("{} {}", manifest.tool, manifest.version),
        kicker: text![format!(
            "{} scenarios on the same draws: {}, seed {}. Scenarios, not forecasts.",
            labels.len(),
            worlds(manifest.trials),
            manifest.seed
        )],
        lead: results
            .comparisons
            .iter()
            .map(|one| marked(&sentence(results, one)))
            .collect(),
        sections,
        footer: vec![text![format!(
            "{} {}; seed {}. A quantity with the same path and distribution has the same draw in every scenario, so that worlds are compared one by one.",
            manifest.tool, manifest.version, manifest.seed
        )]],
        ..Document::default()
    };
    (page, files)
}

/// Which scenario is compared with which.
fn less(comparison: &ScenarioComparison) -> String {
    format!("{} less {}", comparison.scenario, comparison.reference)
}

struct View<'a> {
    model: &'a Model,
    results: &'a CompareResults,
}

impl View<'_> {
    fn unit(&self) -> String {
        let horizon = &self.model.horizon;
        format!(
            "US$ bn, present value at the start of {}, prices of {}",
            horizon.start_year, horizon.price_year
        )
    }

    /// A result of a scenario by itself.
    fn quote(&self, scenario: usize, path: &str) -> Quote {
        let stat = self.results.scenarios[scenario]
            .results
            .get(path)
            .copied()
            .flatten();
        Quote::new(stat, format!("scenarios.{scenario}.results.{path}"))
    }

    /// A result of a comparison; none where the scenarios do not both have it.
    fn pair(&self, comparison: usize, path: &str) -> Option<Pair> {
        let paired = self.results.comparisons[comparison].results.get(path)?;
        let path = format!("comparisons.{comparison}.results.{path}");
        Some(Pair::new(paired, path, false, self.results.manifest.trials))
    }

    fn comparisons(&self) -> impl Iterator<Item = (usize, &ScenarioComparison)> {
        self.results.comparisons.iter().enumerate()
    }

    /// A table and a figure of a difference, a row for each of some paths with their names.
    fn rows(
        &self,
        id: &str,
        title: &str,
        paths: &[(String, String)],
        files: &mut Files,
    ) -> Vec<Block> {
        let mut blocks = vec![self.figure(id, title, paths, files)];
        for (at, comparison) in self.comparisons() {
            let known = paths
                .iter()
                .filter_map(|(name, path)| Some((name, self.pair(at, path)?)));
            let rows = Rows::of(known).column(Heading::number(""), |(name, _)| name.as_str());
            let names = ["difference", "better in", ""];
            let rows = paired(rows, names, Verdict::words, |(_, pair)| Some(pair.clone()));
            let caption = format!("{}, {}", less(comparison), self.unit());
            blocks.push(rows.table(format!("{id}-{}", at + 1), caption).into());
        }
        blocks
    }

    fn figure(
        &self,
        id: &str,
        title: &str,
        paths: &[(String, String)],
        files: &mut Files,
    ) -> Block {
        let rows = paths.iter().map(|(name, path)| {
            let points = self.comparisons().map(|(at, _)| {
                let stat = self.pair(at, path)?.paired.difference?;
                Some(mark(&stat))
            });
            ForestRow {
                label: name.clone(),
                points: points.collect(),
                note: String::new(),
            }
        });
        let rows: Vec<ForestRow> = rows.collect();
        let said = rows.iter().filter_map(|row| {
            Some(format!(
                "{} {:+.2}",
                row.label,
                row.points.first()?.as_ref()?.value
            ))
        });
        let chart = Forest {
            head: Head {
                id: id.to_owned(),
                title: format!("{title}: average, middle half and 90% of worlds"),
                alternative: format!(
                    "A row each, with a mark for every scenario against {}, zero marked. Means of the first of them: {}.",
                    self.results.scenarios[0].label,
                    said.collect::<Vec<_>>().join("; ")
                ),
                x: format!(
                    "difference of payoff, US$ bn of {} (present value)",
                    self.model.horizon.price_year
                ),
                y: String::new(),
            },
            series: self
                .results
                .comparisons
                .iter()
                .map(|one| one.scenario.clone())
                .collect(),
            rows,
            from_zero: true,
        };
        Figure::alone(chart.chart(), files)
    }

    fn arms(&self, files: &mut Files) -> Section {
        let arms = self.results.scenarios[0].arms.iter();
        let paths: Vec<(String, String)> = arms
            .map(|arm| (arm.clone(), format!("{arm}.total.payoff")))
            .collect();
        let first = &self.results.scenarios[0].label;
        Section::new(
            "arms",
            "All states together, arm by arm",
            self.rows(
                "compared-arms",
                &format!("Payoff of all states, less that in {first}"),
                &paths,
                files,
            ),
        )
    }

    fn states(&self, files: &mut Files) -> Section {
        let blocks = match &self.results.arm {
            None => vec![paragraph(text!["The scenarios have no arm in common."])],
            Some(arm) => {
                let states = self.model.states.iter();
                let paths = states.map(|state| {
                    (
                        state.name.clone(),
                        format!("{arm}.state.{}.payoff", state.id),
                    )
                });
                let title = format!(
                    "Payoff of each state as {arm}, less that in {}",
                    self.results.scenarios[0].label
                );
                self.rows("compared-states", &title, &paths.collect::<Vec<_>>(), files)
            }
        };
        Section::new("states", "State by state", blocks)
    }

    /// Profit and cost of compliance.
    fn hyperscalers(&self) -> Section {
        let arm = self
            .results
            .arm
            .clone()
            .unwrap_or_else(|| self.results.reference.clone());
        let tables = self.comparisons().map(|(at, comparison)| {
            let known = self.model.hyperscalers.iter().filter_map(|one| {
                let pair =
                    |metric: &str| self.pair(at, &format!("{arm}.hyperscaler.{}.{metric}", one.id));
                Some((&one.name, [pair("profit")?, pair("compliance_cost")?]))
            });
            let names = ["profit", "cost of compliance"].into_iter().enumerate();
            Rows::of(known)
                .column(Heading::number("hyperscaler"), |(name, _)| name.as_str())
                .each(names, |rows, (which, name)| {
                    rows.column(Heading::number(name), |(_, pairs)| {
                        pairs[which].difference().difference()
                    })
                    .column(Heading::number("90% of worlds"), |(_, pairs)| {
                        range(&pairs[which].difference())
                    })
                    .column(Heading::words(""), |(_, pairs)| {
                        Cell::words(pairs[which].verdict().of_level())
                    })
                })
                .table(
                    format!("compared-hyperscalers-{}", at + 1),
                    format!("{} as {arm}, {}", less(comparison), self.unit()),
                )
                .into()
        });
        Section::new("hyperscalers", "Hyperscalers", tables.collect())
    }

    /// Each scenario: what its arms add to its reference.
    fn alone(&self) -> Section {
        let reference = &self.results.reference;
        let tables =
            self.results
                .scenarios
                .iter()
                .enumerate()
                .map(|(at, scenario)| {
                    let added = |arm: &str| {
                        let quote = self.quote(at, &format!("{arm}.total.payoff.difference"));
                        (arm != reference).then_some(quote)
                    };
                    Rows::of(&scenario.arms)
                    .column(Heading::number("arm"), |arm| code(*arm))
                    .column(Heading::number("payoff"), |arm| {
                        self.quote(at, &format!("{arm}.total.payoff")).level()
                    })
                    .column(Heading::number("difference"), |arm| {
                        added(arm).map(|one| one.difference().into()).unwrap_or_else(Cell::default)
                    })
                    .column(Heading::number("90% of worlds"), |arm| {
                        added(arm).map_or(Vec::new(), |one| range(&one))
                    })
                    .table(
                        format!("alone-{}", at + 1),
                        format!(
                            "{}: payoff of all states, and what each arm adds to {reference}; {}",
                            scenario.label,
                            self.unit()
                        ),
                    )
                    .into()
                });
        Section::new("alone", "Each scenario by itself", tables.collect())
    }

    /// What the scenarios say differently.
    fn keys(&self) -> Section {
        let mut blocks = Vec::new();
        for (at, comparison) in self.comparisons() {
            let value = |value: &String| match value.as_str() {
                "absent" | "present" => plain(value.clone()),
                value => vec![code(bare(value))],
            };
            let keys = comparison.differs.iter().take(MOST_KEYS);
            let rows = keys.map(|(path, [before, after])| {
                [vec![code(path.clone())], value(before), value(after)]
                    .map(Cell::plain)
                    .to_vec()
            });
            let table = Table {
                id: format!("keys-{}", at + 1),
                caption: plain(format!(
                    "What {} says differently from {}",
                    comparison.scenario, comparison.reference
                )),
                words: true,
                header: [
                    "path",
                    comparison.reference.as_str(),
                    comparison.scenario.as_str(),
                ]
                .map(Heading::words)
                .to_vec(),
                rows: rows.collect(),
                ..Table::default()
            };
            blocks.push(match comparison.differs.is_empty() {
                true => paragraph(text![format!(
                    "{} and {} say the same.",
                    comparison.scenario, comparison.reference
                )]),
                false => Block::Table { table },
            });
            let more = comparison.differs.len().saturating_sub(MOST_KEYS);
            if more > 0 {
                blocks.push(note(text![format!(
                    "And {more} more keys, in results.json."
                )]));
            }
        }
        Section::new("keys", "What the scenarios say differently", blocks)
    }

    fn run(&self) -> Section {
        let manifest = &self.results.manifest;
        let rows = self.results.scenarios.iter().map(|one| {
            let cells = [
                plain(one.label.clone()),
                plain(one.description.clone()),
                vec![code(one.scenario_sha256.clone())],
            ];
            cells.map(Cell::plain).to_vec()
        });
        let table = Table {
            id: "scenarios".to_owned(),
            caption: plain(format!(
                "Scenarios, {}, seed {}, sampler {}",
                worlds(manifest.trials),
                manifest.seed,
                manifest.sampler
            )),
            words: true,
            header: ["scenario", "description", "SHA-256 after all layers"]
                .map(Heading::words)
                .to_vec(),
            rows: rows.collect(),
            ..Table::default()
        };
        let labels = self
            .results
            .scenarios
            .iter()
            .enumerate()
            .map(|(at, one)| match at {
                0 => "scenario.resolved.toml".to_owned(),
                _ => format!("{}.resolved.toml", one.label),
            });
        let command = format!("mufakat compare {}", labels.collect::<Vec<_>>().join(" "));
        Section::new(
            "run",
            "How it was run",
            vec![
                Block::Table { table },
                paragraph(text!["To repeat it, in this directory:"]),
                Block::Code { text: command },
            ],
        )
    }
}
