//! The state of one window's talks while they are played: networks, budgets, and what has been agreed (model, section 6).
//!
//! Not here: what is worth agreeing; tables decide that and enter it.

use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::lanes::{LANE, LaneColumns, indicate, set_lane};
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::arm_economy::ArmEconomy;
use crate::engine::negotiation::cache::agreements::AgreementCache;
use crate::engine::negotiation::network::hosts::Network;
use crate::engine::negotiation::network::ranks::Ranks;
use crate::engine::negotiation::network::service::ServiceMatrix;
use crate::engine::negotiation::standing::Standing;
use crate::theory::bargaining::{Agreement, Gains};
use wide::f64x4;

/// What tables lost by a refusal, by the number of states that already host (model, section 10).
#[derive(Debug, Clone, Default)]
pub struct ErosionTally {
    /// Tables with k hosts outside the table.
    pub tables: Vec<f64>,
    /// Σ over them of the margin that a refusal costs h, USD bn.
    pub lost: Vec<f64>,
    /// Σ over them of Σ_{l∈T} D_lh, USD bn.
    pub stake: Vec<f64>,
}

impl ErosionTally {
    /// Room for n counts of hosts.
    pub fn new(n: usize) -> ErosionTally {
        ErosionTally {
            tables: vec![0.0; n],
            lost: vec![0.0; n],
            stake: vec![0.0; n],
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.tables.fill(0.0);
        self.lost.fill(0.0);
        self.stake.fill(0.0);
    }

    /// Notes a table.
    pub fn note(&mut self, hosts: usize, lost: f64, stake: f64) {
        self.tables[hosts] += 1.0;
        self.lost[hosts] += lost;
        self.stake[hosts] += stake;
    }

    /// Adds what another window noted.
    pub fn absorb(&mut self, other: &ErosionTally) {
        for k in 0..self.tables.len() {
            self.tables[k] += other.tables[k];
            self.lost[k] += other.lost[k];
            self.stake[k] += other.stake[k];
        }
    }
}

/// How much was computed since this was made, for those who measure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WorkCounts {
    /// Plays of a window under an accord or none.
    pub plays: u64,
    /// Tables of one state and one hyperscaler at which gains were weighed.
    pub pair_tables: u64,
    /// Tables of a bloc at which hosts were to be placed, bids included.
    pub joint_tables: u64,
    /// Bargains over terms that were solved.
    pub bargains: u64,
}

/// How a turn at the table ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TableOutcome {
    /// The two sides agreed.
    Agreed(Agreement),
    /// No bundle leaves both sides a gain.
    NoDeal,
    /// The pair may not deal.
    NotFeasible,
    /// The deal is larger than what is left of the budget.
    OverBudget,
    /// The hyperscaler is not on the bloc's short list.
    Refused,
    /// No member is worth placing a host in.
    NobodyPlaced,
}

/// One turn of the window, for those who follow the talks.
#[derive(Debug, Clone, PartialEq)]
pub struct TableRecord {
    /// T, the states at the table.
    pub table: StateSet,
    /// h, whom they meet.
    pub hyperscaler: usize,
    /// G, empty where nobody was placed.
    pub placed: StateSet,
    /// ΔU and ΔΠ, 0 where the two did not come to bargain.
    pub gains: Gains,
    /// Margin that a refusal costs h.
    pub pressure: f64,
    /// How it ended.
    pub ended: TableOutcome,
}

impl TableRecord {
    /// The record of a table of state i with hyperscaler h at which talks were held.
    pub fn of_pair(
        i: usize,
        hyperscaler: usize,
        gains: Gains,
        pressure: f64,
        ended: TableOutcome,
    ) -> TableRecord {
        TableRecord {
            table: 1 << i,
            hyperscaler,
            placed: 1 << i,
            gains,
            pressure,
            ended,
        }
    }

    /// A turn that ended before gains were weighed.
    pub fn without_talks(table: StateSet, hyperscaler: usize, ended: TableOutcome) -> TableRecord {
        let gains = Gains {
            state: 0.0,
            hyperscaler: 0.0,
        };
        TableRecord {
            table,
            hyperscaler,
            placed: 0,
            gains,
            pressure: 0.0,
            ended,
        }
    }

    /// The agreement, if there is one.
    pub fn agreement(&self) -> Option<Agreement> {
        match self.ended {
            TableOutcome::Agreed(agreement) => Some(agreement),
            _ => None,
        }
    }
}

