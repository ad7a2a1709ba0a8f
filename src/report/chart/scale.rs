//! From numbers to positions, and which numbers are written at an axis.

/// Steps between ticks, times a power of ten.
const STEPS: [f64; 4] = [1.0, 2.0, 2.5, 5.0];

/// Powers of ten between which tick labels are written out.
const DIGITS: i32 = 6;

/// A linear axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    /// The numbers that are written at it, rising.
    pub ticks: Vec<f64>,
    step: f64,
}

impl Scale {
    /// An axis that holds `low` to `high`, drawn from position `from` to `to`, with about `wanted` ticks; it ends at ticks.
    ///
    /// The step is the smallest of 1, 2, 2.5 and 5 times a power of ten that needs no more ticks than wanted. A range of a single
    /// number gets room on both sides; numbers that are not finite count as 0.
    pub fn new(low: f64, high: f64, (from, to): (f64, f64), wanted: usize) -> Scale {
        let finite = |x: f64| if x.is_finite() { x } else { 0.0 };
        let (mut low, mut high) = (finite(low.min(high)), finite(high.max(low)));
        if high - low <= 1e-12 * high.abs().max(low.abs()) || high == low {
            let room = if high == 0.0 { 1.0 } else { 0.5 * high.abs() };
            (low, high) = (low - room, high + room);
        }
        let step = step(high - low, wanted.max(2));
        let first = libm::floor(low / step + 1e-9) as i64;
        let last = (libm::ceil(high / step - 1e-9) as i64).max(first + 1);
        let ticks: Vec<f64> = (first..=last).map(|k| k as f64 * step).collect();
        Scale {
            low: ticks[0],
            high: ticks[ticks.len() - 1],
            from,
            to,
            ticks,
            step,
        }
    }

    /// Where `x` is drawn; outside the axis, at its nearer end.
    pub fn at(&self, x: f64) -> f64 {
        let share = (x.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        self.from + share * (self.to - self.from)
    }

    /// The text of a tick, with as many decimals as the step needs.
    pub fn label(&self, tick: f64) -> String {
        let mut decimals = 0;
        let mut unit = self.step;
        while decimals < DIGITS && (unit - libm::round(unit)).abs() > 1e-6 * unit {
            unit *= 10.0;
            decimals += 1;
        }
        let text = format!("{:.*}", decimals as usize, tick.abs());
        let is_zero = !text.contains(|c: char| ('1'..='9').contains(&c));
        match tick < 0.0 && !is_zero {
            true => format!("\u{2212}{text}"),
            false => text,
        }
    }

    /// Whether `x` lies within the axis.
    pub fn holds(&self, x: f64) -> bool {
        (self.low..=self.high).contains(&x)
    }
}

/// The distance between ticks.
fn step(range: f64, wanted: usize) -> f64 {
    let rough = range / wanted as f64;
    let power = libm::pow(10.0, libm::floor(libm::log10(rough)));
    let fitting = STEPS.iter().map(|one| one * power);
    fitting
        .into_iter()
        .find(|one| *one >= rough * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

/// The smallest and largest of some numbers, those that are not finite left out; 0 to 1 without any.
pub fn extent(numbers: impl IntoIterator<Item = f64>) -> (f64, f64) {
    let finite = numbers.into_iter().filter(|x| x.is_finite());
    let ends = finite.fold(None, |ends: Option<(f64, f64)>, x| {
        Some(ends.map_or((x, x), |(low, high)| (low.min(x), high.max(x))))
    });
    ends.unwrap_or((0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_cover_the_range() {
        for (low, high, wanted, expected) in [
            (0.0, 1.0, 5, vec!["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
            (
                -0.4,
                4.7,
                6,
                vec!["\u{2212}1", "0", "1", "2", "3", "4", "5"],
            ),
            (0.0, 83.0, 4, vec!["0", "25", "50", "75", "100"]),
            (
                -0.021,
                0.0,
                3,
                vec!["\u{2212}0.03", "\u{2212}0.02", "\u{2212}0.01", "0.00"],
            ),
            (3.0, 3.0, 3, vec!["1", "2", "3", "4", "5"]),
            (0.0, 0.0, 2, vec!["\u{2212}1", "0", "1"]),
        ] {
            let scale = Scale::new(low, high, (0.0, 100.0), wanted);
            let labels: Vec<String> = scale.ticks.iter().map(|&tick| scale.label(tick)).collect();
            assert_eq!(labels, expected, "{low} {high}");
            assert!(scale.holds(low) && scale.holds(high));
        }
    }

    #[test]
    fn positions_run_from_end_to_end() {
        let scale = Scale::new(-1.0, 1.0, (10.0, 110.0), 4);
        let at = [-1.0, 0.0, 1.0, 7.0].map(|x| scale.at(x));
        assert_eq!(at, [10.0, 60.0, 110.0, 110.0]);
        let turned = Scale::new(0.0, 4.0, (100.0, 0.0), 4);
        assert_eq!((turned.at(0.0), turned.at(1.0)), (100.0, 75.0));
        assert!(
            Scale::new(f64::NAN, f64::INFINITY, (0.0, 1.0), 3)
                .at(0.5)
                .is_finite()
        );
    }

    #[test]
    fn extents_leave_out_what_is_no_number() {
        assert_eq!(extent([2.0, f64::NAN, -1.0]), (-1.0, 2.0));
        assert_eq!(extent([]), (0.0, 1.0));
    }
}
