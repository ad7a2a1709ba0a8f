//! What may be said of a difference, by rules: nothing is said on the terminal or on a page that these do not.
//!
//! | what is known | what is said |
//! | --- | --- |
//! | one world | what happened in it |
//! | the same in every world | "the same in every world" |
//! | fewer than 100 worlds | "too few worlds to tell" |
//! | 90% of worlds above zero to the digits shown, and the average two standard errors above it | "gains" |
//! | some of the 90% below zero, the average two standard errors above it | "gains on average, not in every world" |
//! | the average within two standard errors of zero | "no clear difference" |
//!
//! The same with "loses" below zero. An average with a sign is thus never said where the interval of the average (mean ± 1.645 standard
//! errors, or ± 2) spans zero, and an unqualified gain never where that of the worlds does.

use crate::report::amounts::range;
use crate::study::results::run::Paired;
use crate::theory::spelling::units::{count, percent, worlds};
use crate::theory::stats::interval::{Z90, wilson};

/// Fewer worlds than this make 90% intervals guesswork.
pub const FEW_WORLDS: u64 = 100;

/// An average this many standard errors from zero has a sign.
pub const SIGNIFICANT: f64 = 2.0;

/// What may be said of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// More in at least 95 of 100 worlds.
    Gains,
    /// More on average, not in every world.
    GainsOnAverage,
    /// More in the one world there is.
    More,
    /// The interval spans zero.
    Unclear,
    /// The same in every world.
    Same,
    /// Less in the one world there is.
    Less,
    /// Less on average, not in every world.
    LosesOnAverage,
    /// Less in at least 95 of 100 worlds.
    Loses,
    /// The worlds are too few.
    TooFew,
    /// No world has the number in both.
    Unknown,
}

/// What may be said of a paired difference over `trials` worlds.
pub fn verdict(paired: &Paired, trials: u64) -> Verdict {
    let Some(stat) = &paired.difference else {
        return Verdict::Unknown;
    };
    let sign = sign(paired);
    if trials == 1 {
        return match sign {
            1 => Verdict::More,
            -1 => Verdict::Less,
            _ => Verdict::Same,
        };
    }
    if paired.same == Some(1.0) {
        return Verdict::Same;
    }
    if trials < FEW_WORLDS && stat.se.is_none_or(|se| se > 0.0) {
        return Verdict::TooFew;
    }
    // An end that is written as zero is zero to the reader.
    let range = range(Some(stat));
    let (low, high) = range.split_once(" to ").unwrap_or_default();
    let shown = |end: &str| end.contains(|c: char| ('1'..='9').contains(&c));
    match sign {
        1 if shown(low) && stat.p05 > 0.0 => Verdict::Gains,
        1 => Verdict::GainsOnAverage,
        -1 if shown(high) && stat.p95 < 0.0 => Verdict::Loses,
        -1 => Verdict::LosesOnAverage,
        _ => Verdict::Unclear,
    }
}

/// Whether an average difference is above zero (1), below (−1) or undecided (0).
pub fn sign(paired: &Paired) -> i32 {
    let Some(stat) = &paired.difference else {
        return 0;
    };
    let margin = SIGNIFICANT * stat.se.unwrap_or(0.0);
    let band = 1e-9 * stat.max.abs().max(stat.min.abs()).max(1.0);
    if stat.mean > margin.max(band) {
        1
    } else if stat.mean < -margin.max(band) {
        -1
    } else {
        0
    }
}

