//! Which questions a visit asks, by the answers given so far.

use super::{Need, Question};
use crate::ids::ItemId;
use crate::sorted::SortedSet;
use crate::view::Field;

/// What a checklist asks of a visit now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asking {
    /// The questions to show, in order: those whose condition is met, and those that were answered, so that nothing
    /// written is out of sight.
    pub shown: Vec<ItemId>,
    /// The required ones among them that have no answer, and whose condition is met.
    pub unanswered: Vec<ItemId>,
}

/// Goes through the questions in their order. A condition is met while the earlier question is asked and one of its
/// answers, of several concurrent ones any, is among those wanted.
#[must_use]
pub fn asking(questions: &[Question], answers: &[(ItemId, Field)]) -> Asking {
    let answered = |id: ItemId| {
        let given = answers.iter().filter(move |(question, _)| *question == id);
        let all = given.flat_map(|(_, field)| {
            field.conflict.iter().map(|(value, _)| value.as_str()).chain([field.value.as_str()])
        });
        all.filter(|value| !value.is_empty())
    };
    let mut asked = SortedSet::new();
    let mut asking = Asking::default();
    for question in questions {
        let is_asked = question.condition.as_ref().is_none_or(|condition| {
            let wanted = |value: &str| condition.answers.iter().any(|answer| answer == value);
            asked.contains(&condition.question) && answered(condition.question).any(wanted)
        });
        let is_answered = answered(question.id).next().is_some();
        if is_asked {
            asked.insert(question.id);
        }
        if is_asked || is_answered {
            asking.shown.push(question.id);
        }
        if is_asked && !is_answered && question.need == Need::Required {
            asking.unanswered.push(question.id);
        }
    }
    asking
}
