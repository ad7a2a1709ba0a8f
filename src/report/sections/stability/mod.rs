//! Which coalitions of an arm hold: one sentence to act on, who is needed and who would go, the coalitions worth naming, and what it takes for all
//! to stay.

mod paths;
mod view;

use crate::engine::model::Model;
use crate::engine::model::arm::{Arm, VotingRule};
use crate::report::amounts::{counted, roughness};
use crate::report::chart::{Head, Heat, HeatCell};
use crate::report::document::{
    Block, Document, Figure, Files, Heading, Number, Rows, Section, Span, Table, Text, code, note,
    of_study, paragraph, words,
};
use crate::report::numbers::{Quote, frequency, share, tally};
use crate::report::sections::stability::view::{StabilityText, often};
use crate::report::sentence::say;
use crate::report::verdict::{FEW_WORLDS, few_worlds, hundred, in_hundred, of_hundred};
use crate::study::results::stability::{
    BindingStatus, CoalitionResult, StabilityResults, StateResult,
};
use crate::study::stability::rank::HOLDS;
use crate::theory::spelling::units::{count, percent, worlds};

/// Coalitions of the figure.
const DRAWN: usize = 10;

/// A sense in which a coalition holds: its name, where its share of worlds stands, whether it weakens the sense before it.
type Sense = (
    &'static str,
    &'static str,
    bool,
    fn(&CoalitionResult) -> f64,
);

const SENSES: [Sense; 7] = [
    ("stable", "stable", false, |one| one.stable),
    ("inside", "internal", false, |one| one.internal),
    ("if paid", "internal_with_side_payments", true, |one| {
        one.internal_with_side_payments
    }),
    ("outside", "external_open", false, |one| one.external_open),
    ("if closed", "external_exclusive", true, |one| {
        one.external_exclusive
    }),
    ("by rule", "external_rule", true, |one| one.external_rule),
    ("core", "core", false, |one| one.core),
];

const STATES: &str = "Share of gain: by Shapley value, below by nucleolus. Would leave: the full coalition. Stays for: the side payment that keeps it \
there, the median. Is in: the accord of a run. Gains outside: what it gets more if all others join and it does not, on average.";

const SENSE: &str = "A coalition holds inside where no member gains by leaving, in spite of the penalty (if paid: where side payments among members could \
keep all), and outside where nobody gains by joining (if closed: where nobody does by whom no member loses; by rule: whom they would let in under the arm's rule). It is \
stable where it holds inside and outside, and in the core where no part of it does better by itself. The gain is that of its members over being \
alone.";

/// What stable means where the accord of the window before stands.
const STANDING: &str = " An accord stands from one window to the next: stable asks that it holds outside by rule, and that not all of it would rather be \
alone.";

/// The document of a terminal.
pub fn text(model: &Model, results: &StabilityResults) -> Document {
    let study = StabilityText { model, results };
    Document {
        title: results.manifest.scenario.clone(),
        lead: vec![study.headline(), study.run()],
        opening: study.blocks(1, &mut Files::new()),
        footer: vec![study.made()],
        ..Document::default()
    }
}

/// The section of a page: what each of some studies of its scenario found.
pub fn section<'a>(
    model: &Model,
    studies: impl Iterator<Item = (String, &'a StabilityResults)>,
    files: &mut Files,
) -> Section {
    let mut blocks = Vec::new();
    for (at, (name, results)) in (1..).zip(studies) {
        let study = StabilityText { model, results };
        let mut part = vec![paragraph(study.headline()), paragraph(study.run())];
        part.extend(study.blocks(at, files));
        part.push(note(study.made()));
        let few = few_worlds(results.worlds, FEW_WORLDS);
        part.extend(few.into_iter().chain(warnings(results)).map(note));
        blocks.extend(of_study(&name, part));
    }
    if blocks.is_empty() {
        blocks.push(paragraph(say!(
            "Nothing was given. A finished directory of `mufakat stability` of this scenario appears here with `mufakat report RUN --with DIR`."
        )));
    }
    Section::new("stability", "Which coalitions hold", blocks)
}

/// What deserves a warning.
pub fn warnings(results: &StabilityResults) -> Vec<String> {
    let trials = results.manifest.trials;
    let left_out = (results.worlds < trials).then(|| {
        format!(
            "`{}` is in force in window {} of {} worlds of {}; the others are left out",
            results.arm,
            results.window,
            count(results.worlds),
            count(trials)
        )
    });
    left_out.into_iter().collect()
}

