//! A valid scenario, frozen: who takes part, under which rules, which numbers, and what is uncertain.
//!
//! [`Model`] is valid by construction of the loader; nothing after it checks input again, except that draws keep their
//! range (see [`world`]).

pub mod arm;
pub mod history;
pub mod keys;
pub mod lanes;
pub mod layout;
pub mod pedigree;
pub mod question;
pub mod role_words;
pub mod service;
pub mod valuation;
pub mod words;
pub mod world;

pub use crate::theory::bargaining::Solution;
pub use crate::theory::draws::copula::Correlation;
pub use crate::theory::draws::design::{Design, Sampler, replicates};
pub use words::{Order, Others, Uplift};

use crate::theory::draws::distribution::Distribution;
use crate::theory::draws::sobol;
use arm::{Arm, StateSet};
use history::History;
use keys::Range;
use layout::{Layout, Slot};
use pedigree::Pedigree;
use question::Question;
use role_words::RoleWords;
use std::borrow::Cow;
use std::sync::Arc;
use words::Vocabulary;

/// Edition of the written model that the engine computes. Results of two editions are not those of one model.
pub const EDITION: &str = "3";

/// Who is meant: the id of paths and results, and the name of tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Id, `[A-Za-z0-9_-]+`.
    pub id: String,
    /// Name for readers; the id where the scenario gives none.
    pub name: String,
    /// Home of a hyperscaler, a label; empty elsewhere.
    pub home: String,
}

/// What the levels of a term are in the world, for readers: at_zero + level·(at_one − at_zero) of a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct TermMeasure {
    /// The unit, as it follows a number: "people trained a year".
    pub unit: String,
    /// At level 0.
    pub at_zero: f64,
    /// At level 1.
    pub at_one: f64,
    /// Whether both are per USD bn of capital of the deal.
    pub per_bn: bool,
    /// Where they come from.
    pub provenance: Provenance,
}

impl TermMeasure {
    /// What a level is in the unit.
    pub fn of(&self, level: f64) -> f64 {
        self.at_zero + level * (self.at_one - self.at_zero)
    }
}

/// The calendar: W windows of L years from the start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Horizon {
    /// First year: windows begin L years apart from here.
    pub start_year: f64,
    /// W, at least 1.
    pub windows: usize,
    /// L, years, above 0.
    pub window_years: f64,
    /// Year of prices, of money in the scenario and in results.
    pub price_year: f64,
}

/// An uncertain number: its path, slot and distribution.
#[derive(Debug, Clone, PartialEq)]
pub struct Uncertain {
    /// Canonical path; the draw is keyed by it.
    pub path: String,
    /// Its number in designs that number their dimensions; see [`dimension_paths`].
    pub dimension: usize,
    /// Whether designs that number their dimensions have one for it; not where it takes its values from rows of a file, which have
    /// their own.
    pub numbered: bool,
    /// Index into the array of values.
    pub slot: usize,
    /// What it is drawn from, correlation aside.
    pub distribution: Distribution,
    /// What a draw must keep to.
    pub range: Range,
}

/// A dimension of designs that is no quantity of its own. Of a number that was uncertain until a layer fixed it: what is correlated with it is
/// drawn as if it were not fixed, so that scenarios with and without are compared on common draws. Of a file: the row that is drawn of it,
/// under the path `rows.FILE`. Of a constant of which an event makes a draw: its uniform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shadow {
    /// Canonical path.
    pub path: String,
    /// Its number, as of [`Uncertain`].
    pub dimension: usize,
}

/// Something that happens with a probability and then sets numbers from a window on.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Name, unique; the draw is keyed by it.
    pub name: String,
    /// First window that it can touch; at or beyond W it never acts.
    pub window: usize,
    /// Probability in [0, 1], unless an event before it sets another.
    pub probability: f64,
    /// What it sets; of two that set one number, the last counts.
    pub set: Vec<EventSetting>,
    /// Later events, by their index, and the probability that each has once this one comes; of two events that set one, the last that comes
    /// counts.
    pub probabilities: Vec<(usize, f64)>,
    /// Whether it comes, world by world, where that is given instead of drawn: then no probability counts.
    pub came: Option<Arc<[bool]>>,
}

