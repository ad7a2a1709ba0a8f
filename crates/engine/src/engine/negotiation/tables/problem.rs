//! The bargaining problem of one table of a window: the world as it stands when the two sides sit down, before they bargain (model, sections 4 to 6).
//!
//! Not here: how a window is played to its end (`meetings`) and what the sides have if nothing is agreed (`disagreement`).

use crate::engine::model::Solution;
use crate::engine::model::arm::{StateSet, members};
use crate::engine::negotiation::tables::gains::TableGains;
use crate::engine::negotiation::tables::meetings::Meeting;
use crate::engine::negotiation::tables::play::WindowPlay;
use crate::engine::negotiation::tables::record::TableOutcome;
use crate::engine::negotiation::tables::setting::Setting;
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
    /// The hyperscaler is not on the short list of those at the table.
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
    /// Coefficients of the terms, floors applied: of one bundle for all of G.
    pub coefficients: Coefficients,
    /// Those of the members' annexes, of each of G one after the other with as many between them; none where one bundle is for all.
    pub schedule: Option<Coefficients>,
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

    /// The levels that state i of G has in an agreement on `terms` terms.
    pub fn levels_of(&self, agreement: Agreement, i: usize, terms: usize) -> Vec<f64> {
        let (coefficients, first) = match &self.schedule {
            None => (&self.coefficients, 0),
            Some(schedule) => {
                let before = (self.placed & ((1 << i) - 1)).count_ones() as usize;
                let count = self.placed.count_ones() as usize;
                (schedule, before * (schedule.a.len() / count))
            }
        };
        let frontier = coefficients.frontier();
        let levels = first..first + terms;
        levels
            .map(|k| frontier.level(k, agreement.lambda))
            .collect()
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
        accord: StateSet,
        party: Party,
        h: usize,
    ) -> Result<BargainingProblem, Obstacle> {
        let wanted = meeting(party, h);
        let mut reached = false;
        self.begin(play, Setting::whole(accord));
        if party == Party::Bloc && play.bloc == 0 {
            return Err(Obstacle::NoBloc);
        }
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
    pub fn play_refusing(&self, play: &mut WindowPlay, accord: StateSet, party: Party, h: usize) {
        let refused = meeting(party, h);
        self.begin(play, Setting::whole(accord));
        self.each_meeting(play, |play, meeting| {
            if meeting == refused {
                let table = table_of(party, play.bloc);
                play.signed
                    .remove(self.economy, &mut play.service, h, table);
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
        let p = i * economy.m + h;
        if let Some(ended) = self.pair_obstacle(play, i, h) {
            return Err(match ended {
                TableOutcome::OverBudget => Obstacle::OverBudget,
                TableOutcome::Refused => Obstacle::Refused,
                _ => Obstacle::NotFeasible,
            });
        }
        let TableGains { gains, pressure } = self.pair_gains(play, i, h, economy.foresight);
        play.signed.remove(economy, &mut play.service, h, 1 << i);
        let reserve = play.reserves[p];
        if self.has_clause(play) {
            self.settle_under_clause(play, i, h, gains, reserve);
        } else {
            self.weigh_pair(play, i, h);
        }
        let coefficients = Coefficients::of(&play.joint.frontier(), economy.k);
        let side = |talks: &Talks| talks.side_of(i);
        let outcomes = self.outcomes(&coefficients, gains, reserve, h, side);
        Ok(BargainingProblem {
            table: 1 << i,
            placed: 1 << i,
            gains,
            pressure,
            stake: economy.margin[p],
            coefficients,
            schedule: None,
            reserve,
            outcomes,
        })
    }

    fn bloc_problem(&self, play: &mut WindowPlay, h: usize) -> Result<BargainingProblem, Obstacle> {
        let economy = self.economy;
        let (bloc, accord) = (play.bloc, play.accord);
        play.signed.remove(economy, &mut play.service, h, bloc);
        if play.refused[h] & bloc != 0 {
            return Err(Obstacle::Refused);
        }
        if play.joint_reserves[h].is_nan() {
            self.find_joint_reserve(play, h);
        }
        let placing = self.place(play, h, economy.foresight, play.budget[h]);
        let placing = placing.ok_or(Obstacle::NobodyPlaced)?;
        let schedule = self.arm.annexes.then(|| {
            self.weigh_terms(play, h, placing.placed);
            Coefficients::of(&play.joint.frontier(), play.joint.terms)
        });
        self.weigh_bundle(play, h, placing.placed);
        let coefficients = Coefficients::of(&play.joint.frontier(), economy.k);
        let reserve = play.joint_reserves[h];
        let gains = placing.table.gains;
        let side = |talks: &Talks| talks.joint_side(placing.placed, accord);
        let agreed = schedule.as_ref().unwrap_or(&coefficients);
        let outcomes = self.outcomes(agreed, gains, reserve, h, side);
        let stakes = members(bloc).map(|l| economy.margin[l * economy.m + h]);
        Ok(BargainingProblem {
            table: bloc,
            placed: placing.placed,
            gains,
            pressure: placing.table.pressure,
            stake: stakes.sum(),
            coefficients,
            schedule,
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

/// The states of a party, `bloc` being those that sit together.
pub fn table_of(party: Party, bloc: StateSet) -> StateSet {
    match party {
        Party::State(i) => 1 << i,
        Party::Bloc => bloc,
    }
}

fn meeting(party: Party, h: usize) -> Meeting {
    match party {
        Party::State(i) => Meeting::Pair(i, h),
        Party::Bloc => Meeting::Bloc(h),
    }
}
