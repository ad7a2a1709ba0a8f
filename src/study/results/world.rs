//! One world of some arms as a document: what `explain` says.
//!
//! Symbols are those of the model; money is in USD bn, shares are fractions.

use crate::engine::model::Model;
use crate::engine::model::arm::{StateSet, members};
use crate::engine::negotiation::accord::coalitions::{MemberWeighing, TalkRecord};
use crate::engine::negotiation::account::{factor_of, leverage};
use crate::engine::negotiation::tables::play::{TableOutcome, TableRecord};
use crate::engine::outcome::{HyperscalerMetric, OutcomeLayout, StateMetric, TotalMetric};
use crate::engine::trial::PlayedWindow;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Numbers by the name of a metric; null where a world has none.
type MetricValues = IndexMap<String, Option<f64>>;

/// The document of `explain --json`: one world, step by step. Symbols and numbers in parentheses are those of the model document; money (GDP, market,
/// values, margins, sizes, costs, gains, payoffs, capital) is in USD bn, of a window undiscounted, of an arm discounted to the start; shares, service
/// (σ), talent, compute, powers and levels of terms are fractions or indices from 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExplainedWorld {
    /// Name of the scenario.
    pub scenario: String,
    /// Seed.
    pub seed: u64,
    /// The world, from 0.
    pub trial: u64,
    /// What was drawn, by path.
    pub draws: IndexMap<String, f64>,
    /// Whether each event happens.
    pub events: IndexMap<String, bool>,
    /// What each arm does in this world.
    pub arms: IndexMap<String, ExplainedArm>,
}

impl ExplainedWorld {
    /// The windows of all its arms.
    pub fn windows(&mut self) -> impl Iterator<Item = &mut ExplainedWindow> {
        self.arms.values_mut().flat_map(|arm| &mut arm.windows)
    }
}

/// One arm in this world.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExplainedArm {
    /// Sums over all windows, discounted to the start, by state; with the parts that add up to the payoff (32).
    pub states: IndexMap<String, MetricValues>,
    /// By hyperscaler.
    pub hyperscalers: IndexMap<String, MetricValues>,
    /// Of all together.
    pub totals: MetricValues,
    /// Window after window.
    pub windows: Vec<ExplainedWindow>,
}

/// One window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExplainedWindow {
    /// Number, from 0.
    pub window: u64,
    /// Year in which it starts.
    pub year: f64,
    /// States.
    pub states: IndexMap<String, WindowState>,
    /// Pairs that may deal.
    pub pairs: Vec<WindowPair>,
    /// E_h (17): where each hyperscaler is expected to host.
    pub expected: IndexMap<String, Vec<String>>,
    /// The talks about an accord; null for an arm without one in this window.
    pub talks: Option<AccordTalks>,
    /// The short lists that tenders left, each of one party; not part of the document.
    #[serde(skip)]
    pub short_lists: Vec<ShortList>,
    /// Tables in the order in which they met.
    pub tables: Vec<TableOfWorld>,
    /// Hyperscalers.
    pub hyperscalers: IndexMap<String, WindowHyperscaler>,
}

/// A state in a window; parts are undelayed and undiscounted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WindowState {
    /// Gross domestic product.
    pub gdp: f64,
    /// Market (2), USD bn a year.
    pub market: f64,
    /// V with M = ∅ (7).
    pub value: f64,
    /// β with M = ∅ (9).
    pub bargaining_power: f64,
    /// Talent.
    pub talent: f64,
    /// Compute.
    pub compute: f64,
    /// σ from outside the region (11).
    pub served_from_outside: f64,
    /// σ_ij with M = ∅ (10), by state j, as far as there is room.
    pub served_from: IndexMap<String, f64>,
    /// u_i (32) = delay·(access + terms + cash + repricing) + own + switching + sharing.
    pub payoff: f64,
    /// f.
    pub delay: f64,
    /// What deals unlock.
    pub access: f64,
    /// Σ s of its own deals.
    pub terms: f64,
    /// Σ T.
    pub cash: f64,
    /// −Σ loss (40).
    pub repricing: f64,
    /// U_i(∅) − U⁰_i.
    pub own: f64,
    /// −lost Λ.
    pub switching: f64,
    /// Net side payment.
    pub sharing: f64,
    /// Y_i (34).
    pub supplier_gain: f64,
    /// Leverage (34), a share; 0 where neither side gains.
    pub leverage: f64,
    /// Capital signed in it.
    pub investment: f64,
}