/// A number that an event sets.
#[derive(Debug, Clone, PartialEq)]
pub struct EventSetting {
    /// Index into the array of values.
    pub slot: usize,
    /// What it becomes.
    pub to: NewValue,
}

/// What an event makes of a number.
#[derive(Debug, Clone, PartialEq)]
pub enum NewValue {
    /// A number.
    Number(f64),
    /// A draw.
    Drawn(Box<NewDraw>),
}

/// A distribution that an event sets: x = F⁻¹(u), F its distribution function and u the uniform of the quantity in this world. So a world that is
/// high in what the quantity was is high in what it becomes, correlation and designs included. A quantity that is no draw without the event has the
/// uniform that it would have as one.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDraw {
    /// What it is called in messages: the event and the path.
    pub path: String,
    /// What it is drawn from.
    pub distribution: Distribution,
    /// What a draw must keep to.
    pub range: Range,
    /// The place of its uniform among those of the uncertain and, behind them, of the shadows.
    pub uniform: usize,
}

impl EventSetting {
    /// The number that it sets, unless that is drawn.
    pub fn number(&self) -> Option<f64> {
        match self.to {
            NewValue::Number(number) => Some(number),
            NewValue::Drawn(_) => None,
        }
    }

    /// Whether it may make something else than zero of a slot.
    pub fn may_raise(&self, slot: usize) -> bool {
        self.slot == slot && self.number() != Some(0.0)
    }
}

impl Event {
    /// The distributions that it sets.
    pub fn draws(&self) -> impl Iterator<Item = &NewDraw> {
        self.set.iter().filter_map(|setting| match &setting.to {
            NewValue::Number(_) => None,
            NewValue::Drawn(draw) => Some(&**draw),
        })
    }
}

/// Where a number comes from, as written beside it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provenance {
    /// Path of the number.
    pub path: String,
    /// Id of its source, a row of `scenarios/data/sources.csv` for shipped scenarios.
    pub source: Option<String>,
    /// Grade: A, B, C, S or judgement.
    pub grade: Option<String>,
    /// Unit as written, for readers; nothing is converted by it.
    pub unit: Option<String>,
    /// What else its author says of it.
    pub note: Option<String>,
}

/// Size and seed of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Simulation {
    /// Number of trials, at least 1.
    pub trials: u64,
    /// Seed: with the trial's index and a purpose it keys every uniform.
    pub seed: u64,
    /// How the uniforms of the uncertain quantities are laid out over trials.
    pub sampler: Sampler,
}

/// A valid scenario: every number in its slot, every rule read, nothing left to check.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Name of the scenario, the file's stem where it gives none.
    pub name: String,
    /// What the scenario is about, empty where it does not say.
    pub description: String,
    /// What the scenario asks: of which arms, and in whose view.
    pub question: Question,
    /// What it calls its parties.
    pub words: RoleWords,
    /// What came of it, where it is a bargain that is on record.
    pub history: Option<History>,
    /// States, at least one and at most 64.
    pub states: Vec<Identity>,
    /// Hyperscalers, at least one and at most 64.
    pub hyperscalers: Vec<Identity>,
    /// Terms, at most 64.
    pub terms: Vec<Identity>,
    /// Per term, what its levels are in the world, where the scenario says it.
    pub measures: Vec<Option<TermMeasure>>,
    /// Per hyperscaler, the states that host it before the first window.
    pub hosted: Vec<StateSet>,
    /// Arms, at least one; the first is the reference.
    pub arms: Vec<Arm>,
    /// When windows begin and how long they last.
    pub horizon: Horizon,
    /// Whether `ai_uplift` adds to growth or to the level (7).
    pub uplift: Uplift,
    /// How every bargain is settled.
    pub solution: Solution,
    /// Whether cash moves besides the terms (29).
    pub transfers: bool,
    /// In which order pairs meet in a window.
    pub order: Order,
    /// How the deals of one hyperscaler count on each other (38).
    pub others: Others,
    /// How many worlds are drawn, and how.
    pub simulation: Simulation,
    /// Where each number lies in `base` and in a drawn world.
    pub layout: Layout,
    /// Value of every slot; of an uncertain one, the median.
    pub base: Vec<f64>,
    /// What is uncertain, in order of slots.
    pub uncertain: Vec<Uncertain>,
    /// How well each of them is known, where the scenario says so.
    pub pedigree: Vec<Option<Pedigree>>,
    /// Which of the uncertain depend on each other, by their position there; the shadows come behind them.
    pub correlation: Correlation,
    /// Constants that quantities are correlated with or events make draws of, and the rows of files.
    pub shadows: Vec<Shadow>,
    /// What may happen, in file order, which is the order in which it is decided: of two that set one number, the later counts.
    pub events: Vec<Event>,
    /// Where numbers come from, by slot; of those that say so.
    pub provenance: Vec<Provenance>,
}

