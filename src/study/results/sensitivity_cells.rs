//! The worlds that a sensitivity study played, as a table: one row each, with its factors' quantities and its results.

use crate::study::results::columns::unit_of;
use crate::study::results::sheet::{Format, Sheet, SheetHeading};
use std::io::{self, Write};

/// What the table is about.
#[derive(Debug, Clone)]
pub struct CellsOf<'a> {
    /// The members of factors, factor by factor: names, and values by world.
    pub factors: Vec<(String, &'a [f64])>,
    /// The results: paths, and values by world.
    pub outputs: Vec<(&'a str, &'a [f64])>,
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
    let CellsOf { factors, outputs } = cells;
    let mut headings = vec![SheetHeading::index("cell")];
    headings.extend((factors.iter()).map(|(name, _)| SheetHeading::number(name, "")));
    headings.extend((outputs.iter()).map(|(name, _)| SheetHeading::number(name, unit_of(name))));
    let mut sheet = Sheet::new(format, &headings, writer)?;
    let worlds = outputs.first().map_or(0, |(_, values)| values.len());
    let factors = factors.iter().map(|(_, values)| *values);
    let columns = factors.chain(outputs.iter().map(|(_, values)| *values));
    let columns: Vec<&[f64]> = columns.collect();
    for world in 0..worlds {
        sheet.index(world as u64)?;
        for column in &columns {
            sheet.number(column[world])?;
        }
        sheet.end_row()?;
    }
    sheet.finish()?.flush()
}
