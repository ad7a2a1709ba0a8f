//! One world: which coalitions hold in it, and what each state gains, needs and decides.

use crate::engine::model::Model;
use crate::engine::model::arm::{Arm, StateSet, members};
use crate::engine::negotiation::accord::all_coalitions::AllCoalitions;
use crate::engine::negotiation::accord::voting::pivotal_shares;
use crate::engine::negotiation::arm_economy::Rules;
use crate::engine::trial::{CoalitionWorld, Player};
use crate::study::accord_game::AccordGame;
use crate::study::farsighted::{Paths, StableSet};
use crate::study::results::magnitude::check;
use crate::study::stability::binding::{BindingProbe, from_stakes};
use crate::study::stability::question::{StabilityError, StabilityQuestion};
use crate::theory::coalition::{CoalitionError, Game, nucleolus, shapley_value};

/// What can be said of a coalition in a world, each a bit of [`WorldVerdict::marks`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// No member gains by leaving, in spite of the penalty.
    Internal,
    /// No member gains by leaving, the penalty aside.
    InternalWithoutPenalty,
    /// Side payments among members could keep all of them.
    SidePayments,
    /// No outsider gains by joining.
    ExternalOpen,
    /// No outsider gains by joining such that no member loses.
    ExternalExclusive,
    /// No outsider gains by joining whom the members would let in under the arm's rule.
    ExternalRule,
    /// Not all members would rather be alone.
    NotDissolved,
    /// No part does better by itself.
    Core,
    /// What a stable coalition is here: internal and external, by the rule and not dissolved where the accord of the window before stands.
    Stable,
    /// In an absorbing set of better replies.
    Absorbing,
    /// In one that better replies reach from alone.
    FromAlone,
    /// In one that better replies reach from the grand coalition.
    FromGrand,
    /// In the farsighted stable set that was found.
    Farsighted,
    /// A farsighted stable set by itself.
    FarsightedAlone,
}

impl Mark {
    /// All of them; those from [`Mark::Absorbing`] on only with foresight.
    pub const ALL: [Mark; 14] = [
        Mark::Internal,
        Mark::InternalWithoutPenalty,
        Mark::SidePayments,
        Mark::ExternalOpen,
        Mark::ExternalExclusive,
        Mark::ExternalRule,
        Mark::NotDissolved,
        Mark::Core,
        Mark::Stable,
        Mark::Absorbing,
        Mark::FromAlone,
        Mark::FromGrand,
        Mark::Farsighted,
        Mark::FarsightedAlone,
    ];

    fn bit(self) -> u16 {
        1 << self as u16
    }

    /// Whether `marks` has it.
    pub fn is_in(self, marks: u16) -> bool {
        marks & self.bit() != 0
    }
}

/// What a world says of one state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StateVerdict {
    /// Shapley value of the game of gains, USD bn.
    pub shapley: f64,
    /// Nucleolus of the game of gains, USD bn.
    pub nucleolus: f64,
    /// Share of others' votes at which this state's vote decides; NaN where nobody votes.
    pub pivotal: f64,
    /// Whether it would leave the grand coalition (31).
    pub leaves: bool,
    /// What leaving the grand coalition would bring, net of the penalty, USD bn; negative is what it could give away and still stay.
    pub temptation: f64,
    /// What it gets more outside an accord of all others than if all are alone, USD bn.
    pub free_ride: f64,
}

/// What a world says of where single moves lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PathVerdict {
    /// Absorbing sets.
    pub sets: usize,
    /// Nodes of the largest.
    pub largest: usize,
    /// About the farsighted stable set.
    pub stable_set: StableSet,
}

/// What one world says. Used again for every world.
#[derive(Debug, Clone, Default)]
pub struct WorldVerdict {
    /// Whether the arm's rules are in force in the window; if not, nothing else here counts.
    pub in_force: bool,
    /// The accord of the window before, a set of states; empty without one.
    pub before: StateSet,
    /// The accord of the window, as in a run.
    pub accord: StateSet,
    /// Marks of each coalition, by mask.
    pub marks: Vec<u16>,
    /// Members' total gain over alone of each coalition, USD bn.
    pub gains: Vec<f64>,
    /// By player.
    pub states: Vec<StateVerdict>,
    /// The least binding at which the grand coalition holds; infinite if none.
    pub least_binding: f64,
    /// With foresight.
    pub paths: PathVerdict,
}

