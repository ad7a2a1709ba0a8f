//! The studies behind an advice, one after the other.

use crate::engine::model::Model;
use crate::engine::model::arm::Mode;
use crate::engine::model::question::View;
use crate::engine::negotiation::tables::problem::Party;
use crate::engine::simulate::{End, Watch};
use crate::scenario::Loaded;
use crate::scenario::base::Base;
use crate::study::advise::assumptions::knowledge;
use crate::study::advise::supplier::largest_expected;
use crate::study::brief::accord::AccordReadings;
use crate::study::brief::preparation::changes as circumstances;
use crate::study::brief::whole::Brief;
use crate::study::brief::{BriefQuestion, Side};
use crate::study::cells::Cells;
use crate::study::explain::Explain;
use crate::study::outputs;
use crate::study::pieces::{Part, Study, StudyError};
use crate::study::readings::{WorldReadings, WorldSelection, read_with_draws};
use crate::study::results::advise::{AdviceResults, Knowledge, ToldWorld, TurningPoint};
use crate::study::results::brief::BriefResults;
use crate::study::results::choice::{decides, options, view_name};
use crate::study::results::run::{Manifest, Results};
use crate::study::results::stability::StabilityResults;
use crate::study::results::theories::TheoryResults;
use crate::study::run::Run;
use crate::study::solve::{LevelQuestion, Threshold};
use crate::study::stability::StabilityQuestion;
use crate::study::stability::whole::Stability;
use crate::study::theories::{Theories, changes as theories, outputs as of_theories};
use crate::study::threshold::Over;
use serde::{Deserialize, Serialize};

/// Worlds of the parts that play a scenario many times, at most.
pub const PART_WORLDS: u64 = 250;

/// Points of a curve on which an advice may turn, before it is refined.
const POINTS: u64 = 7;

/// How far an assumption is moved.
const MOVED: (f64, f64) = (0.01, 0.99);

/// Share of the grand coalition's gain that the smallest coalition has to secure.
const SECURE: f64 = 0.8;

/// Share of worlds in which the other side has to accept a counter-offer.
const ACCEPT: f64 = 0.8;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdviceQuestion {
    /// Whose payoff decides which option is best.
    pub view: View,
    /// The hyperscaler at the table; where none is named, the one with the largest expected market in the state.
    pub supplier: Option<usize>,
    /// Index of the arm that options are compared with.
    pub reference: usize,
}

/// All that a decision hangs on.
pub struct Advise {
    /// The scenario.
    pub loaded: Loaded,
    /// The same, to be varied.
    pub base: Base,
    /// Its identity.
    pub identity: Manifest,
    /// What is asked.
    pub question: AdviceQuestion,
}

/// A part of the advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Run,
    Choice,
    Stability,
    Brief,
    Turns,
    Theories,
    Worlds,
}

impl Stage {
    /// In the order in which they are played.
    pub const ALL: [Stage; 7] = [
        Stage::Run,
        Stage::Choice,
        Stage::Stability,
        Stage::Brief,
        Stage::Turns,
        Stage::Theories,
        Stage::Worlds,
    ];
}

/// What a part found.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum PartFinding {
    Run(Box<Results>),
    Choice(RankedOptions),
    Stability(Option<Box<StabilityResults>>),
    Brief(Option<Box<BriefResults>>),
    Turns(Vec<TurningPoint>),
    Theories(Option<Box<TheoryResults>>),
    Worlds(Vec<ToldWorld>),
}

/// The options, the best first, and what decides between the first two.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct RankedOptions {
    ranked: Vec<usize>,
    knowledge: Option<Knowledge>,
    /// The world, and the difference there, in which the best option less the reference is the median, and the least.
    told: Vec<(String, u64, f64)>,
}

/// Worlds that all parts play, about.
pub(super) fn worlds(study: &Advise) -> u64 {
    let trials = study.loaded.model.simulation.trials;
    let part = trials.min(PART_WORLDS);
    2 * trials + part * (2 + 3 * POINTS + 14)
}

/// The results of all parts; none where one is missing.
pub(super) fn results(study: &Advise, found: Vec<PartFinding>) -> Option<AdviceResults> {
    let model = &study.loaded.model;
    let name = |arm: usize| model.arms[arm].name.clone();
    let [
        PartFinding::Run(run),
        PartFinding::Choice(choice),
        PartFinding::Stability(stability),
        PartFinding::Brief(brief),
        PartFinding::Turns(turns),
        PartFinding::Theories(theories),
        PartFinding::Worlds(worlds),
    ] = <[PartFinding; 7]>::try_from(found).ok()?
    else {
        return None;
    };
    Some(AdviceResults {
        manifest: study.identity.clone(),
        view: view_name(study.question.view, model).to_owned(),
        reference: name(study.question.reference),
        ranked: choice.ranked.into_iter().map(name).collect(),
        run: *run,
        knowledge: choice.knowledge,
        stability: stability.map(|one| *one),
        brief: brief.map(|one| *one),
        supplier_named: study.question.supplier.is_some(),
        turns,
        theories: theories.map(|one| *one),
        worlds,
    })
}

