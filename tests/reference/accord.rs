//! Forming, keeping and sharing in an accord, section 7.

use super::account::{Parts, parts};
use super::given::{
    Arm, ArmNumbers, Given, Join, Mode, Rule, Set, Sharing, Weights, count, has, list, with,
    without,
};
use super::network::{Economy, Standing};
use super::tables::{Play, play};
use mufakat::theory::coalition::game::Game;
use mufakat::theory::coalition::nucleolus::nucleolus;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// One play and what it gives each state.
pub struct Evaluated<'a> {
    pub economy: Economy<'a>,
    pub play: Play,
    pub parts: Vec<Parts>,
}

impl Evaluated<'_> {
    /// u_i before sharing, undelayed.
    pub fn payoff(&self, i: usize) -> f64 {
        self.parts[i].payoff(1.0)
    }
}

/// What became of talks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Formed {
    pub accord: Set,
    pub left: Set,
    pub rounds: usize,
    /// J.
    pub talked: Set,
}

type Known<'a> = RefCell<HashMap<(Set, bool), Rc<Evaluated<'a>>>>;

/// One window of an arm before anything is agreed; plays are kept by accord.
pub struct Window<'a> {
    pub given: &'a Given,
    pub window: usize,
    pub index: usize,
    pub arm: &'a Arm,
    pub rules: &'a ArmNumbers,
    pub standing: &'a Standing,
    /// The standing with talent_i(0), compute_i(0).
    pub first: &'a Standing,
    known: Known<'a>,
    values: RefCell<HashMap<Set, Rc<Vec<f64>>>>,
}

