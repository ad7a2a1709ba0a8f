//! Many accords as arms of one scenario, so that they are played on the same draws and share what does not differ between them.

use crate::engine::model::arm::StateSet;
use crate::engine::model::layout::Slot;
use crate::engine::model::{Model, Sampler};
use crate::engine::outcome::Relation;
use crate::engine::simulate::{End, Watch};
use crate::scenario::{LoadError, Request, Source, load};
use crate::study::accords::objectives::{AccordWorld, CAUSES};
use crate::study::accords::space::{AccordPoint, MOST_ARMS, SearchSpace};
use crate::study::outputs::{OutputError, as_output};
use crate::study::pieces::StudyError;
use crate::study::readings::{Output, read_each};
use crate::study::results::path::ResultPath;
use crate::theory::draws::rng::key;
use std::ops::Range;
use toml::{Table, Value};

/// Accords that are played together, where the scenario leaves room for them: of 64 arms.
pub const TOGETHER: usize = 48;

/// In which worlds accords are played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worlds {
    /// Those in which accords are searched: random ones of a seed of their own.
    Search,
    /// Those of the scenario, which `run` plays: none of the former.
    Own,
}

/// The scenario with room for accords.
#[derive(Clone, Copy)]
pub struct Arena<'a> {
    /// The scenario after all its layers.
    pub resolved: &'a str,
    /// Its model.
    pub model: &'a Model,
    /// What is searched.
    pub space: &'a SearchSpace,
    /// Index of the arm that accords are compared with.
    pub reference: usize,
}

/// What the accords of a batch came to: by accord and world; the reason where one is not valid.
pub type BatchWorlds = Vec<Result<Vec<AccordWorld>, String>>;

