//! What a matter says where its findings differ: all that they say, what was chosen, by whom and why.

use crate::app::components::dialog::dialog;
use crate::app::components::form::text_input;
use crate::app::components::marks;
use crate::app::components::segmented::{Segment, segmented};
use crate::app::i18n::{common, review as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::{Ui, terms, when};
use crate::reactive::*;
use mingcha_core::command::Command;
use mingcha_core::domain::{MatterField, Severity};
use mingcha_core::ids::{DocumentId, ItemId};
use mingcha_core::problem::Problem;
use mingcha_core::view::{CitationView, CitedValue, MatterFieldView, SettledView};

/// The field that is being settled. The dialogue stays open whatever arrives meanwhile.
#[derive(Clone, Copy)]
pub struct Settling {
    open: RwSignal<bool>,
    field: RwSignal<Option<MatterFieldView>>,
}

impl Settling {
    /// None yet.
    pub fn new() -> Self {
        Self { open: RwSignal::new(false), field: RwSignal::new(None) }
    }
}

/// The fields.
pub fn fields(ui: Ui, settling: Settling, fields: &[MatterFieldView], citations: &[CitationView]) -> AnyView {
    let rows: Vec<AnyView> = fields.iter().map(|one| field(ui, settling, one, citations)).collect();
    view! { <section><h2>{ui.t(w::WHAT_IT_SAYS)}</h2><div class="settled">{rows}</div></section> }.show()
}

/// How a citation is called: its number from 1.
pub fn number(at: u32) -> String {
    format!("§{}", at + 1)
}

fn field(ui: Ui, settling: Settling, view: &MatterFieldView, citations: &[CitationView]) -> AnyView {
    let MatterFieldView { field, value, cited, settled } = view;
    let differs = cited.len() > 1;
    let says: Vec<AnyView> =
        cited.iter().map(|one| cited_value(ui, *field, one, citations, differs)).collect();
    let twice =
        (settled.len() > 1).then(|| view! { <p class="banner" role="status">{ui.t(w::SETTLED_TWICE)}</p> });
    let by: Vec<AnyView> = settled.iter().map(|one| settled_by(ui, *field, one)).collect();
    let settle = (differs || settled.len() > 1).then(|| settle(ui, settling, view.clone()));
    // A place is not asked for when a matter is opened: what all findings say stands until somebody settles it.
    let value = match cited.as_slice() {
        [only] if value.is_empty() => &only.value,
        _ => value,
    };
    view! {
        <section class="field-view" aria-label=terms::matter_field(*field, ui.language)>
            <h3>{terms::matter_field(*field, ui.language)}</h3>
            <p class="value">{coloured(ui, *field, value)}</p>
            <small>{ui.t(w::CITED_SAY)}</small>
            <ul>{says}</ul>
            {twice}
            {by}
            {settle}
        </section>
    }
    .show()
}

/// A value that stands: a severity in its colour.
fn coloured(ui: Ui, field: MatterField, value: &str) -> AnyView {
    match (field, Severity::from_code(value)) {
        (MatterField::Severity, Some(severity)) => marks::severity(ui, severity),
        _ => view! { <b>{name(ui, field, value)}</b> }.show(),
    }
}

/// A value for people.
fn name(ui: Ui, field: MatterField, value: &str) -> String {
    match (value, field) {
        ("", _) => ui.t(w::NOTHING_SAID).to_owned(),
        (code, MatterField::Category) => terms::category(code, ui.language),
        (code, MatterField::Severity) => terms::severity_by_code(ui.language, code),
        (place, MatterField::Place) => place.to_owned(),
    }
}

fn cited_value(
    ui: Ui,
    field: MatterField,
    cited: &CitedValue,
    citations: &[CitationView],
    differs: bool,
) -> AnyView {
    let said = name(ui, field, &cited.value);
    let said = if differs {
        view! { <mark class="differs">{said}</mark> }.show()
    } else {
        view! { <span>{said}</span> }.show()
    };
    let is_cited = |key: &(DocumentId, ItemId)| {
        citations.iter().position(|citation| {
            citation.visit == key.0 && citation.finding.as_ref().is_some_and(|one| one.finding == key.1)
        })
    };
    let numbers: Vec<String> =
        cited.findings.iter().filter_map(is_cited).map(|at| number(at as u32)).collect();
    view! { <li>{said}" "<small>{numbers.join(" ")}</small></li> }.show()
}

fn settled_by(ui: Ui, field: MatterField, settled: &SettledView) -> AnyView {
    let who = if settled.name.is_empty() { ui.t(common::UNKNOWN_PERSON) } else { &settled.name };
    let over: Vec<String> = settled.over.iter().map(|value| name(ui, field, value)).collect();
    let mut said = format!(
        "{} · {}",
        name(ui, field, &settled.chosen),
        w::settled(ui.language, who, &when::moment(ui.language, settled.at))
    );
    if !over.is_empty() {
        said = format!("{said} · {}", w::instead_of(ui.language, &over));
    }
    let reason =
        (!settled.reason.is_empty()).then(|| view! { <span class="seen">{settled.reason.clone()}</span> });
    view! { <p class="by"><small>{said}</small>{reason}</p> }.show()
}

fn settle(ui: Ui, settling: Settling, view: MatterFieldView) -> AnyView {
    let word = ui.t(if view.settled.is_empty() { w::SETTLE } else { w::SETTLE_AGAIN });
    let label = format!("{word} · {}", terms::matter_field(view.field, ui.language));
    let open = move |_| {
        settling.field.set(Some(view.clone()));
        settling.open.set(true);
    };
    view! { <button type="button" aria-label=label on:click=open>{word}</button> }.show()
}

/// The dialogue in which a field is settled.
pub fn dialogue(ui: Ui, matter: DocumentId, settling: Settling) -> AnyView {
    let body = move || settling.field.get_untracked().map(|view| question(ui, matter, settling, view)).show();
    dialog(ui, settling.open, ui.t(w::SETTLE_TITLE), "ask", body)
}

fn question(ui: Ui, matter: DocumentId, settling: Settling, view: MatterFieldView) -> AnyView {
    let MatterFieldView { field, value, cited, settled } = view;
    let mut values: Vec<String> = cited.into_iter().map(|cited| cited.value).collect();
    values.push(value.clone());
    values.extend(settled.into_iter().map(|settled| settled.chosen));
    values.retain(|value| !value.is_empty());
    values.sort_unstable();
    values.dedup();
    let problem = RwSignal::new(None::<Problem>);
    let chosen = RwSignal::new(value);
    let reason = RwSignal::new(String::new());
    let segments = values.iter().map(|value| Segment::plain(value.clone(), name(ui, field, value))).collect();
    let choose = callback(move |value: Option<String>| {
        if let Some(value) = value {
            chosen.set(value);
        }
    });
    let act = move |event: web_sys::Event| {
        event.prevent_default();
        let chosen = chosen.get_untracked();
        let over = values.iter().filter(|value| **value != chosen).cloned().collect();
        let reason = reason.get_untracked().trim().to_owned();
        ui.ask(Command::SettleInMatter { matter, field, chosen, over, reason }, move |result| match result {
            Ok(()) => {
                settling.open.try_set(false);
            }
            Err(refused) => {
                problem.try_set(Some(refused));
            }
        });
    };
    view! {
        <form on:submit=act>
            <p>{ui.t(w::SETTLE_HELP)}</p>
            {segmented(terms::matter_field(field, ui.language).show(), segments, chosen.into(), choose)}
            {text_input(ui.t(w::REASON_OPTIONAL), "text", reason)}
            <p class="wrong" role="alert">{move || problem.get().map(|problem| ui.problem(&problem))}</p>
            <div class="row end">
                <button type="button" on:click=move |_| settling.open.set(false)>{ui.t(common::CANCEL)}</button>
                <button class="primary" disabled=move || chosen.with(String::is_empty)>{ui.t(w::SETTLE)}</button>
            </div>
        </form>
    }
    .show()
}
