//! What a reader sees of a discovery: the box in words, the trade-off, how far to trust it, and the tree beside it.

use crate::report::render::terminal::table;
use crate::report::wrap::wrapped;
use crate::study::results::discover::{BoxResult, DiscoveryResults, RobustnessResult};
use crate::theory::spelling::units::{count, number, percent};

/// Quasi-p-values above this are marked: the restriction may be chance.
const DOUBTFUL: f64 = 0.05;

/// The text, `width` columns wide.
pub fn text(results: &DiscoveryResults, width: usize) -> String {
    let mut text = wrapped(&sentence(results), width);
    if !results.boxes.is_empty() {
        text.push('\n');
        text += &trade_off(results, width);
        text.push('\n');
        text += &trust(&results.boxes[0], width);
    }
    if results.cover.len() > 1 {
        text.push('\n');
        text += &cover(results, width);
    }
    text.push('\n');
    text += &tree(results, width);
    for (who, arms) in &results.robustness {
        text.push('\n');
        text += &robustness(who, arms, width);
    }
    text.push('\n');
    let footer = format!(
        "{} worlds; searched {} of {} uncertain quantities{}; differences are to `{}`; seed {}.",
        count(results.worlds),
        results.searched.len(),
        count(results.factors),
        match results.factors > results.searched.len() as u64 {
            true => ", those that tell these worlds apart best by themselves",
            false => "",
        },
        results.reference,
        results.manifest.seed
    );
    text + &wrapped(&footer, width)
}

fn sentence(results: &DiscoveryResults) -> String {
    let condition = &results.condition;
    let held = format!(
        "`{condition}` holds in {} of {} worlds",
        percent(results.share),
        count(results.worlds)
    );
    match results.boxes.first() {
        None => format!("{held}; no box of worlds is dense enough to name."),
        Some(first) if first.qp.values().all(|qp| *qp > DOUBTFUL) => format!(
            "{held}; nothing tells them apart by more than chance: the best box, {}, holds {} of its worlds, {} of the worlds inside.",
            words(first),
            percent(first.coverage),
            percent(first.density)
        ),
        Some(first) => format!(
            "{held}; mostly when {}: {} of its worlds, {} of the worlds inside.",
            words(first),
            percent(first.coverage),
            percent(first.density)
        ),
    }
}

/// The limits of a box in words.
fn words(one: &BoxResult) -> String {
    if one.limits.is_empty() {
        return "nothing in particular is the case".to_owned();
    }
    let limits = one
        .limits
        .iter()
        .map(|(path, [low, high])| match (low, high) {
            (Some(low), Some(high)) => format!("{path} is {} to {}", short(*low), short(*high)),
            (Some(low), None) => format!("{path} is above {}", short(*low)),
            (None, Some(high)) => format!("{path} is under {}", short(*high)),
            (None, None) => path.clone(),
        });
    let limits: Vec<String> = limits.collect();
    match limits.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => limits.concat(),
    }
}

/// A limit to three digits.
fn short(x: f64) -> String {
    let rounded: f64 = format!("{x:.2e}").parse().unwrap_or(x);
    rounded.to_string()
}

fn trade_off(results: &DiscoveryResults, width: usize) -> String {
    let header = ["restrictions", "coverage", "density", "worlds"].map(str::to_owned);
    let mut boxes: Vec<&BoxResult> = results.boxes.iter().collect();
    boxes.sort_by_key(|one| one.limits.len());
    let mut text = wrapped(
        "The best box of each number of restrictions: the share of the condition's worlds that it covers, of its own worlds that are such, and of all worlds:",
        width,
    );
    let rows = boxes.iter().map(|one| {
        vec![
            one.limits.len().to_string(),
            percent(one.coverage),
            percent(one.density),
            percent(one.mass),
        ]
    });
    text += &table(&header, rows.collect(), width);
    for one in boxes {
        text += &wrapped(&format!("{}: {}", one.limits.len(), words(one)), width);
    }
    text
}

fn trust(first: &BoxResult, width: usize) -> String {
    let header = [
        "restricted in the box above",
        "found again in half the worlds",
        "quasi-p",
    ];
    let rows = first.qp.iter().map(|(path, qp)| {
        let again = first.reproducibility.get(path);
        let mark = if *qp > DOUBTFUL {
            " (may be chance)"
        } else {
            ""
        };
        let qp = if *qp < 1e-4 {
            "<0.0001".to_owned()
        } else {
            format!("{qp:.4}")
        };
        vec![
            format!("{path}{mark}"),
            again.map_or_else(|| "·".to_owned(), |again| percent(*again)),
            qp,
        ]
    });
    table(&header.map(str::to_owned), rows.collect(), width)
}

fn cover(results: &DiscoveryResults, width: usize) -> String {
    let mut text = wrapped(
        "Boxes one after the other, each of the worlds that those before it leave:",
        width,
    );
    for (place, one) in results.cover.iter().enumerate() {
        let line = format!(
            "{}. {}: {} of all its worlds, {} of those inside",
            place + 1,
            words(one),
            percent(one.coverage),
            percent(one.density)
        );
        text += &wrapped(&line, width);
    }
    text
}

fn tree(results: &DiscoveryResults, width: usize) -> String {
    let tree = &results.tree;
    let wrong = percent(tree.validated_error);
    let plain = percent(results.share.min(1.0 - results.share));
    if tree.boxes.is_empty() {
        let line = format!(
            "Second opinion: a classification tree finds no split that holds up on worlds it has not seen ({wrong} on the wrong side; guessing: {plain})."
        );
        return wrapped(&line, width);
    }
    let line = format!(
        "Second opinion, a classification tree ({wrong} of unseen worlds on the wrong side; guessing: {plain}):"
    );
    let mut text = wrapped(&line, width);
    for one in tree.boxes.iter().take(3) {
        let line = format!(
            "- {}: {} of its worlds, {} of those inside",
            words(one),
            percent(one.coverage),
            percent(one.density)
        );
        text += &wrapped(&line, width);
    }
    text
}

fn robustness(
    who: &str,
    arms: &indexmap::IndexMap<String, RobustnessResult>,
    width: usize,
) -> String {
    let title = format!(
        "Without trusting the probabilities, {who}: worst payoff, regret (what the best arm of each world has more), US$ bn; worlds in \
         which no arm is better; worlds that reach the reference's median"
    );
    let header = [
        "arm",
        "worst",
        "mean regret",
        "95% regret",
        "largest",
        "best",
        "enough",
    ];
    let rows = arms.iter().map(|(name, one)| {
        let money = |x: f64| number(x, Some(x.abs() / 50.0));
        vec![
            name.clone(),
            money(one.worst),
            money(one.mean_regret),
            money(one.p95_regret),
            money(one.max_regret),
            percent(one.best),
            percent(one.satisficing),
        ]
    });
    wrapped(&title, width) + &table(&header.map(str::to_owned), rows.collect(), width)
}