/// A pair that may deal in a window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WindowPair {
    /// State.
    pub state: String,
    /// Hyperscaler.
    pub hyperscaler: String,
    /// m.
    pub share: f64,
    /// D (3).
    pub margin: f64,
    /// Z (4).
    pub size: f64,
    /// F (5).
    pub hosting_cost: f64,
    /// C (6).
    pub compliance: f64,
    /// q (8).
    pub coverage: f64,
    /// v* (17).
    pub term_surplus: f64,
    /// Λ with M = ∅ (20).
    pub switching_cost: f64,
}

/// The talks of a window (model, section 7).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Talks")]
pub struct AccordTalks {
    /// Who joins, or applies to an accord that stands.
    pub joined: Vec<String>,
    /// Accessions, polls and departures, in order.
    pub steps: Vec<TalkStep>,
    /// M, empty without an accord.
    pub accord: Vec<String>,
    /// Rounds.
    pub rounds: u32,
    /// f of those who talked.
    pub delay: f64,
    /// Those who talked.
    pub talked: Vec<String>,
}

/// A step of the talks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TalkStep {
    /// Which step.
    pub kind: StepKind,
    /// Round of a poll, from 1; null for other steps.
    pub round: Option<u32>,
    /// The coalition, without an applicant.
    pub coalition: Vec<String>,
    /// What each member weighs, and before them an applicant.
    pub weighed: Vec<WeighedState>,
    /// Who leaves, if anyone.
    pub leaver: Option<String>,
    /// Who applies to an accord that stands.
    pub applicant: Option<String>,
    /// Whether an applicant is let in; null for other steps.
    pub admitted: Option<bool>,
}

/// Steps of talks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StepKind {
    /// Who would agree.
    Poll,
    /// Who would leave (31).
    Leaving,
    /// Whether one more is let in.
    Accession,
    /// The accord ends, since all of it would rather be alone.
    Dissolving,
}

/// What a member weighs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WeighedState {
    /// The state.
    pub state: String,
    /// Payoff inside; with the applicant inside on an accession.
    pub inside: f64,
    /// Payoff without an accord in a poll, outside of it before leaving, without the applicant on an accession.
    pub outside: f64,
    /// Political noise in a vote, minus the penalty before leaving.
    pub shift: f64,
    /// Whether it says yes, would gain by leaving, or would rather be alone.
    pub acts: bool,
}

/// Whom a party meets after its tender.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShortList {
    /// Who tendered.
    pub states: Vec<String>,
    /// Hyperscalers on it, each with R: the highest bid that one who is not on it makes in its place.
    pub reserves: Vec<(String, f64)>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Table")]
pub struct TableOfWorld {
    /// Who sits on the side of states.
    pub states: Vec<String>,
    /// The hyperscaler.
    pub hyperscaler: String,
    /// How it ended.
    pub ended: TableEnd,
    /// Where hosts are placed.
    pub placed: Vec<String>,
    /// ΔU (19).
    pub state_gain_before_terms: f64,
    /// ΔΠ (18).
    pub hyperscaler_gain_before_terms: f64,
    /// Margin that a refusal costs the hyperscaler.
    pub pressure: f64,
    /// The agreement, if there is one.
    pub agreement: Option<Agreed>,
}

/// How a turn at a table ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TableEnd {
    /// With an agreement.
    Agreed,
    /// No bundle leaves both sides a gain.
    NoDeal,
    /// The two may not deal.
    NotFeasible,
    /// The deal is larger than what is left of the hyperscaler's budget.
    OverBudget,
    /// The hyperscaler is not on the short list.
    Refused,
    /// No member is worth a host.
    NobodyPlaced,
}

/// What a table agreed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Agreed {
    /// λ, weight of the states along the frontier.
    pub lambda: f64,
    /// u_S.
    pub state_gain: f64,
    /// u_H.
    pub hyperscaler_gain: f64,
    /// T, cash to the states.
    pub transfer: f64,
    /// x (23), by term, in the first state where a host is placed.
    pub levels: IndexMap<String, f64>,
}

/// A hyperscaler in a window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WindowHyperscaler {
    /// S_h: where it hosts.
    pub hosts: Vec<String>,
    /// v_h (33).
    pub profit: f64,
    /// comp_h (15).
    pub compliance_cost: f64,
    /// Capital.
    pub capex: f64,
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// What an arm did in a world: its row of the outcome and its windows.
pub fn arm(
    model: &Model,
    layout: OutcomeLayout,
    row: &[f64],
    windows: Vec<ExplainedWindow>,
) -> ExplainedArm {
    let states = model.states.iter().enumerate().map(|(i, state)| {
        let metrics = StateMetric::ALL.iter();
        let metrics =
            metrics.map(|&one| (one.name().to_owned(), finite(row[layout.state(i, one)])));
        (state.id.clone(), metrics.collect())
    });
    let hyperscalers = model.hyperscalers.iter().enumerate();
    let hyperscalers = hyperscalers.map(|(h, hyperscaler)| {
        let metrics = HyperscalerMetric::ALL.iter();
        let metrics = metrics.map(|&one| {
            (
                one.name().to_owned(),
                finite(row[layout.hyperscaler(h, one)]),
            )
        });
        (hyperscaler.id.clone(), metrics.collect())
    });
    let totals = TotalMetric::ALL.iter();
    let totals = totals.map(|&one| (one.name().to_owned(), finite(row[layout.total(one)])));
    ExplainedArm {
        states: states.collect(),
        hyperscalers: hyperscalers.collect(),
        totals: totals.collect(),
        windows,
    }
}

