//! The state of one window's talks while they are played: networks, budgets, and what has been agreed (model, section 6).
//!
//! Not here: what is worth agreeing; tables decide that and enter it.

use crate::bargaining::{Agreement, Gains};
use crate::model::arm::StateSet;
use crate::model::valuation::Economy;
use crate::negotiation::network::{Network, Ranked};
use crate::negotiation::scene::{Scene, Standing};
use crate::negotiation::settled::Settled;

/// What tables lost by a refusal, by the number of states that already host (model, section 10).
#[derive(Debug, Clone, Default)]
pub struct Erosion {
    /// Tables with k hosts outside the table.
    pub tables: Vec<f64>,
    /// Σ over them of the margin that a refusal costs h, USD bn.
    pub lost: Vec<f64>,
    /// Σ over them of Σ_{l∈T} D_lh, USD bn.
    pub stake: Vec<f64>,
}

impl Erosion {
    /// Room for n counts of hosts.
    pub fn new(n: usize) -> Erosion {
        Erosion {
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
    pub fn absorb(&mut self, other: &Erosion) {
        for k in 0..self.tables.len() {
            self.tables[k] += other.tables[k];
            self.lost[k] += other.lost[k];
            self.stake[k] += other.stake[k];
        }
    }
}

/// How a turn at the table ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ended {
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
    /// T.
    pub table: StateSet,
    /// h.
    pub hyperscaler: usize,
    /// G, empty where nobody was placed.
    pub placed: StateSet,
    /// ΔU and ΔΠ, 0 where the two did not come to bargain.
    pub gains: Gains,
    /// Margin that a refusal costs h.
    pub pressure: f64,
    /// How it ended.
    pub ended: Ended,
}

impl TableRecord {
    /// The record of a table of state i with hyperscaler h at which talks were held.
    pub fn of_pair(
        i: usize,
        hyperscaler: usize,
        gains: Gains,
        pressure: f64,
        ended: Ended,
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
    pub fn without_talks(table: StateSet, hyperscaler: usize, ended: Ended) -> TableRecord {
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
            Ended::Agreed(agreement) => Some(agreement),
            _ => None,
        }
    }
}

/// Everything that changes during one play of a window. Pairs lie at i·m + h.
#[derive(Debug, Clone)]
pub struct Board {
    /// M.
    pub accord: StateSet,
    /// σ_ij under M.
    pub reach: Vec<f64>,
    /// S.
    pub signed: Network,
    /// E, with qualities under M.
    pub expected: Network,
    /// Best and second-best server of l among E_h, under M.
    pub ranked: Vec<Ranked>,
    /// What is left of each capex budget.
    pub budget: Vec<f64>,
    /// s_ih of what was signed.
    pub value: Vec<f64>,
    /// g_ih.
    pub cost: Vec<f64>,
    /// T_ih.
    pub transfer: Vec<f64>,
    /// x_k of what was signed, n·m × K.
    pub bundle: Vec<f64>,
    /// Erosion of this play.
    pub erosion: Erosion,
    /// Tables in the order in which they met; filled only if `follow` is set.
    pub records: Vec<TableRecord>,
    /// Whether to fill `records`.
    pub follow: bool,
    /// Bids of those on the bloc's short list, by hyperscaler; NaN for those who are not met.
    pub bids: Vec<f64>,
    /// R, the highest bid refused.
    pub reserve: f64,
    /// Bargains of pairs that were settled before in this window.
    pub settled: Settled,
    /// Scratch of bloc tables.
    pub(crate) joint: JointScratch,
}

/// Scratch of one table of a bloc.
#[derive(Debug, Clone)]
pub(crate) struct JointScratch {
    pub signed: Vec<Ranked>,
    pub expected: Vec<Ranked>,
    pub without_signed: Vec<f64>,
    pub without_expected: Vec<f64>,
    /// What a unit of r_lh is worth to each member l, on either network.
    pub access_signed: Vec<f64>,
    pub access_expected: Vec<f64>,
    /// What h would lose in each state without its best server there; NaN until it is asked for.
    pub captured_signed: Vec<f64>,
    pub captured_expected: Vec<f64>,
    pub a: Vec<f64>,
    pub b: Vec<f64>,
    pub c: Vec<f64>,
    pub d: Vec<f64>,
    pub levels: Vec<f64>,
    pub loss: Vec<f64>,
    pub order: Vec<usize>,
    pub places: Vec<Option<usize>>,
    pub queue: Vec<usize>,
}

const UNRANKED: Ranked = Ranked {
    best_host: None,
    best: 0.0,
    second: 0.0,
};

impl Board {
    /// Room for n states, m hyperscalers and K terms.
    pub fn new(n: usize, m: usize, k: usize) -> Board {
        Board {
            accord: 0,
            reach: vec![0.0; n * n],
            signed: Network::new(n, m),
            expected: Network::new(n, m),
            ranked: vec![UNRANKED; n * m],
            budget: vec![0.0; m],
            value: vec![0.0; n * m],
            cost: vec![0.0; n * m],
            transfer: vec![0.0; n * m],
            bundle: vec![0.0; n * m * k],
            erosion: Erosion::new(n),
            records: Vec::new(),
            follow: false,
            bids: vec![f64::NAN; m],
            reserve: 0.0,
            settled: Settled::new(n * m),
            joint: JointScratch {
                signed: vec![UNRANKED; n],
                expected: vec![UNRANKED; n],
                without_signed: vec![0.0; n],
                without_expected: vec![0.0; n],
                access_signed: vec![0.0; n],
                access_expected: vec![0.0; n],
                captured_signed: vec![f64::NAN; n],
                captured_expected: vec![f64::NAN; n],
                a: vec![0.0; k],
                b: vec![0.0; k],
                c: vec![0.0; k],
                d: vec![0.0; k],
                levels: vec![0.0; k],
                loss: vec![0.0; n],
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

    /// Starts a window under M = `accord`: S_h are the hosts of the window before that are still feasible, E_h is given.
    pub fn start(
        &mut self,
        economy: &Economy,
        scene: &Scene,
        standing: &Standing,
        expected: &Network,
        accord: StateSet,
    ) {
        self.accord = accord;
        scene.write_reach(accord, &mut self.reach);
        self.signed.set(economy, &self.reach, |h| {
            standing.had[h] & economy.feasible[h]
        });
        if accord == 0 {
            self.expected.copy_from(expected);
        } else {
            self.expected
                .set(economy, &self.reach, |h| expected.hosts[h]);
        }
        for l in 0..economy.n {
            for h in 0..economy.m {
                self.ranked[l * economy.m + h] =
                    Network::rank(economy, &self.reach, l, expected.hosts[h]);
            }
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
