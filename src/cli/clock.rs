//! The time of day as manifests note it: RFC 3339, in UTC. Nothing that is computed looks at it.

use std::time::{Duration, SystemTime};

const SECONDS_A_DAY: u64 = 86_400;

/// The last second of 9999, after which RFC 3339 has no words: a clock that is farther ahead shows this.
const LAST_SECOND: u64 = 253_402_300_799;

pub fn now() -> String {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    text(since.unwrap_or_default())
}

/// The moment that is so long after the start of 1970.
fn text(since: Duration) -> String {
    let since = since.min(Duration::from_secs(LAST_SECOND));
    let (mut days, second) = (
        since.as_secs() / SECONDS_A_DAY,
        since.as_secs() % SECONDS_A_DAY,
    );
    let is_leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let mut year = 1970;
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + u64::from(is_leap(year));
    let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    format!(
        "{year:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z",
        month + 1,
        days + 1,
        second / 3600,
        second / 60 % 60,
        second % 60,
        since.subsec_nanos()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_by_hand() {
        let cases = [
            (0, "1970-01-01T00:00:00.000000005Z"),
            (951_782_400, "2000-02-29T00:00:00.000000005Z"),
            (1_709_251_199, "2024-02-29T23:59:59.000000005Z"),
            (1_709_251_200, "2024-03-01T00:00:00.000000005Z"),
            (4_102_444_800, "2100-01-01T00:00:00.000000005Z"),
            (4_107_542_400, "2100-03-01T00:00:00.000000005Z"),
            (1_798_761_599, "2026-12-31T23:59:59.000000005Z"),
            (LAST_SECOND - 1, "9999-12-31T23:59:58.000000005Z"),
            (LAST_SECOND + 86_400, "9999-12-31T23:59:59.000000000Z"),
            (u64::MAX, "9999-12-31T23:59:59.000000000Z"),
        ];
        for (seconds, expected) in cases {
            assert_eq!(text(Duration::new(seconds, 5)), expected);
        }
    }
}
