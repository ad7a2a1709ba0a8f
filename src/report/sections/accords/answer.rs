//! The answer: the accord that leaves every member better off, the best for the region and for one state, and what the scenario has already.

use super::view::{AccordPlace, AccordsView, Ranged};
use crate::report::document::{Text, code, joined, words};
use crate::report::numbers::largest;
use crate::report::sentence::{capital, say};
use crate::study::accords::payments::ENOUGH;
use crate::study::results::accords::{AccordReading, ReadingKind};
use crate::theory::spelling::units::count;

/// What is said first.
pub(super) fn said(view: &AccordsView<'_>) -> Vec<Text> {
    let reading = |kind: ReadingKind| {
        let mut readings = view.results.readings.iter();
        let found = readings.find(|one| one.reading == kind)?;
        Some((found, view.of_reading(found)?))
    };
    let all = reading(ReadingKind::AllGain);
    let region = reading(ReadingKind::Region);
    let state = reading(ReadingKind::State);
    let first = all.as_ref().map(|(_, place)| place.one.id.as_str());
    let most = region.as_ref().map(|(_, place)| place.one.id.as_str());
    let mut said = Vec::new();
    said.extend(
        all.as_ref()
            .map(|(found, place)| all_gain(view, found, place)),
    );
    said.extend(
        region
            .as_ref()
            .map(|(_, place)| for_region(view, place, first)),
    );
    said.extend(state.and_then(|(found, place)| for_state(view, found, &place, [first, most])));
    said.extend(beaten(view));
    said.extend(overtaken(view, [all, region].into_iter().flatten()));
    said
}

/// Where an accord that the search did not choose is ahead in the worlds of these numbers: choosing again by them would flatter what is chosen.
fn overtaken<'a>(
    view: &AccordsView<'a>,
    chosen: impl Iterator<Item = (&'a AccordReading, AccordPlace<'a>)>,
) -> Option<Text> {
    let ahead = chosen.filter_map(|(reading, place)| {
        let (key, what) = match reading.reading {
            ReadingKind::AllGain if !reading.is_met => {
                ("all_gain", "leaves every member better off more often")
            }
            ReadingKind::Region => ("region", "brings the region more"),
            _ => return None,
        };
        let others = view.front().into_iter();
        let others = others.filter(|other| other.value(key) > place.value(key) + 1e-9);
        let best = largest(others, |other| other.value(key))?;
        Some((best.one.id.clone(), what))
    });
    let ahead: Vec<(String, &str)> = ahead.collect();
    if ahead.is_empty() {
        return None;
    }
    let each = ahead
        .iter()
        .map(|(id, what)| say!("{} {}", code(id.as_str()), *what));
    Some(say!(
        "These were chosen in the worlds of the search; in those of the numbers here {}.",
        joined(each, " and ")
    ))
}

/// Whether an accord leaves every member better off.
fn all_gain(view: &AccordsView<'_>, reading: &AccordReading, place: &AccordPlace<'_>) -> Text {
    let (what, name) = (view.described(place.one), place.name());
    let reference = code(view.results.reference.as_str());
    let often = place.all_gain(view);
    if !reading.is_met {
        // Where it seldom forms that is why, whoever gains by it.
        let formed = match place.one.formed < ENOUGH {
            true => say!(
                " (it forms in {})",
                view.often(place.one.formed, place.at("formed"))
            ),
            false => Text::new(),
        };
        return say!(
            "No accord {} leaves every member better off in {} of 100 worlds; nearest comes {}, by which every member gains in {}{} and the region {} more than as {}: {}.",
            view.among(),
            (100.0 * ENOUGH).to_string(),
            name,
            often,
            formed,
            place.region(),
            reference,
            match view.results.search.tried {
                1 => say!("{}, which is all that may be chosen", what),
                _ => what,
            }
        );
    }
    let falls_short = match place.value("all_gain") < ENOUGH {
        true => format!(
            ", fewer than the {} that it was chosen for in the worlds of the search,",
            100.0 * ENOUGH
        ),
        false => String::new(),
    };
    say!(
        "{} leaves every member better off in {}{} and brings the region {} more than {}: {}.",
        name,
        often,
        falls_short,
        place.region(),
        reference,
        what
    )
}

/// Which accord brings the region most, beside the first that was named.
fn for_region(view: &AccordsView<'_>, place: &AccordPlace<'_>, first: Option<&str>) -> Text {
    if first == Some(place.one.id.as_str()) {
        return match view.results.search.tried {
            1 => say!("There is no other accord to choose."),
            _ => say!("No other {} brings the region more.", view.among()),
        };
    }
    let region = place.region();
    say!(
        "Most for the region is {}: {}, with every member better off in {}: {}.",
        place.name(),
        region,
        place.all_gain(view),
        view.described(place.one)
    )
}

/// Which accord brings one state most.
fn for_state(
    view: &AccordsView<'_>,
    reading: &AccordReading,
    place: &AccordPlace<'_>,
    named: [Option<&str>; 2],
) -> Option<Text> {
    let id = reading.state.as_deref()?;
    let name = view.state_name(id);
    let gain = place.gain_of(id);
    let open = match place.sign_of(id) {
        0 => ", not told from nothing",
        _ => "",
    };
    let state = place.one.states.get(id)?;
    let often = view.often(state.better, place.at(&format!("states.{id}.better")));
    let gets = say!(
        "US$ {} bn{}, better off in {}",
        gain.difference(),
        open,
        often
    );
    let known = named.contains(&Some(place.one.id.as_str()));
    let what = match known {
        true => Text::new(),
        false => say!(": {}", view.described(place.one)),
    };
    Some(match reading.is_met {
        true => say!(
            "Most for {} with no other state losing on average is {} ({}){}.",
            name,
            place.name(),
            gets,
            what
        ),
        false => say!(
            "No accord {} brings {} more without another state losing on average; nearest comes {} ({}){}.",
            view.among(),
            name,
            place.name(),
            gets,
            what
        ),
    })
}

