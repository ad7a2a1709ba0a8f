//! Figures: plain data in, an SVG out, with its alternative text and its data as CSV.
//!
//! Each kind of figure is a struct of plain numbers and words with a function `chart`. Nothing here knows what the numbers mean. An SVG
//! has no colours of its own: its shapes carry classes that [`STYLE`](crate::report::render::html::STYLE) colours for light, dark and print. The
//! crates for figures write their colours into each shape and leave out `title` and `desc`, which is why this writes its own.

pub mod canvas;
mod dots;
mod fan;
mod forest;
mod frame;
mod heat;
mod hundred;
mod lines;
mod names;
mod plane;
pub mod scale;
mod stack;
mod tornado;

pub use dots::{DotCell, DotRow, DotSign, Dots};
pub use fan::{Fan, FanPoint};
pub use forest::{Forest, ForestRow, Point};
pub use frame::{Chart, Data, Head};
pub use heat::{Heat, HeatCell};
pub use hundred::{Hundred, HundredRow, dots_of};
pub use lines::{Density, Line, LinePoint, Lines};
pub use plane::{Plane, PlaneKind, around};
pub use stack::{Stack, StackRow};
pub use tornado::{Tornado, TornadoRow};
