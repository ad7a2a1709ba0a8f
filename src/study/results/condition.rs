//! Conditions on results, as `--fail-if` takes them: comparisons `< <= > >= =` of result paths and numbers, joined by
//! `and`, `or`, `not` and parentheses. `not` binds tightest, `or` loosest.

use crate::engine::model::Model;
use crate::study::results::path::ResultPath;
use crate::study::results::path_words::ResultPathError;

/// Two numbers are equal within this share of max(1, |right|).
const EQUAL_BAND: f64 = 1e-9;

/// Deepest nesting of parentheses: far beyond need, far within the stack.
const DEEPEST: usize = 64;

/// Most comparisons of a condition: what joins them nests as deep.
const MOST: usize = 1000;

/// How two numbers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
}

const OPERATORS: [(&str, Operator); 5] = [
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
    ("=", Operator::Equal),
];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Operand {
    Number(f64),
    Path(ResultPath),
}

/// A condition, resolved against a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    text: String,
    root: ConditionNode,
}

#[derive(Debug, Clone, PartialEq)]
enum ConditionNode {
    Compare(Operand, Operator, Operand),
    Not(Box<ConditionNode>),
    And(Box<ConditionNode>, Box<ConditionNode>),
    Or(Box<ConditionNode>, Box<ConditionNode>),
}

/// A condition that cannot be read; its text shows where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}\n  {text}\n  {:>width$}", "^".repeat(*.length.max(&1)), width = .offset + .length.max(&1))]
pub struct ConditionError {
    /// The condition as written.
    pub text: String,
    /// Where the offending word starts, in bytes.
    pub offset: usize,
    /// Its length in bytes; 0 at the end.
    pub length: usize,
    /// What is wrong.
    pub message: String,
}

impl Condition {
    /// Reads a condition on the results of `model`.
    ///
    /// # Errors
    /// The first word that cannot be read, with its place and the nearest known word.
    pub fn parse(text: &str, model: &Model) -> Result<Condition, ConditionError> {
        let tokens = tokens(text)?;
        let mut parser = Parser {
            text,
            tokens,
            next: 0,
            depth: 0,
            comparisons: 0,
            model,
        };
        let root = parser.either()?;
        match parser.tokens.get(parser.next) {
            None => Ok(Condition {
                text: text.to_owned(),
                root,
            }),
            Some(&(offset, word)) => {
                let message = format!("expected `and`, `or` or the end, found `{word}`");
                Err(error(text, offset, word.len(), message))
            }
        }
    }

    /// The condition as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The path and the number of a condition `PATH = NUMBER`, in either order.
    pub fn equation(&self) -> Option<(ResultPath, f64)> {
        match self.root {
            ConditionNode::Compare(
                Operand::Path(path),
                Operator::Equal,
                Operand::Number(number),
            )
            | ConditionNode::Compare(
                Operand::Number(number),
                Operator::Equal,
                Operand::Path(path),
            ) => Some((path, number)),
            _ => None,
        }
    }

    /// The paths in it, each once, in the order of the text.
    pub fn paths(&self) -> Vec<ResultPath> {
        let mut paths = Vec::new();
        self.root.collect(&mut paths);
        paths
    }

    /// Whether it holds where a path has the value that `value` gives.
    ///
    /// # Errors
    /// The first path that has no value.
    pub fn holds(&self, value: &dyn Fn(&ResultPath) -> Option<f64>) -> Result<bool, ResultPath> {
        self.root.holds(value)
    }
}

impl ConditionNode {
    fn collect(&self, paths: &mut Vec<ResultPath>) {
        match self {
            ConditionNode::Compare(left, _, right) => {
                for operand in [left, right] {
                    if let Operand::Path(path) = operand
                        && !paths.contains(path)
                    {
                        paths.push(*path);
                    }
                }
            }
            ConditionNode::Not(node) => node.collect(paths),
            ConditionNode::And(left, right) | ConditionNode::Or(left, right) => {
                left.collect(paths);
                right.collect(paths);
            }
        }
    }

    fn holds(&self, value: &dyn Fn(&ResultPath) -> Option<f64>) -> Result<bool, ResultPath> {
        let number = |operand: &Operand| match operand {
            Operand::Number(number) => Ok(*number),
            Operand::Path(path) => value(path).ok_or(*path),
        };
        Ok(match self {
            ConditionNode::Compare(left, operator, right) => {
                let (left, right) = (number(left)?, number(right)?);
                match operator {
                    Operator::Less => left < right,
                    Operator::LessOrEqual => left <= right,
                    Operator::Greater => left > right,
                    Operator::GreaterOrEqual => left >= right,
                    Operator::Equal => (left - right).abs() <= EQUAL_BAND * right.abs().max(1.0),
                }
            }
            ConditionNode::Not(node) => !node.holds(value)?,
            // Both sides are always evaluated, so that a missing number is always said.
            ConditionNode::And(left, right) => left.holds(value)? & right.holds(value)?,
            ConditionNode::Or(left, right) => left.holds(value)? | right.holds(value)?,
        })
    }
}

