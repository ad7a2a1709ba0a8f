//! What the best accords come to in worlds in which nobody searched.

use crate::engine::model::Model;
use crate::engine::model::arm::members;
use crate::study::accords::arena::BatchWorlds;
use crate::study::accords::estimates::{
    intervals, json, keyed, of_shares, share_of, stat_of, within,
};
use crate::study::accords::objectives::{
    AccordJudgement, AccordObjective, AccordWorld, CAUSES, ObjectiveValues, values,
};
use crate::study::accords::outside::OutsideWorld;
use crate::study::accords::payments::{ENOUGH, Payments, together};
use crate::study::accords::question::AccordSearch;
use crate::study::accords::readings::{Chosen, chosen};
use crate::study::accords::search::Searched;
use crate::study::accords::space::{AccordPoint, Invited, SearchSpace};
use crate::study::pieces::StudyError;
use crate::study::results::accords::{
    AccordReading, AccordState, AccordsResults, ClauseWorth, FoundAccord, PaymentPlan, ReadingKind,
    SearchRecord, SearchedRule,
};
use crate::study::results::sensitivity::Interval;
use crate::theory::draws::rng::key;
use crate::theory::stats::groups::Groups;
use indexmap::IndexMap;
use serde_json::Value;

/// Beyond, combinations are not counted one by one.
const COUNTABLE: f64 = 1e15;

/// What is played in fresh worlds.
pub struct Finals {
    searched: Searched,
    chosen: Vec<Chosen>,
    /// Places among all that were tried of the front and of what readings chose besides, from what brings the region most.
    shown: Vec<usize>,
    /// Those, and behind them each reading's accord without one of its changes.
    points: Vec<AccordPoint>,
    /// By reading and changed rule: its place and that of the accord without it among `points`.
    clauses: Vec<Vec<(usize, usize)>>,
}

/// What came of them.
pub struct FreshWorlds {
    /// Worlds of each of the points.
    pub accords: BatchWorlds,
    /// Worlds of the arms that the scenario names, by their index.
    pub named: Vec<(usize, Vec<AccordWorld>)>,
    /// Of each that is shown, who is outside it in the last window.
    pub outside: Vec<Vec<OutsideWorld>>,
}

impl Finals {
    /// What is to be played of a search.
    ///
    /// # Errors
    /// No accord is valid.
    pub fn of(
        space: &SearchSpace,
        searched: Searched,
        state: Option<usize>,
    ) -> Result<Finals, StudyError> {
        let chosen = chosen(space, &searched, state);
        if chosen.is_empty() {
            let mut reasons = searched.tried.iter().filter_map(|one| one.refused.clone());
            return Err(StudyError::NoValidAccord {
                reason: reasons.next().unwrap_or_default(),
            });
        }
        let mut shown = searched.front.clone();
        for one in &chosen {
            if !shown.contains(&one.tried) {
                shown.push(one.tried);
            }
        }
        let region =
            |&at: &usize| objectives(space, &searched, at)[AccordObjective::Region as usize];
        shown.sort_by(|one, other| region(other).total_cmp(&region(one)));
        let mut points: Vec<AccordPoint> = shown
            .iter()
            .map(|&at| searched.tried[at].point.clone())
            .collect();
        let clauses = chosen.iter().map(|one| {
            let point = &searched.tried[one.tried].point;
            let changed = space.changed(point).into_iter();
            let each =
                changed.map(|place| (place, place_of(&mut points, space.without(point, place))));
            each.collect::<Vec<_>>()
        });
        let clauses = clauses.collect();
        Ok(Finals {
            searched,
            chosen,
            shown,
            points,
            clauses,
        })
    }

    /// The same with only some of what is shown, by their places there, as if nothing else had been found.
    ///
    /// # Errors
    /// Nothing is left.
    pub fn keep(
        &mut self,
        space: &SearchSpace,
        places: &[usize],
        state: Option<usize>,
    ) -> Result<(), StudyError> {
        let kept: Vec<usize> = places.iter().map(|&at| self.shown[at]).collect();
        let mut searched = self.searched.clone();
        searched.front.retain(|at| kept.contains(at));
        searched.finalists.retain(|at| kept.contains(at));
        *self = Finals::of(space, searched, state)?;
        Ok(())
    }

    /// What is played: first what is shown.
    pub fn points(&self) -> Vec<&AccordPoint> {
        self.points.iter().collect()
    }

