//! What one world shows of a table, as bytes.

use crate::engine::negotiation::tables::disagreement::{Disagreement, Substitute};
use crate::engine::negotiation::tables::problem::{BargainingProblem, Obstacle};
use crate::study::brief::world::{Joint, Measure, MetTable, Moved, Observation};
use crate::study::packed::{Packed, packed_as};
use crate::theory::bargaining::offer::Coefficients;
use crate::theory::bargaining::{Agreement, Gains};

packed_as!(Gains { state, hyperscaler });
packed_as!(Coefficients {
    a,
    b,
    c,
    d,
    min,
    max,
    scale,
    foreseen
});
packed_as!(Agreement {
    lambda,
    state_gain,
    hyperscaler_gain,
    transfer,
    value,
    cost
});
packed_as!(BargainingProblem {
    table,
    placed,
    gains,
    pressure,
    stake,
    coefficients,
    schedule,
    reserve,
    outcomes,
});
packed_as!(Substitute {
    state,
    host,
    quality,
    weight
});
packed_as!(Disagreement {
    own,
    others,
    elsewhere,
    behind,
    switching,
    with_deal,
    home_margin,
    other_margin,
    hosting,
    compliance,
    stranded,
    substitutes,
    hosted,
});
packed_as!(Obstacle, one of Obstacle::ALL);
packed_as!(MetTable {
    problem,
    disagreement,
    other_deals,
    outcome,
    repricing,
    is_paid
});
packed_as!(Moved {
    pressure,
    stake,
    state_gain,
    hyperscaler_gain,
    leverage
});
packed_as!(Joint {
    table,
    state_walk_away,
    hyperscaler_walk_away,
    state_with_deal,
    hyperscaler_with_deal,
});
packed_as!(Observation {
    accord,
    most_favoured,
    table,
    moved,
    joint,
    alone
});
packed_as!(Measure {
    states,
    hyperscaler,
    states_with_deal,
    hyperscaler_with_deal
});
packed_as!(SeenWorld {
    observation,
    changed,
    accord
});

/// A world: the table as it is, what it measures with each change that is tried, and what the accord is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenWorld {
    /// The table.
    pub observation: Observation,
    /// With each change.
    pub changed: Vec<Measure>,
    /// What is read of the accord, by output.
    pub accord: Vec<f64>,
}

impl Packed for Result<Box<MetTable>, Obstacle> {
    fn pack(&self, bytes: &mut Vec<u8>) {
        self.is_ok().pack(bytes);
        match self {
            Ok(table) => table.pack(bytes),
            Err(obstacle) => obstacle.pack(bytes),
        }
    }

    fn unpack(bytes: &mut &[u8]) -> Option<Self> {
        Some(match bool::unpack(bytes)? {
            true => Ok(Box::new(MetTable::unpack(bytes)?)),
            false => Err(Obstacle::unpack(bytes)?),
        })
    }
}
