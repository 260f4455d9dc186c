//! Words for the inspector's phone: assignments, what is re-examined, handing in, carrying by file.

use super::{Text, plural, text};
use mingcha_core::domain::Language;

pub const ASSIGNMENTS: Text = text("派发", "Assigned");
pub const NO_ASSIGNMENTS: Text = text(
    "现在没有派发给您小组的走访。派发到了会出现在这里，没有网络也能看。",
    "Nothing is assigned to your team now. Assignments appear here and can be read without a network.",
);
pub const OPEN_ONES: Text = text("要走访的", "To be visited");
pub const CLOSED_ONES: Text = text("到期和撤回的", "Ended or withdrawn");
pub const DUE_TODAY: Text = text("今天截止", "due today");
pub const DUE_TOMORROW: Text = text("明天截止", "due tomorrow");
pub const OVERDUE: Text = text("已过期", "overdue");
pub const OVER: Text = text("已到期", "ended");
pub const DISPUTED: Text = text(
    "这项派发被两个人改得不一样，还没有选定；下面是较新的一版。",
    "Two people changed this assignment differently and have not settled it; the newer version is shown.",
);
pub const LOOK_AT: Text = text("检查重点", "What to look at");
pub const ASSIGNED_BY: Text = text("派发人", "Assigned by");
pub const PERIOD: Text = text("期间", "Period");
pub const START: Text = text("开始", "Begin");
pub const GO_ON: Text = text("继续", "Continue");
pub const OPEN_IT: Text = text("查看", "View");
pub const NEAR: Text = text("按距离排序", "Nearest first");
pub const NEAR_AGAIN: Text = text("重新定位", "Update my location");
pub const LOCATING: Text = text("正在定位…", "Locating…");
pub const NEAR_HELP: Text = text(
    "点了才取一次位置，只在这台设备上用来排序。",
    "Your place is read once, when you tap, and only sorts the list on this device.",
);
pub const NEAR_REFUSED: Text = text(
    "浏览器没有允许取位置。可以在浏览器的网站设置里允许，或者直接按名称找。",
    "The browser does not allow this site to know where you are. Allow it in the browser's settings, or search by name.",
);
pub const NEAR_FAILED: Text = text(
    "现在取不到位置。到开阔处再试，或者直接按名称找。",
    "Your place cannot be found now. Try again in the open, or search by name.",
);
pub const ASSIGNED_UNIT: Text = text("已派给本组", "Assigned");

pub const SENT_BACK: Text = text("退回，待修改", "Sent back to be amended");
pub const WAS_SENT_BACK: Text = text("退回时说", "Sent back because");
pub const GO_ON_WORKING: Text = text("继续修改", "Continue editing");
pub const CHANGED_SINCE: Text = text("提交后有改动", "changed since it was submitted");
pub const SUBMIT_AGAIN: Text = text("再次提交", "Submit again");
pub const SUBMIT_INCOMPLETE: Text = text("还没有写全。", "Something is missing.");
pub const SUBMIT_INCOMPLETE_HELP: Text = text(
    "点一项就去填。实在填不了，也可以就这样提交；提交后督查员就会看到。",
    "Tap one to fill it in. If you cannot, you may submit as it is; supervisors will see it.",
);
pub const SUBMIT_ANYWAY: Text = text("就这样提交", "Submit as it is");
pub const FILL_IN: Text = text("去补全", "Fill it in");
pub const NO_UNIT: Text = text("还没有选单位", "No unit is chosen");
pub const REQUIRED: Text = text("必答", "Required");
pub const NOT_A_NUMBER: Text = text("这不像一个数", "This does not look like a number");

pub const AGAIN: Text = text("本次复查", "Re-examined this time");
pub const AGAIN_NOTHING: Text = text(
    "还没有注明复查什么。从这个单位以前的问题里选，或者写几个字。",
    "Nothing is named yet. Choose from earlier findings at this unit, or write a few words.",
);
pub const AGAIN_MORE: Text = text("再加一项", "Add another");
pub const AGAIN_CHOOSE: Text = text("选以前的问题", "Choose earlier findings");
pub const AGAIN_NONE: Text = text(
    "这台设备上没有这个单位以前提交的问题。",
    "This device has no earlier submitted findings at this unit.",
);
pub const AGAIN_WORDS: Text = text("用文字说明", "In words");
pub const STILL_SO: Text = text("未整改", "Not put right");
pub const MENDED: Text = text("已整改", "Put right");
pub const ANSWER_AGAIN: Text = text("改答", "Change");
pub const THEN: Text = text("当时", "Then");
pub const EXAMINED_ELSEWHERE: Text =
    text("原记录不在这台设备上。", "The record that it is from is not on this device.");

