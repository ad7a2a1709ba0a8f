//! A case held against what is on record: its figure in each world, sign, winner, range and score.

use super::paths::RatioOf;
use crate::engine::model::history::{HistoryFigure, HistoryObserved, HistoryWinner};
use crate::study::readings::ReadingValues;
use crate::study::results::history::RankedCandidate;
use crate::theory::stats::summary::Stat;

impl RatioOf {
    /// times · (result − less)/per of a world; NaN where one of them is missing, where it is divided by 0, and where the quotient is too
    /// large.
    pub fn of(&self, values: &ReadingValues, world: usize, times: f64) -> f64 {
        let read = |at: usize| values[at][world];
        let difference = read(self.result) - self.less.map_or(0.0, read);
        let ratio = times * difference / self.per.map_or(1.0, read);
        match ratio.is_finite() {
            true => ratio,
            false => f64::NAN,
        }
    }

    /// It in every world.
    pub fn of_all(&self, values: &ReadingValues, times: f64) -> Vec<f64> {
        let worlds = values[self.result].len();
        (0..worlds)
            .map(|world| self.of(values, world, times))
            .collect()
    }
}

/// Whether the median has the sign of what was observed; none where the record leaves the sign open.
pub fn sign(observed: &HistoryObserved, engine: &Stat) -> Option<bool> {
    let is_open = observed.low < 0.0 && 0.0 < observed.high || observed.value == 0.0;
    (!is_open).then(|| engine.p50 * observed.value.signum() > 0.0)
}

/// The observed value oriented so that more is better for the side that joins.
pub fn oriented(figure: &HistoryFigure, observed: &HistoryObserved) -> f64 {
    figure.gain * observed.value
}

/// Who gains most on average, as an index; none where two do, or nobody has a number.
pub fn first(among: &[RankedCandidate]) -> Option<usize> {
    let ranked = among
        .iter()
        .enumerate()
        .filter_map(|(at, one)| Some((at, one.mean?)));
    let most = ranked.clone().map(|(_, mean)| mean).reduce(f64::max)?;
    let mut best = ranked.filter(|(_, mean)| *mean == most);
    let (at, _) = best.next()?;
    best.next().is_none().then_some(at)
}

/// Those among whom there is a winner, with what each gains on average over the worlds that say.
pub fn ranked(
    winner: &HistoryWinner,
    among: &[RatioOf],
    values: &ReadingValues,
) -> Vec<RankedCandidate> {
    let candidates = winner.among.iter().zip(among);
    let candidates = candidates.map(|(one, ratio)| {
        let gains = ratio.of_all(values, 1.0).into_iter();
        let gains: Vec<f64> = gains.filter(|gain| !gain.is_nan()).collect();
        let mean = gains.iter().sum::<f64>() / gains.len() as f64;
        RankedCandidate {
            who: one.who.clone(),
            mean: mean.is_finite().then_some(mean),
        }
    });
    candidates.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observed(low: f64, value: f64, high: f64) -> HistoryObserved {
        HistoryObserved {
            value,
            low,
            high,
            grade: "B".to_owned(),
            source: "s".to_owned(),
            note: String::new(),
        }
    }

    fn with_median(p50: f64) -> Stat {
        Stat {
            mean: 0.0,
            sd: None,
            se: None,
            p05: p50 - 2.0,
            p25: p50 - 1.0,
            p50,
            p75: p50 + 1.0,
            p95: p50 + 2.0,
            min: p50 - 3.0,
            max: p50 + 3.0,
            count: None,
        }
    }

    #[test]
    fn a_world_without_a_denominator_has_no_figure() {
        let values = vec![
            vec![3.0, 3.0, 3.0, f64::NAN, 1e300],
            vec![1.0, 1.0, f64::NAN, 1.0, 0.0],
            vec![2.0, 0.0, 2.0, 2.0, 1e-300],
        ];
        let ratio = RatioOf {
            result: 0,
            less: Some(1),
            per: Some(2),
        };
        let figures = ratio.of_all(&values, 100.0);
        assert_eq!(figures[0], 100.0);
        assert!(figures[1..].iter().all(|one| one.is_nan()), "{figures:?}");
        let alone = RatioOf {
            result: 0,
            less: None,
            per: None,
        };
        assert_eq!(alone.of(&values, 1, -2.0), -6.0);
        // Nothing by nothing is no figure either.
        let same = RatioOf {
            result: 1,
            less: Some(1),
            per: Some(2),
        };
        assert!(same.of(&values, 1, 1.0).is_nan());
    }

    #[test]
    fn a_sign_is_asked_where_the_record_has_one() {
        let cases = [
            (observed(1.0, 2.0, 3.0), 0.5, Some(true)),
            (observed(1.0, 2.0, 3.0), -0.5, Some(false)),
            (observed(-3.0, -2.0, -1.0), -9.0, Some(true)),
            (observed(-3.0, -2.0, 0.0), -9.0, Some(true)),
            (observed(0.0, 2.0, 3.0), 0.0, Some(false)),
            (observed(-1.0, 2.0, 3.0), 5.0, None),
            (observed(0.0, 0.0, 3.0), 5.0, None),
        ];
        for (observed, median, expected) in cases {
            let found = sign(&observed, &with_median(median));
            assert_eq!(found, expected, "{observed:?} {median}");
        }
    }

    #[test]
    fn the_winner_has_the_greatest_mean_alone() {
        let among = |means: &[Option<f64>]| {
            let one = |mean: &Option<f64>| RankedCandidate {
                who: String::new(),
                mean: *mean,
            };
            means.iter().map(one).collect::<Vec<RankedCandidate>>()
        };
        let cases = [
            (among(&[Some(1.0), Some(2.0), None]), Some(1)),
            (among(&[Some(-1.0), Some(-2.0)]), Some(0)),
            (among(&[Some(2.0), Some(2.0), Some(1.0)]), None),
            (among(&[None, None]), None),
        ];
        for (among, expected) in cases {
            assert_eq!(first(&among), expected, "{among:?}");
        }
    }
}
