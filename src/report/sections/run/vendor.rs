//! The run as a vendor reads it: what a patchwork of rules costs against one standard.

use super::facts::Facts;
use super::investor::ranked;
use super::markets::{entered, saved, strictest};
use super::obligations;
use crate::engine::model::arm::Mode;
use crate::engine::outcome::TotalMetric;
use crate::report::document::{
    Cell, Heading, Reading, Rows, Table, Text, code, heading, paragraph,
};
use crate::report::numbers::{Pair, ratio};
use crate::report::sections::columns::{difference, range};
use crate::report::sentence::say;
use crate::theory::spelling::units::percent;

/// Shipped scenarios that answer what a single run cannot.
const MORE: [(&str, &str); 2] = [
    (
        "singapore-standard",
        "states that take over one state's standard without a treaty",
    ),
    (
        "eu-style-act",
        "a binding act with conformity costs, for vendors that comply elsewhere already",
    ),
];

pub(in crate::report::sections) fn reading(facts: &Facts<'_>) -> Reading {
    let arms = standards(facts);
    let mut blocks = vec![heading("What compliance costs per market entered")];
    blocks.extend(entered(facts, &arms));
    blocks.push(heading("A patchwork of rules against one standard"));
    match arms.first() {
        None => blocks.push(paragraph("No arm of this run has common rules.")),
        Some(&first) => {
            blocks.push(paragraph(saved(facts, first)));
            blocks.extend(arms.iter().map(|&arm| costs(facts, arm).into()));
        }
    }
    blocks.push(heading("Building to the strictest standard first"));
    blocks.extend(strictest(facts, &arms));
    if let Some(&arm) = arms.last() {
        blocks.push(heading("Which obligations bind, where and from when"));
        blocks.extend(obligations::blocks(facts, arm));
    }
    blocks.push(heading("What a binding act changes"));
    blocks.push(paragraph(act(facts)));
    let more = MORE
        .iter()
        .filter(|(name, _)| facts.shipped.iter().any(|one| one == name));
    for (name, what) in more {
        let command = code(format!("mufakat compare asean-2027 {name}"));
        blocks.push(paragraph(say!("For {}: {}.", *what, command)));
    }
    Reading {
        id: "vendor".to_owned(),
        name: "vendor".to_owned(),
        title: "For a vendor of enterprise software".to_owned(),
        blocks,
    }
}

/// Arms with common rules whose costs are shown: the first framework that has talks, and the arm of the headline.
fn standards(facts: &Facts<'_>) -> Vec<usize> {
    let headline = facts
        .headline()
        .filter(|&arm| facts.model.arms[arm].is_accord());
    let framework = headline.and_then(|arm| facts.framework(arm));
    let framework = framework.or_else(|| facts.of_mode(Mode::Framework).into_iter().next_back());
    let mut arms: Vec<usize> = framework.into_iter().chain(headline).collect();
    arms.retain(|&arm| arm != facts.reference);
    arms.dedup();
    arms
}

fn costs(facts: &Facts<'_>, arm: usize) -> Table {
    let (reference, name) = (facts.reference, facts.name(arm));
    let own = |&h: &usize| facts.of_hyperscaler(reference, h, "compliance_cost");
    let cost = |&h: &usize| facts.hyperscaler_pair(arm, reference, h, "compliance_cost");
    let profit = |&h: &usize| facts.hyperscaler_pair(arm, reference, h, "profit");
    let said = |pair: Pair| Cell::words(pair.verdict().of_level());
    let number = Heading::number;
    Rows::of(ranked(facts))
        .column(Heading::number("hyperscaler"), |&h| {
            facts.model.hyperscalers[h].name.as_str()
        })
        .column(number("cost of the patchwork"), |h| own(h).mean())
        .column(number("difference"), |h| cost(h).difference().difference())
        .column(number("90% of worlds"), |h| range(&cost(h).difference()))
        .column(number("of it"), |h| {
            ratio(&cost(h).difference(), &own(h), signed_percent)
        })
        .column(Heading::words("the cost is"), |h| said(cost(h)))
        .column(number("profit, difference"), |h| difference(&profit(h)))
        .column(Heading::words("the profit is"), |h| said(profit(h)))
        .table(
            format!("vendor-{name}"),
            format!(
                "Cost of compliance as {} (a regime for each host) and under the common rules of {name}; more hosts cost more, whatever the rules; {}",
                facts.name(reference),
                facts.unit()
            ),
        )
}

/// A share in percent with its sign.
fn signed_percent(share: f64) -> String {
    let text = percent(share.abs());
    if share < 0.0 {
        format!("-{text}")
    } else {
        format!("+{text}")
    }
}

/// Common rules at separate tables: what a binding act is.
fn act(facts: &Facts<'_>) -> Text {
    let Some(arm) = facts
        .of_mode(Mode::Framework)
        .into_iter()
        .next_back()
        .filter(|&arm| arm != facts.reference)
    else {
        return say!("No arm of this run is a framework: common rules at separate tables.");
    };
    let states = facts.total_pair(arm, facts.reference, TotalMetric::Payoff);
    let profit = facts.total_pair(arm, facts.reference, TotalMetric::Profit);
    say!(
        "Rules that bind at separate tables are the arm {} here: against {}, the profit of all hyperscalers is {} bn ({}), the payoff of all states {} bn ({}).",
        facts.arm(arm),
        facts.arm(facts.reference),
        profit.difference().difference(),
        profit.verdict().of_level(),
        states.difference().difference(),
        states.verdict().of_level()
    )
}
