//! An offer over all worlds: what it is worth to each side, who would accept it, what both would rather have.

use crate::engine::model::Model;
use crate::engine::model::keys::TermKey;
use crate::engine::model::layout::{NO_FLOOR, Slot};
use crate::study::brief::error::BriefError;
use crate::study::brief::question::BriefQuestion;
use crate::study::brief::world::average_table;
use crate::study::brief::world::{MetTable, Observation};
use crate::theory::bargaining::Gains;
use crate::theory::bargaining::offer::{Coefficients, gains_at, improve, room};

/// An improvement that adds less to one of the sides is none, USD bn.
pub const LEAST: f64 = 1e-6;

/// A level that moves by less does not change.
const MOVES: f64 = 1e-6;

/// A bundle of levels with cash.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Level of each term.
    pub levels: Vec<f64>,
    /// T, paid to the state; 0 without cash.
    pub cash: f64,
}

/// Lowest and highest level of a term, at the medians of the scenario; floors of the arm raise the lowest.
pub fn bounds(model: &Model, arm: usize, k: usize) -> (f64, f64) {
    let at = |slot| model.base[model.layout.index(slot)];
    let min = at(Slot::Term(k, TermKey::Min));
    let own = at(Slot::Floor(arm, k));
    let floor = match model.arms[arm].is_accord() {
        true if own != NO_FLOOR => own,
        true => at(Slot::Term(k, TermKey::Floor)),
        false => NO_FLOOR,
    };
    (min.max(floor), at(Slot::Term(k, TermKey::Max)))
}

impl Offer {
    /// An offer of some levels by term; terms that are not named stay at their lowest level.
    ///
    /// # Errors
    /// A level outside its bounds; cash where none moves.
    pub fn new(
        model: &Model,
        arm: usize,
        named: &[(usize, f64)],
        cash: Option<f64>,
    ) -> Result<Offer, BriefError> {
        if cash.is_some() && !model.transfers {
            return Err(BriefError::NoCash);
        }
        let terms = 0..model.terms.len();
        let mut levels: Vec<f64> = terms.map(|k| bounds(model, arm, k).0).collect();
        for &(k, level) in named {
            let (min, max) = bounds(model, arm, k);
            if !(min..=max).contains(&level) {
                let id = &model.terms[k].id;
                let raised = min > model.base[model.layout.index(Slot::Term(k, TermKey::Min))];
                return Err(BriefError::Level {
                    term: id.clone(),
                    given: level,
                    min,
                    max,
                    bound: match raised {
                        true => format!("floor of arm `{}`, term.{id}.max", model.arms[arm].name),
                        false => format!("term.{id}.min and max"),
                    },
                });
            }
            levels[k] = level;
        }
        Ok(Offer {
            levels,
            cash: cash.unwrap_or(0.0),
        })
    }

    /// What both sides gain by it at a table (24), levels held to the bounds of that world.
    pub fn gains(&self, met: &MetTable) -> Gains {
        let table = &met.problem.coefficients;
        let levels = held(&self.levels, table);
        gains_at(&table.frontier(), met.problem.gains, &levels, self.cash)
    }
}

fn held(levels: &[f64], table: &Coefficients) -> Vec<f64> {
    let bounds = table.min.iter().zip(&table.max);
    let levels = levels.iter().zip(bounds);
    levels
        .map(|(x, (min, max))| x.max(*min).min(*max))
        .collect()
}

/// An offer in every world; NaN where the two do not sit down.
#[derive(Debug, Clone, PartialEq)]
pub struct WeighedOffer {
    /// u_S.
    pub state: Vec<f64>,
    /// u_H.
    pub hyperscaler: Vec<f64>,
    /// What both could gain more at once, on the frontier of the world.
    pub room: Vec<f64>,
    /// What the state could gain more if the hyperscaler kept its gain.
    pub room_of_state: Vec<f64>,
    /// The mirror image.
    pub room_of_hyperscaler: Vec<f64>,
    /// Share of seated worlds whose own bounds the offer leaves; it is held to them there.
    pub held: f64,
}

impl WeighedOffer {
    /// Share of the worlds in which both sit down in which a side gains.
    pub fn share(values: &[f64]) -> f64 {
        let met = values.iter().filter(|value| !value.is_nan());
        let gain = met.clone().filter(|&&value| value > 0.0);
        gain.count() as f64 / met.count().max(1) as f64
    }

    /// Share of them in which both do.
    pub fn share_of_both(&self) -> f64 {
        let both = self.state.iter().zip(&self.hyperscaler);
        let both: Vec<f64> = both
            .map(|(s, h)| if s.is_nan() { *s } else { s.min(*h) })
            .collect();
        WeighedOffer::share(&both)
    }
}

