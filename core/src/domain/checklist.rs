//! Checklists 检查单.

use crate::domain::Language;
use crate::ids::ItemId;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// A checklist as it is being written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct ChecklistDraft {
    /// Random; the same for all versions of one checklist.
    #[n(0)]
    pub id: ItemId,
    /// Its title.
    #[n(1)]
    pub title: String,
    /// Its questions, in order.
    #[n(2)]
    pub questions: Vec<Question>,
}

/// A published checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checklist {
    /// The same for all its versions.
    pub id: ItemId,
    /// Counted from 1.
    pub version: u32,
    /// Its title.
    pub title: String,
    /// Its questions, in order.
    pub questions: Vec<Question>,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct Question {
    /// Random; kept when the wording changes.
    #[n(0)]
    pub id: ItemId,
    /// What is asked.
    #[n(1)]
    pub text: String,
    /// The answers to choose from; empty means yes, no, not applicable.
    #[n(2)]
    pub choices: Vec<String>,
    /// The category code that a "no" suggests; empty for none.
    #[n(3)]
    pub category: String,
}

/// What is asked at a service window, with the category that a "no" suggests. Every question is worded so that
/// "yes" is how it should be.
const WINDOW: [(&str, &str, &str); 12] = [
    ("窗口在工作时间内有人在岗？", "Is the window staffed during working hours?", "discipline.absent"),
    (
        "在岗人员没有玩游戏、闲聊、饮酒？",
        "Is nobody playing games, chatting or drinking?",
        "discipline.games",
    ),
    ("着装、工作牌、岗位牌符合要求？", "Are uniform, badge and desk sign in order?", "discipline.badge"),
    ("态度热情，用语文明？", "Are people treated politely and readily?", "discipline.attitude"),
    (
        "首问人员负责接待或引导到位？",
        "Does the first person asked deal with it, or lead to who does?",
        "duty.first-asked",
    ),
    ("所需材料一次性告知清楚？", "Is everything that is needed told at once?", "duty.one-time-notice"),
    ("在承诺时限内办结？", "Is it done within the promised time?", "duty.time-limit"),
    ("经办人不在时有 B 岗顶替？", "Is there a stand-in when the one in charge is away?", "duty.ab-post"),
    (
        "不予受理时说明理由并登记备案？",
        "Is a refusal explained, and recorded for filing?",
        "duty.refusal-filing",
    ),
    (
        "应进事项都在大厅内办理，没有体外循环？",
        "Is everything done in the hall, with nothing sent around outside it?",
        "duty.outside-hall",
    ),
    (
        "办事流程、时限、收费依据和标准已公示且真实？",
        "Are procedure, time limits and fees shown, and true?",
        "openness.fees",
    ),
    (
        "没有吃拿卡要或变相收费？",
        "Is nothing eaten, taken, blocked or demanded, and no hidden fee charged?",
        "integrity.demanding",
    ),
];

/// The checklist that the product ships: 办事窗口检查单.
///
/// Its id and those of its questions are the same in every office and language, so that an office that publishes it
/// twice has two versions of one checklist.
#[must_use]
pub fn builtin(language: Language) -> ChecklistDraft {
    let id = |number: usize| {
        let mut id = *b"mingcha-window-0";
        id[ItemId::LEN - 1] = number as u8;
        ItemId(id)
    };
    let pick = |chinese: &str, english: &str| match language {
        Language::Chinese => chinese.to_owned(),
        Language::English => english.to_owned(),
    };
    let question = |(number, (chinese, english, category)): (usize, &(&str, &str, &str))| Question {
        id: id(number + 1),
        text: pick(chinese, english),
        choices: Vec::new(),
        category: (*category).to_owned(),
    };
    ChecklistDraft {
        id: id(0),
        title: pick("办事窗口检查单", "Service window checklist"),
        questions: WINDOW.iter().enumerate().map(question).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::taxonomy;

    #[test]
    fn the_builtin_checklist_suggests_known_categories() {
        let checklist = builtin(Language::Chinese);
        assert_eq!(checklist.questions.len(), 12);
        for question in &checklist.questions {
            assert!(taxonomy::category(&question.category).is_some(), "{}", question.category);
        }
        let ids = |language| builtin(language).questions.iter().map(|q| q.id).collect::<Vec<_>>();
        assert_eq!(ids(Language::Chinese), ids(Language::English));
    }
}
