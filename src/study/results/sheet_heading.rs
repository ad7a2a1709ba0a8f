//! The columns of a table.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Whole numbers from 0.
    Index,
    /// Text.
    Label,
    /// Numbers, each of which may be absent.
    Number,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetHeading {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
    /// Unit of its numbers, empty for none.
    pub unit: String,
}

impl SheetHeading {
    /// A column of whole numbers.
    pub fn index(name: &str) -> SheetHeading {
        SheetHeading::new(name, ColumnKind::Index, "")
    }

    /// A column of text.
    pub fn label(name: &str) -> SheetHeading {
        SheetHeading::new(name, ColumnKind::Label, "")
    }

    /// A column of numbers in a unit.
    pub fn number(name: &str, unit: &str) -> SheetHeading {
        SheetHeading::new(name, ColumnKind::Number, unit)
    }

    fn new(name: &str, kind: ColumnKind, unit: &str) -> SheetHeading {
        SheetHeading {
            name: name.to_owned(),
            kind,
            unit: unit.to_owned(),
        }
    }
}
