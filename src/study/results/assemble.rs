//! From rows to results, part two: the results document of what a [`Collector`] kept.

use crate::engine::model::{EDITION, Identity, Model, replicates};
use crate::engine::outcome::{
    CauseMetric, DifferenceCause, HyperscalerMetric, StateMetric, TotalMetric, WindowMetric,
    WindowStateMetric,
};
use crate::study::results::collect::{Collector, pairs_of_arms};
use crate::study::results::magnitude::NumericError;
use crate::study::results::quantity::{CauseDifference, Quantity};
use crate::study::results::run::{
    AccordResult, ArmResult, Comparison, Erosion, HyperscalerResult, Input, Manifest, Metrics,
    MetricsWithCauses, PairResult, Paired, PairedCause, PairedMetrics, PairedWithCauses, Results,
    Shares, WindowResult,
};
use crate::study::results::value_memory::ValueMemory;
use crate::theory::stats::summary::Stat;
use indexmap::IndexMap;

/// The identity of a run of `model` whose resolved scenario hashes to `scenario_sha256`.
pub fn manifest(model: &Model, scenario_sha256: String, overrides: Vec<String>) -> Manifest {
    let trials = model.simulation.trials;
    Manifest {
        tool: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        edition: EDITION.to_owned(),
        scenario: model.name.clone(),
        scenario_sha256,
        seed: model.simulation.seed,
        trials,
        sampler: model.simulation.sampler.name().to_owned(),
        replicates: replicates(model.simulation.sampler, trials),
        design: model.sampled_otherwise(),
        precision: None,
        overrides,
        quantiles: ValueMemory::of(model, trials).describe(),
        study: None,
    }
}

/// The results of what `collector` took in.
///
/// # Errors
/// A distribution whose mean or spread is beyond floating point.
pub fn results(collector: &Collector<'_>, manifest: Manifest) -> Result<Results, NumericError> {
    let model = collector.model;
    let mut arms = IndexMap::new();
    for (a, arm) in model.arms.iter().enumerate() {
        arms.insert(arm.name.clone(), arm_result(collector, a)?);
    }
    let pairs = pairs_of_arms(model.arms.len()).enumerate();
    let comparisons = pairs.map(|(pair, of)| comparison(collector, pair, of));
    Ok(Results {
        manifest,
        arms,
        comparisons: comparisons.collect::<Result<_, _>>()?,
        question: Some(collector.choice()),
        words: (!model.words.are_default()).then(|| model.words.clone()),
        inputs: inputs(model),
    })
}

fn inputs(model: &Model) -> Vec<Input> {
    let inputs = model.provenance.iter().map(|provenance| Input {
        path: provenance.path.clone(),
        source: provenance.source.clone(),
        grade: provenance.grade.clone(),
        unit: provenance.unit.clone(),
        note: provenance.note.clone(),
    });
    inputs.collect()
}

/// A map from the id of each of `of` to what `value` gives for its index.
fn by_id<T>(
    of: &[Identity],
    mut value: impl FnMut(usize) -> Result<T, NumericError>,
) -> Result<IndexMap<String, T>, NumericError> {
    let entries = of.iter().enumerate();
    entries
        .map(|(index, one)| Ok((one.id.clone(), value(index)?)))
        .collect()
}

/// Shares by the id of each state.
fn shares(model: &Model, share: impl Fn(usize) -> f64) -> Shares {
    let states = model.states.iter().enumerate();
    states.map(|(i, one)| (one.id.clone(), share(i))).collect()
}

