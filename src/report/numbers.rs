//! Numbers of the results as spans of a document, each with its path.

use crate::report::amounts::{self, FINEST, MEDIAN_ERROR, NONE};
use crate::report::chart::Point;
use crate::report::document::{Number, Span, Text, text, words};
use crate::report::verdict::{Verdict, in_hundred, of_hundred, verdict};
use crate::study::results::run::Paired;
use crate::theory::spelling::units::{self, number, percent};
use crate::theory::stats::summary::Stat;

/// A distribution with where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// The distribution; none where no world has the number.
    pub stat: Option<Stat>,
    path: String,
    /// Whether the results hold it with the other sign.
    turned: bool,
    /// An error that the distribution does not show, if there is one.
    error: Option<f64>,
}

/// A paired difference with where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The difference.
    pub paired: Paired,
    path: String,
    turned: bool,
    trials: u64,
    /// An error that the distribution does not show, if there is one.
    error: Option<f64>,
}

impl Quote {
    /// A distribution that stands at a path.
    pub fn new(stat: Option<Stat>, path: String) -> Quote {
        Quote {
            stat,
            path,
            turned: false,
            error: None,
        }
    }

    /// The sum of means, as well known as if their errors went together; none of nothing. Its distribution has no more than that.
    pub fn sum(quotes: &[Quote]) -> Option<Quote> {
        let stats: Vec<Stat> = quotes.iter().map(|one| one.stat).collect::<Option<_>>()?;
        let mut sum = *stats.first()?;
        for stat in &stats[1..] {
            sum.mean += stat.mean;
            sum.se = sum.se.zip(stat.se).map(|(one, other)| one + other);
        }
        let paths: Vec<&str> = quotes.iter().map(|one| one.path.as_str()).collect();
        Some(Quote {
            stat: Some(sum),
            path: paths.join(".mean + "),
            ..quotes[0].clone()
        })
    }

    /// The path of a statistic.
    pub fn at(&self, statistic: &str) -> String {
        if !self.turned {
            return format!("{}.{statistic}", self.path);
        }
        let other = match statistic {
            "p05" => "p95",
            "p25" => "p75",
            "p75" => "p25",
            "p95" => "p05",
            "min" => "max",
            "max" => "min",
            same => same,
        };
        format!("-{}.{other}", self.path)
    }

    /// The mean; NaN if there is none.
    pub fn value(&self) -> f64 {
        self.stat.map_or(f64::NAN, |stat| stat.mean)
    }

    /// A number that is known to some error even in a world by itself, and is written so.
    pub fn known_to(self, error: Option<f64>) -> Quote {
        Quote { error, ..self }
    }

    fn span(&self, written: impl Fn(&Stat) -> String) -> Span {
        let Some(mut stat) = self.stat else {
            return words(NONE);
        };
        if let Some(error) = self.error {
            stat.se = Some(stat.se.map_or(error, |se| se.max(error)));
        }
        Span::Number(Number::new(&written(&stat), stat.mean, &self.at("mean")))
    }

    /// The mean to the digits that its error supports.
    pub fn mean(&self) -> Span {
        self.span(|stat| amounts::mean(Some(stat)))
    }

    /// The mean to one digit more: what shares its worlds differs by less than the common error.
    pub fn level(&self) -> Span {
        self.span(|stat| amounts::level(Some(stat)))
    }

    /// The mean with a plus where it is positive.
    pub fn difference(&self) -> Span {
        self.span(|stat| amounts::difference(Some(stat)))
    }

    /// The mean without its sign.
    pub fn amount(&self) -> Span {
        self.span(|stat| number(stat.mean.abs(), stat.se))
    }

    /// The standard error of the mean; none where nothing varies.
    pub fn error(&self) -> Option<Span> {
        let se = self.stat?.se.filter(|&se| se > 0.0)?;
        let number = Number::new(&units::error(se), se, &format!("{}.se", self.path));
        Some(Span::Number(number))
    }

    /// The mean as a percentage.
    pub fn percent(&self) -> Span {
        self.span(|stat| percent(stat.mean))
    }

    /// The range of 90% of worlds as percentages; nothing for one world.
    pub fn percents(&self) -> Text {
        let Some(stat) = self.stat.filter(|stat| stat.se.is_some()) else {
            return Text::new();
        };
        let end = |value: f64, name| Number::new(&percent(value), value, &self.at(name));
        text![end(stat.p05, "p05"), " to ", end(stat.p95, "p95")]
    }

    /// An amount in US$ bn, known to a million at best.
    pub fn in_millions(self) -> Quote {
        self.no_finer(FINEST)
    }

    /// A number that is written as if its error were this one, where it has a smaller one.
    pub fn no_finer(mut self, error: f64) -> Quote {
        let coarse = |stat: Stat| Stat {
            se: stat.se.map(|se| if se > 0.0 { se.max(error) } else { se }),
            ..stat
        };
        self.stat = self.stat.map(coarse);
        self
    }

    /// The median.
    pub fn median(&self) -> Span {
        self.point("p50", MEDIAN_ERROR, |stat| stat.p50)
    }

    /// What 95% of worlds do not exceed.
    pub fn high(&self) -> Span {
        self.point("p95", amounts::TAIL_ERROR, |stat| stat.p95)
    }

    fn point(&self, name: &str, error: f64, of: fn(&Stat) -> f64) -> Span {
        self.stat.map_or_else(
            || words(NONE),
            |stat| {
                let written = number(of(&stat), stat.se.map(|se| error * se));
                Span::Number(Number::new(&written, of(&stat), &self.at(name)))
            },
        )
    }

