//! The answer of a run in sentences: how much the states gain or lose together, what of it comes from rules and what from the
//! joint table, and who is better or worse off.

use crate::engine::model::Identity;
use crate::engine::outcome::TotalMetric;
use crate::report::amounts::{difference, mean, range};
use crate::report::split::framework_of;
use crate::report::tables::{View, label};
use crate::report::verdict::sign;
use crate::study::results::precision::{arm_of_headline, is_off};
use crate::study::results::run::Paired;
use crate::theory::spelling::listed;
use crate::theory::spelling::units::{error, frequency, number, percent};
use crate::theory::stats::summary::Stat;

/// The arm that the headline is about: the first bloc, else the last arm; `None` if there is only the reference.
pub(crate) fn headline_arm(view: &View<'_>) -> Option<usize> {
    arm_of_headline(view.model, view.reference)
}

/// All sentences, each a paragraph.
pub(crate) fn sentences(view: &View<'_>) -> Vec<String> {
    let first = answer(view) + &parts(view).unwrap_or_default();
    let others = [winners(view), left_out(view)];
    [first]
        .into_iter()
        .chain(others.into_iter().flatten())
        .collect()
}

fn money(view: &View<'_>) -> String {
    let horizon = &view.model.horizon;
    format!(
        "present value at the start of {}, prices of {}",
        horizon.start_year, horizon.price_year
    )
}

fn answer(view: &View<'_>) -> String {
    let reference = view.name(view.reference);
    let total = |arm: usize| view.arm(arm).totals["payoff"].as_ref();
    let Some(arm) = headline_arm(view) else {
        let stat = total(view.reference);
        let interval = match range(stat) {
            range if range.is_empty() => String::new(),
            range => format!(" (90% of worlds: {range})"),
        };
        return format!(
            "The states together get US$ {} bn as `{reference}`{interval}; {}.",
            mean(stat),
            money(view)
        );
    };
    let name = view.name(arm);
    let paired = view.total(arm, view.reference, TotalMetric::Payoff);
    let Some(stat) = &paired.difference else {
        return format!("`{name}` and `{reference}` have no world in common.");
    };
    match stat.se {
        None => format!(
            "In this one world the states together get {} as `{name}` {} as `{reference}`: {} against {} ({}).",
            match sign(&paired) {
                0 => "the same".to_owned(),
                sign => format!("US$ {} bn {}", amount(stat), more_or_less(sign)),
            },
            if sign(&paired) == 0 { "and" } else { "than" },
            mean(total(arm)),
            mean(total(view.reference)),
            money(view)
        ),
        Some(se) => over_worlds(view, name, &paired, stat, se),
    }
}

fn over_worlds(view: &View<'_>, name: &str, paired: &Paired, stat: &Stat, se: f64) -> String {
    let reference = view.name(view.reference);
    let trials = view.results.manifest.trials;
    if paired.same == Some(1.0) {
        return format!(
            "In {} the states together get the same as `{name}` and as `{reference}` ({}).",
            frequency(1.0, trials),
            money(view)
        );
    }
    let (share, direction, verb) = if stat.mean < 0.0 {
        (paired.worse, "less", "lose")
    } else {
        (paired.better, "more", "gain")
    };
    let spread = if se > 0.0 {
        format!("standard error {}, ", error(se))
    } else {
        String::new()
    };
    format!(
        "In {} the states together get {direction} as `{name}` than as `{reference}`: on average {} \
         ({spread}90% of worlds between {}; {}).",
        frequency(share.unwrap_or(0.0), trials),
        match amount(stat) {
            nil if !nil.contains(|digit| ('1'..='9').contains(&digit)) =>
                "that comes to nothing within its error".to_owned(),
            amount => format!("they {verb} US$ {amount} bn"),
        },
        range(Some(stat)).replace(" to ", " and "),
        money(view)
    )
}

/// A difference without its sign.
fn amount(stat: &Stat) -> String {
    number(stat.mean.abs(), stat.se)
}

