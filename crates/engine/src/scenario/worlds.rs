//! Worlds that are given: a table with a column for each quantity that it decides, whose row k is trial k.
//!
//! Each column is laid over the scenario as a distribution of its numbers with `rows = "listed"`, so that whatever comes after needs to know
//! nothing of it: draws, results and the resolved scenario have it as any other uncertain quantity. A column `event.NAME.came` of 0 and 1
//! becomes the list `came` of the event. What is no column stays as it is.

use crate::engine::model::event_of_draw;
use crate::engine::model::layout::Layout;
use crate::scenario::correlation::{is_distribution, written};
use crate::scenario::csv::{DataTable, NumberColumn};
use crate::scenario::data::column_item;
use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::file_name::bare_name;
use crate::scenario::layers::LayerStack;
use crate::scenario::numbers::Numbers;
use crate::scenario::overrides::{layer, path_problem, set_number};
use crate::scenario::path;
use crate::scenario::place::{Place, ScenarioNames};
use crate::scenario::quantity::ORIGIN;
use crate::scenario::schema::{FileTable, Form};
use crate::scenario::shape::{EMPIRICAL, names_rows};
use crate::scenario::source::Source;
use crate::scenario::span::TextSpan;
use crate::scenario::survey;
use crate::scenario::tree::{Item, TomlNode, TomlTable, TomlValue};
use crate::theory::draws::copula::CorrelatedPair;
use crate::theory::spelling::{listed, nearest};

/// The column of tables of ours that numbers the worlds.
const TRIAL: &str = "trial";

/// Most quantities that a warning lists.
const MOST_LISTED: usize = 8;

/// What a column decides: a quantity, or whether an event comes.
pub(crate) struct Given {
    place: Place,
    /// The name of its column.
    span: TextSpan,
    /// The file whose rows it was drawn with before.
    rows: Option<String>,
}

/// Lays the worlds of a table over the scenario, which plays as many as there are unless a stronger layer says otherwise; returns what they decide.
pub(crate) fn lay(stack: &mut LayerStack, worlds: &Source) -> Vec<Given> {
    let number = stack.push(worlds.clone());
    let mut seen: Vec<Given> = Vec::new();
    let table = match DataTable::parse(number, worlds) {
        Ok(table) => table,
        Err(problem) => {
            stack.problems.push(problem);
            return seen;
        }
    };
    set_number(stack, "--worlds", "simulation.trials", table.rows as u64);
    let names = survey::names(&stack.root);
    for index in 0..table.header.len() {
        if let Err(problem) = lay_column(stack, &names, &table, index, &worlds.text, &mut seen) {
            stack.problems.push(problem);
        }
    }
    seen
}

/// Warns of ties that end where a quantity is given: what it is correlated with, or drawn in one row with, is drawn as it would be without the
/// column, and so independently of it, unless it is given too.
pub(crate) fn warn_of_ties(
    given: &[Given],
    names: &ScenarioNames,
    numbers: &Numbers,
    correlated: &[CorrelatedPair],
    problems: &mut Vec<Diagnostic>,
) {
    let is_listed = |slot: usize| {
        let mut rows = numbers.rows.iter();
        rows.any(|(of, rows)| *of == slot && rows.listed)
    };
    for one in given {
        let slot = one.place.slot().map(|slot| numbers.layout.index(slot));
        let uncertain = &numbers.uncertain;
        let position = uncertain.iter().position(|other| Some(other.slot) == slot);
        // What a stronger layer sets is as it says.
        let Some(position) = position.filter(|&at| is_listed(uncertain[at].slot)) else {
            continue;
        };
        let by_rho = correlated.iter().filter_map(|pair| match pair.of {
            _ if pair.rho == 0.0 => None,
            [a, b] if a == position => Some(b),
            [a, b] if b == position => Some(a),
            _ => None,
        });
        let by_rho = by_rho
            .filter_map(|at| uncertain.get(at))
            .map(|one| one.slot);
        let of_file = numbers.rows.iter();
        let of_file = of_file.filter(|(_, rows)| Some(&rows.file) == one.rows.as_ref());
        let mut tied: Vec<usize> = by_rho.chain(of_file.map(|(slot, _)| *slot)).collect();
        tied.retain(|&slot| !is_listed(slot));
        tied.sort_unstable();
        let paths = uncertain.iter().filter(|one| tied.contains(&one.slot));
        let paths: Vec<&str> = paths.map(|one| one.path.as_str()).collect();
        if !paths.is_empty() {
            problems.push(lost(&one.place.path(names), one.span, &paths));
        }
    }
}

