//! With whom: who is in, whose vote decides, who holds out and what would hold them, what happens without each, and the smallest coalition that is worth it.

use super::view::AdviceView;
use crate::engine::model::question::View;
use crate::report::document::{Heading, Rows, Section, Table, Text, note, paragraph, text};
use crate::report::numbers::{Quote, frequency, known};
use crate::report::sentence::say;
use crate::report::verdict::{and, of_hundred};
use crate::study::results::stability::StabilityResults;
use crate::theory::spelling::units::{count, number, percent, signed};

/// States that leave the full coalition in more worlds than this hold out.
const OFTEN: f64 = 0.5;

pub(super) fn section(advice: &AdviceView<'_>) -> Option<Section> {
    let stability = advice.results.stability.as_ref()?;
    let mut blocks = vec![paragraph(who(advice, stability))];
    blocks.push(table(advice, stability).into());
    blocks.extend(inside_or_out(advice, stability).map(paragraph));
    blocks.push(paragraph(holding_out(advice, stability)));
    blocks.push(paragraph(smallest(advice, stability)));
    blocks.push(note(say!(
        "By year: in how many of {} worlds the state is a member. The rest judges coalitions of the first window alone, undelayed and undiscounted, in {} worlds. Its vote decides: how often it does under the rule of the arm, if the others vote either way with even odds. Stays for: the side payment that keeps it in the accord of all, on average, nothing where it stays anyway. Others gain without it: what all others together gain more, or less, without the state.",
        count(advice.facts.trials()),
        count(stability.worlds)
    )));
    Some(Section::new("whom", "With whom", blocks))
}

fn who(advice: &AdviceView<'_>, stability: &StabilityResults) -> Text {
    let arm = advice
        .model
        .arms
        .iter()
        .position(|arm| arm.name == stability.arm);
    let arm = arm.unwrap_or(advice.facts.reference);
    let result = advice.facts.result(arm);
    let size = Quote::new(
        result.accord.size,
        format!("run:arms.{}.accord.size", stability.arm),
    );
    say!(
        "As {} an accord forms in {} worlds; {} of {} states are in it on average.",
        advice.titled(arm),
        frequency(
            result.accord.formed,
            advice.facts.trials(),
            format!("run:arms.{}.accord.formed", stability.arm)
        ),
        size.decimals(1),
        advice.model.states.len().to_string()
    )
}

fn table(advice: &AdviceView<'_>, stability: &StabilityResults) -> Table {
    let run = &advice.results.run.arms[&stability.arm];
    let last = run.windows.len() - 1;
    let trials = advice.facts.trials();
    let grand = stability.grand();
    let mut states: Vec<&String> = stability.states.keys().collect();
    let member = |id: &str| run.accord.member[id];
    states.sort_by(|one, other| member(other).total_cmp(&member(one)));
    let windows: Vec<usize> = match last {
        0 => vec![0],
        _ => vec![0, last],
    };
    let year = |w: usize| format!("in {}", advice.facts.year(w));
    Rows::of(states)
        .column(Heading::words("state"), |id| advice.state_name(id))
        .each(windows, |rows, w| {
            rows.column(Heading::number(year(w)), |id| {
                let share = run.windows[w].member[id.as_str()];
                text![frequency(
                    share,
                    trials,
                    format!("run:arms.{}.windows.{w}.member.{id}", stability.arm)
                )]
            })
        })
        .column(Heading::number("its vote decides").goes(1), |id| {
            let state = &stability.states[id.as_str()];
            known(
                state.pivotal,
                percent,
                &format!("stability:states.{id}.pivotal"),
            )
        })
        .column(Heading::number("would leave in"), |id| {
            let state = &stability.states[id.as_str()];
            text![frequency(
                state.leaves,
                stability.worlds,
                format!("stability:states.{id}.leaves")
            )]
        })
        .column(Heading::number("stays for, US$ bn"), |id| {
            let state = &stability.states[id.as_str()];
            match state.leaves > 0.0 {
                true => text![
                    Quote::new(Some(state.needs), format!("stability:states.{id}.needs"))
                        .in_millions()
                        .mean()
                ],
                false => Text::new(),
            }
        })
        .column(Heading::number("others gain without it"), |id| {
            let rest: Vec<String> = grand
                .members
                .iter()
                .filter(|one| one != id)
                .cloned()
                .collect();
            match stability.coalition(&rest) {
                None => Text::new(),
                Some(without) => {
                    let change = without.gain.mean - grand.gain.mean;
                    text![signed(change, grand.gain.se)]
                }
            }
        })
        .table("whom-states", "Who is in, and what keeps it there")
}

