//! What rival theories of bargaining say: one sentence, then a row per headline, then what decides.

use super::study::StudyText;
use crate::engine::model::Model;
use crate::report::amounts::NONE;
use crate::report::document::{
    Block, Cell, Heading, Rows, Span, Table, Text, code, marked, paragraph, plain, text, words,
};
use crate::report::numbers::{known, traced};
use crate::report::verdict::{Verdict, of_counts};
use crate::study::results::sweep::{CellStatus, plain as value_text};
use crate::study::results::theories::{Decision, Headline, TheoryResults};
use crate::theory::spelling::units::{number, percent, worlds};

/// `model` is that of the scenario.
pub fn text(model: &Model, results: &TheoryResults) -> StudyText {
    let states = model.states.iter().map(|state| state.name.as_str());
    let view = TheoryView {
        results,
        names: ["the region"].into_iter().chain(states).collect(),
    };
    StudyText {
        title: "What the rival theories say".to_owned(),
        answer: view.sentence(),
        chart: None,
        blocks: view.tables(),
        footer: marked(&format!(
            "Gains of `{}` over `{}` in US$ bn, {} in each of {} theories, the same draws in all; a sign counts where the 90% interval of \
             the mean excludes zero; seed {}.",
            results.arm,
            results.reference,
            worlds(results.manifest.trials),
            results.theories.len(),
            results.manifest.seed
        )),
    }
}

struct TheoryView<'a> {
    results: &'a TheoryResults,
    /// Who each headline is about.
    names: Vec<&'a str>,
}

impl<'a> TheoryView<'a> {
    /// The states with their headlines, where a theory says anything of them.
    fn states(&self) -> impl Iterator<Item = (&'a Headline, &'a str)> {
        let names = self.names.iter().copied();
        let all = self.results.headlines.iter().zip(names);
        all.skip(1).filter(|(one, _)| told(one) > 0)
    }

    fn sentence(&self) -> Text {
        let all = &self.results.headlines[0];
        let region = match told(all) {
            0 => "no theory gives an answer for the region".to_owned(),
            n if all.above == n => format!("the region gains under all {n} theories"),
            n if all.below == n => format!("the region loses under all {n} theories"),
            n => format!(
                "the region gains under {} of {n} theories, loses under {}{}",
                all.above,
                all.below,
                because(all)
            ),
        };
        let turning = self.states().filter(|(one, _)| one.above < told(one));
        let turning = turning.filter(|(one, _)| one.above > 0);
        let turning = turning.map(|(one, name)| {
            let (above, all) = (one.above, told(one));
            format!("{name} under {above} of {all}{}", because(one))
        });
        let losing = self.states().filter(|(one, _)| one.above == 0);
        let losing: Vec<&str> = losing.map(|(_, name)| name).collect();
        let firm = self.states().filter(|(one, _)| one.above == told(one));
        let (firm, of) = (firm.count(), self.results.headlines.len() - 1);
        let mut parts = vec![region];
        if self.states().next().is_some() {
            parts.push(format!("{firm} of {of} states gain under every theory"));
        }
        let turning: Vec<String> = turning.collect();
        if !turning.is_empty() {
            parts.push(turning.join(", "));
        }
        if !losing.is_empty() {
            parts.push(format!("none lets {} gain", losing.join(", ")));
        }
        let theories = self.results.theories.iter();
        let stats = theories.flat_map(|one| one.cell.results.values().flatten());
        let varies = stats.fold(0.0, |most: f64, stat| most.max(stat.se.unwrap_or(0.0))) > 0.0;
        marked(&format!(
            "On average {}{}.",
            parts.join("; "),
            of_counts(self.results.manifest.trials, varies)
        ))
    }

    fn tables(&self) -> Vec<Block> {
        let mut blocks = vec![self.headlines().into(), self.choices().into()];
        let failed = self.results.theories.iter();
        let failed = failed.filter(|one| one.cell.status == CellStatus::Failed);
        let reasons = failed.filter_map(|one| one.cell.reason.as_deref());
        let reasons: Vec<&str> = reasons.collect();
        if let Some(first) = reasons.first() {
            blocks.push(paragraph(format!(
                "{} theories failed, the first because: {first}",
                reasons.len()
            )));
        }
        blocks
    }

