//! What the page advises: offers, improvements, counter-offers, red lines, preparation.

use crate::brief::{question, three_terms};
use crate::support::model;
use indexmap::IndexMap;
use mufakat::engine::negotiation::tables::problem::Party;
use mufakat::study::brief::counter::counter;
use mufakat::study::brief::frontier::{picture, place};
use mufakat::study::brief::offer::{Offer, WeighedOffer, improvements, predicted, weigh};
use mufakat::study::brief::preparation::changes;
use mufakat::study::brief::red_lines::{STEP, red_lines};
use mufakat::study::brief::world::Observation;
use mufakat::study::brief::{Side, average_table};
use mufakat::study::results::brief::KindName;
use mufakat::theory::bargaining::Gains;
use mufakat::theory::bargaining::offer::{Coefficients, gains_at};

/// Sums in another order.
const ROUNDING: f64 = 1e-9;

fn offer(levels: [f64; 3]) -> Offer {
    Offer {
        levels: levels.to_vec(),
        cash: 0.0,
    }
}

/// Bundles over all levels, and some that are extreme.
fn offers() -> Vec<Offer> {
    let mut offers: Vec<Offer> = (0..27)
        .map(|k| {
            offer([
                0.45 * f64::from(k % 3),
                0.4 * f64::from(k / 3 % 3),
                0.35 * f64::from(k / 9),
            ])
        })
        .collect();
    offers.push(offer([1.0, 0.0, 0.8]));
    offers
}

/// How far gains lie above the frontier: with the weight on the state in steps, no bundle is worth more than x(λ).
fn above(table: &Coefficients, mean: Gains, gains: Gains) -> f64 {
    let frontier = table.frontier();
    let excess = (0..=200).map(|step| {
        let weight = f64::from(step) / 200.0;
        let point = frontier.at(weight);
        let best =
            weight * (mean.state + point.value) + (1.0 - weight) * (mean.hyperscaler - point.cost);
        weight * gains.state + (1.0 - weight) * gains.hyperscaler - best
    });
    excess.fold(f64::NEG_INFINITY, f64::max)
}

#[test]
fn improvements_pay_both_and_none_is_above_the_frontier() {
    let (_, _, observations) = three_terms();
    let (table, mean) = average_table(&observations);
    let mut found = 0;
    for offer in offers() {
        let before = place(&observations, &offer);
        let rows = improvements(&observations, &offer, false);
        let ranks: Vec<f64> = rows
            .iter()
            .map(|row| row.adds.state.min(row.adds.hyperscaler))
            .collect();
        assert!(ranks.is_sorted_by(|one, other| one >= other), "{ranks:?}");
        for row in &rows {
            let mut changed = offer.clone();
            row.levels
                .iter()
                .for_each(|&(k, level)| changed.levels[k] = level);
            let after = place(&observations, &changed);
            assert!(
                after.state > before.state && after.hyperscaler > before.hyperscaler,
                "{offer:?} {row:?}"
            );
            assert!((after.state - before.state - row.adds.state).abs() < ROUNDING);
            assert!(
                (after.hyperscaler - before.hyperscaler - row.adds.hyperscaler).abs() < ROUNDING
            );
            assert!(above(&table, mean, after) < ROUNDING, "{offer:?} {row:?}");
            // What it adds on the average table is the mean of what it adds in the worlds.
            let average = row.state.iter().filter(|one| !one.is_nan()).sum::<f64>() / 200.0;
            assert!(
                (average - row.adds.state).abs() < ROUNDING,
                "{average} {row:?}"
            );
            found += 1;
        }
    }
    assert!(found > 40, "{found}");
}

