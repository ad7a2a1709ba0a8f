//! How each distribution is written: its word, its parameters, and the distribution that they make.

use crate::scenario::tree::TomlTable;
use crate::theory::draws::distribution::Distribution;
use crate::theory::draws::distribution_error::DistributionError;

/// The word of distributions that may name a file.
pub(crate) const EMPIRICAL: &str = "empirical";

/// A way to write a distribution: its word, its required and its optional parameters.
pub(crate) struct DistributionSyntax {
    pub dist: &'static str,
    pub required: &'static [&'static str],
    pub optional: &'static [&'static str],
}

/// The distributions, each under its word.
pub(crate) const SHAPES: &[DistributionSyntax] = &[
    shape("uniform", &["min", "max"], &[]),
    shape("normal", &["mean", "sd"], &["min", "max"]),
    shape("lognormal", &["median", "sigma"], &[]),
    shape("triangular", &["min", "mode", "max"], &[]),
    shape("pert", &["min", "mode", "max"], &["shape"]),
    shape("beta", &["alpha", "beta"], &["min", "max"]),
    shape("bernoulli", &["p"], &[]),
    shape("discrete", &["values"], &["weights"]),
    shape(EMPIRICAL, &["values"], &[]),
];

/// Parameters of a distribution given by two of its points; its word is lognormal (or absent) or normal.
pub(crate) const POINTS: &[&str] = &["p05", "p95"];

/// Parameters of an empirical distribution whose values are a column of a file, and of those that may follow.
pub(crate) const FROM_FILE: &[&str] = &["file", "column"];
pub(crate) const OF_ROWS: &[&str] = &["rows", "design"];

/// How rows of a file are chosen.
pub(crate) const ROWS: &[&str] = &["drawn", "listed"];

/// Whether the table of a quantity says that its values are a column of a file.
pub(crate) fn names_rows(table: &TomlTable) -> bool {
    let dist = table.get("dist").and_then(|item| item.node.text());
    let mut keys = FROM_FILE.iter().chain(OF_ROWS);
    dist == Some(EMPIRICAL) && keys.any(|key| table.contains_key(*key))
}

const fn shape(
    dist: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
) -> DistributionSyntax {
    DistributionSyntax {
        dist,
        required,
        optional,
    }
}

/// The distribution of the word `dist` with checked, complete parameters; with `points`, from its 5% and 95% points.
///
/// # Errors
///
/// [`DistributionError`] where the parameters make none.
pub(crate) fn build(
    dist: &str,
    points: bool,
    parameters: &[(&str, Vec<f64>)],
) -> Result<Distribution, DistributionError> {
    let list = |name: &str| {
        let found = parameters.iter().find(|(other, _)| *other == name);
        found.map(|(_, values)| values.clone())
    };
    let optional = |name: &str| list(name).map(|values| values[0]);
    let number = |name: &str| optional(name).expect("required parameters were checked");
    match dist {
        "lognormal" if points => {
            Distribution::lognormal_from_quantiles(number("p05"), number("p95"))
        }
        "normal" if points => Distribution::normal_from_quantiles(number("p05"), number("p95")),
        "uniform" => Distribution::uniform(number("min"), number("max")),
        "normal" => Distribution::normal(
            number("mean"),
            number("sd"),
            optional("min"),
            optional("max"),
        ),
        "lognormal" => Distribution::lognormal(number("median"), number("sigma")),
        "triangular" => Distribution::triangular(number("min"), number("mode"), number("max")),
        "pert" => Distribution::pert(
            number("min"),
            number("mode"),
            number("max"),
            optional("shape").unwrap_or(4.0),
        ),
        "beta" => Distribution::beta(
            number("alpha"),
            number("beta"),
            optional("min").unwrap_or(0.0),
            optional("max").unwrap_or(1.0),
        ),
        "bernoulli" => Distribution::bernoulli(number("p")),
        EMPIRICAL => Distribution::empirical(list("values").unwrap_or_default()),
        _ => Distribution::discrete(list("values").unwrap_or_default(), list("weights")),
    }
}
