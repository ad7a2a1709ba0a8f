//! Which uncertain quantities are factors, and which of them are taken as one.

use crate::engine::model::{Model, event_of_draw, path_of};
use crate::error::Error;
use crate::study::discover::ResultFactor;
use crate::study::factors::Factor;
use crate::study::outputs::of_each_world;
use crate::study::results::path::ResultPath;
use crate::study::sensitivity::member_name;
use crate::study::ties::TiedSet;
use std::collections::HashMap;

/// What groups quantities by section and actor.
const AUTO: &str = "auto";

/// How many groups of a section and actor a name lists that were merged.
const MOST_NAMED: usize = 3;

/// The factors that are asked for.
pub struct AskedFactors {
    /// The factors. Behind the draws of a world their members are indices of `results`.
    pub factors: Vec<Factor>,
    /// Results of each world that are factors or in one.
    pub results: Vec<ResultFactor>,
    /// Groups that [`AUTO`] made one: what they draw is tied, or an event of one sets how probable one of the other is.
    pub merged: Vec<String>,
}

/// The factors: groups NAME=GLOB,GLOB as asked for, and every number that a glob names by itself; all quantities without either, or if there are none all events that may come or not. `auto` among
/// the groups takes what is left of all quantities and events by section and actor. For a design of its own, whose tied quantities are given, what is tied
/// becomes one group there, and events are left out that a table of worlds gives.
///
/// # Errors
/// A group or a glob that names nothing, or what another group has; nothing is uncertain.
pub fn asked_factors(
    model: &Model,
    named: &[String],
    globs: &[String],
    design: Option<&[TiedSet]>,
) -> Result<AskedFactors, Error> {
    let mut grouping = Grouping {
        model,
        taken: HashMap::new(),
        results: Vec::new(),
        groups: Vec::new(),
    };
    for text in named.iter().filter(|text| *text != AUTO) {
        grouping.add(text)?;
    }
    let is_auto = named.iter().any(|text| text == AUTO);
    if named.is_empty() || !globs.is_empty() {
        grouping.add_singles(globs, design.is_some())?;
    }
    let merged = match is_auto {
        true => grouping.add_rest(design)?,
        false => Vec::new(),
    };
    if grouping.groups.is_empty() {
        return Err(match model.is_uncertain() {
            true => Error::NoEventByItself,
            false => Error::NothingUncertain,
        });
    }
    Ok(AskedFactors {
        factors: grouping.groups,
        results: grouping.results,
        merged,
    })
}

/// Factors as they are taken.
struct Grouping<'a> {
    model: &'a Model,
    /// The factor of each number that has one.
    taken: HashMap<usize, usize>,
    results: Vec<ResultFactor>,
    groups: Vec<Factor>,
}

