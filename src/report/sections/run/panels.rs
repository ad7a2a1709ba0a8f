//! Panels of one kind side by side, one for each arm, on one scale.

use crate::report::chart::{Chart, Fan};
use crate::report::document::{Block, Figure, Files};
use crate::theory::stats::summary::Stat;

/// Fans on one scale, a panel per arm, which is their title; their data are `ID.csv`.
pub(super) fn panels(id: &str, fans: Vec<Fan>, files: &mut Files) -> Block {
    let range = Fan::range_of(&fans);
    let range = (range.0.min(0.0), range.1);
    let charts = fans.into_iter().map(|fan| {
        let fan = Fan {
            range: Some(range),
            ..fan
        };
        (fan.head.title.clone(), fan.chart())
    });
    let charts: Vec<(String, Chart)> = charts.collect();
    Figure::panels(id, "arm", charts, files)
}

/// The 5%, 25%, 50%, 75% and 95% points; NaN where there are none.
pub(super) fn points(stat: Option<Stat>) -> [f64; 5] {
    stat.map_or([f64::NAN; 5], |stat| {
        [stat.p05, stat.p25, stat.p50, stat.p75, stat.p95]
    })
}