/// Warns that what is set at `place` takes the place of a column: a number that of its draws, the probability of an event that of where it comes.
pub(crate) fn replaced(
    given: &[Given],
    names: &ScenarioNames,
    place: &Place,
    span: TextSpan,
) -> Option<Diagnostic> {
    let is_its = |one: &&Given| {
        let of_event = place.section == FileTable::Event && place.key.name == "probability";
        let same_event = of_event && one.place.section == place.section;
        one.place == *place || same_event && one.place.at == place.at
    };
    let column = given.iter().find(is_its)?;
    let (set, given) = (place.path(names), column.place.path(names));
    let message = format!("`--set {set}` takes the place of the column `{given}` of --worlds");
    let problem = Diagnostic::warning(DiagnosticKind::Inconsistent, span, message);
    let problem = problem
        .label("this is played")
        .also(column.span, "this is not");
    Some(problem.help(format!(
        "leave out `--set {set}` to play the column; leave out the column to be rid of this warning"
    )))
}

/// The warning that the ties of a given quantity to others are gone.
fn lost(path: &str, span: TextSpan, tied: &[&str]) -> Diagnostic {
    let more = tied.len().saturating_sub(MOST_LISTED);
    let mut others = listed(&tied[..tied.len() - more]);
    if more > 0 {
        others += &format!(" and {more} more");
    }
    let (is, them) = match tied.len() {
        1 => ("is", "it"),
        _ => ("are", "them"),
    };
    let message =
        format!("`{path}` is tied to {others}, which {is} drawn as if independent of this column");
    let problem = Diagnostic::warning(DiagnosticKind::Inconsistent, span, message);
    problem
        .label("given without what it is tied to")
        .help(format!("give {them} as columns too: `mufakat run SCENARIO --design FILE` writes all of them, drawn together"))
}

fn lay_column(
    stack: &mut LayerStack,
    names: &ScenarioNames,
    table: &DataTable,
    index: usize,
    text: &str,
    seen: &mut Vec<Given>,
) -> Result<(), Diagnostic> {
    let (name, span) = &table.header[index];
    if name == TRIAL {
        return counts(table, index, text);
    }
    if let Some(event) = event_of_draw(name) {
        let place = event_place(names, name, event, *span)?;
        let column = table.column(index, text)?;
        is_or_not(&column)?;
        seen.push(Given {
            place,
            span: *span,
            rows: None,
        });
        stack.lay(layer(names, &place, column_item(column, *span).node, *span));
        return Ok(());
    }
    let places = places(names, name, *span)?;
    for place in &places {
        if let Some(first) = seen.iter().find(|other| other.place == *place) {
            let message = format!("`{}` is given by two columns", place.path(names));
            let problem = Diagnostic::error(DiagnosticKind::Duplicate, *span, message);
            return Err(problem.label("again here").also(first.span, "first here"));
        }
        seen.push(Given {
            place: *place,
            span: *span,
            rows: written(&stack.root, names, place).and_then(drawn_file),
        });
    }
    let column = column_item(table.column(index, text)?, *span);
    for place in places {
        let before = written(&stack.root, names, &place);
        let quantity = quantity(table, name, *span, column.clone(), before);
        stack.lay(layer(names, &place, quantity, *span));
    }
    Ok(())
}

/// The quantities that a column decides.
fn places(names: &ScenarioNames, name: &str, span: TextSpan) -> Result<Vec<Place>, Diagnostic> {
    let places = path::parse(name).and_then(|segments| path::expand(names, &segments));
    let places = places.map_err(|error| {
        let near = nearest_path(names, name);
        let mut problem = path_problem(error, span);
        if let Some(near) = near {
            problem = problem.label(format!("did you mean `{near}`?"));
            problem.help.clear();
        }
        problem.help("a column is named by the path of a quantity, such as market.diversion or state.SG.talent; `mufakat show SCENARIO --origin` lists those that are written")
    })?;
    let is_quantity = |place: &Place| {
        place.term.is_some() || matches!(place.key.form, Form::Quantity(_) | Form::QuantityOr(..))
    };
    match places
        .iter()
        .all(|place| is_quantity(place) && place.slot().is_some())
    {
        true => Ok(places),
        false => {
            let message = format!("`{name}` is fixed: it is the same in every world");
            let problem = Diagnostic::error(DiagnosticKind::WrongType, span, message);
            Err(problem.label("no quantity").help(format!(
                "leave this column out, and set it with -S {name}=..."
            )))
        }
    }
}