/// What enforcement it takes, in one sentence.
pub fn binding(results: &StabilityResults) -> Text {
    let binding = &results.binding;
    let at = |name: &str| format!("binding.{name}");
    let number = |value: f64, name| Number::new(&format!("{value:.2}"), value, &at(name));
    let at_none = often(results, binding.at_none, at("at_none"));
    let at_full = often(results, binding.at_full, at("at_full"));
    let half = match results.worlds {
        1 => "",
        _ => " in half of the worlds",
    };
    let interval = match (binding.low, binding.high) {
        (Some(low), Some(high)) => {
            let (low, high) = (number(low, "low"), number(high, "high"));
            say!(" (90% interval {} to {})", low, high)
        }
        (Some(low), None) if results.worlds > 1 => {
            let low = number(low, "low");
            say!(" (90% interval from {}; no binding is surely enough)", low)
        }
        _ => Text::new(),
    };
    match (binding.status, binding.value) {
        (BindingStatus::Always, _) => say!("Without any binding all stay {}.", at_none),
        (BindingStatus::Found, Some(value)) => say!(
            "All stay{} from a binding of {} on{}; without any, they do {}.",
            half,
            number(value, "value"),
            interval,
            at_none
        ),
        _ => say!(
            "No binding makes all stay{}: even at 1, they do {}.",
            half,
            at_full
        ),
    }
}

/// Adds an amount, as `shown` writes it, and the range of 90% of worlds where its ends are written differently.
fn amounts<R>(
    rows: Rows<R>,
    heading: &str,
    shown: fn(&Quote) -> Span,
    of: impl Fn(&R) -> Quote,
) -> Rows<R> {
    rows.column(Heading::number(heading), |row| shown(&of(row)))
        .column(Heading::number("90% of worlds").named_below(), |row| {
            let range = of(row).range(" to ");
            match &range[..] {
                [Span::Number(low), _, Span::Number(high)] if low.text == high.text => Text::new(),
                _ => range,
            }
        })
}

impl<'a> StabilityText<'a> {
    fn of_grand(&self, statistic: &str) -> String {
        format!(
            "coalitions.{}.{statistic}",
            self.results.coalitions.len() - 1
        )
    }

    /// How many hold together, who goes first, and what to do about it.
    fn headline(&self) -> Text {
        let grand = self.results.grand();
        let all = match self.invited() {
            2 => "Both states".to_owned(),
            n => format!("All {n} states"),
        };
        let often = self.often(grand.internal, &self.of_grand("internal"));
        let gain = self.money(&grand.gain, &self.of_grand("gain")).mean();
        let unmoved = || {
            say!(
                "nobody gains by leaving, and together they gain US$ {} bn in this window",
                gain
            )
        };
        let arm = code(self.results.arm.clone());
        let hold = match self.is_single() && grand.internal == 0.0 {
            true => say!("do {} hold as {} in this world", often, arm),
            false => say!("hold as {} {}", arm, often),
        };
        say!(
            "{}{} together {} in window {}: {}; {}.",
            self.bound(),
            all,
            hold,
            self.results.window.to_string(),
            self.who_leaves().unwrap_or_else(unmoved),
            self.advice()
        )
    }

    /// What keeps everybody in whatever they gain by leaving, if anything does.
    fn bound(&self) -> Text {
        let arm = code(self.results.arm.clone());
        match self.arm() {
            Some(one) if one.rule == VotingRule::Mandate => say!(
                "A mandate makes all who are invited the accord of {}, without talks, and nobody may leave; what follows is as if they were free to. ",
                arm
            ),
            Some(one) if !one.defection => say!(
                "Nobody may leave {} once it is adopted; what follows is as if they were free to. ",
                arm
            ),
            _ => Text::new(),
        }
    }

    /// What a run finds in the window, and how its sums differ from what is said here.
    fn run(&self) -> Text {
        let (results, horizon) = (self.results, &self.model.horizon);
        let accords = &results.accords;
        let start = horizon.start_year + results.window as f64 * horizon.window_years;
        let mut largest = self.placed().filter(|(_, one)| one.accord > 0.0);
        let first = largest.next();
        let most = first.map(|first| {
            largest.fold(first, |most, one| match one.1.accord > most.1.accord {
                true => one,
                false => most,
            })
        });
        let most = most.map(|(at, one)| {
            let often = self.often(one.accord, &format!("coalitions.{at}.accord"));
            match self.is_single() {
                true => say!(": {}", self.short(&one.members)),
                false => say!(", most often {} ({})", self.short(&one.members), often),
            }
        });
        let before = match self.stands() {
            true => say!(
                "; it is that of the window before {}",
                self.often(accords.unchanged, "accords.unchanged")
            ),
            false => Text::new(),
        };
        say!(
            "In a run an accord is in force in this window {}{}{}. Amounts here are of the {} years from {} alone, undelayed and undiscounted; a run \
             adds up all windows, delayed by talks and discounted, so that its gains are others.",
            self.often(accords.formed, "accords.formed"),
            most.unwrap_or_default(),
            before,
            horizon.window_years.to_string(),
            start.to_string()
        )
    }

