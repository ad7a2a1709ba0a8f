//! The debrief: what the model predicted against what was played, round by round, with the cards laid open.

use crate::engine::model::Model;
use crate::explore::messages::Refusal;
use crate::explore::tabletop::arena::TabletopArena;
use crate::explore::tabletop::board::{insiders, proposal, round};
use crate::explore::tabletop::card::{CardVerdict, DelegationCard};
use crate::explore::tabletop::outcome::TabletopOutcome;
use crate::explore::tabletop::played::TabletopPlay;
use crate::explore::tabletop::record::TabletopRecord;
use crate::explore::tabletop::words::{EXERCISE, gain_cell, level, more, say};
use crate::report::chart::{Forest, ForestRow, Head, Point};
use crate::report::document::{
    Block, Document, Figure, Files, Heading, Rows, Section, note, paragraph,
};
use crate::report::verdict::of_hundred;
use crate::theory::spelling::units::{percent, worlds as so_many};
use crate::theory::stats::summary::Stat;

/// Everything that a debrief says.
struct DebriefFacts<'a> {
    model: &'a Model,
    record: &'a TabletopRecord,
    predicted: &'a TabletopPlay,
    rounds: &'a [TabletopOutcome],
    cards: Vec<(DelegationCard, Vec<Option<CardVerdict>>)>,
}

/// The debrief of the rounds that are closed.
///
/// # Errors
/// A world without a result.
pub fn debrief(
    arena: &mut TabletopArena,
    record: &TabletopRecord,
    rounds: &[TabletopOutcome],
) -> Result<Document, Refusal> {
    let predicted = arena.own()?;
    let controls = arena.controls();
    let mut cards = Vec::new();
    for id in &record.start.delegations {
        let state = arena.state(id).expect("the record knows it");
        let card = DelegationCard::of(arena, state)?;
        let turns = record.turns.iter().zip(rounds);
        let verdicts = turns
            .map(|(turn, outcome)| card.verdict(arena, &turn.proposal.sets, outcome))
            .collect::<Result<Vec<_>, _>>()?;
        cards.push((card, verdicts));
    }
    let model = arena.model();
    let title = &model.arms[arena.arm].title;
    let facts = DebriefFacts {
        model,
        record,
        predicted: &predicted,
        rounds,
        cards,
    };
    let mut sections = vec![
        Section::new("against", "Predicted against played", facts.against()),
        Section::new("states", "State by state", facts.states()),
        Section::new("cards", "The cards", facts.cards()),
    ];
    let turns = record.turns.iter().zip(rounds).enumerate();
    sections.extend(turns.map(|(at, (turn, outcome))| {
        let mut blocks = proposal(model, &controls, &turn.proposal, title);
        blocks.extend(round(model, outcome));
        let id = format!("round-{}", at + 1);
        Section::new(&id, format!("Round {}", at + 1), blocks)
    }));
    Ok(Document {
        title: format!("{}: debrief of an exercise", model.name),
        generator: format!("mufakat {}", record.start.version),
        kicker: say(EXERCISE),
        lead: vec![say(facts.answer(title))],
        sections,
        footer: vec![say(format!(
            "{} of seed {}, each round in the same; scenario {} ({}).",
            so_many(record.start.worlds),
            record.start.seed,
            record.start.scenario,
            &record.start.hash[..record.start.hash.len().min(12)]
        ))],
        ..Document::default()
    })
}

