//! From numbers to positions, and which numbers are written at an axis.

/// Steps between ticks, times a power of ten.
const STEPS: [f64; 4] = [1.0, 2.0, 2.5, 5.0];

/// Ranges that are no larger have no steps in double precision.
const SMALLEST: f64 = 1e-300;

/// Powers of ten between which tick labels are written out.
const DIGITS: i32 = 6;

/// Room at the ends of an axis that does not end at ticks, as a share of its range.
const ROOM: f64 = 0.03;

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
        if high - low <= SMALLEST.max(1e-12 * high.abs().max(low.abs())) {
            let room = if high.abs() <= SMALLEST {
                1.0
            } else {
                0.5 * high.abs()
            };
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

    /// An axis from `low` to `high` and a little more, with ticks only where they fall; otherwise as [`new`](Scale::new).
    pub fn within(low: f64, high: f64, ends: (f64, f64), wanted: usize) -> Scale {
        let outer = Scale::new(low, high, ends, wanted);
        let (low, high) = (low.min(high), high.max(low));
        if !(low.is_finite() && high.is_finite()) || high - low <= 1e-9 * high.abs().max(low.abs())
        {
            return outer;
        }
        let room = ROOM * (high - low);
        let (low, high) = (low - room, high + room);
        let ticks = outer
            .ticks
            .into_iter()
            .filter(|tick| (low..=high).contains(tick));
        Scale {
            low,
            high,
            ticks: ticks.collect(),
            ..Scale {
                ticks: Vec::new(),
                ..outer
            }
        }
    }

    /// An axis with a tick at each of `numbers`, which rise; there are two or more.
    pub fn through(numbers: &[f64], (from, to): (f64, f64)) -> Scale {
        let steps = numbers.windows(2).map(|pair| pair[1] - pair[0]);
        Scale {
            low: numbers[0],
            high: numbers[numbers.len() - 1],
            from,
            to,
            ticks: numbers.to_vec(),
            step: steps.fold(f64::INFINITY, f64::min),
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

    pub fn ends(&self) -> (f64, f64) {
        (self.from, self.to)
    }

    /// Whether `x` lies within the axis.
    pub fn holds(&self, x: f64) -> bool {
        (self.low..=self.high).contains(&x)
    }
}

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
    fn axes_end_at_ticks_or_at_numbers() {
        let within = Scale::within(-4.6, 6.5, (0.0, 100.0), 4);
        assert_eq!(within.ticks, [0.0, 5.0]);
        assert!(within.holds(-4.6) && within.holds(6.5) && !within.holds(7.0));
        let through = Scale::through(&[2027.0, 2030.0, 2036.0], (0.0, 90.0));
        let labels: Vec<String> = through
            .ticks
            .iter()
            .map(|&tick| through.label(tick))
            .collect();
        assert_eq!(
            (labels.join(" ").as_str(), through.at(2030.0)),
            ("2027 2030 2036", 30.0)
        );
        assert_eq!(
            Scale::within(2.0, 2.0, (0.0, 1.0), 4),
            Scale::new(2.0, 2.0, (0.0, 1.0), 4)
        );
    }

    #[test]
    fn extents_leave_out_what_is_no_number() {
        assert_eq!(extent([2.0, f64::NAN, -1.0]), (-1.0, 2.0));
        assert_eq!(extent([]), (0.0, 1.0));
    }
}
