//! Loads a scenario with all its layers.

use crate::engine::model::Model;
use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::layers::LayerStack;
use crate::scenario::loaded::{LoadError, Loaded, Problems};
use crate::scenario::schema::FileTable;
use crate::scenario::source::{Request, Source};
use crate::scenario::{
    accord_choices, build, correlation, data, history, joining, overrides, resolve, survey, sweep,
    worlds,
};
use crate::theory::spelling::foreign::marked;
use std::collections::HashSet;
use std::path::Path;

/// Arms of a scenario that names none.
const DEFAULT_ARMS: &str = "\
[[arm]]
name = \"bilateral\"
mode = \"bilateral\"

[[arm]]
name = \"bloc\"
mode = \"bloc\"
join = \"will\"
";

/// Loads a scenario with all its layers. `read` is called with the name of each extended file, joined to the name of
/// the file that extends it; where that fails for a bare name, with the name of a shipped scenario in [`SHIPPED`](crate::scenario::SHIPPED).
///
/// # Errors
///
/// [`LoadError::Problems`] with everything that is wrong, [`LoadError::Unreadable`] where `read` fails.
///
/// # Examples
///
/// ```
/// # extern crate mufakat_engine as mufakat;
/// use mufakat::scenario::{LoadError, Request, load};
///
/// let request = Request::new("empty.toml", "schema = 1");
/// let mut read = |name: &str| Err(format!("{name} is not here"));
/// let Err(LoadError::Problems(problems)) = load(&request, &mut read) else {
///     panic!("a scenario without states is not valid");
/// };
/// assert!(problems.diagnostics.len() > 1);
/// ```
pub fn load(
    request: &Request,
    read: &mut dyn FnMut(&str) -> Result<String, String>,
) -> Result<Loaded, LoadError> {
    let mut stack = LayerStack::default();
    stack.add_file(&request.scenario, read)?;
    add_default_arms(&mut stack, read)?;
    for overlay in &request.overlays {
        stack.add_file(overlay, read)?;
    }
    add_default_arms(&mut stack, read)?;
    let given = request
        .worlds
        .as_ref()
        .map_or_else(Vec::new, |worlds| worlds::lay(&mut stack, worlds));
    for assignment in &request.sets {
        let (places, span) = overrides::set(&mut stack, assignment);
        let names = survey::names(&stack.root);
        let places = places.iter();
        let replaced = places.filter_map(|place| worlds::replaced(&given, &names, place, span));
        stack.problems.extend(replaced);
    }
    if let Some(trials) = request.trials {
        overrides::set_number(&mut stack, "--trials", "simulation.trials", trials);
    }
    if let Some(seed) = request.seed {
        overrides::set_number(&mut stack, "--seed", "simulation.seed", seed);
    }
    data::inline(&mut stack, read)?;
    let stem = Path::new(&request.scenario.name).file_stem();
    let stem = stem.map_or_else(String::new, |stem| {
        marked(&stem.to_string_lossy()).into_owned()
    });
    let LayerStack {
        sources,
        mut problems,
        mut root,
        strength,
    } = stack;
    if problems
        .iter()
        .any(|problem| problem.kind == DiagnosticKind::Cycle)
    {
        // Without their bases, files lack keys for no fault of their own.
        problems.retain(|problem| problem.kind == DiagnosticKind::Cycle);
        return Err(LoadError::Problems(Problems {
            diagnostics: problems,
            sources,
        }));
    }
    let names = survey::names(&root);
    correlation::settle(&mut root, &names, &strength);
    let model = build::build(&root, &stem, &given, &mut problems);
    if model.is_some() {
        joining::check(&root, &names, &strength, &mut problems);
    }
    let diagnostics = sorted(problems, &sources);
    match model {
        Some(model) if !diagnostics.iter().any(Diagnostic::is_error) => {
            let (resolved, origins) = resolve::written(&root, &model, &sources);
            Ok(Loaded {
                resolved,
                origins,
                result_paths: history::result_paths(&root),
                sweep: sweep::axes(&root, model.simulation.seed),
                accords: accord_choices::read(&root),
                model,
                warnings: diagnostics,
                sources,
            })
        }
        _ => Err(LoadError::Problems(Problems {
            diagnostics,
            sources,
        })),
    }
}

