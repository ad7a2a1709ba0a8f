//! Single worlds of a run, read from its tables: densities of differences and bands over the windows.

use crate::engine::model::Model;
use crate::theory::stats::density::density;
use crate::theory::stats::quantile::quantile;

/// Worlds that densities and bands of totals are made of, at most: the first ones.
pub const MOST_WORLDS: u64 = 20_000;

/// What is made of the tables of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WorldTables {
    /// How many worlds it is made of.
    pub count: u64,
    /// Density of each state's paired difference of payoff to the reference, by arm and state; empty where nothing varies.
    pub differences: Vec<Vec<Vec<(f64, f64)>>>,
    /// Payoff of all states by arm and window: 5%, 25%, 50%, 75%, 95% points.
    pub payoff: Vec<Vec<[f64; 5]>>,
}

/// A table of a run as it is read: rows in the order of the file.
#[derive(Debug, Clone, Default)]
pub struct WorldRows {
    /// payoff by trial, arm and state.
    pub payoff: Vec<f64>,
    /// payoff by trial, arm, window and state.
    pub window_payoff: Vec<f64>,
}

impl WorldTables {
    /// Makes densities and bands of what was read.
    pub fn new(model: &Model, rows: &WorldRows, reference: usize) -> WorldTables {
        let (arms, states, windows) = (model.arms.len(), model.states.len(), model.horizon.windows);
        let count = rows.payoff.len() / (arms * states).max(1);
        let at =
            |trial: usize, arm: usize, i: usize| rows.payoff[(trial * arms + arm) * states + i];
        let difference = |arm: usize, i: usize| -> Vec<(f64, f64)> {
            let worlds = (0..count).map(|trial| at(trial, arm, i) - at(trial, reference, i));
            density(&worlds.collect::<Vec<_>>())
        };
        let bands = |of: &dyn Fn(&[f64]) -> f64, column: &[f64]| -> Vec<Vec<[f64; 5]>> {
            let band = |arm: usize, window: usize| {
                let worlds = (0..count).filter_map(|trial| {
                    let start = ((trial * arms + arm) * windows + window) * states;
                    column.get(start..start + states).map(of)
                });
                points(worlds.filter(|x| x.is_finite()).collect())
            };
            let of_arm = |arm| (0..windows).map(|window| band(arm, window)).collect();
            (0..arms).map(of_arm).collect()
        };
        WorldTables {
            count: count as u64,
            differences: (0..arms)
                .map(|arm| (0..states).map(|i| difference(arm, i)).collect())
                .collect(),
            payoff: bands(&|values| values.iter().sum(), &rows.window_payoff),
        }
    }
}

/// The 5%, 25%, 50%, 75% and 95% points; NaN without values.
fn points(mut values: Vec<f64>) -> [f64; 5] {
    if values.is_empty() {
        return [f64::NAN; 5];
    }
    values.sort_by(f64::total_cmp);
    [0.05, 0.25, 0.5, 0.75, 0.95].map(|p| quantile(&values, p))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::results::fixture::model;

    #[test]
    fn rows_become_bands_by_arm_and_window() {
        let model = model();
        let (arms, states, windows) = (model.arms.len(), model.states.len(), model.horizon.windows);
        let mut rows = WorldRows::default();
        for trial in 0..5 {
            for arm in 0..arms {
                rows.payoff
                    .extend((0..states).map(|i| (trial * (arm + 1) + i) as f64));
                for window in 0..windows {
                    rows.window_payoff
                        .extend((0..states).map(|i| (trial + window + i) as f64));
                }
            }
        }
        let worlds = WorldTables::new(&model, &rows, 0);
        assert_eq!(worlds.count, 5);
        assert!(worlds.differences[0].iter().all(Vec::is_empty));
        assert!(
            worlds.differences[1]
                .iter()
                .all(|density| !density.is_empty())
        );
        // Two states: trial + window, and one more; the median trial is 2.
        assert_eq!(states, 2);
        assert_eq!(worlds.payoff[1][0][2], 5.0);
    }
}
