//! The scenario pack: every number says where it comes from, every command of a first comment runs, and what must hold by
//! construction holds in every world.

mod claims;
mod questions;

use crate::support::program::check;
use mufakat::engine::model::arm::Mode;
use mufakat::engine::model::layout::Slot;
use mufakat::engine::model::{Model, Provenance, path_of};
use mufakat::engine::outcome::{
    CauseMetric, OutcomeLayout, TotalMetric, WindowMetric, WindowStateMetric,
};
use mufakat::engine::trial::Player;
use mufakat::scenario::{Loaded, Request, load};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// The baseline and its older variations.
const FIRST: [&str; 3] = ["asean-2027", "who-must-be-in", "core-three"];

/// Files that are no what-if scenarios of the public debate.
const OTHERS: [&str; 4] = [
    "template",
    "two-states",
    "textbook-substitutes",
    "textbook-complements",
];

/// What-if scenarios of the public debate: the other files.
pub fn pack() -> Vec<String> {
    let files = std::fs::read_dir(scenarios()).expect("the folder of scenarios");
    let paths = files.map(|file| file.expect("readable").path());
    let paths = paths.filter(|path| path.extension().is_some_and(|ending| ending == "toml"));
    let names = paths.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()));
    let is_other = |name: &str| FIRST.contains(&name) || OTHERS.contains(&name);
    let mut names: Vec<String> = names.filter(|name| !is_other(name)).collect();
    names.sort();
    assert!(names.len() >= 19, "{names:?}");
    names
}

const UNITED_STATES: [&str; 4] = ["MSFT", "GOOGL", "AMZN", "META"];

fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

fn text(name: &str) -> String {
    let file = scenarios().join(format!("{name}.toml"));
    std::fs::read_to_string(file).expect("a shipped scenario")
}

fn loaded(name: &str, sets: &[&str]) -> Loaded {
    let mut request = Request::new(format!("{name}.toml"), text(name));
    request.sets = sets.iter().map(|&set| set.to_owned()).collect();
    let mut read = |file: &str| Ok(text(file.trim_end_matches(".toml")));
    match load(&request, &mut read) {
        Ok(loaded) => loaded,
        Err(error) => panic!("{name}: {error:?}"),
    }
}

/// Some worlds of a scenario, world by world.
struct Worlds {
    model: Model,
    layout: OutcomeLayout,
    /// One row an arm, one after the other, of each world.
    rows: Vec<Vec<f64>>,
    /// Which events happened, of each world.
    happened: Vec<Vec<bool>>,
}

impl Worlds {
    fn play(name: &str, sets: &[&str], count: u64) -> Worlds {
        let model = loaded(name, sets).model;
        let layout = model.outcome_layout();
        let mut player = Player::new(&model);
        let (mut rows, mut happened) = (Vec::new(), Vec::new());
        for trial in 0..count {
            let mut row = vec![0.0; layout.len() * model.arms.len()];
            let mut draws = vec![0.0; model.uncertain.len()];
            let played = player.play(&model, trial, &mut row, &mut draws);
            played.expect("draws keep their ranges");
            rows.push(row);
            happened.push(player.world().happened.clone());
        }
        Worlds {
            model,
            layout,
            rows,
            happened,
        }
    }

    fn arm(&self, name: &str) -> usize {
        let place = self.model.arms.iter().position(|arm| arm.name == name);
        place.unwrap_or_else(|| panic!("no arm {name}"))
    }

    fn state(&self, id: &str) -> usize {
        let place = self.model.states.iter().position(|state| state.id == id);
        place.unwrap_or_else(|| panic!("no state {id}"))
    }

    fn supplier(&self, id: &str) -> usize {
        let place = self.model.hyperscalers.iter().position(|one| one.id == id);
        place.unwrap_or_else(|| panic!("no hyperscaler {id}"))
    }

    /// Rows of an arm, world by world.
    fn of<'a>(&'a self, arm: &str) -> impl Iterator<Item = &'a [f64]> + use<'a> {
        let (arm, len) = (self.arm(arm), self.layout.len());
        self.rows
            .iter()
            .map(move |row| &row[arm * len..(arm + 1) * len])
    }

    /// Share of windows in which a state hosts a hyperscaler, mean over worlds.
    fn signed(&self, arm: &str, state: &str, supplier: &str) -> f64 {
        let at = self
            .layout
            .signed(self.state(state), self.supplier(supplier));
        self.of(arm).map(|row| row[at]).sum::<f64>() / self.rows.len() as f64
    }
}

fn bits(row: &[f64]) -> Vec<u64> {
    row.iter().map(|number| number.to_bits()).collect()
}

