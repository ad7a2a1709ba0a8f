//! An exercise under way: what happens goes in as events, what each side sees comes out. Its log is enough to have it again.

use crate::explore::controls::ArmControls;
use crate::explore::messages::{OpenRequest, Refusal};
use crate::explore::tabletop::arena::{TabletopArena, TabletopSets};
use crate::explore::tabletop::board::{self, prospect, rules};
use crate::explore::tabletop::card::DelegationCard;
use crate::explore::tabletop::debrief::debrief;
use crate::explore::tabletop::log::{TabletopEvent, TabletopProposal, TabletopStart, events, line};
use crate::explore::tabletop::outcome::TabletopOutcome;
use crate::explore::tabletop::record::{TabletopPhase, TabletopRecord};
use crate::explore::tabletop::replies::paid;
use crate::explore::tabletop::words::EXERCISE;
use crate::report::document::{Block, Document};
use serde::Serialize;

/// An exercise under way.
pub struct TabletopGame {
    arena: TabletopArena,
    record: TabletopRecord,
    outcomes: Vec<TabletopOutcome>,
    log: String,
}

/// What everybody sees.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TabletopBoard {
    /// What is played.
    pub title: String,
    /// What stands on every page.
    pub exercise: &'static str,
    /// What it waits for.
    pub phase: TabletopPhase,
    /// The round that is open or comes next, from 1, and how many there are.
    pub round: usize,
    /// How many rounds there are at most.
    pub rounds: usize,
    /// Delegations in the order of the game.
    pub delegations: Vec<TabletopPlace>,
    /// The proposal that is put to the vote, if one is.
    pub proposal: Vec<Block>,
    /// What came of the rounds that are closed, the newest first.
    pub closed: Vec<TabletopClosedRound>,
}

/// A delegation as everybody sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TabletopPlace {
    /// Id of its state.
    pub state: String,
    /// Its name.
    pub name: String,
    /// Whether somebody sits there.
    pub seated: bool,
    /// Whether it is invited to the open round.
    pub invited: bool,
    /// Whether it has answered in the open round; what is seen when that is closed.
    pub answered: bool,
}

/// A closed round.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TabletopClosedRound {
    /// From 1.
    pub round: usize,
    /// What came of it.
    pub blocks: Vec<Block>,
}

/// What a delegation sees besides.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TabletopDelegationView {
    /// Id of its state.
    pub state: String,
    /// Its name.
    pub name: String,
    /// Its card.
    pub card: Vec<Block>,
    /// What the open proposal would bring it; empty where it is not invited or none is open.
    pub prospect: Vec<Block>,
    /// What it answered in the open round: whether it joins.
    pub answer: Option<bool>,
    /// What a wish may set.
    pub controls: ArmControls,
}

/// What the facilitator sees besides.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TabletopFacilitatorView {
    /// What a proposal may set.
    pub controls: ArmControls,
    /// States that may be invited, with their names.
    pub states: Vec<TabletopPlace>,
    /// Ids of those whom the scenario's accord invites.
    pub invited: Vec<String>,
    /// What delegations would rather have, in words, by their names.
    pub wishes: Vec<(String, Vec<String>)>,
    /// The rules of the last proposal.
    pub sets: TabletopSets,
}

impl TabletopGame {
    /// A new game; its log has the first line.
    ///
    /// # Errors
    /// The scenario or the game is not valid.
    pub fn new(request: &OpenRequest, start: TabletopStart) -> Result<TabletopGame, Refusal> {
        let arena = TabletopArena::open(request, start.clone())?;
        let record = TabletopRecord::new(start.clone(), arena.model())?;
        Ok(TabletopGame {
            arena,
            record,
            outcomes: Vec::new(),
            log: line(&TabletopEvent::Game(start)),
        })
    }

    /// A game as its log tells it.
    ///
    /// # Errors
    /// The log is none of this scenario, or something in it may not happen.
    pub fn replay(request: &OpenRequest, log: &str) -> Result<TabletopGame, Refusal> {
        let mut events = events(log)?.into_iter();
        let Some(TabletopEvent::Game(start)) = events.next() else {
            return Err(Refusal::new("the first line of the log is not a game"));
        };
        let mut game = TabletopGame::new(request, start)?;
        for event in events {
            game.submit(&event)?;
        }
        Ok(game)
    }

    /// Lets something happen: the line that the log has more.
    ///
    /// # Errors
    /// It may not happen now, or its rules are not valid; then nothing has changed.
    pub fn submit(&mut self, event: &TabletopEvent) -> Result<String, Refusal> {
        match event {
            TabletopEvent::Proposal(proposal) => self.arena.check(&proposal.sets)?,
            TabletopEvent::Answer(answer) => self.arena.check(&answer.wish)?,
            _ => {}
        }
        let mut record = self.record.clone();
        record.apply(event)?;
        if let TabletopEvent::Close(_) = event {
            let turn = record.turns.last().expect("it was closed");
            let outcome = TabletopOutcome::of(&mut self.arena, turn)?;
            self.outcomes.push(outcome);
        }
        self.record = record;
        let line = line(event);
        self.log.push_str(&line);
        Ok(line)
    }

