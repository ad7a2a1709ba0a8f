//! Grids of scenarios: the axes along which numbers and words vary, and the assignments of each cell.

use crate::scenario::most::MOST_CELLS;
use crate::scenario::tree;
use crate::theory::draws::design::Design;

/// One thing that varies.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Path, as `--set` takes it.
    pub path: String,
    /// Its values as TOML, at least one; of a range, what its grid makes of it.
    pub values: Vec<String>,
    /// The range that they are of; `None` for a list.
    pub range: Option<AxisRange>,
}

/// Numbers from one to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AxisRange {
    /// First.
    pub from: f64,
    /// Last.
    pub to: f64,
    /// How many, both ends included; a Latin hypercube needs none.
    pub steps: Option<usize>,
    /// Their spacing.
    pub spacing: Spacing,
}

/// How axes are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combination {
    /// Every value of each with every value of the others; the last axis moves fastest.
    Cross,
    /// The scenario as it is, then each value of each axis by itself, the others as in the scenario.
    OneAtATime,
    /// The first value of each with the first of the others, the second with the second, and so on: they move together.
    Zip,
    /// So many cells over the ranges of the axes, each range cut into as many strata of equal length (of equal ratio, where it is spaced so):
    /// every stratum of every axis has one cell, at a uniform place in it, and strata of different axes are paired at random. All of it is
    /// keyed by (seed, path, number of cells): a cell of another number of cells is another one.
    LatinHypercube {
        /// How many cells.
        cells: u64,
        /// Seed of the design.
        seed: u64,
    },
}

impl Combination {
    /// Its name in scenario files and results.
    pub fn name(self) -> &'static str {
        match self {
            Combination::Cross => "cross",
            Combination::OneAtATime => "one-at-a-time",
            Combination::Zip => "zip",
            Combination::LatinHypercube { .. } => "latin-hypercube",
        }
    }
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
#[derive(Debug, Clone, PartialEq)]
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
        "`{0}`: expected PATH=FROM:TO:STEPS, PATH=FROM:TO:STEPS:log or PATH=VALUE,VALUE,...; for example market.diversion=0:1:11 or bargaining.solution=nash,rubinstein"
    )]
    Form(String),
    /// FROM:TO:STEPS with something that is no number, or with fewer than two steps.
    #[error(
        "`{0}`: FROM and TO must be numbers and STEPS a whole number of values from 2 on, ends included; for example 0:1:11"
    )]
    Range(String),
    /// A range without a number of values, where no Latin hypercube lies over it.
    #[error(
        "`{0}={1}` does not say how many values: add STEPS as in PATH=FROM:TO:STEPS, for example 0:1:11, or lay a Latin hypercube of N cells over it with --latin N"
    )]
    Steps(String, String),
    /// A Latin hypercube without cells.
    #[error("a Latin hypercube needs at least one cell")]
    NoCells,
    /// Equal ratios from or to what is not above zero.
    #[error("`{0}`: values in equal ratios need FROM and TO above 0; for example 1:1000:4:log")]
    Log(String),
    /// Axes that move together have different numbers of values.
    #[error(
        "axes that move together need as many values each, but `{first}` has {values} and `{other}` has {others}"
    )]
    Lengths {
        /// Path of the first.
        first: String,
        /// How many it has.
        values: usize,
        /// Path of the first other of another length.
        other: String,
        /// How many that has.
        others: usize,
    },
    /// A Latin hypercube over a list.
    #[error(
        "`{0}` lists its values: a Latin hypercube lies over ranges, PATH=FROM:TO or PATH=FROM:TO:log"
    )]
    NoRange(String),
    /// A Latin hypercube over a key of whole numbers.
    #[error(
        "`{0}` is a whole-number axis, and a Latin hypercube lays values between whole numbers: list them, PATH=VALUE,VALUE,..., without --latin"
    )]
    Whole(String),
    /// A Latin hypercube over a range with steps.
    #[error(
        "`{0}` says how many values it has: those of a Latin hypercube are as many as its cells; write PATH=FROM:TO or PATH=FROM:TO:log"
    )]
    HasSteps(String),
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
    /// Reads `PATH=FROM:TO:STEPS`, with `:log` behind it for equal ratios, or `PATH=VALUE,VALUE,...`. A range may leave out its steps, for a
    /// Latin hypercube.
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
        if is_range {
            let range = read_range(values).ok_or_else(|| AxisError::Range(values.to_owned()))?;
            if range.spacing == Spacing::Log && (range.from <= 0.0 || range.to <= 0.0) {
                return Err(AxisError::Log(values.to_owned()));
            }
            return Ok(Axis::of_range(path, range));
        }
        let values = read_list(values)?;
        Ok(Axis {
            path,
            values,
            range: None,
        })
    }

    /// An axis over a range: its values are its steps, or its ends where it has none.
    pub fn of_range(path: String, range: AxisRange) -> Axis {
        Axis {
            path,
            values: range.stepped(),
            range: Some(range),
        }
    }
}

