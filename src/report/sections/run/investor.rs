//! The run as an investor reads it: where capital and profit go, what a dollar earns, who is exposed.

use super::facts::Facts;
use crate::engine::outcome::TotalMetric;
use crate::report::document::{
    Cell, Heading, Number, Reading, Rows, Span, Table, Text, heading, joined, paragraph,
};
use crate::report::numbers::{Quote, frequency, largest, ratio};
use crate::report::sections::columns::{difference, range};
use crate::report::sentence::say;
use crate::theory::spelling::units::{number, percent};

pub(in crate::report::sections) fn reading(facts: &Facts<'_>) -> Reading {
    let mut blocks = vec![
        heading("Where profit concentrates"),
        paragraph(most(facts)),
        profits(facts).into(),
    ];
    blocks.extend(losses(facts).map(paragraph));
    blocks.extend([
        heading("Where capital goes, and what a dollar earns"),
        returns(facts).into(),
        heading("Concentration by window"),
        paragraph(concentrated(facts)),
        concentration(facts).into(),
        heading("Exposure to repricing of states that import their models"),
        paragraph(exposed(facts)),
        paragraph(repriced(facts)),
        exposure(facts).into(),
    ]);
    if facts.headline().is_none() {
        blocks.push(paragraph("There is one arm only: nothing to compare."));
    }
    Reading {
        id: "investor".to_owned(),
        name: "investor".to_owned(),
        title: "For an investor".to_owned(),
        blocks,
    }
}

/// Hyperscalers by falling profit in the reference.
pub(super) fn ranked(facts: &Facts<'_>) -> Vec<usize> {
    let mut ranked: Vec<usize> = (0..facts.model.hyperscalers.len()).collect();
    let profit = |h: usize| facts.of_hyperscaler(facts.reference, h, "profit").value();
    ranked.sort_by(|&one, &other| profit(other).total_cmp(&profit(one)));
    ranked
}

/// How often a hyperscaler makes a loss in an arm, and where that stands.
fn loss(facts: &Facts<'_>, arm: usize, h: usize) -> (f64, Span) {
    let id = &facts.model.hyperscalers[h].id;
    let share = facts.result(arm).hyperscalers[id].loss;
    let path = format!("arms.{}.hyperscalers.{id}.loss", facts.name(arm));
    (share, frequency(share, facts.trials(), path))
}

/// How often hyperscalers make a loss, in the worst arm of each; none where none does.
pub(super) fn losses(facts: &Facts<'_>) -> Option<Text> {
    let all = facts.model.hyperscalers.iter().enumerate();
    let said = all.filter_map(|(h, one)| {
        let worst = largest(facts.shown(), |&arm| loss(facts, arm, h).0)?;
        let (share, often) = loss(facts, worst, h);
        let often = match facts.is_single() {
            true => Text::new(),
            false => say!("in {} worlds ", often),
        };
        (share > 0.0).then(|| say!("{} {}({})", one.name.as_str(), often, facts.arm(worst)))
    });
    let said = joined(said, ", ");
    (!said.is_empty()).then(|| {
        say!(
            "Hyperscalers that make a loss, in the arm where it happens most: {}.",
            said
        )
    })
}

/// Who earns most in each arm.
fn most(facts: &Facts<'_>) -> Text {
    let arms = facts.pair_of_arms().into_iter();
    let said = arms.filter_map(|arm| {
        let profit = |h: usize| facts.of_hyperscaler(arm, h, "profit");
        let all = 0..facts.model.hyperscalers.len();
        let h = largest(all, |&h| profit(h).value())?;
        Some(say!(
            "{} earns {} of all hyperscalers' profit as {}",
            facts.model.hyperscalers[h].name.as_str(),
            ratio(&profit(h), &facts.total(arm, TotalMetric::Profit), percent),
            facts.arm(arm)
        ))
    });
    say!("{}{}", joined(said, ", and "), facts.of_means())
}