impl Arena<'_> {
    /// How many accords fit beside the arms of the scenario.
    pub fn together(&self) -> usize {
        TOGETHER.min(MOST_ARMS - self.model.arms.len()).max(1)
    }

    /// The name of the arm of the accord at a place of a batch: the first of its kind that no arm has.
    pub fn name(&self, at: usize) -> String {
        let taken = |name: &String| self.model.arms.iter().any(|arm| arm.name == *name);
        let mut name = format!("accord-{at}");
        while taken(&name) {
            name.push('x');
        }
        name
    }

    /// The scenario with some accords as arms behind its own and assignments over all.
    ///
    /// # Errors
    /// One of them is not valid there.
    pub fn with(
        &self,
        points: &[&AccordPoint],
        worlds: Worlds,
        sets: &[String],
    ) -> Result<Model, LoadError> {
        let arms = points.iter().enumerate();
        let arms = arms.map(|(at, point)| {
            let name = self.name(at);
            Value::Table(self.space.arm(point, &name, &name))
        });
        let layer = Table::from_iter([("arm".to_owned(), Value::Array(arms.collect()))]);
        let mut request = Request::new("scenario", self.resolved);
        request.overlays.push(Source {
            name: "accords".to_owned(),
            text: layer.to_string(),
        });
        request.sets.extend_from_slice(sets);
        let mut read = |_: &str| Err("a resolved scenario extends no file".to_owned());
        let mut model = load(&request, &mut read)?.model;
        let base = &self.model.arms[self.space.base].name;
        for at in 0..points.len() {
            let own = self.model.arms.len() + at;
            mirror(&mut model, self.space.base, own, base);
        }
        if worlds == Worlds::Search {
            model.simulation.seed = key(model.simulation.seed, "accords.search");
            model.simulation.sampler = Sampler::Random;
        }
        Ok(model)
    }

    /// Plays accords in some worlds, with assignments over the scenario; none if it was stopped. Where all of them together are not valid, each is
    /// tried by itself, or where there are assignments none is.
    ///
    /// # Errors
    /// A world without a result.
    pub fn play(
        &self,
        points: &[&AccordPoint],
        worlds: Worlds,
        sets: &[String],
        range: Range<u64>,
        watch: Watch<'_>,
    ) -> Result<Option<BatchWorlds>, StudyError> {
        let whole = self.with(points, worlds, sets);
        let valid: Vec<Result<(), String>> = match &whole {
            Ok(_) => points.iter().map(|_| Ok(())).collect(),
            // Assignments name arms by their places, so that nothing can be tried by itself.
            Err(error) if !sets.is_empty() => points.iter().map(|_| Err(reason(error))).collect(),
            Err(_) => {
                let alone = |point| self.with(&[point], worlds, &[]).map(|_| ());
                let each = points.iter().map(|&point| alone(point));
                each.map(|one| one.map_err(|error| reason(&error)))
                    .collect()
            }
        };
        let kept = points.iter().zip(&valid).filter(|(_, valid)| valid.is_ok());
        let kept: Vec<&AccordPoint> = kept.map(|(point, _)| *point).collect();
        let mut found = Vec::new();
        if !kept.is_empty() {
            let model = whole.or_else(|_| self.with(&kept, worlds, sets));
            let model = model.map_err(|error| StudyError::Load {
                name: "the scenario with accords".to_owned(),
                error,
            })?;
            let first = self.model.arms.len();
            let arms: Vec<usize> = (first..first + kept.len()).collect();
            match self.read(&model, &arms, range, watch)? {
                None => return Ok(None),
                Some(played) => found = played,
            }
        }
        let mut found = found.into_iter();
        let each = valid
            .into_iter()
            .map(|valid| valid.map(|()| found.next().expect("every valid accord was played")));
        Ok(Some(each.collect()))
    }

    /// What came of some arms of a model in some worlds; none if it was stopped.
    ///
    /// # Errors
    /// A world without a result.
    pub fn read(
        &self,
        model: &Model,
        arms: &[usize],
        range: Range<u64>,
        watch: Watch<'_>,
    ) -> Result<Option<Vec<Vec<AccordWorld>>>, StudyError> {
        let readings: Vec<Vec<Output>> = arms
            .iter()
            .map(|&arm| accord_readings(model, arm, self.reference))
            .collect::<Result<_, _>>()?;
        let alone = references(model, self.reference)?;
        let mut outputs = alone.clone();
        outputs.extend(readings.iter().flatten().cloned());
        let mut found: Vec<Vec<AccordWorld>> = vec![Vec::new(); arms.len()];
        let shape = WorldShape::of(model);
        let end = read_each(model, &outputs, range, watch, |values| {
            let (alone, rest) = values.split_at(alone.len());
            let each = rest.chunks_exact(shape.len());
            for (found, values) in found.iter_mut().zip(each) {
                found.push(shape.world(values, alone));
            }
            true
        })?;
        Ok((end == End::Finished).then_some(found))
    }
}

/// What is wrong with an accord, in one line.
fn reason(error: &LoadError) -> String {
    match error {
        LoadError::Problems(problems) => {
            let errors = problems.diagnostics.iter().filter(|one| one.is_error());
            let messages: Vec<String> = errors.map(|one| one.message.clone()).collect();
            messages.join("; ")
        }
        other => other.to_string(),
    }
}

/// Lets an accord draw what the base draws under the base's own paths, so that both have it from the same uniforms, and events set in it what they
/// set in the base.
fn mirror(model: &mut Model, base: usize, own: usize, name: &str) {
    let theirs = format!("arm.{}.", model.arms[own].name);
    let of_base = format!("arm.{name}.");
    let dimensions: Vec<(String, usize)> = model
        .uncertain
        .iter()
        .map(|one| (one.path.clone(), one.dimension))
        .collect();
    for one in &mut model.uncertain {
        let Some(rest) = one.path.strip_prefix(&theirs) else {
            continue;
        };
        let path = format!("{of_base}{rest}");
        let known = dimensions.iter().find(|known| known.0 == path);
        if let Some((path, dimension)) = known.cloned() {
            one.path = path;
            one.dimension = dimension;
        }
    }
    let slots = model.layout.slots().filter_map(|slot| {
        let other = match slot {
            Slot::Arm(arm, key) if arm == base => Slot::Arm(own, key),
            Slot::Floor(arm, term) if arm == base => Slot::Floor(own, term),
            _ => return None,
        };
        Some((model.layout.index(slot), model.layout.index(other)))
    });
    let slots: Vec<(usize, usize)> = slots.collect();
    for event in &mut model.events {
        for &(slot, other) in &slots {
            if event.set.iter().any(|setting| setting.slot == other) {
                continue;
            }
            let set = event.set.iter().filter(|setting| setting.slot == slot);
            let mut set: Vec<_> = set.cloned().collect();
            set.iter_mut().for_each(|setting| setting.slot = other);
            event.set.extend(set);
        }
    }
}

