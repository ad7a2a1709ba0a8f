//! Numbers of accords over worlds, with their intervals of 90%.

use crate::study::accords::objectives::{
    AccordJudgement, AccordObjective, OBJECTIVES, ObjectiveValues,
};
use crate::study::results::sensitivity::Interval;
use crate::theory::stats::groups::Groups;
use crate::theory::stats::interval::{Z90, wilson};
use crate::theory::stats::summary::{Stat, Streamed};
use indexmap::IndexMap;
use serde_json::Value;

/// A mean over independent worlds with its interval of 90%.
pub fn mean_of(values: impl Iterator<Item = f64> + Clone) -> Interval {
    let stat = stat_of(values, Groups::SINGLE);
    let value = stat.as_ref().map_or(0.0, |stat| stat.mean);
    let half = stat.and_then(|stat| stat.se).map(|se| Z90 * se);
    Interval {
        value,
        low: half.map(|half| value - half),
        high: half.map(|half| value + half),
    }
}

/// By the keys of the objectives.
pub fn keyed<T>(all: &ObjectiveValues, of: impl Fn(f64) -> T) -> IndexMap<String, T> {
    let each = AccordObjective::ALL.iter().zip(all);
    each.map(|(objective, &x)| (objective.key().to_owned(), of(x)))
        .collect()
}

/// The same with what are shares kept between 0 and 1.
pub fn of_shares(mut all: IndexMap<String, Interval>) -> IndexMap<String, Interval> {
    for objective in [AccordObjective::AllGain, AccordObjective::Holds] {
        if let Some(one) = all.get_mut(objective.key()) {
            one.low = one.low.map(|low| low.max(0.0));
            one.high = one.high.map(|high| high.min(1.0));
        }
    }
    all
}

/// Objectives with intervals of 90% by their standard errors.
pub fn intervals(judged: &AccordJudgement) -> IndexMap<String, Interval> {
    within(&judged.all, &judged.std_errors())
}

pub fn within(all: &ObjectiveValues, errors: &ObjectiveValues) -> IndexMap<String, Interval> {
    let each = (0..OBJECTIVES).map(|k| {
        let (value, half) = (all[k], Z90 * errors[k]);
        let interval = Interval {
            value,
            low: Some(value - half),
            high: Some(value + half),
        };
        (AccordObjective::ALL[k].key().to_owned(), interval)
    });
    each.collect()
}

/// A share of worlds with its interval of 90%.
pub fn share_of(worlds: impl Iterator<Item = bool>) -> Interval {
    let (mut hits, mut all) = (0.0, 0.0);
    for hit in worlds {
        hits += f64::from(u8::from(hit));
        all += 1.0;
    }
    let (low, high) = wilson(hits, all, Z90);
    Interval {
        value: hits / all,
        low: Some(low),
        high: Some(high),
    }
}

pub fn stat_of(values: impl Iterator<Item = f64> + Clone, groups: Groups) -> Option<Stat> {
    let mut streamed = Streamed::new(groups);
    values.clone().for_each(|value| streamed.push(value));
    streamed.stat_of_values(values).filter(Stat::is_finite)
}

/// A value of a scenario as JSON, of a quantity that is a number that number; null where there is none.
pub fn json(value: Option<&toml::Value>) -> Value {
    let plain = value.and_then(|value| value.get("value"));
    plain.or(value).map_or(Value::Null, |value| {
        serde_json::to_value(value).expect("numbers of a valid scenario are finite")
    })
}
