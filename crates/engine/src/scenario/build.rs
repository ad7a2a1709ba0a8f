//! From a merged tree to a [`Model`]: checks every table, lays the numbers into their slots and reads the fixed rules.

use crate::engine::model::arm::{Arm, Mode, StateSet};
use crate::engine::model::words::Vocabulary;
use crate::engine::model::{
    Horizon, Identity, Model, Order, Others, Provenance, Sampler, Shadow, Simulation, Solution,
    TermMeasure, Uplift, dimension_paths,
};
use crate::scenario::check::{self, CheckedQuantity, Subject};
use crate::scenario::correlation::{self, Tied};
use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::numbers::{Numbers, numbers};
use crate::scenario::place::ScenarioNames;
use crate::scenario::schema::{Default, FileTable, MOST};
use crate::scenario::span::TextSpan;
use crate::scenario::survey::{entries, table};
use crate::scenario::tree::{TomlNode, TomlTable};
use crate::scenario::worlds::{self, Given};
use crate::scenario::{
    accord_choices, events, history, pedigree, question, rows, rules, survey, sweep, words,
};
use crate::theory::draws::copula::Correlation;
use crate::theory::spelling::listed;

/// Longest list that is checked in detail although it is too long: enough for any mistake that is not a wrong file.
const WORTH_CHECKING: usize = 1000;

/// Builds the model of a merged tree, collecting all problems; `stem` is the name of a scenario that gives none, `given` what columns decide.
pub(crate) fn build(
    root: &TomlTable,
    stem: &str,
    given: &[Given],
    problems: &mut Vec<Diagnostic>,
) -> Option<Model> {
    let names = survey::names(root);
    let counted = counts(root, &names, problems);
    if names.longest() > WORTH_CHECKING {
        return None;
    }
    let mut checked = Vec::new();
    check_single(root, FileTable::Root, &names, problems);
    for &section in FileTable::TABLES {
        match section {
            FileTable::Sweep => sweep::check(root, &names, problems),
            FileTable::Question => question::check(root, &names, problems),
            FileTable::History => history::check(root, &names, problems),
            FileTable::Accords => accord_choices::check(root, &names, problems),
            FileTable::Pedigree => pedigree::check(root, &names, problems),
            _ if section.is_list() => check_list(root, section, &names, problems, &mut checked),
            _ => {
                for found in check_single(root, section, &names, problems) {
                    checked.push((section, [0, 0], found));
                }
            }
        }
    }
    if !counted {
        return None;
    }
    let numbers = numbers(&names, checked);
    rules::check(root, &names, &numbers, problems);
    let horizon = horizon(root);
    let mut tied = correlation::read(root, &names, &numbers, problems);
    worlds::warn_of_ties(given, &names, &numbers, &tied.pairs, problems);
    let events = events::read(root, &names, &numbers, horizon, &mut tied.shadows, problems);
    let ranks = ranks(&numbers, &tied);
    let copula = correlation::copula(&tied, &numbers, |position| ranks[position], problems);
    let drawn = rows::read(root, &numbers, tied.shadows.len(), problems);
    if problems.iter().any(Diagnostic::is_error) {
        return None;
    }
    let mut model = assemble(root, stem, &names, numbers, horizon, events);
    model.correlation = copula;
    drawn
        .blocks
        .into_iter()
        .for_each(|block| model.correlation.add_rows(block));
    let shadows = tied.shadows.into_iter().chain(drawn.paths);
    let shadows = shadows.map(|path| Shadow { path, dimension: 0 });
    model.shadows = shadows.collect();
    let paths = dimension_paths([&model]);
    model.number_dimensions(&paths);
    Some(model)
}

/// The place of each uncertain quantity, then of each shadow, by their paths.
fn ranks(numbers: &Numbers, tied: &Tied) -> Vec<usize> {
    let uncertain = numbers.uncertain.iter().map(|one| &one.path);
    let paths: Vec<&String> = uncertain.chain(&tied.shadows).collect();
    let mut ordered = paths.clone();
    ordered.sort_unstable();
    let rank = |path| ordered.partition_point(|other| *other < path);
    paths.into_iter().map(rank).collect()
}

