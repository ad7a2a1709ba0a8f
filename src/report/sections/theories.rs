//! What rival theories of bargaining say of each accord: one sentence, how often each wins, then a row per theory.

use super::study::StudyText;
use crate::engine::model::Model;
use crate::report::amounts::NONE;
use crate::report::document::{
    Block, Cell, Heading, Rows, Span, Table, Text, code, joined, marked, note, text, words,
};
use crate::report::numbers::{Quote, frequency, tally};
use crate::report::sentence::{capital, say};
use crate::report::verdict::{hundred, of_counts};
use crate::study::results::sweep::plain;
use crate::study::results::theories::{
    Theory, TheoryExtreme, TheoryGain, TheoryHeadline, TheoryResults, TheorySpread,
};
use crate::theory::spelling::units::worlds;

/// From this share of worlds on an arm wins in most of them.
const MOST: f64 = 0.5;

/// `model` is that of the scenario.
pub fn text(model: &Model, results: &TheoryResults) -> StudyText {
    let view = TheoryView { model, results };
    StudyText {
        title: "What the rival theories say".to_owned(),
        answer: view.sentence(),
        chart: None,
        blocks: view.blocks(),
        footer: marked(&format!(
            "Gains over `{}`, {} in each of {} theories, the same draws in all; each changes one thing of the scenario's own and leaves the rest; \
             seed {}.",
            results.reference,
            worlds(results.manifest.trials),
            results.theories.len(),
            results.manifest.seed
        )),
    }
}

struct TheoryView<'a> {
    model: &'a Model,
    results: &'a TheoryResults,
}

impl<'a> TheoryView<'a> {
    fn arms(&self) -> impl Iterator<Item = (&'a String, &'a TheoryHeadline)> {
        self.results.headlines.iter()
    }

    /// Which arms win in most worlds under every theory, which under none, which under some.
    fn sentence(&self) -> Text {
        let of = |wanted: fn(f64, f64) -> bool| {
            let found = self.arms().filter(|(_, headline)| {
                let TheorySpread { least, most, .. } = headline.total;
                least
                    .zip(most)
                    .is_some_and(|(least, most)| wanted(least.better, most.better))
            });
            let names = found.map(|(name, _)| text![code(name.clone())]);
            names.collect::<Vec<Text>>()
        };
        let always = of(|least, _| least >= MOST);
        let never = of(|_, most| most < MOST);
        let turning = of(|least, most| least < MOST && most >= MOST);
        let mut parts: Vec<Text> = Vec::new();
        if !always.is_empty() {
            let names = joined(always, ", ");
            parts.push(say!("as {} under every theory", names));
        }
        if !turning.is_empty() {
            let names = joined(turning, ", ");
            parts.push(say!(
                "as {} under some theories and not under others",
                names
            ));
        }
        if !never.is_empty() {
            let names = joined(never, ", ");
            parts.push(say!("as {} under none", names));
        }
        if parts.is_empty() {
            return marked("No theory could be played.");
        }
        let parts = joined(parts, "; ");
        let few = of_counts(self.results.manifest.trials, self.varies());
        say!("The region gains in most worlds {}{}.", parts, few)
    }

    /// Whether worlds differ.
    fn varies(&self) -> bool {
        let arms = self
            .results
            .theories
            .iter()
            .flat_map(|one| one.arms.values());
        let mut stats = arms.filter_map(|arm| arm.total.difference);
        stats.any(|stat| stat.se.is_some_and(|se| se > 0.0))
    }

    fn blocks(&self) -> Vec<Block> {
        let items = self
            .arms()
            .map(|(name, headline)| self.item(name, headline));
        let mut blocks = vec![
            Block::List {
                items: items.collect(),
            },
            self.shares().into(),
            self.averages().into(),
            self.states().into(),
            self.sets().into(),
        ];
        blocks.extend(self.remarks().map(note));
        blocks
    }

    /// How often an arm wins, least and most, and with what.
    fn item(&self, name: &str, headline: &TheoryHeadline) -> Text {
        let TheorySpread { own, least, most } = headline.total;
        let path = |what: &str| format!("headlines.{name}.total.{what}");
        let arm = code(name.to_owned());
        let Some((least, most)) = least.zip(most) else {
            return say!("{}: no theory could be played", arm);
        };
        let own = match own {
            None => text!["as the scenario has it, it could not be played"],
            Some(share) => say!(
                "gains in {} as the scenario has it",
                self.often(share, path("own"))
            ),
        };
        if least.better == most.better {
            return say!("{}: {}, and no theory changes that", arm, own);
        }
        let at = |one: TheoryExtreme, what: &str| {
            let often = self.often(one.better, path(&format!("{what}.better")));
            say!("{} ({})", often, self.named(one.theory))
        };
        say!(
            "{}: {}; least in {}, most in {}",
            arm,
            own,
            at(least, "least"),
            at(most, "most")
        )
    }

    fn named(&self, theory: usize) -> Text {
        text![words(self.results.theories[theory].name.clone())]
    }