/// Gives a scenario without arms those of the contract, so that stronger layers can change them by name.
fn add_default_arms(
    stack: &mut LayerStack,
    read: &mut dyn FnMut(&str) -> Result<String, String>,
) -> Result<(), LoadError> {
    if survey::entries(&stack.root, FileTable::Arm)
        .next()
        .is_some()
    {
        return Ok(());
    }
    let source = Source {
        name: "built-in arms".to_owned(),
        text: DEFAULT_ARMS.to_owned(),
    };
    stack.add_file(&source, read)
}

/// Loads a scenario that stands by itself.
///
/// # Errors
///
/// As [`load`]; an `extends` cannot be read.
pub fn from_text(name: &str, text: &str) -> Result<Model, LoadError> {
    let mut read = |_: &str| Err("a scenario given as text extends no file".to_owned());
    load(&Request::new(name, text), &mut read).map(|loaded| loaded.model)
}

/// The findings by layer and place. Where the text of a layer is broken, what may only follow from that is left out.
fn sorted(mut problems: Vec<Diagnostic>, sources: &[Source]) -> Vec<Diagnostic> {
    let is_syntax = |problem: &Diagnostic| problem.kind == DiagnosticKind::Syntax;
    if problems.iter().any(is_syntax) {
        let place = |problem: &Diagnostic| {
            let span = problem.span();
            let before = &sources[span.layer].text[..span.start];
            (span.layer, before.rfind('\n'))
        };
        let broken = problems.iter().filter(|problem| is_syntax(problem));
        let broken: HashSet<(usize, Option<usize>)> = broken.map(place).collect();
        problems.retain(|problem| {
            let follows = matches!(
                problem.kind,
                DiagnosticKind::Missing
                    | DiagnosticKind::Dangling
                    | DiagnosticKind::WrongType
                    | DiagnosticKind::Inconsistent
            );
            is_syntax(problem) || !follows && !broken.contains(&place(problem))
        });
    }
    problems.sort_by_key(|problem| (problem.span().layer, problem.span().start));
    problems.dedup();
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::model::Others;
    use crate::engine::model::arm::{Joining, Mode, VotingRule};
    use crate::engine::model::keys::{ArmKey, DynamicsKey, MarketKey, PairKey, StateKey, TermKey};
    use crate::engine::model::layout::{NO_FLOOR, Slot, UNLIMITED};

    /// The smallest valid scenario: one state, one hyperscaler.
    const SMALL: &str = "\
schema = 1
[horizon]
start_year = 2027
windows = 2
window_years = 3
[market]
region_efficiency = 0.8
outside_efficiency = 0.4
capex_intensity = 0.3
capital_charge = 0.1
coverage_rate = 2
contingent_share = 0.3
talent_elasticity = 0.4
ramp_years = 5
[bargaining]
foresight = 0.5
[[state]]
id = 'SG'
gdp = 500
digital_gmv = 50
ai_spend_share = 0.05
ai_uplift = 0.01
talent = { dist = 'uniform', min = 0.2, max = 0.6, source = 's1', grade = 'B' }
infrastructure = 0.9
compute = 0.1
bargaining_power = 0.5
discount_rate = 0.05
[[hyperscaler]]
id = 'H'
market_share = 0.3
operating_margin = 0.3
discount_rate = 0.1
";

    fn with(more: &str) -> String {
        format!("{SMALL}{more}")
    }

    fn load_with(text: &str, sets: &[&str]) -> Result<Loaded, LoadError> {
        let mut request = Request::new("dir/small.toml", text);
        request.sets = sets.iter().map(|set| (*set).to_owned()).collect();
        load(&request, &mut |name| Err(format!("no {name}")))
    }

    fn at(model: &Model, slot: Slot) -> f64 {
        model.base[model.layout.index(slot)]
    }

    #[test]
    fn defaults_are_those_of_the_contract() {
        let model = from_text("dir/small.toml", SMALL).expect("valid");
        assert_eq!(model.name, "small");
        assert_eq!(model.states[0].name, "SG");
        assert_eq!((model.simulation.trials, model.simulation.seed), (1000, 1));
        assert_eq!(model.horizon.price_year, 2027.0);
        let modes: Vec<Mode> = model.arms.iter().map(|arm| arm.mode).collect();
        assert_eq!(modes, [Mode::Bilateral, Mode::Bloc]);
        let bloc = &model.arms[1];
        assert_eq!(bloc.rule, VotingRule::Consensus);
        assert_eq!(bloc.joining, Joining::Will);
        assert!(bloc.standing && !bloc.annexes && bloc.seats_all());
        assert_eq!(model.others, Others::NashInNash);
        assert_eq!(model.hosted, [0]);
        assert!(at(&model, Slot::Arm(1, ArmKey::Join)).is_nan());
        let budget = Slot::Hyperscaler(0, crate::engine::model::keys::HyperscalerKey::CapexBudget);
        let cases = [
            (Slot::State(0, StateKey::Population), 1.0),
            (Slot::State(0, StateKey::Will), 1.0),
            (Slot::Pair(0, 0, PairKey::Feasible), 1.0),
            (Slot::Market(MarketKey::PeersInside), 1.0),
            (Slot::Dynamics(DynamicsKey::RepricingForesight), 1.0),
            (Slot::Arm(1, ArmKey::Quota), 0.5),
            (Slot::Arm(1, ArmKey::Active), 1.0),
            (budget, UNLIMITED),
        ];
        for (slot, expected) in cases {
            assert_eq!(at(&model, slot), expected, "{slot:?}");
        }
    }

    #[test]
    fn what_is_uncertain_is_listed_with_its_origin() {
        let model = from_text("x.toml", SMALL).expect("valid");
        assert_eq!(model.uncertain.len(), 1);
        assert_eq!(model.uncertain[0].path, "state.SG.talent");
        assert_eq!(at(&model, Slot::State(0, StateKey::Talent)), 0.4);
        assert_eq!(model.provenance[0].source.as_deref(), Some("s1"));
    }

    #[test]
    fn a_set_number_is_no_longer_uncertain() {
        let loaded = load_with(SMALL, &["state.*.talent=0.7", "simulation.seed=9"]).expect("valid");
        assert!(loaded.model.uncertain.is_empty());
        assert_eq!(loaded.model.simulation.seed, 9);
        let origin = loaded
            .origins
            .iter()
            .find(|one| one.path == "state.SG.talent");
        let origin = origin.expect("every key has an origin");
        assert_eq!((origin.layer.as_str(), origin.line), ("command line", 1));
        assert_eq!(origin.value, "0.7");
    }

    #[test]
    fn joining_is_set_to_a_word_or_a_number_and_unset() {
        let join = |sets: &[&str]| {
            let model = load_with(SMALL, sets).expect("valid").model;
            let number = at(&model, Slot::Arm(1, ArmKey::Join));
            (
                model.arms[1].joining,
                Some(number).filter(|number| !number.is_nan()),
            )
        };
        let number = "arm.*.join=0.4";
        assert_eq!(join(&["arm.bloc.join=goodwill"]), (Joining::Goodwill, None));
        assert_eq!(join(&[number]), (Joining::Will, Some(0.4)));
        assert_eq!(join(&[number, "arm.bloc.join=none"]), (Joining::Will, None));
    }

    #[test]
    fn seats_are_kept_apart_from_members() {
        let [start, end] = ["[[state]]", "[[hyperscaler]]"].map(|header| SMALL.find(header));
        let state = &SMALL[start.expect("one")..end.expect("one")];
        let others = ["'MY'", "'ID'"].map(|id| state.replace("'SG'", id));
        let text = with(&others.concat());
        let model = load_with(&text, &["arm.bloc.table=['ID','SG']"])
            .expect("valid")
            .model;
        assert_eq!((model.arms[1].members, model.arms[1].table), (0b111, 0b101));
        assert!(!model.arms[1].seats_all());
    }

    #[test]
    fn layers_change_the_default_arms_by_name() {
        let mut request = Request::new("x.toml", SMALL);
        request.overlays.push(Source {
            name: "over.toml".to_owned(),
            text: "[[arm]]\nname = 'bloc'\nbinding = 0.5".to_owned(),
        });
        request.sets.push("arm.bloc.pooling=0.25".to_owned());
        let loaded = load(&request, &mut |name| Err(format!("no {name}"))).expect("valid");
        assert_eq!(at(&loaded.model, Slot::Arm(1, ArmKey::Binding)), 0.5);
        assert_eq!(at(&loaded.model, Slot::Arm(1, ArmKey::Pooling)), 0.25);
    }

    #[test]
    fn the_resolved_scenario_is_the_same_model() {
        let more = "\
[[term]]
id = 't'
cost_curvature = 1
[[term]]
id = 'u'
state_curvature = 1
price_effect = 0.5
floor = -0.0
[[arm]]
name = 'b'
mode = 'bloc'
rule = 'lead'
lead = 'SG'
join = { dist = 'uniform', min = 0, max = 1 }
standing = false
annexes = true
table = 'all'
shortlist = 1
floors = { u = 0.25, t = { dist = 'pert', min = 0, mode = 0.1, max = 0.2, note = \"say \\\"so\\\"\\n\" } }
[[event]]
name = 'export ban'
year = 2028
probability = 0.1
set = { 'pair.*.H.feasible' = false, arm.b.binding = 1e-7, 'state.SG.gdp' = { dist = 'uniform', min = 1, max = 2, note = 'x' }, 'event.later ban.probability' = 0.5 }
[[event]]
name = 'later ban'
year = 2029
probability = 0.1
set = { state.SG.talent = { p05 = 0.1, p95 = 0.2, dist = 'normal' } }
[[pair]]
state = 'SG'
hyperscaler = 'H'
fit = { p05 = 0.5, p95 = 2 }
hosted = true
dependency = { dist = 'uniform', min = 0, max = 1 }
asset = 0.5
[sweep]
design = 'one-at-a-time'
[[sweep.axis]]
path = 'market.diversion'
from = 0
to = 1
steps = 5
";
        let sets = ["description='a \"b\"'", "bargaining.others=random-order"];
        let loaded = load_with(&with(more), &sets).expect("valid");
        assert_eq!(loaded.model.hosted, [1]);
        let again = from_text("other.toml", &loaded.resolved).expect("valid");
        assert_eq!(format!("{:?}", loaded.model), format!("{again:?}"));
        let twice = load_with(&loaded.resolved, &[]).expect("valid");
        assert_eq!(twice.resolved, loaded.resolved);
    }

    #[test]
    fn terms_and_events_lie_in_their_slots() {
        let more = "\
[[term]]
id = 't'
cost_curvature = 1
[[event]]
name = 'e'
year = 2028
probability = 1
set = { term.t.floor = 0.5, 'term.t.max' = 0.9 }
";
        let model = from_text("x.toml", &with(more)).expect("valid");
        assert_eq!(at(&model, Slot::Term(0, TermKey::Floor)), NO_FLOOR);
        let index = |key| model.layout.index(Slot::Term(0, key));
        let set = model.events[0].set.iter();
        let set: Vec<_> = set.map(|one| (one.slot, one.number())).collect();
        let expected = [
            (index(TermKey::Floor), Some(0.5)),
            (index(TermKey::Max), Some(0.9)),
        ];
        assert_eq!(set, expected);
        assert_eq!(model.events[0].window, 1);
    }
}
