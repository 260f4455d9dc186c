//! The register of units: importing spreadsheets, taking an import back, looking units up.

mod importing;
mod preview;

use crate::app::components::dialog::{Question, confirm};
use crate::app::components::unit_picker::unit_search;
use crate::app::i18n::{import, office as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::{Ui, frame, shown, when};
use crate::reactive::*;
use mingcha_core::command::Command;
use mingcha_core::domain::Role;
use mingcha_core::ids::DatasetId;
use mingcha_core::view::{ImportState, ImportView, Query};

/// The page.
pub fn units(ui: Ui) -> AnyView {
    let may = ui.has(Role::Coordinator);
    let total = move || ui.me().with(|me| me.as_ref().map(|me| w::units(ui.language, me.units)));
    let beside = view! { <span class="hint">{total}</span> }.show();
    let asking = RwSignal::new(false);
    let chosen = RwSignal::new(None::<DatasetId>);
    let withdraw = callback(move |dataset: DatasetId| {
        chosen.set(Some(dataset));
        asking.set(true);
    });
    let act = callback(move |()| {
        if let Some(dataset) = chosen.get_untracked() {
            ui.send(Command::WithdrawUnits { dataset });
        }
    });
    let question =
        Question { title: ui.t(w::WITHDRAW_ASK), help: ui.t(w::WITHDRAW_HELP), action: ui.t(import::UNDO) };
    view! {
        {frame::head(ui, ui.t(w::UNITS), beside)}
        <div class="list wide">
            {may.then(|| importing::import(ui, withdraw))}
            {imports(ui, may, withdraw)}
            <section>
                <h2>{ui.t(w::LOOK_UP_UNITS)}</h2>
                {unit_search(ui, None)}
            </section>
        </div>
        {confirm(ui, asking, question, act)}
    }
    .show()
}

fn imports(ui: Ui, may: bool, withdraw: Callback<DatasetId>) -> AnyView {
    let answer = ui.client.watch(Query::Imports);
    let list = move || {
        answer.with(|answer| {
            let imports = shown::imports(answer)?;
            Some(if imports.is_empty() {
                view! { <p class="nothing">{ui.t(w::NO_IMPORTS)}</p> }.show()
            } else {
                let items: Vec<AnyView> = imports.iter().map(|one| item(ui, one, may, withdraw)).collect();
                view! { <ul class="items">{items}</ul> }.show()
            })
        })
    };
    view! {
        <section>
            <h2>{ui.t(w::IMPORTS)}</h2>
            {list}
        </section>
    }
    .show()
}

fn item(ui: Ui, one: &ImportView, may: bool, withdraw: Callback<DatasetId>) -> AnyView {
    let ImportView { dataset, name, rows, at, state } = one.clone();
    let label = format!("{} · {name}", ui.t(import::UNDO));
    let about = match state {
        ImportState::Running(taken) => w::rows_taken(ui.language, taken, None),
        ImportState::Done => w::rows_taken(ui.language, rows, None),
        ImportState::Withdrawn => ui.t(w::WITHDRAWN).to_owned(),
    };
    let action = (may && state == ImportState::Done).then(|| {
        view! {
            <button type="button" aria-label=label on:click=move |_| withdraw.run(dataset)>
                {ui.t(import::UNDO)}
            </button>
        }
    });
    view! {
        <li class="item">
            <b>{name}</b>
            {action}
            <small>{about}" · "{when::moment(ui.language, at)}</small>
        </li>
    }
    .show()
}
