//! What others were promised: the public deals of `scenarios/data/comparables.csv`, said of the terms that they speak about.

use crate::report::verdict::and;
use crate::theory::spelling::units::number;
use crate::theory::stats::quantile::quantile;

const ROWS: &str = include_str!("../../scenarios/data/comparables.csv");

/// How public deals speak of a term.
enum Speaks {
    /// The quartiles of a column over US$ bn of capital, where both are of the same deal as another column says; in words.
    PerBn(&'static str, &'static str, &'static str),
    /// The quartiles of a column.
    Plain(&'static str, &'static str),
    /// Each row that has a number, with its unit: there are few.
    Each(&'static str, &'static str),
    /// How many rows have a word on it.
    Named(&'static str, &'static str),
    /// Not at all.
    Silent,
}

/// By the id of a term: how deals speak of it, and what has to be known to read it.
const TERMS: [(&str, Speaks, &str); 7] = [
    (
        "talent_investment",
        Speaks::PerBn(
            "people_trained",
            "people_match",
            "people trained per US$ bn",
        ),
        "pledges of reach, mostly short courses and mostly Microsoft's, which hardly grow with capital",
    ),
    (
        "tax_incentive",
        Speaks::Plain("tax_years", "years of exemption"),
        "mostly American, of sales and property tax, so not the same years",
    ),
    (
        "sovereign_compute",
        Speaks::Each("compute_set_aside", "compute_unit"),
        "no supplier's share of its own site was found",
    ),
    (
        "technology_transfer",
        Speaks::Named("local_partners", "name local partners"),
        "none counts know-how",
    ),
    ("price_protection", Speaks::Silent, ""),
    ("data_sovereignty", Speaks::Silent, ""),
    ("audit_rights", Speaks::Silent, ""),
];

/// What others got for the term with this id, in a sentence without its end; none for a term that no public deal was searched for.
pub(crate) fn of_term(id: &str) -> Option<String> {
    let (_, speaks, but) = TERMS.iter().find(|(term, ..)| *term == id)?;
    let deals = Deals::read();
    Some(match speaks {
        Speaks::Named(column, what) => {
            let named = deals
                .rows()
                .filter(|&row| !deals.text(row, column).is_empty());
            format!("{} of {} {what}; {but}", named.count(), deals.rows().len())
        }
        Speaks::Silent => "no public deal found states it in numbers".to_owned(),
        _ => match (figures(speaks, &deals)?, middle_half(speaks, &deals)) {
            (figures, Some(middle)) => format!("{figures} ({middle}; {but})"),
            (figures, None) => format!("{figures}; {but}"),
        },
    })
}

/// The same without what has to be known to read it, of a term that deals put in numbers: "15 years of exemption in the middle of 18 deals".
pub(crate) fn figures_of(id: &str) -> Option<String> {
    let (_, speaks, _) = TERMS.iter().find(|(term, ..)| *term == id)?;
    figures(speaks, &Deals::read())
}

/// What deals say in numbers.
fn figures(speaks: &Speaks, deals: &Deals) -> Option<String> {
    if let Speaks::Each(column, unit) = speaks {
        let rows = deals
            .rows()
            .filter(|&row| deals.number(row, column).is_some());
        let said = rows.map(|row| {
            let (unit, state) = (deals.text(row, unit), deals.text(row, "state"));
            let value = deals.number(row, column).unwrap_or(f64::NAN);
            let gap = if unit.starts_with('%') { "" } else { " " };
            format!("{}{gap}{unit} ({state})", number(value, Some(1.0)))
        });
        return Some(and(&said.collect::<Vec<String>>()));
    }
    let (values, what) = values(speaks, deals)?;
    let middle = rounded(quantile(&values, 0.5));
    Some(format!(
        "{middle} {what} in the middle of {} deals and pledges",
        values.len()
    ))
}

/// "70,000 to 800,000 in the middle half", of what has quartiles.
fn middle_half(speaks: &Speaks, deals: &Deals) -> Option<String> {
    let (values, _) = values(speaks, deals)?;
    let [low, high] = [0.25, 0.75].map(|p| rounded(quantile(&values, p)));
    Some(format!("{low} to {high} in the middle half"))
}

/// The figures of deals that have quartiles, sorted, and their unit.
fn values(speaks: &Speaks, deals: &Deals) -> Option<(Vec<f64>, &'static str)> {
    let (mut values, what): (Vec<f64>, _) = match speaks {
        Speaks::PerBn(column, same, what) => {
            let ratio = |row: usize| {
                let is_one = deals.text(row, same) == "yes";
                let whole = deals.number(row, "capital_usd_bn").filter(|_| is_one)?;
                Some(deals.number(row, column)? / whole)
            };
            (deals.rows().filter_map(ratio).collect(), *what)
        }
        Speaks::Plain(column, what) => {
            let values = deals.rows().filter_map(|row| deals.number(row, column));
            (values.collect(), *what)
        }
        _ => return None,
    };
    values.sort_unstable_by(f64::total_cmp);
    Some((values, what))
}

/// To two digits.
fn rounded(value: f64) -> String {
    number(value, Some(0.1 * value))
}

/// The rows of the file, by the names of its columns.
struct Deals {
    header: csv::StringRecord,
    records: Vec<csv::StringRecord>,
}

impl Deals {
    fn read() -> Deals {
        let mut reader = csv::Reader::from_reader(ROWS.as_bytes());
        Deals {
            header: reader.headers().cloned().unwrap_or_default(),
            records: reader.records().filter_map(Result::ok).collect(),
        }
    }

    fn rows(&self) -> std::ops::Range<usize> {
        0..self.records.len()
    }

    fn text(&self, row: usize, column: &str) -> &str {
        let at = self.header.iter().position(|one| one == column);
        at.and_then(|at| self.records[row].get(at))
            .unwrap_or_default()
    }

    fn number(&self, row: usize, column: &str) -> Option<f64> {
        self.text(row, column).parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_got_is_counted_from_the_rows() {
        let said = |id: &str| of_term(id).expect("a term that was searched for");
        // By hand from the file: the tenth of nineteen ratios.
        let people = "150,000 people trained per US$ bn in the middle of 19 deals and pledges (70,000 to 800,000 in the middle half;";
        assert!(
            said("talent_investment").starts_with(people),
            "{}",
            said("talent_investment")
        );
        let years = "15 years of exemption in the middle of 18 deals and pledges";
        assert!(
            said("tax_incentive").starts_with(years),
            "{}",
            said("tax_incentive")
        );
        assert!(said("sovereign_compute").contains("20% of chips (United Arab Emirates)"));
        assert!(said("technology_transfer").starts_with("43 of 90 name local partners"));
        assert_eq!(of_term("lunch"), None);
    }

    #[test]
    fn every_column_that_is_read_is_there() {
        let header = Deals::read().header;
        let has = |column: &str| header.iter().any(|one| one == column);
        for (term, speaks, _) in &TERMS {
            let columns: &[&str] = match speaks {
                Speaks::PerBn(column, same, _) => &[column, same, "capital_usd_bn"],
                Speaks::Plain(column, _) | Speaks::Named(column, _) => &[column],
                Speaks::Each(column, unit) => &[column, unit, "state"],
                Speaks::Silent => &[],
            };
            assert!(columns.iter().all(|column| has(column)), "{term}");
        }
    }
}
