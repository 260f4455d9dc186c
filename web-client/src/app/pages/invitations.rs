//! Invitations that were made on this device: the link, its QR code, and the code to type.

use crate::app::components::desk::wrong;
use crate::app::components::dialog::{Question, confirm};
use crate::app::components::qr::qr;
use crate::app::i18n::desk::joined;
use crate::app::i18n::{office as w, people};
use crate::app::markup::{AnyView, Show as _, view};
use crate::app::{Ui, shown, spawn, terms, when};
use crate::dom::window;
use crate::reactive::*;
use mingcha_core::command::Command;
use mingcha_core::problem::Problem;
use mingcha_core::view::{InvitationState, InvitationView, Query};
use wasm_bindgen_futures::JsFuture;

/// The list: those that can be used, then the others folded away.
pub fn invitations(ui: Ui) -> AnyView {
    let answer = ui.client.watch(Query::Invitations);
    let asking = RwSignal::new(false);
    let chosen = RwSignal::new(None::<[u8; 32]>);
    let problem = RwSignal::new(None::<Problem>);
    let withdraw = callback(move |invitation: [u8; 32]| {
        chosen.set(Some(invitation));
        asking.set(true);
    });
    let act = callback(move |()| {
        let Some(invitation) = chosen.get_untracked() else { return };
        ui.ask(Command::WithdrawInvitation { invitation }, move |result| {
            problem.try_set(result.err());
        });
    });
    let list = move || {
        answer.with(|answer| {
            let invitations = shown::invitations(answer)?;
            let (usable, past): (Vec<_>, Vec<_>) = invitations.iter().partition(|one| is_usable(one.state));
            let items = |all: Vec<&InvitationView>| -> Vec<AnyView> {
                all.into_iter().map(|one| item(ui, one, withdraw)).collect()
            };
            let past = (!past.is_empty()).then(|| {
                view! {
                    <details class="help">
                        <summary>{ui.t(people::PAST)}</summary>
                        <ul class="invitations">{items(past)}</ul>
                    </details>
                }
            });
            let heading = (!usable.is_empty()).then(|| {
                view! { <h2>{ui.t(w::INVITATIONS)}</h2><p class="hint">{ui.t(w::INVITATION_HELP)}</p> }
            });
            (!invitations.is_empty()).then(|| {
                view! {
                    <section>
                        {heading}
                        {wrong(ui, problem)}
                        <ul class="invitations">{items(usable)}</ul>
                        {past}
                    </section>
                }
            })
        })
    };
    let question = Question {
        title: ui.t(people::WITHDRAW_ASK),
        help: ui.t(people::WITHDRAW_HELP),
        action: ui.t(people::WITHDRAW),
    };
    view! { {list}{confirm(ui, asking, question, act)} }.show()
}

fn is_usable(state: InvitationState) -> bool {
    matches!(state, InvitationState::Open | InvitationState::Sending)
}

fn item(ui: Ui, invitation: &InvitationView, withdraw: Callback<[u8; 32]>) -> AnyView {
    let InvitationView { invitation: which, name, team, roles, code, expires, state } = invitation.clone();
    let (class, word) = match state {
        InvitationState::Sending => ("mark", w::SENDING),
        InvitationState::Open => ("mark held", w::OPEN),
        InvitationState::Used => ("mark read", w::USED),
        InvitationState::Expired => ("mark", w::EXPIRED),
        InvitationState::Withdrawn => ("mark", w::WITHDRAWN_INVITATION),
    };
    let ways = is_usable(state).then(|| ways(ui, &code));
    let roles: Vec<&str> = roles.into_iter().map(|role| terms::role(role, ui.language)).collect();
    let until = format!("{} {}", ui.t(w::VALID_UNTIL), when::moment(ui.language, expires));
    let about: Vec<String> =
        [joined(ui.language, &roles), team, until].into_iter().filter(|part| !part.is_empty()).collect();
    let label = format!("{} · {name}", ui.t(people::WITHDRAW));
    let take_back = (state == InvitationState::Open).then(|| {
        view! {
            <button type="button" class="quiet" aria-label=label on:click=move |_| withdraw.run(which)>
                {ui.t(people::WITHDRAW)}
            </button>
        }
    });
    view! {
        <li class="invitation">
            <h3>{name}</h3>
            <span class=class>{ui.t(word)}</span>
            <p class="hint">{about.join(" · ")}</p>
            {ways}
            {take_back}
        </li>
    }
    .show()
}

fn ways(ui: Ui, code: &str) -> AnyView {
    let address = window().location().origin().unwrap_or_default();
    let link = format!("{address}/#i={}", code.replace(char::is_whitespace, ""));
    let copied = RwSignal::new(false);
    let copy = {
        let link = link.clone();
        move |_| {
            let written = window().navigator().clipboard().write_text(&link);
            spawn(async move {
                if JsFuture::from(written).await.is_ok() {
                    copied.try_set(true);
                }
            });
        }
    };
    let said = move || ui.t(if copied.get() { w::COPIED } else { w::COPY });
    view! {
        <div class="ways">
            {qr(&link, ui.t(w::INVITATION_QR))}
            <dl>
                <dt>{ui.t(w::CODE)}</dt>
                <dd><code class="big-code">{code.to_owned()}</code></dd>
                <dt>{ui.t(w::LINK)}</dt>
                <dd><code class="link-text">{link}</code></dd>
            </dl>
            <button type="button" on:click=copy>{said}</button>
        </div>
    }
    .show()
}