/// Weighs an offer in every world.
pub fn weigh(observations: &[Observation], offer: &Offer, transfers: bool) -> WeighedOffer {
    let count = observations.len();
    let column = || vec![f64::NAN; count];
    let mut weighed = WeighedOffer {
        state: column(),
        hyperscaler: column(),
        room: column(),
        room_of_state: column(),
        room_of_hyperscaler: column(),
        held: 0.0,
    };
    let mut met = 0.0;
    for (w, observation) in observations.iter().enumerate() {
        let Some(one) = observation.met() else {
            continue;
        };
        let table = &one.problem.coefficients;
        let levels = held(&offer.levels, table);
        met += 1.0;
        weighed.held += f64::from(levels != offer.levels);
        let gains = gains_at(&table.frontier(), one.problem.gains, &levels, offer.cash);
        let left = room(table, &levels, transfers);
        weighed.state[w] = gains.state;
        weighed.hyperscaler[w] = gains.hyperscaler;
        weighed.room[w] = left.both;
        weighed.room_of_state[w] = left.state;
        weighed.room_of_hyperscaler[w] = left.hyperscaler;
    }
    weighed.held /= f64::max(met, 1.0);
    weighed
}

/// A change of an offer that leaves both sides better off on the average table, with what it does in every world.
#[derive(Debug, Clone, PartialEq)]
pub struct Better {
    /// Terms and their new levels.
    pub levels: Vec<(usize, f64)>,
    /// What is paid to the state besides.
    pub cash: f64,
    /// What it adds to both on the average table.
    pub adds: Gains,
    /// What it adds to the state in every world.
    pub state: Vec<f64>,
    /// What it adds to the hyperscaler.
    pub hyperscaler: Vec<f64>,
    /// Share of seated worlds in which it adds to both.
    pub both: f64,
}

/// Single changes and swaps of two terms that leave both better off, by what they add to the side that gains less, the largest first. A swap is
/// one only if it does more than either change alone.
pub fn improvements(observations: &[Observation], offer: &Offer, transfers: bool) -> Vec<Better> {
    let (table, _) = average_table(observations);
    let count = offer.levels.len();
    let levels = held(&offer.levels, &table);
    let mut found = Vec::new();
    let mut single = vec![0.0; count];
    for k in 0..count {
        if let Some(one) = improve(&table, &levels, &[k], transfers) {
            single[k] = one.smaller();
            found.push(one);
        }
    }
    for k in 0..count {
        for l in k + 1..count {
            let swap = improve(&table, &levels, &[k, l], transfers);
            let swap = swap.filter(|swap| {
                let moves = |&(k, level): &(usize, f64)| (level - levels[k]).abs() > MOVES;
                let alone = single[k].max(single[l]);
                swap.levels.iter().all(moves) && swap.smaller() > alone + LEAST
            });
            found.extend(swap);
        }
    }
    found.retain(|one| one.smaller() > LEAST);
    found.sort_by(|one, other| other.smaller().total_cmp(&one.smaller()));
    let better = found.into_iter().map(|one| {
        let mut changed = offer.clone();
        one.levels
            .iter()
            .for_each(|&(k, level)| changed.levels[k] = level);
        changed.cash += one.cash;
        spread(
            observations,
            offer,
            &changed,
            &one.levels,
            one.cash,
            Gains {
                state: one.state,
                hyperscaler: one.hyperscaler,
            },
        )
    });
    better.collect()
}

fn spread(
    observations: &[Observation],
    offer: &Offer,
    changed: &Offer,
    levels: &[(usize, f64)],
    cash: f64,
    adds: Gains,
) -> Better {
    let added = observations.iter().map(|observation| {
        let nothing = Gains {
            state: f64::NAN,
            hyperscaler: f64::NAN,
        };
        observation.met().map_or(nothing, |one| {
            let (before, after) = (offer.gains(one), changed.gains(one));
            Gains {
                state: after.state - before.state,
                hyperscaler: after.hyperscaler - before.hyperscaler,
            }
        })
    });
    let added: Vec<Gains> = added.collect();
    let smaller = added.iter().map(|one| match one.state.is_nan() {
        true => f64::NAN,
        false => one.state.min(one.hyperscaler),
    });
    let smaller: Vec<f64> = smaller.collect();
    Better {
        levels: levels.to_vec(),
        cash,
        adds,
        both: WeighedOffer::share(&smaller),
        state: added.iter().map(|one| one.state).collect(),
        hyperscaler: added.iter().map(|one| one.hyperscaler).collect(),
    }
}

/// The bundle of the frontier of the average table that the solution of the scenario chooses, in its medians over the worlds with a deal; none
/// where there is no deal in any.
pub fn predicted(
    observations: &[Observation],
    question: &BriefQuestion,
    model: &Model,
) -> Option<Offer> {
    let deals: Vec<(&MetTable, _)> = observations
        .iter()
        .filter_map(|observation| observation.met())
        .filter_map(|one| Some((one, one.outcome?)))
        .collect();
    if deals.is_empty() {
        return None;
    }
    let median = |values: Vec<f64>| {
        let stat = crate::theory::stats::summary::summarise(values.into_iter());
        stat.map_or(f64::NAN, |stat| stat.p50)
    };
    let level = |k: usize| {
        let levels = deals.iter().map(|(one, agreed)| one.level(k, *agreed));
        let (min, max) = bounds(model, question.arm, k);
        median(levels.collect()).max(min).min(max)
    };
    Some(Offer {
        levels: (0..model.terms.len()).map(level).collect(),
        cash: median(deals.iter().map(|(_, agreed)| agreed.transfer).collect()),
    })
}