impl Model {
    /// Numbers its dimensions by their rank among `paths`, those of all scenarios that it is compared with
    /// ([`dimension_paths`]).
    pub fn number_dimensions(&mut self, paths: &[String]) {
        let rank = |path: &String| paths.partition_point(|one| one < path);
        for one in &mut self.uncertain {
            one.dimension = rank(&one.path);
        }
        for one in &mut self.shadows {
            one.dimension = rank(&one.path);
        }
    }

    /// What its design samples otherwise than the sampler says: Sobol' sequences have 256 dimensions.
    pub fn sampled_otherwise(&self) -> Option<String> {
        if self.simulation.sampler != Sampler::Sobol {
            return None;
        }
        let beyond = self.uncertain.iter();
        let beyond = beyond.filter(|one| one.numbered && one.dimension >= sobol::DIMENSIONS);
        let count = beyond.clone().count();
        let first = beyond.min_by_key(|one| one.dimension)?;
        Some(format!(
            "{count} of {} uncertain quantities by latin-hypercube: by path from {} on",
            self.uncertain.len(),
            first.path
        ))
    }

    /// Whether something is uncertain: a quantity has a distribution, or an event comes in some worlds alone or draws what it sets. Not what
    /// chance decides in talks: orders, joining, votes.
    pub fn is_uncertain(&self) -> bool {
        !self.uncertain.is_empty() || self.sets_draws() || self.may_come_or_not().contains(&true)
    }

    /// For each event, whether it comes in some worlds alone: by its own probability or list, or because one before it, which may come, sets another
    /// probability. What comes in every world leaves nothing of what was before it. How events hang together is not looked at: of two that never come in
    /// one world, each may decide.
    pub fn may_come_or_not(&self) -> Vec<bool> {
        let by = |p: f64| (p > 0.0, p < 1.0);
        let own = |event: &Event| match &event.came {
            Some(came) => (came.contains(&true), came.contains(&false)),
            None => by(event.probability),
        };
        // Whether each may come, and whether it may stay away: those that set its probability stand before it.
        let mut may: Vec<(bool, bool)> = self.events.iter().map(own).collect();
        let mut set_by = vec![None; may.len()];
        for (index, event) in self.events.iter().enumerate() {
            let (comes, stays_away) = may[index];
            // Of two that one event sets, the last counts.
            for &(later, p) in event.probabilities.iter().rev().filter(|_| comes) {
                if self.events[later].came.is_none() && set_by[later] != Some(index) {
                    set_by[later] = Some(index);
                    let (before, set) = (may[later], by(p));
                    may[later] = match stays_away {
                        true => (before.0 || set.0, before.1 || set.1),
                        false => set,
                    };
                }
            }
        }
        may.into_iter()
            .map(|(comes, stays_away)| comes && stays_away)
            .collect()
    }

    /// Whether some event sets a distribution.
    pub fn sets_draws(&self) -> bool {
        self.events
            .iter()
            .any(|event| event.draws().next().is_some())
    }

    /// How many numbers a world draws: one for each of `uncertain`, and behind them one for each of `events`.
    pub fn draws_len(&self) -> usize {
        self.uncertain.len() + self.events.len()
    }

    /// How many uniforms a world of a caller's own making can be given: one for each of `uncertain`, one for each of `shadows`, and one for each
    /// of `events`.
    pub fn uniforms_len(&self) -> usize {
        self.uncertain.len() + self.shadows.len() + self.events.len()
    }

