//! What joint buyers have won elsewhere: rows of `scenarios/data/pooled_bargaining_evidence.csv`, with the sources that they name.

use std::sync::LazyLock;

/// What a row of evidence says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Evidence {
    /// The study or case.
    pub id: String,
    /// What it is of.
    pub what: &'static str,
    /// In percent, with the lowest and highest that it allows.
    pub value: f64,
    pub low: f64,
    pub high: f64,
    pub grade: String,
    pub note: String,
    /// Publisher, title and address of its source.
    pub source: [String; 3],
}

const ROWS: &str = include_str!("../../scenarios/data/pooled_bargaining_evidence.csv");
const SOURCES: &str = include_str!("../../scenarios/data/sources.csv");

/// The rows that a full bloc is set beside: what a buyer pays less where many buy as one, by study, variable and what the study is of.
const BESIDE: [(&str, &str, &str); 4] = [
    (
        "insurers_dauda2018",
        "price_effect_pct",
        "hospitals, paid by merged insurers (United States)",
    ),
    (
        "vaccines_paho",
        "price_effect_pct",
        "vaccines, bought by a fund of states of the Americas",
    ),
    (
        "cloud_onegov_us",
        "price_effect_pct_overall",
        "cloud services, bought at once for all agencies of the United States",
    ),
    (
        "insurers_mvg2010",
        "price_effect_pct",
        "hospitals, paid by merged insurers (another study)",
    ),
];

/// Cells of a file by the names of their columns.
fn records(text: &str) -> Vec<csv::StringRecord> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.records().filter_map(Result::ok).collect()
}

/// What many buyers that buy as one have won elsewhere.
pub(crate) fn of_joint_buyers() -> Vec<Evidence> {
    let (rows, sources) = (records(ROWS), records(SOURCES));
    let found = BESIDE.iter().filter_map(|(id, variable, what)| {
        let row = rows
            .iter()
            .find(|row| &row[0] == *id && &row[1] == *variable)?;
        let number = |at: usize| row[at].parse::<f64>().ok();
        let source = sources.iter().find(|source| source[0] == row[8]);
        let source = |at: usize| source.map_or(String::new(), |source| source[at].to_owned());
        Some(Evidence {
            id: row[0].to_owned(),
            what,
            value: number(2)?,
            low: number(4)?,
            high: number(5)?,
            grade: row[7].to_owned(),
            note: row[9].to_owned(),
            source: [source(1), source(2), source(4)],
        })
    });
    found.collect()
}

/// A source by its id, with publisher, title and address where it is one of those that come with the program.
pub(crate) fn source_in_full(id: &str) -> String {
    static ALL: LazyLock<Vec<csv::StringRecord>> = LazyLock::new(|| records(SOURCES));
    let found = ALL.iter().find(|source| &source[0] == id);
    found.map_or_else(
        || id.to_owned(),
        |source| format!("{id}: {}, {}, {}", &source[1], &source[2], &source[4]),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_that_is_cited_is_there() {
        let rows = of_joint_buyers();
        let values: Vec<(&str, f64, &str)> = rows
            .iter()
            .map(|row| (row.id.as_str(), row.value, row.grade.as_str()))
            .collect();
        let known = [
            ("insurers_dauda2018", -15.3, "B"),
            ("vaccines_paho", -14.0, "B"),
            ("cloud_onegov_us", -12.0, "C"),
            ("insurers_mvg2010", -6.7, "B"),
        ];
        assert_eq!(values, known);
        assert!(
            rows.iter().all(|row| !row.source[0].is_empty()),
            "{rows:#?}"
        );
    }
}
