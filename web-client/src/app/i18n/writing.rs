//! Words for writing a checklist.

use super::{Text, text};
use mingcha_core::domain::Language;

pub const KIND: Text = text("怎么回答", "Kind of answer");
pub const CHOICES: Text = text("可选答案，每行一个", "Answers to choose from, one a line");
pub const UNIT: Text = text("计量单位（如 分钟、人）", "Unit (minutes, people, …)");
pub const REQUIRED: Text = text("必答", "Required");
pub const MORE: Text = text("什么时候问、什么算问题", "When it is asked, and what is a problem");
pub const ASKED_WHEN: Text = text("什么时候问", "When it is asked");
pub const ALWAYS: Text = text("总是问", "Always");
pub const ASKED_IF: Text = text("只在前面这一题", "Only when this earlier question");
pub const IS_ANSWERED: Text = text("答了以下之一时问", "has one of these answers");
pub const CONDITION_LATER: Text = text(
    "条件所指的题已不在前面：把它移到上面，或改成“总是问”。",
    "The question of the condition no longer comes before: move it up, or choose “Always”.",
);
pub const CONDITION_EMPTY: Text = text("至少选一个答案。", "Choose at least one answer.");
pub const BAD: Text = text("这样答就是问题", "Answers that are a problem");
pub const SUGGESTS: Text = text("建议记下的问题", "The finding it suggests");
pub const SUGGESTED_TEXT: Text =
    text("先写好的情况（可改）", "What was seen, to begin with (can be changed)");
pub const ANY: Text = text("不建议", "Not suggested");
pub const MOVE_UP: Text = text("上移", "Move up");
pub const MOVE_DOWN: Text = text("下移", "Move down");
pub const DUPLICATE: Text = text("复制", "Duplicate");
pub const REMOVE: Text = text("删除", "Delete");
pub const UNDO: Text = text("撤销", "Undo");
pub const KEYS: Text =
    text("在一题里按 Alt+↑、Alt+↓ 移动它。", "Alt+↑ and Alt+↓ move the question that you are in.");
pub const PREVIEW: Text = text("手机上的样子", "As the phone shows it");
pub const PREVIEW_HELP: Text = text(
    "可以点着试：条件题会随答案出现。这里的回答不保存。",
    "Try it: questions with conditions appear by the answers. Nothing answered here is kept.",
);
pub const NOTHING_ASKED: Text = text("写下题目，这里就会出现。", "What you write appears here.");
pub const FIRST_VERSION: Text =
    text("发布后，各组手机会自动收到。", "Once published, the teams' phones get it by themselves.");
pub const RESTORED: Text = text("这是上次没发布的修改。", "This is what you had not published.");
pub const DISCARD: Text = text("放弃修改", "Discard it");
pub const UNPUBLISHED: Text = text("未发布的修改", "not published yet");
pub const UNTITLED: Text = text("（没有标题）", "(no title)");

/// What publishing makes of a checklist that is published already.
pub fn next_version(language: Language, version: u32) -> String {
    let next = version + 1;
    match language {
        Language::Chinese => {
            format!("现在用的是第 {version} 版。发布后成为第 {next} 版，手机自动换上；已经写下的答案都保留。")
        }
        Language::English => format!(
            "Version {version} is in use. Publishing makes version {next}; phones take it by themselves, and answers given stay."
        ),
    }
}

/// On which question it depends whether this one is asked, among what is set there.
pub fn depends_on(language: Language, number: usize) -> String {
    match language {
        Language::Chinese => format!("视第 {number} 题而定"),
        Language::English => format!("depends on question {number}"),
    }
}

/// That a question was deleted.
pub fn removed(language: Language, number: usize) -> String {
    match language {
        Language::Chinese => format!("第 {number} 题已删除。"),
        Language::English => format!("Question {number} was deleted."),
    }
}

/// A question among those that a condition can name.
pub fn earlier(number: usize, text: &str) -> String {
    format!("{number}. {text}")
}
