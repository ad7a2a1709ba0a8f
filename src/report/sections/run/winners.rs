//! Section 1: who gains and who loses, every state in every arm.

use super::facts::Facts;
use crate::engine::model::arm::EXACT_MEMBERS;
use crate::engine::outcome::TotalMetric;
use crate::report::chart::{Forest, ForestRow, Head};
use crate::report::document::{
    Block, Figure, Files, Heading, Marks, Rows, Section, Table, Text, joined, note, paragraph,
    text, written,
};
use crate::report::numbers::{Pair, Quote, mark, traced};
use crate::report::sections::columns::{paired, range};
use crate::report::sentence::say;
use crate::report::verdict::{FEW_WORLDS, Verdict, and};
use crate::theory::spelling::units::worlds;

pub(super) fn section(facts: &Facts<'_>, files: &mut Files) -> Section {
    let mut blocks = vec![arms(facts).into()];
    if !facts.is_single() {
        blocks.push(note(RULE));
    }
    blocks.extend(sampled_shares(facts));
    match facts.headline() {
        None => blocks.push(levels(facts).into()),
        Some(headline) => {
            blocks.extend(of_arm(facts, headline, files));
            for arm in facts.others().into_iter().filter(|&arm| arm != headline) {
                blocks.push(Block::Details {
                    summary: format!(
                        "States in {} against {}",
                        facts.heading(arm),
                        facts.heading(facts.reference)
                    ),
                    blocks: of_arm(facts, arm, files),
                });
            }
        }
    }
    Section::new("winners", "Winners and losers", blocks)
}

const RULE: &str = "Differences are paired: the same world, negotiated in two ways. The range holds 90% of worlds. \u{201c}Gains\u{201d} is said \
where that range, as it is written, lies above zero; \u{201c}gains on average\u{201d} where it does not, but the average is more than two standard errors above zero; \
\u{201c}no clear difference\u{201d} where it is not; and likewise for losses. Fewer than 100 worlds are too few to tell.";

/// How well shares are known that are sampled; nothing where all are exact.
pub(super) fn sampled_shares(facts: &Facts<'_>) -> Option<Block> {
    /// Smaller ones are not told apart.
    const LEAST: f64 = 0.001;
    let arms = facts.shown().into_iter();
    let arms = arms.filter_map(|arm| {
        let error = facts.share_error(arm)?;
        let path = format!("arms.{}.accord.share_error.mean", facts.name(arm));
        let written = format!("{:.1}%", 100.0 * error);
        let off = match error < LEAST {
            true => say!("less than 0.1%"),
            false => say!("{}", traced(&written, error, &path)),
        };
        Some(say!("{} of what is pooled as {}", off, facts.arm(arm)))
    });
    let arms = joined(arms, ", ");
    let of = match facts.is_single() {
        true => "",
        false => " in a world, part of the range of worlds",
    };
    let said = say!(
        "Shapley shares of more than {} members are estimated from sampled orders of joining: a member's is off by {} (standard error{}).",
        EXACT_MEMBERS.to_string(),
        arms.clone(),
        of
    );
    (!arms.is_empty()).then(|| note(said))
}

/// All arms: what states and hyperscalers get together.
pub(super) fn arms(facts: &Facts<'_>) -> Table {
    let reference = facts.reference;
    let difference = format!("difference to {}", facts.name(reference));
    let compared = |&arm: &usize| {
        (arm != reference).then(|| facts.total_pair(arm, reference, TotalMetric::Payoff))
    };
    Rows::of(facts.shown())
        .column(Heading::words("arm"), |&arm| facts.arm(arm))
        .column(Heading::number("payoff of all states"), |&arm| {
            facts.total(arm, TotalMetric::Payoff).level()
        })
        .if_so(!facts.others().is_empty(), |rows| {
            let names = [difference.as_str(), "better in", "the states together"];
            paired(rows, names, Verdict::words, compared)
        })
        .column(
            Heading::number("profit of all hyperscalers").goes(2),
            |&arm| facts.total(arm, TotalMetric::Profit).level(),
        )
        .table("arms", format!("All arms, {}", facts.unit()))
}

