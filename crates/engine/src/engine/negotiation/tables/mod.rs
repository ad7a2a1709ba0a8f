//! Tables (model, sections 4 to 6): the order of meetings, tenders, gains, terms and disagreement, and the deal of a pair, a bloc or an auction.

pub mod bloc;
mod clause;
mod concession;
pub mod contest;
pub mod deal;
pub mod disagreement;
mod gains;
pub mod meetings;
pub mod order;
mod outsider;
pub mod pairs;
mod placing;
pub mod play;
pub mod problem;
mod prospect;
mod random_order;
pub mod record;
pub mod setting;
pub mod talks;
mod tender;
mod terms;
