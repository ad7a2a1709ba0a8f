//! The tables of one window in one world, for those who sit down at one of them.

use crate::engine::model::arm::{Arm, StateSet, Turn, members};
use crate::engine::negotiation::accord::formation::Formed;
use crate::engine::negotiation::account::{Accounts, factor_of};
use crate::engine::negotiation::arm_economy::Rules;
use crate::engine::negotiation::payoff::state_parts;
use crate::engine::negotiation::tables::deal::Booked;
use crate::engine::negotiation::tables::disagreement::Disagreement;
use crate::engine::negotiation::tables::play::WindowPlay;
use crate::engine::negotiation::tables::problem::{BargainingProblem, Obstacle, Party};
use crate::engine::negotiation::tables::setting::Setting;
use crate::engine::negotiation::tables::talks::Talks;
use crate::theory::bargaining::Agreement;

/// When a table meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// As the scenario has it.
    Drawn,
    /// Before every other table, but for those of a bloc whose turn is first.
    First,
    /// Right after the table of a state with the same hyperscaler, both before every other; a state's table alone.
    After(usize),
    /// After every other table.
    Last,
}

/// One window in one world, with the accord that forms in it under the order of the scenario.
pub struct TableWorld<'a> {
    pub(super) talks: Talks<'a>,
    /// What the talks about an accord led to.
    pub formed: Formed,
    pub(super) play: &'a mut WindowPlay,
    pub(super) accounts: &'a mut Accounts,
}

/// What states and hyperscalers gain in a window (34).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Stakes {
    /// Σ X_i of the window.
    pub states: f64,
    /// Σ Y_i of the window.
    pub hyperscalers: f64,
}

