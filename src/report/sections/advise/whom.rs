//! With whom: who is in, whose vote decides, who holds out and what would hold them, what happens without each, and the smallest coalition that is worth it.

use super::view::AdviceView;
use crate::engine::model::question::View;
use crate::report::amounts::FINEST;
use crate::report::document::{
    Block, Heading, Rows, Section, Table, Text, joined, note, paragraph, text,
};
use crate::report::numbers::{Quote, frequency, known, traced};
use crate::report::sentence::say;
use crate::report::verdict::{and, in_hundred, of_hundred};
use crate::study::results::stability::StabilityResults;
use crate::theory::spelling::units::{count, number, percent, signed};

/// So many of the likeliest members are named.
const LIKELIEST: usize = 4;

/// States that leave the full coalition in more worlds than this hold out.
const OFTEN: f64 = 0.5;

/// The part of the note.
pub(super) fn section(advice: &AdviceView<'_>) -> Option<Section> {
    let stability = advice.results.stability.as_ref()?;
    let mut blocks = vec![paragraph(who(advice, stability))];
    blocks.extend(inside_or_out(advice, stability).map(paragraph));
    blocks.push(paragraph(holding_out(advice, stability)));
    blocks.extend(without_each(advice, stability).map(paragraph));
    blocks.push(paragraph(smallest(advice, stability)));
    Some(Section::new("whom", "With whom", blocks))
}

/// The table behind it.
pub(super) fn behind(advice: &AdviceView<'_>) -> Option<Section> {
    let stability = advice.results.stability.as_ref()?;
    let mut blocks: Vec<Block> = vec![table(advice, stability).into()];
    blocks.push(note(say!(
        "By year: in how many of {} worlds the state is a member. The rest judges coalitions of the first window alone, undelayed and undiscounted, in {} worlds. Its vote decides: how often it does under the rule of the arm, if the others vote either way with even odds. Stays for: the side payment that keeps it in the accord of all, on average, nothing where it stays anyway. Others gain without it: what all others together gain more, or less, without the state.",
        count(advice.facts.trials()),
        count(stability.worlds)
    )));
    Some(Section::new("behind-whom", "Every state", blocks))
}

/// How often an accord forms, how large it is, who is likeliest in it, and whose vote decides most often.
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
    let mut said = say!(
        "As {} {} of {} states are in the accord on average of all windows; likeliest in {}, in worlds of 100: {}",
        advice.facts.arm(arm),
        size.decimals(1),
        advice.model.states.len().to_string(),
        advice.facts.year(0).to_string(),
        likeliest(advice, stability)
    );
    let votes = stability.states.iter();
    let votes = votes.filter_map(|(id, state)| Some((id, state.pivotal?)));
    let most = votes.max_by(|one, other| one.1.total_cmp(&other.1));
    if let Some((id, share)) = most.filter(|(_, share)| *share > 0.0) {
        said.extend(say!(
            "; the vote of {} decides most often, {} of the time",
            advice.state_name(id),
            known(
                Some(share),
                percent,
                &format!("stability:states.{id}.pivotal")
            )
        ));
    }
    say!("{}.", said)
}

/// The states that are most often members in the first window, with how often.
fn likeliest(advice: &AdviceView<'_>, stability: &StabilityResults) -> Text {
    let first = &advice.results.run.arms[&stability.arm].windows[0].member;
    let mut states: Vec<(&String, &f64)> = first.iter().collect();
    states.sort_by(|one, other| other.1.total_cmp(one.1));
    let named = states.into_iter().take(LIKELIEST).map(|(id, share)| {
        let path = format!("run:arms.{}.windows.0.member.{id}", stability.arm);
        let often = in_hundred(*share, advice.facts.trials());
        say!(
            "{} {}",
            advice.state_name(id),
            traced(&often, *share, &path)
        )
    });
    joined(named, ", ")
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
    let paid = match (own.leaves > 0.0, own.leaves > OFTEN) {
        (false, _) => Text::new(),
        (true, false) => say!(
            "; US$ {} bn a window would keep it",
            needs.in_millions().mean()
        ),
        (true, true) => say!(
            ", so that it gains by an accord of the others and more by staying out of one of all: to join is worth it for US$ {} bn a window or more",
            needs.in_millions().mean()
        ),
    };
    Some(say!(
        "{} itself is a member in {} worlds in {} and in {} in {}; what it gets is of both, being in and staying out. Once all are in, it would gain by leaving in {} worlds{}.",
        name,
        often(0),
        advice.facts.year(0).to_string(),
        often(windows.len() - 1),
        advice.facts.year(windows.len() - 1).to_string(),
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
    if needed <= 0.0 {
        return say!("Holding out of an accord of all: {}.", and(&names));
    }
    say!(
        "Holding out of an accord of all: {}; US$ {} bn a window would hold them. {}",
        and(&names),
        number(needed, Some(error)),
        who_pays(advice, stability, needed)
    )
}

/// Who could pay those that hold out: states that would stay with something to spare.
fn who_pays(advice: &AdviceView<'_>, stability: &StabilityResults, needed: f64) -> Text {
    let spare = stability.states.iter();
    let spare = spare.filter(|(_, state)| {
        let error = 2.0 * state.leeway.se.unwrap_or(0.0);
        state.leeway.mean > error.max(FINEST)
    });
    let mut spare: Vec<_> = spare.collect();
    spare.sort_by(|one, other| other.1.leeway.mean.total_cmp(&one.1.leeway.mean));
    let all: f64 = spare.iter().map(|(_, state)| state.leeway.mean).sum();
    let payers = spare.iter().take(LIKELIEST).map(|(id, state)| {
        let leeway = Quote::new(Some(state.leeway), format!("stability:states.{id}.leeway"));
        say!("{} {}", advice.state_name(id), leeway.in_millions().mean())
    });
    let payers = joined(payers, ", ");
    match (payers.is_empty(), all < needed) {
        (true, _) => say!("No other member could pay that and still stay."),
        (false, true) => say!(
            "The others could pay only a part of that and still stay: {}.",
            payers
        ),
        (false, false) => say!("Others could pay that and still stay: {}.", payers),
    }
}

/// Without whom the others together get less, or more, beyond error.
fn without_each(advice: &AdviceView<'_>, stability: &StabilityResults) -> Option<Text> {
    let grand = stability.grand();
    let changes = stability.states.keys().filter_map(|id| {
        let rest: Vec<String> = grand
            .members
            .iter()
            .filter(|one| *one != id)
            .cloned()
            .collect();
        let gain = stability.coalition(&rest)?.gain;
        let error = gain.se.unwrap_or(0.0).hypot(grand.gain.se.unwrap_or(0.0));
        Some((id, gain.mean - grand.gain.mean, error))
    });
    let told: Vec<_> = changes
        .filter(|(_, change, error)| change.abs() > 2.0 * error && change.abs() > FINEST)
        .collect();
    let of = |more: bool| {
        let mut some: Vec<_> = told.iter().filter(|one| (one.1 > 0.0) == more).collect();
        some.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
        let names = some.into_iter().take(LIKELIEST).map(|(id, change, error)| {
            text![format!(
                "{} ({})",
                advice.state_name(id),
                signed(*change, Some(error.max(FINEST)))
            )]
        });
        joined(names, ", ")
    };
    let (less, more) = (of(false), of(true));
    Some(match (less.is_empty(), more.is_empty()) {
        (true, true) => return None,
        (false, true) => say!("The others together get less without {}.", less),
        (true, false) => say!("The others together would get more without {}.", more),
        (false, false) => say!(
            "The others together get less without {}, and would get more without {}.",
            less,
            more
        ),
    })
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