/// Where it is listed whether an event comes.
fn event_place(
    names: &ScenarioNames,
    name: &str,
    event: &str,
    span: TextSpan,
) -> Result<Place, Diagnostic> {
    let Some(position) = names.find(FileTable::Event, event) else {
        let message = format!("`{name}`: there is no event `{event}`");
        let problem = Diagnostic::error(DiagnosticKind::Dangling, span, message);
        let known: Vec<&str> = names.ids(FileTable::Event);
        return Err(problem.suggest(event, &known));
    };
    Ok(Place {
        section: FileTable::Event,
        at: [position, 0],
        key: FileTable::Event.key("came").expect("a key of the file"),
        term: None,
    })
}

/// An error if a cell is neither 0 nor 1.
fn is_or_not(column: &NumberColumn) -> Result<(), Diagnostic> {
    let mut cells = column.numbers.iter().enumerate();
    match cells.find(|(_, number)| ![0.0, 1.0].contains(*number)) {
        None => Ok(()),
        Some((row, _)) => {
            let message = format!("row {}, {}: expected 0 or 1", row + 1, column.title);
            let problem = Diagnostic::error(DiagnosticKind::OutOfRange, column.span(row), message);
            Err(problem
                .label("this is neither")
                .help("1 where the event comes, 0 where it does not"))
        }
    }
}

/// The path of a quantity that is most like a word.
fn nearest_path(names: &ScenarioNames, word: &str) -> Option<String> {
    let layout = Layout {
        states: names.states.len(),
        hyperscalers: names.hyperscalers.len(),
        terms: names.terms.len(),
        arms: names.arms.len(),
    };
    let places = layout.slots().map(Place::of);
    let known = places.filter(|place| place.key.known_to(names.mode(place.section, place.at[0])));
    let paths: Vec<String> = known.map(|place| place.path(names)).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    nearest(word, &paths).map(str::to_owned)
}

/// The file, without its directories, whose rows a quantity is drawn with.
fn drawn_file(quantity: &TomlNode) -> Option<String> {
    let table = quantity.table().filter(|table| names_rows(table))?;
    let text = |key: &str| table.get(key)?.node.text();
    let is_drawn = text("rows") != Some("listed");
    text("file").filter(|_| is_drawn).map(bare_name)
}

/// A column of a table as a quantity: what is known of its source, unit and grade is that of the quantity that it takes the place of.
fn quantity(
    table: &DataTable,
    name: &str,
    span: TextSpan,
    values: Item,
    before: Option<&TomlNode>,
) -> TomlNode {
    let at = |value: TomlValue| TomlNode { value, span };
    let text = |text: &str| TomlValue::Text(text.to_owned());
    let mut keys = vec![
        ("dist", text(EMPIRICAL)),
        ("file", text(&table.file)),
        ("column", text(name)),
        ("rows", text("listed")),
    ];
    if !before.is_some_and(is_distribution) {
        keys.push(("design", TomlValue::Boolean(false)));
    }
    let keys = keys.into_iter().map(|(key, value)| {
        let node = at(value);
        (key.to_owned(), Item { key: span, node })
    });
    let mut quantity: TomlTable = keys.collect();
    quantity.insert("values".to_owned(), values);
    let before = before.and_then(TomlNode::table);
    for &key in ORIGIN {
        if let Some(item) = before.and_then(|before| before.get(key)) {
            quantity.insert(key.to_owned(), item.clone());
        }
    }
    at(TomlValue::Table(quantity))
}

/// A column `trial` must count the rows, from 0.
fn counts(table: &DataTable, index: usize, text: &str) -> Result<(), Diagnostic> {
    let column = table.column(index, text)?;
    let wrong = column
        .numbers
        .iter()
        .enumerate()
        .find(|&(row, &number)| number != row as f64);
    match wrong {
        None => Ok(()),
        Some((row, _)) => {
            let message = format!(
                "row {}, {}: expected {row}, since row k is trial k, from 0",
                row + 1,
                column.title
            );
            let problem = Diagnostic::error(DiagnosticKind::OutOfRange, column.span(row), message);
            Err(problem.help("sort the rows, or leave this column out"))
        }
    }
}