impl DebriefFacts<'_> {
    fn region(play: &TabletopPlay) -> Option<Stat> {
        play.stat(|world| world.gains.iter().sum())
    }

    /// The sentence that matters most.
    fn answer(&self, title: &str) -> String {
        let predicted = more(Self::region(self.predicted).as_ref());
        let before = format!(
            "The model, deciding for everybody, predicted US$ {predicted} bn for all states together from \"{title}\""
        );
        match self.rounds.last() {
            None => format!("{before}. No round was played."),
            Some(last) => format!(
                "{before}; the last round at the table came to {}, and left {} on the table.",
                match last.formed() {
                    true => more(Self::region(&last.play).as_ref()),
                    false => "no accord".to_owned(),
                },
                last.left().map_or_else(
                    || "nothing".to_owned(),
                    |left| format!("US$ {} bn", level(Some(&left)))
                )
            ),
        }
    }

    /// Round by round.
    fn against(&self) -> Vec<Block> {
        let lines = std::iter::once(None).chain(self.rounds.iter().map(Some));
        let lines: Vec<(usize, Option<&TabletopOutcome>)> = lines.enumerate().collect();
        let play = |one: &Option<&TabletopOutcome>| {
            one.map_or_else(|| self.predicted.clone(), |one| (*one.play).clone())
        };
        let worlds = self.predicted.worlds.len() as u64;
        let table = Rows::of(lines)
            .column(Heading::words(""), |(at, _)| match at {
                0 => "predicted".to_owned(),
                round => format!("round {round}"),
            })
            .column(Heading::words("in the accord"), |(_, one)| match one {
                None => self.predicted_members(),
                Some(one) => insiders(self.model, one),
            })
            .column(Heading::number("all states"), |(_, one)| {
                gain_cell(Self::region(&play(one)).as_ref())
            })
            .column(Heading::number("deals"), |(_, one)| {
                level(play(one).stat(|world| world.deals[0]).as_ref())
            })
            .column(Heading::number("suppliers"), |(_, one)| {
                gain_cell(play(one).stat(|world| world.profits.iter().sum()).as_ref())
            })
            .column(Heading::number("a member leaves in"), |(_, one)| {
                of_hundred(play(one).share(|world| world.left != 0), worlds)
            })
            .column(Heading::number("left on the table"), |(_, one)| {
                one.map_or_else(String::new, |one| {
                    one.left()
                        .map_or_else(|| "0".to_owned(), |left| level(Some(&left)))
                })
            })
            .column(Heading::number("of the best Nash product"), |(_, one)| {
                one.and_then(TabletopOutcome::nash_share)
                    .map_or_else(String::new, percent)
            })
            .table(
                "debrief-rounds",
                "All states and all suppliers together, US$ bn against each state alone",
            );
        vec![
            table.into(),
            note(say(
                "Predicted: the scenario's own accord, whose states join, vote and leave as the model has it. What is left is measured against a \
                 short menu of accords in the same worlds.",
            )),
        ]
    }

    /// Who is in the predicted accord, in most worlds.
    fn predicted_members(&self) -> String {
        let is_in = |i: usize| self.predicted.share(|world| world.members >> i & 1 == 1) > 0.5;
        let states = self.model.states.iter().enumerate();
        let ids = states.filter(|(i, _)| is_in(*i)).map(|(_, one)| &*one.id);
        match ids.clone().next() {
            Some(_) => ids.collect::<Vec<_>>().join(", "),
            None => "no accord".to_owned(),
        }
    }

    fn predicted_stat(&self, i: usize) -> Option<Stat> {
        self.predicted.stat(|world| world.gains[i])
    }

    /// State by state, in a table and the one figure.
    fn states(&self) -> Vec<Block> {
        let table = Rows::of(0..self.model.states.len())
            .column(Heading::words("state"), |&i| {
                self.model.states[i].name.as_str()
            })
            .column(Heading::number("predicted"), |&i| {
                gain_cell(self.predicted_stat(i).as_ref())
            })
            .each(self.rounds.iter().enumerate(), |rows, (at, outcome)| {
                rows.column(Heading::number(format!("round {}", at + 1)), move |&i| {
                    gain_cell(outcome.stat(i).as_ref())
                })
            })
            .table(
                "debrief-states",
                "What each state gets against alone, payments included, US$ bn",
            );
        let figure = Figure::alone(self.forest().chart(), &mut Files::new());
        vec![figure, table.into()]
    }

    fn forest(&self) -> Forest {
        let point = |stat: Stat| Point {
            value: stat.mean,
            outer: (stat.p05, stat.p95),
            inner: (stat.p25, stat.p75),
        };
        let last = self.rounds.last();
        let rows = (0..self.model.states.len()).map(|i| {
            let mut points = vec![self.predicted_stat(i).map(point)];
            points.extend(last.map(|one| one.stat(i).map(point)));
            let shown = last.map_or_else(|| self.predicted_stat(i), |one| one.stat(i));
            ForestRow {
                label: self.model.states[i].name.clone(),
                points,
                note: more(shown.as_ref()),
                faint: false,
            }
        });
        let mut series = vec!["predicted".to_owned()];
        series.extend(last.map(|_| format!("played in round {}", self.rounds.len())));
        Forest {
            head: Head {
                id: "debrief".to_owned(),
                title: "What each state gets against alone: predicted and played".to_owned(),
                alternative: "A row for each state with the predicted gain and that of the last round; the table below has the numbers."
                    .to_owned(),
                x: "US$ bn".to_owned(),
                ..Head::default()
            },
            series,
            rows: rows.collect(),
            ..Forest::default()
        }
    }

    /// What cards asked for, and what came.
    fn cards(&self) -> Vec<Block> {
        let worlds = self.predicted.worlds.len() as u64;
        let said = |verdict: &Option<CardVerdict>| match verdict {
            None => "not in".to_owned(),
            Some(one) => {
                let line = match one.held() {
                    true => "red lines held".to_owned(),
                    false if one.low_floors.is_empty() => {
                        format!("no worse in only {}", of_hundred(one.no_worse, worlds))
                    }
                    false => "a floor below its red line".to_owned(),
                };
                let target = match one.reached {
                    true => "target reached",
                    false => "target missed",
                };
                format!("{line}, {target}")
            }
        };
        let table = Rows::of(&self.cards)
            .column(Heading::words("delegation"), |(card, _)| {
                self.model.states[card.state].name.as_str()
            })
            .column(Heading::number("target"), |(card, _)| {
                card.target_words.as_str()
            })
            .column(Heading::words("wants"), |(card, _)| {
                let terms = card.wants.iter();
                let names: Vec<&str> = terms.map(|&k| &*self.model.terms[k].name).collect();
                names.join(", ")
            })
            .each(0..self.rounds.len(), |rows, at| {
                rows.column(Heading::words(format!("round {}", at + 1)), move |one| {
                    said(&one.1[at])
                })
            })
            .table(
                "debrief-cards",
                "What each delegation's card asked for, US$ bn, and what came of it",
            );
        let sat = self.record.seated.len();
        let of = self.record.start.delegations.len();
        vec![
            paragraph(say(format!(
                "People played {sat} of {of} delegations, the engine all other states."
            ))),
            table.into(),
        ]
    }
}
