//! A visit in exactly the version that a matter cites.

use crate::app::components::marks;
use crate::app::i18n::{common, desk as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::visit;
use crate::app::route::Route;
use crate::app::{Ui, frame, shown};
use crate::reactive::*;
use mingcha_core::ids::DocumentId;
use mingcha_core::view::{Heads, Query, Tick, VisitView};

/// The page.
pub fn cited(ui: Ui, matter: DocumentId, citation: u32) -> AnyView {
    let answer = ui.client.watch(Query::Matter(matter));
    let cited = memo(move || {
        answer.with(|answer| {
            let one = shown::matter(answer)?.citations.get(citation as usize)?;
            Some((one.visit, one.heads.clone()))
        })
    });
    let shown = move || cited.get().map(|(id, heads)| version(ui, matter, id, heads));
    shown.show()
}

fn version(ui: Ui, matter: DocumentId, id: DocumentId, heads: Heads) -> AnyView {
    let answer = ui.client.watch(Query::VisitAt(id, heads));
    let title = move || {
        answer.with(|answer| match shown::visit(answer) {
            Some(visit) => marks::unit_name(ui, visit.unit_summary.as_ref()),
            None => ui.t(w::VISIT).to_owned(),
        })
    };
    let body = move || {
        answer.with(|answer| {
            if shown::is_missing(answer) {
                return Some(view! { <p class="nothing">{ui.t(common::NOT_HERE)}</p> }.show());
            }
            // How far the visit has come is not part of the version.
            let report = shown::visit(answer).map(|report| VisitView { tick: Tick::Saved, ..report.clone() });
            report.map(|report| visit::body(ui, &report))
        })
    };
    let now = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        ui.go(Route::Visit(id));
    };
    view! {
        {frame::head_below(ui, Route::Matter(matter), title, AnyView::default())}
        <div class="list wide report">
            <p class="banner" role="status">
                {ui.t(w::READ_VERSION)}" "
                <a href=Route::Visit(id).to_string() on:click=now>{ui.t(w::AS_NOW)}</a>
            </p>
            {body}
        </div>
    }
    .show()
}
