//! Stand-in for the play of a trial: numbers keyed by trial and arm.

use crate::draws::rng::Stream;
use crate::model::Model;
use crate::model::world::DrawError;
use crate::outcome::{OutcomeLayout, StateMetric, TotalMetric};

/// Plays trials.
pub struct Player {
    layout: OutcomeLayout,
    streams: Vec<Stream>,
    noise: Stream,
}

impl Player {
    /// For a model.
    pub fn new(model: &Model) -> Player {
        let seed = model.simulation.seed;
        Player {
            layout: model.outcome_layout(),
            streams: model
                .uncertain
                .iter()
                .map(|uncertain| Stream::new(seed, &uncertain.path))
                .collect(),
            noise: Stream::new(seed, "noise"),
        }
    }

    /// Plays one trial.
    pub fn play(
        &mut self,
        model: &Model,
        trial: u64,
        rows: &mut [f64],
        draws: &mut [f64],
    ) -> Result<(), DrawError> {
        for (k, draw) in draws.iter_mut().enumerate() {
            let uncertain = &model.uncertain[k];
            *draw = uncertain
                .distribution
                .quantile(self.streams[k].uniform(trial, 0));
            let range = model
                .layout
                .slots()
                .find(|&slot| model.layout.index(slot) == uncertain.slot)
                .expect("a slot")
                .range();
            if !range.contains(*draw) {
                return Err(DrawError {
                    path: uncertain.path.clone(),
                    trial,
                    value: *draw,
                    expected: range.describe().to_owned(),
                });
            }
        }
        let level: f64 = draws.iter().sum();
        let layout = self.layout;
        for (a, row) in rows.chunks_mut(layout.len()).enumerate() {
            self.noise.fill(trial, row);
            row.iter_mut().for_each(|x| *x += level + 0.1 * a as f64);
            row[layout.formed()] = f64::from(u8::from(model.arms[a].is_accord()));
            row[layout.total(TotalMetric::Payoff)] = (0..layout.states)
                .map(|i| row[layout.state(i, StateMetric::Payoff)])
                .sum();
            for i in 0..layout.states {
                row[layout.member(i)] = row[layout.formed()];
                row[layout.left(i)] = 0.0;
                row[layout.erosion_tables(i)] = f64::from(u8::from(i == 0));
                if i > 0 {
                    row[layout.erosion_pressure(i)] = f64::NAN;
                }
                for h in 0..layout.hyperscalers {
                    row[layout.signed(i, h)] = 1.0;
                    for w in 0..layout.windows {
                        row[layout.served_from(i, h) + w] = i as f64;
                    }
                }
            }
            for k in 0..layout.terms {
                if trial % 2 == 1 {
                    row[layout.term(k)] = f64::NAN;
                }
            }
        }
        Ok(())
    }
}
