//! Section 4: who is in, who left, how long talks took.

use super::facts::Facts;
use super::windows::by_window;
use crate::report::amounts::NONE;
use crate::report::chart::{Head, Heat, HeatCell};
use crate::report::document::{
    Block, Cell, Figure, Files, Heading, Rows, Section, Table, note, paragraph, text, words,
};
use crate::report::numbers::{Quote, frequency, share};
use crate::study::results::run::Shares;
use crate::theory::spelling::units::percent;

pub(super) fn section(facts: &Facts<'_>, files: &mut Files) -> Section {
    let accords = facts.accords();
    let blocks = match accords.is_empty() {
        true => vec![paragraph("No arm of this scenario seeks an accord.")],
        false => {
            let mut blocks = vec![
                talks(facts).into(),
                map(facts, &accords, files),
                states(facts, &accords).into(),
                note(
                    "Members and leavers are means over windows: 50% is half of all windows and worlds. A member leaves where it gets more outside than \
                     inside and the penalty does not outweigh that.",
                ),
            ];
            let about = [
                "accord-size",
                "Members of the accord in each window",
                "states",
            ];
            blocks.extend(by_window(
                facts,
                accords,
                about,
                |one| one.accord_size,
                files,
            ));
            blocks
        }
    };
    Section::new(
        "members",
        "Who is in, who left, how long they talked",
        blocks,
    )
}

/// How accords formed.
pub(super) fn talks(facts: &Facts<'_>) -> Table {
    let path = |arm: usize, key: &str| format!("arms.{}.accord.{key}", facts.name(arm));
    let accord = |arm: usize| &facts.result(arm).accord;
    Rows::of(facts.accords())
        .column(Heading::number("arm"), |&arm| facts.arm(arm))
        .column(Heading::words("adopted by").goes(1), |&arm| {
            Cell::words(facts.model.arms[arm].adopted_by())
        })
        .column(Heading::number("an accord in"), |&arm| {
            frequency(accord(arm).formed, facts.trials(), path(arm, "formed"))
        })
        .column(Heading::number("members"), |&arm| {
            Quote::new(accord(arm).size, path(arm, "size")).decimals(1)
        })
        .column(Heading::number("rounds of talks").goes(2), |&arm| {
            Quote::new(accord(arm).rounds, path(arm, "rounds")).decimals(1)
        })
        .table(
            "accords",
            "How accords formed: worlds with one in any window; members and rounds, mean of all windows",
        )
}

/// Shares of membership by arm and state.
fn map(facts: &Facts<'_>, accords: &[usize], files: &mut Files) -> Block {
    let cells = accords.iter().map(|&arm| {
        let member = &facts.result(arm).accord.member;
        let states = facts.model.states.iter();
        let cells = states.map(|state| {
            let value = *member.get(&state.id)?;
            Some(HeatCell {
                value,
                text: percent(value),
                open: false,
                own: false,
            })
        });
        cells.collect()
    });
    let most = |arm: usize| {
        let member = facts.result(arm).accord.member.iter();
        let most = member.reduce(|one, other| if other.1 > one.1 { other } else { one });
        most.map_or(String::new(), |(id, share)| {
            format!("{}: most often {id}, {}", facts.name(arm), percent(*share))
        })
    };
    let said: Vec<String> = accords.iter().map(|&arm| most(arm)).collect();
    let chart = Heat {
        head: Head {
            id: "membership".to_owned(),
            title: "How often each state is a member, by arm (share of windows and worlds)"
                .to_owned(),
            alternative: format!(
                "A cell for each arm and state, the bluer the more often it is a member. {}.",
                said.join("; ")
            ),
            x: "state".to_owned(),
            y: "arm".to_owned(),
        },
        columns: facts
            .model
            .states
            .iter()
            .map(|state| state.id.clone())
            .collect(),
        rows: accords
            .iter()
            .map(|&arm| facts.name(arm).to_owned())
            .collect(),
        cells: cells.collect(),
        most: 1.0,
    };
    Figure::alone(chart.chart(), files)
}

fn states(facts: &Facts<'_>, accords: &[usize]) -> Table {
    let part = |arm: usize, i: usize, shares: &Shares, key: &str| {
        let id = &facts.state(i).id;
        let path = format!("arms.{}.accord.{key}.{id}", facts.name(arm));
        let share = |&value: &f64| share(value, path.clone());
        shares.get(id).map_or_else(|| words(NONE), share)
    };
    Rows::of(0..facts.model.states.len())
        .column(Heading::words("state"), |&i| facts.state(i).name.as_str())
        .each(accords, |rows, &arm| {
            let accord = &facts.result(arm).accord;
            rows.column(Heading::number(facts.name(arm)), |&i| {
                text![
                    part(arm, i, &accord.member, "member"),
                    ", ",
                    part(arm, i, &accord.left, "left")
                ]
            })
        })
        .table(
            "members-table",
            "How often each state was a member, and how often it left, as shares of windows and worlds",
        )
}
