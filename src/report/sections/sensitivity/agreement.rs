//! Whether two measures of the same factors see the same: one that ranks them, and one of another kind beside it.

use super::OutputText;
use crate::report::document::{Text, code, text};
use crate::study::results::sensitivity::Interval;
use std::f64::consts::PI;

/// A factor that is told from chance, with δ and the share of the variance beside it.
type Both<'a> = (&'a str, Interval, Interval);

/// A factor that may have a larger share of the variance is not called unseen.
const MOST_UNSEEN: f64 = 0.1;

/// What two measures have to say of each other.
#[derive(Debug, PartialEq)]
enum TwoMeasures<'a> {
    /// The share of the variance does not see this factor.
    Unseen(&'a str),
    /// It puts the second before the first, beyond its intervals; whether the first measure puts the first before the second beyond its own.
    OrderDiffers(&'a str, &'a str, bool),
    /// Neither.
    Agree,
}

/// Of factors by falling δ.
///
/// δ sees a factor that the share of the variance does not see where it moves how the result is spread and not its mean. Of a normal result whose mean a
/// factor moves a little, the share is (πδ)² (the joint density is off by ρ·x·y times that of the margins, hence δ = ½·E|ρxy| = ρ/π); so what is not seen has
/// an interval that reaches nothing, and ends below a quarter of (π·the lower end of δ)² and, since that holds of little alone, below [`MOST_UNSEEN`].
fn agreement<'a>(told: &[Both<'a>]) -> TwoMeasures<'a> {
    let is_above = |one: &Interval, other: &Interval| {
        let ends = one.low.zip(other.high);
        ends.is_some_and(|(low, high)| low > high)
    };
    let is_unseen = |(_, of, share): &&Both<'_>| {
        let of_mean = of
            .low
            .map(|low| (0.25 * (PI * low) * (PI * low)).min(MOST_UNSEEN));
        let is_small = of_mean.zip(share.high).is_some_and(|(of, high)| high < of);
        of.low > Some(0.0) && share.low.is_some_and(|low| low <= 0.0) && is_small
    };
    if let Some((name, ..)) = told.iter().find(is_unseen) {
        return TwoMeasures::Unseen(name);
    }
    let pairs = told
        .iter()
        .enumerate()
        .flat_map(|(place, one)| told[place + 1..].iter().map(move |other| (one, other)));
    let mut apart = pairs.filter(|(one, other)| is_above(&other.2, &one.2));
    match apart.next() {
        Some((one, other)) => TwoMeasures::OrderDiffers(one.0, other.0, is_above(&one.1, &other.1)),
        None => TwoMeasures::Agree,
    }
}

impl OutputText<'_> {
    /// Whether the measure that is made beside the one that ranks factors sees the same.
    pub(super) fn agreement(&self) -> Option<Text> {
        let (by, (beside, kind)) = (self.reading.ranked_by, self.reading.beside?);
        let ranked = self.ranked().into_iter();
        let told = ranked.filter(|(_, one)| self.is_told(one));
        let told =
            told.filter_map(|(name, one)| Some((name, self.by(&one)?, one.measure(beside)?)));
        let mut told: Vec<Both<'_>> = told.collect();
        told.sort_by(|one, other| other.1.value.total_cmp(&one.1.value));
        if told.is_empty() {
            return None;
        }
        Some(match agreement(&told) {
            TwoMeasures::Unseen(name) => text![
                format!("{beside}, the {kind}, does not see "),
                code(name),
                ": it moves how the result is spread more than its mean."
            ],
            TwoMeasures::OrderDiffers(first, second, is_sure) => {
                let end = match is_sure {
                    true => ".".to_owned(),
                    false => format!("; the intervals of {by} overlap."),
                };
                text![
                    format!("The order differs: {beside}, the {kind}, puts "),
                    code(second),
                    " before ",
                    code(first),
                    format!(", {by} the other way round{end}")
                ]
            }
            TwoMeasures::Agree if told.len() == 1 => text![
                format!("{by} and {beside}, the {kind}, agree: both see "),
                code(told[0].0),
                "."
            ],
            TwoMeasures::Agree => text![format!(
                "{by} and {beside}, the {kind}, agree: of no two factors that are told from chance {beside} puts the other first beyond its intervals."
            )],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within(low: f64, high: f64) -> Interval {
        Interval {
            value: 0.5 * (low + high),
            low: Some(low),
            high: Some(high),
        }
    }

    #[test]
    fn measures_are_compared_by_their_intervals() {
        let strong = ("a", within(0.8, 0.9), within(0.97, 1.02));
        let spread = ("s", within(0.2, 0.3), within(-0.02, 0.02));
        // Of so small a δ the mean may be all that is moved.
        let weak = ("w", within(0.02, 0.05), within(-0.02, 0.02));
        let first = ("f", within(0.33, 0.44), within(0.05, 0.12));
        let near = ("n", within(0.32, 0.43), within(0.8, 0.9));
        let below = ("b", within(0.2, 0.25), within(0.8, 0.9));
        let wide = ("v", within(0.2, 0.25), within(0.1, 0.9));
        use TwoMeasures::*;
        for (told, expected) in [
            (vec![strong], Agree),
            (vec![strong, weak], Agree),
            (vec![strong, spread], Unseen("s")),
            // The share may be a fifth: too few worlds to say that there is none.
            (vec![("d", within(0.33, 0.44), within(-0.03, 0.2))], Agree),
            // A small share that is seen is not unseen.
            (vec![first, near], OrderDiffers("f", "n", false)),
            (vec![first, below], OrderDiffers("f", "b", true)),
            (vec![first, wide], Agree),
        ] {
            assert_eq!(agreement(&told), expected, "{told:?}");
        }
    }
}