/// Whether a number names a source that is known, or says why it was judged so.
fn is_reasoned(given: &Provenance, sources: &HashSet<String>) -> bool {
    match given.grade.as_deref() {
        Some("A" | "B" | "C" | "S") => given.source.as_ref().is_some_and(|id| sources.contains(id)),
        Some("judgement") => given.note.as_ref().is_some_and(|note| note.len() > 10),
        _ => false,
    }
}

#[test]
fn every_number_of_the_pack_has_a_known_source_or_a_reasoned_judgement() {
    let file = scenarios().join("data/sources.csv");
    let mut reader = csv::Reader::from_path(file).expect("the data are shipped");
    let sources: HashSet<String> = reader
        .records()
        .map(|row| row.expect("well-formed CSV")[0].to_owned())
        .collect();
    let mut problems = Vec::new();
    let pack = pack();
    for name in FIRST.into_iter().chain(pack.iter().map(String::as_str)) {
        let loaded = loaded(name, &[]);
        let model = &loaded.model;
        let written: HashSet<&str> = loaded.origins.iter().map(|one| one.path.as_str()).collect();
        for slot in model.layout.slots() {
            let path = path_of(model, slot);
            // What an accord is by name (who is in, whether at all) is no number.
            let switch = matches!(slot, Slot::Arm(_, key) if key.name() == "active");
            // Neither is a word that stands for the states' own probabilities.
            let word = model.base[model.layout.index(slot)].is_nan();
            if !written.contains(path.as_str()) || switch || word {
                continue;
            }
            let given = model.provenance.iter().find(|one| one.path == path);
            let Some(given) = given else {
                problems.push(format!("{name}: {path} says nothing about its source"));
                continue;
            };
            if !is_reasoned(given, &sources) {
                problems.push(format!("{name}: {path}: {given:?}"));
            }
        }
        let measures = model.measures.iter().flatten();
        let given = measures.map(|measure| &measure.provenance);
        let unreasoned = given.filter(|given| !is_reasoned(given, &sources));
        problems.extend(unreasoned.map(|given| format!("{name}: {given:?}")));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// The commands that a first comment tells to run, without the remarks behind them.
fn commands(name: &str) -> Vec<Vec<String>> {
    let text = text(name);
    let comment = text.lines().map_while(|line| line.strip_prefix('#'));
    let lines = comment.filter_map(|line| {
        let line = line.trim().trim_start_matches("Run it:").trim();
        line.strip_prefix("mufakat ")
    });
    let words = |line: &str| {
        let line = line.split("  ").next().expect("a first part");
        let words = line.split(' ').map(|word| word.replace('\'', ""));
        words.collect()
    };
    lines.map(words).collect()
}

#[test]
fn commands_of_first_comments_run() {
    let pack = pack();
    for name in FIRST.into_iter().chain(pack.iter().map(String::as_str)) {
        let commands = commands(name);
        assert!(!commands.is_empty(), "{name} says how to run it");
        for mut words in commands {
            words.extend(["-n", "2", "--quiet"].map(str::to_owned));
            if words[0] == "accords" {
                words.extend(["--plays", "1"].map(str::to_owned));
            }
            // Shipped scenarios by name; those that are told by path are the same files.
            words[1] = words[1]
                .trim_start_matches("scenarios/")
                .trim_end_matches(".toml")
                .to_owned();
            assert_eq!(words[1], name, "{words:?}");
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let (out, _) = check(&words, 0);
            assert!(!out.is_empty(), "{words:?}");
        }
    }
}

#[test]
fn every_file_is_shipped_and_in_the_readme() {
    let files = std::fs::read_dir(scenarios()).expect("readable");
    let files = files.map(|entry| entry.expect("readable").file_name());
    let files = files.map(|name| name.into_string().expect("UTF-8"));
    let names: HashSet<String> = files
        .filter_map(|name| name.strip_suffix(".toml").map(str::to_owned))
        .filter(|name| name != "template")
        .collect();
    let (list, _) = check(&["list"], 0);
    // Below, how many bargains are on record besides.
    let listed = list.lines().take_while(|line| !line.is_empty());
    let listed = listed.filter(|line| !line.starts_with(' '));
    let listed: HashSet<String> = listed.map(str::to_owned).collect();
    assert_eq!(listed, names);
    let readme = scenarios().with_file_name("README.md");
    let readme = std::fs::read_to_string(readme).expect("a README");
    for name in names {
        assert!(readme.contains(&format!("| `{name}` |")), "{name}");
    }
}

#[test]
fn chances_of_the_meeting_are_those_of_its_comment() {
    let model = loaded("adgmin", &[]).model;
    // Of several events that happen the last counts.
    let mut rest = 1.0;
    let mut chances = Vec::new();
    for event in model.events.iter().rev() {
        chances.push((event.name.as_str(), rest * event.probability));
        rest *= 1.0 - event.probability;
    }
    chances.push(("no decision", rest));
    let sum: f64 = chances.iter().map(|(_, chance)| chance).sum();
    assert!((sum - 1.0).abs() < 1e-12, "{sum}");
    let text = text("adgmin");
    for (name, chance) in chances {
        let told = text.lines().find_map(|line| {
            let rest = line.trim_start_matches('#').trim().strip_prefix(name)?;
            rest.split_whitespace().next()?.parse::<f64>().ok()
        });
        let told = told.unwrap_or_else(|| panic!("the comment says nothing about {name}"));
        assert!((told - chance).abs() < 1e-9, "{name}: {told}, {chance}");
    }
}

/// A row without what it says of the members of another arm (44), which hangs on where an arm stands among the others.
fn without_swaps(layout: &OutcomeLayout, row: &[f64]) -> Vec<f64> {
    let swaps = [
        CauseMetric::Members,
        CauseMetric::RulesSwapped,
        CauseMetric::TableSwapped,
    ];
    let mut row = row.to_vec();
    for cause in swaps {
        for i in 0..layout.states {
            row[layout.cause(i, cause)] = 0.0;
        }
        row[layout.total_cause(cause)] = 0.0;
    }
    row
}

#[test]
fn the_meeting_plays_as_the_outcome_that_happened() {
    let worlds = Worlds::play("adgmin", &[], 24);
    let outcomes = ["testing", "data", "testing-and-data", "framework"];
    let mut seen = HashSet::new();
    for (world, (meeting, happened)) in worlds.of("meeting").zip(&worlds.happened).enumerate() {
        let last = happened.iter().rposition(|&happened| happened);
        let arm = last.map_or("bilateral", |event| outcomes[event]);
        let alike = worlds.of(arm).nth(world).expect("the same world");
        let own = |row: &[f64]| bits(&without_swaps(&worlds.layout, row));
        assert_eq!(own(meeting), own(alike), "world {world} as {arm}");
        seen.insert(arm);
    }
    assert!(seen.len() >= 4, "too few worlds to see the tree: {seen:?}");
}

#[test]
fn a_bloc_that_comes_later_plays_as_bilateral_before() {
    let worlds = Worlds::play("leverage-lost", &[], 6);
    let layout = &worlds.layout;
    for family in ["bloc", "held"] {
        for (first, year) in [2027, 2030, 2033, 2036].into_iter().enumerate() {
            let arm = format!("{family}-{year}");
            let mut members = 0.0;
            for (row, alone) in worlds.of(&arm).zip(worlds.of("bilateral")) {
                for w in 0..first {
                    for i in 0..worlds.model.states.len() {
                        for &metric in WindowStateMetric::ALL {
                            let at = layout.window_state(w, i, metric);
                            assert_eq!(row[at].to_bits(), alone[at].to_bits(), "{arm} {w} {i}");
                        }
                    }
                }
                members += row[layout.window(first, WindowMetric::AccordSize)];
            }
            assert!(members > 0.0, "{arm} forms in some world");
        }
    }
}

#[test]
fn timor_leste_is_the_eleventh() {
    let worlds = Worlds::play("timor-leste-joins", &[], 8);
    assert_eq!(worlds.model.states.len(), 11);
    let at = worlds.layout.member(worlds.state("TL"));
    let member = |arm: &str| worlds.of(arm).map(|row| row[at]).sum::<f64>();
    assert!(member("framework") > 0.0 && member("bloc") > 0.0);
    assert_eq!(member("framework-ten") + member("bloc-ten"), 0.0);
}

#[test]
fn outsiders_are_never_members() {
    for (name, accords, outside) in [
        (
            "singapore-outside",
            ["framework-nine", "bloc-nine"],
            &["SG"][..],
        ),
        (
            "indonesia-outside",
            ["framework-nine", "bloc-nine"],
            &["ID"],
        ),
        (
            "minus-two",
            ["framework-eight", "bloc-eight"],
            &["ID", "VN"],
        ),
    ] {
        let worlds = Worlds::play(name, &[], 4);
        for arm in accords {
            for (i, state) in worlds.model.states.iter().enumerate() {
                let at = worlds.layout.member(i);
                let invited = worlds.model.arms[worlds.arm(arm)].members >> i & 1 == 1;
                let out = outside.contains(&state.id.as_str());
                assert_eq!(invited, !out, "{name} {arm} {}", state.id);
                let windows: f64 = worlds.of(arm).map(|row| row[at]).sum();
                assert!(!out || windows == 0.0, "{name} {arm} {}", state.id);
            }
        }
    }
}

#[test]
fn withheld_pairs_are_never_signed() {
    let certain = |chances: [u8; 3]| {
        let events = [
            "withheld from three",
            "withheld from hubs",
            "no chips for hubs",
        ];
        let sets = events
            .iter()
            .zip(chances)
            .map(|(event, chance)| format!("event.'{event}'.probability={chance}"));
        let sets: Vec<String> = sets.collect();
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        Worlds::play("export-controls", &sets, 6)
    };
    let (open, shut, none) = (certain([0, 0, 0]), certain([1, 1, 0]), certain([0, 0, 1]));
    let windows = shut.model.horizon.windows as f64;
    for arm in ["bilateral", "framework", "bloc"] {
        for supplier in UNITED_STATES {
            for state in ["KH", "LA", "MM"] {
                assert_eq!(shut.signed(arm, state, supplier), 0.0, "{arm} {state}");
            }
            for state in ["MY", "TH"] {
                // The first window comes before the event.
                let signed = shut.signed(arm, state, supplier);
                assert!(signed <= 1.0 / windows, "{arm} {state} {supplier}");
            }
        }
        let most = |worlds: &Worlds| worlds.signed(arm, "MY", "AMZN");
        assert!(most(&open) > 1.0 / windows && most(&shut) > 0.0, "{arm}");
        assert!(
            shut.signed(arm, "MY", "BYTE") > 1.0 / windows,
            "others sign"
        );
        let hosts = |state: &str| {
            let suppliers = none.model.hyperscalers.iter();
            suppliers
                .map(|one| none.signed(arm, state, &one.id))
                .fold(0.0, f64::max)
        };
        assert!(hosts("MY") <= 1.0 / windows && hosts("TH") <= 1.0 / windows);
        assert!(none.signed(arm, "ID", "AMZN") > 1.0 / windows);
    }
}

#[test]
fn a_contest_has_one_hub_a_hyperscaler() {
    let worlds = Worlds::play("race-to-the-bottom", &[], 4);
    let layout = &worlds.layout;
    let windows = worlds.model.horizon.windows;
    for row in worlds.of("contest") {
        for h in 0..worlds.model.hyperscalers.len() {
            let states = 0..worlds.model.states.len();
            let hosts: f64 = states.map(|i| row[layout.signed(i, h)]).sum();
            assert!(hosts <= 1.0, "{hosts} hosts in {windows} windows");
        }
    }
}

#[test]
fn a_standard_without_a_treaty_has_no_talks() {
    let worlds = Worlds::play("singapore-standard", &[], 4);
    for arm in ["guide", "standard", "standard-all"] {
        assert!(worlds.of(arm).all(|row| row[worlds.layout.rounds()] == 0.0));
    }
    let size = |arm: &str| -> f64 {
        worlds
            .of(arm)
            .map(|row| row[worlds.layout.size()])
            .sum::<f64>()
    };
    assert!(size("standard-all") > size("standard"));
}

#[test]
fn protection_differs_by_what_the_arm_is_named_for() {
    let text = text("hold-up");
    let of = |arm: &str| {
        let rest = text
            .split(&format!("name = \"{arm}\""))
            .nth(1)
            .expect("an arm");
        rest.split("[[arm]]").next().expect("its keys").to_owned()
    };
    let has_floor = |arm: &str| of(arm).contains("floors.price_protection");
    let has_recourse = |arm: &str| !of(arm).contains("recourse = { value = 0.0");
    let table = [
        ("price-floor", true, false),
        ("recourse", false, true),
        ("protected", true, true),
        ("enforced", true, true),
    ];
    for (arm, floor, recourse) in table {
        assert_eq!(
            (has_floor(arm), has_recourse(arm)),
            (floor, recourse),
            "{arm}"
        );
    }
    let model = loaded("hold-up", &[]).model;
    let mode = |name: &str| {
        model
            .arms
            .iter()
            .find(|arm| arm.name == name)
            .map(|arm| arm.mode)
    };
    assert_eq!(mode("protected"), Some(Mode::Framework));
    assert_eq!(mode("enforced"), Some(Mode::Bloc));
}

#[test]
fn another_region_names_no_state_of_asean() {
    let baseline = loaded("asean-2027", &[]).model;
    let model = loaded("african-union", &[]).model;
    let text = text("african-union");
    assert!(model.states.len() >= 4);
    for state in &baseline.states {
        assert!(model.states.iter().all(|one| one.id != state.id));
        assert!(!text.contains(&state.name), "{}", state.name);
    }
    let payoff = TotalMetric::Payoff;
    let worlds = Worlds::play("african-union", &[], 4);
    for row in worlds.of("bilateral") {
        assert!(row[worlds.layout.total(payoff)] > 0.0);
    }
}
