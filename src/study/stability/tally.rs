//! Worlds added up in their order, in bounded memory.

use crate::engine::model::Model;
use crate::engine::model::arm::{StateSet, members};
use crate::study::farsighted::StableSet;
use crate::study::results::stability::{PathsResult, StableSetShares, StateResult};
use crate::study::stability::binding::{LeastBinding, over_worlds};
use crate::study::stability::judge::{Mark, StateVerdict, WorldVerdict};
use crate::study::stability::question::StabilityQuestion;
use crate::theory::stats::summary::{Stat, Streamed, summarise};

/// Bytes of the gains that are kept for quantiles, at most.
const MEMORY: u64 = 256 << 20;

/// What is kept of worlds: counts of marks, moments of gains, and values for quantiles.
#[derive(Debug)]
pub struct Tally {
    question: StabilityQuestion,
    players: Vec<usize>,
    /// Worlds in which the arm is in force.
    worlds: u64,
    /// Worlds of which gains are kept.
    room: usize,
    /// By mask.
    counts: Vec<[u64; Mark::ALL.len()]>,
    /// Worlds by the accord of the window before and of this one, by mask.
    accords: Vec<[u64; 2]>,
    /// Worlds in which an accord stands as it did in the window before.
    unchanged: u64,
    gains: Vec<Streamed>,
    /// Gains by world and mask, of the first worlds.
    kept: Vec<f64>,
    /// By world and player, of all worlds.
    states: Vec<StateVerdict>,
    bindings: Vec<f64>,
    sets: Vec<f64>,
    largest: Vec<f64>,
    /// Worlds by what is known of a farsighted stable set.
    stable_sets: [u64; 4],
}

/// What is known of a coalition over worlds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CoalitionSummary {
    /// Its members, a mask of players.
    pub mask: usize,
    /// Shares of worlds, in the order of [`Mark::ALL`].
    pub shares: [f64; Mark::ALL.len()],
    /// Shares of worlds in which it is the accord of the window before, and of this one.
    pub accord: [f64; 2],
    /// Members' total gain over alone.
    pub gain: Stat,
}

/// What is known of the accords of a run; shares of worlds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AccordShares {
    /// With an accord in the window.
    pub formed: f64,
    /// With one in the window before.
    pub before: f64,
    /// With the same in both.
    pub unchanged: f64,
}

impl CoalitionSummary {
    /// The share of worlds in which the coalition has a mark.
    pub fn share(&self, mark: Mark) -> f64 {
        self.shares[mark as usize]
    }

    /// How many members it has.
    pub fn size(&self) -> u32 {
        self.mask.count_ones()
    }
}

impl Tally {
    /// A tally of so many worlds.
    pub fn new(model: &Model, question: StabilityQuestion, worlds: u64) -> Tally {
        let players: Vec<usize> = members(question.invited(model)).collect();
        let whole = 1usize << players.len();
        let room = (MEMORY / 8 / whole as u64).clamp(1, worlds.max(1));
        Tally {
            question,
            players,
            worlds: 0,
            room: room as usize,
            counts: vec![[0; Mark::ALL.len()]; whole],
            accords: vec![[0; 2]; whole],
            unchanged: 0,
            gains: vec![Streamed::default(); whole],
            kept: Vec::new(),
            states: Vec::new(),
            bindings: Vec::new(),
            sets: Vec::new(),
            largest: Vec::new(),
            stable_sets: [0; 4],
        }
    }

    /// Takes in the next world.
    pub fn add(&mut self, verdict: &WorldVerdict) {
        if !verdict.in_force {
            return;
        }
        self.worlds += 1;
        let masks = [verdict.before, verdict.accord].map(|accord| self.mask_of(accord));
        for (which, mask) in masks.into_iter().enumerate() {
            self.accords[mask][which] += 1;
        }
        self.unchanged += u64::from(masks[0] == masks[1] && masks[0] != 0);
        for (mask, &marks) in verdict.marks.iter().enumerate() {
            for mark in Mark::ALL {
                self.counts[mask][mark as usize] += u64::from(mark.is_in(marks));
            }
            self.gains[mask].push(verdict.gains[mask]);
        }
        if self.worlds <= self.room as u64 {
            self.kept.extend_from_slice(&verdict.gains);
        }
        self.states.extend_from_slice(&verdict.states);
        self.bindings.push(verdict.least_binding);
        if self.question.farsighted {
            self.sets.push(verdict.paths.sets as f64);
            self.largest.push(verdict.paths.largest as f64);
            self.stable_sets[stable_set_place(verdict.paths.stable_set)] += 1;
        }
    }

    /// The question.
    pub fn question(&self) -> StabilityQuestion {
        self.question
    }

    /// The states of the players.
    pub fn players(&self) -> &[usize] {
        &self.players
    }

    /// The states of a mask.
    pub fn states_of(&self, mask: usize) -> StateSet {
        members(mask as u64).fold(0, |set, p| set | 1 << self.players[p])
    }

