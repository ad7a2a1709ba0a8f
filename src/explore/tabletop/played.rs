//! What an accord came to in the worlds of an exercise, against each state alone.

use crate::engine::model::Model;
use crate::engine::model::arm::StateSet;
use crate::engine::outcome::{HyperscalerMetric, OutcomeLayout, StateMetric, TotalMetric};
use crate::theory::stats::summary::{Stat, summarise};

/// An accord in one world.
#[derive(Debug, Clone, PartialEq)]
pub struct TabletopWorld {
    /// What it adds to each state's payoff, US$ bn of present value.
    pub gains: Vec<f64>,
    /// What each state has alone, US$ bn.
    pub alone: Vec<f64>,
    /// What it adds to each supplier's profit, US$ bn.
    pub profits: Vec<f64>,
    /// Signed pairs over all windows, under it and alone.
    pub deals: [f64; 2],
    /// Capital of these, US$ bn, under it and alone.
    pub capital: [f64; 2],
    /// Who is in it in some window.
    pub members: StateSet,
    /// Who leaves it in some window.
    pub left: StateSet,
    /// By state and supplier, the share of windows in which the one alone hosts the other.
    pub hosted: Vec<f64>,
}

/// An accord in all worlds of an exercise.
#[derive(Debug, Clone, PartialEq)]
pub struct TabletopPlay {
    /// World by world.
    pub worlds: Vec<TabletopWorld>,
}

/// Where a world's numbers are read: the rows of two arms of a model.
#[derive(Debug, Clone, Copy)]
pub struct TabletopReader {
    layout: OutcomeLayout,
    arm: usize,
    reference: usize,
}

impl TabletopReader {
    /// A reader of an arm against a reference.
    pub fn new(model: &Model, arm: usize, reference: usize) -> TabletopReader {
        TabletopReader {
            layout: model.outcome_layout(),
            arm,
            reference,
        }
    }

    /// A world from the rows of all arms.
    pub fn world(&self, number: impl Fn(usize) -> f64) -> TabletopWorld {
        let layout = &self.layout;
        let own = |at: usize| number(self.arm * layout.len() + at);
        let alone = |at: usize| number(self.reference * layout.len() + at);
        let difference = |at: usize| own(at) - alone(at);
        let both = |at: usize| [own(at), alone(at)];
        let marked = |at: &dyn Fn(usize) -> usize| {
            let some = (0..layout.states).filter(|&i| own(at(i)) > 0.0);
            some.fold(0, |set: StateSet, i| set | 1 << i)
        };
        let payoff = |i: usize| layout.state(i, StateMetric::Payoff);
        let capital = |of: &dyn Fn(usize) -> f64| {
            let each = (0..layout.hyperscalers)
                .map(|h| of(layout.hyperscaler(h, HyperscalerMetric::Capex)));
            each.sum()
        };
        let pairs = (0..layout.states).flat_map(|i| {
            let each = 0..layout.hyperscalers;
            each.map(move |h| (i, h))
        });
        TabletopWorld {
            gains: (0..layout.states).map(|i| difference(payoff(i))).collect(),
            alone: (0..layout.states).map(|i| alone(payoff(i))).collect(),
            profits: (0..layout.hyperscalers)
                .map(|h| difference(layout.hyperscaler(h, HyperscalerMetric::Profit)))
                .collect(),
            deals: both(layout.total(TotalMetric::Deals)),
            capital: [capital(&own), capital(&alone)],
            members: marked(&|i| layout.member(i)),
            left: marked(&|i| layout.left(i)),
            hosted: pairs.map(|(i, h)| alone(layout.signed(i, h))).collect(),
        }
    }
}

impl TabletopPlay {
    /// The mean over worlds of something.
    pub fn mean(&self, of: impl Fn(&TabletopWorld) -> f64) -> f64 {
        self.worlds.iter().map(of).sum::<f64>() / self.worlds.len() as f64
    }

    /// The distribution of something; none where no world has it.
    pub fn stat(&self, of: impl Fn(&TabletopWorld) -> f64) -> Option<Stat> {
        summarise(self.worlds.iter().map(&of))
    }

    /// The share of worlds in which something holds.
    pub fn share(&self, of: impl Fn(&TabletopWorld) -> bool) -> f64 {
        self.mean(|world| f64::from(u8::from(of(world))))
    }

    /// What it adds to a state's payoff on average, US$ bn.
    pub fn gain(&self, i: usize) -> f64 {
        self.mean(|world| world.gains[i])
    }

    /// What it adds to all states' payoffs on average, US$ bn.
    pub fn region(&self) -> f64 {
        self.mean(|world| world.gains.iter().sum())
    }

    /// The same worlds without any accord.
    pub fn without_accord(&self) -> TabletopPlay {
        let worlds = self.worlds.iter().map(|world| TabletopWorld {
            gains: vec![0.0; world.gains.len()],
            profits: vec![0.0; world.profits.len()],
            deals: [world.deals[1]; 2],
            capital: [world.capital[1]; 2],
            members: 0,
            left: 0,
            ..world.clone()
        });
        TabletopPlay {
            worlds: worlds.collect(),
        }
    }
}
