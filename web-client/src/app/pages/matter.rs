//! One matter with what it rests on, as it was read.

use crate::app::components::marks;
use crate::app::i18n::{common, desk as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::app::{Ui, frame, report, shown, terms, when};
use crate::reactive::*;
use mingcha_core::ids::DocumentId;
use mingcha_core::view::{CitationView, MatterView, Query, Since};

/// The page.
pub fn matter(ui: Ui, id: DocumentId) -> AnyView {
    let answer = ui.client.watch(Query::Matter(id));
    let title = move || {
        answer.with(|answer| match shown::matter(answer) {
            Some(matter) => matter.row.title.clone(),
            None => ui.t(w::NEW_MATTER).to_owned(),
        })
    };
    let missing = memo(move || answer.with(shown::is_missing));
    let body = move || {
        if missing.get() {
            return Some(view! { <p class="nothing slow">{ui.t(common::NOT_HERE)}</p> }.show());
        }
        answer.with(|answer| shown::matter(answer).map(|matter| body(ui, matter)))
    };
    let tick =
        move || answer.with(|answer| shown::matter(answer).map(|matter| marks::tick(ui, matter.row.tick)));
    view! {
        {frame::head_below(ui, Route::Matters, title, tick.show())}
        <div class="list wide report">{body}</div>
    }
    .show()
}

fn body(ui: Ui, matter: &MatterView) -> AnyView {
    let MatterView { row, opened_by, citations, timeline, .. } = matter;
    let id = row.matter;
    let cited: Vec<AnyView> =
        citations.iter().enumerate().map(|(at, one)| citation(ui, id, at as u32, one)).collect();
    view! {
        <dl class="facts">
            <dt>{ui.t(w::UNIT)}</dt>
            <dd>{marks::unit_name(ui, row.unit.as_ref())}" "<small>{marks::unit_path(row.unit.as_ref())}</small></dd>
            <dt>{ui.t(w::CATEGORY)}</dt>
            <dd>{terms::category(&row.category, ui.language)}</dd>
            <dt>{ui.t(w::SEVERITY)}</dt>
            <dd>{marks::severity(ui, row.severity)}</dd>
            <dt>{ui.t(w::OPENED)}</dt>
            <dd>{when::moment(ui.language, row.opened)}" · "{opened_by.clone()}</dd>
        </dl>
        <h2>{w::citations(ui.language, row.citations)}</h2>
        <ol class="citations">{cited}</ol>
        {report::timeline(ui, timeline)}
    }
    .show()
}

fn citation(ui: Ui, matter: DocumentId, at: u32, citation: &CitationView) -> AnyView {
    let finding = match &citation.finding {
        Some(finding) => report::finding_facts(ui, finding, |_| false),
        None => view! { <p class="hint">{ui.t(w::CITED_NOT_HERE)}</p> }.show(),
    };
    let since = match citation.since {
        Since::Unchanged => view! { <span class="tag done">{ui.t(w::UNCHANGED)}</span> }.show(),
        Since::Changed => view! { <span class="tag serious">{ui.t(w::CHANGED_SINCE)}</span> }.show(),
    };
    let about = format!(
        "{} · {} · {} {}",
        when::moment(ui.language, citation.started),
        citation.team_name,
        ui.t(w::CITED_BY),
        citation.cited_by
    );
    let link = |route: Route, words: &'static str| {
        let open = move |event: web_sys::MouseEvent| {
            event.prevent_default();
            ui.go(route);
        };
        view! { <a href=route.to_string() on:click=open>{words}</a> }
    };
    view! {
        <li class="finding">
            <small>{about}</small>
            {since}
            {finding}
            <div class="row">
                {link(Route::Cited(matter, at), ui.t(w::AS_READ))}
                {link(Route::Visit(citation.visit), ui.t(w::AS_NOW))}
            </div>
        </li>
    }
    .show()
}
