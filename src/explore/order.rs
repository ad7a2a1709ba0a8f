//! Which uncertain inputs go with the answer, from the worlds that a reader has played anyway.
//!
//! By Spearman's rank correlation ρ of an input's draws with what the arm brings all states more than the reference. Of k inputs that have nothing to
//! do with the answer, one or more pass the line in one study of twenty at most: |ρ| √(n−1) is compared with the normal quantile at 1 − 0.025 / k
//! (Bonferroni).

use crate::explore::played::PlayedSetting;
use crate::theory::stats::rank::spearman;
use crate::theory::stats::special::normal_quantile;
use serde::Serialize;

/// How often, at most, chance alone puts an input beyond the line.
const FALSE_ALARM: f64 = 0.05;

/// Inputs by how closely they go with the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InputOrder {
    /// By what they are ordered.
    pub by: String,
    /// Their paths, the closest first.
    pub paths: Vec<String>,
    /// How many of them are beyond chance.
    pub beyond_chance: usize,
}

/// The order in the first worlds; of fewer than there are, none.
pub fn order(played: &PlayedSetting, worlds: u64) -> InputOrder {
    let model = &played.chosen.run.loaded.model;
    let differences = played.differences(worlds).map(|one| one.total);
    let (Some(answer), Some(draws)) = (differences, played.draws(worlds)) else {
        return ordered(Vec::new(), worlds);
    };
    let paths = model.uncertain.iter().map(|one| one.path.clone());
    let closeness = draws.iter().map(|draws| spearman(draws, &answer));
    ordered(paths.zip(closeness).collect(), worlds)
}

fn ordered(mut inputs: Vec<(String, f64)>, worlds: u64) -> InputOrder {
    inputs.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
    let count = inputs.len().max(1) as f64;
    let line = normal_quantile(1.0 - 0.5 * FALSE_ALARM / count);
    let line = line / libm::sqrt((worlds.max(2) - 1) as f64);
    InputOrder {
        by: format!("rank correlation with the answer in {worlds} worlds"),
        beyond_chance: inputs.iter().filter(|one| one.1.abs() > line).count(),
        paths: inputs.into_iter().map(|one| one.0).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Inputs of which one decides the answer, in so many worlds; from a fixed sequence.
    fn study(seed: u64, inputs: usize, worlds: usize, decides: f64) -> InputOrder {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let draws: Vec<Vec<f64>> = (0..inputs)
            .map(|_| (0..worlds).map(|_| next()).collect())
            .collect();
        let answer: Vec<f64> = (0..worlds)
            .map(|world| decides * draws[0][world] + next())
            .collect();
        let closeness = draws.iter().map(|draws| spearman(draws, &answer));
        let names = (0..inputs).map(|k| k.to_string());
        ordered(names.zip(closeness).collect(), worlds as u64)
    }

    #[test]
    fn chance_alone_passes_the_line_in_one_study_of_twenty() {
        let studies = 400;
        let alarms = (0..studies).filter(|&seed| study(seed + 1, 40, 60, 0.0).beyond_chance > 0);
        let share = alarms.count() as f64 / studies as f64;
        // 0.05 at most, with three standard errors.
        assert!(
            share <= 0.05 + 3.0 * (0.05_f64 * 0.95 / 400.0).sqrt(),
            "{share}"
        );
    }

    #[test]
    fn what_decides_comes_first() {
        let found = study(7, 40, 200, 2.0);
        assert_eq!(found.paths[0], "0");
        assert!(found.beyond_chance >= 1);
    }
}
