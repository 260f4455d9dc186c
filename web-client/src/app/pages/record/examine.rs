//! Saying what a visit re-examines: earlier findings at its unit, and words.

use super::Open;
use crate::app::components::dialog::dialog;
use crate::app::components::line_text::{Kind, line_text};
use crate::app::i18n::phone as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::{report, shown, terms, when};
use crate::reactive::*;
use mingcha_core::command::{Command, VisitEdit};
use mingcha_core::domain::Citation;
use mingcha_core::view::{FindingFilter, FindingRow, Query, VisitFilter, Window};

/// How many earlier findings can be chosen from, newest first.
const SHOWN: u32 = 60;

/// The ways to say it.
pub fn examine(open: Open) -> AnyView {
    let ui = open.ui;
    let choosing = RwSignal::new(false);
    let unit = open.of(|visit| visit.unit.value.clone());
    let text = open.of(|visit| visit.examines_text.clone());
    let citations = open.of(|visit| {
        let cited = visit.examines.iter();
        let cited =
            cited.map(|it| Citation { visit: it.visit, heads: it.heads.clone(), finding: it.finding });
        cited.collect::<Vec<_>>()
    });
    let save = move |text| {
        let edit = VisitEdit::Examine { citations: citations.get_untracked(), text };
        Command::EditVisit { visit: open.id, edit }
    };
    let choose = move || {
        (!unit.with(String::is_empty)).then(|| {
            view! {
                <button type="button" class="quiet" on:click=move |_| choosing.set(true)>
                    {ui.t(w::AGAIN_CHOOSE)}
                </button>
            }
        })
    };
    let earlier = dialog(ui, choosing, ui.t(w::AGAIN_CHOOSE), "sheet", move || {
        list(open, unit.get_untracked(), citations, text)
    });
    view! {
        {choose}
        {line_text(ui, ui.t(w::AGAIN_WORDS).show(), "", Kind::Line, text, save)}
        {earlier}
    }
    .show()
}

fn list(open: Open, unit: String, citations: Memo<Vec<Citation>>, text: Memo<String>) -> AnyView {
    let ui = open.ui;
    let visit = VisitFilter { unit: Some(unit), ..VisitFilter::default() };
    let filter = FindingFilter { visit, ..FindingFilter::default() };
    let answer = ui.client.watch(Query::Findings(filter, Window { first: 0, count: SHOWN }));
    let shown = move || {
        answer.with(|answer| {
            let rows = shown::findings(answer)?.rows.iter().filter(|row| row.visit != open.id);
            let rows: Vec<AnyView> = rows.map(|row| choice(open, row, citations, text)).collect();
            Some(if rows.is_empty() {
                view! { <p class="nothing">{ui.t(w::AGAIN_NONE)}</p> }.show()
            } else {
                view! { <ul class="units">{rows}</ul> }.show()
            })
        })
    };
    shown.show()
}

fn choice(open: Open, row: &FindingRow, citations: Memo<Vec<Citation>>, text: Memo<String>) -> AnyView {
    let ui = open.ui;
    let this = Citation { visit: row.visit, heads: row.heads.clone(), finding: row.finding };
    let (visit, finding) = (row.visit, row.finding);
    let is_this = move |other: &Citation| other.visit == visit && other.finding == finding;
    let is_chosen = move || citations.with(|all| all.iter().any(is_this));
    let toggle = move |_| {
        let mut citations = citations.get_untracked();
        let before = citations.len();
        citations.retain(|other| !is_this(other));
        if citations.len() == before {
            citations.push(this.clone());
        }
        open.edit(VisitEdit::Examine { citations, text: text.get_untracked() });
    };
    let category =
        if row.category.is_empty() { String::new() } else { terms::category(&row.category, ui.language) };
    let about = [when::date(ui.language, row.started), category, row.place.clone()];
    let about: Vec<String> = about.into_iter().filter(|part| !part.is_empty()).collect();
    view! {
        <li>
            <label class="check">
                <input type="checkbox" prop:checked=is_chosen on:change=toggle/>
                <span>{report::excerpt(&row.excerpt)}" "<small>{about.join(" · ")}</small></span>
            </label>
        </li>
    }
    .show()
}
