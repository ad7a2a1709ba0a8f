//! What would change this advice: the assumptions that decide it, where it turns, what learning them is worth, and the theories that disagree.

use super::view::AdviceView;
use crate::engine::model::question::View;
use crate::report::amounts::{FINEST, millions};
use crate::report::assumption::meaning;
use crate::report::document::{
    Block, Heading, Rows, Section, Span, Table, Text, code, joined, note, paragraph, text, words,
};
use crate::report::numbers::{share, short, traced};
use crate::report::sentence::say;
use crate::report::verdict::{and, of_hundred};
use crate::study::results::advise::{Decisive, Knowledge, TurningPoint};
use crate::study::results::run::Input;
use crate::study::results::sensitivity::Interval;
use crate::study::results::sweep::Sign;
use crate::study::results::theories::{Theory, TheoryGain};
use crate::study::results::threshold::SolutionStatus;
use crate::theory::spelling::units::count;

/// Digits of a value at which advice turns.
const DIGITS: usize = 3;

/// The part of the note.
pub(super) fn section(advice: &AdviceView<'_>) -> Option<Section> {
    let knowledge = advice.results.knowledge.as_ref()?;
    let mut blocks: Vec<Block> = vec![paragraph(what_decides(advice, knowledge))];
    if !knowledge.decisive.is_empty() {
        blocks.push(Block::List {
            items: decisive(advice, knowledge),
        });
    }
    blocks.extend(rivals(advice).map(paragraph));
    Some(Section::new(
        "turns",
        "What would change this advice",
        blocks,
    ))
}

/// The table behind it.
pub(super) fn behind(advice: &AdviceView<'_>) -> Option<Section> {
    let knowledge = advice.results.knowledge.as_ref()?;
    if knowledge.decisive.is_empty() {
        return None;
    }
    let blocks = vec![
        table(advice, knowledge).into(),
        note(
            "Decides: the share of the variance of that difference that the assumption explains by itself. Turns at: the value, of those from its 1% to its 99% point, at which both options bring the same, all else as drawn. Worth knowing: what it would bring on average to learn it before the choice.",
        ),
    ];
    Some(Section::new(
        "behind-turns",
        "The assumptions that decide",
        blocks,
    ))
}

/// Whether an assumption alone turns the advice, and what it is worth to know more.
fn what_decides(advice: &AdviceView<'_>, knowledge: &Knowledge) -> Text {
    let mut said = match (knowledge.decisive.is_empty(), round(advice)) {
        (true, _) => text![
            "No single assumption moves the difference between the best option and the next by more than chance."
        ],
        (false, Some(turns)) => turns,
        (false, None) => Text::new(),
    };
    if let Some(worth) = worth(knowledge) {
        said.extend((!said.is_empty()).then(|| words(" ")));
        said.extend(worth);
    }
    if !knowledge.decisive.is_empty() {
        said.extend(text![" What decides most, by its share in the variance:"]);
    }
    said
}

/// Each decisive assumption in a sentence.
fn decisive(advice: &AdviceView<'_>, knowledge: &Knowledge) -> Vec<Text> {
    let rows = knowledge.decisive.iter().enumerate();
    rows.map(|(at, one)| {
        let path = |key: &str| format!("knowledge.decisive.{at}.{key}");
        let drawn = match drawn(advice, &one.path) {
            range if range.is_empty() => String::new(),
            range => format!(", drawn {range}"),
        };
        let graded = advice
            .input(&one.path)
            .and_then(|input| input.grade.clone());
        let graded = graded.map_or(String::new(), |grade| match grade.as_str() {
            "judgement" => ", a judgement".to_owned(),
            grade => format!(", grade {grade}"),
        });
        let mut said = say!(
            "{}, {} ({}{}{})",
            meaning(advice.model, &one.path),
            share(one.share.value, path("share.value")),
            code(one.path.as_str()),
            drawn,
            graded
        );
        let turn = advice
            .results
            .turns
            .iter()
            .find(|turn| turn.path == one.path);
        let turn = turn.filter(|turn| {
            turn.solution.status != SolutionStatus::None && !turn.solution.values.is_empty()
        });
        if let Some(turn) = turn {
            said.extend(say!("; turns the advice at {}", turns_at(turn)));
        }
        let worth = one.evppi.as_ref().filter(|worth| worth.value >= FINEST);
        if let Some(worth) = worth {
            said.extend(say!(
                "; worth US$ {} bn to learn",
                amount(worth, &path("evppi.value"))
            ));
        }
        say!("{}.", said)
    })
    .collect()
}

/// The 5% and 95% points of what is uncertain at a path; empty for an event.
fn drawn(advice: &AdviceView<'_>, path: &str) -> String {
    let quantity = advice.model.uncertain.iter().find(|one| one.path == path);
    quantity.map_or_else(String::new, |quantity| {
        let end = |u: f64| short(quantity.distribution.quantile(u), DIGITS);
        format!("{} to {}", end(0.05), end(0.95))
    })
}

/// A worth with the error of its interval.
fn amount(worth: &Interval, path: &str) -> Span {
    let error = worth.high.zip(worth.low);
    let error = error.map(|(high, low)| (high - low) / 4.0);
    traced(&millions(worth.value, error), worth.value, path)
}

/// What would turn the answer round, in one sentence.
fn round(advice: &AdviceView<'_>) -> Option<Text> {
    let [best, next, ..] = advice.ranked[..] else {
        return None;
    };
    let turning: Vec<Text> = advice.results.turns.iter().filter_map(crossing).collect();
    let (best, next) = (advice.facts.arm(best), advice.facts.arm(next));
    Some(match turning.is_empty() {
        true if advice.results.turns.is_empty() => return None,
        true => say!(
            "None of the assumptions that decide most makes {} better than {} by itself within the range thought possible.",
            next,
            best
        ),
        false => say!(
            "{} is better than {} if {}.",
            next,
            best,
            joined(turning, ", or if ")
        ),
    })
}

