//! Scenarios against each other: the same numbers in the same worlds, paired.
//!
//! A quantity with the same path and distribution has the same draw in each scenario, whatever else differs between them, so that trial k is the
//! same world in all of them as far as they agree.

use crate::engine::outcome::Relation;
use crate::study::results::run::Paired;
use crate::theory::stats::groups::Groups;
use crate::theory::stats::summary::{Stat, Streamed};

/// Compares values with references, trial by trial; NaN where a trial has none. Only `groups` of trials are independent.
pub fn paired(values: &[f64], references: &[f64], groups: Groups) -> Paired {
    let mut streamed = Streamed::new(groups);
    let mut counts = [0_u64; 3];
    let differences: Vec<f64> = values.iter().zip(references).map(|(a, b)| a - b).collect();
    for ((value, reference), difference) in values.iter().zip(references).zip(&differences) {
        streamed.push(*difference);
        match Relation::of(*value, *reference) {
            Some(Relation::Better) => counts[0] += 1,
            Some(Relation::Same) => counts[1] += 1,
            Some(Relation::Worse) => counts[2] += 1,
            None => {}
        }
    }
    let both: u64 = counts.iter().sum();
    let share = |count: u64| (both > 0).then(|| count as f64 / both as f64);
    let stat = streamed.stat_of_values(differences.into_iter());
    Paired {
        difference: stat.filter(Stat::is_finite),
        better: share(counts[0]),
        same: share(counts[1]),
        worse: share(counts[2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::draws::design::Sampler;

    #[test]
    fn pairs_are_compared_trial_by_trial() {
        let groups = Sampler::Random.groups(5);
        let found = paired(
            &[1.0, 2.0, 3.0, f64::NAN, 4.0],
            &[0.0, 2.0, 5.0, 1.0, 1.0],
            groups,
        );
        let stat = found.difference.expect("four trials have both");
        assert_eq!((stat.mean, stat.min, stat.max), (0.5, -2.0, 3.0));
        assert_eq!(
            (found.better, found.same, found.worse),
            (Some(0.5), Some(0.25), Some(0.25))
        );
        let none = paired(&[f64::NAN], &[1.0], groups);
        assert_eq!((none.difference, none.better), (None, None));
    }
}
