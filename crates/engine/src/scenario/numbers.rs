//! The numbers of a scenario in the slots of the model, with defaults where nobody writes one.

use crate::engine::model::keys::{ArmKey, HyperscalerKey, TermKey};
use crate::engine::model::layout::{Layout, NO_FLOOR, OWN_JOINING, Slot, UNLIMITED, UNLINKED};
use crate::engine::model::{Provenance, Uncertain};
use crate::scenario::check::CheckedQuantity;
use crate::scenario::place::{Place, ScenarioNames};
use crate::scenario::quantity::{Amount, QuantityOrigin, WrittenRows};
use crate::scenario::schema::{Default, FileTable};
use crate::scenario::span::TextSpan;
use std::collections::HashMap;

/// The numbers of a scenario in their slots, and where each was written.
pub(crate) struct Numbers {
    pub layout: Layout,
    pub base: Vec<f64>,
    pub written: HashMap<usize, TextSpan>,
    pub uncertain: Vec<Uncertain>,
    pub provenance: Vec<Provenance>,
    /// What is drawn with the rows of a file, by its slot, in the order of slots.
    pub rows: Vec<(usize, WrittenRows)>,
}

impl Numbers {
    /// The constant in a slot, none where the slot is uncertain.
    pub fn constant(&self, slot: Slot) -> Option<f64> {
        let index = self.layout.index(slot);
        let uncertain = self.uncertain.iter().any(|one| one.slot == index);
        (!uncertain).then(|| self.base[index])
    }

    /// Where the number of a slot was written.
    pub fn span(&self, slot: Slot) -> Option<TextSpan> {
        self.written.get(&self.layout.index(slot)).copied()
    }
}

/// Lays defaults and then the numbers found into their slots.
pub(crate) fn numbers(
    names: &ScenarioNames,
    checked: Vec<(FileTable, [usize; 2], CheckedQuantity)>,
) -> Numbers {
    let layout = Layout {
        states: names.states.len(),
        hyperscalers: names.hyperscalers.len(),
        terms: names.terms.len(),
        arms: names.arms.len(),
    };
    let mut base = vec![UNLINKED; layout.len()];
    for slot in layout.slots() {
        base[layout.index(slot)] = default(slot);
    }
    let mut provenance = Vec::new();
    let mut numbers = Numbers {
        layout,
        base,
        written: HashMap::new(),
        uncertain: Vec::new(),
        provenance: Vec::new(),
        rows: Vec::new(),
    };
    for (section, at, found) in checked {
        let place = Place {
            section,
            at,
            key: found.key,
            term: found.term,
        };
        if let Some(slot) = place.slot() {
            let path = place.path(names);
            if found.quantity.origin != QuantityOrigin::default() {
                let origin = found.quantity.origin.clone();
                provenance.push((numbers.layout.index(slot), path.clone(), origin));
            }
            numbers.lay(slot, path, found);
        }
    }
    numbers.uncertain.sort_by_key(|one| one.slot);
    numbers.rows.sort_by_key(|(slot, _)| *slot);
    provenance.sort_by_key(|(slot, ..)| *slot);
    numbers.provenance = provenance
        .into_iter()
        .map(|(_, path, origin)| Provenance {
            path,
            source: origin.source,
            grade: origin.grade,
            unit: origin.unit,
            note: origin.note,
        })
        .collect();
    numbers
}

impl Numbers {
    fn lay(&mut self, slot: Slot, path: String, found: CheckedQuantity) {
        let index = self.layout.index(slot);
        self.written.insert(index, found.span);
        self.base[index] = match found.quantity.value {
            Amount::Constant(value) => value,
            Amount::Uncertain(distribution) => {
                let median = distribution.quantile(0.5);
                let rows = found.quantity.rows;
                let numbered = rows
                    .as_ref()
                    .is_none_or(|rows| rows.listed && rows.numbered);
                self.rows.extend(rows.map(|rows| (index, rows)));
                self.uncertain.push(Uncertain {
                    path,
                    dimension: 0,
                    numbered,
                    slot: index,
                    distribution,
                    range: slot.range(),
                });
                median
            }
        };
    }
}

/// The number of a slot that nobody writes. Required keys get a placeholder: without them there is no model.
fn default(slot: Slot) -> f64 {
    match slot {
        Slot::Value(..) | Slot::Cost(..) => 1.0,
        Slot::Link(..) => UNLINKED,
        Slot::Floor(..) | Slot::Term(_, TermKey::Floor) => NO_FLOOR,
        Slot::Hyperscaler(_, HyperscalerKey::CapexBudget) => UNLIMITED,
        Slot::Arm(_, ArmKey::Join) => OWN_JOINING,
        _ => match Place::of(slot).key.default {
            Default::Number(value) => value,
            _ => 0.0,
        },
    }
}