/// Whether there are as many states, hyperscalers, terms, arms and events as there may be.
fn counts(root: &TomlTable, names: &ScenarioNames, problems: &mut Vec<Diagnostic>) -> bool {
    let mut valid = true;
    for (section, most) in [
        (FileTable::State, MOST),
        (FileTable::Hyperscaler, MOST),
        (FileTable::Term, MOST),
        (FileTable::Arm, MOST),
        (FileTable::Event, WORTH_CHECKING),
    ] {
        let count = names.ids(section).len();
        let least = usize::from(matches!(section, FileTable::State | FileTable::Hyperscaler));
        if count > most {
            let (span, _) = entries(root, section).nth(most).expect("there are more");
            let message = format!(
                "{count} {} entries: at most {most} are allowed",
                section.name()
            );
            let problem = Diagnostic::error(DiagnosticKind::TooMany, span, message);
            problems.push(problem.label(format!("this is number {}", most + 1)));
        } else if count < least {
            let message = format!("no {}s: a scenario needs at least one", section.name());
            let problem = Diagnostic::error(DiagnosticKind::Missing, beginning(), message);
            problems.push(problem.help(format!("add an entry {}", section.title())));
        } else {
            continue;
        }
        valid = false;
    }
    valid
}

/// The start of the scenario's own file, where what is missing as a whole is reported.
fn beginning() -> TextSpan {
    TextSpan {
        layer: 0,
        start: 0,
        end: 0,
    }
}

fn check_single(
    root: &TomlTable,
    section: FileTable,
    names: &ScenarioNames,
    problems: &mut Vec<Diagnostic>,
) -> Vec<CheckedQuantity> {
    let place = match section {
        FileTable::Root => Some((beginning(), root)),
        _ => table(root, section),
    };
    let Some((header, table)) = place else {
        if section.is_required() {
            let message = format!("the scenario needs the table {}", section.title());
            let problem = Diagnostic::error(DiagnosticKind::Missing, beginning(), message);
            let keys = section.keys().iter();
            let required = keys.filter(|key| key.default == Default::Required);
            let required: Vec<&str> = required.map(|key| key.name).collect();
            let required = listed(&required);
            problems.push(problem.help(format!("its required keys: {required}")));
        }
        return Vec::new();
    };
    let subject = Subject {
        section,
        table,
        header,
        path: section.name(),
        mode: None,
    };
    check::check(subject, names, problems)
}

fn check_list(
    root: &TomlTable,
    section: FileTable,
    names: &ScenarioNames,
    problems: &mut Vec<Diagnostic>,
    checked: &mut Vec<(FileTable, [usize; 2], CheckedQuantity)>,
) {
    for (position, (header, table)) in entries(root, section).enumerate() {
        let path = entry_path(section, table);
        let mode = match section {
            FileTable::Arm => names.arms.get(position).and_then(|(_, mode)| *mode),
            _ => None,
        };
        let subject = Subject {
            section,
            table,
            header,
            path: &path,
            mode,
        };
        let before = problems.len();
        let found = check::check(subject, names, problems);
        say_what_was_meant(root, subject, before, problems);
        let Some(at) = positions(section, table, position, names) else {
            continue;
        };
        checked.extend(found.into_iter().map(|found| (section, at, found)));
    }
}

/// Findings before which it is said what an entry was probably meant to change.
const MOST_MEANT: usize = 100;

/// An entry that lacks keys while other layers have entries beside it was probably to change one of those: says so once
/// instead of naming each key that it lacks. Its problems begin at `before`.
fn say_what_was_meant(
    root: &TomlTable,
    subject: Subject<'_>,
    before: usize,
    problems: &mut Vec<Diagnostic>,
) {
    let section = subject.section;
    let &[key] = section.identity() else {
        return;
    };
    let is_lack = |problem: &Diagnostic| {
        problem.kind == DiagnosticKind::Missing && problem.span() == subject.header
    };
    // Past so many findings nobody reads what else was meant, and looking for it takes as long as the list each time.
    if before > MOST_MEANT || !problems[before..].iter().any(is_lack) {
        return;
    }
    let id = |table: &TomlTable| Some(table.get(key)?.node.text()?.to_owned());
    let others = entries(root, section).filter(|(header, _)| header.layer != subject.header.layer);
    let others: Vec<String> = others.filter_map(|(_, table)| id(table)).collect();
    let (Some(own), false) = (id(subject.table), others.is_empty()) else {
        return;
    };
    let rest: Vec<Diagnostic> = problems
        .drain(before..)
        .filter(|one| !is_lack(one))
        .collect();
    let others: Vec<&str> = others.iter().map(String::as_str).collect();
    let message = format!(
        "there is no {0} `{own}` to change, and a new {0} needs more keys",
        section.name()
    );
    let span = subject.table[key].node.span;
    problems
        .push(Diagnostic::error(DiagnosticKind::Dangling, span, message).suggest(&own, &others));
    problems.extend(rest);
}

