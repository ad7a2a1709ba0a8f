//! The state of one window's talks while they are played: networks, budgets, and what has been agreed (model, section 6).
//!
//! Not here: what is worth agreeing; tables decide that and enter it.

use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::lanes::{LANE, LaneColumns, indicate, set_lane};
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::arm_economy::ArmEconomy;
use crate::engine::negotiation::cache::agreements::AgreementCache;
use crate::engine::negotiation::cache::expectations::ExpectationCache;
use crate::engine::negotiation::cache::repriced::RepricedCache;
use crate::engine::negotiation::network::assured::Assured;
use crate::engine::negotiation::network::entry::Entry;
use crate::engine::negotiation::network::expected::{Costliest, ShedPair, Shedding};
use crate::engine::negotiation::network::hosts::Network;
use crate::engine::negotiation::network::service::ServiceCache;
use crate::engine::negotiation::standing::Standing;
use crate::engine::negotiation::tables::deal::{Booked, Deal};
use crate::engine::negotiation::tables::prospect::Prospect;
use crate::engine::negotiation::tables::record::{ConcessionRecord, TableRecord, TenderRound};
use crate::engine::negotiation::tables::setting::Setting;
use crate::theory::bargaining::Gains;
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

/// What a play cannot compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyParties {
    /// T, the states at the table.
    pub table: StateSet,
    /// h.
    pub hyperscaler: usize,
    /// N, the other parties among its expected hosts.
    pub parties: u32,
}

/// Everything that changes during one play of a window. Pairs lie at i·m + h.
#[derive(Debug, Clone)]
pub struct WindowPlay {
    /// M, the members of the accord under which the window is played.
    pub accord: StateSet,
    /// B, the states that sit at one table; empty where nobody does.
    pub bloc: StateSet,
    /// 1 for states of B, in lanes.
    pub seated: Vec<f64x4>,
    /// V_i·(1 − compute_i) under M, in lanes: what access to everything is worth to i.
    pub worth: Vec<f64x4>,
    /// Who is served from where under M.
    pub service: ServiceCache,
    /// The pairs that stay in any network under M.
    pub assured: Assured,
    /// S, the hosts that were signed so far or are left from the window before.
    pub signed: Network,
    /// E, with qualities under M.
    pub expected: Network,
    /// ∏_{g≠h} (1 − r_lg·q_lg) on the expected network.
    pub rivals: LaneColumns,
    /// The costliest members of M among E_h, by hyperscaler.
    pub costliest: Vec<Costliest>,
    /// Who signed with each hyperscaler in this play.
    pub dealt: Vec<StateSet>,
    /// The states that refuse each hyperscaler: it is not on their short list.
    pub refused: Vec<StateSet>,
    /// What is left of each capex budget.
    pub budget: Vec<f64>,
    /// s_ih, what the terms signed are worth to i.
    pub value: Vec<f64>,
    /// g_ih, what the terms signed cost h.
    pub cost: Vec<f64>,
    /// T_ih, cash from h to i.
    pub transfer: Vec<f64>,
    /// loss_ih (40), what h takes from i by repricing.
    pub loss: Vec<f64>,
    /// λ of what was signed at a table of one state.
    pub lambda: Vec<f64>,
    /// x_k of what was signed, n·m × K; of tables of one state only once `write_bundles` was called, but at once where the clause (41) is in force.
    pub bundle: Vec<f64>,
    /// The setting whose whole play of this window this is, if it is one.
    pub shows: Option<Setting>,
    /// Erosion of this play.
    pub erosion: ErosionTally,
    /// What was computed so far.
    pub tally: WorkCounts,
    /// Tables in the order in which they met; filled only if `follow` is set.
    pub records: Vec<TableRecord>,
    /// Rounds of tenders, likewise.
    pub rounds: Vec<TenderRound>,
    /// Suppliers that would have lost, likewise.
    pub concessions: Vec<ConcessionRecord>,
    /// Whether to fill `records`, `rounds` and `concessions`.
    pub follow: bool,
    /// Bids of those on the bloc's short list, by hyperscaler; NaN for others and without a short list.
    pub bids: Vec<f64>,
    /// R_h of the bloc's short list, by hyperscaler; minus infinity without one, NaN until it is found.
    pub joint_reserves: Vec<f64>,
    /// R_h of each state's own short list, by pair; minus infinity without one.
    pub reserves: Vec<f64>,
    /// Why a table could not be computed, if so.
    pub failure: Option<TooManyParties>,
    /// Bargains of pairs that were settled before in this window.
    pub agreements: AgreementCache,
    /// Points of frontiers with repricing that were found before in this window.
    pub repriced: RepricedCache,
    /// Expected networks that were found before in this window.
    pub expectations: ExpectationCache,
    pub(crate) shedding: Shedding,
    pub(crate) tenders: TenderScratch,
    /// What there may be between an outsider and each hyperscaler.
    pub(crate) prospects: Vec<Prospect>,
    /// Gains of what was signed: of pairs, and of the bloc's tables.
    pub(crate) signed_gains: Vec<Gains>,
    pub(crate) joint_gains: Vec<Gains>,
    /// u_S of what was signed, likewise.
    pub(crate) state_gains: Vec<f64>,
    pub(crate) joint_state_gains: Vec<f64>,
    /// By pair and term, the lowest level that (41) left and what h foresees of it; written where the clause is in force.
    pub(crate) claims: Vec<f64>,
    pub(crate) foreseen: Vec<f64>,
    /// Scratch of one table.
    pub(crate) joint: JointScratch,
    /// Scratch of columns.
    pub(crate) columns: [Vec<f64x4>; 2],
    /// A column of zeros.
    pub(crate) nothing: Vec<f64x4>,
}

