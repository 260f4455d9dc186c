//! Where, how and with which checklist: all may come later than the first words.

use super::Open;
use crate::app::components::form;
use crate::app::components::marks;
use crate::app::components::unit_picker::unit_picker;
use crate::app::i18n::record as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::{shown, terms, when};
use crate::reactive::*;
use mingcha_core::command::VisitEdit;
use mingcha_core::domain::Mode;
use mingcha_core::units::UnitSummary;
use mingcha_core::view::Query;

/// How, since when, and how much of the checklist is answered.
pub fn about(open: Open) -> AnyView {
    let ui = open.ui;
    let began = open.of(|visit| Some((visit.mode.value.clone(), visit.started)));
    let checklist = open.of(|visit| {
        let title = visit.questions.as_ref()?.title.clone();
        let has_answer =
            |id| visit.answers.iter().any(|(other, field)| *other == id && !field.value.is_empty());
        let answered = visit.asked.iter().filter(|&&id| has_answer(id)).count();
        Some((title, answered, visit.asked.len()))
    });
    let about = move || {
        let (mode, started) = began.get()?;
        let mut about = vec![w::since(ui.language, &when::moment(ui.language, started))];
        if Mode::from_code(&mode) != Some(Mode::Undercover) {
            about.insert(0, terms::mode_by_code(ui.language, &mode));
        }
        if let Some((title, answered, of)) = checklist.get() {
            about.push(w::answered(&title, answered, of));
        }
        Some(about.join(" · "))
    };
    view! { <p class="day">{about}</p> }.show()
}

/// The mode and the checklist.
pub fn manner(open: Open) -> AnyView {
    view! { <div class="two manner">{mode(open)}{choose_checklist(open)}</div> }.show()
}

/// The unit.
pub fn unit(open: Open) -> AnyView {
    let ui = open.ui;
    let picking = RwSignal::new(false);
    let pick = callback(move |unit: UnitSummary| open.edit(VisitEdit::Unit(unit.code)));
    let summary = open.of(|visit| visit.unit_summary.clone());
    let field = open.of(|visit| visit.unit.clone());
    let name = move || {
        summary.with(|unit| match unit {
            Some(unit) => view! {
                <b>{marks::unit_name(ui, Some(unit))}</b>
                <small>{marks::unit_path(Some(unit))}</small>
            }
            .show(),
            None => view! { <b>{ui.t(w::CHOOSE_UNIT)}</b> }.show(),
        })
    };
    view! {
        <button type="button" id=super::closing::UNIT class="choice" on:click=move |_| picking.set(true)>
            <span class="label">{ui.t(w::UNIT)}</span>
            {name}
        </button>
        {open.conflict(field, str::to_owned)}
        {unit_picker(ui, picking, pick)}
    }
    .show()
}

fn mode(open: Open) -> AnyView {
    let ui = open.ui;
    let field = open.of(|visit| visit.mode.clone());
    let value = derived(move || field.with(|field| field.value.clone()));
    let choose = callback(move |code: String| {
        if let Some(mode) = Mode::from_code(&code) {
            open.edit(VisitEdit::Mode(mode));
        }
    });
    let options = vec![(String::new(), terms::modes(ui.language))];
    view! {
        <div>
            {form::select(ui.t(w::MODE), options, value, choose)}
            {open.conflict(field, move |code| terms::mode_by_code(ui.language, code))}
        </div>
    }
    .show()
}

fn choose_checklist(open: Open) -> AnyView {
    let ui = open.ui;
    let field = open.of(|visit| visit.checklist.clone());
    let value = derived(move || field.with(|field| field.value.clone()));
    let choose = callback(move |code: String| {
        if let Ok(checklist) = code.parse() {
            open.edit(VisitEdit::Checklist(checklist));
        }
    });
    let answer = ui.client.watch(Query::Checklists);
    let known = memo(move || {
        answer.with(|answer| {
            let checklists = shown::checklists(answer).map(Vec::as_slice).unwrap_or_default();
            checklists.iter().map(|one| (one.id.to_string(), one.title.clone())).collect::<Vec<_>>()
        })
    });
    let shown = move || {
        let mut options = known.get();
        if value.with(String::is_empty) {
            options.insert(0, (String::new(), ui.t(w::NO_CHECKLIST).to_owned()));
        }
        form::select(ui.t(w::CHECKLIST), vec![(String::new(), options)], value, choose)
    };
    let name = move |code: &str| {
        known.with(|known| {
            known
                .iter()
                .find(|(id, _)| id == code)
                .map_or_else(|| code.to_owned(), |(_, title)| title.clone())
        })
    };
    view! { <div>{shown}{open.conflict(field, name)}</div> }.show()
}