fn error(text: &str, offset: usize, length: usize, message: String) -> ConditionError {
    ConditionError {
        text: text.to_owned(),
        offset,
        length,
        message,
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_.-+*".contains(c)
}

fn tokens(text: &str) -> Result<Vec<(usize, &str)>, ConditionError> {
    let mut tokens = Vec::new();
    let mut offset = 0;
    while let Some(first) = text[offset..].chars().next() {
        let rest = &text[offset..];
        let length = if first.is_whitespace() {
            offset += first.len_utf8();
            continue;
        } else if first == '(' || first == ')' {
            1
        } else if let Some((symbol, _)) = OPERATORS.iter().find(|(s, _)| rest.starts_with(s)) {
            symbol.len()
        } else {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        };
        if length == 0 {
            let message = match first {
                '!' => "write `not A = B` instead of `A != B`".to_owned(),
                '%' => "write a share, 0.1 instead of 10%".to_owned(),
                ',' => "write a point in a number, 1.5 instead of 1,5".to_owned(),
                _ => format!("unexpected character `{first}`"),
            };
            return Err(error(text, offset, first.len_utf8(), message));
        }
        if rest.starts_with("==") {
            let message = "write a single `=`".to_owned();
            return Err(error(text, offset, 2, message));
        }
        tokens.push((offset, &rest[..length]));
        offset += length;
    }
    Ok(tokens)
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<(usize, &'a str)>,
    next: usize,
    depth: usize,
    comparisons: usize,
    model: &'a Model,
}

impl<'a> Parser<'a> {
    fn accept(&mut self, word: &str) -> bool {
        let found = self
            .tokens
            .get(self.next)
            .is_some_and(|&(_, next)| next == word);
        self.next += usize::from(found);
        found
    }

    fn take(&mut self, expected: &str) -> Result<(usize, &'a str), ConditionError> {
        let token = self.tokens.get(self.next).copied();
        self.next += 1;
        token.ok_or_else(|| {
            let message = format!("the condition ends where {expected} should follow");
            error(self.text, self.text.len(), 0, message)
        })
    }

    fn either(&mut self) -> Result<ConditionNode, ConditionError> {
        let mut node = self.both()?;
        while self.accept("or") {
            node = ConditionNode::Or(Box::new(node), Box::new(self.both()?));
        }
        Ok(node)
    }

    fn both(&mut self) -> Result<ConditionNode, ConditionError> {
        let mut node = self.negated()?;
        while self.accept("and") {
            node = ConditionNode::And(Box::new(node), Box::new(self.negated()?));
        }
        Ok(node)
    }

    fn negated(&mut self) -> Result<ConditionNode, ConditionError> {
        // A loop, so that a long row of `not` does not deepen the stack.
        let mut negations = 0;
        while self.accept("not") {
            negations += 1;
        }
        let node = if self.accept("(") {
            self.depth += 1;
            if self.depth > DEEPEST {
                let (offset, _) = self.tokens[self.next - 1];
                let message = format!("more than {DEEPEST} parentheses within each other");
                return Err(error(self.text, offset, 1, message));
            }
            let node = self.either()?;
            self.depth -= 1;
            let (offset, word) = self.take("`)`")?;
            if word != ")" {
                let message = format!("expected `)`, found `{word}`");
                return Err(error(self.text, offset, word.len(), message));
            }
            node
        } else {
            self.comparison()?
        };
        Ok(if negations % 2 == 1 {
            ConditionNode::Not(Box::new(node))
        } else {
            node
        })
    }

    fn comparison(&mut self) -> Result<ConditionNode, ConditionError> {
        self.comparisons += 1;
        if self.comparisons > MOST {
            let (offset, word) = self.take("a comparison")?;
            let message = format!("more than {MOST} comparisons");
            return Err(error(self.text, offset, word.len(), message));
        }
        let left = self.operand()?;
        let (offset, word) = self.take("one of < <= > >= =")?;
        let operator = OPERATORS.iter().find(|&&(symbol, _)| symbol == word);
        let Some(&(_, operator)) = operator else {
            let message = format!("expected one of < <= > >= =, found `{word}`");
            return Err(error(self.text, offset, word.len(), message));
        };
        Ok(ConditionNode::Compare(left, operator, self.operand()?))
    }

    fn operand(&mut self) -> Result<Operand, ConditionError> {
        let (offset, word) = self.take("a result path or a number")?;
        let first = word.chars().next().unwrap_or_default();
        if !is_word(first) || ["and", "or", "not"].contains(&word) {
            let message = format!("expected a result path or a number, found `{word}`");
            return Err(error(self.text, offset, word.len(), message));
        }
        // Words such as `nan` and `inf` are paths, though Rust would read them as numbers.
        if !first.is_ascii_alphabetic()
            && let Ok(number) = word.parse::<f64>()
            && number.is_finite()
        {
            return Ok(Operand::Number(number));
        }
        let at = |e: ResultPathError| error(self.text, offset + e.offset, e.length, e.message);
        let path = ResultPath::parse(word, self.model).map_err(at)?;
        Ok(Operand::Path(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::results::fixture::{PAYOFFS, model, results};

    fn holds(text: &str) -> Result<bool, ResultPath> {
        let model = model();
        let results = results(&model, &PAYOFFS);
        let condition = Condition::parse(text, &model).expect(text);
        condition.holds(&|path| path.value(&model, &results, 0))
    }

    #[test]
    fn conditions_hold_as_read() {
        let cases = [
            ("bloc.total.payoff > 2.7", true),
            ("bloc.total.payoff<=2.75", true),
            ("bloc.total.payoff = 2.75", true),
            ("not bloc.total.payoff = 2.75", false),
            ("bloc.total.payoff > bilateral.total.payoff", true),
            ("1 > 2 and 1 > 2 or 1 < 2", true),
            ("1 > 2 and (1 > 2 or 1 < 2)", false),
            ("not not -1e-3 < +0.5", true),
            ("not (1 < 2 and 2 < 3)", false),
        ];
        for (text, expected) in cases {
            assert_eq!(holds(text), Ok(expected), "{text}");
        }
        assert!(holds("bloc.window.0.total.gini > 0 or 1 < 2").is_err());
    }

    #[test]
    fn equations_and_paths() {
        let model = model();
        let read = |text| Condition::parse(text, &model).expect(text);
        let (path, level) = read("0.5 = bloc.total.payoff").equation().expect("one");
        assert_eq!(
            (path, level),
            (
                ResultPath::parse("bloc.total.payoff", &model).expect("one"),
                0.5
            )
        );
        for text in [
            "bloc.total.payoff < 1",
            "1 = 1",
            "not bloc.total.payoff = 1",
        ] {
            assert_eq!(read(text).equation(), None, "{text}");
        }
        let text = "bloc.total.payoff < 1 or not (bloc.term.tax > bloc.total.payoff and 1 < 2)";
        let paths: Vec<String> = read(text)
            .paths()
            .iter()
            .map(|path| path.describe(&model))
            .collect();
        assert_eq!(
            paths,
            ["bloc.total.payoff.mean", "bloc.term.tax.level.mean"]
        );
    }

    #[test]
    fn mistakes_are_shown_in_place() {
        let model = model();
        let cases = [
            ("", "the condition ends where a result path"),
            ("bloc.total.payoff", "the condition ends where one of"),
            (
                "bloc.total.payoff < ",
                "the condition ends where a result path",
            ),
            ("bloc.total.payoff ! 1", "write `not A = B`"),
            ("bloc.total.payoff == 1", "write a single `=`"),
            ("bloc.total.payoff > 10%", "0.1 instead of 10%"),
            ("bloc.total.payoff # 1", "unexpected character `#`"),
            (
                "bloc.total.payoff 1",
                "expected one of < <= > >= =, found `1`",
            ),
            ("(1 < 2", "where `)` should follow"),
            ("1 < 2 3", "expected `and`, `or` or the end, found `3`"),
            ("nan < 2", "unknown arm `nan`"),
            ("1 < 2 and and", "found `and`"),
        ];
        for (text, message) in cases {
            let error = Condition::parse(text, &model).expect_err(text);
            assert!(error.to_string().contains(message), "{error}");
        }
        let error = Condition::parse("1 < 2 or bloc.total.payof < 0", &model).expect_err("typo");
        let expected = "unknown metric `payof`; did you mean `payoff`?\n  \
                        1 < 2 or bloc.total.payof < 0\n                      ^^^^^";
        assert_eq!(error.to_string(), expected);
        let deep = "(".repeat(10_000);
        let error = Condition::parse(&deep, &model).expect_err("too deep");
        assert!(error.message.contains("parentheses within each other"));
    }
}