/// The path of an entry as written: "state.SG", "pair.MY.MSFT".
fn entry_path(section: FileTable, table: &TomlTable) -> String {
    if section == FileTable::Correlation {
        return section.name().to_owned();
    }
    let header = beginning();
    let parts = crate::scenario::layers::identity(section, table, header).unwrap_or_default();
    format!("{}.{}", section.name(), parts.join("."))
}

/// The positions of the ids that an entry belongs to, none where one is unknown.
fn positions(
    section: FileTable,
    table: &TomlTable,
    position: usize,
    names: &ScenarioNames,
) -> Option<[usize; 2]> {
    let text = |key: &str| table.get(key).and_then(|item| item.node.text());
    match section {
        FileTable::Pair => Some([
            names.find(FileTable::State, text("state")?)?,
            names.find(FileTable::Hyperscaler, text("hyperscaler")?)?,
        ]),
        FileTable::Link => {
            let ends = table.get("between")?.node.array()?;
            let end = |node: &TomlNode| names.find(FileTable::State, node.text()?);
            Some([end(ends.first()?)?, end(ends.get(1)?)?])
        }
        _ => Some([position, 0]),
    }
}

fn text<'a>(table: &'a TomlTable, key: &str) -> Option<&'a str> {
    table.get(key)?.node.text()
}

/// The choice that a key names.
fn word<V: Vocabulary>(table: &TomlTable, key: &str) -> Option<V> {
    V::from_key(text(table, key)?)
}

fn number(table: &TomlTable, key: &str) -> Option<f64> {
    table.get(key)?.node.number()
}

fn integer(table: &TomlTable, key: &str) -> Option<u64> {
    table.get(key)?.node.integer()?.try_into().ok()
}

/// The calendar; placeholders where it is not valid.
fn horizon(root: &TomlTable) -> Horizon {
    let empty = TomlTable::new();
    let table = table(root, FileTable::Horizon).map_or(&empty, |(_, table)| table);
    let start_year = number(table, "start_year").unwrap_or(0.0);
    Horizon {
        start_year,
        windows: integer(table, "windows").map_or(1, |windows| windows as usize),
        window_years: number(table, "window_years")
            .filter(|&years| years > 0.0)
            .unwrap_or(1.0),
        price_year: number(table, "price_year").unwrap_or(start_year),
    }
}

fn assemble(
    root: &TomlTable,
    stem: &str,
    names: &ScenarioNames,
    numbers: Numbers,
    horizon: Horizon,
    events: Vec<crate::engine::model::Event>,
) -> Model {
    let empty = TomlTable::new();
    let find = |section| table(root, section).map_or(&empty, |(_, table)| table);
    let (market, bargaining) = (find(FileTable::Market), find(FileTable::Bargaining));
    let simulation = find(FileTable::Simulation);
    let transfers = bargaining
        .get("transfers")
        .and_then(|item| item.node.boolean());
    let arms = entries(root, FileTable::Arm).map(|(_, table)| arm(table, names));
    let hosted = hosted(root, names);
    Model {
        name: text(root, "name").unwrap_or(stem).to_owned(),
        description: text(root, "description").unwrap_or_default().to_owned(),
        question: question::read(root, names),
        words: words::read(root),
        history: history::read(root),
        states: identities(root, FileTable::State),
        hyperscalers: identities(root, FileTable::Hyperscaler),
        terms: identities(root, FileTable::Term),
        measures: entries(root, FileTable::Term)
            .map(|(_, table)| measure(table))
            .collect(),
        hosted,
        arms: arms.collect(),
        horizon,
        uplift: word(market, "uplift_is").unwrap_or(Uplift::Growth),
        solution: word(bargaining, "solution").unwrap_or(Solution::Nash),
        transfers: transfers.unwrap_or(false),
        order: word(bargaining, "order").unwrap_or(Order::Random),
        others: word(bargaining, "others").unwrap_or(Others::NashInNash),
        simulation: Simulation {
            trials: integer(simulation, "trials").unwrap_or(1000),
            seed: integer(simulation, "seed").unwrap_or(1),
            sampler: text(simulation, "sampler")
                .and_then(Sampler::named)
                .unwrap_or(Sampler::Random),
        },
        pedigree: pedigree::read(root, names, &numbers.layout, &numbers.uncertain),
        layout: numbers.layout,
        base: numbers.base,
        uncertain: numbers.uncertain,
        correlation: Correlation::default(),
        shadows: Vec::new(),
        events,
        provenance: numbers.provenance,
    }
}

