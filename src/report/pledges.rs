//! What suppliers have announced to invest: the pledges of `scenarios/data/pledges.csv`, spread over windows.

use crate::engine::model::Identity;
use std::collections::BTreeMap;

const ROWS: &str = include_str!("../../scenarios/data/pledges.csv");

/// The tag of pledges that count, and those of rows that repeat others, are past, or bind nobody.
const COUNTED: &str = "[hyperscaler]";
const LEFT_OUT: [&str; 6] = [
    "[superseded]",
    "[overlap]",
    "[component]",
    "[proposal]",
    "[government-claim]",
    "[realised]",
];

/// Years over which a pledge without a horizon is spread: an assumption, which `scenarios/data/README.md` states.
pub(crate) const UNSTATED_HORIZON: f64 = 5.0;

/// USD bn that some suppliers have pledged for a window of L years, by the id of a state: Σ amount·L/max(horizon, L) over their
/// pledges. A state without any is left out: no published amount is not the same as no investment.
///
/// A pledge is a supplier's if it names the first word of the supplier's name.
pub(crate) fn pledged(suppliers: &[Identity], window_years: f64) -> BTreeMap<String, f64> {
    let mut reader = csv::Reader::from_reader(ROWS.as_bytes());
    let mut sums = BTreeMap::new();
    for row in reader.deserialize::<Row>().filter_map(Result::ok) {
        if row.counts() && suppliers.iter().any(|one| row.is_of(one)) {
            let horizon = row.horizon_years.unwrap_or(UNSTATED_HORIZON);
            let of_window = row.usd_billion * window_years / horizon.max(window_years);
            *sums.entry(row.state).or_insert(0.0) += of_window;
        }
    }
    sums
}

#[derive(serde::Deserialize)]
struct Row {
    state: String,
    supplier: String,
    usd_billion: f64,
    horizon_years: Option<f64>,
    what: String,
}

impl Row {
    fn counts(&self) -> bool {
        self.what.contains(COUNTED) && !LEFT_OUT.iter().any(|tag| self.what.contains(tag))
    }

    fn is_of(&self, supplier: &Identity) -> bool {
        let first = supplier.name.split_whitespace().next();
        first.is_some_and(|word| self.supplier.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suppliers(names: &[&str]) -> Vec<Identity> {
        let identity = |name: &&str| Identity {
            id: name.to_uppercase(),
            name: (*name).to_owned(),
            home: String::new(),
        };
        names.iter().map(identity).collect()
    }

    #[test]
    fn pledges_are_spread_over_their_horizon() {
        // Amazon in Indonesia: 5.0 over 15 years; 2.5 that were realised do not count. In Malaysia 6.2 over 14 replace 6.0.
        let amazon = pledged(&suppliers(&["Amazon"]), 3.0);
        assert!((amazon["ID"] - 1.0).abs() < 1e-12, "{amazon:?}");
        assert!(
            (amazon["MY"] - 6.2 * 3.0 / 14.0).abs() < 1e-12,
            "{amazon:?}"
        );
        // Google in Thailand: 1.0 over five years, in a window of ten all of it; in Malaysia no horizon is given, so five years.
        let google = pledged(&suppliers(&["Google"]), 10.0);
        assert!((google["TH"] - 1.0).abs() < 1e-12, "{google:?}");
        assert!((pledged(&suppliers(&["Google"]), 3.0)["MY"] - 1.2).abs() < 1e-12);
        // What a government alone has told is no pledge of anybody, and nobody has told anything of these.
        assert!(!pledged(&suppliers(&["Microsoft (with OpenAI)"]), 3.0).contains_key("VN"));
        assert_eq!(pledged(&suppliers(&["Host & Co"]), 3.0), BTreeMap::new());
    }
}
