//! A drawn world of a model as [`Given`]: values by slot, process noise from the streams.

use super::given::{
    Arm, ArmNumbers, Given, Hyperscaler, Join, Mode, Numbers, Order, Rule, Sharing, Solution,
    State, Term, Turn, Weights, has,
};
use mufakat::engine::model::keys::{
    ArmKey, BargainingKey, DynamicsKey, HyperscalerKey, MarketKey, PairKey, StateKey, TermKey,
};
use mufakat::engine::model::layout::Slot;
use mufakat::engine::model::words::{self, TermEffect};
use mufakat::engine::model::world::{Streams, World};
use mufakat::engine::model::{Model, Others, Solution as ModelSolution, Uplift, arm};

/// The world of a trial.
pub fn draw(model: &Model, trial: u64) -> Given {
    let streams = Streams::new(model);
    let mut world = World::new(model);
    let mut draws = vec![0.0; model.uncertain.len()];
    world
        .draw(model, &streams, trial, &mut draws)
        .expect("draws keep their ranges");
    let (n, m) = (model.states.len(), model.hyperscalers.len());
    let mut grown = vec![[1.0; 2]; n];
    let windows = (0..model.horizon.windows)
        .map(|w| {
            let at = At {
                model,
                values: world.values(model, w),
            };
            let mut numbers = at.numbers();
            for (i, grown) in grown.iter_mut().enumerate() {
                let state = &mut numbers.states[i];
                state.gdp *= grown[0];
                state.gmv *= grown[1];
                for (level, key) in grown
                    .iter_mut()
                    .zip([StateKey::GdpGrowth, StateKey::GmvGrowth])
                {
                    *level *= (1.0 + at.slot(Slot::State(i, key))).powf(model.horizon.window_years);
                }
                if w > 0 {
                    state.talent = world.levels[w * n + i].talent;
                    state.compute = world.levels[w * n + i].compute;
                }
            }
            numbers.ranks = (0..n)
                .map(|i| world.order[(w * n + i) * m..(w * n + i + 1) * m].to_vec())
                .collect();
            numbers.joining = world.joining[w * n..(w + 1) * n].to_vec();
            let rounds = model.arms.iter().map(|arm| arm.max_rounds).max();
            numbers.votes = (0..rounds.expect("an arm"))
                .map(|round| (0..n).map(|i| streams.vote(trial, i, w, round)).collect())
                .collect();
            numbers
        })
        .collect();
    let ids = |all: &[mufakat::engine::model::Identity]| -> Vec<String> {
        all.iter().map(|one| one.id.clone()).collect()
    };
    Given {
        years: model.horizon.window_years,
        level: model.uplift == Uplift::Level,
        solution: match model.solution {
            ModelSolution::Nash => Solution::Nash,
            ModelSolution::KalaiSmorodinsky => Solution::KalaiSmorodinsky,
            ModelSolution::Egalitarian => Solution::Egalitarian,
            ModelSolution::Rubinstein => Solution::Rubinstein,
        },
        cash: model.transfers,
        order: match model.order {
            words::Order::Random => Order::Random,
            words::Order::Size => Order::Size,
            words::Order::Listed => Order::Listed,
        },
        random_order: model.others == Others::RandomOrder,
        hosted: (0..n)
            .map(|i| (0..m).map(|h| has(model.hosted[h], i)).collect())
            .collect(),
        states: ids(&model.states),
        hyperscalers: ids(&model.hyperscalers),
        arms: model
            .arms
            .iter()
            .enumerate()
            .map(|(index, arm)| {
                let join = model.base[model.layout.index(Slot::Arm(index, ArmKey::Join))];
                rules(arm, !join.is_nan())
            })
            .collect(),
        windows,
    }
}