fn arm_result(collector: &Collector<'_>, arm: usize) -> Result<ArmResult, NumericError> {
    let (model, layout) = (collector.model, collector.layout);
    let stat = |quantity| collector.stat(arm, quantity);
    let causes = |of| {
        let causes = CauseMetric::OF_PAYOFF.into_iter();
        causes
            .map(|cause| Ok((cause.name().to_owned(), stat(Quantity::Cause(of, cause))?)))
            .collect::<Result<Metrics, _>>()
    };
    let states = by_id(&model.states, |i| {
        let metrics = StateMetric::ALL.iter();
        let metrics = metrics
            .map(|&metric| Ok((metric.name().to_owned(), stat(Quantity::State(i, metric))?)));
        Ok(MetricsWithCauses {
            metrics: metrics.collect::<Result<_, NumericError>>()?,
            causes: causes(Some(i))?,
        })
    })?;
    let hyperscalers = by_id(&model.hyperscalers, |h| {
        let metric = |metric| stat(Quantity::Hyperscaler(h, metric));
        Ok(HyperscalerResult {
            profit: metric(HyperscalerMetric::Profit)?,
            compliance_cost: metric(HyperscalerMetric::ComplianceCost)?,
            capex: metric(HyperscalerMetric::Capex)?,
            capex_present: metric(HyperscalerMetric::CapexPresent)?,
            loss: collector.loss(arm, h),
        })
    })?;
    let pairs = by_id(&model.states, |i| {
        by_id(&model.hyperscalers, |h| {
            Ok(pair_result(collector, arm, i, h))
        })
    })?;
    let terms = by_id(&model.terms, |k| {
        Ok(stat(Quantity::Term(k))?.map(|stat| Stat {
            count: stat.count.or(Some(collector.trials)),
            ..stat
        }))
    })?;
    let totals = TotalMetric::ALL.iter();
    let totals = totals.map(|&m| Ok((m.name().to_owned(), stat(Quantity::Total(m))?)));
    Ok(ArmResult {
        states,
        hyperscalers,
        pairs,
        terms,
        totals: MetricsWithCauses {
            metrics: totals.collect::<Result<_, NumericError>>()?,
            causes: causes(None)?,
        },
        erosion: erosion(collector, arm)?,
        accord: AccordResult {
            formed: collector.mean(arm, layout.formed()),
            size: stat(Quantity::Size)?,
            rounds: stat(Quantity::Rounds)?,
            share_error: stat(Quantity::ShareError)?,
            member: shares(model, |i| collector.mean(arm, layout.member(i))),
            left: shares(model, |i| collector.mean(arm, layout.left(i))),
        },
        windows: (0..layout.windows)
            .map(|w| window_result(collector, arm, w))
            .collect::<Result<_, _>>()?,
    })
}

fn pair_result(collector: &Collector<'_>, arm: usize, i: usize, h: usize) -> PairResult {
    let ids = collector.model.states.iter().map(|state| state.id.clone());
    let served = ids.zip(collector.served_from(arm, i, h));
    PairResult {
        signed: collector.mean(arm, collector.layout.signed(i, h)),
        served_from: served.filter(|&(_, share)| share > 0.0).collect(),
    }
}

fn erosion(collector: &Collector<'_>, arm: usize) -> Result<Vec<Erosion>, NumericError> {
    let layout = collector.layout;
    let mut erosion = Vec::new();
    for hosts in 0..layout.states {
        let tables = collector.mean(arm, layout.erosion_tables(hosts));
        if tables > 0.0 {
            let pressure = collector.stat(arm, Quantity::Pressure(hosts))?;
            erosion.push(Erosion {
                hosts,
                tables,
                pressure,
            });
        }
    }
    Ok(erosion)
}

fn window_result(
    collector: &Collector<'_>,
    arm: usize,
    w: usize,
) -> Result<WindowResult, NumericError> {
    let (model, layout) = (collector.model, collector.layout);
    let stat = |metric| collector.stat(arm, Quantity::Window(w, metric));
    let of_states = |metric| {
        by_id(&model.states, |i| {
            collector.stat(arm, Quantity::WindowState(w, i, metric))
        })
    };
    let share = |metric| {
        shares(model, |i| {
            collector.mean(arm, layout.window_state(w, i, metric))
        })
    };
    Ok(WindowResult {
        payoff: of_states(WindowStateMetric::Payoff)?,
        leverage: of_states(WindowStateMetric::Leverage)?,
        deals: stat(WindowMetric::Deals)?,
        accord_size: stat(WindowMetric::AccordSize)?,
        rounds: stat(WindowMetric::Rounds)?,
        member: share(WindowStateMetric::Member),
        joined: share(WindowStateMetric::Joined),
        yes: share(WindowStateMetric::Yes),
        left: share(WindowStateMetric::Left),
        gini: stat(WindowMetric::Gini)?,
        investment: of_states(WindowStateMetric::Investment)?,
        region_investment: stat(WindowMetric::RegionInvestment)?,
        herfindahl: stat(WindowMetric::Herfindahl)?,
        region_leverage: stat(WindowMetric::RegionLeverage)?,
    })
}

