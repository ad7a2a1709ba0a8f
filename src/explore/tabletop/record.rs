//! What happened so far, and what may happen next.

use crate::engine::model::Model;
use crate::explore::messages::Refusal;
use crate::explore::tabletop::log::{
    TabletopAnswer, TabletopEvent, TabletopProposal, TabletopStart,
};
use indexmap::{IndexMap, IndexSet};
use serde::Serialize;

/// Most rounds of an exercise, and most worlds that a round is played in.
const MOST_ROUNDS: usize = 12;
const MOST_WORLDS: u64 = 1000;

/// Most of a payment, US$ bn.
const MOST_PAID: f64 = 1000.0;

/// Most payments of a proposal, and most assignments of a proposal or wish.
const MOST_PARTS: usize = 64;

/// What the exercise waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TabletopPhase {
    /// A proposal of the facilitator.
    Proposal,
    /// Answers, then the end of the round.
    Answers,
    /// Nothing: it is over.
    Over,
}

/// A round: what was proposed, and who answered what.
#[derive(Debug, Clone, PartialEq)]
pub struct TabletopTurn {
    /// What is put to the vote.
    pub proposal: TabletopProposal,
    /// Answers by state.
    pub answers: IndexMap<String, TabletopAnswer>,
    /// States at whose seats somebody sat when it was closed; empty as long as it is open.
    pub seated: IndexSet<String>,
    /// Whether it is closed.
    pub closed: bool,
}

/// What happened so far.
#[derive(Debug, Clone, PartialEq)]
pub struct TabletopRecord {
    /// What is played.
    pub start: TabletopStart,
    /// States at whose seats somebody sits.
    pub seated: IndexSet<String>,
    /// Rounds, the last of which may be open.
    pub turns: Vec<TabletopTurn>,
    /// Whether it is over.
    pub over: bool,
    states: Vec<String>,
}

impl TabletopRecord {
    /// A game of which nothing was played.
    ///
    /// # Errors
    /// No delegation, one that is no state or is named twice, an arm that is no accord, or no rounds or worlds.
    pub fn new(start: TabletopStart, model: &Model) -> Result<TabletopRecord, Refusal> {
        let states: Vec<String> = model.states.iter().map(|one| one.id.clone()).collect();
        let known: IndexSet<&String> = start.delegations.iter().collect();
        if known.is_empty() || known.len() < start.delegations.len() {
            return Err(Refusal::new(
                "name at least one delegation, and each of them once",
            ));
        }
        if let Some(other) = known.iter().find(|id| !states.contains(id)) {
            return Err(Refusal::new(format!("there is no state `{other}`")));
        }
        if states.len() < 2 {
            return Err(Refusal::new(
                "a table needs a scenario of two states or more",
            ));
        }
        if !(1..=MOST_ROUNDS).contains(&start.rounds) {
            return Err(Refusal::new(format!("there are 1 to {MOST_ROUNDS} rounds")));
        }
        if !(1..=MOST_WORLDS).contains(&start.worlds) {
            return Err(Refusal::new(format!(
                "a round is played in 1 to {MOST_WORLDS} worlds"
            )));
        }
        Ok(TabletopRecord {
            start,
            seated: IndexSet::new(),
            turns: Vec::new(),
            over: false,
            states,
        })
    }

    /// What it waits for.
    pub fn phase(&self) -> TabletopPhase {
        match (self.over, self.turns.last()) {
            (true, _) => TabletopPhase::Over,
            (_, Some(turn)) if !turn.closed => TabletopPhase::Answers,
            _ => TabletopPhase::Proposal,
        }
    }

    /// Rounds that are closed.
    pub fn closed(&self) -> usize {
        self.turns.iter().filter(|turn| turn.closed).count()
    }

    /// The open round.
    pub fn open(&self) -> Option<&TabletopTurn> {
        self.turns.last().filter(|turn| !turn.closed)
    }