fn rules(arm: &arm::Arm, joins_by_number: bool) -> Arm {
    Arm {
        name: arm.name.clone(),
        mode: match arm.mode {
            words::Mode::Bilateral => Mode::Bilateral,
            words::Mode::Framework => Mode::Framework,
            words::Mode::Bloc => Mode::Bloc,
            words::Mode::Contest => Mode::Contest,
        },
        shortlist: arm.shortlist.map(|most| most as usize),
        members: arm.members,
        join: match arm.joining {
            _ if joins_by_number => Join::Number,
            words::Joining::Will => Join::Will,
            words::Joining::Goodwill => Join::Goodwill,
        },
        standing: arm.standing,
        rule: match arm.rule {
            words::VotingRule::Consensus => Rule::Consensus,
            words::VotingRule::MinusX => Rule::MinusX,
            words::VotingRule::QualifiedMajority => Rule::QualifiedMajority,
            words::VotingRule::Lead => Rule::Lead,
            words::VotingRule::None => Rule::None,
            words::VotingRule::Mandate => Rule::Mandate,
        },
        opt_outs: arm.opt_outs as usize,
        weights: match arm.weights {
            words::Weights::Equal => Weights::Equal,
            words::Weights::Gdp => Weights::Gdp,
            words::Weights::Population => Weights::Population,
        },
        lead: arm.lead,
        max_rounds: arm.max_rounds as usize,
        defection: arm.defection,
        turn: match arm.turn {
            words::Turn::First => Turn::First,
            words::Turn::Middle => Turn::Middle,
            words::Turn::Last => Turn::Last,
        },
        cover_all: arm.cover_all,
        annexes: arm.annexes,
        table: (!arm.seats_all()).then_some(arm.table),
        sharing: match arm.sharing {
            words::Sharing::None => Sharing::None,
            words::Sharing::Equal => Sharing::Equal,
            words::Sharing::Gdp => Sharing::Gdp,
            words::Sharing::Population => Sharing::Population,
            words::Sharing::Shapley => Sharing::Shapley,
            words::Sharing::Nucleolus => Sharing::Nucleolus,
        },
    }
}

/// The values of one window.
struct At<'a> {
    model: &'a Model,
    values: &'a [f64],
}