/// Whether the state that decides is in or out, and what that is to it.
fn inside_or_out(advice: &AdviceView<'_>, stability: &StabilityResults) -> Option<Text> {
    let View::State(i) = advice.view else {
        return None;
    };
    let id = &advice.model.states[i].id;
    let (name, own) = (advice.state_name(id), stability.states.get(id)?);
    let windows = &advice.results.run.arms[&stability.arm].windows;
    let often = |w: usize| {
        let path = format!("run:arms.{}.windows.{w}.member.{id}", stability.arm);
        frequency(windows[w].member[id], advice.facts.trials(), path)
    };
    let leaves = frequency(
        own.leaves,
        stability.worlds,
        format!("stability:states.{id}.leaves"),
    );
    let needs = Quote::new(Some(own.needs), format!("stability:states.{id}.needs"));
    let paid = match own.leaves > 0.0 {
        true => say!(
            "; US$ {} bn a window, paid by the others, would keep it",
            needs.in_millions().mean()
        ),
        false => Text::new(),
    };
    Some(say!(
        "What {} gets is of both, worlds in which it is a member and worlds in which it stays out: it is in in {} worlds in the first window and {} in the last. Once all are in, it would gain by leaving in {} worlds{}.",
        name,
        often(0),
        often(windows.len() - 1),
        leaves,
        paid
    ))
}

/// Who would leave an accord of all in most worlds.
fn holding_out(advice: &AdviceView<'_>, stability: &StabilityResults) -> Text {
    let out = stability
        .states
        .iter()
        .filter(|(_, state)| state.leaves > OFTEN);
    let mut out: Vec<_> = out.collect();
    out.sort_by(|one, other| other.1.leaves.total_cmp(&one.1.leaves));
    if out.is_empty() {
        return say!("No state would leave an accord of all in more than half of the worlds.");
    }
    let names: Vec<String> = out
        .iter()
        .map(|(id, _)| advice.state_name(id).to_owned())
        .collect();
    let needed: f64 = out.iter().map(|(_, state)| state.needs.mean).sum();
    let errors = out.iter().filter_map(|(_, state)| state.needs.se);
    let error: f64 = libm::sqrt(errors.map(|se| se * se).sum());
    let payment = match needed > 0.0 {
        true => format!(
            "; US$ {} bn a window, paid by the others, would hold them",
            number(needed, Some(error))
        ),
        false => String::new(),
    };
    say!(
        "Holding out of an accord of all: {}{}.",
        and(&names),
        payment
    )
}

fn smallest(advice: &AdviceView<'_>, stability: &StabilityResults) -> Text {
    let enough = percent(stability.secure);
    let Some(members) = &stability.smallest_secure else {
        return say!("No coalition secures {} of what all together gain.", enough);
    };
    let stands = stability.coalition(members).map_or(0.0, |one| one.stable);
    let names: Vec<String> = members
        .iter()
        .map(|id| advice.state_name(id).to_owned())
        .collect();
    let said = match names.len() == stability.states.len() {
        true => say!(
            "Nothing short of all states secures {} of what all together gain",
            enough
        ),
        false => say!(
            "The smallest coalition that secures {} of what all together gain is {}",
            enough,
            and(&names)
        ),
    };
    say!(
        "{}; it is stable in {} worlds.",
        said,
        of_hundred(stands, stability.worlds)
    )
}
