//! A setting with the worlds of it that were played, wherever that was.

use crate::engine::model::question::View;
use crate::engine::model::{Model, Sampler};
use crate::engine::outcome::{StateMetric, TotalMetric, WindowStateMetric};
use crate::engine::simulate::{End, Watch};
use crate::explore::messages::{ExploreSetting, ExploreView, Refusal};
use crate::explore::setting::ChosenSetting;
use crate::report::sections::run::beside::reader::WorldDifferences;
use crate::report::sections::run::facts::Facts;
use crate::report::sections::run::worlds::{WorldRows, WorldTables};
use crate::study::explain::Explain;
use crate::study::pieces::{Part, Study, StudyError};
use crate::study::results::run::Results;
use crate::study::results::world::ExplainedWorld;
use crate::study::run::Run;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

/// The further figure that shows single worlds.
const OF_WORLDS: &str = "windows";

/// Bytes of a number.
const BYTES: usize = size_of::<f64>();

/// A setting and its worlds from the first on, without a gap.
pub struct PlayedSetting {
    /// What is played.
    pub chosen: ChosenSetting,
    /// One world after the other, each of as many bytes.
    bytes: Vec<u8>,
}

/// What some worlds of a setting come to, for a reader.
pub struct PlayedView {
    model: Model,
    results: Results,
    reference: usize,
    /// Single worlds, where the figure that is looked at shows them.
    worlds: Option<WorldTables>,
}

impl PlayedView {
    /// The facts that sentences and figures are made of.
    pub fn facts(&self) -> Facts<'_> {
        Facts {
            explored: true,
            worlds: self.worlds.clone(),
            ..Facts::new(&self.model, &self.results, self.reference)
        }
    }
}

impl PlayedSetting {
    /// A setting of which nothing was played.
    pub fn new(chosen: ChosenSetting) -> PlayedSetting {
        PlayedSetting {
            chosen,
            bytes: Vec::new(),
        }
    }

    /// Whether it is the same scenario in the same worlds, but for how many.
    pub fn is_of(&self, other: &ChosenSetting) -> bool {
        let alike = |one: &ChosenSetting| ExploreSetting {
            worlds: 0,
            ..one.setting.clone()
        };
        // Of these designs world k is the same however many there are.
        let sampler = self.chosen.run.loaded.model.simulation.sampler;
        let free = matches!(sampler, Sampler::Random | Sampler::Antithetic);
        alike(&self.chosen) == alike(other)
            && (free || self.chosen.setting.worlds == other.setting.worlds)
    }

    /// The scenario that is played, as TOML.
    pub fn resolved(&self) -> &str {
        &self.chosen.run.loaded.resolved
    }

    /// Bytes of a world: its rows in every arm, and its draws.
    fn width(&self) -> usize {
        let model = &self.chosen.run.loaded.model;
        BYTES * (model.outcome_layout().len() * model.arms.len() + model.draws_len())
    }

    /// How many worlds were taken in.
    pub fn worlds(&self) -> u64 {
        (self.bytes.len() / self.width()) as u64
    }

    /// Plays some worlds: their bytes.
    ///
    /// # Errors
    /// A world without a result.
    pub fn play(&self, worlds: Range<u64>) -> Result<Vec<u8>, Refusal> {
        self.play_until(worlds, &AtomicBool::new(false))
    }

    /// The same, until it is stopped: the bytes of those that were played before.
    ///
    /// # Errors
    /// As for [`PlayedSetting::play`].
    pub fn play_until(&self, worlds: Range<u64>, stop: &AtomicBool) -> Result<Vec<u8>, Refusal> {
        let mut bytes = Vec::new();
        let part = Part {
            pieces: worlds,
            before: &[],
            watch: Watch {
                stop,
                on_trial: &|| {},
            },
        };
        let mut push = |piece: &[u8]| {
            bytes.extend_from_slice(piece);
            true
        };
        let end: Result<End, StudyError> = self.chosen.run.play(part, &mut push);
        end.map_err(|error| Refusal::new(error.to_string()))?;
        Ok(bytes)
    }

