//! Calibration, and the score against naive forecasts.

use super::case::{Case, decimals};
use crate::report::document::{Heading, Rows, Span, Table, Text, text, words};
use crate::report::numbers::{known, traced};
use crate::report::sentence::say;
use crate::study::results::history::{CaseTally, HistoryResults, HistoryScore, Skill};
use crate::theory::spelling::units::{count, number, percent, signed};

pub(super) const LEGEND: &str = "Score: the continuous ranked probability score (CRPS) of the worlds of a case, in its unit; less is better, \
and of a single number it is the distance to what came. Skill: 1 - score/(score of a naive forecast): 1 is perfect, 0 no better than that \
forecast, below 0 worse. \"No effect\" says 0; \"the others\" says what the other cases in the same unit brought on average, where more is \
better for the side that joins. Over all cases, each score is divided by the mean observed size in its unit; the median needs no scale.";

/// How much closer it comes than naive forecasts.
pub(super) fn skills(results: &HistoryResults) -> Option<Text> {
    let score = &results.score;
    let of = |skill: &Skill, name: &str| {
        let path = |key: &str| format!("score.{name}.{key}");
        let mean = traced(&ratio(skill.mean), skill.mean, &path("mean"));
        let median = known(skill.median, ratio, &path("median"));
        match skill.cases {
            1 => text![mean],
            _ => say!("{} (median over cases {})", mean, median),
        }
    };
    let no_effect = of(score.no_effect.as_ref()?, "no_effect");
    Some(match &score.other_cases {
        None => say!(
            "Skill against the forecast \"no effect\" is {}; 1 is perfect, 0 no better, below 0 worse.",
            no_effect
        ),
        Some(others) => say!(
            "Skill against the forecast \"no effect\" is {}, against \"what the other cases brought\" {}; 1 is perfect, 0 no better, below 0 worse.",
            no_effect,
            of(others, "other_cases")
        ),
    })
}

/// A skill, to two decimals.
fn ratio(skill: f64) -> String {
    signed(skill, Some(0.01))
}

/// A score: three digits are enough to compare.
fn size(score: f64) -> String {
    number(score, Some(0.005 * score.abs()))
}

/// How often what came lies in ranges that worlds fill to known shares.
pub(super) fn calibration(score: &HistoryScore) -> Table {
    let row = |name: &'static str, key: &'static str, tally: CaseTally, share: f64| {
        (name, key, tally, share)
    };
    let rows = [
        row(
            "in the middle half of worlds",
            "inside_50",
            score.inside_50,
            0.5,
        ),
        row("in 90% of worlds", "inside_90", score.inside_90, 0.9),
    ];
    let beyond = [
        ("below them", "below_90", score.below_90),
        ("above them", "above_90", score.above_90),
    ];
    let all = score.inside_90.of;
    let seen = |(_, key, tally, _): &(&str, &str, CaseTally, f64)| -> Text {
        let path = |end: &str| format!("score.{key}.{end}");
        text![traced(
            &count(tally.count),
            tally.count as f64,
            &path("count")
        )]
    };
    let mut table = Rows::of(rows)
        .column(Heading::words("what came lies"), |row| row.0)
        .column(Heading::number("cases"), seen)
        .column(Heading::number("expected"), |row| {
            number(row.3 * row.2.of as f64, Some(0.1))
        })
        .column(Heading::number("share"), |(_, _, tally, _)| {
            match tally.of {
                0 => String::new(),
                of => percent(tally.count as f64 / of as f64),
            }
        })
        .column(Heading::number("90% interval of the share"), |row| {
            let path = |end: &str| format!("score.{}.{end}", row.1);
            interval(&row.2, &path)
        })
        .table(
            "calibration",
            format!("How often what came lies where it should, of {all}"),
        );
    let beyond = beyond.map(|(name, key, number)| {
        let seen = traced(&count(number), number as f64, &format!("score.{key}"));
        let expected = crate::theory::spelling::units::number(0.05 * all as f64, Some(0.1));
        let cells: [Text; 5] = [
            text![name],
            text![seen],
            text![expected],
            Text::new(),
            Text::new(),
        ];
        cells.map(Into::into).to_vec()
    });
    table.rows.extend(beyond);
    table
}

fn interval(tally: &CaseTally, path: &dyn Fn(&str) -> String) -> Text {
    match tally.of {
        0 => Text::new(),
        _ => text![
            traced(&percent(tally.low), tally.low, &path("low")),
            " to ",
            traced(&percent(tally.high), tally.high, &path("high"))
        ],
    }
}

/// The score of each case.
pub(super) fn scores(cases: &[Case<'_>]) -> Table {
    let cell =
        |case: &Case<'_>, value: Option<f64>, key: &str, written: fn(f64) -> String| -> Span {
            decimals(value, case.path(key), written)
        };
    Rows::of(cases.iter().copied())
        .column(Heading::words("case"), |case| case.played.id.clone())
        .column(Heading::words("unit"), |case| {
            words(case.played.observed.unit.clone())
        })
        .column(Heading::number("score"), |case| {
            cell(case, case.played.crps, "crps", size)
        })
        .column(Heading::number("of no effect"), |case| {
            cell(
                case,
                Some(case.played.crps_no_effect),
                "crps_no_effect",
                size,
            )
        })
        .column(Heading::number("skill"), |case| {
            cell(case, case.played.skill_no_effect, "skill_no_effect", ratio)
        })
        .column(Heading::number("of the others"), |case| {
            cell(case, case.played.crps_other_cases, "crps_other_cases", size)
        })
        .column(Heading::number("skill"), |case| {
            cell(
                case,
                case.played.skill_other_cases,
                "skill_other_cases",
                ratio,
            )
        })
        .table("score", "How close the engine comes, case by case")
}
