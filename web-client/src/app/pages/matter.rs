//! One matter with what it rests on, as it was read.

use crate::app::components::dialog::dialog;
use crate::app::components::form::text_input;
use crate::app::components::marks;
use crate::app::i18n::{common, desk as w, review};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::proposals::follow;
use crate::app::pages::settling::{self, Settling};
use crate::app::pages::{agreement, unit};
use crate::app::route::Route;
use crate::app::{Ui, frame, report, shown, when};
use crate::reactive::*;
use mingcha_core::command::Command;
use mingcha_core::ids::{DocumentId, ItemId};
use mingcha_core::problem::Problem;
use mingcha_core::view::{CitationView, Compared, MatterView, Query, Since};

/// The page.
pub fn matter(ui: Ui, id: DocumentId) -> AnyView {
    let answer = ui.client.watch(Query::Matter(id));
    let title = move || {
        answer.with(|answer| match shown::matter(answer) {
            Some(matter) => matter.row.title.clone(),
            None => ui.t(w::NEW_MATTER).to_owned(),
        })
    };
    let settling = Settling::new();
    let taking = Taking { open: RwSignal::new(false), finding: RwSignal::new(None) };
    let missing = memo(move || answer.with(shown::is_missing));
    let body = move || {
        if missing.get() {
            return Some(view! { <p class="nothing slow">{ui.t(common::NOT_HERE)}</p> }.show());
        }
        answer.with(|answer| shown::matter(answer).map(|matter| body(ui, matter, settling, taking)))
    };
    let beside = move || {
        answer.with(|answer| {
            let row = &shown::matter(answer)?.row;
            let unit = row.unit.clone().map(|summary| unit::button(ui, summary));
            Some(view! { {marks::tick(ui, row.tick)}{unit}{print(ui)} })
        })
    };
    let is_here = memo(move || answer.with(|answer| shown::matter(answer).is_some()));
    let agreement = move || is_here.get().then(|| agreement::agreement(ui, Compared::Matter(id)));
    view! {
        {frame::head_below(ui, Route::Matters, title, beside.show())}
        <div class="list wide report">{body}{agreement}</div>
        {settling::dialogue(ui, id, settling)}
        {take_out(ui, id, taking)}
    }
    .show()
}

fn body(ui: Ui, matter: &MatterView, settling: Settling, taking: Taking) -> AnyView {
    let MatterView { row, opened_by, citations, timeline, fields } = matter;
    let id = row.matter;
    let cited: Vec<AnyView> =
        citations.iter().enumerate().map(|(at, one)| citation(ui, id, at as u32, one, taking)).collect();
    view! {
        <dl class="facts">
            <dt>{ui.t(w::UNIT)}</dt>
            <dd>{marks::unit_name(ui, row.unit.as_ref())}" "<small>{marks::unit_path(row.unit.as_ref())}</small></dd>
            <dt>{ui.t(w::OPENED)}</dt>
            <dd>{when::moment(ui.language, row.opened)}" · "{opened_by.clone()}</dd>
        </dl>
        {settling::fields(ui, settling, fields, citations)}
        <h2>{w::citations(ui.language, row.citations)}</h2>
        <ol class="citations">{cited}</ol>
        {report::timeline(ui, timeline)}
    }
    .show()
}

fn citation(ui: Ui, matter: DocumentId, at: u32, citation: &CitationView, taking: Taking) -> AnyView {
    let finding = match &citation.finding {
        Some(finding) => report::finding_facts(ui, finding, |_| false),
        None => view! { <p class="hint">{ui.t(w::CITED_NOT_HERE)}</p> }.show(),
    };
    let item = citation.finding.as_ref().map(|finding| finding.finding);
    let visit = citation.visit;
    let take_out = item.map(|item| {
        let open = move |_| {
            taking.finding.set(Some((visit, item)));
            taking.open.set(true);
        };
        view! { <button type="button" class="quiet" on:click=open>{ui.t(review::TAKE_OUT)}</button> }
    });
    let since = match citation.since {
        Since::Unchanged => view! { <span class="tag done">{ui.t(w::UNCHANGED)}</span> }.show(),
        Since::Changed => view! { <span class="tag serious">{ui.t(w::CHANGED_SINCE)}</span> }.show(),
    };
    let about = format!(
        "{} · {} · {} · {} {}",
        settling::number(at),
        when::moment(ui.language, citation.started),
        citation.team_name,
        ui.t(w::CITED_BY),
        citation.cited_by
    );
    let link = |route: Route, words: &'static str| {
        view! { <a href=route.to_string() on:click=follow(ui, route)>{words}</a> }
    };
    view! {
        <li class="finding">
            <small>{about}</small>
            {since}
            {finding}
            <div class="row">
                {link(Route::Cited(matter, at), ui.t(w::AS_READ))}
                {link(Route::Visit(citation.visit), ui.t(w::AS_NOW))}
                {take_out}
            </div>
        </li>
    }
    .show()
}

/// The finding that is being taken out. The dialogue stays open whatever arrives meanwhile.
#[derive(Clone, Copy)]
struct Taking {
    open: RwSignal<bool>,
    finding: RwSignal<Option<(DocumentId, ItemId)>>,
}

/// Takes a finding out of the matter again; why may be said.
fn take_out(ui: Ui, matter: DocumentId, taking: Taking) -> AnyView {
    let Taking { open, finding } = taking;
    let asked = move || {
        let problem = RwSignal::new(None::<Problem>);
        let reason = RwSignal::new(String::new());
        let act = move |event: web_sys::Event| {
            event.prevent_default();
            let findings = finding.get_untracked().into_iter().collect();
            let reason = reason.get_untracked().trim().to_owned();
            ui.ask(Command::TakeFromMatter { matter, findings, reason }, move |result| match result {
                Ok(()) => {
                    open.try_set(false);
                }
                Err(refused) => {
                    problem.try_set(Some(refused));
                }
            });
        };
        view! {
            <form on:submit=act>
                <p>{ui.t(review::TAKE_OUT_HELP)}</p>
                {text_input(ui.t(review::REASON_OPTIONAL), "text", reason)}
                <p class="wrong" role="alert">{move || problem.get().map(|problem| ui.problem(&problem))}</p>
                <div class="row end">
                    <button type="button" on:click=move |_| open.set(false)>{ui.t(common::CANCEL)}</button>
                    <button class="primary">{ui.t(review::TAKE_OUT)}</button>
                </div>
            </form>
        }
        .show()
    };
    dialog(ui, open, ui.t(review::TAKE_OUT_TITLE), "ask", asked)
}

/// Prints the page as it is.
pub fn print(ui: Ui) -> AnyView {
    let print = move |_| {
        let _ = crate::dom::window().print();
    };
    view! { <button type="button" on:click=print>{ui.t(review::PRINT)}</button> }.show()
}