impl TableWorld<'_> {
    /// The window up to the table of `party` with h, and what both have if nothing is agreed there.
    ///
    /// # Errors
    /// Why they do not come to bargain.
    pub fn problem(
        &mut self,
        party: Party,
        h: usize,
    ) -> Result<(BargainingProblem, Disagreement), Obstacle> {
        let accord = self.formed.accord;
        let problem = self.talks.problem(self.play, accord, party, h)?;
        let disagreement = self
            .talks
            .disagreement(self.play, &problem, h, problem.table);
        Ok((problem, disagreement))
    }

    /// The numbers of the arm in this window.
    pub fn rules(&self) -> Rules {
        self.talks.arm_economy.rules
    }

    /// B: those of the accord that sit at one table.
    pub fn joint_table(&self) -> StateSet {
        self.talks.arm.joint_table(self.formed.accord)
    }

    /// As [`problem`](Self::problem) at the bloc's table, with the disagreement of one member.
    ///
    /// # Errors
    /// Why they do not come to bargain.
    pub fn problem_of_member(
        &mut self,
        i: usize,
        h: usize,
    ) -> Result<(BargainingProblem, Disagreement), Obstacle> {
        let accord = self.formed.accord;
        let problem = (self.talks).problem(self.play, accord, Party::Bloc, h)?;
        let disagreement = self.talks.disagreement(self.play, &problem, h, 1 << i);
        Ok((problem, disagreement))
    }

    /// What member i of a bloc gets of an agreement in terms and cash, s_ih + T_ih, with the repricing that its terms avert as far as it is foreseen;
    /// 0 where it is not placed.
    pub fn share_of(
        &self,
        problem: &BargainingProblem,
        agreement: Agreement,
        i: usize,
        h: usize,
    ) -> f64 {
        if problem.placed >> i & 1 == 0 {
            return 0.0;
        }
        let (talks, foreseen) = (&self.talks, self.talks.economy.repricing_foresight);
        let economy = talks.economy;
        let Booked { value, loss, .. } = self.books_of(problem, agreement, i, h);
        let averted = self.repriced(i, h) - loss;
        let mut share = value + foreseen * averted;
        if talks.arm_economy.transfers {
            let placed = || members(problem.placed);
            let size = |l: usize| economy.size[l * economy.m + h];
            let total: f64 = placed().map(size).sum();
            let part = match total > 0.0 {
                true => size(i) / total,
                false => 1.0 / f64::from(problem.placed.count_ones()),
            };
            let lost = |l: usize| foreseen * self.books_of(problem, agreement, l, h).loss;
            let taken: f64 = placed().map(lost).sum();
            share += foreseen * loss + (agreement.transfer - taken) * part;
        }
        share
    }

    /// B_ih (39).
    fn repriced(&self, i: usize, h: usize) -> f64 {
        let talks = &self.talks;
        (talks.arm_economy).repriced(talks.economy, i, h, self.formed.accord)
    }

    /// What an agreement brings state i into the books.
    fn books_of(
        &self,
        problem: &BargainingProblem,
        agreement: Agreement,
        i: usize,
        h: usize,
    ) -> Booked {
        let levels = problem.levels_of(agreement, i, self.talks.economy.k);
        self.talks.books_of(self.formed.accord, i, h, &levels)
    }

    /// Σ of what h can take of those placed by repricing after signing (39), and of what it takes under an agreement (40).
    pub fn repricing(
        &self,
        problem: &BargainingProblem,
        agreement: Option<Agreement>,
        h: usize,
    ) -> (f64, f64) {
        let placed = || members(problem.placed);
        let most = placed().map(|i| self.repriced(i, h)).sum();
        let taken = |agreed: Agreement| -> f64 {
            let lost = |i: usize| self.books_of(problem, agreed, i, h).loss;
            placed().map(lost).sum()
        };
        (most, agreement.map_or(0.0, taken))
    }

    /// The gains and the pressure at a table that meets at another time; the accord stays.
    ///
    /// # Errors
    /// Why they do not come to bargain then.
    pub fn problem_at(
        &mut self,
        position: Position,
        party: Party,
        h: usize,
    ) -> Result<BargainingProblem, Obstacle> {
        let accord = self.formed.accord;
        let play = &mut *self.play;
        moved(&self.talks, position, party, h, |talks| {
            talks.problem(play, accord, party, h)
        })
    }

    /// Plays the window with a table that meets at another time; X and Y (34) of the states `of`.
    pub fn stakes_at(
        &mut self,
        position: Position,
        party: Party,
        h: usize,
        of: StateSet,
    ) -> Stakes {
        let (accord, play) = (self.formed.accord, &mut *self.play);
        moved(&self.talks, position, party, h, |talks| {
            talks.play(play, Setting::whole(accord));
        });
        self.stakes(of, self.formed.talked, self.formed.delay)
    }

    /// Plays the window without the accord; what pressure and stake at the tables of each of `of` alone with h add up to, and X
    /// and Y (34).
    pub fn alone(&mut self, h: usize, of: StateSet) -> ((f64, f64), Stakes) {
        let (mut pressure, mut stake) = (0.0, 0.0);
        for i in members(of) {
            let party = Party::State(i);
            if let Ok(problem) = self.talks.problem(self.play, 0, party, h) {
                pressure += problem.pressure;
                stake += problem.stake;
            }
        }
        self.talks.play(self.play, Setting::default());
        ((pressure, stake), self.stakes(of, 0, 1.0))
    }

    /// What the deals of the states `of` with others than h, and those of h with other states, bring in terms and cash if the table of `party`
    /// with h fails: Σ (s + T) to the states, −Σ (g + T) to h.
    pub fn other_deals(&mut self, party: Party, h: usize, of: StateSet) -> (f64, f64) {
        let accord = self.formed.accord;
        self.talks.play_refusing(self.play, accord, party, h);
        let (economy, play) = (self.talks.economy, &*self.play);
        let (mut states, mut hyperscaler) = (0.0, 0.0);
        for i in 0..economy.n {
            for g in 0..economy.m {
                let p = i * economy.m + g;
                if g != h && of >> i & 1 == 1 {
                    states += play.value[p] + play.transfer[p];
                }
                if g == h && of >> i & 1 == 0 {
                    hyperscaler -= play.cost[p] + play.transfer[p];
                }
            }
        }
        (states, hyperscaler)
    }

    fn stakes(&mut self, of: StateSet, talked: StateSet, delay: f64) -> Stakes {
        let Talks {
            economy,
            arm_economy,
            standing,
            ..
        } = self.talks;
        self.accounts
            .fill(economy, arm_economy, self.play, talked, delay);
        let mut stakes = Stakes::default();
        for i in members(of) {
            let gross = state_parts(economy, arm_economy, standing, self.play, i).gross();
            stakes.states += factor_of(talked, delay, i) * gross;
            stakes.hyperscalers += self.accounts.supplier_gain[i];
        }
        stakes
    }
}

/// Does `work` with talks at which the table of `party` with h meets at another time.
fn moved<R>(
    talks: &Talks,
    position: Position,
    party: Party,
    h: usize,
    work: impl FnOnce(&Talks) -> R,
) -> R {
    match party {
        _ if position == Position::Drawn => work(talks),
        Party::State(i) => moved_pair(talks, position, i, h, work),
        Party::Bloc => {
            let turn = match position {
                Position::Last => Turn::Last,
                _ => Turn::First,
            };
            let arm = Arm {
                turn,
                ..talks.arm.clone()
            };
            work(&Talks {
                arm: &arm,
                ..*talks
            })
        }
    }
}

fn moved_pair<R>(
    talks: &Talks,
    position: Position,
    i: usize,
    h: usize,
    work: impl FnOnce(&Talks) -> R,
) -> R {
    let m = talks.economy.m;
    let pair = i * m + h;
    let (ahead, behind) = match position {
        Position::After(j) => (vec![j * m + h, pair], None),
        Position::Last => (Vec::new(), Some(pair)),
        Position::First | Position::Drawn => (vec![pair], None),
    };
    let others = talks.sequence.iter().copied();
    let others = others.filter(|p| *p != pair && !ahead.contains(p));
    let sequence: Vec<usize> = ahead.iter().copied().chain(others).chain(behind).collect();
    let mut places = vec![0; sequence.len()];
    for (place, &p) in sequence.iter().enumerate() {
        places[p] = place;
    }
    work(&Talks {
        sequence: &sequence,
        places: &places,
        ..*talks
    })
}