/// Scratch of tenders, a number or a set per hyperscaler.
#[derive(Debug, Clone, Default)]
pub(crate) struct TenderScratch {
    pub refused: Vec<StateSet>,
    pub bids: Vec<f64>,
    pub others: Vec<f64>,
    pub expected: Vec<StateSet>,
    pub kept: Vec<StateSet>,
}

impl TenderScratch {
    fn new(m: usize) -> TenderScratch {
        TenderScratch {
            refused: vec![0; m],
            bids: vec![0.0; m],
            others: vec![0.0; m],
            expected: vec![0; m],
            kept: vec![0; m],
        }
    }
}

/// Scratch of one table.
#[derive(Debug, Clone)]
pub(crate) struct JointScratch {
    pub signed: Sight,
    pub expected: Sight,
    /// 1 for those of G, in lanes.
    pub placed: Vec<f64x4>,
    /// Coefficients of the table's terms; `terms` of them are in use.
    pub terms: usize,
    pub a: Vec<f64>,
    pub b: Vec<f64>,
    pub c: Vec<f64>,
    pub d: Vec<f64>,
    pub min: Vec<f64>,
    pub max: Vec<f64>,
    /// Costs by which bundles are chosen where `looks_ahead` (41).
    pub foreseen_c: Vec<f64>,
    pub foreseen_d: Vec<f64>,
    pub looks_ahead: bool,
    pub levels: Vec<f64>,
    pub loss: Vec<f64>,
    pub order: Vec<usize>,
    pub places: Vec<Option<usize>>,
    pub queue: Vec<usize>,
    /// Other parties of a table in random order.
    pub parties: Vec<StateSet>,
}

/// What a table sees of one network.
#[derive(Debug, Clone)]
pub(crate) struct Sight {
    /// How much it counts: 1 − ρ or ρ.
    pub weight: f64,
    /// X⁻ = X∖T.
    pub minus: StateSet,
    /// ψ from X⁻, the cost of its capital, and the most that a member of M among X⁻ costs in compliance.
    pub without: Vec<f64x4>,
    pub capital: f64,
    pub largest: f64,
    /// What a unit of r_lh is worth to each state l of the table, 0 outside.
    pub access: Vec<f64x4>,
}

impl Sight {
    fn new(n: usize) -> Sight {
        let lanes = || vec![f64x4::ZERO; n.div_ceil(LANE)];
        Sight {
            weight: 0.0,
            minus: 0,
            without: lanes(),
            capital: 0.0,
            largest: 0.0,
            access: lanes(),
        }
    }
}

