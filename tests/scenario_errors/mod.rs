//! The full text of what a user sees for each mistake in a scenario, caret included.

mod accords;
mod correlation;
mod data;
mod layers;
mod numbers;
mod pedigree;
mod robustness;
mod structure;

use mufakat::cli::snippet;
use mufakat::scenario::{Diagnostic, LoadError, Request, Source, load};

/// The smallest valid scenario, line by line; tests change lines of it or add to it.
pub const SMALL: &str = "\
schema = 1
[horizon]
start_year = 2027
windows = 2
window_years = 3
[market]
region_efficiency = 0.8
outside_efficiency = 0.4
capex_intensity = 0.3
capital_charge = 0.1
coverage_rate = 2
contingent_share = 0.3
talent_elasticity = 0.4
ramp_years = 5
[bargaining]
foresight = 0.5
[[state]]
id = 'SG'
gdp = 500
digital_gmv = 50
ai_spend_share = 0.05
ai_uplift = 0.01
talent = 0.5
infrastructure = 0.9
compute = 0.1
bargaining_power = 0.5
discount_rate = 0.05
[[hyperscaler]]
id = 'H'
market_share = 0.3
operating_margin = 0.3
discount_rate = 0.1
";

/// Files by name, the first of which is the scenario.
pub type Files<'a> = &'a [(&'a str, &'a str)];

/// What a user sees for a scenario that is not valid.
pub fn errors(request: &Request, files: Files<'_>) -> String {
    let mut read = |name: &str| {
        let file = files.iter().find(|(known, _)| *known == name);
        let text = file.map(|(_, text)| (*text).to_owned());
        text.ok_or_else(|| "no such file".to_owned())
    };
    match load(request, &mut read) {
        Ok(loaded) => panic!("the scenario is valid:\n{}", loaded.resolved),
        Err(LoadError::Problems(found)) => plain(&found.diagnostics, &found.sources),
        Err(error) => format!("{error}"),
    }
}

/// What a user is warned of in a scenario that is valid.
pub fn warnings(request: &Request, files: Files<'_>) -> String {
    let mut read = |name: &str| {
        let file = files.iter().find(|(known, _)| *known == name);
        let text = file.map(|(_, text)| (*text).to_owned());
        text.ok_or_else(|| "no such file".to_owned())
    };
    let loaded = load(request, &mut read).expect("valid");
    plain(&loaded.warnings, &loaded.sources)
}

/// Findings as text without colours.
fn plain(findings: &[Diagnostic], sources: &[Source]) -> String {
    let text = snippet::render(findings, sources);
    let text = anstream::adapter::strip_str(&text).to_string();
    text.trim_end().to_owned()
}

/// What a user sees for the small scenario with `old` replaced by `new`.
pub fn changed(old: &str, new: &str) -> String {
    assert!(SMALL.contains(old), "{old} is in the small scenario");
    errors(&Request::new("a.toml", SMALL.replacen(old, new, 1)), &[])
}

/// What a user sees for the small scenario with lines added at its end.
pub fn added(more: &str) -> String {
    errors(&Request::new("a.toml", format!("{SMALL}{more}")), &[])
}

/// What a user sees for the small scenario with assignments over it.
pub fn set(assignments: &[&str]) -> String {
    let mut request = Request::new("a.toml", SMALL);
    request.sets = assignments.iter().map(|&text| text.to_owned()).collect();
    errors(&request, &[])
}

/// A scenario text under a name.
pub fn source(name: &str, text: &str) -> Source {
    Source {
        name: name.to_owned(),
        text: text.to_owned(),
    }
}
