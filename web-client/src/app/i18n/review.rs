//! Words for reviewing: the queue, batches, views and columns of lists, files of lists, proposals, settling.

use super::desk::{grouped, joined};
use super::{Text, plural, text};
use mingcha_core::domain::Language;

pub const REVIEW: Text = text("审核", "Review");
pub const FIGURES: Text = text("数据", "Figures");
pub const ANY_STATE: Text = text("所有状态", "Any state");
pub const ANY_REVIEW: Text = text("所有意见", "Any review");
pub const ANY_MERGED: Text = text("不限督办", "Any");

pub const COLUMNS: Text = text("显示列", "Columns");
pub const COLUMNS_TITLE: Text = text("显示哪些列", "Columns to show");
pub const COLUMNS_HELP: Text = text(
    "在这台设备上记住。打印只印显示的列，导出总是全部。",
    "Remembered on this device. Prints show these columns; files always have all.",
);

pub const VIEW: Text = text("视图", "View");
pub const VIEW_NONE: Text = text("自定条件", "Custom");
pub const VIEWS: Text = text("保存的视图…", "Saved views…");
pub const VIEWS_TITLE: Text = text("保存的视图", "Saved views");
pub const VIEWS_HELP: Text = text(
    "把现在的筛选和排序取个名字，以后一选就到。只存在这台设备上，已加密。",
    "Give the filters and the order as they are now a name, to come back to them. Kept on this device only, encrypted.",
);
pub const VIEW_NAME: Text = text("名称", "Name");
pub const SAVE_VIEW: Text = text("保存视图", "Save the view");
pub const NO_VIEWS: Text = text("还没有自己的视图。", "No views of your own yet.");
pub const RENAME: Text = text("改名", "Rename");
pub const DELETE: Text = text("删除", "Delete");
pub const RESTORE: Text = text("恢复", "Restore");
pub const VIEW_WAITING: Text = text("待审", "Waiting for review");
pub const VIEW_TO_MERGE: Text = text("已确认、未并入", "Confirmed, in no matter");
pub const VIEW_DISPUTED: Text = text("审核有争议", "Disputed in review");
pub const VIEW_GRAVE: Text = text("严重", "Grave");
pub const VIEW_SUBMITTED: Text = text("已提交", "Submitted");
pub const VIEW_SENT_BACK: Text = text("已退回", "Sent back");
pub const VIEW_WEEK: Text = text("最近 7 天", "Last 7 days");
pub const ALL: Text = text("全部", "All");

pub const EXPORT: Text = text("导出", "Export");
pub const EXPORT_TITLE: Text = text("导出为表格", "Export as a spreadsheet");
pub const EXPORT_HELP: Text = text(
    "导出的文件没有加密，浏览器的下载记录里也看得到。",
    "The file is not encrypted, and the browser's list of downloads shows it.",
);
pub const EXPORT_XLSX: Text = text("Excel (XLSX)", "Excel (XLSX)");
pub const EXPORT_CSV: Text = text("CSV (UTF-8)", "CSV (UTF-8)");
pub const EXPORTING: Text = text("正在写文件…", "Writing the file…");
pub const EXPORTED: Text = text("文件已交给浏览器保存。", "The file was given to the browser to save.");
pub const EXPORT_MOVED: Text = text(
    "读取时列表一直在变，没有导出。请再试一次。",
    "The list kept changing while it was read: nothing was exported. Please try again.",
);
pub const FILE_NAME: Text = text("导出", "export");
pub const PRINT: Text = text("打印", "Print");
pub const UNIT_CODE: Text = text("单位代码", "Unit code");
pub const UNIT_PATH: Text = text("所属", "Belongs to");
pub const COUNT_FINDINGS: Text = text("问题数", "Findings");
pub const COUNT_WAITING: Text = text("待审数", "Waiting for review");
pub const COUNT_CITED: Text = text("依据问题数", "Findings cited");
pub const AUTHORS: Text = text("记录人", "Written by");
pub const WORDS: Text = text("摘要", "First words");

