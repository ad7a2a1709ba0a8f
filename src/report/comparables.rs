//! What others were promised: quartiles over the public deals of `scenarios/data/comparables.csv`.

use crate::theory::spelling::units::number;
use crate::theory::stats::quantile::quantile;

const ROWS: &str = include_str!("../../scenarios/data/comparables.csv");

/// What a term is set beside: the column that speaks of it, whether per US$ bn of capital, and the words for it.
struct Beside {
    term: &'static str,
    column: &'static str,
    per_bn: bool,
    what: &'static str,
    /// What has to be known to read it.
    but: &'static str,
}

const BESIDE: [Beside; 2] = [
    Beside {
        term: "talent_investment",
        column: "people_trained",
        per_bn: true,
        what: "people trained per US$ bn",
        but: "pledges of reach, mostly short courses and mostly Microsoft's",
    },
    Beside {
        term: "tax_incentive",
        column: "tax_years",
        per_bn: false,
        what: "years of exemption",
        but: "mostly American, of sales and property tax",
    },
];

/// What others got for a term.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Comparable {
    /// How many deals say it.
    pub deals: usize,
    /// Its quartiles over them.
    pub quartiles: [f64; 3],
    what: &'static str,
    but: &'static str,
}

impl Comparable {
    /// In a sentence without its end: "158,000 people trained per US$ bn in the middle of 20 public deals (69,000 to 1,120,000 in the middle half; ...)".
    pub fn said(&self) -> String {
        let [low, middle, high] = self
            .quartiles
            .map(|value| number(value, Some(0.03 * value)));
        format!(
            "{middle} {} in the middle of {} public deals ({low} to {high} in the middle half; {})",
            self.what, self.deals, self.but
        )
    }
}

/// What others got for the term with this id; none where public deals do not speak of it.
pub(crate) fn of_term(id: &str) -> Option<Comparable> {
    let beside = BESIDE.iter().find(|one| one.term == id)?;
    let mut reader = csv::Reader::from_reader(ROWS.as_bytes());
    let header = reader.headers().ok()?.clone();
    let at = |name: &str| header.iter().position(|one| one == name);
    let (column, capital, kind) = (at(beside.column)?, at("capital_usd_bn")?, at("kind")?);
    let value = |row: &csv::StringRecord| {
        let number = |at: usize| row[at].parse::<f64>().ok();
        match beside.per_bn {
            true => Some(number(column)? / number(capital)?),
            false => number(column),
        }
    };
    let rows = reader.records().filter_map(Result::ok);
    let deals = rows.filter(|row| &row[kind] != "regime");
    let mut values: Vec<f64> = deals.filter_map(|row| value(&row)).collect();
    values.sort_unstable_by(f64::total_cmp);
    let quartiles = [0.25, 0.5, 0.75].map(|p| quantile(&values, p));
    (!values.is_empty()).then_some(Comparable {
        deals: values.len(),
        quartiles,
        what: beside.what,
        but: beside.but,
    })
}