/// Everything that changes during one play of a window. Pairs lie at i·m + h.
#[derive(Debug, Clone)]
pub struct WindowPlay {
    /// M, the members of the accord under which the window is played.
    pub accord: StateSet,
    /// 1 for members of M, in lanes.
    pub inside: Vec<f64x4>,
    /// V_i·(1 − compute_i) under M, in lanes: what access to everything is worth to i.
    pub worth: Vec<f64x4>,
    /// σ_ij under M.
    pub service: ServiceMatrix,
    /// S, the hosts that were signed so far or are left from the window before.
    pub signed: Network,
    /// E, with qualities under M.
    pub expected: Network,
    /// Best and second-best server of l among E_h, under M.
    pub ranks: Ranks,
    /// ∏_{g≠h} (1 − r_lg·q_lg) on the expected network.
    pub rivals: LaneColumns,
    /// The costliest members of M among E_h, by hyperscaler.
    pub costliest: Vec<Costliest>,
    /// What is left of each capex budget.
    pub budget: Vec<f64>,
    /// s_ih, what the terms signed are worth to i.
    pub value: Vec<f64>,
    /// g_ih, what the terms signed cost h.
    pub cost: Vec<f64>,
    /// T_ih, cash from h to i.
    pub transfer: Vec<f64>,
    /// λ of what was signed at a table of one state.
    pub lambda: Vec<f64>,
    /// x_k of what was signed, n·m × K; of tables of one state only once `write_bundles` was called.
    pub bundle: Vec<f64>,
    /// The accord whose whole play of this window this is, if it is one.
    pub shows: Option<StateSet>,
    /// Whether only payoffs are asked for: tables that cannot lead to a deal are left out.
    pub draft: bool,
    /// Erosion of this play.
    pub erosion: ErosionTally,
    /// What was computed so far.
    pub tally: WorkCounts,
    /// Tables in the order in which they met; filled only if `follow` is set.
    pub records: Vec<TableRecord>,
    /// Whether to fill `records`.
    pub follow: bool,
    /// Bids of those on the bloc's short list, by hyperscaler; NaN for those who are not met.
    pub bids: Vec<f64>,
    /// R, the highest bid refused.
    pub reserve: f64,
    /// Bargains of pairs that were settled before in this window.
    pub agreements: AgreementCache,
    /// Scratch of bloc tables.
    pub(crate) joint: JointScratch,
}

/// The state whose compliance costs a hyperscaler most, and the most that another one costs it (15).
#[derive(Debug, Clone, Copy, Default)]
pub struct Costliest {
    state: usize,
    cost: f64,
    next: f64,
}

impl Costliest {
    /// The costliest of `states` to h.
    pub fn of(economy: &Economy, h: usize, states: StateSet) -> Costliest {
        let mut found = Costliest::default();
        for j in members(states) {
            let cost = economy.compliance[j * economy.m + h];
            if cost > found.cost {
                found = Costliest {
                    state: j,
                    cost,
                    next: found.cost,
                };
            } else {
                found.next = found.next.max(cost);
            }
        }
        found
    }

    /// The most that a state other than i costs; 0 where there is none.
    pub fn without(self, i: usize) -> f64 {
        if self.state == i {
            self.next
        } else {
            self.cost
        }
    }
}

/// Scratch of one table of a bloc.
#[derive(Debug, Clone)]
pub(crate) struct JointScratch {
    pub signed: JointNetwork,
    pub expected: JointNetwork,
    /// 1 for those of G, in lanes.
    pub placed: Vec<f64x4>,
    pub a: Vec<f64>,
    pub b: Vec<f64>,
    pub c: Vec<f64>,
    pub d: Vec<f64>,
    pub levels: Vec<f64>,
    /// Γ of those of G, the part of it that others do not change, and what is lost in the states of each lane, n per lane.
    pub loss: Vec<f64>,
    pub own_loss: Vec<f64>,
    pub losses: Vec<f64>,
    pub order: Vec<usize>,
    pub places: Vec<Option<usize>>,
    pub queue: Vec<usize>,
}

/// What a table of a bloc asks of one network, by state in lanes.
#[derive(Debug, Clone)]
pub(crate) struct JointNetwork {
    /// ψ from X⁻ = X∖B.
    pub without: Vec<f64x4>,
    /// Best and second-best server among X⁻ ∪ G.
    pub ranks: Ranks,
    /// What a unit of r_lh is worth to each member l, 0 outside.
    pub access: Vec<f64x4>,
    /// What h would lose in each state without its best server there.
    pub captured: Vec<f64x4>,
}

impl JointNetwork {
    fn new(n: usize) -> JointNetwork {
        let lanes = || LaneColumns::new(n, 1).column(0).to_vec();
        JointNetwork {
            without: lanes(),
            ranks: Ranks::new(n, 1),
            access: lanes(),
            captured: lanes(),
        }
    }
}

