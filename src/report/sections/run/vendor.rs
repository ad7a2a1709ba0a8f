//! The run as a vendor reads it: what a patchwork of rules costs against one standard.

use super::facts::Facts;
use super::investor::{of_scenario, ranked};
use crate::engine::model::arm::Mode;
use crate::engine::model::keys::StateKey;
use crate::engine::outcome::TotalMetric;
use crate::report::document::{
    Cell, Heading, Reading, Rows, Table, Text, code, heading, paragraph,
};
use crate::report::numbers::{Pair, largest, ratio};
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

pub(super) fn reading(facts: &Facts<'_>) -> Reading {
    let mut blocks = vec![heading("A patchwork of rules against one standard")];
    let arms = standards(facts);
    match arms.first() {
        None => blocks.push(paragraph("No arm of this run has common rules.")),
        Some(&first) => {
            blocks.push(paragraph(saved(facts, first)));
            blocks.extend(arms.iter().map(|&arm| costs(facts, arm).into()));
        }
    }
    blocks.push(heading("Building to the strictest standard first"));
    blocks.extend(strictest(facts).map(paragraph));
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
        title: "For a vendor".to_owned(),
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

/// How much of the cost of compliance common rules save, all hyperscalers together.
fn saved(facts: &Facts<'_>, arm: usize) -> Text {
    let cost = |h: usize| facts.hyperscaler_pair(arm, facts.reference, h, "compliance_cost");
    let all = 0..facts.model.hyperscalers.len();
    let Some(h) = largest(all, |&h| -cost(h).value()) else {
        return Text::new();
    };
    let pair = cost(h);
    let name = &facts.model.hyperscalers[h].name;
    let (arm, reference) = (facts.arm(arm), facts.arm(facts.reference));
    match pair.verdict().sign() {
        -1 => say!(
            "Of all hyperscalers {} saves most of the cost of compliance under the common rules of {}: US$ {} bn on average against {}.",
            name.as_str(),
            arm,
            pair.difference().amount(),
            reference
        ),
        _ => say!(
            "No hyperscaler's cost of compliance is lower beyond error under the common rules of {} than as {}.",
            arm,
            reference
        ),
    }
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

/// What complying once with the strictest state would cost against complying with all, by the strictness of states.
fn strictest(facts: &Facts<'_>) -> Option<Text> {
    let strictness = |i: usize| facts.model.base[facts.model.layout.state(i, StateKey::Strictness)];
    let states = 0..facts.model.states.len();
    let total: f64 = states.clone().map(strictness).sum();
    let i = largest(states, |&i| strictness(i)).filter(|_| total > 0.0)?;
    if (0..facts.model.states.len()).all(|other| strictness(other) == strictness(i)) {
        return Some(say!(
            "No state's rules are stricter than another's in this scenario: whichever standard is built first complies with all that recognise it."
        ));
    }
    let path = format!("state.{}.strictness", facts.state(i).id);
    Some(say!(
        "The strictest rules are those of {} (strictness {}, median). If every state recognised what complies there, a vendor in all {} states would pay {} of what their separate regimes cost together; what is not recognised is paid for on top, and a standard built first buys nothing where states keep their own rules.",
        facts.state(i).name.as_str(),
        of_scenario(strictness(i), &path),
        facts.model.states.len().to_string(),
        percent(strictness(i) / total)
    ))
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
