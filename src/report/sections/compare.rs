//! A comparison of scenarios: what each brings against the first, arm by arm and state by state, and what they say differently.

use crate::engine::model::Model;
use crate::engine::model::words::{CauseMetric, Vocabulary};
use crate::report::amounts::{present_value, unit};
use crate::report::bare::bare;
use crate::report::chart::{Forest, ForestRow, Head, Point};
use crate::report::document::{
    Block, Cell, Document, Figure, Files, Heading, Rows, Section, Span, Table, Text, code, marked,
    note, paragraph, plain, text,
};
use crate::report::numbers::{Pair, Quote, mark};
use crate::report::sections::causes::{OF_SCENARIOS, Split, Splits};
use crate::report::sections::columns::{difference, paired, range, verdict};
use crate::report::sentence::say;
use crate::report::verdict::{Verdict, briefly};
use crate::study::results::compare::{CompareResults, ScenarioComparison};
use crate::theory::spelling::shell::words;
use crate::theory::spelling::units::worlds;

/// Keys that differ, at most, on a terminal and on a page.
const KEYS: [usize; 2] = [10, 200];

const LEGEND: &str = "On average: the average is told from zero, but 90% of worlds lie on both sides of it. No clear difference: the average \
is within two standard errors of zero.";

const ALONE: &str = "Causes add up to the difference in every world. Alone: what the states would get without any accord, with what earlier deals \
left them (43).";

/// The document of a terminal, where captions are headings enough; `model` is that of the first scenario.
pub fn text(model: &Model, results: &CompareResults) -> Document {
    let comparison = ComparisonText {
        model,
        results,
        is_page: false,
    };
    let mut text = comparison.document(KEYS[0], &mut Files::new());
    let sections = std::mem::take(&mut text.sections).into_iter();
    text.opening = sections.flat_map(|section| section.blocks).collect();
    text
}

/// The page, and the files of data beside it.
pub fn page(model: &Model, results: &CompareResults) -> (Document, Files) {
    let mut files = Files::new();
    let comparison = ComparisonText {
        model,
        results,
        is_page: true,
    };
    let mut page = comparison.document(KEYS[1], &mut files);
    page.sections.push(comparison.run());
    (page, files)
}

/// A difference between scenarios that has a row for each of several paths.
struct Compared {
    id: &'static str,
    what: String,
    /// What a row is, and of whom the verdict speaks.
    row: &'static str,
    who: &'static str,
    /// Names of the rows with their paths.
    paths: Vec<(String, String)>,
}

#[derive(Clone, Copy)]
struct ComparisonText<'a> {
    model: &'a Model,
    results: &'a CompareResults,
    /// Whether there is room for the range of each number.
    is_page: bool,
}

impl<'a> ComparisonText<'a> {
    fn document(self, keys: usize, files: &mut Files) -> Document {
        let (model, manifest) = (self.model, &self.results.manifest);
        let labels = self.results.scenarios.iter().map(|one| one.label.as_str());
        let labels: Vec<&str> = labels.collect();
        let made = format!(
            "{} scenarios, {}; a quantity with the same path and distribution has the same draw in every scenario, so that worlds are compared one by \
             one; {}; seed {}, {} {}.",
            labels.len(),
            worlds(manifest.trials),
            present_value(&model.horizon),
            manifest.seed,
            manifest.tool,
            manifest.version
        );
        Document {
            title: labels.join(" against "),
            generator: format!("{} {}", manifest.tool, manifest.version),
            kicker: text![format!(
                "{} scenarios on the same draws: {}, seed {}. Scenarios, not forecasts.",
                labels.len(),
                worlds(manifest.trials),
                manifest.seed
            )],
            lead: self
                .each(|at, one| [Some(self.sentence(at, one)), self.cause(at, one)])
                .flatten()
                .flatten()
                .collect(),
            sections: vec![
                Section::new("arms", "All states together, arm by arm", self.arms(files)),
                Section::new("states", "State by state", self.states(files)),
                Section::new("hyperscalers", "Hyperscalers", self.hyperscalers()),
                Section::new("alone", "Each scenario by itself", self.alone()),
                Section::new(
                    "keys",
                    "What the scenarios say differently",
                    self.keys(keys),
                ),
            ],
            footer: vec![plain(made)],
            ..Document::default()
        }
    }