impl WindowPlay {
    /// Room for n states, m hyperscalers and K terms.
    pub fn new(n: usize, m: usize, k: usize) -> WindowPlay {
        let lanes = || vec![f64x4::ZERO; n.div_ceil(LANE)];
        let stride = k.next_multiple_of(LANE);
        let terms = |fill: f64| vec![fill; n * stride];
        let pair = |fill: f64| vec![fill; n * m];
        WindowPlay {
            accord: 0,
            bloc: 0,
            seated: lanes(),
            worth: lanes(),
            service: ServiceCache::new(n, m),
            assured: Assured::new(n, m),
            signed: Network::new(n, m),
            expected: Network::new(n, m),
            rivals: LaneColumns::new(n, m),
            costliest: vec![Costliest::default(); m],
            dealt: vec![0; m],
            refused: vec![0; m],
            budget: vec![0.0; m],
            value: pair(0.0),
            cost: pair(0.0),
            transfer: pair(0.0),
            loss: pair(0.0),
            lambda: pair(0.0),
            bundle: vec![0.0; n * m * k],
            shows: None,
            erosion: ErosionTally::new(n),
            tally: WorkCounts::default(),
            records: Vec::new(),
            rounds: Vec::new(),
            concessions: Vec::new(),
            follow: false,
            bids: vec![f64::NAN; m],
            joint_reserves: vec![f64::NEG_INFINITY; m],
            reserves: pair(f64::NEG_INFINITY),
            failure: None,
            agreements: AgreementCache::new(n * m),
            repriced: RepricedCache::new(n * m),
            expectations: ExpectationCache::new(m),
            shedding: Shedding::new(n, m),
            tenders: TenderScratch::new(m),
            prospects: vec![Prospect::default(); m],
            signed_gains: vec![Gains::NONE; n * m],
            joint_gains: vec![Gains::NONE; m],
            state_gains: pair(0.0),
            joint_state_gains: vec![0.0; m],
            claims: vec![0.0; n * m * stride],
            foreseen: vec![0.0; n * m * stride],
            joint: JointScratch {
                signed: Sight::new(n),
                expected: Sight::new(n),
                placed: lanes(),
                terms: 0,
                a: terms(0.0),
                b: terms(0.0),
                c: terms(0.0),
                d: terms(1.0),
                min: terms(0.0),
                max: terms(0.0),
                foreseen_c: terms(0.0),
                foreseen_d: terms(1.0),
                looks_ahead: false,
                levels: terms(0.0),
                loss: vec![0.0; n],
                order: Vec::with_capacity(n),
                places: vec![None; m],
                queue: Vec::with_capacity(n.max(m)),
                parties: Vec::with_capacity(n),
            },
            columns: [lanes(), lanes()],
            nothing: lanes(),
        }
    }

    /// What is known of the networks to which a host may come.
    pub(crate) fn entry<'a>(&'a self, economy: &'a Economy) -> Entry<'a> {
        Entry {
            economy,
            service: &self.service,
            assured: &self.assured,
        }
    }

    /// Notes a turn, if anyone follows.
    pub(crate) fn record(&mut self, turn: impl FnOnce() -> TableRecord) {
        if self.follow {
            self.records.push(turn());
        }
    }

    /// The pairs that left the expected network of the play, in turn; filled only if `follow` is set.
    pub fn shed(&self) -> &[ShedPair] {
        &self.shedding.left
    }

    /// Copies what another whole play left, all that is read after a play.
    pub fn copy_play(&mut self, other: &WindowPlay) {
        self.accord = other.accord;
        self.bloc = other.bloc;
        self.seated.copy_from_slice(&other.seated);
        self.worth.copy_from_slice(&other.worth);
        self.signed.copy_from(&other.signed);
        self.dealt.copy_from_slice(&other.dealt);
        self.refused.copy_from_slice(&other.refused);
        self.budget.copy_from_slice(&other.budget);
        self.value.copy_from_slice(&other.value);
        self.cost.copy_from_slice(&other.cost);
        self.transfer.copy_from_slice(&other.transfer);
        self.loss.copy_from_slice(&other.loss);
        self.lambda.copy_from_slice(&other.lambda);
        self.bundle.copy_from_slice(&other.bundle);
        self.bids.copy_from_slice(&other.bids);
        self.joint_reserves.copy_from_slice(&other.joint_reserves);
        self.reserves.copy_from_slice(&other.reserves);
        self.erosion.clear();
        self.erosion.absorb(&other.erosion);
        self.shows = other.shows;
    }

