//! One draw: the values of every window of a trial, with the events that happened, and the process noise.
//!
//! Everything is keyed by (seed, trial, what it is for), see [`crate::theory::draws::rng`]; after a world is drawn, play is deterministic.

use crate::engine::model::keys::{StateKey, TermKey};
use crate::engine::model::layout::Slot;
use crate::engine::model::valuation::{Economy, Growth};
use crate::engine::model::{Event, Model, NewValue, path_of};
use crate::theory::draws::blocks::IN_BLOCK;
use crate::theory::draws::design::Design;
use crate::theory::draws::rng::Stream;
use crate::theory::stats::special::normal_quantile;

/// Most that Σ_k price_effect_k·max_k may be (40): all of what a supplier reprices, and rounding.
pub const MOST_PROTECTION: f64 = 1.0 + 1e-12;

/// A draw that left its range: never clamped, always said.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("world {trial} (--trial {trial}): {}", self.reason())]
pub struct DrawError {
    /// Path of the quantity.
    pub path: String,
    /// Index of the trial whose draw this is.
    pub trial: u64,
    /// Its value, outside what is allowed.
    pub value: f64,
    /// Whether it was drawn; else the scenario or an event gives it, and what it contradicts was.
    pub drawn: bool,
    /// What is allowed, in words.
    pub expected: String,
}

impl DrawError {
    /// What is wrong, without the world.
    pub fn reason(&self) -> String {
        let DrawError {
            path,
            value,
            drawn,
            expected,
            ..
        } = self;
        let verb = if *drawn { "was drawn as" } else { "is" };
        format!("`{path}` {verb} {value}, but it must be {expected}")
    }
}

/// The randomness of a model: the design of its uncertain quantities, and a stream for each event, pair and state.
#[derive(Debug, Clone)]
pub struct Streams {
    design: Design,
    events: Vec<Stream>,
    order: Vec<Stream>,
    joining: Vec<Stream>,
    votes: Vec<Stream>,
    sharing: Stream,
}

impl Streams {
    /// Streams under the model's seed, named by paths and ids alone.
    pub fn new(model: &Model) -> Streams {
        let seed = model.simulation.seed;
        let by_state = |purpose: &str| -> Vec<Stream> {
            model
                .states
                .iter()
                .map(|state| Stream::new(seed, &format!("noise.{purpose}.{}", state.id)))
                .collect()
        };
        let pairs = model.states.iter().flat_map(|state| {
            model
                .hyperscalers
                .iter()
                .map(move |hyperscaler| format!("noise.order.{}.{}", state.id, hyperscaler.id))
        });
        Streams {
            design: model.design(),
            events: model
                .events
                .iter()
                .map(|event| Stream::new(seed, &format!("event.{}", event.name)))
                .collect(),
            order: pairs.map(|purpose| Stream::new(seed, &purpose)).collect(),
            joining: by_state("joining"),
            votes: by_state("votes"),
            sharing: Stream::new(seed, "noise.sharing"),
        }
    }

    /// Uniforms for the orders of joining that window w samples.
    pub fn orders_of_joining(&self, trial: u64, w: usize) -> impl FnMut() -> f64 {
        self.sharing.sequence(trial, (w as u64) << 40)
    }

    /// The standard normal of state i in a round (from 0) of talks in window w.
    pub fn vote(&self, trial: u64, i: usize, w: usize, round: u32) -> f64 {
        normal_quantile(self.votes[i].uniform(trial, ((w as u64) << 32) | u64::from(round)))
    }
}

/// What an event makes of a state's evolving levels.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct NewLevel {
    /// talent_i, if it is replaced.
    pub talent: Option<f64>,
    /// compute_i, if it is replaced.
    pub compute: Option<f64>,
}

/// A drawn world. All memory is taken once.
#[derive(Debug, Clone)]
pub struct World {
    /// Trial index.
    pub trial: u64,
    /// Values of each window, W × layout length.
    values: Vec<f64>,
    /// What no negotiation changes, by window.
    pub economies: Vec<Economy>,
    /// One uniform per window and pair, W × n·m: the random order ranks them.
    pub order: Vec<f64>,
    /// One uniform per window and state, W × n.
    pub joining: Vec<f64>,
    /// Whether each event of the model happened in this world.
    pub happened: Vec<bool>,
    /// Levels that an event replaces at the start of a window, W × n.
    pub levels: Vec<NewLevel>,
    /// What each event of the model sets, where it happened.
    set: Vec<Vec<(usize, f64)>>,
    uniforms: Vec<f64>,
    /// The uniforms of what events draw: those of the quantities, as [`World::note_uniforms`] says.
    of_events: Vec<f64>,
    row: Vec<f64>,
    growth: Growth,
}