    /// How many accords are shown.
    pub fn shown(&self) -> usize {
        self.shown.len()
    }

    /// The accord of the first reading.
    pub fn first(&self) -> &AccordPoint {
        &self.searched.tried[self.chosen[0].tried].point
    }
}

/// The place of a point, which is added where it is new.
fn place_of(points: &mut Vec<AccordPoint>, point: AccordPoint) -> usize {
    let known = points.iter().position(|one| *one == point);
    known.unwrap_or_else(|| {
        points.push(point);
        points.len() - 1
    })
}

fn objectives(space: &SearchSpace, searched: &Searched, at: usize) -> ObjectiveValues {
    let one = &searched.tried[at];
    let (price, changes) = (space.price(&one.point), space.changed(&one.point).len());
    values(one.worlds.iter(), price, changes)
}

/// The document of what was found.
///
/// # Errors
/// An accord that was valid in the worlds in which it was found is not in fresh ones.
pub fn results(
    search: &AccordSearch,
    finals: &Finals,
    fresh: &FreshWorlds,
) -> Result<AccordsResults, StudyError> {
    // What an accord is without one of its rules may be none: then nothing can be said of the rule by itself.
    let worlds: Vec<&[AccordWorld]> = fresh
        .accords
        .iter()
        .map(|one| one.as_deref().unwrap_or_default())
        .collect();
    if worlds[..finals.shown()]
        .iter()
        .any(|worlds| worlds.is_empty())
    {
        return Err(StudyError::Foreign);
    }
    let teller = FreshResults {
        search,
        finals,
        worlds,
        outside: &fresh.outside,
    };
    Ok(teller.document(&fresh.named))
}

struct FreshResults<'a> {
    search: &'a AccordSearch,
    finals: &'a Finals,
    /// Of each of the points.
    worlds: Vec<&'a [AccordWorld]>,
    /// Of each that is shown.
    outside: &'a [Vec<OutsideWorld>],
}