    /// "92 of 100 worlds"; of one world, whether it is in it.
    fn often(&self, share: f64, path: String) -> Text {
        let trials = self.results.manifest.trials;
        let often = frequency(share, trials, path);
        match trials {
            1 => text![often],
            _ => text![often, " worlds"],
        }
    }

    /// A row for each theory, a column for each arm; an equals sign where the arm is played as the scenario has it.
    fn rows(
        &self,
        id: &str,
        caption: Text,
        cell: impl Fn(&TheoryGain, &str) -> Text + Copy,
    ) -> Table {
        let theories = &self.results.theories;
        let of = |at: usize, name: &str| -> Cell {
            let theory = &theories[at];
            match theory.arms.get(name) {
                Some(arm) => cell(&arm.total, &format!("theories.{at}.arms.{name}.total")).into(),
                None if theory.arms.is_empty() => Cell::words(words(NONE)),
                None => Cell::words(words("=")),
            }
        };
        let table = Rows::of(0..theories.len())
            .column(Heading::words("theory"), |&at| theories[at].name.clone())
            .each(self.arms(), |rows, (name, _)| {
                rows.column(Heading::number(name.clone()), move |&at| of(at, name))
            })
            .table(id, caption);
        Table {
            repeated: 1,
            ..table
        }
    }

    /// What each theory sets, as `--set` takes it.
    fn sets(&self) -> Table {
        let theories = &self.results.theories;
        let changed = theories.iter().filter(|one| one.path.is_some());
        Rows::of(changed)
            .column(Heading::words("theory"), |one| one.name.clone())
            .column(Heading::words("sets"), |one| {
                let value = one.value.as_ref().map(plain).unwrap_or_default();
                let path = one.path.as_deref().unwrap_or_default();
                let set = [format!("{path}={value}")].into_iter();
                let sets = set.chain(one.besides.iter().cloned());
                Cell::words(joined(sets.map(|set| text![code(set)]), ", "))
            })
            .table("sets", "What each theory changes, by `--set`")
            .of_words()
    }

    fn shares(&self) -> Table {
        let caption = say!(
            "In how many of {} the region gains : loses over {}; in the rest it gets the same; = where a theory changes nothing of the arm",
            hundred(self.results.manifest.trials),
            code(self.results.reference.clone())
        );
        self.rows("theories", caption, |gain, path| {
            let at = |value, name: &str| self.tallied(value, format!("{path}.{name}"));
            text![at(gain.better, "better"), " : ", at(gain.worse, "worse")]
        })
    }

    fn averages(&self) -> Table {
        let caption = say!(
            "What the region gains on average over {}, US$ bn of {}",
            code(self.results.reference.clone()),
            self.model.horizon.price_year.to_string()
        );
        self.rows("averages", caption, |gain, path| {
            text![Quote::new(gain.difference, format!("{path}.difference")).difference()]
        })
    }

    /// A share of worlds in a column.
    fn tallied(&self, share: Option<f64>, path: String) -> Span {
        let trials = self.results.manifest.trials;
        share.map_or_else(|| words(NONE), |share| tally(share, trials, path))
    }

    /// A row for each state, a column for each arm.
    fn states(&self) -> Table {
        let cell = |id: &str, arm: &str, spread: &TheorySpread| -> Text {
            let path = |what: &str| format!("headlines.{arm}.states.{id}.{what}");
            let own = self.tallied(spread.own, path("own"));
            let (Some(least), Some(most)) = (spread.least, spread.most) else {
                return text![own];
            };
            let least = self.tallied(Some(least.better), path("least.better"));
            let most = self.tallied(Some(most.better), path("most.better"));
            text![own, " (", least, " to ", most, ")"]
        };
        let table = Rows::of(&self.model.states)
            .column(Heading::words("state"), |state| state.name.clone())
            .each(self.arms(), |rows, (name, headline)| {
                rows.column(Heading::number(name.clone()), move |state| {
                    let spread = headline.states.get(&state.id);
                    spread.map_or_else(Text::new, |spread| cell(&state.id, name, spread))
                })
            })
            .table(
                "states",
                format!(
                    "In how many of {} a state gains, as the scenario has it (least to most under any theory)",
                    hundred(self.results.manifest.trials)
                ),
            );
        Table {
            repeated: 1,
            ..table
        }
    }

    /// What a theory changes besides, and why one could not be played.
    fn remarks(&self) -> impl Iterator<Item = Text> {
        let theories = &self.results.theories;
        let changed = theories.iter().filter(|one| !one.besides.is_empty());
        let changed = changed.map(|one| {
            say!(
                "{}: there is no most-favoured clause, which cash would get round.",
                of_theory(one)
            )
        });
        let failed = theories.iter().filter_map(|one| {
            let reason = one.reason.clone()?;
            Some(say!("{}: it cannot be played: {}.", of_theory(one), reason))
        });
        changed.chain(failed)
    }
}

/// Its name and what it sets.
fn of_theory(theory: &Theory) -> Text {
    match (&theory.path, &theory.value) {
        (Some(path), Some(value)) => {
            say!(
                "{} ({})",
                capital(&theory.name),
                code(format!("{path} = {}", plain(value)))
            )
        }
        _ => text![words(capital(&theory.name))],
    }
}