impl<'a> Window<'a> {
    pub fn new(
        given: &'a Given,
        window: usize,
        index: usize,
        standing: &'a Standing,
        first: &'a Standing,
    ) -> Window<'a> {
        Window {
            given,
            window,
            index,
            arm: &given.arms[index],
            rules: &given.windows[window].arms[index],
            standing,
            first,
            known: RefCell::default(),
            values: RefCell::default(),
        }
    }

    pub fn economy(&self, accord: Set) -> Economy<'a> {
        Economy::new(self.given, self.window, self.index, self.standing, accord)
    }

    fn evaluated(&self, economy: Economy<'a>, play: Play) -> Evaluated<'a> {
        let blank = Economy::new(self.given, self.window, self.index, self.first, 0);
        let parts = (0..economy.n)
            .map(|i| parts(&economy, &blank, &play, i))
            .collect();
        Evaluated {
            economy,
            play,
            parts,
        }
    }

    /// What the arm plays where no accord is meant: bilateral with its short list, contest, or bilateral where it is not active.
    pub fn without_accord(&self) -> Evaluated<'a> {
        let economy = self.economy(0);
        let mode = if self.rules.active && !self.arm.mode.accord() {
            self.arm.mode
        } else {
            Mode::Bilateral
        };
        let tenders = self.rules.active && self.arm.mode == Mode::Bilateral;
        let play = play(&economy, self.arm, mode, 0, tenders);
        self.evaluated(economy, play)
    }

    /// B of an accord.
    pub fn bloc(&self, accord: Set) -> Set {
        let seated = accord & self.arm.table.unwrap_or(accord);
        if self.arm.mode == Mode::Bloc && count(seated) >= 2 {
            seated
        } else {
            0
        }
    }

    /// The play under an accord; `apart`: nobody at a joint table, no short list (43).
    pub fn under(&self, accord: Set, apart: bool) -> Rc<Evaluated<'a>> {
        if let Some(known) = self.known.borrow().get(&(accord, apart)) {
            return Rc::clone(known);
        }
        let economy = self.economy(accord);
        let play = if accord == 0 {
            play(&economy, self.arm, Mode::Bilateral, 0, false)
        } else if apart {
            play(&economy, self.arm, Mode::Framework, 0, false)
        } else {
            play(&economy, self.arm, self.arm.mode, self.bloc(accord), true)
        };
        let evaluated = Rc::new(self.evaluated(economy, play));
        let kept = Rc::clone(&evaluated);
        self.known.borrow_mut().insert((accord, apart), kept);
        evaluated
    }

    fn alone(&self, i: usize) -> f64 {
        self.under(0, false).payoff(i)
    }

    /// u_i(C) of section 7: undelayed, after sharing.
    fn payoff(&self, accord: Set, i: usize) -> f64 {
        if count(accord) < 2 {
            return self.alone(i);
        }
        if let Some(values) = self.values.borrow().get(&accord) {
            return values[i];
        }
        let values = Rc::new(self.shared(accord, &vec![1.0; self.given.n()]));
        let kept = Rc::clone(&values);
        self.values.borrow_mut().insert(accord, kept);
        values[i]
    }

    /// Step 5: payoffs under an accord with the f_i in `delays`.
    pub fn shared(&self, accord: Set, delays: &[f64]) -> Vec<f64> {
        let n = self.given.n();
        let (inside, outside) = (self.under(accord, false), self.under(0, false));
        let mut payoffs: Vec<f64> = (0..n).map(|i| inside.parts[i].payoff(delays[i])).collect();
        let bloc = self.bloc(accord);
        let part = self.rules.side_payments;
        if bloc == 0 || part == 0.0 || self.arm.sharing == Sharing::None {
            return payoffs;
        }
        let alone: Vec<f64> = (0..n).map(|i| outside.parts[i].payoff(delays[i])).collect();
        let pool: f64 = list(bloc).map(|i| payoffs[i] - alone[i]).sum();
        for (i, share) in list(bloc).zip(self.shares(bloc, pool)) {
            payoffs[i] = (1.0 - part) * payoffs[i] + part * (alone[i] + share * pool);
        }
        payoffs
    }

    fn shares(&self, bloc: Set, pool: f64) -> Vec<f64> {
        let states = &self.given.windows[self.window].states;
        let proportional = |of: &dyn Fn(usize) -> f64| -> Vec<f64> {
            let total: f64 = list(bloc).map(of).sum();
            list(bloc).map(|i| of(i) / total).collect()
        };
        let game = |values: Vec<f64>| {
            let total: f64 = values.iter().sum();
            if pool <= 0.0 || total <= 0.0 {
                vec![1.0 / count(bloc) as f64; count(bloc)]
            } else {
                values.iter().map(|value| value / total).collect()
            }
        };
        match self.arm.sharing {
            Sharing::None => unreachable!("asked only where something is shared"),
            Sharing::Equal => proportional(&|_| 1.0),
            Sharing::Gdp => proportional(&|i| states[i].gdp),
            Sharing::Population => proportional(&|i| states[i].population),
            Sharing::Shapley => game(shapley(&self.game(bloc))),
            Sharing::Nucleolus => {
                let values = self.game(bloc);
                game(nucleolus(&Game::new(values).expect("a game")).expect("small enough"))
            }
        }
    }

    /// w(C) for C ⊆ B, players in index order, monotone cover.
    pub fn game(&self, bloc: Set) -> Vec<f64> {
        let players: Vec<usize> = list(bloc).collect();
        let mut game = vec![0.0; 1 << players.len()];
        for coalition in 0..game.len() {
            let accord = list(coalition as Set).fold(0, |set, p| with(set, players[p]));
            if count(accord) >= 2 {
                let inside = self.under(accord, false);
                game[coalition] = list(accord).map(|i| inside.payoff(i) - self.alone(i)).sum();
            }
            // Smaller numbers hold all smaller sets, so those are covered already.
            for p in list(coalition as Set) {
                game[coalition] = game[coalition].max(game[without(coalition as Set, p) as usize]);
            }
        }
        game
    }

    /// p_i.
    fn willing(&self, i: usize) -> bool {
        let numbers = &self.given.windows[self.window];
        let probability = match self.arm.join {
            Join::Will => numbers.states[i].will,
            Join::Goodwill => numbers.states[i].goodwill,
            Join::Number => self.rules.join,
        };
        numbers.joining[i] < probability
    }

    fn tolerance(&self, i: usize) -> f64 {
        1e-9 * self.alone(i).abs().max(1.0)
    }

    /// political_noise·ε_i·|alone_i| in a round, the first being 0.
    fn noise(&self, round: usize, i: usize) -> f64 {
        let votes = &self.given.windows[self.window].votes;
        let normal = votes.get(round).map_or(0.0, |normals| normals[i]);
        self.rules.political_noise * normal * self.alone(i).abs()
    }

    /// Does i say yes to `to` rather than have `from`?
    fn agrees(&self, i: usize, to: f64, from: f64, round: usize) -> bool {
        to + self.noise(round, i) >= from - self.tolerance(i)
    }

    fn weight(&self, set: Set) -> f64 {
        let states = &self.given.windows[self.window].states;
        list(set)
            .map(|i| match self.arm.weights {
                Weights::Equal => 1.0,
                Weights::Gdp => states[i].gdp,
                Weights::Population => states[i].population,
            })
            .sum()
    }

    fn majority(&self, yes: Set, of: Set) -> bool {
        self.weight(yes) >= (self.rules.quota - 1e-12) * self.weight(of)
    }

    /// Steps 0 to 3; `before` is the accord of the window before, `known`: an accord has survived in a window before.
    pub fn form(&self, before: Set) -> Formed {
        let invited = self.arm.members;
        let mut formed = Formed::default();
        if self.arm.rule == Rule::Mandate {
            formed.accord = if count(invited) >= 2 { invited } else { 0 };
            return formed;
        }
        let stood = self.arm.standing && count(before) >= 2;
        if stood {
            formed.accord = self.accession(before);
        } else {
            self.talk(&mut formed);
        }
        if self.arm.defection && formed.accord != 0 {
            self.leave(&mut formed, stood);
        }
        formed
    }

    /// Step 0.
    fn accession(&self, mut accord: Set) -> Set {
        for i in list(self.arm.members & !accord) {
            if !self.willing(i) {
                continue;
            }
            let wider = with(accord, i);
            let (to, from) = (self.payoff(wider, i), self.payoff(accord, i));
            let admitted = if self.arm.rule == Rule::None {
                to >= from - self.tolerance(i)
            } else {
                self.agrees(i, to, from, 0) && self.consents(accord, wider)
            };
            if admitted {
                accord = wider;
            }
        }
        accord
    }

    fn consents(&self, accord: Set, wider: Set) -> bool {
        let yes = list(accord)
            .filter(|&j| self.agrees(j, self.payoff(wider, j), self.payoff(accord, j), 0))
            .fold(0, with);
        match self.arm.rule {
            Rule::Consensus => yes == accord,
            Rule::MinusX => count(accord & !yes) <= self.arm.opt_outs,
            Rule::QualifiedMajority => self.majority(yes, accord),
            Rule::Lead => self.arm.lead.is_some_and(|lead| has(yes, lead)),
            Rule::None | Rule::Mandate => true,
        }
    }

    /// Steps 1 and 2.
    fn talk(&self, formed: &mut Formed) {
        let joined = list(self.arm.members)
            .filter(|&i| self.willing(i))
            .fold(0, with);
        if count(joined) < 2 {
            return;
        }
        if self.arm.rule == Rule::None {
            formed.accord = joined;
            return;
        }
        formed.talked = joined;
        for round in 0..self.arm.max_rounds {
            formed.rounds = round + 1;
            if let Some(accord) = self.poll(joined, round) {
                formed.accord = accord;
                return;
            }
        }
    }

    /// One round of talks.
    fn poll(&self, joined: Set, round: usize) -> Option<Set> {
        let yes = |accord: Set| {
            list(accord)
                .filter(|&i| self.agrees(i, self.payoff(accord, i), self.alone(i), round))
                .fold(0, with)
        };
        match self.arm.rule {
            Rule::Consensus => (yes(joined) == joined).then_some(joined),
            Rule::QualifiedMajority => self.majority(yes(joined), joined).then_some(joined),
            Rule::Lead => {
                let lead = self.arm.lead?;
                (has(joined, lead) && has(yes(joined), lead)).then_some(joined)
            }
            Rule::MinusX => {
                let mut accord = joined;
                loop {
                    let stay = yes(accord);
                    if stay == accord {
                        return Some(accord);
                    }
                    accord = stay;
                    if count(joined & !accord) > self.arm.opt_outs || count(accord) < 2 {
                        return None;
                    }
                }
            }
            Rule::None | Rule::Mandate => unreachable!("these have no talks"),
        }
    }

    /// Step 3.
    fn leave(&self, formed: &mut Formed, stood: bool) {
        let none = self.economy(0);
        loop {
            let accord = formed.accord;
            let gain = |i: usize| {
                let penalty = self.rules.binding
                    * self.rules.penalty
                    * none.value[i]
                    * (1.0 - self.standing.compute[i]);
                self.payoff(without(accord, i), i) - self.payoff(accord, i) - penalty
            };
            let gains: Vec<(f64, usize)> = list(accord).map(|i| (gain(i), i)).collect();
            let best = gains
                .iter()
                .filter(|&&(gain, i)| gain > self.tolerance(i))
                .map(|g| g.0)
                .fold(f64::NEG_INFINITY, f64::max);
            if best == f64::NEG_INFINITY {
                break;
            }
            let first = gains
                .iter()
                .find(|&&(gain, i)| gain > self.tolerance(i) && gain >= best - self.tolerance(i));
            let i = first.expect("the largest itself").1;
            formed.left = with(formed.left, i);
            formed.accord = without(accord, i);
            if count(formed.accord) < 2 {
                formed.accord = 0;
                return;
            }
        }
        let accord = formed.accord;
        let alone = |i: usize| self.payoff(accord, i) < self.alone(i) - self.tolerance(i);
        if stood && list(accord).all(alone) {
            formed.accord = 0;
        }
    }
}

/// The Shapley value by the definition: marginal contributions over all coalitions without the player.
fn shapley(game: &[f64]) -> Vec<f64> {
    let players = game.len().trailing_zeros() as usize;
    let factorial = |k: usize| -> f64 { (1..=k).map(|j| j as f64).product() };
    (0..players)
        .map(|p| {
            (0..game.len() as Set)
                .filter(|&coalition| !has(coalition, p))
                .map(|coalition| {
                    let before = count(coalition);
                    let weight =
                        factorial(before) * factorial(players - before - 1) / factorial(players);
                    weight * (game[with(coalition, p) as usize] - game[coalition as usize])
                })
                .sum()
        })
        .collect()
}