    /// The state that would leave most often and what would keep it.
    fn who_leaves(&self) -> Option<Text> {
        let states = self.results.states.iter();
        let urge = |one: &StateResult| (one.leaves, one.needs.mean);
        let first = states.reduce(|worst, next| match urge(next.1) > urge(worst.1) {
            true => next,
            false => worst,
        });
        let (id, state) = first.filter(|(_, state)| state.leaves > 0.0)?;
        let needs = self
            .money(&state.needs, &format!("states.{id}.needs"))
            .high();
        let name = self.name(id);
        Some(match self.is_single() {
            true => say!(
                "{} gains most by leaving, and US$ {} bn would keep it",
                name,
                needs
            ),
            false => say!(
                "{} would leave most often, {}, and US$ {} bn would keep it in 95 of 100 worlds",
                name,
                self.often(state.leaves, &format!("states.{id}.leaves")),
                needs
            ),
        })
    }

    /// Side payments, if they would do; else the largest coalition that holds, if any does.
    fn advice(&self) -> Text {
        let results = self.results;
        let grand = results.grand();
        let secure = || share(results.secure, "secure".to_owned());
        if grand.internal >= HOLDS {
            return match &results.smallest_secure {
                Some(members) if members.len() < self.invited() => {
                    let members = self.short(members);
                    say!("{} alone would secure {} of the gain", members, secure())
                }
                Some(_) => say!("no smaller coalition secures {} of the gain", secure()),
                None => say!("but together they gain nothing on average"),
            };
        }
        let paid = grand.internal_with_side_payments;
        match &results.largest_stable {
            _ if paid >= HOLDS => say!(
                "side payments among members could hold everybody {}",
                self.often(paid, &self.of_grand("internal_with_side_payments"))
            ),
            Some(members) => say!(
                "side payments among members could not hold everybody, and the largest coalition that holds by itself is {}",
                self.short(members)
            ),
            None => say!(
                "side payments among members could not hold everybody, and no coalition is stable in half of the worlds"
            ),
        }
    }

    fn blocks(&self, at: usize, files: &mut Files) -> Vec<Block> {
        let mut blocks = vec![
            self.states().into(),
            note(STATES),
            self.map(at, files),
            self.coalitions().into(),
            note(match self.stands() {
                true => format!("{SENSE}{STANDING}"),
                false => SENSE.to_owned(),
            }),
        ];
        if self.results.largest_stable.is_none() {
            blocks.push(paragraph("No coalition is stable in half of the worlds."));
        }
        if self.results.smallest_secure.is_none() {
            let secure = share(self.results.secure, "secure".to_owned());
            blocks.push(paragraph(say!(
                "All together gain nothing on average, so that none secures {} of it.",
                secure
            )));
        }
        blocks.push(paragraph(binding(self.results)));
        if let Some(paths) = &self.results.paths {
            blocks.extend([self.rests().into(), note(self.paths(paths))]);
        }
        blocks
    }

    fn states(&self) -> Table {
        let share = |value: Option<f64>, id: &str, name: &str| {
            let path = format!("states.{id}.{name}");
            value.map_or_else(|| words("\u{b7}"), |value| share(value, path))
        };
        let rows = Rows::of(&self.results.states)
            .column(Heading::words("state"), |(id, _)| self.name(id))
            .column(Heading::number("share of gain"), |(id, one)| {
                share(one.shapley, id, "shapley")
            })
            .column(Heading::number("nucleolus").named_below(), |(id, one)| {
                share(one.nucleolus, id, "nucleolus")
            })
            .column(Heading::number("its vote decides"), |(id, one)| {
                share(one.pivotal, id, "pivotal")
            })
            .column(Heading::number("would leave in"), |(id, one)| {
                let path = format!("states.{id}.leaves");
                frequency(one.leaves, self.results.worlds, path)
            })
            .column(Heading::number("is in").named_below(), |(id, one)| {
                let path = format!("states.{id}.member");
                frequency(one.member, self.results.worlds, path)
            });
        let rows = amounts(rows, "stays for", Quote::median, |(id, one)| {
            self.money(&one.needs, &format!("states.{id}.needs"))
        });
        let rows = amounts(rows, "gains outside", Quote::mean, |(id, one)| {
            self.money(&one.free_ride, &format!("states.{id}.free_ride"))
        });
        let caption = say!(
            "Who is needed, who would go and what keeps it, as {}; US$ bn, prices of {}",
            code(self.results.arm.clone()),
            self.model.horizon.price_year.to_string()
        );
        rows.table("states", caption)
    }

