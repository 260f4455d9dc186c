//! Quick hide: a cover over the whole screen within one frame, then the lock.

use crate::app::i18n::access as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::{Face, Ui, when};
use crate::dom::{self, document};
use crate::reactive::*;
use mingcha_core::command::Command;
use std::cell::RefCell;
use wasm_bindgen::JsCast;

/// Three presses of Escape within this time hide.
const ESCAPES_MILLIS: u64 = 1_200;

/// Covers the screen at once, then locks.
pub fn hide(ui: Ui) {
    cover(true);
    lock(ui);
}

/// Locks, after what was typed last is on its way.
pub fn lock(ui: Ui) {
    // A field that loses the focus sends what it holds.
    if let Some(field) = document().active_element().and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok())
    {
        let _ = field.blur();
    }
    ui.client.send(Command::Lock);
}

/// Listens for three quick presses of Escape, as long as there is something to hide.
pub fn listen(ui: Ui, face: Memo<Face>) {
    let presses = RefCell::new(Vec::new());
    dom::on_window("keydown", move |event: web_sys::KeyboardEvent| {
        if event.key() != "Escape" {
            return;
        }
        let now = when::now();
        let mut presses = presses.borrow_mut();
        presses.retain(|&at| now.since(at) <= ESCAPES_MILLIS);
        presses.push(now);
        if presses.len() >= 3 && face.get_untracked() == Face::Open {
            presses.clear();
            hide(ui);
        }
    });
}

/// What covers the screen: an empty page of notes. Its heading leads to the lock.
pub fn decoy(ui: Ui) -> AnyView {
    view! {
        <section class="decoy" aria-label=ui.t(w::NOTES_DECOY)>
            <h1><button type="button" on:click=move |_| cover(false)>{ui.t(w::NOTES_DECOY)}</button></h1>
            <p>{ui.t(w::NOTES_DECOY_EMPTY)}</p>
        </section>
    }
    .show()
}

/// Done on the document itself, so that it is seen with the very next frame.
fn cover(covered: bool) {
    let Some(root) = document().document_element() else { return };
    let _ =
        if covered { root.set_attribute("data-covered", "") } else { root.remove_attribute("data-covered") };
    close_dialogs();
}

/// Open dialogues lie above everything else, the cover too.
fn close_dialogs() {
    let Ok(open) = document().query_selector_all("dialog[open]") else { return };
    for at in 0..open.length() {
        if let Some(dialog) = open.get(at).and_then(|node| node.dyn_into::<web_sys::HtmlDialogElement>().ok())
        {
            dialog.close();
        }
    }
}
