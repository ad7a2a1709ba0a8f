//! What a vendor pays for each market that it enters, and what it buys by building to the strictest standard first.

use super::facts::Facts;
use super::investor::{of_scenario, ranked};
use crate::engine::model::keys::{ArmKey, HyperscalerKey, StateKey};
use crate::engine::model::layout::Slot;
use crate::report::document::{Block, Heading, Number, Rows, Span, Table, Text, paragraph};
use crate::report::numbers::{largest, ratio};
use crate::report::sentence::say;
use crate::theory::spelling::units::{number, percent};

/// Digits of a cost: two.
const ROUGH: f64 = 0.03;

/// The cost of compliance of each hyperscaler by the markets that it enters, in the reference and under common rules.
pub(super) fn entered(facts: &Facts<'_>, standards: &[usize]) -> Vec<Block> {
    let arms = [facts.reference]
        .into_iter()
        .chain(standards.iter().copied());
    let arms: Vec<usize> = arms.collect();
    vec![paragraph(STANDS_FOR), table(facts, &arms).into()]
}

const STANDS_FOR: &str = "No vendor of software is a party of this model. What each market asks of the hyperscalers that enter it stands for what it asks of a vendor, who pays \
in proportion to its own size: read the columns against each other, not as a price.";

fn table(facts: &Facts<'_>, arms: &[usize]) -> Table {
    Rows::of(ranked(facts))
        .column(Heading::words("hyperscaler"), |&h| {
            facts.model.hyperscalers[h].name.as_str()
        })
        .each(arms, |rows, &arm| {
            let name = facts.name(arm);
            rows.column(Heading::number(format!("markets as {name}")), |&h| {
                markets(facts, arm, h)
            })
            .column(
                Heading::number(format!("per market as {name}")),
                |&h| per_market(facts, arm, h),
            )
        })
        .table(
            "vendor-markets",
            format!(
                "What compliance costs per market entered: states that host each hyperscaler (mean over windows), and its cost of compliance over all windows by their number; mean over mean, {}",
                facts.unit()
            ),
        )
}

/// In how many states a hyperscaler is hosted, the mean over windows and worlds, and where that stands.
fn hosts(facts: &Facts<'_>, arm: usize, h: usize) -> (f64, String) {
    let id = &facts.model.hyperscalers[h].id;
    let (mut sum, mut paths) = (0.0, Vec::new());
    for state in &facts.model.states {
        if let Some(pair) = facts
            .result(arm)
            .pairs
            .get(&state.id)
            .and_then(|row| row.get(id))
        {
            sum += pair.signed;
            paths.push(format!(
                "arms.{}.pairs.{}.{id}.signed",
                facts.name(arm),
                state.id
            ));
        }
    }
    (sum, paths.join(" + "))
}

fn markets(facts: &Facts<'_>, arm: usize, h: usize) -> Span {
    let (markets, path) = hosts(facts, arm, h);
    Span::Number(Number::new(&number(markets, Some(0.1)), markets, &path))
}

/// Nothing where no state hosts it.
fn per_market(facts: &Facts<'_>, arm: usize, h: usize) -> Text {
    let (markets, path) = hosts(facts, arm, h);
    let cost = facts.of_hyperscaler(arm, h, "compliance_cost");
    let each = cost.value() / markets;
    match each.is_finite() {
        true => vec![Span::Number(Number::new(
            &number(each, Some(ROUGH * each)),
            each,
            &format!("{} / {path}", cost.at("mean")),
        ))],
        false => Text::new(),
    }
}

/// What complying once with the strictest state buys: in one sentence, and market by market.
pub(super) fn strictest(facts: &Facts<'_>, standards: &[usize]) -> Vec<Block> {
    let mut markets: Vec<(usize, f64)> = (0..facts.model.states.len())
        .map(|i| {
            (
                i,
                facts.model.base[facts.model.layout.state(i, StateKey::Strictness)],
            )
        })
        .collect();
    markets.sort_by(|one, other| other.1.total_cmp(&one.1));
    let total: f64 = markets.iter().map(|one| one.1).sum();
    let (Some(&(first, most)), true) = (markets.first(), total > 0.0) else {
        return vec![paragraph(
            "No state of this scenario asks suppliers for anything that costs them.",
        )];
    };
    if markets.iter().all(|one| one.1 == most) {
        return vec![paragraph(
            "No state's rules are stricter than another's in this scenario: whichever standard is built first complies with all that recognise it.",
        )];
    }
    let path = format!("state.{}.strictness", facts.state(first).id);
    let said = say!(
        "The strictest rules are those of {} (strictness {}, median). If every state recognised what complies there, a vendor in all {} states would pay {} of what their separate regimes cost together; what is not recognised is paid for on top, and a standard built first buys nothing where states keep their own rules.",
        facts.state(first).name.as_str(),
        of_scenario(most, &path),
        markets.len().to_string(),
        percent(most / total)
    );
    let arm = largest(standards.iter().copied(), |&arm| harmonisation(facts, arm));
    let arm = arm.filter(|&arm| harmonisation(facts, arm) > 0.0);
    let mut blocks = vec![paragraph(said)];
    blocks.extend(arm.map(|arm| order(facts, arm, markets).into()));
    blocks
}