pub const CONFIRM: Text = text("确认", "Confirm");
pub const REJECT: Text = text("不实", "Reject");
pub const SEND_BACK: Text = text("退回", "Send back");
pub const MERGE: Text = text("合并", "Merge");
pub const UNDO: Text = text("撤销", "Undo");
pub const DISMISS: Text = text("收起", "Dismiss");
pub const PREVIOUS: Text = text("上一条", "Previous");
pub const NEXT: Text = text("下一条", "Next");
pub const REASON: Text = text("理由", "Reason");
pub const REASON_OPTIONAL: Text = text("理由（可不填）", "Reason (may be empty)");
pub const BATCH_BAR: Text = text("成批审核", "Review all shown");
pub const REJECT_TITLE: Text = text("认定不实？", "Reject this finding?");
pub const REJECT_HELP: Text = text(
    "写明理由。理由会留在记录里；之后可以撤销。",
    "Say why. The reason stays on record; the decision can be undone.",
);
pub const SEND_BACK_TITLE: Text = text("把整条记录退回？", "Send the whole visit back?");
pub const SEND_BACK_HELP: Text = text(
    "小组补充后会再次提交。退回以后要由小组重新提交，这里不能撤销。",
    "The team amends it and submits it again. Only the team can bring it back: this cannot be undone here.",
);
pub const BATCH_HELP: Text = text(
    "当前筛选出的全部问题。做完可以整批撤销。",
    "All findings that the filters show now. It can be undone as one.",
);
pub const BATCH_WAITING_HELP: Text = text(
    "当前筛选出的问题中还没有审核意见的全部。做完可以整批撤销。",
    "All findings that the filters show and nobody has decided yet. It can be undone as one.",
);
pub const WORKING: Text = text("正在办理…", "Working…");
pub const QUEUE_EMPTY: Text = text("没有待审的问题了。", "Nothing is waiting for review.");
pub const QUEUE_DONE: Text = text("这一批都看完了。", "You have been through all of these.");
pub const TO_FINDINGS: Text = text("看所有问题", "Show all findings");
pub const THE_REPORT: Text = text("出自这份记录", "From this visit");
pub const OTHERS: Text = text("记录里的其他问题", "Its other findings");
pub const DECISIONS: Text = text("审核意见", "Decisions");
pub const TWO_DECISIONS: Text = text(
    "两个人的意见相反。再决定一次就以它为准。",
    "Two people decided differently. Decide again to settle it.",
);
pub const WITHDRAWN: Text = text("撤回了意见", "Decision withdrawn");
pub const NO_DECISION: Text = text("还没有人决定。", "Nobody has decided yet.");
pub const NOT_SUBMITTED_NOW: Text = text(
    "这条记录现在不在提交状态，不能退回。",
    "This visit is not submitted now, so it cannot be sent back.",
);
pub const UNDONE: Text = text("已撤销。", "Undone.");
pub const NO_UNIT: Text =
    text("这条记录还没有选单位，不能合并。", "This visit has no unit yet, so it cannot be merged.");

pub const SENT_BACK_BECAUSE: Text = text("已退回：", "Sent back:");
pub const UNIT_PAGE: Text = text("单位的经过", "This unit over time");

pub const KEY_CONFIRM: Text = text("确认", "Confirm");
pub const KEY_REJECT: Text = text("认定不实（要写理由）", "Reject (asks why)");
pub const KEY_SEND_BACK: Text = text("退回整条记录（要写理由）", "Send the visit back (asks why)");
pub const KEY_MERGE: Text = text("与同单位的记录合并", "Merge with other visits");
pub const KEY_UNDO: Text = text("撤销上一步", "Undo the last decision");
pub const KEY_MARK: Text = text("并入、不并入", "Join it, or not");
pub const KEY_FINISH: Text = text("到右边填写", "Go to the form");
pub const KEY_SORT: Text = text("按 Tab 到列名，回车排序", "Tab to a column's head, Enter sorts");

pub const PROPOSALS: Text = text("可能是同一个问题", "Likely the same problem");
pub const NO_PROPOSALS: Text = text("没有相近的问题。", "Nothing similar was found.");
pub const PROPOSED_MATTER: Text = text("督办", "Matter");
pub const JOIN_MATTER: Text = text("并入这个督办", "Join this matter");
pub const VERY_LIKELY: Text = text("很可能", "very likely");
pub const LIKELY: Text = text("可能", "likely");
pub const POSSIBLE: Text = text("有些像", "possible");
pub const THEY_DIFFER: Text = text("说法不一致", "They differ");
pub const WHY_CHOSEN: Text = text("为什么这样选（可不填）", "Why you chose so (may be empty)");

pub const WHAT_IT_SAYS: Text = text("认定内容", "What it says");
pub const SETTLED_TWICE: Text =
    text("两个人同时选得不一样，请再选定一次。", "Two people chose differently at once. Choose again.");
pub const SETTLE: Text = text("选定", "Choose value");
pub const SETTLE_AGAIN: Text = text("改选", "Change");
pub const SETTLE_TITLE: Text = text("选定说法", "Choose what it says");
pub const SETTLE_HELP: Text =
    text("没选的说法和理由都留在这里。", "What is not chosen stays here too, with the reason.");
pub const CITED_SAY: Text = text("各条问题的说法", "The findings say");
pub const NOTHING_SAID: Text = text("没有写", "Not stated");
pub const TAKE_OUT: Text = text("移出", "Take out");
pub const TAKE_OUT_TITLE: Text = text("把这个问题移出督办？", "Take this finding out of the matter?");
pub const TAKE_OUT_HELP: Text =
    text("问题本身不变，可以再并入。", "The finding itself stays as it is; it can be joined again.");