/// Plays all pieces of a study at once; none if it was stopped.
fn whole<S: Study>(study: &S, watch: Watch<'_>) -> Result<Option<S::Results>, StudyError> {
    let mut assembler = study.assemble();
    let mut failed = None;
    let part = Part {
        pieces: study.pieces().all(),
        before: &[],
        watch,
    };
    let end = study.play(part, &mut |piece| match assembler.take(piece) {
        Ok(()) => true,
        Err(error) => {
            failed = Some(error);
            false
        }
    })?;
    match (failed, end) {
        (Some(error), _) => Err(error),
        (None, End::Stopped { .. }) => Ok(None),
        (None, End::Finished) => assembler.results(watch.stop).map(Some),
    }
}

impl Advise {
    /// What a part finds; none if it was stopped.
    pub(super) fn find(
        &self,
        stage: Stage,
        found: &[PartFinding],
        watch: Watch<'_>,
    ) -> Result<Option<PartFinding>, StudyError> {
        let run = found.iter().find_map(|one| match one {
            PartFinding::Run(run) => Some(run),
            _ => None,
        });
        let choice = found.iter().find_map(|one| match one {
            PartFinding::Choice(choice) => Some(choice),
            _ => None,
        });
        let Some(run) = run else {
            let run = self.run(self.trials(), watch)?;
            return Ok(run.map(|run| PartFinding::Run(Box::new(run))));
        };
        let Some(choice) = choice else {
            return Ok(self.choose(watch)?.map(PartFinding::Choice));
        };
        Ok(match stage {
            Stage::Run | Stage::Choice => None,
            Stage::Stability => {
                let found = self.stability(choice, watch)?;
                found.map(|one| PartFinding::Stability(one.map(Box::new)))
            }
            Stage::Brief => {
                let found = self.brief(choice, run, watch)?;
                found.map(|one| PartFinding::Brief(one.map(Box::new)))
            }
            Stage::Turns => self.turns(choice, watch)?.map(PartFinding::Turns),
            Stage::Theories => {
                let found = self.theories(choice, watch)?;
                found.map(|one| PartFinding::Theories(one.map(Box::new)))
            }
            Stage::Worlds => self.told(choice, watch)?.map(PartFinding::Worlds),
        })
    }

    fn trials(&self) -> u64 {
        self.loaded.model.simulation.trials
    }

    /// The scenario with the worlds of a part, to be varied.
    fn part_base(&self) -> Base {
        self.base.with_trials(self.trials().min(PART_WORLDS))
    }

    /// The scenario with assignments over it, with the worlds of a part.
    fn part(&self, assignments: &[String]) -> Result<(Loaded, Manifest), StudyError> {
        let loaded = self.part_base().with(assignments);
        let loaded = loaded.map_err(|error| StudyError::Load {
            name: assignments.join(" "),
            error,
        })?;
        let identity = Manifest {
            trials: loaded.model.simulation.trials,
            ..self.identity.clone()
        };
        Ok((loaded, identity))
    }

    /// Every arm in so many worlds.
    pub(super) fn run(&self, trials: u64, watch: Watch<'_>) -> Result<Option<Results>, StudyError> {
        let mut loaded = self.loaded.clone();
        loaded.model.simulation.trials = trials;
        let study = Run {
            loaded,
            identity: Manifest {
                trials,
                ..self.identity.clone()
            },
        };
        whole(&study, watch)
    }

    /// Ranks the options in the worlds of the run, and finds what decides between the first two.
    fn choose(&self, watch: Watch<'_>) -> Result<Option<RankedOptions>, StudyError> {
        let AdviceQuestion { reference, .. } = self.question;
        let model = &self.loaded.model;
        let mut arms = options(model);
        if !arms.contains(&reference) {
            arms.push(reference);
        }
        let names: Vec<String> = arms
            .iter()
            .map(|&arm| decides(model, arm, self.question.view))
            .collect();
        let outputs = outputs::outputs(&names, model, reference)?;
        let draws: Vec<usize> = (0..model.draws_len()).collect();
        let selection = WorldSelection {
            count: model.simulation.trials,
            points: None,
            keeper: None,
            draws: &draws,
        };
        let Some(worlds) = read_with_draws(model, &outputs, selection, watch)? else {
            return Ok(None);
        };
        Ok(Some(self.chosen(&arms, worlds, watch)?))
    }

