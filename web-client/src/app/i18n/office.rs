//! Words for the coordinator: first steps, units, checklists, teams and invitations.

use super::desk::grouped;
use super::{Text, text};
use mingcha_core::domain::Language;

pub const DESK: Text = text("工作台", "Desk");
pub const FIRST_STEPS: Text = text("五步就绪", "Five steps to begin");
pub const READING_STEPS: Text = text("从提交到督办", "From a visit to a matter");
pub const STEP_READ: Text = text("看走访", "Read visits");
pub const STEP_READ_HELP: Text = text(
    "小组提交后出现在这里，看过会告诉对方",
    "They appear here when submitted; their team sees that you read them",
);
pub const STEP_REVIEW: Text = text("审核问题", "Review findings");
pub const STEP_REVIEW_HELP: Text = text(
    "一条一条认定、认定不实或退回；按 ? 看快捷键",
    "Confirm, reject or send back, one by one; press ? for the keys",
);
pub const STEP_MATTER: Text = text("并成督办事项", "Make a matter");
pub const STEP_MATTER_HELP: Text = text(
    "把几个小组看到的同一件事并在一起，各自原话都保留",
    "Join what several teams saw of one thing; all keep their words",
);
pub const STEP_UNITS: Text = text("导入单位", "Import units");
pub const STEP_UNITS_HELP: Text = text(
    "一张表格：代码、名称、上级；先预览后导入",
    "A spreadsheet with code, name and parent; preview before importing",
);
pub const STEP_CHECKLIST: Text = text("选用检查单", "Choose a checklist");
pub const STEP_CHECKLIST_HELP: Text = text(
    "用现成的“办事窗口检查单”，或自己写",
    "Take the built-in one for service windows, or write your own",
);
pub const STEP_PEOPLE: Text = text("建立小组、邀请人员", "Create a team and invite");
pub const STEP_PEOPLE_HELP: Text =
    text("链接、二维码或可输入的邀请码", "By link, QR code, or a code to type");
pub const STEP_ASSIGN: Text = text("第一次派发", "A first assignment");
pub const STEP_ASSIGN_HELP: Text =
    text("请一个小组在两个日期之间走访若干单位", "Ask a team to visit units between two dates");
pub const STEP_VISIT: Text = text("第一条走访记录", "A first visit");
pub const STEP_VISIT_HELP: Text =
    text("小组在手机上记录，送达后出现在这里", "The team records on a phone; it appears here when delivered");
pub const DONE: Text = text("已就绪", "Ready");
pub const LATEST: Text = text("最近提交", "Submitted last");

pub const ASSIGNMENTS: Text = text("派发", "Assignments");
pub const UNITS: Text = text("单位", "Units");
pub const IMPORT: Text = text("导入表格", "Import a spreadsheet");
pub const IMPORT_HELP: Text = text(
    "XLSX 或 CSV，第一行是列名，至少有代码和名称两列。先后顺序不限，缺少的上级会标为“待补”。",
    "XLSX or CSV with a header row and at least the columns code and name. Any order; missing parents are marked as placeholders.",
);
pub const CHOOSE_FILE: Text = text("选择文件", "Choose a file");
pub const READING: Text = text("正在读表格", "Reading the spreadsheet");
pub const IMPORTING: Text = text("正在导入", "Importing");
pub const IMPORTED: Text = text("导入完成", "Imported");
pub const IMPORTS: Text = text("导入过的表格", "Imported tables");
pub const NO_IMPORTS: Text = text("还没有导入过表格。", "No table has been imported yet.");
pub const WITHDRAWN: Text = text("已撤销", "Undone");
pub const WITHDRAW_ASK: Text = text("撤销这次导入？", "Undo this import?");
pub const WITHDRAW_HELP: Text = text(
    "表里的单位不再能选；已有记录不受影响。",
    "Its units can no longer be chosen; existing records are not affected.",
);
pub const LOOK_UP_UNITS: Text = text("查单位", "Look units up");

