//! What to change before the talks: own circumstances, each moved by a plausible change and played again on the same draws.
//!
//! The accord of each world stays as it formed before the change: another membership would be another table. A plausible change moves an uncertain number to its 95% point (its 5% point where less is better), a constant by a tenth of itself, held to its
//! range; a switch is turned. Assignments say it in paths, so that it can be repeated with `--set`.

use crate::engine::model::Model;
use crate::engine::model::arm::members;
use crate::engine::model::keys::{ArmKey, HyperscalerKey, MarketKey, PairKey, StateKey};
use crate::engine::model::layout::Slot;
use crate::engine::model::path_of;
use crate::engine::negotiation::tables::problem::Party;
use crate::engine::simulate::{End, Watch, map_trials};
use crate::study::brief::error::BriefError;
use crate::study::brief::question::{BriefQuestion, Side, may_deal};
use crate::study::brief::world::{Measure, Observation, Observer};
use crate::study::results::brief::KindName;

/// Worlds that are played before they are put in their order.
const WAVE_WORLDS: usize = 256;

/// Where an uncertain number is moved to.
const HIGH: f64 = 0.95;
const LOW: f64 = 0.05;

/// By which share of itself a constant is moved.
const TENTH: f64 = 0.1;

/// A circumstance and its plausible change.
#[derive(Debug, Clone, PartialEq)]
pub struct CircumstanceChange {
    /// What kind of circumstance it is.
    pub kind: KindName,
    /// What is changed, in words; states and hyperscalers by id.
    pub what: String,
    /// `PATH=VALUE`, each as `--set` takes it.
    pub assignments: Vec<String>,
}

/// A direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
}

/// The changes that are tried for the side of a question, in a fixed order.
pub fn changes(model: &Model, question: &BriefQuestion) -> Vec<CircumstanceChange> {
    let list = List { model };
    let found = match (question.side, question.party) {
        (Side::Hyperscaler, _) => list.of_hyperscaler(question),
        (Side::States, Party::State(i)) => list.of_state(i, question.hyperscaler),
        (Side::States, Party::Bloc) => list.of_bloc(question),
    };
    found.into_iter().flatten().collect()
}

struct List<'a> {
    model: &'a Model,
}

impl List<'_> {
    fn of_state(&self, i: usize, h: usize) -> Vec<Option<CircumstanceChange>> {
        let mut list = self.of_states(1 << i, "");
        for g in (0..self.model.hyperscalers.len()).filter(|&g| g != h) {
            list.push(self.second_supplier(i, g));
        }
        list
    }

    fn of_bloc(&self, question: &BriefQuestion) -> Vec<Option<CircumstanceChange>> {
        let arm = question.arm;
        let mut list = self.of_states(question.states(self.model), " of all members");
        for (what, key) in [
            (
                "data flowing across borders inside",
                ArmKey::CrossBorderData,
            ),
            ("one standard in place of many", ArmKey::Harmonisation),
            ("legal recourse against lock-in", ArmKey::Recourse),
            ("the strongest member's weight", ArmKey::Pooling),
        ] {
            list.push(self.moved(
                KindName::Accord,
                what,
                &[Slot::Arm(arm, key)],
                Direction::Up,
            ));
        }
        list
    }

    fn of_states(&self, states: u64, whose: &str) -> Vec<Option<CircumstanceChange>> {
        use StateKey::{Compute, Hub, Infrastructure, Residency, Strictness, Talent};
        let rows = [
            ("more talent", Talent, Direction::Up),
            ("more own compute", Compute, Direction::Up),
            ("more power and land for hubs", Hub, Direction::Up),
            ("better infrastructure", Infrastructure, Direction::Up),
            ("looser data rules", Residency, Direction::Down),
            ("stricter data rules", Residency, Direction::Up),
            ("a lighter regime", Strictness, Direction::Down),
        ];
        let rows = rows.into_iter().map(|(what, key, way)| {
            let slots: Vec<Slot> = members(states).map(|i| Slot::State(i, key)).collect();
            self.moved(KindName::Own, &format!("{what}{whose}"), &slots, way)
        });
        rows.collect()
    }

    /// Another supplier that suits the state better, or that is allowed in.
    fn second_supplier(&self, i: usize, g: usize) -> Option<CircumstanceChange> {
        let id = &self.model.hyperscalers[g].id;
        if may_deal(self.model, i, g) {
            let fit = Slot::Pair(i, g, PairKey::Fit);
            let what = format!("a closer second supplier, {id}");
            return self.moved(KindName::SecondSupplier, &what, &[fit], Direction::Up);
        }
        let path = path_of(self.model, Slot::Pair(i, g, PairKey::Feasible));
        Some(CircumstanceChange {
            kind: KindName::SecondSupplier,
            what: format!("a second supplier, {id}"),
            assignments: vec![format!("{path}=true")],
        })
    }

    fn of_hyperscaler(&self, question: &BriefQuestion) -> Vec<Option<CircumstanceChange>> {
        use HyperscalerKey::{
            CapexBudget, ComplianceCost, EntryCost, MarketShare, OperatingMargin,
        };
        let h = question.hyperscaler;
        let own = |what: &str, key, way| {
            self.moved(KindName::Own, what, &[Slot::Hyperscaler(h, key)], way)
        };
        let mut list = vec![
            own("a larger share of the market", MarketShare, Direction::Up),
            own("a better operating margin", OperatingMargin, Direction::Up),
            own("cheaper entry", EntryCost, Direction::Down),
            own("cheaper compliance", ComplianceCost, Direction::Down),
            own("a larger budget", CapexBudget, Direction::Up),
            self.moved(
                KindName::SecondHost,
                "better service from outside the region",
                &[Slot::Market(MarketKey::OutsideEfficiency)],
                Direction::Up,
            ),
        ];
        let table = question.states(self.model);
        for j in (0..self.model.states.len()).filter(|&j| may_deal(self.model, j, h)) {
            if table >> j & 1 == 0 {
                let what = format!(
                    "more power and land for hubs in {}",
                    self.model.states[j].id
                );
                list.push(self.moved(
                    KindName::SecondHost,
                    &what,
                    &[Slot::State(j, StateKey::Hub)],
                    Direction::Up,
                ));
            }
        }
        list
    }

    /// Each of `slots` moved; none where nothing moves.
    fn moved(
        &self,
        kind: KindName,
        what: &str,
        slots: &[Slot],
        way: Direction,
    ) -> Option<CircumstanceChange> {
        let assignments = slots.iter().filter_map(|&slot| {
            let value = self.plausible(slot, way)?;
            Some(format!("{}={value}", path_of(self.model, slot)))
        });
        let assignments: Vec<String> = assignments.collect();
        (!assignments.is_empty()).then(|| CircumstanceChange {
            kind,
            what: what.to_owned(),
            assignments,
        })
    }

    /// The value that a number is moved to; none where it is there already, or infinite.
    fn plausible(&self, slot: Slot, way: Direction) -> Option<f64> {
        let index = self.model.layout.index(slot);
        let uncertain = self.model.uncertain.iter().find(|one| one.slot == index);
        let now = self.model.base[index];
        let value = match (uncertain, way) {
            (Some(one), Direction::Up) => one.distribution.quantile(HIGH),
            (Some(one), Direction::Down) => one.distribution.quantile(LOW),
            (None, Direction::Up) => now * (1.0 + TENTH),
            (None, Direction::Down) => now * (1.0 - TENTH),
        };
        let (low, high) = slot.range().bounds();
        let value = four_digits(value.clamp(low, high)).clamp(low, high);
        let moves = match way {
            Direction::Up => value > now,
            Direction::Down => value < now,
        };
        (value.is_finite() && moves).then_some(value)
    }
}

