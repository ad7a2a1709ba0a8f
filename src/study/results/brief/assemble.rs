//! From what was found at the table in every world to the document of the page.

use crate::engine::model::arm::members;
use crate::engine::model::words::Vocabulary;
use crate::engine::model::{Model, Solution};
use crate::engine::negotiation::tables::problem::{Obstacle, Party};
use crate::engine::trial::Position;
use crate::study::brief::BriefQuestion;
use crate::study::brief::accord::AccordReadings;
use crate::study::brief::error::BriefError;
use crate::study::brief::offer::{Offer, predicted};
use crate::study::brief::preparation::{Added, CircumstanceChange};
use crate::study::brief::world::{MetTable, Moved, Observation, positions};
use crate::study::readings::ReadingValues;
use crate::study::results::brief::sources::sources;
use crate::study::results::brief::{
    AccordPart, BriefResults, GainRange, HyperscalerWalkAway, LeverageRow, Outcome, PredictedPart,
    Served, StateWalkAway, TablePart, WalkAwayPart, ZonePart,
};
use crate::study::results::run::{Manifest, Shares};
use crate::theory::bargaining::Gains;
use crate::theory::stats::groups::Groups;
use crate::theory::stats::summary::{Stat, Streamed};
use indexmap::IndexMap;

/// Everything that a page is made of.
pub struct Findings<'a> {
    /// The scenario.
    pub model: &'a Model,
    /// What was asked.
    pub question: &'a BriefQuestion,
    /// Every world.
    pub observations: &'a [Observation],
    /// The offer with the terms that were not named, if there is one.
    pub offer: Option<(&'a Offer, &'a [usize])>,
    /// Share of worlds in which a counter-offer has to be accepted.
    pub accept: f64,
    /// Changes before the talks.
    pub prepared: &'a [(CircumstanceChange, Added)],
    /// What was read of the accord, by output and world, if there is one.
    pub accord: Option<(&'a AccordReadings, &'a ReadingValues)>,
}

/// How an obstacle is called in the document.
pub fn obstacle_name(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::NoBloc => "no-bloc",
        Obstacle::NotFeasible => "may-not-deal",
        Obstacle::OverBudget => "over-budget",
        Obstacle::Refused => "not-on-short-list",
        Obstacle::NobodyPlaced => "nobody-placed",
    }
}

/// The document.
///
/// # Errors
/// The two sides sit down in no world.
pub fn brief(findings: &Findings<'_>, manifest: Manifest) -> Result<BriefResults, BriefError> {
    let table = findings.table();
    if table.worlds == 0 {
        let reasons = table.obstacles.iter().map(|(reason, share)| {
            let percent = crate::theory::spelling::units::percent(*share);
            format!("{reason} in {percent}")
        });
        return Err(BriefError::NoTalks {
            reasons: reasons.collect::<Vec<_>>().join(", "),
        });
    }
    let deal = predicted(findings.observations, findings.question, findings.model);
    let counter_offer = findings.counter(deal.as_ref());
    let offer = findings.offer();
    let frontier = findings.frontier(deal.as_ref(), offer.as_ref(), &counter_offer);
    let accord = findings.accord();
    let sources = sources(&table, accord.as_ref());
    Ok(BriefResults {
        manifest,
        table,
        walk_away: findings.walk_away(),
        zone: findings.zone(),
        predicted: findings.predicted(),
        leverage: findings.leverage(),
        accord,
        offer,
        counter_offer,
        red_lines: findings.red_lines(deal.as_ref()),
        preparation: findings.preparation(),
        frontier,
        sources,
    })
}

