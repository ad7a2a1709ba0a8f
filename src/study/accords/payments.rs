//! Fixed payments that leave every member a gain.
//!
//! ```text
//! Q_i(q)   the q-quantile of what the accord brings state i, over the worlds in which it is a member
//! need     Σ_i max(0, −Q_i(q));  can give  Σ_i max(0, Q_i(q))
//! p_i      −Q_i(q) for who needs;  −Q_i(q)·min(1, need/can give) for who can give
//! ```
//!
//! With q a payment covers the loss of its receiver in all but a share q of worlds. The largest q with which every member gains in 90 of 100 worlds costs
//! least; where none does, that with which all gain most often.

use crate::engine::model::arm::StateSet;
use crate::study::accords::objectives::AccordWorld;
use crate::theory::stats::quantile::quantile;

/// Share of worlds in which every member shall gain.
pub const ENOUGH: f64 = 0.9;

/// What is left beyond what a payment covers, USD bn: a gain is more than nothing.
const MARGIN: f64 = 0.001;

/// Fixed payments.
#[derive(Debug, Clone, PartialEq)]
pub struct Payments {
    /// What each state gets; negative is what it pays.
    pub to: Vec<f64>,
    /// What nobody inside can give.
    pub from_outside: f64,
}

impl Payments {
    /// Those for some worlds; none where nobody is ever a member.
    pub fn for_all(worlds: &[AccordWorld]) -> Option<Payments> {
        let states = worlds.first()?.gains.len();
        let gains: Vec<Vec<f64>> = (0..states).map(|i| gains_of(worlds, i)).collect();
        if gains.iter().all(Vec::is_empty) {
            return None;
        }
        let plans = (1..=50).map(|percent| Payments::covering(&gains, f64::from(percent) / 100.0));
        let plans: Vec<(f64, Payments)> = plans.map(|one| (one.share(worlds), one)).collect();
        let enough = plans.iter().rev().find(|one| one.0 >= ENOUGH);
        let most = plans
            .iter()
            .reduce(|best, one| if one.0 >= best.0 { one } else { best });
        enough.or(most).map(|one| one.1.clone())
    }

    fn covering(gains: &[Vec<f64>], share: f64) -> Payments {
        let at = |gains: &Vec<f64>| match gains.is_empty() {
            true => 0.0,
            false => quantile(gains, share) - MARGIN,
        };
        let points: Vec<f64> = gains.iter().map(at).collect();
        let need: f64 = points.iter().map(|x| (-x).max(0.0)).sum();
        let can_give: f64 = points.iter().map(|x| x.max(0.0)).sum();
        let part = if can_give > 0.0 {
            (need / can_give).min(1.0)
        } else {
            0.0
        };
        let to = points.iter().map(|&x| if x < 0.0 { -x } else { -x * part });
        Payments {
            to: to.collect(),
            from_outside: (need - can_give).max(0.0),
        }
    }

    /// Share of worlds in which every member gains with them.
    pub fn share(&self, worlds: &[AccordWorld]) -> f64 {
        let gains = worlds.iter().filter(|world| self.all_gain(world));
        gains.count() as f64 / worlds.len() as f64
    }

    /// Whether the accord forms in a world and every member gains with them.
    pub fn all_gain(&self, world: &AccordWorld) -> bool {
        world.members != 0 && members_of(world.members).all(|i| world.gains[i] + self.to[i] > 0.0)
    }
}

fn members_of(set: StateSet) -> impl Iterator<Item = usize> {
    crate::engine::model::arm::members(set)
}

/// What a state gains in the worlds in which it is a member, by rising size.
fn gains_of(worlds: &[AccordWorld], i: usize) -> Vec<f64> {
    let inside = worlds.iter().filter(|world| world.members >> i & 1 == 1);
    let mut gains: Vec<f64> = inside.map(|world| world.gains[i]).collect();
    gains.sort_unstable_by(f64::total_cmp);
    gains
}

/// Whether members together gain in a world.
pub fn together(world: &AccordWorld) -> bool {
    world.members != 0
        && members_of(world.members)
            .map(|i| world.gains[i])
            .sum::<f64>()
            > 0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::accords::objectives::CAUSES;

    fn worlds(gains: &[[f64; 2]]) -> Vec<AccordWorld> {
        let world = |gains: &[f64; 2]| AccordWorld {
            gains: gains.to_vec(),
            profits: Vec::new(),
            better: 0,
            members: 0b11,
            left: 0,
            causes: [0.0; CAUSES.len()],
        };
        gains.iter().map(world).collect()
    }

    #[test]
    fn who_gains_pays_who_loses() {
        let worlds = worlds(&[[3.0, -1.0]; 20]);
        let found = Payments::for_all(&worlds).expect("both are members");
        assert_eq!(found.from_outside, 0.0);
        assert!((found.to[1] - 1.001).abs() < 1e-9, "{found:?}");
        assert!((found.to[0] + 1.001).abs() < 1e-9, "{found:?}");
        assert_eq!(found.share(&worlds), 1.0);
    }

    #[test]
    fn what_nobody_can_give_comes_from_outside() {
        let worlds = worlds(&[[0.5, -2.0]; 20]);
        let found = Payments::for_all(&worlds).expect("both are members");
        assert!(
            (found.from_outside - (2.001 - 0.499)).abs() < 1e-9,
            "{found:?}"
        );
        assert_eq!(found.share(&worlds), 1.0);
    }

    #[test]
    fn the_cheapest_that_suffices_is_taken() {
        // One world in twenty is far worse for the second.
        let mut gains = [[3.0, -1.0]; 20];
        gains[7][1] = -2.5;
        let worlds = worlds(&gains);
        let found = Payments::for_all(&worlds).expect("both are members");
        assert!(found.to[1] < 1.5, "{found:?}");
        assert_eq!(found.share(&worlds), 0.95);
    }
}
