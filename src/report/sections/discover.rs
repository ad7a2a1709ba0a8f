//! In which worlds a condition holds: the box in words, the trade-off, how far to trust it, and the tree beside it.

use super::study::{StudyText, footer};
use crate::engine::model::event_of_draw;
use crate::engine::model::keys::{Range, range_of};
use crate::report::document::{
    Block, Heading, Rows, Span, Table, Text, code, note, paragraph, plain, text, words,
};
use crate::report::numbers::{known, share, short, traced};
use crate::study::results::discover::{BoxResult, DiscoveryResults, RobustnessResult};
use crate::theory::spelling::units::{count, number, percent};
use indexmap::IndexMap;

/// Quasi-p-values above this are marked: the restriction may be chance.
const DOUBTFUL: f64 = 0.05;

const AGAIN: &str = "found again in half the worlds";

const MAY_BE: &str = " (may be chance)";

/// Boxes of the tree that are shown.
const MOST_OF_TREE: usize = 3;

pub fn text(results: &DiscoveryResults) -> StudyText {
    StudyText {
        title: format!("In which worlds: {}", results.condition),
        answer: sentence(results),
        chart: None,
        blocks: tables(results),
        footer: footer(
            format!(
                "{} worlds; searched {} of {} uncertain quantities{}",
                count(results.worlds),
                results.searched.len(),
                count(results.factors),
                match results.factors > results.searched.len() as u64 {
                    true => ", those that tell these worlds apart best by themselves",
                    false => "",
                }
            ),
            &results.reference,
            &results.manifest,
        ),
    }
}

fn sentence(results: &DiscoveryResults) -> Text {
    let mut text = text![
        code(&results.condition),
        " holds in ",
        share(results.share, "share".to_owned()),
        format!(" of {} worlds; ", count(results.worlds))
    ];
    let Some(first) = results.boxes.first() else {
        text.push(words("no box of worlds is dense enough to name."));
        return text;
    };
    let (before, after) = match first.qp.values().all(|qp| *qp > DOUBTFUL) {
        true => (
            "nothing tells them apart by more than chance: the best box, ",
            ", holds ",
        ),
        false => ("mostly when ", ": "),
    };
    text.push(words(before));
    text.extend(limits(first, "boxes.0"));
    text.extend(text![
        after,
        share(first.coverage, "boxes.0.coverage".to_owned()),
        " of its worlds, ",
        share(first.density, "boxes.0.density".to_owned()),
        " of the worlds inside."
    ]);
    text
}

/// The limits of a box that stands at a path, in words.
fn limits(one: &BoxResult, path: &str) -> Text {
    let limits = one.limits.iter().map(|(name, [low, high])| {
        if let Some(said) = either(name, *low, *high) {
            return said;
        }
        let end = |x: &Option<f64>, end: usize| -> Option<Span> {
            let path = format!("{path}.limits.{name}.{end}");
            x.map(|x| traced(&short(x, 3), x, &path))
        };
        match (end(low, 0), end(high, 1)) {
            (Some(low), Some(high)) => text![code(name), " is ", low, " to ", high],
            (Some(low), None) => text![code(name), " is above ", low],
            (None, Some(high)) => text![code(name), " is under ", high],
            (None, None) => text![code(name)],
        }
    });
    let limits: Vec<Text> = limits.collect();
    match limits.split_last() {
        None => plain("nothing in particular is the case"),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => [rest.join(&words(", ")), last.clone()].join(&words(" and ")),
    }
}

/// What the limits of a number say that is 1 or 0: that an event came or did not, that a switch is on or off; none of other numbers.
fn either(name: &str, low: Option<f64>, high: Option<f64>) -> Option<Text> {
    let is_one = match (low, high) {
        (Some(low), None) if low > 0.0 => true,
        (None, Some(high)) if high < 1.0 => false,
        _ => return None,
    };
    let (event, is_switch) = (event_of_draw(name), range_of(name) == Some(Range::Switch));
    let said = match is_one {
        true if event.is_some() => " came",
        false if event.is_some() => " did not come",
        true if is_switch => " is true",
        false if is_switch => " is false",
        _ => return None,
    };
    Some([called(name), text![said]].concat())
}

/// A quantity by its path, an event by its name.
fn called(name: &str) -> Text {
    match event_of_draw(name) {
        Some(event) => text!["event ", code(event)],
        None => text![code(name)],
    }
}