fn more_or_less(sign: i32) -> &'static str {
    if sign < 0 { "less" } else { "more" }
}

/// What of the answer comes from the rules, and what from the joint table under the same rules.
fn parts(view: &View<'_>) -> Option<String> {
    let bloc = headline_arm(view)?;
    let framework = framework_of(view, bloc)?;
    let value = |arm: usize, reference: usize| {
        let paired = view.total(arm, reference, TotalMetric::Payoff);
        difference(paired.difference.as_ref())
    };
    Some(format!(
        " Of this, the common rules account for {} (`{}` against `{}`), the joint table for {} (`{}` against `{}`).",
        value(framework, view.reference),
        view.name(framework),
        view.name(view.reference),
        value(bloc, framework),
        view.name(bloc),
        view.name(framework)
    ))
}

/// Who gains and who loses on average in the arm of the headline, and which state does so least often.
fn winners(view: &View<'_>) -> Option<String> {
    let arm = headline_arm(view)?;
    let states = view.model.states.iter().enumerate();
    let states: Vec<(&Identity, Paired)> = states
        .map(|(i, state)| (state, view.payoff(arm, view.reference, i)))
        .collect();
    let mut parts = Vec::new();
    for (wanted, verb) in [(1, "better off"), (-1, "worse off"), (0, "no clear change")] {
        let of_sign = states.iter().filter(|one| sign(&one.1) == wanted);
        let names: Vec<String> = of_sign.map(|one| label(one.0)).collect();
        if names.len() == states.len() && names.len() > 1 {
            parts.push(match names.len() {
                2 => format!("{verb}: both states"),
                count => format!("{verb}: all {count} states"),
            });
        } else if !names.is_empty() {
            parts.push(format!("{verb}: {}", names.join(", ")));
        }
    }
    let average = if view.is_single() { "" } else { ", on average" };
    let worst = worst(view, &states).unwrap_or_default();
    Some(format!(
        "As `{}`{average}, {}.{worst}",
        view.name(arm),
        parts.join("; ")
    ))
}

/// The state that is least often better off or, in one world, gains least; none where all are alike.
fn worst(view: &View<'_>, states: &[(&Identity, Paired)]) -> Option<String> {
    let value = |paired: &Paired| match view.is_single() {
        true => paired.difference.as_ref().map(|stat| stat.mean),
        false => paired.better,
    };
    let values = states.iter().map(|one| value(&one.1));
    let values: Vec<f64> = values.collect::<Option<_>>()?;
    let low = (0..values.len()).reduce(|low, next| match values[next] < values[low] {
        true => next,
        false => low,
    })?;
    let high = values
        .iter()
        .fold(f64::NEG_INFINITY, |one, &other| one.max(other));
    let (state, paired) = &states[low];
    if high - values[low] <= 1e-9 * high.abs().max(1.0) {
        return None;
    }
    Some(match view.is_single() {
        true => format!(
            " {}: {}, {}.",
            if values[low] < 0.0 {
                "Loses most"
            } else {
                "Gains least"
            },
            label(state),
            difference(paired.difference.as_ref())
        ),
        false if values[low] == 0.0 => {
            format!(" Worst off: {}, better off in no world.", label(state))
        }
        false => format!(
            " Worst off: {}, better off in only {} of worlds.",
            label(state),
            percent(values[low])
        ),
    })
}

/// The arms that are not played as such.
fn left_out(view: &View<'_>) -> Option<String> {
    let off = (0..view.model.arms.len()).filter(|&arm| is_off(view.model, arm));
    let off: Vec<&str> = off.map(|arm| view.name(arm)).collect();
    let verb = if off.len() == 1 { "is" } else { "are" };
    (!off.is_empty()).then(|| {
        format!(
            "Switched off: {} {verb} not active (`active = false`); no accord forms there, and the tables leave it out \
             unless it is the reference.",
            listed(&off)
        )
    })
}