impl At<'_> {
    fn slot(&self, slot: Slot) -> f64 {
        self.values[self.model.layout.index(slot)]
    }

    /// Levels before growth, evolving levels as in the values, no noise.
    fn numbers(&self) -> Numbers {
        let model = self.model;
        let (n, m, terms) = (
            model.states.len(),
            model.hyperscalers.len(),
            model.terms.len(),
        );
        let market = |key| self.slot(Slot::Market(key));
        let bargaining = |key| self.slot(Slot::Bargaining(key));
        let dynamics = |key| self.slot(Slot::Dynamics(key));
        let region = market(MarketKey::RegionEfficiency);
        Numbers {
            region_efficiency: region,
            outside_efficiency: market(MarketKey::OutsideEfficiency),
            capex_intensity: market(MarketKey::CapexIntensity),
            capital_charge: market(MarketKey::CapitalCharge),
            coverage_rate: market(MarketKey::CoverageRate),
            contingent_share: market(MarketKey::ContingentShare),
            talent_elasticity: market(MarketKey::TalentElasticity),
            ramp_years: market(MarketKey::RampYears),
            remote_value: market(MarketKey::RemoteValue),
            data_drag: market(MarketKey::DataDrag),
            diversion: market(MarketKey::Diversion),
            peers: market(MarketKey::Peers),
            peers_inside: market(MarketKey::PeersInside),
            foresight: bargaining(BargainingKey::Foresight),
            round_years: bargaining(BargainingKey::RoundYears),
            talent_rate: dynamics(DynamicsKey::TalentRate),
            compute_rate: dynamics(DynamicsKey::ComputeRate),
            dependency_rate: dynamics(DynamicsKey::DependencyRate),
            asset_decay: dynamics(DynamicsKey::AssetDecay),
            lock_in: dynamics(DynamicsKey::LockIn),
            sunk: dynamics(DynamicsKey::Sunk),
            power_gain: dynamics(DynamicsKey::PowerGain),
            repricing: dynamics(DynamicsKey::Repricing),
            repricing_foresight: dynamics(DynamicsKey::RepricingForesight),
            stranded: dynamics(DynamicsKey::Stranded),
            states: (0..n).map(|i| self.state(i)).collect(),
            hyperscalers: (0..m).map(|h| self.hyperscaler(h)).collect(),
            terms: (0..terms).map(|k| self.term(k)).collect(),
            fit: self.pairs(|i, h| self.slot(Slot::Pair(i, h, PairKey::Fit))),
            feasible: self.pairs(|i, h| self.slot(Slot::Pair(i, h, PairKey::Feasible)) == 1.0),
            efficiency: (0..n)
                .map(|i| {
                    (0..n)
                        .map(|j| {
                            let link = self.slot(Slot::Link(i, j));
                            if i == j || link.is_nan() {
                                region
                            } else {
                                link
                            }
                        })
                        .collect()
                })
                .collect(),
            arms: (0..model.arms.len()).map(|a| self.arm(a)).collect(),
            ranks: Vec::new(),
            joining: Vec::new(),
            votes: Vec::new(),
        }
    }

    fn pairs<T>(&self, of: impl Fn(usize, usize) -> T) -> Vec<Vec<T>> {
        let (n, m) = (self.model.states.len(), self.model.hyperscalers.len());
        (0..n).map(|i| (0..m).map(|h| of(i, h)).collect()).collect()
    }

    fn state(&self, i: usize) -> State {
        let of = |key| self.slot(Slot::State(i, key));
        let pair = |key| -> Vec<f64> {
            (0..self.model.hyperscalers.len())
                .map(|h| self.slot(Slot::Pair(i, h, key)))
                .collect()
        };
        State {
            gdp: of(StateKey::Gdp),
            gmv: of(StateKey::DigitalGmv),
            population: of(StateKey::Population),
            ai_spend_share: of(StateKey::AiSpendShare),
            ai_uplift: of(StateKey::AiUplift),
            infrastructure: of(StateKey::Infrastructure),
            residency: of(StateKey::Residency),
            strictness: of(StateKey::Strictness),
            hub: of(StateKey::Hub),
            bargaining_power: of(StateKey::BargainingPower),
            discount_rate: of(StateKey::DiscountRate),
            will: of(StateKey::Will),
            goodwill: of(StateKey::Goodwill),
            values: (0..self.model.terms.len())
                .map(|k| self.slot(Slot::Value(i, k)))
                .collect(),
            talent: Some(of(StateKey::Talent)),
            compute: Some(of(StateKey::Compute)),
            dependency: pair(PairKey::Dependency),
            asset: pair(PairKey::Asset),
        }
    }

    fn hyperscaler(&self, h: usize) -> Hyperscaler {
        let of = |key| self.slot(Slot::Hyperscaler(h, key));
        Hyperscaler {
            market_share: of(HyperscalerKey::MarketShare),
            operating_margin: of(HyperscalerKey::OperatingMargin),
            discount_rate: of(HyperscalerKey::DiscountRate),
            entry_cost: of(HyperscalerKey::EntryCost),
            compliance_cost: of(HyperscalerKey::ComplianceCost),
            capex_budget: of(HyperscalerKey::CapexBudget),
            costs: (0..self.model.terms.len())
                .map(|k| self.slot(Slot::Cost(h, k)))
                .collect(),
        }
    }

    fn term(&self, k: usize) -> Term {
        let of = |key| self.slot(Slot::Term(k, key));
        let effect = |effect| self.slot(Slot::Effect(k, effect));
        Term {
            state_value: of(TermKey::StateValue),
            state_curvature: of(TermKey::StateCurvature),
            cost: of(TermKey::Cost),
            cost_curvature: of(TermKey::CostCurvature),
            min: of(TermKey::Min),
            max: of(TermKey::Max),
            talent_effect: effect(TermEffect::Talent),
            compute_effect: effect(TermEffect::Compute),
            portability_effect: effect(TermEffect::Portability),
            price_effect: of(TermKey::PriceEffect),
        }
    }

    fn arm(&self, a: usize) -> ArmNumbers {
        let of = |key| self.slot(Slot::Arm(a, key));
        ArmNumbers {
            active: of(ArmKey::Active) == 1.0,
            join: of(ArmKey::Join),
            most_favoured: of(ArmKey::MostFavoured),
            binding: of(ArmKey::Binding),
            harmonisation: of(ArmKey::Harmonisation),
            cross_border_data: of(ArmKey::CrossBorderData),
            recourse: of(ArmKey::Recourse),
            penalty: of(ArmKey::Penalty),
            floors: (0..self.model.terms.len())
                .map(|k| {
                    let own = self.slot(Slot::Floor(a, k));
                    if own == f64::NEG_INFINITY {
                        self.slot(Slot::Term(k, TermKey::Floor))
                    } else {
                        own
                    }
                })
                .collect(),
            quota: of(ArmKey::Quota),
            round_years: of(ArmKey::RoundYears),
            interim: of(ArmKey::Interim),
            political_noise: of(ArmKey::PoliticalNoise),
            pooling: of(ArmKey::Pooling),
            side_payments: of(ArmKey::SidePayments),
        }
    }
}
