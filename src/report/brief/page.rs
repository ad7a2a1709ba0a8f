//! The page as HTML: the same parts as the text, every number with its place in the document, and the frontier drawn.

mod drawn;
mod offers;

use crate::engine::model::Model;
use crate::report::brief::blocks::{NONE, added, median, ninety, term};
use crate::report::brief::text::{View, capital, is_nothing};
use crate::report::document::{
    Block, Cell, Document, Heading, Number, Section, Span, Table, Text, code, plain, words,
};
use crate::study::results::brief::{BriefResults, Bundle, Outcome, PreparationRow};
use crate::theory::spelling::units::percent;
use crate::theory::stats::summary::Stat;

/// The page.
pub fn page(model: &Model, results: &BriefResults) -> Document {
    let sheet = Sheet {
        results,
        view: View::new(model, results, usize::MAX),
    };
    let manifest = &results.manifest;
    let [own, other] = [sheet.view.own(), sheet.view.other()];
    Document {
        title: format!("{} with {other}: a brief", capital(&own)),
        generator: format!("{} {}", manifest.tool, manifest.version),
        kicker: plain(format!(
            "{}, arm {}, window {} from {}",
            manifest.scenario, results.table.arm, results.table.window, results.table.year
        )),
        lead: vec![marked(&sheet.view.headline())],
        opening: Vec::new(),
        readings: Vec::new(),
        sections: sheet.sections(),
        footer: vec![marked(&sheet.view.footer())],
    }
}

struct Sheet<'a> {
    results: &'a BriefResults,
    view: View<'a>,
}