    /// Where the uniform of draw `index`, as of [`Model::draw_name`], stands among those.
    pub fn uniform_of_draw(&self, index: usize) -> usize {
        match index < self.uncertain.len() {
            true => index,
            false => index + self.shadows.len(),
        }
    }

    /// The name of a number that a world draws: the path of a quantity, or `event.NAME.came`, which is 1 where the event came and 0 where not.
    pub fn draw_name(&self, index: usize) -> Cow<'_, str> {
        match index.checked_sub(self.uncertain.len()) {
            None => Cow::Borrowed(&self.uncertain[index].path),
            Some(event) => Cow::Owned(format!("{EVENT}{}{CAME}", self.events[event].name)),
        }
    }

    /// The design of its uncertain quantities before correlation: one dimension each, in the order of `uncertain`, and behind them
    /// one for each of `shadows`.
    pub fn design(&self) -> Design {
        let uncertain = self.uncertain.iter();
        let uncertain = uncertain.map(|one| (one.path.as_str(), one.dimension));
        let shadows = self.shadows.iter();
        let shadows = shadows.map(|one| (one.path.as_str(), one.dimension));
        let dimensions = uncertain.chain(shadows);
        let Simulation {
            trials,
            seed,
            sampler,
        } = self.simulation;
        Design::new(sampler, seed, trials, dimensions)
    }
}

/// How the name of whether an event came begins and ends.
const EVENT: &str = "event.";
const CAME: &str = ".came";

/// The event of which a name of [`Model::draw_name`] says whether it came; `None` for a quantity.
pub fn event_of_draw(name: &str) -> Option<&str> {
    name.strip_prefix(EVENT)?.strip_suffix(CAME)
}

/// The paths by which scenarios that are compared number their dimensions, sorted: each path has its rank among those of all of them, so
/// that it has the same uniforms in each ([`Model::number_dimensions`]). The loader numbers each scenario by itself.
pub fn dimension_paths<'a>(models: impl IntoIterator<Item = &'a Model>) -> Vec<String> {
    let of = |model: &'a Model| {
        let uncertain = model.uncertain.iter().filter(|one| one.numbered);
        let uncertain = uncertain.map(|one| &one.path);
        uncertain.chain(model.shadows.iter().map(|one| &one.path))
    };
    let mut paths: Vec<String> = models.into_iter().flat_map(of).cloned().collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// The canonical path of a slot: `state.SG.talent`, `link.MY.SG.efficiency` (ids in alphabetical order), `arm.bloc.floors.x`.
pub fn path_of(model: &Model, slot: Slot) -> String {
    let state = |i: usize| model.states[i].id.as_str();
    let hyperscaler = |h: usize| model.hyperscalers[h].id.as_str();
    let term = |k: usize| model.terms[k].id.as_str();
    let arm = |a: usize| model.arms[a].name.as_str();
    match slot {
        Slot::Market(key) => format!("market.{}", key.name()),
        Slot::Bargaining(key) => format!("bargaining.{}", key.name()),
        Slot::Dynamics(key) => format!("dynamics.{}", key.name()),
        Slot::State(i, key) => format!("state.{}.{}", state(i), key.name()),
        Slot::Value(i, k) => format!("state.{}.values.{}", state(i), term(k)),
        Slot::Hyperscaler(h, key) => format!("hyperscaler.{}.{}", hyperscaler(h), key.name()),
        Slot::Cost(h, k) => format!("hyperscaler.{}.costs.{}", hyperscaler(h), term(k)),
        Slot::Term(k, key) => format!("term.{}.{}", term(k), key.name()),
        Slot::Effect(k, effect) => format!("term.{}.{}", term(k), effect.key()),
        Slot::Pair(i, h, key) => format!("pair.{}.{}.{}", state(i), hyperscaler(h), key.name()),
        Slot::Link(i, j) => {
            let (first, second) = if state(i) <= state(j) { (i, j) } else { (j, i) };
            format!("link.{}.{}.efficiency", state(first), state(second))
        }
        Slot::Arm(a, key) => format!("arm.{}.{}", arm(a), key.name()),
        Slot::Floor(a, k) => format!("arm.{}.floors.{}", arm(a), term(k)),
    }
}
