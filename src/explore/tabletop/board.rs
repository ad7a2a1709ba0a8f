//! What everybody sees: a proposal, and what came of a round.

use crate::engine::model::Model;
use crate::engine::model::arm::members as each;
use crate::explore::controls::Control;
use crate::explore::tabletop::arena::TabletopSets;
use crate::explore::tabletop::log::TabletopProposal;
use crate::explore::tabletop::outcome::TabletopOutcome;
use crate::explore::tabletop::played::{TabletopPlay, TabletopWorld};
use crate::explore::tabletop::words::{amount, gain_cell, level, more, names, range, say};
use crate::report::document::{Block, Heading, Rows, Text, note, paragraph};
use crate::report::verdict::of_hundred;
use crate::theory::spelling::units::percent;

/// Rules in words: what each is called, and what it is set to.
pub fn rules(controls: &[Control], sets: &TabletopSets) -> Vec<String> {
    let lines = sets.iter().map(|(path, value)| {
        let known = controls.iter().find(|one| one.path == *path);
        let label = known.map_or(path.as_str(), |one| one.label.as_str());
        format!("{label}: {}", value.trim_matches('"'))
    });
    lines.collect()
}

/// A proposal in words.
pub fn proposal(
    model: &Model,
    controls: &[Control],
    proposal: &TabletopProposal,
    title: &str,
) -> Vec<Block> {
    let name = |id: &String| {
        let found = model.states.iter().find(|one| one.id == *id);
        found.map_or_else(|| id.clone(), |one| one.name.clone())
    };
    let invited: Vec<String> = proposal.invited.iter().map(name).collect();
    let mut items: Vec<Text> = vec![say(format!("Invited: {}.", invited.join(", ")))];
    items.push(match proposal.sets.is_empty() {
        true => say(format!("Rules as the scenario has them: {title}.")),
        false => say(format!("Rules of \"{title}\", but for:")),
    });
    let changed = rules(controls, &proposal.sets);
    items.extend(changed.iter().map(|line| say(format!("{line}."))));
    items.extend(proposal.payments.iter().map(|one| {
        say(format!(
            "{} pays {} US$ {} bn if both are in.",
            name(&one.from),
            name(&one.to),
            one.usd_bn
        ))
    }));
    vec![Block::List { items }]
}

/// A closed round in words and a table.
pub fn round(model: &Model, outcome: &TabletopOutcome) -> Vec<Block> {
    let mut blocks = vec![paragraph(say(who(model, outcome)))];
    if outcome.formed() {
        blocks.push(paragraph(say(signed(outcome))));
    }
    blocks.push(paragraph(say(left(model, outcome))));
    if outcome.formed() {
        blocks.push(states(model, outcome));
        blocks.push(suppliers(model, outcome));
    }
    blocks.push(note(say(
        "Means in US$ bn of present value, against each state alone in the same worlds. Payments are fixed: they are due in every world, and who \
         leaves is judged without them. The best accord is the best of a short menu, not of all that could be agreed.",
    )));
    blocks
}

fn who(model: &Model, outcome: &TabletopOutcome) -> String {
    if !outcome.formed() {
        return format!(
            "No accord, as it takes two. Said yes: {}. Everybody is alone.",
            names(model, outcome.yes)
        );
    }
    let out = outcome.invited & !outcome.yes;
    let stayed = match out {
        0 => String::new(),
        some => format!(" Stayed out: {}.", names(model, some)),
    };
    let unsettled = match outcome.settled {
        true => "",
        false => {
            " States that the engine plays kept changing their answers; their last ones count."
        }
    };
    format!(
        "Said yes: {}.{stayed}{unsettled}",
        names(model, outcome.yes)
    )
}

/// What was signed, and how often the accord holds.
fn signed(outcome: &TabletopOutcome) -> String {
    let play = &outcome.play;
    let mean = |of: fn(&TabletopWorld) -> f64| level(play.stat(of).as_ref());
    format!(
        "Signed on average: {} deals with capital of US$ {} bn over all windows (alone: {} and {}). In {} worlds a member leaves.",
        mean(|world| world.deals[0]),
        mean(|world| world.capital[0]),
        mean(|world| world.deals[1]),
        mean(|world| world.capital[1]),
        of_hundred(
            play.share(|world| world.left != 0),
            play.worlds.len() as u64
        ),
    )
}