    fn chosen(
        &self,
        arms: &[usize],
        worlds: WorldReadings,
        watch: Watch<'_>,
    ) -> Result<RankedOptions, StudyError> {
        let model = &self.loaded.model;
        let allowed = options(model);
        let sum = |place: usize| worlds.values[place].iter().sum::<f64>();
        let mut places: Vec<usize> = (0..arms.len()).collect();
        places.retain(|&place| allowed.contains(&arms[place]));
        places.sort_by(|&one, &other| sum(other).total_cmp(&sum(one)));
        let knowledge = match places[..] {
            [best, next, ..] => {
                let options = WorldReadings {
                    values: places.iter().map(|&at| worlds.values[at].clone()).collect(),
                    draws: worlds.draws.clone(),
                };
                debug_assert_ne!(best, next);
                Some(knowledge(model, &options, [0, 1], watch.stop)?)
            }
            _ => None,
        };
        let ranked: Vec<usize> = places.iter().map(|&place| arms[place]).collect();
        let best = ranked.iter().find(|&&arm| arm != self.question.reference);
        let told = best.map_or_else(Vec::new, |&arm| {
            let values = |arm: usize| {
                let place = arms.iter().position(|&one| one == arm);
                &worlds.values[place.expect("it was read")]
            };
            told(values(arm), values(self.question.reference))
        });
        Ok(RankedOptions {
            ranked,
            knowledge,
            told,
        })
    }

    /// The coalitions of the best option that is an accord.
    fn stability(
        &self,
        choice: &RankedOptions,
        watch: Watch<'_>,
    ) -> Result<Option<Option<StabilityResults>>, StudyError> {
        let (loaded, identity) = self.part(&[])?;
        let model = &loaded.model;
        let mut accords = choice
            .ranked
            .iter()
            .filter(|&&arm| model.arms[arm].is_accord());
        let question = accords.next().map(|&arm| StabilityQuestion {
            arm,
            window: 0,
            secure: SECURE,
            farsighted: false,
        });
        let question = question.and_then(|question| question.checked(model).ok());
        let Some(question) = question else {
            return Ok(Some(None));
        };
        let study = Stability {
            loaded,
            identity,
            question,
        };
        match whole(&study, watch) {
            // An accord that is in force in no world has no coalitions to judge.
            Err(error) if error.is_usage() => Ok(Some(None)),
            found => Ok(found?.map(Some)),
        }
    }

    /// The table of the state, in the best option, or alone where it sits at a joint table there; for the region, the joint table of the best option.
    fn brief(
        &self,
        choice: &RankedOptions,
        run: &Results,
        watch: Watch<'_>,
    ) -> Result<Option<Option<BriefResults>>, StudyError> {
        let (loaded, identity) = self.part(&[])?;
        let model = &loaded.model;
        let best = choice.ranked.first().copied().unwrap_or(0);
        let Some(question) = self.table(model, best, run) else {
            return Ok(Some(None));
        };
        let Ok(question) = question.checked(model) else {
            return Ok(Some(None));
        };
        let changes = circumstances(model, &question).into_iter().map(|change| {
            let (changed, _) = self.part(&change.assignments)?;
            Ok((change, changed.model))
        });
        let changes = changes.collect::<Result<_, StudyError>>()?;
        let study = Brief {
            accord: AccordReadings::of(model, &question),
            accept: ACCEPT,
            offer: None,
            identity,
            question,
            changes,
            loaded,
        };
        Ok(whole(&study, watch)?.map(Some))
    }

    /// The table that the reader sits down at.
    fn table(&self, model: &Model, best: usize, run: &Results) -> Option<BriefQuestion> {
        let supplier = |state: usize| {
            let arm = &run.arms[&model.arms[best].name];
            self.question
                .supplier
                .or_else(|| largest_expected(model, arm, state))
        };
        let joint = model.arms[best].mode == Mode::Bloc;
        let largest = || {
            let size = |i: usize| {
                let stat =
                    run.arms[&model.arms[best].name].states[&model.states[i].id].metrics["payoff"];
                stat.map_or(f64::NEG_INFINITY, |stat| stat.mean)
            };
            (0..model.states.len()).reduce(|most, i| if size(i) > size(most) { i } else { most })
        };
        let (party, state) = match self.question.view {
            View::State(i) => (Party::State(i), i),
            View::Region if joint => (Party::Bloc, largest()?),
            _ => return None,
        };
        let seated = match party {
            Party::State(i) => {
                let arm = &model.arms[best];
                joint && arm.members & arm.table & 1 << i != 0
            }
            Party::Bloc => false,
        };
        let barred = model.arms[best].mode == Mode::Contest;
        Some(BriefQuestion {
            party,
            hyperscaler: supplier(state)?,
            arm: match seated || barred {
                true => self.question.reference,
                false => best,
            },
            window: 0,
            side: Side::States,
        })
    }