impl Grouping<'_> {
    /// Takes a group, or more members of one that is there.
    fn add(&mut self, text: &str) -> Result<(), Error> {
        let refuse = |reason: String| {
            let text = text.to_owned();
            Err(Error::Group { text, reason })
        };
        let Some((name, globs)) = text.split_once('=') else {
            return refuse(format!(
                "expected NAME=GLOB, several as NAME=GLOB,GLOB, or {AUTO}"
            ));
        };
        let model = self.model;
        let is_draw = (0..model.draws_len()).any(|index| model.draw_name(index) == name);
        let is_number = || {
            model
                .layout
                .slots()
                .any(|slot| path_of(model, slot) == name)
        };
        if name.trim().is_empty() {
            return refuse("every group needs a name of its own".to_owned());
        }
        if is_draw || is_number() {
            return refuse(format!(
                "{name} is the path of a number: every group needs a name of its own"
            ));
        }
        let known = self.groups.iter().position(|one| one.name == name);
        let group = known.unwrap_or(self.groups.len());
        let mut members = Vec::new();
        for glob in globs.split(',') {
            let numbers = self.numbers("--group", glob)?;
            members.extend(numbers);
        }
        for &member in &members {
            let of = *self.taken.entry(member).or_insert(group);
            if of != group {
                let path = member_name(self.model, &self.results, member);
                return refuse(format!("{path} is in another group already"));
            }
        }
        if known.is_none() {
            self.groups.push(Factor {
                name: name.to_owned(),
                members: Vec::new(),
            });
        }
        let own = &mut self.groups[group].members;
        own.extend(members);
        own.sort_unstable();
        own.dedup();
        Ok(())
    }

    /// The numbers that a glob names: quantities, events, or else results of each world.
    fn numbers(&mut self, flag: &'static str, glob: &str) -> Result<Vec<usize>, Error> {
        let drawn = members(glob, self.model);
        if !drawn.is_empty() && self.model.is_uncertain() {
            return Ok(drawn);
        }
        let mut numbers = Vec::new();
        for one in results_of(glob, self.model)? {
            let known = (self.results.iter()).position(|other| other.path == one.path);
            let index = known.unwrap_or(self.results.len());
            if known.is_none() {
                self.results.push(one);
            }
            numbers.push(self.model.draws_len() + index);
        }
        if !numbers.is_empty() {
            return Ok(numbers);
        }
        if !self.model.is_uncertain() {
            return Err(Error::NothingUncertain);
        }
        let glob = glob.to_owned();
        Err(Error::NoFactor { flag, glob })
    }

    /// Takes every number by itself that a glob names and no group has.
    fn add_singles(&mut self, globs: &[String], is_design: bool) -> Result<(), Error> {
        let mut numbers: Vec<usize> = Vec::new();
        if globs.is_empty() {
            match (self.model.is_uncertain(), self.model.uncertain.len()) {
                (false, _) => return Err(Error::NothingUncertain),
                (true, 0) => {
                    let by_chance = by_chance(self.model, is_design);
                    numbers.extend((0..self.model.draws_len()).filter(|&one| by_chance(one)));
                }
                (true, quantities) => numbers.extend(0..quantities),
            }
        }
        for glob in globs {
            numbers.extend(self.numbers("--factors", glob)?);
        }
        numbers.sort_unstable();
        numbers.dedup();
        for number in numbers {
            if !self.taken.contains_key(&number) {
                self.taken.insert(number, self.groups.len());
                let name = member_name(self.model, &self.results, number).into_owned();
                self.groups.push(Factor {
                    name,
                    members: vec![number],
                });
            }
        }
        Ok(())
    }

    /// Takes all quantities that are left, and events that may or may not come, by section and actor; returns the names of those groups that ties
    /// made one.
    fn add_rest(&mut self, design: Option<&[TiedSet]>) -> Result<Vec<String>, Error> {
        let model = self.model;
        let by_chance = by_chance(model, design.is_some());
        let left = (0..model.draws_len()).filter(|index| !self.taken.contains_key(index));
        let mut rest: Vec<(Vec<String>, Vec<usize>)> = Vec::new();
        for index in left.filter(|&index| by_chance(index)) {
            let section = section_of(&model.draw_name(index)).to_owned();
            match rest.iter_mut().find(|(names, _)| names[0] == section) {
                Some((_, members)) => members.push(index),
                None => rest.push((vec![section], vec![index])),
            }
        }
        let tied = design.into_iter().flatten();
        let tied = tied.map(|set| set.quantities.clone());
        for set in tied.chain(events_set(model)) {
            let meets = |members: &[usize]| set.iter().any(|one| members.contains(one));
            let Some(first) = rest.iter().position(|(_, members)| meets(members)) else {
                continue;
            };
            let mut at = first + 1;
            while at < rest.len() {
                if meets(&rest[at].1) {
                    let (names, members) = rest.remove(at);
                    rest[first].0.extend(names);
                    rest[first].1.extend(members);
                } else {
                    at += 1;
                }
            }
        }
        let mut merged = Vec::new();
        for (names, mut members) in rest {
            members.sort_unstable();
            let name = match (names.as_slice(), members.as_slice()) {
                (_, [one]) => model.draw_name(*one).into_owned(),
                ([first, more @ ..], _) if names.len() > MOST_NAMED => {
                    format!("{first} + {} more", more.len())
                }
                (names, _) => names.join(" + "),
            };
            if self.groups.iter().any(|one| one.name == name) {
                return Err(Error::Group {
                    text: AUTO.to_owned(),
                    reason: format!("it makes a group {name}: give yours another name"),
                });
            }
            if names.len() > 1 {
                merged.push(names.join(", "));
            }
            self.groups.push(Factor { name, members });
        }
        Ok(merged)
    }
}

/// Whether a number that a world draws differs: a quantity, an event that may come or not; a design cannot move what is listed.
fn by_chance(model: &Model, is_design: bool) -> impl Fn(usize) -> bool + '_ {
    let may_come_or_not = model.may_come_or_not();
    move |index| match index.checked_sub(model.uncertain.len()) {
        None => true,
        Some(event) if is_design && model.events[event].came.is_some() => false,
        Some(event) => may_come_or_not[event],
    }
}

