//! Days of the device's time zone, as fields for dates have them.

use js_sys::Date;
use mingcha_core::time::Timestamp;

fn local(at: Timestamp) -> Date {
    Date::new(&(at.0 as f64).into())
}

fn start(year: u32, month: i32, day: i32) -> Timestamp {
    Timestamp(Date::new_with_year_month_day(year, month, day).get_time().max(0.0) as u64)
}

/// The last day of a time that ends before `until`.
pub fn last_day(until: Timestamp) -> Timestamp {
    let date = local(Timestamp(until.0.saturating_sub(1)));
    start(date.get_full_year(), date.get_month() as i32, date.get_date() as i32)
}

/// The beginning of the day after this one.
pub fn next_day(at: Timestamp) -> Timestamp {
    let date = local(at);
    start(date.get_full_year(), date.get_month() as i32, date.get_date() as i32 + 1)
}

/// `2026-11-22`; empty without a day.
pub fn to_field(at: Timestamp) -> String {
    if at.0 == 0 {
        return String::new();
    }
    let date = local(at);
    format!("{:04}-{:02}-{:02}", date.get_full_year(), date.get_month() + 1, date.get_date())
}

/// The beginning of the day that a field names.
pub fn from_field(text: &str) -> Option<Timestamp> {
    let (year, month, day) = parts(text)?;
    Some(start(year, month as i32 - 1, day as i32))
}

fn parts(text: &str) -> Option<(u32, u32, u32)> {
    let mut parts = text.split('-').map(|part| part.parse::<u32>().ok());
    let parts = (parts.next()??, parts.next()??, parts.next()??);
    let (year, month, day) = parts;
    ((1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_year_a_month_and_a_day() {
        assert_eq!(parts("2026-11-22"), Some((2026, 11, 22)));
        for text in ["", "2026", "2026-13-01", "2026-1", "x-y-z", "0001-01-01"] {
            assert_eq!(parts(text), None, "{text}");
        }
    }
}
