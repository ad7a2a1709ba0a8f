//! `accords`: which rules and members make an accord that all would sign, among all that a scenario lets one choose.
//!
//! - [`space`]: what an accord may be; [`arena`]: many accords as arms of one scenario.
//! - [`objectives`]: what one is judged by; [`mod@search`]: which are tried and in how many worlds; [`readings`]: the best of them.
//! - [`payments`]: what would have to be paid; [`fresh`]: what the best come to in worlds in which nobody searched; [`path`]: by which steps.
//!
//! Accords are found in some worlds and judged in others, the scenario's own: what is best among many in the worlds in which it was chosen looks
//! better than it is (the winner's curse). A piece is a batch of accords in a block of worlds; which comes next hangs on those before it.

pub mod arena;
mod bytes;
mod estimates;
pub mod fresh;
pub mod objectives;
mod outside;
mod own_grid;
pub mod path;
pub mod payments;
pub mod question;
pub mod readings;
mod rivals;
pub mod search;
pub mod space;
mod told_way;
mod written;

use crate::engine::model::Model;
use crate::engine::simulate::{End, Watch};
use crate::study::accords::arena::{Arena, BatchWorlds, Worlds};
use crate::study::accords::fresh::{Finals, FreshWorlds, results};
use crate::study::accords::objectives::AccordWorld;
use crate::study::accords::outside::{OutsideWorld, look_outside};
use crate::study::accords::path::{Goal, find_way};
use crate::study::accords::question::{AccordSearch, OUTSIDE_WORLDS};
use crate::study::accords::rivals::Tested;
use crate::study::accords::search::{Budget, FRONT, search};
use crate::study::accords::space::AccordPoint;
use crate::study::accords::told_way::told_path;
use crate::study::chain::{Chain, ChainEnd, KnownChain, Playing};
use crate::study::pieces::{
    Assemble, Open, Out, Part, Pieces, Push, Study, StudyError, TableSet, Tables, collected,
    of_piece, to_piece,
};
use crate::study::results::accords::{AccordPath, AccordsResults};
use crate::study::results::run::Manifest;
use crate::study::theories::changes;
use crate::theory::draws::rng::key;
use std::io::Write;
use std::ops::Range;

/// Worlds of a piece, at most.
const BLOCK: u64 = 64;

/// Worlds in which an accord is played without one of its rules, at most.
const CLAUSE_WORLDS: u64 = 250;

/// Worlds of a theory, and of the steps to an accord, at most.
const THEORY_WORLDS: u64 = 250;

/// About how many theories there are.
const THEORIES: u64 = 14;

/// Worlds in which a way is searched.
const WAY_WORLDS: u64 = 64;

/// The file of the front as arms, to be laid over the scenario.
pub const ARMS: &str = "accords.toml";

