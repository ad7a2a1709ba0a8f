//! A quantity as written, a number or the table of a distribution, checked against its range.

use crate::engine::model::keys::Range;
use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::shape::{DistributionSyntax, EMPIRICAL, POINTS, SHAPES, build, names_rows};
use crate::scenario::span::TextSpan;
use crate::scenario::tree::{TomlNode, TomlTable, TomlValue};
use crate::theory::draws::distribution::Distribution;
use crate::theory::spelling::listed;

/// A checked quantity.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WrittenQuantity {
    pub value: Amount,
    /// The rows of a file that it is drawn with, if it is.
    pub rows: Option<WrittenRows>,
    pub origin: QuantityOrigin,
}

/// A number, or what it is drawn from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Amount {
    Constant(f64),
    Uncertain(Distribution),
}

/// A column of a file whose rows are drawn whole.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WrittenRows {
    /// Name of the file, without its directories.
    pub file: String,
    /// Whether trials take the rows one after the other; else a row is drawn.
    pub listed: bool,
    /// Whether it keeps its number in designs that number their dimensions.
    pub numbered: bool,
    pub values: Vec<f64>,
    /// Where the file is named.
    pub span: TextSpan,
}

/// Where a number comes from, as written beside it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct QuantityOrigin {
    pub source: Option<String>,
    pub grade: Option<String>,
    pub unit: Option<String>,
    pub note: Option<String>,
}

/// Keys of a quantity's table that say where it comes from.
pub(crate) const ORIGIN: &[&str] = &["source", "grade", "unit", "note"];

/// Grades of a source.
pub(crate) const GRADES: &[&str] = &["A", "B", "C", "S", "judgement"];

/// Reads the quantity at `path`, whose value and draws must keep `range`.
pub(crate) fn read(
    node: &TomlNode,
    path: &str,
    range: Range,
    problems: &mut Vec<Diagnostic>,
) -> Option<WrittenQuantity> {
    let reader = QuantityReader {
        path,
        range,
        problems,
    };
    reader.quantity(node)
}

/// Checks a plain number at `path` against its range; false and true count as 0 and 1 for a switch.
pub(crate) fn read_number(
    node: &TomlNode,
    path: &str,
    range: Range,
    problems: &mut Vec<Diagnostic>,
) -> Option<f64> {
    let mut reader = QuantityReader {
        path,
        range,
        problems,
    };
    reader.constant(node)
}

/// What reads the quantity at a path.
pub(crate) struct QuantityReader<'a> {
    pub path: &'a str,
    pub range: Range,
    pub problems: &'a mut Vec<Diagnostic>,
}

