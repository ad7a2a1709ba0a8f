//! How an accord comes about where what each coalition gets is given: small exact examples of section 7 of the model.

mod accession;
mod leaving;

use crate::support::{Symmetric, model};
use mufakat::engine::model::Model;
use mufakat::engine::model::arm::VotingRule::Consensus;
use mufakat::engine::model::arm::{Arm, Mode, StateSet, VotingRule, full_set};
use mufakat::engine::model::valuation::Economy;
use mufakat::engine::model::world::Streams;
use mufakat::engine::negotiation::accord::coalitions::Coalitions;
use mufakat::engine::negotiation::accord::formation::{Assembly, Formed, Noise, Precedent};
use mufakat::engine::negotiation::arm_economy::ArmEconomy;
use mufakat::engine::negotiation::cache::frontiers::FrontierCache;
use mufakat::engine::negotiation::payoff::PayoffParts;
use mufakat::engine::negotiation::standing::Standing;
use mufakat::engine::negotiation::tables::play::WindowPlay;
use mufakat::engine::negotiation::tables::talks::Talks;

const STATES: usize = 4;

/// A window in which each state's payoff in each coalition is given, so that nothing is played: alone_i unless another is.
struct Game {
    model: Model,
    arm: Arm,
    economy: Economy,
    arm_economy: ArmEconomy,
    standing: Standing,
    joining: [f64; STATES],
    alone: [f64; STATES],
    others: Vec<(StateSet, usize, f64)>,
    before: StateSet,
}

impl Game {
    /// An accord of the four by a rule, with nothing before; all would join.
    fn new(rule: VotingRule) -> Game {
        let model = model(&Symmetric::new(STATES).text());
        let arm_economy = ArmEconomy::new(&model);
        let mut arm = Arm::new("accord", Mode::Framework, STATES);
        arm.rule = rule;
        let mut game = Game {
            model,
            arm,
            economy: Economy::new(STATES, 1, 0),
            arm_economy,
            standing: Standing::new(STATES, 1),
            joining: [0.0; STATES],
            alone: [0.0; STATES],
            others: Vec::new(),
            before: 0,
        };
        game.economy.will.fill(1.0);
        game.economy.gdp.fill(1.0);
        game.arm_economy.rules.active = true;
        game.arm_economy.rules.quota = 0.5;
        game
    }

    /// The same where an accord of some of them stands.
    fn of(rule: VotingRule, before: StateSet) -> Game {
        Game {
            before,
            ..Game::new(rule)
        }
    }

    /// State i gets so much more under the accord of a coalition than alone.
    fn pays(mut self, coalition: StateSet, i: usize, more: f64) -> Game {
        self.others.push((coalition, i, more));
        self
    }

    fn payoff(&self, coalition: StateSet, i: usize) -> f64 {
        let given = self
            .others
            .iter()
            .find(|one| (one.0, one.1) == (coalition, i));
        self.alone[i] + given.map_or(0.0, |one| one.2)
    }

    /// What becomes of the accord. Whoever looks at a coalition of one sees a NaN.
    fn form(&self) -> Formed {
        let open = FrontierCache::new(STATES, 1);
        let streams = Streams::new(&self.model);
        let assembly = Assembly {
            talks: Talks {
                economy: &self.economy,
                arm_economy: &self.arm_economy,
                standing: &self.standing,
                arm: &self.arm,
                open: &open,
                floored: &open,
                sequence: &[],
                places: &[],
            },
            noise: Noise {
                streams: &streams,
                trial: 0,
                window: 0,
                joining: &self.joining,
            },
            window_years: 3.0,
        };
        let mut coalitions = Coalitions::new(STATES, 1, 0);
        coalitions.clear();
        for coalition in 0..=full_set(STATES) {
            let parts = [0, 1, 2, 3].map(|i| PayoffParts {
                own: match coalition.count_ones() {
                    1 => f64::NAN,
                    _ => self.payoff(coalition, i),
                },
                ..PayoffParts::default()
            });
            coalitions.store(coalition, &parts);
        }
        let before = Precedent {
            accord: self.before,
            formed: self.before != 0,
        };
        let mut play = WindowPlay::new(STATES, 1, 0);
        assembly.form(&mut play, &mut coalitions, before)
    }

    /// ε of a state in the first round.
    fn noise(&self, i: usize) -> f64 {
        Streams::new(&self.model).vote(0, i, 0, 0)
    }

    #[track_caller]
    fn ends(&self, accord: StateSet, left: StateSet) {
        let formed = self.form();
        assert_eq!(
            (formed.accord, formed.left),
            (accord, left),
            "{:04b} and {:04b} left",
            formed.accord,
            formed.left
        );
    }
}

/// Ties agree and stay by 1e-9·max(1, |alone_i|): by 1e-9 at 0, by 2e-6 at 2000 either way.
const TIES: [(f64, f64); 3] = [(0.0, 1e-9), (2000.0, 2e-6), (-2000.0, 2e-6)];

#[test]
fn an_accord_is_talked_about_anew_where_none_stands() {
    let refused = |before, standing| {
        let mut game = Game::of(Consensus, before).pays(0b1111, 3, -1.0);
        game.arm.standing = standing;
        game.arm.max_rounds = 2;
        game.form()
    };
    let stands = refused(0b0111, true);
    assert_eq!((stands.accord, stands.rounds), (0b0111, 0));
    for anew in [refused(0b0111, false), refused(0, true)] {
        assert_eq!((anew.accord, anew.rounds, anew.talked), (0, 2, 0b1111));
    }
}

#[test]
fn talks_postpone_gains_until_an_accord_has_formed() {
    // f = 1 − (1 − ¼)·min(1, rounds·½/3).
    for (max_rounds, before, delay) in [(2, 0, 0.75), (6, 0, 0.25), (9, 0, 0.25), (2, 0b0011, 1.0)]
    {
        let mut game = Game::of(Consensus, before).pays(0b1111, 3, -1.0);
        game.arm.standing = false;
        game.arm.max_rounds = max_rounds;
        game.arm_economy.rules.round_years = 0.5;
        game.arm_economy.rules.interim = 0.25;
        assert_eq!(game.form().delay, delay);
    }
}

#[test]
fn fewer_than_two_neither_talk_nor_agree() {
    let mut game = Game::new(Consensus);
    game.joining = [0.0, 1.0, 1.0, 1.0];
    let formed = game.form();
    assert_eq!((formed.joined, formed.accord), (0b0001, 0));
    assert_eq!((formed.talked, formed.rounds, formed.delay), (0, 0, 1.0));
}
