//! The answer drawn: the options of the question, ranked by what they bring whoever chooses.

use super::facts::Facts;
use crate::engine::model::question::View;
use crate::report::chart::{Chart, Forest, ForestRow, Head, Point};
use crate::report::document::{Marks, written};
use crate::report::numbers::mark;
use crate::report::sentence::say;

/// Where the reference stands: at zero, without an interval.
const REFERENCE: Point = Point {
    value: 0.0,
    outer: (f64::NAN, f64::NAN),
    inner: (f64::NAN, f64::NAN),
};

/// The options by what they bring a party more than the reference, the best first, and the same for a terminal; none where there is
/// nothing to choose.
pub(in crate::report::sections) fn picture(
    facts: &Facts<'_>,
    view: View,
) -> Option<(Chart, Marks)> {
    let mut ranked = facts.ranked_options(view);
    if !ranked.contains(&facts.reference) {
        ranked.push(facts.reference);
    }
    if ranked.len() < 2 {
        return None;
    }
    let point = |arm: usize| match arm == facts.reference {
        true => Some(REFERENCE),
        false => {
            let difference = facts
                .party_pair(arm, facts.reference, view)
                .paired
                .difference;
            difference.as_ref().map(mark)
        }
    };
    let rows = ranked.iter().map(|&arm| ForestRow {
        faint: false,
        label: title(facts, arm).to_owned(),
        points: vec![point(arm)],
        note: best(facts, arm, view),
    });
    let chart = Forest {
        head: head(facts, &ranked, view),
        series: vec!["difference".to_owned()],
        rows: rows.collect(),
        from_zero: true,
        floor: None,
        thin: None,
    };
    let marks = Marks {
        title: say!(
            "What each option brings {} against {}, US$ bn: average (\u{25cf}), 90% of worlds (\u{2500}), zero (\u{2502})",
            facts.party(view),
            facts.arm(facts.reference)
        ),
        rows: ranked
            .iter()
            .filter_map(|&arm| Some((facts.name(arm).to_owned(), point(arm)?)))
            .collect(),
        observed: Vec::new(),
    };
    Some((chart.chart(), marks))
}

/// An arm as people call it.
fn title<'a>(facts: &Facts<'a>, arm: usize) -> &'a str {
    &facts.model.arms[arm].title
}

/// In how many worlds it is the best of all; nothing where there is one world, and for an arm that is no option.
fn best(facts: &Facts<'_>, arm: usize, view: View) -> String {
    let often = facts.best_often(arm, view).filter(|_| !facts.is_single());
    often.map_or_else(String::new, |often| written(&[often]))
}

fn head(facts: &Facts<'_>, ranked: &[usize], view: View) -> Head {
    let (party, reference) = (facts.party(view), title(facts, facts.reference));
    let said = ranked.iter().filter(|&&arm| arm != facts.reference);
    let said = said.map(|&arm| {
        let pair = facts.party_pair(arm, facts.reference, view);
        let (often, better) = (best(facts, arm, view), written(&[pair.better()]));
        let often = match often.is_empty() {
            true => String::new(),
            false => format!(", more in {better} worlds, the best of all in {often}"),
        };
        let difference = written(&[pair.difference().difference()]);
        format!("{} {difference}{often}", title(facts, arm))
    });
    let said: Vec<String> = said.collect();
    let (marks, at_right) = match facts.is_single() {
        true => ("", ""),
        false => (
            ": average, middle half and 90% of worlds",
            "; at the right, how often it is the best",
        ),
    };
    Head {
        id: "options".to_owned(),
        title: format!(
            "What each option brings {party} against \u{201c}{reference}\u{201d}{marks}{at_right}"
        ),
        alternative: format!(
            "One row per option, the best first: a dot at its average difference to {reference}, a thick line over the middle half of worlds, \
             a thin line over 90% of them, a vertical line at zero, where {reference} stands. {}.",
            said.join("; ")
        ),
        x: format!("difference, {} (present value)", facts.short_unit()),
        y: String::new(),
    }
}