/// States by arm: payoff in the reference; for each other arm the difference and how often the state is better off.
pub(super) fn states_by_arm(facts: &Facts<'_>) -> Table {
    let (reference, single) = (facts.reference, facts.is_single());
    // The last row is that of all states.
    let states = (0..facts.model.states.len()).map(Some).chain([None]);
    let payoff = |row: &Option<usize>| -> Quote {
        match *row {
            Some(i) => facts.of_state(reference, i, "payoff"),
            None => facts.total(reference, TotalMetric::Payoff),
        }
    };
    let pair = |row: &Option<usize>, arm: usize| -> Pair {
        match *row {
            Some(i) => facts.state_pair(arm, reference, i, "payoff"),
            None => facts.total_pair(arm, reference, TotalMetric::Payoff),
        }
    };
    let name = |row: &Option<usize>| match row.map(|i| facts.state(i)) {
        None => "all states".to_owned(),
        Some(state) if single && state.id != state.name => format!("{} ({})", state.name, state.id),
        Some(state) => state.name.clone(),
    };
    let id = |row: &Option<usize>| match row.map(|i| facts.state(i)) {
        Some(state) if !single && state.id != state.name => state.id.clone(),
        _ => String::new(),
    };
    let below = |name: &str| Heading::number(name).below();
    let table = Rows::of(states)
        .column(Heading::words(""), name)
        .column(below("id"), id)
        .column(Heading::number(facts.name(reference)), |row| {
            payoff(row).mean()
        })
        .column(below("90% of worlds"), |row| range(&payoff(row)))
        .each(facts.others(), |rows, arm| {
            let difference = |row: &Option<usize>| {
                let pair = pair(row, arm);
                let mut text = text![pair.difference().difference()];
                if !single {
                    let often = pair.in_hundred();
                    let width = written(std::slice::from_ref(&often)).chars().count();
                    text.extend(text![
                        " ".repeat(5_usize.saturating_sub(width).max(1)),
                        often
                    ]);
                }
                text
            };
            rows.column(Heading::number(facts.name(arm)), difference)
                .column(below("90% of worlds"), |row| {
                    range(&pair(row, arm).difference())
                })
        });
    let often = match facts.trials() {
        few if few < FEW_WORLDS => format!("the {}", worlds(few)),
        _ => "100 worlds".to_owned(),
    };
    let more = match (facts.others().is_empty(), single) {
        (true, true) => Text::new(),
        (true, false) => say!("; below, the range of 90% of worlds"),
        (false, true) => say!(", then its difference in the other arms"),
        (false, false) => say!(
            ", then its paired difference in the other arms and in how many of {} the state is better off; below, the range of 90% of worlds",
            often
        ),
    };
    let reference = facts.arm(reference);
    let caption = say!("Payoff of each state in US$ bn as {}{}", reference, more);
    Table {
        repeated: 2,
        ..table.table("states-by-arm", caption)
    }
}

/// States where there is but one arm.
fn levels(facts: &Facts<'_>) -> Table {
    let payoff = |&i: &usize| facts.of_state(facts.reference, i, "payoff");
    Rows::of(0..facts.model.states.len())
        .column(Heading::number("state"), |&i| facts.state(i).name.as_str())
        .column(Heading::number("payoff"), |i| payoff(i).mean())
        .column(Heading::number("90% of worlds"), |i| range(&payoff(i)))
        .table("states", format!("Payoff of each state, {}", facts.unit()))
}

/// States in an arm against the reference, sorted: a table and a figure.
fn of_arm(facts: &Facts<'_>, arm: usize, files: &mut Files) -> Vec<Block> {
    let (name, reference) = (facts.name(arm), facts.name(facts.reference));
    let ranked = facts.ranked(arm, facts.reference);
    let rows = Rows::of(&ranked)
        .column(Heading::words("state"), |(i, _)| {
            facts.state(*i).name.as_str()
        })
        .column(
            Heading::number(format!("payoff as {reference}")),
            |(i, _)| facts.of_state(facts.reference, *i, "payoff").mean(),
        );
    let difference = format!("difference as {name}");
    let names = [difference.as_str(), "better in", "the state"];
    let table = paired(rows, names, Verdict::words, |(_, pair)| Some(pair.clone())).table(
        format!("states-{name}"),
        format!(
            "States in {name} against {reference}, sorted by difference; {}",
            facts.unit()
        ),
    );
    vec![
        table.into(),
        forest(facts, arm, files),
        paragraph(summary(facts, arm)),
    ]
}

