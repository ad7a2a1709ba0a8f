//! What the common rules are worth, and what the joint table adds under the same rules: two differences that add up to that
//! of a bloc.

use crate::engine::model::Model;
use crate::engine::model::arm::{Mode, Sharing};
use crate::engine::model::keys::ArmKey;
use crate::engine::model::layout::Slot;
use crate::engine::outcome::TotalMetric;
use crate::report::amounts::{difference, range};
use crate::report::render::terminal::table;
use crate::report::tables::{View, owned};
use crate::theory::spelling::units::percent;

/// What two arms of accord must share for their difference to be the joint table's.
fn same_rules(model: &Model, one: usize, other: usize) -> bool {
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

fn of_mode<'a>(view: &'a View<'_>, mode: Mode) -> impl Iterator<Item = usize> + 'a {
    view.shown()
        .filter(move |&arm| view.model.arms[arm].mode == mode)
}

/// The framework with the same rules as a bloc, if the reference is bilateral: then the value of `bloc` has two parts.
pub(crate) fn framework_of(view: &View<'_>, bloc: usize) -> Option<usize> {
    let modes = (
        view.model.arms[view.reference].mode,
        view.model.arms[bloc].mode,
    );
    if modes != (Mode::Bilateral, Mode::Bloc) {
        return None;
    }
    of_mode(view, Mode::Framework).find(|&arm| same_rules(view.model, arm, bloc))
}

/// The table of both values, where arms with the same rules let them be told apart.
pub(crate) fn split(view: &View<'_>) -> Option<String> {
    let bilateral = of_mode(view, Mode::Bilateral).next()?;
    let mut rows = Vec::new();
    for framework in of_mode(view, Mode::Framework) {
        let blocs = of_mode(view, Mode::Bloc);
        let blocs: Vec<usize> = blocs
            .filter(|&bloc| same_rules(view.model, framework, bloc))
            .collect();
        if blocs.is_empty() {
            continue;
        }
        rows.push(row(view, "rules", framework, bilateral, ""));
        for bloc in blocs {
            let also = also_differs(view.model, bloc, framework);
            rows.push(row(view, "joint table", bloc, framework, &also));
        }
    }
    if rows.is_empty() {
        return None;
    }
    let mut header = vec!["", "difference"];
    if view.is_single() {
        rows.iter_mut().for_each(|row| row.truncate(2));
    } else {
        header.extend(["90% of worlds", "above\nzero in"]);
    }
    Some(table(&owned(&header), rows, view.width))
}

fn row(view: &View<'_>, what: &str, arm: usize, reference: usize, also: &str) -> Vec<String> {
    let paired = view.total(arm, reference, TotalMetric::Payoff);
    let stat = paired.difference.as_ref();
    vec![
        format!(
            "{what}: {} - {}{also}",
            view.name(arm),
            view.name(reference)
        ),
        difference(stat),
        range(stat),
        paired.better.map_or_else(String::new, percent),
    ]
}

/// What else tells two arms with the same rules apart, for the reader, on a line of its own.
fn also_differs(model: &Model, bloc: usize, framework: usize) -> String {
    let (bloc, framework) = (&model.arms[bloc], &model.arms[framework]);
    let mut also = Vec::new();
    if bloc.rule != framework.rule {
        also.push(bloc.adopted_by());
    }
    if bloc.sharing != Sharing::None {
        also.push("side payments".to_owned());
    }
    if bloc.shortlist.is_some() {
        also.push("a short list".to_owned());
    }
    if also.is_empty() {
        String::new()
    } else {
        format!("\n(with {})", also.join(" and "))
    }
}