/// One window of an arm.
pub fn window(model: &Model, arm: usize, played: &PlayedWindow) -> ExplainedWindow {
    let page = WindowWriter { model, played };
    let states = model.states.iter().enumerate();
    let hyperscalers = || model.hyperscalers.iter().enumerate();
    let has_accord = played.scratch.arm_economy.has_accord(&model.arms[arm]);
    ExplainedWindow {
        window: played.window as u64,
        year: model.horizon.start_year + played.window as f64 * model.horizon.window_years,
        states: states
            .map(|(i, state)| (state.id.clone(), page.state(i)))
            .collect(),
        pairs: page.pairs(),
        expected: hyperscalers()
            .map(|(h, one)| {
                (
                    one.id.clone(),
                    page.ids(played.scratch.play.expected.hosts[h]),
                )
            })
            .collect(),
        talks: has_accord.then(|| page.talks()),
        short_lists: page.short_lists(),
        tables: page.tables(),
        hyperscalers: hyperscalers()
            .map(|(h, one)| (one.id.clone(), page.hyperscaler(h)))
            .collect(),
    }
}

struct WindowWriter<'a> {
    model: &'a Model,
    played: &'a PlayedWindow<'a>,
}

impl WindowWriter<'_> {
    fn ids(&self, set: StateSet) -> Vec<String> {
        members(set)
            .map(|i| self.model.states[i].id.clone())
            .collect()
    }

    fn state(&self, i: usize) -> WindowState {
        let (economy, scratch, formed) =
            (self.played.economy, self.played.scratch, self.played.formed);
        let parts = scratch.parts[i];
        let delay = factor_of(formed.talked, formed.delay, i);
        let gain = delay * parts.gross();
        let supplier_gain = scratch.accounts.supplier_gain[i];
        let others = self.model.states.iter().enumerate();
        WindowState {
            gdp: economy.gdp[i],
            market: economy.market[i],
            value: scratch.arm_economy.value_out[i],
            bargaining_power: scratch.arm_economy.bargaining_power[i],
            talent: scratch.standing.talent[i],
            compute: scratch.standing.compute[i],
            served_from_outside: economy.outside[i],
            served_from: others
                .map(|(j, one)| (one.id.clone(), economy.remote_quality(i, j)))
                .collect(),
            payoff: gain + parts.rest() + scratch.side_payments[i],
            delay,
            access: parts.access,
            terms: parts.terms,
            cash: parts.cash,
            repricing: parts.repricing,
            own: parts.own,
            switching: parts.switching,
            sharing: scratch.side_payments[i],
            supplier_gain,
            leverage: leverage(gain, supplier_gain),
            investment: scratch.accounts.investment[i],
        }
    }

    fn pairs(&self) -> Vec<WindowPair> {
        let (economy, scratch) = (self.played.economy, self.played.scratch);
        let all = (0..economy.n).flat_map(|i| (0..economy.m).map(move |h| (i, h)));
        let feasible = all.filter(|&(i, h)| economy.feasible[h] >> i & 1 == 1);
        let pair = |(i, h): (usize, usize)| {
            let p = i * economy.m + h;
            WindowPair {
                state: self.model.states[i].id.clone(),
                hyperscaler: self.model.hyperscalers[h].id.clone(),
                share: economy.share[p],
                margin: economy.margin[p],
                size: economy.size[p],
                hosting_cost: scratch.arm_economy.hosting_cost[p],
                compliance: economy.compliance[p],
                coverage: economy.coverage[p],
                term_surplus: scratch.arm_economy.term_surplus[p],
                switching_cost: scratch.arm_economy.switching_cost(economy, i, h, 0),
            }
        };
        feasible.map(pair).collect()
    }

    fn talks(&self) -> AccordTalks {
        let formed = self.played.formed;
        let records = self.played.scratch.coalitions.records.iter();
        AccordTalks {
            joined: self.ids(formed.joined),
            steps: records.map(|record| self.step(record)).collect(),
            accord: self.ids(formed.accord),
            rounds: formed.rounds,
            delay: formed.delay,
            talked: self.ids(formed.talked),
        }
    }

    fn step(&self, record: &TalkRecord) -> TalkStep {
        let id = |i: usize| self.model.states[i].id.clone();
        let weighed = |all: &[MemberWeighing]| -> Vec<WeighedState> {
            let all = all.iter().map(|one| WeighedState {
                state: id(one.state),
                inside: one.inside,
                outside: one.outside,
                shift: one.shift,
                acts: one.acts,
            });
            all.collect()
        };
        let step = |kind, coalition: StateSet, weighed| TalkStep {
            kind,
            round: None,
            coalition: self.ids(coalition),
            weighed,
            leaver: None,
            applicant: None,
            admitted: None,
        };
        match record {
            TalkRecord::Poll {
                round,
                coalition,
                weighed: all,
            } => TalkStep {
                round: Some(*round),
                ..step(StepKind::Poll, *coalition, weighed(all))
            },
            TalkRecord::Leaving {
                coalition,
                weighed: all,
                leaver,
            } => TalkStep {
                leaver: leaver.map(id),
                ..step(StepKind::Leaving, *coalition, weighed(all))
            },
            TalkRecord::Accession {
                coalition,
                applicant,
                consent,
                admitted,
            } => {
                let mut all = weighed(&[*applicant]);
                all.extend(weighed(consent));
                TalkStep {
                    applicant: Some(id(applicant.state)),
                    admitted: Some(*admitted),
                    ..step(StepKind::Accession, *coalition, all)
                }
            }
            TalkRecord::Dissolving {
                coalition,
                weighed: all,
            } => step(StepKind::Dissolving, *coalition, weighed(all)),
        }
    }

    fn short_lists(&self) -> Vec<ShortList> {
        let play = &self.played.scratch.play;
        let m = self.model.hyperscalers.len();
        let list = |party: StateSet, reserves: &[f64]| {
            let listed = self.model.hyperscalers.iter().zip(reserves);
            let listed = listed.filter(|(_, reserve)| **reserve > f64::NEG_INFINITY);
            let reserves: Vec<_> = listed.map(|(one, &r)| (one.id.clone(), r)).collect();
            (!reserves.is_empty()).then(|| ShortList {
                states: self.ids(party),
                reserves,
            })
        };
        let alone = play.reserves.chunks(m).enumerate();
        let alone = alone.filter_map(|(i, reserves)| list(1 << i, reserves));
        let together = list(play.bloc, &play.joint_reserves);
        together.into_iter().chain(alone).collect()
    }

    fn tables(&self) -> Vec<TableOfWorld> {
        let records = self.played.scratch.play.records.iter();
        records.map(|record| self.table(record)).collect()
    }

    fn table(&self, record: &TableRecord) -> TableOfWorld {
        let ended = match record.ended {
            TableOutcome::Agreed(_) => TableEnd::Agreed,
            TableOutcome::NoDeal => TableEnd::NoDeal,
            TableOutcome::NotFeasible => TableEnd::NotFeasible,
            TableOutcome::OverBudget => TableEnd::OverBudget,
            TableOutcome::Refused => TableEnd::Refused,
            TableOutcome::NobodyPlaced => TableEnd::NobodyPlaced,
        };
        let agreement = record.agreement().map(|one| Agreed {
            lambda: one.lambda,
            state_gain: one.state_gain,
            hyperscaler_gain: one.hyperscaler_gain,
            transfer: one.transfer,
            levels: self.levels(record),
        });
        TableOfWorld {
            states: self.ids(record.table),
            hyperscaler: self.model.hyperscalers[record.hyperscaler].id.clone(),
            ended,
            placed: self.ids(record.placed),
            state_gain_before_terms: record.gains.state,
            hyperscaler_gain_before_terms: record.gains.hyperscaler,
            pressure: record.pressure,
            agreement,
        }
    }

    /// Levels agreed in the first state where a host is placed.
    fn levels(&self, record: &TableRecord) -> IndexMap<String, f64> {
        let Some(i) = members(record.placed).next() else {
            return IndexMap::new();
        };
        let count = self.model.terms.len();
        let p = i * self.played.economy.m + record.hyperscaler;
        let levels = &self.played.scratch.play.bundle[p * count..(p + 1) * count];
        let terms = self.model.terms.iter().zip(levels);
        terms
            .map(|(term, level)| (term.id.clone(), *level))
            .collect()
    }

    fn hyperscaler(&self, h: usize) -> WindowHyperscaler {
        let scratch = self.played.scratch;
        WindowHyperscaler {
            hosts: self.ids(scratch.play.signed.hosts[h]),
            profit: scratch.accounts.profit[h],
            compliance_cost: scratch.accounts.compliance_cost[h],
            capex: scratch.accounts.capex[h],
        }
    }
}