/// How many rows a file or a print will have.
pub fn rows(language: Language, count: u32) -> String {
    match language {
        Language::Chinese => format!("正好是筛选出来的 {} 行，连同没显示的列。", grouped(count)),
        Language::English => format!(
            "Exactly the {} that the filters let through, with all columns.",
            if count == 1 { "one row".to_owned() } else { format!("{} rows", grouped(count)) }
        ),
    }
}

/// How many rows were read so far.
pub fn reading(language: Language, done: u32, total: u32) -> String {
    match language {
        Language::Chinese => format!("正在读取 {} / {} 行", grouped(done), grouped(total)),
        Language::English => format!("Reading {} of {} rows", grouped(done), grouped(total)),
    }
}

/// That a print shows only the first rows.
pub fn first_only(language: Language, shown: u32, total: u32) -> String {
    match language {
        Language::Chinese => format!("只印前 {} 行，共 {} 行。全部请导出。", grouped(shown), grouped(total)),
        Language::English => {
            format!("The first {} of {} rows. Export the list to have all.", grouped(shown), grouped(total))
        }
    }
}

/// When and by whom a list was printed.
pub fn printed(language: Language, when: &str, name: &str) -> String {
    match language {
        Language::Chinese => format!("{when} {name} 打印"),
        Language::English => format!("Printed {when} by {name}"),
    }
}

/// `3 / 17`: where in the queue.
pub fn place(position: Option<u32>, total: u32) -> String {
    let at = position.map_or_else(|| "–".to_owned(), |position| grouped(position + 1));
    format!("{at} / {}", grouped(total))
}

/// Confirm what a batch is about, however much it is.
pub fn confirm_all(language: Language, count: u32) -> String {
    match (language, count) {
        (Language::Chinese, 0) => "确认".to_owned(),
        (Language::Chinese, _) => format!("确认这 {} 个问题", grouped(count)),
        (Language::English, 0) => "Confirm".to_owned(),
        (Language::English, 1) => "Confirm this one".to_owned(),
        (Language::English, _) => format!("Confirm these {}", grouped(count)),
    }
}

/// Reject what a batch is about, however much it is.
pub fn reject_all(language: Language, count: u32) -> String {
    match (language, count) {
        (Language::Chinese, 0) => "认定不实".to_owned(),
        (Language::Chinese, _) => format!("认定这 {} 个问题不实", grouped(count)),
        (Language::English, 0) => "Reject".to_owned(),
        (Language::English, 1) => "Reject this one".to_owned(),
        (Language::English, _) => format!("Reject these {}", grouped(count)),
    }
}

/// How many of those shown a batch leaves as they are, since somebody decided about them.
pub fn batch_leaves(language: Language, decided: u32) -> String {
    let many = grouped(decided);
    match (language, decided) {
        (Language::Chinese, _) => format!("另有 {many} 个已有审核意见或已划掉，不在其中。"),
        (Language::English, 1) => {
            "One more has been decided or struck out already and is left as it is.".into()
        }
        (Language::English, _) => {
            format!("{many} more have been decided or struck out already and are left as they are.")
        }
    }
}

/// What became of a batch.
pub fn batch_done(language: Language, count: u32, is_confirmed: bool) -> String {
    let many = grouped(count);
    match (language, is_confirmed) {
        (Language::Chinese, true) => format!("已确认 {many} 个问题。"),
        (Language::Chinese, false) => format!("已认定 {many} 个问题不实。"),
        (Language::English, true) => format!("Confirmed {}.", findings(&many, count)),
        (Language::English, false) => format!("Rejected {}.", findings(&many, count)),
    }
}

fn findings(grouped: &str, count: u32) -> String {
    format!("{grouped} {}", if count == 1 { "finding" } else { "findings" })
}

/// Who decided what, and when.
pub fn decided(language: Language, name: &str, what: &str, when: &str) -> String {
    match language {
        Language::Chinese => format!("{name} {when} {what}"),
        Language::English => format!("{what} by {name}, {when}"),
    }
}

/// What was not chosen.
pub fn instead_of(language: Language, over: &[String]) -> String {
    match language {
        Language::Chinese => format!("未采用：{}", joined(language, over)),
        Language::English => format!("instead of {}", joined(language, over)),
    }
}

/// Who settled a field, and when.
pub fn settled(language: Language, name: &str, when: &str) -> String {
    match language {
        Language::Chinese => format!("{name} {when} 选定"),
        Language::English => format!("chosen by {name}, {when}"),
    }
}

/// How many findings wait for review.
pub fn waiting(language: Language, count: u32) -> String {
    match language {
        Language::Chinese => format!("{} 个待审", grouped(count)),
        Language::English => plural(count, "to review", "to review"),
    }
}

/// A view that was deleted.
pub fn deleted(language: Language, name: &str) -> String {
    match language {
        Language::Chinese => format!("已删除“{name}”。"),
        Language::English => format!("“{name}” was deleted."),
    }
}