impl Findings<'_> {
    fn groups(&self) -> Groups {
        let simulation = self.model.simulation;
        simulation.sampler.groups(simulation.trials)
    }

    /// The distribution of a number over worlds, NaN meaning none.
    pub(super) fn stat(&self, values: impl Iterator<Item = f64>) -> Option<Stat> {
        let values: Vec<f64> = values.collect();
        let mut streamed = Streamed::new(self.groups());
        values.iter().for_each(|&value| streamed.push(value));
        let stat = streamed.stat_of_values(values.iter().copied());
        stat.filter(Stat::is_finite)
    }

    /// That of a number of seated worlds.
    fn of_seated(&self, number: impl Fn(&MetTable) -> f64) -> Option<Stat> {
        let observations = self.observations.iter();
        self.stat(observations.map(|observation| observation.met().map_or(f64::NAN, &number)))
    }

    fn met(&self) -> impl Iterator<Item = &MetTable> {
        self.observations.iter().filter_map(Observation::met)
    }

    fn share(&self, holds: impl Fn(&Observation) -> bool) -> f64 {
        let count = self
            .observations
            .iter()
            .filter(|observation| holds(observation))
            .count();
        count as f64 / self.observations.len().max(1) as f64
    }

    fn table(&self) -> TablePart {
        let (model, question) = (self.model, self.question);
        let state = match question.party {
            Party::State(i) => Some(model.states[i].id.clone()),
            Party::Bloc => None,
        };
        let arm = &model.arms[question.arm].name;
        let obstacles = Obstacle::ALL.map(|obstacle| {
            let share =
                self.share(|observation| observation.table.as_ref().err() == Some(&obstacle));
            (obstacle_name(obstacle).to_owned(), share)
        });
        let start = model.horizon.start_year;
        TablePart {
            accord: state.is_none().then(|| arm.clone()),
            state,
            hyperscaler: model.hyperscalers[question.hyperscaler].id.clone(),
            arm: arm.clone(),
            window: question.window,
            year: start + question.window as f64 * model.horizon.window_years,
            price_year: model.horizon.price_year,
            side: question.side,
            solution: model.solution.key().to_owned(),
            transfers: model.transfers,
            talks: self.share(|observation| observation.met().is_some()),
            worlds: self.met().count() as u64,
            obstacles: obstacles
                .into_iter()
                .filter(|(_, share)| *share > 0.0)
                .collect(),
            members: self.members(),
        }
    }

    fn members(&self) -> Shares {
        if self.question.party != Party::Bloc {
            return Shares::default();
        }
        let worlds = self.met().count().max(1) as f64;
        let invited = members(self.question.states(self.model));
        let share = |i: usize| {
            let inside = self.met().filter(|one| one.problem.table >> i & 1 == 1);
            (
                self.model.states[i].id.clone(),
                inside.count() as f64 / worlds,
            )
        };
        invited.map(share).collect()
    }

    fn walk_away(&self) -> WalkAwayPart {
        WalkAwayPart {
            state: StateWalkAway {
                total: self.of_seated(MetTable::state_walk_away),
                own: self.of_seated(|one| one.disagreement.own),
                other_suppliers: self.of_seated(|one| one.disagreement.others),
                elsewhere: self.of_seated(|one| one.disagreement.elsewhere),
                other_deals: self.of_seated(|one| one.other_deals.0),
                behind: self.of_seated(|one| one.disagreement.behind),
                switching: self.of_seated(|one| one.disagreement.switching),
            },
            hyperscaler: HyperscalerWalkAway {
                total: self.of_seated(MetTable::hyperscaler_walk_away),
                home_margin: self.of_seated(|one| one.disagreement.home_margin),
                other_margin: self.of_seated(|one| one.disagreement.other_margin),
                hosting: self.of_seated(|one| one.disagreement.hosting),
                compliance: self.of_seated(|one| one.disagreement.compliance),
                stranded: self.of_seated(|one| one.disagreement.stranded),
                other_deals: self.of_seated(|one| one.other_deals.1),
            },
            served_from: self.served_from(),
            other_suppliers: self.other_suppliers(),
        }
    }

    /// Places by the margin that would be served from them, as a ratio of sums.
    fn served_from(&self) -> IndexMap<String, Served> {
        let states = self.model.states.len();
        let all: f64 = self.weights(|_| true);
        let mut places: Vec<(Option<usize>, f64)> = (0..states)
            .map(Some)
            .chain([None])
            .map(|host| (host, self.weights(|place| place == host)))
            .filter(|(_, weight)| *weight > 0.0)
            .collect();
        places.sort_by(|one, other| other.1.total_cmp(&one.1));
        let named = places.into_iter().map(|(host, weight)| {
            let id = host.map_or("outside", |j| self.model.states[j].id.as_str());
            let quality = self.of_seated(|one| quality(one, host));
            let share = weight / all;
            (id.to_owned(), Served { share, quality })
        });
        named.collect()
    }

    fn weights(&self, wanted: impl Fn(Option<usize>) -> bool) -> f64 {
        let substitutes = self.met().flat_map(|one| &one.disagreement.substitutes);
        let wanted = substitutes.filter(|one| wanted(one.host));
        wanted.map(|one| one.weight).sum()
    }

    fn other_suppliers(&self) -> Shares {
        let worlds = self.met().count().max(1) as f64;
        let others = 0..self.model.hyperscalers.len();
        let others = others.filter(|&g| g != self.question.hyperscaler);
        let share = |g: usize| {
            let hosted: f64 = self.met().map(|one| one.disagreement.hosted[g]).sum();
            (self.model.hyperscalers[g].id.clone(), hosted / worlds)
        };
        others.map(share).collect()
    }

    fn zone(&self) -> ZonePart {
        let end = |of: fn(&MetTable) -> Option<ArcEnds>, part: fn(&ArcEnds) -> f64| {
            self.of_seated(|one| of(one).map_or(f64::NAN, |ends| part(&ends)))
        };
        ZonePart {
            deal: self
                .share(|observation| observation.met().is_some_and(|one| one.outcome.is_some())),
            state: GainRange {
                least: end(ends, |ends| ends.low.state),
                most: end(ends, |ends| ends.high.state),
            },
            hyperscaler: GainRange {
                least: end(ends, |ends| ends.high.hyperscaler),
                most: end(ends, |ends| ends.low.hyperscaler),
            },
            reserve: self.of_seated(|one| match one.problem.reserve.is_finite() {
                true => one.problem.reserve,
                false => f64::NAN,
            }),
        }
    }

    fn predicted(&self) -> PredictedPart {
        let solutions = Solution::ALL.map(|solution| {
            let of = |number: &dyn Fn(&MetTable, crate::theory::bargaining::Agreement) -> f64| {
                self.of_seated(|one| {
                    let outcome = one.problem.outcome(solution);
                    outcome.map_or(f64::NAN, |agreed| number(one, agreed))
                })
            };
            let terms = self
                .model
                .terms
                .iter()
                .enumerate()
                .map(|(k, term)| (term.id.clone(), of(&|one, agreed| one.level(k, agreed))));
            let outcome = Outcome {
                terms: terms.collect(),
                cash: of(&|_, agreed| agreed.transfer).filter(|_| self.model.transfers),
                state: of(&|_, agreed| agreed.state_gain),
                hyperscaler: of(&|_, agreed| agreed.hyperscaler_gain),
            };
            (solution.key().to_owned(), outcome)
        });
        PredictedPart {
            solution: self.model.solution.key().to_owned(),
            solutions: solutions.into_iter().collect(),
            annexes: self.annexes(),
            repricing: self.of_deals(|one| one.repricing.0),
            loss: self.of_deals(|one| one.repricing.1),
            averted: self.of_deals(|one| one.repricing.0 - one.repricing.1),
            most_favoured: self.most_favoured(),
        }
    }

    /// The distribution of a number of worlds with a deal.
    fn of_deals(&self, number: impl Fn(&MetTable) -> f64) -> Option<Stat> {
        self.of_seated(|one| one.outcome.map_or(f64::NAN, |_| number(one)))
    }

    /// Levels of each member where each has its annex.
    fn annexes(&self) -> IndexMap<String, IndexMap<String, Option<Stat>>> {
        let (model, question) = (self.model, self.question);
        let each = self.met().any(|one| one.problem.schedule.is_some());
        let seated = members(question.states(model)).filter(|_| each);
        let of_member = |i: usize| {
            let terms = model.terms.iter().enumerate().map(|(k, term)| {
                let level = self.of_seated(|one| match one.outcome {
                    Some(agreed) if one.problem.placed >> i & 1 == 1 => {
                        one.problem.levels_of(agreed, i, k + 1)[k]
                    }
                    _ => f64::NAN,
                });
                (term.id.clone(), level)
            });
            (model.states[i].id.clone(), terms.collect())
        };
        seated.map(of_member).collect()
    }

    /// most_favoured of the arm where the state meets as a member; none without a clause.
    fn most_favoured(&self) -> Option<Stat> {
        let Party::State(i) = self.question.party else {
            return None;
        };
        let observations = self.observations.iter();
        let share = |one: &Observation| {
            let counts = one.met().is_some() && one.accord >> i & 1 == 1;
            if counts { one.most_favoured } else { f64::NAN }
        };
        let stat = self.stat(observations.map(share))?;
        (stat.max > 0.0).then_some(stat)
    }

    fn leverage(&self) -> Vec<LeverageRow> {
        let positions = positions(self.model, self.question);
        let mut rows: Vec<LeverageRow> = positions
            .iter()
            .enumerate()
            .map(|(at, &position)| {
                let moved: Vec<_> = self
                    .observations
                    .iter()
                    .map(|observation| observation.moved[at])
                    .collect();
                self.leverage_row(self.position_name(position), &moved)
            })
            .collect();
        if let Some(arm) = self.question.joint_arm(self.model) {
            let joint = self
                .observations
                .iter()
                .map(|observation| observation.joint.map(|one| one.table));
            let name = format!("joint table of {}", self.model.arms[arm].name);
            rows.push(self.leverage_row(name, &joint.collect::<Vec<_>>()));
        }
        if self.question.party == Party::Bloc {
            let alone = self
                .observations
                .iter()
                .map(|observation| observation.alone);
            rows.push(self.leverage_row("each alone".to_owned(), &alone.collect::<Vec<_>>()));
        }
        rows
    }

    fn accord(&self) -> Option<AccordPart> {
        let (accord, values) = self.accord?;
        Some(accord.part(self.model, self.question, values, self.groups()))
    }

    fn position_name(&self, position: Position) -> String {
        match position {
            Position::Drawn => "drawn".to_owned(),
            Position::First => "first".to_owned(),
            Position::After(j) => format!("after {}", self.model.states[j].id),
            Position::Last => "last".to_owned(),
        }
    }

    fn leverage_row(&self, position: String, moved: &[Option<Moved>]) -> LeverageRow {
        let sum = |part: fn(&Moved) -> f64| moved.iter().flatten().map(part).sum::<f64>();
        let stake = sum(|one| one.stake);
        let stat = |part: fn(&Moved) -> f64| {
            self.stat(moved.iter().map(|one| one.as_ref().map_or(f64::NAN, part)))
        };
        LeverageRow {
            position,
            worlds: moved.iter().flatten().count() as u64,
            margin_at_risk: (stake > 0.0).then(|| sum(|one| one.pressure) / stake),
            state: stat(|one| one.state_gain),
            hyperscaler: stat(|one| one.hyperscaler_gain),
            leverage: stat(|one| one.leverage),
        }
    }
}

