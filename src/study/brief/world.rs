//! One world: the table as both sides find it, and the same table met earlier or later.

use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::{Model, Solution};
use crate::engine::negotiation::account::leverage;
use crate::engine::negotiation::tables::disagreement::Disagreement;
use crate::engine::negotiation::tables::problem::{BargainingProblem, Obstacle, Party};
use crate::engine::trial::{Player, Position, TableWorld};
use crate::study::brief::error::BriefError;
use crate::study::brief::question::BriefQuestion;
use crate::theory::bargaining::offer::{Coefficients, average};
use crate::theory::bargaining::{Agreement, Gains};

/// What one world shows of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// The accord of the window, empty without one.
    pub accord: StateSet,
    /// most_favoured of the arm.
    pub most_favoured: f64,
    /// The table, or why the two do not come to bargain.
    pub table: Result<Box<MetTable>, Obstacle>,
    /// The same table at other times, in the order of [`Observer`]; none where they do not come to bargain then.
    pub moved: Vec<Option<Moved>>,
    /// The joint table of the first bloc that invites the state.
    pub joint: Option<Joint>,
    /// What the bloc's members would have at tables of their own, without the accord.
    pub alone: Option<Moved>,
}

impl Observation {
    /// The table, if both sit down at it.
    pub fn met(&self) -> Option<&MetTable> {
        self.table.as_deref().ok()
    }
}

/// A table at which both sides have sat down, with what they have if nothing is agreed.
#[derive(Debug, Clone, PartialEq)]
pub struct MetTable {
    /// Gains, terms, outcomes.
    pub problem: BargainingProblem,
    /// Parts of the disagreement.
    pub disagreement: Disagreement,
    /// Terms and cash of the other deals of the states, and of h, if this one fails.
    pub other_deals: (f64, f64),
    /// The outcome under the solution of the scenario.
    pub outcome: Option<Agreement>,
    /// What h can take by repricing after signing (39), and what it takes under the outcome (40); 0 without a deal.
    pub repricing: (f64, f64),
    /// Whether cash moves.
    pub is_paid: bool,
}

impl MetTable {
    /// What the states have without a deal at this table, USD bn of the window.
    pub fn state_walk_away(&self) -> f64 {
        self.disagreement.states() + self.other_deals.0
    }

    /// What the hyperscaler has.
    pub fn hyperscaler_walk_away(&self) -> f64 {
        self.disagreement.hyperscaler() + self.other_deals.1
    }

    /// The level of term k in an agreement; its mean over members where each has its annex.
    pub fn level(&self, k: usize, agreed: Agreement) -> f64 {
        let level = |i: usize| self.problem.levels_of(agreed, i, k + 1)[k];
        let placed = self.problem.placed;
        match self.problem.schedule {
            None => (self.problem.coefficients.frontier()).level(k, agreed.lambda),
            Some(_) => {
                let sum: f64 = members(placed).map(level).sum();
                sum / f64::from(placed.count_ones())
            }
        }
    }

    /// u_S of the outcome, 0 without a deal.
    pub fn state_gain(&self) -> f64 {
        self.outcome.map_or(0.0, |one| one.state_gain)
    }

    /// u_H of the outcome, 0 without a deal.
    pub fn hyperscaler_gain(&self) -> f64 {
        self.outcome.map_or(0.0, |one| one.hyperscaler_gain)
    }
}

/// A table that meets at another time, or several tables in place of one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moved {
    /// Margin that a refusal costs h, USD bn.
    pub pressure: f64,
    /// Margin at stake, USD bn.
    pub stake: f64,
    /// u_S of the outcome, 0 without a deal; NaN where there are several tables.
    pub state_gain: f64,
    /// u_H likewise.
    pub hyperscaler_gain: f64,
    /// Leverage of the states in the window if it is played so (34).
    pub leverage: f64,
}

/// A member's view of a bloc's table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Joint {
    /// As of any other table; gains are those of the whole bloc.
    pub table: Moved,
    /// What the state has if the bloc's table fails.
    pub state_walk_away: f64,
    /// What the hyperscaler has then.
    pub hyperscaler_walk_away: f64,
    /// What the state has with what the bloc agrees.
    pub state_with_deal: f64,
    /// What the hyperscaler has with it.
    pub hyperscaler_with_deal: f64,
}