#[test]
fn no_single_change_or_swap_does_better_than_those_found() {
    let (_, _, observations) = three_terms();
    let (table, mean) = average_table(&observations);
    let offer = offer([0.45, 0.4, 0.35]);
    let before = gains_at(&table.frontier(), mean, &offer.levels, 0.0);
    let best = improvements(&observations, &offer, false)[0].adds;
    let grid = |k: usize| {
        let (low, high) = (table.min[k], table.max[k]);
        (0..=100).map(move |step| low + (high - low) * f64::from(step) / 100.0)
    };
    let mut most = 0.0f64;
    for (k, l) in [(0, 1), (0, 2), (1, 2)] {
        for x in grid(k) {
            for y in grid(l) {
                let mut levels = offer.levels.clone();
                (levels[k], levels[l]) = (x, y);
                let after = gains_at(&table.frontier(), mean, &levels, 0.0);
                most = most
                    .max((after.state - before.state).min(after.hyperscaler - before.hyperscaler));
            }
        }
    }
    let found = best.state.min(best.hyperscaler);
    assert!(
        found >= most && found < most + 0.02 * most.max(0.01),
        "{found} {most}"
    );
}

#[test]
fn offers_are_weighed_world_by_world() {
    let (_, _, observations) = three_terms();
    for offer in offers() {
        let weighed = weigh(&observations, &offer, false);
        for (w, observation) in observations.iter().enumerate() {
            let Some(one) = observation.met() else {
                assert!(weighed.state[w].is_nan());
                continue;
            };
            let table = &one.problem.coefficients;
            let (mut value, mut cost) = (0.0, 0.0);
            for (k, x) in offer.levels.iter().enumerate() {
                let x = x.clamp(table.min[k], table.max[k]);
                value += table.scale * (table.a[k] * x - 0.5 * table.b[k] * x * x);
                cost += table.scale * (table.c[k] * x + 0.5 * table.d[k] * x * x);
            }
            assert!((weighed.state[w] - one.problem.gains.state - value).abs() < ROUNDING);
            assert!(
                (weighed.hyperscaler[w] - one.problem.gains.hyperscaler + cost).abs() < ROUNDING
            );
            // What is left on the table leads to the frontier of the world, and not above it.
            let gains = |state: f64, hyperscaler: f64| Gains {
                state: weighed.state[w] + state,
                hyperscaler: weighed.hyperscaler[w] + hyperscaler,
            };
            let moved = [
                gains(weighed.room[w], weighed.room[w]),
                gains(weighed.room_of_state[w], 0.0),
                gains(0.0, weighed.room_of_hyperscaler[w]),
            ];
            for gains in moved {
                let excess = above(table, one.problem.gains, gains);
                assert!(excess < 1e-6, "{excess} above");
            }
            assert!(weighed.room[w] <= weighed.room_of_state[w] + 1e-6);
        }
        let gains = weighed.hyperscaler.iter().filter(|one| **one > 0.0).count() as f64;
        let met = observations
            .iter()
            .filter(|one| one.met().is_some())
            .count() as f64;
        assert_eq!(WeighedOffer::share(&weighed.hyperscaler), gains / met);
    }
}

#[test]
fn a_counter_offer_is_accepted_as_often_as_asked() {
    let (_, _, observations) = three_terms();
    let (table, mean) = average_table(&observations);
    for side in [Side::States, Side::Hyperscaler] {
        let mut previous = f64::INFINITY;
        for accept in [0.05, 0.5, 0.8, 0.95, 1.0] {
            let found =
                counter(&observations, side, accept, false).expect("a bundle is accepted so often");
            let weighed = weigh(&observations, &found.offer, false);
            let other = match side {
                Side::States => &weighed.hyperscaler,
                Side::Hyperscaler => &weighed.state,
            };
            assert_eq!(WeighedOffer::share(other), found.accepted);
            assert!(found.accepted >= accept, "{accept}: {found:?}");
            let own = side.own(gains_at(&table.frontier(), mean, &found.offer.levels, 0.0));
            assert!(
                own <= previous,
                "asking for more acceptance does not pay: {own} {previous}"
            );
            previous = own;
            // No bundle of the frontier that is accepted as often is better by more than rounding to hundredths can be worth.
            for step in 0..=500 {
                let mut levels = vec![0.0; 3];
                table
                    .frontier()
                    .bundle(f64::from(step) / 500.0, &mut levels);
                let gains = gains_at(&table.frontier(), mean, &levels, 0.0);
                let weighed = weigh(&observations, &Offer { levels, cash: 0.0 }, false);
                let other = match side {
                    Side::States => &weighed.hyperscaler,
                    Side::Hyperscaler => &weighed.state,
                };
                if WeighedOffer::share(other) >= accept {
                    assert!(side.own(gains) < own + 0.01, "{gains:?} {found:?}");
                }
            }
        }
    }
}