impl QuantityReader<'_> {
    fn quantity(mut self, node: &TomlNode) -> Option<WrittenQuantity> {
        let Some(table) = node.table() else {
            return self.constant(node).map(|value| WrittenQuantity {
                value: Amount::Constant(value),
                rows: None,
                origin: QuantityOrigin::default(),
            });
        };
        let origin = self.origin(table);
        let value = if let Some(item) = table.get("value") {
            let known = self.only(table, &["value"], "a number with `value`");
            let value = self.constant(&item.node)?;
            known.then_some((Amount::Constant(value), None))
        } else if names_rows(table) {
            let drawn = self.of_rows(node, table);
            drawn.map(|(distribution, rows)| (Amount::Uncertain(distribution), Some(rows)))
        } else {
            let drawn = self.distribution(node, table);
            drawn.map(|distribution| (Amount::Uncertain(distribution), None))
        };
        let (value, rows) = value?;
        Some(WrittenQuantity {
            value,
            rows,
            origin: origin?,
        })
    }

    fn constant(&mut self, node: &TomlNode) -> Option<f64> {
        let value = match node.value {
            TomlValue::Boolean(value) if self.range == Range::Switch => f64::from(u8::from(value)),
            _ => match node.number() {
                Some(value) => value,
                None => {
                    self.problem(
                        DiagnosticKind::WrongType,
                        node,
                        format!("this is {}", node.describe()),
                    );
                    return None;
                }
            },
        };
        if self.range.contains(value) {
            Some(value)
        } else {
            let text = if value.is_finite() {
                "out of range".to_owned()
            } else {
                "not a finite number".to_owned()
            };
            self.problem(DiagnosticKind::OutOfRange, node, text);
            None
        }
    }

    fn problem(&mut self, kind: DiagnosticKind, node: &TomlNode, label: String) {
        let message = format!("`{}` must be {}", self.path, self.range.describe());
        self.problems
            .push(Diagnostic::error(kind, node.span, message).label(label));
    }

    /// Whether the table has no keys but `known` and those of the origin.
    pub fn only(&mut self, table: &TomlTable, known: &[&str], whose: &str) -> bool {
        let known: Vec<&str> = known.iter().chain(ORIGIN).copied().collect();
        let mut clean = true;
        for (name, item) in table {
            if !known.contains(&name.as_str()) {
                let message = format!("`{}`: {whose} has no key `{name}`", self.path);
                let problem = Diagnostic::error(DiagnosticKind::UnknownKey, item.key, message);
                self.problems.push(problem.suggest(name, &known));
                clean = false;
            }
        }
        clean
    }

    fn origin(&mut self, table: &TomlTable) -> Option<QuantityOrigin> {
        let mut valid = true;
        let mut text = |name: &str| {
            let node = &table.get(name)?.node;
            let text = node.text().map(str::to_owned);
            if text.is_none() {
                let message = format!("`{name}` of `{}` must be a string", self.path);
                self.problems.push(
                    Diagnostic::error(DiagnosticKind::WrongType, node.span, message)
                        .label(format!("this is {}", node.describe())),
                );
                valid = false;
            }
            text
        };
        let origin = QuantityOrigin {
            source: text("source"),
            grade: text("grade"),
            unit: text("unit"),
            note: text("note"),
        };
        if let Some(grade) = &origin.grade
            && !GRADES.contains(&grade.as_str())
        {
            let message = format!(
                "`grade` of `{}` must be one of {}",
                self.path,
                listed(GRADES)
            );
            let problem = Diagnostic::error(
                DiagnosticKind::UnknownWord,
                table["grade"].node.span,
                message,
            );
            self.problems.push(problem.label("unknown grade"));
            valid = false;
        }
        valid.then_some(origin)
    }

    fn distribution(&mut self, node: &TomlNode, table: &TomlTable) -> Option<Distribution> {
        let shape = self.shape(node, table)?;
        let points = POINTS.iter().any(|point| table.contains_key(*point));
        let (required, optional) = if points {
            (POINTS, &[][..])
        } else {
            (shape.required, shape.optional)
        };
        let mut known = vec!["dist"];
        known.extend(required.iter().chain(optional));
        let whose = with_article(shape.dist);
        let mut valid = self.only(table, &known, &whose);
        for name in required {
            if !table.contains_key(*name) {
                let message = format!("`{}`: {whose} needs the key `{name}`", self.path);
                let problem = Diagnostic::error(DiagnosticKind::Missing, node.span, message);
                let or = match shape.dist {
                    EMPIRICAL => ", or `file` and `column` of a CSV file",
                    _ => "",
                };
                self.problems
                    .push(problem.label(format!("add `{name} = ...`{or}")));
                valid = false;
            }
        }
        let mut parameters = Vec::new();
        for name in required.iter().chain(optional) {
            if let Some(item) = table.get(*name) {
                match self.parameter(name, &item.node) {
                    Some(values) => parameters.push((*name, values)),
                    None => valid = false,
                }
            }
        }
        if !valid {
            return None;
        }
        if shape.dist == EMPIRICAL
            && self.range != Range::Switch
            && let (Some(item), [(_, values)]) = (table.get("values"), &parameters[..])
            && values.iter().all(|value| value.is_finite())
            && !self.all_in_range(&item.node, values)
        {
            return None;
        }
        let distribution = self.built(node, shape.dist, points, &parameters)?;
        self.in_range(node, shape.dist, distribution)
    }

    /// The distribution of checked parameters, if they make one.
    pub fn built(
        &mut self,
        node: &TomlNode,
        dist: &str,
        points: bool,
        parameters: &[(&str, Vec<f64>)],
    ) -> Option<Distribution> {
        match build(dist, points, parameters) {
            Ok(distribution) => Some(distribution),
            Err(error) => {
                let message = format!("`{}` is not a distribution: {error}", self.path);
                let problem = Diagnostic::error(DiagnosticKind::Distribution, node.span, message);
                self.problems.push(problem.label("impossible parameters"));
                None
            }
        }
    }

    fn shape(&mut self, node: &TomlNode, table: &TomlTable) -> Option<&'static DistributionSyntax> {
        let points = POINTS.iter().any(|point| table.contains_key(*point));
        let words: Vec<&str> = SHAPES.iter().map(|shape| shape.dist).collect();
        let Some(item) = table.get("dist") else {
            if points {
                return SHAPES.iter().find(|shape| shape.dist == "lognormal");
            }
            let message = format!(
                "`{}` must be {}, or say how it is distributed",
                self.path,
                self.range.describe()
            );
            let problem = Diagnostic::error(DiagnosticKind::Missing, node.span, message)
                .label("this table has neither `value` nor `dist` nor `p05` and `p95`")
                .help(format!("distributions: {}", listed(&words)));
            self.problems.push(problem);
            return None;
        };
        let Some(word) = item.node.text() else {
            let message = format!("`dist` of `{}` must be a string", self.path);
            let problem = Diagnostic::error(DiagnosticKind::WrongType, item.node.span, message);
            self.problems
                .push(problem.label(format!("this is {}", item.node.describe())));
            return None;
        };
        let found = SHAPES.iter().find(|shape| shape.dist == word);
        if found.is_none() {
            let message = format!("`{}`: there is no distribution \"{word}\"", self.path);
            let problem = Diagnostic::error(DiagnosticKind::UnknownWord, item.node.span, message);
            self.problems.push(problem.suggest(word, &words));
        }
        let by_points = matches!(word, "normal" | "lognormal");
        match found {
            Some(_) if points && !by_points => {
                let message = format!(
                    "`{}`: `p05` and `p95` make a lognormal or a normal distribution",
                    self.path
                );
                let problem =
                    Diagnostic::error(DiagnosticKind::Distribution, item.node.span, message);
                self.problems.push(problem.label("not by two points"));
                None
            }
            found => found,
        }
    }

    /// The numbers of one parameter: a list for values and weights, else one.
    pub fn parameter(&mut self, name: &str, node: &TomlNode) -> Option<Vec<f64>> {
        let expected = if matches!(name, "values" | "weights") {
            "a list of numbers"
        } else {
            "a number"
        };
        let numbers = match (&node.value, expected) {
            (TomlValue::Column(column), "a list of numbers") => Some(column.numbers.clone()),
            (TomlValue::Array(nodes), "a list of numbers") => nodes
                .iter()
                .map(|node| match node.value {
                    TomlValue::Boolean(value) => Some(f64::from(u8::from(value))),
                    _ => node.number(),
                })
                .collect(),
            (_, "a number") => node.number().map(|value| vec![value]),
            _ => None,
        };
        if numbers.is_none() {
            let message = format!("`{name}` of `{}` must be {expected}", self.path);
            let problem = Diagnostic::error(DiagnosticKind::WrongType, node.span, message);
            let label = match node.value {
                TomlValue::Array(_) if expected != "a number" => "not all are numbers".to_owned(),
                _ => format!("this is {}", node.describe()),
            };
            self.problems.push(problem.label(label));
        }
        numbers
    }

    /// The distribution if its support keeps the range; an unbounded one is let through with a warning.
    fn in_range(
        &mut self,
        node: &TomlNode,
        dist: &str,
        distribution: Distribution,
    ) -> Option<Distribution> {
        let (low, high) = distribution.support();
        let (lowest, highest) = self.range.bounds();
        let steps = matches!(dist, "bernoulli" | "discrete" | EMPIRICAL);
        if self.range == Range::Switch && !distribution.is_switch() {
            let label = format!("{} takes other values; use bernoulli", with_article(dist));
            self.problem(DiagnosticKind::OutOfRange, node, label);
            return None;
        }
        let outside = |value: f64| {
            if steps {
                !self.range.contains(value)
            } else {
                value.is_finite() && !(lowest..=highest).contains(&value)
            }
        };
        if outside(low) || outside(high) {
            let label = format!("draws lie between {low} and {high}");
            self.problem(DiagnosticKind::OutOfRange, node, label);
            return None;
        }
        if low < lowest || high > highest {
            let message = format!(
                "draws of `{}` may leave its range: it must be {}",
                self.path,
                self.range.describe()
            );
            let mut warning = Diagnostic::warning(DiagnosticKind::OutOfRange, node.span, message)
                .label(format!("a {dist} distribution has no end there"));
            warning = warning.help(if dist == "normal" {
                "a draw outside stops the run: add `min` and `max`"
            } else {
                "a draw outside stops the run: a bounded distribution (pert, beta, truncated normal) cannot"
            });
            self.problems.push(warning);
        }
        Some(distribution)
    }
}