fn tables(results: &DiscoveryResults) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    if let Some(first) = results.boxes.first() {
        let caption = "The best box of each number of restrictions: the share of the condition's worlds that it covers, of its own worlds \
                       that are such, and of all worlds";
        let mut best = table("boxes", caption, "boxes", &results.boxes);
        let restricted = |row: usize| results.boxes[row].limits.len();
        let mut order: Vec<usize> = (0..results.boxes.len()).collect();
        order.sort_by_key(|&row| restricted(row));
        best.rows = order.iter().map(|&row| best.rows[row].clone()).collect();
        blocks.extend([best.into(), trust(first).into()]);
    }
    if results.cover.len() > 1 {
        let caption = "Boxes one after the other, each of the worlds that those before it leave";
        blocks.push(table("cover", caption, "cover", &results.cover).into());
    }
    blocks.extend(tree(results));
    for (at, (who, arms)) in results.robustness.iter().enumerate() {
        blocks.push(robustness(at, who, arms).into());
    }
    blocks
}

/// Boxes of a list that stands at a path.
fn table(id: &str, caption: &str, path: &str, boxes: &[BoxResult]) -> Table {
    let path = |at: usize, name: &str| format!("{path}.{at}{name}");
    Rows::of(boxes.iter().enumerate())
        .column(Heading::words("worlds in which"), |&(at, one)| {
            limits(one, &path(at, ""))
        })
        .column(Heading::number("coverage"), |&(at, one)| {
            share(one.coverage, path(at, ".coverage"))
        })
        .column(Heading::number("density"), |&(at, one)| {
            share(one.density, path(at, ".density"))
        })
        .column(Heading::number("of all worlds"), |&(at, one)| {
            share(one.mass, path(at, ".mass"))
        })
        .table(id, caption)
}

/// How far to trust each restriction of the best box.
fn trust(first: &BoxResult) -> Table {
    Rows::of(first.qp.iter())
        .column(Heading::words("restricted"), |&(name, qp)| {
            let mark = if *qp > DOUBTFUL { MAY_BE } else { "" };
            [called(name), text![mark]].concat()
        })
        .column(Heading::number(AGAIN), |&(name, _)| {
            let again = first.reproducibility.get(name).copied();
            known(again, percent, &format!("boxes.0.reproducibility.{name}"))
        })
        .column(Heading::number("quasi-p"), |&(name, &qp)| {
            let written = match qp < 1e-4 {
                true => "<0.0001".to_owned(),
                false => format!("{qp:.4}"),
            };
            traced(&written, qp, &format!("boxes.0.qp.{name}"))
        })
        .table("trust", "How far to trust the restrictions of the best box")
}

fn tree(results: &DiscoveryResults) -> Vec<Block> {
    let tree = &results.tree;
    let wrong = share(tree.validated_error, "tree.validated_error".to_owned());
    let guessing = percent(results.share.min(1.0 - results.share));
    if tree.boxes.is_empty() {
        return vec![paragraph(text![
            "Second opinion: a classification tree finds no split that holds up on worlds it has not seen (",
            wrong,
            format!(" on the wrong side; guessing: {guessing}).")
        ])];
    }
    let shown = &tree.boxes[..tree.boxes.len().min(MOST_OF_TREE)];
    let caption = "Second opinion: boxes of a classification tree";
    vec![
        table("tree", caption, "tree.boxes", shown).into(),
        note(text![
            wrong,
            format!(" of unseen worlds are on the wrong side of the tree; guessing: {guessing}.")
        ]),
    ]
}

fn robustness(at: usize, who: &str, arms: &IndexMap<String, RobustnessResult>) -> Table {
    type Of = fn(&RobustnessResult) -> f64;
    let money: [(&str, &str, Of); 4] = [
        ("worst", "worst", |one| one.worst),
        ("mean regret", "mean_regret", |one| one.mean_regret),
        ("95% regret", "p95_regret", |one| one.p95_regret),
        ("largest", "max_regret", |one| one.max_regret),
    ];
    let shares: [(&str, &str, Of); 2] = [
        ("best", "best", |one| one.best),
        ("enough", "satisficing", |one| one.satisficing),
    ];
    let path = |arm: &str, key: &str| format!("robustness.{who}.{arm}.{key}");
    Rows::of(arms.iter())
        .column(Heading::words("arm"), |&(arm, _)| code(arm))
        .each(money, |rows, (name, key, of)| {
            let written = |x: f64| number(x, Some(x.abs() / 50.0));
            rows.column(Heading::number(name), |&(arm, one)| {
                known(Some(of(one)), written, &path(arm, key))
            })
        })
        .each(shares, |rows, (name, key, of)| {
            rows.column(Heading::number(name), |&(arm, one)| {
                share(of(one), path(arm, key))
            })
        })
        .table(
            format!("robustness-{}", at + 1),
            format!(
                "Without trusting the probabilities, {who}: worst payoff, regret (what the best arm of each world has more), US$ bn; worlds \
                 in which no arm is better; worlds that reach the reference's median"
            ),
        )
}