/// What the scenario names and brings the region more than all that was found.
fn beaten(view: &AccordsView<'_>) -> Option<Text> {
    let value = |place: &AccordPlace<'_>| place.value("region");
    let named = view
        .named()
        .into_iter()
        .filter(|place| value(place).is_finite());
    let named = largest(named, value)?;
    let found = largest(view.front(), value)?;
    let error = |place: &AccordPlace<'_>| {
        let region = place.objective("region");
        region
            .and_then(|one: Ranged<'_>| one.error())
            .unwrap_or(0.0)
    };
    let margin = 2.0 * error(&named).hypot(error(&found));
    if value(&named) <= value(&found) + margin.max(1e-9) {
        return None;
    }
    Some(say!(
        "The scenario's own {} brings the region more than any of these: {}, with every member better off in {}. To search from it, add {}.",
        named.name(),
        named.region(),
        named.all_gain(view),
        code(format!("-S accords.base={}", named.one.id))
    ))
}

/// "Most for the region, and for Alpha" of the readings that chose one accord.
pub(super) fn title(view: &AccordsView<'_>, readings: &[&AccordReading]) -> String {
    let parts = readings.iter().map(|one| {
        let whom = one.state.as_deref().map_or("", |id| view.state_name(id));
        match (one.reading, one.is_met) {
            (ReadingKind::AllGain, true) => "every member gains".to_owned(),
            (ReadingKind::AllGain, false) => "nearest to a gain of every member".to_owned(),
            (ReadingKind::Region, _) => "most for the region".to_owned(),
            (ReadingKind::State, true) => format!("most for {whom} with no other losing"),
            (ReadingKind::State, false) => format!("nearest for {whom} with no other losing"),
        }
    });
    capital(&parts.collect::<Vec<_>>().join(", "))
}

/// How many accords there are beyond those that are shown.
pub(super) fn and_more(more: usize) -> Option<Text> {
    (more > 0).then(|| {
        vec![words(format!(
            "... and {} more: see --json",
            count(more as u64)
        ))]
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample::{accord, results, with_reading};
    use super::*;
    use crate::report::document::written;
    use crate::study::results::fixture::model;

    fn first(results: &crate::study::results::accords::AccordsResults) -> Vec<String> {
        let model = model();
        let view = AccordsView::new(&model, results, true);
        said(&view).iter().map(|text| written(text)).collect()
    }

    #[test]
    fn the_answer_says_what_was_found() {
        let met = first(&results());
        assert_eq!(
            met[0],
            "accord-1 leaves every member better off in 96 of 100 worlds and brings the region US$ 2.0 bn (1.8 to 2.2) more than bilateral: one table instead of separate ones, half of the gains shared by GDP."
        );
        assert_eq!(
            met[1],
            "No other of the 12 that can be made of these rules brings the region more."
        );
        assert_eq!(met.len(), 2);
    }

    #[test]
    fn what_is_not_met_is_said_to_be_near() {
        let mut near = with_reading(ReadingKind::AllGain, "accord-2", false);
        near.search.exhaustive = false;
        near.front[1].formed = 0.8;
        let near = first(&near);
        assert!(
            near[0].starts_with("No accord of the 12 that were tried leaves every member better off in 90 of 100 worlds; nearest comes accord-2, by which every member gains in 76 of 100 worlds (it forms in 80 of 100 worlds) and the region US$ 1.0 bn"),
            "{}",
            near[0]
        );
        assert!(near[0].ends_with(": framework as it is."), "{}", near[0]);
        assert!(
            near[1].starts_with("Most for the region is accord-1: US$ 2.0 bn"),
            "{}",
            near[1]
        );
    }

    #[test]
    fn the_scenario_may_have_better_already() {
        let mut beaten = results();
        beaten.named = vec![accord("framework", 1.0, 0.76), accord("bloc", 5.0, 0.9)];
        let said = first(&beaten);
        assert_eq!(
            said[2],
            "The scenario's own bloc brings the region more than any of these: US$ 5.0 bn (4.8 to 5.2), with every member better off in 90 of 100 worlds. To search from it, add -S accords.base=bloc."
        );
        beaten.named = vec![accord("bloc", 2.1, 0.9)];
        assert_eq!(first(&beaten).len(), 2, "it may be chance");
    }

    #[test]
    fn a_state_has_a_best_accord_of_its_own() {
        let mut of_state = results();
        of_state.readings.push(AccordReading {
            reading: ReadingKind::State,
            state: Some("B".to_owned()),
            is_met: false,
            accord: "accord-2".to_owned(),
            clauses: Vec::new(),
            payments: None,
        });
        let said = first(&of_state);
        assert!(
            said[2].contains(
                "brings Beta more without another state losing on average; nearest comes accord-2"
            ),
            "{said:?}"
        );
    }

    #[test]
    fn one_world_has_no_interval() {
        let mut one = results();
        one.manifest.trials = 1;
        for accord in &mut one.front {
            for interval in accord.objectives.values_mut() {
                (interval.low, interval.high) = (Some(interval.value), Some(interval.value));
            }
            accord.objectives["all_gain"].value = 1.0;
        }
        let said = first(&one);
        assert!(said[0].starts_with("accord-1 leaves every member better off in this world and brings the region US$ 2.000 bn more than bilateral"), "{}", said[0]);
    }
}
