//! Filters and orders with a name, to come back to.

use crate::app::Ui;
use crate::app::components::dialog::dialog;
use crate::app::components::filters::Kind;
use crate::app::components::form::{select, text_input};
use crate::app::filter::{Filter, decode, encode};
use crate::app::i18n::review as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::reactive::*;
use crate::shell::random::random;
use mingcha_core::command::Command;
use mingcha_core::domain::{ReviewState, Severity, VisitState};
use mingcha_core::ids::ItemId;
use mingcha_core::problem::Problem;
use mingcha_core::view::{Answer, Merged, Query, Stage};
use serde::{Deserialize, Serialize};

/// How long a view's name may be.
const MAX_NAME_CHARS: usize = 40;

/// A view with the name under which it is kept.
#[derive(Clone, PartialEq)]
struct Named {
    key: String,
    view: View,
}

/// What is kept of a view.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct View {
    name: String,
    filter: Filter,
}

/// The choice of a view, and the way to name one.
pub fn views(ui: Ui, list: &'static str, kind: Kind, filter: RwSignal<Filter>) -> AnyView {
    let prefix = format!("view:{list}:");
    let answer = ui.client.watch(Query::Kept { prefix: prefix.clone() });
    let own = memo(move || answer.with(own));
    let open = RwSignal::new(false);
    let choice = move || {
        let mut all: Vec<(String, View)> =
            built_in(ui, kind).into_iter().enumerate().map(|(at, view)| (at.to_string(), view)).collect();
        all.extend(own.get().into_iter().map(|Named { key, view }| (key, view)));
        let options: Vec<(String, String)> = core::iter::once((String::new(), ui.t(w::VIEW_NONE).to_owned()))
            .chain(all.iter().map(|(key, view)| (key.clone(), view.name.clone())))
            .collect();
        let known = all.clone();
        let value = derived(move || {
            filter.with(|filter| {
                let shown = known.iter().find(|(_, view)| view.filter == *filter);
                shown.map(|(key, _)| key.clone()).unwrap_or_default()
            })
        });
        let choose = callback(move |key: String| {
            if let Some((_, view)) = all.iter().find(|(other, _)| *other == key) {
                filter.set(view.filter.clone());
            }
        });
        select(ui.t(w::VIEW), vec![(String::new(), options)], value, choose)
    };
    let body = move || manage(ui, prefix.clone(), own, filter);
    view! {
        <div class="view">{choice}</div>
        <button type="button" on:click=move |_| open.set(true)>{ui.t(w::VIEWS)}</button>
        {dialog(ui, open, ui.t(w::VIEWS_TITLE), "ask", body)}
    }
    .show()
}

/// The views that everybody has.
fn built_in(ui: Ui, kind: Kind) -> Vec<View> {
    let view = |name, filter| View { name: ui.t(name).to_owned(), filter };
    let all = Filter::default();
    match kind {
        Kind::Visits => vec![
            view(w::ALL, all.clone()),
            view(w::VIEW_SUBMITTED, Filter { stage: Stage::Submitted, ..all.clone() }),
            view(w::VIEW_SENT_BACK, Filter { state: Some(VisitState::SentBack), ..all.clone() }),
            view(w::VIEW_WEEK, Filter { days: Some(7), ..all }),
        ],
        Kind::Findings => vec![
            view(w::ALL, all.clone()),
            view(w::VIEW_WAITING, Filter { review: Some(ReviewState::Waiting), ..all.clone() }),
            view(
                w::VIEW_TO_MERGE,
                Filter { review: Some(ReviewState::Confirmed), merged: Merged::Not, ..all.clone() },
            ),
            view(w::VIEW_DISPUTED, Filter { review: Some(ReviewState::Disputed), ..all.clone() }),
            view(w::VIEW_GRAVE, Filter { severity: Some(Severity::Grave), ..all }),
        ],
        Kind::Matters => vec![
            view(w::ALL, all.clone()),
            view(w::VIEW_GRAVE, Filter { severity: Some(Severity::Grave), ..all }),
        ],
    }
}

