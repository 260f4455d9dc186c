//! Moments as people write them, in the device's time zone.

use crate::app::i18n::common as w;
use mingcha_core::domain::Language;
use mingcha_core::time::Timestamp;

const WEEKDAYS: [(&str, &str); 7] = [
    ("周日", "Sun"),
    ("周一", "Mon"),
    ("周二", "Tue"),
    ("周三", "Wed"),
    ("周四", "Thu"),
    ("周五", "Fri"),
    ("周六", "Sat"),
];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A moment in the device's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Local {
    year: u32,
    month: u32,
    day: u32,
    weekday: u32,
    hour: u32,
    minute: u32,
}

impl Local {
    fn of(moment: Timestamp) -> Self {
        let date = js_sys::Date::new(&(moment.0 as f64).into());
        Self {
            year: date.get_full_year(),
            month: date.get_month(),
            day: date.get_date(),
            weekday: date.get_day(),
            hour: date.get_hours(),
            minute: date.get_minutes(),
        }
    }

    fn clock(self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }

    fn date(self, language: Language, this_year: u32) -> String {
        let (chinese, english) = WEEKDAYS[self.weekday as usize % 7];
        let Self { year, day, .. } = self;
        let month = self.month as usize % 12;
        match (language, year == this_year) {
            (Language::Chinese, true) => format!("{}月{day}日 {chinese}", month + 1),
            (Language::Chinese, false) => format!("{year}年{}月{day}日", month + 1),
            (Language::English, true) => format!("{english} {day} {}", MONTHS[month]),
            (Language::English, false) => format!("{day} {} {year}", MONTHS[month]),
        }
    }
}

/// The device's time now.
pub fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as u64)
}

/// The first moment of today.
pub fn today() -> Timestamp {
    let date = js_sys::Date::new_0();
    date.set_hours(0);
    date.set_minutes(0);
    date.set_seconds(0);
    date.set_milliseconds(0);
    Timestamp(date.get_time() as u64)
}

/// A moment shifted so that read as universal time it is the device's local time.
pub fn local(at: Timestamp) -> Timestamp {
    Timestamp(at.0.saturating_add_signed(offset_millis(at)))
}

/// How far the device's clock is ahead of universal time now, in minutes.
pub fn offset_minutes() -> i16 {
    (offset_millis(now()) / 60_000) as i16
}

fn offset_millis(at: Timestamp) -> i64 {
    let date = js_sys::Date::new(&(at.0 as f64).into());
    -(date.get_timezone_offset() as i64) * 60_000
}

/// `20261122-1405`, for names of files.
pub fn stamp(at: Timestamp) -> String {
    let Local { year, month, day, hour, minute, .. } = Local::of(at);
    format!("{year}{:02}{day:02}-{hour:02}{minute:02}", month + 1)
}

/// Year and month of a moment, the month from 1.
pub fn month_of(at: Timestamp) -> (u32, u32) {
    let local = Local::of(at);
    (local.year, local.month + 1)
}

/// `2026年11月`.
pub fn month(language: Language, (year, month): (u32, u32)) -> String {
    match language {
        Language::Chinese => format!("{year}年{month}月"),
        Language::English => format!("{} {year}", MONTHS[(month as usize + 11) % 12]),
    }
}

/// `11月22日 周日 14:05`.
pub fn moment(language: Language, at: Timestamp) -> String {
    let local = Local::of(at);
    format!("{} {}", local.date(language, Local::of(now()).year), local.clock())
}

/// `11月22日 周日`.
pub fn date(language: Language, at: Timestamp) -> String {
    Local::of(at).date(language, Local::of(now()).year)
}

/// `14:05`.
pub fn clock(at: Timestamp) -> String {
    Local::of(at).clock()
}

/// `11-22 14:05`, for tables.
pub fn short(at: Timestamp) -> String {
    let local = Local::of(at);
    let year = if local.year == Local::of(now()).year { String::new() } else { format!("{}-", local.year) };
    format!("{year}{:02}-{:02} {}", local.month + 1, local.day, local.clock())
}

/// `今天 · 11月22日 周日`: the heading above a day's records.
pub fn day(language: Language, at: Timestamp) -> String {
    let today = today();
    let date = Local::of(at).date(language, Local::of(today).year);
    if at >= today {
        format!("{} · {date}", w::TODAY.say(language))
    } else if at.after(86_400_000) >= today {
        format!("{} · {date}", w::YESTERDAY.say(language))
    } else {
        date
    }
}

/// `5 分钟前` below an hour, the moment otherwise.
pub fn ago(language: Language, at: Timestamp) -> String {
    match now().since(at) / 60_000 {
        0 => w::JUST_NOW.say(language).into(),
        minutes @ 1..60 => w::minutes_ago(language, minutes),
        _ => moment(language, at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUNDAY: Local = Local { year: 2026, month: 10, day: 22, weekday: 0, hour: 14, minute: 5 };

    #[test]
    fn dates_read_as_people_write_them() {
        assert_eq!(SUNDAY.date(Language::Chinese, 2026), "11月22日 周日");
        assert_eq!(SUNDAY.date(Language::English, 2026), "Sun 22 Nov");
        assert_eq!(SUNDAY.clock(), "14:05");
    }

    #[test]
    fn another_year_is_said() {
        assert_eq!(SUNDAY.date(Language::Chinese, 2027), "2026年11月22日");
        assert_eq!(SUNDAY.date(Language::English, 2027), "22 Nov 2026");
    }
}