pub const CHECKLISTS: Text = text("检查单", "Checklists");
pub const NO_CHECKLISTS: Text = text("还没有检查单。", "No checklists yet.");
pub const TAKE_BUILT_IN: Text = text("采用内置的检查单", "Take the built-in one");
pub const WRITE_ONE: Text = text("新建检查单", "New checklist");
pub const EDIT: Text = text("修改", "Edit");
pub const EDIT_ONE: Text = text("修改检查单", "Edit checklist");
pub const CHECKLIST_TITLE: Text = text("标题", "Title");
pub const QUESTION: Text = text("题目", "Question");
pub const ADD_QUESTION: Text = text("加一题", "Add a question");
pub const PUBLISH: Text = text("发布", "Publish");
pub const CHECKLIST_INCOMPLETE: Text =
    text("标题和每一题都要写。", "The title and every question must be written.");

pub const PEOPLE: Text = text("人员", "People");
pub const FORM_TEAM: Text = text("新建小组", "New team");
pub const TEAM_NAME: Text = text("小组名称", "Name of the team");
pub const FORM: Text = text("建立", "Create team");
pub const NO_TEAMS: Text =
    text("还没有小组。一组一到三人。", "No teams yet. A team has one to three people.");
pub const NO_MEMBERS: Text = text("还没有人", "Nobody yet");
pub const INVITE: Text = text("邀请", "Invite");
pub const PERSON_NAME: Text = text("姓名", "Name");
pub const VALID_DAYS: Text = text("有效天数", "Valid for (days)");
pub const MAKE_INVITATION: Text = text("生成邀请", "Create invitation");
pub const INVITATIONS: Text = text("邀请", "Invitations");
pub const INVITATION_QR: Text = text("邀请的二维码", "QR code of the invitation");
pub const LINK: Text = text("链接", "Link");
pub const CODE: Text = text("邀请码", "Code");
pub const COPY: Text = text("复制链接", "Copy the link");
pub const COPIED: Text = text("已复制", "Copied");
pub const VALID_UNTIL: Text = text("有效至", "Valid until");
pub const INVITATION_HELP: Text = text(
    "只能用一次。当面给对方看二维码，或念邀请码；不要发在群里。",
    "It can be used once. Show the QR code in person or read the code out; do not post it in a group.",
);
pub const SENDING: Text = text("正在送往中继", "On its way to the relay");
pub const OPEN: Text = text("可用", "Open");
pub const USED: Text = text("已加入", "Joined");
pub const EXPIRED: Text = text("已过期", "Expired");
pub const WITHDRAWN_INVITATION: Text = text("已收回", "Withdrawn");
pub const WORKING: Text = text("正在办理…", "Working…");

/// How many rows were taken so far.
pub fn rows_taken(language: Language, taken: u32, of: Option<u32>) -> String {
    let many = grouped(taken);
    match (language, of) {
        (Language::Chinese, Some(of)) => format!("{many} / {} 行", grouped(of)),
        (Language::Chinese, None) => format!("{many} 行"),
        (Language::English, Some(of)) => format!("{many} / {} rows", grouped(of)),
        (Language::English, None) => format!("{many} {}", if taken == 1 { "row" } else { "rows" }),
    }
}

/// The heading of one question in the editor.
pub fn question_number(language: Language, number: usize) -> String {
    match language {
        Language::Chinese => format!("第 {number} 题"),
        Language::English => format!("Question {number}"),
    }
}

/// How many questions, and which version.
pub fn questions_and_version(language: Language, questions: usize, version: u32) -> String {
    match language {
        Language::Chinese => format!("{questions} 题 · 第 {version} 版"),
        Language::English => {
            format!("{} · version {version}", super::plural(questions as u32, "question", "questions"))
        }
    }
}

/// How many devices a person has that are not blocked.
pub fn devices(language: Language, count: u32) -> String {
    match (language, count) {
        (Language::Chinese, 0) => "没有可用的设备".into(),
        (Language::Chinese, _) => format!("{count} 台设备"),
        (Language::English, 0) => "no device in use".into(),
        (Language::English, _) => super::plural(count, "device", "devices"),
    }
}

/// How many units the office has.
pub fn units(language: Language, count: u32) -> String {
    match language {
        Language::Chinese => format!("共 {} 个单位", grouped(count)),
        Language::English => {
            format!("{} {} in all", grouped(count), if count == 1 { "unit" } else { "units" })
        }
    }
}
