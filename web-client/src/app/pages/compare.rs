//! All reports on one unit, side by side; findings of theirs become a matter.

use crate::app::components::marks;
use crate::app::i18n::{common, desk as w, record};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::matter_form::matter_form;
use crate::app::pages::visit;
use crate::app::route::Route;
use crate::app::{Ui, frame, report, shown};
use crate::reactive::*;
use mingcha_core::ids::{DocumentId, ItemId};
use mingcha_core::view::{Answer, FindingView, Query, VisitView};

/// The findings selected, in the order in which they were.
pub type Selection = RwSignal<Vec<(DocumentId, ItemId)>>;

/// The page, begun from a visit and perhaps one of its findings.
pub fn compare(ui: Ui, visit: DocumentId, finding: Option<ItemId>) -> AnyView {
    let first = ui.client.watch(Query::Visit(visit));
    let unit = memo(move || {
        first.with(|answer| shown::visit(answer).map(|visit| visit.unit.value.clone()).unwrap_or_default())
    });
    let name = move || {
        first.with(|answer| match shown::visit(answer) {
            Some(visit) => marks::unit_name(ui, visit.unit_summary.as_ref()),
            None => ui.t(w::REPORTS).to_owned(),
        })
    };
    let selection: Selection = RwSignal::new(finding.map(|finding| (visit, finding)).into_iter().collect());
    let is_here = memo(move || first.with(|answer| shown::visit(answer).is_some()));
    let shown = move || match (unit.get(), is_here.get()) {
        (unit, _) if !unit.is_empty() => reports(ui, unit, selection),
        (_, true) => without_unit(ui, first),
        (_, false) => AnyView::default(),
    };
    view! { {frame::head_below(ui, Route::Findings, name, AnyView::default())}{shown} }.show()
}

/// A report that cannot be compared yet.
fn without_unit(ui: Ui, answer: ReadSignal<Option<Answer>>) -> AnyView {
    report::tell_seen(ui, move || answer.with(|answer| shown::visit(answer).cloned()).into_iter().collect());
    let body = move || answer.with(|answer| shown::visit(answer).map(|report| visit::body(ui, report)));
    view! {
        <div class="list wide report">
            <p class="banner" role="status">{ui.t(w::UNIT_FIRST)}</p>
            {body}
        </div>
    }
    .show()
}

fn reports(ui: Ui, unit: String, selection: Selection) -> AnyView {
    let answer = ui.client.watch(Query::SideBySide { unit: unit.clone() });
    let visits = memo(move || answer.with(|answer| shown::side_by_side(answer).cloned().unwrap_or_default()));
    report::tell_seen(ui, move || visits.get());
    let compared = memo(move || compared(&visits.get(), &selection.get()));
    let columns = move || {
        let all = visits.get();
        let columns: Vec<AnyView> = all
            .iter()
            .enumerate()
            .map(|(at, visit)| column(ui, at, visit, &all, selection, compared))
            .collect();
        columns
    };
    let is_none = move || answer.with(|answer| shown::side_by_side(answer).is_some_and(Vec::is_empty));
    view! {
        <div class="merge">
            <div class="reports">
                {columns}
                {move || is_none().then(|| view! { <p class="nothing">{ui.t(w::NO_VISITS)}</p> })}
            </div>
            {matter_form(ui, unit, visits, selection)}
        </div>
    }
    .show()
}

