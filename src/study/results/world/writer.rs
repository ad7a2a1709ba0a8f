//! Writes what a player followed into the document of a world.

use crate::engine::model::Model;
use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::accord::coalitions::{MemberWeighing, TalkRecord};
use crate::engine::negotiation::account::{factor_of, leverage};
use crate::engine::negotiation::network::peers::behind;
use crate::engine::negotiation::tables::record::{TableOutcome, TableRecord};
use crate::engine::outcome::{
    CauseMetric, HyperscalerMetric, OutcomeLayout, StateMetric, TotalMetric,
};
use crate::engine::trial::PlayedWindow;
use crate::study::results::world::{
    AccordTalks, Agreed, ExplainedArm, ExplainedWindow, PairNotExpected, SignedDeal, StepKind,
    SupplierConcession, TableEnd, TableOfWorld, TalkStep, TenderList, TenderStep, WeighedState,
    WindowHyperscaler, WindowPair, WindowState,
};
use indexmap::IndexMap;

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
    let causes = model.states.iter().enumerate().map(|(i, state)| {
        let causes = CauseMetric::ALL.iter();
        let causes = causes.map(|&one| (one.name().to_owned(), finite(row[layout.cause(i, one)])));
        (state.id.clone(), causes.collect())
    });
    let totals = TotalMetric::ALL.iter();
    let totals = totals.map(|&one| (one.name().to_owned(), finite(row[layout.total(one)])));
    ExplainedArm {
        states: states.collect(),
        causes: causes.collect(),
        share_error: finite(row[layout.share_error()]),
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
        not_expected: page.not_expected(),
        talks: has_accord.then(|| page.talks()),
        short_lists: page.short_lists(),
        tables: page.tables(),
        concessions: page.concessions(),
        deals: page.deals(),
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
    fn not_expected(&self) -> Vec<PairNotExpected> {
        let left = self.played.scratch.play.shed().iter();
        left.map(|one| PairNotExpected {
            state: self.model.states[one.state].id.clone(),
            hyperscaler: self.model.hyperscalers[one.hyperscaler].id.clone(),
            gain: one.gain,
        })
        .collect()
    }

    fn ids(&self, set: StateSet) -> Vec<String> {
        members(set)
            .map(|i| self.model.states[i].id.clone())
            .collect()
    }

    fn state(&self, i: usize) -> WindowState {
        let (economy, scratch, formed) =
            (self.played.economy, self.played.scratch, self.played.formed);
        let (parts, causes) = (scratch.parts[i], scratch.causes[i]);
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
            alone: causes.alone,
            rules: causes.rules(),
            table: causes.table(),
            members: causes.members(),
            supplier_gain,
            leverage: leverage(gain, supplier_gain),
            investment: scratch.accounts.investment[i],
        }
    }

    fn pairs(&self) -> Vec<WindowPair> {
        let (economy, scratch) = (self.played.economy, self.played.scratch);
        let signed = &scratch.play.signed;
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
                hosted_before: scratch.standing.had[h] >> i & 1 == 1,
                dependency: scratch.standing.dependency[p],
                asset: scratch.standing.asset[p],
                stranded: scratch.arm_economy.stranded[p],
                repriced: scratch.arm_economy.repriced(economy, i, h, 0),
                room: room(economy, i, h),
                served_by: self.served_by(i, h),
                quality: signed.quality.get(h, i),
                captured: signed.captured(economy, i, h),
                behind: behind(economy, i, |l| signed.access(economy, l, h)),
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

    /// y_ij by host j.
    fn served_by(&self, i: usize, h: usize) -> IndexMap<String, f64> {
        let n = self.played.economy.n;
        let served = &self.played.scratch.accounts.served[(h * n + i) * n..(h * n + i + 1) * n];
        let served = self.model.states.iter().zip(served);
        let served = served.filter(|(_, share)| **share > 0.0);
        served
            .map(|(one, &share)| (one.id.clone(), share))
            .collect()
    }

    fn short_lists(&self) -> Vec<TenderList> {
        let play = &self.played.scratch.play;
        let m = self.model.hyperscalers.len();
        let list = |party: StateSet, reserves: &[f64]| {
            let listed = self.model.hyperscalers.iter().zip(reserves);
            let listed = listed.filter(|(_, reserve)| **reserve > f64::NEG_INFINITY);
            let reserves: IndexMap<_, _> = listed.map(|(one, &r)| (one.id.clone(), r)).collect();
            (!reserves.is_empty()).then(|| TenderList {
                states: self.ids(party),
                rounds: self.rounds(party),
                reserves,
            })
        };
        let alone = play.reserves.chunks(m).enumerate();
        let alone = alone.filter_map(|(i, reserves)| list(1 << i, reserves));
        let together = list(play.bloc, &play.joint_reserves);
        together.into_iter().chain(alone).collect()
    }

    /// The rounds of a party's tender.
    fn rounds(&self, party: StateSet) -> Vec<TenderStep> {
        let rounds = self.played.scratch.play.rounds.iter();
        let rounds: Vec<_> = rounds.filter(|round| round.party == party).collect();
        let id = |h: usize| self.model.hyperscalers[h].id.clone();
        let step = |at: usize| {
            let round = rounds[at];
            let next = rounds.get(at + 1).map_or(round.list, |next| next.list);
            TenderStep {
                bids: members(round.list)
                    .map(|h| (id(h), finite(round.bids[h])))
                    .collect(),
                goes: members(round.list & !next).next().map(id),
            }
        };
        (0..rounds.len()).map(step).collect()
    }

    fn concessions(&self) -> Vec<SupplierConcession> {
        let concessions = self.played.scratch.play.concessions.iter();
        let concessions = concessions.map(|one| SupplierConcession {
            hyperscaler: self.model.hyperscalers[one.hyperscaler].id.clone(),
            loss: one.loss,
            kept: one.kept,
        });
        concessions.collect()
    }

    fn deals(&self) -> Vec<SignedDeal> {
        let (economy, play) = (self.played.economy, &self.played.scratch.play);
        let pairs = (0..economy.n).flat_map(|i| (0..economy.m).map(move |h| (i, h)));
        let signed = pairs.filter(|&(i, h)| play.dealt[h] >> i & 1 == 1);
        signed.map(|(i, h)| self.deal(i, h)).collect()
    }

    fn deal(&self, i: usize, h: usize) -> SignedDeal {
        let (economy, scratch) = (self.played.economy, self.played.scratch);
        let play = &scratch.play;
        let p = i * economy.m + h;
        let terms = || self.model.terms.iter().enumerate();
        // Only a member at a table of its own has a claim.
        let has_clause =
            scratch.arm_economy.rules.most_favoured > 0.0 && play.accord & !play.bloc & 1 << i != 0;
        let under_clause = |of: &dyn Fn(usize) -> Option<f64>| {
            let found = terms().filter(|_| has_clause);
            let found = found.filter_map(|(k, term)| Some((term.id.clone(), of(k)?)));
            found.collect()
        };
        let claimed = |k: usize| {
            let least = play.least_claimed(economy, p, k);
            Some(least).filter(|least| *least > scratch.arm_economy.floored_min[k])
        };
        let foreseen =
            |k: usize| Some(play.sizes_foreseen(economy, p, k)).filter(|sizes| *sizes > 0.0);
        let levels = &play.bundle[p * economy.k..(p + 1) * economy.k];
        SignedDeal {
            state: self.model.states[i].id.clone(),
            hyperscaler: self.model.hyperscalers[h].id.clone(),
            value: play.value[p],
            cost: play.cost[p],
            cash: play.transfer[p],
            loss: play.loss[p],
            levels: terms()
                .map(|(k, term)| (term.id.clone(), levels[k]))
                .collect(),
            claimed: under_clause(&claimed),
            foreseen: under_clause(&foreseen),
        }
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
            together: record.together,
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
        let economy = self.played.economy;
        let left = (0..economy.n).filter(|i| scratch.play.signed.hosts[h] >> i & 1 == 0);
        let lost = left.map(|i| scratch.arm_economy.stranded[i * economy.m + h]);
        WindowHyperscaler {
            hosts: self.ids(scratch.play.signed.hosts[h]),
            profit: scratch.accounts.profit[h],
            compliance_cost: scratch.accounts.compliance_cost[h],
            service_capital: scratch.play.signed.capital[h],
            lost_assets: lost.sum(),
            capex: scratch.accounts.capex[h],
        }
    }
}

/// max(0, hub_j·Σ_l market_l·m_lh − market_j·m_jh): what a host of h in j has room for of others' demand (section 3).
fn room(economy: &Economy, j: usize, h: usize) -> f64 {
    let demand = |l: usize| economy.market[l] * economy.share[l * economy.m + h];
    let region: f64 = (0..economy.n).map(demand).sum();
    (economy.hub[j] * region - demand(j)).max(0.0)
}