    /// Something of every comparison.
    fn each<T>(self, of: impl Fn(usize, &'a ScenarioComparison) -> T) -> impl Iterator<Item = T> {
        let comparisons = self.results.comparisons.iter().enumerate();
        comparisons.map(move |(at, one)| of(at, one))
    }

    /// A result of a comparison; none where the scenarios do not both have it.
    fn pair(self, comparison: usize, path: &str) -> Option<Pair> {
        let paired = self.results.comparisons[comparison].results.get(path)?;
        let path = format!("comparisons.{comparison}.results.{path}");
        Some(Pair::new(paired, path, false, self.results.manifest.trials))
    }

    /// What may be said of a scenario against the first.
    fn sentence(self, at: usize, comparison: &ScenarioComparison) -> Text {
        let (one, first) = (&comparison.scenario, &comparison.reference);
        let (one, first) = (one.as_str(), first.as_str());
        let Some(arm) = &self.results.arm else {
            return say!(
                "{} and {} have no arm in common that could be compared.",
                one,
                first
            );
        };
        let Some(pair) = self.pair(at, &format!("{arm}.total.payoff")) else {
            return say!("{} and {} have no payoff in common.", one, first);
        };
        let name = || code(arm.clone());
        let in_both = || say!("{} in {} than in {}", name(), one, first);
        let difference = pair.difference().in_millions();
        let often = |share, direction| {
            say!(
                "In {} sampled worlds the states together get {} as {}: on average US$ {} bn {} (90% of worlds: {}).",
                share,
                direction,
                in_both(),
                difference.amount(),
                direction,
                range(&difference)
            )
        };
        let in_this_world = |direction| {
            let amount = difference.amount();
            say!(
                "In this one world the states together get US$ {} bn {} as {}.",
                amount,
                direction,
                in_both()
            )
        };
        match pair.verdict() {
            Verdict::Gains | Verdict::GainsOnAverage => often(pair.better(), "more"),
            Verdict::Loses | Verdict::LosesOnAverage => often(pair.worse(), "less"),
            Verdict::Unclear => say!(
                "No clear difference: the states together get more as {} in {} sampled worlds, and less in {}; the average difference, US$ {} bn, is within its error.",
                in_both(),
                pair.better(),
                pair.worse(),
                difference.difference()
            ),
            Verdict::TooFew => say!(
                "{} are too few to tell whether the states together get more as {}: they do in {}.",
                worlds(self.results.manifest.trials),
                in_both(),
                pair.better()
            ),
            Verdict::More => in_this_world("more"),
            Verdict::Less => in_this_world("less"),
            Verdict::Same => say!(
                "The states together get the same as {} in {} and in {}, in every world.",
                name(),
                one,
                first
            ),
            Verdict::Unknown => say!("{} and {} have no world in common.", one, first),
        }
    }

    fn arms(self, files: &mut Files) -> Vec<Block> {
        let arms = self.results.scenarios[0].arms.iter();
        let paths = arms.map(|arm| (arm.clone(), format!("{arm}.total.payoff")));
        let payoff = Compared {
            id: "arms",
            what: "payoff of all states".to_owned(),
            row: "arm",
            who: "the states",
            paths: paths.collect(),
        };
        let mut blocks = self.differences(&payoff, files);
        let is_split = |splits: Splits| {
            let alone = CauseMetric::Alone.word().name;
            splits.is_of_accord() && splits.names.contains(&alone)
        };
        if (self.each(|at, _| self.splits(at, &payoff.paths))).any(is_split) {
            blocks.push(note(ALONE));
        }
        let pairs = self.each(|at, _| {
            payoff
                .paths
                .iter()
                .map(move |(_, path)| self.pair(at, path))
        });
        let mut verdicts = pairs.flatten().flatten().map(|pair| pair.verdict());
        if verdicts.any(|one| briefly(one.words()) != one.words() || one == Verdict::Unclear) {
            blocks.push(note(LEGEND));
        }
        blocks
    }

    fn states(self, files: &mut Files) -> Vec<Block> {
        let Some(arm) = &self.results.arm else {
            return vec![paragraph("The scenarios have no arm in common.")];
        };
        let path = |id: &str| format!("{arm}.state.{id}.payoff");
        let states = self.model.states.iter();
        let paths = states.map(|state| (state.name.clone(), path(&state.id)));
        let payoff = Compared {
            id: "states",
            what: format!("payoff of each state as `{arm}`"),
            row: "state",
            who: "the state",
            paths: paths.collect(),
        };
        self.differences(&payoff, files)
    }

    /// A figure and tables of some differences.
    fn differences(self, compared: &Compared, files: &mut Files) -> Vec<Block> {
        let tables = self.each(|at, one| {
            let shared = compared.paths.iter();
            let shared = shared.filter_map(|(name, path)| Some((name, self.pair(at, path)?)));
            let shared: Vec<(&String, Pair)> = shared.collect();
            if shared.is_empty() {
                let (one, first) = (&one.scenario, &one.reference);
                let none = format!("{one} and {first} have no {} in common.", compared.row);
                return paragraph(none);
            }
            let row = Heading::words(compared.row);
            let rows = Rows::of(shared).column(row, |(name, _)| name.as_str());
            let headings = ["difference", "better in", compared.who];
            let what = &compared.what;
            let caption = format!("{}: {what}, US$ bn, paired by world", less(one));
            let rows = paired(rows, headings, in_short, |(_, pair)| Some(pair.clone()));
            let id = format!("compared-{}-{}", compared.id, at + 1);
            kept(rows.table(id, marked(&caption)))
        });
        let figure = self.figure(compared, files);
        let causes = self.causes(compared, files);
        figure.into_iter().chain(tables).chain(causes).collect()
    }

    /// Differences of payoff by their causes, those paths that both scenarios have.
    fn splits(self, at: usize, paths: &[(String, String)]) -> Splits {
        let rows = paths.iter().filter_map(|(name, path)| {
            let of = path.strip_suffix(".payoff")?;
            let part =
                |cause: &CauseMetric| self.pair(at, &format!("{of}.causes.{}", cause.name()));
            Some(Split {
                label: plain(name.as_str()),
                whole: self.pair(at, path)?,
                parts: OF_SCENARIOS.iter().map(part).collect(),
            })
        });
        let names = OF_SCENARIOS.iter().map(|cause| cause.word().name);
        Splits::of(names, rows.collect())
    }

    /// What makes some differences, drawn and as a table; nothing where no accord is among the causes.
    fn causes(self, compared: &Compared, files: &mut Files) -> Vec<Block> {
        let blocks = self.each(|at, one| {
            let splits = self.splits(at, &compared.paths);
            let of = format!(
                "{}: what makes the difference in the {}",
                less(one),
                compared.what
            );
            splits.is_of_accord().then_some((at, of, splits))
        });
        let blocks: Vec<(usize, String, Splits)> = blocks.flatten().collect();
        let blocks = blocks.into_iter().flat_map(|(at, of, splits)| {
            let id = format!("compared-causes-{}-{}", compared.id, at + 1);
            let title = of.replace('`', "");
            let chart = splits.chart((&id, &title), &unit(&self.model.horizon));
            let drawn = Figure::alone(chart, files);
            let caption = marked(&format!("{of}, US$ bn"));
            let table = splits.table(compared.row, (&id, caption), self.is_page);
            [drawn, table.into()]
        });
        blocks.collect()
    }

    /// What makes the difference of the arm that sentences are about.
    fn cause(self, at: usize, one: &ScenarioComparison) -> Option<Text> {
        let arm = self.results.arm.as_ref()?;
        let path = (arm.clone(), format!("{arm}.total.payoff"));
        let splits = self.splits(at, &[path]);
        let of = say!(" ({} in {})", code(arm.as_str()), less(one));
        let told = splits.is_of_accord();
        told.then(|| splits.sentence(&of, self.results.manifest.trials))?
    }

    /// A row for each path with a mark for every scenario against the first; none where no two have anything in common.
    fn figure(self, compared: &Compared, files: &mut Files) -> Option<Block> {
        let first = &self.results.scenarios[0].label;
        let rows = compared.paths.iter().filter_map(|(name, path)| {
            let point = |at| Some(mark(&self.pair(at, path)?.paired.difference?));
            let points: Vec<Option<Point>> = self.each(|at, _| point(at)).collect();
            points.iter().any(Option::is_some).then(|| ForestRow {
                faint: false,
                label: name.clone(),
                points,
                note: String::new(),
            })
        });
        let rows: Vec<ForestRow> = rows.collect();
        let said = rows.iter().filter_map(|row| {
            let value = row.points.first()?.as_ref()?.value;
            Some(format!("{} {value:+.2}", row.label))
        });
        let said: Vec<String> = said.collect();
        rows.first()?;
        let chart = Forest {
            head: Head {
                id: format!("compared-{}", compared.id),
                title: format!(
                    "Difference to {first} in the {}: average, middle half and 90% of worlds",
                    compared.what.replace('`', "")
                ),
                alternative: format!(
                    "A row each, with a mark for every scenario against {first}, zero marked. Means of the first of them: {}.",
                    said.join("; ")
                ),
                x: format!(
                    "difference of payoff, {} (present value)",
                    unit(&self.model.horizon)
                ),
                y: String::new(),
            },
            series: self.each(|_, one| one.scenario.clone()).collect(),
            rows,
            from_zero: true,
            floor: None,
            thin: None,
        };
        Some(Figure::alone(chart.chart(), files))
    }

    /// Profit and cost of compliance.
    fn hyperscalers(self) -> Vec<Block> {
        let arm = self.results.arm.as_ref();
        let arm = arm.unwrap_or(&self.results.reference);
        // What may be said of it is said of profit alone: a page has no room for both.
        let metrics = [
            ("profit", "profit", true),
            ("cost of compliance", "compliance_cost", false),
        ];
        let tables = self.each(|at, one| {
            let pair =
                |id: &str, metric: &str| self.pair(at, &format!("{arm}.hyperscaler.{id}.{metric}"));
            let all = self.model.hyperscalers.iter();
            let known = all.filter(|one| pair(&one.id, "profit").is_some());
            let rows = Rows::of(known)
                .column(Heading::words("hyperscaler"), |one| one.name.as_str())
                .each(metrics, |rows, (name, metric, is_judged)| {
                    let cell = |id: &str, of: fn(&Pair) -> Cell| {
                        pair(id, metric).as_ref().map(of).unwrap_or_default()
                    };
                    rows.column(Heading::number(name), |one| cell(&one.id, difference))
                        .column(Heading::number("90% of worlds"), |one| {
                            cell(&one.id, |pair| range(&pair.difference()).into())
                        })
                        .column(Heading::number("higher in").goes(2), |one| {
                            cell(&one.id, |pair| pair.often().into())
                        })
                        .if_so(is_judged, |rows| {
                            rows.column(Heading::words("it is").goes(1), |one| {
                                cell(&one.id, |pair| {
                                    verdict(pair, |verdict| briefly(verdict.of_level()))
                                })
                            })
                        })
                });
            let id = format!("compared-hyperscalers-{}", at + 1);
            let (less, arm) = (less(one), code(arm.as_str()));
            let caption = say!("{} as {}: differences of hyperscalers, US$ bn", less, arm);
            rows.table(id, caption).into()
        });
        tables.collect()
    }

    /// Each scenario by itself: what its arms bring, and what they add to its reference.
    fn alone(self) -> Vec<Block> {
        let reference = &self.results.reference;
        let scenarios = &self.results.scenarios;
        let mut arms: Vec<&String> = Vec::new();
        for arm in scenarios.iter().flat_map(|one| &one.arms) {
            if !arms.contains(&arm) {
                arms.push(arm);
            }
        }
        let quote = |at: usize, path: String| {
            let stat = scenarios[at].results.get(&path).copied().flatten();
            stat.map(|stat| Quote::new(Some(stat), format!("scenarios.{at}.results.{path}")))
        };
        let payoff = |at, arm: &str| quote(at, format!("{arm}.total.payoff"));
        let added = |at, arm: &str| {
            let added = quote(at, format!("{arm}.total.payoff.difference"));
            added.filter(|_| arm != reference)
        };
        let cell = |quote: Option<Quote>, of: fn(&Quote) -> Span| -> Cell {
            quote.map_or_else(Cell::default, |quote| of(&quote).into())
        };
        let table = Rows::of(arms)
            .column(Heading::words("arm"), |&arm| code(arm.as_str()))
            .each(scenarios.iter().enumerate(), |rows, (at, scenario)| {
                let heading = Heading::number(scenario.label.as_str());
                rows.column(heading, |&arm| cell(payoff(at, arm), Quote::level))
                    .column(Heading::number("difference"), |&arm| {
                        cell(added(at, arm), Quote::difference)
                    })
                    .column(Heading::number("90% of worlds").below(), |&arm| {
                        added(at, arm).map_or_else(Text::new, |one| range(&one))
                    })
            });
        let caption = say!(
            "Payoff of all states in each scenario, and what each arm adds to {}, US$ bn",
            code(reference.as_str())
        );
        let table = Table {
            repeated: 1,
            ..table.table("alone", caption)
        };
        vec![table.into()]
    }

    /// What the scenarios say differently, at most so many keys of each.
    fn keys(self, most: usize) -> Vec<Block> {
        let of_one = self.each(|at, one| {
            let (scenario, first) = (&one.scenario, &one.reference);
            let said = |path: &str| !["name", "description"].contains(&path);
            let differs = one.differs.iter().filter(|(path, _)| said(path));
            let count = differs.clone().count();
            if count == 0 {
                let same = format!("{scenario} and {first} say the same.");
                return vec![paragraph(text![same])];
            }
            let value = |value: &str| match value {
                "absent" | "present" => plain(value),
                value => text![code(bare(value))],
            };
            let table = Rows::of(differs.take(most))
                .column(Heading::words("path"), |(path, _)| code(path.as_str()))
                .column(Heading::words(first), |(_, [before, _])| value(before))
                .column(Heading::words(scenario), |(_, [_, after])| value(after))
                .table(
                    format!("keys-{}", at + 1),
                    text![format!("What {scenario} says differently from {first}")],
                );
            let table = Table {
                words: true,
                ..table
            };
            let more = count.saturating_sub(most);
            let more = (more > 0).then(|| {
                note(text![format!(
                    "And {more} more keys, in results.json and with --json."
                )])
            });
            [table.into()].into_iter().chain(more).collect()
        });
        of_one.flatten().collect()
    }

    /// Which scenarios, and how to compare them again.
    fn run(self) -> Section {
        let (manifest, scenarios) = (&self.results.manifest, &self.results.scenarios);
        let table = Rows::of(scenarios)
            .column(Heading::words("scenario"), |one| one.label.as_str())
            .column(Heading::words("description"), |one| {
                one.description.as_str()
            })
            .column(Heading::words("SHA-256 after all layers"), |one| {
                code(one.scenario_sha256.as_str())
            })
            .table(
                "scenarios",
                text![format!(
                    "Scenarios, {}, seed {}, sampler {}",
                    worlds(manifest.trials),
                    manifest.seed,
                    manifest.sampler
                )],
            );
        let table = Table {
            words: true,
            ..table
        };
        let others = scenarios[1..].iter();
        let files = others.map(|one| format!("{}.resolved.toml", one.label));
        let command = format!("mufakat compare scenario.resolved.toml {}", words(files));
        let blocks = vec![
            table.into(),
            paragraph("To repeat it, in this directory:"),
            Block::Code { text: command },
        ];
        Section::new("run", "How it was run", blocks)
    }
}

/// Which scenario is compared with which.
fn less(comparison: &ScenarioComparison) -> String {
    format!("{} less {}", comparison.scenario, comparison.reference)
}

/// A verdict in short: what it adds about single worlds stands below the tables.
fn in_short(verdict: Verdict) -> &'static str {
    briefly(verdict.words())
}

/// A table that keeps all its columns where there is little room: words are broken instead.
fn kept(mut table: Table) -> Block {
    table.header.iter_mut().for_each(|column| column.goes = 0);
    table.into()
}