/// What was left on the table.
fn left(model: &Model, outcome: &TabletopOutcome) -> String {
    let region = outcome.play.stat(|world| world.gains.iter().sum());
    let got = match outcome.formed() {
        true => format!("Together the states get US$ {} bn. ", more(region.as_ref())),
        false => String::new(),
    };
    let on_menu = outcome.menu.len();
    let left = match outcome.best().zip(outcome.left()) {
        None => format!("Of a menu of {on_menu} accords none brings the states more."),
        Some((best, left)) => format!(
            "Left on the table: US$ {} bn. That much more brings them the best of a menu of {on_menu} accords, {} with rules {}.",
            level(Some(&left)),
            match best.who.as_str() {
                "all" => names(model, best.members),
                other => other.to_owned(),
            },
            best.rules
        ),
    };
    let nash = match (outcome.formed(), outcome.nash_share()) {
        (false, _) => String::new(),
        (_, None) => " No accord of the menu with these members leaves all of them better off, so that the Nash product says nothing.".to_owned(),
        (_, Some(share)) => format!(
            " By the Nash product (the geometric mean of members' gains, 0 where one loses) it is {} of the best on the menu for these members.",
            percent(share)
        ),
    };
    format!("{got}{left}{nash}")
}

/// What each state gets.
fn states(model: &Model, outcome: &TabletopOutcome) -> Block {
    let play = &outcome.play;
    let worlds = play.worlds.len() as u64;
    let pays = outcome.paid.iter().any(|&paid| paid != 0.0);
    let stat = |i: usize| outcome.stat(i);
    let answer = |i: usize| {
        let is = |set: u64| set >> i & 1 == 1;
        match (is(outcome.invited), is(outcome.yes)) {
            (false, _) => "not invited",
            (_, true) => "in",
            (_, false) => "out",
        }
    };
    let by = |i: usize| match outcome.people >> i & 1 {
        1 => "people",
        _ => "engine",
    };
    Rows::of(0..model.states.len())
        .column(Heading::words("state"), |&i| model.states[i].name.as_str())
        .column(Heading::words("played by"), |&i| by(i))
        .column(Heading::words("is"), |&i| answer(i))
        .column(Heading::number("gain"), |&i| gain_cell(stat(i).as_ref()))
        .column(Heading::number("90% of worlds"), |&i| {
            range(stat(i).as_ref())
        })
        .column(Heading::number("better in"), |&i| {
            let better = play.share(|world| world.gains[i] + outcome.paid[i] > 1e-9);
            of_hundred(better, worlds)
        })
        .if_so(pays, |rows| {
            rows.column(Heading::number("of it paid"), |&i| {
                match outcome.paid[i] == 0.0 {
                    true => String::new(),
                    false => amount(outcome.paid[i]),
                }
            })
        })
        .if_so(outcome.formed(), |rows| {
            rows.column(Heading::number("leaves in"), |&i| {
                match outcome.yes >> i & 1 {
                    1 => of_hundred(play.share(|world| world.left >> i & 1 == 1), worlds),
                    _ => String::new(),
                }
            })
        })
        .table("round-states", "What each state gets against alone, US$ bn")
        .into()
}

fn suppliers(model: &Model, outcome: &TabletopOutcome) -> Block {
    let play = &outcome.play;
    let stat = |h: usize| play.stat(|world| world.profits[h]);
    let table = Rows::of(0..model.hyperscalers.len())
        .column(Heading::words("supplier"), |&h| {
            model.hyperscalers[h].name.as_str()
        })
        .column(Heading::number("change of profit"), |&h| {
            gain_cell(stat(h).as_ref())
        })
        .column(Heading::number("90% of worlds"), |&h| {
            range(stat(h).as_ref())
        })
        .table(
            "round-suppliers",
            "What suppliers get against each state alone, US$ bn",
        );
    Block::Details {
        summary: "What it does to suppliers".to_owned(),
        blocks: vec![table.into()],
    }
}

/// What a proposal would bring a delegation, for its eyes: if all others who are invited join.
pub fn prospect(
    inside: &TabletopPlay,
    outside: &TabletopPlay,
    state: usize,
    paid: f64,
) -> Vec<Block> {
    let stat = inside.stat(|world| world.gains[state] + paid);
    let no_worse = inside.share(|world| world.gains[state] + paid >= -1e-9);
    vec![paragraph(say(format!(
        "If all who are invited join, you get US$ {} bn against alone (90% of worlds: {}), and are no worse off in {} worlds. If you alone stay \
         out: {}. You have US$ {} bn alone.",
        more(stat.as_ref()),
        range(stat.as_ref()),
        of_hundred(no_worse, inside.worlds.len() as u64),
        more(outside.stat(|world| world.gains[state]).as_ref()),
        level(inside.stat(|world| world.alone[state]).as_ref())
    )))]
}

/// Who is in, as a list of names.
pub fn insiders(model: &Model, outcome: &TabletopOutcome) -> String {
    match outcome.formed() {
        true => {
            let ids: Vec<&str> = each(outcome.yes)
                .map(|i| model.states[i].id.as_str())
                .collect();
            ids.join(", ")
        }
        false => "no accord".to_owned(),
    }
}