#[test]
fn with_cash_a_counter_offer_takes_what_the_other_side_can_spare() {
    let text = crate::brief::text().replace("foresight = 0.8", "foresight = 0.8\ntransfers = true");
    let model = model(&text);
    let question = question(&model, Party::State(0), "bilateral");
    let observations = crate::brief::observations(&model, &question);
    for side in [Side::States, Side::Hyperscaler] {
        let found = counter(&observations, side, 0.8, true).expect("cash can always be found");
        let met = observations.iter().filter_map(Observation::met).count() as f64;
        assert!(
            found.accepted >= 0.8 && found.accepted < 0.8 + 1.5 / met,
            "{found:?}"
        );
    }
    let offer = Offer {
        levels: vec![0.1, 0.9, 0.1],
        cash: 0.0,
    };
    for row in improvements(&observations, &offer, true) {
        assert!(
            (row.adds.state - row.adds.hyperscaler).abs() < ROUNDING,
            "cash splits evenly: {row:?}"
        );
    }
}

#[test]
fn red_lines_are_where_a_grid_finds_them() {
    let (model, mut question, observations) = three_terms();
    // Bundles that leave little to one of the two, so that lines lie within the bounds.
    let bundles = [offer([0.3, 0.95, 0.05]), offer([1.0, 0.0, 0.8])];
    let mut lines_found = 0;
    for (side, at) in [Side::States, Side::Hyperscaler]
        .into_iter()
        .flat_map(|side| bundles.iter().map(move |at| (side, at)))
    {
        question.side = side;
        let lines = red_lines(&observations, &question, &model, at);
        for (k, line) in lines.values().enumerate() {
            let max = if k == 2 { 0.8 } else { 1.0 };
            let steps = 2000;
            let share = |step: i32| {
                let mut offer = at.clone();
                offer.levels[k] = max * f64::from(step) / f64::from(steps);
                let weighed = weigh(&observations, &offer, false);
                let own = if side == Side::States {
                    weighed.state
                } else {
                    weighed.hyperscaler
                };
                WeighedOffer::share(&own)
            };
            for (below, above, least) in [
                (line.none_below, line.none_above, 1e-9),
                (line.half_below, line.half_above, 0.5),
            ] {
                let inside = |step: i32| share(step) >= least;
                let level = |step: i32| max * f64::from(step) / f64::from(steps);
                for edge in [below, above].into_iter().flatten() {
                    let step = (edge / max * f64::from(steps)) as i32;
                    let around = (step - 2..=step + 3).filter(|step| (0..=steps).contains(step));
                    let around: Vec<bool> = around.map(inside).collect();
                    let changes = around.iter().any(|one| *one != around[0]);
                    let nowhere = !(0..=20).any(|step| inside(step * 100));
                    assert!(
                        changes || nowhere,
                        "{side:?} {k}: {line:?} at {}",
                        level(step)
                    );
                    lines_found += 1;
                }
                if below.is_none() && above.is_none() {
                    assert!(inside(0) && inside(steps), "{side:?} {k}: {line:?}");
                }
            }
            assert!(
                (line.gains - share((at.levels[k] / max * f64::from(steps)).round() as i32)).abs()
                    < 1e-9
            );
        }
    }
    assert!(lines_found >= 4, "{lines_found}");
}

