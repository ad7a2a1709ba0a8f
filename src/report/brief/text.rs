//! The page as text: one sentence, then what each side has, wants, risks and could change.

mod offers;
mod positions;

use crate::engine::model::{Identity, Model};
use crate::report::brief::blocks::{NONE, level, median, ninety};
use crate::report::render::terminal::table;
use crate::report::tables::label;
use crate::report::wrap::wrapped;
use crate::study::results::brief::{BriefResults, SideName};
use crate::theory::spelling::units::{frequency, percent, worlds};
use crate::theory::stats::summary::Stat;
use textwrap::core::display_width;

/// Columns of the page, even where there are more.
const PAGE: usize = 80;

/// Other places or suppliers that are named.
const NAMED: usize = 6;

/// Finest amount and level, USD bn.
const FINEST: f64 = 0.001;

/// Longest name in a cell.
const CELL: usize = 14;

/// A share below this is not named.
const HARDLY: f64 = 0.005;

/// The text, `width` columns wide at most.
pub fn text(model: &Model, results: &BriefResults, width: usize) -> String {
    let view = View::new(model, results, width);
    let mut text = view.paragraph(&view.headline());
    for section in [
        view.walk_away(),
        view.zone(),
        view.predicted(),
        view.leverage(),
        view.offer(),
        view.counter_offer(),
        view.red_lines(),
        view.preparation(),
        view.sources(),
    ] {
        if !section.is_empty() {
            text.push('\n');
            text += &section;
        }
    }
    text.push('\n');
    text + &view.paragraph(&view.footer())
}

pub(super) struct View<'a> {
    pub model: &'a Model,
    pub results: &'a BriefResults,
    pub width: usize,
}

impl<'a> View<'a> {
    /// A view of a page of at most `width` columns.
    pub fn new(model: &'a Model, results: &'a BriefResults, width: usize) -> View<'a> {
        View {
            model,
            results,
            width: width.min(PAGE),
        }
    }
}