impl Sheet<'_> {
    fn sections(&self) -> Vec<Section> {
        let section = |id: &str, title: &str, blocks: Vec<Block>| Section {
            id: id.to_owned(),
            title: title.to_owned(),
            blocks,
        };
        let mut sections = vec![
            section(
                "walk-away",
                "Walk-away: without this deal",
                self.walk_away(),
            ),
            section("zone", "Zone of agreement and predicted deal", self.zone()),
            section("frontier", "The frontier", self.frontier()),
            section(
                "leverage",
                "Leverage by the time of the talks",
                self.leverage(),
            ),
        ];
        if let Some(offer) = &self.results.offer {
            sections.push(section("offer", "The offer", self.offer(offer)));
        }
        sections.push(section(
            "counter-offer",
            "Counter-offer",
            self.counter_offer(),
        ));
        if !self.results.red_lines.terms.is_empty() {
            sections.push(section("red-lines", "Red lines", self.red_lines()));
        }
        if !self.results.preparation.is_empty() {
            sections.push(section("preparation", "Preparation", self.preparation()));
        }
        sections.push(section(
            "sources",
            "Where the numbers come from",
            self.sources(),
        ));
        sections
    }

    fn walk_away(&self) -> Vec<Block> {
        let sides = self
            .view
            .own_first(self.states_have(), self.hyperscaler_has());
        let caption = format!(
            "{}; each total is the sum of the parts below it in every world",
            self.money(" over the window")
        );
        let header = ["", "median", "90% of worlds"];
        vec![
            table("walk-away-table", &caption, &header, sides.concat()),
            Block::Paragraph {
                text: plain(self.view.served_from()),
            },
            Block::Paragraph {
                text: plain(self.view.other_suppliers()),
            },
        ]
    }

    fn states_have(&self) -> Vec<Vec<Cell>> {
        let (part, h) = (&self.results.walk_away.state, self.view.hyperscaler());
        let all = format!("{} has", capital(&self.view.states_short()));
        let elsewhere = format!("service of {h} from elsewhere");
        let leaving = format!("cost of leaving {h}");
        let others = "service of the other suppliers";
        let deals = "terms and cash of its other deals";
        walk_away_rows(
            "state",
            &[
                (&all, "total", &part.total),
                ("own compute", "own", &part.own),
                (others, "other_suppliers", &part.other_suppliers),
                (&elsewhere, "elsewhere", &part.elsewhere),
                (deals, "other_deals", &part.other_deals),
                (&leaving, "switching", &part.switching),
            ],
        )
    }

    fn hyperscaler_has(&self) -> Vec<Vec<Cell>> {
        let part = &self.results.walk_away.hyperscaler;
        let all = format!("{} has", self.view.hyperscaler());
        let home = format!("margin on {}, from elsewhere", self.view.states_short());
        let other = "margin on all other demand";
        let deals = "terms and cash of its other deals";
        walk_away_rows(
            "hyperscaler",
            &[
                (&all, "total", &part.total),
                (&home, "home_margin", &part.home_margin),
                (other, "other_margin", &part.other_margin),
                ("cost of its other hosts", "hosting", &part.hosting),
                ("compliance there", "compliance", &part.compliance),
                (deals, "other_deals", &part.other_deals),
            ],
        )
    }

    fn money(&self, what: &str) -> String {
        format!("US$ bn of {}{what}", self.results.table.price_year)
    }

    fn zone(&self) -> Vec<Block> {
        let zone = &self.results.zone;
        let sides = self.view.own_first(
            (capital(&self.view.states_short()), "state", &zone.state),
            (self.view.hyperscaler(), "hyperscaler", &zone.hyperscaler),
        );
        let rows = sides.map(|(name, side, reach)| {
            let mut row = vec![cell(plain(name))];
            row.extend(pair(&reach.least, &format!("zone.{side}.least")));
            row.extend(pair(&reach.most, &format!("zone.{side}.most")));
            row
        });
        let share = number(percent(zone.deal), zone.deal, "zone.deal");
        vec![
            Block::Paragraph {
                text: vec![words("A deal exists in "), share, words(" of worlds.")],
            },
            table(
                "zone-table",
                &format!(
                    "The least and the most that each side can gain where one does, {}",
                    self.money("")
                ),
                &["", "least", "90% of worlds", "most", "90% of worlds"],
                rows.to_vec(),
            ),
            self.predicted(),
        ]
    }

    /// Each term and gain under the solution of the scenario, and its median under every other.
    fn predicted(&self) -> Block {
        let part = &self.results.predicted;
        let own = &part.solutions[&part.solution];
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        let mut push = |name: &str, key: &str, of: &dyn Fn(&Outcome) -> Option<Stat>| {
            let path = |solution: &str| format!("predicted.solutions.{solution}.{key}");
            let mut row = vec![cell(plain(name))];
            row.extend(pair(&of(own), &path(&part.solution)));
            let others = part
                .solutions
                .iter()
                .filter(|(id, _)| **id != part.solution);
            row.extend(others.map(|(id, outcome)| one(&of(outcome), &path(id))));
            rows.push(row);
        };
        for id in own.terms.keys() {
            let of = |outcome: &Outcome| outcome.terms[id];
            push(term(self.view.model, id), &format!("terms.{id}"), &of);
        }
        if own.cash.is_some() {
            push("cash to the state, US$ bn", "cash", &|outcome| outcome.cash);
        }
        let gains = self.view.own_first("state", "hyperscaler");
        for side in gains {
            let (name, of): (String, fn(&Outcome) -> Option<Stat>) = match side {
                "state" => (self.view.states_short(), |outcome| outcome.state),
                _ => (self.view.hyperscaler(), |outcome| outcome.hyperscaler),
            };
            push(&format!("gain of {name}, US$ bn"), side, &of);
        }
        let others = part.solutions.keys().filter(|id| **id != part.solution);
        let header = ["", "median", "90% of worlds"].map(str::to_owned);
        let header: Vec<String> = header.into_iter().chain(others.cloned()).collect();
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        let caption = format!(
            "The predicted deal under the scenario's solution, {}, and medians under the others",
            part.solution
        );
        table("predicted-table", &caption, &header, rows)
    }

    fn leverage(&self) -> Vec<Block> {
        let rows = self.results.leverage.iter().enumerate().map(|(at, row)| {
            let name = match row.position.strip_prefix("after ") {
                Some(id) => format!("after {}", self.view.state_name(id)),
                None if row.position == "drawn" => "as the scenario has it".to_owned(),
                None => row.position.clone(),
            };
            let path = |key: &str| format!("leverage.{at}.{key}");
            let risk = row.margin_at_risk.map_or_else(
                || words(NONE),
                |share| number(percent(share), share, &path("margin_at_risk")),
            );
            let leverage = row.leverage.as_ref().map_or_else(
                || words(NONE),
                |stat| number(percent(stat.p50), stat.p50, &path("leverage.p50")),
            );
            let gains = self.view.own_first(
                one(&row.state, &path("state")),
                one(&row.hyperscaler, &path("hyperscaler")),
            );
            let [own, other] = gains;
            vec![
                cell(plain(name)),
                cell(vec![risk]),
                own,
                other,
                cell(vec![leverage]),
            ]
        });
        let caption = format!(
            "Margin at risk: what a refusal would cost {} of its margin at this table. Median gains at the table, {}. Leverage of {} in the window, median.",
            self.view.hyperscaler(),
            self.money(""),
            self.view.states_short()
        );
        let (own, other) = (
            format!("gain of {}", self.view.own()),
            format!("gain of {}", self.view.other()),
        );
        let header = ["", "margin at risk", &own, &other, "leverage"];
        vec![
            table("leverage-table", &caption, &header, rows.collect()),
            Block::Note {
                text: plain(
                    "First: before every other table. After a state: it alone has met the hyperscaler before. Last: after all others. Gains at a joint table \
                     are those of all its members. With foresight 1 the time makes no difference.",
                ),
            },
        ]
    }

    fn preparation(&self) -> Vec<Block> {
        let rows = self.results.preparation.iter().enumerate();
        let rows = rows.map(|(at, row)| self.prepared(at, row));
        let caption = format!(
            "What a plausible change of the own circumstances adds, medians, {}; ranked by the walk-away of {}",
            self.money(""),
            self.view.own()
        );
        let own = format!("{} has without", self.view.own());
        let other = format!("{} has without", self.view.other());
        let with = format!("{} has with", self.view.own());
        let table = Table {
            id: "preparation-table".to_owned(),
            caption: plain(caption),
            words: false,
            header: vec![
                Heading::default(),
                heading(&own, false),
                heading("90% of worlds", false),
                heading(&other, false),
                heading(&with, false),
                heading("by --set", true),
            ],
            rows: rows.collect(),
            ..Table::default()
        };
        vec![
            Block::Table { table },
            Block::Note {
                text: plain(
                    "An uncertain number is moved to its 95% point (5% where less is better), a constant by a tenth of itself; accords stay as they formed.",
                ),
            },
        ]
    }

    fn prepared(&self, at: usize, row: &PreparationRow) -> Vec<Cell> {
        let path = |key: &str| format!("preparation.{at}.{key}");
        let range = pair(&row.walk_away, &path("walk_away")).remove(1);
        let mut set: Text = Vec::new();
        for one in &row.set {
            if !set.is_empty() {
                set.push(words(" "));
            }
            set.push(code(one.clone()));
        }
        vec![
            cell(plain(row.what.clone())),
            more(&row.walk_away, &path("walk_away")),
            range,
            more(&row.other_walk_away, &path("other_walk_away")),
            more(&row.with_deal, &path("with_deal")),
            Cell {
                text: set,
                class: "words".to_owned(),
            },
        ]
    }

    fn sources(&self) -> Vec<Block> {
        let rows = self.results.sources.iter().map(|(part, paths)| {
            let mut text: Text = vec![words(format!("{}: ", part.replace(['_', '.'], " ")))];
            for (at, path) in paths.iter().enumerate() {
                let before = if at > 0 { ", " } else { "" };
                let (kind, path) = match path.strip_prefix("result ") {
                    Some(path) => ("result ", path),
                    None => ("", path.as_str()),
                };
                text.push(words(format!("{before}{kind}")));
                text.push(code(path));
            }
            text
        });
        vec![
            Block::Paragraph {
                text: plain(
                    "Paths of the scenario that move each part most directly, and where `run` reports it. Each number on this page carries its place in the document of --json (the attribute data-path).",
                ),
            },
            Block::List {
                items: rows.collect(),
            },
        ]
    }
}

