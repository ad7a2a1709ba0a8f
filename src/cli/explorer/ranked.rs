//! What matters most of what nobody decides, as a study of sensitivity has found it.

use crate::explore::controls::RankedInputs;
use crate::study::results::sensitivity::SensitivityResults;
use crate::study::sensitivity::Method;
use crate::theory::sensitivity::independence::FALSE_ALARMS;

/// The orders that come with the program: the name of a scenario, then the command and the paths, a line each.
const SHIPPED: &[(&str, &str)] = &[(
    "asean-2027",
    include_str!("../../../explorer/ranked/asean-2027.txt"),
)];

/// The order that comes with the program for a scenario.
pub fn shipped(scenario: &str) -> Option<RankedInputs> {
    let (_, text) = SHIPPED.iter().find(|(name, _)| *name == scenario)?;
    let mut lines = text.lines().map(str::to_owned);
    Some(RankedInputs {
        by: lines.next()?,
        paths: lines.collect(),
    })
}

/// The order that a study found, by the first result that it looks at; a factor of several quantities stands for each of them.
pub fn found(results: &SensitivityResults) -> RankedInputs {
    let by = Method::named(&results.method).map_or("", |method| method.description().ranked_by);
    let output = results.outputs.values().flatten().next();
    let mut factors = output.map_or_else(Vec::new, |output| output.ranked(by));
    // What is told from chance comes first.
    factors.sort_by_key(|(_, one)| one.chance.is_some_and(|chance| chance >= FALSE_ALARMS));
    let members = factors
        .iter()
        .filter_map(|(name, _)| results.factors.get(*name));
    RankedInputs {
        by: format!(
            "mufakat sensitivity --method {} -n {}",
            results.method, results.manifest.trials
        ),
        paths: members.flatten().cloned().collect(),
    }
}