fn column(
    ui: Ui,
    at: usize,
    visit: &VisitView,
    all: &[VisitView],
    selection: Selection,
    compared: Memo<Vec<FindingView>>,
) -> AnyView {
    let id = visit.visit;
    let findings: Vec<AnyView> =
        visit.findings.iter().map(|one| finding(ui, at, id, one, selection, compared)).collect();
    let findings = if findings.is_empty() {
        view! { <p class="hint">{common::findings(ui.language, 0)}</p> }.show()
    } else {
        findings.show()
    };
    let notes = (!visit.notes.is_empty()).then(|| {
        view! { <h3>{ui.t(record::NOTES)}</h3><p class="seen">{visit.notes.clone()}</p> }
    });
    let open = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        ui.go(Route::Visit(id));
    };
    view! {
        <section class="report">
            <h2>
                <a href=Route::Visit(id).to_string() on:click=open>{w::report(ui.language, letter(at))}</a>
                " · "
                {visit.team_name.clone()}
            </h2>
            <small>{report::about(ui, visit)}</small>
            {report::standing(ui, visit)}
            {findings}
            {report::answers(ui, visit, |question| answers_differ(all, question))}
            {notes}
        </section>
    }
    .show()
}

fn finding(
    ui: Ui,
    at: usize,
    visit: DocumentId,
    finding: &FindingView,
    selection: Selection,
    compared: Memo<Vec<FindingView>>,
) -> AnyView {
    let key = (visit, finding.finding);
    let is_selected = move || selection.with(|selection| selection.contains(&key));
    let toggle = move |_| {
        selection.update(|selection| match selection.iter().position(|other| *other == key) {
            Some(at) => {
                selection.remove(at);
            }
            None => selection.push(key),
        });
    };
    let struck = finding.struck.is_some();
    let label = format!("{} {} {}", ui.t(w::JOIN), letter(at), report::excerpt(&finding.seen));
    let matters: Vec<AnyView> = finding.matters.iter().map(|matter| matter_link(ui, *matter)).collect();
    let finding = finding.clone();
    let facts = move || {
        let compared = compared.get();
        let is_compared = compared.iter().any(|other| other.finding == finding.finding);
        report::finding_facts(ui, &finding, |aspect| is_compared && aspect.differs(&compared))
    };
    view! {
        <article class="finding" class:struck=struck class:selected=is_selected>
            {facts}
            <div class="row">
                <label class="check">
                    <input
                        type="checkbox"
                        aria-label=label
                        prop:checked=is_selected
                        disabled=struck
                        on:change=toggle
                    />
                    <span>{ui.t(w::JOIN)}</span>
                </label>
                {matters}
            </div>
        </article>
    }
    .show()
}

fn matter_link(ui: Ui, matter: DocumentId) -> AnyView {
    let route = Route::Matter(matter);
    let open = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        ui.go(route);
    };
    view! { <a class="tag done" href=route.to_string() on:click=open>{ui.t(w::IN_MATTER)}</a> }.show()
}

/// A, B, C: how the reports are called beside each other.
pub fn letter(at: usize) -> char {
    char::from(b'A' + (at % 26) as u8)
}

/// The findings to mark differences in: those selected, or the only one of each report.
fn compared(visits: &[VisitView], selection: &[(DocumentId, ItemId)]) -> Vec<FindingView> {
    let all = visits.iter().flat_map(|visit| visit.findings.iter().map(move |one| (visit.visit, one)));
    let selected: Vec<FindingView> = all
        .filter(|(visit, one)| selection.contains(&(*visit, one.finding)))
        .map(|(_, one)| one.clone())
        .collect();
    if selected.len() > 1 {
        return selected;
    }
    let mut only = Vec::new();
    for visit in visits {
        let mut counted = visit.findings.iter().filter(|one| one.struck.is_none());
        match (counted.next(), counted.next()) {
            (Some(one), None) => only.push(one.clone()),
            (None, _) => {}
            (Some(_), Some(_)) => return Vec::new(),
        }
    }
    only
}

fn answers_differ(visits: &[VisitView], question: ItemId) -> bool {
    let mut said = visits.iter().filter_map(|visit| {
        let answer = visit.answers.iter().find(|(id, _)| *id == question);
        answer.map(|(_, field)| field.value.as_str()).filter(|value| !value.is_empty())
    });
    said.next().is_some_and(|first| said.any(|other| other != first))
}