fn profits(facts: &Facts<'_>) -> Table {
    let reference = facts.reference;
    let name = facts.name(reference);
    let own = |&h: &usize, metric| facts.of_hyperscaler(reference, h, metric);
    Rows::of(ranked(facts))
        .column(Heading::number("hyperscaler"), |&h| {
            facts.model.hyperscalers[h].name.as_str()
        })
        .column(Heading::number("capital"), |h| own(h, "capex_present").level())
        .column(Heading::number("profit"), |h| own(h, "profit").level())
        .each(facts.pair_of_arms(), |rows, arm| {
            let heading = format!("per US$ as {}", facts.name(arm));
            rows.column(Heading::number(heading), |&h| on_capital(facts, arm, h))
        })
        .column(Heading::number("makes a loss in"), |&h| loss(facts, reference, h).1)
        .each(facts.headline(), |rows, arm| {
            let pair = |&h: &usize| facts.hyperscaler_pair(arm, reference, h, "profit");
            let heading = Heading::number(format!("profit as {} less {name}", facts.name(arm)));
            rows.column(heading, |h| difference(&pair(h)))
                .column(Heading::number("90% of worlds"), |h| range(&pair(h).difference()))
                .column(Heading::words("it is"), |h| {
                    Cell::words(pair(h).verdict().of_level())
                })
        })
        .table(
            "investor-profits",
            format!(
                "Hyperscalers as {name}: capital signed, profit net of the charge for it, and that profit per dollar of capital, mean over mean, both discounted at the rate of each; worlds with a loss; {}",
                facts.unit()
            ),
        )
}

/// What a hyperscaler earns per dollar of the capital that it signs, both discounted at its rate.
fn on_capital(facts: &Facts<'_>, arm: usize, h: usize) -> Span {
    let of = |metric| facts.of_hyperscaler(arm, h, metric);
    ratio(&of("profit"), &of("capex_present"), of_dollar)
}

/// A ratio of two means to three digits.
fn of_dollar(value: f64) -> String {
    number(value, Some(0.01))
}

fn returns(facts: &Facts<'_>) -> Table {
    let investment = |arm: usize, i: usize| facts.of_state(arm, i, "investment_present");
    Rows::of(facts.states_by(|i| investment(facts.reference, i).value()))
        .column(Heading::number("state"), |&i| facts.state(i).name.as_str())
        .each(facts.pair_of_arms(), |rows, arm| {
            let name = facts.name(arm);
            rows.column(Heading::number(format!("capital as {name}")), |&i| {
                investment(arm, i).level()
            })
            .column(
                Heading::number(format!("return per US$ as {name}")),
                |&i| {
                    let gain = facts.of_state(arm, i, "supplier_gain");
                    ratio(&gain, &investment(arm, i), of_dollar)
                },
            )
        })
        .table(
            "investor-returns",
            format!(
                "Capital by state, and what hyperscalers gain by hosting there per dollar of it: the mean gain over the mean capital, both discounted at the rate of the state; {}",
                facts.unit()
            ),
        )
}

/// The state whose exposure weighs most against what it gets.
fn exposed(facts: &Facts<'_>) -> Text {
    let arm = facts.reference;
    let weight = |i: usize| {
        facts.of_state(arm, i, "exposure").value() / facts.of_state(arm, i, "payoff").value()
    };
    let known = (0..facts.model.states.len()).filter(|&i| weight(i).is_finite() && weight(i) > 0.0);
    match largest(known, |&i| weight(i)) {
        None => say!("No state would lose anything by switching its suppliers."),
        Some(i) => say!(
            "Switching all suppliers after the last window would cost {} {} of what it gets from all deals as {}, the most of all states: so much can a repricing at renewal take before it pays to leave.",
            facts.state(i).name.as_str(),
            ratio(
                &facts.of_state(arm, i, "exposure"),
                &facts.of_state(arm, i, "payoff"),
                percent
            ),
            facts.arm(arm)
        ),
    }
}

/// The concentration of the capital of a window, with where it stands.
fn herfindahl(facts: &Facts<'_>, arm: usize, w: usize) -> Quote {
    let stat = facts.result(arm).windows[w].herfindahl;
    Quote::new(
        stat,
        format!("arms.{}.windows.{w}.herfindahl", facts.name(arm)),
    )
}

/// How concentration moves from the first window to the last.
fn concentrated(facts: &Facts<'_>) -> Text {
    let last = facts.model.horizon.windows - 1;
    let said = facts.pair_of_arms().into_iter().map(|arm| {
        let [first, end] = [0, last].map(|w| herfindahl(facts, arm, w).decimals(2));
        match last {
            0 => say!("{} as {}", first, facts.arm(arm)),
            _ => say!(
                "{} in the first window and {} in the last as {}",
                first,
                end,
                facts.arm(arm)
            ),
        }
    });
    say!(
        "Concentration of capital by state, the sum of squared shares, is {}; 1 would be all in one state, {} all states alike.",
        joined(said, ", "),
        number(1.0 / facts.model.states.len() as f64, Some(0.01))
    )
}

