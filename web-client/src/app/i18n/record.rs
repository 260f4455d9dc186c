//! Words for recording: the list, the visit, the finding, and the page about oneself.

use super::{Text, text};
use mingcha_core::domain::Language;

pub const RECORDS: Text = text("记录", "Records");
pub const ME: Text = text("我", "Me");
pub const NEW: Text = text("新记录", "New record");
pub const NO_RECORDS: Text = text(
    "还没有记录。点“新记录”开始，单位和检查单可以以后再选。",
    "No records yet. Tap “New record” to begin; unit and checklist can come later.",
);
pub const FIRST_OFFLINE: Text = text(
    "没有网络也能记：边写边存在本机，有网络时自己送出。",
    "You need no network: it is saved here as you write, and sent when there is one.",
);
pub const FIRST_HIDE: Text = text(
    "有人靠近：点右上角“隐藏”，屏幕变成空白便笺并锁定。回来时点“便笺”二字。",
    "Somebody comes near: tap “Hide” at the top right. The screen turns into an empty page of notes and locks. To come back, tap the word “Notes”.",
);
pub const FIRST_TICKS: Text = text(
    "每条记录右边写着到了哪里：已存本机、已送达、已读。",
    "Each record says how far it has come: saved here, delivered, read.",
);
pub const WHICH_TEAM: Text = text("记在哪个小组？", "For which team?");
pub const OLDER: Text = text("更早的", "Older ones");

pub const UNIT: Text = text("单位", "Unit");
pub const CHOOSE_UNIT: Text = text("选单位", "Choose the unit");
pub const FIND_UNIT: Text = text("名称、拼音首字母或代码", "Name, pinyin initials or code");
pub const NO_UNITS: Text = text("没有这样的单位", "No such unit");
pub const TYPE_TO_FIND: Text =
    text("输入名称的一部分，或拼音首字母", "Type part of the name, or pinyin initials");
pub const MODE: Text = text("方式", "Mode");
pub const CHECKLIST: Text = text("检查单", "Checklist");
pub const NO_CHECKLIST: Text = text("不用检查单", "No checklist");
pub const YES: Text = text("是", "Yes");
pub const NO: Text = text("否", "No");
pub const NOT_APPLICABLE: Text = text("不适用", "N/A");
pub const NOTE_A_FINDING: Text = text("记一个问题", "Record a finding");
pub const NOTES: Text = text("笔记", "Notes");
pub const NOTES_HINT: Text = text("看到了什么", "What you see");
pub const FINDINGS: Text = text("问题", "Findings");
pub const NEW_FINDING: Text = text("记问题", "Add finding");
pub const SUBMIT: Text = text("提交", "Submit");
pub const SUBMITTED: Text = text("已提交", "Submitted");
pub const SUBMIT_ASK: Text = text("提交这条记录？", "Submit this record?");
pub const SUBMIT_HELP: Text = text(
    "提交后督查员就会看到。之后还可以补充，改动会留下痕迹。",
    "Supervisors will see it. You can still add to it; changes leave a trace.",
);
pub const VOID: Text = text("作废", "Void");
pub const VOID_ASK: Text = text("作废这条记录？", "Void this record?");
pub const VOID_HELP: Text = text("记录不会删除，只是标明作废。", "It is not deleted, only marked as void.");
pub const REASON: Text = text("原因", "Reason");

pub const FINDING: Text = text("问题", "Finding");
pub const CATEGORY: Text = text("类别", "Category");
pub const NO_CATEGORY: Text = text("未选类别", "Not chosen");
pub const SEVERITY: Text = text("程度", "Severity");
pub const PLACE: Text = text("何处", "Where");
pub const PLACE_HINT: Text = text("如：3号窗口", "e.g. window 3");
pub const PERSON: Text = text("何人", "Who");
pub const PERSON_HINT: Text = text("如：工号 0317", "e.g. badge 0317");
pub const RULE: Text = text("违反何规定", "Rule broken");
pub const SEEN: Text = text("看到的情况", "What was seen");
pub const DONE: Text = text("完成", "Done");
pub const STRIKE: Text = text("记错了，划掉", "A mistake: strike it out");
pub const STRIKE_ASK: Text = text("划掉这个问题？", "Strike this finding out?");
pub const STRIKE_HELP: Text =
    text("划掉的问题不再计入，历史里还看得到。", "It no longer counts; the history still shows it.");
pub const STRUCK: Text = text("已划掉", "Struck out");
pub const NO_TEXT: Text = text("还没有写", "Nothing written yet");

pub const UNSENT: Text = text("未送", "Not sent yet");
pub const ALL_SENT: Text = text("都已送达。", "Everything has been delivered.");
pub const UNSENT_HELP: Text =
    text("只在这台设备上，有网络就会送出。", "On this device only; sent when there is a network.");
pub const LAST_CONTACT: Text = text("上次联系", "Last contact");
pub const NEVER: Text = text("还没有过", "not yet");
pub const THEME: Text = text("外观", "Appearance");
pub const THEME_SYSTEM: Text = text("跟随系统", "System");
pub const THEME_LIGHT: Text = text("浅色", "Light");
pub const THEME_DARK: Text = text("深色", "Dark");
pub const LOCK: Text = text("锁定", "Lock");
pub const ROLES: Text = text("身份", "Roles");
pub const TEAMS: Text = text("小组", "Teams");
pub const HIDE_HELP: Text = text(
    "点右上角“隐藏”，立刻盖住屏幕并锁定；键盘连按三次 Esc 也行。回来时点左上角“便笺”二字，再输口令。",
    "“Hide” at the top right covers the screen and locks at once; so do three quick presses of Escape. To come back, tap the word “Notes” at the top left and unlock.",
);
pub const BROWSER_LIMITS: Text = text(
    "网页挡不住截屏，浏览器历史里有本站地址，旁人也看得出这里存了多少数据。",
    "A web page cannot stop screenshots; the browser's history holds this address; and how much data is kept here can be seen.",
);

/// `问题 1`: the finding's number and the way to it.
pub fn finding_number(language: Language, number: usize) -> String {
    match language {
        Language::Chinese => format!("问题 {number}"),
        Language::English => format!("Finding {number}"),
    }
}

/// How many questions are answered.
pub fn answered(title: &str, answered: usize, questions: usize) -> String {
    format!("{title} {answered}/{questions}")
}

/// `14:05 起`: when a visit began.
pub fn since(language: Language, when: &str) -> String {
    match language {
        Language::Chinese => format!("{when} 起"),
        Language::English => format!("began {when}"),
    }
}

/// How many units match.
pub fn units_found(language: Language, shown: usize, total: u32) -> String {
    match language {
        Language::Chinese if (shown as u32) < total => format!("共 {total} 个单位，显示前 {shown} 个"),
        Language::Chinese => format!("共 {total} 个单位"),
        Language::English if (shown as u32) < total => format!("{total} units, the first {shown} shown"),
        Language::English => super::plural(total, "unit", "units"),
    }
}

/// What is waiting, in documents and bytes.
pub fn waiting(language: Language, count: usize, size: &str) -> String {
    match language {
        Language::Chinese => format!("{count} 条 · {size}"),
        Language::English => format!("{} · {size}", super::plural(count as u32, "record", "records")),
    }
}
