//! Grids of scenarios: the axes along which numbers and words vary, and the assignments of each cell.

use crate::scenario::tree;

/// Most cells of a grid: beyond, a table of them could not be read any more.
pub const MOST_CELLS: u64 = 1_000_000;

/// One thing that varies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// Path, as `--set` takes it.
    pub path: String,
    /// Its values as TOML, at least one.
    pub values: Vec<String>,
}

/// How axes are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combination {
    /// Every value of each with every value of the others; the last axis moves fastest.
    Cross,
    /// The scenario as it is, then each value of each axis by itself, the others as in the scenario.
    OneAtATime,
}

/// Spacing of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spacing {
    /// Equal differences.
    Linear,
    /// Equal ratios.
    Log,
}

/// Axes and how they are combined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// The axes, at least one.
    pub axes: Vec<Axis>,
    /// Their combination.
    pub combination: Combination,
}

/// An axis that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AxisError {
    /// There is no path or no value.
    #[error(
        "`{0}`: expected PATH=FROM:TO:STEPS or PATH=VALUE,VALUE,...; for example market.diversion=0:1:11 or bargaining.solution=nash,rubinstein"
    )]
    Form(String),
    /// FROM:TO:STEPS with something that is no number, or with fewer than two steps.
    #[error(
        "`{0}`: FROM and TO must be numbers and STEPS a whole number of values from 2 on, ends included; for example 0:1:11"
    )]
    Range(String),
    /// A value that is no TOML.
    #[error("`{value}` is not a value: {reason}")]
    Value {
        /// The value as written, which no number of the path's range is.
        value: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The path is an axis already.
    #[error("`{0}` varies twice; name each path once")]
    Twice(String),
    /// What is the same in every cell.
    #[error("`{0}` cannot vary: all cells play the same worlds; set it with -n, --seed or -S")]
    Fixed(String),
    /// Too many cells.
    #[error("{cells} cells are more than {MOST_CELLS}; take fewer values")]
    TooMany {
        /// How many there would be.
        cells: u64,
    },
}

impl Axis {
    /// Reads `PATH=FROM:TO:STEPS` or `PATH=VALUE,VALUE,...`.
    ///
    /// # Errors
    /// What cannot be read, with an example of what can.
    pub fn parse(text: &str) -> Result<Axis, AxisError> {
        let form = || AxisError::Form(text.to_owned());
        let (path, values) = text.split_once('=').ok_or_else(form)?;
        let (path, values) = (path.trim().to_owned(), values.trim());
        if path.is_empty() || values.is_empty() {
            return Err(form());
        }
        let is_range = values.contains(':') && !values.contains(['"', '\'', '[', '{']);
        let values = if is_range {
            read_range(values).ok_or_else(|| AxisError::Range(values.to_owned()))?
        } else {
            read_list(values)?
        };
        Ok(Axis { path, values })
    }

    /// `steps` values from `from` to `to`, both included and at least 2.
    pub fn spaced(path: String, from: f64, to: f64, steps: usize, spacing: Spacing) -> Axis {
        Axis {
            path,
            values: spaced(from, to, steps, spacing).map(plain).collect(),
        }
    }
}

impl Grid {
    /// Combines axes.
    ///
    /// # Errors
    /// No axis, a path that is on two, or too many cells.
    pub fn new(axes: Vec<Axis>, combination: Combination) -> Result<Grid, AxisError> {
        if axes.is_empty() {
            return Err(AxisError::Form(String::new()));
        }
        for (index, axis) in axes.iter().enumerate() {
            if axis.path.starts_with("simulation.") {
                return Err(AxisError::Fixed(axis.path.clone()));
            }
            if axes[..index].iter().any(|other| other.path == axis.path) {
                return Err(AxisError::Twice(axis.path.clone()));
            }
        }
        let grid = Grid { axes, combination };
        match grid.cells() {
            cells if cells > MOST_CELLS => Err(AxisError::TooMany { cells }),
            _ => Ok(grid),
        }
    }

    /// How many cells there are.
    pub fn cells(&self) -> u64 {
        let lengths = self.axes.iter().map(|axis| axis.values.len() as u64);
        match self.combination {
            Combination::Cross => lengths.fold(1, u64::saturating_mul),
            Combination::OneAtATime => 1 + lengths.sum::<u64>(),
        }
    }

    /// For each axis the index of its value in a cell; `None` where the cell leaves the scenario as it is.
    pub fn cell(&self, index: u64) -> Vec<Option<usize>> {
        let mut values = vec![None; self.axes.len()];
        match self.combination {
            Combination::Cross => {
                let mut rest = index;
                for (axis, value) in self.axes.iter().zip(&mut values).rev() {
                    let length = axis.values.len() as u64;
                    *value = Some((rest % length) as usize);
                    rest /= length;
                }
            }
            Combination::OneAtATime if index > 0 => {
                let mut rest = (index - 1) as usize;
                for (axis, value) in self.axes.iter().zip(&mut values) {
                    if rest < axis.values.len() {
                        *value = Some(rest);
                        break;
                    }
                    rest -= axis.values.len();
                }
            }
            Combination::OneAtATime => {}
        }
        values
    }

    /// The assignments `PATH=VALUE` of a cell.
    pub fn assignments(&self, index: u64) -> Vec<String> {
        let cell = self.cell(index).into_iter().zip(&self.axes);
        cell.filter_map(|(value, axis)| Some(format!("{}={}", axis.path, axis.values[value?])))
            .collect()
    }
}

