//! From window to window: (35)-(37), (46).

use super::given::{Given, has};
use super::network::{Economy, Standing, per_window};
use super::tables::Play;

/// Before the first window.
pub fn start(given: &Given) -> Standing {
    let states = &given.windows[0].states;
    Standing {
        talent: states
            .iter()
            .map(|s| s.talent.expect("talent at the start"))
            .collect(),
        compute: states
            .iter()
            .map(|s| s.compute.expect("compute at the start"))
            .collect(),
        dependency: states.iter().map(|s| s.dependency.clone()).collect(),
        asset: states.iter().map(|s| s.asset.clone()).collect(),
        had: given.hosted.clone(),
    }
}

/// What events set at the start of a window.
pub fn set_by_events(given: &Given, window: usize, standing: &mut Standing) {
    for (i, state) in given.windows[window].states.iter().enumerate() {
        if let Some(talent) = state.talent {
            standing.talent[i] = talent;
        }
        if let Some(compute) = state.compute {
            standing.compute[i] = compute;
        }
    }
}

/// e_i(effect).
fn effect(economy: &Economy, play: &Play, i: usize, effects: &[f64]) -> f64 {
    let (mut sum, mut size) = (0.0, 0.0);
    for h in 0..economy.m {
        if has(economy.feasible(h), i) {
            size += economy.size[i][h];
        }
        if let Some(deal) = &play.signed[i][h] {
            let got: f64 = effects.iter().zip(&deal.levels).map(|(e, x)| e * x).sum();
            sum += economy.size[i][h] * got;
        }
    }
    if size == 0.0 {
        0.0
    } else {
        (sum / size).clamp(0.0, 1.0)
    }
}

/// The standing after a window.
pub fn next(economy: &Economy, play: &Play) -> Standing {
    let (numbers, years) = (economy.numbers, economy.given.years);
    let effects =
        |of: fn(&super::given::Term) -> f64| -> Vec<f64> { numbers.terms.iter().map(of).collect() };
    let talent = effects(|term| term.talent_effect);
    let compute = effects(|term| term.compute_effect);
    let dependency_rate = per_window(numbers.dependency_rate, years);
    let decay = per_window(numbers.asset_decay, years);
    let mut next = economy.standing.clone();
    for i in 0..economy.n {
        next.talent[i] += per_window(numbers.talent_rate, years)
            * (1.0 - next.talent[i])
            * effect(economy, play, i, &talent);
        next.compute[i] += per_window(numbers.compute_rate, years)
            * (1.0 - next.compute[i])
            * effect(economy, play, i, &compute);
        for h in 0..economy.m {
            let dependency = economy.standing.dependency[i][h];
            let asset = economy.standing.asset[i][h];
            next.had[i][h] = has(play.hosts[h], i);
            if let Some(deal) = &play.signed[i][h] {
                let portable: f64 = numbers
                    .terms
                    .iter()
                    .zip(&deal.levels)
                    .map(|(term, x)| term.portability_effect * x)
                    .sum();
                next.dependency[i][h] =
                    dependency + dependency_rate * (1.0 - dependency) * (1.0 - portable.min(1.0));
                next.asset[i][h] = asset * (1.0 - decay) + economy.size[i][h];
            } else {
                next.dependency[i][h] = dependency * (1.0 - dependency_rate);
                next.asset[i][h] = 0.0;
            }
        }
    }
    next
}