impl View<'_> {
    fn paragraph(&self, text: &str) -> String {
        wrapped(text, self.width)
    }

    fn titled(&self, title: &str, header: &[&str], rows: Vec<Vec<String>>) -> String {
        // Where nothing is uncertain, ranges are empty.
        let is_filled = |at: &usize| *at == 0 || rows.iter().any(|row| !row[*at].is_empty());
        let columns: Vec<usize> = (0..header.len()).filter(is_filled).collect();
        let header: Vec<String> = columns.iter().map(|&at| header[at].to_owned()).collect();
        let rows = rows.iter().map(|row| {
            let cells = columns.iter().map(|&at| row[at].clone());
            cells.collect::<Vec<_>>()
        });
        self.paragraph(title) + &table(&header, rows.collect(), self.width)
    }

    /// The states' side: a state by name, or the bloc.
    pub fn states(&self) -> String {
        let part = &self.results.table;
        match &part.state {
            Some(id) => {
                let state = self.model.states.iter().find(|state| state.id == *id);
                state.map_or_else(|| id.clone(), label)
            }
            None => "the bloc".to_owned(),
        }
    }

    /// As [`states`](Self::states), where a cell has to hold it.
    pub fn states_short(&self) -> String {
        match &self.results.table.state {
            Some(id) => short(self.state_name(id), id).to_owned(),
            None => "the bloc".to_owned(),
        }
    }

    /// The hyperscaler, where a cell has to hold it.
    pub fn hyperscaler(&self) -> String {
        let id = &self.results.table.hyperscaler;
        short(self.hyperscaler_name(id), id).to_owned()
    }

    fn hyperscaler_of(&self) -> &Identity {
        let id = &self.results.table.hyperscaler;
        let found = self.model.hyperscalers.iter().find(|one| one.id == *id);
        found.expect("the document is about this scenario")
    }

    pub fn own(&self) -> String {
        match self.results.table.side {
            SideName::State => self.states_short(),
            SideName::Hyperscaler => self.hyperscaler(),
        }
    }

    pub fn other(&self) -> String {
        match self.results.table.side {
            SideName::State => self.hyperscaler(),
            SideName::Hyperscaler => self.states_short(),
        }
    }

    pub fn state_name<'b>(&'b self, id: &'b str) -> &'b str {
        let state = self.model.states.iter().find(|state| state.id == id);
        state.map_or(id, |state| &state.name)
    }

    fn hyperscaler_name<'b>(&'b self, id: &'b str) -> &'b str {
        let one = self.model.hyperscalers.iter().find(|one| one.id == id);
        one.map_or(id, |one| &one.name)
    }

    /// Two things about the two sides, the own first.
    pub fn own_first<T>(&self, state: T, hyperscaler: T) -> [T; 2] {
        match self.results.table.side {
            SideName::State => [state, hyperscaler],
            SideName::Hyperscaler => [hyperscaler, state],
        }
    }

    pub fn headline(&self) -> String {
        let results = self.results;
        let part = &results.table;
        let [own, other] = self.own_first(self.states(), label(self.hyperscaler_of()));
        let deal = match (results.manifest.trials, results.zone.deal > 0.0) {
            (1, true) => "a deal exists".to_owned(),
            (1, false) => "no deal exists".to_owned(),
            (trials, _) => format!("a deal exists in {}", frequency(results.zone.deal, trials)),
        };
        let mut text = format!(
            "{} with {other}, arm `{}`, talks of window {} from {}: {deal}.",
            capital(&own),
            part.arm,
            part.window,
            part.year
        );
        let outcome = &results.predicted.solutions[&results.predicted.solution];
        if outcome.state.is_some() {
            let gains = self.own_first(&outcome.state, &outcome.hyperscaler);
            text += &format!(
                " Where one does, the predicted deal adds US$ {} bn to what {} has without it and {} to what {} has (medians).",
                median(gains[0]),
                self.own(),
                median(gains[1]),
                self.other()
            );
        }
        for (reason, share) in &part.obstacles {
            let why = match reason.as_str() {
                "no-bloc" => "no bloc forms",
                "may-not-deal" => "the two may not deal",
                "over-budget" => "the deal is larger than what is left of the budget",
                "not-on-short-list" => "the hyperscaler is not on the short list",
                _ => "no member is worth a host",
            };
            text += &format!(" In {} of worlds {why}.", percent(*share));
        }
        if !part.members.is_empty() {
            let members = part.members.iter().filter(|(_, share)| **share > 0.0);
            let members = members.map(|(id, share)| format!("{id} {}", percent(*share)));
            text += &format!(
                " In the bloc, of worlds with talks: {}.",
                members.collect::<Vec<_>>().join(", ")
            );
        }
        text
    }

    fn walk_away(&self) -> String {
        let part = &self.results.walk_away;
        let (state, other) = (&part.state, &part.hyperscaler);
        let h = self.hyperscaler();
        let row = |name: String, stat: &Option<Stat>| vec![name, median(stat), ninety(stat)];
        let parts = |rows: Vec<(String, &Option<Stat>)>| {
            let shown = rows.into_iter().filter(|(_, stat)| !is_nothing(stat));
            let rows = shown.map(|(name, stat)| row(format!("  {name}"), stat));
            rows.collect::<Vec<_>>()
        };
        let mut of_states = vec![row(
            format!("{} has", capital(&self.states_short())),
            &state.total,
        )];
        of_states.extend(parts(vec![
            ("own compute".to_owned(), &state.own),
            (
                "service of the other suppliers".to_owned(),
                &state.other_suppliers,
            ),
            (format!("service of {h} from elsewhere"), &state.elsewhere),
            (
                "terms and cash of its other deals".to_owned(),
                &state.other_deals,
            ),
            (format!("cost of leaving {h}"), &state.switching),
        ]));
        let mut of_hyperscaler = vec![row(format!("{h} has"), &other.total)];
        of_hyperscaler.extend(parts(vec![
            (
                format!("margin on {}, from elsewhere", self.states_short()),
                &other.home_margin,
            ),
            ("margin on all other demand".to_owned(), &other.other_margin),
            ("cost of its other hosts".to_owned(), &other.hosting),
            ("compliance there".to_owned(), &other.compliance),
            (
                "terms and cash of its other deals".to_owned(),
                &other.other_deals,
            ),
        ]));
        let [mut rows, second] = self.own_first(of_states, of_hyperscaler);
        rows.extend(second);
        let title = "Walk-away: what each side has without this deal, US$ bn over the window";
        self.titled(title, &["", "median", "90% of worlds"], rows)
            + &self.paragraph(&self.served_from())
            + &self.paragraph(&self.other_suppliers())
    }

    pub fn served_from(&self) -> String {
        let places = &self.results.walk_away.served_from;
        let named = places.iter().filter(|(_, place)| place.share >= HARDLY);
        let named = named.take(NAMED).map(|(id, place)| {
            let name = match id.as_str() {
                "outside" => "outside the region",
                id => self.state_name(id),
            };
            let quality = place.quality.as_ref();
            let quality = quality.map_or_else(String::new, |stat| format!(" ({:.2})", stat.p50));
            format!("{} from {name}{quality}", percent(place.share))
        });
        let named: Vec<String> = named.collect();
        if named.is_empty() {
            return String::new();
        }
        format!(
            "Of the demand of {}, {} would then serve {} (in brackets the median quality, 1 being service from inside).",
            self.states_short(),
            self.hyperscaler(),
            named.join(", ")
        )
    }

    pub fn other_suppliers(&self) -> String {
        let part = &self.results.walk_away;
        let mut others: Vec<(&String, f64)> = part
            .other_suppliers
            .iter()
            .map(|(id, share)| (id, *share))
            .filter(|(_, share)| *share >= HARDLY)
            .collect();
        others.sort_by(|one, other| other.1.total_cmp(&one.1));
        let named = others.iter().take(NAMED);
        let named =
            named.map(|(id, share)| format!("{} {}", self.hyperscaler_name(id), percent(*share)));
        let named: Vec<String> = named.collect();
        let what = match self.results.table.state {
            Some(_) => "of worlds",
            None => "of members",
        };
        match named.is_empty() {
            true => format!(
                "No other supplier is hosted in {} then.",
                self.states_short()
            ),
            false => format!(
                "Also hosted, or counted on, in {} ({what}): {}.",
                self.states_short(),
                named.join(", ")
            ),
        }
    }

    fn zone(&self) -> String {
        let part = &self.results.zone;
        let reaches = [
            (capital(&self.states_short()), &part.state),
            (self.hyperscaler(), &part.hyperscaler),
        ];
        let [first, second] = reaches;
        let rows = self.own_first(first, second).map(|(name, reach)| {
            vec![
                name,
                median(&reach.least),
                ninety(&reach.least),
                median(&reach.most),
                ninety(&reach.most),
            ]
        });
        let title = "Zone of agreement: the least and the most that each side can gain where a deal exists, US$ bn";
        let header = ["", "least", "90% of worlds", "most", "90% of worlds"];
        self.titled(title, &header, rows.to_vec())
    }

    fn predicted(&self) -> String {
        let part = &self.results.predicted;
        let outcome = &part.solutions[&part.solution];
        if outcome.state.is_none() {
            return self.paragraph("No deal is predicted: none exists in any world.");
        }
        let all = || part.solutions.values();
        let mut rows: Vec<Vec<String>> = outcome
            .terms
            .iter()
            .map(|(id, stat)| {
                let over: Vec<_> = all().map(|one| &one.terms[id]).collect();
                level_row(id.clone(), stat, &over)
            })
            .collect();
        if outcome.cash.is_some() {
            let over: Vec<_> = all().map(|one| &one.cash).collect();
            let name = format!("cash to {}, US$ bn", self.states_short());
            rows.push(predicted_row(name, &outcome.cash, &over));
        }
        let states: Vec<_> = all().map(|one| &one.state).collect();
        let hyperscaler: Vec<_> = all().map(|one| &one.hyperscaler).collect();
        let gains = self.own_first(
            predicted_row(
                format!("gain of {}, US$ bn", self.states_short()),
                &outcome.state,
                &states,
            ),
            predicted_row(
                format!("gain of {}, US$ bn", self.hyperscaler()),
                &outcome.hyperscaler,
                &hyperscaler,
            ),
        );
        rows.extend(gains);
        let title = format!(
            "Predicted deal (`{}`) in worlds with a deal; beside it the medians under all four solutions",
            part.solution
        );
        let header = ["", "median", "90% of worlds", "all solutions"];
        self.titled(&title, &header, rows)
    }

    fn sources(&self) -> String {
        let rows = self.results.sources.iter().map(|(part, paths)| {
            let part = part.replace("walk_away.", "").replace(['_', '.'], " ");
            format!("{part}: {}", paths.join(", "))
        });
        let lines: Vec<String> = rows.collect();
        self.paragraph(&format!(
            "Where the numbers come from. {}.",
            capital(&lines.join(". "))
        ))
    }

    pub fn footer(&self) -> String {
        let manifest = &self.results.manifest;
        let part = &self.results.table;
        format!(
            "{}: {}, talks in {}; money in US$ bn of {}, of this window alone, undiscounted; gains by (21), (22) and (24) of the model; seed \
             {}, {} {}. One world step by step: mufakat explain SCENARIO --trial 0 --arm {}.",
            manifest.scenario,
            worlds(manifest.trials),
            crate::theory::spelling::units::count(part.worlds),
            part.price_year,
            manifest.seed,
            manifest.tool,
            manifest.version,
            part.arm
        )
    }
}