    /// The mean to so many decimals.
    pub fn decimals(&self, decimals: i32) -> Span {
        let finest = libm::pow(10.0, f64::from(-decimals));
        self.span(|stat| number(stat.mean, Some(stat.se.unwrap_or(0.0).max(finest))))
    }

    /// The range of 90% of worlds, "a to b" or with `between` words; nothing for one world.
    pub fn range(&self, between: &str) -> Text {
        let written = amounts::range(self.stat.as_ref());
        self.stat.map_or_else(Vec::new, |stat| {
            let (low, high) = ((stat.p05, self.at("p05")), (stat.p95, self.at("p95")));
            ends(&written, between, low, high)
        })
    }
}

impl Pair {
    /// A difference that stands at a path, there the other way round if `turned`.
    pub fn new(paired: &Paired, path: String, turned: bool, trials: u64) -> Pair {
        Pair {
            paired: if turned {
                paired.mirrored()
            } else {
                paired.clone()
            },
            path,
            turned,
            trials,
            error: None,
        }
    }

    /// A difference that is known to some error even in a world by itself, and is written so.
    pub fn known_to(self, error: Option<f64>) -> Pair {
        Pair { error, ..self }
    }

    /// The distribution of the difference.
    pub fn difference(&self) -> Quote {
        Quote {
            stat: self.paired.difference,
            path: format!("{}.difference", self.path),
            turned: self.turned,
            error: self.error,
        }
    }

    /// What may be said of it.
    pub fn verdict(&self) -> Verdict {
        verdict(&self.paired, self.trials)
    }

    /// The mean; NaN if there is none.
    pub fn value(&self) -> f64 {
        self.difference().value()
    }

    /// How often it is more: "78 of 100".
    pub fn better(&self) -> Span {
        self.share(self.paired.better, ["better", "worse"], of_hundred)
    }

    /// Whether it is of one world.
    pub fn is_single(&self) -> bool {
        self.trials == 1
    }

    /// The same in a table, where one world has no frequencies.
    pub fn often(&self) -> Text {
        match self.is_single() {
            true => Text::new(),
            false => text![self.better()],
        }
    }

    /// How often it is less.
    pub fn worse(&self) -> Span {
        self.share(self.paired.worse, ["worse", "better"], of_hundred)
    }

    /// In how many of 100 worlds, or of all there are, it is more.
    pub fn in_hundred(&self) -> Span {
        self.share(self.paired.better, ["better", "worse"], in_hundred)
    }

    fn share(
        &self,
        share: Option<f64>,
        [name, turned]: [&str; 2],
        written: fn(f64, u64) -> String,
    ) -> Span {
        let name = if self.turned { turned } else { name };
        let number = |share| {
            let path = format!("{}.{name}", self.path);
            Span::Number(Number::new(&written(share, self.trials), share, &path))
        };
        share.map_or_else(|| words(NONE), number)
    }
}

/// A number that is written in some way and stands at a path.
pub fn traced(written: &str, value: f64, path: &str) -> Span {
    Span::Number(Number::new(written, value, path))
}

/// A number that may be missing.
pub fn known(x: Option<f64>, written: impl Fn(f64) -> String, path: &str) -> Span {
    x.map_or_else(|| words(NONE), |x| traced(&written(x), x, path))
}

/// A number as it would be typed, to so many significant digits.
pub fn short(x: f64, digits: usize) -> String {
    let rounded = format!("{x:.*e}", digits - 1).parse::<f64>();
    rounded.map_or_else(|_| x.to_string(), |x| x.to_string())
}

/// The ends of a range that is written "a to b", with their paths and other words between them; nothing if it is not.
pub fn ends(written: &str, between: &str, low: (f64, String), high: (f64, String)) -> Text {
    match written.split_once(" to ") {
        None => Text::new(),
        Some((first, last)) => text![
            traced(first, low.0, &low.1),
            between,
            traced(last, high.0, &high.1)
        ],
    }
}

/// A share that stands at a path, as a percentage.
pub fn share(value: f64, path: String) -> Span {
    Span::Number(Number::new(&percent(value), value, &path))
}

/// A share of worlds that stands at a path, as a frequency.
pub fn frequency(value: f64, trials: u64, path: String) -> Span {
    Span::Number(Number::new(&of_hundred(value, trials), value, &path))
}

/// The same in a narrow column, whose caption says of how many worlds.
pub fn tally(value: f64, trials: u64, path: String) -> Span {
    Span::Number(Number::new(&in_hundred(value, trials), value, &path))
}

/// The first of those of which a number is largest.
pub fn largest<T>(things: impl IntoIterator<Item = T>, of: impl Fn(&T) -> f64) -> Option<T> {
    let things = things.into_iter();
    things.reduce(|most, one| if of(&one) > of(&most) { one } else { most })
}

/// One mean as a share of another.
pub fn ratio(one: &Quote, other: &Quote, written: impl Fn(f64) -> String) -> Span {
    let value = one.value() / other.value();
    if !value.is_finite() {
        return words(NONE);
    }
    let path = format!("{} / {}", one.at("mean"), other.at("mean"));
    Span::Number(Number::new(&written(value), value, &path))
}

/// The mark of a distribution: its mean, with lines over the middle half and 90% of worlds.
pub fn mark(stat: &Stat) -> Point {
    Point {
        value: stat.mean,
        outer: (stat.p05, stat.p95),
        inner: (stat.p25, stat.p75),
    }
}
