//! The bargaining problem of one table of a window: the world as it stands when the two sides sit down, before they bargain (model, sections 4 to 6).
//!
//! Not here: how a window is played to its end (`window`) and what the sides have if nothing is agreed (`disagreement`).

use crate::engine::model::Solution;
use crate::engine::model::arm::{Mode, StateSet, members};
use crate::engine::negotiation::tables::meetings::Meeting;
use crate::engine::negotiation::tables::pairs::PairGains;
use crate::engine::negotiation::tables::play::{TableOutcome, WindowPlay};
use crate::engine::negotiation::tables::talks::{Bargainer, Talks};
use crate::theory::bargaining::offer::Coefficients;
use crate::theory::bargaining::{Agreement, Gains};
use std::ops::ControlFlow;

/// Who sits on the side of the states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// One state.
    State(usize),
    /// The bloc of the arm, whoever is in it.
    Bloc,
}

/// Why the two sides do not come to bargain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// No bloc has formed.
    NoBloc,
    /// The pair may not deal, or no member of the bloc may.
    NotFeasible,
    /// The deal is larger than what is left of the budget.
    OverBudget,
    /// The hyperscaler is not on the bloc's short list.
    Refused,
    /// No member is worth placing a host in.
    NobodyPlaced,
}

impl Obstacle {
    /// All of them.
    pub const ALL: [Obstacle; 5] = [
        Obstacle::NoBloc,
        Obstacle::NotFeasible,
        Obstacle::OverBudget,
        Obstacle::Refused,
        Obstacle::NobodyPlaced,
    ];
}

/// A table at which both sides have sat down.
#[derive(Debug, Clone, PartialEq)]
pub struct BargainingProblem {
    /// T, the states at the table.
    pub table: StateSet,
    /// G, those of them that would host h.
    pub placed: StateSet,
    /// ΔU (19) and ΔΠ (18).
    pub gains: Gains,
    /// Margin that a refusal costs h, USD bn (section 10).
    pub pressure: f64,
    /// Σ_{l∈T} D_lh, the margin at stake, USD bn.
    pub stake: f64,
    /// Coefficients of the terms, floors applied.
    pub coefficients: Coefficients,
    /// What the states are promised elsewhere: R of a short list, else minus infinity.
    pub reserve: f64,
    /// What comes of it under each of [`Solution::ALL`]; none where there is no deal.
    pub outcomes: [Option<Agreement>; Solution::ALL.len()],
}

impl BargainingProblem {
    /// The outcome under a solution.
    pub fn outcome(&self, solution: Solution) -> Option<Agreement> {
        self.outcomes[solution as usize]
    }
}

