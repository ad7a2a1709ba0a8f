//! A round once it is closed: who is in, what it brought everyone, and what was left on the table.

use crate::engine::model::arm::{StateSet, members as each};
use crate::explore::messages::Refusal;
use crate::explore::tabletop::arena::TabletopArena;
use crate::explore::tabletop::menu::{MenuAccord, menu, nash};
use crate::explore::tabletop::played::{TabletopPlay, TabletopWorld};
use crate::explore::tabletop::record::TabletopTurn;
use crate::explore::tabletop::replies::{paid, replies};
use crate::theory::stats::summary::{Stat, summarise};
use std::sync::Arc;

/// What is left on the table below this, US$ bn, is nothing.
const NOTHING: f64 = 1e-9;

/// What came of a round.
#[derive(Debug, Clone, PartialEq)]
pub struct TabletopOutcome {
    /// Who was invited.
    pub invited: StateSet,
    /// Who was played by people.
    pub people: StateSet,
    /// Who said yes: the members of the accord, if they are two at least.
    pub yes: StateSet,
    /// Whether no state that the engine plays would change its answer.
    pub settled: bool,
    /// The accord of those who said yes, without payments.
    pub play: Arc<TabletopPlay>,
    /// What each state is paid, less what it pays, US$ bn; adds up to 0.
    pub paid: Vec<f64>,
    /// What the round is measured against.
    pub menu: Vec<MenuAccord>,
    /// The Nash product's root of the members' mean gains, payments included; 0 without an accord.
    pub nash: f64,
}

impl TabletopOutcome {
    /// Plays a round to its end.
    ///
    /// # Errors
    /// A world without a result.
    pub fn of(arena: &mut TabletopArena, turn: &TabletopTurn) -> Result<TabletopOutcome, Refusal> {
        let proposal = &turn.proposal;
        let invited = arena.set_of(&proposal.invited);
        let people = arena.set_of(&turn.seated);
        let said = turn.answers.values().filter(|answer| answer.join);
        let yes = arena.set_of(said.map(|answer| &answer.state)) & invited;
        let found = replies(arena, proposal, yes, invited & !people)?;
        let play = arena.play(&proposal.sets, found.members)?;
        let states = arena.model().states.len();
        let paid: Vec<f64> = (0..states)
            .map(|i| paid(arena, proposal, i, found.members))
            .collect();
        let formed = found.members.count_ones() >= 2;
        let gains: Vec<f64> = each(found.members)
            .map(|i| play.gain(i) + paid[i])
            .collect();
        Ok(TabletopOutcome {
            invited,
            people: people & invited,
            yes: found.members,
            settled: found.settled,
            menu: menu(arena, proposal, found.members)?,
            nash: if formed { nash(&gains) } else { 0.0 },
            play,
            paid,
        })
    }

    /// Whether there is an accord.
    pub fn formed(&self) -> bool {
        self.yes.count_ones() >= 2
    }

    /// A state's mean gain against alone, payments included, US$ bn.
    pub fn gain(&self, i: usize) -> f64 {
        self.play.gain(i) + self.paid[i]
    }

    /// A state's gain against alone, payments included, US$ bn.
    pub fn stat(&self, i: usize) -> Option<Stat> {
        self.play.stat(|world| world.gains[i] + self.paid[i])
    }

    /// The accord of the menu that brings the region most; the first of equals.
    pub fn best(&self) -> Option<&MenuAccord> {
        let mut best: Option<(&MenuAccord, f64)> = None;
        for one in &self.menu {
            let region = one.play.region();
            if best.is_none_or(|best| region > best.1) {
                best = Some((one, region));
            }
        }
        best.map(|best| best.0)
    }

    /// What the best of the menu brings the region more than what was played, US$ bn; none where that is nothing.
    pub fn left(&self) -> Option<Stat> {
        let best = self.best()?;
        let worlds = best.play.worlds.iter().zip(&self.play.worlds);
        let total = |world: &TabletopWorld| world.gains.iter().sum::<f64>();
        let left = summarise(worlds.map(|(best, own)| total(best) - total(own)));
        left.filter(|left| left.mean > NOTHING)
    }

    /// The round's Nash product as a share of the best with these members: [0, 1]; none without an accord, or where all have 0.
    pub fn nash_share(&self) -> Option<f64> {
        let theirs = self.menu.iter().filter(|one| one.members == self.yes);
        let best = theirs.map(|one| one.nash).fold(self.nash, f64::max);
        (self.formed() && best > 0.0).then(|| self.nash / best)
    }
}