impl AxisRange {
    /// The value at a share of the way from one end to the other, which are exact.
    fn at(&self, share: f64) -> f64 {
        let AxisRange { from, to, .. } = *self;
        match self.spacing {
            _ if share == 0.0 => from,
            _ if share == 1.0 => to,
            Spacing::Linear => from + (to - from) * share,
            Spacing::Log => from * libm::pow(to / from, share),
        }
    }

    fn stepped(&self) -> Vec<String> {
        let steps = self.steps.unwrap_or(2);
        let last = (steps - 1) as f64;
        (0..steps)
            .map(|k| plain(self.at(k as f64 / last)))
            .collect()
    }
}

impl std::fmt::Display for AxisRange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.from, self.to)?;
        match self.spacing {
            Spacing::Linear => Ok(()),
            Spacing::Log => write!(f, ":log"),
        }
    }
}

impl Grid {
    /// Combines axes.
    ///
    /// # Errors
    /// No axis, a path that is on two, too many cells, axes of different lengths that move together, a range without steps where they are
    /// needed, or a list where a range is.
    pub fn new(mut axes: Vec<Axis>, combination: Combination) -> Result<Grid, AxisError> {
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
        match combination {
            Combination::LatinHypercube { cells: 0, .. } => return Err(AxisError::NoCells),
            Combination::LatinHypercube { cells, .. } if cells > MOST_CELLS => {
                return Err(AxisError::TooMany { cells });
            }
            Combination::LatinHypercube { cells, seed } => lay_hypercube(&mut axes, cells, seed)?,
            _ => step(&mut axes)?,
        }
        if combination == Combination::Zip {
            let (first, rest) = (&axes[0], &axes[1..]);
            let values = first.values.len();
            if let Some(other) = rest.iter().find(|axis| axis.values.len() != values) {
                return Err(AxisError::Lengths {
                    first: first.path.clone(),
                    values,
                    other: other.path.clone(),
                    others: other.values.len(),
                });
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
            Combination::Zip | Combination::LatinHypercube { .. } => {
                self.axes.first().map_or(0, |axis| axis.values.len() as u64)
            }
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
            Combination::Zip | Combination::LatinHypercube { .. } => {
                values.fill(Some(index as usize));
            }
        }
        values
    }

    /// Values of an axis that are checked before any cell is played: all of them; of a Latin hypercube, whose values lie between them, the ends
    /// of its range and one in between.
    pub fn checked(&self, axis: &Axis) -> Vec<String> {
        match (self.combination, &axis.range) {
            (Combination::LatinHypercube { .. }, Some(range)) => {
                let ends = [range.from, range.to].map(plain);
                ends.into_iter()
                    .chain(axis.values.first().cloned())
                    .collect()
            }
            _ => axis.values.clone(),
        }
    }

    /// The assignments `PATH=VALUE` of a cell.
    pub fn assignments(&self, index: u64) -> Vec<String> {
        let cell = self.cell(index).into_iter().zip(&self.axes);
        cell.filter_map(|(value, axis)| Some(format!("{}={}", axis.path, axis.values[value?])))
            .collect()
    }
}

/// Gives the axes the values of their steps.
fn step(axes: &mut [Axis]) -> Result<(), AxisError> {
    for axis in axes {
        match &axis.range {
            Some(range) if range.steps.is_none() => {
                return Err(AxisError::Steps(axis.path.clone(), range.to_string()));
            }
            Some(range) => axis.values = range.stepped(),
            None => {}
        }
    }
    Ok(())
}

/// Gives the axes the values of a Latin hypercube, cell by cell.
fn lay_hypercube(axes: &mut [Axis], cells: u64, seed: u64) -> Result<(), AxisError> {
    // Not under its own path, so that no cell repeats what a world draws.
    let purposes: Vec<String> = axes
        .iter()
        .map(|axis| format!("sweep.{}", axis.path))
        .collect();
    let design = Design::hypercube(seed, cells, purposes.iter().map(String::as_str));
    for (dimension, axis) in axes.iter_mut().enumerate() {
        let range = axis
            .range
            .ok_or_else(|| AxisError::NoRange(axis.path.clone()))?;
        let values = (0..cells).map(|cell| plain(range.at(design.uniform(cell, dimension))));
        axis.values = values.collect();
    }
    Ok(())
}

fn read_range(text: &str) -> Option<AxisRange> {
    let mut parts: Vec<&str> = text.split(':').map(str::trim).collect();
    let spacing = match parts.last() {
        Some(&"log") => {
            parts.pop();
            Spacing::Log
        }
        _ => Spacing::Linear,
    };
    let number = |text: &str| text.parse::<f64>().ok().filter(|x| x.is_finite());
    let (from, to, steps) = match parts[..] {
        [from, to] => (from, to, None),
        [from, to, steps] => (from, to, Some(steps.parse::<usize>().ok()?)),
        _ => return None,
    };
    let most = MOST_CELLS as usize;
    let range = AxisRange {
        from: number(from)?,
        to: number(to)?,
        steps,
        spacing,
    };
    steps
        .is_none_or(|steps| (2..=most).contains(&steps))
        .then_some(range)
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
        assert_eq!(
            axis("a.b=0.01:100:5:log"),
            ["0.01", "0.1", "1", "10", "100"]
        );
        assert_eq!(axis("a.b=8:1:4:log"), ["8", "4", "2", "1"]);
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
            "a.b=1:2:log:3",
            "a.b=1:2:3:4",
            "a.b=1:log",
        ] {
            assert!(
                matches!(Axis::parse(text), Err(AxisError::Range(_))),
                "{text}"
            );
        }
        for text in ["a.b=0:1:3:log", "a.b=1:-2:3:log", "a.b=0:1:log"] {
            assert!(
                matches!(Axis::parse(text), Err(AxisError::Log(_))),
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
        let steps = |range: &str| Err(AxisError::Steps("a".to_owned(), range.to_owned()));
        assert_eq!(axes(&["a=0:1"]), steps("0:1"));
        assert_eq!(axes(&["a=1:2:log"]), steps("1:2:log"));
        let none = Combination::LatinHypercube { cells: 0, seed: 1 };
        let range = vec![Axis::parse("a=0:1").expect("an axis")];
        assert_eq!(Grid::new(range, none), Err(AxisError::NoCells));
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

    #[test]
    fn axes_that_move_together_are_as_long() {
        let axes = |texts: [&str; 2]| texts.map(|text| Axis::parse(text).expect("an axis"));
        let zipped = |texts| Grid::new(axes(texts).to_vec(), Combination::Zip);
        let grid = zipped(["a=1,2,3", "b=10:1000:3:log"]).expect("a grid");
        let cells: Vec<_> = (0..grid.cells())
            .map(|cell| grid.assignments(cell).join(" "))
            .collect();
        assert_eq!(cells, ["a=1 b=10", "a=2 b=100", "a=3 b=1000"]);
        let error = zipped(["a=1,2,3", "b=1,2"]).expect_err("of two lengths");
        assert_eq!(
            error.to_string(),
            "axes that move together need as many values each, but `a` has 3 and `b` has 2"
        );
    }

    /// Every stratum of every axis has one cell, in equal lengths or equal ratios.
    #[test]
    fn a_hypercube_has_a_cell_in_each_stratum() {
        let axes =
            ["a=-1:3", "b=1:256:7:log", "c=5:1"].map(|text| Axis::parse(text).expect("an axis"));
        let grid = |cells, seed| {
            Grid::new(axes.to_vec(), Combination::LatinHypercube { cells, seed }).expect("a grid")
        };
        let n = 40;
        let of_n = grid(n, 3);
        assert_eq!(of_n.cells(), n);
        let shares: [fn(f64) -> f64; 3] =
            [|a| (a + 1.0) / 4.0, |b| b.log2() / 8.0, |c| (5.0 - c) / 4.0];
        for (axis, share) in of_n.axes.iter().zip(shares) {
            let strata = axis.values.iter().map(|value| {
                let value: f64 = value.parse().expect("a number");
                (share(value) * n as f64).floor() as u64
            });
            let mut strata: Vec<u64> = strata.collect();
            let order = strata.clone();
            strata.sort_unstable();
            assert_eq!(strata, (0..n).collect::<Vec<_>>(), "{}", axis.path);
            assert_ne!(order, strata, "{} is in no order", axis.path);
        }
        assert_ne!(
            of_n.axes[0].values,
            grid(n, 4).axes[0].values,
            "another seed"
        );
        assert_ne!(
            of_n.axes[0].values[0],
            grid(41, 3).axes[0].values[0],
            "another number"
        );
        // An axis is the same whatever stands beside it.
        let alone = Grid::new(axes[1..2].to_vec(), of_n.combination).expect("a grid");
        assert_eq!(alone.axes[0].values, of_n.axes[1].values);
        let listed = vec![Axis::parse("a=1,2").expect("an axis")];
        let error = Grid::new(listed, of_n.combination).expect_err("a list");
        assert_eq!(error, AxisError::NoRange("a".to_owned()));
    }
}
