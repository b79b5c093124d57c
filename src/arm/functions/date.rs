//! Dates and times.

use super::{Call, Function, Outcome, Stop, plain};
use crate::arm::value::{Node, Value};

pub(super) static FUNCTIONS: &[Function] = &[
    plain("dateTimeAdd", 2, 3, add),
    plain("dateTimeFromEpoch", 1, 1, from_epoch),
    plain("dateTimeToEpoch", 1, 1, to_epoch),
];

const DAY: i64 = 86_400;

/// The form that `dateTimeAdd()` writes unless it is given one.
const DEFAULT_FORM: &str = "M/d/yyyy h:mm:ss tt";

/// A moment in universal time, to the second.
#[derive(Clone, Copy)]
struct Moment {
    year: i64,
    month: i64,
    day: i64,
    /// Seconds since midnight.
    second: i64,
}

impl Moment {
    fn of_epoch(epoch: i64) -> Option<Self> {
        let days = epoch.div_euclid(DAY);
        // Days since 1 March of the year 0, in eras of 400 years.
        let shifted = days.checked_add(719_468)?;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        (1..=9999).contains(&year).then_some(Self {
            year,
            month,
            day: day_of_year - (153 * shifted_month + 2) / 5 + 1,
            second: epoch.rem_euclid(DAY),
        })
    }

    fn epoch(self) -> i64 {
        let year = if self.month <= 2 { self.year - 1 } else { self.year };
        let shifted_month = (self.month + 9) % 12;
        let day_of_year = (153 * shifted_month + 2) / 5 + self.day - 1;
        let days = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year;
        (days - 719_468) * DAY + self.second
    }

    /// Reads `2020-04-07T14:53:14Z` (a space for the `T` and no `Z` are allowed) and `2020-04-07`.
    fn read(text: &str) -> Option<Self> {
        let text = text.strip_suffix('Z').unwrap_or(text);
        let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, "00:00:00"));
        let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
        let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
        let moment = Self {
            year,
            month,
            day,
            second: hour * 3600 + minute * 60 + second,
        };
        let valid = hour < 24 && minute < 60 && second < 60 && Self::of_epoch(moment.epoch())?.is_on(moment);
        valid.then_some(moment)
    }

    fn is_on(self, other: Self) -> bool {
        (self.year, self.month, self.day) == (other.year, other.month, other.day)
    }

    /// The same day of the month some months later; `None` when there is no such day.
    fn months_later(self, months: i64) -> Option<Self> {
        let month = self
            .year
            .checked_mul(12)?
            .checked_add(self.month - 1)?
            .checked_add(months)?;
        let moved = Self {
            year: month.div_euclid(12),
            month: month.rem_euclid(12) + 1,
            ..self
        };
        Self::of_epoch(moved.epoch())?.is_on(moved).then_some(moved)
    }

    /// The moment in a standard or custom form of .NET; `None` for forms that hang on the culture, on fractions of
    /// a second or on the time zone.
    fn form(self, form: &str) -> Option<String> {
        match form {
            "s" => return self.form("yyyy-MM-ddTHH:mm:ss"),
            "u" => return self.form("yyyy-MM-dd HH:mm:ssZ"),
            "r" | "R" => return self.form("ddd, dd MMM yyyy HH':'mm':'ss 'GMT'"),
            _ if form.chars().count() < 2 => return None,
            _ => {}
        }
        let mut out = String::new();
        let mut rest = form.strip_prefix('%').unwrap_or(form);
        while let Some(letter) = rest.chars().next() {
            if let '\'' | '"' = letter {
                let (quoted, after) = rest.get(1..)?.split_once(letter)?;
                if quoted.contains('\\') {
                    return None;
                }
                out.push_str(quoted);
                rest = after;
                continue;
            }
            let count = rest.chars().take_while(|next| *next == letter).count();
            let width = count * letter.len_utf8();
            match self.part(letter, count) {
                Some(part) => out.push_str(&part),
                None if "dfFgHhKMmstyz%\\".contains(letter) => return None,
                None => out.push_str(rest.get(..width)?),
            }
            rest = rest.get(width..)?;
        }
        Some(out)
    }

    /// The part of the moment that a letter stands for when it is written so many times.
    fn part(self, letter: char, count: usize) -> Option<String> {
        let (hour, minute, second) = (self.second / 3600, self.second / 60 % 60, self.second % 60);
        let half = if hour < 12 { "AM" } else { "PM" };
        let name = |names: &[&str], index: i64| {
            let index = usize::try_from(index).ok()?;
            names.get(index).map(|name| (*name).to_owned())
        };
        let number = |value: i64| Some(format!("{value:0count$}"));
        let month = self.month - 1;
        let weekday = self.epoch().div_euclid(DAY).wrapping_add(4).rem_euclid(7);
        match (letter, count) {
            ('y', 1 | 2) => number(self.year % 100),
            ('y', 3..=5) => number(self.year),
            ('M', 1 | 2) => number(self.month),
            ('M', 3) => Some(name(&MONTHS, month)?.chars().take(3).collect()),
            ('M', 4) => name(&MONTHS, month),
            ('d', 1 | 2) => number(self.day),
            ('d', 3) => Some(name(&DAYS, weekday)?.chars().take(3).collect()),
            ('d', 4) => name(&DAYS, weekday),
            ('H', 1 | 2) => number(hour),
            ('h', 1 | 2) => number((hour + 11) % 12 + 1),
            ('m', 1 | 2) => number(minute),
            ('s', 1 | 2) => number(second),
            // Moments are read to the second.
            ('f', 1..=7) => Some("0".repeat(count)),
            ('t', 1 | 2) => half.get(..count).map(str::to_owned),
            _ => None,
        }
    }
}

