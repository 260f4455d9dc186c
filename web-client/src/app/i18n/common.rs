//! Words that are used everywhere.

use super::{Text, text};
use mingcha_core::domain::Language;

pub const PRODUCT: Text = text("明察", "Mingcha");
pub const CANCEL: Text = text("取消", "Cancel");
pub const CLOSE: Text = text("关闭", "Close");
pub const BACK: Text = text("返回", "Back");
pub const NONE: Text = text("无", "None");
pub const UNIT_UNKNOWN: Text = text("未选单位", "No unit yet");
pub const PLACEHOLDER: Text = text("待补", "placeholder");
pub const LANGUAGE: Text = text("语言", "Language");
pub const HIDE: Text = text("隐藏", "Hide");
pub const HIDE_LONG: Text = text("立即隐藏并锁定", "Hide and lock now");
pub const UNDERSTOOD: Text = text("知道了", "Understood");
pub const NOTICES: Text = text("提示", "Notices");
pub const NAVIGATION: Text = text("导航", "Navigation");
pub const MORE: Text = text("更多", "More");
pub const NOT_HERE: Text = text("这台设备上还没有这一项。", "This is not on this device yet.");
pub const TWO_VALUES: Text =
    text("两个人写得不一样，请选定：", "Two people wrote different things. Choose one:");
pub const UNKNOWN_PERSON: Text = text("不明", "unknown");
pub const CHOOSE_THIS: Text = text("选定", "Choose");
pub const TODAY: Text = text("今天", "Today");
pub const YESTERDAY: Text = text("昨天", "Yesterday");
pub const JUST_NOW: Text = text("刚刚", "just now");
pub const OFFLINE: Text = text("未连接", "Not connected");
pub const WAITING: Text = text("等待放行", "Waiting to be let in");
pub const WAITING_HELP: Text = text(
    "这台设备还没放行，暂时读不到办公室的内容。请打电话或当面找综合组，两边核对这组数字。",
    "This device is not let in yet and cannot read the office's work. Call or meet the coordinator and compare these digits.",
);
pub const LIVE: Text = text("已同步", "Up to date");

/// Something in brackets after something.
pub fn aside(language: Language, said: &str) -> String {
    match language {
        Language::Chinese => format!("（{said}）"),
        Language::English => format!(" ({said})"),
    }
}

/// How many records are on this device only.
pub fn unsent(language: Language, count: u32) -> String {
    match language {
        Language::Chinese => format!("{count} 条未送"),
        Language::English => format!("{count} unsent"),
    }
}

/// Minutes ago, below an hour.
pub fn minutes_ago(language: Language, minutes: u64) -> String {
    match language {
        Language::Chinese => format!("{minutes} 分钟前"),
        Language::English => format!("{minutes} min ago"),
    }
}

/// Entries that are still to come from the relay.
pub fn catching_up(language: Language, left: u64) -> String {
    match (language, left) {
        (Language::Chinese, 0) => "正在接收".to_owned(),
        (Language::English, 0) => "Catching up".to_owned(),
        (Language::Chinese, left) => format!("还有 {left} 项在接收"),
        (Language::English, left) => format!("{left} still arriving"),
    }
}

/// Not connected, and when the relay last answered.
pub fn offline_since(language: Language, when: &str) -> String {
    match language {
        Language::Chinese => format!("未连接 · 上次联系：{when}"),
        Language::English => format!("Not connected · last contact {when}"),
    }
}

/// How many problems were found in a visit.
pub fn findings(language: Language, count: u32) -> String {
    match (language, count) {
        (Language::Chinese, 0) => "未记问题".into(),
        (Language::Chinese, _) => format!("{count} 个问题"),
        (Language::English, 0) => "no findings".into(),
        (Language::English, _) => super::plural(count, "finding", "findings"),
    }
}

/// How many fields hold two values.
pub fn conflicts(language: Language, count: u32) -> String {
    match language {
        Language::Chinese => format!("{count} 处待选定"),
        Language::English => format!("{count} to choose"),
    }
}

/// A size in bytes, for people.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes}\u{a0}B"),
        1_000..1_000_000 => format!("{}\u{a0}KB", bytes.div_ceil(1_000)),
        _ => format!("{}.{}\u{a0}MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_people_write_them() {
        assert_eq!(size(999), "999\u{a0}B");
        assert_eq!(size(1_001), "2\u{a0}KB");
        assert_eq!(size(2_560_000), "2.5\u{a0}MB");
    }

    #[test]
    fn english_counts_agree_with_their_noun() {
        assert_eq!(findings(Language::English, 1), "1 finding");
        assert_eq!(findings(Language::English, 2), "2 findings");
    }
}