#[test]
fn prices_make_up_for_what_is_given_away() {
    let (model, question, observations) = three_terms();
    let (table, mean) = average_table(&observations);
    let at = offer([0.5, 0.5, 0.4]);
    let lines = red_lines(&observations, &question, &model, &at);
    let gains = |levels: &[f64]| gains_at(&table.frontier(), mean, levels, 0.0);
    let before = gains(&at.levels);
    let mut priced = 0;
    for (k, line) in lines.values().enumerate() {
        // The state wants training and audits, not the tax incentive.
        assert_eq!(line.wants_more, k != 1);
        let own = if line.wants_more { -STEP } else { STEP };
        for l in 0..3 {
            let changed = |by: f64, level: f64| {
                let mut levels = at.levels.clone();
                levels[k] += by;
                levels[l] = level;
                gains(&levels)
            };
            let id = &model.terms[l].id;
            let moved = |by: &IndexMap<String, Option<f64>>| Some(at.levels[l] + (*by.get(id)?)?);
            if let Some(level) = moved(&line.makes_up) {
                assert!((changed(own, level).state - before.state).abs() < ROUNDING);
                priced += 1;
            }
            if let Some(level) = moved(&line.pays_for) {
                assert!((changed(-own, level).hyperscaler - before.hyperscaler).abs() < ROUNDING);
                priced += 1;
            }
        }
        let own = &model.terms[k].id;
        assert!(!line.makes_up.contains_key(own) && !line.pays_for.contains_key(own));
    }
    assert!(priced >= 8, "{priced}");
}

#[test]
fn the_picture_lies_below_its_frontier() {
    let (model, question, observations) = three_terms();
    let (table, mean) = average_table(&observations);
    let picture = picture(&observations, false);
    for gains in picture
        .others
        .iter()
        .chain(&picture.curve)
        .chain(&picture.arc)
    {
        assert!(above(&table, mean, *gains) < ROUNDING, "{gains:?}");
    }
    assert!(
        picture
            .arc
            .iter()
            .all(|one| one.state > -ROUNDING && one.hyperscaler > -ROUNDING)
    );
    let deal = predicted(&observations, &question, &model).expect("deals exist");
    assert!(above(&table, mean, place(&observations, &deal)) < ROUNDING);
}

#[test]
fn plausible_changes_can_be_typed() {
    let (model, mut question, _) = three_terms();
    let named =
        |changes: &[mufakat::study::brief::preparation::CircumstanceChange]| -> Vec<String> {
            changes
                .iter()
                .flat_map(|one| one.assignments.clone())
                .collect()
        };
    let own = changes(&model, &question);
    assert_eq!(
        named(&own),
        [
            "state.A.talent=0.55",
            "state.A.compute=0.11",
            "state.A.hub=0.88",
            "state.A.infrastructure=0.66",
            "state.A.residency=0.18",
            "state.A.residency=0.22",
            "state.A.strictness=0.9",
            "pair.A.G.fit=1.1",
        ]
    );
    assert_eq!(
        own.last().map(|one| one.kind),
        Some(KindName::SecondSupplier)
    );
    question.side = Side::Hyperscaler;
    // Drawn from 0.02 and 0.05 with weights 2 to 1, uniform between 0.2 and 0.6: 5% and 95% points; no budget to enlarge.
    let theirs = named(&changes(&model, &question));
    assert!(
        theirs.contains(&"hyperscaler.H.compliance_cost=0.018".to_owned()),
        "{theirs:?}"
    );
    assert!(
        theirs.contains(&"market.outside_efficiency=0.58".to_owned()),
        "{theirs:?}"
    );
    assert!(
        theirs.contains(&"state.B.hub=0.55".to_owned()),
        "{theirs:?}"
    );
    assert!(
        !theirs.iter().any(|one| one.contains("capex_budget")),
        "{theirs:?}"
    );
}