/// "a normal distribution".
fn with_article(dist: &str) -> String {
    let article = if dist == EMPIRICAL { "an" } else { "a" };
    format!("{article} {dist} distribution")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::tree::parse_value;

    fn check(text: &str, range: Range) -> (Option<WrittenQuantity>, Vec<Diagnostic>) {
        let node = parse_value(0, 0, text).expect("valid TOML");
        let mut problems = Vec::new();
        let quantity = read(&node, "x", range, &mut problems);
        (quantity, problems)
    }

    #[test]
    fn constants_are_read() {
        let cases = [
            ("0.5", Range::Share, 0.5),
            ("1", Range::Share, 1.0),
            (
                "{ value = 1.2, source = 'x', grade = 'judgement' }",
                Range::Finite,
                1.2,
            ),
            ("true", Range::Switch, 1.0),
            ("{ value = false }", Range::Switch, 0.0),
        ];
        for (text, range, expected) in cases {
            let (quantity, problems) = check(text, range);
            assert!(problems.is_empty(), "{text}: {problems:?}");
            let value = quantity.expect("valid").value;
            assert_eq!(value, Amount::Constant(expected), "{text}");
        }
    }

    #[test]
    fn distributions_are_read() {
        let cases = [
            (
                "{ dist = 'uniform', min = 0, max = 1, unit = 'share' }",
                Range::Positive,
                0.5,
            ),
            (
                "{ dist = 'normal', mean = 2, sd = 1, min = 0, max = 4 }",
                Range::NonNegative,
                2.0,
            ),
            ("{ p05 = 1, p95 = 4 }", Range::Positive, 2.0),
            ("{ dist = 'normal', p05 = 1, p95 = 4 }", Range::Finite, 2.5),
            (
                "{ dist = 'lognormal', median = 3, sigma = 1 }",
                Range::Positive,
                3.0,
            ),
            (
                "{ dist = 'triangular', min = 0, mode = 1, max = 2 }",
                Range::NonNegative,
                1.0,
            ),
            (
                "{ dist = 'pert', min = 0, mode = 1, max = 2 }",
                Range::NonNegative,
                1.0,
            ),
            ("{ dist = 'beta', alpha = 2, beta = 2 }", Range::Share, 0.5),
            ("{ dist = 'bernoulli', p = 0.7 }", Range::Switch, 1.0),
            (
                "{ dist = 'discrete', values = [1, 2, 3] }",
                Range::Positive,
                2.0,
            ),
        ];
        for (text, range, median) in cases {
            let (quantity, problems) = check(text, range);
            assert!(problems.is_empty(), "{text}: {problems:?}");
            let Some(Amount::Uncertain(distribution)) = quantity.map(|quantity| quantity.value)
            else {
                panic!("{text} is uncertain");
            };
            assert!((distribution.quantile(0.5) - median).abs() < 1e-9, "{text}");
        }
    }

    #[test]
    fn mistakes_are_refused() {
        let cases = [
            ("'a'", Range::Share, DiagnosticKind::WrongType),
            ("true", Range::Share, DiagnosticKind::WrongType),
            ("1.5", Range::Share, DiagnosticKind::OutOfRange),
            ("nan", Range::Finite, DiagnosticKind::OutOfRange),
            ("-inf", Range::Finite, DiagnosticKind::OutOfRange),
            ("0.5", Range::Switch, DiagnosticKind::OutOfRange),
            ("{}", Range::Share, DiagnosticKind::Missing),
            (
                "{ dist = 'unifrom', min = 0, max = 1 }",
                Range::Share,
                DiagnosticKind::UnknownWord,
            ),
            (
                "{ dist = 'uniform', min = 0 }",
                Range::Share,
                DiagnosticKind::Missing,
            ),
            (
                "{ dist = 'uniform', min = 1, max = 0 }",
                Range::Share,
                DiagnosticKind::Distribution,
            ),
            (
                "{ dist = 'uniform', min = 0, max = 1, mod = 1 }",
                Range::Share,
                DiagnosticKind::UnknownKey,
            ),
            (
                "{ dist = 'uniform', min = 0, max = 'a' }",
                Range::Share,
                DiagnosticKind::WrongType,
            ),
            (
                "{ dist = 'uniform', min = 0, max = 2 }",
                Range::Share,
                DiagnosticKind::OutOfRange,
            ),
            (
                "{ dist = 'beta', p05 = 0, p95 = 2 }",
                Range::Share,
                DiagnosticKind::Distribution,
            ),
            ("{ p05 = 1 }", Range::Positive, DiagnosticKind::Missing),
            (
                "{ dist = 'discrete', values = [0, 1] }",
                Range::Positive,
                DiagnosticKind::OutOfRange,
            ),
            (
                "{ dist = 'uniform', min = 0, max = 1 }",
                Range::Switch,
                DiagnosticKind::OutOfRange,
            ),
            (
                "{ value = 1, grade = 'D' }",
                Range::Share,
                DiagnosticKind::UnknownWord,
            ),
            (
                "{ value = 1, dist = 'normal' }",
                Range::Share,
                DiagnosticKind::UnknownKey,
            ),
        ];
        for (text, range, kind) in cases {
            let (quantity, problems) = check(text, range);
            assert!(quantity.is_none(), "{text}");
            let kinds: Vec<DiagnosticKind> = problems.iter().map(|problem| problem.kind).collect();
            assert_eq!(kinds, [kind], "{text}");
        }
    }

    #[test]
    fn unbounded_draws_are_a_warning() {
        let (quantity, problems) = check("{ dist = 'normal', mean = 0.5, sd = 0.1 }", Range::Share);
        assert!(quantity.is_some());
        assert_eq!(problems.len(), 1);
        assert!(!problems[0].is_error());
    }
}