impl Verdict {
    /// In words, of one who gains or loses.
    pub fn words(self) -> &'static str {
        match self {
            Verdict::Gains => "gains",
            Verdict::GainsOnAverage => "gains on average, not in every world",
            Verdict::More => "gains in this world",
            Verdict::Unclear => "no clear difference",
            Verdict::Same => "the same in every world",
            Verdict::Less => "loses in this world",
            Verdict::LosesOnAverage => "loses on average, not in every world",
            Verdict::Loses => "loses",
            Verdict::TooFew => "too few worlds to tell",
            Verdict::Unknown => "no world to compare",
        }
    }

    /// In words, of a quantity that is higher or lower.
    pub fn of_level(self) -> &'static str {
        match self {
            Verdict::Gains => "higher",
            Verdict::GainsOnAverage => "higher on average, not in every world",
            Verdict::More => "higher in this world",
            Verdict::Less => "lower in this world",
            Verdict::LosesOnAverage => "lower on average, not in every world",
            Verdict::Loses => "lower",
            other => other.words(),
        }
    }

    /// The class of what shows it: only a sign that is known has a colour.
    pub fn class(self) -> &'static str {
        match self {
            Verdict::Gains | Verdict::GainsOnAverage | Verdict::More => "gain",
            Verdict::Loses | Verdict::LosesOnAverage | Verdict::Less => "loss",
            _ => "open",
        }
    }

    /// Whether the average is above zero (1), below (−1), or not told from it (0).
    pub fn sign(self) -> i32 {
        match self.class() {
            "gain" => 1,
            "loss" => -1,
            _ => 0,
        }
    }
}