/// On which side of which value the next option is better.
fn crossing(turn: &TurningPoint) -> Option<Text> {
    let [crossing] = turn.solution.values[..] else {
        return None;
    };
    if turn.solution.status == SolutionStatus::Several {
        return None;
    }
    let (first, _) = turn.solution.ends()?;
    let side = match first.result? < 0.0 {
        true => "below",
        false => "above",
    };
    Some(say!(
        "{} is {} {}",
        code(turn.path.as_str()),
        side,
        short(crossing.value, DIGITS)
    ))
}

fn table(advice: &AdviceView<'_>, knowledge: &Knowledge) -> Table {
    let turn = |path: &str| advice.results.turns.iter().find(|one| one.path == path);
    let said = |one: &Option<String>| one.clone().unwrap_or_default();
    let source = |input: Option<&Input>| {
        let parts = input
            .map(|one| [said(&one.grade), said(&one.source)])
            .unwrap_or_default();
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(", ")
    };
    let path = |at: usize, key: &str| format!("knowledge.decisive.{at}.{key}");
    let rows: Vec<(usize, &Decisive)> = knowledge.decisive.iter().enumerate().collect();
    Rows::of(rows)
        .column(Heading::words("assumption"), |(_, one)| {
            code(one.path.as_str())
        })
        .column(Heading::number("decides"), |&(at, one)| {
            share(one.share.value, path(at, "share.value"))
        })
        .column(Heading::number("as drawn, 90%"), |(_, one)| {
            drawn(advice, &one.path)
        })
        .column(Heading::number("turns at"), |(_, one)| {
            turn(&one.path).map_or_else(|| text!["nowhere"], turns_at)
        })
        .column(Heading::number("worth knowing, US$ bn"), |&(at, one)| {
            one.evppi.map_or_else(Text::new, |worth| {
                text![amount(&worth, &path(at, "evppi.value"))]
            })
        })
        .column(Heading::words("grade, source").goes(1), |(_, one)| {
            source(advice.input(&one.path))
        })
        .table(
            "turns-assumptions",
            format!(
                "The assumptions that decide for {} between {} and {}",
                advice.facts.party(advice.view),
                advice
                    .ranked
                    .first()
                    .map_or("", |&arm| advice.facts.name(arm)),
                advice
                    .ranked
                    .get(1)
                    .map_or("", |&arm| advice.facts.name(arm))
            ),
        )
}

/// Where an assumption turns the advice.
fn turns_at(turn: &TurningPoint) -> Text {
    match (turn.solution.status, &turn.solution.values[..]) {
        (SolutionStatus::None, _) | (_, []) => {
            text!["nowhere"]
        }
        (_, values) => {
            let values = values.iter().map(|one| text![short(one.value, DIGITS)]);
            joined(values, " and ")
        }
    }
}

/// What it would be worth to know everything.
fn worth(knowledge: &Knowledge) -> Option<Text> {
    let all = knowledge.evpi?;
    Some(match all.value > 0.0 {
        true => say!(
            "To know everything before the choice would be worth US$ {} bn.",
            amount(&all, "knowledge.evpi.value")
        ),
        false => say!("Nothing that could be learned before the choice would change it."),
    })
}

/// What a theory says of an arm for whoever decides: all states together, or one; none of a hyperscaler, of which theories say nothing.
fn gain_of(theory: &Theory, arm: &str, advice: &AdviceView<'_>) -> Option<TheoryGain> {
    let found = theory.arms.get(arm)?;
    match advice.view {
        View::Region => Some(found.total),
        View::State(i) => found.states.get(&advice.model.states[i].id).copied(),
        View::Hyperscaler(_) => None,
    }
}

/// Theories under which the best option loses what it gains as the scenario has it, or the reverse.
fn rivals(advice: &AdviceView<'_>) -> Option<Text> {
    let theories = advice.results.theories.as_ref()?;
    let name = advice.facts.name(advice.best_other()?);
    let own = gain_of(theories.theories.first()?, name, advice)?;
    let (mut turned, mut open) = (Vec::new(), Vec::new());
    for theory in theories.theories.iter().skip(1) {
        let Some(gain) = gain_of(theory, name, advice) else {
            continue;
        };
        match (own.sign, gain.sign) {
            (Some(Sign::Above), Some(Sign::Below)) | (Some(Sign::Below), Some(Sign::Above)) => {
                turned.push(theory.name.clone());
            }
            (Some(Sign::Above | Sign::Below), Some(Sign::Open)) => open.push(theory.name.clone()),
            _ => {}
        }
    }
    let said = say!(
        "Among the first {} worlds {} is better for {} in {} as the scenario has it, and of {} theories of bargaining",
        count(theories.manifest.trials),
        code(name),
        advice.facts.party(advice.view),
        of_hundred(own.better.unwrap_or(0.0), theories.manifest.trials),
        theories.theories.len().to_string()
    );
    let undecided = match open.is_empty() {
        true => Text::new(),
        false => say!("; under {} the sign of the average is open", and(&open)),
    };
    Some(match turned.is_empty() {
        true => say!("{} none turns the sign of its average{}.", said, undecided),
        false => say!(
            "{} {} turn the sign of its average{}.",
            said,
            and(&turned),
            undecided
        ),
    })
}