    /// Where the best option brings as much as the next, along each decisive assumption.
    fn turns(
        &self,
        choice: &RankedOptions,
        watch: Watch<'_>,
    ) -> Result<Option<Vec<TurningPoint>>, StudyError> {
        let (Some(knowledge), [best, next, ..]) = (&choice.knowledge, &choice.ranked[..]) else {
            return Ok(Some(Vec::new()));
        };
        let model = &self.loaded.model;
        let result = format!("{}.difference", decides(model, *best, self.question.view));
        let mut turns = Vec::new();
        for decisive in &knowledge.decisive {
            let path = &decisive.path;
            let quantity = model.uncertain.iter().find(|one| one.path == *path);
            let Some(quantity) = quantity.filter(|one| !one.distribution.is_switch()) else {
                continue;
            };
            let (from, to) = (
                quantity.distribution.quantile(MOVED.0),
                quantity.distribution.quantile(MOVED.1),
            );
            let (loaded, identity) = self.part(&[])?;
            let study = Threshold {
                loaded,
                base: self.part_base(),
                identity,
                reference: model.arms[*next].name.clone(),
                solve: path.clone(),
                questions: vec![LevelQuestion {
                    of: "all".to_owned(),
                    solve: path.clone(),
                    equation: format!("{result} = 0"),
                    result: result.clone(),
                    over: Over::Mean,
                    level: 0.0,
                }],
                range: (from, to),
                points: POINTS,
            };
            let Some(found) = whole(&study, watch)? else {
                return Ok(None);
            };
            turns.extend(found.solutions.into_iter().map(|solution| TurningPoint {
                path: path.clone(),
                from,
                to,
                solution,
            }));
        }
        Ok(Some(turns))
    }

    /// The options against the reference under every theory.
    fn theories(
        &self,
        choice: &RankedOptions,
        watch: Watch<'_>,
    ) -> Result<Option<Option<TheoryResults>>, StudyError> {
        let AdviceQuestion { reference, .. } = self.question;
        let arms: Vec<usize> = choice
            .ranked
            .iter()
            .copied()
            .filter(|&arm| arm != reference)
            .collect();
        if arms.is_empty() {
            return Ok(Some(None));
        }
        let (loaded, identity) = self.part(&[])?;
        let model = &loaded.model;
        let study = Theories {
            changes: theories(model, &arms),
            cells: Cells {
                base: self.part_base(),
                outputs: of_theories(model, &arms),
                reference: model.arms[reference].name.clone(),
                kept: None,
            },
            arms,
            identity,
            loaded,
        };
        Ok(whole(&study, watch)?.map(Some))
    }

    /// The median and the worst world, told step by step in the best option and in the reference.
    fn told(
        &self,
        choice: &RankedOptions,
        watch: Watch<'_>,
    ) -> Result<Option<Vec<ToldWorld>>, StudyError> {
        let AdviceQuestion { reference, .. } = self.question;
        let best = choice.ranked.iter().copied().find(|&arm| arm != reference);
        let mut worlds = Vec::new();
        for (which, trial, difference) in &choice.told {
            let study = Explain {
                loaded: self.loaded.clone(),
                identity: self.identity.clone(),
                trial: *trial,
                arms: [reference].into_iter().chain(best).collect(),
            };
            let Some(world) = whole(&study, watch)? else {
                return Ok(None);
            };
            worlds.push(ToldWorld {
                which: which.clone(),
                difference: *difference,
                world,
            });
        }
        Ok(Some(worlds))
    }
}

/// The worlds in which one arm less another is nearest to the middle, and least; the first of several.
fn told(one: &[f64], other: &[f64]) -> Vec<(String, u64, f64)> {
    let differences: Vec<f64> = one
        .iter()
        .zip(other)
        .map(|(one, other)| one - other)
        .collect();
    let mut order: Vec<usize> = (0..differences.len()).collect();
    order.sort_by(|&one, &other| differences[one].total_cmp(&differences[other]));
    let worlds = [("median", (order.len() - 1) / 2), ("worst", 0)];
    let worlds = worlds.map(|(which, place)| {
        let trial = order[place];
        (which.to_owned(), trial as u64, differences[trial])
    });
    match worlds[0].1 == worlds[1].1 {
        true => worlds[..1].to_vec(),
        false => worlds.to_vec(),
    }
}