fn output(model: &Model, name: &str, reference: usize) -> Result<Output, StudyError> {
    let path = ResultPath::parse(name, model).map_err(|source| OutputError {
        flag: "accords",
        path: name.to_owned(),
        source,
    })?;
    Ok(as_output(&path, model, reference))
}

/// What each state gets in the arm that accords are compared with.
fn references(model: &Model, reference: usize) -> Result<Vec<Output>, StudyError> {
    let name = &model.arms[reference].name;
    let states = model.states.iter();
    states
        .map(|state| {
            output(
                model,
                &format!("{name}.state.{}.payoff", state.id),
                reference,
            )
        })
        .collect()
}

/// What is read of an accord in a world: gains, profits, causes, then who is a member and who leaves, window by window.
fn accord_readings(model: &Model, arm: usize, reference: usize) -> Result<Vec<Output>, StudyError> {
    let name = &model.arms[arm].name;
    let states = || model.states.iter().map(|state| &state.id);
    let suppliers = model.hyperscalers.iter().map(|one| &one.id);
    let gains = states().map(|id| format!("{name}.state.{id}.payoff.difference"));
    let profits = suppliers.map(|id| format!("{name}.hyperscaler.{id}.profit.difference"));
    let windows = |what: &'static str| {
        let each = (0..model.horizon.windows).flat_map(move |window| {
            states().map(move |id| format!("{name}.window.{window}.{what}.{id}"))
        });
        each.collect::<Vec<_>>()
    };
    let causes = CAUSES.map(|cause| format!("{name}.total.causes.{cause}.difference"));
    let marks = windows("member").into_iter().chain(windows("left"));
    let paths = gains.chain(profits).chain(causes).chain(marks);
    paths.map(|path| output(model, &path, reference)).collect()
}

/// How many numbers of each kind are read of a world.
#[derive(Debug, Clone, Copy)]
struct WorldShape {
    states: usize,
    suppliers: usize,
    windows: usize,
}

impl WorldShape {
    fn of(model: &Model) -> WorldShape {
        WorldShape {
            states: model.states.len(),
            suppliers: model.hyperscalers.len(),
            windows: model.horizon.windows,
        }
    }

    fn len(self) -> usize {
        self.states + self.suppliers + CAUSES.len() + 2 * self.windows * self.states
    }

    fn world(self, values: &[f64], alone: &[f64]) -> AccordWorld {
        let (gains, rest) = values.split_at(self.states);
        let (profits, rest) = rest.split_at(self.suppliers);
        let (causes, rest) = rest.split_at(CAUSES.len());
        let (joined, left) = rest.split_at(self.windows * self.states);
        let any = |marks: &[f64]| {
            let marked = marks.iter().enumerate().filter(|(_, mark)| **mark > 0.0);
            marked.fold(0, |set: StateSet, (at, _)| set | 1 << (at % self.states))
        };
        let better = gains
            .iter()
            .zip(alone)
            .enumerate()
            .filter(|(_, (gain, alone))| {
                Relation::of(*alone + *gain, **alone) == Some(Relation::Better)
            });
        AccordWorld {
            better: better.fold(0, |set, (at, _)| set | 1 << at),
            members: any(joined),
            left: any(left),
            gains: gains.to_vec(),
            profits: profits.to_vec(),
            causes: std::array::from_fn(|at| causes[at]),
        }
    }
}
