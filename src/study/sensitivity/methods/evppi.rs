//! The value of information: what it is worth to know a factor before the choice between two arms.

use crate::study::results::sensitivity::FactorResult;
use crate::study::sensitivity::method::{Description, FactorJudge, PLAIN, WorldsOfMethod};
use crate::theory::sensitivity::given_data::{evpi, evppi};
use crate::theory::sensitivity::group_value::evppi_of_group;

/// The method.
pub const EVPPI: Description = Description {
    name: "evppi",
    ranked_by: "evppi",
    shown: &["evppi"],
    meaning: "evppi: what it would be worth, on average, to know the factor before the arm is chosen, in US$ bn.",
    takes_groups: true,
    of_differences: true,
    worlds: WorldsOfMethod::Any(FactorJudge {
        factor: |x, y, bootstrap| {
            let zeros = vec![0.0; y.len()];
            let worth = evppi(x, &[&zeros, y], bootstrap)?;
            Some(FactorResult {
                evppi: Some(worth.into()),
                ..FactorResult::default()
            })
        },
        group: |members, y, bootstrap| {
            let zeros = vec![0.0; y.len()];
            let worth = evppi_of_group(members, &[&zeros, y], bootstrap)?;
            Some(FactorResult {
                evppi: Some(worth.into()),
                ..FactorResult::default()
            })
        },
        whole: |y, bootstrap| {
            let zeros = vec![0.0; y.len()];
            evpi(&[&zeros, y], bootstrap)
        },
    }),
    ..PLAIN
};