impl Talks<'_> {
    /// Plays the window under M = `accord` up to the table of `party` with h, at which both sit down: the table has left S_h.
    ///
    /// # Errors
    /// Why they do not come to bargain.
    pub fn problem(
        &self,
        play: &mut WindowPlay,
        expected: &[StateSet],
        accord: StateSet,
        party: Party,
        h: usize,
    ) -> Result<BargainingProblem, Obstacle> {
        if party == Party::Bloc && (accord == 0 || self.arm.mode != Mode::Bloc) {
            return Err(Obstacle::NoBloc);
        }
        let wanted = meeting(party, h);
        let mut reached = false;
        self.begin(play, expected, accord);
        self.each_meeting(play, |play, meeting| {
            reached = meeting == wanted;
            if reached {
                return ControlFlow::Break(());
            }
            self.hold(play, meeting);
            ControlFlow::Continue(())
        });
        match party {
            _ if !reached => Err(Obstacle::NotFeasible),
            Party::State(i) => self.pair_problem(play, i, h),
            Party::Bloc => self.bloc_problem(play, h),
        }
    }

    /// Plays the window to its end, but for the table of `party` with h, at which nothing is agreed.
    pub fn play_refusing(
        &self,
        play: &mut WindowPlay,
        expected: &[StateSet],
        accord: StateSet,
        party: Party,
        h: usize,
    ) {
        let refused = meeting(party, h);
        self.begin(play, expected, accord);
        self.each_meeting(play, |play, meeting| {
            if meeting == refused {
                let table = table_of(party, accord);
                play.signed.remove(self.economy, &play.service, h, table);
            } else {
                self.hold(play, meeting);
            }
            ControlFlow::Continue(())
        });
    }

    fn pair_problem(
        &self,
        play: &mut WindowPlay,
        i: usize,
        h: usize,
    ) -> Result<BargainingProblem, Obstacle> {
        let economy = self.economy;
        play.signed.remove(economy, &play.service, h, 1 << i);
        if let Some(ended) = self.pair_obstacle(play, i, h) {
            return Err(match ended {
                TableOutcome::OverBudget => Obstacle::OverBudget,
                _ => Obstacle::NotFeasible,
            });
        }
        let PairGains { gains, pressure } = self.pair_gains(play, i, h, economy.foresight);
        let floored = play.accord >> i & 1 == 1;
        let coefficients = Coefficients::of(&self.pair_frontier(i, h, floored), economy.k);
        let reserve = f64::NEG_INFINITY;
        let side = |talks: &Talks| talks.side_of(i);
        let outcomes = self.outcomes(&coefficients, gains, reserve, h, side);
        Ok(BargainingProblem {
            table: 1 << i,
            placed: 1 << i,
            gains,
            pressure,
            stake: economy.margin[i * economy.m + h],
            coefficients,
            reserve,
            outcomes,
        })
    }

    fn bloc_problem(&self, play: &mut WindowPlay, h: usize) -> Result<BargainingProblem, Obstacle> {
        let economy = self.economy;
        let bloc = play.accord;
        play.signed.remove(economy, &play.service, h, bloc);
        if self.arm.shortlist.is_some() && play.bids[h].is_nan() {
            return Err(Obstacle::Refused);
        }
        let placing = self.place(play, h, economy.foresight, play.budget[h]);
        let placing = placing.ok_or(Obstacle::NobodyPlaced)?;
        self.weigh_terms(play, h, placing.placed);
        let coefficients = Coefficients::of(&self.joint_frontier(&play.joint), economy.k);
        let reserve = match self.arm.shortlist {
            Some(_) => play.reserve,
            None => f64::NEG_INFINITY,
        };
        let side = |talks: &Talks| talks.joint_side(placing.placed, bloc);
        let outcomes = self.outcomes(&coefficients, placing.gains, reserve, h, side);
        let stakes = members(bloc).map(|l| economy.margin[l * economy.m + h]);
        Ok(BargainingProblem {
            table: bloc,
            placed: placing.placed,
            gains: placing.gains,
            pressure: placing.pressure,
            stake: stakes.sum(),
            coefficients,
            reserve,
            outcomes,
        })
    }

    /// The outcome under every solution; a side hangs on it, as only alternating offers ask for impatience.
    fn outcomes(
        &self,
        coefficients: &Coefficients,
        gains: Gains,
        reserve: f64,
        h: usize,
        side: impl Fn(&Talks) -> Bargainer,
    ) -> [Option<Agreement>; Solution::ALL.len()] {
        let mut arm_economy = self.arm_economy.clone();
        Solution::ALL.map(|solution| {
            arm_economy.solution = solution;
            let talks = Talks {
                arm_economy: &arm_economy,
                ..*self
            };
            let protocol = talks.protocol(side(&talks), h);
            talks.settle(&coefficients.frontier(), gains, protocol, reserve, None)
        })
    }
}

/// The states of a party.
pub fn table_of(party: Party, accord: StateSet) -> StateSet {
    match party {
        Party::State(i) => 1 << i,
        Party::Bloc => accord,
    }
}

fn meeting(party: Party, h: usize) -> Meeting {
    match party {
        Party::State(i) => Meeting::Pair(i, h),
        Party::Bloc => Meeting::Bloc(h),
    }
}