    /// Lets something happen.
    ///
    /// # Errors
    /// It may not happen now; then nothing has changed.
    pub fn apply(&mut self, event: &TabletopEvent) -> Result<(), Refusal> {
        if self.over {
            return Err(Refusal::new("the exercise is over"));
        }
        match event {
            TabletopEvent::Game(_) => Err(Refusal::new("the game is already under way")),
            TabletopEvent::Seat(seat) => self.seat(&seat.state),
            TabletopEvent::Proposal(proposal) => self.propose(proposal),
            TabletopEvent::Answer(answer) => self.answer(answer),
            TabletopEvent::Close(close) => self.close(close.round),
            TabletopEvent::End(end) => self.end(end.rounds),
        }
    }

    fn seat(&mut self, state: &str) -> Result<(), Refusal> {
        if !self.start.delegations.iter().any(|id| id == state) {
            return Err(Refusal::new(format!("`{state}` is no delegation")));
        }
        match self.seated.insert(state.to_owned()) {
            true => Ok(()),
            false => Err(Refusal::new(format!("the seat of `{state}` is taken"))),
        }
    }

    fn propose(&mut self, proposal: &TabletopProposal) -> Result<(), Refusal> {
        if self.open().is_none() && self.turns.len() == self.start.rounds {
            return Err(Refusal::new("all rounds are played"));
        }
        let invited: IndexSet<&String> = proposal.invited.iter().collect();
        if invited.len() < 2 || invited.len() < proposal.invited.len() {
            return Err(Refusal::new(
                "invite at least two states, and each of them once",
            ));
        }
        self.known(&proposal.invited)?;
        if proposal.payments.len() > MOST_PARTS || proposal.sets.len() > MOST_PARTS {
            return Err(Refusal::new("that is too much for one proposal"));
        }
        for payment in &proposal.payments {
            let ends = [&payment.from, &payment.to];
            if payment.from == payment.to || ends.iter().any(|id| !invited.contains(*id)) {
                return Err(Refusal::new(
                    "a payment is from one invited state to another",
                ));
            }
            if !(payment.usd_bn > 0.0 && payment.usd_bn <= MOST_PAID) {
                return Err(Refusal::new(format!(
                    "a payment is above 0 and at most US$ {MOST_PAID} bn"
                )));
            }
        }
        if self.open().is_some() {
            self.turns.pop();
        }
        self.turns.push(TabletopTurn {
            proposal: proposal.clone(),
            answers: IndexMap::new(),
            seated: IndexSet::new(),
            closed: false,
        });
        Ok(())
    }

    fn known(&self, ids: &[String]) -> Result<(), Refusal> {
        let unknown = ids.iter().find(|id| !self.states.contains(id));
        unknown.map_or(Ok(()), |id| {
            Err(Refusal::new(format!("there is no state `{id}`")))
        })
    }

    fn answer(&mut self, answer: &TabletopAnswer) -> Result<(), Refusal> {
        if !self.seated.contains(&answer.state) {
            return Err(Refusal::new(format!(
                "nobody sits at the seat of `{}`",
                answer.state
            )));
        }
        if answer.wish.len() > MOST_PARTS {
            return Err(Refusal::new("that is too much for one wish"));
        }
        let open = self.turns.last_mut().filter(|turn| !turn.closed);
        let Some(turn) = open else {
            return Err(Refusal::new("nothing is put to the vote"));
        };
        if !turn.proposal.invited.contains(&answer.state) {
            return Err(Refusal::new(format!("`{}` is not invited", answer.state)));
        }
        turn.answers.insert(answer.state.clone(), answer.clone());
        Ok(())
    }

    fn close(&mut self, round: usize) -> Result<(), Refusal> {
        if round != self.turns.len() {
            return Err(Refusal::new(format!("round {round} is not the open one")));
        }
        let seated = self.seated.clone();
        let open = self.turns.last_mut().filter(|turn| !turn.closed);
        let Some(turn) = open else {
            return Err(Refusal::new("no round is open"));
        };
        turn.closed = true;
        turn.seated = seated;
        Ok(())
    }

    fn end(&mut self, rounds: usize) -> Result<(), Refusal> {
        if self.open().is_some() {
            return Err(Refusal::new("close the round first"));
        }
        if rounds != self.turns.len() {
            return Err(Refusal::new(format!(
                "{} rounds were played, not {rounds}",
                self.turns.len()
            )));
        }
        self.over = true;
        Ok(())
    }
}