impl WorldVerdict {
    /// About how many bytes a world of so many players takes while it is judged.
    pub fn bytes(players: usize) -> usize {
        (size_of::<f64>() + size_of::<u16>()) << players
    }
}

/// The scratch memory of one thread.
pub struct Judge {
    player: Player,
    draws: Vec<f64>,
    scratch: WorldScratch,
    /// Only where payoffs depend on binding.
    probe: Option<BindingProbe>,
}

/// What is worked on in one world.
struct WorldScratch {
    question: StabilityQuestion,
    all: AllCoalitions,
    game: AccordGame,
    /// By mask, whether the arm's rule keeps everybody out who would gain by joining.
    closed: Vec<bool>,
    paths: Paths,
    penalties: Vec<f64>,
    stakes: Vec<f64>,
    weights: Vec<f64>,
}

impl Judge {
    /// A judge of worlds of `model`.
    pub fn new(model: &Model, question: StabilityQuestion) -> Judge {
        Judge {
            player: Player::new(model),
            draws: vec![0.0; model.uncertain.len()],
            scratch: WorldScratch {
                question,
                all: AllCoalitions::default(),
                game: AccordGame::default(),
                closed: Vec::new(),
                paths: Paths::default(),
                penalties: Vec::new(),
                stakes: Vec::new(),
                weights: Vec::new(),
            },
            probe: (question.window > 0).then(|| BindingProbe::new(model, question)),
        }
    }

    /// Fills the verdict of a world.
    ///
    /// # Errors
    /// A draw that leaves its range, shares that cannot be found.
    pub fn judge(
        &mut self,
        model: &Model,
        trial: u64,
        verdict: &mut WorldVerdict,
    ) -> Result<(), StabilityError> {
        let question = self.scratch.question;
        let arm = &model.arms[question.arm];
        let (scratch, draws) = (&mut self.scratch, &mut self.draws);
        let look = |world: &mut CoalitionWorld| scratch.look(arm, world, verdict);
        let looked =
            self.player
                .coalitions(model, trial, question.arm, question.window, draws, look)?;
        let rules = looked.map_err(|source| StabilityError::Shares {
            arm: arm.name.clone(),
            trial,
            source,
        })?;
        verdict.in_force = rules.active;
        if rules.active {
            let stands = arm.standing && question.window > 0;
            self.scratch.weigh(verdict, stands);
            for &number in verdict.gains.iter().chain(&self.scratch.all.payoffs) {
                let path = || format!("{}: what a coalition brings its members", arm.name);
                check(number, trial, path)?;
            }
            let game = &self.scratch.game;
            verdict.least_binding = match &mut self.probe {
                None => from_stakes(game, &self.scratch.stakes),
                Some(probe) => {
                    let holds = game.is_internal(game.grand(), true);
                    probe.least(question, trial, rules.binding, holds)?
                }
            };
        }
        Ok(())
    }
}

impl WorldScratch {
    /// Reads everything off the world.
    fn look(
        &mut self,
        arm: &Arm,
        world: &mut CoalitionWorld,
        verdict: &mut WorldVerdict,
    ) -> Result<Rules, CoalitionError> {
        let rules = world.rules();
        if !rules.active {
            return Ok(rules);
        }
        verdict.before = world.before();
        verdict.accord = world.form().accord;
        world.sound()?;
        world.all(arm.members, &mut self.all)?;
        let players = &self.all.players;
        self.stakes.clear();
        let stake = |&i: &usize| rules.penalty * world.penalty_base(i);
        self.stakes.extend(players.iter().map(stake));
        self.penalties.clear();
        let penalty = |stake: &f64| rules.binding * stake;
        self.penalties.extend(self.stakes.iter().map(penalty));
        self.weights.clear();
        self.weights
            .extend(players.iter().map(|&i| world.weight(i)));
        self.game
            .refill(players.len(), &self.all.payoffs, &self.penalties);
        self.closed.clear();
        for mask in 0..=self.game.grand() {
            let is_closed = self.is_closed(world, mask);
            self.closed.push(is_closed);
        }
        self.value_states(arm, rules.quota, verdict)?;
        Ok(rules)
    }

