//! Words for assignments.

use super::{Text, plural, text};
use mingcha_core::domain::Language;

pub const NEW: Text = text("新建派发", "New assignment");
pub const COVERAGE: Text = text("进展与地图", "Coverage and map");
pub const VIEW: Text = text("显示方式", "View");
pub const LIST: Text = text("列表", "List");
pub const BOARD: Text = text("按期限", "By date");
pub const BY_TEAM: Text = text("按小组", "By team");
pub const NONE: Text = text("没有派发。", "No assignments.");
pub const NONE_YET: Text = text(
    "还没有派发。派发就是请一个小组在两个日期之间走访若干单位；小组手机离线也看得到。",
    "No assignments yet. An assignment asks a team to visit units between two dates; the team's phones have it offline.",
);
pub const OPEN: Text = text("进行中", "Open");
pub const THIS_WEEK: Text = text("七天内到期", "Due within 7 days");
pub const OVER: Text = text("已到期", "Ended");
pub const ALL_VISITED: Text = text("已走访完", "All visited");
pub const WITHDRAWN: Text = text("已撤回", "Withdrawn");
pub const ENDS: Text = text("期限", "Dates");
pub const TITLE: Text = text("标题", "Title");
pub const TEAM: Text = text("小组", "Team");
pub const MODE: Text = text("方式", "Mode");
pub const VISITED: Text = text("已走访", "Visited");
pub const STATE: Text = text("状态", "State");
pub const DELIVERED: Text = text("送达", "Delivery");
pub const KEYS: Text = text("J、K 上下，Enter 打开", "J, K: next and previous; Enter: open");
pub const UNFINISHED: Text = text("没写完的派发", "Assignments not finished");
pub const GO_ON: Text = text("继续写", "Go on");
pub const DISCARD: Text = text("丢弃", "Discard");
pub const UNTITLED: Text = text("（没有标题）", "(no title)");

pub const FROM: Text = text("开始日期", "From");
pub const UNTIL: Text = text("截止日期（含当天）", "Until (that day included)");
pub const CHECKLIST: Text = text("检查单", "Checklist");
pub const NO_CHECKLIST: Text = text("不用检查单", "No checklist");
pub const LOOK_AT: Text = text("重点看什么", "What to look at");
pub const CHOOSE_TEAM: Text = text("选小组", "Choose a team");
pub const NO_TEAMS: Text = text("还没有小组：先到“人员”建立。", "No teams yet: create one under People.");
pub const UNITS: Text = text("去哪些单位", "Which units");
pub const BY_AREA: Text = text("按片区", "By area");
pub const BY_SEARCH: Text = text("查找", "By search");
pub const HOW: Text = text("怎么选", "How to choose");
pub const FIND_AREA: Text = text("片区名称", "Name of the area");
pub const NO_AREAS: Text = text(
    "没有片区：导入的单位没有上下级。请用“查找”。",
    "No areas: the units imported have none above them. Use the search.",
);
pub const NO_AREA_FITS: Text = text("没有这样的片区。", "No area fits.");
pub const CHOSEN: Text = text("已选", "Chosen");
pub const NONE_CHOSEN: Text = text("还没有选单位。", "No unit chosen yet.");
pub const REMOVE: Text = text("移除", "Remove");
pub const REMOVE_ALL: Text = text("全部移除", "Remove all");
pub const AGAIN: Text = text("复查以前的问题", "Examine again");
pub const AGAIN_HELP: Text = text(
    "回头看和验收时用：选中的问题会抄给小组，写明去看什么。小组看不到原来的记录，只看得到这里的文字，可以改。",
    "For look-backs and acceptance: what you choose is copied to the team. They cannot read the earlier records, only the words here, which you can change.",
);
pub const CHOOSE_AGAIN: Text = text("选以前的问题", "Choose earlier findings");
pub const EARLIER_FINDINGS: Text = text("以前的问题", "Earlier findings");
pub const SOURCE: Text = text("从哪里选", "Choose from");
pub const FINDINGS: Text = text("走访发现的问题", "Findings of visits");
pub const MATTERS: Text = text("督办事项", "Matters");
pub const AT_UNIT: Text = text("单位", "Unit");
pub const ANYWHERE: Text = text("所有单位", "All units");
pub const WORDS: Text = text("包含文字", "With these words");
pub const NOTHING_EARLIER: Text = text("没有符合的。", "Nothing matches.");
pub const READY: Text = text("选好了", "Done");
pub const WHAT_WAS_WRONG: Text = text("当时的问题", "What was wrong");
pub const SEND: Text = text("派发", "Assign");
pub const SAVE: Text = text("改派", "Change the assignment");
pub const INCOMPLETE: Text = text(
    "标题、小组、日期和至少一个单位都要有。",
    "A title, a team, the dates and at least one unit are needed.",
);
pub const RESTORED: Text = text("这是上次没写完的。", "This is what you had not finished.");
pub const START_OVER: Text = text("重新写", "Start over");
pub const HELP: Text = text("派发以后会怎样？", "What happens then?");
pub const HELP_1: Text = text(
    "小组每个人的手机都会收到，离线也能看；他们从派发开始记录，单位和检查单已经填好。",
    "Everybody of the team gets it, also for use offline. A visit begun from it has the unit and the checklist filled in.",
);
pub const HELP_2: Text = text(
    "谁去了哪里由记录自己得出，不用人工登记。",
    "Progress follows from the visits themselves; nobody ticks anything off.",
);
pub const HELP_3: Text = text(
    "随时可以改、撤回、再派；别的小组看不到。",
    "Edit it, withdraw it or assign it again at any time. Other teams do not see it.",
);

