//! The time of a line, in UTC.

use std::time::{Duration, SystemTime};

/// A point in time, broken into the calendar's parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    year: u64,
    month: u64,
    day: u64,
    /// Milliseconds since midnight.
    within: u64,
}

impl Moment {
    /// The parts of a time in UTC; a clock before 1970 gives 1970.
    pub(super) fn of(time: SystemTime) -> Self {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let (days, within) = (since.as_secs() / 86_400, u64::from(since.subsec_millis()));
        let (year, month, day) = civil(days);
        Moment { year, month, day, within: (since.as_secs() % 86_400) * 1000 + within }
    }

    /// `2026-11-21`, up to the month `2026-11`.
    pub(super) fn month(self) -> String {
        format!("{:04}-{:02}", self.year, self.month)
    }

    /// RFC 3339 with milliseconds: `2026-11-21T01:35:07.042Z`.
    pub(super) fn text(self) -> String {
        let Moment { year, month, day, within } = self;
        let (seconds, millis) = (within / 1000, within % 1000);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
    }
}

/// Year, month and day of the proleptic Gregorian calendar for a number of days since 1970-01-01.
///
/// Years are counted from March, so that the leap day is a year's last: 400 years have 146,097 days, the
/// months from March repeat with 153 days in five.
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468; // From 0000-03-01 to 1970-01-01.
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(millis: u64) -> String {
        Moment::of(SystemTime::UNIX_EPOCH + Duration::from_millis(millis)).text()
    }

    #[test]
    fn known_times_are_written_as_the_calendar_has_them() {
        // As `date -u -d @SECONDS` prints them.
        for (seconds, wanted) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399, "2000-02-28T23:59:59.000Z"),
            (951_868_799, "2000-02-29T23:59:59.000Z"),
            (951_868_800, "2000-03-01T00:00:00.000Z"),
            (1_772_323_199, "2026-02-28T23:59:59.000Z"),
            (1_772_323_200, "2026-03-01T00:00:00.000Z"),
            (1_798_761_599, "2026-12-31T23:59:59.000Z"),
            (4_107_542_400, "2100-03-01T00:00:00.000Z"),
        ] {
            assert_eq!(text(seconds * 1000), wanted);
        }
    }

    #[test]
    fn milliseconds_and_the_month_are_kept() {
        assert_eq!(text(1_234), "1970-01-01T00:00:01.234Z");
        assert_eq!(Moment::of(SystemTime::UNIX_EPOCH + Duration::from_secs(1_798_761_599)).month(), "2026-12");
    }

    #[test]
    fn a_clock_before_1970_is_1970() {
        assert_eq!(Moment::of(SystemTime::UNIX_EPOCH - Duration::from_secs(5)).text(), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn every_day_of_400_years_follows_the_one_before() {
        let (mut year, mut month, mut day) = civil(0);
        for days in 1..146_097 {
            let next = civil(days);
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let length = [31, 28 + u64::from(leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month as usize - 1];
            let wanted = match (day == length, month) {
                (false, _) => (year, month, day + 1),
                (true, 12) => (year + 1, 1, 1),
                (true, _) => (year, month + 1, 1),
            };
            assert_eq!(next, wanted);
            (year, month, day) = next;
        }
    }
}
