//! In which worlds a condition holds: the box in words, the trade-off, how far to trust it, and the tree beside it.

use super::study::{StudyText, called, footer, listed};
use crate::engine::model::event_of_draw;
use crate::engine::model::keys::{Range, range_of};
use crate::report::amounts::counted;
use crate::report::document::{
    Block, Heading, Rows, Span, Table, Text, code, note, paragraph, plain, text, words,
};
use crate::report::numbers::{frequency, known, share, short, traced};
use crate::study::results::discover::{BoxResult, DiscoveryResults, RobustnessResult};
use crate::theory::spelling::units::{count, number, percent};
use indexmap::IndexMap;

const AGAIN: &str = "found again in half the worlds";

/// Probabilities below this are not told apart.
const LEAST_P: f64 = 1e-4;

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
        frequency(results.share, results.worlds, "share".to_owned()),
        " worlds; "
    ];
    let named = match (results.boxes.first(), results.tree.boxes.first()) {
        (Some(first), _) => Some((first, "boxes.0", "mostly when ")),
        // A tree may tell worlds apart of which a single box does not say enough.
        (None, Some(leaf)) => Some((
            leaf,
            "tree.boxes.0",
            "by a classification tree mostly when ",
        )),
        (None, None) => None,
    };
    let Some((first, path, before)) = named else {
        text.push(words(nothing(results)));
        return text;
    };
    text.push(words(before));
    text.extend(limits(first, path));
    text.extend(text![
        ": ",
        share(first.coverage, format!("{path}.coverage")),
        " of its worlds, ",
        share(first.density, format!("{path}.density")),
        " of the worlds inside."
    ]);
    text
}

/// Why nothing is named.
fn nothing(results: &DiscoveryResults) -> String {
    if !results.evidence.held_out.is_empty() {
        return "nothing tells them apart by more than chance.".to_owned();
    }
    let holds = (results.share * results.worlds as f64).round() as u64;
    let others = results.worlds - holds;
    let (fewer, kind) = match holds <= others {
        true => (holds, "in which it holds"),
        false => (others, "in which it does not"),
    };
    let few = counted(fewer as usize, "world");
    let is = if fewer == 1 { "is" } else { "are" };
    format!("{few} {kind} {is} too few to tell from the rest by more than chance.")
}