    /// Takes in the worlds that follow those that were taken in before.
    ///
    /// # Errors
    /// Bytes that are no whole worlds of this setting.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        match bytes.len().is_multiple_of(self.width()) {
            true => self.bytes.extend_from_slice(bytes),
            false => return Err(Refusal::new("these are no worlds of the setting")),
        }
        Ok(())
    }

    /// The bytes of the first worlds.
    fn first(&self, worlds: u64) -> Result<std::slice::ChunksExact<'_, u8>, Refusal> {
        let there = self.worlds();
        if worlds == 0 || worlds > there {
            return Err(Refusal::new(format!(
                "{worlds} worlds were asked for, and {there} are there"
            )));
        }
        let width = self.width();
        Ok(self.bytes[..width * worlds as usize].chunks_exact(width))
    }

    /// The results of the first worlds of a run whose rows these are.
    ///
    /// # Errors
    /// Fewer are there, or they have no results.
    pub fn results(&self, run: &Run, worlds: u64) -> Result<Results, Refusal> {
        let refused = |error: StudyError| Refusal::new(error.to_string());
        let mut assembler = run.assemble();
        for piece in self.first(worlds)? {
            assembler.take(piece).map_err(refused)?;
        }
        assembler.results(&AtomicBool::new(false)).map_err(refused)
    }

    /// The bytes of the first worlds, world by world.
    ///
    /// # Errors
    /// Fewer are there.
    pub fn pieces(&self, worlds: u64) -> Result<impl Iterator<Item = &[u8]>, Refusal> {
        self.first(worlds)
    }

    /// What the first worlds come to for a reader: the arm that is looked at against the reference.
    ///
    /// # Errors
    /// Fewer are there, they have no results, or the reader is of no state.
    pub fn view(&self, worlds: u64, view: &ExploreView) -> Result<PlayedView, Refusal> {
        let ChosenSetting { run, reference, .. } = &self.chosen;
        let mut loaded = run.loaded.clone();
        let model = &mut loaded.model;
        model.simulation.trials = worlds;
        model.question.view = viewed(model, view)?;
        model.question.options = self.options();
        let mut identity = run.identity.clone();
        identity.trials = worlds;
        let run = Run { loaded, identity };
        Ok(PlayedView {
            results: self.results(&run, worlds)?,
            worlds: match view.figure.as_deref() {
                Some(OF_WORLDS) => Some(self.tables(worlds)?),
                _ => None,
            },
            model: run.loaded.model,
            reference: *reference,
        })
    }

    /// What single worlds come to, for figures of them.
    fn tables(&self, worlds: u64) -> Result<WorldTables, Refusal> {
        let model = &self.chosen.run.loaded.model;
        let layout = model.outcome_layout();
        let (mut payoff, mut window_payoff) = (Vec::new(), Vec::new());
        for piece in self.first(worlds)? {
            for arm in 0..model.arms.len() {
                let of = |at: usize| number(piece, arm * layout.len() + at);
                let states = 0..layout.states;
                let of_state = |i| of(layout.state(i, StateMetric::Payoff));
                payoff.extend(states.clone().map(of_state));
                for window in 0..model.horizon.windows {
                    let metric = WindowStateMetric::Payoff;
                    let of_window = |i| of(layout.window_state(window, i, metric));
                    window_payoff.extend(states.clone().map(of_window));
                }
            }
        }
        let rows = WorldRows {
            payoff,
            window_payoff,
        };
        Ok(WorldTables::new(model, &rows, self.chosen.reference))
    }

    /// The reference and what is looked at.
    fn options(&self) -> Vec<usize> {
        let reference = self.chosen.reference;
        let arm = self.chosen.arm.filter(|&arm| arm != reference);
        [reference].into_iter().chain(arm).collect()
    }

    /// What the arm that is looked at brings more than the reference, world by world; none without such an arm.
    pub fn differences(&self, worlds: u64) -> Option<WorldDifferences> {
        let arm = self.chosen.arm?;
        let layout = self.chosen.run.loaded.model.outcome_layout();
        let pieces = self.first(worlds).ok()?;
        let less = |piece: &[u8], at: usize| {
            let of = |arm: usize| number(piece, arm * layout.len() + at);
            of(arm) - of(self.chosen.reference)
        };
        let each = |at: usize| pieces.clone().map(|piece| less(piece, at)).collect();
        Some(WorldDifferences {
            total: each(layout.total(TotalMetric::Payoff)),
            states: (0..layout.states)
                .map(|i| each(layout.state(i, StateMetric::Payoff)))
                .collect(),
        })
    }

    /// The draws of the first worlds: by input, world by world.
    pub fn draws(&self, worlds: u64) -> Option<Vec<Vec<f64>>> {
        let model = &self.chosen.run.loaded.model;
        let rows = model.outcome_layout().len() * model.arms.len();
        let pieces = self.first(worlds).ok()?;
        let of = |input: usize| -> Vec<f64> {
            let pieces = pieces.clone();
            pieces.map(|piece| number(piece, rows + input)).collect()
        };
        Some((0..model.uncertain.len()).map(of).collect())
    }

    /// A world step by step, in the reference and in what is looked at.
    ///
    /// # Errors
    /// A world without a result.
    pub fn world(&self, trial: u64) -> Result<ExplainedWorld, Refusal> {
        let ChosenSetting { run, .. } = &self.chosen;
        let study = Explain {
            loaded: run.loaded.clone(),
            identity: run.identity.clone(),
            trial,
            arms: self.options(),
        };
        study
            .world()
            .map_err(|error| Refusal::new(error.to_string()))
    }
}

/// A number of a world.
fn number(piece: &[u8], at: usize) -> f64 {
    let bytes = &piece[at * BYTES..][..BYTES];
    f64::from_le_bytes(bytes.try_into().expect("it has eight bytes"))
}

/// Of whom a reader is.
fn viewed(model: &Model, view: &ExploreView) -> Result<View, Refusal> {
    let Some(id) = &view.state else {
        return Ok(View::Region);
    };
    let found = model.states.iter().position(|state| state.id == *id);
    let found = found.ok_or_else(|| Refusal::new(format!("there is no state `{id}`")))?;
    Ok(View::State(found))
}
