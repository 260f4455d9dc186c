//! Checklists 检查单.

mod asking;

use crate::cbor::decode_in_order;
use crate::domain::fact::coded;
use crate::domain::{Language, Severity, limits};
use crate::ids::ItemId;
use crate::problem::Problem;
use crate::sorted::SortedMap;
use minicbor::Encode;
use serde::{Deserialize, Serialize};

pub use asking::{Asking, asking};

/// The codes of the answers of [`Asked::YesNo`].
pub const YES_NO: [&str; 3] = ["yes", "no", "na"];

/// A checklist as it is being written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode)]
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

decode_in_order!(ChecklistDraft { id, title, questions });

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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode)]
pub struct Question {
    /// Random; kept when the wording changes.
    #[n(0)]
    pub id: ItemId,
    /// What is asked.
    #[n(1)]
    pub text: String,
    /// The answers to choose from, for [`Asked::Choice`].
    #[n(2)]
    pub choices: Vec<String>,
    /// The category code that a bad answer suggests; empty for none.
    #[n(3)]
    pub category: String,
    /// What kind of answer it wants.
    #[n(4)]
    pub asked: Asked,
    /// What the number counts or measures, for [`Asked::Number`].
    #[n(5)]
    pub unit: Option<String>,
    /// Whether a visit is complete without an answer.
    #[n(6)]
    pub need: Need,
    /// Asked only when an earlier question has a certain answer.
    #[n(7)]
    pub condition: Option<Condition>,
    /// What finding a bad answer suggests, beside its category.
    #[n(8)]
    pub suggests: Option<Suggestion>,
}

decode_in_order!(Question { id, text, choices, category, asked, unit, need, condition, suggests });

/// What kind of answer a question wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Asked {
    /// `yes`, `no` or `na`. A question that has choices is one of these only when it was published before there were
    /// kinds: it is read as [`Asked::Choice`].
    #[default]
    YesNo,
    /// One of the choices.
    Choice,
    /// A number.
    Number,
    /// A few words.
    Line,
    /// A text.
    Text,
}

impl Asked {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::YesNo, Self::Choice, Self::Number, Self::Line, Self::Text];

    /// The code in documents.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::YesNo => "yes-no",
            Self::Choice => "choice",
            Self::Number => "number",
            Self::Line => "line",
            Self::Text => "text",
        }
    }

    /// The kind with a code; one that this version of the program does not know is asked as a text.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Some(Self::ALL.into_iter().find(|asked| asked.code() == code).unwrap_or(Self::Text))
    }
}

/// Whether a visit is complete without an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Need {
    /// It is.
    #[default]
    Optional,
    /// It is not.
    Required,
}

impl Need {
    /// The code in documents.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Optional => "optional",
            Self::Required => "required",
        }
    }

    /// The need with a code; one that this version of the program does not know does not hold anybody up.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Some(if code == Self::Required.code() { Self::Required } else { Self::Optional })
    }
}

coded!(Asked, Need);

/// That an earlier question has one of some answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode)]
pub struct Condition {
    /// The earlier question.
    #[n(0)]
    pub question: ItemId,
    /// The answers' codes.
    #[n(1)]
    pub answers: Vec<String>,
}

decode_in_order!(Condition { question, answers });

/// What finding a bad answer suggests, beside its category.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Encode)]
pub struct Suggestion {
    /// The answers' codes that are bad; none means `no`.
    #[n(0)]
    pub answers: Vec<String>,
    /// How grave.
    #[n(1)]
    pub severity: Option<Severity>,
    /// What was seen, to begin with.
    #[n(2)]
    pub text: String,
}

decode_in_order!(Suggestion { answers, severity, text });

impl Question {
    /// A question that wants yes, no or not applicable, and suggests nothing.
    #[must_use]
    pub fn new(id: ItemId, text: String) -> Self {
        Self {
            id,
            text,
            choices: Vec::new(),
            category: String::new(),
            asked: Asked::YesNo,
            unit: None,
            need: Need::Optional,
            condition: None,
            suggests: None,
        }
    }

    /// Whether an answer is one that suggests a finding.
    #[must_use]
    pub fn is_bad(&self, answer: &str) -> bool {
        match self.suggests.as_ref().map(|suggestion| suggestion.answers.as_slice()) {
            None | Some([]) => self.asked == Asked::YesNo && answer == "no",
            Some(answers) => answers.iter().any(|bad| bad == answer),
        }
    }

    /// The question as it is asked, whichever version of the program published it.
    pub(crate) fn read(mut self) -> Self {
        if self.asked == Asked::YesNo && !self.choices.is_empty() {
            self.asked = Asked::Choice;
        }
        self
    }

    /// Whether it can be answered so, as far as that is fixed.
    fn takes(&self, answer: &str) -> bool {
        match self.asked {
            Asked::YesNo => YES_NO.contains(&answer),
            Asked::Choice => self.choices.iter().any(|choice| choice == answer),
            Asked::Number | Asked::Line | Asked::Text => !answer.is_empty(),
        }
    }
}

/// Checks a checklist that is to be published.
///
/// # Errors
///
/// [`Problem`] if it has no title or no questions, or is beyond [`limits`]; [`Problem::BadQuestion`] for a choice
/// without choices, a question that is there twice, and a condition or suggestion that cannot come true.
pub(crate) fn check(checklist: &ChecklistDraft) -> Result<(), Problem> {
    limits::name(&checklist.title)?;
    if checklist.questions.is_empty() {
        return Err(Problem::Empty);
    }
    limits::many(checklist.questions.len(), limits::MAX_QUESTIONS)?;
    let mut earlier: SortedMap<ItemId, Question> = SortedMap::new();
    for (number, question) in (1..).zip(&checklist.questions) {
        let question = question.clone().read();
        check_lines(&question)?;
        let takes = |of: &Question, answers: &[String]| answers.iter().all(|answer| of.takes(answer));
        let has_choices = question.asked != Asked::Choice || !question.choices.is_empty();
        let condition = question.condition.as_ref().is_none_or(|condition| {
            let asked = earlier.get(&condition.question);
            asked.is_some_and(|asked| !condition.answers.is_empty() && takes(asked, &condition.answers))
        });
        let suggests = question.suggests.as_ref().is_none_or(|it| takes(&question, &it.answers));
        if !(has_choices && condition && suggests) || earlier.insert(question.id, question).is_some() {
            return Err(Problem::BadQuestion { number });
        }
    }
    Ok(())
}

fn check_lines(question: &Question) -> Result<(), Problem> {
    limits::name(&question.text)?;
    limits::line(&question.category)?;
    limits::line(question.unit.as_deref().unwrap_or_default())?;
    limits::many(question.choices.len(), limits::MAX_CHOICES)?;
    question.choices.iter().try_for_each(|choice| limits::name(choice))?;
    let conditional = question.condition.iter().map(|condition| &condition.answers);
    let suggested = question.suggests.iter().map(|suggestion| &suggestion.answers);
    for answers in conditional.chain(suggested) {
        limits::many(answers.len(), limits::MAX_CHOICES)?;
        answers.iter().try_for_each(|answer| limits::line(answer))?;
    }
    question.suggests.iter().try_for_each(|suggestion| limits::text(&suggestion.text))
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
        "Does the first person asked deal with it, or take them to someone who can?",
        "duty.first-asked",
    ),
    ("所需材料一次性告知清楚？", "Are all requirements explained at one time?", "duty.one-time-notice"),
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
        "No gifts, favours or payments demanded, and no hidden fees?",
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
        category: (*category).to_owned(),
        ..Question::new(id(number + 1), pick(chinese, english))
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