/// The months in English, which the service writes.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The days of the week; 1970 began on the fifth of them.
const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// Three numbers of so many digits with a character between them.
fn numbers(text: &str, between: char, widths: [usize; 3]) -> Option<[i64; 3]> {
    let mut pieces = text.split(between);
    let mut out = [0; 3];
    for (number, width) in out.iter_mut().zip(widths) {
        let piece = pieces.next()?;
        if piece.len() != width || !piece.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = piece.parse().ok()?;
    }
    pieces.next().is_none().then_some(out)
}

/// A duration of ISO 8601: months and seconds.
struct Duration {
    months: i64,
    seconds: i64,
}

impl Duration {
    fn read(text: &str) -> Option<Self> {
        let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let text = text.strip_prefix('P')?;
        let (date, time) = match text.split_once('T') {
            Some((_, "")) => return None,
            Some((date, time)) => (date, time),
            None => (text, ""),
        };
        if date.is_empty() && time.is_empty() {
            return None;
        }
        let mut read = Self { months: 0, seconds: 0 };
        read.add(
            date,
            &[('Y', 12, 0), ('M', 1, 0), ('W', 0, 7 * DAY), ('D', 0, DAY)],
            sign,
        )?;
        read.add(time, &[('H', 0, 3600), ('M', 0, 60), ('S', 0, 1)], sign)?;
        Some(read)
    }

    fn add(&mut self, text: &str, units: &[(char, i64, i64)], sign: i64) -> Option<()> {
        let mut rest = text;
        for (letter, months, seconds) in units {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (number, after) = rest.split_at_checked(digits)?;
            let Some(after) = after.strip_prefix(*letter) else {
                continue;
            };
            let number: i64 = number.parse().ok()?;
            let number = number.checked_mul(sign)?;
            self.months = self.months.checked_add(number.checked_mul(*months)?)?;
            self.seconds = self.seconds.checked_add(number.checked_mul(*seconds)?)?;
            rest = after;
        }
        rest.is_empty().then_some(())
    }
}

fn add(call: &Call<'_>, args: &[Node]) -> Outcome {
    let base = call.str_arg(args, 0)?;
    let text = call.str_arg(args, 1)?;
    let Some(duration) = Duration::read(text) else {
        if text.contains('.') {
            return Err(Stop::Unknown);
        }
        return call.failed(format_args!("cannot read '{text}' as a duration"));
    };
    let form = if args.len() > 2 {
        call.str_arg(args, 2)?
    } else {
        DEFAULT_FORM
    };
    let moment = Moment::read(base).ok_or(Stop::Unknown)?;
    // Whether months count as calendar months or as days is not documented: both must agree.
    let days = duration.months / 12 * 365 + duration.months % 12 * 30;
    let fixed = moment.epoch().checked_add(days * DAY);
    let calendar = moment.months_later(duration.months).map(Moment::epoch);
    if duration.months != 0 && fixed != calendar {
        return Err(Stop::Unknown);
    }
    let sum = fixed
        .and_then(|start| start.checked_add(duration.seconds))
        .and_then(Moment::of_epoch);
    match sum {
        Some(sum) => call.computed(sum.form(form).ok_or(Stop::Unknown)?),
        None => call.failed("leaves the range of dates"),
    }
}

fn from_epoch(call: &Call<'_>, args: &[Node]) -> Outcome {
    let epoch = call.int_arg(args, 0)?;
    match Moment::of_epoch(epoch).and_then(|moment| moment.form("yyyy-MM-ddTHH:mm:ssZ")) {
        Some(text) => call.computed(text),
        None => call.failed("leaves the range of dates"),
    }
}

fn to_epoch(call: &Call<'_>, args: &[Node]) -> Outcome {
    match Moment::read(call.str_arg(args, 0)?) {
        Some(moment) => call.made(Value::Int(moment.epoch())),
        None => Err(Stop::Unknown),
    }
}
