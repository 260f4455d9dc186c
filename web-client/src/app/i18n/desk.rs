//! Words for the desk: lists, filters, reports side by side, matters.

use super::{Text, text};
use mingcha_core::domain::Language;

pub const VISITS: Text = text("走访", "Visits");
pub const FINDINGS: Text = text("问题", "Findings");
pub const MATTERS: Text = text("督办", "Matters");
pub const FILTERS: Text = text("筛选", "Filters");
pub const STAGE: Text = text("阶段", "Stage");
pub const STAGE_ALL: Text = text("全部记录", "All records");
pub const STAGE_SUBMITTED: Text = text("已提交", "Submitted");
pub const ANY_UNIT: Text = text("所有单位", "All units");
pub const ANY_CATEGORY: Text = text("所有类别", "All categories");
pub const ANY_SEVERITY: Text = text("所有程度", "Any severity");
pub const ANY_TEAM: Text = text("所有小组", "All teams");
pub const ANY_MODE: Text = text("所有方式", "All modes");
pub const PERIOD: Text = text("期间", "Period");
pub const ANY_TIME: Text = text("不限期间", "Any time");
pub const THIS_WEEK: Text = text("最近 7 天", "Last 7 days");
pub const THIS_MONTH: Text = text("最近 30 天", "Last 30 days");
pub const THIS_YEAR: Text = text("最近一年", "Last year");
pub const SEARCH: Text = text("搜索", "Search");
pub const SEARCH_HINT: Text = text("/ 搜索", "/ to search");
pub const CLEAR: Text = text("清除筛选", "Clear filters");
pub const TIME: Text = text("时间", "Time");
pub const UNIT: Text = text("单位", "Unit");
pub const MODE: Text = text("方式", "Mode");
pub const TEAM: Text = text("小组", "Team");
pub const CATEGORY: Text = text("类别", "Category");
pub const SEVERITY: Text = text("程度", "Severity");
pub const SUMMARY: Text = text("内容", "What");
pub const STATE: Text = text("状态", "State");
pub const NO_VISITS: Text = text("没有符合条件的走访。", "No visits match.");
pub const NO_FINDINGS: Text = text("没有符合条件的问题。", "No findings match.");
pub const NO_MATTERS: Text = text(
    "还没有督办事项。在“问题”里打开同一单位的记录，选中问题并入。",
    "No matters yet. Open a finding, compare the unit's visits, and join findings into one.",
);
pub const IN_MATTER: Text = text("已督办", "In a matter");
pub const TO_JOIN: Text = text("待合并", "Not in a matter");

pub const VISIT: Text = text("走访记录", "Visit");
pub const TIMELINE: Text = text("经过", "History");
pub const SIDE_BY_SIDE: Text = text("与同单位的记录并排看", "Side by side with this unit's visits");
pub const NOT_ANSWERED: Text = text("未答", "Not answered");
pub const NO_RIGHT: Text = text("无权，不计", "had no right; does not count");
pub const ATTACKED: Text = text("有人试图改写，无效", "somebody tried to overwrite it; no effect");
pub const UNIT_FIRST: Text = text(
    "这条记录还没有选单位。小组选定单位后，才能与别的记录并排看、并入督办。",
    "This record has no unit yet. Once the team has chosen one, it can be compared with others and joined into a matter.",
);
pub const REPORTS: Text = text("同单位的记录", "Visits at one unit");
pub const DIFFERENT: Text = text("不一致", "differs");
pub const JOIN: Text = text("并入", "Join");
pub const NEW_MATTER: Text = text("督办事项", "Matter");
pub const PICK_FINDINGS: Text = text("在左边选中要并入的问题。", "Select findings on the left to join them.");
pub const PROBLEM: Text = text("问题", "Problem");
pub const INTO: Text = text("并入到", "Into");
pub const INTO_NEW: Text = text("新的督办事项", "a new matter");
pub const OPEN_MATTER: Text = text("建立督办", "Create matter");
pub const ADD_TO_MATTER: Text = text("并入督办", "Add to the matter");
pub const OPENED: Text = text("建立", "Created");
pub const CITES: Text = text("依据", "Rests on");
pub const CITED_BY: Text = text("引用人", "Cited by");
pub const CHANGED_SINCE: Text = text("此后有改动", "changed since");
pub const UNCHANGED: Text = text("与引用时一致", "as it was cited");
pub const AS_READ: Text = text("看引用时的记录", "Show the record as it was read");
pub const AS_NOW: Text = text("看现在的记录", "Show the record as it is now");
pub const READ_VERSION: Text = text("这是引用时读到的版本", "This is the version that was read");
pub const CITED_NOT_HERE: Text = text("这台设备上没有这份记录", "This record is not on this device");

pub const KEYS: Text = text("快捷键", "Keyboard");
pub const KEY_NEXT: Text = text("下一条、上一条", "Next, previous");
pub const KEY_OPEN: Text = text("打开", "Open");
pub const KEY_SEARCH: Text = text("搜索", "Search");
pub const KEY_HELP: Text = text("显示快捷键", "Show this");
pub const KEY_HIDE: Text = text("立即隐藏并锁定", "Hide and lock");

/// `1–50 / 1,284`: what part of the list is in view; nothing of an empty one, which says so itself.
pub fn range(first: u32, last: u32, total: u32) -> String {
    if total == 0 { String::new() } else { format!("{}–{} / {}", first + 1, last, grouped(total)) }
}

/// A number with thousands set apart.
pub fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Several names as one text.
pub fn joined<T: AsRef<str>>(language: Language, all: &[T]) -> String {
    let between = match language {
        Language::Chinese => "、",
        Language::English => ", ",
    };
    all.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(between)
}

/// The name of a report in the side-by-side view: A, B, C …
pub fn report(language: Language, letter: char) -> String {
    match language {
        Language::Chinese => format!("走访 {letter}"),
        Language::English => format!("Visit {letter}"),
    }
}

/// Of how many of the visits at a unit the findings that were selected are.
pub fn selected(language: Language, findings: usize, reports: usize, of: usize) -> String {
    match language {
        Language::Chinese => format!("选中 {findings} 个问题，出自 {of} 份记录中的 {reports} 份"),
        Language::English => format!(
            "{} selected, from {reports} of {}",
            super::plural(findings as u32, "finding", "findings"),
            super::plural(of as u32, "visit", "visits")
        ),
    }
}

/// How many findings a matter rests on.
pub fn citations(language: Language, count: u32) -> String {
    match language {
        Language::Chinese => format!("依据 {count} 个问题"),
        Language::English => format!("Rests on {}", super::plural(count, "finding", "findings")),
    }
}

/// How many findings a matter rests on, in a column that says so.
pub fn cited(language: Language, count: u32) -> String {
    match language {
        Language::Chinese => format!("{count} 个问题"),
        Language::English => super::plural(count, "finding", "findings"),
    }
}

/// A severity or graver.
pub fn or_graver(language: Language, severity: &str) -> String {
    match language {
        Language::Chinese => format!("{severity}以上"),
        Language::English => format!("{severity} or graver"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_counts_from_one_and_groups_thousands() {
        assert_eq!(range(0, 50, 1284), "1–50 / 1,284");
        assert_eq!(range(0, 0, 0), "");
        assert_eq!(grouped(1_000_000), "1,000,000");
    }
}
