//! The checklist's questions, one choice each; a "no" leads to a finding.

use super::Open;
use crate::app::components::segmented::{Segment, segmented};
use crate::app::i18n::record as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::reactive::*;
use mingcha_core::command::VisitEdit;
use mingcha_core::domain::Question;
use mingcha_core::view::VisitView;

/// All questions of the checklist chosen.
pub fn questions(open: Open) -> AnyView {
    let checklist = open.of(|visit| visit.questions.clone());
    let shown = move || {
        let questions = checklist.get().map(|checklist| checklist.questions).unwrap_or_default();
        questions
            .into_iter()
            .enumerate()
            .map(|(at, question)| one(open, at + 1, question))
            .collect::<Vec<AnyView>>()
    };
    view! { <div class="questions">{shown}</div> }.show()
}

fn one(open: Open, number: usize, question: Question) -> AnyView {
    let ui = open.ui;
    let Question { id, text, choices, category, .. } = question;
    let field = open.of(move |visit: &VisitView| {
        let answer = visit.answers.iter().find(|(question, _)| *question == id);
        answer.map(|(_, field)| field.clone()).unwrap_or_default()
    });
    let value = derived(move || field.with(|field| field.value.clone()));
    let choose = callback(move |answer| open.edit(VisitEdit::Answer { question: id, answer }));
    let first = choices.first().cloned();
    let segments = segments(open, choices);
    let finding = open.of(move |visit: &VisitView| {
        let counted = visit.findings.iter().filter(|finding| finding.struck.is_none());
        let found = counted.enumerate().find(|(_, finding)| finding.question == Some(id));
        found
            .map(|(at, finding)| (at + 1, finding.finding, finding.seen.chars().take(24).collect::<String>()))
    });
    let leads = move || {
        if let Some((number, finding, seen)) = finding.get() {
            let route = Route::Finding(open.id, finding);
            let go = move |event: web_sys::MouseEvent| {
                event.prevent_default();
                ui.go(route);
            };
            return Some(
                view! {
                    <a class="hint-line" href=route.to_string() on:click=go>
                        <span>{seen}</span>
                        <span>{w::finding_number(ui.language, number)}" ›"</span>
                    </a>
                }
                .show(),
            );
        }
        let answer = value.get();
        let is_bad = match &first {
            None => answer == "no",
            Some(first) => !answer.is_empty() && answer != *first,
        };
        let category = category.clone();
        is_bad.then(|| {
            view! {
                <button
                    type="button"
                    class="hint-line"
                    on:click=move |_| open.add_finding(Some(id), &category)
                >
                    <span>{ui.t(w::NOTE_A_FINDING)}</span>
                    <span aria-hidden="true">"›"</span>
                </button>
            }
            .show()
        })
    };
    let legend = view! { <span class="number">{number}</span>" "{text} }.show();
    view! {
        <section class="question">
            {segmented(legend, segments, value, choose)}
            {leads}
            {open.conflict(field, move |code| answer_name(open, code))}
        </section>
    }
    .show()
}

fn segments(open: Open, choices: Vec<String>) -> Vec<Segment> {
    let ui = open.ui;
    if choices.is_empty() {
        vec![
            Segment::plain("yes", ui.t(w::YES)),
            Segment { code: "no".into(), label: ui.t(w::NO).into(), tone: "bad" },
            Segment::plain("na", ui.t(w::NOT_APPLICABLE)),
        ]
    } else {
        choices.into_iter().map(|choice| Segment::plain(choice.clone(), choice)).collect()
    }
}

fn answer_name(open: Open, code: &str) -> String {
    crate::app::report::answer_name(open.ui, code)
}