/// Gains at the two ends of the arc of agreement: the one best for the hyperscaler, the one best for the state.
struct ArcEnds {
    low: Gains,
    high: Gains,
}

/// The ends of the arc in a world with a deal; with cash one side has nothing at each.
fn ends(one: &MetTable) -> Option<ArcEnds> {
    one.outcome?;
    let problem = &one.problem;
    let agreed = problem.schedule.as_ref().unwrap_or(&problem.coefficients);
    let frontier = agreed.frontier();
    let gains = problem.gains;
    if one.is_paid {
        let total = crate::theory::bargaining::cash_total(&frontier, gains);
        let gains = |state: f64| Gains {
            state,
            hyperscaler: total - state,
        };
        return Some(ArcEnds {
            low: gains(0.0),
            high: gains(total),
        });
    }
    let arc = frontier.arc(gains)?;
    let at = |lambda: f64| {
        let point = frontier.at(lambda);
        Gains {
            state: gains.state + point.value,
            hyperscaler: gains.hyperscaler - point.cost,
        }
    };
    Some(ArcEnds {
        low: at(arc.low),
        high: at(arc.high),
    })
}

/// ψ from a place in a world in which it is the best, weighted where several states or networks have it; NaN where none has.
fn quality(one: &MetTable, host: Option<usize>) -> f64 {
    let (mut sum, mut weight) = (0.0, 0.0);
    for substitute in one
        .disagreement
        .substitutes
        .iter()
        .filter(|one| one.host == host)
    {
        sum += substitute.weight * substitute.quality;
        weight += substitute.weight;
    }
    if weight > 0.0 { sum / weight } else { f64::NAN }
}