/// The differences of an arm with their ranges, zero marked.
pub(super) fn forest(facts: &Facts<'_>, arm: usize, files: &mut Files) -> Block {
    let (name, reference) = (facts.name(arm), facts.name(facts.reference));
    let ranked = facts.ranked(arm, facts.reference);
    let rows = ranked.iter().map(|(i, pair)| ForestRow {
        faint: false,
        label: facts.state(*i).name.clone(),
        points: vec![pair.paired.difference.as_ref().map(mark)],
        note: if facts.is_single() {
            String::new()
        } else {
            written(&[pair.better()])
        },
    });
    let rows: Vec<ForestRow> = rows.collect();
    let said = ranked.iter().map(|(i, pair)| {
        let difference = written(&[pair.difference().difference()]);
        format!(
            "{} {difference}, better in {}",
            facts.state(*i).name,
            written(&[pair.better()])
        )
    });
    let alternative = format!(
        "One row per state: a dot at the average difference of {name} to {reference}, a thick line over the middle half of worlds, a thin line \
         over 90% of them, a vertical line at zero. {}.",
        said.collect::<Vec<_>>().join("; ")
    );
    let marks = (!facts.is_single()).then(|| Marks {
        title: say!(
            "What {} brings each state against {}, US$ bn: average (\u{25cf}), 90% of worlds (\u{2500}), zero (\u{2502})",
            facts.arm(arm),
            facts.arm(facts.reference)
        ),
        rows: rows
            .iter()
            .filter_map(|row| Some((row.label.clone(), row.points[0]?)))
            .collect(),
        observed: Vec::new(),
    });
    let chart = Forest {
        head: Head {
            id: format!("difference-{name}"),
            title: format!(
                "What {name} brings each state against {reference}: average, middle half and 90% of worlds; at the right, worlds in which the \
                 state is better off"
            ),
            alternative,
            x: format!(
                "difference of payoff, {} (present value)",
                facts.short_unit()
            ),
            y: String::new(),
        },
        series: vec![name.to_owned()],
        rows,
        from_zero: true,
        floor: None,
        thin: None,
    };
    Figure::marked(chart.chart(), marks, files)
}

/// Who gains, who loses, who neither, in one paragraph.
pub(super) fn summary(facts: &Facts<'_>, arm: usize) -> Text {
    let ranked = facts.ranked(arm, facts.reference);
    let groups: [(&str, &[Verdict]); 6] = [
        (
            match facts.trials() < FEW_WORLDS {
                true => "better off in every world",
                false => "better off in at least 95 of 100 worlds",
            },
            &[Verdict::Gains],
        ),
        (
            "better off on average, not in every world",
            &[Verdict::GainsOnAverage],
        ),
        ("better off", &[Verdict::More]),
        (
            "no clear difference, or none",
            &[Verdict::Unclear, Verdict::Same, Verdict::Unknown],
        ),
        ("too few worlds to tell", &[Verdict::TooFew]),
        (
            "worse off",
            &[Verdict::Less, Verdict::LosesOnAverage, Verdict::Loses],
        ),
    ];
    let said = groups.into_iter().filter_map(|(words, verdicts)| {
        let of_group = ranked
            .iter()
            .filter(|(_, pair)| verdicts.contains(&pair.verdict()));
        let names: Vec<String> = of_group
            .map(|(i, _)| facts.state(*i).name.clone())
            .collect();
        let names = match names.len() {
            0 => return None,
            all if all == ranked.len() && all > 2 => format!("all {all} states"),
            _ => and(&names),
        };
        Some(format!("{words}: {names}"))
    });
    let said: Vec<String> = said.collect();
    say!("As {}: {}.", facts.arm(arm), said.join("; "))
}
