//! How the engine does over all cases: counts, calibration, and its score against naive forecasts.
//!
//! Percentages of one case may be ten times those of another. What is averaged over cases is divided by the mean observed size of all
//! cases in its unit, which no single case sets; the median over cases of each one's skill needs no scale at all.

use crate::study::results::history::{CaseTally, HistoryScore, PlayedCase, Skill};
use crate::theory::stats::interval::{Z90, wilson};
use crate::theory::stats::quantile::quantile;

/// The naive forecast of a case that takes the mean of what the others brought.
pub struct OtherCases {
    /// Unit and oriented observed value of each case.
    cases: Vec<(String, f64)>,
}

impl OtherCases {
    /// Of all cases, by unit and oriented observed value.
    pub fn new(cases: Vec<(String, f64)>) -> OtherCases {
        OtherCases { cases }
    }

    /// How far what the others in its unit brought on average is from what a case brought; none without another.
    pub fn crps(&self, case: usize) -> Option<f64> {
        let (unit, came) = &self.cases[case];
        let others = self.cases.iter().enumerate();
        let others = others.filter(|(at, (other, _))| *at != case && other == unit);
        let others: Vec<f64> = others.map(|(_, (_, value))| *value).collect();
        let mean = others.iter().sum::<f64>() / others.len() as f64;
        (!others.is_empty()).then(|| (mean - came).abs())
    }
}

/// 1 − score/naive; none where the naive forecast is perfect.
pub fn skill(score: f64, naive: f64) -> Option<f64> {
    (naive > 0.0).then(|| 1.0 - score / naive)
}

/// The score of some cases.
pub fn score(cases: &[PlayedCase]) -> HistoryScore {
    let said = |of: fn(&PlayedCase) -> Option<bool>| tally(cases.iter().filter_map(of));
    let outside = |lies: fn(f64, f64, f64) -> bool| {
        let lying = cases.iter().filter(|case| {
            let engine = case.engine.as_ref();
            engine.is_some_and(|stat| lies(case.observed.value, stat.p05, stat.p95))
        });
        lying.count() as u64
    };
    let scaled = scaled(cases, |case| Some((case.crps?, 0.0)));
    HistoryScore {
        sign: said(|case| case.sign),
        winner: said(|case| case.winner),
        inside_50: said(|case| case.inside_50),
        inside_90: said(|case| case.inside_90),
        below_90: outside(|value, low, _| value < low),
        above_90: outside(|value, _, high| value > high),
        crps: mean(scaled.iter().map(|(own, _)| *own)),
        no_effect: against(
            cases,
            |case| Some(case.crps_no_effect),
            |case| case.skill_no_effect,
        ),
        other_cases: against(
            cases,
            |case| case.crps_other_cases,
            |case| case.skill_other_cases,
        ),
    }
}

fn tally(said: impl Iterator<Item = bool>) -> CaseTally {
    let (mut count, mut of) = (0, 0);
    for holds in said {
        of += 1;
        count += u64::from(holds);
    }
    let (low, high) = wilson(count as f64, of as f64, Z90);
    CaseTally {
        count,
        of,
        low,
        high,
    }
}

fn against(
    cases: &[PlayedCase],
    naive: fn(&PlayedCase) -> Option<f64>,
    skill_of: fn(&PlayedCase) -> Option<f64>,
) -> Option<Skill> {
    let both = scaled(cases, |case| Some((case.crps?, naive(case)?)));
    let own = mean(both.iter().map(|(own, _)| *own))?;
    let other = mean(both.iter().map(|(_, other)| *other))?;
    let mut skills: Vec<f64> = cases.iter().filter_map(skill_of).collect();
    skills.sort_unstable_by(f64::total_cmp);
    Some(Skill {
        cases: both.len() as u64,
        crps: other,
        mean: skill(own, other)?,
        median: (!skills.is_empty()).then(|| quantile(&skills, 0.5)),
    })
}

/// Two scores of the cases that have them, each divided by the mean observed size of all cases in its unit.
fn scaled(cases: &[PlayedCase], of: impl Fn(&PlayedCase) -> Option<(f64, f64)>) -> Vec<(f64, f64)> {
    let size = |unit: &str| {
        let same = cases.iter().filter(|case| case.observed.unit == unit);
        mean(same.map(|case| case.observed.value.abs())).filter(|size| *size > 0.0)
    };
    let both = cases.iter().filter_map(|case| {
        let ((own, other), size) = (of(case)?, size(&case.observed.unit)?);
        Some((own / size, other / size))
    });
    both.collect()
}