impl AccordSearch {
    fn arena(&self) -> Arena<'_> {
        Arena {
            resolved: &self.loaded.resolved,
            model: &self.loaded.model,
            space: &self.space,
            reference: self.reference,
        }
    }

    fn model(&self) -> &Model {
        &self.loaded.model
    }

    /// Searches, and plays what was found in fresh worlds.
    fn drive(&self, chain: &mut dyn Chain) -> Result<AccordsResults, ChainEnd> {
        let arena = self.arena();
        let mut chained = ChainedArena { arena, chain };
        let budget = Budget {
            plays: self.plays,
            together: arena.together(),
            seed: key(self.model().simulation.seed, "accords.tried"),
        };
        let mut evaluate = |points: &[&AccordPoint], worlds: Range<u64>| {
            chained.play(points, Worlds::Search, &[], worlds)
        };
        let searched = search(&self.space, budget, &mut evaluate)?;
        let mut finals = Finals::of(&self.space, searched, self.state)?;
        let theories = match self.theories {
            true => Some(self.test(&mut finals, &mut chained)?),
            false => None,
        };
        let (points, shown) = (finals.points(), finals.shown());
        let own = 0..self.model().simulation.trials;
        let mut fresh = FreshWorlds {
            accords: Vec::new(),
            named: chained.named(own.clone())?,
            outside: Vec::new(),
        };
        let few = 0..own.end.min(CLAUSE_WORLDS);
        for (points, worlds) in [(&points[..shown], own), (&points[shown..], few)] {
            for batch in points.chunks(budget.together) {
                let found = chained.play(batch, Worlds::Own, &[], worlds.clone())?;
                fresh.accords.extend(found);
            }
        }
        for batch in points[..shown].chunks(budget.together) {
            fresh.outside.extend(chained.outside(batch)?);
        }
        let mut found = results(self, &finals, &fresh)?;
        found.theories = theories.map(|theories| theories.named(&found));
        if self.path {
            found.path = Some(self.way(&finals, &found, &mut chained)?);
        }
        Ok(found)
    }

    /// Plays what was found under every theory, and keeps what stands under all, if anything does.
    fn test(
        &self,
        finals: &mut Finals,
        chained: &mut ChainedArena<'_, '_>,
    ) -> Result<Tested, ChainEnd> {
        let shown = finals.shown();
        let points: Vec<AccordPoint> = finals.points()[..shown]
            .iter()
            .map(|&one| one.clone())
            .collect();
        let points: Vec<&AccordPoint> = points.iter().collect();
        let model = self.arena().with(&points, Worlds::Search, &[]);
        let model = model.map_err(|_| StudyError::Foreign)?;
        let arms: Vec<usize> = (0..shown).map(|at| self.model().arms.len() + at).collect();
        let mut tested = Tested::default();
        for change in changes(&model, &arms) {
            let worlds = 0..self.model().simulation.trials.min(THEORY_WORLDS);
            let found = chained.play(&points, Worlds::Search, &change.assignments(), worlds)?;
            tested.add(self.model(), &change.name, &found);
        }
        tested.keep(&self.space, finals, self.state)?;
        Ok(tested)
    }

    /// The steps to the accord of the first reading.
    fn way(
        &self,
        finals: &Finals,
        found: &AccordsResults,
        chained: &mut ChainedArena<'_, '_>,
    ) -> Result<AccordPath, ChainEnd> {
        let goal = Goal {
            space: &self.space,
            point: finals.first(),
        };
        let way = find_way(&goal, |points| {
            let points: Vec<&AccordPoint> = points.iter().collect();
            let mut found = Vec::new();
            for batch in points.chunks(self.arena().together()) {
                found.extend(chained.certain(batch, Worlds::Search, 0..WAY_WORLDS)?);
            }
            Ok::<_, ChainEnd>(found.into_iter().map(Result::ok).collect())
        })?;
        let places: Vec<AccordPoint> = way.places.iter().map(|place| goal.accord(place)).collect();
        let places: Vec<&AccordPoint> = places.iter().collect();
        let own = 0..self.model().simulation.trials.min(THEORY_WORLDS);
        let mut worlds = Vec::new();
        for batch in places.chunks(self.arena().together()) {
            worlds.extend(chained.certain(batch, Worlds::Own, own.clone())?);
        }
        let to = found.readings.first().map(|one| one.accord.clone());
        Ok(told_path(
            self,
            &goal,
            &way,
            &worlds,
            to.unwrap_or_default(),
        ))
    }
}

/// An arena whose plays are the pieces of a chain.
struct ChainedArena<'a, 'b> {
    arena: Arena<'a>,
    chain: &'b mut dyn Chain,
}

impl ChainedArena<'_, '_> {
    /// Plays accords in some worlds, a block at a time.
    fn play(
        &mut self,
        points: &[&AccordPoint],
        worlds: Worlds,
        sets: &[String],
        range: Range<u64>,
    ) -> Result<BatchWorlds, ChainEnd> {
        let arena = self.arena;
        self.chain_blocks(range, points.len(), |block, watch| {
            arena.play(points, worlds, sets, block, watch)
        })
    }

    /// Plays accords that everybody who is invited joins.
    fn certain(
        &mut self,
        points: &[&AccordPoint],
        worlds: Worlds,
        range: Range<u64>,
    ) -> Result<BatchWorlds, ChainEnd> {
        let join = |at: usize| format!("arm.{}.join=1", self.arena.name(at));
        let sets: Vec<String> = (0..points.len()).map(join).collect();
        self.play(points, worlds, &sets, range)
    }

    /// Looks at who is outside some accords in the last window.
    fn outside(&mut self, points: &[&AccordPoint]) -> Result<Vec<Vec<OutsideWorld>>, ChainEnd> {
        let own = self.arena.model;
        let worlds = own.simulation.trials.min(OUTSIDE_WORLDS);
        let model = self.arena.with(points, Worlds::Own, &[]);
        let model = model.map_err(|_| StudyError::Foreign)?;
        let arms = (0..points.len()).map(|at| own.arms.len() + at);
        arms.map(|arm| {
            let piece = self.chain.next(worlds, &mut |watch| {
                let said = look_outside(&model, arm, 0..worlds, watch)?;
                Ok(said.map(|said| to_piece(&said)))
            })?;
            Ok(of_piece(&piece)?)
        })
        .collect()
    }

    /// Plays the accords that the scenario names.
    fn named(&mut self, range: Range<u64>) -> Result<Vec<(usize, Vec<AccordWorld>)>, ChainEnd> {
        let arena = self.arena;
        let arms = named(arena.model, arena.reference);
        if arms.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.chain_blocks(range, arms.len(), |block, watch| {
            let read = arena.read(arena.model, &arms, block, watch)?;
            Ok(read.map(|each| each.into_iter().map(Ok).collect()))
        })?;
        let found = found.into_iter().map(Result::unwrap_or_default);
        Ok(arms.into_iter().zip(found).collect())
    }