/// What the position of a walk-away is worth, in one world; NaN where both do not sit down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    /// Walk-away of the states.
    pub states: f64,
    /// Walk-away of the hyperscaler.
    pub hyperscaler: f64,
    /// Walk-away of the states and their gain of the outcome.
    pub states_with_deal: f64,
    /// The same of the hyperscaler.
    pub hyperscaler_with_deal: f64,
}

impl Measure {
    const NONE: Measure = Measure {
        states: f64::NAN,
        hyperscaler: f64::NAN,
        states_with_deal: f64::NAN,
        hyperscaler_with_deal: f64::NAN,
    };

    /// All of its numbers.
    pub fn numbers(&self) -> [f64; 4] {
        [
            self.states,
            self.hyperscaler,
            self.states_with_deal,
            self.hyperscaler_with_deal,
        ]
    }

    /// That of what was observed.
    pub fn of(observation: &Observation) -> Measure {
        observation.met().map_or(Measure::NONE, Measure::of_table)
    }

    fn of_table(one: &MetTable) -> Measure {
        Measure {
            states: one.state_walk_away(),
            hyperscaler: one.hyperscaler_walk_away(),
            states_with_deal: one.state_walk_away() + one.state_gain(),
            hyperscaler_with_deal: one.hyperscaler_walk_away() + one.hyperscaler_gain(),
        }
    }

    /// That of a joint table.
    pub fn of_joint(observation: &Observation) -> Measure {
        observation.joint.map_or(Measure::NONE, |one| Measure {
            states: one.state_walk_away,
            hyperscaler: one.hyperscaler_walk_away,
            states_with_deal: one.state_with_deal,
            hyperscaler_with_deal: one.hyperscaler_with_deal,
        })
    }
}

/// The average table over the worlds in which both sides sit down: its gains at any bundle are the mean of theirs.
pub fn average_table(observations: &[Observation]) -> (Coefficients, Gains) {
    let met = observations.iter().filter_map(Observation::met);
    average(met.map(|one| (&one.problem.coefficients, one.problem.gains)))
}

/// The times at which the table of a question is met, the drawn one first.
pub fn positions(model: &Model, question: &BriefQuestion) -> Vec<Position> {
    let neighbours = question.neighbours(model).into_iter();
    let after = neighbours.map(Position::After);
    [Position::Drawn, Position::First]
        .into_iter()
        .chain(after)
        .chain([Position::Last])
        .collect()
}

/// The scratch memory of one thread.
pub struct Observer {
    player: Player,
    draws: Vec<f64>,
    positions: Vec<Position>,
    joint: Option<usize>,
}

impl Observer {
    /// One that looks at every position and at the joint table.
    pub fn new(model: &Model, question: &BriefQuestion) -> Observer {
        Observer {
            positions: positions(model, question),
            joint: question.joint_arm(model),
            ..Observer::of_table(model)
        }
    }

    /// One that looks at the table alone.
    pub fn of_table(model: &Model) -> Observer {
        Observer {
            player: Player::new(model),
            draws: vec![0.0; model.uncertain.len()],
            positions: Vec::new(),
            joint: None,
        }
    }

    /// Looks at the table of a world with the accord that is given, whichever would form in it; the table alone.
    ///
    /// # Errors
    /// A draw that leaves its range, shares that cannot be found.
    pub fn measure(
        &mut self,
        model: &Model,
        question: &BriefQuestion,
        trial: u64,
        accord: StateSet,
    ) -> Result<Measure, BriefError> {
        let (party, h) = (question.party, question.hyperscaler);
        let observe = |world: &mut TableWorld| {
            world.formed.accord = accord;
            let table = met(world, party, h, model);
            table.map_or(Measure::NONE, |one| Measure::of_table(&one))
        };
        let (arm, window) = (question.arm, question.window);
        let draws = &mut self.draws;
        Ok(self
            .player
            .tables(model, trial, arm, window, draws, observe)?)
    }

