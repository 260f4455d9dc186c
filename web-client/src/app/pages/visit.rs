//! One visit, to be read at the desk.

use crate::app::components::marks;
use crate::app::i18n::{common, desk as w, record};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::app::{Ui, frame, report, shown};
use crate::reactive::*;
use mingcha_core::ids::DocumentId;
use mingcha_core::view::{Query, VisitView};

/// The page.
pub fn visit(ui: Ui, id: DocumentId) -> AnyView {
    let answer = ui.client.watch(Query::Visit(id));
    report::tell_seen(ui, move || answer.with(|answer| shown::visit(answer).cloned()).into_iter().collect());
    let title = move || {
        answer.with(|answer| match shown::visit(answer) {
            Some(visit) => marks::unit_name(ui, visit.unit_summary.as_ref()),
            None => ui.t(w::VISIT).to_owned(),
        })
    };
    let has_unit =
        move || answer.with(|answer| shown::visit(answer).is_some_and(|visit| !visit.unit.value.is_empty()));
    let compare = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        ui.go(Route::Compare(id, None));
    };
    let beside = move || {
        has_unit().then(|| {
            view! {
                <a class="button" href=Route::Compare(id, None).to_string() on:click=compare>
                    {ui.t(w::SIDE_BY_SIDE)}
                </a>
            }
        })
    };
    let missing = memo(move || answer.with(shown::is_missing));
    let body = move || {
        if missing.get() {
            return Some(view! { <p class="nothing slow">{ui.t(common::NOT_HERE)}</p> }.show());
        }
        answer.with(|answer| shown::visit(answer).map(|visit| body(ui, visit)))
    };
    view! {
        {frame::head_below(ui, Route::Visits, title, beside.show())}
        <div class="list wide report">{body}</div>
    }
    .show()
}

/// The whole report.
pub fn body(ui: Ui, visit: &VisitView) -> AnyView {
    let findings: Vec<AnyView> = visit
        .findings
        .iter()
        .enumerate()
        .map(|(at, finding)| {
            view! {
                <article class="finding" class:struck=finding.struck.is_some()>
                    <h3>{record::finding_number(ui.language, at + 1)}</h3>
                    {report::finding_facts(ui, finding, |_| false)}
                </article>
            }
            .show()
        })
        .collect();
    let notes = (!visit.notes.is_empty()).then(|| {
        view! { <h3>{ui.t(record::NOTES)}</h3><p class="seen">{visit.notes.clone()}</p> }
    });
    view! {
        <div class="about">
            <p>{report::about(ui, visit)}</p>
            <p class="hint">{marks::unit_path(visit.unit_summary.as_ref())}</p>
            {report::standing(ui, visit)}
        </div>
        <div class="columns">
            <section>
                <h2>{common::findings(ui.language, visit.findings.iter().filter(|one| one.struck.is_none()).count() as u32)}</h2>
                {findings}
                {notes}
            </section>
            <section>
                {report::answers(ui, visit, |_| false)}
                {report::timeline(ui, &visit.timeline)}
            </section>
        </div>
    }
    .show()
}
