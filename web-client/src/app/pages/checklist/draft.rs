//! A question while it is being written.

use crate::reactive::*;
use crate::shell::random::random;
use mingcha_core::domain::{Asked, Condition, Need, Question, Severity, Suggestion};
use mingcha_core::ids::ItemId;

/// See the module.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Draft {
    pub id: ItemId,
    pub text: RwSignal<String>,
    pub asked: RwSignal<Asked>,
    /// One a line.
    pub choices: RwSignal<String>,
    pub unit: RwSignal<String>,
    pub is_required: RwSignal<bool>,
    pub condition: RwSignal<Option<Condition>>,
    pub category: RwSignal<String>,
    /// The answers that are a problem.
    pub bad: RwSignal<Vec<String>>,
    /// A code; empty for none.
    pub severity: RwSignal<String>,
    pub suggested: RwSignal<String>,
    /// Whether what is seldom needed is unfolded.
    pub is_unfolded: RwSignal<bool>,
}

impl Draft {
    /// A question that was written before.
    pub fn new(question: Question) -> Self {
        let Question { id, text, choices, category, asked, unit, need, condition, suggests } = question;
        let suggests = suggests.unwrap_or_default();
        let bad = match (suggests.answers, asked) {
            (answers, Asked::YesNo) if answers.is_empty() => vec!["no".to_owned()],
            (answers, _) => answers,
        };
        Self {
            id,
            text: RwSignal::new(text),
            asked: RwSignal::new(asked),
            choices: RwSignal::new(choices.join("\n")),
            unit: RwSignal::new(unit.unwrap_or_default()),
            is_required: RwSignal::new(need == Need::Required),
            condition: RwSignal::new(condition),
            category: RwSignal::new(category),
            bad: RwSignal::new(bad),
            severity: RwSignal::new(suggests.severity.map(Severity::code).unwrap_or_default().to_owned()),
            suggested: RwSignal::new(suggests.text),
            is_unfolded: RwSignal::new(false),
        }
    }

    /// A new question.
    pub fn empty() -> Self {
        Self::new(Question::new(random(), String::new()))
    }

    /// The same question once more.
    pub fn copy(self) -> Self {
        Self::new(Question { id: random(), ..untrack(|| self.question()) })
    }

    /// The id of a part of it on the page.
    pub fn anchor(self, part: &str) -> String {
        format!("q-{part}-{}", self.id)
    }

    /// The answers from which a person chooses, if they do.
    pub fn answers(self) -> Vec<String> {
        match self.asked.get() {
            Asked::YesNo => ["yes", "no", "na"].map(str::to_owned).to_vec(),
            Asked::Choice => self.choices.with(|choices| lines(choices)),
            Asked::Number | Asked::Line | Asked::Text => Vec::new(),
        }
    }

    /// The question as it is written now.
    pub fn question(self) -> Question {
        let asked = self.asked.get();
        let answers = self.answers();
        let unit = Some(self.unit.get().trim().to_owned()).filter(|unit| !unit.is_empty());
        Question {
            id: self.id,
            text: self.text.get().trim().to_owned(),
            choices: if asked == Asked::Choice { answers.clone() } else { Vec::new() },
            category: if answers.is_empty() { String::new() } else { self.category.get() },
            asked,
            unit: unit.filter(|_| asked == Asked::Number),
            need: if self.is_required.get() { Need::Required } else { Need::Optional },
            condition: self.condition.get(),
            suggests: self.suggestion(asked, &answers),
        }
    }

    fn suggestion(self, asked: Asked, answers: &[String]) -> Option<Suggestion> {
        let bad: Vec<String> = self.bad.get().into_iter().filter(|bad| answers.contains(bad)).collect();
        let severity = Severity::from_code(&self.severity.get());
        let text = self.suggested.get().trim().to_owned();
        let is_usual = match asked {
            Asked::YesNo => bad.is_empty() || bad == ["no"],
            Asked::Choice => bad.is_empty(),
            Asked::Number | Asked::Line | Asked::Text => return None,
        };
        let answers = if is_usual { Vec::new() } else { bad };
        let says_nothing = answers.is_empty() && severity.is_none() && text.is_empty();
        (!says_nothing).then_some(Suggestion { answers, severity, text })
    }
}

/// The answers of a text that has one a line.
fn lines(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !out.iter().any(|other| other == line) {
            out.push(line.to_owned());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_stand_one_a_line_and_each_once() {
        assert_eq!(lines("好\n 一般 \n\n好\n差"), ["好", "一般", "差"]);
        assert!(lines(" \n").is_empty());
    }
}