/// Rows of a side's walk-away: name, key and number of each part, the total first; parts that are nothing in every world are left out.
fn walk_away_rows(side: &str, parts: &[(&str, &str, &Option<Stat>)]) -> Vec<Vec<Cell>> {
    let shown = parts
        .iter()
        .filter(|(_, key, stat)| *key == "total" || !is_nothing(stat));
    let rows = shown.map(|(name, key, stat)| {
        let name = match *key {
            "total" => (*name).to_owned(),
            _ => format!("\u{2013} {name}"),
        };
        let mut row = vec![cell(plain(name))];
        row.extend(pair(stat, &format!("walk_away.{side}.{key}")));
        row
    });
    rows.collect()
}

/// A text in which names that are typed stand between backticks.
fn marked(text: &str) -> Text {
    let parts = text.split('`').enumerate();
    let spans = parts.map(|(k, part)| match k % 2 {
        0 => words(part),
        _ => code(part),
    });
    spans.collect()
}

/// A cell without a class.
fn cell(text: Text) -> Cell {
    Cell {
        text,
        class: String::new(),
    }
}

fn heading(text: &str, words: bool) -> Heading {
    Heading {
        words,
        ..Heading::number(text)
    }
}

fn table(id: &str, caption: &str, header: &[&str], rows: Vec<Vec<Cell>>) -> Block {
    Block::Table {
        table: Table {
            id: id.to_owned(),
            caption: plain(caption.trim_end()),
            words: false,
            header: header.iter().map(|name| heading(name, false)).collect(),
            rows,
            ..Table::default()
        },
    }
}

fn number(text: String, value: f64, path: &str) -> Span {
    Span::Number(Number::new(&text, value, path))
}

/// A median with its place.
fn span(stat: &Option<Stat>, path: &str) -> Span {
    match stat {
        Some(one) => number(median(stat), one.p50, &format!("{path}.p50")),
        None => words(NONE),
    }
}

fn one(stat: &Option<Stat>, path: &str) -> Cell {
    cell(vec![span(stat, path)])
}

/// A median that is added.
fn more(stat: &Option<Stat>, path: &str) -> Cell {
    let span = match stat {
        Some(one) => number(added(stat), one.p50, &format!("{path}.p50")),
        None => words(NONE),
    };
    cell(vec![span])
}

/// A median and the range of 90% of worlds.
fn pair(stat: &Option<Stat>, path: &str) -> Vec<Cell> {
    let range = match (stat, ninety(stat).split_once(" to ")) {
        (Some(stat), Some((low, high))) => vec![
            number(low.to_owned(), stat.p05, &format!("{path}.p05")),
            words(" to "),
            number(high.to_owned(), stat.p95, &format!("{path}.p95")),
        ],
        _ => Vec::new(),
    };
    vec![one(stat, path), cell(range)]
}

/// A bundle as it is typed.
fn typed(bundle: &Bundle) -> String {
    crate::report::brief::blocks::typed(bundle).join(",")
}