pub const CARRY: Text = text("没有网络时，用文件送", "Without a network: by file");
pub const CARRY_HELP: Text = text(
    "把未送的内容存成加密文件，交给能上网的同事；他导入后由他的设备送出。文件只有本办公室打得开。这里的内容照样留着，中继收到后才算送达。",
    "Save what is unsent as a sealed file and give it to a colleague who has a network; their device sends it. Only this office can open the file. Everything stays here too, until the relay has it.",
);
pub const EXPORT: Text = text("存成加密文件", "Save as a sealed file");
pub const EXPORTING: Text = text("正在存…", "Saving…");
pub const EXPORT_NOTHING: Text = text("没有未送的内容。", "There is nothing unsent.");
pub const IMPORT: Text = text("替同事送：选他的文件", "Send for a colleague: choose their file");
pub const IMPORTED: Text =
    text("已收下，有网络就替他送出。", "Taken in; it is sent as soon as there is a network.");
pub const UNREADABLE: Text = text("这个文件读不出来。", "This file cannot be read.");
pub const FAILURES: Text = text("没有成功的", "What failed");

pub const CHANGE_PASSPHRASE: Text = text("换口令", "Change the passphrase");
pub const NEW_PASSPHRASE: Text = text("新口令", "New passphrase");
pub const OLD_PASSPHRASE: Text = text("现在的口令", "Current passphrase");
pub const CHANGE: Text = text("更换", "Change");
pub const CHANGING: Text = text("正在更换…", "Changing…");
pub const PASSPHRASE_CHANGED: Text =
    text("口令已更换，下次解锁用新口令。", "Changed. Unlock with the new passphrase from now on.");
pub const WAITING: Text = text("这台设备等待放行", "This device waits to be let in");
pub const WAITING_HELP: Text = text(
    "请综合组的人在“人员”里放行。先当面或打电话核对：他那边显示的代码必须和这里的一样。",
    "Ask a coordinator to let it in under “People”. First compare, in person or by phone: the code there must be the same as here.",
);
pub const NEUTRAL_NAME: Text = text("记录", "Records");

/// How many days are left until the last one.
pub fn days_left(language: Language, days: u64) -> String {
    match language {
        Language::Chinese => format!("还有 {days} 天"),
        Language::English => format!("{} left", plural(days as u32, "day", "days")),
    }
}

/// From when it counts.
pub fn begins(language: Language, date: &str) -> String {
    match language {
        Language::Chinese => format!("{date}起"),
        Language::English => format!("from {date}"),
    }
}

/// `11月20日 周五 至 11月24日 周二`.
pub fn period(language: Language, from: &str, until: &str) -> String {
    match language {
        Language::Chinese => format!("{from} 至 {until}"),
        Language::English => format!("{from} to {until}"),
    }
}

/// How many units of an assignment were visited.
pub fn visited(language: Language, visited: u32, of: u32) -> String {
    match language {
        Language::Chinese => format!("已走访 {visited}/{of}"),
        Language::English => format!("{visited} of {of} visited"),
    }
}

/// How many units there are, and how many of them were visited.
pub fn units(language: Language, visited: u32, of: u32) -> String {
    match language {
        Language::Chinese => format!("单位 · 已走访 {visited}/{of}"),
        Language::English => format!("Units · {visited} of {of} visited"),
    }
}

/// How many earlier findings are examined again.
pub fn again(language: Language, count: u32) -> String {
    match language {
        Language::Chinese => format!("复查 {count} 个问题"),
        Language::English => format!("{} again", plural(count, "finding", "findings")),
    }
}

/// How far away, about.
pub fn distance(language: Language, metres: u32) -> String {
    let (amount, is_far) = match metres {
        0..1_000 => (format!("{}", metres.div_ceil(10) * 10), false),
        1_000..10_000 => (format!("{}.{}", metres / 1_000, metres % 1_000 / 100), true),
        _ => (format!("{}", metres / 1_000), true),
    };
    match (language, is_far) {
        (Language::Chinese, false) => format!("{amount} 米"),
        (Language::Chinese, true) => format!("{amount} 公里"),
        (Language::English, false) => format!("{amount} m"),
        (Language::English, true) => format!("{amount} km"),
    }
}

/// What a finding says when what was found before is still so.
pub fn still_so(language: Language, what: &str) -> String {
    match language {
        Language::Chinese => format!("复查时未整改：{what}"),
        Language::English => format!("Not put right when re-examined: {what}"),
    }
}

/// What the notes say when what was found before is mended.
pub fn mended(language: Language, what: &str) -> String {
    match language {
        Language::Chinese => format!("已整改：{what}"),
        Language::English => format!("Put right: {what}"),
    }
}

/// What was saved as a file, and how large it is.
pub fn exported(language: Language, name: &str, size: &str) -> String {
    match language {
        Language::Chinese => format!("已存成 {name} · {size}"),
        Language::English => format!("Saved as {name} · {size}"),
    }
}

/// Parts of other devices' work that this one carries.
pub fn carried(language: Language, count: u32) -> String {
    match language {
        Language::Chinese => format!("另外替别的设备带着 {count} 份，有网络就送出。"),
        Language::English => {
            format!(
                "Besides, {} of other devices: sent as soon as there is a network.",
                plural(count, "part", "parts")
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_as_exact_as_they_are_useful() {
        let said = [7, 340, 1_260, 23_900].map(|metres| distance(Language::Chinese, metres));
        assert_eq!(said, ["10 米", "340 米", "1.2 公里", "23 公里"]);
    }
}