/// The limits of a box that stands at a path, in words.
fn limits(one: &BoxResult, path: &str) -> Text {
    let limits = one.limits.iter().map(|(name, [low, high])| {
        if let Some(said) = either(name, *low, *high, one.values.get(name)) {
            return said;
        }
        if let Some(values) = one.values.get(name) {
            let values = values.iter().enumerate().map(|(at, &value)| {
                let path = format!("{path}.values.{name}.{at}");
                text![traced(&short(value, 3), value, &path)]
            });
            return [
                [called(name), text![" is "]].concat(),
                listed(&values.collect::<Vec<Text>>(), " or "),
            ]
            .concat();
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
    match limits.is_empty() {
        true => plain("nothing in particular is the case"),
        false => listed(&limits, " and "),
    }
}

/// What the limits of a number say that is 1 or 0: that an event came or did not, that a switch is on or off; none of other numbers.
fn either(
    name: &str,
    low: Option<f64>,
    high: Option<f64>,
    values: Option<&Vec<f64>>,
) -> Option<Text> {
    let is_one = match (values.map(Vec::as_slice), low, high) {
        (Some(&[value]), ..) if value == 0.0 || value == 1.0 => value == 1.0,
        (None, Some(low), None) if low > 0.0 => true,
        (None, None, Some(high)) if high < 1.0 => false,
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

fn tables(results: &DiscoveryResults) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    if let Some(first) = results.boxes.first() {
        let caption = "The best box of each number of restrictions: the share of the condition's worlds that it covers, of its own worlds \
                       that are such, and of all worlds";
        let best = by_restrictions("boxes", caption, "boxes", &results.boxes);
        blocks.extend([best.into(), trust(first).into()]);
    }
    blocks.extend(held_out(results).map(note));
    if results.cover.len() > 1 {
        let caption = "Boxes one after the other, each of the worlds that those before it leave";
        blocks.push(table("cover", caption, "cover", &results.cover).into());
    }
    if !results.may_be_chance.is_empty() {
        let caption =
            "May be chance: the best box of each number of restrictions, of those that do not pass";
        let boxes = &results.may_be_chance;
        blocks.push(by_restrictions("may-be-chance", caption, "may_be_chance", boxes).into());
    }
    blocks.extend(tree(results));
    if !results.events.is_empty() {
        let names: Vec<Text> = results.events.iter().map(|name| called(name)).collect();
        let mut named = text!["Not searched: "];
        named.extend(listed(&names, " and "));
        let how = code("--factors '*' --factors 'event.*'");
        named.extend(text!["; name events with ", how, "."]);
        blocks.push(note(named));
    }
    for (at, (who, arms)) in results.robustness.iter().enumerate() {
        blocks.push(robustness(at, who, arms).into());
    }
    blocks
}

/// The same, the simplest first.
fn by_restrictions(id: &str, caption: &str, path: &str, boxes: &[BoxResult]) -> Table {
    let mut ordered = table(id, caption, path, boxes);
    let mut order: Vec<usize> = (0..boxes.len()).collect();
    order.sort_by_key(|&row| boxes[row].limits.len());
    ordered.rows = order.iter().map(|&row| ordered.rows[row].clone()).collect();
    ordered
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
    Rows::of(first.limits.keys())
        .column(Heading::words("restricted"), |name| called(name))
        .column(Heading::number(AGAIN), |name| {
            let again = first.reproducibility.get(*name).copied();
            known(again, percent, &format!("boxes.0.reproducibility.{name}"))
        })
        .column(Heading::number("by chance in unseen worlds"), |name| {
            let p = first.by_chance.get(*name).copied();
            known(p, probability, &format!("boxes.0.by_chance.{name}"))
        })
        .table("trust", "How far to trust the restrictions of the best box")
}

fn probability(p: f64) -> String {
    match p < LEAST_P {
        true => "<0.0001".to_owned(),
        false => format!("{p:.4}"),
    }
}

/// What the halves of the worlds say of each other's boxes, and shuffles of all.
fn held_out(results: &DiscoveryResults) -> Option<Text> {
    let halves = results.evidence.held_out.iter().enumerate();
    let judged = halves.filter_map(|(at, half)| Some((at, half, half.first?)));
    let judged = judged.map(|(at, half, first)| {
        let path = format!("evidence.held_out.{at}");
        text![
            share(first.density, format!("{path}.first.density")),
            " (of all: ",
            share(half.share, format!("{path}.share")),
            "; by chance: ",
            traced(
                &probability(first.by_chance),
                first.by_chance,
                &format!("{path}.first.by_chance")
            ),
            ")"
        ]
    });
    let judged: Vec<Text> = judged.collect();
    if judged.is_empty() {
        return None;
    }
    let mut text = text![
        "In the best box that one half of the worlds finds, the condition holds in so many worlds of the other half: "
    ];
    text.extend(judged.join(&words(", and the other way round ")));
    if let Some(shuffled) = &results.evidence.shuffled {
        let as_strong = shuffled.as_strong;
        text.extend(text![
            format!("; of {} shuffles of the condition ", shuffled.searches),
            traced(
                &as_strong.to_string(),
                as_strong as f64,
                "evidence.shuffled.as_strong"
            ),
            " give a box as simple for which as much speaks"
        ]);
    }
    text.push(words("."));
    Some(text)
}

fn tree(results: &DiscoveryResults) -> Vec<Block> {
    let tree = &results.tree;
    let wrong = share(tree.validated_error, "tree.validated_error".to_owned());
    let guessing = percent(results.share.min(1.0 - results.share));
    let most = |boxes: &[BoxResult]| boxes.len().min(MOST_OF_TREE);
    let of_tree = |id: &str, caption: &str, path: &str, boxes: &[BoxResult]| -> Block {
        table(id, caption, path, &boxes[..most(boxes)]).into()
    };
    let mut blocks = Vec::new();
    if !tree.boxes.is_empty() {
        let caption = "Second opinion: boxes of a classification tree";
        blocks.push(of_tree("tree", caption, "tree.boxes", &tree.boxes));
    }
    if !tree.may_be_chance.is_empty() {
        let caption =
            "Second opinion, may be chance: boxes of a classification tree that do not pass";
        let boxes = &tree.may_be_chance;
        blocks.push(of_tree(
            "tree-may-be-chance",
            caption,
            "tree.may_be_chance",
            boxes,
        ));
    }
    if blocks.is_empty() {
        return vec![paragraph(text![
            "Second opinion: a classification tree finds no split that holds up on worlds it has not seen (",
            wrong,
            format!(" on the wrong side; guessing: {guessing}).")
        ])];
    }
    blocks.push(note(text![
        wrong,
        format!(" of unseen worlds are on the wrong side of the tree; guessing: {guessing}.")
    ]));
    blocks
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