/// The smallest and the largest median over solutions; the first larger than the second without any.
fn medians(over: &[&Option<Stat>]) -> (f64, f64) {
    let medians = over.iter().filter_map(|one| one.as_ref());
    let medians = medians.map(|one| one.p50);
    let ends = (f64::INFINITY, f64::NEG_INFINITY);
    medians.fold(ends, |(low, high), one| (low.min(one), high.max(one)))
}

/// As [`predicted_row`], for levels.
fn level_row(name: String, stat: &Option<Stat>, over: &[&Option<Stat>]) -> Vec<String> {
    let span = |low: f64, high: f64| match low <= high {
        true => format!("{} to {}", level(low), level(high)),
        false => NONE.to_owned(),
    };
    let (low, high) = medians(over);
    let own = stat.map_or([f64::NAN; 3], |one| [one.p50, one.p05, one.p95]);
    let range = match ninety(stat).is_empty() {
        true => String::new(),
        false => span(own[1], own[2]),
    };
    vec![name, level(own[0]), range, span(low, high)]
}

/// Median, range and the range of medians over solutions.
fn predicted_row(name: String, stat: &Option<Stat>, over: &[&Option<Stat>]) -> Vec<String> {
    let (low, high) = medians(over);
    let error = stat
        .as_ref()
        .and_then(|stat| stat.se)
        .unwrap_or(0.0)
        .max(FINEST);
    let all = match low <= high {
        true => crate::theory::spelling::units::range(low, high, Some(error)),
        false => NONE.to_owned(),
    };
    vec![name, median(stat), ninety(stat), all]
}

/// Whether a part is zero in every world.
pub(super) fn is_nothing(stat: &Option<Stat>) -> bool {
    stat.as_ref()
        .is_none_or(|stat| stat.min == 0.0 && stat.max == 0.0)
}

/// A name without what stands in brackets behind it, or the id where that is too long for a cell.
fn short<'a>(name: &'a str, id: &'a str) -> &'a str {
    let name = name.split(" (").next().unwrap_or(name);
    match display_width(name) <= CELL {
        true => name,
        false => id,
    }
}

/// With a capital letter.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