impl WindowPlay {
    /// Room for n states, m hyperscalers and K terms.
    pub fn new(n: usize, m: usize, k: usize) -> WindowPlay {
        let lanes = || LaneColumns::new(n, 1).column(0).to_vec();
        let padded = || vec![0.0; k.next_multiple_of(LANE)];
        WindowPlay {
            accord: 0,
            inside: lanes(),
            worth: lanes(),
            service: ServiceMatrix::new(n),
            signed: Network::new(n, m),
            expected: Network::new(n, m),
            ranks: Ranks::new(n, m),
            rivals: LaneColumns::new(n, m),
            costliest: vec![Costliest::default(); m],
            budget: vec![0.0; m],
            value: vec![0.0; n * m],
            cost: vec![0.0; n * m],
            transfer: vec![0.0; n * m],
            lambda: vec![0.0; n * m],
            bundle: vec![0.0; n * m * k],
            shows: None,
            draft: false,
            erosion: ErosionTally::new(n),
            tally: WorkCounts::default(),
            records: Vec::new(),
            follow: false,
            bids: vec![f64::NAN; m],
            reserve: 0.0,
            agreements: AgreementCache::new(n * m),
            joint: JointScratch {
                signed: JointNetwork::new(n),
                expected: JointNetwork::new(n),
                placed: lanes(),
                a: padded(),
                b: padded(),
                c: padded(),
                d: vec![1.0; k.next_multiple_of(LANE)],
                levels: vec![0.0; k],
                loss: vec![0.0; n],
                own_loss: vec![0.0; n],
                losses: vec![0.0; n.div_ceil(LANE) * n],
                order: Vec::with_capacity(n),
                places: vec![None; m],
                queue: Vec::with_capacity(n.max(m)),
            },
        }
    }

    /// Notes a turn, if anyone follows.
    pub(crate) fn record(&mut self, turn: impl FnOnce() -> TableRecord) {
        if self.follow {
            self.records.push(turn());
        }
    }

    /// Copies what another whole play left, all that is read after a play.
    pub fn copy_play(&mut self, other: &WindowPlay) {
        self.accord = other.accord;
        self.inside.copy_from_slice(&other.inside);
        self.worth.copy_from_slice(&other.worth);
        self.service.copy_from(&other.service);
        self.signed.copy_from(&other.signed);
        self.budget.copy_from_slice(&other.budget);
        self.value.copy_from_slice(&other.value);
        self.cost.copy_from_slice(&other.cost);
        self.transfer.copy_from_slice(&other.transfer);
        self.lambda.copy_from_slice(&other.lambda);
        self.bundle.copy_from_slice(&other.bundle);
        self.bids.copy_from_slice(&other.bids);
        self.reserve = other.reserve;
        self.erosion.clear();
        self.erosion.absorb(&other.erosion);
        self.shows = other.shows;
    }

    /// Another window begins: nothing that was settled before counts.
    pub fn forget(&mut self) {
        self.agreements.forget();
        self.shows = None;
    }

    /// Starts a window under M = `accord`: S_h are the hosts of the window before that are still feasible, E is given.
    pub fn start(
        &mut self,
        economy: &Economy,
        arm_economy: &ArmEconomy,
        standing: &Standing,
        expected: &[StateSet],
        accord: StateSet,
    ) {
        self.tally.plays += 1;
        self.accord = accord;
        indicate(accord, &mut self.inside);
        for i in 0..economy.n {
            let worth = arm_economy.value(i, accord) * (1.0 - standing.compute[i]);
            set_lane(&mut self.worth, i, worth);
        }
        (self.service).write(
            &arm_economy.service_out,
            &arm_economy.service_in,
            accord,
            &self.inside,
        );
        self.signed.set(economy, &self.service, |h| {
            standing.had[h] & economy.feasible[h]
        });
        let outside = &economy.outside_lanes;
        self.ranks.fill_all(outside, &self.service, expected);
        self.expected.set_known(economy, expected, &self.ranks.best);
        self.expected.write_rivals(&mut self.rivals);
        for h in 0..economy.m {
            self.costliest[h] = Costliest::of(economy, h, expected[h] & accord);
        }
        self.budget.copy_from_slice(&economy.budget);
        self.value.fill(0.0);
        self.cost.fill(0.0);
        self.transfer.fill(0.0);
        self.erosion.clear();
        self.records.clear();
        self.bids.fill(f64::NAN);
        self.reserve = 0.0;
    }
}