    /// Everything that happened, line by line.
    pub fn log(&self) -> &str {
        &self.log
    }

    /// What happened.
    pub fn record(&self) -> &TabletopRecord {
        &self.record
    }

    /// What came of the rounds that are closed.
    pub fn outcomes(&self) -> &[TabletopOutcome] {
        &self.outcomes
    }

    /// What the game is played with.
    pub fn arena_mut(&mut self) -> &mut TabletopArena {
        &mut self.arena
    }

    /// What everybody sees.
    pub fn board(&self) -> TabletopBoard {
        let model = self.arena.model();
        let open = self.record.open();
        let controls = self.arena.controls();
        let proposal = open.map(|turn| {
            let title = &model.arms[self.arena.arm].title;
            board::proposal(model, &controls, &turn.proposal, title)
        });
        let closed = self.outcomes.iter().enumerate().rev();
        TabletopBoard {
            title: model.name.clone(),
            exercise: EXERCISE,
            phase: self.record.phase(),
            round: (self.record.closed() + 1).min(self.record.start.rounds),
            rounds: self.record.start.rounds,
            delegations: self.places(&self.record.start.delegations),
            proposal: proposal.unwrap_or_default(),
            closed: closed
                .map(|(at, outcome)| TabletopClosedRound {
                    round: at + 1,
                    blocks: board::round(model, outcome),
                })
                .collect(),
        }
    }

    fn places(&self, ids: &[String]) -> Vec<TabletopPlace> {
        let open = self.record.open();
        let model = self.arena.model();
        let places = ids.iter().filter_map(|id| {
            let i = self.arena.state(id)?;
            Some(TabletopPlace {
                state: id.clone(),
                name: model.states[i].name.clone(),
                seated: self.record.seated.contains(id),
                invited: open.is_some_and(|turn| turn.proposal.invited.contains(id)),
                answered: open.is_some_and(|turn| turn.answers.contains_key(id)),
            })
        });
        places.collect()
    }

    /// What a delegation sees besides.
    ///
    /// # Errors
    /// It is no delegation, or a world has no result.
    pub fn delegation(&mut self, id: &str) -> Result<TabletopDelegationView, Refusal> {
        let is_one = self.record.start.delegations.iter().any(|one| one == id);
        let state = self.arena.state(id).filter(|_| is_one);
        let state = state.ok_or_else(|| Refusal::new(format!("`{id}` is no delegation")))?;
        let own = self.arena.own()?;
        let card = DelegationCard::of(&mut self.arena, state)?;
        let model = self.arena.model();
        let name = model.states[state].name.clone();
        let card = card.blocks(model, &own);
        let prospect = self.prospect(id, state)?;
        let open = self.record.open();
        let answer = open.and_then(|turn| turn.answers.get(id));
        Ok(TabletopDelegationView {
            state: id.to_owned(),
            name,
            card,
            prospect,
            answer: answer.map(|answer| answer.join),
            controls: self.arena.controls(),
        })
    }

    fn prospect(&mut self, id: &str, state: usize) -> Result<Vec<Block>, Refusal> {
        let open = self.record.open().map(|turn| turn.proposal.clone());
        let invited = |one: &TabletopProposal| one.invited.iter().any(|other| other == id);
        let Some(proposal) = open.filter(invited) else {
            return Ok(Vec::new());
        };
        let all = self.arena.set_of(&proposal.invited);
        let inside = self.arena.play(&proposal.sets, all)?;
        let outside = self.arena.play(&proposal.sets, all & !(1 << state))?;
        let due = paid(&self.arena, &proposal, state, all);
        Ok(prospect(&inside, &outside, state, due))
    }

    /// What the facilitator sees besides.
    pub fn facilitator(&self) -> TabletopFacilitatorView {
        let model = self.arena.model();
        let ids: Vec<String> = model.states.iter().map(|one| one.id.clone()).collect();
        let controls = self.arena.controls();
        let last = self.record.turns.last();
        let answers = last.into_iter().flat_map(|turn| turn.answers.values());
        let wishes = answers.filter(|answer| !answer.wish.is_empty());
        let wishes = wishes.filter_map(|answer| {
            let i = self.arena.state(&answer.state)?;
            let words = rules(&controls, &answer.wish);
            Some((model.states[i].name.clone(), words))
        });
        let own = self.arena.own_members();
        let own = ids.iter().enumerate().filter(|(i, _)| own >> i & 1 == 1);
        TabletopFacilitatorView {
            wishes: wishes.collect(),
            invited: own.map(|(_, id)| id.clone()).collect(),
            states: self.places(&ids),
            sets: last.map_or_else(TabletopSets::new, |turn| turn.proposal.sets.clone()),
            controls,
        }
    }

    /// Predicted against played, with the cards laid open.
    ///
    /// # Errors
    /// The exercise is not over, or a world has no result.
    pub fn debrief(&mut self) -> Result<Document, Refusal> {
        if self.record.phase() != TabletopPhase::Over {
            return Err(Refusal::new("the debrief comes when the exercise is over"));
        }
        debrief(&mut self.arena, &self.record, &self.outcomes)
    }
}
