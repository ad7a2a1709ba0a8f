//! Who gains and who loses: a hundred worlds of each state, then by how much.

use crate::report::chart::{Chart, Forest, ForestRow, Head, Hundred, HundredRow, Point, dots_of};
use crate::report::document::{Block, Figure, Heading, Rows, Table, paragraph, text, written};
use crate::report::numbers::{Pair, mark};
use crate::report::sections::columns::difference;
use crate::report::sections::run::beside::reader::{BEFORE, WorldDifferences};
use crate::report::sections::run::facts::Facts;
use crate::report::sections::run::winners::summary;
use crate::report::sentence::say;

/// Amounts closer to zero than this, US$ bn, are none: a dollar.
const NOTHING: f64 = 1e-9;

pub(super) fn blocks(
    facts: &Facts<'_>,
    base: Option<&Facts<'_>>,
    differences: Option<&WorldDifferences>,
) -> Vec<Block> {
    let Some(arm) = facts.headline() else {
        return Vec::new();
    };
    let ranked = facts.ranked(arm, facts.reference);
    let before = |i: usize| {
        let base = base?;
        Some(base.state_pair(base.headline()?, base.reference, i, "payoff"))
    };
    let mut blocks = vec![paragraph(summary(facts, arm))];
    if let (Some(differences), false) = (differences, facts.is_single()) {
        let chart = hundred(facts, &ranked, &before, differences);
        blocks.push(figure(chart.chart()));
    }
    blocks.push(figure(forest(facts, &ranked, &before).chart()));
    blocks.push(table(facts, arm, &ranked, &before).into());
    blocks
}

fn figure(chart: Chart) -> Block {
    Block::Figure {
        figure: Figure::bare(chart),
    }
}

/// A row of a hundred worlds for each state.
fn hundred(
    facts: &Facts<'_>,
    ranked: &[(usize, Pair)],
    before: &dyn Fn(usize) -> Option<Pair>,
    differences: &WorldDifferences,
) -> Hundred {
    let shares = |values: &[f64]| {
        let count = |accepts: &dyn Fn(f64) -> bool| {
            values.iter().filter(|&&value| accepts(value)).count() as f64
        };
        let (gains, loses) = (count(&|x| x > NOTHING), count(&|x| x < -NOTHING));
        [gains, values.len() as f64 - gains - loses, loses]
    };
    let rows = ranked.iter().map(|(i, pair)| {
        let was = before(*i).and_then(|pair| pair.paired.better);
        HundredRow {
            label: facts.state(*i).name.clone(),
            dots: dots_of(shares(&differences.states[*i])),
            line: was.map(|share| libm::round(100.0 * share) as usize),
            note: written(&[pair.better()]),
        }
    });
    let rows: Vec<HundredRow> = rows.collect();
    let said = rows.iter().map(|row| {
        let [gains, same, loses] = row.dots;
        format!("{}: {gains} gain, {same} the same, {loses} lose", row.label)
    });
    let moved = rows.iter().any(|row| row.line.is_some());
    Hundred {
        head: Head {
            id: "hundred".to_owned(),
            title: "In how many of 100 worlds each state gains or loses".to_owned(),
            alternative: format!(
                "A row of a hundred dots for each state. {}.",
                said.collect::<Vec<_>>().join("; ")
            ),
            ..Head::default()
        },
        kinds: ["gains", "the same", "loses"].map(str::to_owned),
        line: match moved {
            true => format!("gains {BEFORE}"),
            false => String::new(),
        },
        rows,
    }
}

/// By how much, with what it was.
fn forest(
    facts: &Facts<'_>,
    ranked: &[(usize, Pair)],
    before: &dyn Fn(usize) -> Option<Pair>,
) -> Forest {
    let moved = ranked.iter().any(|(i, _)| before(*i).is_some());
    let point = |pair: &Pair| pair.paired.difference.as_ref().map(mark);
    // Of what it was no middle half is drawn: it stands thin beside what it is.
    let thin = |point: Point| Point {
        inner: (f64::NAN, f64::NAN),
        ..point
    };
    let rows = ranked.iter().map(|(i, pair)| {
        let mut points = vec![point(pair)];
        if moved {
            points.push(before(*i).as_ref().and_then(point).map(thin));
        }
        ForestRow {
            faint: false,
            label: facts.state(*i).name.clone(),
            points,
            note: written(&[pair.difference().difference()]),
        }
    });
    let said = ranked.iter().map(|(i, pair)| {
        let is = written(&[pair.difference().difference()]);
        let was = before(*i).map(|pair| written(&[pair.difference().difference()]));
        let was = was.map_or_else(String::new, |was| format!(", {was} {BEFORE}"));
        format!("{} {is}{was}", facts.state(*i).name)
    });
    let series = match moved {
        true => vec!["with what is changed".to_owned(), BEFORE.to_owned()],
        false => vec!["difference".to_owned()],
    };
    Forest {
        head: Head {
            id: "states".to_owned(),
            title: "By how much: average, middle half and 90% of worlds".to_owned(),
            alternative: format!(
                "One row per state: a dot at the average difference, a thin line over 90% of worlds, a vertical line at zero. {}.",
                said.collect::<Vec<_>>().join("; ")
            ),
            x: format!("difference, {} (present value)", facts.short_unit()),
            y: String::new(),
        },
        series,
        rows: rows.collect(),
        from_zero: true,
        floor: None,
        thin: moved.then_some(1),
    }
}

/// The numbers behind both figures.
fn table(
    facts: &Facts<'_>,
    arm: usize,
    ranked: &[(usize, Pair)],
    before: &dyn Fn(usize) -> Option<Pair>,
) -> Table {
    let moved = ranked.iter().any(|(i, _)| before(*i).is_some());
    Rows::of(ranked)
        .column(Heading::words("state"), |(i, _)| {
            facts.state(*i).name.clone()
        })
        .column(Heading::number("more"), |(_, pair)| difference(pair))
        .column(Heading::number("90% of worlds"), |(_, pair)| {
            pair.difference().range(" to ")
        })
        .column(Heading::number("better in"), |(_, pair)| {
            text![pair.better()]
        })
        .if_so(moved, |rows| {
            rows.column(Heading::number(BEFORE), |(i, _)| {
                before(*i).map_or_else(Default::default, |pair| difference(&pair))
            })
        })
        .table(
            "states",
            say!(
                "What {} brings each state against {}, {}",
                facts.arm(arm),
                facts.arm(facts.reference),
                facts.unit()
            ),
        )
}