pub const CHANGE: Text = text("修改", "Change");
pub const WITHDRAW: Text = text("撤回", "Withdraw");
pub const WITHDRAW_ASK: Text = text("撤回这份派发？", "Withdraw this assignment?");
pub const WITHDRAW_HELP: Text = text(
    "小组会看到它已撤回和原因。已经做的记录都保留；以后可以再派。",
    "The team sees that it was withdrawn, and why. Visits made stay; you can assign it again.",
);
pub const REASON: Text = text("原因", "Reason");
pub const GIVE_AGAIN: Text = text("修改后再派", "Edit and reassign");
pub const PROGRESS: Text = text("进展", "Progress");
pub const UNIT: Text = text("单位", "Unit");
pub const HOW_FAR: Text = text("进度", "Progress");
pub const VISITS: Text = text("记录", "Visits");
pub const VISIT: Text = text("看记录", "Read");
pub const FINDINGS_SHORT: Text = text("问题", "Findings");
pub const BY: Text = text("派发人", "Assigned by");
pub const DISPUTED: Text = text(
    "两个人同时改了这份派发，请选定一份：",
    "Two people changed this assignment at the same time. Choose one:",
);
pub const CHOOSE_VERSION: Text = text("用这一份", "Use this one");
pub const DETAILS: Text = text("内容", "What is asked");

/// The dates: the last day is named, not the day after.
pub fn dates(from: &str, last: &str) -> String {
    if from == last { from.to_owned() } else { format!("{from} – {last}") }
}

/// `3 / 12`, with what it counts, for those who hear it.
pub fn progress(language: Language, visited: u32, begun: u32, all: u32) -> String {
    match (language, begun) {
        (Language::Chinese, 0) => format!("{all} 个单位，已走访 {visited} 个"),
        (Language::Chinese, _) => format!("{all} 个单位，已走访 {visited} 个，走访中 {begun} 个"),
        (Language::English, 0) => format!("{visited} of {} visited", plural(all, "unit", "units")),
        (Language::English, _) => {
            format!("{visited} of {} visited, {begun} begun", plural(all, "unit", "units"))
        }
    }
}

/// How many units are chosen.
pub fn chosen(language: Language, count: usize, most: u32) -> String {
    match language {
        Language::Chinese => format!("已选 {count} 个（最多 {most} 个）"),
        Language::English => format!("{count} chosen (at most {most})"),
    }
}

/// How many units are below an area.
pub fn below(language: Language, count: u32) -> String {
    match language {
        Language::Chinese => format!("下属 {count} 个单位"),
        Language::English => plural(count, "unit", "units"),
    }
}

/// The word on the button that adds all units of an area.
pub fn add_all(language: Language, count: usize) -> String {
    match language {
        Language::Chinese => format!("全选这 {count} 个"),
        Language::English => format!("Choose all {count}"),
    }
}

/// That a list shows its beginning only.
pub fn first_of(language: Language, shown: usize, all: u32) -> String {
    match language {
        Language::Chinese => format!("共 {all} 个，列出前 {shown} 个；请缩小范围。"),
        Language::English => format!("The first {shown} of {all}: narrow it down."),
    }
}

/// How many earlier findings are examined again.
pub fn again(language: Language, count: u32) -> String {
    match language {
        Language::Chinese => format!("复查 {count} 项"),
        Language::English => format!("{count} to examine again"),
    }
}

/// The name of a version in a dispute.
pub fn version(language: Language, by: &str, when: &str) -> String {
    match language {
        Language::Chinese => format!("{by} · {when}"),
        Language::English => format!("{by}, {when}"),
    }
}