impl World {
    /// Room for a world of `model`.
    pub fn new(model: &Model) -> World {
        let (n, m, k, windows) = (
            model.states.len(),
            model.hyperscalers.len(),
            model.terms.len(),
            model.horizon.windows,
        );
        World {
            trial: 0,
            values: vec![0.0; windows * model.layout.len()],
            economies: vec![Economy::new(n, m, k); windows],
            order: vec![0.0; windows * n * m],
            joining: vec![0.0; windows * n],
            happened: vec![false; model.events.len()],
            levels: vec![NewLevel::default(); windows * n],
            set: vec![Vec::new(); model.events.len()],
            uniforms: vec![0.5; model.uncertain.len() + model.shadows.len()],
            of_events: vec![0.5; model.uncertain.len() + model.shadows.len()],
            row: vec![0.0; windows],
            growth: Growth::new(n),
        }
    }

    /// The values of window w, indexed by [`crate::engine::model::layout::Layout`].
    pub fn values(&self, model: &Model, w: usize) -> &[f64] {
        let len = model.layout.len();
        &self.values[w * len..(w + 1) * len]
    }

    /// What the events that happened drew, each with the name of its draw.
    pub fn drawn_by_events<'a>(&'a self, model: &'a Model) -> impl Iterator<Item = (&'a str, f64)> {
        let events = model.events.iter().zip(&self.set);
        let set = events.flat_map(|(event, set)| event.set.iter().zip(set));
        set.filter_map(|(setting, &(_, value))| match &setting.to {
            NewValue::Drawn(draw) => Some((draw.path.as_str(), value)),
            NewValue::Number(_) => None,
        })
    }

    /// Draws the world of `trial` and fills its economies; `draws` gets the value of each uncertain quantity and, as far as it is longer, of
    /// each event whether it came (1) or not (0).
    ///
    /// # Errors
    /// [`DrawError`] where a value leaves its range, or the bounds, curvatures or price effects of terms contradict each other.
    pub fn draw(
        &mut self,
        model: &Model,
        streams: &Streams,
        trial: u64,
        draws: &mut [f64],
    ) -> Result<(), DrawError> {
        let mut uniforms = std::mem::take(&mut self.uniforms);
        streams.design.fill(trial, &mut uniforms);
        self.note_uniforms(model, trial, &mut uniforms);
        let drawn = self.fill(model, streams, trial, &uniforms, draws);
        self.uniforms = uniforms;
        drawn
    }

    /// Ties the independent uniforms of a trial, and notes those at which events draw: the same; of a quantity whose values are listed world by
    /// world the one that it has without its list, since the ranks of a list are no draw.
    fn note_uniforms(&mut self, model: &Model, trial: u64, uniforms: &mut [f64]) {
        let Some(correlation) = model.sets_draws().then_some(&model.correlation) else {
            return model.correlation.apply(trial, uniforms);
        };
        correlation.tie(uniforms);
        self.of_events.copy_from_slice(uniforms);
        correlation.take_rows(trial, uniforms);
        for (index, uniform) in uniforms.iter().enumerate() {
            if !correlation.is_listed(index) {
                self.of_events[index] = *uniform;
            }
        }
    }

    /// The world in which each uncertain quantity takes the value at its own `uniforms`, in (0, 1) and in the order of
    /// `model.uncertain`; noise and what is no uncertain quantity are those of `trial`. Correlation is the caller's (see
    /// `model.correlation`).
    ///
    /// Behind the uncertain may stand one number for each of `model.shadows`, at which events draw, and one for each of `model.events`: an event
    /// comes if its uniform is below its probability. Where there is none, or it is NaN, it is that of `trial`.
    ///
    /// # Errors
    /// [`DrawError`] as for [`World::draw`].
    pub fn draw_at(
        &mut self,
        model: &Model,
        streams: &Streams,
        trial: u64,
        uniforms: &[f64],
        draws: &mut [f64],
    ) -> Result<(), DrawError> {
        if model.sets_draws() {
            let mut own = std::mem::take(&mut self.uniforms);
            streams.design.fill(trial, &mut own);
            self.note_uniforms(model, trial, &mut own);
            self.uniforms = own;
            let given = uniforms.iter().zip(&mut self.of_events).enumerate();
            for (index, (uniform, own)) in given {
                if !uniform.is_nan() && !model.correlation.is_listed(index) {
                    *own = *uniform;
                }
            }
        }
        self.fill(model, streams, trial, uniforms, draws)
    }

    /// The world of `trial` at some uniforms; those at which events draw are noted.
    fn fill(
        &mut self,
        model: &Model,
        streams: &Streams,
        trial: u64,
        uniforms: &[f64],
        draws: &mut [f64],
    ) -> Result<(), DrawError> {
        self.trial = trial;
        let len = model.layout.len();
        self.values[..len].copy_from_slice(&model.base);
        for (index, uncertain) in model.uncertain.iter().enumerate() {
            let value = uncertain.distribution.quantile(uniforms[index]);
            draws[index] = value;
            if !uncertain.range.contains(value) {
                let expected = uncertain.range.describe().to_owned();
                return Err(DrawError {
                    path: uncertain.path.clone(),
                    trial,
                    value,
                    drawn: true,
                    expected,
                });
            }
            self.values[uncertain.slot] = value;
        }
        let first_event = model.uniform_of_draw(model.uncertain.len());
        for (index, event) in model.events.iter().enumerate() {
            let given = uniforms.get(first_event + index).copied();
            let given = given.filter(|one| !one.is_nan());
            self.happened[index] = match (given, &event.came) {
                (None, Some(came)) => came[(trial % came.len() as u64) as usize],
                _ => {
                    let before = model.events[..index].iter().zip(&self.happened).rev();
                    let probability = probability_of(index, before).unwrap_or(event.probability);
                    given.unwrap_or_else(|| streams.events[index].uniform(trial, 0)) < probability
                }
            };
        }
        self.settle_events(model)?;
        let came = draws.iter_mut().skip(model.uncertain.len());
        for (came, happened) in came.zip(&self.happened) {
            *came = f64::from(u8::from(*happened));
        }
        self.spread_over_windows(model);
        self.check_terms(model)?;
        self.draw_noise(model, streams);
        self.fill_economies(model);
        Ok(())
    }

    /// What the events that happened set, drawn where they set distributions.
    fn settle_events(&mut self, model: &Model) -> Result<(), DrawError> {
        let events = model.events.iter().zip(&self.happened);
        for ((event, happened), set) in events.zip(&mut self.set) {
            set.clear();
            for setting in event.set.iter().filter(|_| *happened) {
                let value = match &setting.to {
                    NewValue::Number(number) => *number,
                    NewValue::Drawn(draw) => {
                        let value = draw.distribution.quantile(self.of_events[draw.uniform]);
                        if !draw.range.contains(value) {
                            return Err(DrawError {
                                path: draw.path.clone(),
                                trial: self.trial,
                                value,
                                drawn: true,
                                expected: draw.range.describe().to_owned(),
                            });
                        }
                        value
                    }
                };
                set.push((setting.slot, value));
            }
        }
        Ok(())
    }

    /// Copies the values to every window and lets events write to theirs.
    fn spread_over_windows(&mut self, model: &Model) {
        let len = model.layout.len();
        for w in 0..model.horizon.windows {
            if w > 0 {
                self.values.copy_within((w - 1) * len..w * len, w * len);
            }
            let values = &mut self.values[w * len..(w + 1) * len];
            for (event, set) in model.events.iter().zip(&self.set) {
                if event.window <= w {
                    for &(slot, value) in set {
                        values[slot] = value;
                    }
                }
            }
        }
        self.note_new_levels(model);
    }

    /// A level that evolves is replaced once, at the start of the window in which the event that holds then (of several on one path
    /// the later in the file) begins.
    fn note_new_levels(&mut self, model: &Model) {
        if model.events.is_empty() {
            return;
        }
        for w in 0..model.horizon.windows {
            let holding = |slot: usize| {
                let events = model.events.iter().zip(&self.set).rev();
                let mut holding = events.filter(|(event, _)| event.window <= w);
                holding.find_map(|(event, set)| {
                    let mut set = set.iter().rev();
                    set.find(|(other, _)| *other == slot)
                        .map(|&(_, value)| (event.window, value))
                })
            };
            for i in 0..model.states.len() {
                let level = |key| match holding(model.layout.state(i, key)) {
                    Some((window, value)) if window == w => Some(value),
                    _ => None,
                };
                self.levels[w * model.states.len() + i] = NewLevel {
                    talent: level(StateKey::Talent),
                    compute: level(StateKey::Compute),
                };
            }
        }
    }

    /// Checks that levels, curvatures and price effects of terms do not contradict each other; of two numbers that do, the one that was drawn
    /// is named.
    fn check_terms(&self, model: &Model) -> Result<(), DrawError> {
        for w in 0..model.horizon.windows {
            let values = self.values(model, w);
            let at = |slot: Slot| values[model.layout.index(slot)];
            let drawn = |slot: Slot| {
                let index = model.layout.index(slot);
                let mut uncertain = model.uncertain.iter();
                let events = model.events.iter().zip(&self.happened);
                let mut set = events
                    .filter(|(_, happened)| **happened)
                    .flat_map(|(event, _)| &event.set);
                uncertain.any(|one| one.slot == index)
                    || set.any(|one| one.slot == index && one.number().is_none())
            };
            let fail = |slot: Slot, expected: String| {
                Err(DrawError {
                    path: path_of(model, slot),
                    trial: self.trial,
                    value: at(slot),
                    drawn: drawn(slot),
                    expected,
                })
            };
            let mut protection = 0.0;
            for k in 0..model.terms.len() {
                let slot = |key| Slot::Term(k, key);
                let [lowest, highest] = [TermKey::Min, TermKey::Max].map(slot);
                let (min, max) = (at(lowest), at(highest));
                if min > max {
                    return match drawn(highest) && !drawn(lowest) {
                        true => fail(highest, format!("at least min = {min}")),
                        false => fail(lowest, format!("at most max = {max}")),
                    };
                }
                let [state, cost] = [TermKey::StateCurvature, TermKey::CostCurvature].map(slot);
                if at(state) + at(cost) <= 0.0 {
                    return match drawn(cost) && !drawn(state) {
                        true => fail(cost, "above 0 in sum with state_curvature".to_owned()),
                        false => fail(state, "above 0 in sum with cost_curvature".to_owned()),
                    };
                }
                let effect = slot(TermKey::PriceEffect);
                protection += at(effect) * max;
                if at(effect) > 0.0 && protection > MOST_PROTECTION {
                    let expected = format!(
                        "such that price_effect times max sum to at most 1 over the terms, not to {protection}"
                    );
                    let parts = (0..=k).rev().flat_map(|k| {
                        [TermKey::PriceEffect, TermKey::Max].map(|key| Slot::Term(k, key))
                    });
                    let blamed = parts.into_iter().find(|&slot| drawn(slot));
                    return fail(blamed.unwrap_or(effect), expected);
                }
                let arm_floors = (0..model.arms.len()).map(|arm| Slot::Floor(arm, k));
                for floor in arm_floors.chain([slot(TermKey::Floor)]) {
                    if at(floor) > max {
                        return match drawn(highest) && !drawn(floor) {
                            true => fail(
                                highest,
                                format!("at least {} = {}", path_of(model, floor), at(floor)),
                            ),
                            false => fail(floor, format!("at most max = {max} of the term")),
                        };
                    }
                }
            }
        }
        Ok(())
    }

    fn draw_noise(&mut self, model: &Model, streams: &Streams) {
        if model.order == super::Order::Random {
            spread(self.trial, &streams.order, &mut self.row, &mut self.order);
        }
        spread(
            self.trial,
            &streams.joining,
            &mut self.row,
            &mut self.joining,
        );
    }

    fn fill_economies(&mut self, model: &Model) {
        let len = model.layout.len();
        self.growth.restart();
        for w in 0..model.horizon.windows {
            let values = &self.values[w * len..(w + 1) * len];
            let changed = w == 0 || self.is_changed(model, w);
            let (before, rest) = self.economies.split_at_mut(w);
            let before = before.last().filter(|_| !changed);
            rest[0].fill(model, values, w, &self.growth, before);
            self.growth.advance(model, values, changed);
        }
    }

    /// Whether the values of window w > 0 are not all those of the window before.
    fn is_changed(&self, model: &Model, w: usize) -> bool {
        let mut events = model.events.iter().zip(&self.happened);
        events.any(|(event, &happened)| happened && event.window == w)
    }
}

/// The probability of event `index` as the last of those before it that came sets it, if one does; they come in reverse.
fn probability_of<'a>(
    index: usize,
    mut before: impl Iterator<Item = (&'a Event, &'a bool)>,
) -> Option<f64> {
    before.find_map(|(event, happened)| {
        let mut set = event.probabilities.iter().rev().filter(|_| *happened);
        let set = set.find(|(later, _)| *later == index);
        set.map(|(_, probability)| *probability)
    })
}

/// Writes the first uniforms of each stream in `trial`, one per window: window after window, in each the streams. `row` is scratch of one
/// number per window.
fn spread(trial: u64, streams: &[Stream], row: &mut [f64], out: &mut [f64]) {
    let count = streams.len();
    if row.len() > IN_BLOCK {
        for (at, stream) in streams.iter().enumerate() {
            stream.fill(trial, row);
            for (w, &uniform) in row.iter().enumerate() {
                out[w * count + at] = uniform;
            }
        }
        return;
    }
    let windows = row.len();
    Stream::firsts(streams.iter(), trial, |at, uniforms| {
        for (w, &uniform) in uniforms[..windows].iter().enumerate() {
            out[w * count + at] = uniform;
        }
    });
}
