//! Places in the texts of a scenario's layers.

/// Bytes `start..end` of the text of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TextSpan {
    /// Index of the layer among the sources.
    pub layer: usize,
    /// First byte, from the start of that text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// The line of a byte, from 1.
pub fn line_of(text: &str, byte: usize) -> usize {
    let before = &text.as_bytes()[..byte.min(text.len())];
    before.iter().filter(|&&b| b == b'\n').count() + 1
}

/// Where the lines of a text end, for those who ask for many bytes.
pub struct LineIndex(Vec<usize>);

impl LineIndex {
    /// The lines of a text.
    pub fn of(text: &str) -> LineIndex {
        let bytes = text.bytes().enumerate();
        LineIndex(
            bytes
                .filter(|(_, b)| *b == b'\n')
                .map(|(at, _)| at)
                .collect(),
        )
    }

    /// The line of a byte, from 1, as [`line_of`] finds it.
    pub fn line_of(&self, byte: usize) -> usize {
        self.0.partition_point(|&end| end < byte) + 1
    }
}