    fn chain_blocks(
        &mut self,
        range: Range<u64>,
        accords: usize,
        mut play: impl FnMut(Range<u64>, Watch<'_>) -> Result<Option<BatchWorlds>, StudyError>,
    ) -> Result<BatchWorlds, ChainEnd> {
        let model = self.arena.model;
        let shape = (model.states.len(), model.hyperscalers.len());
        let mut all: BatchWorlds = vec![Ok(Vec::new()); accords];
        let mut start = range.start;
        while start < range.end {
            let end = (start + BLOCK).min(range.end);
            let piece = self.chain.next(end - start, &mut |watch| {
                Ok(play(start..end, watch)?.map(|batch| bytes::to_bytes(&batch)))
            })?;
            let batch = bytes::of_bytes(&piece, accords, shape)?;
            for (all, found) in all.iter_mut().zip(batch) {
                match (all.as_mut(), found) {
                    (Ok(all), Ok(found)) => all.extend(found),
                    (_, Err(reason)) => *all = Err(reason),
                    (Err(_), Ok(_)) => {}
                }
            }
            start = end;
        }
        Ok(all)
    }
}

/// Accords that the scenario names and does not switch off, besides the reference.
fn named(model: &Model, reference: usize) -> Vec<usize> {
    let arms = 0..model.arms.len();
    arms.filter(|&arm| arm != reference && model.arms[arm].is_accord())
        .collect()
}

impl Study for AccordSearch {
    type Results = AccordsResults;

    fn identity(&self) -> &Manifest {
        &self.identity
    }

    fn pieces(&self) -> Pieces {
        // A world of a batch plays all its accords; batches are half full on average.
        let together = self.arena().together() as u64;
        let trials = self.model().simulation.trials;
        let few = trials.min(THEORY_WORLDS);
        let front = FRONT as u64;
        let asked = [
            (self.theories, THEORIES * few),
            (self.path, 10 * WAY_WORLDS + few),
        ];
        let asked: u64 = asked.iter().filter(|one| one.0).map(|one| one.1).sum();
        Pieces::chained(2 * self.plays.div_ceil(together) + 3 * trials + front * few + asked)
    }

    fn held(&self) -> u64 {
        // Worlds of every accord that is compared come in sums; those of the last few are held.
        self.model().simulation.trials.saturating_mul(8)
    }

    fn play(&self, part: Part<'_>, push: &mut Push<'_>) -> Result<End, StudyError> {
        let mut chain = Playing::new(&part, push);
        let came = self.drive(&mut chain);
        chain.end(came)
    }

    fn assemble(&self) -> Box<dyn Assemble<AccordsResults> + '_> {
        let piece = |piece: &[u8]| Ok(piece.to_vec());
        collected(piece, |pieces: Vec<Vec<u8>>| {
            KnownChain::all(self.drive(&mut KnownChain::new(pieces)))
        })
    }

    fn files(&self, _: TableSet) -> Vec<String> {
        vec![ARMS.to_owned()]
    }

    fn tables<'a>(
        &'a self,
        _: TableSet,
        open: &mut Open<'_>,
    ) -> Result<Box<dyn Tables<AccordsResults> + 'a>, StudyError> {
        let model = self.model();
        let options = model.question.options.iter();
        let options: Vec<String> = options.map(|&arm| model.arms[arm].name.clone()).collect();
        Ok(Box::new(ArmWriter {
            file: open(ARMS)?,
            options: (options.len() < model.arms.len()).then_some(options),
        }))
    }

    fn probe(&self, worlds: u64, watch: Watch<'_>) -> Result<Option<u64>, StudyError> {
        let base = self.space.base_point();
        let points: Vec<&AccordPoint> = vec![&base; self.arena().together()];
        self.arena()
            .play(&points, Worlds::Search, &[], 0..worlds, watch)?;
        Ok(None)
    }
}

/// Writes the front as arms of a scenario.
struct ArmWriter {
    file: Out,
    /// The arms to choose from, where the scenario leaves some out: then what was found is said to be more of them.
    options: Option<Vec<String>>,
}

impl Tables<AccordsResults> for ArmWriter {
    fn take(&mut self, _: &[u8]) -> Result<(), StudyError> {
        Ok(())
    }

    fn finish(mut self: Box<Self>, results: &AccordsResults) -> Result<(), StudyError> {
        if let Some(options) = &self.options {
            let found = results.front.iter().map(|one| &one.id);
            let options: Vec<String> = options
                .iter()
                .chain(found)
                .map(|id| format!("\"{id}\""))
                .collect();
            writeln!(
                self.file,
                "[question]\noptions = [{}]\n",
                options.join(", ")
            )?;
        }
        for arm in results.front.iter().filter_map(|one| one.arm.as_ref()) {
            writeln!(self.file, "{arm}")?;
        }
        Ok(self.file.flush()?)
    }
}
