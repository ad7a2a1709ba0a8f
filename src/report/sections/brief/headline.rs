//! The sentence that matters most: whether there is a deal and what it brings; and what all of it is about.

use crate::report::amounts::label;
use crate::report::document::{Text, code, joined, text, words};
use crate::report::sections::brief::view::BriefView;
use crate::report::sentence::capital;
use crate::report::verdict::of_hundred;
use crate::study::brief::Side;
use crate::theory::spelling::units::{count, worlds};

pub fn headline(view: &BriefView) -> Text {
    let (part, trials) = (&view.results.table, view.results.manifest.trials);
    let mut said = text![
        format!("{}, arm ", capital(&sides(view))),
        code(&part.arm),
        format!(", talks of window {} from {}: ", part.window, part.year)
    ];
    let often = view.number("zone.deal", |deal| of_hundred(deal, trials));
    said.extend(match (trials, view.results.zone.deal > 0.0) {
        (1, true) => text!["a deal exists."],
        (1, false) => text!["no deal exists."],
        _ => text!["a deal exists in ", often, " worlds."],
    });
    let predicted = &view.results.predicted;
    if predicted.solutions[&predicted.solution].state.is_some() {
        let [own, other] = view.sides.map(|side| {
            let path = format!("predicted.solutions.{}.{}", predicted.solution, side.key);
            view.amount(path).median()
        });
        said.extend(text![
            " Where one does, the predicted deal adds US$ ",
            own,
            format!(" bn to what {} has without it and ", view.own),
            other,
            format!(" to what {} has (medians).", view.other)
        ]);
    }
    for reason in part.obstacles.keys() {
        let why = match reason.as_str() {
            "no-bloc" => "no bloc forms",
            "may-not-deal" => "the two may not deal",
            "over-budget" => "the deal is larger than what is left of the budget",
            "not-on-short-list" => "the hyperscaler is not on the short list",
            _ => "no member is worth a host",
        };
        let often = view.number(&format!("table.obstacles.{reason}"), |share| {
            of_hundred(share, view.results.manifest.trials)
        });
        said.extend(text![" In ", often, format!(" worlds {why}.")]);
    }
    if (1..trials).contains(&part.worlds) {
        let with = view.number("table.worlds", |worlds| count(worlds as u64));
        let all = count(trials);
        said.extend(text![
            " All that follows is about the ",
            with,
            format!(" of {all} worlds in which the two sit down.")
        ]);
    }
    if !part.members.is_empty() {
        let members = part.members.iter().filter(|(_, share)| **share > 0.0);
        let often = |id: &str| view.often(&format!("table.members.{id}"));
        let members = members.map(|(id, _)| text![format!("{id} "), often(id)]);
        said.push(words(" In the bloc, of worlds with talks: "));
        said.extend(joined(members, ", "));
        said.push(words("."));
    }
    said
}

/// The two sides by their names and ids, the own first.
fn sides(view: &BriefView) -> String {
    let (part, model) = (&view.results.table, view.model);
    let mut states = model.states.iter();
    let state = states.find(|one| part.state.as_ref() == Some(&one.id));
    let state = state.map_or_else(|| view.states.to_owned(), label);
    let mut hyperscalers = model.hyperscalers.iter();
    let hyperscaler = hyperscalers.find(|one| one.id == part.hyperscaler);
    let hyperscaler = label(hyperscaler.expect("the document is about this scenario"));
    match part.side {
        Side::States => format!("{state} with {hyperscaler}"),
        Side::Hyperscaler => format!("{hyperscaler} with {state}"),
    }
}

pub fn footer(view: &BriefView) -> Text {
    let manifest = &view.results.manifest;
    let (scenario, trials) = (&manifest.scenario, worlds(manifest.trials));
    text![
        format!("{scenario}: {trials}, talks in "),
        view.number("table.worlds", |worlds| count(worlds as u64)),
        format!(
            "; money in {}, of this window alone, undiscounted; gains by (21), (22) and (24) of the model; seed {}, {} {}. One world step by \
             step: mufakat explain SCENARIO --trial 0 --arm {}.",
            view.money(),
            manifest.seed,
            manifest.tool,
            manifest.version,
            view.results.table.arm
        )
    ]
}