fn mean(numbers: impl Iterator<Item = f64>) -> Option<f64> {
    let numbers: Vec<f64> = numbers.collect();
    let sum: f64 = numbers.iter().sum();
    (!numbers.is_empty()).then(|| sum / numbers.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::results::history::ObservedFigure;
    use crate::theory::stats::summary::Stat;

    const TOLERANCE: f64 = 1e-12;

    /// A case whose worlds lie evenly from -1 to 1 about a median, with scores of its own.
    fn case(unit: &str, value: f64, median: f64, scores: (f64, Option<f64>)) -> PlayedCase {
        let lies = |half: f64| Some((value - median).abs() <= half);
        PlayedCase {
            id: String::new(),
            title: String::new(),
            scenario_sha256: String::new(),
            who: String::new(),
            when: String::new(),
            outcome: String::new(),
            outside: String::new(),
            mapping: String::new(),
            what: String::new(),
            gain: 1.0,
            observed: ObservedFigure {
                value,
                low: value,
                high: value,
                unit: unit.to_owned(),
                source: String::new(),
                grade: "A".to_owned(),
                note: String::new(),
            },
            engine: Some(Stat {
                mean: median,
                sd: None,
                se: None,
                p05: median - 0.9,
                p25: median - 0.5,
                p50: median,
                p75: median + 0.5,
                p95: median + 0.9,
                min: median - 1.0,
                max: median + 1.0,
                count: None,
            }),
            left_out: 0,
            sign: Some(median * value > 0.0),
            winner: None,
            winner_observed: None,
            winner_engine: None,
            among: Vec::new(),
            inside_90: lies(0.9),
            inside_50: lies(0.5),
            crps: Some(scores.0),
            crps_no_effect: value.abs(),
            crps_other_cases: scores.1,
            skill_no_effect: skill(scores.0, value.abs()),
            skill_other_cases: scores.1.and_then(|other| skill(scores.0, other)),
            missing: Vec::new(),
            after: String::new(),
        }
    }

    #[test]
    fn counts_are_of_the_cases_that_ask() {
        let cases = [
            case("%", 2.0, 2.2, (0.1, None)),
            case("%", 2.0, 2.7, (0.3, None)),
            case("%", 2.0, -1.0, (2.0, None)),
            case("%", -4.0, -1.0, (2.0, None)),
        ];
        let score = score(&cases);
        let count = |tally: CaseTally| (tally.count, tally.of);
        assert_eq!(count(score.sign), (3, 4));
        assert_eq!(count(score.winner), (0, 0));
        assert_eq!(count(score.inside_50), (1, 4));
        assert_eq!(count(score.inside_90), (2, 4));
        assert_eq!((score.below_90, score.above_90), (1, 1));
        let (low, high) = wilson(2.0, 4.0, Z90);
        assert_eq!((score.inside_90.low, score.inside_90.high), (low, high));
        assert_eq!((score.winner.low, score.winner.high), (0.0, 1.0));
    }

    #[test]
    fn scores_of_one_unit_are_scaled_alike_and_the_median_needs_no_scale() {
        let cases = [
            case("%", 10.0, 9.0, (5.0, Some(10.0))),
            case("%", 30.0, 29.0, (9.0, Some(36.0))),
            case("bn", -0.5, -0.4, (0.6, None)),
        ];
        let score = score(&cases);
        // Sizes 20 and 0.5: 0.25, 0.45 and 1.2 against 0.5, 1.5 and 1.
        let no_effect = score.no_effect.expect("there are cases");
        assert!((score.crps.expect("there are cases") - 1.9 / 3.0).abs() < TOLERANCE);
        assert!((no_effect.crps - 1.0).abs() < TOLERANCE);
        assert!((no_effect.mean - (1.0 - 1.9 / 3.0)).abs() < TOLERANCE);
        // Skills 0.5, 0.7 and -0.2.
        assert!((no_effect.median.expect("three skills") - 0.5).abs() < TOLERANCE);
        let others = score.other_cases.expect("two cases share a unit");
        assert_eq!(others.cases, 2);
        assert!((others.mean - (1.0 - 14.0 / 46.0)).abs() < TOLERANCE);
        assert!((others.median.expect("two skills") - 0.625).abs() < TOLERANCE);
    }

    #[test]
    fn the_others_are_those_in_the_same_unit() {
        let cases = [("%", 10.0), ("%", -2.0), ("bn", 7.0), ("%", 4.0)];
        let cases = cases.map(|(unit, value)| (unit.to_owned(), value));
        let others = OtherCases::new(cases.to_vec());
        let found: Vec<Option<f64>> = (0..4).map(|case| others.crps(case)).collect();
        assert_eq!(found, [Some(9.0), Some(9.0), None, Some(0.0)]);
        assert_eq!(skill(1.0, 0.0), None);
        assert!(score(&[]).no_effect.is_none());
    }
}
