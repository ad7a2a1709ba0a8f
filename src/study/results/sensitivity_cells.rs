//! The worlds that a sensitivity study played, as a table: one row each, with its factors' quantities and its results.

use crate::engine::model::Model;
use crate::study::factors::Factor;
use crate::study::readings::WorldReadings;
use crate::study::results::columns::unit_of;
use crate::study::results::sheet::{Format, Sheet, SheetHeading};
use std::io::{self, Write};

/// What the table is about.
#[derive(Clone, Copy)]
pub struct CellsOf<'a> {
    /// The model.
    pub model: &'a Model,
    /// The factors.
    pub factors: &'a [Factor],
    /// Paths of the results.
    pub outputs: &'a [String],
    /// The worlds: results by output, draws by quantity of the factors, factor by factor.
    pub played: &'a WorldReadings,
}

/// Writes the table: `cell`, a column for each quantity by its path, a column for each result by its path; an empty cell where a world lacks
/// the number.
///
/// # Errors
/// What writing returns.
pub fn write_cells(
    cells: &CellsOf<'_>,
    format: Format,
    writer: impl Write + Send,
) -> io::Result<()> {
    let members = cells.factors.iter().flat_map(|factor| &factor.members);
    let paths = members.map(|&index| cells.model.draw_name(index));
    let mut headings = vec![SheetHeading::index("cell")];
    headings.extend(paths.map(|path| SheetHeading::number(&path, "")));
    let outputs = cells.outputs.iter();
    headings.extend(outputs.map(|output| SheetHeading::number(output, unit_of(output))));
    let mut sheet = Sheet::new(format, &headings, writer)?;
    let WorldReadings { values, draws } = cells.played;
    let worlds = values.first().map_or(0, Vec::len);
    for world in 0..worlds {
        sheet.index(world as u64)?;
        for column in draws.iter().chain(values) {
            sheet.number(column[world])?;
        }
        sheet.end_row()?;
    }
    sheet.finish()?.flush()
}