    /// Looks at a world.
    ///
    /// # Errors
    /// A draw that leaves its range, shares that cannot be found.
    pub fn observe(
        &mut self,
        model: &Model,
        question: &BriefQuestion,
        trial: u64,
    ) -> Result<Observation, BriefError> {
        let (party, h) = (question.party, question.hyperscaler);
        let positions = &self.positions;
        let observe = |world: &mut TableWorld| Observation {
            accord: world.formed.accord,
            most_favoured: world.rules().most_favoured,
            table: met(world, party, h, model).map(Box::new),
            moved: positions
                .iter()
                .map(|&position| moved(world, position, party, h, model.solution))
                .collect(),
            joint: None,
            alone: (party == Party::Bloc && world.joint_table() != 0).then(|| alone(world, h)),
        };
        let (arm, window) = (question.arm, question.window);
        let draws = &mut self.draws;
        let mut observation = self
            .player
            .tables(model, trial, arm, window, draws, observe)?;
        if let (Some(arm), Party::State(i)) = (self.joint, party) {
            let observe = |world: &mut TableWorld| joint(world, i, h, model.solution);
            observation.joint = self
                .player
                .tables(model, trial, arm, window, draws, observe)?;
        }
        Ok(observation)
    }
}

fn met(
    world: &mut TableWorld,
    party: Party,
    h: usize,
    model: &Model,
) -> Result<MetTable, Obstacle> {
    let (problem, disagreement) = world.problem(party, h)?;
    let other_deals = world.other_deals(party, h, problem.table);
    let outcome = problem.outcome(model.solution);
    Ok(MetTable {
        repricing: world.repricing(&problem, outcome, h),
        outcome,
        is_paid: model.transfers,
        problem,
        disagreement,
        other_deals,
    })
}

fn moved(
    world: &mut TableWorld,
    position: Position,
    party: Party,
    h: usize,
    solution: Solution,
) -> Option<Moved> {
    let problem = world.problem_at(position, party, h).ok()?;
    let outcome = problem.outcome(solution);
    let stakes = world.stakes_at(position, party, h, problem.table);
    Some(Moved {
        pressure: problem.pressure,
        stake: problem.stake,
        state_gain: outcome.map_or(0.0, |one| one.state_gain),
        hyperscaler_gain: outcome.map_or(0.0, |one| one.hyperscaler_gain),
        leverage: leverage(stakes.states, stakes.hyperscalers),
    })
}

fn alone(world: &mut TableWorld, h: usize) -> Moved {
    let ((pressure, stake), stakes) = world.alone(h, world.joint_table());
    Moved {
        pressure,
        stake,
        state_gain: f64::NAN,
        hyperscaler_gain: f64::NAN,
        leverage: leverage(stakes.states, stakes.hyperscalers),
    }
}

/// The joint table as member i sees it; none where there is none or it is not in it.
fn joint(world: &mut TableWorld, i: usize, h: usize, solution: Solution) -> Option<Joint> {
    if world.joint_table() >> i & 1 == 0 {
        return None;
    }
    let (problem, disagreement) = world.problem_of_member(i, h).ok()?;
    let outcome = problem.outcome(solution);
    let share = outcome.map_or(0.0, |agreed| world.share_of(&problem, agreed, i, h));
    let stakes = world.stakes_at(Position::Drawn, Party::Bloc, h, 1 << i);
    let (state_terms, _) = world.other_deals(Party::Bloc, h, 1 << i);
    let (_, hyperscaler_terms) = world.other_deals(Party::Bloc, h, problem.table);
    let (states, hyperscaler) = (
        disagreement.states() + state_terms,
        disagreement.hyperscaler() + hyperscaler_terms,
    );
    let with_deal = disagreement.with_deal + state_terms + share;
    let gain = outcome.map_or(0.0, |one| one.hyperscaler_gain);
    Some(Joint {
        table: Moved {
            pressure: problem.pressure,
            stake: problem.stake,
            state_gain: outcome.map_or(0.0, |one| one.state_gain),
            hyperscaler_gain: gain,
            leverage: leverage(stakes.states, stakes.hyperscalers),
        },
        state_walk_away: states,
        hyperscaler_walk_away: hyperscaler,
        state_with_deal: if outcome.is_some() { with_deal } else { states },
        hyperscaler_with_deal: hyperscaler + gain,
    })
}