fn read_range(text: &str) -> Option<Vec<String>> {
    let parts: Vec<&str> = text.split(':').collect();
    let [from, to, steps] = parts[..] else {
        return None;
    };
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|x| x.is_finite());
    let (from, to) = (number(from)?, number(to)?);
    let steps = steps.trim().parse::<usize>().ok()?;
    let most = MOST_CELLS as usize;
    (2..=most).contains(&steps).then(|| {
        let values = spaced(from, to, steps, Spacing::Linear);
        values.map(plain).collect()
    })
}

fn spaced(from: f64, to: f64, steps: usize, spacing: Spacing) -> impl Iterator<Item = f64> {
    let last = (steps - 1) as f64;
    (0..steps).map(move |k| {
        let share = k as f64 / last;
        match spacing {
            // The ends are exact.
            _ if k == 0 => from,
            _ if k + 1 == steps => to,
            Spacing::Linear => from + (to - from) * share,
            Spacing::Log => from * libm::pow(to / from, share),
        }
    })
}

/// A number with no more than twelve significant digits, so that 0.1 + 0.2 reads 0.3.
fn plain(value: f64) -> String {
    let rounded: f64 = format!("{value:.11e}").parse().unwrap_or(value);
    format!("{rounded}")
}

/// Values between commas that stand in no bracket or quotes.
fn read_list(text: &str) -> Result<Vec<String>, AxisError> {
    let mut values = Vec::new();
    let (mut depth, mut quote, mut start) = (0usize, None, 0);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                values.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    values.push(&text[start..]);
    values.into_iter().map(read_value).collect()
}

fn read_value(text: &str) -> Result<String, AxisError> {
    let text = text.trim();
    let is_word = text.starts_with(|c: char| c.is_alphabetic())
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || "_-".contains(c));
    if is_word {
        return Ok(text.to_owned());
    }
    match tree::parse_value(0, 0, text) {
        Ok(_) => Ok(text.to_owned()),
        Err(problem) => Err(AxisError::Value {
            value: text.to_owned(),
            reason: problem.message,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(text: &str) -> Vec<String> {
        Axis::parse(text).expect(text).values
    }

    #[test]
    fn axes_are_ranges_or_lists() {
        assert_eq!(
            axis("market.diversion=0:1:5"),
            ["0", "0.25", "0.5", "0.75", "1"]
        );
        assert_eq!(axis("a.b=0.1:0.3:3"), ["0.1", "0.2", "0.3"]);
        assert_eq!(axis("a.b=3:1:3"), ["3", "2", "1"]);
        assert_eq!(axis("a.b=1, 2.5,-3e2"), ["1", "2.5", "-3e2"]);
        assert_eq!(axis("a.b=nash,rubinstein"), ["nash", "rubinstein"]);
        assert_eq!(
            axis("a.b=all,['A','B'],[\"C,D\"]"),
            ["all", "['A','B']", "[\"C,D\"]"]
        );
        assert_eq!(
            axis("a.b={p05 = 1, p95 = 2},3"),
            ["{p05 = 1, p95 = 2}", "3"]
        );
        let log = Axis::spaced("a".to_owned(), 0.01, 100.0, 5, Spacing::Log);
        assert_eq!(log.values, ["0.01", "0.1", "1", "10", "100"]);
    }

    #[test]
    fn what_is_no_axis() {
        for text in ["a.b", "=1", "a.b="] {
            assert!(
                matches!(Axis::parse(text), Err(AxisError::Form(_))),
                "{text}"
            );
        }
        for text in [
            "a.b=0:1:1",
            "a.b=0:x:3",
            "a.b=0:1:2.5",
            "a.b=0:inf:3",
            "a.b=0:1",
        ] {
            assert!(
                matches!(Axis::parse(text), Err(AxisError::Range(_))),
                "{text}"
            );
        }
        for text in ["a.b=1,,2", "a.b=[1", "a.b=x y"] {
            assert!(
                matches!(Axis::parse(text), Err(AxisError::Value { .. })),
                "{text}"
            );
        }
        let axes = |texts: &[&str]| {
            let axes = texts.iter().map(|text| Axis::parse(text).expect("an axis"));
            Grid::new(axes.collect(), Combination::Cross)
        };
        assert!(matches!(axes(&["a=1", "a=2"]), Err(AxisError::Twice(_))));
        let seeds = axes(&["simulation.seed=1,2"]);
        assert!(matches!(seeds, Err(AxisError::Fixed(_))));
        let many = axes(&["a=0:1:1001", "b=0:1:1000"]);
        assert_eq!(many, Err(AxisError::TooMany { cells: 1_001_000 }));
    }

    #[test]
    fn cells_are_numbered_with_the_last_axis_fastest() {
        let axes = ["a=1,2", "b=x,y,z"].map(|text| Axis::parse(text).expect("an axis"));
        let grid = Grid::new(axes.to_vec(), Combination::Cross).expect("a grid");
        assert_eq!(grid.cells(), 6);
        assert_eq!(grid.assignments(0), ["a=1", "b=x"]);
        assert_eq!(grid.assignments(1), ["a=1", "b=y"]);
        assert_eq!(grid.assignments(3), ["a=2", "b=x"]);
        assert_eq!(grid.assignments(5), ["a=2", "b=z"]);
        let grid = Grid::new(axes.to_vec(), Combination::OneAtATime).expect("a grid");
        assert_eq!(grid.cells(), 6);
        let cells: Vec<_> = (0..6)
            .map(|cell| grid.assignments(cell).join(" "))
            .collect();
        assert_eq!(cells, ["", "a=1", "a=2", "b=x", "b=y", "b=z"]);
    }
}