/// How much of the cost of compliance members of an accord share, the median.
fn harmonisation(facts: &Facts<'_>, arm: usize) -> f64 {
    let slot = Slot::Arm(arm, ArmKey::Harmonisation);
    facts.model.base[facts.model.layout.index(slot)]
}

/// Markets by falling strictness with what each adds: (1 − η)·C once the strictest is built, by (15) with all of them members.
fn order(facts: &Facts<'_>, arm: usize, markets: Vec<(usize, f64)>) -> Table {
    let shared = harmonisation(facts, arm);
    let (mut alone, mut common) = (0.0, 0.0);
    let rows = markets.into_iter().enumerate().map(|(at, (i, cost))| {
        let adds = match at {
            0 => cost,
            _ => (1.0 - shared) * cost,
        };
        alone += cost;
        common += adds;
        (i, cost, adds, [alone, common])
    });
    let rows: Vec<_> = rows.collect();
    let written = |x: f64| number(x, Some(0.01));
    let costs = (0..facts.model.hyperscalers.len()).map(|h| {
        let slot = Slot::Hyperscaler(h, HyperscalerKey::ComplianceCost);
        1000.0 * facts.model.base[facts.model.layout.index(slot)]
    });
    let (low, high) = costs.fold((f64::INFINITY, 0.0_f64), |(low, high), cost| {
        (low.min(cost), high.max(cost))
    });
    Rows::of(rows)
        .column(Heading::words("market"), |row| facts.state(row.0).name.as_str())
        .column(Heading::number("its own regime"), |row| written(row.1))
        .column(Heading::number("all so far, apart"), |row| written(row.3[0]))
        .column(Heading::number("adds under common rules"), |row| written(row.2))
        .column(Heading::number("all so far, common"), |row| written(row.3[1]))
        .column(Heading::number("saved"), |row| {
            percent(1.0 - row.3[1] / row.3[0])
        })
        .table(
            "vendor-strictest",
            say!(
                "Markets entered by falling strictness, each under a regime of its own and under the rules of {}, where members recognise {} of what complies in another (medians of the scenario, all states members); 1 is a regime of strictness 1, US$ {} to {} m a year for the suppliers here. What rebuilding would cost that begins with a laxer standard is not in the model",
                facts.arm(arm),
                percent(shared),
                number(low, Some(ROUGH * low)),
                number(high, Some(ROUGH * high))
            ),
        )
}

/// How much of the cost of compliance common rules save, all hyperscalers together.
pub(super) fn saved(facts: &Facts<'_>, arm: usize) -> Text {
    let cost = |h: usize| facts.hyperscaler_pair(arm, facts.reference, h, "compliance_cost");
    let all = 0..facts.model.hyperscalers.len();
    let Some(h) = largest(all, |&h| -cost(h).value()) else {
        return Text::new();
    };
    let pair = cost(h);
    let name = &facts.model.hyperscalers[h].name;
    let (arm_name, reference) = (facts.arm(arm), facts.arm(facts.reference));
    match pair.verdict().sign() {
        -1 => say!(
            "Of all hyperscalers {} saves most of the cost of compliance under the common rules of {}: US$ {} bn on average against {}, {} of it.",
            name.as_str(),
            arm_name,
            pair.difference().amount(),
            reference,
            ratio(
                &pair.difference(),
                &facts.of_hyperscaler(facts.reference, h, "compliance_cost"),
                |share| percent(share.abs())
            )
        ),
        _ => say!(
            "No hyperscaler's cost of compliance is lower beyond error under the common rules of {} than as {}.",
            arm_name,
            reference
        ),
    }
}