fn comparison(
    collector: &Collector<'_>,
    pair: usize,
    (later, earlier): (usize, usize),
) -> Result<Comparison, NumericError> {
    let model = collector.model;
    let paired = |quantity: Quantity, name: &str| -> Result<(String, Paired), NumericError> {
        let (difference, tally) = collector.difference(pair, (later, earlier), quantity)?;
        let both = tally.better + tally.same + tally.worse;
        let share = |count: u64| (both > 0).then(|| count as f64 / both as f64);
        let paired = Paired {
            difference,
            better: share(tally.better),
            same: share(tally.same),
            worse: share(tally.worse),
        };
        Ok((name.to_owned(), paired))
    };
    let causes = |of| {
        let all = DifferenceCause::ALL.iter();
        let computed = all.filter(|&&cause| {
            let terms = CauseDifference { of, cause }.terms(model, (later, earlier));
            terms.is_some()
        });
        let differences = computed.map(|&cause| {
            let one = CauseDifference { of, cause };
            let difference = collector.difference_of_cause(pair, (later, earlier), one)?;
            Ok((cause.name().to_owned(), PairedCause { difference }))
        });
        differences.collect::<Result<IndexMap<_, _>, NumericError>>()
    };
    let totals = TotalMetric::ALL.iter();
    let totals = totals.map(|&m| paired(Quantity::Total(m), m.name()));
    Ok(Comparison {
        arm: model.arms[later].name.clone(),
        reference: model.arms[earlier].name.clone(),
        states: by_id(&model.states, |i| {
            let metrics = StateMetric::ALL.iter();
            let metrics = metrics.map(|&m| paired(Quantity::State(i, m), m.name()));
            Ok(PairedWithCauses {
                metrics: metrics.collect::<Result<_, NumericError>>()?,
                causes: causes(Some(i))?,
            })
        })?,
        hyperscalers: by_id(&model.hyperscalers, |h| {
            let metrics = HyperscalerMetric::ALL.iter();
            metrics
                .map(|&m| paired(Quantity::Hyperscaler(h, m), m.name()))
                .collect::<Result<PairedMetrics, _>>()
        })?,
        totals: PairedWithCauses {
            metrics: totals.collect::<Result<_, NumericError>>()?,
            causes: causes(None)?,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::results::fixture::{PAYOFFS, model, results};
    use crate::study::results::json::document;

    #[test]
    fn numbers_of_an_arm_by_hand() {
        let results = results(&model(), &PAYOFFS);
        let bloc = &results.arms["bloc"];
        let payoff = bloc.states["A"].metrics["payoff"].expect("a number");
        assert_eq!((payoff.mean, payoff.p50), (1.25, 1.5));
        assert_eq!(payoff.count, None);
        // Totals 3.5, 0, 2.5, 5: profits -0.5, 3, 0.5, -2.
        assert_eq!(bloc.hyperscalers["H"].loss, 0.5);
        assert_eq!(bloc.terms["tax"].expect("three trials").count, Some(3));
        assert_eq!(
            bloc.totals.metrics["gini"].expect("three trials").count,
            Some(3)
        );
        assert_eq!(bloc.windows[0].gini, None);
        assert_eq!(bloc.accord.formed, 1.0);
        assert_eq!(bloc.accord.member["B"], 1.0);
        assert_eq!(bloc.erosion.len(), 1);
        assert_eq!((bloc.erosion[0].hosts, bloc.erosion[0].tables), (0, 4.0));
        let pair = &bloc.pairs["B"]["H"];
        assert_eq!(pair.signed, 0.5);
        let served: Vec<_> = pair.served_from.iter().collect();
        assert_eq!(served, [(&"A".to_owned(), &0.5)]);
    }

    #[test]
    fn comparisons_are_paired_and_in_order() {
        let results = results(&model(), &PAYOFFS);
        let names = results.comparisons.iter();
        let names: Vec<_> = names
            .map(|comparison| (comparison.arm.as_str(), comparison.reference.as_str()))
            .collect();
        assert_eq!(
            names,
            [
                ("framework", "bilateral"),
                ("bloc", "bilateral"),
                ("bloc", "framework")
            ]
        );
        let paired = &results.comparisons[1].states["A"].metrics["payoff"];
        // Differences 1, 0, -1, 1.
        let difference = paired.difference.expect("four trials");
        assert_eq!(
            (difference.mean, difference.min, difference.max),
            (0.25, -1.0, 1.0)
        );
        let shares = (paired.better, paired.same, paired.worse);
        assert_eq!(shares, (Some(0.5), Some(0.25), Some(0.25)));
        let (_, reversed) = results.comparison("bilateral", "bloc").expect("stored");
        assert!(reversed);
        assert_eq!(paired.mirrored().worse, Some(0.5));
    }

    #[test]
    fn one_trial_has_no_spread_and_the_document_no_nan() {
        let results = results(&model(), &PAYOFFS[1..2]);
        let text = document(&results);
        assert!(!text.contains("NaN") && text.contains("\"sd\": null"));
        assert_eq!(results.arms["bloc"].terms["tax"], None);
        let back: Results = serde_json::from_str(&text).expect("reads back");
        assert_eq!(back, results);
        let gini = &results.comparisons[0].totals.metrics["gini"];
        assert_eq!((gini.difference, gini.better), (None, None));
        assert_eq!(results.inputs[0].source.as_deref(), Some("imf-weo"));
    }
}
