//! The office's checklists: take the built-in one, or write one.

use crate::app::i18n::office as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::route::Route;
use crate::app::{Ui, frame, shown};
use crate::reactive::*;
use crate::shell::random::random;
use mingcha_core::command::Command;
use mingcha_core::domain::Checklist;
use mingcha_core::domain::checklist::builtin;
use mingcha_core::ids::ItemId;
use mingcha_core::problem::Problem;
use mingcha_core::view::Query;

/// The page.
pub fn checklists(ui: Ui) -> AnyView {
    let answer = ui.client.watch(Query::Checklists);
    let problem = RwSignal::new(None::<Problem>);
    let take = move |_| {
        let checklist = builtin(ui.language);
        ui.ask(Command::PublishChecklist { checklist }, move |result| {
            problem.try_set(result.err());
        });
    };
    let has_built_in = memo(move || {
        let id = builtin(ui.language).id;
        answer.with(|answer| {
            shown::checklists(answer).is_none_or(|checklists| checklists.iter().any(|one| one.id == id))
        })
    });
    let take_it = move || {
        (!has_built_in.get()).then(|| {
            view! {
                <button type="button" class="primary" on:click=take>{ui.t(w::TAKE_BUILT_IN)}</button>
            }
        })
    };
    let list = move || {
        answer.with(|answer| {
            let checklists = shown::checklists(answer)?;
            Some(if checklists.is_empty() {
                view! { <p class="nothing">{ui.t(w::NO_CHECKLISTS)}</p> }.show()
            } else {
                let items: Vec<AnyView> = checklists.iter().map(|one| item(ui, one)).collect();
                view! { <ul class="items">{items}</ul> }.show()
            })
        })
    };
    let write = move |_| ui.go(Route::Checklist(random::<ItemId>()));
    view! {
        {frame::head(ui, ui.t(w::CHECKLISTS), AnyView::default())}
        <div class="list wide">
            <div class="row">
                {take_it}
                <button type="button" on:click=write>{ui.t(w::WRITE_ONE)}</button>
            </div>
            <p class="wrong" role="alert">{move || problem.get().map(|problem| ui.problem(&problem))}</p>
            {list}
        </div>
    }
    .show()
}

fn item(ui: Ui, checklist: &Checklist) -> AnyView {
    let route = Route::Checklist(checklist.id);
    let open = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        ui.go(route);
    };
    let about = w::questions_and_version(ui.language, checklist.questions.len(), checklist.version);
    view! {
        <li>
            <a class="item" href=route.to_string() on:click=open>
                <b>{checklist.title.clone()}</b>
                <span class="mark-none">{ui.t(w::EDIT)}</span>
                <small>{about}</small>
            </a>
        </li>
    }
    .show()
}