fn identities(root: &TomlTable, section: FileTable) -> Vec<Identity> {
    let identities = entries(root, section).map(|(_, table)| {
        let id = text(table, "id").unwrap_or_default();
        Identity {
            id: id.to_owned(),
            name: text(table, "name").unwrap_or(id).to_owned(),
            home: text(table, "home").unwrap_or_default().to_owned(),
        }
    });
    identities.collect()
}

/// What the levels of a term are in the world, if it says its unit.
fn measure(table: &TomlTable) -> Option<TermMeasure> {
    let said = |key: &str| text(table, key).map(str::to_owned);
    let id = text(table, "id").unwrap_or_default();
    Some(TermMeasure {
        unit: said("unit")?,
        at_zero: number(table, "at_zero").unwrap_or(0.0),
        at_one: number(table, "at_one").unwrap_or(1.0),
        per_bn: table.get("per_bn").and_then(|item| item.node.boolean()) == Some(true),
        provenance: Provenance {
            path: format!("term.{id}.at_one"),
            source: said("unit_source"),
            grade: said("unit_grade"),
            unit: said("unit"),
            note: said("unit_note"),
        },
    })
}

/// Per hyperscaler, the states that host it before the first window.
fn hosted(root: &TomlTable, names: &ScenarioNames) -> Vec<StateSet> {
    let mut hosted = vec![0; names.hyperscalers.len()];
    for (position, (_, table)) in entries(root, FileTable::Pair).enumerate() {
        let is_host = table.get("hosted").and_then(|item| item.node.boolean());
        if let (Some(true), Some([i, h])) =
            (is_host, positions(FileTable::Pair, table, position, names))
        {
            hosted[h] |= 1 << i;
        }
    }
    hosted
}

fn arm(table: &TomlTable, names: &ScenarioNames) -> Arm {
    let mut arm = Arm::new(
        text(table, "name").unwrap_or_default(),
        word(table, "mode").unwrap_or(Mode::Bilateral),
        names.states.len(),
    );
    let boolean = |key: &str| table.get(key).and_then(|item| item.node.boolean());
    let count = |key: &str| integer(table, key).map(|value| value as u32);
    if let Some(item) = table.get("members") {
        let members = check::members(&item.node, "members", names, &mut Vec::new());
        arm.members = members.unwrap_or(arm.members);
    }
    arm.table = arm.members;
    if let Some(item) = table
        .get("table")
        .filter(|item| item.node.array().is_some())
    {
        let seated = check::members(&item.node, "table", names, &mut Vec::new());
        arm.table = seated.unwrap_or(arm.table);
    }
    arm.title = text(table, "title").unwrap_or(&arm.name).to_owned();
    arm.what = text(table, "what").unwrap_or_default().to_owned();
    arm.joining = word(table, "join").unwrap_or(arm.joining);
    arm.rule = word(table, "rule").unwrap_or(arm.rule);
    arm.weights = word(table, "weights").unwrap_or(arm.weights);
    arm.turn = word(table, "turn").unwrap_or(arm.turn);
    arm.sharing = word(table, "sharing").unwrap_or(arm.sharing);
    arm.lead = text(table, "lead").and_then(|id| names.find(FileTable::State, id));
    arm.opt_outs = count("opt_outs").unwrap_or(arm.opt_outs);
    arm.max_rounds = count("max_rounds").unwrap_or(arm.max_rounds);
    arm.shortlist = count("shortlist");
    arm.defection = boolean("defection").unwrap_or(arm.defection);
    arm.standing = boolean("standing").unwrap_or(arm.standing);
    arm.cover_all = boolean("cover_all").unwrap_or(arm.cover_all);
    arm.annexes = boolean("annexes").unwrap_or(arm.annexes);
    arm
}
