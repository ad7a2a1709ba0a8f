//! Which arms have the same rules, so that their difference is the joint table's.

use crate::engine::model::Model;
use crate::engine::model::arm::Mode;
use crate::engine::model::keys::ArmKey;
use crate::engine::model::layout::Slot;

/// Whether two arms of accord differ in nothing but the tables at which they talk, and how they vote and share.
pub(super) fn same_rules(model: &Model, one: usize, other: usize) -> bool {
    use ArmKey::{Binding, CrossBorderData, Harmonisation, Penalty, Recourse};
    let keys = [Binding, Harmonisation, CrossBorderData, Recourse, Penalty];
    let slots = |arm: usize| {
        let numbers = keys.map(|key| Slot::Arm(arm, key)).into_iter();
        numbers.chain((0..model.terms.len()).map(move |k| Slot::Floor(arm, k)))
    };
    let written = |slot: Slot| {
        let index = model.layout.index(slot);
        let uncertain = model.uncertain.iter().find(|one| one.slot == index);
        (
            model.base[index].to_bits(),
            uncertain.map(|one| &one.distribution),
        )
    };
    model.arms[one].members == model.arms[other].members
        && slots(one)
            .zip(slots(other))
            .all(|(left, right)| written(left) == written(right))
}

/// The framework among some arms with the same rules as a bloc, if the reference is bilateral: then the value of the bloc has two parts.
pub(super) fn framework_of(
    model: &Model,
    reference: usize,
    bloc: usize,
    among: &[usize],
) -> Option<usize> {
    let modes = (model.arms[reference].mode, model.arms[bloc].mode);
    if modes != (Mode::Bilateral, Mode::Bloc) {
        return None;
    }
    let mut frameworks = among.iter().copied();
    frameworks.find(|&arm| model.arms[arm].mode == Mode::Framework && same_rules(model, arm, bloc))
}