fn own(answer: &Option<Answer>) -> Vec<Named> {
    let Some(Answer::Kept(all)) = answer else { return Vec::new() };
    let read = |(key, bytes): &(String, Vec<u8>)| Some(Named { key: key.clone(), view: decode(bytes)? });
    let mut own: Vec<Named> = all.iter().filter_map(read).collect();
    own.sort_by(|a, b| a.view.name.cmp(&b.view.name));
    own
}

fn manage(ui: Ui, prefix: String, own: Memo<Vec<Named>>, filter: RwSignal<Filter>) -> AnyView {
    let name = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<Problem>);
    let deleted = RwSignal::new(None::<Named>);
    let is_ready =
        move || name.with(|name| !name.trim().is_empty() && name.trim().chars().count() <= MAX_NAME_CHARS);
    let save = move |event: web_sys::Event| {
        event.prevent_default();
        if !untrack(is_ready) {
            return;
        }
        let view = View { name: name.get_untracked().trim().to_owned(), filter: filter.get_untracked() };
        // Saving under a name that is there already changes that view.
        let there = own.with_untracked(|own| {
            own.iter().find(|other| other.view.name == view.name).map(|other| other.key.clone())
        });
        let key = there.unwrap_or_else(|| format!("{prefix}{}", random::<ItemId>()));
        let command = Command::Keep { name: key, value: Some(encode(&view)) };
        ui.ask(command, move |result| match result {
            Ok(()) => {
                name.try_set(String::new());
                problem.try_set(None);
            }
            Err(refused) => {
                problem.try_set(Some(refused));
            }
        });
    };
    let list = move || {
        let own = own.get();
        if own.is_empty() {
            return view! { <p class="hint">{ui.t(w::NO_VIEWS)}</p> }.show();
        }
        let rows: Vec<AnyView> = own.into_iter().map(|named| row(ui, named, deleted)).collect();
        view! { <ul class="own-views">{rows}</ul> }.show()
    };
    let restore = move || {
        deleted.get().map(|Named { key, view }| {
            let said = w::deleted(ui.language, &view.name);
            let back = move |_| {
                ui.send(Command::Keep { name: key.clone(), value: Some(encode(&view)) });
                deleted.set(None);
            };
            view! {
                <p role="status">
                    {said}
                    <button type="button" class="quiet" on:click=back>{ui.t(w::RESTORE)}</button>
                </p>
            }
        })
    };
    view! {
        <p class="hint">{ui.t(w::VIEWS_HELP)}</p>
        <form class="inline" on:submit=save>
            {text_input(ui.t(w::VIEW_NAME), "text", name)}
            <button class="primary" disabled=move || !is_ready()>{ui.t(w::SAVE_VIEW)}</button>
        </form>
        <p class="wrong" role="alert">{move || problem.get().map(|problem| ui.problem(&problem))}</p>
        {list}
        {restore}
    }
    .show()
}

fn row(ui: Ui, named: Named, deleted: RwSignal<Option<Named>>) -> AnyView {
    let before = named.view.name.clone();
    let name = RwSignal::new(before.clone());
    let label = format!("{} · {before}", ui.t(w::VIEW_NAME));
    let is_new = move || {
        name.with(|name| {
            let name = name.trim();
            !name.is_empty() && name != before && name.chars().count() <= MAX_NAME_CHARS
        })
    };
    let (key, filter) = (named.key.clone(), named.view.filter.clone());
    let rename = move |event: web_sys::Event| {
        event.prevent_default();
        let view = View { name: name.get_untracked().trim().to_owned(), filter: filter.clone() };
        if !view.name.is_empty() {
            ui.send(Command::Keep { name: key.clone(), value: Some(encode(&view)) });
        }
    };
    let delete = move |_| {
        ui.send(Command::Keep { name: named.key.clone(), value: None });
        deleted.set(Some(named.clone()));
    };
    view! {
        <li>
            <form class="inline" on:submit=rename>
                {text_input(label, "text", name)}
                <span class="row">
                    <button disabled=move || !is_new()>{ui.t(w::RENAME)}</button>
                    <button type="button" class="quiet" on:click=delete>{ui.t(w::DELETE)}</button>
                </span>
            </form>
        </li>
    }
    .show()
}
