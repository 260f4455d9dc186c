//! The lock screen. Nothing of the office's is on it but how much is still to be sent.

use crate::app::components::form::secret_input;
use crate::app::frame::notices;
use crate::app::i18n::{access as w, phone};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::parcel;
use crate::app::{Ui, shown};
use crate::reactive::*;
use mingcha_core::command::{Command, Passphrase};
use mingcha_core::domain::Language;
use mingcha_core::problem::Problem;
use mingcha_core::view::{Access, AccessView};

/// Asks for the passphrase.
pub fn lock(ui: Ui) -> AnyView {
    let passphrase = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        if busy.get_untracked() || passphrase.with_untracked(String::is_empty) {
            return;
        }
        busy.set(true);
        problem.set(None);
        let command = Command::Unlock { passphrase: Passphrase(passphrase.get_untracked()) };
        ui.ask(command, move |result| {
            busy.try_set(false);
            passphrase.try_set(String::new());
            problem.try_set(result.err());
        });
    };
    let waiting = memo(move || {
        ui.access.with(|answer| match shown::access(answer) {
            Some(AccessView { access: Access::Locked { unpacked }, unsent, .. }) => (*unsent, *unpacked),
            _ => (0, 0),
        })
    });
    let has_unsent = memo(move || waiting.with(|(unsent, _)| *unsent > 0));
    let carry = move || {
        has_unsent.get().then(|| {
            view! {
                <details class="more">
                    <summary>{ui.t(phone::CARRY)}</summary>
                    <div class="carry">
                        <p class="hint">{ui.t(phone::CARRY_HELP)}</p>
                        {parcel::export(ui)}
                    </div>
                </details>
            }
        })
    };
    let waiting = move || {
        let (unsent, unpacked) = waiting.get();
        let gap = if ui.language == Language::Chinese { "" } else { " " };
        let sending = match unsent {
            0 => String::new(),
            _ => format!("{}{gap}{}", ui.t(w::UNSENT), ui.t(w::SENDS_ON)),
        };
        match (unsent, unpacked) {
            (0, 0) => ui.t(w::NOTHING_UNSENT).to_owned(),
            (_, 0) => sending,
            (0, _) => ui.t(w::UNPACKED).to_owned(),
            (_, _) => format!("{sending}{gap}{}", ui.t(w::UNPACKED)),
        }
    };
    view! {
        <main class="gate lock">
            <h1>{ui.t(phone::NEUTRAL_NAME)}</h1>
            <p class="step">{ui.t(w::LOCKED)}</p>
            <form on:submit=submit>
                {secret_input(ui, ui.t(w::PASSPHRASE), "current-password", passphrase)}
                <p class="wrong" role="alert">{move || problem.get().map(|problem| ui.problem(&problem))}</p>
                <button class="primary big" disabled=move || busy.get()>
                    {move || ui.t(if busy.get() { w::UNLOCKING } else { w::UNLOCK })}
                </button>
            </form>
            <p class="hint" role="status">{waiting}</p>
            {carry}
            {notices(ui)}
        </main>
    }
    .show()
}
