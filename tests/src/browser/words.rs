//! The words by which people find things, as the interface has them in both languages.

#![allow(missing_docs, reason = "each word says what it is")]

use mingcha_core::domain::Language;

/// A text of the interface in both languages.
#[derive(Clone, Copy, Debug)]
pub struct Word(pub &'static str, pub &'static str);

impl Word {
    /// The text in a language.
    #[must_use]
    pub fn say(self, language: Language) -> &'static str {
        match language {
            Language::Chinese => self.0,
            Language::English => self.1,
        }
    }
}

pub const OFFICE_NAME: Word = Word("办公室名称", "Name of the office");
pub const YOUR_NAME: Word = Word("您的姓名", "Your name");
pub const PASSPHRASE: Word = Word("口令", "Passphrase");
pub const PASSPHRASE_AGAIN: Word = Word("再输一次口令", "Passphrase again");
pub const NEXT: Word = Word("下一步", "Next");
pub const WRITTEN: Word = Word("已经抄好", "I have written them down");
pub const FOUND: Word = Word("建立办公室", "Set up an office");
pub const DESK: Word = Word("工作台", "Desk");
pub const UP_TO_DATE: Word = Word("已同步", "Up to date");
pub const NAVIGATION: Word = Word("导航", "Navigation");

pub const INVITATION_CODE: Word = Word("邀请码", "Invitation code");
pub const LOOK_UP: Word = Word("查看邀请", "View invitation");
pub const JOIN: Word = Word("加入", "Join");
pub const LOCKED: Word = Word("已锁定", "Locked");
pub const UNLOCK: Word = Word("解锁", "Unlock");
pub const HIDE: Word = Word("立即隐藏并锁定", "Hide and lock now");
pub const LOCK: Word = Word("锁定", "Lock");
pub const NOTHING_UNSENT: Word =
    Word("这台设备上的内容都已送达。", "Everything on this device has been sent.");
pub const UNPACKED: Word = Word(
    "最后保存的内容还没送出，解锁后发送。",
    "What was saved last has not been sent yet: it is sent once you unlock.",
);
pub const ONLY_HERE: Word = Word("只在这台设备上", "on this device only");
pub const ELSEWHERE: Word = Word("已在另一个窗口打开", "Already open in another window");
pub const TAKE_OVER: Word = Word("在这里继续", "Continue here");

pub const UNITS: Word = Word("单位", "Units");
pub const CHOOSE_FILE: Word = Word("选择文件", "Choose a file");
pub const IMPORT_UNITS: Word = Word("导入 …", "Import …");
pub const IMPORTED: Word = Word("导入完成", "Imported");
pub const FIND_UNIT: Word = Word("名称、拼音首字母或代码", "Name, pinyin initials or code");
pub const PLACEHOLDER: Word = Word("待补", "placeholder");

pub const CHECKLISTS: Word = Word("检查单", "Checklists");
pub const CHECKLIST: Word = Word("检查单", "Checklist");
pub const TAKE_BUILT_IN: Word = Word("采用内置的检查单", "Take the built-in one");
pub const WRITE_ONE: Word = Word("新建检查单", "New checklist");
pub const TITLE: Word = Word("标题", "Title");
pub const QUESTION: Word = Word("题目", "Question");
pub const PUBLISH: Word = Word("发布", "Publish");
pub const BUILT_IN: Word = Word("办事窗口检查单", "Service window checklist");
pub const QUESTION_STAFFED: Word =
    Word("窗口在工作时间内有人在岗", "Is the window staffed during working hours");

pub const PEOPLE: Word = Word("人员", "People");
pub const TEAM_NAME: Word = Word("小组名称", "Name of the team");
pub const FORM: Word = Word("建立", "Create team");
pub const INVITE: Word = Word("邀请", "Invite");
pub const NAME: Word = Word("姓名", "Name");
pub const MAKE_INVITATION: Word = Word("生成邀请", "Create invitation");
pub const INVITATION_OPEN: Word = Word("可用", "Open");

pub const RECORDS: Word = Word("记录", "Records");
pub const ME: Word = Word("我", "Me");
pub const NEW: Word = Word("新记录", "New record");
pub const CHOOSE_UNIT: Word = Word("选单位", "Choose the unit");
pub const YES: Word = Word("是", "Yes");
pub const NO: Word = Word("否", "No");
pub const NOTES: Word = Word("笔记", "Notes");
pub const NOTE_A_FINDING: Word = Word("记一个问题", "Record a finding");
pub const ADD_FINDING: Word = Word("记问题", "Add finding");
pub const SUBMIT: Word = Word("提交", "Submit");
pub const SUBMITTED: Word = Word("已提交", "Submitted");
pub const CATEGORY: Word = Word("类别", "Category");
pub const SEVERITY: Word = Word("程度", "Severity");
pub const PLACE: Word = Word("何处", "Where");
pub const PERSON: Word = Word("何人", "Who");
pub const SEEN: Word = Word("看到的情况", "What was seen");
pub const DONE: Word = Word("完成", "Done");
pub const BACK: Word = Word("返回", "Back");

pub const TWO_VALUES: Word =
    Word("两个人写得不一样，请选定：", "Two people wrote different things. Choose one:");
pub const CHOOSE: Word = Word("选定", "Choose");

pub const VISITS: Word = Word("走访", "Visits");
pub const FINDINGS: Word = Word("问题", "Findings");
pub const MATTERS: Word = Word("督办", "Matters");
pub const SEARCH: Word = Word("搜索", "Search");
pub const STAGE: Word = Word("阶段", "Stage");
pub const STAGE_SUBMITTED: Word = Word("已提交", "Submitted");
pub const CLEAR: Word = Word("清除筛选", "Clear filters");
pub const NO_VISITS: Word = Word("没有符合条件的走访。", "No visits match.");
pub const NO_FINDINGS: Word = Word("没有符合条件的问题。", "No findings match.");
pub const DIFFERENT: Word = Word("不一致", "differs");
pub const MERGE: Word = Word("合并", "Merge");
pub const INTO_MATTER: Word = Word("并入", "Join");
pub const PROBLEM: Word = Word("问题", "Problem");
pub const OPEN_MATTER: Word = Word("建立督办", "Create matter");
pub const CHANGED_SINCE: Word = Word("此后有改动", "changed since");
pub const UNCHANGED: Word = Word("与引用时一致", "as it was cited");
pub const AS_READ: Word = Word("看引用时的记录", "Show the record as it was read");
pub const READ_VERSION: Word = Word("这是引用时读到的版本", "This is the version that was read");
pub const UNSENT: Word = Word("未送", "Not sent yet");