    /// Another window begins: nothing that was settled before counts.
    pub fn forget(&mut self) {
        self.agreements.forget();
        self.repriced.forget();
        self.expectations.forget();
        self.assured.forget();
        self.shows = None;
    }

    /// Sets M and B, and what hangs on them before anybody meets.
    pub(crate) fn set_parties(
        &mut self,
        economy: &Economy,
        arm_economy: &ArmEconomy,
        standing: &Standing,
        accord: StateSet,
        bloc: StateSet,
    ) {
        self.accord = accord;
        self.bloc = bloc;
        indicate(bloc, &mut self.seated);
        for i in 0..economy.n {
            let worth = arm_economy.value(i, accord) * (1.0 - standing.compute[i]);
            set_lane(&mut self.worth, i, worth);
        }
        let kappa = arm_economy.rules.cross_border_data;
        self.service.set_rules(economy, kappa, accord);
        (self.assured).find(economy, arm_economy, standing, accord, &self.service);
    }

    /// Makes `hosts` the expected network.
    pub(crate) fn set_expected(&mut self, economy: &Economy, hosts: impl Fn(usize) -> StateSet) {
        self.expected.set(economy, &mut self.service, hosts);
        self.expected.write_rivals(&mut self.rivals);
        for h in 0..economy.m {
            let inside = self.expected.hosts[h] & self.accord;
            self.costliest[h] = Costliest::of(economy, h, inside);
        }
    }

    /// Opens the books: S_h are the hosts of the window before that are still feasible.
    pub(crate) fn open_books(&mut self, economy: &Economy, standing: &Standing) {
        (self.signed).set(economy, &mut self.service, |h| {
            standing.had[h] & economy.feasible[h]
        });
        self.budget.copy_from_slice(&economy.budget);
        self.dealt.fill(0);
        self.value.fill(0.0);
        self.cost.fill(0.0);
        self.transfer.fill(0.0);
        self.loss.fill(0.0);
        self.erosion.clear();
        self.records.clear();
        self.concessions.clear();
    }

    /// Writes into the books what levels bring pair p.
    pub(crate) fn book(&mut self, p: usize, booked: Booked) {
        self.value[p] = booked.value;
        self.cost[p] = booked.cost;
        self.loss[p] = booked.loss;
    }

    /// Writes the deal of a state into the books.
    pub(crate) fn book_deal(&mut self, p: usize, deal: Deal) {
        self.lambda[p] = deal.agreement.lambda;
        self.transfer[p] = deal.agreement.transfer;
        self.book(p, deal.booked);
    }

    /// The lowest level of term k that the clause (41) left to pair p, where it is in force.
    pub fn least_claimed(&self, economy: &Economy, p: usize, k: usize) -> f64 {
        self.claims[p * economy.stride + k]
    }

    /// Σ Z_lh/Z_ih of those whose later claims on term k h foresaw at the table of pair p (41), where the clause is in force.
    pub fn sizes_foreseen(&self, economy: &Economy, p: usize, k: usize) -> f64 {
        self.foreseen[p * economy.stride + k]
    }

    /// The hosts of h that were signed in this play at one table of the bloc.
    pub fn joint_hosts(&self, h: usize) -> StateSet {
        self.dealt[h] & self.bloc
    }

    /// Strikes what i signed with h from the books.
    pub(crate) fn strike(&mut self, economy: &Economy, h: usize) {
        for i in members(self.dealt[h]) {
            let p = i * economy.m + h;
            for book in [
                &mut self.value,
                &mut self.cost,
                &mut self.transfer,
                &mut self.loss,
            ] {
                book[p] = 0.0;
            }
        }
        self.dealt[h] = 0;
        self.signed.set_hosts(economy, &mut self.service, h, 0);
    }
}
