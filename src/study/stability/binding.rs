//! The least binding at which the grand coalition holds.
//!
//! For one world it is the least b in \[0, 1\] at which no member of the grand coalition gains by leaving (31). In the first window nobody
//! has hosts from before, so that payoffs do not depend on binding and b = max_i (u_i(N∖i) − u_i(N))/(penalty·V_i·(1−compute_i)). Later,
//! binding also changes what switching costs (20) and how earlier windows went: then b is found by bisection, each time with the whole
//! arm played anew on the same draw. Bisection takes for granted that what holds at some binding holds at a higher one; where it does
//! not, it finds one of the crossings.
//!
//! Over worlds, the least binding at which the coalition holds in half of them is the lower median of these, an infinite one standing
//! for worlds in which none will do. Its interval is that of order statistics: ranks n/2 ± z·√n/2.

use crate::engine::model::Model;
use crate::engine::model::arm::members;
use crate::engine::model::keys::ArmKey;
use crate::engine::model::layout::Slot;
use crate::engine::trial::{CoalitionWorld, Player};
use crate::study::accord_game::AccordGame;
use crate::study::stability::question::{StabilityError, StabilityQuestion};
use crate::theory::draws::distribution::Distribution;
use crate::theory::stats::interval::Z90;

/// Binding is found to this accuracy where payoffs depend on it.
const ACCURACY: f64 = 1.0 / 1024.0;

/// What is found over worlds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeastBinding {
    /// The least binding at which the grand coalition holds in at least half of the worlds; none if no binding does.
    pub value: Option<f64>,
    /// Lower end of its 90% interval; none with a single world.
    pub low: Option<f64>,
    /// Upper end; none with a single world, and where it lies above 1.
    pub high: Option<f64>,
    /// Share of worlds in which the coalition holds without any binding.
    pub at_none: f64,
    /// Share of worlds in which it holds at full binding.
    pub at_full: f64,
}

/// The answer over the worlds' least bindings, infinite where none will do; `None` without worlds.
pub fn over_worlds(thresholds: &[f64]) -> Option<LeastBinding> {
    let mut sorted = thresholds.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let n = sorted.len();
    let within = |b: f64| (b <= 1.0).then_some(b);
    let middle = *sorted.get(n.div_ceil(2).checked_sub(1)?)?;
    let half = 0.5 * Z90 * libm::sqrt(n as f64);
    let lower = libm::floor(0.5 * n as f64 - half);
    let upper = libm::ceil(0.5 * n as f64 + half) as usize;
    let low = if lower < 1.0 {
        Some(0.0)
    } else {
        within(sorted[lower as usize - 1])
    };
    let high = sorted.get(upper.max(1) - 1).copied().and_then(within);
    let share = |most: f64| sorted.iter().filter(|&&b| b <= most).count() as f64 / n as f64;
    Some(LeastBinding {
        value: within(middle),
        low: low.filter(|_| n > 1),
        high: high.filter(|_| n > 1),
        at_none: share(0.0),
        at_full: share(1.0),
    })
}

/// The least binding of one world from payoffs that do not depend on it; `stakes` is penalty·V_i·(1−compute_i). Infinite if none will do.
pub fn from_stakes(game: &AccordGame, stakes: &[f64]) -> f64 {
    let grand = game.grand();
    let needed = (0..game.players()).map(|p| {
        let gain = game.gain_from_leaving(grand, p);
        if gain <= game.slack(p) {
            0.0
        } else if stakes[p] > 0.0 {
            gain / stakes[p]
        } else {
            f64::INFINITY
        }
    });
    let least = needed.fold(0.0, f64::max);
    if least > 1.0 { f64::INFINITY } else { least }
}

/// Plays an arm with a binding of one's choice.
pub struct BindingProbe {
    /// The model with a constant binding of the arm.
    model: Model,
    slot: usize,
    player: Player,
    draws: Vec<f64>,
}

impl BindingProbe {
    /// A probe of the question's arm. All other draws stay as they are.
    pub fn new(model: &Model, question: StabilityQuestion) -> BindingProbe {
        let slot = model.layout.index(Slot::Arm(question.arm, ArmKey::Binding));
        let mut fixed = model.clone();
        for event in &mut fixed.events {
            event.set.retain(|setting| setting.slot != slot);
        }
        BindingProbe {
            player: Player::new(&fixed),
            draws: vec![0.0; fixed.uncertain.len()],
            slot,
            model: fixed,
        }
    }

