//! The checklist as the phone shows it, to be tried. What is answered here goes nowhere.

use crate::app::Ui;
use crate::app::components::segmented::{Segment, segmented};
use crate::app::i18n::{record, writing as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::{report, terms};
use crate::dom;
use crate::reactive::*;
use mingcha_core::domain::checklist::asking;
use mingcha_core::domain::{Asked, ChecklistDraft, Need, Question};
use mingcha_core::ids::ItemId;
use mingcha_core::view::Field;

/// Answers tried, by question.
type Answers = RwSignal<Vec<(ItemId, Field)>>;

/// The pane beside the editor.
pub fn preview(ui: Ui, written: Memo<ChecklistDraft>) -> AnyView {
    let answers: Answers = RwSignal::new(Vec::new());
    let shown = memo(move || {
        let questions = written.with(|written| written.questions.clone());
        let asked = answers.with(|answers| asking(&questions, answers).shown);
        let asked = questions.into_iter().filter(|one| asked.contains(&one.id) && !one.text.is_empty());
        asked.collect::<Vec<_>>()
    });
    let questions = move || {
        let questions = shown.get();
        if questions.is_empty() {
            return view! { <p class="hint">{ui.t(w::NOTHING_ASKED)}</p> }.show();
        }
        let questions: Vec<AnyView> =
            questions.into_iter().enumerate().map(|(at, one)| question(ui, at + 1, one, answers)).collect();
        questions.show()
    };
    let title = move || written.with(|written| written.title.clone());
    view! {
        <section class="tried" aria-label=ui.t(w::PREVIEW)>
            <h2>{ui.t(w::PREVIEW)}</h2>
            <p class="hint">{ui.t(w::PREVIEW_HELP)}</p>
            <div class="as-phone">
                <h3>{title}</h3>
                {questions}
            </div>
        </section>
    }
    .show()
}

fn question(ui: Ui, number: usize, question: Question, answers: Answers) -> AnyView {
    let id = question.id;
    let value = derived(move || answer_of(answers, id));
    let choose = callback(move |answer: Option<String>| {
        answers.update(|answers| {
            answers.retain(|(other, _)| *other != id);
            if let Some(value) = answer.filter(|value| !value.is_empty()) {
                answers.push((id, Field { value, ..Field::default() }));
            }
        });
    });
    let required = (question.need == Need::Required).then(|| view! { " "<small>{ui.t(w::REQUIRED)}</small> });
    let text = question.text.clone();
    let legend = view! { <span class="number">{number}</span>" "{text}{required} }.show();
    let field = match question.asked {
        Asked::YesNo | Asked::Choice => segmented(legend, segments(ui, &question), value, choose),
        Asked::Number | Asked::Line | Asked::Text => written(legend, &question, value, choose),
    };
    let leads = move || question.is_bad(&value.get()).then(|| leads(ui, &question));
    view! { <div class="question">{field}{leads}</div> }.show()
}

fn answer_of(answers: Answers, id: ItemId) -> String {
    answers.with(|answers| {
        answers
            .iter()
            .find(|(other, _)| *other == id)
            .map(|(_, field)| field.value.clone())
            .unwrap_or_default()
    })
}

fn segments(ui: Ui, question: &Question) -> Vec<Segment> {
    let codes = match question.asked {
        Asked::Choice => question.choices.clone(),
        _ => ["yes", "no", "na"].map(str::to_owned).to_vec(),
    };
    let tone = |code: &str| if question.is_bad(code) { "bad" } else { "" };
    let segment = |code: String| Segment { label: report::answer_name(ui, &code), tone: tone(&code), code };
    codes.into_iter().map(segment).collect()
}

fn written(
    legend: AnyView,
    question: &Question,
    value: Signal<String>,
    choose: Callback<Option<String>>,
) -> AnyView {
    let id = dom::fresh_id();
    let typed = move |event: web_sys::Event| choose.run(Some(dom::typed(&event)));
    let value = value.get_untracked();
    let field = match question.asked {
        Asked::Text => view! { <textarea id=id.clone() prop:value=value on:change=typed></textarea> }.show(),
        Asked::Number => {
            view! { <input id=id.clone() type="text" inputmode="decimal" prop:value=value on:change=typed/> }
                .show()
        }
        _ => view! { <input id=id.clone() type="text" prop:value=value on:change=typed/> }.show(),
    };
    let unit = question.unit.clone();
    view! {
        <div class="field">
            <label for=id>{legend}</label>
            <span class="with-unit">{field}<small>{unit}</small></span>
        </div>
    }
    .show()
}

/// What the phone offers after a bad answer, with what it fills in.
fn leads(ui: Ui, question: &Question) -> AnyView {
    let suggests = question.suggests.clone().unwrap_or_default();
    let category = Some(question.category.clone()).filter(|code| !code.is_empty());
    let parts: Vec<String> = [
        category.map(|code| terms::category(&code, ui.language)),
        suggests.severity.map(|one| terms::severity(one, ui.language).to_owned()),
        Some(suggests.text).filter(|text| !text.is_empty()),
    ]
    .into_iter()
    .flatten()
    .collect();
    view! {
        <p class="hint-line"><span>{ui.t(record::NOTE_A_FINDING)}</span><small>{parts.join(" · ")}</small></p>
    }
    .show()
}
