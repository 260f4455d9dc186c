//! Another passphrase for this device.

use crate::app::Ui;
use crate::app::components::dialog::dialog;
use crate::app::components::form::secret_input;
use crate::app::components::passphrase::{Passphrases, passphrase_fields};
use crate::app::i18n::phone as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::reactive::*;
use mingcha_core::command::{Command, Passphrase};
use mingcha_core::problem::Problem;

/// The button and its form.
pub fn new_passphrase(ui: Ui) -> AnyView {
    let open = RwSignal::new(false);
    let changed = RwSignal::new(false);
    let form = dialog(ui, open, ui.t(w::CHANGE_PASSPHRASE), "ask", move || form(ui, open, changed));
    let begin = move |_| {
        changed.set(false);
        open.set(true);
    };
    view! {
        <button type="button" class="big" on:click=begin>{ui.t(w::CHANGE_PASSPHRASE)}</button>
        <p class="good" role="status">{move || changed.get().then(|| ui.t(w::PASSPHRASE_CHANGED))}</p>
        {form}
    }
    .show()
}

fn form(ui: Ui, open: RwSignal<bool>, changed: RwSignal<bool>) -> AnyView {
    let old = RwSignal::new(String::new());
    let typed = Passphrases::new();
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let act = move |event: web_sys::Event| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        let [now, new] = [old, typed.first].map(|field| Passphrase(field.get_untracked()));
        ui.ask(Command::ChangePassphrase { old: now, new }, move |result| {
            busy.try_set(false);
            if result.is_ok() {
                open.try_set(false);
                changed.try_set(true);
            }
            problem.try_set(result.err());
        });
    };
    let cannot = move || busy.get() || old.with(String::is_empty) || !typed.agree();
    view! {
        <form on:submit=act>
            {secret_input(ui, ui.t(w::OLD_PASSPHRASE), "current-password", old)}
            {passphrase_fields(ui, ui.t(w::NEW_PASSPHRASE), typed)}
            <p class="wrong" role="alert">{move || problem.get().map(|problem| ui.problem(&problem))}</p>
            <button class="primary big" disabled=cannot>
                {move || ui.t(if busy.get() { w::CHANGING } else { w::CHANGE })}
            </button>
        </form>
    }
    .show()
}
