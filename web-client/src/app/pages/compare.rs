//! All reports on one unit, side by side; findings of theirs become a matter.

use crate::app::components::marks;
use crate::app::components::table::key_help;
use crate::app::i18n::{Text, common, desk as w, record, review as r};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::matter_form::matter_form;
use crate::app::pages::proposals::follow;
use crate::app::pages::review::review_tag;
use crate::app::pages::{unit, visit};
use crate::app::route::Route;
use crate::app::{Ui, frame, report, shown};
use crate::dom;
use crate::reactive::*;
use mingcha_core::ids::{DocumentId, ItemId};
use mingcha_core::view::{Answer, FindingRow, FindingView, Query, VisitView};

/// A finding with its visit.
type At = (DocumentId, ItemId);

/// The findings selected.
#[derive(Clone, Copy)]
pub struct Selection {
    /// Of the reports on the unit, in the order in which they were selected.
    pub here: RwSignal<Vec<At>>,
    /// Of other units.
    pub elsewhere: RwSignal<Vec<FindingRow>>,
}

impl Selection {
    /// Whether a finding of the unit's reports is selected.
    fn contains(self, key: At) -> bool {
        self.here.with(|here| here.contains(&key))
    }

    /// Selects a finding of the unit's reports, or no longer.
    pub fn toggle(self, key: At) {
        self.here.update(|here| match here.iter().position(|other| *other == key) {
            Some(at) => {
                here.remove(at);
            }
            None => here.push(key),
        });
    }

    /// Selects a finding of another unit, or no longer.
    pub fn toggle_elsewhere(self, row: FindingRow) {
        self.elsewhere.update(|rows| match rows.iter().position(|other| other.finding == row.finding) {
            Some(at) => {
                rows.remove(at);
            }
            None => rows.push(row),
        });
    }
}

const KEYS: [(&str, Text); 3] = [("J K", w::KEY_NEXT), ("M", r::KEY_MARK), ("Enter", r::KEY_FINISH)];

/// The id of the form.
pub const FORM: &str = "becomes";

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
    let selection = Selection {
        here: RwSignal::new(finding.map(|finding| (visit, finding)).into_iter().collect()),
        elsewhere: RwSignal::new(Vec::new()),
    };
    let is_here = memo(move || first.with(|answer| shown::visit(answer).is_some()));
    let shown = move || match (unit.get(), is_here.get()) {
        (unit, _) if !unit.is_empty() => reports(ui, unit, selection),
        (_, true) => without_unit(ui, first),
        (_, false) => AnyView::default(),
    };
    let beside = move || {
        first.with(|answer| {
            let summary = shown::visit(answer)?.unit_summary.clone()?;
            Some(unit::button(ui, summary))
        })
    };
    view! { {frame::head_below(ui, Route::Findings, name, beside.show())}{shown} }.show()
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
    let compared = memo(move || compared(&visits.get(), &selection.here.get()));
    let cursor = RwSignal::new(selection.here.with_untracked(|here| here.first().copied()));
    let help = RwSignal::new(false);
    keys(visits, selection, cursor, help);
    let columns = move || {
        let all = visits.get();
        let columns: Vec<AnyView> = all
            .iter()
            .enumerate()
            .map(|(at, visit)| column(ui, at, visit, &all, selection, (compared, cursor)))
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
        {key_help(ui, help, &KEYS)}
    }
    .show()
}

fn column(
    ui: Ui,
    at: usize,
    visit: &VisitView,
    all: &[VisitView],
    selection: Selection,
    shared: (Memo<Vec<FindingView>>, RwSignal<Option<At>>),
) -> AnyView {
    let id = visit.visit;
    let findings: Vec<AnyView> =
        visit.findings.iter().map(|one| finding(ui, at, id, one, selection, shared)).collect();
    let findings = if findings.is_empty() {
        view! { <p class="hint">{common::findings(ui.language, 0)}</p> }.show()
    } else {
        findings.show()
    };
    let notes = (!visit.notes.is_empty()).then(|| {
        view! { <h3>{ui.t(record::NOTES)}</h3><p class="seen">{visit.notes.clone()}</p> }
    });
    let open = follow(ui, Route::Visit(id));
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
    (compared, cursor): (Memo<Vec<FindingView>>, RwSignal<Option<At>>),
) -> AnyView {
    let key = (visit, finding.finding);
    let is_selected = move || selection.contains(key);
    let is_current = move || cursor.get() == Some(key);
    let toggle = move |_| {
        cursor.set(Some(key));
        selection.toggle(key);
    };
    let struck = finding.struck.is_some();
    let label = format!("{} {} {}", ui.t(w::JOIN), letter(at), report::excerpt(&finding.seen));
    let matters: Vec<AnyView> = finding.matters.iter().map(|matter| matter_link(ui, *matter)).collect();
    let review = review_tag(ui, &finding.review);
    let finding = finding.clone();
    let facts = move || {
        let compared = compared.get();
        let is_compared = compared.iter().any(|other| other.finding == finding.finding);
        report::finding_facts(ui, &finding, |aspect| is_compared && aspect.differs(&compared))
    };
    view! {
        <article
            class="finding"
            id=place_of(key.1)
            class:struck=struck
            class:selected=is_selected
            class:current=is_current
        >
            <span class="tags">{review}</span>
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
    view! { <a class="tag done" href=route.to_string() on:click=follow(ui, route)>{ui.t(w::IN_MATTER)}</a> }
        .show()
}

/// The id of the element that shows a finding.
fn place_of(finding: ItemId) -> String {
    format!("f{finding}")
}

/// J and K go through the findings, M joins one or no longer, Enter goes to the form.
fn keys(
    visits: Memo<Vec<VisitView>>,
    selection: Selection,
    cursor: RwSignal<Option<At>>,
    help: RwSignal<bool>,
) {
    let step = move |by: isize| {
        let all: Vec<At> = visits.with_untracked(|visits| {
            let findings = |visit: &VisitView| {
                let id = visit.visit;
                visit
                    .findings
                    .iter()
                    .filter(|one| one.struck.is_none())
                    .map(move |one| (id, one.finding))
                    .collect::<Vec<_>>()
            };
            visits.iter().flat_map(findings).collect()
        });
        let at = all.iter().position(|key| Some(*key) == cursor.get_untracked());
        let next = at.map_or(0, |at| at.saturating_add_signed(by)).min(all.len().saturating_sub(1));
        if let Some(key) = all.get(next) {
            cursor.set(Some(*key));
            dom::reveal(&place_of(key.1));
        }
    };
    dom::on_window("keydown", move |event: web_sys::KeyboardEvent| {
        let is_other = event.ctrl_key() || event.meta_key() || event.alt_key();
        if dom::is_typing(&event) || dom::has_dialog() || is_other {
            return;
        }
        match event.key().as_str() {
            "j" | "J" | "ArrowDown" => step(1),
            "k" | "K" | "ArrowUp" => step(-1),
            "m" | "M" => cursor.get_untracked().into_iter().for_each(|key| selection.toggle(key)),
            "Enter" if !dom::is_pressable(&event) => dom::focus_inside(FORM),
            "?" => help.set(true),
            _ => return,
        }
        event.prevent_default();
    });
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
