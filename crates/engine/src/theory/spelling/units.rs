//! Numbers for readers: no digit finer than the error of the estimate.

/// Most significant digits of a number without an error.
const DIGITS: i32 = 4;

/// Relative distance within which a number reads as the next power of ten.
const READS_AS: f64 = 1e-5;

/// Anything smaller is what rounding leaves of zero: money is in USD bn, so that this is the thousandth part of a dollar.
const NOISE: f64 = 1e-12;

/// The power of ten of the last digit worth showing: the one nearest to `error`, but never beyond four significant
/// digits of `value`. Without an error (one world, or no spread), four significant digits.
fn last_digit(value: f64, error: Option<f64>) -> i32 {
    let error = error.filter(|&error| error >= NOISE);
    // A number just below a power of ten reads as that power.
    let finest = match value.abs() * (1.0 + READS_AS) {
        size if size >= NOISE => Some(libm::floor(libm::log10(size)) as i32 - (DIGITS - 1)),
        _ => None,
    };
    let supported = error.map(|error| libm::round(libm::log10(error)) as i32);
    finest.max(supported).unwrap_or(0)
}

/// A number to the digit that `error`, its standard error, supports.
pub fn number(value: f64, error: Option<f64>) -> String {
    to_digit(value, last_digit(value, error))
}

/// The two ends of a range, both to the digit that the larger one shows.
pub fn range(low: f64, high: f64, error: Option<f64>) -> String {
    let exponent = last_digit(low.abs().max(high.abs()), error);
    format!(
        "{} to {}",
        to_digit(low, exponent),
        to_digit(high, exponent)
    )
}

fn to_digit(value: f64, exponent: i32) -> String {
    let decimals = exponent.min(0).unsigned_abs() as usize;
    let unit = libm::pow(10.0, f64::from(exponent.max(0)));
    let rounded = if exponent > 0 {
        libm::round(value / unit) * unit
    } else {
        value
    };
    let text = format!("{:.decimals$}", rounded.abs());
    let is_zero = text.chars().all(|c| c == '0' || c == '.');
    let sign = if value < 0.0 && !is_zero { "-" } else { "" };
    format!("{sign}{}", grouped(&text))
}

/// A standard error, to its first digit or two.
pub fn error(std_error: f64) -> String {
    number(std_error, Some(std_error / 3.0))
}

/// A difference: as [`number`], with a plus where it is positive.
pub fn signed(value: f64, error: Option<f64>) -> String {
    let text = number(value, error);
    let is_zero = !text.chars().any(|c| ('1'..='9').contains(&c));
    if text.starts_with('-') || is_zero {
        text
    } else {
        format!("+{text}")
    }
}

/// A share in whole percent; one that is neither none nor all is never shown as 0% or 100%.
pub fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent > 0.0 && percent < 1.0 {
        "<1%".to_owned()
    } else if percent < 100.0 && percent > 99.0 {
        ">99%".to_owned()
    } else {
        format!("{percent:.0}%")
    }
}

/// A whole number with its thousands apart: 1,000.
pub fn count(value: u64) -> String {
    grouped(&value.to_string())
}

/// So many worlds: "1 world", "1,000 worlds".
pub fn worlds(trials: u64) -> String {
    match trials {
        1 => "1 world".to_owned(),
        more => format!("{} worlds", count(more)),
    }
}

/// Seconds as a reader would say them, in the unit that fits.
pub fn duration(seconds: f64) -> String {
    let units = [
        (90.0, 1.0, "s"),
        (90.0 * 60.0, 60.0, "min"),
        (36.0 * 3600.0, 3600.0, "hours"),
        (730.0 * 86400.0, 86400.0, "days"),
    ];
    if seconds < 1.0 {
        return "less than a second".to_owned();
    }
    let unit = units.iter().find(|unit| seconds < unit.0);
    let &(_, size, name) = unit.unwrap_or(&(f64::INFINITY, 365.25 * 86400.0, "years"));
    format!("{} {name}", count(libm::round(seconds / size) as u64))
}

/// Bytes as a reader would say them.
pub fn bytes(bytes: f64) -> String {
    let units = [
        (1e3, 1.0, "bytes"),
        (1e6, 1e3, "kB"),
        (1e9, 1e6, "MB"),
        (1e12, 1e9, "GB"),
    ];
    let unit = units.iter().find(|unit| bytes < unit.0);
    let &(_, size, name) = unit.unwrap_or(&(f64::INFINITY, 1e12, "TB"));
    match bytes / size {
        few if few < 10.0 && size > 1.0 => format!("{few:.1} {name}"),
        many => format!("{} {name}", count(libm::round(many) as u64)),
    }
}

fn grouped(text: &str) -> String {
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::with_capacity(text.len() + whole.len() / 3);
    for (k, digit) in whole.chars().enumerate() {
        if k > 0 && (whole.len() - k).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_follow_the_error() {
        let cases = [
            (0.1534, Some(0.02), "0.15"),
            (0.1534, Some(0.05), "0.2"),
            (-0.1534, Some(0.002), "-0.153"),
            (79.9123, Some(0.00001), "79.91"),
            (12_345.0, Some(40.0), "12,300"),
            (-0.001, Some(0.1), "0.0"),
            (1234.5678, None, "1,235"),
            (0.25, None, "0.2500"),
            (0.1 - 1e-12, None, "0.1000"),
            (0.0, None, "0"),
            (0.0, Some(0.01), "0.00"),
            // What rounding leaves of zero.
            (-1.388e-17, None, "0"),
            (1.4e-17, Some(1e-18), "0"),
            (0.3, Some(1e-17), "0.3000"),
        ];
        for (value, error, expected) in cases {
            assert_eq!(number(value, error), expected, "{value} {error:?}");
        }
        assert_eq!((error(0.033), error(0.14)), ("0.03".into(), "0.1".into()));
        assert_eq!(range(0.0, 1.26, Some(0.1)), "0.0 to 1.3");
        assert_eq!(signed(0.1534, Some(0.02)), "+0.15");
        assert_eq!(signed(-0.1534, Some(0.02)), "-0.15");
        assert_eq!(signed(0.0001, Some(0.1)), "0.0");
        assert_eq!(signed(1.388e-17, None), "0");
        assert_eq!(range(-1e-17, 1e-17, Some(1e-18)), "0 to 0");
    }

    #[test]
    fn shares_and_counts() {
        assert_eq!(percent(0.64), "64%");
        assert_eq!(percent(0.001), "<1%");
        assert_eq!(percent(0.9999), ">99%");
        assert_eq!((percent(0.0), percent(1.0)), ("0%".into(), "100%".into()));
        assert_eq!(count(1_234_567), "1,234,567");
    }

    #[test]
    fn times_and_sizes_have_sensible_units() {
        let times = [
            (0.2, "less than a second"),
            (42.4, "42 s"),
            (100.0, "2 min"),
            (5.0 * 3600.0, "5 hours"),
            (4.3e6, "50 days"),
            (3.2e12, "101,402 years"),
        ];
        for (seconds, expected) in times {
            assert_eq!(duration(seconds), expected);
        }
        let sizes = [
            (12.0, "12 bytes"),
            (2300.0, "2.3 kB"),
            (45.6e6, "46 MB"),
            (1.2e13, "12 TB"),
        ];
        for (size, expected) in sizes {
            assert_eq!(bytes(size), expected);
        }
    }
}