    fn headlines(&self) -> Table {
        let one = |at: usize| &self.results.headlines[at];
        let path = |at: usize, name: &str| format!("headlines.{at}.{name}");
        let means = |at: usize| match (one(at).lowest, one(at).highest) {
            (Some(low), Some(high)) => {
                // Each end to its own digits: they lie far apart.
                let end = |x: f64, name| {
                    let written = number(x, Some(0.01 * x.abs()).filter(|error| *error > 0.0));
                    traced(&written, x, &path(at, name))
                };
                text![end(low, "lowest"), " to ", end(high, "highest")]
            }
            _ => plain(NONE),
        };
        let decision = |at: usize| match &one(at).decided_by {
            None => Cell::words("no single choice"),
            Some(decision) => {
                let value = value_text(&decision.value);
                Cell::words(code(format!("{} = {value}", decision.path)))
            }
        };
        let theories = self.results.theories.len();
        type Count = fn(&Headline) -> usize;
        let signs: [(Verdict, &str, Count); 3] = [
            (Verdict::Gains, "above", |one| one.above),
            (Verdict::Loses, "below", |one| one.below),
            (Verdict::Unclear, "open", |one| one.open),
        ];
        Rows::of(0..self.results.headlines.len())
            .column(Heading::words("who"), |&at| self.names[at])
            .each(signs, |rows, (verdict, name, count)| {
                rows.column(Heading::number(verdict.words()), move |&at| {
                    let count = count(one(at));
                    let number = traced(&count.to_string(), count as f64, &path(at, name));
                    match told(one(at)) {
                        told if told == theories => text![number],
                        told => text![number, format!(" of {told}")],
                    }
                })
            })
            .column(Heading::number("averages, US$ bn"), |&at| means(at))
            .column(Heading::words("divided most by").goes(1), |&at| decision(at))
            .table(
                "theories",
                format!("Who gains or loses on average under how many of {theories} theories, and the range of that average"),
            )
    }

    fn choices(&self) -> Table {
        let choices = self.results.choices.iter().enumerate();
        let rows = choices.flat_map(|(at, choice)| (0..choice.values.len()).map(move |k| (at, k)));
        let choice = |at: usize| &self.results.choices[at];
        // The sum over states stands nowhere in the results.
        let of_states = |(at, k): (usize, usize)| {
            let states = self.results.headlines[1..].iter();
            let counts = states.map(|one| &one.by_choice[at].above[k]);
            let (above, all) = counts.fold((0, 0), |sums, one| (sums.0 + one.1, sums.1 + one.2));
            share(above, all).map_or_else(|| words(NONE), |share| words(percent(share)))
        };
        let of_region = |(at, k): (usize, usize)| -> Span {
            let (_, above, all) = &self.results.headlines[0].by_choice[at].above[k];
            let counts = format!("headlines.0.by_choice.{at}.above.{k}");
            let path = format!("{counts}.1 / {counts}.2");
            known(share(*above, *all), percent, &path)
        };
        Rows::of(rows)
            .column(Heading::words("choice"), |&(at, k)| match k {
                0 => choice(at).path.as_str(),
                _ => "",
            })
            .column(Heading::words("value"), |&(at, k)| {
                Cell::words(code(value_text(&choice(at).values[k])))
            })
            .column(Heading::number("region gains"), |&row| of_region(row))
            .column(Heading::number("state gains"), |&row| of_states(row))
            .table(
                "choices",
                "Shares of theories in which the region, and a state on average, gains, by what they choose",
            )
    }
}

fn told(headline: &Headline) -> usize {
    headline.above + headline.below + headline.open
}

fn share(part: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| part as f64 / of as f64)
}

/// What decides, in words: " (only with ...)" if it divides them cleanly.
fn because(headline: &Headline) -> String {
    let Some(decision) = &headline.decided_by else {
        return String::new();
    };
    let Decision {
        path,
        value,
        with,
        without,
    } = decision;
    let value = value_text(value);
    if *with == 1.0 && *without == 0.0 {
        format!(" (only with `{path} = {value}`)")
    } else if *with == 0.0 {
        format!(" (never with `{path} = {value}`)")
    } else if *without == 0.0 {
        format!(" (only, and not always, with `{path} = {value}`)")
    } else {
        format!(
            " ({} of theories with `{path} = {value}`, {} of the others)",
            percent(*with),
            percent(*without)
        )
    }
}
