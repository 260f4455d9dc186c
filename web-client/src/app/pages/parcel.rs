//! Unsent work as a sealed file: taken away to a device with a network, or taken in to be sent from here.

use crate::app::i18n::{common, phone as w};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::{Ui, spawn};
use crate::dom;
use crate::reactive::*;
use crate::shell::file;
use mingcha_core::command::Command;
use wasm_bindgen::JsCast;

/// A button that saves what is unsent as a file. On a locked device too: the file is sealed already.
pub fn export(ui: Ui) -> AnyView {
    let busy = RwSignal::new(false);
    let done = RwSignal::new(String::new());
    let wrong = RwSignal::new(String::new());
    let act = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        done.set(String::new());
        wrong.set(String::new());
        spawn(async move {
            let (bytes, result) = ui.client.ask_for_file(Command::ExportUnsent).await;
            busy.try_set(false);
            if let Some(bytes) = bytes {
                let name = file_name();
                file::save(&name, "application/octet-stream", &bytes);
                done.try_set(w::exported(ui.language, &name, &common::size(bytes.len() as u64)));
            }
            wrong.try_set(result.err().map(|problem| ui.problem(&problem)).unwrap_or_default());
        });
    };
    let label = move || ui.t(if busy.get() { w::EXPORTING } else { w::EXPORT });
    view! {
        <button type="button" class="big" disabled=move || busy.get() on:click=act>{label}</button>
        <p class="good" role="status">{move || done.get()}</p>
        <p class="wrong" role="alert">{move || wrong.get()}</p>
    }
    .show()
}

/// A name that says nothing but when: `records-20261123-1405.sealed`.
fn file_name() -> String {
    let now = js_sys::Date::new_0();
    let (day, month, year) = (now.get_date(), now.get_month() + 1, now.get_full_year());
    format!("records-{year}{month:02}{day:02}-{:02}{:02}.sealed", now.get_hours(), now.get_minutes())
}

/// A field that takes in a colleague's file.
pub fn import(ui: Ui) -> AnyView {
    let id = dom::fresh_id();
    let said = RwSignal::new(None::<Result<(), String>>);
    let choose = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(input) = input else { return };
        if let Some(chosen) = input.files().and_then(|files| files.get(0)) {
            spawn(async move {
                let result = match file::read(&chosen).await {
                    Some(file) => ui.client.ask(Command::ImportUnsent { file }).await,
                    None => {
                        said.try_set(Some(Err(ui.t(w::UNREADABLE).to_owned())));
                        return;
                    }
                };
                said.try_set(Some(result.map_err(|problem| ui.problem(&problem))));
            });
        }
        input.set_value("");
    };
    let done = move || said.get().is_some_and(|said| said.is_ok()).then(|| ui.t(w::IMPORTED));
    let wrong = move || said.get().and_then(Result::err);
    view! {
        <label for=id.clone() class="button big pick-file">
            {ui.t(w::IMPORT)}
            <input id=id type="file" on:change=choose/>
        </label>
        <p class="good" role="status">{done}</p>
        <p class="wrong" role="alert">{wrong}</p>
    }
    .show()
}
