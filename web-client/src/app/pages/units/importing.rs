//! Choosing a spreadsheet, and how far its import has come.

use super::preview;
use crate::app::Ui;
use crate::app::components::desk::help;
use crate::app::i18n::{import as w, office};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::shown;
use crate::dom;
use crate::reactive::*;
use crate::shell::sheet::SheetImport;
use mingcha_core::ids::DatasetId;
use mingcha_core::view::{ImportState, Query};
use wasm_bindgen::JsCast;

/// The section: a file, what would come of it, how far it has come.
pub fn import(ui: Ui, undo: Callback<DatasetId>) -> AnyView {
    let id = dom::fresh_id();
    let file = RwSignal::new_local(None::<web_sys::File>);
    let running = ui.import;
    let choose = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(input) = input else { return };
        if let Some(chosen) = input.files().and_then(|files| files.get(0)) {
            running.set(None);
            file.set(Some(chosen));
        }
        input.set_value("");
    };
    let progress = move || running.get().map(|progress| progress_line(ui, progress, undo));
    let is_busy = move || {
        running.get().is_some_and(|progress| {
            matches!(progress.get(), SheetImport::Reading | SheetImport::Importing { .. })
        })
    };
    let name = move || file.with(|chosen| chosen.as_ref().map(web_sys::File::name));
    let looked_at = move || file.get().map(|chosen| preview::preview(ui, chosen, file));
    view! {
        <section>
            <h2>{ui.t(office::IMPORT)}</h2>
            <p class="hint">{ui.t(office::IMPORT_HELP)}</p>
            <div class="row">
                <label for=id.clone() class="button pick-file">
                    {ui.t(w::PICK)}
                    <input
                        id=id
                        type="file"
                        accept=".xlsx,.csv,.txt,.tsv"
                        aria-label=ui.t(office::CHOOSE_FILE)
                        disabled=is_busy
                        on:change=choose
                    />
                </label>
                <span class="hint">{name}</span>
            </div>
            {looked_at}
            {progress}
            {help(ui.t(w::HELP), &[ui.t(w::HELP_1), ui.t(w::HELP_2), ui.t(w::HELP_3)])}
        </section>
    }
    .show()
}

fn progress_line(ui: Ui, progress: ReadSignal<SheetImport>, undo: Callback<DatasetId>) -> AnyView {
    let shown = move || match progress.get() {
        SheetImport::Reading => view! {
            <p role="status">{ui.t(office::READING)}</p>
            <progress aria-label=ui.t(office::READING)></progress>
        }
        .show(),
        SheetImport::Importing { done, rows } => view! {
            <p role="status">
                {ui.t(office::IMPORTING)}" "
                <span aria-hidden="true">{office::rows_taken(ui.language, done, Some(rows))}</span>
            </p>
            <progress aria-label=ui.t(office::IMPORTING) max=rows value=done></progress>
        }
        .show(),
        SheetImport::Done { dataset, rows, skipped } => view! {
            {outcome(ui, dataset, rows, undo)}
            {preview::skipped_list(ui, &skipped, skipped.len() as u32)}
        }
        .show(),
        SheetImport::Failed(problem) => {
            view! { <p role="alert" class="wrong">{ui.problem(&problem)}</p> }.show()
        }
    };
    shown.show()
}

/// That it was imported, and the way to take all of it back.
fn outcome(ui: Ui, dataset: DatasetId, rows: u32, undo: Callback<DatasetId>) -> AnyView {
    let imports = ui.client.watch(Query::Imports);
    let is_withdrawn = memo(move || {
        imports.with(|answer| {
            let imports = shown::imports(answer).map(Vec::as_slice).unwrap_or_default();
            imports.iter().any(|one| one.dataset == dataset && one.state == ImportState::Withdrawn)
        })
    });
    let shown = move || match is_withdrawn.get() {
        true => view! { <p role="status">{ui.t(w::UNDO_DONE)}</p> }.show(),
        false => view! {
            <div class="row">
                <p role="status" class="good">
                    {ui.t(office::IMPORTED)}" · "{office::rows_taken(ui.language, rows, None)}
                </p>
                <button type="button" on:click=move |_| undo.run(dataset)>{ui.t(w::UNDO)}</button>
            </div>
        }
        .show(),
    };
    shown.show()
}
