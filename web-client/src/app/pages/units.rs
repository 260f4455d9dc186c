//! Importing units, and taking an import back.

use crate::app::components::dialog::{Question, confirm};
use crate::app::components::unit_picker::unit_search;
use crate::app::i18n::office as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::{Ui, frame, shown, when};
use crate::dom;
use crate::reactive::*;
use crate::shell::sheet::SheetImport;
use mingcha_core::command::Command;
use mingcha_core::ids::DatasetId;
use mingcha_core::view::{ImportState, ImportView, Query};
use wasm_bindgen::JsCast;

/// The page.
pub fn units(ui: Ui) -> AnyView {
    let total = move || ui.me().with(|me| me.as_ref().map(|me| w::units(ui.language, me.units)));
    let beside = view! { <span class="hint">{total}</span> }.show();
    view! {
        {frame::head(ui, ui.t(w::UNITS), beside)}
        <div class="list wide">
            {import(ui)}
            {imports(ui)}
            <section>
                <h2>{ui.t(w::LOOK_UP_UNITS)}</h2>
                {unit_search(ui, None)}
            </section>
        </div>
    }
    .show()
}

fn import(ui: Ui) -> AnyView {
    let id = dom::fresh_id();
    let running = ui.import;
    let choose = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(input) = input else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            // The import goes on when another page is opened.
            let progress = ui.root.with_value(|root| root.with(|| ui.client.read_sheet(file, None)));
            running.set(Some(progress));
        }
        input.set_value("");
    };
    let progress = move || running.get().map(|progress| progress_line(ui, progress));
    let is_busy = move || {
        running.get().is_some_and(|progress| {
            matches!(progress.get(), SheetImport::Reading | SheetImport::Importing { .. })
        })
    };
    view! {
        <section>
            <h2>{ui.t(w::IMPORT)}</h2>
            <p class="hint">{ui.t(w::IMPORT_HELP)}</p>
            <div class="field file">
                <label for=id.clone()>{ui.t(w::CHOOSE_FILE)}</label>
                <input id=id type="file" accept=".xlsx,.xls,.ods,.csv,.txt" disabled=is_busy on:change=choose/>
            </div>
            {progress}
        </section>
    }
    .show()
}

fn progress_line(ui: Ui, progress: ReadSignal<SheetImport>) -> AnyView {
    let shown = move || match progress.get() {
        SheetImport::Reading => view! {
            <p role="status">{ui.t(w::READING)}</p>
            <progress aria-label=ui.t(w::READING)></progress>
        }
        .show(),
        SheetImport::Importing { done, rows } => view! {
            <p role="status">
                {ui.t(w::IMPORTING)}" "
                <span aria-hidden="true">{w::rows_taken(ui.language, done, Some(rows))}</span>
            </p>
            <progress aria-label=ui.t(w::IMPORTING) max=rows value=done></progress>
        }
        .show(),
        SheetImport::Done { rows, .. } => view! {
            <p role="status" class="good">
                {ui.t(w::IMPORTED)}" · "{w::rows_taken(ui.language, rows, None)}
            </p>
        }
        .show(),
        SheetImport::Failed(problem) => {
            view! { <p role="alert" class="wrong">{ui.problem(&problem)}</p> }.show()
        }
    };
    shown.show()
}

fn imports(ui: Ui) -> AnyView {
    let answer = ui.client.watch(Query::Imports);
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
        Question { title: ui.t(w::WITHDRAW_ASK), help: ui.t(w::WITHDRAW_HELP), action: ui.t(w::WITHDRAW) };
    let list = move || {
        answer.with(|answer| {
            let imports = shown::imports(answer)?;
            Some(if imports.is_empty() {
                view! { <p class="nothing">{ui.t(w::NO_IMPORTS)}</p> }.show()
            } else {
                let items: Vec<AnyView> = imports.iter().map(|import| item(ui, import, withdraw)).collect();
                view! { <ul class="items">{items}</ul> }.show()
            })
        })
    };
    view! {
        <section>
            <h2>{ui.t(w::IMPORTS)}</h2>
            {list}
        </section>
        {confirm(ui, asking, question, act)}
    }
    .show()
}

fn item(ui: Ui, import: &ImportView, withdraw: Callback<DatasetId>) -> AnyView {
    let ImportView { dataset, name, rows, at, state } = import.clone();
    let label = format!("{} {name}", ui.t(w::WITHDRAW));
    let (about, action) = match state {
        ImportState::Running(taken) => (w::rows_taken(ui.language, taken, None), None),
        ImportState::Done => (
            w::rows_taken(ui.language, rows, None),
            Some(view! {
                <button type="button" aria-label=label on:click=move |_| withdraw.run(dataset)>
                    {ui.t(w::WITHDRAW)}
                </button>
            }),
        ),
        ImportState::Withdrawn => (ui.t(w::WITHDRAWN).to_owned(), None),
    };
    view! {
        <li class="item">
            <b>{name}</b>
            {action}
            <small>{about}" · "{when::moment(ui.language, at)}</small>
        </li>
    }
    .show()
}
