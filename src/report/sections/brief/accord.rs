//! What the accord is worth beyond this table, and what makes the difference.

use crate::report::amounts::{present_value, unit};
use crate::report::document::{Block, Figure, Section, Text, code, note, paragraph, plain, text};
use crate::report::sections::brief::view::BriefView;
use crate::report::sections::causes::{Split, Splits};
use crate::report::sentence::say;
use crate::study::results::brief::AccordPart;
use crate::study::results::run::PairedWithCauses;

/// None without an accord, or where it makes no difference.
pub fn section(view: &BriefView) -> Option<Section> {
    let part = view.results.accord.as_ref()?;
    let (own, all) = (states(view, part), region(view, part));
    let sentences = own.iter().filter(|_| part.states.len() == 1);
    let sentences = sentences.chain([&all]).filter_map(|row| {
        let of = say!(
            " ({}, {} less {})",
            row.label.clone(),
            code(part.arm.as_str()),
            code(part.reference.as_str())
        );
        let splits = Splits::of_arms(vec![row.clone()]);
        splits.sentence(&of, view.results.manifest.trials)
    });
    let mut blocks: Vec<Block> = sentences.map(paragraph).collect();
    if blocks.is_empty() {
        return None;
    }
    let unit = unit(&view.model.horizon);
    let each = Splits::of_arms(own.iter().cloned().chain([all]).collect());
    let mut meaning = format!(
        "Payoffs over all windows, US$ bn, {}, in every world, also where these talks do not take place.",
        present_value(&view.model.horizon)
    );
    if view.whole {
        let title = format!(
            "What makes the difference, {} less {}",
            part.arm, part.reference
        );
        let drawn = Splits::of_arms(own).chart(("accord-causes", &title), &unit);
        blocks.push(Block::Figure {
            figure: Figure::whole(drawn),
        });
        let caption = say!(
            "What makes the difference: payoff as {} less {}, {}",
            code(part.arm.as_str()),
            code(part.reference.as_str()),
            unit
        );
        blocks.push(each.table("of", ("accord-table", caption), true).into());
        meaning = format!("{meaning} {}", each.meanings());
    }
    blocks.push(note(meaning));
    Some(Section::new(
        "accord",
        "What the accord is worth in all",
        blocks,
    ))
}

/// Each on this side of the table.
fn states(view: &BriefView, part: &AccordPart) -> Vec<Split> {
    let rows = part.states.iter().map(|(id, both)| {
        let name = plain(view.state_name(id));
        split(view, name, both, &format!("accord.states.{id}"))
    });
    rows.collect()
}

fn region(view: &BriefView, part: &AccordPart) -> Split {
    let all = text!["all states"];
    split(view, all, &part.totals, "accord.totals")
}

fn split(view: &BriefView, label: Text, both: &PairedWithCauses, place: &str) -> Split {
    Split::of_arms(label, both, place, false, view.results.manifest.trials)
}
