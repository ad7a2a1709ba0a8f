//! The main difference of a run as a figure of characters: a row per state with its average, the range of 90% of worlds, and zero.

use crate::report::chart::Point;
use crate::report::headline::headline_arm;
use crate::report::numbers::mark;
use crate::report::render::marks::figure;
use crate::report::tables::{View, label};

/// Columns of the figure, at most: those of a page.
const PAGE: usize = 80;

/// The figure with its title; none where there is one world or one arm, or no state has a difference.
pub(crate) fn forest(view: &View<'_>) -> Option<(String, String)> {
    let arm = headline_arm(view).filter(|_| !view.is_single())?;
    let states = view.model.states.iter().enumerate();
    let rows = states.filter_map(|(i, state)| {
        let difference = view.payoff(arm, view.reference, i).difference?;
        Some((label(state), mark(&difference)))
    });
    let mut rows: Vec<(String, Point)> = rows.collect();
    rows.sort_by(|one, other| other.1.value.total_cmp(&one.1.value));
    let title = format!(
        "What `{}` brings each state against `{}`, US$ bn: average (\u{25cf}), 90% of worlds (\u{2500}), zero (\u{2502})",
        view.name(arm),
        view.name(view.reference)
    );
    Some((title, figure(&rows, view.width.min(PAGE))?))
}