/// The words of a verdict for narrow columns, without what they add about single worlds.
pub fn briefly(words: &'static str) -> &'static str {
    words.split(',').next().unwrap_or(words)
}

/// A share of `trials` worlds as a frequency of 100: "78 of 100"; of all there are where these are fewer. Of one world, whether it is in it.
pub fn of_hundred(share: f64, trials: u64) -> String {
    match (trials, share) {
        (1, 1.0) => return "this world".to_owned(),
        (1, _) => return "no world".to_owned(),
        (_, ..=0.0) => return format!("none of {}", count(trials)),
        (_, 1.0..) => return format!("all of {}", count(trials)),
        _ => {}
    }
    if trials < FEW_WORLDS {
        let with = libm::round(share * trials as f64) as u64;
        return format!("{} of {}", count(with), count(trials));
    }
    match libm::round(100.0 * share) as u64 {
        0 => "fewer than 1 of 100".to_owned(),
        100 => "more than 99 of 100".to_owned(),
        worlds => format!("{worlds} of 100"),
    }
}

/// What numbers by [`in_hundred`] are of: "100 worlds", or all there are where these are fewer.
pub fn hundred(trials: u64) -> String {
    worlds(trials.min(FEW_WORLDS))
}

/// What follows counts of signs of averages: nothing where the worlds suffice, or where none of the averages has an error.
pub fn of_counts(trials: u64, varies: bool) -> String {
    match varies && trials < FEW_WORLDS {
        true => format!("; {} worlds are few", count(trials)),
        false => String::new(),
    }
}

/// The same as a bare number of 100 worlds, or of all there are where these are fewer, for narrow columns.
pub fn in_hundred(share: f64, trials: u64) -> String {
    let all = trials.min(FEW_WORLDS) as f64;
    match libm::round(share * all) {
        0.0 if share > 0.0 => "<1".to_owned(),
        most if most == all && share < 1.0 => format!(">{}", all - 1.0),
        worlds => worlds.to_string(),
    }
}

/// That worlds are fewer than `least`, and how many would do; none where they suffice. All that say so say this.
pub fn few_worlds(worlds: u64, least: u64) -> Option<String> {
    let (low, high) = wilson(0.5 * worlds as f64, worlds as f64, Z90);
    let few = match worlds {
        1 => "one world says nothing of others".to_owned(),
        _ => format!(
            "{worlds} worlds are few: averages and intervals are rough, and a share near one half is known to between {} and {} only",
            percent(low),
            percent(high)
        ),
    };
    let enough = (2 * least).max(1000);
    (worlds < least).then(|| format!("{few}; use -n {enough} or more"))
}

/// What is put between names: "A, B and C"; "nobody" without any.
pub fn and(names: &[String]) -> String {
    match names {
        [] => "nobody".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::results::fixture::stat;

    /// A difference with a mean, its standard error, and the ends of 90% of worlds.
    fn paired(mean: f64, se: f64, p05: f64, p95: f64) -> Paired {
        Paired {
            difference: Some(stat(mean, Some(se), (p05, p95))),
            better: Some(0.6),
            same: Some(0.0),
            worse: Some(0.4),
        }
    }

    #[test]
    fn verdicts_follow_the_table() {
        for (mean, se, p05, p95, trials, expected) in [
            (1.0, 0.1, 0.2, 2.0, 1000, Verdict::Gains),
            (1.0, 0.1, -0.2, 2.0, 1000, Verdict::GainsOnAverage),
            // Shown as 0.0.
            (1.0, 0.1, 0.004, 2.0, 1000, Verdict::GainsOnAverage),
            (0.15, 0.1, -0.2, 2.0, 1000, Verdict::Unclear),
            // 90% of worlds above zero, but rare disasters leave the average open.
            (0.1, 0.1, 0.2, 2.0, 1000, Verdict::Unclear),
            (-0.19, 0.1, -2.0, 0.2, 1000, Verdict::Unclear),
            (-1.0, 0.1, -2.0, 0.2, 1000, Verdict::LosesOnAverage),
            (-1.0, 0.1, -2.0, -0.2, 1000, Verdict::Loses),
            (1.0, 0.1, 0.2, 2.0, 99, Verdict::TooFew),
            (1.0, 0.1, 0.2, 2.0, 100, Verdict::Gains),
            // Nothing varies: no world is needed besides.
            (1.0, 0.0, 1.0, 1.0, 2, Verdict::Gains),
        ] {
            assert_eq!(
                verdict(&paired(mean, se, p05, p95), trials),
                expected,
                "{mean} {se} {p05}"
            );
        }
        let one = |mean: f64| {
            let mut paired = paired(mean, 0.0, mean, mean);
            paired.difference.as_mut().expect("there").se = None;
            verdict(&paired, 1)
        };
        assert_eq!(
            [one(1.0), one(0.0), one(-1.0)],
            [Verdict::More, Verdict::Same, Verdict::Less]
        );
        let same = Paired {
            same: Some(1.0),
            ..paired(0.0, 0.0, 0.0, 0.0)
        };
        assert_eq!(verdict(&same, 20), Verdict::Same);
        let none = Paired {
            difference: None,
            ..same
        };
        assert_eq!(verdict(&none, 1000), Verdict::Unknown);
    }

    #[test]
    fn no_word_of_winning_without_a_sign() {
        for verdict in [
            Verdict::Unclear,
            Verdict::Same,
            Verdict::TooFew,
            Verdict::Unknown,
        ] {
            for words in [verdict.words(), verdict.of_level()] {
                for word in ["gain", "lose", "higher", "lower", "better", "worse", "win"] {
                    assert!(!words.contains(word), "{words}");
                }
            }
            assert_eq!((verdict.class(), verdict.sign()), ("open", 0));
        }
        assert_eq!(
            Verdict::GainsOnAverage.of_level(),
            "higher on average, not in every world"
        );
        assert_eq!((Verdict::Loses.class(), Verdict::Less.sign()), ("loss", -1));
    }

    #[test]
    fn frequencies_are_of_a_hundred() {
        for (share, trials, expected) in [
            (0.784, 1000, "78 of 100"),
            (0.5, 20, "10 of 20"),
            (0.0, 1000, "none of 1,000"),
            (1.0, 1000, "all of 1,000"),
            (0.001, 1000, "fewer than 1 of 100"),
            (0.999, 1000, "more than 99 of 100"),
            (0.0, 20, "none of 20"),
            (1.0, 20, "all of 20"),
            (1.0, 1, "this world"),
            (0.0, 1, "no world"),
        ] {
            assert_eq!(of_hundred(share, trials), expected);
        }
        for (share, trials, expected) in [
            (0.784, 1000, "78"),
            (0.5, 20, "10"),
            (0.001, 1000, "<1"),
            (0.999, 1000, ">99"),
            (1.0, 1000, "100"),
        ] {
            assert_eq!(in_hundred(share, trials), expected);
        }
        let few = "; 20 worlds are few";
        let counts = [(20, true), (20, false), (100, true)].map(|(n, varies)| of_counts(n, varies));
        assert_eq!(counts, [few, "", ""]);
        let names = ["A", "B", "C"].map(str::to_owned);
        assert_eq!(and(&names), "A, B and C");
        assert_eq!(
            (and(&names[..1]), and(&[])),
            ("A".to_owned(), "nobody".to_owned())
        );
    }
}