    /// The mask of some states.
    fn mask_of(&self, states: StateSet) -> usize {
        let players = self.players.iter().enumerate();
        let inside = players.filter(|(_, i)| states >> **i & 1 == 1);
        inside.fold(0, |mask, (p, _)| mask | 1 << p)
    }

    /// What accords the runs of these worlds have.
    pub fn accords(&self) -> AccordShares {
        let share = |worlds: u64| worlds as f64 / self.worlds.max(1) as f64;
        let none = self.accords[0];
        AccordShares {
            formed: share(self.worlds - none[1]),
            before: share(self.worlds - none[0]),
            unchanged: share(self.unchanged),
        }
    }

    /// Worlds in which the arm is in force: all shares are of these.
    pub fn worlds(&self) -> u64 {
        self.worlds
    }

    /// Of how many first worlds the quantiles of gains are; none if of all.
    pub fn quantiles_of_first(&self) -> Option<u64> {
        (self.worlds > self.room as u64).then_some(self.room as u64)
    }

    /// The coalition of all invited.
    pub fn grand(&self) -> usize {
        self.counts.len() - 1
    }

    /// Masks of the coalitions, two members and more, smaller first and in the order of states.
    pub fn coalitions(&self) -> Vec<usize> {
        let mut masks: Vec<usize> = (0..=self.grand())
            .filter(|mask| mask.count_ones() >= 2)
            .collect();
        // Reversed bits put earlier states first among coalitions of a size.
        masks.sort_by_key(|&mask| (mask.count_ones(), std::cmp::Reverse(mask.reverse_bits())));
        masks
    }

    /// What is known of a coalition; none without worlds.
    pub fn coalition(&self, mask: usize) -> Option<CoalitionSummary> {
        let whole = self.counts.len();
        let kept = self.kept.iter().skip(mask).step_by(whole).copied();
        let worlds = self.worlds as f64;
        Some(CoalitionSummary {
            mask,
            shares: self.counts[mask].map(|count| count as f64 / worlds),
            accord: self.accords[mask].map(|count| count as f64 / worlds),
            gain: self.gains[mask].stat_of_values(kept)?,
        })
    }

    /// What is known of a player; none without worlds.
    pub fn state(&self, p: usize) -> Option<StateResult> {
        let k = self.players.len();
        let own = || self.states.iter().skip(p).step_by(k);
        let grand = || self.states.chunks_exact(k);
        let of = |value: fn(&StateVerdict) -> f64| summarise(own().map(value));
        let mean_share = |value: fn(&StateVerdict) -> f64| {
            let shares = own().zip(grand()).map(|(own, all)| {
                let sum: f64 = all.iter().map(value).sum();
                if sum > 0.0 {
                    value(own) / sum
                } else {
                    f64::NAN
                }
            });
            summarise(shares).map(|stat| stat.mean)
        };
        let leaving = own().filter(|state| state.leaves).count();
        let inside = self.accords.iter().enumerate();
        let inside = inside.filter(|(mask, _)| mask >> p & 1 == 1);
        let inside: u64 = inside.map(|(_, [_, accord])| accord).sum();
        Some(StateResult {
            shapley: mean_share(|state| state.shapley),
            nucleolus: mean_share(|state| state.nucleolus),
            shapley_value: of(|state| state.shapley)?,
            nucleolus_value: of(|state| state.nucleolus)?,
            pivotal: of(|state| state.pivotal).map(|stat| stat.mean),
            member: inside as f64 / self.worlds as f64,
            leaves: leaving as f64 / self.worlds as f64,
            needs: of(|state| if state.leaves { state.temptation } else { 0.0 })?,
            leeway: of(|state| 0.0 - state.temptation)?,
            free_ride: of(|state| state.free_ride)?,
        })
    }

    /// The least binding at which the grand coalition holds in half of the worlds; none without worlds.
    pub fn binding(&self) -> Option<LeastBinding> {
        over_worlds(&self.bindings)
    }

    /// Where single moves lead; none if that was not asked.
    pub fn paths(&self) -> Option<PathsResult> {
        let worlds = self.worlds as f64;
        let sets = summarise(self.sets.iter().copied())?;
        let largest = summarise(self.largest.iter().copied())?;
        let cycles = self.largest.iter().filter(|&&size| size > 1.0).count();
        let alone = |mark: Mark| self.counts[0][mark as usize] as f64 / worlds;
        let [unique, found, none, undecided] = self.stable_sets.map(|count| count as f64 / worlds);
        Some(PathsResult {
            cycle: cycles as f64 / worlds,
            sets,
            largest,
            alone: alone(Mark::Absorbing),
            alone_farsighted: alone(Mark::Farsighted),
            stable_set: StableSetShares {
                unique,
                found,
                none,
                undecided,
            },
        })
    }
}

fn stable_set_place(found: StableSet) -> usize {
    match found {
        StableSet::Unique => 0,
        StableSet::Found => 1,
        StableSet::None => 2,
        StableSet::Undecided => 3,
    }
}