    /// The least binding of a world by bisection, given whether the coalition holds at the `drawn` one. Infinite if none will do.
    ///
    /// # Errors
    /// As [`holds`](BindingProbe::holds).
    pub fn least(
        &mut self,
        question: StabilityQuestion,
        trial: u64,
        drawn: f64,
        holds_at_drawn: bool,
    ) -> Result<f64, StabilityError> {
        let (mut fails, mut holds) = if holds_at_drawn {
            if drawn == 0.0 || self.holds(question, trial, 0.0)? {
                return Ok(0.0);
            }
            (0.0, drawn)
        } else {
            if drawn == 1.0 || !self.holds(question, trial, 1.0)? {
                return Ok(f64::INFINITY);
            }
            (drawn, 1.0)
        };
        while holds - fails > ACCURACY {
            let middle = 0.5 * (fails + holds);
            if self.holds(question, trial, middle)? {
                holds = middle;
            } else {
                fails = middle;
            }
        }
        Ok(holds)
    }

    /// Whether nobody leaves the grand coalition at this binding.
    ///
    /// # Errors
    /// A draw that leaves its range, shares that cannot be found.
    pub fn holds(
        &mut self,
        question: StabilityQuestion,
        trial: u64,
        binding: f64,
    ) -> Result<bool, StabilityError> {
        self.model.base[self.slot] = binding;
        // It stays among the uncertain, whose positions correlations and events know them by.
        let mut uncertain = self.model.uncertain.iter_mut();
        if let Some(one) = uncertain.find(|one| one.slot == self.slot) {
            one.distribution = Distribution::empirical(vec![binding])
                .expect("one finite number is a distribution");
        }
        let invited = question.invited(&self.model);
        let look = |world: &mut CoalitionWorld| {
            let keeps = members(invited).all(|i| world.would_stay(invited, i));
            world.sound().map(|()| keeps)
        };
        let (model, draws) = (&self.model, &mut self.draws);
        let kept =
            self.player
                .coalitions(model, trial, question.arm, question.window, draws, look)?;
        kept.map_err(|source| StabilityError::Shares {
            arm: self.model.arms[question.arm].name.clone(),
            trial,
            source,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_worlds_and_its_ranks() {
        let mut worlds: Vec<f64> = (0..100).map(|k| f64::from(k) / 100.0).collect();
        let found = over_worlds(&worlds).expect("worlds");
        // Ranks 50 - 8.2 and 50 + 8.2: the 41st and the 59th.
        assert_eq!(found.value, Some(0.49));
        assert_eq!((found.low, found.high), (Some(0.40), Some(0.58)));
        assert_eq!((found.at_none, found.at_full), (0.01, 1.0));
        worlds[40..].fill(f64::INFINITY);
        let found = over_worlds(&worlds).expect("worlds");
        assert_eq!((found.value, found.high), (None, None));
        assert_eq!(found.at_full, 0.4);
        assert_eq!(over_worlds(&[]), None);
        let single = over_worlds(&[0.3]).expect("a world");
        assert_eq!(
            (single.value, single.low, single.high),
            (Some(0.3), None, None)
        );
    }

    #[test]
    fn what_each_needs_over_what_each_risks() {
        // Three players; outside the two others, player 0 gets 0.3 more and player 1 0.1 more.
        let mut payoffs = vec![1.0; 3 << 3];
        payoffs[0b110 * 3] = 1.3;
        payoffs[0b101 * 3 + 1] = 1.1;
        let game = AccordGame::new(3, payoffs, vec![0.0; 3]);
        let least = from_stakes(&game, &[1.0, 0.2, 0.0]);
        assert!((least - 0.5).abs() < 1e-12, "{least}");
        assert_eq!(from_stakes(&game, &[0.2, 0.2, 0.0]), f64::INFINITY, "1.5");
        assert_eq!(from_stakes(&game, &[1.0, 0.0, 0.0]), f64::INFINITY);
    }
}