fn concentration(facts: &Facts<'_>) -> Table {
    let investment = |arm: usize, w: usize| {
        let stat = facts.result(arm).windows[w].region_investment;
        let path = format!("arms.{}.windows.{w}.region_investment", facts.name(arm));
        Quote::new(stat, path)
    };
    let year = |&w: &usize| number(facts.year(w), None).replace(',', "");
    // Where most goes in a window, and how much of it.
    let most = |arm: usize, w: usize| -> Text {
        let result = &facts.result(arm).windows[w].investment;
        let of = |i: usize| {
            let id = &facts.state(i).id;
            let path = format!("arms.{}.windows.{w}.investment.{id}", facts.name(arm));
            Quote::new(result.get(id).copied().flatten(), path)
        };
        let found = largest(0..facts.model.states.len(), |&i| of(i).value());
        found.map_or_else(Text::new, |i| {
            let share = ratio(&of(i), &investment(arm, w), percent);
            say!("{}, {}", facts.state(i).name.as_str(), share)
        })
    };
    Rows::of(0..facts.model.horizon.windows)
        .column(Heading::words("window from"), year)
        .each(facts.pair_of_arms(), |rows, arm| {
            let name = facts.name(arm);
            rows.column(Heading::number(format!("capital as {name}")), |&w| {
                investment(arm, w).level()
            })
            .column(Heading::number(format!("concentration as {name}")), |&w| {
                herfindahl(facts, arm, w).decimals(2)
            })
            .column(Heading::words(format!("most as {name}")), |&w| {
                Cell::words(most(arm, w))
            })
        })
        .table(
            "investor-windows",
            format!(
                "Capital of each window ({}, undiscounted), the sum of squared shares of it by state, and the state where most goes; mean over worlds",
                facts.short_unit()
            ),
        )
}

/// What repricing moves from states to suppliers, as a part of their profit.
fn repriced(facts: &Facts<'_>) -> Text {
    let is_lost = |&arm: &usize| {
        let mut states = 0..facts.model.states.len();
        states.any(|i| facts.of_state(arm, i, "repricing").value() < 0.0)
    };
    let arms: Vec<usize> = facts.pair_of_arms().into_iter().filter(is_lost).collect();
    if arms.is_empty() {
        return say!("Price rises after signing take nothing from the states.");
    }
    let said = arms.into_iter().map(|arm| {
        let lost = (0..facts.model.states.len()).map(|i| facts.of_state(arm, i, "repricing"));
        let lost: Vec<Quote> = lost.filter(|one| one.stat.is_some()).collect();
        let sum: f64 = -lost.iter().map(Quote::value).sum::<f64>();
        let paths: Vec<String> = lost.iter().map(|one| one.at("mean")).collect();
        let profit = facts.total(arm, TotalMetric::Profit);
        let share = sum / profit.value();
        let path = format!("-{}", paths.join(" + "));
        let share_path = format!("{path} / {}", profit.at("mean"));
        say!(
            "US$ {} bn as {}, {} of the profit of all hyperscalers",
            Number::new(&number(sum, Some(0.03 * sum.abs())), sum, &path),
            facts.arm(arm),
            Number::new(&percent(share), share, &share_path)
        )
    });
    say!(
        "Price rises after signing take from the states {}{}",
        joined(said, ", and "),
        facts.of_means()
    )
}

fn exposure(facts: &Facts<'_>) -> Table {
    Rows::of(0..facts.model.states.len())
        .column(Heading::number("state"), |&i| facts.state(i).name.as_str())
        .each(facts.pair_of_arms(), |rows, arm| {
            let name = facts.name(arm);
            let quote = |&i: &usize, metric| facts.of_state(arm, i, metric);
            rows.column(Heading::number(format!("dependency as {name}")), |i| {
                quote(i, "dependency").decimals(2)
            })
            .column(Heading::number(format!("exposure as {name}")), |i| {
                quote(i, "exposure").level()
            })
            .column(Heading::number("of its payoff"), |i| {
                ratio(&quote(i, "exposure"), &quote(i, "payoff"), percent)
            })
            .column(Heading::number(format!("repriced as {name}")), |i| {
                quote(i, "repricing").level()
            })
        })
        .table(
            "investor-exposure",
            format!(
                "Dependency after the last window (mean of suppliers, 0 to 1), exposure, the cost of switching all of them, and what price rises after signing take (present value); {}",
                facts.short_unit()
            ),
        )
}

/// A number that the scenario gives, by its path there.
pub(super) fn of_scenario(value: f64, path: &str) -> Span {
    Span::Number(Number::new(
        &number(value, None),
        value,
        &format!("scenario:{path}"),
    ))
}