    /// Whether nobody gains by joining a coalition whom its members would let in under the arm's rule, each saying yes where it does not lose.
    fn is_closed(&self, world: &CoalitionWorld, mask: usize) -> bool {
        let game = &self.game;
        let outside = members((game.grand() & !mask) as u64);
        let mut joining = outside.filter(|&p| game.joins(mask, p));
        joining.all(|p| {
            let agree = game.agreeing(mask, p);
            !world.consents(self.all.states(mask), self.all.states(agree))
        })
    }

    /// Values of the game of gains, and who decides a vote.
    fn value_states(
        &self,
        arm: &Arm,
        quota: f64,
        verdict: &mut WorldVerdict,
    ) -> Result<(), CoalitionError> {
        let k = self.all.count();
        let mut shapley = vec![0.0; k];
        shapley_value(&self.all.cover, k, &mut shapley);
        let nucleolus = nucleolus(&Game::new(self.all.cover.clone())?)?;
        let pivotal = pivotal_shares(arm, &self.all.players, &self.weights, quota)?;
        let (game, grand) = (&self.game, self.game.grand());
        verdict.states.clear();
        verdict.states.extend((0..k).map(|p| StateVerdict {
            shapley: shapley[p],
            nucleolus: nucleolus[p],
            pivotal: pivotal.as_ref().map_or(f64::NAN, |shares| shares[p]),
            leaves: game.leaves(grand, p),
            temptation: game.gain_from_leaving(grand, p) - game.penalty(p),
            free_ride: game.payoff(grand & !(1 << p), p) - game.alone(p),
        }));
        Ok(())
    }

    /// Marks of every coalition.
    fn weigh(&mut self, verdict: &mut WorldVerdict, stands: bool) {
        let game = &mut self.game;
        verdict.gains.clone_from(&self.all.gains);
        verdict.marks.clear();
        for mask in 0..=game.grand() {
            let marks = marks_of(game, mask, self.closed[mask], stands);
            verdict.marks.push(marks);
        }
        if !self.question.farsighted {
            return;
        }
        let paths = &mut self.paths;
        paths.follow(game);
        for (mask, marks) in verdict.marks.iter_mut().enumerate() {
            let found = [
                (Mark::Absorbing, paths.absorbing[mask]),
                (Mark::FromAlone, paths.from_alone[mask]),
                (Mark::FromGrand, paths.from_grand[mask]),
                (Mark::Farsighted, paths.in_stable_set[mask]),
                (Mark::FarsightedAlone, paths.is_stable_alone[mask]),
            ];
            for (mark, _) in found.into_iter().filter(|&(_, holds)| holds) {
                *marks |= mark.bit();
            }
        }
        verdict.paths = PathVerdict {
            sets: paths.sets,
            largest: paths.largest,
            stable_set: paths.stable_set,
        };
    }
}

/// Marks of a coalition that need no foresight; none with fewer than two members.
fn marks_of(game: &mut AccordGame, mask: usize, closed: bool, stands: bool) -> u16 {
    if mask.count_ones() < 2 {
        return 0;
    }
    let internal = game.is_internal(mask, true);
    let open = game.is_external_open(mask);
    let kept = !game.is_dissolved(mask);
    let stable = match stands {
        true => internal && closed && kept,
        false => internal && open,
    };
    let found = [
        (Mark::Internal, internal),
        (Mark::InternalWithoutPenalty, game.is_internal(mask, false)),
        (Mark::SidePayments, game.is_held_by_side_payments(mask)),
        (Mark::ExternalOpen, open),
        (
            Mark::ExternalExclusive,
            open || game.is_external_exclusive(mask),
        ),
        (Mark::ExternalRule, closed),
        (Mark::NotDissolved, kept),
        (Mark::Core, game.is_in_core(mask)),
        (Mark::Stable, stable),
    ];
    let held = found.into_iter().filter(|&(_, holds)| holds);
    held.fold(0, |marks, (mark, _)| marks | mark.bit())
}
