use super::*;
use crate::domain::checklist::asking;
use crate::domain::{Asked, ChecklistDraft, Condition, Need, Question, Severity, Suggestion, office, visit};
use crate::problem::Problem;

fn question(number: u8) -> Question {
    Question::new(item(number), format!("question {number}"))
}

fn after(question: Question, earlier: u8, answer: &str) -> Question {
    let condition = Condition { question: item(earlier), answers: vec![answer.into()] };
    Question { condition: Some(condition), ..question }
}

fn publish(questions: Vec<Question>) -> (Copy, Result<(), Problem>) {
    let mut sue = Copy::new(Kind::Office, SUE);
    let stamp = sue.stamp();
    let draft = ChecklistDraft { id: item(9), title: "C".into(), questions };
    let result = office::publish_checklist(&mut sue.document, stamp, &draft);
    (sue, result)
}

#[test]
fn a_question_of_every_kind_is_read_back_as_it_was_published() {
    let choice = Question { asked: Asked::Choice, choices: vec!["好".into(), "差".into()], ..question(2) };
    let suggestion =
        Suggestion { answers: vec!["差".into()], severity: Some(Severity::Grave), text: "态度差".into() };
    let questions = vec![
        Question { need: Need::Required, category: "power.slow".into(), ..question(1) },
        Question { suggests: Some(suggestion), ..after(choice, 1, "no") },
        Question { asked: Asked::Number, unit: Some("分钟".into()), ..question(3) },
        Question { asked: Asked::Line, ..question(4) },
        Question { asked: Asked::Text, ..question(5) },
    ];
    let (sue, result) = publish(questions.clone());
    assert_eq!(result, Ok(()));
    let read = office::checklists(&sue.document, &Everybody).remove(0).questions;
    assert_eq!(read, questions);
    assert!(read[0].is_bad("no") && !read[0].is_bad("yes"));
    assert!(read[1].is_bad("差") && !read[1].is_bad("no"));
    assert!(!read[2].is_bad("no"));
}

#[test]
fn a_question_with_choices_published_before_there_were_kinds_is_a_choice() {
    let (sue, result) = publish(vec![Question { choices: vec!["a".into()], ..question(1) }]);
    assert_eq!(result, Ok(()));
    let read = office::checklists(&sue.document, &Everybody).remove(0).questions;
    assert_eq!(read[0].asked, Asked::Choice);
}

#[test]
fn what_cannot_be_asked_is_refused_with_its_number() {
    let suggests = |answer: &str| Some(Suggestion { answers: vec![answer.into()], ..Suggestion::default() });
    for second in [
        Question { asked: Asked::Choice, ..question(2) },
        question(1),
        after(question(2), 2, "yes"),
        after(question(2), 3, "yes"),
        after(question(2), 1, "maybe"),
        Question { condition: Some(Condition { question: item(1), answers: vec![] }), ..question(2) },
        Question { suggests: suggests("maybe"), ..question(2) },
    ] {
        let (sue, result) = publish(vec![question(1), second.clone(), question(3)]);
        assert_eq!(result, Err(Problem::BadQuestion { number: 2 }), "{second:?}");
        assert!(sue.document.facts().is_empty());
    }
}

fn required(question: Question) -> Question {
    Question { need: Need::Required, ..question }
}

#[test]
fn a_visit_asks_what_its_answers_lead_to_and_hides_nothing_that_was_answered() {
    let questions = [
        required(question(1)),
        required(after(question(2), 1, "no")),
        after(question(3), 2, "yes"),
        question(4),
    ];
    let checklist = Checklist { id: item(9), version: 1, title: "C".into(), questions: questions.into() };
    let desk = Desk { checklists: vec![checklist], ..Desk::default() };
    let mut ana = Copy::visit(ANA);
    ana.start();
    ana.edit(VisitEdit::Checklist(item(9)));
    let mut asked = |answers: &[(u8, &str)]| {
        for (question, answer) in answers {
            let answer = Some((*answer).to_owned());
            ana.edit(VisitEdit::Answer { question: item(*question), answer });
        }
        let view = visit::view(&ana.document, VISIT, TEAM, &desk.context());
        assert_eq!(visit::unanswered(&ana.document, &Everybody, &desk.checklists), view.unanswered.len());
        let numbers = |ids: Vec<ItemId>| ids.into_iter().map(|id| id.0[0]).collect::<Vec<_>>();
        (numbers(view.asked), numbers(view.unanswered))
    };
    assert_eq!(asked(&[]), (vec![1, 4], vec![1]));
    assert_eq!(asked(&[(1, "no")]), (vec![1, 2, 4], vec![2]));
    assert_eq!(asked(&[(2, "yes")]), (vec![1, 2, 3, 4], vec![]));
    assert_eq!(asked(&[(3, "na")]), (vec![1, 2, 3, 4], vec![]));
    // The way there is closed: what was answered is still to be seen, and nothing of it is wanted.
    assert_eq!(asked(&[(1, "yes")]), (vec![1, 2, 3, 4], vec![]));
    assert_eq!(asked(&[(2, "")]), (vec![1, 3, 4], vec![]));
}

#[test]
fn of_concurrent_answers_each_leads_on() {
    let questions = [question(1), after(question(2), 1, "no")];
    let field = crate::view::Field {
        value: "yes".into(),
        conflict: vec![("yes".into(), None), ("no".into(), None)],
        ..crate::view::Field::default()
    };
    assert_eq!(asking(&questions, &[(item(1), field)]).shown, [item(1), item(2)]);
}
