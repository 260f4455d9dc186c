//! Joining an office with an invitation.

use crate::app::components::form::text_input;
use crate::app::components::passphrase::passphrase_fields;
use crate::app::i18n::access as w;
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::pages::empty;
use crate::app::{Ui, when};
use crate::reactive::*;
use mingcha_core::command::{Command, Passphrase};
use mingcha_core::problem::Problem;
use mingcha_core::view::InvitationPreview;

/// Looks an invitation up, by the link's code or a typed one, then accepts it.
pub fn join(ui: Ui, linked: Option<String>) -> AnyView {
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let another = RwSignal::new(false);
    let look_up = move |code: String| {
        busy.set(true);
        problem.set(None);
        ui.ask(Command::OpenInvitation { code }, move |result| {
            busy.try_set(false);
            another.try_set(false);
            problem.try_set(result.err());
        });
    };
    let came_by_link = linked.is_some();
    if let Some(code) = linked {
        look_up(code);
    }
    let invitation = empty::invitation(ui);
    let shown = move || match invitation.get() {
        Some(invitation) if !another.get() => accept(ui, &invitation, another),
        _ => by_code(ui, busy, came_by_link, callback(look_up)),
    };
    view! {
        {shown}
        <p class="wrong" role="alert">{move || problem.get().map(|problem| ui.problem(&problem))}</p>
    }
    .show()
}

fn by_code(ui: Ui, busy: RwSignal<bool>, came_by_link: bool, look_up: Callback<String>) -> AnyView {
    let code = ui.drafts.code;
    let is_ready = move || code.with(|code| !code.trim().is_empty()) && !busy.get();
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        if untrack(is_ready) {
            look_up.run(code.get_untracked().trim().to_owned());
        }
    };
    let heading = if came_by_link {
        view! { <h1>{ui.t(w::INVITED)}</h1> }.show()
    } else {
        view! { <h1>{ui.t(w::WELCOME)}</h1><p>{ui.t(w::WELCOME_WAYS)}</p> }.show()
    };
    view! {
        {heading}
        <form on:submit=submit>
            {text_input(ui.t(w::INVITATION), "text", code)}
            <p class="hint">{ui.t(w::INVITATION_HELP)}</p>
            <button class="primary big" disabled=move || !is_ready()>
                {move || ui.t(if busy.get() { w::LOOKING_UP } else { w::LOOK_UP })}
            </button>
        </form>
    }
    .show()
}

fn accept(ui: Ui, invitation: &InvitationPreview, another: RwSignal<bool>) -> AnyView {
    let InvitationPreview { office, team, name, expires, .. } = invitation.clone();
    let typed = ui.drafts.passphrases;
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        if !untrack(|| typed.agree()) || busy.get_untracked() {
            return;
        }
        busy.set(true);
        let passphrase = Passphrase(typed.first.get_untracked());
        ui.ask(Command::Join { passphrase }, move |result| {
            busy.try_set(false);
            if result.is_ok() {
                typed.clear();
                ui.client.forget_link();
            }
            problem.try_set(result.err());
        });
    };
    let until = when::moment(ui.language, expires);
    view! {
        <h1>{ui.t(w::INVITED)}</h1>
        <dl class="facts">
            <dt>{ui.t(w::OFFICE)}</dt><dd>{office}</dd>
            <dt>{ui.t(w::TEAM)}</dt><dd>{team}</dd>
            <dt>{ui.t(w::NAME)}</dt><dd>{name}</dd>
            <dt>{ui.t(w::EXPIRES)}</dt><dd>{until}</dd>
        </dl>
        <form on:submit=submit>
            {passphrase_fields(ui, ui.t(w::PASSPHRASE), typed)}
            <p class="wrong" role="alert">{move || problem.get().map(|problem| ui.problem(&problem))}</p>
            <button class="primary big" disabled=move || busy.get() || !typed.agree()>
                {move || ui.t(if busy.get() { w::JOINING } else { w::JOIN })}
            </button>
        </form>
        <button type="button" class="quiet" on:click=move |_| another.set(true)>{ui.t(w::OTHER_CODE)}</button>
    }
    .show()
}
