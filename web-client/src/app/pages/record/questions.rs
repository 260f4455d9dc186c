//! The checklist's questions, each with the kind of answer it wants; a bad answer leads to a finding.

use super::{Open, Suggested};
use crate::app::components::line_text::{Kind, line_text};
use crate::app::components::segmented::{Segment, segmented};
use crate::app::i18n::{common, phone, record as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::report;
use crate::app::route::Route;
use crate::reactive::*;
use mingcha_core::command::{Command, VisitEdit};
use mingcha_core::domain::{Asked, Need, Question};
use mingcha_core::ids::ItemId;
use mingcha_core::view::VisitView;

/// All questions of the checklist chosen; those that are not asked now are hidden.
pub fn questions(open: Open) -> AnyView {
    let checklist = open.of(|visit| visit.questions.clone());
    let shown = move || {
        let questions = checklist.get().map(|checklist| checklist.questions).unwrap_or_default();
        questions.into_iter().map(|question| one(open, question)).collect::<Vec<AnyView>>()
    };
    view! { <div class="questions">{shown}</div> }.show()
}

/// The id of the element of a question.
pub fn anchor(question: ItemId) -> String {
    format!("q{question}")
}

fn one(open: Open, question: Question) -> AnyView {
    let id = question.id;
    let asked = open.of(move |visit| visit.asked.iter().position(|asked| *asked == id));
    let number = move || asked.get().map(|at| (at + 1).to_string());
    let field = open.of(move |visit: &VisitView| {
        let answer = visit.answers.iter().find(|(question, _)| *question == id);
        answer.map(|(_, field)| field.clone()).unwrap_or_default()
    });
    let value = memo(move || field.with(|field| field.value.clone()));
    let unit = question
        .unit
        .as_deref()
        .filter(|unit| !unit.is_empty())
        .map(|unit| common::aside(open.ui.language, unit));
    let required = (question.need == Need::Required).then(|| {
        view! { " "<em class="need">{open.ui.t(phone::REQUIRED)}</em> }
    });
    let label = view! {
        <span class="number">{number}</span>" "{question.text.clone()}{unit}{required}
    }
    .show();
    let answer = match question.asked {
        Asked::YesNo | Asked::Choice => chosen(open, &question, label, value),
        Asked::Number => written(open, id, label, Kind::Number, value),
        Asked::Line => written(open, id, label, Kind::Line, value),
        Asked::Text => written(open, id, label, Kind::Text, value),
    };
    let is_number = question.asked == Asked::Number;
    let no_number = move || {
        let is_wrong = is_number && value.with(|value| !value.is_empty() && !is_numeral(value));
        is_wrong.then(|| open.ui.t(phone::NOT_A_NUMBER))
    };
    view! {
        <section class="question" id=anchor(id) hidden=move || asked.get().is_none()>
            {answer}
            <p class="hint" role="status">{no_number}</p>
            {leads(open, question, value)}
            {open.conflict(field, move |code| report::answer_name(open.ui, code))}
        </section>
    }
    .show()
}

/// Without the standard library's reading of numbers, which brings tables of its own.
fn is_numeral(text: &str) -> bool {
    let digits = text.trim().trim_start_matches(['-', '+']);
    let points = digits.chars().filter(|character| matches!(character, '.' | ','));
    let is_plain = digits.chars().all(|character| character.is_ascii_digit() || ".,".contains(character));
    is_plain && points.count() <= 1 && digits.chars().any(|character| character.is_ascii_digit())
}

fn written(open: Open, question: ItemId, label: AnyView, kind: Kind, value: Memo<String>) -> AnyView {
    let save = move |text: String| {
        let answer = (!text.is_empty()).then_some(text);
        Command::EditVisit { visit: open.id, edit: VisitEdit::Answer { question, answer } }
    };
    line_text(open.ui, label, "", kind, value, save)
}

fn chosen(open: Open, question: &Question, label: AnyView, value: Memo<String>) -> AnyView {
    let (ui, id) = (open.ui, question.id);
    let segments = if question.asked == Asked::YesNo {
        vec![
            Segment::plain("yes", ui.t(w::YES)),
            Segment { code: "no".into(), label: ui.t(w::NO).into(), tone: "bad" },
            Segment::plain("na", ui.t(w::NOT_APPLICABLE)),
        ]
    } else {
        question.choices.iter().map(|choice| Segment::plain(choice.clone(), choice.clone())).collect()
    };
    let choose = callback(move |answer| open.edit(VisitEdit::Answer { question: id, answer }));
    segmented(label, segments, derived(move || value.get()), choose)
}

/// The way to the question's finding, or to a new one after a bad answer.
fn leads(open: Open, question: Question, value: Memo<String>) -> AnyView {
    let (ui, id) = (open.ui, question.id);
    let finding = open.of(move |visit: &VisitView| {
        let counted = visit.findings.iter().filter(|finding| finding.struck.is_none());
        let found = counted.enumerate().find(|(_, finding)| finding.question == Some(id));
        found.map(|(at, finding)| (at + 1, finding.finding, report::excerpt(&finding.seen)))
    });
    let question = StoredValue::new(question);
    let shown = move || {
        if let Some((number, finding, seen)) = finding.get() {
            return Some(finding_line(open, number, finding, seen));
        }
        let is_bad = question.with_value(|question| value.with(|value| question.is_bad(value)));
        is_bad.then(|| {
            let suggest = move |_| {
                let suggested = question.with_value(Suggested::by);
                open.add_finding(Some(id), suggested);
            };
            view! {
                <button type="button" class="hint-line" on:click=suggest>
                    <span>{ui.t(w::NOTE_A_FINDING)}</span>
                    <span aria-hidden="true">"›"</span>
                </button>
            }
            .show()
        })
    };
    shown.show()
}

/// A line that leads to one of the visit's findings.
pub fn finding_line(open: Open, number: usize, finding: ItemId, seen: String) -> AnyView {
    let ui = open.ui;
    let route = Route::Finding(open.id, finding);
    let go = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        ui.go(route);
    };
    view! {
        <a class="hint-line" href=route.to_string() on:click=go>
            <span>{seen}</span>
            <span>{w::finding_number(ui.language, number)}" ›"</span>
        </a>
    }
    .show()
}
