//! The answer of a run: how much the states gain or lose together, what it is made of, and who it is for.

use super::facts::Facts;
use super::{bill, causes};
use crate::engine::model::question::View;
use crate::engine::outcome::TotalMetric;
use crate::report::amounts::roughness;
use crate::report::document::{Span, Text, code, joined, text, written};
use crate::report::numbers::{Pair, largest};
use crate::report::sentence::say;
use crate::report::verdict::{Verdict, and};
use crate::study::results::choice::is_off;
use crate::theory::spelling::units::{number, worlds};
use std::cmp::Ordering;

/// Fewer parts of a difference than this are none: what rounding leaves where all states get the same.
const ALIKE: f64 = 1e-9;

/// Where fewer worlds than this share are the same in both, those with less are all but those with more.
const LEAST_SAME: f64 = 0.01;

/// More states than this are counted, not named.
const MOST_NAMED: usize = 3;

/// All that is said before the tables.
pub(super) fn lead(facts: &Facts<'_>) -> Vec<Text> {
    let mut lead = told(facts, causes::sentences(facts));
    if facts.headline().is_some() {
        lead.extend(bill::sentence(facts));
    }
    lead.extend(left_out(facts));
    lead
}

/// What a first screen has room for: of causes those that matter, nothing of bills and of arms that are switched off.
pub(super) fn briefly(facts: &Facts<'_>) -> Vec<Text> {
    told(facts, causes::briefly(facts))
}

/// The answer, with what is said of its causes.
fn told(facts: &Facts<'_>, causes: impl IntoIterator<Item = Text>) -> Vec<Text> {
    let Some(arm) = facts.headline() else {
        return vec![alone(facts)];
    };
    let view = facts.view();
    let pair = facts.party_pair(arm, facts.reference, view);
    let mut lead = answer(facts, view);
    lead.extend(spread(facts, &pair));
    lead.extend(causes);
    lead.extend(states(facts, arm));
    lead
}

/// Which option is best for a party: against the reference, whether that is much, and against the other options.
fn answer(facts: &Facts<'_>, view: View) -> Vec<Text> {
    let mut said = against(facts, view);
    if !said.is_empty() {
        said.extend(among_options(facts, view));
    }
    said
}

/// The same where every option stands in a table beside it: of the others only one that cannot be told from the best.
pub(in crate::report::sections) fn answer_beside_options(
    facts: &Facts<'_>,
    view: View,
) -> Vec<Text> {
    let mut said = against(facts, view);
    if let [best, next, _, ..] = facts.ranked_options(view)[..]
        && facts.party_pair(next, best, view).verdict() == Verdict::Unclear
    {
        said.extend(among_options(facts, view));
    }
    said
}

/// The best option against the reference, and whether that is much; nothing where there is nothing to choose.
fn against(facts: &Facts<'_>, view: View) -> Vec<Text> {
    let Some(arm) = facts.best_other(view) else {
        return Vec::new();
    };
    let pair = facts.party_pair(arm, facts.reference, view);
    let mut said = vec![against_reference(facts, arm, &pair, view)];
    if pair.verdict().sign() != 0 {
        said.extend(facts.measured(arm, facts.reference, view));
    }
    said
}

/// The best option for the region, where a note for another has its own.
pub(in crate::report::sections) fn best_for_region(facts: &Facts<'_>, own: View) -> Option<Text> {
    let arm = facts.best_other(View::Region)?;
    let pair = facts.party_pair(arm, facts.reference, View::Region);
    let gains = matches!(pair.verdict(), Verdict::Gains | Verdict::GainsOnAverage);
    Some(match gains && facts.best_other(own) == Some(arm) {
        true => say!(
            "It is best for the region too: the states together get more in {} worlds, on average US$ {} bn.",
            pair.better(),
            pair.difference().amount()
        ),
        false => against_reference(facts, arm, &pair, View::Region),
    })
}

/// The question that the scenario asks, if it asks one.
pub(in crate::report::sections) fn question(facts: &Facts<'_>) -> Option<Text> {
    let text = facts.model.question.text.as_str();
    (!text.is_empty()).then(|| text![text])
}

