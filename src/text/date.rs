//! A day of the calendar.

use std::fmt;

/// A day, as `2027-01-31`. Days are compared in the order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day of that year, month (from 1) and day (from 1), if there is one.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let last = match month {
            2 if is_leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        (1..=last).contains(&day).then_some(Self { year, month, day })
    }

    /// The day that is written `YYYY-MM-DD`, if there is one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_shaped = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let mut parts = text.split('-').filter(|_| is_shaped);
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        (year.len() == 4 && month.len() == 2 && parts.next().is_none()).then_some(())?;
        Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }

    /// The day in UTC on which a moment lies that comes so many seconds after the start of 1970.
    #[must_use]
    pub fn of_unix_time(seconds: u64) -> Option<Self> {
        let mut left = seconds / 86_400;
        for year in 1970..=9999 {
            for month in 1..=12 {
                let days = (28..=31).rev().find(|day| Self::new(year, month, *day).is_some())?;
                if left < u64::from(days) {
                    return Self::new(year, month, u8::try_from(left).ok()? + 1);
                }
                left -= u64::from(days);
            }
        }
        None
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_and_written() {
        for text in ["2026-12-01", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"] {
            assert_eq!(Date::parse(text).map(|date| date.to_string()).as_deref(), Some(text));
        }
        for text in [
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-01",
            "2026-1-1",
            "20260101",
            "2026-01-00",
            "2026-01-32",
            "2026-01-011",
            "+026-01-01",
            "",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
        assert!(Date::parse("2026-12-01") < Date::parse("2027-01-01"));
    }

    #[test]
    fn moments_lie_on_days() {
        for (seconds, day) in [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (86_400, "1970-01-02"),
            (951_782_400, "2000-02-29"),
            (1_796_083_200, "2026-12-01"),
            (4_102_444_800, "2100-01-01"),
        ] {
            assert_eq!(
                Date::of_unix_time(seconds).map(|date| date.to_string()).as_deref(),
                Some(day)
            );
        }
        assert_eq!(Date::of_unix_time(u64::MAX), None);
    }
}