/// Events of which one sets how probable the other is, as pairs. Whether the second came is not its own doing then: worlds that are there know it as it came,
/// a design as what decides it, and the two are the same of both together alone.
fn events_set(model: &Model) -> impl Iterator<Item = Vec<usize>> + '_ {
    let first = model.uncertain.len();
    model
        .events
        .iter()
        .enumerate()
        .flat_map(move |(at, event)| {
            let set = event.probabilities.iter();
            set.map(move |(other, _)| vec![first + at, first + other])
        })
}

/// The section and, where it has them, the actor that a path belongs to: state.SG, hyperscaler.MSFT, arm.bloc, the pairs of a state; else the section alone.
/// An event is one by itself.
fn section_of(path: &str) -> &str {
    if event_of_draw(path).is_some() {
        return path;
    }
    let mut dots = path.match_indices('.').map(|(at, _)| at);
    let (first, second) = (dots.next(), dots.next());
    let section = &path[..first.unwrap_or(path.len())];
    match ["state", "hyperscaler", "pair", "arm"].contains(&section) {
        true => &path[..second.unwrap_or(path.len())],
        false => section,
    }
}

/// Factors of worlds that are there, all of them without a glob: indices of quantities and events, and results of each world for what no quantity matches.
pub fn factors_or_results(
    model: &Model,
    globs: &[String],
) -> Result<(Vec<usize>, Vec<ResultFactor>), Error> {
    let asked = asked_factors(model, &[], globs, None)?;
    let members = asked.factors.iter().flat_map(|factor| &factor.members);
    let drawn = members.copied().filter(|&one| one < model.draws_len());
    Ok((drawn.collect(), asked.results))
}

/// Results of each world that a path names, or one in which `*` stands for an id: who was a member, `bloc.window.1.member.*`, or any other that a
/// condition could name.
fn results_of(glob: &str, model: &Model) -> Result<Vec<ResultFactor>, Error> {
    let states = model.states.iter().map(|one| &one.id);
    let hyperscalers = model.hyperscalers.iter().map(|one| &one.id);
    let names: Vec<String> = match glob.contains('*') {
        false => vec![glob.to_owned()],
        true => states
            .chain(hyperscalers)
            .map(|id| glob.replace('*', id))
            .collect(),
    };
    let mut found = Vec::new();
    for name in names {
        if let Ok(path) = ResultPath::parse(&name, model) {
            of_each_world("--factors", &name, &path)?;
            found.push(ResultFactor { name, path });
        }
    }
    Ok(found)
}

/// Indices of the uncertain quantities whose path matches, in which `*` stands for any text; or of events, as of [`Model::draw_name`], if the glob begins
/// with `event.`.
fn members(glob: &str, model: &Model) -> Vec<usize> {
    let named = match glob.starts_with("event.") {
        true => model.draws_len(),
        false => model.uncertain.len(),
    };
    let members = (0..named).filter(|&index| matches(glob, &model.draw_name(index)));
    members.collect()
}

/// Whether `text` matches `glob`, in which `*` stands for any text.
pub fn matches(glob: &str, text: &str) -> bool {
    let mut parts = glob.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_paths() {
        for (glob, path, expected) in [
            ("*", "state.SG.gdp", true),
            ("state.SG.*", "state.SG.gdp", true),
            ("state.*.gdp", "state.SG.gdp", true),
            ("state.*.gdp", "state.SG.gdp_growth", false),
            ("market.*", "state.SG.gdp", false),
            ("*.SG.*", "state.SG.gdp", true),
            ("state.SG.gdp", "state.SG.gdp", true),
            ("state.SG.gd", "state.SG.gdp", false),
            ("a*a", "a", false),
        ] {
            assert_eq!(matches(glob, path), expected, "{glob} {path}");
        }
    }

    #[test]
    fn a_path_belongs_to_a_section_and_an_actor() {
        for (path, expected) in [
            ("market.region_efficiency", "market"),
            ("state.SG.values.audit_rights", "state.SG"),
            ("hyperscaler.MSFT.market_share", "hyperscaler.MSFT"),
            ("pair.MY.MSFT.fit", "pair.MY"),
            ("link.MY.SG.efficiency", "link"),
            ("term.audit_rights.max", "term"),
            ("arm.bloc.binding", "arm.bloc"),
            ("event.a.b.came", "event.a.b.came"),
        ] {
            assert_eq!(section_of(path), expected, "{path}");
        }
    }
}
