//! The office's checklists: take the built-in one, or write one.

use crate::app::components::desk::link;
use crate::app::i18n::{office as w, writing};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::checklist::DRAFTS;
use crate::app::route::Route;
use crate::app::{Ui, frame, shown};
use crate::reactive::*;
use crate::shell::random::random;
use mingcha_core::command::Command;
use mingcha_core::domain::checklist::builtin;
use mingcha_core::domain::{Checklist, ChecklistDraft};
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
    let drafts = DRAFTS.all(ui);
    let list = move || {
        let drafts = drafts.get().unwrap_or_default();
        let is_draft = |id: ItemId| drafts.iter().any(|(_, draft)| draft.id == id);
        answer.with(|answer| {
            let checklists = shown::checklists(answer)?;
            let new = drafts.iter().filter(|(_, draft)| checklists.iter().all(|one| one.id != draft.id));
            let mut items: Vec<AnyView> = new.map(|(_, draft)| unpublished(ui, draft)).collect();
            items.extend(checklists.iter().map(|one| item(ui, one, is_draft(one.id))));
            Some(if items.is_empty() {
                view! { <p class="nothing">{ui.t(w::NO_CHECKLISTS)}</p> }.show()
            } else {
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

/// A checklist that was begun and not published.
fn unpublished(ui: Ui, draft: &ChecklistDraft) -> AnyView {
    let title = if draft.title.is_empty() { ui.t(writing::UNTITLED).to_owned() } else { draft.title.clone() };
    let body = view! {
        <b>{title}</b>
        <span class="mark-none">{ui.t(w::EDIT)}</span>
        <small>{ui.t(writing::UNPUBLISHED)}</small>
    };
    view! { <li>{link(ui, Route::Checklist(draft.id), "item", body)}</li> }.show()
}

fn item(ui: Ui, checklist: &Checklist, is_draft: bool) -> AnyView {
    let mut about = w::questions_and_version(ui.language, checklist.questions.len(), checklist.version);
    if is_draft {
        about.push_str(" · ");
        about.push_str(ui.t(writing::UNPUBLISHED));
    }
    let body = view! {
        <b>{checklist.title.clone()}</b>
        <span class="mark-none">{ui.t(w::EDIT)}</span>
        <small>{about}</small>
    };
    view! { <li>{link(ui, Route::Checklist(checklist.id), "item", body)}</li> }.show()
}
