//! Tornado bars: what one factor does on its own between its low and its high point, widest first, and whether it acts alone.

use crate::theory::sensitivity::estimate::{Estimate, ROUNDING};

/// A factor whose effect varies from world to world by more than this share is flagged.
pub const INTERACTION_SHARE: f64 = 0.1;

/// What the model gave with one factor at its ends and all others where they were: world by world, on the same draws.
///
/// With the others at their medians, one world each.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ends<'a> {
    /// Outputs with the factor at its low point, say its 5% point.
    pub low: &'a [f64],
    /// Outputs with it at its high point, in the same worlds.
    pub high: &'a [f64],
}

/// One bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    /// Index of the factor among the `ends` given.
    pub factor: usize,
    /// Mean output at the low point.
    pub low: f64,
    /// Mean output at the high point.
    pub high: f64,
    /// Mean of high less low in the same world, with Student's interval; no interval from one world.
    pub swing: Option<Estimate>,
    /// s/√(m² + s²), with m the mean and s the standard deviation over worlds of high less low: 0 where the factor does the same
    /// in every world, near 1 where its effect is all in what the others are. `None` from one world, or where it has no effect
    /// but for rounding, 1e-12 of the largest output.
    pub interaction: Option<f64>,
    /// Whether `interaction` is above [`INTERACTION_SHARE`].
    pub interacts: bool,
}

impl Bar {
    /// |high − low|, the length of the bar.
    pub fn width(&self) -> f64 {
        (self.high - self.low).abs()
    }
}

/// Bars for all factors, widest first, equal ones in the order of `ends`; `level` is that of the intervals, say 0.95.
///
/// Interaction is defined by what it is: a factor that adds to the others makes the same difference between its ends in every world; the
/// spread of that difference over worlds comes only from the others. So the flag needs no second design. `None` if a pair of slices
/// has different lengths, is empty, or holds a number that is not finite.
///
/// # References
/// Eschenbach 1992, Spiderplots versus tornado diagrams for sensitivity analysis, <https://doi.org/10.1287/inte.22.6.40>, for the bars.
pub fn tornado(ends: &[Ends], level: f64) -> Option<Vec<Bar>> {
    let bars: Option<Vec<Bar>> = (ends.iter().enumerate())
        .map(|(factor, ends)| bar(factor, ends, level))
        .collect();
    let mut bars = bars?;
    bars.sort_by(|x, y| y.width().total_cmp(&x.width()));
    Some(bars)
}

fn bar(factor: usize, ends: &Ends, level: f64) -> Option<Bar> {
    let worlds = ends.low.len();
    let finite = |values: &[f64]| values.iter().all(|value| value.is_finite());
    if worlds == 0 || ends.high.len() != worlds || !finite(ends.low) || !finite(ends.high) {
        return None;
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / worlds as f64;
    let differences: Vec<f64> = ends.high.iter().zip(ends.low).map(|(h, l)| h - l).collect();
    let swing = Estimate::from_replicates(&differences, level);
    let sizes = ends.low.iter().chain(ends.high).map(|y| y.abs());
    let largest = sizes.fold(0.0, f64::max);
    let interaction = swing.and_then(|swing| {
        let spread = swing.std_error * libm::sqrt(worlds as f64);
        let whole = libm::sqrt(swing.value * swing.value + spread * spread);
        (whole > ROUNDING * largest).then(|| spread / whole)
    });
    Some(Bar {
        factor,
        low: mean(ends.low),
        high: mean(ends.high),
        swing,
        interaction,
        interacts: interaction.is_some_and(|share| share > INTERACTION_SHARE),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_by_hand() {
        // y = x0 + 2·x1·x2 in worlds x = (.2, .1, .5), (.4, .3, .9); ends 0 and 1.
        let worlds = [[0.2, 0.1, 0.5], [0.4, 0.3, 0.9]];
        let y = |x: [f64; 3]| x[0] + 2.0 * x[1] * x[2];
        let at = |factor: usize, value: f64| {
            worlds.map(|mut x| {
                x[factor] = value;
                y(x)
            })
        };
        let low = [0, 1, 2].map(|factor| at(factor, 0.0));
        let high = [0, 1, 2].map(|factor| at(factor, 1.0));
        let ends: Vec<Ends> = (0..3)
            .map(|i| Ends {
                low: &low[i],
                high: &high[i],
            })
            .collect();
        let bars = tornado(&ends, 0.9).expect("finite");
        assert_eq!(bars.iter().map(|b| b.factor).collect::<Vec<_>>(), [1, 0, 2]);
        assert!((bars[0].width() - 1.4).abs() < 1e-12 && bars[0].interacts);
        // Differences 1.0 and 1.8: mean 1.4, s = 0.8/√2.
        let spread = 0.8 / 2.0f64.sqrt();
        let expected = spread / (1.4f64 * 1.4 + spread * spread).sqrt();
        assert!((bars[0].interaction.expect("two worlds") - expected).abs() < 1e-12);
        assert!(!bars[1].interacts && bars[1].interaction.expect("two worlds") < 1e-12);
    }

    #[test]
    fn one_world_has_a_bar_but_no_interval() {
        let ends = |low, high| Ends { low, high };
        let bars = tornado(&[ends(&[1.0], &[1.5])], 0.9).expect("finite");
        assert_eq!((bars[0].swing, bars[0].interaction), (None, None));
        assert_eq!(bars[0].width(), 0.5);
        let refused = [ends(&[], &[]), ends(&[1.0], &[]), ends(&[f64::NAN], &[1.0])];
        for ends in refused {
            assert_eq!(tornado(&[ends], 0.9), None);
        }
        let inert = tornado(&[ends(&[2.0, 3.0], &[2.0, 3.0])], 0.9).expect("finite");
        assert_eq!((inert[0].interaction, inert[0].interacts), (None, false));
        let rounded = tornado(&[ends(&[2.0, 3.0], &[2.0 - 4e-16, 3.0])], 0.9).expect("finite");
        assert_eq!(
            (rounded[0].interaction, rounded[0].interacts),
            (None, false)
        );
    }
}