/// A number to four significant digits, so that it can be typed.
fn four_digits(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let power = libm::floor(libm::log10(value.abs())) as i32 - 3;
    let unit = libm::pow(10.0, f64::from(power.abs()));
    match power < 0 {
        true => libm::round(value * unit) / unit,
        false => libm::round(value / unit) * unit,
    }
}

/// The measures of a changed scenario in the worlds of `observations`, which are those from `first` on, with their accords.
///
/// # Errors
/// The lowest world whose draw leaves its range or whose shares cannot be found.
pub fn measure(
    model: &Model,
    question: &BriefQuestion,
    first: u64,
    observations: &[Observation],
    watch: Watch<'_>,
) -> Result<(Vec<Measure>, End), BriefError> {
    let trials = first..first + observations.len() as u64;
    let mut measures = Vec::with_capacity(observations.len());
    let end = map_trials(
        trials,
        WAVE_WORLDS,
        watch,
        || Observer::of_table(model),
        |observer, trial, found: &mut Option<Measure>| {
            let accord = observations[(trial - first) as usize].accord;
            *found = Some(observer.measure(model, question, trial, accord)?);
            Ok::<(), BriefError>(())
        },
        |_, found| measures.extend(*found),
    )?;
    Ok((measures, end))
}

/// What a change adds in every world; NaN where the two do not sit down in both.
#[derive(Debug, Clone, PartialEq)]
pub struct Added {
    /// To the walk-away of the states.
    pub states: Vec<f64>,
    /// To that of the hyperscaler.
    pub hyperscaler: Vec<f64>,
    /// To what the states have with the predicted deal.
    pub states_with_deal: Vec<f64>,
    /// To what the hyperscaler has with it.
    pub hyperscaler_with_deal: Vec<f64>,
}

impl Added {
    /// The difference of a changed scenario.
    pub fn between(before: &[Measure], after: &[Measure]) -> Added {
        let of = |part: fn(&Measure) -> f64| {
            let pairs = before.iter().zip(after);
            pairs.map(|(one, other)| part(other) - part(one)).collect()
        };
        Added {
            states: of(|one| one.states),
            hyperscaler: of(|one| one.hyperscaler),
            states_with_deal: of(|one| one.states_with_deal),
            hyperscaler_with_deal: of(|one| one.hyperscaler_with_deal),
        }
    }

    /// That of the joint table instead.
    pub fn at_joint_table(observations: &[Observation]) -> Added {
        let before: Vec<Measure> = observations.iter().map(Measure::of).collect();
        let after: Vec<Measure> = observations.iter().map(Measure::of_joint).collect();
        Added::between(&before, &after)
    }
}
