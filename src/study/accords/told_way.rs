//! The document of a way to an accord.

use crate::engine::model::arm::members;
use crate::study::accords::arena::BatchWorlds;
use crate::study::accords::estimates::{json, mean_of};
use crate::study::accords::objectives::AccordWorld;
use crate::study::accords::path::{Goal, Way, WayPoint};
use crate::study::accords::question::AccordSearch;
use crate::study::results::accords::{AccordPath, BarredStep, PathStep};
use indexmap::IndexMap;
use serde_json::Value;

/// The document of a way; `worlds` are those of its places.
pub fn told_path(
    search: &AccordSearch,
    goal: &Goal<'_>,
    way: &Way,
    worlds: &BatchWorlds,
    to: String,
) -> AccordPath {
    let model = &search.loaded.model;
    let id = |i: usize| model.states[i].id.clone();
    let joins = |from: u64, to: u64| members(to & !from).map(id).collect::<Vec<String>>();
    let rules = |from: &[usize], to: &WayPoint| {
        let new = to.changes.iter().filter(|at| !from.contains(at));
        let rule = |&at: &usize| {
            let value = search.space.at(goal.point, at);
            (search.space.key(at).to_owned(), json(value.as_ref()))
        };
        new.map(rule).collect::<IndexMap<String, Value>>()
    };
    let none = WayPoint {
        members: 0,
        changes: Vec::new(),
    };
    let starts = [&none].into_iter().chain(&way.places);
    let empty: &[AccordWorld] = &[];
    let played: Vec<&[AccordWorld]> = worlds
        .iter()
        .map(|one| one.as_deref().unwrap_or(empty))
        .collect();
    let before = [empty].into_iter().chain(played.iter().copied());
    let steps = starts.zip(&way.places).zip(before.zip(&played));
    let steps = steps.map(|((from, place), (before, after))| {
        let gain =
            |i: usize| {
                let each = after.iter().enumerate();
                mean_of(each.map(|(k, world)| {
                    world.gains[i] - before.get(k).map_or(0.0, |one| one.gains[i])
                }))
            };
        PathStep {
            joins: joins(from.members, place.members),
            rules: rules(&from.changes, place),
            gains: members(place.members).map(|i| (id(i), gain(i))).collect(),
            region: mean_of(after.iter().map(AccordWorld::total)),
        }
    });
    let last = way.places.last().unwrap_or(&none);
    let barred = way.barred.iter().map(|step| BarredStep {
        joins: joins(last.members, step.to.members),
        rules: rules(&last.changes, &step.to),
        losers: step.losers.iter().map(|&(i, loss)| (id(i), loss)).collect(),
    });
    AccordPath {
        to,
        arrives: way.arrives,
        steps: steps.collect(),
        barred: barred.collect(),
        worlds: played.first().map_or(0, |worlds| worlds.len() as u64),
        tried: way.tried as u64,
    }
}