/// The answer in one line: the best option, and what it brings; none where there is nothing to choose, or nothing to tell.
pub(in crate::report::sections) fn in_short(facts: &Facts<'_>, view: View) -> Option<Text> {
    let arm = facts.best_other(view)?;
    let pair = facts.party_pair(arm, facts.reference, view);
    let said = match pair.verdict() {
        Verdict::Gains | Verdict::GainsOnAverage => say!(
            "{}: US$ {} bn more than {}",
            facts.arm(arm),
            pair.difference().amount(),
            facts.arm(facts.reference)
        ),
        Verdict::Loses | Verdict::LosesOnAverage => say!(
            "{}: US$ {} bn more than {}",
            facts.arm(facts.reference),
            pair.difference().amount(),
            facts.arm(arm)
        ),
        Verdict::Unclear => say!(
            "{} and {} cannot be told apart",
            facts.arm(arm),
            facts.arm(facts.reference)
        ),
        _ => return None,
    };
    Some(say!("Best for {}: {}.", facts.party(view), said))
}

/// Who gets, and how that is said of more than one.
fn subject(facts: &Facts<'_>, view: View) -> (String, [&'static str; 2]) {
    match view {
        View::Region => ("the states together".to_owned(), ["get", "do"]),
        _ => (facts.party(view).to_owned(), ["gets", "does"]),
    }
}

/// The one sentence, by what may be said.
fn against_reference(facts: &Facts<'_>, arm: usize, pair: &Pair, view: View) -> Text {
    let (name, reference) = (facts.titled(arm), facts.titled(facts.reference));
    let difference = pair.difference();
    let party = facts.party(view);
    let (who, [gets, does]) = subject(facts, view);
    let gets_of = |arm| facts.of_party(arm, view).mean();
    let in_this_world = |said: Text| {
        say!(
            "In this one world {} {} {}: US$ {} bn against {} ({}).",
            who.as_str(),
            gets,
            said,
            gets_of(arm),
            gets_of(facts.reference),
            facts.money()
        )
    };
    match pair.verdict() {
        // Only these two are looked at: nothing is said of what is best.
        verdict @ (Verdict::Gains
        | Verdict::GainsOnAverage
        | Verdict::Loses
        | Verdict::LosesOnAverage)
            if facts.explored =>
        {
            let (more, often) = match verdict.sign() > 0 {
                true => ("more", pair.better()),
                false => ("less", pair.worse()),
            };
            say!(
                "{}: in {} sampled worlds {} {} {} than as {}, on average US$ {} bn.",
                name,
                often,
                who.as_str(),
                gets,
                more,
                reference,
                difference.amount()
            )
        }
        Verdict::Unclear if facts.explored => say!(
            "It is open whether {} {} more as {} than as {}: more in {} sampled worlds and less in {}; the average difference{}.",
            who.as_str(),
            gets,
            name,
            reference,
            pair.better(),
            pair.worse(),
            within_error(difference.difference())
        ),
        Verdict::Gains | Verdict::GainsOnAverage => say!(
            "Best for {} is {}: in {} sampled worlds {} {} more than as {}, on average US$ {} bn.",
            party,
            name,
            pair.better(),
            who.as_str(),
            gets,
            reference,
            difference.amount()
        ),
        Verdict::Loses | Verdict::LosesOnAverage => say!(
            "Best for {} is {}: as {}, which comes nearest, {} {} less in {} sampled worlds, on average US$ {} bn.",
            party,
            reference,
            name,
            who.as_str(),
            gets,
            pair.worse(),
            difference.amount()
        ),
        Verdict::Unclear => say!(
            "For {} no option is clearly better than {}: as {}, which comes nearest, {} {} more in {} sampled worlds and less in {}; the average difference{}.",
            party,
            reference,
            name,
            who.as_str(),
            gets,
            pair.better(),
            pair.worse(),
            within_error(difference.difference())
        ),
        Verdict::TooFew => say!(
            "{} are too few to tell whether {} {} more as {} than as {}: {} {} in {}; the average difference is US$ {} bn.",
            worlds(facts.trials()),
            who.as_str(),
            gets,
            name,
            reference,
            who.as_str(),
            does,
            pair.better(),
            difference.difference()
        ),
        Verdict::Same if facts.trials() > 1 => say!(
            "In every sampled world {} {} the same as {} and as {}.",
            who.as_str(),
            gets,
            name,
            reference
        ),
        Verdict::Same => in_this_world(say!("the same as {} and as {}", name, reference)),
        verdict @ (Verdict::More | Verdict::Less) => in_this_world(say!(
            "US$ {} bn {} as {} than as {}",
            difference.amount(),
            if verdict == Verdict::More {
                "more"
            } else {
                "less"
            },
            name,
            reference
        )),
        Verdict::Unknown => say!("{} and {} have no world in common.", name, reference),
    }
}