    /// The full coalition, the largest that holds, the smallest that is enough, and the most stable ones.
    fn coalitions(&self) -> Table {
        let results = self.results;
        let named = [&results.largest_stable, &results.smallest_secure];
        let mut shown: Vec<&Vec<String>> = vec![&results.grand().members];
        for members in named.into_iter().flatten().chain(&results.most_stable) {
            if !shown.contains(&members) {
                shown.push(members);
            }
        }
        let placed = |members: &&Vec<String>| self.placed().find(|one| one.1.members == **members);
        let rows = Rows::of(shown.iter().filter_map(placed))
            .column(Heading::words("coalition"), |&(_, one)| self.role(one))
            .each(SENSES, |rows, (name, path, weaker, of)| {
                let heading = match weaker {
                    true => Heading::number(name).named_below(),
                    false => Heading::number(name),
                };
                rows.column(heading, |&(at, one)| {
                    tally(of(one), results.worlds, format!("coalitions.{at}.{path}"))
                })
            });
        let rows = amounts(rows, "gain", Quote::mean, |&(at, one)| {
            self.money(&one.gain, &format!("coalitions.{at}.gain"))
        });
        let caption = format!(
            "Coalitions worth naming: in how many of {} each holds in which sense; gain, US$ bn",
            hundred(results.worlds)
        );
        rows.table("coalitions", caption)
    }

    /// A coalition and why it is named.
    fn role(&self, one: &CoalitionResult) -> String {
        let is = |members: &Option<Vec<String>>| members.as_ref() == Some(&one.members);
        let mut name = self.short(&one.members);
        if is(&self.results.largest_stable) {
            name += "\n(largest that holds)";
        }
        if is(&self.results.smallest_secure) {
            name += &format!("\n(smallest with {} of it)", percent(self.results.secure));
        }
        name
    }

    /// The coalitions most often stable, and that of all: how often they hold in which sense.
    fn map(&self, at: usize, files: &mut Files) -> Block {
        let grand = self.results.grand();
        let best = self.results.most_stable.iter();
        let best = best.filter(|&members| *members != grand.members);
        let best = best.filter_map(|members| self.results.coalition(members));
        let shown: Vec<&CoalitionResult> = [grand].into_iter().chain(best).take(DRAWN).collect();
        let senses = || SENSES.into_iter().filter(|(_, _, weaker, _)| !weaker);
        let cell = |value: f64| HeatCell {
            value,
            text: in_hundred(value, self.results.worlds),
            ..HeatCell::default()
        };
        let cells = shown
            .iter()
            .map(|one| senses().map(|(.., of)| Some(cell(of(one)))).collect());
        let names = || shown.iter().map(|one| self.short(&one.members));
        let said = names().zip(&shown);
        let said = said.map(|(name, one)| {
            format!(
                "{name}: stable in {}",
                of_hundred(one.stable, self.results.worlds)
            )
        });
        let chart = Heat {
            head: Head {
                id: format!("stability-{at}"),
                title: format!(
                    "Coalitions most often stable as {}: in how many of {} each holds",
                    self.results.arm,
                    hundred(self.results.worlds)
                ),
                alternative: format!(
                    "A row per coalition, a column per sense of holding. {}.",
                    said.collect::<Vec<_>>().join("; ")
                ),
                x: "sense in which it holds".to_owned(),
                y: "members".to_owned(),
            },
            columns: senses().map(|(name, ..)| name.to_owned()).collect(),
            rows: names().collect(),
            cells: cells.collect(),
            most: 1.0,
        };
        Figure::alone(chart.chart(), files)
    }

    /// What was judged, and whatever makes it the same again.
    fn made(&self) -> Text {
        let (results, horizon) = (self.results, &self.model.horizon);
        let start = horizon.start_year + results.window as f64 * horizon.window_years;
        let vote = self.arm().map_or_else(String::new, Arm::adopted_by);
        let coalitions = counted(results.coalitions.len(), "coalition");
        let manifest = &results.manifest;
        let said = format!(
            "in window {} from {start}, {coalitions} of {} invited states, {}; vote: {vote}; payoffs of the window, undiscounted and undelayed, prices of \
             {}; seed {}, mufakat {}{}",
            results.window,
            self.invited(),
            worlds(results.worlds),
            horizon.price_year,
            manifest.seed,
            manifest.version,
            roughness(manifest)
        );
        let (scenario, arm) = (manifest.scenario.as_str(), code(results.arm.clone()));
        say!("{}: {} {}.", scenario, arm, said)
    }
}