impl FreshResults<'_> {
    fn space(&self) -> &SearchSpace {
        &self.search.space
    }

    fn model(&self) -> &Model {
        &self.search.loaded.model
    }

    fn groups(&self) -> Groups {
        let simulation = self.model().simulation;
        simulation.sampler.groups(simulation.trials)
    }

    fn document(&self, named: &[(usize, Vec<AccordWorld>)]) -> AccordsResults {
        let model = self.model();
        let shown = 0..self.finals.shown.len();
        let named = named.iter().map(|(arm, worlds)| {
            let found = self.found(model.arms[*arm].name.clone(), worlds, 0.0, 0);
            FoundAccord {
                changes: IndexMap::new(),
                ..found
            }
        });
        AccordsResults {
            manifest: self.search.identity.clone(),
            reference: model.arms[self.search.reference].name.clone(),
            base: model.arms[self.space().base].name.clone(),
            rules: self.rules(),
            members: self.members(),
            search: self.record(),
            resolution: keyed(&self.finals.searched.resolution, |x| x),
            front: shown.map(|at| self.accord(at)).collect(),
            named: named.collect(),
            readings: self.readings(),
            winners_curse: self.winners_curse(),
            theories: None,
            path: None,
        }
    }

    fn rules(&self) -> Vec<SearchedRule> {
        let space = self.space();
        let rules = space.rules.iter().zip(&space.cost).map(|(rule, &cost)| {
            let listed = rule.listed.iter();
            let listed = listed.map(|&place| json(rule.values[usize::from(place)].as_ref()));
            SearchedRule {
                key: rule.key.clone(),
                base: json(rule.values[0].as_ref()),
                values: listed.collect(),
                cost,
            }
        });
        rules.collect()
    }

    fn members(&self) -> Value {
        let space = self.space();
        let base = space.base_point();
        match &space.invited {
            Invited::Any => Value::String(crate::study::accords::space::EVERY_SET.to_owned()),
            Invited::Listed(sets) => {
                let set = |&members: &u64| {
                    let point = AccordPoint {
                        members,
                        ..base.clone()
                    };
                    json(space.at(&point, space.rules.len()).as_ref())
                };
                Value::Array(sets.iter().map(set).collect())
            }
        }
    }

    fn record(&self) -> SearchRecord {
        let Searched {
            tried,
            finalists,
            is_exhaustive,
            plays,
            ..
        } = &self.finals.searched;
        let combinations = self.space().combinations();
        let refused = || tried.iter().filter_map(|one| one.refused.as_ref());
        SearchRecord {
            combinations: (combinations < COUNTABLE).then_some(combinations),
            exhaustive: *is_exhaustive,
            tried: tried.len() as u64,
            not_valid: refused().count() as u64,
            not_valid_because: refused().next().cloned(),
            dominated: tried.iter().filter(|one| one.is_dropped).count() as u64,
            plays: *plays,
            finalists: finalists.len() as u64,
            worlds: finalists
                .first()
                .map_or(0, |&at| tried[at].worlds.len() as u64),
            seed: key(self.model().simulation.seed, "accords.search"),
        }
    }

    /// What an accord of the front is called; no arm of the scenario is called so.
    fn id(&self, at: usize) -> String {
        let of_accord = |name: &str| name.starts_with("accord-");
        let prefix = match self.model().arms.iter().any(|arm| of_accord(&arm.name)) {
            true => "found-accord",
            false => "accord",
        };
        format!("{prefix}-{}", at + 1)
    }

    /// An accord of the front, by its place there.
    fn accord(&self, at: usize) -> FoundAccord {
        let space = self.space();
        let point = &self.finals.points[at];
        let changed = space.changed(point);
        let id = self.id(at);
        let found = self.found(
            id.clone(),
            self.worlds[at],
            space.price(point),
            changed.len(),
        );
        let changes = changed.into_iter().map(|place| {
            let value = space.at(point, place);
            (space.key(place).to_owned(), json(value.as_ref()))
        });
        let arm = toml::Value::Table(space.arm(point, &id, &format!("Accord {}", at + 1)));
        let arms = toml::Table::from_iter([("arm".to_owned(), toml::Value::Array(vec![arm]))]);
        let searched = objectives(space, &self.finals.searched, self.finals.shown[at]);
        FoundAccord {
            outside_would_join: self.outside.get(at).and_then(|worlds| {
                let formed = worlds.iter().filter(|world| world.formed);
                let wants = formed.map(|world| world.wants_in);
                (wants.clone().count() > 0).then(|| share_of(wants))
            }),
            changes: changes.collect(),
            arm: Some(arms.to_string()),
            searched: Some(keyed(&searched, |x| x)),
            ..found
        }
    }

    /// What came of an accord.
    fn found(&self, id: String, worlds: &[AccordWorld], price: f64, changes: usize) -> FoundAccord {
        let model = self.model();
        let groups = self.groups();
        let stat = |of: &dyn Fn(&AccordWorld) -> f64| stat_of(worlds.iter().map(of), groups);
        let share = |of: &dyn Fn(&AccordWorld) -> bool| {
            worlds.iter().filter(|world| of(world)).count() as f64 / worlds.len() as f64
        };
        let states: IndexMap<String, AccordState> = model
            .states
            .iter()
            .enumerate()
            .map(|(i, state)| {
                let told = AccordState {
                    gain: stat(&|world| world.gains[i]),
                    better: share(&|world| world.better >> i & 1 == 1),
                    member: share(&|world| world.members >> i & 1 == 1),
                    left: share(&|world| world.left >> i & 1 == 1),
                };
                (state.id.clone(), told)
            })
            .collect();
        let mean = |one: &AccordState| one.gain.as_ref().map_or(f64::INFINITY, |stat| stat.mean);
        let worst = states
            .iter()
            .min_by(|one, other| mean(one.1).total_cmp(&mean(other.1)));
        let hyperscalers = model.hyperscalers.iter().enumerate();
        let hyperscalers = hyperscalers.map(|(h, one)| {
            (
                one.id.clone(),
                stat(&|world: &AccordWorld| world.profits[h]),
            )
        });
        let causes = CAUSES.iter().enumerate().map(|(at, cause)| {
            let sum: f64 = worlds.iter().map(|world| world.causes[at]).sum();
            ((*cause).to_owned(), sum / worlds.len() as f64)
        });
        FoundAccord {
            id,
            changes: IndexMap::new(),
            arm: None,
            price,
            objectives: of_shares(intervals(&AccordJudgement::of(worlds, price, changes))),
            searched: None,
            worst_state: worst.map_or_else(String::new, |one| one.0.clone()),
            formed: share(&|world| world.members != 0),
            region_gains: share(&|world| world.total() > 0.0),
            gain: stat(&AccordWorld::total),
            causes: causes.collect(),
            hyperscalers: hyperscalers.collect(),
            states,
            outside_would_join: None,
        }
    }

    fn readings(&self) -> Vec<AccordReading> {
        let readings = self.finals.chosen.iter().zip(&self.finals.clauses);
        readings
            .map(|(chosen, clauses)| {
                let at = self
                    .finals
                    .shown
                    .iter()
                    .position(|&one| one == chosen.tried);
                let at = at.expect("what a reading chose is shown");
                let known = |clause: &&(usize, usize)| !self.worlds[clause.1].is_empty();
                let clauses = clauses.iter().filter(known);
                let state = self
                    .search
                    .state
                    .filter(|_| chosen.reading == ReadingKind::State);
                AccordReading {
                    reading: chosen.reading,
                    state: state.map(|i| self.model().states[i].id.clone()),
                    is_met: chosen.is_met || self.meets(chosen.reading, at),
                    accord: self.id(at),
                    clauses: clauses
                        .map(|&(place, without)| self.clause(at, place, without))
                        .collect(),
                    payments: self.payments(at, chosen.tried),
                }
            })
            .collect()
    }

    /// Whether an accord that the search found near a reading meets it here.
    fn meets(&self, reading: ReadingKind, at: usize) -> bool {
        let gains = self.worlds[at].iter().filter(|world| world.all_gain());
        reading == ReadingKind::AllGain
            && gains.count() as f64 >= ENOUGH * self.worlds[at].len() as f64
    }

    /// What an accord loses without a rule.
    fn clause(&self, at: usize, place: usize, without: usize) -> ClauseWorth {
        let space = self.space();
        let (point, other) = (&self.finals.points[at], &self.finals.points[without]);
        // The one without may be played in fewer worlds.
        let common = self.worlds[at].len().min(self.worlds[without].len());
        let judged = |at: usize, point: &AccordPoint| {
            let (price, changes) = (space.price(point), space.changed(point).len());
            AccordJudgement::of(&self.worlds[at][..common], price, changes)
        };
        let worth = judged(at, point).minus(&judged(without, other));
        ClauseWorth {
            key: space.key(place).to_owned(),
            base: json(space.at(&space.base_point(), place).as_ref()),
            value: json(space.at(point, place).as_ref()),
            worth: intervals(&worth),
        }
    }

    /// Payments that were chosen in the worlds of the search, in fresh worlds.
    fn payments(&self, at: usize, tried: usize) -> Option<PaymentPlan> {
        let (found, fresh) = (&self.finals.searched.tried[tried].worlds, self.worlds[at]);
        let enough = fresh.iter().filter(|world| world.all_gain()).count() as f64;
        if enough >= ENOUGH * fresh.len() as f64 {
            return None;
        }
        let plan = Payments::for_all(found)?;
        let invited = members(self.finals.points[at].members);
        let payments = invited.map(|i| (self.model().states[i].id.clone(), plan.to[i] + 0.0));
        let share = |of: &dyn Fn(&AccordWorld) -> bool| share_of(fresh.iter().map(of));
        Some(PaymentPlan {
            payments: payments.collect(),
            from_outside: plan.from_outside,
            before: share(&AccordWorld::all_gain),
            after: share(&|world| plan.all_gain(world)),
            together: share(&together),
        })
    }

    /// How much more the front was worth where it was found than in fresh worlds.
    fn winners_curse(&self) -> IndexMap<String, Interval> {
        let front = (0..self.finals.shown.len()).filter(|&at| {
            let tried = self.finals.shown[at];
            self.finals.searched.front.contains(&tried)
        });
        let judged = |at: usize, worlds: &[AccordWorld]| {
            let space = self.space();
            let point = &self.finals.points[at];
            AccordJudgement::of(worlds, space.price(point), space.changed(point).len())
        };
        let (found, fresh): (Vec<AccordJudgement>, Vec<AccordJudgement>) = front
            .map(|at| {
                let found = &self.finals.searched.tried[self.finals.shown[at]].worlds;
                (judged(at, found), judged(at, self.worlds[at]))
            })
            .unzip();
        let [found, fresh] = [found, fresh].map(|all| AccordJudgement::mean(&all));
        let difference = std::array::from_fn(|k| found.all[k] - fresh.all[k]);
        // The worlds of both are independent.
        let (own, theirs) = (found.std_errors(), fresh.std_errors());
        within(
            &difference,
            &std::array::from_fn(|k| libm::hypot(own[k], theirs[k])),
        )
    }
}