/// How often the best option is the best of all, and the one behind it; none where there are two to choose from, or too few worlds.
fn among_options(facts: &Facts<'_>, view: View) -> Option<Text> {
    let ranked = facts.ranked_options(view);
    let (&[best, next, _, ..], false) = (ranked.as_slice(), facts.is_single()) else {
        return None;
    };
    let often = facts.best_often(best, view)?;
    let pair = facts.party_pair(next, best, view);
    let said = say!(
        "Of {} options {} is the best in {} worlds",
        ranked.len().to_string(),
        facts.arm(best),
        often
    );
    let difference = pair.difference();
    Some(match pair.verdict() {
        Verdict::TooFew | Verdict::Unknown => return None,
        Verdict::Same | Verdict::More | Verdict::Less => {
            say!("{}, as is {} in every world.", said, facts.titled(next))
        }
        Verdict::Loses | Verdict::LosesOnAverage => say!(
            "{}; next comes {}, on average US$ {} bn less.",
            said,
            facts.titled(next),
            difference.amount()
        ),
        _ => say!(
            "{}; it cannot be told from {}, with which the average difference{}.{}",
            said,
            facts.titled(next),
            within_error(difference.difference()),
            to_leave(facts, best, next)
        ),
    })
}

/// Which of two options costs less to leave; nothing where both cost the same.
fn to_leave(facts: &Facts<'_>, one: usize, other: usize) -> Text {
    let [first, second] = [one, other].map(|arm| facts.penalty(arm));
    let cost = |share: f64| match share {
        0.0 => "nothing".to_owned(),
        some => format!("{}% of the value at stake", number(100.0 * some, None)),
    };
    match first.total_cmp(&second) {
        Ordering::Equal => Text::new(),
        Ordering::Less => say!(
            " {} costs less to leave: {} against {}.",
            facts.arm(one),
            cost(first),
            cost(second)
        ),
        Ordering::Greater => to_leave(facts, other, one),
    }
}

/// What an average is that is not told from zero.
fn within_error(average: Span) -> Text {
    let shown = written(std::slice::from_ref(&average));
    match shown.contains(|c: char| ('1'..='9').contains(&c)) {
        true => say!(", US$ {} bn, is within its error", average),
        false => say!(" comes to nothing within its error"),
    }
}

/// How far the worlds differ; none where they do not. In how many it is less is said where it does not follow from how many have more.
fn spread(facts: &Facts<'_>, pair: &Pair) -> Option<Text> {
    let difference = pair.difference();
    let error = difference.error()?;
    let follows =
        pair.verdict() == Verdict::Unclear || pair.paired.same.is_none_or(|same| same < LEAST_SAME);
    let less = match follows {
        true => Text::new(),
        false => say!("; it is less in {} worlds", pair.worse()),
    };
    Some(say!(
        "90% of worlds lie between US$ {} bn ({}; standard error of the average {}){}.",
        difference.range(" and "),
        facts.money(),
        error,
        less
    ))
}

/// How many states are better or worse off, and which of them least.
fn states(facts: &Facts<'_>, arm: usize) -> Option<Text> {
    let ranked = facts.ranked(arm, facts.reference);
    let with = |sign: i32| -> Vec<String> {
        let with = ranked
            .iter()
            .filter(|(_, pair)| pair.verdict().sign() == sign);
        with.map(|(i, _)| facts.state(*i).name.clone()).collect()
    };
    let [better, worse] = [with(1).len(), with(-1).len()];
    let named = |sign: i32| match with(sign) {
        names if (1..=MOST_NAMED).contains(&names.len()) => format!(" ({})", and(&names)),
        _ => String::new(),
    };
    let too_few = ranked
        .iter()
        .all(|(_, pair)| pair.verdict() == Verdict::TooFew);
    let least = least(facts, &ranked);
    if too_few {
        return least.map(|least| say!("Of the states, {}.", least));
    }
    let said = say!(
        "{}{} of {} states {} better off and {} worse off{}",
        if facts.is_single() {
            ""
        } else {
            "On average, beyond error, "
        },
        better.to_string(),
        ranked.len().to_string(),
        if better == 1 { "is" } else { "are" },
        if worse == 0 {
            "none".to_owned()
        } else {
            worse.to_string()
        },
        named(-1)
    );
    let open = match named(0) {
        names if !names.is_empty() && better + worse > 0 => say!(", the rest neither{}", names),
        _ => Text::new(),
    };
    let least = least.map(|least| say!("; {}", least));
    Some(say!("{}{}{}.", said, open, least.unwrap_or_default()))
}

/// The state that is least often better off or, in one world, gains least; none where all are alike.
fn least(facts: &Facts<'_>, ranked: &[(usize, Pair)]) -> Option<Text> {
    let value = |pair: &Pair| match facts.is_single() {
        true => pair.value(),
        false => pair.paired.better.unwrap_or(f64::NAN),
    };
    let low = largest(ranked, |one| -value(&one.1))?;
    let high = ranked.iter().map(|one| value(&one.1));
    let high = high.fold(f64::NEG_INFINITY, f64::max);
    if high - value(&low.1) <= ALIKE * high.abs().max(1.0) {
        return None;
    }
    let name = facts.state(low.0).name.as_str();
    Some(match facts.is_single() {
        true => say!(
            "{} {}, {}",
            name,
            if low.1.value() < 0.0 {
                "loses most"
            } else {
                "gains least"
            },
            low.1.difference().difference()
        ),
        false => say!(
            "least often better off is {}, in {} worlds",
            name,
            low.1.better()
        ),
    })
}

/// The answer where there is one arm only.
fn alone(facts: &Facts<'_>) -> Text {
    let quote = facts.total(facts.reference, TotalMetric::Payoff);
    let mut range = quote.range(" and ");
    if !range.is_empty() {
        range = say!(" (90% of worlds between {})", range);
    }
    say!(
        "The states together get US$ {} bn as {}{}; {}.",
        quote.mean(),
        facts.arm(facts.reference),
        range,
        facts.money()
    )
}

/// The arms that are not played as such.
fn left_out(facts: &Facts<'_>) -> Option<Text> {
    let arms = 0..facts.model.arms.len();
    let off: Vec<usize> = arms.filter(|&arm| is_off(facts.model, arm)).collect();
    let names = joined(off.iter().map(|&arm| vec![facts.arm(arm)]), ", ");
    let said = say!(
        "Switched off: {} {} not active (`active = false`); no accord forms there, and the tables leave it out unless it is the reference.",
        names,
        if off.len() == 1 { "is" } else { "are" }
    );
    (!off.is_empty()).then_some(said)
}

/// What was run, and how: whatever makes it the same again.
pub(in crate::report::sections) fn made(facts: &Facts<'_>) -> Text {
    let manifest = &facts.results.manifest;
    let design = match (manifest.replicates, manifest.sampler.as_str()) {
        (Some(replicates), sampler) => format!("; {sampler} in {replicates} replicates"),
        (None, "random") => String::new(),
        (None, sampler) => format!("; {sampler}"),
    };
    let otherwise = manifest.design.as_ref();
    let otherwise = otherwise.map_or(String::new(), |design| format!(", {design}"));
    let quantiles = roughness(manifest);
    let hash = &manifest.scenario_sha256;
    text![
        format!("{} (", manifest.scenario),
        code(&hash[..hash.len().min(12)]),
        format!(
            "): {}{design}{otherwise}; seed {}, {} {}{quantiles}.",
            worlds(manifest.trials),
            manifest.seed,
            manifest.tool,
            manifest.version
        )
    ]
}
